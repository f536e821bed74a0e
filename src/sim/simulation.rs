//! Everything the server shares between connections, and what happens to one call.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::api::logs::live_tail::LiveTail;
use super::api::{self, Answer, ApiError};
use super::clock::{SimClock, SimTime};
use super::control::{self, Calls, Command};
use super::faults::{FaultKind, Faults};
use super::limits::Limits;
use super::rng::Rng;
use super::scenario::{self, ScenarioOptions};
use super::server::{SimError, SimOptions};
use super::sessions::{MOST_SESSIONS, NewSession, SessionEnd, SessionId, Sessions, Step};
use super::wire::{Call, Protocol, Refusal, Reply};
use super::world::World;
use super::world::accounts::Account;
use super::world::arn::Place;

/// What the server does with the connection.
#[derive(Debug)]
pub enum Outcome {
    /// It sends the answer, after so long.
    Reply(Reply, Duration),
    /// It opens an event stream, after so long.
    Session {
        /// Whose messages it sends.
        id: SessionId,
        /// The id of the request.
        request_id: String,
        /// Real time that the answer takes at least.
        delay: Duration,
    },
    /// It never answers.
    Hang,
    /// It closes the connection.
    Drop,
}

/// The world, and what stands between it and the clients.
#[derive(Debug)]
pub struct Simulation {
    options: SimOptions,
    start: SimTime,
    clock: SimClock,
    world: World,
    calls: Calls,
    limits: Limits,
    limited: bool,
    faults: Faults,
    sessions: Sessions,
    request_ids: Rng,
}

impl Simulation {
    /// Builds the world of `options`, which starts at `start`.
    pub fn new(options: SimOptions, start: SimTime) -> Result<Self, SimError> {
        Ok(Self {
            world: build_world(&options, start)?,
            clock: SimClock::new(start, options.speed, options.paused),
            request_ids: Rng::new(options.seed ^ 0x7265_7175_6573_7473),
            limited: options.limits,
            start,
            options,
            calls: Calls::default(),
            limits: Limits::default(),
            faults: Faults::default(),
            sessions: Sessions::default(),
        })
    }

    /// The clock of the world.
    pub fn clock(&self) -> SimClock {
        self.clock.clone()
    }

    /// The region of the scenario's world; `None` for an empty world.
    pub fn region(&self) -> Option<&str> {
        self.world.first_region()
    }

    /// The accounts of the world, the default one first.
    pub fn accounts(&self) -> &[Account] {
        self.world.accounts.all()
    }

    fn reset(&mut self) -> Result<(), SimError> {
        self.world = build_world(&self.options, self.start)?;
        self.clock
            .reset(self.start, self.options.speed, self.options.paused);
        self.request_ids = Rng::new(self.options.seed ^ 0x7265_7175_6573_7473);
        self.calls = Calls::default();
        self.limits = Limits::default();
        self.limited = self.options.limits;
        self.faults = Faults::default();
        self.sessions.clear();
        Ok(())
    }

    /// Performs a control command.
    pub fn control(&mut self, command: Command) -> Reply {
        let value = match command {
            Command::Advance(seconds) => {
                let now = self.clock.advance(seconds);
                self.world.advance(now);
                control::clock_json(&self.clock, now)
            }
            Command::Reset => match self.reset() {
                Ok(()) => control::clock_json(&self.clock, self.clock.now()),
                Err(error) => return Reply::json(500, &json!({"error": error.to_string()})),
            },
            Command::Clock => control::clock_json(&self.clock, self.clock.now()),
            Command::SetClock { speed, paused } => {
                if let Some(speed) = speed {
                    self.clock.set_speed(speed);
                }
                if let Some(paused) = paused {
                    self.clock.set_paused(paused);
                }
                control::clock_json(&self.clock, self.clock.now())
            }
            Command::Calls => json!(self.calls),
            Command::Faults => json!(self.faults.list()),
            Command::SetFaults(list) => {
                self.faults.replace(list);
                json!(self.faults.list())
            }
            Command::Limits => json!({"enabled": self.limited}),
            Command::SetLimits(enabled) => {
                self.limited = enabled;
                self.limits = Limits::default();
                json!({"enabled": enabled})
            }
            Command::Scenario => self.scenario_json(),
            Command::Sessions => self.sessions.json(),
            Command::EndSessions(end) => {
                self.sessions.end_all(end);
                self.clock.announce();
                self.sessions.json()
            }
            Command::Lines(lines) => {
                self.world.advance(self.clock.now());
                json!({"appended": lines.append(&mut self.world)})
            }
        };
        Reply::json(200, &value)
    }

