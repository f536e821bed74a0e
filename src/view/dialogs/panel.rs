//! The box of a dialog: a title, a text that scrolls, and a foot that is always in sight.

use ratatui::buffer::Buffer;
use ratatui::layout::{Alignment, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Padding, Widget};

use crate::view::scene::Scene;
use crate::view::widgets::document;
use crate::view::widgets::text::{self, Cut};

/// The widest text of a dialog, in columns.
pub(super) const TEXT: usize = 76;

/// A dialog's content.
pub(super) struct Panel {
    title: String,
    /// The text.
    pub body: Vec<Line<'static>>,
    /// The buttons and what belongs to them.
    pub foot: Vec<Line<'static>>,
    /// Lines of the text scrolled.
    pub scroll: usize,
    /// Whether it changes production.
    pub danger: bool,
    /// The widest that its text may be, in columns.
    pub widest: usize,
}

impl Panel {
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            body: Vec::new(),
            foot: Vec::new(),
            scroll: 0,
            danger: false,
            widest: TEXT,
        }
    }

    /// Draws the panel in the middle of the area. Returns the rectangle of its text and foot, and
    /// the furthest that the text can be scrolled.
    pub fn draw(self, scene: Scene<'_>, area: Rect, buf: &mut Buffer) -> (Rect, usize) {
        let (outer, block) = self.frame(scene, area);
        Clear.render(outer, buf);
        buf.set_style(outer, scene.styles().dialog());
        let inner = block.inner(outer);
        block.render(outer, buf);
        let foot = text::columns(self.foot.len()).min(inner.height);
        let body = Rect {
            height: inner.height - foot,
            ..inner
        };
        let furthest = document::draw(scene, body, buf, self.body, self.scroll);
        for (line, y) in self.foot.into_iter().zip(body.bottom()..inner.bottom()) {
            draw_foot(&line, inner, y, buf);
        }
        (inner, furthest)
    }

    fn frame(&self, scene: Scene<'_>, area: Rect) -> (Rect, Block<'static>) {
        let longest = self
            .body
            .iter()
            .chain(&self.foot)
            .map(Line::width)
            .chain([text::width(&self.title) + 2, 36])
            .max()
            .unwrap_or(self.widest);
        let width = text::columns(longest.min(self.widest) + 4).min(area.width);
        let height = text::columns(self.body.len() + self.foot.len() + 2).min(area.height);
        let outer = Rect::new(
            area.x + (area.width - width) / 2,
            area.y + (area.height - height) / 2,
            width,
            height,
        );
        let style = if self.danger {
            scene.styles().dialog_danger()
        } else {
            scene.styles().border_focused()
        };
        let title = text::fit(
            &self.title,
            usize::from(width).saturating_sub(6),
            Cut::End,
            scene.symbols().ellipsis,
        );
        let title_style = if self.danger {
            style
        } else {
            scene.styles().title()
        };
        let block = Block::bordered()
            .border_set(scene.symbols().border)
            .border_style(style)
            .padding(Padding::horizontal(1))
            .title(Line::from(Span::styled(format!(" {title} "), title_style)));
        (outer, block)
    }
}

fn draw_foot(line: &Line<'static>, inner: Rect, y: u16, buf: &mut Buffer) {
    let width = text::columns(line.width()).min(inner.width);
    let x = match line.alignment {
        Some(Alignment::Right) => inner.right() - width,
        _ => inner.x,
    };
    buf.set_line(x, y, line, width);
}
