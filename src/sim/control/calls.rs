//! Counts of calls, for tests and benches to read.

use std::collections::BTreeMap;

use serde::Serialize;

/// How many calls came, by operation and outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Calls {
    /// All of them.
    pub total: u64,
    /// By `service.Operation`, then by HTTP status. `hung`, `dropped`, `garbage` and `truncated`
    /// stand in for the status of calls that a fault left without a proper answer.
    pub operations: BTreeMap<String, BTreeMap<String, u64>>,
    /// By error code.
    pub errors: BTreeMap<String, u64>,
}

impl Calls {
    /// Counts a call of `label` that ended with `outcome`, and the error code if it failed.
    pub fn record(&mut self, label: &str, outcome: &str, error: Option<&str>) {
        self.total += 1;
        let outcomes = self.operations.entry(label.to_owned()).or_default();
        *outcomes.entry(outcome.to_owned()).or_default() += 1;
        if let Some(code) = error {
            *self.errors.entry(code.to_owned()).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn calls_are_counted_by_operation_status_and_error() {
        let mut calls = Calls::default();
        calls.record("ecs.ListTasks", "200", None);
        calls.record("ecs.ListTasks", "400", Some("ThrottlingException"));
        calls.record("ecs.ListTasks", "200", None);
        assert_eq!(
            serde_json::to_value(&calls).unwrap(),
            json!({
                "total": 3,
                "operations": {"ecs.ListTasks": {"200": 2, "400": 1}},
                "errors": {"ThrottlingException": 1},
            })
        );
    }
}
