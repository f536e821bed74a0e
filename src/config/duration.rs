//! Durations as people write them: `500ms`, `2s`, `1m 30s`.

use std::time::Duration;

use jiff::SignedDuration;

/// Reads a duration that has a unit. A number alone, a negative duration and anything else is
/// `None`.
pub fn parse(text: &str) -> Option<Duration> {
    let signed: SignedDuration = text.trim().parse().ok()?;
    Duration::try_from(signed).ok()
}

/// Writes a duration in the form that [`parse`] reads.
pub fn format(duration: Duration) -> String {
    SignedDuration::try_from(duration).map_or_else(
        |_| format!("{}s", duration.as_secs()),
        |signed| format!("{signed:#}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_units_and_refuses_the_rest() {
        assert_eq!(parse("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(parse("2s"), Some(Duration::from_secs(2)));
        assert_eq!(parse(" 1m 30s "), Some(Duration::from_secs(90)));
        assert_eq!(parse("0s"), Some(Duration::ZERO));
        for refused in ["", "2", "-2s", "2 parsecs", "soon"] {
            assert_eq!(parse(refused), None, "{refused}");
        }
    }

    #[test]
    fn what_is_written_can_be_read_again() {
        for millis in [0, 1, 999, 1_000, 90_000, 3_723_004] {
            let duration = Duration::from_millis(millis);
            assert_eq!(
                parse(&format(duration)),
                Some(duration),
                "{}",
                format(duration)
            );
        }
    }
}
