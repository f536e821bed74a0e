//! Draws a model and reads the result as text.

use std::fmt::Write as _;
use std::path::Path;

use cutover::app::model::Model;
use cutover::app::msg::Msg;
use cutover::app::update::{settle, update};
use cutover::config::settings::{Symbols, ThemeChoice};
use cutover::config::terminal::ColorDepth;
use cutover::config::theme::load::load;
use cutover::view::style::Styles;
use cutover::view::symbols::SymbolSet;
use cutover::view::{Look, Shown, draw};
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr;

/// The look of a theme.
pub fn look(theme: &str, depth: ColorDepth, symbols: Symbols) -> Look {
    let choice = ThemeChoice::Named(theme.into());
    let (theme, _) = load(&choice, None, Path::new("/nowhere")).unwrap();
    Look {
        styles: Styles::new(&theme, depth),
        symbols: SymbolSet::of(symbols),
        zone: TimeZone::UTC,
    }
}

pub fn dark() -> Look {
    look("dark", ColorDepth::TrueColor, Symbols::Unicode)
}

/// The screen as it would be drawn on a terminal of that size.
pub fn buffer(model: &Model, look: &Look, columns: u16, rows: u16) -> Buffer {
    show(&mut model.clone(), look, columns, rows)
}

/// Draws the screen, and tells the model how far it scrolls, as the program does.
pub fn show(model: &mut Model, look: &Look, columns: u16, rows: u16) -> Buffer {
    let now = model.now;
    update(model, now, Msg::Resize { columns, rows });
    settle(model);
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    let mut shown = Shown::default();
    terminal
        .draw(|frame| shown = draw(frame, model, look))
        .unwrap();
    let Shown { furthest, bottom } = shown;
    update(model, now, Msg::Scrollable { furthest, bottom });
    terminal.backend().buffer().clone()
}

/// The cells of a row that a terminal shows: what lies under a wide character is left out.
fn cells(buffer: &Buffer, y: u16) -> impl Iterator<Item = &Cell> {
    let mut x = 0;
    std::iter::from_fn(move || {
        let cell = buffer.cell((x, y))?;
        x += u16::try_from(cell.symbol().width().max(1)).unwrap();
        Some(cell)
    })
}

/// The screen without its styles.
pub fn text(model: &Model, columns: u16, rows: u16) -> String {
    plain(&buffer(model, &dark(), columns, rows))
}

pub fn plain(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let row: String = cells(buffer, y).map(Cell::symbol).collect();
        writeln!(text, "{}", row.trim_end()).unwrap();
    }
    text
}

/// The screen with its styles: `{colour on ground, attributes}` before the text that has them.
pub fn styled(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let mut before = None;
        for cell in cells(buffer, y) {
            let style = (cell.fg, cell.bg, cell.modifier);
            if before != Some(style) {
                let (fg, bg, modifier) = style;
                write!(text, "{{{fg} on {bg}").unwrap();
                if !modifier.is_empty() {
                    write!(text, ", {modifier:?}").unwrap();
                }
                text.push('}');
                before = Some(style);
            }
            text.push_str(cell.symbol());
        }
        text.push('\n');
    }
    text
}
