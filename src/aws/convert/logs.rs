//! Log lines.

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use jiff::Timestamp;

use crate::domain::logs::{LogLine, stream_parts};
use crate::domain::text::printable;

/// Converts an event; `None` without a stream or a time.
pub(in crate::aws) fn log_line(source: &FilteredLogEvent) -> Option<LogLine> {
    let stream = source.log_stream_name()?;
    let milliseconds = source.timestamp()?;
    let message = printable(source.message().unwrap_or_default().trim_end());
    let (container, task) = stream_parts(stream);
    Some(LogLine {
        // An endpoint that gives no id still must not show a line twice.
        id: source.event_id().map_or_else(
            || format!("{stream} {milliseconds} {message}"),
            str::to_owned,
        ),
        at: Timestamp::from_millisecond(milliseconds).ok()?,
        container: printable(container),
        task: printable(task),
        message,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_knows_its_container_and_task() {
        let event = FilteredLogEvent::builder()
            .log_stream_name("web/app/abc")
            .timestamp(1_500)
            .message("GET /\u{1b}[0m 200\n")
            .event_id("e1")
            .build();
        let line = log_line(&event).unwrap();
        assert_eq!(
            (line.container.as_str(), line.task.as_str()),
            ("app", "abc")
        );
        assert_eq!(line.message, "GET / 200");
        assert_eq!(line.at, Timestamp::from_millisecond(1_500).unwrap());
        assert_eq!(line.id, "e1");
    }

    #[test]
    fn lines_without_ids_are_told_apart_by_what_they_say() {
        let event = |message: &str| {
            FilteredLogEvent::builder()
                .log_stream_name("web/app/abc")
                .timestamp(1)
                .message(message)
                .build()
        };
        let id = |message| log_line(&event(message)).unwrap().id;
        assert_eq!(id("a"), id("a"));
        assert_ne!(id("a"), id("b"));
    }
}
