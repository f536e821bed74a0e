//! CloudWatch alarms in one account and region. No metric is watched: somebody sets their state,
//! a client through the API or a scenario.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Region;
use super::engine::Event;
use crate::sim::clock::SimTime;

/// What an alarm says.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum AlarmState {
    /// The metric is within its bounds.
    Ok,
    /// The metric is out of its bounds.
    Alarm,
    /// There is not enough data to say.
    InsufficientData,
}

impl AlarmState {
    /// The word of CloudWatch.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        }
    }

    /// The state that a word of CloudWatch means.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Ok, Self::Alarm, Self::InsufficientData]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// A metric alarm.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// Unique within the region.
    pub name: String,
    /// What it watches and what follows, as CloudWatch shows it.
    pub members: Map<String, Value>,
    /// What it says.
    pub state: AlarmState,
    /// Why, in words.
    pub reason: String,
    /// Why, as JSON for programs, if somebody gave it.
    pub reason_data: Option<String>,
    /// When it was made or its definition changed.
    pub configured_at: SimTime,
    /// When its state was last set, even to what it was.
    pub updated_at: SimTime,
    /// When its state last became another one.
    pub changed_at: SimTime,
}

/// The alarms, by name.
#[derive(Clone, Debug, Default)]
pub struct Alarms {
    alarms: BTreeMap<String, Alarm>,
}

impl Alarms {
    /// Whether there is an alarm of this name that is in ALARM.
    pub fn is_firing(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|alarm| alarm.state == AlarmState::Alarm)
    }

    /// Adds an alarm on the share of failed requests that says OK, unless there is one of this
    /// name.
    pub fn put(&mut self, name: &str, now: SimTime) {
        if self.alarms.contains_key(name) {
            return;
        }
        let members = [
            ("AlarmDescription", Value::from("Too many failed requests")),
            ("MetricName", Value::from("HTTPCode_Target_5XX_Count")),
            ("Namespace", Value::from("AWS/ApplicationELB")),
            ("Statistic", Value::from("Sum")),
            ("Period", Value::from(60)),
            ("EvaluationPeriods", Value::from(1)),
            ("Threshold", Value::from(10.0)),
            ("ComparisonOperator", Value::from("GreaterThanThreshold")),
            ("TreatMissingData", Value::from("notBreaching")),
        ];
        let members = members
            .into_iter()
            .map(|(member, value)| (member.to_owned(), value))
            .collect();
        self.define(name, members, now);
        if let Some(alarm) = self.alarms.get_mut(name) {
            alarm.state = AlarmState::Ok;
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint \
             was treated as [NonBreaching]."
                .clone_into(&mut alarm.reason);
        }
    }

    /// Adds an alarm, or changes what it watches: then its state stays.
    pub fn define(&mut self, name: &str, members: Map<String, Value>, now: SimTime) {
        if let Some(alarm) = self.alarms.get_mut(name) {
            alarm.members = members;
            alarm.configured_at = now;
            return;
        }
        self.alarms.insert(
            name.to_owned(),
            Alarm {
                name: name.to_owned(),
                members,
                state: AlarmState::InsufficientData,
                reason: "Unchecked: Initial alarm creation".to_owned(),
                reason_data: None,
                configured_at: now,
                updated_at: now,
                changed_at: now,
            },
        );
    }

    /// The alarm of this name.
    pub fn get(&self, name: &str) -> Option<&Alarm> {
        self.alarms.get(name)
    }

    /// All alarms in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Alarm> {
        self.alarms.values()
    }

    /// Sets the state of an alarm; says whether it became another one.
    fn set(&mut self, name: &str, state: AlarmState, reason: &str, now: SimTime) -> bool {
        let Some(alarm) = self.alarms.get_mut(name) else {
            return false;
        };
        let changes = alarm.state != state;
        alarm.state = state;
        reason.clone_into(&mut alarm.reason);
        alarm.reason_data = None;
        alarm.updated_at = now;
        if changes {
            alarm.changed_at = now;
        }
        changes
    }

    /// Keeps what programs are told about the state of an alarm.
    pub fn set_reason_data(&mut self, name: &str, data: &str) {
        if let Some(alarm) = self.alarms.get_mut(name) {
            alarm.reason_data = Some(data.to_owned());
        }
    }
}

impl Region {
    /// Sets the state of an alarm and lets the engine see it when it became another one. An alarm
    /// that isn't there has no state.
    pub fn set_alarm_state(&mut self, name: &str, state: AlarmState, reason: &str) {
        let now = self.ecs.now;
        if self.alarms.set(name, state, reason, now) {
            self.ecs.queue.push(now, Event::AlarmChanged);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::world::World;

    #[test]
    fn a_new_alarm_has_no_data_until_somebody_sets_it() {
        let mut world = World::new(1, SimTime(5));
        let region = world.region_mut("1", "r");
        region.alarms.define("errors", Map::new(), SimTime(5));
        let alarm = region.alarms.get("errors").unwrap();
        assert_eq!(alarm.state, AlarmState::InsufficientData);
        assert!(!region.alarms.is_firing("errors"));
        region.set_alarm_state("errors", AlarmState::Alarm, "too many");
        assert!(region.alarms.is_firing("errors"));
        assert_eq!(region.alarms.get("errors").unwrap().reason, "too many");
        assert_eq!(
            region.ecs.queue.pop_due(SimTime(5)),
            Some((SimTime(5), Event::AlarmChanged))
        );
    }

    #[test]
    fn the_same_state_again_is_no_change() {
        let mut world = World::new(1, SimTime(5));
        let region = world.region_mut("1", "r");
        region.alarms.put("errors", SimTime(5));
        region.set_alarm_state("errors", AlarmState::Ok, "still fine");
        region.set_alarm_state("nothing", AlarmState::Alarm, "no such alarm");
        assert_eq!(region.ecs.queue.pop_due(SimTime(5)), None);
        assert_eq!(region.alarms.get("errors").unwrap().reason, "still fine");
        assert!(!region.alarms.is_firing("nothing"));
    }

    #[test]
    fn words_mean_states() {
        assert_eq!(AlarmState::from_word("ALARM"), Some(AlarmState::Alarm));
        assert_eq!(AlarmState::from_word("alarm"), None);
    }
}
