//! Where each region is.

use ratatui::layout::Rect;

use super::operations;
use super::scene::Scene;

/// The regions from top to bottom; one that has nothing to show has no height.
pub(crate) struct Regions {
    pub header: Rect,
    pub title: Rect,
    pub body: Rect,
    pub operations: Rect,
    /// Without a line of its own on low terminals: then it takes the place of the keys.
    pub notice: Rect,
    pub keys: Rect,
}

/// From this height on the notice has a line of its own.
const ROOMY: u16 = 16;

impl Regions {
    pub fn split(scene: Scene<'_>, area: Rect) -> Self {
        if full_screen(scene) {
            return Self::lines_only(area);
        }
        let mut top = area.y;
        let mut take = |height: u16| {
            let region = Rect::new(area.x, top, area.width, height);
            top += height;
            region
        };
        let notice = u16::from(area.height >= ROOMY);
        let most = if area.height >= 24 { 3 } else { 1 };
        let operations = operations::height(scene, most);
        let body = area.height.saturating_sub(3 + notice + operations);
        Self {
            header: take(1),
            title: take(1),
            body: take(body),
            operations: take(operations),
            notice: take(notice),
            keys: take(1),
        }
    }

    /// Everything but the last line belongs to the body: full screen.
    fn lines_only(area: Rect) -> Self {
        let none = Rect { height: 0, ..area };
        let last = area.bottom().saturating_sub(1);
        Self {
            header: none,
            title: none,
            body: Rect {
                height: area.height.saturating_sub(1),
                ..area
            },
            operations: none,
            notice: none,
            keys: Rect::new(area.x, last, area.width, 1.min(area.height)),
        }
    }
}

/// Whether log lines have the whole screen. An action on its way takes its place back.
fn full_screen(scene: Scene<'_>) -> bool {
    let logs = scene.page().logs.as_ref();
    logs.is_some_and(|logs| logs.full_screen) && operations::height(scene, 1) == 0
}
