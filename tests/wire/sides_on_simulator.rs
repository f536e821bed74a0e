//! The sides of releases on the simulated AWS: hooks, weights, targets and alarms agree.

use cutover::aws::Aws;
use cutover::domain::alarm::AlarmState;
use cutover::domain::lifecycle::{HookAction, HookKind, HookStatus};
use cutover::domain::service::Strategy;
use cutover::domain::service_deployment::ServiceDeployment;
use cutover::domain::traffic::Traffic;

use crate::cockpit_on_simulator::{advance, all_services, scenario};

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
