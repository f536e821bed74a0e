//! The sides of releases on the simulated AWS: hooks, weights, targets and alarms agree.

use std::cmp::Reverse;

use cutover::aws::Aws;
use cutover::domain::alarm::AlarmState;
use cutover::domain::codedeploy::{CodeDeployStatus, CodeDeployment, ReadyWait, TrafficRouting};
use cutover::domain::lifecycle::{HookAction, HookKind, HookStatus};
use cutover::domain::service::{Controller, Service, Strategy};
use cutover::domain::service_deployment::ServiceDeployment;
use cutover::domain::traffic::Traffic;
use jiff::Timestamp;

use crate::cockpit_on_simulator::{advance, all_services, scenario};
use crate::raw::steer;

/// The record of the release in flight.
async fn in_flight(aws: &Aws) -> ServiceDeployment {
    let service = all_services(aws).await.remove(0);
    let records = aws
        .service_deployments(&service.cluster, &service.arn)
        .await
        .unwrap()
        .records;
    let mut open = records
        .into_iter()
        .filter(|record| !record.status.is_over());
    open.next().unwrap()
}

/// What the load balancer does with both sides of a release.
async fn traffic(aws: &Aws, record: &ServiceDeployment) -> Traffic {
    let sides = || record.target.iter().chain(&record.sources);
    let routes = sides().flat_map(|side| [&side.production_route, &side.test_route]);
    let mut routes: Vec<_> = routes.flatten().cloned().collect();
    routes.sort_unstable();
    routes.dedup();
    assert_eq!(routes.len(), 2, "one for production, one for tests");
    let groups: Vec<_> = sides()
        .filter_map(|side| side.target_group.clone())
        .collect();
    let read = aws.traffic(&routes, &groups, &[]).await;
    assert_eq!((read.unread, read.gone.len()), (None, 0));
    read.traffic
}

#[tokio::test]
async fn a_blue_green_release_waits_at_its_hook_with_test_traffic_on_the_new_side() {
    let (server, aws) = scenario("blue-green").await;
    advance(&server, 600).await;
    let record = in_flight(&aws).await;
    assert_eq!(record.strategy, Some(Strategy::BlueGreen));
    let settings = record.settings.as_ref().unwrap();
    assert_eq!(settings.bake_minutes, Some(3));
    assert_eq!(settings.alarms, ["web-5xx"]);
    assert_eq!(settings.hooks[0].kind, HookKind::Pause);
    assert_eq!(settings.hooks[0].stages, ["POST_TEST_TRAFFIC_SHIFT"]);
    let hook = &record.hooks[0];
    assert_eq!(hook.status, HookStatus::AwaitingAction);
    assert_eq!(hook.on_timeout, Some(HookAction::RollBack));
    assert!(hook.id.is_some() && hook.expires_at.is_some());
    let (new, old) = (record.target.as_ref().unwrap(), &record.sources[0]);
    let (green, blue) = (new.target_group.as_ref(), old.target_group.as_ref());
    let (green, blue) = (green.unwrap(), blue.unwrap());
    assert_ne!(green, blue, "each side has its own");
    let read = traffic(&aws, &record).await;
    let production = &read.weights[new.production_route.as_ref().unwrap()];
    assert_eq!(production.percent(green), Some(0.0));
    assert_eq!(production.percent(blue), Some(100.0));
    let tests = &read.weights[new.test_route.as_ref().unwrap()];
    assert_eq!(tests.percent(green), Some(100.0));
    assert_eq!(read.health[green].healthy, 4);
    assert_eq!(read.health[blue].healthy, 4);
    server.shutdown().await;
}

#[tokio::test]
async fn alarms_are_read_by_name_and_one_that_is_not_there_is_told() {
    let (server, aws) = scenario("blue-green").await;
    let names = ["web-5xx".to_owned(), "nobody".to_owned()];
    let read = aws.alarms(&names).await.unwrap();
    assert_eq!(read.items.len(), 1);
    assert_eq!(read.items[0].name, "web-5xx");
    assert_eq!(read.items[0].state, AlarmState::Ok);
    assert_eq!(read.missing[0].0, "nobody");
    server.shutdown().await;
}

#[tokio::test]
async fn the_weights_of_a_canary_are_those_that_were_asked_for() {
    let (server, aws) = scenario("canary").await;
    let mut moved = false;
    for _ in 0..40 {
        advance(&server, 30).await;
        let service = all_services(&aws).await.remove(0);
        if !service.is_moving() {
            break;
        }
        let record = in_flight(&aws).await;
        let new = record.target.as_ref().unwrap();
        let (Some(wanted), Some(group)) = (new.production_percent, &new.target_group) else {
            continue;
        };
        let read = traffic(&aws, &record).await;
        let real = &read.weights[new.production_route.as_ref().unwrap()];
        assert_eq!(real.percent(group), Some(wanted), "{record:?}");
        moved |= wanted > 0.0 && wanted < 100.0;
    }
    assert!(moved, "no part of the traffic was ever on the new side");
    server.shutdown().await;
}

