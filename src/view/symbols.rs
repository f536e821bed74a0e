//! The symbols that stand beside the words, by meaning.
//!
//! Every symbol of a state takes one column in both sets, so that tables line up whichever is
//! chosen.

use ratatui::symbols::border;

use crate::config::settings::Symbols;

/// A set of symbols.
#[derive(Debug, PartialEq, Eq)]
pub struct SymbolSet {
    /// It went well, or a check passed.
    pub ok: &'static str,
    /// It failed, or was rolled back.
    pub failed: &'static str,
    /// It needs you.
    pub waiting: &'static str,
    /// It waits for a timer.
    pub timer: &'static str,
    /// It is in flight.
    pub moving: &'static str,
    /// It is being rolled back.
    pub rolling_back: &'static str,
    /// It has not begun.
    pub not_yet: &'static str,
    /// It was skipped, stopped or superseded.
    pub skipped: &'static str,
    /// It is not known.
    pub unknown: &'static str,
    /// Something to look at before going on.
    pub warning: &'static str,
    /// What comes instead of what was, between two words.
    pub arrow: &'static str,
    /// The key that confirms.
    pub enter: &'static str,
    /// Between two pieces of information, or in place of none.
    pub dot: &'static str,
    /// In place of text that does not fit.
    pub ellipsis: &'static str,
    /// In front of a line that explains the one above.
    pub branch: &'static str,
    /// A column that is sorted upwards.
    pub ascending: &'static str,
    /// A column that is sorted downwards.
    pub descending: &'static str,
    /// A horizontal rule.
    pub rule: &'static str,
    /// A horizontal rule in production.
    pub rule_production: &'static str,
    /// In front of the row under the cursor.
    pub cursor: &'static str,
    /// In front of a row that the person marked.
    pub mark: &'static str,
    /// Between a screen and the one that it was opened from.
    pub trail: &'static str,
    /// One column of a gauge that is empty.
    pub gauge_empty: &'static str,
    /// One column of a gauge, from barely filled to full. The last one is full.
    pub gauge_steps: &'static [&'static str],
    /// One column of a small graph, from the lowest to the highest value.
    pub graph_steps: &'static [&'static str],
    /// The lines around a panel.
    pub border: border::Set<'static>,
}

impl SymbolSet {
    /// The set that was chosen.
    pub fn of(choice: Symbols) -> &'static Self {
        match choice {
            Symbols::Unicode => &UNICODE,
            Symbols::Ascii => &ASCII,
        }
    }
}

/// Symbols that most terminal fonts have.
pub static UNICODE: SymbolSet = SymbolSet {
    ok: "✔",
    failed: "✖",
    waiting: "‖",
    timer: "◷",
    moving: "◌",
    rolling_back: "↶",
    not_yet: "○",
    skipped: "⊘",
    unknown: "?",
    warning: "!",
    arrow: "→",
    enter: "⏎",
    dot: "·",
    ellipsis: "…",
    branch: "└",
    ascending: "▲",
    descending: "▼",
    rule: "─",
    rule_production: "═",
    cursor: "▌",
    mark: "◆",
    trail: "›",
    gauge_empty: "░",
    gauge_steps: &["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
    graph_steps: &["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    border: border::PLAIN,
};

/// Only ASCII.
pub static ASCII: SymbolSet = SymbolSet {
    ok: "+",
    failed: "x",
    waiting: "=",
    timer: "@",
    moving: "~",
    rolling_back: "<",
    not_yet: "o",
    skipped: "/",
    unknown: "?",
    warning: "!",
    arrow: "->",
    enter: "Enter",
    dot: "-",
    ellipsis: "...",
    branch: "`",
    ascending: "^",
    descending: "v",
    rule: "-",
    rule_production: "=",
    cursor: ">",
    mark: "*",
    trail: ">",
    gauge_empty: ".",
    gauge_steps: &["-", "#"],
    graph_steps: &["_", ".", "-", "=", "#"],
    border: border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    },
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use unicode_width::UnicodeWidthStr;

    use super::*;

    fn states(set: &SymbolSet) -> [&'static str; 10] {
        [
            set.ok,
            set.failed,
            set.waiting,
            set.timer,
            set.moving,
            set.rolling_back,
            set.not_yet,
            set.skipped,
            set.unknown,
            set.warning,
        ]
    }

    fn everything(set: &SymbolSet) -> Vec<&'static str> {
        let border = set.border;
        let single = [
            set.arrow,
            set.enter,
            set.dot,
            set.ellipsis,
            set.branch,
            set.ascending,
            set.descending,
            set.rule,
            set.rule_production,
            set.cursor,
            set.mark,
            set.trail,
            set.gauge_empty,
            border.top_left,
            border.top_right,
            border.bottom_left,
            border.bottom_right,
            border.vertical_left,
            border.vertical_right,
            border.horizontal_top,
            border.horizontal_bottom,
        ];
        [&states(set)[..], &single, set.gauge_steps, set.graph_steps].concat()
    }

    #[test]
    fn a_state_takes_one_column_and_is_like_no_other() {
        for set in [&UNICODE, &ASCII] {
            let states = states(set);
            assert!(
                states.iter().all(|symbol| symbol.width() == 1),
                "{states:?}"
            );
            assert_eq!(states.iter().collect::<BTreeSet<_>>().len(), states.len());
        }
    }

    #[test]
    fn what_fills_columns_takes_one() {
        for set in [&UNICODE, &ASCII] {
            let steps = set.gauge_steps.iter().chain(set.graph_steps);
            assert!(
                steps
                    .chain([
                        &set.gauge_empty,
                        &set.rule,
                        &set.rule_production,
                        &set.cursor,
                        &set.mark,
                        &set.trail,
                    ])
                    .all(|symbol| symbol.width() == 1)
            );
            assert!(!set.gauge_steps.contains(&set.gauge_empty));
        }
    }

    #[test]
    fn ascii_is_ascii() {
        assert!(everything(&ASCII).iter().all(|symbol| symbol.is_ascii()));
        assert_eq!(SymbolSet::of(Symbols::Ascii), &ASCII);
        assert_eq!(SymbolSet::of(Symbols::Unicode), &UNICODE);
    }
}
