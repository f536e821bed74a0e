//! Log lines by polling `FilterLogEvents`.

use std::time::{Duration, Instant};

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use jiff::Timestamp;

use super::Aws;
use super::answer::LogBatch;
use super::budget::Group;
use super::call::{Operation, Pages};
use super::convert::collect;
use super::convert::logs::log_line;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::logs::{LogLine, LogStreams};
use crate::domain::text::count;

const FILTER: Operation = Operation::new("logs:FilterLogEvents", Group::LogReads);

/// AWS's limit of stream names in one call.
const NAMES: usize = 100;

/// Pages read for one set of streams before the batch is handed out as cut. Empty pages count:
/// AWS searches a limited range at a time.
const MOST_PAGES: usize = 10;

/// Calls spent in one batch on finding which of the streams do not exist.
const MOST_SEARCHES: usize = 40;

/// How long a missing stream is not asked for again. A container's stream appears with its first
/// line.
const MISSING_FOR: Duration = Duration::from_secs(10);

impl Aws {
    /// The lines of some streams of one group since a time, oldest first. A stream or a group that
    /// does not exist becomes a note. When lines are left, `cut` says so.
    pub async fn log_lines(
        &self,
        streams: &LogStreams,
        since: Timestamp,
    ) -> Result<LogBatch, Failure> {
        let mut batch = LogBatch::default();
        let mut search = Search::new(&self.not_known_missing(streams));
        while let Some(names) = search.next() {
            match self.filter(streams, &names, since).await {
                Ok((lines, cut)) => {
                    batch.lines.extend(lines);
                    batch.cut |= cut;
                }
                Err(failure) if failure.kind != FailureKind::NotFound => return Err(failure),
                Err(failure) if failure.message.contains("group") => {
                    batch.notes.push(no_group(streams));
                    return Ok(batch);
                }
                Err(_) => {
                    if let Some(missing) = search.split(names) {
                        self.remember_missing(streams, missing);
                    }
                }
            }
        }
        batch.notes.extend(self.note_of_missing(streams));
        batch.notes.extend(search.note());
        batch.lines.sort_by_key(|line| line.at);
        Ok(batch)
    }

    /// Reads the pages for at most a hundred streams; tells whether more are left.
    async fn filter(
        &self,
        streams: &LogStreams,
        names: &[String],
        since: Timestamp,
    ) -> Result<(Vec<LogLine>, bool), Failure> {
        let mut lines = Vec::new();
        let mut pages = Pages::of(FILTER);
        for _ in 0..MOST_PAGES {
            let token = pages.token();
            let answer = self
                .call(FILTER, |clients| {
                    let client = clients.logs(streams.region.as_deref());
                    let request = client.filter_log_events().log_group_name(&streams.group);
                    let request = request.set_log_stream_names(Some(names.to_vec()));
                    let request = request.start_time(since.as_millisecond());
                    request.set_next_token(token).send()
                })
                .await?;
            let events: &[FilteredLogEvent] = answer.events();
            lines.extend(collect(events, log_line));
            if !pages.more(answer.next_token)? {
                return Ok((lines, false));
            }
        }
        Ok((lines, true))
    }

    fn not_known_missing(&self, streams: &LogStreams) -> Vec<String> {
        let names = streams.names.iter();
        names
            .filter(|name| !self.is_missing(streams, name))
            .cloned()
            .collect()
    }

    fn is_missing(&self, streams: &LogStreams, name: &str) -> bool {
        let key = (streams.group.clone(), name.to_owned());
        let caches = self.caches();
        caches
            .missing_streams
            .get(&key)
            .is_some_and(|seen| seen.elapsed() < MISSING_FOR)
    }

    fn remember_missing(&self, streams: &LogStreams, name: String) {
        let key = (streams.group.clone(), name);
        self.caches().missing_streams.insert(key, Instant::now());
    }

    fn note_of_missing(&self, streams: &LogStreams) -> Option<String> {
        let names = streams.names.iter();
        let missing: Vec<&String> = names
            .filter(|name| self.is_missing(streams, name))
            .collect();
        match missing.as_slice() {
            [] => None,
            [name] => Some(format!("{name} has no lines yet in {}", streams.group)),
            [name, others @ ..] => Some(format!(
                "{name} and {} have no lines yet in {}",
                count(others.len(), "other stream"),
                streams.group
            )),
        }
    }
}

fn no_group(streams: &LogStreams) -> String {
    let region = streams.region.as_deref();
    let place = region.map_or_else(String::new, |region| format!(" in {region}"));
    format!("the log group {} does not exist{place}", streams.group)
}

/// Which streams to ask for next. AWS refuses a call that names one missing stream among others
/// and does not say which: the set is halved until the missing ones stand alone.
struct Search {
    waiting: Vec<Vec<String>>,
    splits: usize,
    unread: usize,
}

impl Search {
    fn new(names: &[String]) -> Self {
        let mut waiting: Vec<_> = names.chunks(NAMES).map(<[String]>::to_vec).collect();
        waiting.reverse();
        Self {
            waiting,
            splits: 0,
            unread: 0,
        }
    }

    fn next(&mut self) -> Option<Vec<String>> {
        self.waiting.pop()
    }

    /// Takes a set back in which something is missing; names the stream when it stands alone.
    fn split(&mut self, mut names: Vec<String>) -> Option<String> {
        if names.len() < 2 {
            return names.pop();
        }
        if self.splits >= MOST_SEARCHES / 2 {
            self.unread += names.len();
            return None;
        }
        self.splits += 1;
        let second = names.split_off(names.len() / 2);
        self.waiting.push(second);
        self.waiting.push(names);
        None
    }

    fn note(&self) -> Option<String> {
        (self.unread > 0).then(|| {
            format!(
                "{} not read yet: some of them have no lines",
                count(self.unread, "stream")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("web/app/{n}")).collect()
    }

    /// Runs the search against an endpoint that misses some streams; tells what was read and what
    /// was found missing, each sorted, and the number of calls.
    fn run(all: &[String], missing: &[&str]) -> (usize, Vec<String>, usize) {
        let mut search = Search::new(all);
        let (mut read, mut gone, mut calls) = (0, Vec::new(), 0);
        while let Some(set) = search.next() {
            calls += 1;
            assert!(set.len() <= NAMES);
            if set.iter().any(|name| missing.contains(&name.as_str())) {
                gone.extend(search.split(set));
            } else {
                read += set.len();
            }
        }
        gone.sort();
        (read, gone, calls)
    }

    #[test]
    fn without_missing_streams_each_hundred_is_one_call() {
        assert_eq!(run(&names(250), &[]), (250, vec![], 3));
        assert_eq!(run(&[], &[]), (0, vec![], 0));
    }

    #[test]
    fn the_missing_stream_is_found_and_the_others_are_read() {
        let (read, gone, calls) = run(&names(100), &["web/app/42"]);
        assert_eq!((read, gone), (99, vec!["web/app/42".to_owned()]));
        assert!(calls <= 15, "{calls} calls");
    }

    #[test]
    fn a_search_without_end_is_given_up_and_said() {
        let all = names(100);
        let missing: Vec<&str> = all.iter().map(String::as_str).collect();
        let (read, _, calls) = run(&all, &missing);
        assert_eq!(read, 0);
        assert!(calls <= MOST_SEARCHES + 1, "{calls} calls");
        let mut search = Search::new(&all);
        while let Some(set) = search.next() {
            search.split(set);
        }
        assert!(search.note().is_some());
    }
}
