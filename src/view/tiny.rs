//! A terminal too small for screens: the worst release and its state.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::scene::Scene;
use super::status;
use super::widgets::text::{self, Cut};
use crate::app::freshness::{Freshness, freshness};
use crate::app::summary::{Summary, summary, worst};
use crate::domain::text::{count, printable};

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    for (line, y) in lines(scene).into_iter().zip(area.top()..area.bottom()) {
        let line = text::fit_line(line, area.width.into(), Cut::End, scene.symbols().ellipsis);
        buf.set_line(area.x, y, &line, area.width);
    }
}

fn lines(scene: Scene<'_>) -> Vec<Line<'static>> {
    let counts = summary(scene.model);
    let mut lines = vec![worst_line(scene, counts)];
    if scene.model.dialog.is_some() {
        let words = "a question is open: enlarge the terminal, or esc";
        lines.push(Line::styled(words, scene.styles().waiting()));
    }
    let age = match freshness(scene.model) {
        Freshness::Live {
            seconds,
            failing: None,
        } => format!("{seconds} s old"),
        Freshness::Live {
            seconds,
            failing: Some(failure),
        } => format!("{seconds} s old, failing: {}", failure.short()),
        Freshness::Stale { seconds, .. } => format!("STALE {seconds} s"),
        Freshness::Missing(failure) => failure.short().to_owned(),
        Freshness::Loading | Freshness::Local => String::new(),
    };
    lines.push(Line::from(
        scene.quiet(format!("{} in flight {age}", counts.in_flight())),
    ));
    lines.push(Line::from(scene.quiet("40x10 shows more")));
    lines
}

fn worst_line(scene: Scene<'_>, counts: Summary) -> Line<'static> {
    let Some((_, release)) = worst(scene.model) else {
        let words = match freshness(scene.model) {
            Freshness::Loading => "asking AWS",
            Freshness::Missing(failure) => failure.short(),
            _ if counts.short > 0 => {
                let words = format!("{} short of tasks", count(counts.short, "service"));
                return Line::styled(words, scene.styles().failed());
            }
            _ if counts.approvals > 0 => {
                let words = format!(
                    "{} {} for you",
                    scene.symbols().waiting,
                    count(counts.approvals, "approval")
                );
                return Line::styled(words, scene.styles().waiting());
            }
            _ => "nothing in flight",
        };
        return Line::from(scene.plain(words));
    };
    let mark = status::of_release(scene, release, true);
    let tasks = release
        .new
        .as_ref()
        .map(|side| (side.running, side.desired));
    let tasks = match tasks {
        Some((Some(running), Some(desired))) => format!(" {running}/{desired}"),
        _ => String::new(),
    };
    Line::from(vec![
        Span::styled(format!("{} ", mark.symbol), mark.style),
        scene.plain(printable(release.service.name())),
        Span::styled(format!(" {}", mark.word), mark.style),
        scene.plain(tasks),
    ])
}
