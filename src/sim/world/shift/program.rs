//! The order in which a service deployment that shifts traffic does things.

use super::ShiftSettings;
use super::hook::HookStage;

/// The stage of a service deployment, as ECS reports it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// What an earlier deployment has left is put in order.
    ReconcileService,
    /// The new tasks have not been started.
    PreScaleUp,
    /// The new tasks are started.
    ScaleUp,
    /// The new tasks are healthy.
    PostScaleUp,
    /// Test traffic is shifted.
    TestTrafficShift,
    /// Test traffic has been shifted.
    PostTestTrafficShift,
    /// Production traffic is shifted.
    ProductionTrafficShift,
    /// Production traffic has been shifted.
    PostProductionTrafficShift,
    /// Both revisions run, and the new one is watched.
    BakeTime,
    /// The tasks that have no traffic any more are stopped.
    CleanUp,
}

impl Stage {
    /// The word of ECS.
    pub fn word(self) -> &'static str {
        match self {
            Self::ReconcileService => "RECONCILE_SERVICE",
            Self::PreScaleUp => "PRE_SCALE_UP",
            Self::ScaleUp => "SCALE_UP",
            Self::PostScaleUp => "POST_SCALE_UP",
            Self::TestTrafficShift => "TEST_TRAFFIC_SHIFT",
            Self::PostTestTrafficShift => "POST_TEST_TRAFFIC_SHIFT",
            Self::ProductionTrafficShift => "PRODUCTION_TRAFFIC_SHIFT",
            Self::PostProductionTrafficShift => "POST_PRODUCTION_TRAFFIC_SHIFT",
            Self::BakeTime => "BAKE_TIME",
            Self::CleanUp => "CLEAN_UP",
        }
    }
}

/// One thing that a service deployment does before it goes on. Steps count from 0.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Before the new revision can begin, the revision that completed last gets all its tasks
    /// back.
    Restore,
    /// Then all traffic.
    Return,
    /// Then the tasks of every other revision go.
    Reconcile,
    /// Nothing is started yet.
    PreScaleUp,
    /// A whole new set of tasks starts beside the old one.
    ScaleUp,
    /// It is healthy.
    PostScaleUp,
    /// Test traffic moves.
    ShiftTest,
    /// Test traffic has moved.
    PostTest,
    /// Before a step of the production traffic.
    PreProduction(usize),
    /// A step of the production traffic.
    ShiftProduction(usize),
    /// The wait after a step that isn't the last.
    StepBake(usize),
    /// Production traffic has moved.
    PostProduction,
    /// The wait before the old tasks go.
    Bake,
    /// The old tasks go.
    CleanUp,
    /// On the way back, the old revision gets all its tasks back.
    BackScaleUp,
    /// Then its production traffic.
    BackProduction,
    /// Then its test traffic.
    BackTest,
    /// Then the new tasks go.
    BackCleanUp,
}

impl Move {
    /// The stage that ECS reports; none where it reports the one before. The enum of a service
    /// deployment has no word for the time before a step of production traffic, so there it is
    /// the stage that came before.
    pub fn stage(self) -> Option<Stage> {
        Some(match self {
            Self::Restore | Self::Return | Self::Reconcile => Stage::ReconcileService,
            Self::PreScaleUp => Stage::PreScaleUp,
            Self::ScaleUp => Stage::ScaleUp,
            Self::PostScaleUp => Stage::PostScaleUp,
            Self::ShiftTest | Self::BackTest => Stage::TestTrafficShift,
            Self::PostTest => Stage::PostTestTrafficShift,
            Self::ShiftProduction(_) | Self::StepBake(_) | Self::BackProduction => {
                Stage::ProductionTrafficShift
            }
            Self::PostProduction => Stage::PostProductionTrafficShift,
            Self::Bake => Stage::BakeTime,
            Self::CleanUp | Self::BackCleanUp => Stage::CleanUp,
            Self::PreProduction(_) | Self::BackScaleUp => return None,
        })
    }

