//! The program's own log.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;
use tui_logger::{TuiLoggerLevelOutput, TuiLoggerWidget};

use super::scene::Scene;

pub(crate) fn draw(scene: Scene<'_>, area: Rect, buf: &mut Buffer) {
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let styles = scene.styles();
    TuiLoggerWidget::default()
        .style(styles.text())
        .style_error(styles.log_error())
        .style_warn(styles.log_warn())
        .style_info(styles.log_info())
        .style_debug(styles.log_debug())
        .style_trace(styles.log_debug())
        .output_separator(' ')
        .output_timestamp(Some("%H:%M:%S".to_owned()))
        .output_level(Some(TuiLoggerLevelOutput::Long))
        .output_file(false)
        .output_line(false)
        .render(inner, buf);
}
