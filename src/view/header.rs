//! The first line: where one is, and how old what is shown is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::scene::Scene;
use super::widgets::pieces::{self, Piece};
use super::widgets::text::{self, Cut};
use super::widgets::time;
use crate::app::freshness::{Freshness, freshness};
use crate::app::selection::{is_production, selection};
use crate::app::store::Store;
use crate::domain::failure::Failure;
use crate::domain::text::printable;

/// Columns between two pieces.
const GAP: usize = 2;
/// From this width on the header says why what is shown is old.
const ROOMY: u16 = 64;
/// Columns for the name of an identity: a role with its session can be very long.
const WHO: usize = 28;

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    let selected = selection(scene.model);
    let production = is_production(scene.model, &selected);
    if production {
        buf.set_style(area, scene.styles().production());
    }
    let ink = Ink { scene, production };
    let mut left = vec![ink.piece(8, "cutover", scene.styles().title())];
    if production {
        left.push(Piece::new(0, vec![Span::raw("PRODUCTION")]));
    }
    let store = scene.model.store(selected.context);
    if store.is_some_and(|store| store.context.demo) {
        let banner = Span::styled(" DEMO ", scene.styles().demo());
        left.push(Piece::new(0, vec![banner]));
    }
    left.extend(store.into_iter().flat_map(|store| ink.place(store)));
    left.extend(ink.state().into_iter().map(Piece::at_right));
    place(area, buf, left);
}

/// Draws the pieces that fit, each at its side.
fn place(area: Rect, buf: &mut Buffer, pieces: Vec<Piece>) {
    let room = usize::from(area.width).saturating_sub(2);
    let kept = pieces::choose(pieces, room, GAP);
    let (right, left): (Vec<_>, Vec<_>) = kept.into_iter().partition(|piece| piece.right);
    let gap = Span::raw(" ".repeat(GAP));
    let (left, right) = (pieces::join(left, &gap), pieces::join(right, &gap));
    let (end, _) = buf.set_line(area.x + 1, area.y, &left, area.width.saturating_sub(1));
    let width = text::columns(right.width());
    let start = area.right().saturating_sub(width + 1).max(end + 1);
    buf.set_line(start, area.y, &right, area.right().saturating_sub(start));
}

/// In production the line has one colour; elsewhere each piece has its own.
#[derive(Copy, Clone)]
struct Ink<'a> {
    scene: Scene<'a>,
    production: bool,
}

impl Ink<'_> {
    fn piece(self, rank: u8, words: impl Into<String>, style: Style) -> Piece {
        let style = if self.production {
            self.scene.styles().production()
        } else {
            style
        };
        Piece::new(rank, vec![Span::styled(words.into(), style)])
    }

    /// Account, Region and identity.
    fn place(self, store: &Store) -> Vec<Piece> {
        let styles = self.scene.styles();
        let mut pieces = Vec::new();
        if let Some(profile) = &store.context.profile {
            pieces.push(self.piece(6, printable(profile), styles.text()));
        }
        match (store.identity.value(), self.scene.model.contexts.len()) {
            (Some(identity), _) => {
                pieces.push(self.piece(0, printable(&identity.account), styles.text()));
            }
            (None, _) => pieces.push(self.piece(3, "account not known", styles.unknown())),
        }
        let region = match &store.context.region {
            Some(region) => self.piece(1, printable(region), styles.text()),
            None => self.piece(1, "no Region", styles.unknown()),
        };
        pieces.push(region);
        if let Some(identity) = store.identity.value() {
            let who = printable(identity.short());
            let who = text::fit(&who, WHO, Cut::Start, self.scene.symbols().ellipsis);
            pieces.push(self.piece(3, format!("as {who}"), styles.quiet()));
        }
        if let Some(endpoint) = store
            .context
            .endpoint
            .as_ref()
            .filter(|_| !store.context.demo)
        {
            pieces.push(self.piece(5, printable(endpoint), styles.quiet()));
        }
        pieces
    }

    /// Whether anything can be changed, and how old what is shown is.
    fn state(self) -> Vec<Piece> {
        let styles = self.scene.styles();
        let mode = if self.scene.model.preferences.read_only {
            self.piece(1, " READ-ONLY ", styles.read_only())
        } else {
            self.piece(2, "read-write", styles.quiet())
        };
        let calls: usize = self
            .scene
            .model
            .contexts
            .iter()
            .map(|store| store.calls_per_minute)
            .sum();
        let slowed = self.scene.model.contexts.iter().any(|store| store.slowed);
        let mut pieces = vec![mode];
        if slowed {
            pieces.push(self.piece(5, "slowed down", styles.stale()));
        }
        pieces.extend(self.age());
        pieces.push(self.piece(7, format!("{calls} calls/min"), styles.quiet()));
        pieces
    }

    /// An age that is not what it should be, with the reason where there is room for it.
    fn old(self, age: String, why: Option<&Failure>) -> Piece {
        let roomy = self.scene.model.columns >= ROOMY;
        let words = match why.filter(|_| roomy) {
            Some(failure) => format!("{age}: {}", failure.short()),
            None => age,
        };
        self.piece(0, words, self.scene.styles().stale())
    }

    /// The age, and where it is not what it should be, why.
    fn age(self) -> Vec<Piece> {
        let styles = self.scene.styles();
        match freshness(self.scene.model) {
            Freshness::Local => vec![self.piece(0, "as read", styles.quiet())],
            Freshness::Loading => vec![self.piece(0, "asking AWS", styles.moving())],
            Freshness::Missing(failure) => vec![
                self.piece(0, "no answer:", styles.error_text()),
                self.piece(4, failure.short(), styles.error_text()),
            ],
            Freshness::Live {
                seconds,
                failing: None,
            } => vec![self.piece(0, format!("{seconds} s"), styles.text())],
            Freshness::Live {
                seconds,
                failing: Some(failure),
            } => vec![self.old(format!("{seconds} s, failing"), Some(&failure))],
            Freshness::Stale { seconds, failure } => {
                let age = format!("STALE {}", time::duration(seconds));
                vec![self.old(age, failure.as_ref())]
            }
        }
    }
}
