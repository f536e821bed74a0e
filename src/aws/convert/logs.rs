//! Log lines.

use std::sync::Arc;

use aws_sdk_cloudwatchlogs::types::{FilteredLogEvent, LiveTailSessionLogEvent};
use jiff::Timestamp;

use crate::domain::logs::{Delivery, EventId, LogLine, StreamName};
use crate::domain::text::printable_lines;

/// Converts an event of a stream that was read; `None` without a time.
pub(in crate::aws) fn log_line(
    source: FilteredLogEvent,
    stream: &Arc<StreamName>,
    delivery: Delivery,
) -> Option<LogLine> {
    Some(LogLine {
        event: source.event_id().map(EventId::of),
        delivery,
        at: time(source.timestamp)?,
        ingested_at: time(source.ingestion_time),
        stream: Arc::clone(stream),
        message: message(source.message),
    })
}

/// Converts an event of a Live Tail session; `None` without a time.
pub(in crate::aws) fn live_line(
    source: LiveTailSessionLogEvent,
    stream: &Arc<StreamName>,
    delivery: Delivery,
) -> Option<LogLine> {
    Some(LogLine {
        event: None,
        delivery,
        at: time(source.timestamp)?,
        ingested_at: time(source.ingestion_time),
        stream: Arc::clone(stream),
        message: message(source.message),
    })
}

fn time(milliseconds: Option<i64>) -> Option<Timestamp> {
    Timestamp::from_millisecond(milliseconds?).ok()
}

/// Both ways give the same text for the same event.
fn message(text: Option<String>) -> String {
    printable_lines(text.unwrap_or_default().trim_end())
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
        let line = log_line(event, &stream(), Delivery(1)).unwrap();
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
    fn a_live_line_is_the_same_line_without_an_id() {
        let live = LiveTailSessionLogEvent::builder()
            .log_stream_name("web/app/abc")
            .timestamp(1_500)
            .ingestion_time(1_700)
            .message("GET /\u{1b}[0m 200\n")
            .build();
        let line = live_line(live, &stream(), Delivery(7)).unwrap();
        assert_eq!((line.event, line.delivery), (None, Delivery(7)));
        assert_eq!(line.message, "GET / 200");
        assert_eq!(line.ingested_at, Timestamp::from_millisecond(1_700).ok());
    }

    #[test]
    fn a_stack_trace_keeps_its_lines() {
        let event = FilteredLogEvent::builder()
            .timestamp(1)
            .message("panic\n\tat main\r\n")
            .build();
        let line = log_line(event, &stream(), Delivery(1)).unwrap();
        assert_eq!(line.message, "panic\n at main");
    }
}
