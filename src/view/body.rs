//! Which view draws which screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::scene::Scene;
use super::{release, releases, services};
use crate::app::screen::Screen;

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    match &scene.page().screen {
        Screen::Releases => releases::draw(scene, area, buf),
        Screen::Release { service, release } => {
            release::draw(scene, area, buf, service, release.as_ref());
        }
        Screen::Services(cluster) => services::draw(scene, area, buf, cluster.as_ref()),
        _ => {}
    }
}
