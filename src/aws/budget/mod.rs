//! The budget of calls: one token bucket for each group of operations that AWS counts together.
//!
//! AWS throttles by account and Region, and deploy tools share the same buckets. Cutover stays at
//! about half of what AWS documents (ECS API reference, request throttling), so that watching never
//! takes a deployment's calls away.

mod bucket;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Mutex;
use std::time::{Duration, Instant};

pub use bucket::{Bucket, Pace};

use super::locked;

/// A group of operations that AWS counts together.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// `ListClusters`, `DescribeClusters`. AWS: 50 at once, 20 a second.
    ClusterReads,
    /// `ListServices`, `DescribeServices`. AWS: 100 at once, 20 a second.
    ServiceReads,
    /// Service deployments and service revisions.
    ServiceDeploymentReads,
    /// `ListTasks`, `DescribeTasks`.
    TaskReads,
    /// Task definitions and their families.
    TaskDefinitionReads,
    /// `FilterLogEvents`. AWS: 5 a second in most Regions.
    LogReads,
    /// `StartLiveTail`. AWS names no number for it. What a session did not bring is read with
    /// `FilterLogEvents`, which must not go slower because sessions are throttled.
    LiveTails,
    /// Everything read of CodeDeploy. AWS publishes no numbers for it.
    CodeDeployReads,
    /// Everything read of CodePipeline. AWS publishes no numbers for it. Tools that asked for fifty
    /// pipelines at once, or for a hundred and sixty in a row, were throttled.
    PipelineReads,
    /// Rules, listeners, target groups and target health.
    LoadBalancerReads,
    /// `DescribeAlarms`. AWS: 9 a second.
    AlarmReads,
    /// `DescribeImages` of ECR. AWS names no number for it in the API reference.
    ImageReads,
    /// `DescribeScalableTargets`. AWS publishes no numbers for it.
    ScalingReads,
    /// `GetCallerIdentity`.
    IdentityReads,
    /// Everything that changes something. A budget of its own: it never waits behind reads.
    Mutations,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 15] = [
        Self::ClusterReads,
        Self::ServiceReads,
        Self::ServiceDeploymentReads,
        Self::TaskReads,
        Self::TaskDefinitionReads,
        Self::LogReads,
        Self::LiveTails,
        Self::CodeDeployReads,
        Self::PipelineReads,
        Self::LoadBalancerReads,
        Self::AlarmReads,
        Self::ImageReads,
        Self::ScalingReads,
        Self::IdentityReads,
        Self::Mutations,
    ];

    fn pace(self) -> Pace {
        let (burst, per_second) = match self {
            Self::ClusterReads | Self::TaskDefinitionReads | Self::ServiceDeploymentReads => {
                (25.0, 10.0)
            }
            Self::ServiceReads | Self::TaskReads => (50.0, 10.0),
            Self::LogReads => (5.0, 2.5),
            Self::CodeDeployReads | Self::PipelineReads | Self::LoadBalancerReads => (10.0, 5.0),
            Self::AlarmReads => (4.0, 2.0),
            Self::LiveTails | Self::ScalingReads | Self::IdentityReads => (5.0, 1.0),
            Self::ImageReads | Self::Mutations => (10.0, 2.0),
        };
        Pace { burst, per_second }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClusterReads => "cluster reads",
            Self::ServiceReads => "service reads",
            Self::ServiceDeploymentReads => "service-deployment reads",
            Self::TaskReads => "task reads",
            Self::TaskDefinitionReads => "task-definition reads",
            Self::LogReads => "log reads",
            Self::LiveTails => "Live Tail sessions",
            Self::CodeDeployReads => "CodeDeploy reads",
            Self::PipelineReads => "CodePipeline reads",
            Self::LoadBalancerReads => "load-balancer reads",
            Self::AlarmReads => "alarm reads",
            Self::ImageReads => "image reads",
            Self::ScalingReads => "autoscaling reads",
            Self::IdentityReads => "identity reads",
            Self::Mutations => "changes",
        })
    }
}

/// Who goes first where calls of a group wait for each other.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub enum Urgency {
    /// What somebody looks at or acts on.
    #[default]
    Now,
    /// What can wait: it leaves a part of each bucket to the others, and never stands in their way.
    Spare,
}

/// A group that goes slower because AWS throttled it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Slowed {
    /// The group.
    pub group: Group,
    /// How long until it goes at full pace again, if no other throttle comes.
    pub left: Duration,
}

/// How much is asked of AWS.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Meter {
    /// Calls sent in the last 60 seconds.
    pub calls_last_minute: usize,
    /// The groups that a throttle has slowed.
    pub slowed: Vec<Slowed>,
}

/// The window of the meter.
const MINUTE: Duration = Duration::from_mins(1);

struct Line {
    group: Group,
    /// Held while waiting for a token: first come, first served, and a waiter that gives up takes
    /// no token with it.
    queue: tokio::sync::Mutex<()>,
    /// The same for calls that can wait.
    spare_queue: tokio::sync::Mutex<()>,
    bucket: Mutex<Bucket>,
}

