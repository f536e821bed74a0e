//! Somebody who looks at the lines of a service: the real feed with the real client, and the buffer
//! of the logs screen at its end.

use std::collections::BTreeSet;
use std::time::Duration;

use cutover::app::feed::{FeedEvent, FeedMode, FeedState, LogFeed, Owner};
use cutover::app::msg::Msg;
use cutover::domain::arn::{ClusterArn, ServiceArn};
use cutover::domain::logs::buffer::{Buffer, Limits};
use cutover::domain::logs::{LogSource, LogStreams};
use cutover::runtime::clock::Clock;
use cutover::runtime::feed::{Feeder, Patience, WAITING_MESSAGES};
use cutover::sim::server::SimServer;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::cockpit_on_simulator::connected;
use crate::raw::{simulator_with, steer};

/// How long a condition may take.
const DEADLINE: Duration = Duration::from_mins(1);
/// The pace of readings without a session, where no test is about these: what is written while no
/// session is open is so found only by what is read when one is open again.
const SELDOM: Duration = Duration::from_hours(1);
/// Lines that are written in a second, to all streams together.
pub const LOUD: u64 = 5_000;
/// Seconds in which hardly anything is written, after which everything before can be found.
const QUIET: u64 = 13;
/// Seconds after which every line was taken in.
const LATE: i64 = 2;
const GROUP: &str = "/ecs/web";

/// The streams that are there from the start.
pub const STREAMS: [&str; 4] = ["web/app/1", "web/app/2", "web/app/3", "web/proxy/1"];

/// Pauses that no test has to wait for.
pub fn patience() -> Patience {
    Patience {
        first_retry: Duration::from_millis(50),
        longest_retry: Duration::from_millis(200),
        hope: Duration::from_millis(200),
        tick: Duration::from_millis(20),
        ..Patience::default()
    }
}

/// A log service, and somebody who looks at it.
pub struct Watcher {
    pub server: SimServer,
    pub state: FeedState,
    /// What was told that is neither lines nor how the feed goes.
    pub told: Vec<FeedEvent>,
    /// The ways in which lines came, in order.
    pub modes: Vec<FeedMode>,
    feeder: Feeder,
    messages: mpsc::Receiver<Msg>,
    wanted: LogFeed,
    buffer: Buffer,
    /// The streams that are written to.
    streams: Vec<&'static str>,
    /// How many lines were written to each stream that ever was.
    written: Vec<(&'static str, u64)>,
}

impl Watcher {
    /// Nobody looks yet.
    pub async fn new(patience: Patience) -> Self {
        let server = simulator_with(|_| {}).await;
        let aws = connected(&server).await;
        let (sender, messages) = mpsc::channel(WAITING_MESSAGES);
        let (clock, reading) = (Clock::system(), server.clock());
        clock.set(move || Timestamp::from_millisecond(reading.now().0).unwrap());
        let since = clock.now() - SignedDuration::from_secs(60);
        let wanted = LogFeed {
            context: aws.context().id,
            source: LogSource::Service {
                cluster: ClusterArn::new("shop"),
                service: ServiceArn::new("web"),
            },
            epoch: 7,
            owner: Some(Owner {
                partition: "aws".into(),
                account: "123456789012".into(),
            }),
            streams: vec![log_streams(&STREAMS)],
            since,
            until: None,
            live: true,
            pace: SELDOM,
        };
        let mut watcher = Self {
            feeder: Feeder::new(aws, sender, clock, patience),
            server,
            state: FeedState::default(),
            told: Vec::new(),
            modes: Vec::new(),
            messages,
            wanted,
            buffer: Buffer::new(Limits::default()),
            streams: STREAMS.to_vec(),
            written: Vec::new(),
        };
        // Streams are there from their first lines on.
        watcher.whisper(1).await;
        watcher
    }

    /// Somebody looks: a session is open, and what was written before was read.
    pub async fn live() -> Self {
        let mut watcher = Self::new(patience()).await;
        watcher.look();
        watcher.until_live().await;
        watcher.settle().await;
        watcher
    }