/// The deployments that the task sets of the only service name, the newest first.
async fn deployed(aws: &Aws) -> (Service, Vec<CodeDeployment>) {
    let service = all_services(aws).await.remove(0);
    assert_eq!(service.controller, Controller::CodeDeploy);
    let mut ids: Vec<String> = service
        .task_sets
        .iter()
        .filter_map(|set| set.external_id.clone())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let mut read = aws.code_deployments(&ids).await.unwrap();
    assert_eq!((read.unread, read.missing.len()), (None, 0));
    read.items.sort_by_key(|one| Reverse(one.created_at));
    (service, read.items)
}

#[tokio::test]
async fn a_canary_of_codedeploy_is_told_with_its_sides_its_routing_and_its_alarms() {
    let (server, aws) = scenario("codedeploy").await;
    let mut moved = false;
    for _ in 0..60 {
        advance(&server, 15).await;
        let (service, deployments) = deployed(&aws).await;
        let newest = &deployments[0];
        if newest.status.is_over() {
            break;
        }
        let canary = TrafficRouting::Canary {
            percent: 10,
            minutes: 5,
        };
        assert_eq!(newest.routing, Some(canary));
        assert_eq!(newest.alarms, ["web-5xx"]);
        assert_eq!(newest.termination.as_ref().unwrap().minutes, 3);
        assert_eq!(newest.production_listeners.len(), 1);
        assert!(newest.task_definition.is_some(), "the AppSpec names it");
        let target = newest.target.as_ref().unwrap();
        assert_eq!(target.events.len(), 8);
        let green = target.task_sets.iter().find(|set| set.green);
        let Some((green, name)) = green.and_then(|set| Some((set, set.target_group.clone()?)))
        else {
            continue;
        };
        let names = [name.clone()];
        let read = aws.traffic(&newest.production_listeners, &[], &names).await;
        let group = &read.traffic.groups[&name];
        let real = read.traffic.weights[&newest.production_listeners[0]].percent(group);
        assert_eq!(real, green.traffic_percent, "{newest:?}");
        moved |= real.is_some_and(|share| share > 0.0 && share < 100.0);
        let of_ecs = service
            .task_sets
            .iter()
            .filter_map(|set| set.target_group.as_ref());
        assert!(of_ecs.into_iter().any(|arn| arn == group));
    }
    assert!(moved, "no part of the traffic was ever on the new side");
    let (_, deployments) = deployed(&aws).await;
    assert_eq!(deployments[0].status, CodeDeployStatus::Succeeded);
    let group = deployments[0].group.clone();
    let history = aws
        .code_deployment_history(&group, Timestamp::UNIX_EPOCH)
        .await
        .unwrap();
    assert_eq!(history.items.len(), 2);
    assert_eq!(history.items[0].id, deployments[0].id, "newest first");
    let applications = aws.applications().await.unwrap();
    assert_eq!(applications, std::slice::from_ref(&group.application));
    let groups = aws.deployment_groups(&group.application).await.unwrap();
    assert_eq!(groups[0].id, group);
    assert_eq!(groups[0].service.as_deref(), Some("web"));
    assert_eq!(groups[0].cluster.as_deref(), Some("demo"));
    let last = groups[0].last_successful.as_ref().unwrap();
    assert_eq!(last.id, deployments[0].id);
    let calls = steer(&server, "GET", "/_sim/calls", "").await;
    assert_eq!(calls["errors"], serde_json::json!({}));
    server.shutdown().await;
}

#[tokio::test]
async fn a_deployment_that_is_ready_tells_how_long_it_waits() {
    let (server, aws) = scenario("codedeploy-ready").await;
    advance(&server, 300).await;
    let (_, deployments) = deployed(&aws).await;
    assert_eq!(deployments[0].status, CodeDeployStatus::Ready);
    let wait = ReadyWait {
        continues: false,
        minutes: 15,
    };
    assert_eq!(deployments[0].ready, Some(wait));
    server.shutdown().await;
}

#[tokio::test]
async fn a_deployment_that_fails_names_the_one_that_rolls_it_back() {
    let (server, aws) = scenario("bad-codedeploy").await;
    advance(&server, 1).await;
    let (_, before) = deployed(&aws).await;
    let failing = before[0].id.clone();
    advance(&server, 1_200).await;
    let read = aws.code_deployments(&[failing]).await.unwrap();
    let failed = &read.items[0];
    assert_eq!(failed.status, CodeDeployStatus::Failed);
    let events = &failed.target.as_ref().unwrap().events;
    let culprit = events
        .iter()
        .find(|event| event.status == "Failed")
        .unwrap();
    assert_eq!(culprit.name, "AfterAllowTestTraffic");
    assert!(culprit.diagnostics.is_some());
    let back = failed.rolled_back_by.clone().unwrap();
    let read = aws.code_deployments(&[back]).await.unwrap();
    assert_eq!(read.items[0].rolls_back.as_ref(), Some(&failed.id));
    server.shutdown().await;
}
