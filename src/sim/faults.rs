//! Faults that are put in the way of calls on purpose: errors, slow answers, broken ones.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::sessions::SessionEnd;

/// A fault, as `POST /_sim/faults` takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct Fault {
    /// Which calls it hits: `service.Operation`, in which `*` stands for any text.
    pub operation: String,
    /// What happens to them.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// How many calls it hits before it is used up; null for all of them.
    pub times: Option<u32>,
}

/// Serde can't refuse unknown members of a structure that is flattened into another one, so the
/// two are taken apart here.
impl TryFrom<Map<String, Value>> for Fault {
    type Error = String;

    fn try_from(mut members: Map<String, Value>) -> Result<Self, String> {
        let operation = members
            .remove("operation")
            .ok_or("missing field `operation`")?;
        let times = members.remove("times").unwrap_or_default();
        let problem = |error: serde_json::Error| error.to_string();
        Ok(Self {
            operation: serde_json::from_value(operation).map_err(problem)?,
            times: serde_json::from_value(times).map_err(problem)?,
            kind: serde_json::from_value(Value::Object(members)).map_err(problem)?,
        })
    }
}

/// What happens to a call that a fault hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum FaultKind {
    /// The call is refused with an error of AWS's shape.
    Error {
        /// The error code, such as `AccessDeniedException`.
        code: String,
        /// The HTTP status.
        #[serde(default = "bad_request")]
        status: u16,
        /// The text for people.
        #[serde(default)]
        message: String,
    },
    /// The call is performed, and answered so many real milliseconds late.
    Delay {
        /// Real milliseconds.
        milliseconds: u64,
    },
    /// The call is never answered; the connection stays open.
    Hang,
    /// The connection is closed without an answer.
    Drop,
    /// The answer is an HTML page, as a proxy in between would send.
    Html {
        /// The HTTP status.
        #[serde(default = "bad_gateway")]
        status: u16,
    },
    /// The answer has status 200 and a body that is not what the protocol wants.
    Garbage,
    /// The call is performed, and the connection closed in the middle of the answer.
    Truncate,
    /// A live tail that starts ends early. It changes nothing for other operations.
    Session {
        /// How many updates it sends before that.
        #[serde(default)]
        updates: u64,
        /// How it ends.
        end: SessionEnd,
    },
}

fn bad_request() -> u16 {
    400
}

fn bad_gateway() -> u16 {
    502
}

/// The faults in force. The first one that fits a call hits it.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    list: Vec<Fault>,
}

impl Faults {
    /// Puts `list` in place of the faults before it.
    pub fn replace(&mut self, list: Vec<Fault>) {
        self.list = list;
    }

    /// The faults in force, with the times that are left.
    pub fn list(&self) -> &[Fault] {
        &self.list
    }

    /// The fault that hits a call of `label` (`service.Operation`), which counts as one of its
    /// times.
    pub fn take(&mut self, label: &str) -> Option<FaultKind> {
        let fault = self
            .list
            .iter_mut()
            .find(|fault| fault.times != Some(0) && like(&fault.operation, label))?;
        if let Some(times) = &mut fault.times {
            *times -= 1;
        }
        Some(fault.kind.clone())
    }
}

/// Whether `text` is like `pattern`, in which `*` stands for any text, also none.
fn like(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(rest) = text.strip_prefix(before) else {
        return false;
    };
    rest.char_indices()
        .map(|(place, _)| place)
        .chain([rest.len()])
        .filter_map(|place| rest.get(place..))
        .any(|tail| like(after, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Faults {
        let mut faults = Faults::default();
        faults.replace(serde_json::from_str(text).unwrap());
        faults
    }

    #[test]
    fn the_first_that_fits_hits_until_it_is_used_up() {
        let mut faults = faults(
            r#"[{"operation": "ecs.List*", "kind": "drop", "times": 1},
                {"operation": "ecs.*", "kind": "delay", "milliseconds": 5}]"#,
        );
        assert_eq!(faults.take("logs.GetLogEvents"), None);
        assert_eq!(faults.take("ecs.ListTasks"), Some(FaultKind::Drop));
        assert_eq!(
            faults.take("ecs.ListTasks"),
            Some(FaultKind::Delay { milliseconds: 5 })
        );
        assert_eq!(faults.list().first().and_then(|fault| fault.times), Some(0));
    }

    #[test]
    fn an_error_has_a_status_of_its_own() {
        let mut faults =
            faults(r#"[{"operation": "*", "kind": "error", "code": "AccessDeniedException"}]"#);
        let Some(FaultKind::Error {
            code,
            status,
            message,
        }) = faults.take("sts.X")
        else {
            panic!("an error was set");
        };
        assert_eq!(
            (code.as_str(), status, message.as_str()),
            ("AccessDeniedException", 400, "")
        );
    }

    #[test]
    fn stars_stand_for_any_text() {
        assert!(like("*", ""));
        assert!(like("ecs.*Service*", "ecs.DescribeServices"));
        assert!(!like("ecs.*Service", "ecs.DescribeServices"));
        assert!(!like("ecs.Describe", "ecs.DescribeServices"));
    }

    #[test]
    fn a_fault_that_is_no_fault_is_refused() {
        for text in [
            r#"{"operation": "*", "kind": "explode"}"#,
            r#"{"kind": "drop"}"#,
            r#"{"operation": "*", "kind": "delay"}"#,
            r#"{"operation": "*", "kind": "drop", "times": -1}"#,
            r#"{"operation": "*", "kind": "error", "code": "X", "text": "y"}"#,
        ] {
            assert!(serde_json::from_str::<Fault>(text).is_err(), "{text}");
        }
    }
}
