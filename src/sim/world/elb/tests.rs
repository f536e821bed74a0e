use super::*;
use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;
use crate::sim::world::arn::Place;

fn stand(elb: &mut Elb, name: &str) -> Stand {
    let place = Place::new("123456789012", "eu-west-1");
    elb.stand(&place, &mut Rng::new(1), name, SimTime(0))
}

#[test]
fn a_stand_has_all_its_parts_and_its_traffic_on_blue() {
    let mut elb = Elb::default();
    let stand = stand(&mut elb, "web");
    assert!(elb.load_balancers.contains_key(&stand.load_balancer));
    for (listener, rule) in [
        (&stand.production_listener, &stand.production_rule),
        (&stand.test_listener, &stand.test_rule),
    ] {
        assert_eq!(elb.listeners[listener].load_balancer, stand.load_balancer);
        assert_eq!(elb.rules[rule].listener, *listener);
        let expected = [(stand.blue.clone(), 100), (stand.green.clone(), 0)];
        assert_eq!(elb.weights(rule), Some(&expected[..]));
        assert_eq!(elb.weights(listener), None, "its default is a plain 404");
    }
    assert_eq!(elb.target_group(&stand.green).unwrap().name, "web-green");
    assert_eq!(elb.target_group_named("web-blue").unwrap().arn, stand.blue);
    assert_eq!(stand.other(&stand.blue), stand.green);
    assert_eq!(elb.stand_of(&stand.green), Some(&stand));
}

#[test]
fn arns_have_the_forms_of_elastic_load_balancing() {
    let mut elb = Elb::default();
    let stand = stand(&mut elb, "web");
    let home = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:";
    for (arn, start, slashes) in [
        (&stand.load_balancer, "loadbalancer/app/web/", 3),
        (&stand.production_listener, "listener/app/web/", 4),
        (&stand.test_rule, "listener-rule/app/web/", 5),
        (&stand.blue, "targetgroup/web-blue/", 2),
    ] {
        let rest = arn.strip_prefix(home).unwrap();
        assert!(rest.starts_with(start), "{arn}");
        assert_eq!(rest.matches('/').count(), slashes, "{arn}");
    }
}

#[test]
fn names_fit_even_when_those_of_services_do_not() {
    let mut elb = Elb::default();
    let stand = stand(&mut elb, "a_service_with_a_very_long_name_and_underscores");
    for name in [
        &elb.target_groups[&stand.blue].name,
        &elb.target_groups[&stand.green].name,
        &elb.load_balancers[&stand.load_balancer].name,
    ] {
        assert!(name.len() <= 32, "{name}");
        assert!(
            name.chars()
                .all(|one| one.is_ascii_alphanumeric() || one == '-')
        );
    }
}

#[test]
fn weights_change_where_there_is_something_to_forward() {
    let mut elb = Elb::default();
    let stand = stand(&mut elb, "web");
    let weights = [(stand.blue.clone(), 90), (stand.green.clone(), 10)];
    assert!(elb.set_weights(&stand.production_rule, &weights));
    assert_eq!(elb.weights(&stand.production_rule), Some(&weights[..]));
    assert_eq!(elb.weights(&stand.test_rule).unwrap()[0].1, 100);
    assert!(!elb.set_weights(&stand.production_listener, &weights));
    assert!(!elb.set_weights("arn:of:nothing", &weights));
    assert_eq!(elb.rules_to(&stand.green).len(), 2);
}

#[test]
fn targets_come_change_and_go() {
    let mut elb = Elb::default();
    let stand = stand(&mut elb, "web");
    elb.set_target(&stand.blue, "10.0.0.4", 8080, TargetState::Initial);
    elb.set_target(&stand.blue, "10.0.0.5", 8080, TargetState::Initial);
    elb.set_target(&stand.blue, "10.0.0.4", 8080, TargetState::Healthy);
    elb.set_target("arn:of:nothing", "10.0.0.4", 8080, TargetState::Healthy);
    let group = elb.target_group(&stand.blue).unwrap();
    assert_eq!(group.count(TargetState::Healthy), 1);
    assert_eq!(group.count(TargetState::Initial), 1);
    elb.remove_target(&stand.blue, "10.0.0.4");
    let group = elb.target_group(&stand.blue).unwrap();
    assert_eq!(group.targets.len(), 1);
}
