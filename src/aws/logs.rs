//! Log lines of a time, page by page: `FilterLogEvents`.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::Aws;
use super::budget::Group;
use super::call::{Operation, Pages};
use super::convert::logs::log_line;
use crate::domain::failure::Failure;
use crate::domain::logs::{Delivery, LogLine, StreamName};

const FILTER: Operation = Operation::new("logs:FilterLogEvents", Group::LogReads);

/// Which streams of a group are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamPart {
    /// Streams by their whole names, at most a hundred. AWS refuses the call when one of them does
    /// not exist.
    Names(Vec<String>),
    /// Streams whose names begin like this.
    Prefix(String),
}

/// What is read of a log group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogReading {
    /// The Region; `None` is the context's.
    pub region: Option<String>,
    /// The log group.
    pub group: String,
    /// Which streams.
    pub part: StreamPart,
    /// Lines that carry this time or a later one, to the millisecond.
    pub from: Timestamp,
    /// Lines that carry this time or an earlier one; `None` for all later ones.
    pub until: Option<Timestamp>,
    /// Whether the newest lines come first. AWS wants `from` not to be before 2024 then.
    pub newest_first: bool,
    /// The token of the page; `None` for the first one.
    pub token: Option<String>,
    /// The number of the reading.
    pub delivery: Delivery,
}

/// A page of lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogPage {
    /// Its lines, the earliest first whichever page comes first. AWS searches a limited range at a
    /// time, so that there may be none although others follow.
    pub lines: Vec<LogLine>,
    /// The token of the next page; `None` when this is the last one.
    pub next: Option<String>,
}

impl Aws {
    /// Reads a page of at most 10,000 lines or 1 MB.
    pub async fn log_page(&self, reading: &LogReading) -> Result<LogPage, Failure> {
        let mut pages = Pages::after(FILTER, reading.token.clone());
        let answer = self.call(FILTER, |clients| {
            let client = clients.logs(reading.region.as_deref());
            let request = client.filter_log_events().log_group_name(&reading.group);
            let request = match &reading.part {
                StreamPart::Names(names) => request.set_log_stream_names(Some(names.clone())),
                StreamPart::Prefix(prefix) => request.log_stream_name_prefix(prefix),
            };
            request
                .start_time(reading.from.as_millisecond())
                .set_end_time(reading.until.map(Timestamp::as_millisecond))
                .set_start_from_head(reading.newest_first.then_some(false))
                .set_next_token(reading.token.clone())
                .send()
        });
        let answer = answer.await?;
        pages.more(answer.next_token)?;
        let mut known: HashMap<String, Arc<StreamName>> = HashMap::new();
        let events = answer.events.unwrap_or_default().into_iter();
        let in_order = events.filter_map(|event| {
            let name = event.log_stream_name()?;
            let stream = match known.get(name) {
                Some(stream) => Arc::clone(stream),
                None => {
                    let stream = Arc::new(reading.stream(name));
                    known.insert(name.to_owned(), Arc::clone(&stream));
                    stream
                }
            };
            log_line(event, &stream, reading.delivery)
        });
        let mut lines: Vec<LogLine> = in_order.collect();
        if reading.newest_first {
            // Lines of the same millisecond keep their order.
            lines.reverse();
        }
        Ok(LogPage {
            lines,
            next: pages.token(),
        })
    }
}

impl LogReading {
    fn stream(&self, name: &str) -> StreamName {
        StreamName {
            region: self.region.clone(),
            group: self.group.clone(),
            stream: name.to_owned(),
        }
    }
}
