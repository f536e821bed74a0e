//! `DescribeLoadBalancers` and `CreateLoadBalancer`.

use serde_json::{Map, Value, json};

use super::page::{named, page};
use super::{check_name, invalid};
use crate::sim::api::{Answer, ApiError, Input};
use crate::sim::world::Region;
use crate::sim::world::elb::LoadBalancer;

/// Load balancers that one call may name.
const MOST: usize = 20;
/// Availability zones by the letter at the end of their name.
const ZONES: [char; 3] = ['a', 'b', 'c'];

/// `DescribeLoadBalancers`.
pub fn describe(region: &mut Region, input: Input<'_>) -> Answer {
    let all = &region.elb.load_balancers;
    let (arns, names) = (input.strings("LoadBalancerArns")?, input.strings("Names")?);
    if arns.len().max(names.len()) > MOST {
        return Err(invalid("You can specify at most 20 load balancers"));
    }
    let found: Vec<&LoadBalancer> = match (arns.is_empty(), names.is_empty()) {
        (true, true) => all.values().collect(),
        (false, true) => named(&arns, |arn| all.get(arn), not_found)?,
        (true, false) => named(
            &names,
            |name| all.values().find(|one| one.name == name),
            not_found,
        )?,
        (false, false) => {
            return Err(invalid(
                "Load balancer names and load balancer ARNs cannot be specified at the same time",
            ));
        }
    };
    page(
        input,
        "LoadBalancers",
        &found,
        |one| &one.arn,
        |one| show(one),
    )
}

/// `CreateLoadBalancer`.
pub fn create(region: &mut Region, input: Input<'_>) -> Answer {
    let name = input.required_string("Name")?;
    check_name("Load balancer", name)?;
    let kind = input.string("Type")?.unwrap_or("application");
    let (short, least) = match kind {
        "application" => ("app", 2),
        "network" => ("net", 1),
        _ => {
            return Err(ApiError::new(
                "InvalidConfigurationRequest",
                "This simulator does not have gateway load balancers",
            ));
        }
    };
    let scheme = input.string("Scheme")?.unwrap_or("internet-facing");
    let all = &region.elb.load_balancers;
    if let Some(known) = all.values().find(|one| one.name == name) {
        // The same call again gives what is there.
        let same = [("Type", kind), ("Scheme", scheme)]
            .iter()
            .all(|(member, word)| known.members.get(*member) == Some(&json!(word)));
        return if same {
            Ok(json!({"LoadBalancers": [show(known)]}))
        } else {
            Err(ApiError::new(
                "DuplicateLoadBalancerName",
                "A load balancer with the same name exists, but with different settings",
            ))
        };
    }
    let subnets = subnets(input, least)?;
    let balancer = build(region, input, (name, short), (kind, scheme), &subnets)?;
    let shown = show(&balancer);
    region
        .elb
        .load_balancers
        .insert(balancer.arn.clone(), balancer);
    Ok(json!({"LoadBalancers": [shown]}))
}

fn subnets(input: Input<'_>, least: usize) -> Result<Vec<&str>, ApiError> {
    let mut subnets = input.strings("Subnets")?;
    for mapping in input.structures("SubnetMappings")? {
        subnets.push(mapping.required_string("SubnetId")?);
    }
    if subnets.len() < least {
        return Err(invalid(
            "At least two subnets in two different Availability Zones must be specified",
        ));
    }
    if subnets.len() > ZONES.len() {
        return Err(ApiError::new(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        ));
    }
    Ok(subnets)
}

fn build(
    region: &mut Region,
    input: Input<'_>,
    (name, short): (&str, &str),
    (kind, scheme): (&str, &str),
    subnets: &[&str],
) -> Result<LoadBalancer, ApiError> {
    let (place, rng) = (&region.ecs.place, &mut region.ecs.rng);
    let zones: Vec<Value> = subnets
        .iter()
        .zip(ZONES)
        .map(|(subnet, zone)| {
            json!({
                "ZoneName": format!("{}{zone}", place.region),
                "SubnetId": subnet,
                "LoadBalancerAddresses": [],
            })
        })
        .collect();
    let front = if scheme == "internal" {
        "internal-"
    } else {
        ""
    };
    let mut members = Map::new();
    for (member, value) in [
        (
            "DNSName",
            json!(format!(
                "{front}{name}-{}.{}.elb.amazonaws.com",
                rng.digits(10),
                place.region
            )),
        ),
        ("CanonicalHostedZoneId", json!("Z35SXDOTRQ7X7K")),
        ("Scheme", json!(scheme)),
        ("VpcId", json!(format!("vpc-0{}", rng.hex(16)))),
        ("State", json!({"Code": "active"})),
        ("Type", json!(kind)),
        ("AvailabilityZones", json!(zones)),
        ("SecurityGroups", json!(input.strings("SecurityGroups")?)),
        (
            "IpAddressType",
            json!(input.string("IpAddressType")?.unwrap_or("ipv4")),
        ),
    ] {
        members.insert(member.to_owned(), value);
    }
    Ok(LoadBalancer {
        arn: place.elb(&format!("loadbalancer/{short}/{name}/{}", rng.hex(16))),
        name: name.to_owned(),
        created_at: region.ecs.now,
        members,
    })
}

/// The error for load balancers that aren't there.
pub fn not_found(name: &str) -> ApiError {
    ApiError::new(
        "LoadBalancerNotFound",
        format!("Load balancers '[{name}]' not found"),
    )
}

fn show(balancer: &LoadBalancer) -> Value {
    let mut shown = Map::new();
    shown.insert("LoadBalancerArn".to_owned(), json!(balancer.arn));
    shown.insert("LoadBalancerName".to_owned(), json!(balancer.name));
    let created = jiff::Timestamp::from_millisecond(balancer.created_at.0).unwrap_or_default();
    shown.insert("CreatedTime".to_owned(), json!(created.to_string()));
    shown.extend(balancer.members.clone());
    Value::Object(shown)
}
