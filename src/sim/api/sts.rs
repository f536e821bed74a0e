//! The operations of the Security Token Service.

use serde_json::{Value, json};

use crate::sim::world::World;
use crate::sim::world::accounts::caller_arn;

use super::Answer;

/// Performs `operation`; none when STS here has no such operation.
pub fn handle(
    _world: &mut World,
    account: &str,
    _region: &str,
    operation: &str,
    _input: &Value,
) -> Option<Answer> {
    match operation {
        "GetCallerIdentity" => Some(Ok(caller_identity(account))),
        _ => None,
    }
}

fn caller_identity(account: &str) -> Value {
    json!({
        "UserId": "AROASIMULATEDONCALL00:oncall",
        "Account": account,
        "Arn": caller_arn(account),
    })
}