/// The buckets of one account and Region.
pub struct Budget {
    origin: Instant,
    lines: Vec<Line>,
    calls: Mutex<VecDeque<Duration>>,
}

impl Default for Budget {
    fn default() -> Self {
        let line = |group: Group| Line {
            group,
            queue: tokio::sync::Mutex::new(()),
            spare_queue: tokio::sync::Mutex::new(()),
            bucket: Mutex::new(Bucket::new(group.pace())),
        };
        Self {
            origin: Instant::now(),
            lines: Group::ALL.into_iter().map(line).collect(),
            calls: Mutex::default(),
        }
    }
}

impl Budget {
    /// Waits until the group may make a call, and counts it.
    pub async fn admit(&self, group: Group, urgency: Urgency) {
        if let Some(line) = self.line(group) {
            let queue = match urgency {
                Urgency::Now => &line.queue,
                Urgency::Spare => &line.spare_queue,
            };
            let _turn = queue.lock().await;
            while let Err(wait) = self.take(line, urgency) {
                tokio::time::sleep(wait).await;
            }
        }
        let now = self.now();
        let mut calls = locked(&self.calls);
        calls.push_back(now);
        forget_old(&mut calls, now);
    }

    fn take(&self, line: &Line, urgency: Urgency) -> Result<(), Duration> {
        let (mut bucket, now) = (locked(&line.bucket), self.now());
        match urgency {
            Urgency::Now => bucket.take(now),
            Urgency::Spare => bucket.take_spare(now),
        }
    }

    /// Takes note that AWS throttled a call of the group.
    pub fn throttled(&self, group: Group) {
        if let Some(line) = self.line(group) {
            locked(&line.bucket).throttled(self.now());
            tracing::warn!("AWS throttles {group}: going at half the pace");
        }
    }

    /// The calls of the last minute and the groups that go slower.
    pub fn meter(&self) -> Meter {
        let now = self.now();
        let mut calls = locked(&self.calls);
        forget_old(&mut calls, now);
        let slowed = |line: &Line| {
            let left = locked(&line.bucket).slowed_for(now)?;
            Some(Slowed {
                group: line.group,
                left,
            })
        };
        Meter {
            calls_last_minute: calls.len(),
            slowed: self.lines.iter().filter_map(slowed).collect(),
        }
    }

    fn line(&self, group: Group) -> Option<&Line> {
        self.lines.iter().find(|line| line.group == group)
    }

    fn now(&self) -> Duration {
        self.origin.elapsed()
    }
}

fn forget_old(calls: &mut VecDeque<Duration>, now: Duration) {
    while calls.front().is_some_and(|at| *at + MINUTE <= now) {
        calls.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meter_forgets_calls_after_a_minute() {
        let mut calls = VecDeque::from([Duration::from_secs(1), Duration::from_secs(30)]);
        forget_old(&mut calls, Duration::from_secs(61));
        assert_eq!(calls, [Duration::from_secs(30)]);
    }

    #[tokio::test]
    async fn calls_are_counted_and_a_throttle_shows() {
        let budget = Budget::default();
        budget.admit(Group::ServiceReads, Urgency::Now).await;
        budget.admit(Group::Mutations, Urgency::Now).await;
        assert_eq!(budget.meter().calls_last_minute, 2);
        assert_eq!(budget.meter().slowed, []);
        budget.throttled(Group::ServiceReads);
        let slowed = budget.meter().slowed;
        assert_eq!(slowed.len(), 1);
        assert_eq!(slowed[0].group, Group::ServiceReads);
        assert!(slowed[0].left > Duration::from_secs(50));
    }

    #[tokio::test]
    async fn a_change_does_not_wait_behind_reads() {
        let budget = Budget::default();
        for _ in 0..5 {
            budget.admit(Group::LogReads, Urgency::Now).await;
        }
        budget.throttled(Group::LogReads);
        let before = Instant::now();
        budget.admit(Group::Mutations, Urgency::Now).await;
        assert!(before.elapsed() < Duration::from_millis(200));
    }

    #[tokio::test]
    async fn what_somebody_waits_for_does_not_stand_behind_a_sweep() {
        let budget = Budget::default();
        let sweep = async {
            for _ in 0..50 {
                budget.admit(Group::ServiceReads, Urgency::Spare).await;
            }
        };
        let looking = async {
            // The sweep has taken all that it may by the time that this is polled.
            budget.admit(Group::ServiceReads, Urgency::Now).await;
        };
        tokio::select! {
            biased;
            () = sweep => panic!("the sweep went through at once"),
            () = looking => {}
        }
        let calls = budget.meter().calls_last_minute;
        assert!((38..45).contains(&calls), "{calls} calls");
    }

    #[test]
    fn every_group_stays_below_what_aws_allows() {
        for group in Group::ALL {
            let pace = group.pace();
            assert!(pace.burst <= 50.0 && pace.per_second <= 10.0, "{group}");
        }
    }
}
