//! The traffic of task sets that somebody outside moves: from their target groups to the rules.

use cutover::domain::arn::TargetGroupArn;
use cutover::domain::release::{Sources, current_of};
use cutover::domain::traffic::Traffic;

use crate::cockpit_on_simulator::{advance, all_services, scenario};
use crate::raw::steer;

/// The target groups of the only service's task sets.
async fn groups(aws: &cutover::aws::Aws) -> Vec<TargetGroupArn> {
    let service = all_services(aws).await.remove(0);
    let sets = service.task_sets.into_iter();
    sets.filter_map(|set| set.target_group).collect()
}

#[tokio::test]
async fn target_groups_lead_to_the_rules_that_send_them_requests() {
    let (server, aws) = scenario("external").await;
    let groups = groups(&aws).await;
    assert_eq!(groups.len(), 2);
    let found = aws.routes_behind(&groups).await;
    assert_eq!(found.unread, None);
    let routes = found.traffic.behind[&groups[0]].clone();
    assert_eq!(routes.len(), 2, "production and tests");
    assert_eq!(found.traffic.behind[&groups[1]], routes);
    let read = aws.traffic(&routes, &[], &[]).await;
    let production = &read.traffic.weights[&routes[0]];
    assert_eq!(production.percent(&groups[0]), Some(50.0), "port 80 first");
    let traffic = Traffic {
        behind: found.traffic.behind,
        ..read.traffic
    };
    let service = all_services(&aws).await.remove(0);
    let release = current_of(&Sources {
        traffic: &traffic,
        ..Sources::of(&service, &[])
    });
    let release = release.unwrap();
    let real = |side: Option<&cutover::domain::release::Side>| side.unwrap().production_real;
    assert_eq!(real(release.old.as_ref()), Some(50.0));
    assert_eq!(real(release.new.as_ref()), Some(50.0));
    assert_eq!(release.new.unwrap().production_percent, None);
    server.shutdown().await;
}

#[tokio::test]
async fn what_was_found_is_kept_and_a_target_group_that_is_gone_has_no_rules() {
    let (server, aws) = scenario("external").await;
    let mut groups = groups(&aws).await;
    let gone =
        "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/gone/0123456789abcdef";
    groups.push(TargetGroupArn::new(gone));
    let count = async || {
        let calls = steer(&server, "GET", "/_sim/calls", "").await;
        calls["operations"]["elasticloadbalancing.DescribeListeners"]["200"].clone()
    };
    let first = aws.routes_behind(&groups).await;
    assert_eq!(first.unread, None);
    assert!(first.traffic.behind[&groups[2]].is_empty());
    assert_eq!(count().await, 1);
    advance(&server, 60).await;
    let again = aws.routes_behind(&groups).await;
    assert_eq!(again.traffic, first.traffic);
    assert_eq!(count().await, 1);
    // A rule that is gone says that they have changed.
    let rule = format!("{}0", first.traffic.behind[&groups[0]][0]);
    let read = aws.traffic(std::slice::from_ref(&rule), &[], &[]).await;
    assert_eq!(read.gone, [rule]);
    aws.routes_behind(&groups).await;
    assert_eq!(count().await, 2);
    server.shutdown().await;
}

#[tokio::test]
async fn what_may_not_be_read_is_told() {
    let (server, aws) = scenario("external").await;
    let groups = groups(&aws).await;
    let denied = r#"[{"operation":"elasticloadbalancing.DescribeTargetGroups","kind":"error",
        "code":"AccessDenied","message":"no"}]"#;
    steer(&server, "POST", "/_sim/faults", denied).await;
    let found = aws.routes_behind(&groups).await;
    let failure = found.unread.unwrap();
    assert_eq!(failure.call, "elasticloadbalancing:DescribeTargetGroups");
    assert!(found.traffic.behind.is_empty());
    server.shutdown().await;
}