    /// The stage whose hooks run once the move itself is done.
    pub fn hooks(self) -> Option<HookStage> {
        Some(match self {
            Self::Reconcile => HookStage::ReconcileService,
            Self::PreScaleUp => HookStage::PreScaleUp,
            Self::PostScaleUp => HookStage::PostScaleUp,
            Self::ShiftTest | Self::BackTest => HookStage::TestTrafficShift,
            Self::PostTest => HookStage::PostTestTrafficShift,
            Self::PreProduction(_) => HookStage::PreProductionTrafficShift,
            Self::ShiftProduction(_) | Self::BackProduction => HookStage::ProductionTrafficShift,
            Self::PostProduction => HookStage::PostProductionTrafficShift,
            _ => return None,
        })
    }

    /// Whether it waits for tasks, not for a timer.
    pub fn waits_for_tasks(self) -> bool {
        matches!(
            self,
            Self::Restore
                | Self::Reconcile
                | Self::ScaleUp
                | Self::CleanUp
                | Self::BackScaleUp
                | Self::BackCleanUp
        )
    }
}

/// The way forward. `reconciles` says that more than one revision runs at the beginning, and
/// `steps` how many steps the production traffic takes.
pub fn forward(settings: &ShiftSettings, reconciles: bool, steps: usize) -> Vec<Move> {
    let mut program = Vec::new();
    if reconciles {
        program.extend([Move::Restore, Move::Return, Move::Reconcile]);
    }
    program.extend([
        Move::PreScaleUp,
        Move::ScaleUp,
        Move::PostScaleUp,
        Move::ShiftTest,
        Move::PostTest,
    ]);
    for step in 0..steps {
        program.extend([Move::PreProduction(step), Move::ShiftProduction(step)]);
        if step.saturating_add(1) < steps && settings.step_bake() > 0 {
            program.push(Move::StepBake(step));
        }
    }
    program.extend([Move::PostProduction, Move::Bake, Move::CleanUp]);
    program
}

/// The way back: traffic that never moved needs no shift.
pub fn backward(production_moved: bool, test_moved: bool) -> Vec<Move> {
    let mut program = vec![Move::BackScaleUp];
    if production_moved {
        program.push(Move::BackProduction);
    }
    if test_moved {
        program.push(Move::BackTest);
    }
    program.push(Move::BackCleanUp);
    program
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::world::shift::Strategy;

    fn stages(strategy: Strategy, reconciles: bool) -> Vec<&'static str> {
        let settings = ShiftSettings {
            strategy,
            ..ShiftSettings::default()
        };
        let program = forward(&settings, reconciles, settings.steps().len());
        let mut words: Vec<&str> = program
            .iter()
            .filter_map(|one| one.stage())
            .map(Stage::word)
            .collect();
        words.dedup();
        words
    }

    #[test]
    fn blue_green_passes_every_stage_in_order() {
        let all = [
            "RECONCILE_SERVICE",
            "PRE_SCALE_UP",
            "SCALE_UP",
            "POST_SCALE_UP",
            "TEST_TRAFFIC_SHIFT",
            "POST_TEST_TRAFFIC_SHIFT",
            "PRODUCTION_TRAFFIC_SHIFT",
            "POST_PRODUCTION_TRAFFIC_SHIFT",
            "BAKE_TIME",
            "CLEAN_UP",
        ];
        assert_eq!(stages(Strategy::BlueGreen, true), all);
        assert_eq!(stages(Strategy::Canary, false), all[1..]);
    }

    #[test]
    fn hooks_around_production_run_at_every_step_and_after_it_once() {
        let settings = ShiftSettings {
            strategy: Strategy::Linear,
            ..ShiftSettings::default()
        };
        let program = forward(&settings, false, settings.steps().len());
        let count = |stage| {
            let at = program.iter().filter(|one| one.hooks() == Some(stage));
            at.count()
        };
        assert_eq!(count(HookStage::PreProductionTrafficShift), 10);
        assert_eq!(count(HookStage::ProductionTrafficShift), 10);
        assert_eq!(count(HookStage::PostProductionTrafficShift), 1);
        let bakes = program
            .iter()
            .filter(|one| matches!(one, Move::StepBake(_)));
        assert_eq!(bakes.count(), 9, "none after the last step");
    }

    #[test]
    fn the_way_back_shifts_only_what_has_moved() {
        assert_eq!(
            backward(false, false),
            [Move::BackScaleUp, Move::BackCleanUp]
        );
        assert_eq!(
            backward(true, true),
            [
                Move::BackScaleUp,
                Move::BackProduction,
                Move::BackTest,
                Move::BackCleanUp
            ]
        );
    }
}
