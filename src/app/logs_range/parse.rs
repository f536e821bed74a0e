//! Reads what is typed after `:since` and `:at`.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use thiserror::Error;

/// The longest time that can be looked back: `CloudWatch` keeps no line for longer.
const MOST_DAYS: i64 = 3_653;

/// Why a text names no time.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RangeError {
    /// Nothing was typed.
    #[error("say how far back, such as :since 2h")]
    NoDuration,
    /// A number without its unit.
    #[error("{0:?} has no unit: write {0}m for minutes, {0}h for hours")]
    NoUnit(String),
    /// Not a duration.
    #[error("{0:?} is no duration: write it like 45s, 30m, 2h, 1h30m or 1d")]
    NotADuration(String),
    /// A duration of nothing.
    #[error("a range needs more than 0 seconds")]
    Empty,
    /// Longer than anything is kept.
    #[error("CloudWatch keeps lines for ten years at the most")]
    TooLong,
    /// Nothing was typed.
    #[error("say when, such as :at 02:13 or :at 2026-11-20 02:13")]
    NoMoment,
    /// Not a time.
    #[error("{0:?} is no time: write it like 02:13, 02:13:30, yesterday 02:13 or 2026-11-20 02:13")]
    NotAMoment(String),
    /// A time that has not come.
    #[error("{0} is yet to come")]
    Future(String),
}

/// Seconds of a duration such as `90s`, `2h` or `1h30m`.
pub fn parse_since(text: &str) -> Result<i64, RangeError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(RangeError::NoDuration);
    }
    if text.chars().all(|c| c.is_ascii_digit()) {
        return Err(RangeError::NoUnit(text.to_owned()));
    }
    let wrong = || RangeError::NotADuration(text.to_owned());
    let (mut seconds, mut digits) = (0_i64, String::new());
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let size = match c.to_ascii_lowercase() {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Err(wrong()),
        };
        if digits.is_empty() {
            return Err(wrong());
        }
        let number: i64 = digits.parse().map_err(|_| RangeError::TooLong)?;
        digits.clear();
        seconds = number
            .checked_mul(size)
            .and_then(|part| seconds.checked_add(part))
            .ok_or(RangeError::TooLong)?;
    }
    match seconds {
        _ if !digits.is_empty() => Err(wrong()),
        0 => Err(RangeError::Empty),
        _ if seconds > MOST_DAYS * 86_400 => Err(RangeError::TooLong),
        _ => Ok(seconds),
    }
}

/// The moment that a text names in a zone. A time of day alone is the last one that there was; a
/// time that a change of the clocks leaves out or repeats is taken as the zone's rules have it.
pub fn parse_at(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, RangeError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(RangeError::NoMoment);
    }
    let wrong = || RangeError::NotAMoment(text.to_owned());
    let moment = match text.parse::<Timestamp>() {
        Ok(moment) => moment,
        Err(_) => civil(text, now, zone).ok_or_else(wrong)?,
    };
    if moment > now {
        return Err(RangeError::Future(text.to_owned()));
    }
    if moment < Timestamp::UNIX_EPOCH {
        return Err(wrong());
    }
    Ok(moment)
}

fn civil(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let today = now.to_zoned(zone.clone()).date();
    let instant = |date: Date, time: Time| {
        let at = DateTime::from_parts(date, time).to_zoned(zone.clone());
        at.ok().map(|at| at.timestamp())
    };
    let Some((day, time)) = text.split_once([' ', 'T']) else {
        let time = clock(text)?;
        let at = instant(today, time)?;
        if at <= now {
            return Some(at);
        }
        return instant(today.checked_sub(1.day()).ok()?, time);
    };
    let date = match day {
        "today" => today,
        "yesterday" => today.checked_sub(1.day()).ok()?,
        _ => day.parse().ok()?,
    };
    instant(date, clock(time.trim())?)
}

/// `02:13` or `02:13:30`.
fn clock(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let mut number = || -> Option<i8> {
        let part = parts.next()?;
        let short = !part.is_empty() && part.len() <= 2;
        let digits = part.chars().all(|c| c.is_ascii_digit());
        (short && digits).then(|| part.parse().ok()).flatten()
    };
    let (hour, minute) = (number()?, number()?);
    let second = if text.matches(':').count() > 1 {
        number()?
    } else {
        0
    };
    let rest = parts.next();
    Time::new(hour, minute, second, 0)
        .ok()
        .filter(|_| rest.is_none())
}
