//! Pieces of a line that compete for its room.

use ratatui::text::{Line, Span};

/// Something on a line, with its rank: the higher the number, the sooner it gives way.
#[derive(Clone, Debug)]
pub struct Piece {
    /// What it shows.
    pub spans: Vec<Span<'static>>,
    /// Its rank; 0 never gives way.
    pub rank: u8,
    /// Whether it stands at the right side of the line.
    pub right: bool,
}

impl Piece {
    /// A piece of one or more spans.
    pub fn new(rank: u8, spans: impl Into<Vec<Span<'static>>>) -> Self {
        Self {
            spans: spans.into(),
            rank,
            right: false,
        }
    }

    /// The same piece at the right side.
    pub fn at_right(self) -> Self {
        Self {
            right: true,
            ..self
        }
    }

    /// The columns that it takes.
    pub fn width(&self) -> usize {
        self.spans.iter().map(Span::width).sum()
    }
}

/// Leaves out pieces, the highest rank first and among equals the last, until the rest fits with
/// `gap` columns between them.
pub fn choose(mut pieces: Vec<Piece>, room: usize, gap: usize) -> Vec<Piece> {
    while total(&pieces, gap) > room {
        let weakest = pieces
            .iter()
            .enumerate()
            .filter(|(_, piece)| piece.rank > 0)
            .max_by_key(|(place, piece)| (piece.rank, *place));
        match weakest.map(|(place, _)| place) {
            Some(place) => pieces.remove(place),
            None => return pieces,
        };
    }
    pieces
}

/// The columns that pieces take with `gap` columns between them.
pub fn total(pieces: &[Piece], gap: usize) -> usize {
    let widths: usize = pieces.iter().map(Piece::width).sum();
    widths + gap * pieces.len().saturating_sub(1)
}

/// Puts pieces beside each other.
pub fn join(pieces: Vec<Piece>, separator: &Span<'static>) -> Line<'static> {
    let mut spans = Vec::new();
    for (place, piece) in pieces.into_iter().enumerate() {
        if place > 0 {
            spans.push(separator.clone());
        }
        spans.extend(piece.spans);
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(rank: u8, text: &'static str) -> Piece {
        Piece::new(rank, vec![Span::raw(text)])
    }

    fn read(pieces: Vec<Piece>, room: usize) -> String {
        join(choose(pieces, room, 1), &Span::raw(" ")).to_string()
    }

    #[test]
    fn the_weakest_gives_way_first() {
        let pieces = || vec![piece(0, "name"), piece(2, "detail"), piece(1, "age")];
        assert_eq!(read(pieces(), 15), "name detail age");
        assert_eq!(read(pieces(), 14), "name age");
        assert_eq!(read(pieces(), 7), "name");
        assert_eq!(read(pieces(), 2), "name");
    }

    #[test]
    fn among_equals_the_last_gives_way() {
        assert_eq!(read(vec![piece(1, "one"), piece(1, "two")], 4), "one");
    }
}
