//! Alarms: a hundred a call, whatever they watch.

use aws_sdk_cloudwatch::types::AlarmType;

use super::Aws;
use super::answer::Found;
use super::budget::Group;
use super::call::{Operation, Pages};
use super::convert::alarms::{composite_alarm, log_alarm, metric_alarm};
use super::convert::collect;
use crate::domain::alarm::Alarm;
use crate::domain::failure::Failure;

const DESCRIBE: Operation = Operation::new("cloudwatch:DescribeAlarms", Group::AlarmReads);

/// AWS's limit of names in `DescribeAlarms`, which is also that of alarms in an answer.
const BATCH: usize = 100;
const PAGE: i32 = 100;

/// Everything that can fire.
const TYPES: [AlarmType; 3] = [
    AlarmType::MetricAlarm,
    AlarmType::CompositeAlarm,
    AlarmType::LogAlarm,
];

impl Aws {
    /// Alarms by their names. CloudWatch leaves out those that are not there.
    pub async fn alarms(&self, names: &[String]) -> Result<Found<Alarm>, Failure> {
        let mut found = Found::default();
        for batch in names.chunks(BATCH) {
            self.describe_alarms(batch, &mut found.items).await?;
        }
        found.missing = names
            .iter()
            .filter(|name| !found.items.iter().any(|alarm| alarm.name == **name))
            .map(|name| (name.clone(), "not found".to_owned()))
            .collect();
        Ok(found)
    }

    async fn describe_alarms(
        &self,
        names: &[String],
        into: &mut Vec<Alarm>,
    ) -> Result<(), Failure> {
        let mut pages = Pages::of(DESCRIBE);
        loop {
            let token = pages.token();
            let answer = self
                .call(DESCRIBE, |clients| {
                    let request = clients.alarms.describe_alarms();
                    let request = request.set_alarm_names(Some(names.to_vec()));
                    // Without the types only alarms on metrics are answered.
                    let request = request.set_alarm_types(Some(TYPES.to_vec()));
                    let request = request.max_records(PAGE);
                    request.set_next_token(token).send()
                })
                .await?;
            into.extend(collect(answer.metric_alarms(), metric_alarm));
            into.extend(collect(answer.composite_alarms(), composite_alarm));
            into.extend(collect(answer.log_alarms(), log_alarm));
            if !pages.more(answer.next_token)? {
                return Ok(());
            }
        }
    }
}
