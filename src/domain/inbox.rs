//! The inbox: everything that waits for a person, whatever holds it, by when the wait ends.
//!
//! Three kinds of things wait: an approval of CodePipeline, a pause hook of ECS, and a deployment of
//! CodeDeploy that is Ready. Beside them stand waits that end by themselves without harm and that a
//! person may cut short: they ask for nobody.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::arn::ServiceArn;
use super::lifecycle::HookAction;
use super::pipeline::{ApprovalId, PipelineStructure, WaitingApproval};
use super::release::{DeadlineKind, GateKind, Release, ReleaseId, ReleaseStatus, StepState};

/// Names a gate. The same gate keeps its name from one reading to the next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GateId {
    /// An approval of CodePipeline.
    Approval(ApprovalId),
    /// A release that waits.
    Release {
        /// The service.
        service: ServiceArn,
        /// The release.
        release: ReleaseId,
        /// What holds it: the hook's id, or the deployment's. A linear release meets a new hook at
        /// each step.
        hold: String,
    },
}

/// What waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaitKind {
    /// An approval of CodePipeline, by the name of its action.
    Approval(String),
    /// A pause hook of ECS.
    PauseHook,
    /// A deployment of CodeDeploy whose new task set is up.
    Ready,
    /// The original task set is kept for a while before it goes.
    Termination,
}

impl WaitKind {
    /// The words for a screen.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Approval(_) => "approval",
            Self::PauseHook => "pause hook",
            Self::Ready => "ready",
            Self::Termination => "termination wait",
        }
    }
}

/// What happens when nobody answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// The approval fails, and with it the execution.
    Fails,
    /// The release rolls back.
    RollsBack,
    /// It goes on as if somebody had let it.
    GoesOn,
    /// The deployment is stopped.
    Stops,
    /// The original task set goes.
    OriginalGoes,
    /// Something that this version does not know, by AWS's name.
    Other(String),
}

impl Unanswered {
    /// What happens, for a sentence such as `27m, then it rolls back`.
    pub fn label(&self) -> String {
        match self {
            Self::Fails => "the execution fails".into(),
            Self::RollsBack => "it rolls back".into(),
            Self::GoesOn => "it goes on".into(),
            Self::Stops => "it is stopped".into(),
            Self::OriginalGoes => "the old task set goes".into(),
            Self::Other(name) => name.to_lowercase().replace('_', " "),
        }
    }

    fn of_hook(action: &HookAction) -> Self {
        match action {
            HookAction::Continue => Self::GoesOn,
            HookAction::RollBack => Self::RollsBack,
            HookAction::Unknown(name) if name == "STOP_DEPLOYMENT" => Self::Stops,
            HookAction::Unknown(name) => Self::Other(name.clone()),
        }
    }
}

/// Something in the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxItem {
    /// Its name.
    pub id: GateId,
    /// What an answer has to name: the token of an approval, the id of a hook or a deployment.
    pub request: String,
    /// What waits.
    pub kind: WaitKind,
    /// Whether a person is asked for. What ends by itself without harm asks for nobody.
    pub asks: bool,
    /// The service or the pipeline that it holds, by its name.
    pub subject: String,
    /// Where: the stage.
    pub place: Option<String>,
    /// Since when; for a release of ECS it is when cutover saw it first.
    pub since: Option<Timestamp>,
    /// When the wait ends; `None` for one without an end, or where it is not told.
    pub expires_at: Option<Timestamp>,
    /// What happens then; `None` where it is not told.
    pub unanswered: Option<Unanswered>,
    /// Who was told that it waits: the name of a topic.
    pub notified: Option<String>,
    /// What it would let through, in a few words: a text of the approval, a task definition.
    pub brings: Option<String>,
    /// When what waits here began: the release, or the approval itself. A gate cannot be older.
    pub began_at: Option<Timestamp>,
}

impl InboxItem {
    /// What is said when it appears: `shop waits for your approval`.
    pub fn announcement(&self) -> String {
        match &self.kind {
            WaitKind::Approval(action) => {
                let place = self.place.as_ref();
                let place = place.map_or(String::new(), |stage| format!(" in {stage}"));
                format!("{} waits for your approval: {action}{place}", self.subject)
            }
            kind => {
                let place = self.place.as_ref();
                let place = place.map_or(String::new(), |stage| format!(", {stage}"));
                format!("{} waits for you: {}{place}", self.subject, kind.label())
            }
        }
    }