    /// Somebody looks, or looks again.
    pub fn look(&mut self) {
        self.feeder.reconcile(Some(self.wanted.clone()));
    }

    /// Without a session, lines are asked for at this pace.
    pub fn ask_every(&mut self, pace: Duration) {
        self.wanted.pace = pace;
    }

    /// Nobody looks any more; the session ends with that.
    pub async fn look_away(&mut self) {
        self.feeder.reconcile(None);
        let deadline = Instant::now() + DEADLINE;
        while !self.sessions().await.is_empty() {
            assert!(Instant::now() < deadline, "the session stays open");
            tokio::task::yield_now().await;
        }
    }

    /// All streams that are written to are looked at.
    pub fn join(&mut self) {
        self.wanted.streams = vec![log_streams(&self.streams)];
        self.look();
    }

    /// A stream is written to that nobody has heard of yet.
    pub fn begin(&mut self, stream: &'static str) {
        self.streams.push(stream);
    }

    /// Writes so many lines a second to all streams together for some seconds, which pass. Each stream
    /// takes its lines in with another delay.
    pub async fn write(&mut self, a_second: u64, seconds: u64) {
        for _ in 0..seconds {
            let count = a_second / self.streams.len() as u64;
            for (place, stream) in self.streams.clone().into_iter().enumerate() {
                let written = written_to(&mut self.written, stream);
                let lines = json!({
                    "text": format!("{stream} says {{seq}}"),
                    "count": count,
                    "first": *written,
                    "over": 1,
                    "delay": 0.4 * f64::from(u8::try_from(place).unwrap()),
                });
                *written += count;
                let body = json!({"group": GROUP, "stream": stream, "numbered": lines});
                steer(&self.server, "POST", "/_sim/logs", &body.to_string()).await;
            }
            self.pass(1).await;
        }
    }

    /// Writes a line a second to each stream.
    async fn whisper(&mut self, seconds: u64) {
        let streams = self.streams.len() as u64;
        self.write(streams, seconds).await;
    }

    /// Lets seconds of the simulator pass.
    pub async fn pass(&self, seconds: u64) {
        let body = json!({"seconds": seconds}).to_string();
        steer(&self.server, "POST", "/_sim/advance", &body).await;
    }

    /// From now on calls go wrong in this way.
    pub async fn faults(&self, faults: Value) {
        steer(&self.server, "POST", "/_sim/faults", &faults.to_string()).await;
    }

    /// The sessions that the service has open.
    pub async fn sessions(&self) -> Vec<Value> {
        let sessions = steer(&self.server, "GET", "/_sim/sessions", "").await;
        sessions["open"].as_array().unwrap().clone()
    }

    /// Ends the open sessions in a way.
    pub async fn end_sessions(&self, end: &str) {
        let body = json!({"end": end}).to_string();
        steer(&self.server, "POST", "/_sim/sessions", &body).await;
    }

    /// Waits until a condition holds.
    pub async fn until(&mut self, what: &str, condition: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !condition(self) {
            let Ok(received) = timeout_at(deadline, self.messages.recv()).await else {
                panic!(
                    "waited for {what}: {:?}, {} of {} lines, told {:?}",
                    self.state,
                    self.buffer.len(),
                    self.count(),
                    self.told
                );
            };
            self.take(received.unwrap());
        }
    }

    /// Waits until what is there now was read, with no session open.
    pub async fn until_read(&mut self) {
        self.until("the readings without a session", |watcher| {
            let state = &watcher.state;
            !watcher.is_live() && !state.filling && state.tally.pages > 0
        })
        .await;
    }

    /// Waits until one more session is open.
    pub async fn until_live(&mut self) {
        let before = self.state.tally.sessions;
        self.until("another session", |watcher| {
            watcher.is_live() && watcher.state.tally.sessions > before
        })
        .await;
    }

