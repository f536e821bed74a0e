//! What a build writes to its log: the lines of CodeBuild's agent, and those of a build of a
//! container image.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::build::{Build, PhaseKind};
use super::course::Phase;
use crate::sim::clock::SimTime;

/// Every line that a build writes, with its moment, in order.
pub(super) fn lines(build: &Build) -> Vec<(SimTime, String)> {
    build
        .course
        .phases
        .iter()
        .filter(|phase| phase.kind >= PhaseKind::DownloadSource)
        .filter(|phase| phase.kind <= PhaseKind::UploadArtifacts)
        .flat_map(|phase| phase_lines(build, phase))
        .collect()
}

fn phase_lines(build: &Build, phase: &Phase) -> Vec<(SimTime, String)> {
    let word = phase.kind.word();
    let mut lines = Vec::new();
    if phase.kind == PhaseKind::DownloadSource {
        lines.push((phase.start, agent(phase.start, "Waiting for agent ping")));
        lines.push((
            phase.start,
            agent(phase.start, "Waiting for DOWNLOAD_SOURCE"),
        ));
    } else {
        lines.push((
            phase.start,
            agent(phase.start, &format!("Entering phase {word}")),
        ));
    }
    let inner = inner_lines(build, phase);
    let span = phase.end.millis_since(phase.start);
    let parts = i64::try_from(inner.len()).unwrap_or(0) + 1;
    for (part, line) in (1..).zip(inner) {
        let at = phase.start.plus_millis(span * part / parts);
        let line = match line {
            Line::Command(command) => agent(at, &format!("Running command {command}")),
            Line::Output(text) => text,
        };
        lines.push((at, line));
    }
    let state = if phase.fails { "FAILED" } else { "SUCCEEDED" };
    let (code, message) = build.context(phase);
    lines.push((
        phase.end,
        agent(phase.end, &format!("Phase complete: {word} State: {state}")),
    ));
    lines.push((
        phase.end,
        agent(
            phase.end,
            &format!("Phase context status code: {code} Message: {message}"),
        ),
    ));
    lines
}

enum Line {
    Command(String),
    Output(String),
}

fn inner_lines(build: &Build, phase: &Phase) -> Vec<Line> {
    let command = |text: &str| Line::Command(text.to_owned());
    let output = |text: &str| Line::Output(text.to_owned());
    match phase.kind {
        PhaseKind::DownloadSource => match &build.made.resolved_source_version {
            Some(version) => vec![output(&format!("source version {version}"))],
            None => Vec::new(),
        },
        PhaseKind::Install => vec![command("make tools"), output("tools are up to date")],
        PhaseKind::PreBuild => {
            vec![
                command("aws ecr get-login-password"),
                output("Login Succeeded"),
            ]
        }
        PhaseKind::Build => {
            let mut lines = vec![
                command(&build.test_command()),
                output("running 148 tests"),
                output("74 of 148 tests have passed"),
            ];
            if let Some(cause) = &build.course.failure {
                lines.push(Line::Output(format!("ERROR {cause}")));
                lines.push(output("make: *** [test] Error 1"));
                return lines;
            }
            lines.push(output("148 of 148 tests have passed"));
            for image in &build.made.images {
                lines.push(Line::Command(format!("docker build --tag {image} .")));
                lines.push(Line::Output(format!("naming to {image} done")));
            }
            lines
        }
        PhaseKind::PostBuild if build.course.failure.is_none() => {
            let push = |image: &String| Line::Command(format!("docker push {image}"));
            build.made.images.iter().map(push).collect()
        }
        _ => Vec::new(),
    }
}

/// A line of CodeBuild's agent.
fn agent(at: SimTime, text: &str) -> String {
    let time = Timestamp::from_millisecond(at.0)
        .map(|time| time.to_zoned(TimeZone::UTC))
        .map(|time| time.strftime("%Y/%m/%d %H:%M:%S%.6f").to_string());
    format!("[Container] {} {text}", time.unwrap_or_default())
}
