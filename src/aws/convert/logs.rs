//! Log lines.

use std::sync::Arc;

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use jiff::Timestamp;

use crate::domain::logs::{EventId, LogLine, StreamName};
use crate::domain::text::printable_lines;

/// Converts an event of a stream; `None` without a time.
pub(in crate::aws) fn log_line(
    source: &FilteredLogEvent,
    stream: &Arc<StreamName>,
) -> Option<LogLine> {
    Some(LogLine {
        event: source.event_id().map(EventId::of),
        at: Timestamp::from_millisecond(source.timestamp()?).ok()?,
        ingested_at: source
            .ingestion_time()
            .and_then(|time| Timestamp::from_millisecond(time).ok()),
        stream: stream.clone(),
        message: printable_lines(source.message().unwrap_or_default().trim_end()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream() -> Arc<StreamName> {
        Arc::new(StreamName {
            region: None,
            group: "web".into(),
            stream: "web/app/abc".into(),
        })
    }

    #[test]
    fn a_line_knows_its_stream_its_times_and_its_id() {
        let event = FilteredLogEvent::builder()
            .log_stream_name("web/app/abc")
            .timestamp(1_500)
            .ingestion_time(1_700)
            .message("GET /\u{1b}[0m 200\n")
            .event_id("e1")
            .build();
        let line = log_line(&event, &stream()).unwrap();
        assert_eq!(
            (line.stream.container(), line.stream.task()),
            ("app", "abc")
        );
        assert_eq!(line.message, "GET / 200");
        assert_eq!(line.at, Timestamp::from_millisecond(1_500).unwrap());
        assert_eq!(line.ingested_at, Timestamp::from_millisecond(1_700).ok());
        assert_eq!(line.event, Some(EventId::of("e1")));
    }

    #[test]
    fn a_stack_trace_keeps_its_lines() {
        let event = FilteredLogEvent::builder()
            .timestamp(1)
            .message("panic\n\tat main\r\n")
            .build();
        let line = log_line(&event, &stream()).unwrap();
        assert_eq!(line.message, "panic\n at main");
    }
}
