//! The board as text, for people.

use std::fmt::Write;

use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use super::report::{GateReport, ReleaseReport, Report};
use super::unread::ErrorReport;
use crate::domain::text::printable;

const TITLES: [&str; 10] = [
    "STATUS", "SERVICE", "CLUSTER", "STRATEGY", "STAGE", "REVISION", "TASKS", "FAILED", "AGE",
    "TOOK",
];

/// The subjects of one failure that a line names before it only counts.
const SUBJECTS_LISTED: usize = 3;

/// The board with aligned columns; reasons and errors stand in lines of their own.
pub(super) fn render(report: &Report) -> String {
    let mut text = String::new();
    let account = report.account.as_deref().unwrap_or("account not known");
    let region = report.region.as_deref().unwrap_or("no Region");
    let time = report.as_of.strftime("%FT%TZ");
    let _ = writeln!(text, "{account}  {region}  {time}");
    if report.releases.is_empty() {
        text.push_str(nothing(report));
    } else {
        board(&mut text, report);
    }
    approvals(&mut text, report);
    unread(&mut text, &report.errors);
    text
}

/// An empty board is good news only when everything could be read.
fn nothing(report: &Report) -> &'static str {
    if report.errors.is_empty() {
        "no release in flight, and none in the last 24 hours\n"
    } else {
        "no release could be read\n"
    }
}

fn board(text: &mut String, report: &Report) {
    let rows: Vec<[String; TITLES.len()]> = report
        .releases
        .iter()
        .map(|release| cells(release, report.as_of))
        .collect();
    let widths = widths(&rows);
    line(text, &TITLES.map(str::to_owned), &widths);
    for (cells, release) in rows.iter().zip(&report.releases) {
        line(text, cells, &widths);
        if let Some(reason) = &release.reason {
            let _ = writeln!(text, "  └ {}", printable(reason));
        }
        if let Some(next) = next(release) {
            let _ = writeln!(text, "  └ {}", printable(&next));
        }
    }
}

/// A line for each approval of a pipeline: it belongs to no release yet.
fn approvals(text: &mut String, report: &Report) {
    for waiting in &report.gates {
        let (Some(pipeline), Some(action)) = (&waiting.pipeline, &waiting.action) else {
            continue;
        };
        let stage = waiting.gate.stage.as_deref().unwrap_or_default();
        let line = format!(
            "pipeline {pipeline} {}",
            waits(&waiting.gate, &format!("{stage}/{action}"))
        );
        let _ = writeln!(text, "{}", printable(&line));
        if let Some(words) = &waiting.text {
            let _ = writeln!(text, "  └ {}", printable(words));
        }
    }
}

fn cells(release: &ReleaseReport, now: Timestamp) -> [String; TITLES.len()] {
    let since = |from: Option<Timestamp>, to: Option<Timestamp>| {
        let seconds = to?.as_second() - from?.as_second();
        Some(duration(seconds.max(0)))
    };
    let cells = [
        release.status.replace('_', " "),
        release.service.clone(),
        release.cluster.clone(),
        release.mechanism.replace('_', "/"),
        release.stage.clone().unwrap_or_default().replace('_', " "),
        revision(release),
        tasks(release).unwrap_or_default(),
        failed(release).unwrap_or_default(),
        since(release.started_at, Some(now)).unwrap_or_default(),
        since(release.started_at, release.finished_at).unwrap_or_default(),
    ];
    cells.map(|cell| printable(&cell))
}

/// What it waits for, and until when.
fn next(release: &ReleaseReport) -> Option<String> {
    let Some(gate) = &release.gate else {
        return Some(format!("until {}", until(release.deadline?)));
    };
    Some(waits(gate, &gate.id))
}

/// What somebody has to answer, and until when.
fn waits(gate: &GateReport, what: &str) -> String {
    let mut text = format!("waits at {} {what}", gate.kind.replace('_', " "));
    if let Some(expires) = gate.expires_at {
        let _ = write!(text, " until {}", until(expires));
    }
    if let Some(action) = &gate.on_timeout {
        let _ = write!(text, ", then {}", action.replace('_', " "));
    }
    text
}

fn until(time: Timestamp) -> String {
    time.strftime("%FT%TZ").to_string()
}

