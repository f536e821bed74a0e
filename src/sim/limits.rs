//! Token buckets as AWS documents them. They run on real time, because what they stand for is the
//! rate of real calls, however fast the simulated world moves.
//!
//! Sources: "Request throttling for the Amazon ECS API" in the ECS API reference, "CloudWatch Logs
//! quotas" in the CloudWatch Logs user guide, "IAM and AWS STS quotas" in the IAM user guide,
//! "Request throttling for the Elastic Load Balancing API" in the Elastic Load Balancing user
//! guide (all `Describe` operations share a bucket; what changes things is not limited here), and
//! "CloudWatch service quotas" in the CloudWatch user guide. The ECS page lists neither
//! `StopServiceDeployment` nor `ContinueServiceDeployment`; they count as service modify actions
//! here, and so do the changes of task sets. AWS publishes no rates for CodeDeploy and
//! CodePipeline, which have no buckets here; neither have ECR and Application Auto Scaling.

use std::collections::HashMap;
use std::time::Instant;

/// A group of operations that share a bucket.
#[derive(Copy, Clone, Debug, PartialEq)]
struct Quota {
    name: &'static str,
    /// Tokens in a full bucket: calls in a burst.
    capacity: f64,
    /// Tokens that come back each second.
    refill: f64,
}

const fn quota(name: &'static str, capacity: f64, refill: f64) -> Quota {
    Quota {
        name,
        capacity,
        refill,
    }
}

fn quota_of(service: &str, operation: &str) -> Option<Quota> {
    match service {
        "ecs" => ecs_quota(operation),
        "logs" => logs_quota(operation),
        "elasticloadbalancing" if operation.starts_with("Describe") => {
            Some(quota("load balancing read", 40.0, 10.0))
        }
        "monitoring" => alarms_quota(operation),
        "sts" => Some(quota("sts", 600.0, 600.0)),
        _ => None,
    }
}

fn ecs_quota(operation: &str) -> Option<Quota> {
    Some(match operation {
        "CreateCluster" | "DeleteCluster" | "UpdateCluster" => quota("cluster modify", 20.0, 1.0),
        "DescribeClusters" | "ListClusters" => quota("cluster read", 50.0, 20.0),
        "RegisterTaskDefinition" | "DeregisterTaskDefinition" => {
            quota("task definition modify", 20.0, 1.0)
        }
        "DescribeTaskDefinition" | "ListTaskDefinitions" | "ListTaskDefinitionFamilies" => {
            quota("task definition read", 50.0, 20.0)
        }
        "ListTagsForResource" => quota("tag read", 50.0, 20.0),
        "RunTask" | "StopTask" => quota("cluster resource modify", 100.0, 40.0),
        "DescribeTasks" | "ListTasks" => quota("cluster resource read", 100.0, 20.0),
        "CreateService"
        | "UpdateService"
        | "DeleteService"
        | "StopServiceDeployment"
        | "ContinueServiceDeployment"
        | "CreateTaskSet"
        | "UpdateTaskSet"
        | "DeleteTaskSet"
        | "UpdateServicePrimaryTaskSet" => quota("service modify", 50.0, 5.0),
        "DescribeServices" | "ListServices" | "DescribeTaskSets" => {
            quota("service read", 100.0, 20.0)
        }
        "DescribeServiceDeployments" | "ListServiceDeployments" => {
            quota("service deployment", 50.0, 20.0)
        }
        "DescribeServiceRevisions" => quota("service revision", 50.0, 20.0),
        _ => return None,
    })
}

fn logs_quota(operation: &str) -> Option<Quota> {
    Some(match operation {
        "CreateLogGroup" => quota("CreateLogGroup", 10.0, 10.0),
        "CreateLogStream" => quota("CreateLogStream", 50.0, 50.0),
        "PutLogEvents" => quota("PutLogEvents", 5000.0, 5000.0),
        "DescribeLogGroups" => quota("DescribeLogGroups", 10.0, 10.0),
        "DescribeLogStreams" => quota("DescribeLogStreams", 25.0, 25.0),
        "GetLogEvents" => quota("GetLogEvents", 25.0, 25.0),
        "FilterLogEvents" => quota("FilterLogEvents", 5.0, 5.0),
        _ => return None,
    })
}

