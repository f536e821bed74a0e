//! What is wrong with a release that is under way, each as a value with its words.

use super::reason::hook_failure;
use super::{Release, Side, StageLog};
use crate::domain::traffic::TargetHealth;

/// Shares that differ by no more than this are the same, in percent: weights are whole numbers.
const TOLERANCE: f64 = 1.0;
/// How long a load balancer may take to do what it was asked, in seconds.
const GRACE_SECONDS: i64 = 60;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Warning {
    /// The load balancer has not done for more than a minute what it was asked.
    TrafficDisagrees {
        /// Share of the production traffic that was asked for the new side, in percent.
        wanted: f64,
        /// Share that it really gets, in percent.
        real: f64,
    },
    /// Targets fail their health checks.
    UnhealthyTargets {
        /// Whether they are the new side's.
        new: bool,
        /// How many fail.
        unhealthy: u32,
        /// Of how many.
        of: u32,
    },
    /// A hook failed or nobody answered it; in words.
    HookFailed(String),
    /// An alarm fired for this release.
    AlarmFired(String),
    /// An alarm fired before it began, so that nobody watches with it.
    AlarmIgnored(String),
}

impl Warning {
    /// In one line.
    pub fn text(&self) -> String {
        match self {
            Self::TrafficDisagrees { wanted, real } => format!(
                "the new side really gets {real:.0} % of the traffic, not {wanted:.0} %, for more than a minute"
            ),
            Self::UnhealthyTargets { new, unhealthy, of } => {
                let side = if *new { "new" } else { "old" };
                format!("{unhealthy} of {of} {side} targets fail their health checks")
            }
            Self::HookFailed(text) => text.clone(),
            Self::AlarmFired(name) => format!("alarm {name} fired"),
            Self::AlarmIgnored(name) => {
                format!("alarm {name} fired before it began and is ignored for it")
            }
        }
    }
}

/// What is wrong with a release that is not over. `log` tells how long its weights have been wanted.
pub(super) fn warnings(release: &Release, log: Option<&StageLog>) -> Vec<Warning> {
    if release.status.is_over() {
        return Vec::new();
    }
    let hooks = release.hooks.iter().filter_map(hook_failure);
    let mut found: Vec<Warning> = hooks.map(Warning::HookFailed).collect();
    for alarm in &release.alarms {
        if alarm.triggered {
            found.push(Warning::AlarmFired(alarm.name.clone()));
        } else if alarm.already_firing {
            found.push(Warning::AlarmIgnored(alarm.name.clone()));
        }
    }
    found.extend(disagreement(release, log));
    let sides = [(true, &release.new), (false, &release.old)];
    found.extend(sides.into_iter().filter_map(|(new, side)| {
        let health = side.as_ref()?.targets?;
        unhealthy(new, health)
    }));
    found
}

fn disagreement(release: &Release, log: Option<&StageLog>) -> Option<Warning> {
    let (wanted, real) = shares(release.new.as_ref()?)?;
    let log = log?;
    let stood = log.last_seen()?.as_second() - log.weights_since()?.began.as_second();
    let disagrees = (wanted - real).abs() > TOLERANCE && stood > GRACE_SECONDS;
    disagrees.then_some(Warning::TrafficDisagrees { wanted, real })
}

fn shares(side: &Side) -> Option<(f64, f64)> {
    Some((side.production_percent?, side.production_real?))
}

fn unhealthy(new: bool, health: TargetHealth) -> Option<Warning> {
    (health.unhealthy > 0).then(|| Warning::UnhealthyTargets {
        new,
        unhealthy: health.unhealthy,
        of: health.wanted(),
    })
}
