//! What each screen asks, how often, and what that costs.

use std::time::Duration;

use super::*;
use crate::app::feed::log_feed;
use crate::app::fixture::*;
use crate::app::msg::Data;
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::fixture::*;
use crate::domain::service_deployment::ServiceDeploymentStatus as Record;
use crate::domain::task_definition::LogDestination;

/// The kinds of questions, each once.
fn kinds(model: &Model) -> Vec<&'static str> {
    let mut kinds: Vec<&str> = subscriptions(model)
        .iter()
        .map(|wanted| match wanted.query {
            Query::Identity => "identity",
            Query::Clusters => "clusters",
            Query::Services(_) => "services",
            Query::Watch { .. } => "watch",
            Query::ServiceDeployments { .. } => "records",
            Query::Tasks { stopped: false, .. } => "tasks",
            Query::Tasks { stopped: true, .. } => "stopped tasks",
            Query::Task { .. } => "task",
            Query::TaskDefinition(_) => "definition",
            Query::Families => "families",
            Query::Revisions(_) => "revisions",
            Query::CodeDeployments { .. } => "codedeploy",
            Query::CodeDeployHistory { .. } => "codedeploy history",
            Query::Applications => "applications",
            Query::Groups(_) => "groups",
            Query::GroupDeployments(_) => "group deployments",
            Query::Pipelines => "pipelines",
            Query::PipelineState(_) => "pipeline state",
            Query::PipelineStructure(_) => "pipeline structure",
            Query::PipelineExecutions(_) => "executions",
            Query::ParallelExecutions(_) => "parallel executions",
            Query::ActionExecutions { .. } => "action executions",
            Query::Traffic { .. } => "traffic",
            Query::Alarms(_) => "alarms",
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn pace(model: &Model, is: impl Fn(&Query) -> bool) -> u64 {
    let wanted = subscriptions(model);
    asked(&wanted, is).unwrap().pace.as_secs()
}

fn stamp_of(model: &Model, is: impl Fn(&Query) -> bool) -> u64 {
    let wanted = subscriptions(model);
    asked(&wanted, is).unwrap().stamp
}

/// Services in clusters, all told apart by their names.
pub(crate) fn fleet(
    services: usize,
    clusters: usize,
    deployment: &crate::domain::service::Deployment,
) -> Model {
    let mut model = empty();
    tell(&mut model, OPENED, Data::Identity(identity()));
    let names: Vec<String> = (0..clusters)
        .map(|number| format!("c{number:02}"))
        .collect();
    let counts = names.iter().map(|name| counted(name, 10)).collect();
    tell(&mut model, OPENED, Data::Clusters(counts));
    let all: Vec<Service> = (0..services)
        .map(|number| {
            let name = &names[number % clusters];
            let arn = format!("arn:aws:ecs:eu-west-1:123456789012:service/{name}/s{number:04}");
            Service {
                arn: ServiceArn::new(arn),
                cluster: cluster(name),
                ..service(vec![deployment.clone()])
            }
        })
        .collect();
    read(&mut model, OPENED, all);
    model
}

/// Calls a minute that the subscriptions cost while nothing changes.
fn calls_per_minute(model: &Model) -> f64 {
    let store = store(model);
    let in_cluster = |cluster: &ClusterArn| {
        let all = store.cluster_of.values();
        all.filter(|of| *of == cluster).count()
    };
    subscriptions(model)
        .iter()
        .map(|wanted| {
            let calls = match &wanted.query {
                Query::Clusters => 2 * store.clusters.len().div_ceil(100),
                Query::Services(cluster) => {
                    let services = in_cluster(cluster);
                    services.div_ceil(100) + services.div_ceil(10)
                }
                Query::Watch { services, .. } => services.len().div_ceil(10),
                Query::ServiceDeployments { .. } | Query::Tasks { .. } => 2,
                _ => 1,
            };
            f64::from(u32::try_from(calls).unwrap()) * 60.0 / wanted.pace.as_secs_f64()
        })
        .sum()
}

/// What waits in pipelines is looked for on every screen.
fn and_pipelines(kinds: &[&'static str]) -> Vec<&'static str> {
    let mut all = [kinds, &["pipelines"]].concat();
    all.sort_unstable();
    all
}

#[test]
fn each_screen_asks_what_it_shows_and_nothing_else() {
    let cases = [
        (
            "",
            vec!["clusters", "identity", "records", "services", "watch"],
        ),
        (
            ": svc",
            vec!["clusters", "identity", "records", "services", "watch"],
        ),
        (": cl", vec!["clusters", "identity"]),
        (": td", vec!["families", "identity"]),
        (": errors", vec!["clusters", "identity"]),
        (": help", vec!["clusters", "identity"]),
        (
            "> enter",
            vec![
                "definition",
                "identity",
                "records",
                "stopped tasks",
                "tasks",
                "watch",
            ],
        ),
        ("> p", vec!["identity", "records", "watch"]),
        ("> T", vec!["identity", "tasks"]),
        ("> T x", vec!["identity", "stopped tasks"]),
        ("> d", vec!["identity", "records", "watch"]),
        ("> t", vec!["identity", "revisions"]),
        (
            "> l",
            vec!["identity", "records", "stopped tasks", "tasks", "watch"],
        ),
    ];
    for (keys, expected) in cases {
        let mut model = watching();
        if let Some(name) = keys.strip_prefix(": ") {
            press(&mut model, ":");
            type_text(&mut model, name);
            press(&mut model, "enter");
        } else if let Some(keys) = keys.strip_prefix("> ") {
            press(&mut model, keys);
        }
        assert_eq!(kinds(&model), and_pipelines(&expected), "{keys}");
        press(&mut model, "esc");
        let home = and_pipelines(&["clusters", "identity", "records", "services", "watch"]);
        assert_eq!(kinds(&model), home, "after leaving {keys}");
    }
}

#[test]
fn no_question_is_asked_twice_and_the_faster_pace_wins() {
    let mut model = watching();
    press(&mut model, "enter");
    let wanted = subscriptions(&model);
    let mut queries: Vec<&Query> = wanted.iter().map(|one| &one.query).collect();
    let count = queries.len();
    queries.sort();
    queries.dedup();
    assert_eq!(queries.len(), count);
    let mut merged = Wanted::default();
    for pace in [10, 2, 60] {
        merged.add(Subscription {
            context: HERE,
            query: Query::Clusters,
            pace: Duration::from_secs(pace),
            stamp: 0,
        });
    }
    assert_eq!(merged.list.len(), 1);
    assert_eq!(merged.list[0].pace, Duration::from_secs(2));
}

#[test]
fn what_is_in_flight_is_asked_fast_and_what_is_not_slowly() {
    let mut model = watching();
    let watch = |query: &Query| matches!(query, Query::Watch { .. });
    assert_eq!(pace(&model, watch), 2);
    press(&mut model, "enter");
    assert_eq!(pace(&model, watch), 2);
    read(
        &mut model,
        OPENED + 1,
        vec![service(vec![deployment(2, 2)])],
    );
    records(
        &mut model,
        OPENED + 1,
        vec![record("b", Record::Successful, 1, 2, 1_000)],
    );
    assert_eq!(pace(&model, watch), 10);
    model.preferences.refresh = Duration::from_secs(30);
    assert_eq!(pace(&model, watch), 30, "never faster than one asked for");
    press(&mut model, "esc");
    assert!(asked(&subscriptions(&model), watch).is_none());
}

#[test]
fn a_record_in_flight_keeps_its_service_watched() {
    let mut model = cockpit(vec![service(vec![deployment(2, 2)])]);
    let watch = |query: &Query| matches!(query, Query::Watch { .. });
    assert!(asked(&subscriptions(&model), watch).is_none());
    records(
        &mut model,
        OPENED,
        vec![record("b", Record::InProgress, 1, 2, 1_000)],
    );
    assert_eq!(pace(&model, watch), 2);
}

#[test]
fn counts_that_change_have_the_cluster_read_again_at_once() {
    let mut model = watching();
    let sweep = |query: &Query| matches!(query, Query::Services(_));
    let before = stamp_of(&model, sweep);
    say(&mut model, OPENED + 1, crate::app::msg::Msg::Tick);
    tell(
        &mut model,
        OPENED + 1,
        Data::Clusters(vec![counted("prod", 4)]),
    );
    assert_eq!(stamp_of(&model, sweep), before, "nothing changed");
    tell(
        &mut model,
        OPENED + 2,
        Data::Clusters(vec![counted("prod", 5)]),
    );
    assert_ne!(stamp_of(&model, sweep), before);
}

#[test]
fn a_release_that_changes_has_its_record_and_its_stopped_tasks_read_again_at_once() {
    let mut model = watching();
    let history = |query: &Query| matches!(query, Query::ServiceDeployments { service, .. } if service.name() == "web");
    let dead = |query: &Query| matches!(query, Query::Tasks { stopped: true, .. });
    assert!(
        asked(&subscriptions(&model), dead).is_none(),
        "nothing has failed"
    );
    let before = stamp_of(&model, history);
    let mut failing = moving(2, 2);
    failing.failed = 1;
    read(
        &mut model,
        OPENED + 1,
        vec![service(vec![failing.clone(), active(1, 1)])],
    );
    let (first, tasks) = (stamp_of(&model, history), stamp_of(&model, dead));
    assert_ne!(first, before);
    failing.failed = 2;
    read(
        &mut model,
        OPENED + 2,
        vec![service(vec![failing, active(1, 1)])],
    );
    assert_ne!(stamp_of(&model, history), first);
    assert_ne!(stamp_of(&model, dead), tasks);
    read(
        &mut model,
        OPENED + 3,
        vec![service(vec![deployment(2, 2)])],
    );
    let ended = stamp_of(&model, history);
    read(
        &mut model,
        OPENED + 4,
        vec![service(vec![deployment(3, 2)])],
    );
    assert_ne!(stamp_of(&model, history), ended);
}

#[test]
fn two_thousand_services_at_rest_cost_fewer_than_sixty_calls_a_minute() {
    let mut old = deployment(1, 1);
    old.created_at = Some(at(OPENED - 2 * RECENT_SECONDS));
    for (services, clusters) in [(2_000, 40), (2_000, 1), (2_000, 400), (40, 40), (1, 1)] {
        for newest in [&old, &deployment(1, 1)] {
            let mut model = fleet(services, clusters, newest);
            for screen in ["rel", "svc", "cl"] {
                press(&mut model, ":");
                type_text(&mut model, screen);
                press(&mut model, "enter");
                let calls = calls_per_minute(&model);
                assert!(
                    calls < 60.0,
                    "{services} in {clusters} on {screen}: {calls}"
                );
            }
            press(&mut model, "enter");
            let calls = calls_per_minute(&model);
            assert!(
                calls < 60.0,
                "{services} in {clusters}, one cluster: {calls}"
            );
        }
    }
}

#[test]
fn many_releases_at_once_slow_down_but_stay_watched() {
    let model = fleet(500, 40, &moving(1, 1));
    let watch = |query: &Query| matches!(query, Query::Watch { .. });
    assert_eq!(pace(&model, watch), 20);
    let calls = calls_per_minute(&model);
    assert!(calls < 600.0, "{calls}");
}

#[test]
fn clusters_that_are_not_shown_are_not_swept() {
    let mut model = fleet(40, 4, &moving(1, 1));
    model.preferences.cluster = Some("c01".into());
    let wanted = subscriptions(&model);
    let elsewhere = |query: &Query| match query {
        Query::Services(cluster) | Query::Watch { cluster, .. } => cluster.name() != "c01",
        _ => false,
    };
    assert!(asked(&wanted, elsewhere).is_none());
    assert!(asked(&wanted, |query| matches!(query, Query::Watch { .. })).is_some());
}

#[test]
fn an_older_release_has_its_own_task_definitions_read() {
    let mut model = watching();
    press(&mut model, "p down enter");
    let wanted = subscriptions(&model);
    let read = |arn: TaskDefinitionArn| {
        asked(&wanted, move |query| {
            *query == Query::TaskDefinition(arn.clone())
        })
        .is_some()
    };
    assert!(read(web(0)) && read(web(1)) && read(web(2)));
}

#[test]
fn revisions_around_the_cursor_are_looked_up_once() {
    let mut model = cockpit(vec![quiet("web")]);
    press(&mut model, ": s v c enter t");
    let revisions = Data::Revisions {
        family: "web".into(),
        revisions: (1..=500).rev().map(web).collect(),
    };
    tell(&mut model, OPENED, revisions);
    let looked_up = |model: &Model| {
        let wanted = subscriptions(model);
        let all = wanted.into_iter().filter_map(|one| match one.query {
            Query::TaskDefinition(arn) => Some(arn),
            _ => None,
        });
        all.collect::<Vec<_>>()
    };
    let first = looked_up(&model);
    assert_eq!(first.len(), 30, "about a screen of them");
    for arn in &first {
        let known = definition(arn.revision().unwrap(), "ACTIVE");
        tell(&mut model, OPENED, Data::TaskDefinition(Box::new(known)));
    }
    assert_eq!(looked_up(&model), []);
    press(&mut model, "end");
    assert!(looked_up(&model).contains(&web(1)));
}

#[test]
fn log_streams_stay_the_same_when_a_task_stops_or_lists_come_in_another_order() {
    let mut model = cockpit(vec![quiet("web")]);
    press(&mut model, ": s v c enter l");
    tell(
        &mut model,
        OPENED,
        Data::TaskDefinition(Box::new(definition(2, "ACTIVE"))),
    );
    let told = |model: &mut Model, asked: i64, stopped: bool, tasks| {
        let data = Data::Tasks {
            cluster: cluster("prod"),
            service: Some(service_arn("web")),
            stopped,
            tasks,
        };
        tell(model, asked, data);
    };
    let query = |model: &Model| log_feed(model).unwrap().streams;
    told(&mut model, OPENED, false, vec![running("b"), running("a")]);
    let first = query(&model);
    told(
        &mut model,
        OPENED + 1,
        false,
        vec![running("a"), running("b")],
    );
    assert_eq!(query(&model), first);
    let mut dead = stopped("a", "", container(None, None));
    dead.stopped_at = Some(at(OPENED));
    told(&mut model, OPENED + 2, true, vec![dead.clone()]);
    assert_eq!(query(&model), first, "it is in both lists for a moment");
    told(&mut model, OPENED + 3, false, vec![running("b")]);
    assert_eq!(query(&model), first);
    // What stopped long before the screen opened has no line to read.
    let mut ancient = stopped("old", "", container(None, None));
    ancient.stopped_at = Some(at(OPENED - 3_600));
    told(&mut model, OPENED + 4, true, vec![dead, ancient]);
    assert_eq!(query(&model), first);
    // Without a stream there is nothing to ask.
    let mut silent = definition(2, "ACTIVE");
    silent.containers[0].logs = LogDestination::None;
    tell(
        &mut model,
        OPENED + 5,
        Data::TaskDefinition(Box::new(silent)),
    );
    assert_eq!(query(&model), []);
}