    /// An approval of CodePipeline. The structure knows who is told that it waits.
    pub fn of_approval(approval: &WaitingApproval, structure: Option<&PipelineStructure>) -> Self {
        let id = &approval.id;
        let declared = structure.and_then(|all| all.action(&id.stage, &id.action));
        let topic = declared.and_then(|action| action.configuration.get("NotificationArn"));
        Self {
            id: GateId::Approval(id.clone()),
            request: approval.token.clone(),
            kind: WaitKind::Approval(id.action.clone()),
            asks: true,
            subject: id.pipeline.as_str().to_owned(),
            place: Some(id.stage.clone()),
            since: approval.since,
            expires_at: approval.expires_at,
            unanswered: Some(Unanswered::Fails),
            notified: topic.map(|arn| arn.rsplit(':').next().unwrap_or(arn).to_owned()),
            brings: approval.text.clone(),
            began_at: approval.since,
        }
    }

    /// What a release waits for; `None` for one that waits for nothing that a person could answer.
    pub fn of_release(release: &Release) -> Option<Self> {
        let deadline = release.deadline.as_ref();
        let kind = match (&release.gate, deadline.map(|deadline| &deadline.kind)) {
            (Some(gate), _) => match gate.kind {
                GateKind::PauseHook { .. } => WaitKind::PauseHook,
                GateKind::CodeDeployReady { .. } => WaitKind::Ready,
            },
            (None, Some(DeadlineKind::ReadyWait { .. })) => WaitKind::Ready,
            (None, Some(DeadlineKind::TerminationWait)) => WaitKind::Termination,
            // AWS says that it waits, and not for what.
            (None, _) if release.status == ReleaseStatus::Waiting => WaitKind::PauseHook,
            (None, _) => return None,
        };
        if release.status.is_over() || release.status == ReleaseStatus::RollingBack {
            return None;
        }
        Some(Self {
            id: GateId::Release {
                service: release.service.clone(),
                release: release.id.clone(),
                hold: hold(release, &kind),
            },
            request: hold(release, &kind),
            asks: release.status == ReleaseStatus::Waiting,
            subject: release.service.name().to_owned(),
            place: place(release, &kind),
            since: since(release),
            expires_at: expires_at(release),
            unanswered: unanswered(release),
            notified: None,
            brings: brings(release),
            began_at: release.started_at,
            kind,
        })
    }
}

fn hold(release: &Release, kind: &WaitKind) -> String {
    match release.gate.as_ref().map(|gate| &gate.kind) {
        Some(GateKind::PauseHook { hook, .. }) => hook.clone(),
        Some(GateKind::CodeDeployReady { deployment }) => deployment.clone(),
        None => kind.label().to_owned(),
    }
}

/// The stage that is held; a deployment that is Ready has none to tell, it is one.
fn place(release: &Release, kind: &WaitKind) -> Option<String> {
    let stage = release.stage.as_ref().map(super::release::Stage::label);
    stage.filter(|stage| *kind == WaitKind::PauseHook && !stage.is_empty())
}

fn since(release: &Release) -> Option<Timestamp> {
    let mut steps = release.steps.iter();
    let now = |state| matches!(state, StepState::Waits | StepState::Now);
    steps.find(|step| now(step.state))?.started_at
}

fn expires_at(release: &Release) -> Option<Timestamp> {
    let of_gate = release.gate.as_ref().and_then(|gate| gate.expires_at);
    of_gate.or_else(|| release.deadline.as_ref().map(|deadline| deadline.at))
}

fn unanswered(release: &Release) -> Option<Unanswered> {
    let told = release
        .gate
        .as_ref()
        .and_then(|gate| gate.on_timeout.as_ref());
    if let Some(action) = told {
        return Some(Unanswered::of_hook(action));
    }
    Some(match &release.deadline.as_ref()?.kind {
        DeadlineKind::HookExpiry(action) => Unanswered::of_hook(action.as_ref()?),
        DeadlineKind::ReadyWait { continues: true } => Unanswered::GoesOn,
        DeadlineKind::ReadyWait { continues: false } => Unanswered::Stops,
        DeadlineKind::TerminationWait => Unanswered::OriginalGoes,
        DeadlineKind::Bake | DeadlineKind::StepBake => return None,
    })
}

fn brings(release: &Release) -> Option<String> {
    let definition = release.new.as_ref()?.task_definition.as_ref()?;
    Some(definition.family_revision().to_owned())
}

/// The order of the inbox: what asks for a person first, then what ends soonest; what has no end
/// comes last.
pub fn inbox_order(a: &InboxItem, b: &InboxItem) -> Ordering {
    let key = |item: &InboxItem| (!item.asks, item.expires_at.is_none(), item.expires_at);
    key(a)
        .cmp(&key(b))
        .then_with(|| a.subject.cmp(&b.subject))
        .then_with(|| a.id.cmp(&b.id))
}

#[cfg(test)]
mod tests;
