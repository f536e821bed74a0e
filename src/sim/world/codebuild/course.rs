//! The course of a build: its phases with their times, decided when it starts.

use super::build::PhaseKind;
use crate::sim::clock::SimTime;
use crate::sim::rng::Rng;
use crate::sim::world::engine::timing::Range;

/// What the phases but `BUILD` take, in order, in milliseconds.
const PHASES: [(PhaseKind, Range); 10] = [
    (PhaseKind::Submitted, Range::new(150, 400)),
    (PhaseKind::Queued, Range::new(600, 1_600)),
    (PhaseKind::Provisioning, Range::new(7_000, 14_000)),
    (PhaseKind::DownloadSource, Range::new(1_200, 3_000)),
    (PhaseKind::Install, Range::new(2_000, 5_000)),
    (PhaseKind::PreBuild, Range::new(4_000, 7_000)),
    (PhaseKind::Build, Range::new(70_000, 110_000)),
    (PhaseKind::PostBuild, Range::new(6_000, 11_000)),
    (PhaseKind::UploadArtifacts, Range::new(200, 600)),
    (PhaseKind::Finalizing, Range::new(2_000, 3_000)),
];

/// The shortest time that `BUILD` takes, in milliseconds.
const SHORTEST: i64 = 2_000;

/// A phase with its times.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// Which one it is.
    pub kind: PhaseKind,
    /// When it begins.
    pub start: SimTime,
    /// When it ends, and the next one begins.
    pub end: SimTime,
    /// Whether it is the one that fails.
    pub fails: bool,
}

/// What happens in a build, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// When it starts.
    pub start: SimTime,
    /// When it is over.
    pub end: SimTime,
    /// Its phases in order, without `COMPLETED`.
    pub phases: Vec<Phase>,
    /// The cause for which `BUILD` fails; none if it succeeds.
    pub failure: Option<String>,
}

impl Course {
    /// The course of a build that starts at `start`. With `seconds` it takes about so long, else
    /// about two minutes; one that fails stops in the middle of `BUILD`.
    pub fn new(
        rng: &mut Rng,
        start: SimTime,
        seconds: Option<u32>,
        failure: Option<String>,
    ) -> Self {
        let mut spans = PHASES.map(|(kind, range)| (kind, range.pick(rng)));
        let others: i64 = spans
            .iter()
            .filter(|(kind, _)| *kind != PhaseKind::Build)
            .map(|(_, span)| *span)
            .sum();
        let building = spans.iter_mut().find(|(kind, _)| *kind == PhaseKind::Build);
        if let Some((_, span)) = building {
            if let Some(seconds) = seconds {
                *span = (i64::from(seconds) * 1_000 - others).max(SHORTEST);
            }
            if failure.is_some() {
                *span = *span * 3 / 5;
            }
        }
        let mut end = start;
        let phases = spans
            .map(|(kind, span)| {
                let start = end;
                end = start.plus_millis(span);
                Phase {
                    kind,
                    start,
                    end,
                    fails: kind == PhaseKind::Build && failure.is_some(),
                }
            })
            .to_vec();
        Self {
            start,
            end,
            phases,
            failure,
        }
    }

    /// The phase that a build is in at `now`.
    pub fn phase_at(&self, now: SimTime) -> PhaseKind {
        self.phases
            .iter()
            .find(|phase| now < phase.end)
            .map_or(PhaseKind::Completed, |phase| phase.kind)
    }
}
