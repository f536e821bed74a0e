//! `DescribeRules`, `CreateRule` and `ModifyRule`.

use serde_json::{Value, json};

use super::page::{named, page};
use super::{action, invalid, listeners};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::elb::{Elb, Priority, Rule};

/// The fields of conditions, with the member that has their values. The values of the first two
/// can also stand in `Values`.
const FIELDS: [(&str, &str); 6] = [
    ("host-header", "HostHeaderConfig"),
    ("path-pattern", "PathPatternConfig"),
    ("http-header", "HttpHeaderConfig"),
    ("query-string", "QueryStringConfig"),
    ("http-request-method", "HttpRequestMethodConfig"),
    ("source-ip", "SourceIpConfig"),
];

/// `DescribeRules`.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let elb = &region.elb;
    let arns = input.strings("RuleArns")?;
    let found: Vec<&Rule> = match (input.string("ListenerArn")?, arns.is_empty()) {
        (Some(listener), true) => {
            if !elb.listeners.contains_key(listener) {
                return Err(listeners::not_found(listener));
            }
            let mut found: Vec<&Rule> = elb
                .rules
                .values()
                .filter(|one| one.listener == listener)
                .collect();
            found.sort_by(|one, other| one.order(other));
            found
        }
        (None, false) => named(&arns, |arn| elb.rules.get(arn), not_found)?,
        (None, true) => {
            return Err(invalid(
                "You must specify either a listener ARN or rule ARNs",
            ));
        }
        (Some(_), false) => {
            return Err(invalid(
                "A listener ARN and rule ARNs cannot be specified at the same time",
            ));
        }
    };
    page(input, "Rules", &found, |one| &one.arn, |one| show(one))
}

/// `CreateRule`.
pub fn create(region: &mut Region, input: Input<'_>) -> Answer {
    let arn = input.required_string("ListenerArn")?;
    let elb = &region.elb;
    let listener = elb
        .listeners
        .get(arn)
        .ok_or_else(|| listeners::not_found(arn))?;
    let number = input.integer_within("Priority", 1, 50_000)?;
    let number = number.and_then(|number| u32::try_from(number).ok());
    let priority = number.map_or(Priority::Default, Priority::Number);
    let taken = |rule: &Rule| rule.listener == arn && rule.priority == priority;
    if elb.rules.values().any(taken) {
        let word = priority.word();
        return Err(ApiError::new(
            "PriorityInUse",
            format!("Priority '{word}' is currently in use"),
        ));
    }
    let conditions = conditions(&input.structures("Conditions")?)?;
    let actions = action::read(elb, &listener.load_balancer, &input.structures("Actions")?)?;
    let rule = region
        .elb
        .add_rule(&mut region.ecs.rng, arn, priority, conditions, actions);
    Ok(answer(&region.elb, &rule))
}

/// `ModifyRule`.
pub fn modify(region: &mut Region, input: Input<'_>) -> Answer {
    let arn = input.required_string("RuleArn")?;
    let elb = &region.elb;
    let mut rule = elb.rules.get(arn).cloned().ok_or_else(|| not_found(arn))?;
    if rule.priority == Priority::Default {
        return Err(ApiError::new(
            "OperationNotPermitted",
            format!("Default rule '{arn}' cannot be modified"),
        ));
    }
    if input.has("Conditions") {
        rule.conditions = conditions(&input.structures("Conditions")?)?;
    }
    if input.has("Actions") {
        let balancer = elb
            .listeners
            .get(&rule.listener)
            .map_or("", |one| one.load_balancer.as_str());
        rule.actions = action::read(elb, balancer, &input.structures("Actions")?)?;
    }
    region.elb.rules.insert(arn.to_owned(), rule);
    Ok(answer(&region.elb, arn))
}

fn conditions(given: &[Input<'_>]) -> Result<Vec<Value>, ApiError> {
    if given.is_empty() {
        return Err(invalid("A condition must be specified"));
    }
    given.iter().map(|one| condition(*one)).collect()
}

/// A condition as the service shows it, with its values in both places where they can stand.
fn condition(given: Input<'_>) -> Result<Value, ApiError> {
    let field = given.required_string("Field")?;
    let Some((_, config)) = FIELDS.iter().find(|(known, _)| *known == field) else {
        return Err(invalid(format!(
            "Condition field '{field}' must be one of '[path-pattern, host-header, \
             http-request-method, source-ip, http-header, query-string]'"
        )));
    };
    let mut shown = serde_json::Map::new();
    shown.insert("Field".to_owned(), json!(field));
    let plain = matches!(field, "host-header" | "path-pattern");
    let values = given.strings("Values")?;
    let inner = given.structure(config)?;
    if plain {
        let inner = inner.map(|one| one.strings("Values")).transpose()?;
        let values = inner.unwrap_or(values);
        if values.is_empty() {
            return Err(invalid(format!(
                "A condition value must be specified for the field '{field}'"
            )));
        }
        shown.insert("Values".to_owned(), json!(values));
        shown.insert((*config).to_owned(), json!({"Values": values}));
    } else if let Some(inner) = given.value(config) {
        shown.insert((*config).to_owned(), inner.clone());
    } else {
        return Err(invalid(format!(
            "The parameter '{config}' must be specified for the field '{field}'"
        )));
    }
    Ok(Value::Object(shown))
}

fn not_found(arn: &str) -> ApiError {
    ApiError::new(
        "RuleNotFound",
        format!("One or more rules not found: '{arn}'"),
    )
}

fn answer(elb: &Elb, arn: &str) -> Value {
    let shown: Vec<Value> = elb.rules.get(arn).map(show).into_iter().collect();
    json!({"Rules": shown})
}

fn show(rule: &Rule) -> Value {
    json!({
        "RuleArn": rule.arn,
        "Priority": rule.priority.word(),
        "Conditions": rule.conditions,
        "Actions": action::show(&rule.actions),
        "IsDefault": rule.priority == Priority::Default,
    })
}
