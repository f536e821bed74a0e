//! The board as text, for people and for a terminal of any width.

use std::fmt::Write;

use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use super::report::{ReleaseReport, Report, SideReport};

const TITLES: [&str; 8] = [
    "STATUS", "SERVICE", "CLUSTER", "STRATEGY", "STAGE", "REVISION", "TASKS", "AGE",
];

/// The board with aligned columns; reasons and errors stand in lines of their own.
pub(super) fn render(report: &Report, now: Timestamp) -> String {
    let rows: Vec<([String; 8], Option<&str>)> = report
        .releases
        .iter()
        .map(|release| (cells(release, now), release.reason.as_deref()))
        .collect();
    let mut text = String::new();
    let account = report.account.as_deref().unwrap_or("account not known");
    let region = report.region.as_deref().unwrap_or("no Region");
    let _ = writeln!(
        text,
        "{account}  {region}  {}",
        report.as_of.strftime("%FT%TZ")
    );
    if rows.is_empty() {
        let _ = writeln!(text, "no release in flight, and none in the last 24 hours");
    } else {
        let widths = widths(rows.iter().map(|(cells, _)| cells));
        line(&mut text, &TITLES.map(str::to_owned), &widths);
        for (cells, reason) in &rows {
            line(&mut text, cells, &widths);
            if let Some(reason) = reason {
                let _ = writeln!(text, "  └ {reason}");
            }
        }
    }
    for error in &report.errors {
        let _ = writeln!(
            text,
            "could not read {}: {}; {}",
            error.call, error.message, error.advice
        );
    }
    text
}

fn cells(release: &ReleaseReport, now: Timestamp) -> [String; 8] {
    let new = release.new.as_ref();
    let end = release.finished_at.unwrap_or(now);
    let age = release
        .started_at
        .map(|start| (end.as_second() - start.as_second()).max(0));
    [
        release.status.replace('_', " "),
        release.service.clone(),
        release.cluster.clone(),
        release.mechanism.replace('_', "/"),
        release.stage.clone().unwrap_or_default().replace('_', " "),
        new.and_then(|side| side.task_definition.clone())
            .unwrap_or_default(),
        new.map(tasks).unwrap_or_default(),
        age.map(age_text).unwrap_or_default(),
    ]
}

fn tasks(side: &SideReport) -> String {
    match (side.running, side.desired) {
        (Some(running), Some(desired)) => format!("{running}/{desired}"),
        (Some(running), None) => running.to_string(),
        _ => String::new(),
    }
}

fn age_text(seconds: i64) -> String {
    match seconds {
        0..=59 => format!("{seconds}s"),
        60..=3599 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h{:02}m", seconds / 3600, seconds % 3600 / 60),
    }
}

fn widths<'a>(rows: impl Iterator<Item = &'a [String; 8]>) -> [usize; 8] {
    let mut widths = TITLES.map(UnicodeWidthStr::width);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    widths
}

fn line(text: &mut String, cells: &[String; 8], widths: &[usize; 8]) {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        let _ = write!(
            line,
            "{cell}{}  ",
            " ".repeat(width.saturating_sub(cell.width()))
        );
    }
    let _ = writeln!(text, "{}", line.trim_end());
}
