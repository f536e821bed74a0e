//! Log lines as they come: `StartLiveTail`.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_cloudwatchlogs::operation::start_live_tail::StartLiveTailOutput;
use aws_sdk_cloudwatchlogs::types::error::StartLiveTailResponseStreamError as Ended;
use aws_sdk_cloudwatchlogs::types::{
    LiveTailSessionMetadata, StartLiveTailResponseStream as Answer,
};

use super::Aws;
use super::budget::Group;
use super::call::Operation;
use super::convert::logs::live_line;
use super::failure::{broken_stream, of_kind};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::logs::{Delivery, LogLine, StreamName};

const START: Operation = Operation::new("logs:StartLiveTail", Group::LiveTails);

/// What a session is to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveTailRequest {
    /// The Region; `None` is the context's.
    pub region: Option<String>,
    /// The log group's name.
    pub group: String,
    /// The log group's ARN, without an asterisk at its end.
    pub group_arn: String,
    /// What the names of the streams begin with, at most a hundred; none for all streams of the
    /// group. Names themselves are not used: a stream does not exist before its first line.
    pub prefixes: Vec<String>,
    /// The number of the session.
    pub delivery: Delivery,
}

/// An open session. Dropping it ends it, and what it costs.
pub struct LiveTail {
    request: LiveTailRequest,
    output: StartLiveTailOutput,
    streams: HashMap<String, Arc<StreamName>>,
}

/// What a session brings about once a second.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveUpdate {
    /// The lines that were taken in since the last one, at most 500.
    pub lines: Vec<LogLine>,
    /// Whether there were more, which are not among them.
    pub sampled: bool,
}

/// How a session ends.
#[derive(Clone, Debug, PartialEq)]
pub enum LiveEnd {
    /// After three hours, as every session does.
    TimedOut,
    /// Before its time.
    Broken(Failure),
}

impl Aws {
    /// Opens a session. It is billed by the minute until it is dropped.
    pub async fn live_tail(&self, request: LiveTailRequest) -> Result<LiveTail, Failure> {
        let output = self.call(START, |clients| {
            let client = clients.logs(request.region.as_deref());
            let call = client
                .start_live_tail()
                .log_group_identifiers(&request.group_arn);
            let prefixes = (!request.prefixes.is_empty()).then(|| request.prefixes.clone());
            call.set_log_stream_name_prefixes(prefixes).send()
        });
        let output = output.await?;
        Ok(LiveTail {
            request,
            output,
            streams: HashMap::new(),
        })
    }
}

impl LiveTail {
    /// Waits for the next update. The start of the session counts as one without lines. It can be
    /// given up and called again without losing anything.
    pub async fn next(&mut self) -> Result<LiveUpdate, LiveEnd> {
        match self.output.response_stream.recv().await {
            Ok(Some(Answer::SessionUpdate(update))) => {
                let sampled = update
                    .session_metadata()
                    .is_some_and(LiveTailSessionMetadata::sampled);
                let results = update.session_results.unwrap_or_default();
                let lines = results.into_iter().filter_map(|event| {
                    let name = event.log_stream_name().unwrap_or_default();
                    let stream = self.stream(name);
                    live_line(event, &stream, self.request.delivery)
                });
                Ok(LiveUpdate {
                    lines: lines.collect(),
                    sampled,
                })
            }
            Ok(Some(_)) => Ok(LiveUpdate::default()),
            Ok(None) => {
                let message = "the session was closed without a word";
                let failure = of_kind(START.name, FailureKind::Unreachable, message);
                Err(LiveEnd::Broken(failure))
            }
            Err(error) => Err(match error.as_service_error() {
                Some(Ended::SessionTimeoutException(_)) => LiveEnd::TimedOut,
                _ => LiveEnd::Broken(broken_stream(START.name, &error)),
            }),
        }
    }

    fn stream(&mut self, name: &str) -> Arc<StreamName> {
        if let Some(known) = self.streams.get(name) {
            return Arc::clone(known);
        }
        let stream = Arc::new(StreamName {
            region: self.request.region.clone(),
            group: self.request.group.clone(),
            stream: name.to_owned(),
        });
        self.streams.insert(name.to_owned(), Arc::clone(&stream));
        stream
    }
}
