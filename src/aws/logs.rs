//! Log lines by polling `FilterLogEvents`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_sdk_cloudwatchlogs::operation::filter_log_events::FilterLogEventsOutput;
use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use jiff::Timestamp;

use super::Aws;
use super::answer::LogBatch;
use super::budget::Group;
use super::call::{Operation, Pages};
use super::convert::logs::log_line;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::logs::{LogLine, LogStreams, StreamName};

const FILTER: Operation = Operation::new("logs:FilterLogEvents", Group::LogReads);

/// AWS's limit of stream names in one call.
const NAMES: usize = 100;

/// Pages with lines that are read of one set of streams before the batch is handed out as cut. A
/// page holds up to 10,000 lines.
const MOST_FULL_PAGES: usize = 3;

/// Pages of any kind that are read of one set of streams. AWS searches a limited range at a time,
/// so that empty pages are normal.
const MOST_PAGES: usize = 30;

/// Which streams of a group one reading is about.
enum Reading<'a> {
    /// Streams by their whole names.
    Names(&'a [String]),
    /// Streams whose names begin like this.
    Prefix(&'a str),
}

/// What one reading gave.
#[derive(Default)]
struct Found {
    lines: Vec<LogLine>,
    /// The time up to which the lines are complete; `None` when nothing is left.
    complete_until: Option<Timestamp>,
}

impl Aws {
    /// The lines of some streams of one group since a time, oldest first. A stream or a group that
    /// does not exist becomes a note. When lines are left behind the last one, `cut` says so.
    pub async fn log_lines(
        &self,
        streams: &LogStreams,
        since: Timestamp,
    ) -> Result<LogBatch, Failure> {
        let mut batch = LogBatch::default();
        let mut complete_until = None;
        for names in streams.names.chunks(NAMES) {
            match self.lines_of(streams, names, since).await {
                Ok(found) => {
                    batch.lines.extend(found.lines);
                    complete_until = earlier(complete_until, found.complete_until);
                }
                Err(failure) if is_missing_group(&failure) => {
                    batch.notes.push(no_group(streams));
                    return Ok(batch);
                }
                Err(failure) if failure.kind == FailureKind::NotFound => {
                    let names = names.join(", ");
                    let note = format!("{names} has no lines yet in {}", streams.group);
                    batch.notes.push(note);
                }
                Err(failure) => return Err(failure),
            }
        }
        // The caller goes on from the last line: what lies behind a gap comes again then.
        if let Some(until) = complete_until {
            batch.cut = true;
            batch.lines.retain(|line| line.at <= until);
        }
        batch.lines.sort_by_key(|line| line.at);
        Ok(batch)
    }

    /// The lines of at most a hundred streams.
    ///
    /// AWS refuses a call that names a stream that does not exist, and a container has no stream
    /// before its first line. With several names the streams are then read by what their names
    /// begin with, which AWS never refuses, and those not asked for are left out.
    async fn lines_of(
        &self,
        streams: &LogStreams,
        names: &[String],
        since: Timestamp,
    ) -> Result<Found, Failure> {
        match self
            .read(streams, &Reading::Names(names), since, |_| true)
            .await
        {
            Err(failure)
                if failure.kind == FailureKind::NotFound
                    && !is_missing_group(&failure)
                    && names.len() > 1 => {}
            other => return other,
        }
        let asked: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        let mut all = Found::default();
        for prefix in prefixes(names) {
            let reading = Reading::Prefix(prefix);
            let wanted = |name: &str| asked.contains(name);
            let found = self.read(streams, &reading, since, wanted).await?;
            all.lines.extend(found.lines);
            all.complete_until = earlier(all.complete_until, found.complete_until);
        }
        Ok(all)
    }

    /// Reads page after page until nothing is left or the bounds are reached.
    async fn read(
        &self,
        streams: &LogStreams,
        reading: &Reading<'_>,
        since: Timestamp,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Found, Failure> {
        let mut lines = Vec::new();
        let mut full_pages = 0;
        let mut pages = Pages::of(FILTER);
        let mut complete_until = since;
        let mut known = BTreeMap::new();
        for _ in 0..MOST_PAGES {
            let answer = self.page(streams, reading, since, pages.token()).await?;
            let events = answer.events();
            if let Some(last) = events.last().and_then(time) {
                complete_until = last;
            }
            let before = lines.len();
            for event in events {
                let Some(name) = event.log_stream_name().filter(|name| wanted(name)) else {
                    continue;
                };
                let stream: &Arc<StreamName> = known
                    .entry(name.to_owned())
                    .or_insert_with(|| Arc::new(streams.stream(name)));
                lines.extend(log_line(event, stream));
            }
            full_pages += usize::from(lines.len() > before);
            if !pages.more(answer.next_token)? {
                return Ok(Found {
                    lines,
                    complete_until: None,
                });
            }
            if full_pages == MOST_FULL_PAGES {
                break;
            }
        }
        Ok(Found {
            lines,
            complete_until: Some(complete_until),
        })
    }

    async fn page(
        &self,
        streams: &LogStreams,
        reading: &Reading<'_>,
        since: Timestamp,
        token: Option<String>,
    ) -> Result<FilterLogEventsOutput, Failure> {
        self.call(FILTER, |clients| {
            let client = clients.logs(streams.region.as_deref());
            let request = client.filter_log_events().log_group_name(&streams.group);
            let request = match reading {
                Reading::Names(names) => request.set_log_stream_names(Some(names.to_vec())),
                Reading::Prefix(prefix) => request.log_stream_name_prefix(*prefix),
            };
            let request = request.start_time(since.as_millisecond());
            request.set_next_token(token).send()
        })
        .await
    }
}

fn time(event: &FilteredLogEvent) -> Option<Timestamp> {
    Timestamp::from_millisecond(event.timestamp()?).ok()
}

fn is_missing_group(failure: &Failure) -> bool {
    failure.kind == FailureKind::NotFound && failure.message.contains("group")
}

fn no_group(streams: &LogStreams) -> String {
    let region = streams.region.as_deref();
    let place = region.map_or_else(String::new, |region| format!(" in {region}"));
    format!("the log group {} does not exist{place}", streams.group)
}

/// What the names begin with, up to the last slash: `prefix/container/` of an `awslogs` stream.
fn prefixes(names: &[String]) -> BTreeSet<&str> {
    names
        .iter()
        .map(|name| {
            let end = name.rfind('/').map_or(name.len(), |slash| slash + 1);
            name.get(..end).unwrap_or(name)
        })
        .collect()
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_a_container_begin_alike() {
        let names = ["web/app/1", "web/app/2", "web/proxy/1", "odd"].map(str::to_owned);
        let found: Vec<&str> = prefixes(&names).into_iter().collect();
        assert_eq!(found, ["odd", "web/app/", "web/proxy/"]);
    }

    #[test]
    fn a_gap_counts_from_where_it_begins() {
        let at = |second| Timestamp::from_second(second).ok();
        assert_eq!(earlier(at(2), at(1)), at(1));
        assert_eq!(earlier(None, at(1)), at(1));
        assert_eq!(earlier(None, None), None);
    }
}
