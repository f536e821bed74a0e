//! The endpoints under `/_sim`, by which tests and people steer the simulator. They speak plain
//! JSON and want no signature.

pub mod calls;
pub mod logs;

pub use calls::Calls;
pub use logs::AppendLines;

use serde::Deserialize;
use serde_json::{Value, json};

use super::clock::{SimClock, SimTime};
use super::faults::Fault;
use super::sessions::SessionEnd;
use super::wire::Reply;

/// The most that one call may advance: a year of seconds.
const MOST_SECONDS: f64 = 366.0 * 86_400.0;

/// What a control request asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Move the clock forward by seconds.
    Advance(f64),
    /// Start over: the world, the clock, the counts, the faults.
    Reset,
    /// The counts of calls.
    Calls,
    /// The clock.
    Clock,
    /// Change the speed of the clock, or pause it.
    SetClock {
        /// Simulated seconds in a real second.
        speed: Option<f64>,
        /// Whether it stands still.
        paused: Option<bool>,
    },
    /// The faults in force.
    Faults,
    /// Put these faults in place of those in force.
    SetFaults(Vec<Fault>),
    /// Whether token buckets throttle calls.
    Limits,
    /// Switch the token buckets on, full, or off.
    SetLimits(bool),
    /// What the world was made from.
    Scenario,
    /// The live tails that are open.
    Sessions,
    /// End them all in this way.
    EndSessions(SessionEnd),
    /// Append lines to a log stream.
    Lines(AppendLines),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionSettings {
    end: SessionEnd,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockSettings {
    speed: Option<f64>,
    paused: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitSettings {
    enabled: bool,
}

/// Understands a control request, or gives the answer that says why not.
pub fn understand(method: &str, path: &str, body: &[u8]) -> Result<Command, Reply> {
    match (method, path) {
        ("POST", "/_sim/advance") => advance(body),
        ("POST", "/_sim/reset") => Ok(Command::Reset),
        ("GET", "/_sim/calls") => Ok(Command::Calls),
        ("GET", "/_sim/clock") => Ok(Command::Clock),
        ("POST", "/_sim/clock") => set_clock(body),
        ("GET", "/_sim/faults") => Ok(Command::Faults),
        ("POST", "/_sim/faults") => read(body).map(Command::SetFaults),
        ("GET", "/_sim/limits") => Ok(Command::Limits),
        ("POST", "/_sim/limits") => {
            read(body).map(|LimitSettings { enabled }| Command::SetLimits(enabled))
        }
        ("POST", "/_sim/logs") => lines(body),
        ("GET", "/_sim/scenario") => Ok(Command::Scenario),
        ("GET", "/_sim/sessions") => Ok(Command::Sessions),
        ("POST", "/_sim/sessions") => {
            read(body).map(|SessionSettings { end }| Command::EndSessions(end))
        }
        _ => Err(problem(404, &format!("there is no {method} {path}"))),
    }
}

fn advance(body: &[u8]) -> Result<Command, Reply> {
    let Advance { seconds } = read(body)?;
    if (0.0..=MOST_SECONDS).contains(&seconds) {
        return Ok(Command::Advance(seconds));
    }
    Err(problem(
        400,
        &format!("seconds must be from 0 to {MOST_SECONDS}, not {seconds}"),
    ))
}

fn lines(body: &[u8]) -> Result<Command, Reply> {
    let lines: AppendLines = read(body)?;
    match lines.problem() {
        None => Ok(Command::Lines(lines)),
        Some(text) => Err(problem(400, &text)),
    }
}

fn set_clock(body: &[u8]) -> Result<Command, Reply> {
    let ClockSettings { speed, paused } = read(body)?;
    match speed {
        Some(speed) if !(0.0..=1e6).contains(&speed) => Err(problem(
            400,
            &format!("speed must be from 0 to 1000000, not {speed}"),
        )),
        _ => Ok(Command::SetClock { speed, paused }),
    }
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Reply> {
    serde_json::from_slice(body).map_err(|error| problem(400, &error.to_string()))
}

fn problem(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({"error": message}))
}

/// What the clock shows, as every command that concerns it answers.
pub fn clock_json(clock: &SimClock, now: SimTime) -> Value {
    let time = jiff::Timestamp::from_millisecond(now.0).map(|time| time.to_string());
    json!({
        "now": now.json(),
        "time": time.unwrap_or_default(),
        "speed": clock.speed(),
        "paused": clock.paused(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_understood() {
        assert_eq!(
            understand("POST", "/_sim/advance", br#"{"seconds": 1.5}"#),
            Ok(Command::Advance(1.5))
        );
        assert_eq!(
            understand("POST", "/_sim/clock", br#"{"paused": true}"#),
            Ok(Command::SetClock {
                speed: None,
                paused: Some(true)
            })
        );
        assert_eq!(
            understand("POST", "/_sim/faults", b"[]"),
            Ok(Command::SetFaults(vec![]))
        );
        assert_eq!(
            understand("POST", "/_sim/sessions", br#"{"end": "break"}"#),
            Ok(Command::EndSessions(SessionEnd::Break))
        );
    }

    #[test]
    fn mistakes_are_named() {
        for (method, path, body, status) in [
            ("GET", "/_sim/advance", "", 404),
            ("POST", "/_sim/nothing", "", 404),
            ("POST", "/_sim/advance", "", 400),
            ("POST", "/_sim/advance", r#"{"seconds": -1}"#, 400),
            (
                "POST",
                "/_sim/advance",
                r#"{"seconds": 1, "minutes": 2}"#,
                400,
            ),
            ("POST", "/_sim/clock", r#"{"speed": -1}"#, 400),
            ("POST", "/_sim/faults", r#"[{"operation": "*"}]"#, 400),
            ("POST", "/_sim/sessions", r#"{"end": "politely"}"#, 400),
            ("POST", "/_sim/logs", r#"{"group": "/a"}"#, 400),
        ] {
            let reply = understand(method, path, body.as_bytes()).unwrap_err();
            assert_eq!(reply.status, status, "{method} {path} {body}");
            assert!(String::from_utf8_lossy(&reply.body).contains("error"));
        }
    }
}
