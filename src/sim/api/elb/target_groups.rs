//! `DescribeTargetGroups` and `CreateTargetGroup`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::page::{named, page};
use super::{balancers, check_name, invalid};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::elb::{Elb, TargetGroup, Targets};

/// `DescribeTargetGroups`.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let elb = &region.elb;
    let all = &elb.target_groups;
    let balancer = input.string("LoadBalancerArn")?;
    let (arns, names) = (input.strings("TargetGroupArns")?, input.strings("Names")?);
    let filters = [balancer.is_some(), !arns.is_empty(), !names.is_empty()];
    if filters.iter().filter(|one| **one).count() > 1 {
        return Err(invalid(
            "A load balancer ARN, target group ARNs and target group names cannot be specified \
             at the same time",
        ));
    }
    let users = users(elb);
    let found: Vec<&TargetGroup> = if let Some(arn) = balancer {
        if !elb.load_balancers.contains_key(arn) {
            return Err(balancers::not_found(arn));
        }
        let uses = |one: &&TargetGroup| {
            users
                .get(one.arn.as_str())
                .is_some_and(|by| by.contains(arn))
        };
        all.values().filter(uses).collect()
    } else if !arns.is_empty() {
        named(&arns, |arn| all.get(arn), |arn| not_found(&[arn]))?
    } else if !names.is_empty() {
        named(
            &names,
            |name| elb.target_group_named(name),
            |name| not_found(&[name]),
        )?
    } else {
        all.values().collect()
    };
    let show = |one: &&TargetGroup| show(one, users.get(one.arn.as_str()));
    page(input, "TargetGroups", &found, |one| &one.arn, show)
}

/// The load balancers that use each target group.
fn users(elb: &Elb) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for rule in elb.rules.values() {
        let Some(listener) = elb.listeners.get(&rule.listener) else {
            continue;
        };
        for (group, _) in rule.weights().unwrap_or_default() {
            users
                .entry(group)
                .or_default()
                .insert(&listener.load_balancer);
        }
    }
    users
}

/// `CreateTargetGroup`.
pub fn create(region: &mut Region, input: Input<'_>) -> Answer {
    let name = input.required_string("Name")?;
    check_name("Target group", name)?;
    let members = members(input)?;
    if let Some(known) = region.elb.target_group_named(name) {
        // The same call again gives what is there.
        return if known.members == members {
            let users = users(&region.elb);
            let shown = show(known, users.get(known.arn.as_str()));
            Ok(json!({"TargetGroups": [shown]}))
        } else {
            Err(ApiError::new(
                "DuplicateTargetGroupName",
                "A target group with the same name exists, but with different settings",
            ))
        };
    }
    let id = region.ecs.rng.hex(16);
    let group = TargetGroup {
        arn: region.ecs.place.elb(&format!("targetgroup/{name}/{id}")),
        name: name.to_owned(),
        members,
        targets: Targets::new(),
    };
    let shown = show(&group, None);
    region.elb.target_groups.insert(group.arn.clone(), group);
    Ok(json!({"TargetGroups": [shown]}))
}

/// The members of a new target group, with the defaults of application load balancers.
fn members(input: Input<'_>) -> Result<Map<String, Value>, ApiError> {
    let kind = input.string("TargetType")?.unwrap_or("instance");
    if matches!(kind, "lambda" | "alb") {
        return Err(ApiError::new(
            "InvalidConfigurationRequest",
            format!("This simulator does not have target groups of the type '{kind}'"),
        ));
    }
    let Some(protocol) = input.string("Protocol")? else {
        return Err(invalid("A protocol must be specified"));
    };
    let Some(port) = input.integer_within("Port", 1, 65_535)? else {
        return Err(invalid("A port must be specified"));
    };
    let Some(vpc) = input.string("VpcId")? else {
        return Err(invalid("A VPC ID must be specified"));
    };
    let web = matches!(protocol, "HTTP" | "HTTPS");
    let check = if web { "HTTP" } else { "TCP" };
    let check = input.string("HealthCheckProtocol")?.unwrap_or(check);
    let mut members = Map::new();
    let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
    add("Protocol", json!(protocol));
    add("Port", json!(port));
    add("VpcId", json!(vpc));
    add("HealthCheckProtocol", json!(check));
    let port = input.string("HealthCheckPort")?.unwrap_or("traffic-port");
    add("HealthCheckPort", json!(port));
    let enabled = input.boolean("HealthCheckEnabled")?.unwrap_or(true);
    add("HealthCheckEnabled", json!(enabled));
    for (name, low, high, usual) in [
        ("HealthCheckIntervalSeconds", 5, 300, 30),
        ("HealthCheckTimeoutSeconds", 2, 120, 5),
        ("HealthyThresholdCount", 2, 10, 5),
        ("UnhealthyThresholdCount", 2, 10, 2),
    ] {
        let value = input.integer_within(name, low, high)?.unwrap_or(usual);
        add(name, json!(value));
    }
    if matches!(check, "HTTP" | "HTTPS") {
        let path = input.string("HealthCheckPath")?.unwrap_or("/");
        add("HealthCheckPath", json!(path));
        let matcher = input.value("Matcher").cloned();
        add(
            "Matcher",
            matcher.unwrap_or_else(|| json!({"HttpCode": "200"})),
        );
    }
    add("TargetType", json!(kind));
    if web {
        let version = input.string("ProtocolVersion")?.unwrap_or("HTTP1");
        add("ProtocolVersion", json!(version));
    }
    let addresses = input.string("IpAddressType")?.unwrap_or("ipv4");
    add("IpAddressType", json!(addresses));
    Ok(members)
}

/// The error for target groups that aren't there.
pub fn not_found(names: &[&str]) -> ApiError {
    ApiError::new(
        "TargetGroupNotFound",
        format!("Target groups '{}' not found", names.join(", ")),
    )
}

fn show(group: &TargetGroup, users: Option<&BTreeSet<&str>>) -> Value {
    let mut shown = Map::new();
    shown.insert("TargetGroupArn".to_owned(), json!(group.arn));
    shown.insert("TargetGroupName".to_owned(), json!(group.name));
    shown.extend(group.members.clone());
    let users: Vec<&&str> = users.into_iter().flatten().collect();
    shown.insert("LoadBalancerArns".to_owned(), json!(users));
    Value::Object(shown)
}
