//! From the SDK's types to the domain's, one file a subject.
//!
//! Unknown enum values keep their names. An item without the field that names it is skipped with a
//! warning and never fails its list. Text is stripped of control characters here, at the door.

pub(super) mod alarms;
mod app_spec;
pub(super) mod cluster;
pub(super) mod codedeploy;
mod lifecycle;
pub(super) mod load_balancers;
pub(super) mod logs;
pub(super) mod pipelines;
pub(super) mod service;
pub(super) mod service_deployment;
pub(super) mod task;
pub(super) mod task_definition;

use aws_sdk_ecs::types::Failure as SdkFailure;
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use crate::domain::text::printable;

/// Converts the items of a list and skips those that cannot be.
pub(super) fn collect<S, D>(items: &[S], convert: impl Fn(&S) -> Option<D>) -> Vec<D> {
    let converted: Vec<D> = items.iter().filter_map(convert).collect();
    let skipped = items.len() - converted.len();
    if skipped > 0 {
        let kind = std::any::type_name::<S>();
        let name = kind.rsplit("::").next().unwrap_or(kind);
        tracing::warn!("skipped {skipped} {name} without the field that names it");
    }
    converted
}

/// What a Describe call did not find: the ARN, and the reason with its detail.
pub(super) fn missing(failures: &[SdkFailure]) -> Vec<(String, String)> {
    let reason = |failure: &SdkFailure| match (failure.reason(), failure.detail()) {
        (Some(reason), Some(detail)) => printable(&format!("{reason}: {detail}")),
        (Some(text), None) | (None, Some(text)) => printable(text),
        (None, None) => "no reason given".to_owned(),
    };
    failures
        .iter()
        .map(|failure| {
            let arn = printable(failure.arn().unwrap_or_default());
            (arn, reason(failure))
        })
        .collect()
}

/// Optional text, made printable; blank text counts as none.
fn text(value: Option<&str>) -> Option<String> {
    let clean = printable(value?.trim());
    (!clean.is_empty()).then_some(clean)
}

/// Optional text that AWS always sends; empty where an endpoint leaves it out.
fn text_or_empty(value: Option<&str>) -> String {
    text(value).unwrap_or_default()
}

/// A count; a negative one, which makes no sense, is 0.
pub(super) fn count(value: i32) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

/// A point in time, to the millisecond: AWS sends seconds with a fraction, and what a binary
/// fraction adds beyond that is noise. `None` outside what can be represented.
fn time(value: Option<&DateTime>) -> Option<Timestamp> {
    let value = value?;
    let fraction = i64::from(value.subsec_nanos().saturating_add(500_000) / 1_000_000);
    let milliseconds = value.secs().checked_mul(1_000)?.checked_add(fraction)?;
    Timestamp::from_millisecond(milliseconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_right_to_the_millisecond_and_nonsense_is_none() {
        let value = DateTime::from_secs_and_nanos(1_700_000_000, 249_999_952);
        assert_eq!(
            time(Some(&value)),
            Timestamp::from_millisecond(1_700_000_000_250).ok()
        );
        assert_eq!(time(Some(&DateTime::from_secs(i64::MAX))), None);
        assert_eq!(time(None), None);
    }

    #[test]
    fn text_is_printable_and_never_blank() {
        assert_eq!(text(Some("a\u{1b}[2Jb")), Some("ab".into()));
        assert_eq!(text(Some("  ")), None);
        assert_eq!(text(None), None);
    }

    #[test]
    fn counts_are_never_negative() {
        assert_eq!((count(3), count(-1)), (3, 0));
    }

    #[test]
    fn what_is_missing_says_why() {
        let failure = |reason: &str, detail: Option<&str>| {
            SdkFailure::builder()
                .arn("arn")
                .reason(reason)
                .set_detail(detail.map(str::to_owned))
                .build()
        };
        assert_eq!(
            missing(&[failure("MISSING", None), failure("X", Some("why"))]),
            [
                ("arn".to_owned(), "MISSING".to_owned()),
                ("arn".to_owned(), "X: why".to_owned())
            ]
        );
    }

    #[test]
    fn a_list_keeps_what_can_be_converted() {
        assert_eq!(collect(&[1, -1, 2], |n| u32::try_from(*n).ok()), [1, 2]);
    }
}
