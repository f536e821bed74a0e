//! When cutover saw each stage of a release of ECS. ECS tells the present stage and not when it
//! began, so the times come from looking often.

use jiff::Timestamp;

use crate::domain::codedeploy::CodeDeployment;
use crate::domain::service_deployment::{ServiceDeployment, ServiceDeploymentStatus};

/// Sightings that are kept of one release: a linear release of 100 steps with hooks has about 300.
const KEPT: usize = 400;
/// Two looks that lie no further apart than this tell a moment well enough, in seconds: what is in
/// flight and on screen is read every two seconds.
const CLOSE_SECONDS: i64 = 5;

/// A stage with its weights, as it was seen in one look or in several in a row.
#[derive(Clone, Debug, PartialEq)]
struct Sighting {
    stage: Option<String>,
    /// Share of the production traffic that was asked for the new side.
    production_percent: Option<f64>,
    rolling_back: bool,
    /// The latest moment at which it can have begun.
    began_by: Timestamp,
    /// Whether that is known to a few seconds.
    close: bool,
    last_seen: Timestamp,
}

/// What cutover saw of the stages of one release, in the order in which it saw them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StageLog {
    sightings: Vec<Sighting>,
}

/// The last time that a release was in a stage, as far as it was seen.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// The latest moment at which it can have begun.
    pub began: Timestamp,
    /// Whether that moment is known to a few seconds.
    pub close: bool,
    /// When the next stage was seen.
    pub ended: Option<Timestamp>,
}

impl StageLog {
    /// Notes what the record says at a moment. It also remembers each step of a linear or canary
    /// release by its weights. An answer that is older than the last one changes nothing, and
    /// neither does the record of a release that is over.
    pub fn observe(&mut self, record: &ServiceDeployment, at: Timestamp) {
        if record.status.is_over() {
            return;
        }
        let rolling_back = matches!(
            record.status,
            ServiceDeploymentStatus::RollbackRequested
                | ServiceDeploymentStatus::RollbackInProgress
        );
        let production_percent = record
            .target
            .as_ref()
            .and_then(|target| target.production_percent);
        let after = self.last_seen().or(record.started_at).or(record.created_at);
        // What is new began no later than the record's last change, if that came after the last look.
        let began_by = record
            .updated_at
            .filter(|changed| *changed <= at && after.is_some_and(|after| *changed > after))
            .unwrap_or(at);
        self.note(
            Sighting {
                stage: record.lifecycle_stage.clone(),
                production_percent,
                rolling_back,
                began_by,
                close: false,
                last_seen: at,
            },
            at,
        );
    }

    /// Notes the weights of a CodeDeploy deployment. CodeDeploy tells itself when its events began.
    pub fn observe_deployment(&mut self, deployment: &CodeDeployment, at: Timestamp) {
        if deployment.status.is_over() {
            return;
        }
        let target = deployment.target.as_ref();
        let green = target.and_then(|target| target.task_sets.iter().find(|set| set.green));
        self.note(
            Sighting {
                stage: None,
                production_percent: green.and_then(|set| set.traffic_percent),
                rolling_back: false,
                began_by: at,
                close: false,
                last_seen: at,
            },
            at,
        );
    }

    fn note(&mut self, sighting: Sighting, at: Timestamp) {
        let before = self.last_seen();
        if before.is_some_and(|seen| at < seen) {
            return;
        }
        if let Some(last) = self.sightings.last_mut()
            && last.stage == sighting.stage
            && last.production_percent == sighting.production_percent
            && last.rolling_back == sighting.rolling_back
        {
            last.last_seen = at;
            return;
        }
        if self.sightings.len() >= KEPT {
            self.sightings.remove(0);
        }
        let close = before
            .is_some_and(|seen| sighting.began_by.as_second() - seen.as_second() <= CLOSE_SECONDS);
        self.sightings.push(Sighting { close, ..sighting });
    }

    /// When it was looked at last.
    pub(super) fn last_seen(&self) -> Option<Timestamp> {
        self.sightings.last().map(|last| last.last_seen)
    }

    /// The last time that the release, on its way forward, was in a stage.
    pub(super) fn span(&self, stage: &str) -> Option<Span> {
        let is = |one: &Sighting| !one.rolling_back && one.stage.as_deref() == Some(stage);
        let last = self.sightings.iter().rposition(is)?;
        let run = self.sightings.get(..=last)?;
        let first = run.iter().rev().take_while(|one| is(one)).last()?;
        Some(Span {
            began: first.began_by,
            close: first.close,
            ended: self.sightings.get(last + 1).map(|next| next.began_by),
        })
    }

