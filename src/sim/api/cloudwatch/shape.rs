//! The inputs of the operations, as the service model describes them.

use crate::sim::api::ecs::shape::Shape::{Flag, List, Number, Structure, Text, Whole, Words};
use crate::sim::api::ecs::shape::{Member, may, must};

const STATES: &[&str] = &["OK", "ALARM", "INSUFFICIENT_DATA"];

const STATISTICS: &[&str] = &["SampleCount", "Average", "Sum", "Minimum", "Maximum"];

const UNITS: &[&str] = &[
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
    "None",
];

const OPERATORS: &[&str] = &[
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
];

const DIMENSION: &[Member] = &[must("Name", Text), must("Value", Text)];

const TAG: &[Member] = &[must("Key", Text), must("Value", Text)];

const METRIC: &[Member] = &[
    may("Namespace", Text),
    may("MetricName", Text),
    may("Dimensions", List(&Structure(DIMENSION))),
];

const METRIC_STAT: &[Member] = &[
    must("Metric", Structure(METRIC)),
    must("Period", Whole),
    must("Stat", Text),
    may("Unit", Words(UNITS)),
];

const METRIC_QUERY: &[Member] = &[
    must("Id", Text),
    may("MetricStat", Structure(METRIC_STAT)),
    may("Expression", Text),
    may("Label", Text),
    may("ReturnData", Flag),
    may("Period", Whole),
    may("AccountId", Text),
];

const WINDOW: &[Member] = &[
    may("WallClockWindow", Structure(&[may("Timezone", Text)])),
    may("SlidingWindow", Structure(&[])),
];

const WARM_UP: &[Member] = &[
    must("WarmUpPeriodDurationInMinutes", Whole),
    may("OnlyStartEvaluatingAfterWarmUpPeriodEnds", Flag),
];

const CRITERIA: &[Member] = &[may("PromQLCriteria", Structure(PROMQL))];

const PROMQL: &[Member] = &[
    must("Query", Text),
    may("PendingPeriod", Whole),
    may("RecoveryPeriod", Whole),
];

const ACTION: &[Member] = &[may("AlarmTagsPropagation", Structure(PROPAGATION))];

const PROPAGATION: &[Member] = &[
    must("Enabled", Flag),
    may("IncludedTagKeys", List(&Text)),
    may("ExcludedTagKeys", List(&Text)),
];

/// `DescribeAlarms`.
pub const DESCRIBE_ALARMS: &[Member] = &[
    may("AlarmNames", List(&Text)),
    may("AlarmNamePrefix", Text),
    may(
        "AlarmTypes",
        List(&Words(&["CompositeAlarm", "MetricAlarm", "LogAlarm"])),
    ),
    may("ChildrenOfAlarmName", Text),
    may("ParentsOfAlarmName", Text),
    may("StateValue", Words(STATES)),
    may("ActionPrefix", Text),
    may("MaxRecords", Whole),
    may("NextToken", Text),
];

/// `PutMetricAlarm`.
pub const PUT_METRIC_ALARM: &[Member] = &[
    must("AlarmName", Text),
    may("AlarmDescription", Text),
    may("ActionsEnabled", Flag),
    may("OKActions", List(&Text)),
    may("AlarmActions", List(&Text)),
    may("InsufficientDataActions", List(&Text)),
    may("MetricName", Text),
    may("Namespace", Text),
    may("Statistic", Words(STATISTICS)),
    may("ExtendedStatistic", Text),
    may("Dimensions", List(&Structure(DIMENSION))),
    may("Period", Whole),
    may("Unit", Words(UNITS)),
    may("EvaluationPeriods", Whole),
    may("DatapointsToAlarm", Whole),
    may("Threshold", Number),
    may("ComparisonOperator", Words(OPERATORS)),
    may("TreatMissingData", Text),
    may("EvaluateLowSampleCountPercentile", Text),
    may("Metrics", List(&Structure(METRIC_QUERY))),
    may("Tags", List(&Structure(TAG))),
    may("ThresholdMetricId", Text),
    may("EvaluationWindow", Structure(WINDOW)),
    may("WarmUpConfiguration", Structure(WARM_UP)),
    may("EvaluationCriteria", Structure(CRITERIA)),
    may("EvaluationInterval", Whole),
    may("ActionConfiguration", Structure(ACTION)),
];

/// `SetAlarmState`.
pub const SET_ALARM_STATE: &[Member] = &[
    must("AlarmName", Text),
    must("StateValue", Words(STATES)),
    must("StateReason", Text),
    may("StateReasonData", Text),
];
