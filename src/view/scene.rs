//! What every view is given.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::text::{Line, Span};

use super::Look;
use super::style::Styles;
use super::symbols::SymbolSet;
use super::widgets::text;
use crate::app::list::ListState;
use crate::app::model::Model;
use crate::app::row::RowId;
use crate::app::screen::Page;

/// The state and how it is to look.
#[derive(Copy, Clone)]
pub(crate) struct Scene<'a> {
    /// The state.
    pub model: &'a Model,
    /// The look.
    pub look: &'a Look,
}

impl<'a> Scene<'a> {
    pub fn styles(self) -> &'a Styles {
        &self.look.styles
    }

    pub fn symbols(self) -> &'static SymbolSet {
        self.look.symbols
    }

    pub fn zone(self) -> &'a TimeZone {
        &self.look.zone
    }

    pub fn now(self) -> Timestamp {
        self.model.now
    }

    pub fn page(self) -> &'a Page {
        self.model.navigation.current()
    }

    pub fn list(self) -> &'a ListState<RowId> {
        &self.page().list
    }

    /// Plain text.
    pub fn plain(self, words: impl Into<String>) -> Span<'static> {
        Span::styled(words.into(), self.styles().text())
    }

    /// Text that matters less.
    pub fn quiet(self, words: impl Into<String>) -> Span<'static> {
        Span::styled(words.into(), self.styles().quiet())
    }

    /// What stands where nothing is known.
    pub fn nothing(self) -> Line<'static> {
        Line::from(self.quiet(self.symbols().dot))
    }

    /// A heading with a rule to the end of the line.
    pub fn heading(self, words: &str, room: usize) -> Line<'static> {
        let rule = self.symbols().rule;
        let title = text::fit(
            words,
            room.saturating_sub(5),
            text::Cut::End,
            self.symbols().ellipsis,
        );
        let used = 4 + text::width(&title);
        Line::from(vec![
            Span::styled(rule.repeat(2), self.styles().border()),
            Span::styled(format!(" {title} "), self.styles().title()),
            Span::styled(
                rule.repeat(room.saturating_sub(used)),
                self.styles().border(),
            ),
        ])
    }

    /// Makes text fit at its end.
    pub fn fit(self, words: &str, room: usize) -> String {
        text::fit(words, room, text::Cut::End, self.symbols().ellipsis)
    }
}
