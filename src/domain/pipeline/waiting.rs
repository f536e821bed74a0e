//! The approvals that wait for a person, and until when.

use jiff::{SignedDuration, Timestamp};

use super::{
    ActionExecution, ActionRun, ActionStatus, Category, ExecutionId, PipelineName, PipelineState,
    PipelineStructure,
};

/// How long an approval waits where its action declares nothing else: a week (CodePipeline's quota
/// for approval actions).
const APPROVAL_MINUTES: u32 = 7 * 24 * 60;

/// The key of an approval's text in the configuration of its action.
const TEXT: &str = "CustomData";
/// The key of its link.
const LINK: &str = "ExternalEntityLink";

/// Names an approval that waits: an action of a stage, for one execution.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApprovalId {
    /// The pipeline.
    pub pipeline: PipelineName,
    /// The stage.
    pub stage: String,
    /// The action.
    pub action: String,
    /// The execution that waits.
    pub execution: ExecutionId,
}

/// An approval that waits for a person. One that nobody answers in time fails, and with it its
/// stage and its execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingApproval {
    /// What waits.
    pub id: ApprovalId,
    /// What an answer has to name. A retry of the stage makes another one, and the answer to this
    /// one is then refused.
    pub token: String,
    /// Since when it waits.
    pub since: Option<Timestamp>,
    /// When it fails by itself; `None` while the structure, which can declare another time, has not
    /// been read.
    pub expires_at: Option<Timestamp>,
    /// What the approver is to know, in the words of whoever made the pipeline.
    pub text: Option<String>,
    /// Where the approver is to look.
    pub link: Option<String>,
}

/// The approvals that the state of a pipeline tells. In a pipeline whose mode is PARALLEL it tells
/// none: see [`in_actions`].
pub fn in_state(
    state: &PipelineState,
    structure: Option<&PipelineStructure>,
) -> Vec<WaitingApproval> {
    let mut found = Vec::new();
    for stage in &state.stages {
        let Some(execution) = &stage.latest else {
            continue;
        };
        for action in &stage.actions {
            let waiting = action
                .latest
                .as_ref()
                .filter(|run| run.waits_for_approval());
            if let Some((run, token)) = waiting.and_then(|run| Some((run, run.token.as_ref()?))) {
                let id = ApprovalId {
                    pipeline: state.name.clone(),
                    stage: stage.name.clone(),
                    action: action.name.clone(),
                    execution: execution.id.clone(),
                };
                found.push(waiting_approval(id, token, run.changed_at, structure));
            }
        }
    }
    found
}

/// The approvals that the runs of actions tell: in a pipeline whose mode is PARALLEL the id that
/// the provider gave is the token (API reference of `PutApprovalResult`).
pub fn in_actions(
    pipeline: &PipelineName,
    runs: &[ActionExecution],
    structure: Option<&PipelineStructure>,
) -> Vec<WaitingApproval> {
    let waiting = runs.iter().filter(|run| {
        run.status == ActionStatus::InProgress && run.category == Some(Category::Approval)
    });
    waiting
        .filter_map(|run| {
            let id = ApprovalId {
                pipeline: pipeline.clone(),
                stage: run.stage.clone(),
                action: run.action.clone(),
                execution: run.execution.clone(),
            };
            let token = run.external_id.as_ref()?;
            let mut found = waiting_approval(id, token, run.started_at, structure);
            found.resolve(run);
            Some(found)
        })
        .collect()
}

fn waiting_approval(
    id: ApprovalId,
    token: &str,
    since: Option<Timestamp>,
    structure: Option<&PipelineStructure>,
) -> WaitingApproval {
    let declared = structure.and_then(|all| all.action(&id.stage, &id.action));
    let value = |key: &str| declared?.configuration.get(key).cloned();
    let minutes = structure.map(|_| {
        let own = declared.and_then(|action| action.timeout_minutes);
        own.unwrap_or(APPROVAL_MINUTES)
    });
    let expires_at = minutes.zip(since).and_then(|(minutes, since)| {
        let wait = SignedDuration::from_mins(i64::from(minutes));
        since.checked_add(wait).ok()
    });
    WaitingApproval {
        token: token.to_owned(),
        since,
        expires_at,
        text: value(TEXT),
        link: value(LINK),
        id,
    }
}

