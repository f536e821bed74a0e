//! The live tails that are open: what each sends next, and when. Time is the simulator's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::api::logs::live_tail::LiveTail;
use super::clock::SimTime;
use super::wire::event_stream;
use super::world::World;

/// Milliseconds between two updates.
const SECOND: i64 = 1_000;

/// A session ends after three hours, which is so many updates.
const MOST_UPDATES: u64 = 3 * 3_600;

/// How many sessions an account may have in a Region at the same time: the quota of CloudWatch Logs
/// for Live Tail sessions.
pub const MOST_SESSIONS: usize = 15;

/// How a session ends before its time.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionEnd {
    /// The connection breaks between two messages.
    Break,
    /// The connection breaks in the middle of a message.
    Truncate,
    /// The answer ends as if there were nothing more to say.
    Close,
    /// `SessionTimeoutException`, as after three hours.
    Timeout,
    /// `SessionStreamingException`, as after an error of the service.
    Exception,
    /// The connection stays open, and nothing comes any more.
    Hang,
    /// A message comes whose checksum is wrong.
    Garbage,
}

/// Names a session among those of a simulator.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionId(u64);

/// What the server does next for a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It sends these bytes and asks again.
    Send(Vec<u8>),
    /// It asks again at this moment.
    Wait(SimTime),
    /// It keeps the connection open without sending anything.
    Hang,
    /// It ends the answer.
    Close,
    /// It breaks the connection.
    Break,
}

/// A live tail.
#[derive(Clone, Debug)]
struct Session {
    account: String,
    region: String,
    tail: LiveTail,
    started: SimTime,
    updates: u64,
    events: usize,
    /// After how many updates it ends early, and how.
    fault: Option<(u64, SessionEnd)>,
    stage: Stage,
}

#[derive(Clone, Debug)]
enum Stage {
    /// Nothing was sent yet.
    Starting {
        request_id: String,
        session_id: String,
    },
    Running,
    /// The last bytes were sent.
    Over(Step),
}

/// What a session is to be.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The account that it belongs to.
    pub account: String,
    /// The region.
    pub region: String,
    /// What it shows.
    pub tail: LiveTail,
    /// The id of the request.
    pub request_id: String,
    /// The id of the session, for the client.
    pub session_id: String,
    /// After how many updates it ends early, and how.
    pub fault: Option<(u64, SessionEnd)>,
}

/// All live tails of a simulator.
#[derive(Clone, Debug, Default)]
pub struct Sessions {
    open: BTreeMap<SessionId, Session>,
    opened: u64,
}

impl Sessions {
    /// Opens a session at `now`.
    pub fn open(&mut self, new: NewSession, now: SimTime) -> SessionId {
        let id = SessionId(self.opened);
        self.opened += 1;
        let session = Session {
            account: new.account,
            region: new.region,
            tail: new.tail,
            started: now,
            updates: 0,
            events: 0,
            fault: new.fault,
            stage: Stage::Starting {
                request_id: new.request_id,
                session_id: new.session_id,
            },
        };
        self.open.insert(id, session);
        id
    }

    /// Forgets a session whose connection has ended.
    pub fn close(&mut self, id: SessionId) {
        self.open.remove(&id);
    }

    /// Forgets all sessions, which breaks their connections.
    pub fn clear(&mut self) {
        self.open.clear();
    }

    /// How many sessions an account has in a region.
    pub fn count(&self, account: &str, region: &str) -> usize {
        let here = |one: &&Session| one.account == account && one.region == region;
        self.open.values().filter(here).count()
    }

    /// Ends every open session in this way, with its next message.
    pub fn end_all(&mut self, end: SessionEnd) {
        for session in self.open.values_mut() {
            session.fault = Some((session.updates, end));
        }
    }

    /// What comes next in a session, in the world as it is now.
    pub fn step(&mut self, id: SessionId, world: &mut World) -> Step {
        self.open
            .get_mut(&id)
            .map_or(Step::Break, |session| session.step(world))
    }

    /// What is open, as `/_sim/sessions` shows it.
    pub fn json(&self) -> Value {
        let open: Vec<Value> = self.open.values().map(Session::json).collect();
        json!({"opened": self.opened, "open": open})
    }
}

impl Session {
    fn step(&mut self, world: &mut World) -> Step {
        match &self.stage {
            Stage::Starting {
                request_id,
                session_id,
            } => {
                let content = self.tail.session_start(request_id, session_id);
                self.stage = Stage::Running;
                let mut bytes = event_stream::initial_response();
                bytes.extend(event_stream::event("sessionStart", &content));
                Step::Send(bytes)
            }
            Stage::Over(step) => step.clone(),
            Stage::Running => self.run(world),
        }
    }

    fn run(&mut self, world: &mut World) -> Step {
        if let Some((updates, end)) = self.fault
            && self.updates >= updates
        {
            return self.end(end, world);
        }
        if self.updates >= MOST_UPDATES {
            return self.end(SessionEnd::Timeout, world);
        }
        let due = self.due();
        if world.now() < due {
            return Step::Wait(due);
        }
        let bytes = self.update(world);
        self.updates += 1;
        Step::Send(bytes)
    }

    /// The moment of the next update.
    fn due(&self) -> SimTime {
        let updates = i64::try_from(self.updates).unwrap_or(i64::MAX);
        self.started.plus_millis((updates + 1) * SECOND)
    }

    /// What was taken in from one second to the next. The first moment belongs to it and the last
    /// one does not, since a clock that stands still may bring more in that moment.
    fn update(&mut self, world: &mut World) -> Vec<u8> {
        let until = self.due().plus_millis(-1);
        let logs = &world.region_mut(&self.account, &self.region).logs;
        let after = until.plus_millis(-SECOND);
        let update = self.tail.update(logs, &self.account, after, until);
        self.events += update.events;
        event_stream::event("sessionUpdate", &update.content)
    }

    /// Ends the session with what it still has to send.
    fn end(&mut self, end: SessionEnd, world: &mut World) -> Step {
        let (bytes, after) = match end {
            SessionEnd::Break => (Vec::new(), Step::Break),
            SessionEnd::Close => (Vec::new(), Step::Close),
            SessionEnd::Hang => (Vec::new(), Step::Hang),
            SessionEnd::Truncate => {
                let mut bytes = self.update(world);
                bytes.truncate(bytes.len() / 2);
                (bytes, Step::Break)
            }
            SessionEnd::Garbage => {
                let mut bytes = self.update(world);
                // The end of a message is its checksum.
                if let Some(last) = bytes.last_mut() {
                    *last ^= 0xFF;
                }
                (bytes, Step::Close)
            }
            SessionEnd::Timeout => {
                let message = "Session timed out after 3 hours.";
                let code = "SessionTimeoutException";
                (event_stream::exception(code, message), Step::Close)
            }
            SessionEnd::Exception => {
                let message = "An unknown error occurred while streaming.";
                let code = "SessionStreamingException";
                (event_stream::exception(code, message), Step::Close)
            }
        };
        self.stage = Stage::Over(after.clone());
        if bytes.is_empty() {
            after
        } else {
            Step::Send(bytes)
        }
    }

    fn json(&self) -> Value {
        json!({
            "account": self.account,
            "region": self.region,
            "groups": self.tail.groups().collect::<Vec<_>>(),
            "started": self.started.json(),
            "updates": self.updates,
            "events": self.events,
        })
    }
}

#[cfg(test)]
mod tests;