    /// Writes a little for some time, and waits until everything before that was read.
    pub async fn settle(&mut self) {
        let loud_until = self.now() + SignedDuration::from_secs(LATE);
        self.whisper(QUIET).await;
        self.pass(LATE.unsigned_abs()).await;
        self.until("everything to be read", |watcher| {
            let state = &watcher.state;
            state.complete_until >= Some(loud_until)
                && state.tally.open_milliseconds == 0
                && !state.filling
        })
        .await;
    }

    /// Waits until everything was read, and counts: each line is there once.
    pub async fn check(&mut self) {
        self.settle().await;
        let count = usize::try_from(self.count()).unwrap();
        // The last of them can still be on their way.
        self.until("the last lines", |watcher| watcher.buffer.len() >= count)
            .await;
        let texts: BTreeSet<&str> = self
            .buffer
            .from_rank(0)
            .map(|entry| entry.line().unwrap().message)
            .collect();
        assert_eq!(self.buffer.len() - texts.len(), 0, "no line is doubled");
        assert_eq!(texts.len(), count, "no line is lost");
        for (stream, written) in &self.written {
            assert!(texts.contains(format!("{stream} says {}", written - 1).as_str()));
        }
        self.check_what_was_told();
    }

    /// Every moment of which there was only a sample was filled.
    fn check_what_was_told(&self) {
        let mut filled: Vec<(Timestamp, Timestamp)> = Vec::new();
        for event in &self.told {
            if let FeedEvent::Filled { from, until, .. } = event {
                filled.push((*from, *until));
            }
        }
        filled.sort();
        for event in &self.told {
            let FeedEvent::Sampled { from, until } = event else {
                continue;
            };
            let reached = filled.iter().fold(*from, |reached, (begin, end)| {
                if *begin <= reached {
                    reached.max(*end)
                } else {
                    reached
                }
            });
            assert!(reached >= *until, "{event:?} is not filled: {filled:?}");
        }
    }

    /// Whether the session has told everything up to now.
    pub fn is_quiet(&self) -> bool {
        self.state.heard_at == Some(self.now())
    }

    /// Whether lines come by Live Tail.
    pub fn is_live(&self) -> bool {
        matches!(self.state.mode, FeedMode::Live { .. })
    }

    /// The reasons of sessions that broke off.
    pub fn broken(&self) -> Vec<&str> {
        let reasons = self.told.iter().filter_map(|event| match event {
            FeedEvent::Broken { why, .. } => Some(why.as_str()),
            _ => None,
        });
        reasons.collect()
    }

    /// How many stretches of time were told to be missing.
    pub fn gaps(&self) -> usize {
        let is_gap = |event: &&FeedEvent| matches!(event, FeedEvent::Gap { .. });
        self.told.iter().filter(is_gap).count()
    }

    /// How many lines are in the buffer.
    pub fn len(&self) -> usize {
        self.buffer.len()
    }

    /// How many lines were written.
    pub fn count(&self) -> u64 {
        self.written.iter().map(|(_, count)| count).sum()
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.server.clock().now().0).unwrap()
    }

    fn take(&mut self, message: Msg) {
        let Msg::Feed { epoch, event, .. } = message else {
            panic!("a feed tells nothing else: {message:?}");
        };
        assert_eq!(epoch, self.wanted.epoch);
        match event {
            FeedEvent::Lines(lines) => {
                self.buffer.take(lines);
            }
            FeedEvent::State(state) => {
                if self.modes.last() != Some(&state.mode) {
                    self.modes.push(state.mode.clone());
                }
                self.state = state;
            }
            other => self.told.push(other),
        }
    }
}

fn log_streams(names: &[&str]) -> LogStreams {
    LogStreams {
        group: GROUP.to_owned(),
        region: None,
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn written_to<'a>(written: &'a mut Vec<(&'static str, u64)>, stream: &'static str) -> &'a mut u64 {
    let known = written.iter().position(|(name, _)| *name == stream);
    let place = known.unwrap_or_else(|| {
        written.push((stream, 0));
        written.len() - 1
    });
    &mut written[place].1
}