    /// Since when the weights are as they were last seen.
    pub(super) fn weights_since(&self) -> Option<Span> {
        let newest = self.sightings.last()?;
        let first = self
            .sightings
            .iter()
            .rev()
            .take_while(|one| {
                one.production_percent == newest.production_percent
                    && one.rolling_back == newest.rolling_back
            })
            .last()?;
        Some(Span {
            began: first.began_by,
            close: first.close,
            ended: None,
        })
    }

    /// The last stage that was seen while the release moved forward.
    pub(super) fn last_forward(&self) -> Option<&str> {
        self.sightings
            .iter()
            .rev()
            .filter(|one| !one.rolling_back)
            .find_map(|one| one.stage.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{at, record};
    use crate::domain::service_deployment::ServiceDeploymentStatus as Status;

    fn seen(looks: &[(&str, f64, i64)]) -> StageLog {
        let mut log = StageLog::default();
        for (stage, percent, second) in looks {
            log.observe(&standing(stage, *percent), at(*second));
        }
        log
    }

    fn standing(stage: &str, percent: f64) -> ServiceDeployment {
        let mut record = record("b", Status::InProgress, 1, 2, 1_000);
        record.lifecycle_stage = Some(stage.into());
        record.target.as_mut().unwrap().production_percent = Some(percent);
        record
    }

    #[test]
    fn a_stage_lasts_from_the_first_look_at_it_to_the_first_look_at_the_next() {
        let log = seen(&[
            ("SCALE_UP", 0.0, 1_010),
            ("SCALE_UP", 0.0, 1_020),
            ("TEST_TRAFFIC_SHIFT", 0.0, 1_022),
            ("BAKE_TIME", 100.0, 1_060),
        ]);
        let span = |began, close, ended: Option<i64>| {
            Some(Span {
                began: at(began),
                close,
                ended: ended.map(at),
            })
        };
        assert_eq!(log.span("SCALE_UP"), span(1_010, false, Some(1_022)));
        assert_eq!(
            log.span("TEST_TRAFFIC_SHIFT"),
            span(1_022, true, Some(1_060))
        );
        assert_eq!(log.span("BAKE_TIME"), span(1_060, false, None));
        assert_eq!(log.span("CLEAN_UP"), None);
    }

    #[test]
    fn steps_are_told_by_their_weights_and_a_stage_spans_them() {
        let log = seen(&[
            ("PRODUCTION_TRAFFIC_SHIFT", 10.0, 1_010),
            ("PRODUCTION_TRAFFIC_SHIFT", 20.0, 1_070),
            ("PRODUCTION_TRAFFIC_SHIFT", 20.0, 1_080),
        ]);
        assert_eq!(log.weights_since().unwrap().began, at(1_070));
        assert_eq!(
            log.span("PRODUCTION_TRAFFIC_SHIFT").unwrap().began,
            at(1_010)
        );
    }

    #[test]
    fn an_old_answer_and_a_release_that_is_over_change_nothing() {
        let mut log = seen(&[("SCALE_UP", 0.0, 1_010), ("BAKE_TIME", 100.0, 1_020)]);
        let before = log.clone();
        log.observe(&standing("SCALE_UP", 0.0), at(1_015));
        log.observe(&record("b", Status::Successful, 1, 2, 1_000), at(1_030));
        assert_eq!(log, before);
    }

    #[test]
    fn the_last_change_of_the_record_bounds_the_beginning() {
        let mut bake = standing("BAKE_TIME", 100.0);
        bake.updated_at = Some(at(1_200));
        let mut log = StageLog::default();
        log.observe(&bake, at(1_500));
        assert_eq!(log.span("BAKE_TIME").unwrap().began, at(1_200));
        // A change before the last look says nothing about a stage that was not there then.
        let mut log = seen(&[("SCALE_UP", 0.0, 1_400)]);
        log.observe(&bake, at(1_500));
        assert_eq!(log.span("BAKE_TIME").unwrap().began, at(1_500));
        assert!(!log.span("BAKE_TIME").unwrap().close);
    }

    #[test]
    fn the_way_back_is_not_the_way_forward() {
        let mut log = seen(&[("BAKE_TIME", 100.0, 1_010)]);
        let mut back = standing("CLEAN_UP", 0.0);
        back.status = Status::RollbackInProgress;
        log.observe(&back, at(1_020));
        assert_eq!(log.last_forward(), Some("BAKE_TIME"));
        assert_eq!(log.span("CLEAN_UP"), None);
        assert_eq!(log.span("BAKE_TIME").unwrap().ended, Some(at(1_020)));
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let mut log = StageLog::default();
        for number in 0..1_000_i32 {
            log.observe(
                &standing("PRODUCTION_TRAFFIC_SHIFT", f64::from(number)),
                at(1_000 + i64::from(number)),
            );
        }
        assert_eq!(log.sightings.len(), KEPT);
    }
}
