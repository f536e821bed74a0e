//! Drawing: one file for each screen or region. A view draws what the model says and decides
//! nothing.
//!
//! ```text
//! header       where: production, account, Region, identity; how old
//! title        what: the screen, how much of it is shown, what is wrong anywhere
//! body         the screen
//! operations   actions on their way
//! notice       something said in passing, the input line, or why keys are off
//! keys         what each key would do to what is selected
//! ```

mod actions;
mod body;
mod clusters;
mod codedeploy;
mod countdown;
mod definitions;
mod describe;
mod dialogs;
mod empty;
mod errors;
mod footer;
mod gates;
mod header;
mod help;
mod history;
mod key_line;
mod logs;
mod operations;
mod pipelines;
mod program_log;
mod regions;
mod release;
mod releases;
mod scene;
mod services;
mod status;
pub mod style;
pub mod symbols;
mod task;
mod tasks;
mod tiny;
mod title;
mod widgets;

use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::regions::Regions;
use self::scene::Scene;
use self::style::Styles;
use self::symbols::SymbolSet;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::domain::logs::buffer::LineId;

/// How things look: it stays the same while the program runs.
#[derive(Clone, Debug)]
pub struct Look {
    /// The styles of the theme, fitted to the terminal.
    pub styles: Styles,
    /// The symbols.
    pub symbols: &'static SymbolSet,
    /// The zone that times are shown in.
    pub zone: TimeZone,
}

/// Draws the model. Below 40 columns or 10 rows one line says what matters most.
///
/// Returns what only a view knows: how many lines a text takes, and which ones are in sight.
pub fn draw(frame: &mut Frame<'_>, model: &Model, look: &Look) -> Shown {
    let scene = Scene { model, look };
    let area = frame.area();
    let drawn = paint(scene, area, frame.buffer_mut());
    if let Some(position) = drawn.cursor {
        frame.set_cursor_position(position);
    }
    Shown {
        furthest: drawn.furthest,
        bottom: drawn.bottom,
    }
}

/// What is in sight.
#[derive(Copy, Clone, Debug, Default)]
pub struct Shown {
    /// The furthest that the text in front can be scrolled; 0 where nothing scrolls.
    pub furthest: usize,
    /// The lowest log line on screen.
    pub bottom: Option<LineId>,
}

/// What drawing tells beside what it draws.
#[derive(Copy, Clone, Debug, Default)]
struct Drawn {
    /// The cursor, where something is being typed.
    cursor: Option<Position>,
    /// The furthest that the text in front can be scrolled.
    furthest: usize,
    /// The lowest log line on screen.
    bottom: Option<LineId>,
}

fn paint(scene: Scene<'_>, area: Rect, buf: &mut Buffer) -> Drawn {
    buf.set_style(area, scene.styles().text());
    if area.width < 40 || area.height < 10 {
        tiny::draw(scene, area, buf);
        return Drawn::default();
    }
    let regions = Regions::split(scene, area);
    let mut drawn = Drawn::default();
    if regions.header.height > 0 {
        header::draw(scene, regions.header, buf);
        title::draw(scene, regions.title, buf);
    }
    match &scene.page().screen {
        Screen::Logs(source) => drawn.bottom = logs::draw(scene, regions.body, buf, source),
        _ => drawn.furthest = body::draw(scene, regions.body, buf),
    }
    operations::draw(scene, regions.operations, buf);
    drawn.cursor = footer::draw(scene, &regions, buf);
    if scene.model.dialog.is_some() {
        let dialog = dialogs::draw(scene, area, buf);
        return Drawn {
            bottom: drawn.bottom,
            ..dialog
        };
    }
    drawn
}
