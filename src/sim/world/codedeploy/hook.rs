//! How long the Lambda functions take that validate a deployment.

use crate::sim::world::engine::timing::Range;

/// A function takes so long, in milliseconds.
pub const HOOK: Range = Range::new(8_000, 14_000);
/// A hook without a function is over at once, in milliseconds.
pub const NO_HOOK: Range = Range::new(150, 600);
/// CodeDeploy waits this long for the answer of a function, in milliseconds: an hour, as the
/// reference of AppSpec hooks says.
pub const HOOK_TIMEOUT: i64 = 3_600_000;
