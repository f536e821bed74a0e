//! Nothing read yet, nothing there, failed, old, and in part.

use cutover::app::msg::{Data, Msg};
use cutover::app::query::Query;
use cutover::app::update::{settle, update};
use cutover::domain::cluster::Cluster;
use cutover::domain::failure::FailureKind;
use insta::assert_snapshot;

use crate::fixture::{
    HERE, before, end, end_at, failure, fetch, go, nothing_read, press, signed_in,
};
use crate::paint::text;
use crate::world::{answered, cluster, evening, service_arn};

#[test]
fn before_any_answer() {
    assert_snapshot!(text(&nothing_read(), 80, 24));
}

#[test]
fn nothing_in_the_account() {
    let mut model = signed_in();
    fetch(&mut model, Data::ClusterArns(Vec::new()));
    answered(&mut model);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn no_services_in_a_cluster() {
    let mut model = signed_in();
    fetch(&mut model, Data::ClusterArns(vec![cluster("staging")]));
    go(&mut model, "clusters");
    press(&mut model, &["enter"]);
    answered(&mut model);
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn the_first_call_fails() {
    let mut model = nothing_read();
    let expired = failure(
        "ecs:ListClusters",
        FailureKind::ExpiredCredentials,
        "The security token included in the request is expired",
    );
    end(&mut model, Query::Clusters, Err(expired.clone()));
    end(&mut model, Query::Identity, Err(expired));
    assert_snapshot!(text(&model, 80, 24));
}

#[test]
fn old_data_stays_and_says_so() {
    let mut model = evening();
    let throttled = failure(
        "ecs:DescribeServices",
        FailureKind::Throttled,
        "Rate exceeded",
    );
    let watched: Vec<Query> = model.contexts[0]
        .queries
        .keys()
        .filter(|query| matches!(query, Query::Watch { .. }))
        .cloned()
        .collect();
    for query in watched {
        end_at(&mut model, query, before(-30), Err(throttled.clone()));
    }
    update(&mut model, before(-39), Msg::Tick);
    let slowed = Msg::Metered {
        context: HERE,
        calls_per_minute: 7,
        slowed: true,
    };
    update(&mut model, before(-39), slowed);
    settle(&mut model);
    assert_snapshot!(text(&model, 120, 12));
}

/// A large account, a third of it read.
fn filling() -> cutover::app::model::Model {
    let mut model = signed_in();
    let names: Vec<String> = (0..40).map(|n| format!("cluster-{n:02}")).collect();
    let arns = names.iter().map(|name| cluster(name)).collect();
    fetch(&mut model, Data::ClusterArns(arns));
    let counts = names.iter().map(|name| Cluster {
        arn: cluster(name),
        status: "ACTIVE".into(),
        active_services: 50,
        running_tasks: 200,
        pending_tasks: 0,
        container_instances: 0,
    });
    fetch(&mut model, Data::Clusters(counts.collect()));
    end(&mut model, Query::Clusters, Ok(()));
    for name in names.iter().take(13) {
        let services = (0..50).map(|n| service_arn(name, &format!("service-{n:02}")));
        fetch(
            &mut model,
            Data::ServiceArns {
                cluster: cluster(name),
                services: services.collect(),
            },
        );
    }
    model
}

#[test]
fn a_long_list_says_how_far_it_is() {
    let mut model = filling();
    go(&mut model, "services");
    assert_snapshot!(text(&model, 120, 16));
}

#[test]
fn the_board_of_a_large_account_while_it_is_read() {
    assert_snapshot!(text(&filling(), 120, 16));
}

#[test]
fn a_part_that_cannot_be_read_is_told() {
    let mut model = evening();
    let denied = failure(
        "ecs:ListServices",
        FailureKind::AccessDenied,
        "not authorized",
    );
    model.contexts[0]
        .queries
        .remove(&Query::Services(cluster("batch")));
    end(&mut model, Query::Services(cluster("batch")), Err(denied));
    assert_snapshot!(text(&model, 120, 12));
}

#[test]
fn a_filter_that_nothing_passes() {
    let mut model = evening();
    press(&mut model, &["/"]);
    for c in "kangaroo".chars() {
        press(&mut model, &[&c.to_string()]);
    }
    press(&mut model, &["enter"]);
    assert_snapshot!(text(&model, 80, 16));
}

#[test]
fn a_demo_is_marked() {
    let mut model = evening();
    model.contexts[0].context.demo = true;
    let header = text(&model, 120, 24);
    assert!(header.lines().next().unwrap().contains("DEMO"));
}
