//! The strip of stages: how long each took, where the release is, what was left out and what is to
//! come.
//!
//! What does not fit is summed up, what is far from the present stage first: `✔ 4 done 5m12s`,
//! `○ 3 to come`.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Shape;
use crate::domain::release::{Mechanism, Release, ReleaseStatus, Stage, StageStep, StepState};
use crate::domain::text::printable;
use crate::view::scene::Scene;
use crate::view::widgets::{text, time};

/// The stages of a rolling release: ECS reports none, so these are read off the counts.
const ROLLING: [Stage; 4] = [
    Stage::Starting,
    Stage::Replacing,
    Stage::Draining,
    Stage::Settling,
];

/// The stages of a release by task sets, which are read off the counts and the primary one.
const EXTERNAL: [Stage; 4] = [
    Stage::Starting,
    Stage::Replacing,
    Stage::SideBySide,
    Stage::CutOver,
];

/// Columns between two stages.
const GAP: usize = 3;

/// A stage, or several that are summed up.
#[derive(Clone)]
struct Piece {
    state: StepState,
    words: String,
}

/// The strip, one or more lines; none where no stages are known.
pub(super) fn lines(scene: Scene<'_>, shape: Shape, release: &Release) -> Vec<Line<'static>> {
    let steps = if release.steps.is_empty() {
        guessed(release)
    } else {
        release.steps.clone()
    };
    if steps.is_empty() {
        return Vec::new();
    }
    let rows = if shape.low { 2 } else { 4 };
    let back = release.status == ReleaseStatus::RollingBack && release.steps.is_empty();
    let lead = if back { "back:  " } else { "" };
    let room = shape.room.saturating_sub(2 + lead.len());
    let broken = Squeeze::ALL
        .into_iter()
        .map(|squeeze| break_up(pieces(scene, &steps, squeeze), room))
        .find(|broken| broken.len() <= rows)
        .unwrap_or_else(|| break_up(pieces(scene, &steps, Squeeze::Now), room));
    let mut lines: Vec<Line<'static>> = broken
        .into_iter()
        .map(|pieces| draw(scene, release, pieces, lead.len()))
        .collect();
    if let (true, Some(first)) = (back, lines.first_mut()) {
        let lead = Span::styled(format!("  {lead}"), scene.styles().rolling_back());
        if let Some(indent) = first.spans.first_mut() {
            *indent = lead;
        }
    }
    lines
}

/// The stages of a release that tells only where it is.
fn guessed(release: &Release) -> Vec<StageStep> {
    if release.status.is_over() {
        return Vec::new();
    }
    let Some(stage) = &release.stage else {
        return Vec::new();
    };
    let all: &[Stage] = match release.mechanism {
        Mechanism::Rolling => &ROLLING,
        Mechanism::External => &EXTERNAL,
        _ => &[],
    };
    let (stages, at) = match all.iter().position(|known| known == stage) {
        Some(at) => (all, at),
        None => (std::slice::from_ref(stage), 0),
    };
    let step = |(place, stage): (usize, &Stage)| StageStep {
        name: stage.key(),
        label: stage.label(),
        state: match place.cmp(&at) {
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Greater => StepState::ToCome,
            std::cmp::Ordering::Equal if release.status == ReleaseStatus::Waiting => {
                StepState::Waits
            }
            std::cmp::Ordering::Equal => StepState::Now,
        },
        started_at: None,
        finished_at: None,
        exact: false,
    };
    stages.iter().enumerate().map(step).collect()
}

/// How much is summed up.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd)]
enum Squeeze {
    /// Nothing.
    Nothing,
    /// Stages next to each other that were skipped, or of which nothing is known.
    LeftOut,
    /// Also what was done before the last stage, and what comes after the next one.
    Far,
    /// Also all that was done and all that is to come.
    Now,
}

impl Squeeze {
    const ALL: [Self; 4] = [Self::Nothing, Self::LeftOut, Self::Far, Self::Now];
}

/// A kind of stages that can be summed up with their neighbours of the same kind.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Kind {
    Done,
    LeftOut,
    ToCome,
    Present,
}

fn kind(state: StepState) -> Kind {
    match state {
        StepState::Done => Kind::Done,
        StepState::Skipped | StepState::Unknown => Kind::LeftOut,
        StepState::ToCome => Kind::ToCome,
        StepState::Now | StepState::Waits | StepState::Failed => Kind::Present,
    }
}