impl WaitingApproval {
    /// Takes the text and the link from the run itself, where variables are filled in.
    pub fn resolve(&mut self, run: &ActionExecution) {
        for (member, key) in [(&mut self.text, TEXT), (&mut self.link, LINK)] {
            if let Some(value) = run.configuration.get(key) {
                *member = Some(value.clone());
            }
        }
    }

    /// Whether a run is the one that waits.
    pub fn is_run(&self, run: &ActionExecution) -> bool {
        let id = &self.id;
        run.status == ActionStatus::InProgress
            && (&run.stage, &run.action, &run.execution) == (&id.stage, &id.action, &id.execution)
    }
}

impl ActionRun {
    /// Whether it waits for a person: only such runs have a token.
    pub fn waits_for_approval(&self) -> bool {
        self.status == ActionStatus::InProgress && self.token.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::at;
    use crate::domain::pipeline::StageStatus;
    use crate::domain::pipeline::fixture::*;

    const WEEK: i64 = 7 * 24 * 3600;

    #[test]
    fn an_approval_waits_a_week_with_its_text_and_its_link() {
        let found = in_state(&waiting(1_000), Some(&structure()));
        assert_eq!(found.len(), 1);
        let waits = &found[0];
        assert_eq!(waits.id.stage, "Production");
        assert_eq!(waits.id.action, "Approve");
        assert_eq!(waits.id.execution, execution_id("e1"));
        assert_eq!(waits.token, "token-1");
        assert_eq!(waits.since, Some(at(1_000)));
        assert_eq!(waits.expires_at, Some(at(1_000 + WEEK)));
        assert_eq!(waits.text.as_deref(), Some("Ship #{Source.CommitId}?"));
        assert_eq!(waits.link.as_deref(), Some("https://example.com/check"));
    }

    #[test]
    fn an_approval_can_declare_another_time_and_nothing_is_made_up_before_that_is_read() {
        let mut declared = structure();
        declared.stages[2].actions[0].timeout_minutes = Some(5);
        let expires = |structure: Option<&PipelineStructure>| {
            in_state(&waiting(1_000), structure)[0].expires_at
        };
        assert_eq!(expires(Some(&declared)), Some(at(1_300)));
        assert_eq!(expires(None), None);
    }

    #[test]
    fn what_was_answered_or_is_no_approval_does_not_wait() {
        for status in [ActionStatus::Succeeded, ActionStatus::Failed] {
            let mut answered = waiting(1_000);
            let run = answered.stages[2].actions[0].latest.as_mut().unwrap();
            run.status = status;
            assert_eq!(in_state(&answered, None), []);
        }
        let deploys = deploying(ActionStatus::InProgress, 1_000);
        assert_eq!(in_state(&deploys, Some(&structure())), []);
    }

    #[test]
    fn in_parallel_the_id_of_the_provider_is_the_token() {
        let mut waits = run("e7", "Approve", ActionStatus::InProgress, 2_000);
        assert_eq!(in_actions(&shop(), &[waits.clone()], None), []);
        waits.external_id = Some("token-7".into());
        waits.configuration =
            std::iter::once(("CustomData".to_owned(), "Ship 9be0012?".to_owned())).collect();
        let deploys = ActionExecution {
            external_id: Some("d-1".into()),
            ..run("e7", "Deploy", ActionStatus::InProgress, 2_000)
        };
        let found = in_actions(&shop(), &[waits, deploys], Some(&structure()));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].token, "token-7");
        assert_eq!(found[0].id.execution, execution_id("e7"));
        assert_eq!(found[0].expires_at, Some(at(2_000 + WEEK)));
        assert_eq!(found[0].text.as_deref(), Some("Ship 9be0012?"));
        let link = found[0].link.as_deref();
        assert_eq!(link, Some("https://example.com/check"));
    }

    #[test]
    fn a_pipeline_that_waits_for_somebody_does_not_move() {
        let waits = waiting(1_000);
        assert!(waits.waits_for_approval() && !waits.is_moving());
        let deploys = deploying(ActionStatus::InProgress, 1_000);
        assert!(!deploys.waits_for_approval() && deploys.is_moving());
        let done = deploying(ActionStatus::Succeeded, 1_000);
        assert!(!done.waits_for_approval() && !done.is_moving());
        let mut both = waiting(1_000);
        both.stages[0].latest = Some(in_stage("e2", StageStatus::InProgress));
        assert!(both.waits_for_approval() && both.is_moving());
    }
}
