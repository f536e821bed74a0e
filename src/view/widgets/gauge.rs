//! A bar that shows a share.

use ratatui::style::Style;
use ratatui::text::Span;

use crate::view::symbols::SymbolSet;

/// A bar of so many columns, filled by `part` of `whole`. A share that is not zero shows at least a
/// trace, and only a whole one fills the bar.
pub fn bar(
    part: f64,
    whole: f64,
    columns: usize,
    symbols: &SymbolSet,
    full: Style,
    empty: Style,
) -> Vec<Span<'static>> {
    let steps = symbols.gauge_steps.len().max(1);
    let filled = eighths(part, whole, columns * steps);
    let (blocks, rest) = (filled / steps, filled % steps);
    let last = symbols.gauge_steps.last().copied().unwrap_or_default();
    let mut text = last.repeat(blocks);
    if let Some(step) = rest
        .checked_sub(1)
        .and_then(|rest| symbols.gauge_steps.get(rest))
    {
        text.push_str(step);
    }
    let drawn = blocks + usize::from(rest > 0);
    vec![
        Span::styled(text, full),
        Span::styled(symbols.gauge_empty.repeat(columns - drawn), empty),
    ]
}

/// The share in the smallest steps that can be drawn.
fn eighths(part: f64, whole: f64, steps: usize) -> usize {
    if part <= 0.0 || whole <= 0.0 || steps == 0 {
        return 0;
    }
    if part >= whole {
        return steps;
    }
    // Walking up the steps keeps the arithmetic free of casts; a bar has at most some hundred.
    let steps_of = u32::try_from(steps).unwrap_or(u32::MAX);
    let reached = (1..steps_of)
        .take_while(|step| f64::from(*step) / f64::from(steps_of) <= part / whole)
        .count();
    reached.clamp(1, steps.saturating_sub(1).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::symbols::{ASCII, UNICODE};

    fn read(part: f64, whole: f64, columns: usize, symbols: &SymbolSet) -> String {
        bar(part, whole, columns, symbols, Style::new(), Style::new())
            .iter()
            .map(|span| span.content.to_string())
            .collect()
    }

    #[test]
    fn a_bar_shows_the_share() {
        assert_eq!(read(0.0, 4.0, 4, &UNICODE), "░░░░");
        assert_eq!(read(2.0, 4.0, 4, &UNICODE), "██░░");
        assert_eq!(read(4.0, 4.0, 4, &UNICODE), "████");
        assert_eq!(read(9.0, 4.0, 4, &UNICODE), "████");
        assert_eq!(read(2.0, 4.0, 4, &ASCII), "##..");
    }

    #[test]
    fn little_is_not_nothing_and_nearly_is_not_all() {
        assert_eq!(read(0.01, 100.0, 4, &UNICODE), "▏░░░");
        assert_eq!(read(99.99, 100.0, 4, &UNICODE), "███▉");
        assert_eq!(read(1.0, 0.0, 4, &UNICODE), "░░░░");
    }
}
