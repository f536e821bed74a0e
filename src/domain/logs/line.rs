//! One log line, and the stream that it is in.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use jiff::Timestamp;

/// A log stream by its whole name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamName {
    /// The Region, where it is another one than the context's.
    pub region: Option<String>,
    /// The log group.
    pub group: String,
    /// The stream in the group; `prefix/container/task id` with the `awslogs` driver.
    pub stream: String,
}

impl StreamName {
    /// The container that the name tells; empty when it tells none.
    pub fn container(&self) -> &str {
        stream_parts(&self.stream).0
    }

    /// The task's id that the name tells.
    pub fn task(&self) -> &str {
        stream_parts(&self.stream).1
    }
}

/// What stands for `CloudWatch`'s id of an event. The ids themselves are longer than most lines.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(u64);

impl EventId {
    /// Stands for an id.
    pub fn of(id: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// What brought a line: one reading with `FilterLogEvents`, or one Live Tail session. Numbers are
/// never used twice in a run of the program.
///
/// Live Tail gives no ids of events. Two equal lines without an id are two lines if one delivery
/// brought both, and can be the same line if two deliveries brought one each; so can a line without
/// an id and an equal one with it. Of lines with ids, the ids alone tell.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Delivery(pub u32);

/// One line of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// The event's id, where the answer has one: Live Tail gives none.
    pub event: Option<EventId>,
    /// What brought it.
    pub delivery: Delivery,
    /// The time that the line carries.
    pub at: Timestamp,
    /// When `CloudWatch` took it in, where the answer tells.
    pub ingested_at: Option<Timestamp>,
    /// Where it is.
    pub stream: Arc<StreamName>,
    /// What it says, without control characters but for line breaks inside it.
    pub message: String,
}

impl LogLine {
    /// Tells whether a line was seen before.
    pub fn key(&self) -> EventId {
        self.event.unwrap_or_else(|| {
            let mut hasher = DefaultHasher::new();
            (&self.stream, self.at, &self.message).hash(&mut hasher);
            EventId(hasher.finish())
        })
    }
}

/// The container and the task id at the end of a stream's name.
pub fn stream_parts(stream: &str) -> (&str, &str) {
    let mut parts = stream.rsplit('/');
    let task = parts.next().unwrap_or_default();
    (parts.next().unwrap_or_default(), task)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_ends_in_container_and_task() {
        assert_eq!(stream_parts("ecs/app/one"), ("app", "one"));
        assert_eq!(stream_parts("a/b/app/one"), ("app", "one"));
        assert_eq!(stream_parts("plain"), ("", "plain"));
        assert_eq!(stream_parts(""), ("", ""));
    }
}