fn pieces(scene: Scene<'_>, steps: &[StageStep], squeeze: Squeeze) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut place = 0;
    let present = steps
        .iter()
        .rposition(|step| kind(step.state) == Kind::Present);
    while let Some(step) = steps.get(place) {
        let run = run_of(steps, place, present, squeeze);
        let summed = steps.get(place..place + run).unwrap_or_default();
        pieces.push(if run > 1 {
            sum(summed)
        } else {
            one(scene, step)
        });
        place += run;
    }
    pieces
}

/// How many stages from a place on become one piece.
fn run_of(steps: &[StageStep], place: usize, present: Option<usize>, squeeze: Squeeze) -> usize {
    let rest = steps.get(place..).unwrap_or_default();
    let Some(own) = rest.first().map(|step| kind(step.state)) else {
        return 1;
    };
    let done = |kind: Kind| kind == Kind::Done || kind == Kind::LeftOut;
    let before = present.is_none_or(|present| place < present);
    let alike = |other: Kind| match (squeeze, own) {
        (Squeeze::LeftOut, Kind::LeftOut) => other == Kind::LeftOut,
        (Squeeze::Nothing | Squeeze::LeftOut, _) | (_, Kind::Present) => false,
        (_, Kind::ToCome) => other != Kind::Present,
        (_, _) => done(other) && before,
    };
    let run = rest
        .iter()
        .take_while(|step| alike(kind(step.state)))
        .count();
    let run = match (squeeze, own) {
        // The last one before the present stage, and the next one, stay by themselves.
        (Squeeze::Far, Kind::Done | Kind::LeftOut) => run.saturating_sub(1),
        (Squeeze::Far, Kind::ToCome) if follows_present(steps, place) => 1,
        _ => run,
    };
    run.max(1)
}

fn follows_present(steps: &[StageStep], place: usize) -> bool {
    place
        .checked_sub(1)
        .and_then(|before| steps.get(before))
        .is_some_and(|step| kind(step.state) == Kind::Present)
}

/// Several stages in a few words: how many there are of each kind, and how long those took that
/// were passed.
fn sum(steps: &[StageStep]) -> Piece {
    const WORDS: [(StepState, &str); 4] = [
        (StepState::Done, "done"),
        (StepState::ToCome, "to come"),
        (StepState::Skipped, "skipped"),
        (StepState::Unknown, "passed or skipped"),
    ];
    let mut state = None;
    let mut words = Vec::new();
    for (kind, word) in WORDS {
        let count = steps.iter().filter(|step| step.state == kind).count();
        if count == 0 {
            continue;
        }
        let took = match kind {
            StepState::Done => passed_seconds(steps),
            _ => None,
        };
        let took = took.map_or_else(String::new, |seconds| {
            format!(" {}", time::duration(seconds))
        });
        words.push(format!("{count} {word}{took}"));
        state = state.or(Some(kind));
    }
    Piece {
        state: state.unwrap_or(StepState::Unknown),
        words: words.join(", "),
    }
}

/// From the beginning of the first stage that was passed to the end of the last; `None` where a time
/// between them is not known.
fn passed_seconds(steps: &[StageStep]) -> Option<i64> {
    let passed = || steps.iter().filter(|step| step.state == StepState::Done);
    let timed = |step: &StageStep| step.started_at.is_some() && step.finished_at.is_some();
    let first = passed().next()?.started_at?;
    let last = passed().next_back()?.finished_at?;
    passed()
        .all(timed)
        .then(|| (last.as_second() - first.as_second()).max(0))
}

fn one(scene: Scene<'_>, step: &StageStep) -> Piece {
    let label = printable(&step.label);
    let label = match kind(step.state) {
        Kind::Present => label.to_uppercase(),
        _ => label,
    };
    let took = match step.state {
        StepState::Skipped | StepState::ToCome | StepState::Unknown => None,
        _ => step.seconds(scene.now()),
    };
    Piece {
        state: step.state,
        words: match took {
            Some(seconds) => format!("{label} {}", time::duration(seconds)),
            None => label,
        },
    }
}

/// Puts pieces on lines, none of them cut in two.
fn break_up(pieces: Vec<Piece>, room: usize) -> Vec<Vec<Piece>> {
    let mut lines: Vec<Vec<Piece>> = Vec::new();
    let mut used = 0;
    for piece in pieces {
        let width = 2 + text::width(&piece.words);
        match lines.last_mut() {
            Some(line) if used + GAP + width <= room => {
                used += GAP + width;
                line.push(piece);
            }
            _ => {
                used = width;
                lines.push(vec![piece]);
            }
        }
    }
    lines
}

