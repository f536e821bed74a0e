//! CloudWatch alarms that a release watches.

use jiff::Timestamp;

/// The state of an alarm (CloudWatch API reference, `StateValue`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlarmState {
    /// Its metric is within bounds.
    Ok,
    /// It fires.
    Alarm,
    /// There is not enough data to say.
    InsufficientData,
    /// A state that this version does not know, by its name.
    Unknown(String),
}

/// An alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Its name, unique in account and Region.
    pub name: String,
    /// Its state.
    pub state: AlarmState,
    /// When the state last changed.
    pub since: Option<Timestamp>,
    /// Why, in CloudWatch's words.
    pub reason: Option<String>,
}
