//! Holds a report against `docs/status.schema.json`, by the keywords that this schema uses. A
//! keyword that is not known here fails, so that no part of the contract goes unchecked.

use jiff::Timestamp;
use serde_json::{Value, json};

const SCHEMA: &str = include_str!("../../docs/status.schema.json");

/// Every way in which a report is not what the schema says.
pub fn faults(report: &Value) -> Vec<String> {
    let root: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut faults = Vec::new();
    check(&root, &root, report, "report", &mut faults);
    faults
}

fn check(root: &Value, schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().unwrap() {
        let holds = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "required" | "additionalProperties" => {
                true
            }
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                let target = &root["$defs"][name];
                check(root, target, value, path, faults);
                true
            }
            "type" => is_of_type(rule, value),
            "enum" => rule.as_array().unwrap().contains(value),
            "anyOf" => rule.as_array().unwrap().iter().any(|option| {
                let mut inner = Vec::new();
                check(root, option, value, path, &mut inner);
                inner.is_empty()
            }),
            "minimum" => value.is_null() || value.as_f64() >= rule.as_f64(),
            "maximum" => value.is_null() || value.as_f64() <= rule.as_f64(),
            "maxItems" => value.as_array().unwrap().len() as u64 <= rule.as_u64().unwrap(),
            "format" => is_null_or_time(rule, value),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, item, &format!("{path}[{index}]"), faults);
                }
                true
            }
            "properties" => {
                members(root, schema, value, path, faults);
                true
            }
            other => panic!("the keyword {other} is not checked here"),
        };
        if !holds {
            faults.push(format!("{path}: {value} breaks {keyword} {rule}"));
        }
    }
}

fn is_of_type(rule: &Value, value: &Value) -> bool {
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_u64() || number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is = |wanted: &Value| wanted == name || (wanted == "number" && name == "integer");
    rule.as_array()
        .map_or_else(|| is(rule), |names| names.iter().any(is))
}

fn is_null_or_time(rule: &Value, value: &Value) -> bool {
    assert_eq!(rule, "date-time");
    let is_time = |text: &str| text.ends_with('Z') && text.parse::<Timestamp>().is_ok();
    value.is_null() || value.as_str().is_some_and(is_time)
}

fn members(root: &Value, schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
    let Some(object) = value.as_object() else {
        return;
    };
    let rules = schema["properties"].as_object().unwrap();
    assert_eq!(schema["additionalProperties"], json!(false), "{path}");
    for name in schema["required"].as_array().unwrap() {
        if !object.contains_key(name.as_str().unwrap()) {
            faults.push(format!("{path}: {name} is left out"));
        }
    }
    for (name, member) in object {
        match rules.get(name) {
            Some(rule) => check(root, rule, member, &format!("{path}.{name}"), faults),
            None => faults.push(format!("{path}: {name} is not in the schema")),
        }
    }
}

/// Everything in the schema that has members wants all of them: null stands for what is not known.
#[test]
fn nothing_may_be_left_out() {
    let root: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut objects = 0;
    let mut waiting = vec![&root];
    while let Some(schema) = waiting.pop() {
        if let Some(rules) = schema.get("properties").and_then(Value::as_object) {
            let mut names: Vec<&str> = rules.keys().map(String::as_str).collect();
            let required = schema["required"].as_array().unwrap();
            let mut wanted: Vec<&str> = required.iter().filter_map(Value::as_str).collect();
            names.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(names, wanted);
            objects += 1;
        }
        match schema {
            Value::Object(members) => waiting.extend(members.values()),
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    assert_eq!(objects, 7);
}

#[test]
fn the_check_finds_what_is_wrong() {
    let good = json!({"as_of": "2026-11-21T02:41:00Z", "account": null, "region": null,
        "releases": [], "gates": [], "errors": []});
    assert_eq!(faults(&good), Vec::<String>::new());
    let wrong = |name: &str, value: Value| {
        let mut report = good.clone();
        report[name] = value;
        faults(&report).len()
    };
    assert_eq!(wrong("as_of", json!("yesterday")), 1);
    assert_eq!(wrong("as_of", json!(null)), 1);
    assert_eq!(wrong("account", json!(5)), 1);
    assert_eq!(wrong("gates", json!([1])), 1);
    assert_eq!(wrong("extra", json!(1)), 1);
    assert_eq!(wrong("releases", json!([{}])), 14);
    assert_eq!(wrong("errors", json!([{"what": 1}])), 7);
}