fn draw(scene: Scene<'_>, release: &Release, pieces: Vec<Piece>, lead: usize) -> Line<'static> {
    let mut spans = vec![Span::raw(" ".repeat(2 + lead))];
    for (place, piece) in pieces.into_iter().enumerate() {
        if place > 0 {
            spans.push(Span::raw(" ".repeat(GAP)));
        }
        let (symbol, style) = look(scene, release, piece.state);
        spans.push(Span::styled(format!("{symbol} {}", piece.words), style));
    }
    Line::from(spans)
}

fn look(scene: Scene<'_>, release: &Release, state: StepState) -> (&'static str, Style) {
    let (symbols, styles) = (scene.symbols(), scene.styles());
    match state {
        StepState::Done => (symbols.ok, styles.quiet()),
        StepState::Waits => (symbols.waiting, styles.waiting()),
        StepState::Failed => (symbols.failed, styles.failed()),
        StepState::ToCome => (symbols.not_yet, styles.quiet()),
        StepState::Skipped => (symbols.skipped, styles.quiet()),
        StepState::Unknown => (symbols.unknown, styles.quiet()),
        StepState::Now => match release.status {
            ReleaseStatus::RollingBack => (symbols.rolling_back, styles.rolling_back()),
            _ if release.has_failures() => (symbols.warning, styles.failed()),
            _ if release.deadline.is_some() => (symbols.timer, styles.timer()),
            _ => (symbols.moving, styles.moving()),
        },
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;

    const STATES: [StepState; 7] = [
        StepState::Done,
        StepState::Now,
        StepState::Waits,
        StepState::Failed,
        StepState::ToCome,
        StepState::Skipped,
        StepState::Unknown,
    ];

    fn steps(states: &[StepState]) -> Vec<StageStep> {
        (0i64..)
            .zip(states)
            .map(|(place, state)| StageStep {
                name: format!("STAGE_{place}"),
                label: format!("stage{place}"),
                state: *state,
                started_at: Timestamp::from_second(place * 60).ok(),
                finished_at: Timestamp::from_second(place * 60 + 60).ok(),
                exact: true,
            })
            .collect()
    }

    /// Runs that are summed up, each as `first..end`.
    fn runs(steps: &[StageStep], squeeze: Squeeze) -> Vec<(usize, usize)> {
        let present = steps
            .iter()
            .rposition(|step| kind(step.state) == Kind::Present);
        let mut place = 0;
        let mut runs = Vec::new();
        while place < steps.len() {
            let run = run_of(steps, place, present, squeeze);
            runs.push((place, place + run));
            place += run;
        }
        runs
    }

    #[test]
    fn what_is_far_is_summed_up_and_what_is_near_is_not() {
        use StepState::{Done, Skipped, ToCome, Waits};
        let steps = steps(&[Done, Skipped, Done, Done, Waits, ToCome, ToCome, ToCome]);
        assert_eq!(runs(&steps, Squeeze::Nothing).len(), 8);
        assert_eq!(
            runs(&steps, Squeeze::Far),
            [(0, 3), (3, 4), (4, 5), (5, 6), (6, 8)]
        );
        assert_eq!(runs(&steps, Squeeze::Now), [(0, 4), (4, 5), (5, 8)]);
        let passed = steps.get(0..3).map(sum).map(|piece| piece.words);
        assert_eq!(passed.as_deref(), Some("2 done 3m00s, 1 skipped"));
    }

    proptest! {
        #[test]
        fn no_stage_is_lost_and_the_present_one_stands_alone(
            which in proptest::collection::vec(0usize..7, 0..20)
        ) {
            let states: Vec<StepState> = which.iter().map(|at| STATES[*at]).collect();
            let steps = steps(&states);
            for squeeze in Squeeze::ALL {
                let runs = runs(&steps, squeeze);
                prop_assert_eq!(runs.iter().map(|(a, b)| b - a).sum::<usize>(), steps.len());
                for (first, end) in runs {
                    let alone = end - first == 1;
                    let present = steps[first..end]
                        .iter()
                        .any(|step| kind(step.state) == Kind::Present);
                    prop_assert!(alone || !present);
                }
            }
        }
    }
}