    fn scenario_json(&self) -> Value {
        let default = self.world.accounts.default_id();
        let mut places: Vec<&Place> = self.world.regions().map(|one| &one.ecs.place).collect();
        places.sort_by_key(|place| place.account != default);
        let places: Vec<Value> = places
            .into_iter()
            .map(|place| json!({"account": place.account, "region": place.region}))
            .collect();
        let accounts: Vec<Value> = self
            .accounts()
            .iter()
            .map(|one| json!({"id": one.id, "name": one.name, "access_key": one.access_key}))
            .collect();
        json!({
            "scenario": self.options.scenario,
            "seed": self.options.seed,
            "services": self.options.services,
            "clusters": self.options.clusters,
            "pipelines": self.options.pipelines,
            "start": self.start.json(),
            "accounts": accounts,
            "regions": places,
        })
    }

    /// Answers a request that was not understood.
    pub fn refuse(&mut self, refusal: &Refusal) -> Outcome {
        let service = refusal.label.split('.').next().unwrap_or_default();
        let error = Err(refusal.error.clone());
        Outcome::Reply(
            self.reply(refusal.protocol, service, &refusal.label, "", &error),
            Duration::ZERO,
        )
    }

    /// Performs a call at the real moment `instant`, with the faults and limits in its way.
    pub fn call(&mut self, call: &Call, instant: Instant) -> Outcome {
        let label = call.label();
        match self.faults.take(&label) {
            None => self.perform(call, &label, instant, Duration::ZERO, None),
            Some(FaultKind::Delay { milliseconds }) => {
                let delay = Duration::from_millis(milliseconds);
                self.perform(call, &label, instant, delay, None)
            }
            Some(FaultKind::Session { updates, end }) => {
                self.perform(call, &label, instant, Duration::ZERO, Some((updates, end)))
            }
            Some(FaultKind::Truncate) if is_live_tail(call) => {
                let fault = Some((0, SessionEnd::Truncate));
                self.perform(call, &label, instant, Duration::ZERO, fault)
            }
            Some(FaultKind::Error {
                code,
                status,
                message,
            }) => {
                let error = Err(ApiError {
                    code,
                    message,
                    status,
                });
                let reply = self.reply(
                    call.protocol,
                    &call.service,
                    &label,
                    &call.operation,
                    &error,
                );
                Outcome::Reply(reply, Duration::ZERO)
            }
            Some(FaultKind::Hang) => {
                self.calls.record(&label, "hung", None);
                Outcome::Hang
            }
            Some(FaultKind::Drop) => {
                self.calls.record(&label, "dropped", None);
                Outcome::Drop
            }
            Some(FaultKind::Html { status }) => {
                self.calls.record(&label, &status.to_string(), None);
                Outcome::Reply(Reply::html(status), Duration::ZERO)
            }
            Some(FaultKind::Garbage) => {
                self.calls.record(&label, "garbage", None);
                Outcome::Reply(Reply::garbage(), Duration::ZERO)
            }
            Some(FaultKind::Truncate) => {
                let answer = self.answer(call, instant);
                self.calls.record(&label, "truncated", None);
                let id = self.request_ids.uuid();
                let mut reply =
                    Reply::answer(call.protocol, &call.service, &call.operation, &answer, id);
                reply.truncated = true;
                Outcome::Reply(reply, Duration::ZERO)
            }
        }
    }

    fn perform(
        &mut self,
        call: &Call,
        label: &str,
        instant: Instant,
        delay: Duration,
        fault: Option<(u64, SessionEnd)>,
    ) -> Outcome {
        let answer = if is_live_tail(call) {
            match self.start_live_tail(call, instant, fault) {
                Ok((id, request_id)) => {
                    self.calls.record(label, "200", None);
                    return Outcome::Session {
                        id,
                        request_id,
                        delay,
                    };
                }
                Err(error) => Err(error),
            }
        } else {
            self.answer(call, instant)
        };
        let operation = &call.operation;
        let reply = self.reply(call.protocol, &call.service, label, operation, &answer);
        Outcome::Reply(reply, delay)
    }