/// From which task definition to which; the family is named once where it stays the same.
fn revision(release: &ReleaseReport) -> String {
    let name = |side: &Option<super::report::SideReport>| side.as_ref()?.task_definition.clone();
    match (name(&release.old), name(&release.new)) {
        (Some(old), Some(new)) if old == new => format!("{new} again"),
        (Some(old), Some(new)) => {
            let (family, _) = old.rsplit_once(':').unwrap_or_default();
            let shorter = new
                .rsplit_once(':')
                .filter(|(new_family, _)| *new_family == family)
                .map(|(_, number)| number);
            format!("{old} → {}", shorter.unwrap_or(&new))
        }
        (None, Some(new)) => new,
        (Some(old), None) => format!("{old} → ?"),
        (None, None) => String::new(),
    }
}

/// Old tasks that run, then new ones of those wanted. What a release that is over had when it ended
/// is no news.
fn tasks(release: &ReleaseReport) -> Option<String> {
    if release.finished_at.is_some() {
        return None;
    }
    let new = release.new.as_ref()?;
    let wanted = match (new.running?, new.desired) {
        (running, Some(desired)) => format!("{running}/{desired}"),
        (running, None) => running.to_string(),
    };
    Some(match release.old.as_ref().and_then(|old| old.running) {
        Some(old) => format!("{old} → {wanted}"),
        None => wanted,
    })
}

/// Failed tasks, of the number that trips the circuit breaker where it is on.
fn failed(release: &ReleaseReport) -> Option<String> {
    if release.finished_at.is_some() {
        return None;
    }
    let failed = release.new.as_ref().and_then(|new| new.failed);
    match &release.breaker {
        Some(breaker) => Some(format!("{}/{}", breaker.failures, breaker.threshold)),
        None => failed.filter(|failed| *failed > 0).map(|n| n.to_string()),
    }
}

fn duration(seconds: i64) -> String {
    match seconds {
        0..=59 => format!("{seconds}s"),
        60..=3599 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        3600..=86_399 => format!("{}h{:02}m", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{}d{:02}h", seconds / 86_400, seconds % 86_400 / 3600),
    }
}

fn widths(rows: &[[String; TITLES.len()]]) -> [usize; TITLES.len()] {
    let mut widths = TITLES.map(UnicodeWidthStr::width);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    widths
}

fn line(text: &mut String, cells: &[String; TITLES.len()], widths: &[usize; TITLES.len()]) {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        let gap = " ".repeat(width.saturating_sub(cell.width()) + 2);
        let _ = write!(line, "{cell}{gap}");
    }
    let _ = writeln!(text, "{}", line.trim_end());
}