fn alarms_quota(operation: &str) -> Option<Quota> {
    Some(match operation {
        "DescribeAlarms" => quota("DescribeAlarms", 9.0, 9.0),
        "PutMetricAlarm" => quota("PutMetricAlarm", 3.0, 3.0),
        "SetAlarmState" => quota("SetAlarmState", 3.0, 3.0),
        _ => return None,
    })
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

/// The buckets of every account and region that has called.
#[derive(Debug, Default)]
pub struct Limits {
    buckets: HashMap<(String, String, &'static str), Bucket>,
}

impl Limits {
    /// Takes a token for a call at the moment `now`. False means that the call is throttled.
    /// Operations that AWS names no quota for are never throttled.
    pub fn take(
        &mut self,
        account: &str,
        region: &str,
        service: &str,
        operation: &str,
        now: Instant,
    ) -> bool {
        let Some(quota) = quota_of(service, operation) else {
            return true;
        };
        let bucket = self
            .buckets
            .entry((account.to_owned(), region.to_owned(), quota.name))
            .or_insert(Bucket {
                tokens: quota.capacity,
                filled_at: now,
            });
        let passed = now
            .saturating_duration_since(bucket.filled_at)
            .as_secs_f64();
        bucket.tokens = (bucket.tokens + passed * quota.refill).min(quota.capacity);
        bucket.filled_at = bucket.filled_at.max(now);
        if bucket.tokens < 1.0 {
            return false;
        }
        bucket.tokens -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn burst(limits: &mut Limits, operation: &str, calls: usize, now: Instant) -> usize {
        (0..calls)
            .filter(|_| limits.take("1", "r", "ecs", operation, now))
            .count()
    }

    #[test]
    fn a_burst_empties_the_bucket_and_time_refills_it() {
        let mut limits = Limits::default();
        let start = Instant::now();
        assert_eq!(burst(&mut limits, "DescribeServices", 150, start), 100);
        let later = start + Duration::from_secs(2);
        assert_eq!(burst(&mut limits, "DescribeServices", 150, later), 40);
        let much_later = start + Duration::from_mins(10);
        assert_eq!(burst(&mut limits, "DescribeServices", 150, much_later), 100);
    }

    #[test]
    fn operations_of_a_group_share_a_bucket() {
        let mut limits = Limits::default();
        let now = Instant::now();
        assert_eq!(burst(&mut limits, "DescribeClusters", 30, now), 30);
        assert_eq!(burst(&mut limits, "ListClusters", 30, now), 20);
        assert_eq!(burst(&mut limits, "DescribeTasks", 1, now), 1);
    }

    #[test]
    fn reads_of_load_balancers_share_a_bucket_and_alarms_have_their_own() {
        let mut limits = Limits::default();
        let now = Instant::now();
        let mut taken = |service, operation, calls: usize| {
            (0..calls)
                .filter(|_| limits.take("1", "r", service, operation, now))
                .count()
        };
        assert_eq!(taken("elasticloadbalancing", "DescribeRules", 30), 30);
        assert_eq!(
            taken("elasticloadbalancing", "DescribeTargetHealth", 30),
            10
        );
        assert_eq!(taken("elasticloadbalancing", "ModifyRule", 30), 30);
        assert_eq!(taken("monitoring", "DescribeAlarms", 30), 9);
        assert_eq!(taken("monitoring", "SetAlarmState", 30), 3);
    }

    #[test]
    fn accounts_and_regions_do_not_share() {
        let mut limits = Limits::default();
        let now = Instant::now();
        assert_eq!(burst(&mut limits, "ListClusters", 60, now), 50);
        assert!(limits.take("1", "other", "ecs", "ListClusters", now));
        assert!(limits.take("2", "r", "ecs", "ListClusters", now));
        assert!(!limits.take("1", "r", "ecs", "ListClusters", now));
    }

    #[test]
    fn what_has_no_quota_is_never_throttled() {
        let mut limits = Limits::default();
        assert_eq!(
            burst(&mut limits, "NoSuchOperation", 1000, Instant::now()),
            1000
        );
    }
}