    fn start_live_tail(
        &mut self,
        call: &Call,
        instant: Instant,
        fault: Option<(u64, SessionEnd)>,
    ) -> Result<(SessionId, String), ApiError> {
        let account = self.admit(call, instant)?;
        let region = call.region.clone();
        let tail = LiveTail::open(&mut self.world, &account, &region, &call.input)?;
        if self.limited && self.sessions.count(&account, &region) >= MOST_SESSIONS {
            return Err(ApiError::new(
                "LimitExceededException",
                format!("There can be {MOST_SESSIONS} concurrent Live Tail sessions."),
            ));
        }
        let request_id = self.request_ids.uuid();
        let new = NewSession {
            account,
            region,
            tail,
            request_id: request_id.clone(),
            session_id: self.request_ids.uuid(),
            fault,
        };
        Ok((self.sessions.open(new, self.world.now()), request_id))
    }

    /// What comes next in a session, at this moment of the clock.
    pub fn session_step(&mut self, id: SessionId) -> Step {
        self.world.advance(self.clock.now());
        self.sessions.step(id, &mut self.world)
    }

    /// Forgets a session whose connection has ended.
    pub fn close_session(&mut self, id: SessionId) {
        self.sessions.close(id);
    }

    fn reply(
        &mut self,
        protocol: Protocol,
        service: &str,
        label: &str,
        operation: &str,
        answer: &Answer,
    ) -> Reply {
        let reply = Reply::answer(
            protocol,
            service,
            operation,
            answer,
            self.request_ids.uuid(),
        );
        let code = answer.as_ref().err().map(|error| error.code.as_str());
        self.calls.record(label, &reply.status.to_string(), code);
        reply
    }

    /// Lets a call in, unless a token bucket is empty, and says for which account it is. The
    /// world is then at this moment of the clock.
    fn admit(&mut self, call: &Call, instant: Instant) -> Result<String, ApiError> {
        let account = self.world.accounts.of_key(&call.access_key).to_owned();
        let Call {
            service,
            operation,
            region,
            ..
        } = call;
        let limits = &mut self.limits;
        if self.limited && !limits.take(&account, region, service, operation, instant) {
            return Err(ApiError::throttling());
        }
        self.world.advance(self.clock.now());
        Ok(account)
    }

    fn answer(&mut self, call: &Call, instant: Instant) -> Answer {
        let account = self.admit(call, instant)?;
        let (account, region) = (account.as_str(), call.region.as_str());
        let (service, operation) = (call.service.as_str(), call.operation.as_str());
        let (world, input) = (&mut self.world, &call.input);
        let answer = match (service, call.protocol) {
            ("ecs", Protocol::Json) => api::ecs::handle(world, account, region, operation, input),
            ("ecr", Protocol::Json) => api::ecr::handle(world, account, region, operation, input),
            ("application-autoscaling", Protocol::Json) => {
                api::autoscaling::handle(world, account, region, operation, input)
            }
            ("codedeploy", Protocol::Json) => {
                api::codedeploy::handle(world, account, region, operation, input)
            }
            ("codepipeline", Protocol::Json) => {
                api::codepipeline::handle(world, account, region, operation, input)
            }
            ("codebuild", Protocol::Json) => {
                api::codebuild::handle(world, account, region, operation, input)
            }
            ("logs", Protocol::Json) => api::logs::handle(world, account, region, operation, input),
            ("elasticloadbalancing", Protocol::Query) => {
                api::elb::handle(world, account, region, operation, input)
            }
            ("monitoring", Protocol::Cbor | Protocol::Json) => {
                api::cloudwatch::handle(world, account, region, operation, input)
            }
            ("sts", Protocol::Query) => api::sts::handle(world, account, region, operation, input),
            _ => None,
        };
        answer.unwrap_or_else(|| Err(unknown(call)))
    }
}

fn is_live_tail(call: &Call) -> bool {
    call.service == "logs" && call.operation == "StartLiveTail" && call.protocol == Protocol::Json
}

fn unknown(call: &Call) -> ApiError {
    match call.protocol {
        Protocol::Json | Protocol::Cbor => ApiError::unknown_operation(),
        Protocol::Query => ApiError::new(
            "InvalidAction",
            format!("Could not find operation {} here", call.operation),
        ),
    }
}

fn build_world(options: &SimOptions, start: SimTime) -> Result<World, SimError> {
    let Some(name) = &options.scenario else {
        return Ok(World::new(options.seed, start));
    };
    let choices = ScenarioOptions {
        seed: options.seed,
        now: start,
        services: options.services,
        clusters: options.clusters,
        pipelines: options.pipelines,
    };
    Ok(scenario::build(name, &choices)?)
}
