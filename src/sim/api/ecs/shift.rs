//! The parts of a deployment configuration that only strategies which shift traffic have: what
//! ECS takes and refuses, and how it shows them.

use serde_json::{Map, Value, json};

use crate::sim::api::ApiError;
use crate::sim::world::shift::hook::{Hook, HookAction, HookStage, HookTarget};
use crate::sim::world::shift::percent::Percent;
use crate::sim::world::shift::{Portion, ShiftSettings, Strategy};

/// Minutes in a day: the longest bake time, and how long a hook waits unless it says otherwise.
const DAY: u32 = 1_440;
/// Minutes in 14 days: the longest that a hook can wait.
const FORTNIGHT: u32 = 20_160;
/// Minutes that both revisions run after the shift when nobody says how long.
const USUAL_BAKE: u32 = 5;

/// Changes `settings` as the structure `given` says; what it doesn't name stays.
pub fn apply(settings: &mut ShiftSettings, given: &Value) -> Result<(), ApiError> {
    if let Some(word) = given.get("strategy").and_then(Value::as_str) {
        let strategy = Strategy::parse(word).unwrap_or_default();
        if settings.strategy == Strategy::Rolling && strategy != Strategy::Rolling {
            settings.bake = USUAL_BAKE;
        }
        settings.strategy = strategy;
    }
    if let Some(minutes) = within(given, "bakeTimeInMinutes", 0, DAY)? {
        settings.bake = minutes;
    }
    for (name, strategy) in [
        ("linearConfiguration", Strategy::Linear),
        ("canaryConfiguration", Strategy::Canary),
    ] {
        if given.get(name).is_some() && settings.strategy != strategy {
            return Err(ApiError::invalid_parameter(format!(
                "{name} is only valid with the {} deployment strategy.",
                strategy.word()
            )));
        }
    }
    if let Some(linear) = given.get("linearConfiguration") {
        settings.linear = portion(linear, &LINEAR)?;
    }
    if let Some(canary) = given.get("canaryConfiguration") {
        settings.canary = portion(canary, &CANARY)?;
    }
    if let Some(hooks) = given.get("lifecycleHooks").and_then(Value::as_array) {
        settings.hooks = hooks.iter().map(hook).collect::<Result<_, _>>()?;
        if settings.strategy == Strategy::Rolling && !hooks.is_empty() {
            return Err(ApiError::invalid_parameter(
                "This simulator does not have lifecycleHooks with the ROLLING deployment strategy.",
            ));
        }
    }
    Ok(())
}

/// The names and bounds of a portion of traffic in the service model.
struct PortionShape {
    percent: &'static str,
    /// In tenths of a percent.
    low: u32,
    usual_percent: u32,
    bake: &'static str,
    usual_bake: u32,
}

const LINEAR: PortionShape = PortionShape {
    percent: "stepPercent",
    low: 30,
    usual_percent: 100,
    bake: "stepBakeTimeInMinutes",
    usual_bake: 6,
};

const CANARY: PortionShape = PortionShape {
    percent: "canaryPercent",
    low: 1,
    usual_percent: 50,
    bake: "canaryBakeTimeInMinutes",
    usual_bake: 10,
};

fn portion(given: &Value, shape: &PortionShape) -> Result<Portion, ApiError> {
    let low = Percent::tenths(shape.low);
    let percent = match given.get(shape.percent).and_then(Value::as_f64) {
        None => Percent::tenths(shape.usual_percent),
        Some(number) => Percent::from_number(number)
            .filter(|percent| *percent >= low)
            .ok_or_else(|| {
                ApiError::invalid_parameter(format!(
                    "{} must be a multiple of 0.1 between {:.1} and 100.0.",
                    shape.percent,
                    low.number()
                ))
            })?,
    };
    let bake = within(given, shape.bake, 0, DAY)?.unwrap_or(shape.usual_bake);
    Ok(Portion { percent, bake })
}

