//! Service deployments that shift traffic: blue/green, linear and canary. What they are told to
//! do, and how far one is.
//!
//! The rules are those of the ECS developer guide, "Lifecycle hooks for Amazon ECS service
//! deployments", "Amazon ECS blue/green deployments" and its siblings on linear and canary ones.

pub mod hook;
pub mod percent;
pub mod program;

use super::ids::RevisionNumber;
use crate::sim::clock::SimTime;
use hook::{Hook, HookRun};
use percent::Percent;
use program::{Move, Stage};

/// How a service is deployed.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// Tasks are replaced step by step.
    #[default]
    Rolling,
    /// A whole new set of tasks, and all traffic at once.
    BlueGreen,
    /// A whole new set of tasks, and traffic in equal steps.
    Linear,
    /// A whole new set of tasks, a little traffic first, then the rest.
    Canary,
}

impl Strategy {
    const WORDS: [(&'static str, Self); 4] = [
        ("ROLLING", Self::Rolling),
        ("BLUE_GREEN", Self::BlueGreen),
        ("LINEAR", Self::Linear),
        ("CANARY", Self::Canary),
    ];

    /// The strategy that a word of ECS names.
    pub fn parse(word: &str) -> Option<Self> {
        let mut words = Self::WORDS.iter();
        words.find(|(one, _)| *one == word).map(|(_, this)| *this)
    }

    /// The word of ECS.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rolling => "ROLLING",
            Self::BlueGreen => "BLUE_GREEN",
            Self::Linear => "LINEAR",
            Self::Canary => "CANARY",
        }
    }
}

/// A part of the traffic and the minutes that it is watched for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Portion {
    /// Of the production traffic.
    pub percent: Percent,
    /// Minutes, 0 to 1440.
    pub bake: u32,
}

/// The part of a deployment configuration that only the strategies that shift traffic follow.
#[derive(Clone, Debug, PartialEq)]
pub struct ShiftSettings {
    /// How the service is deployed.
    pub strategy: Strategy,
    /// Minutes for which both revisions run after the shift, 0 to 1440.
    pub bake: u32,
    /// The steps of a linear deployment: 10 % every 6 minutes unless it says otherwise.
    pub linear: Portion,
    /// The canary: 5 % for 10 minutes unless it says otherwise.
    pub canary: Portion,
    /// What holds or judges a deployment at its stages.
    pub hooks: Vec<Hook>,
}

impl Default for ShiftSettings {
    fn default() -> Self {
        Self {
            strategy: Strategy::Rolling,
            bake: 0,
            linear: Portion {
                percent: Percent::tenths(100),
                bake: 6,
            },
            canary: Portion {
                percent: Percent::tenths(50),
                bake: 10,
            },
            hooks: Vec::new(),
        }
    }
}

impl ShiftSettings {
    /// What production traffic the new revision has after each step. The last one is all of it.
    pub fn steps(&self) -> Vec<Percent> {
        match self.strategy {
            Strategy::Linear => percent::equal_steps(self.linear.percent),
            Strategy::Canary if self.canary.percent < Percent::ALL => {
                vec![self.canary.percent, Percent::ALL]
            }
            _ => vec![Percent::ALL],
        }
    }

    /// Minutes between two steps.
    pub fn step_bake(&self) -> u32 {
        match self.strategy {
            Strategy::Linear => self.linear.bake,
            Strategy::Canary => self.canary.bake,
            Strategy::Rolling | Strategy::BlueGreen => 0,
        }
    }
}

/// What has been asked of the load balancer for one revision.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The revision.
    pub revision: RevisionNumber,
    /// Its part of the production traffic.
    pub production: Percent,
    /// Its part of the test traffic.
    pub test: Percent,
}

/// What a move waits for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Until this timer is over, or, for moves that wait for tasks, until those are as they
    /// should be.
    Act,
    /// Until every hook of the stage is done.
    Hooks,
}

/// How far a service deployment that shifts traffic is.
#[derive(Clone, Debug)]
pub struct Shift {
    /// Everything that it does, in order.
    pub program: Vec<Move>,
    /// Where it is in the program.
    pub position: usize,
    /// What it waits for there.
    pub wait: Wait,
    /// Counts what it has waited for, so that a timer of an earlier wait says nothing.
    pub serial: u32,
    /// The stage as ECS reports it; none until it begins.
    pub stage: Option<Stage>,
    /// When that stage began.
    pub stage_since: SimTime,
    /// The runs of its hooks, from the oldest.
    pub hooks: Vec<HookRun>,
    /// Counts the rounds in which hooks were started.
    pub round: u32,
    /// What has been asked for; the parts of each kind of traffic sum to all of it, or to none
    /// before a first deployment has shifted.
    pub shares: Vec<Share>,
}

impl Shift {
    /// One that has not begun.
    pub fn new(program: Vec<Move>, shares: Vec<Share>, now: SimTime) -> Self {
        Self {
            program,
            position: 0,
            wait: Wait::Act,
            serial: 0,
            stage: None,
            stage_since: now,
            hooks: Vec::new(),
            round: 0,
            shares,
        }
    }

    /// What it does now; none before it begins and after it has ended.
    pub fn current(&self) -> Option<Move> {
        let begun = self.serial > 0;
        self.program.get(self.position).copied().filter(|_| begun)
    }

    /// Whether it is at `step` of its program or has passed it.
    pub fn has_reached(&self, step: Move) -> bool {
        let until = self.position.saturating_add(1);
        self.serial > 0 && self.program.iter().take(until).any(|one| *one == step)
    }

    /// What has been asked for a revision.
    pub fn share(&self, revision: RevisionNumber) -> Option<Share> {
        let mut shares = self.shares.iter();
        shares.find(|one| one.revision == revision).copied()
    }

    /// Asks for production traffic: `part` of it for `target`, the rest for `base`.
    pub fn ask_production(
        &mut self,
        target: RevisionNumber,
        base: Option<RevisionNumber>,
        part: Percent,
    ) {
        for share in &mut self.shares {
            share.production = part.of(share.revision, target, base);
        }
    }

    /// Asks for test traffic in the same way.
    pub fn ask_test(
        &mut self,
        target: RevisionNumber,
        base: Option<RevisionNumber>,
        part: Percent,
    ) {
        for share in &mut self.shares {
            share.test = part.of(share.revision, target, base);
        }
    }

    /// The runs of the hooks that were started last: those of the present stage, or of the last
    /// one that had any. Runs that nobody waits for any more are not among them.
    pub fn latest_hooks(&self) -> impl Iterator<Item = &HookRun> {
        let round = self.hooks.last().map(|last| last.round);
        let this = move |one: &&HookRun| Some(one.round) == round && !one.dropped;
        self.hooks.iter().filter(this)
    }

    /// Nobody waits any more for the hooks that are open: the deployment goes another way.
    pub fn drop_open_hooks(&mut self) {
        for run in &mut self.hooks {
            run.dropped |= run.status.is_open();
        }
    }
}
