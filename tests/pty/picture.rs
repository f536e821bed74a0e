//! A terminal's screen as an SVG picture.

use std::collections::HashMap;
use std::fmt::Write;

use vt100::{Cell, Color, Screen};

const CELL_WIDTH: f32 = 8.4;
const CELL_HEIGHT: f32 = 18.0;
const GROUND: &str = "#101418";
const INK: &str = "#d8dee9";
/// The sixteen colours that a terminal chooses itself.
const NAMED: [&str; 16] = [
    "#1c1f24", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d8dee9",
    "#5c6370", "#ff7b86", "#b5e890", "#ffd68a", "#7cc4ff", "#dc95f0", "#6fd3de", "#ffffff",
];

/// How a run of cells looks.
#[derive(Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a terminal's attributes are so many switches"
)]
struct Look {
    ink: String,
    ground: String,
    bold: bool,
    dim: bool,
    italic: bool,
    underlined: bool,
}

/// The screen as it is, cell for cell.
pub fn svg(screen: &Screen) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let (width, height) = (
        f32::from(columns) * CELL_WIDTH,
        f32::from(rows) * CELL_HEIGHT,
    );
    let ground = common_ground(screen, rows, columns);
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" \
         font-size=\"14\">\n<rect width=\"100%\" height=\"100%\" fill=\"{ground}\"/>\n"
    );
    for row in 0..rows {
        draw_row(&mut picture, screen, row, (columns, &ground));
    }
    picture.push_str("</svg>\n");
    picture
}

fn draw_row(picture: &mut String, screen: &Screen, row: u16, (columns, ground): (u16, &str)) {
    let mut column = 0;
    while column < columns {
        let look = look_at(screen.cell(row, column));
        let start = column;
        let mut text = String::new();
        while column < columns && look_at(screen.cell(row, column)) == look {
            let cell = screen.cell(row, column);
            match cell {
                Some(cell) if cell.is_wide_continuation() => {}
                Some(cell) if cell.has_contents() => text.push_str(cell.contents()),
                _ => text.push(' '),
            }
            column += 1;
        }
        draw_run(picture, &look, &text, (row, start, column - start), ground);
    }
}

fn draw_run(
    picture: &mut String,
    look: &Look,
    text: &str,
    (row, start, length): (u16, u16, u16),
    ground: &str,
) {
    let (x, y) = (f32::from(start) * CELL_WIDTH, f32::from(row) * CELL_HEIGHT);
    let width = f32::from(length) * CELL_WIDTH;
    if look.ground != ground {
        let _ = writeln!(
            picture,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{CELL_HEIGHT}\" fill=\"{}\"/>",
            look.ground
        );
    }
    if text.trim().is_empty() {
        return;
    }
    let mut attributes = String::new();
    for (is_set, attribute) in [
        (look.bold, " font-weight=\"bold\""),
        (look.dim, " opacity=\"0.6\""),
        (look.italic, " font-style=\"italic\""),
        (look.underlined, " text-decoration=\"underline\""),
    ] {
        if is_set {
            attributes.push_str(attribute);
        }
    }
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let _ = writeln!(
        picture,
        "<text x=\"{x:.1}\" y=\"{:.1}\" fill=\"{}\" textLength=\"{width:.1}\" \
         xml:space=\"preserve\"{attributes}>{text}</text>",
        y + 13.5,
        look.ink
    );
}

/// The ground that most cells have.
fn common_ground(screen: &Screen, rows: u16, columns: u16) -> String {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for row in 0..rows {
        for column in 0..columns {
            *counts
                .entry(look_at(screen.cell(row, column)).ground)
                .or_default() += 1;
        }
    }
    let common = counts
        .into_iter()
        .max_by_key(|(ground, count)| (*count, ground.clone()));
    common.map_or_else(|| GROUND.to_owned(), |(ground, _)| ground)
}

fn look_at(cell: Option<&Cell>) -> Look {
    let cell = cell.expect("the cell is on the screen");
    let (mut ink, mut ground) = (colour(cell.fgcolor(), INK), colour(cell.bgcolor(), GROUND));
    if cell.inverse() {
        std::mem::swap(&mut ink, &mut ground);
    }
    Look {
        ink,
        ground,
        bold: cell.bold(),
        dim: cell.dim(),
        italic: cell.italic(),
        underlined: cell.underline(),
    }
}

fn colour(colour: Color, default: &str) -> String {
    match colour {
        Color::Default => default.to_owned(),
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        Color::Idx(index @ 0..=15) => NAMED[usize::from(index)].to_owned(),
        Color::Idx(index @ 16..=231) => {
            let index = index - 16;
            let level = |part: u8| if part == 0 { 0 } else { 55 + part * 40 };
            let (red, green, blue) = (level(index / 36), level(index / 6 % 6), level(index % 6));
            format!("#{red:02x}{green:02x}{blue:02x}")
        }
        Color::Idx(index) => {
            let grey = 8 + (index - 232) * 10;
            format!("#{grey:02x}{grey:02x}{grey:02x}")
        }
    }
}
