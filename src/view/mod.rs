//! Drawing: one file for each screen or region. A view draws what the model says and decides
//! nothing.

pub mod style;
pub mod symbols;

use jiff::tz::TimeZone;
use ratatui::Frame;

use crate::app::model::Model;

/// How everything looks.
#[derive(Clone, Debug)]
pub struct Look {
    /// Styles by meaning.
    pub styles: style::Styles,
    /// Symbols by meaning.
    pub symbols: &'static symbols::SymbolSet,
    /// The zone of the times on screen.
    pub zone: TimeZone,
}

/// Draws the screen.
pub fn draw(frame: &mut Frame, model: &Model, look: &Look) {
    let rows: Vec<String> = model
        .navigation
        .current()
        .list
        .rows
        .iter()
        .map(|row| format!("{row:?}"))
        .collect();
    frame.render_widget(
        ratatui::widgets::Paragraph::new(rows.join("\n")).style(look.styles.text()),
        frame.area(),
    );
}
