//! The tokens that page through logs. To clients they are opaque.

use crate::sim::api::ApiError;
use crate::sim::clock::SimTime;
use crate::sim::world::logs::EventKey;

/// The error for a token that was not made here.
pub fn invalid() -> ApiError {
    ApiError::invalid_parameter("The specified nextToken is invalid.")
}

/// Writes a text as a token.
pub fn from_text(text: &str) -> String {
    use std::fmt::Write as _;

    text.bytes()
        .fold(String::with_capacity(text.len() * 2), |mut token, byte| {
            // Writing to a string can't fail.
            let _ = write!(token, "{byte:02x}");
            token
        })
}

/// Reads a text back from its token.
pub fn to_text(token: &str) -> Result<String, ApiError> {
    let digits = token.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair)
            .ok()
            .filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    });
    let bytes: Option<Vec<u8>> = digits.collect();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(invalid)
}

/// Writes a place in a stream as the 56 digits that AWS uses: 19 for the time, 10 for the source,
/// 20 for the number, and 7 that are always the same.
pub fn from_key(key: EventKey) -> String {
    format!(
        "{:019}{:010}{:020}0000000",
        key.at.0.max(0),
        key.source,
        key.index
    )
}

/// Reads a place back from its digits.
pub fn to_key(digits: &str) -> Result<EventKey, ApiError> {
    if digits.len() != 56 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(invalid());
    }
    let part = |from: usize, until: usize| digits.get(from..until).ok_or_else(invalid);
    Ok(EventKey {
        at: SimTime(part(0, 19)?.parse().map_err(|_| invalid())?),
        source: part(19, 29)?.parse().map_err(|_| invalid())?,
        index: part(29, 49)?.parse().map_err(|_| invalid())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_places_come_back() {
        assert_eq!(to_text(&from_text("/ecs/wéb")).unwrap(), "/ecs/wéb");
        for key in [
            EventKey {
                at: SimTime(0),
                source: 0,
                index: 0,
            },
            EventKey {
                at: SimTime(i64::MAX),
                source: u32::MAX,
                index: u64::MAX,
            },
        ] {
            assert_eq!(from_key(key).len(), 56);
            assert_eq!(to_key(&from_key(key)).unwrap(), key);
        }
    }

    #[test]
    fn what_was_not_made_here_is_refused() {
        for token in ["x", "abc", "zz", "ff"] {
            assert!(to_text(token).is_err(), "{token}");
        }
        for digits in ["", "1", &"9".repeat(56), &"a".repeat(56)] {
            assert!(to_key(digits).is_err(), "{digits}");
        }
    }
}
