//! `DescribeListeners`, `CreateListener` and `ModifyListener`.

use serde_json::{Map, Value, json};

use super::page::{named, page};
use super::{action, balancers, invalid};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::elb::{Elb, Listener};

/// `DescribeListeners`.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let elb = &region.elb;
    let arns = input.strings("ListenerArns")?;
    let found: Vec<&Listener> = match (input.string("LoadBalancerArn")?, arns.is_empty()) {
        (Some(balancer), true) => {
            if !elb.load_balancers.contains_key(balancer) {
                return Err(balancers::not_found(balancer));
            }
            let mut found: Vec<&Listener> = elb
                .listeners
                .values()
                .filter(|one| one.load_balancer == balancer)
                .collect();
            found.sort_by_key(|one| one.port);
            found
        }
        (None, false) => named(&arns, |arn| elb.listeners.get(arn), not_found)?,
        (None, true) => {
            return Err(invalid(
                "You must specify either listener ARNs or a load balancer ARN",
            ));
        }
        (Some(_), false) => {
            return Err(invalid(
                "Listener ARNs and a load balancer ARN cannot be specified at the same time",
            ));
        }
    };
    let show = |one: &&Listener| show(elb, one);
    page(input, "Listeners", &found, |one| &one.arn, show)
}

/// `CreateListener`.
pub fn create(region: &mut Region, input: Input<'_>) -> Answer {
    let balancer = input.required_string("LoadBalancerArn")?;
    let elb = &region.elb;
    if !elb.load_balancers.contains_key(balancer) {
        return Err(balancers::not_found(balancer));
    }
    let Some(protocol) = input.string("Protocol")? else {
        return Err(invalid("A listener protocol must be specified"));
    };
    let port = port(input)?.ok_or_else(|| invalid("A listener port must be specified"))?;
    check_port(elb, balancer, port, None)?;
    check_protocol(balancer, protocol)?;
    let members = members(input, protocol)?;
    let actions = action::read(elb, balancer, &input.structures("DefaultActions")?)?;
    let listener = Listener {
        arn: String::new(),
        load_balancer: balancer.to_owned(),
        port,
        protocol: protocol.to_owned(),
        default_rule: String::new(),
        members,
    };
    let arn = region
        .elb
        .add_listener(&mut region.ecs.rng, listener, actions);
    Ok(answer(&region.elb, &arn))
}

/// `ModifyListener`.
pub fn modify(region: &mut Region, input: Input<'_>) -> Answer {
    let arn = input.required_string("ListenerArn")?;
    let elb = &region.elb;
    let mut listener = elb
        .listeners
        .get(arn)
        .cloned()
        .ok_or_else(|| not_found(arn))?;
    let balancer = listener.load_balancer.clone();
    if let Some(port) = port(input)? {
        check_port(elb, &balancer, port, Some(arn))?;
        listener.port = port;
    }
    if let Some(protocol) = input.string("Protocol")? {
        check_protocol(&balancer, protocol)?;
        listener.members = members(input, protocol)?;
        protocol.clone_into(&mut listener.protocol);
    }
    let actions = if input.has("DefaultActions") {
        let given = input.structures("DefaultActions")?;
        Some(action::read(elb, &balancer, &given)?)
    } else {
        None
    };
    if let Some(actions) = actions
        && let Some(rule) = region.elb.rules.get_mut(&listener.default_rule)
    {
        rule.actions = actions;
    }
    region.elb.listeners.insert(arn.to_owned(), listener);
    Ok(answer(&region.elb, arn))
}

fn port(input: Input<'_>) -> Result<Option<u16>, ApiError> {
    let port = input.integer_within("Port", 1, 65_535)?;
    Ok(port.and_then(|port| u16::try_from(port).ok()))
}

/// No other listener of the load balancer may have the port.
fn check_port(elb: &Elb, balancer: &str, port: u16, own: Option<&str>) -> Result<(), ApiError> {
    let taken = elb.listeners.values().any(|one| {
        one.load_balancer == balancer && one.port == port && Some(one.arn.as_str()) != own
    });
    if taken {
        return Err(ApiError::new(
            "DuplicateListener",
            "A listener already exists on this port for this load balancer",
        ));
    }
    Ok(())
}

/// Application load balancers speak HTTP, network load balancers don't.
fn check_protocol(balancer: &str, protocol: &str) -> Result<(), ApiError> {
    let web = matches!(protocol, "HTTP" | "HTTPS");
    if balancer.contains(":loadbalancer/app/") == web && protocol != "GENEVE" {
        return Ok(());
    }
    Err(ApiError::new(
        "UnsupportedProtocol",
        format!("The protocol '{protocol}' is not supported for this type of load balancer"),
    ))
}

fn members(input: Input<'_>, protocol: &str) -> Result<Map<String, Value>, ApiError> {
    let mut members = Map::new();
    let certificates = input.value("Certificates").cloned();
    if matches!(protocol, "HTTPS" | "TLS") {
        let certificates = certificates
            .ok_or_else(|| invalid("A certificate must be specified for HTTPS listeners"))?;
        members.insert("Certificates".to_owned(), certificates);
        let policy = input
            .string("SslPolicy")?
            .unwrap_or("ELBSecurityPolicy-TLS13-1-2-2021-06");
        members.insert("SslPolicy".to_owned(), json!(policy));
    }
    Ok(members)
}

/// The error for listeners that aren't there.
pub fn not_found(arn: &str) -> ApiError {
    ApiError::new(
        "ListenerNotFound",
        format!("One or more listeners not found: '{arn}'"),
    )
}

fn answer(elb: &Elb, arn: &str) -> Value {
    let shown: Vec<Value> = elb
        .listeners
        .get(arn)
        .map(|one| show(elb, one))
        .into_iter()
        .collect();
    json!({"Listeners": shown})
}

fn show(elb: &Elb, listener: &Listener) -> Value {
    let actions = elb
        .rules
        .get(&listener.default_rule)
        .map_or(&[][..], |rule| rule.actions.as_slice());
    let mut shown = Map::new();
    shown.insert("ListenerArn".to_owned(), json!(listener.arn));
    shown.insert("LoadBalancerArn".to_owned(), json!(listener.load_balancer));
    shown.insert("Port".to_owned(), json!(listener.port));
    shown.insert("Protocol".to_owned(), json!(listener.protocol));
    shown.extend(listener.members.clone());
    shown.insert("DefaultActions".to_owned(), action::show(actions));
    Value::Object(shown)
}