/// A line for each failure; the same one about many things is told once.
fn unread(text: &mut String, errors: &[ErrorReport]) {
    let mut told: Vec<(&ErrorReport, Vec<&str>)> = Vec::new();
    for error in errors {
        let same = told
            .iter_mut()
            .find(|(first, _)| (&first.call, &first.message) == (&error.call, &error.message));
        match same {
            Some((_, subjects)) => subjects.push(&error.what),
            None => told.push((error, vec![&error.what])),
        }
    }
    for (error, subjects) in told {
        let more = subjects.len().saturating_sub(SUBJECTS_LISTED);
        let mut what = subjects
            .into_iter()
            .take(SUBJECTS_LISTED)
            .collect::<Vec<_>>()
            .join(", ");
        if more > 0 {
            let _ = write!(what, " and {more} more");
        }
        let _ = writeln!(
            text,
            "could not read {}: {}: {}; {}",
            printable(&what),
            error.call,
            printable(&error.message),
            printable(&error.advice)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::status::report::{SideReport, WaitingReport};
    use crate::domain::failure::FailureKind;

    fn side(definition: &str) -> SideReport {
        SideReport {
            task_definition: Some(definition.into()),
            images: None,
            desired: Some(4),
            running: Some(1),
            pending: None,
            failed: Some(2),
            production_percent: None,
            test_percent: None,
        }
    }

    fn release() -> ReleaseReport {
        ReleaseReport {
            id: "id".into(),
            mechanism: "blue_green".into(),
            cluster: "prod".into(),
            service: "we\u{1b}[31mb".into(),
            status: "in_progress".into(),
            stage: Some("bake_time".into()),
            started_at: Some("2026-11-21T02:00:00Z".parse().unwrap()),
            finished_at: None,
            reason: None,
            old: Some(side("web:1")),
            new: Some(side("web:2")),
            breaker: None,
            gate: None,
            deadline: None,
        }
    }

    fn report(releases: Vec<ReleaseReport>, errors: Vec<ErrorReport>) -> Report {
        Report {
            as_of: "2026-11-21T02:41:00Z".parse().unwrap(),
            account: None,
            region: None,
            releases,
            gates: vec![],
            errors,
        }
    }

    fn error(what: &str, message: &str) -> ErrorReport {
        ErrorReport {
            what: what.into(),
            call: "ecs:ListServices".into(),
            kind: FailureKind::Throttled,
            code: None,
            message: message.into(),
            advice: "wait".into(),
            request_id: None,
        }
    }

    #[test]
    fn a_row_has_words_and_no_escape_sequences() {
        assert_eq!(
            cells(&release(), "2026-11-21T02:41:00Z".parse().unwrap()),
            [
                "in progress",
                "web",
                "prod",
                "blue/green",
                "bake time",
                "web:1 → 2",
                "1 → 1/4",
                "2",
                "41m00s",
                ""
            ]
        );
    }

    #[test]
    fn a_revision_says_from_where_to_where() {
        let between = |old: Option<&str>, new: Option<&str>| {
            revision(&ReleaseReport {
                old: old.map(side),
                new: new.map(side),
                ..release()
            })
        };
        assert_eq!(between(Some("web:1"), Some("web:1")), "web:1 again");
        assert_eq!(between(Some("web:9"), Some("www:1")), "web:9 → www:1");
        assert_eq!(between(None, Some("web:1")), "web:1");
        assert_eq!(between(Some("web:1"), None), "web:1 → ?");
        assert_eq!(between(None, None), "");
    }

    #[test]
    fn a_line_says_what_a_release_waits_for() {
        let time: Timestamp = "2026-11-21T03:00:00Z".parse().unwrap();
        assert_eq!(next(&release()), None);
        let baking = ReleaseReport {
            deadline: Some(time),
            ..release()
        };
        assert_eq!(next(&baking).unwrap(), "until 2026-11-21T03:00:00Z");
        let gate = |expires_at, on_timeout: Option<&str>| GateReport {
            kind: "pause_hook".into(),
            id: "ecs-pause-1".into(),
            stage: None,
            expires_at,
            on_timeout: on_timeout.map(str::to_owned),
        };
        let at = |gate| {
            next(&ReleaseReport {
                gate: Some(gate),
                ..baking.clone()
            })
        };
        assert_eq!(
            at(gate(Some(time), Some("rollback"))).unwrap(),
            "waits at pause hook ecs-pause-1 until 2026-11-21T03:00:00Z, then rollback"
        );
        assert_eq!(
            at(gate(None, None)).unwrap(),
            "waits at pause hook ecs-pause-1"
        );
    }

    #[test]
    fn an_approval_of_a_pipeline_has_a_line_of_its_own() {
        let waiting = WaitingReport {
            release: None,
            cluster: None,
            service: None,
            pipeline: Some("shop".into()),
            execution: Some("e1".into()),
            action: Some("Approve".into()),
            text: Some("Ship\u{1b}[31m 9be0012?".into()),
            link: None,
            gate: GateReport {
                kind: "pipeline_approval".into(),
                id: "token".into(),
                stage: Some("Production".into()),
                expires_at: Some("2026-11-28T03:00:00Z".parse().unwrap()),
                on_timeout: Some("fail".into()),
            },
        };
        let mut board = report(vec![], vec![]);
        board.gates = vec![waiting];
        let text = render(&board);
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "pipeline shop waits at pipeline approval Production/Approve until \
                 2026-11-28T03:00:00Z, then fail",
                "  └ Ship 9be0012?",
            ]
        );
    }

    #[test]
    fn durations_have_two_units() {
        let texts = [0, 59, 60, 3599, 3600, 86_399, 86_400, 2_000_000].map(duration);
        assert_eq!(
            texts,
            [
                "0s", "59s", "1m00s", "59m59s", "1h00m", "23h59m", "1d00h", "23d03h"
            ]
        );
    }

    #[test]
    fn the_same_failure_is_told_once() {
        let mut errors: Vec<_> = (1..=5)
            .map(|n| error(&format!("cluster {n}"), "slow"))
            .collect();
        errors.push(error("cluster 6", "denied"));
        let text = render(&report(vec![], errors));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "account not known  no Region  2026-11-21T02:41:00Z",
                "no release could be read",
                "could not read cluster 1, cluster 2, cluster 3 and 2 more: ecs:ListServices: slow; wait",
                "could not read cluster 6: ecs:ListServices: denied; wait",
            ]
        );
    }
}