fn within(given: &Value, name: &str, low: u32, high: u32) -> Result<Option<u32>, ApiError> {
    let Some(number) = given.get(name).and_then(Value::as_i64) else {
        return Ok(None);
    };
    u32::try_from(number)
        .ok()
        .filter(|minutes| (low..=high).contains(minutes))
        .map(Some)
        .ok_or_else(|| {
            ApiError::invalid_parameter(format!("{name} must be between {low} and {high}."))
        })
}

fn hook(given: &Value) -> Result<Hook, ApiError> {
    let text = |name| given.get(name).and_then(Value::as_str);
    let stages: Vec<HookStage> = given
        .get("lifecycleStages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|word| HookStage::parse(word.as_str()?))
        .collect();
    if stages.is_empty() {
        return Err(ApiError::invalid_parameter(
            "lifecycleStages must be provided for a lifecycle hook.",
        ));
    }
    let target = match text("targetType") {
        Some("PAUSE") => pause(given, &stages)?,
        _ => lambda(text("hookTargetArn"), text("roleArn"))?,
    };
    let waits = given.get("timeoutConfiguration").unwrap_or(&Value::Null);
    let action = waits.get("action").and_then(Value::as_str);
    Ok(Hook {
        given: given.clone(),
        target,
        stages,
        timeout: within(waits, "timeoutInMinutes", 1, FORTNIGHT)?.unwrap_or(DAY),
        timeout_action: action
            .and_then(HookAction::parse)
            .unwrap_or(HookAction::Rollback),
    })
}

fn pause(given: &Value, stages: &[HookStage]) -> Result<HookTarget, ApiError> {
    if stages.iter().any(|stage| !stage.may_pause()) {
        return Err(ApiError::invalid_parameter(
            "Invalid lifecycle stage provided for Pause Hook",
        ));
    }
    if given.get("hookTargetArn").is_some() {
        return Err(ApiError::invalid_parameter(
            "hookTargetArn is not applicable for PAUSE hooks.",
        ));
    }
    Ok(HookTarget::Pause)
}

fn lambda(arn: Option<&str>, role: Option<&str>) -> Result<HookTarget, ApiError> {
    let arn = arn.ok_or_else(|| {
        ApiError::invalid_parameter("hookTargetArn must be provided for a Lambda lifecycle hook.")
    })?;
    if !(arn.starts_with("arn:") && arn.contains(":lambda:") && arn.contains(":function:")) {
        return Err(ApiError::invalid_parameter(format!(
            "hookTargetArn has an invalid ARN format. Must be the ARN of a Lambda function. Got: \
             {arn}"
        )));
    }
    if role.is_none() {
        return Err(ApiError::invalid_parameter(
            "roleArn must be provided for a Lambda lifecycle hook.",
        ));
    }
    Ok(HookTarget::Lambda(arn.to_owned()))
}

/// Adds the settings to `shown` as ECS shows them.
pub fn show(settings: &ShiftSettings, shown: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
    put("strategy", json!(settings.strategy.word()));
    put("bakeTimeInMinutes", json!(settings.bake));
    if settings.strategy == Strategy::Rolling {
        return;
    }
    let hooks: Vec<&Value> = settings.hooks.iter().map(|hook| &hook.given).collect();
    put("lifecycleHooks", json!(hooks));
    match settings.strategy {
        Strategy::Linear => put(
            "linearConfiguration",
            show_portion(settings.linear, &LINEAR),
        ),
        Strategy::Canary => put(
            "canaryConfiguration",
            show_portion(settings.canary, &CANARY),
        ),
        Strategy::Rolling | Strategy::BlueGreen => None,
    };
}

fn show_portion(portion: Portion, shape: &PortionShape) -> Value {
    json!({shape.percent: portion.percent.number(), shape.bake: portion.bake})
}

/// The rules that tie the load balancers of a service to its strategy, as the guide's page on
/// troubleshooting blue/green deployments words them.
pub fn check_load_balancers(
    members: &Map<String, Value>,
    strategy: Strategy,
) -> Result<(), ApiError> {
    let balancers: Vec<&Value> = members
        .get("loadBalancers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .collect();
    let refuse = |message: String| Err(ApiError::invalid_parameter(message));
    let advanced: Vec<&Value> = balancers
        .iter()
        .filter_map(|one| one.get("advancedConfiguration"))
        .collect();
    if balancers.iter().any(|one| {
        one.get("loadBalancerName").is_some() && one.get("advancedConfiguration").is_some()
    }) {
        return refuse(
            "advancedConfiguration field is not allowed with ELBv1 loadBalancers".to_owned(),
        );
    }
    if !advanced.is_empty() && advanced.len() < balancers.len() {
        return refuse(
            "Either all or none of the provided loadBalancers must have advancedConfiguration \
             defined"
                .to_owned(),
        );
    }
    if strategy != Strategy::Rolling && advanced.len() < balancers.len() {
        return refuse(
            "advancedConfiguration field is required for all loadBalancers when using a \
             non-ROLLING deployment strategy"
                .to_owned(),
        );
    }
    let mut groups: Vec<&str> = Vec::new();
    for balancer in &balancers {
        let named = [
            balancer.get("targetGroupArn"),
            balancer.pointer("/advancedConfiguration/alternateTargetGroupArn"),
        ];
        for group in named.into_iter().flatten().filter_map(Value::as_str) {
            if advanced.is_empty() || !groups.contains(&group) {
                groups.push(group);
            } else {
                return refuse(format!("Duplicate targetGroupArn found: {group}"));
            }
        }
    }
    advanced.iter().try_for_each(|one| check_advanced(one))
}

fn check_advanced(advanced: &Value) -> Result<(), ApiError> {
    let text = |name| advanced.get(name).and_then(Value::as_str);
    for name in [
        "alternateTargetGroupArn",
        "productionListenerRule",
        "roleArn",
    ] {
        if text(name).is_none() {
            return Err(ApiError::invalid_parameter(format!(
                "{name} must be provided in advancedConfiguration."
            )));
        }
    }
    for name in ["productionListenerRule", "testListenerRule"] {
        let Some(arn) = text(name) else { continue };
        let rule = arn.contains(":listener-rule/app/");
        let listener = arn.contains(":listener/net/");
        if !rule && !listener {
            return Err(ApiError::invalid_parameter(format!(
                "{name} has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for \
                 NLB. Got: {arn}"
            )));
        }
    }
    if text("productionListenerRule") == text("testListenerRule") {
        return Err(ApiError::invalid_parameter(format!(
            "The following rules cannot be used as both production and test listener rules: {}",
            text("testListenerRule").unwrap_or_default()
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(given: &Value) -> Result<ShiftSettings, ApiError> {
        let mut settings = ShiftSettings::default();
        apply(&mut settings, given).map(|()| settings)
    }

    #[track_caller]
    fn refused(given: &Value, words: &str) {
        let error = applied(given).unwrap_err();
        assert_eq!(error.code, "InvalidParameterException");
        assert!(error.message.contains(words), "{error} for {given}");
    }

    fn with_hook(hook: &Value) -> Value {
        json!({"strategy": "BLUE_GREEN", "lifecycleHooks": [hook]})
    }

    #[test]
    fn portions_of_traffic_keep_within_their_bounds() {
        let linear = |given: Value| json!({"strategy": "LINEAR", "linearConfiguration": {"stepPercent": given}});
        let canary = |given: Value| json!({"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": given}});
        for (given, good) in [(3.0, true), (2.9, false), (33.3, true), (100.1, false)] {
            assert_eq!(applied(&linear(json!(given))).is_ok(), good, "{given}");
        }
        for (given, good) in [(0.1, true), (0.05, false), (100.0, true), (101.0, false)] {
            assert_eq!(applied(&canary(json!(given))).is_ok(), good, "{given}");
        }
        refused(
            &json!({"strategy": "LINEAR", "linearConfiguration": {"stepBakeTimeInMinutes": 1441}}),
            "between 0 and 1440",
        );
        refused(
            &json!({"strategy": "BLUE_GREEN", "canaryConfiguration": {}}),
            "only valid with the CANARY",
        );
    }

    #[test]
    fn what_is_not_said_is_what_aws_does() {
        let settings = applied(&json!({"strategy": "LINEAR", "linearConfiguration": {}})).unwrap();
        assert_eq!(settings.linear.percent, Percent::tenths(100));
        assert_eq!((settings.linear.bake, settings.canary.bake), (6, 10));
        let pause = json!({"targetType": "PAUSE", "lifecycleStages": ["PRE_SCALE_UP"]});
        let settings = applied(&with_hook(&pause)).unwrap();
        assert_eq!(settings.hooks[0].timeout, 1440);
        assert_eq!(settings.hooks[0].timeout_action, HookAction::Rollback);
    }

    #[test]
    fn pauses_have_no_place_where_a_rollback_passes() {
        for stage in ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"] {
            let pause = json!({"targetType": "PAUSE", "lifecycleStages": ["PRE_SCALE_UP", stage]});
            refused(
                &with_hook(&pause),
                "Invalid lifecycle stage provided for Pause Hook",
            );
        }
    }

    #[test]
    fn hooks_need_what_belongs_to_their_type() {
        let stages = json!(["POST_SCALE_UP"]);
        let role = "arn:aws:iam::123456789012:role/hooks";
        refused(
            &with_hook(&json!({"targetType": "PAUSE"})),
            "lifecycleStages",
        );
        refused(
            &with_hook(&json!({"lifecycleStages": stages})),
            "hookTargetArn",
        );
        refused(
            &with_hook(
                &json!({"lifecycleStages": stages, "hookTargetArn": "check", "roleArn": role}),
            ),
            "Lambda function",
        );
        let wait = |minutes: i64| {
            with_hook(&json!({
                "targetType": "PAUSE", "lifecycleStages": stages,
                "timeoutConfiguration": {"timeoutInMinutes": minutes},
            }))
        };
        refused(&wait(0), "between 1 and 20160");
        refused(&wait(20_161), "between 1 and 20160");
        assert!(applied(&wait(20_160)).is_ok());
    }

    fn balancer(main: &str, advanced: &Value) -> Value {
        let mut one = json!({"targetGroupArn": main, "containerName": "app", "containerPort": 80});
        if !advanced.is_null() {
            one["advancedConfiguration"] = advanced.clone();
        }
        one
    }

    #[test]
    fn load_balancers_need_their_advanced_configuration() {
        let rule = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/a/1/2/";
        let good = json!({
            "alternateTargetGroupArn": "green", "productionListenerRule": format!("{rule}3"),
            "testListenerRule": format!("{rule}4"), "roleArn": "role",
        });
        let check = |balancers: Value, strategy| {
            let members = json!({"loadBalancers": balancers});
            let members = members.as_object().unwrap().clone();
            check_load_balancers(&members, strategy).map_err(|error| error.message)
        };
        let blue = balancer("blue", &good);
        assert_eq!(check(json!([blue]), Strategy::BlueGreen), Ok(()));
        assert_eq!(check(json!([]), Strategy::Canary), Ok(()));
        assert_eq!(
            check(json!([balancer("blue", &Value::Null)]), Strategy::Rolling),
            Ok(())
        );
        let changed = |name: &str, value: Value| {
            let mut other = good.clone();
            other[name] = value;
            check(json!([balancer("blue", &other)]), Strategy::Linear).unwrap_err()
        };
        let plain = json!([balancer("blue", &Value::Null)]);
        let error = check(plain, Strategy::BlueGreen).unwrap_err();
        assert!(
            error.contains("is required for all loadBalancers"),
            "{error}"
        );
        let mixed = json!([blue, balancer("other", &Value::Null)]);
        let error = check(mixed, Strategy::Rolling).unwrap_err();
        assert!(error.contains("Either all or none"), "{error}");
        assert!(changed("testListenerRule", json!(format!("{rule}3"))).contains("both"));
        assert!(changed("productionListenerRule", json!("listener/app")).contains("ARN format"));
        assert!(changed("alternateTargetGroupArn", json!("blue")).contains("Duplicate"));
        assert!(changed("roleArn", Value::Null).contains("roleArn"));
    }
}
