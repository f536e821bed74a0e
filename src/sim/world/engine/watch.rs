//! The alarms of a service deployment: one that fires while it is under way fails it.

use serde_json::Value;

use super::timing;
use crate::sim::world::Region;
use crate::sim::world::deployment::{AlarmWatch, DeploymentSettings, ReleaseStatus};
use crate::sim::world::ids::ServiceNumber;
use crate::sim::world::service::Service;

impl DeploymentSettings {
    /// The names of the alarms that are watched; none when alarms are not in use.
    pub fn alarm_names(&self) -> impl Iterator<Item = &str> {
        let given = self.alarms.as_ref().filter(|_| self.alarm_flag("enable"));
        given
            .and_then(|alarms| alarms.get("alarmNames"))
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
    }

    /// A flag of the alarms, false when they are absent.
    pub fn alarm_flag(&self, name: &str) -> bool {
        let given = self.alarms.as_ref();
        given
            .and_then(|alarms| alarms.get(name))
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }
}

impl Region {
    /// The watch over a deployment that is made now: an alarm that already fires is ignored.
    pub(super) fn new_watch(&self, settings: &DeploymentSettings) -> AlarmWatch {
        AlarmWatch {
            ignored: settings
                .alarm_names()
                .filter(|name| self.alarms.is_firing(name))
                .map(str::to_owned)
                .collect(),
            ..AlarmWatch::default()
        }
    }

    /// Some alarm has changed: every deployment under way that it belongs to looks at it.
    pub(super) fn alarms_changed_for_services(&mut self) {
        let hit: Vec<(ServiceNumber, Vec<String>)> = self
            .ecs
            .services
            .values()
            .filter_map(|service| Some((service.number, self.firing(service)?)))
            .collect();
        for (number, names) in hit {
            self.alarms_fired(number, names);
        }
    }

    /// The alarms that fail the deployment of a service now.
    fn firing(&self, service: &Service) -> Option<Vec<String>> {
        let release = service.release()?;
        let watched = matches!(
            release.status,
            ReleaseStatus::Pending | ReleaseStatus::InProgress
        );
        let names: Vec<String> = release
            .settings
            .alarm_names()
            .filter(|_| watched)
            .filter(|name| !release.alarms.ignored.iter().any(|one| one == name))
            .filter(|name| self.alarms.is_firing(name))
            .map(str::to_owned)
            .collect();
        (!names.is_empty()).then_some(names)
    }

    fn alarms_fired(&mut self, number: ServiceNumber, names: Vec<String>) {
        let release = self
            .ecs
            .services
            .get_mut(&number)
            .and_then(Service::release_mut);
        let Some(release) = release else { return };
        let rolls_back = release.settings.alarm_flag("rollback");
        release.alarms.triggered = names;
        let reason = if rolls_back {
            "Service deployment rolled back because alarm(s) were detected."
        } else {
            "Service deployment stopped because alarm(s) were detected."
        };
        self.fail_release(number, reason, "alarm detected.", rolls_back);
    }

    /// Whether a rolling deployment whose tasks have all settled is still watched by alarms. It
    /// is for a while, which begins when this is first asked.
    pub(super) fn is_watched(&mut self, number: ServiceNumber) -> bool {
        let now = self.ecs.now;
        let release = self
            .ecs
            .services
            .get_mut(&number)
            .and_then(Service::release_mut);
        let Some(release) = release.filter(|one| {
            one.status == ReleaseStatus::InProgress
                && one.settings.alarm_names().next().is_some()
                && one.shift.is_none()
        }) else {
            return false;
        };
        let until = *release
            .alarms
            .watched_until
            .get_or_insert_with(|| now.plus_millis(timing::WATCH));
        if until > now {
            self.wake_at(number, until);
        }
        until > now
    }
}
