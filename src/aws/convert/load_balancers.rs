//! Weights of rules and listeners, health of targets.

use aws_sdk_elasticloadbalancingv2::types::{
    Action, ForwardActionConfig, Listener, Rule, TargetHealth as SdkHealth,
    TargetHealthDescription, TargetHealthStateEnum,
};

use super::count;
use crate::domain::arn::TargetGroupArn;
use crate::domain::traffic::{RouteArn, TargetHealth, Weights};

/// The weights of a rule, by its ARN.
pub(in crate::aws) fn rule_weights(source: &Rule) -> Option<(RouteArn, Weights)> {
    Some((source.rule_arn()?.to_owned(), weights(source.actions())))
}

/// The weights of a listener's default action, by the listener's ARN.
pub(in crate::aws) fn listener_weights(source: &Listener) -> Option<(RouteArn, Weights)> {
    let arn = source.listener_arn()?.to_owned();
    Some((arn, weights(source.default_actions())))
}

/// What the forwarding action sends where; nothing for a rule that does not forward. A target group
/// without a weight counts as 1, which is what AWS takes.
fn weights(actions: &[Action]) -> Weights {
    let forwarding = actions.iter().find_map(|action| {
        let several = action
            .forward_config()
            .map_or(&[][..], ForwardActionConfig::target_groups);
        let several: Vec<_> = several
            .iter()
            .filter_map(|group| {
                let arn = TargetGroupArn::new(group.target_group_arn()?);
                Some((arn, group.weight().map_or(1, count)))
            })
            .collect();
        let single = || Some(vec![(TargetGroupArn::new(action.target_group_arn()?), 1)]);
        if several.is_empty() {
            single()
        } else {
            Some(several)
        }
    });
    Weights(forwarding.unwrap_or_default())
}

/// Counts targets by the state of their health checks.
pub(in crate::aws) fn target_health(sources: &[TargetHealthDescription]) -> TargetHealth {
    let mut health = TargetHealth::default();
    for source in sources {
        let state = source.target_health().and_then(SdkHealth::state);
        let counter = match state.map(TargetHealthStateEnum::as_str) {
            Some("healthy") => &mut health.healthy,
            Some("unhealthy") => &mut health.unhealthy,
            Some("initial") => &mut health.initial,
            Some("draining" | "unhealthy.draining") => &mut health.draining,
            _ => &mut health.other,
        };
        *counter += 1;
    }
    health
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_elasticloadbalancingv2::types::{ActionTypeEnum, TargetGroupTuple};

    fn group(arn: &str, weight: Option<i32>) -> TargetGroupTuple {
        TargetGroupTuple::builder()
            .target_group_arn(arn)
            .set_weight(weight)
            .build()
    }

    fn forward(groups: Vec<TargetGroupTuple>) -> Action {
        Action::builder()
            .r#type(ActionTypeEnum::Forward)
            .forward_config(
                ForwardActionConfig::builder()
                    .set_target_groups(Some(groups))
                    .build(),
            )
            .build()
    }

    #[test]
    fn a_rule_tells_its_weights() {
        let login = Action::builder()
            .r#type(ActionTypeEnum::AuthenticateCognito)
            .build();
        let groups = vec![group("blue", Some(95)), group("green", Some(5))];
        let rule = Rule::builder()
            .rule_arn("rule")
            .actions(login)
            .actions(forward(groups))
            .build();
        let (arn, weights) = rule_weights(&rule).unwrap();
        assert_eq!(arn, "rule");
        assert_eq!(weights.percent(&TargetGroupArn::new("green")), Some(5.0));
    }

    #[test]
    fn one_target_group_gets_everything_with_or_without_a_weight() {
        let blue = TargetGroupArn::new("blue");
        let single = Action::builder()
            .r#type(ActionTypeEnum::Forward)
            .target_group_arn("blue")
            .build();
        for action in [single, forward(vec![group("blue", None)])] {
            assert_eq!(weights(&[action]).percent(&blue), Some(100.0));
        }
    }

    #[test]
    fn what_does_not_forward_has_no_weights() {
        let fixed = Action::builder()
            .r#type(ActionTypeEnum::FixedResponse)
            .build();
        let listener = Listener::builder()
            .listener_arn("listener")
            .default_actions(fixed)
            .build();
        assert_eq!(listener_weights(&listener).unwrap().1, Weights::default());
        assert_eq!(rule_weights(&Rule::builder().build()), None);
    }

    #[test]
    fn every_state_of_a_target_is_counted() {
        let target = |name: &str| {
            let state = SdkHealth::builder()
                .state(TargetHealthStateEnum::from(name))
                .build();
            TargetHealthDescription::builder()
                .target_health(state)
                .build()
        };
        let all: Vec<_> = TargetHealthStateEnum::values()
            .iter()
            .copied()
            .chain(["levitating"])
            .map(target)
            .collect();
        let expected = TargetHealth {
            healthy: 1,
            unhealthy: 1,
            initial: 1,
            draining: 2,
            other: 3,
        };
        assert_eq!(target_health(&all), expected);
    }
}
