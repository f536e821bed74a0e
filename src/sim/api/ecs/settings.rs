//! Deployment configurations: between the service model and the engine.

use serde_json::{Map, Value, json};

use super::shift;
use crate::sim::api::ApiError;
use crate::sim::world::deployment::{BreakerSettings, DeploymentSettings};
use crate::sim::world::rules::Threshold;

/// Changes `settings` as the structure `given` says; what it doesn't name stays.
pub fn apply(settings: &mut DeploymentSettings, given: &Value) -> Result<(), ApiError> {
    refuse_early_success(given)?;
    shift::apply(&mut settings.shift, given)?;
    if let Some(percent) = percent(given, "minimumHealthyPercent")? {
        if percent > 100 {
            return Err(ApiError::invalid_parameter(
                "minimumHealthyPercent cannot be more than 100.",
            ));
        }
        settings.minimum_healthy_percent = percent;
    }
    if let Some(percent) = percent(given, "maximumPercent")? {
        if percent < 100 {
            return Err(ApiError::invalid_parameter(
                "maximumPercent cannot be less than 100.",
            ));
        }
        settings.maximum_percent = percent;
    }
    if settings.minimum_healthy_percent == 100 && settings.maximum_percent == 100 {
        return Err(ApiError::invalid_parameter(
            "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block \
             deployments.",
        ));
    }
    if let Some(breaker) = given.get("deploymentCircuitBreaker") {
        settings.breaker = read_breaker(breaker)?;
    }
    if let Some(alarms) = given.get("alarms") {
        settings.alarms = Some(alarms.clone());
    }
    Ok(())
}

/// Refuses what this simulator doesn't follow, rather than doing something else.
fn refuse_early_success(given: &Value) -> Result<(), ApiError> {
    match given.get("earlySuccessCriteria") {
        Some(_) => Err(ApiError::invalid_parameter(
            "This simulator does not have earlySuccessCriteria yet.",
        )),
        None => Ok(()),
    }
}

fn percent(given: &Value, name: &str) -> Result<Option<u32>, ApiError> {
    let Some(value) = given.get(name).and_then(Value::as_i64) else {
        return Ok(None);
    };
    match u32::try_from(value) {
        Ok(percent) => Ok(Some(percent)),
        Err(_) => Err(ApiError::invalid_parameter(format!(
            "{name} cannot be {value}."
        ))),
    }
}

fn read_breaker(given: &Value) -> Result<BreakerSettings, ApiError> {
    let flag = |name| given.get(name).and_then(Value::as_bool);
    Ok(BreakerSettings {
        enable: flag("enable").unwrap_or(false),
        rollback: flag("rollback").unwrap_or(false),
        reset_on_healthy_task: flag("resetOnHealthyTask"),
        threshold: given
            .get("thresholdConfiguration")
            .map(read_threshold)
            .transpose()?,
    })
}

fn read_threshold(given: &Value) -> Result<Threshold, ApiError> {
    let kind = given
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let value = given.get("value").and_then(Value::as_i64).unwrap_or(0);
    let threshold = u32::try_from(value)
        .ok()
        .filter(|one| *one > 0)
        .and_then(|one| Threshold::parse(kind, one));
    threshold.ok_or_else(|| {
        ApiError::invalid_parameter(format!(
            "thresholdConfiguration.value has to be at least 1, not {value}."
        ))
    })
}

/// The settings as ECS shows them.
pub fn show(settings: &DeploymentSettings) -> Value {
    let mut shown = Map::new();
    shown.insert(
        "deploymentCircuitBreaker".to_owned(),
        show_breaker(settings.breaker),
    );
    shown.insert("maximumPercent".to_owned(), json!(settings.maximum_percent));
    shown.insert(
        "minimumHealthyPercent".to_owned(),
        json!(settings.minimum_healthy_percent),
    );
    let alarms = settings.alarms.clone();
    let no_alarms = || json!({"alarmNames": [], "rollback": false, "enable": false});
    shown.insert("alarms".to_owned(), alarms.unwrap_or_else(no_alarms));
    shift::show(&settings.shift, &mut shown);
    Value::Object(shown)
}

/// A breaker that was given more than the two flags shows what it was given.
fn show_breaker(breaker: BreakerSettings) -> Value {
    let mut shown = json!({"enable": breaker.enable, "rollback": breaker.rollback});
    if let (Some(members), Some(resets)) = (shown.as_object_mut(), breaker.reset_on_healthy_task) {
        members.insert("resetOnHealthyTask".to_owned(), json!(resets));
    }
    if let (Some(members), Some(threshold)) = (shown.as_object_mut(), breaker.threshold) {
        let (kind, value) = threshold.words();
        members.insert(
            "thresholdConfiguration".to_owned(),
            json!({"type": kind, "value": value}),
        );
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(given: &Value) -> Result<DeploymentSettings, ApiError> {
        let mut settings = DeploymentSettings::default();
        apply(&mut settings, given).map(|()| settings)
    }

    #[test]
    fn what_is_not_named_stays() {
        let settings = applied(&json!({"maximumPercent": 150})).unwrap();
        assert_eq!(
            (settings.minimum_healthy_percent, settings.maximum_percent),
            (100, 150)
        );
    }

    #[test]
    fn percentages_that_block_are_refused() {
        for given in [
            json!({"maximumPercent": 100}),
            json!({"maximumPercent": 99}),
            json!({"minimumHealthyPercent": 101}),
            json!({"minimumHealthyPercent": -1}),
        ] {
            assert_eq!(
                applied(&given).unwrap_err().code,
                "InvalidParameterException",
                "{given}"
            );
        }
    }

    #[test]
    fn the_breaker_is_shown_as_it_was_given() {
        let breaker = json!({
            "enable": true, "rollback": true, "resetOnHealthyTask": false,
            "thresholdConfiguration": {"type": "COUNT", "value": 4},
        });
        let settings = applied(&json!({"deploymentCircuitBreaker": breaker})).unwrap();
        assert_eq!(settings.breaker.threshold, Some(Threshold::Count(4)));
        assert_eq!(show(&settings)["deploymentCircuitBreaker"], breaker);
        assert_eq!(
            show(&DeploymentSettings::default())["deploymentCircuitBreaker"],
            json!({"enable": false, "rollback": false})
        );
    }

    #[test]
    fn what_is_not_here_says_so() {
        let error = applied(&json!({"earlySuccessCriteria": {"enable": true}})).unwrap_err();
        assert!(error.message.contains("earlySuccessCriteria"), "{error}");
        assert!(applied(&json!({"lifecycleHooks": [{}]})).is_err());
        assert!(applied(&json!({"lifecycleHooks": []})).is_ok());
    }

    #[test]
    fn a_strategy_is_shown_with_what_belongs_to_it() {
        let linear = json!({"stepPercent": 20.0, "stepBakeTimeInMinutes": 3});
        let given = json!({"strategy": "LINEAR", "linearConfiguration": linear});
        let shown = show(&applied(&given).unwrap());
        assert_eq!(shown["strategy"], "LINEAR");
        assert_eq!(shown["linearConfiguration"], linear);
        assert!(shown.get("canaryConfiguration").is_none());
        assert_eq!(shown["lifecycleHooks"], json!([]));
        let rolling = show(&DeploymentSettings::default());
        assert_eq!(
            (&rolling["strategy"], &rolling["bakeTimeInMinutes"]),
            (&json!("ROLLING"), &json!(0))
        );
        assert!(rolling.get("lifecycleHooks").is_none());
    }
}
