//! A pipeline for tests: `shop`, which builds, waits for an approval and deploys `web`.

use std::collections::BTreeMap;

use super::{
    ActionDeclaration, ActionRun, ActionState, ActionStatus, Category, ExecutionId, ExecutionMode,
    ExecutionStatus, PipelineExecution, PipelineName, PipelineState, PipelineStructure,
    SourceRevision, StageDeclaration, StageExecution, StageState, StageStatus, Transition,
};

/// The execution that is at the approval.
pub(crate) const NEW: &str = "11111111-2222-3333-4444-555555555555";
/// The execution before it.
pub(crate) const OLD: &str = "99999999-8888-7777-6666-555555555555";
/// The token of the approval.
pub(crate) const TOKEN: &str = "token-1";

pub(crate) fn id(text: &str) -> ExecutionId {
    ExecutionId::new(text)
}

pub(crate) fn name() -> PipelineName {
    PipelineName::new("shop")
}

/// A run of an action.
pub(crate) fn run(status: ActionStatus) -> ActionRun {
    ActionRun {
        id: Some("run".into()),
        status,
        summary: None,
        changed_at: None,
        token: None,
        updated_by: None,
        external_id: None,
        external_url: None,
        percent: None,
        error: None,
        log_stream: None,
    }
}

fn action(name: &str, latest: Option<ActionRun>) -> ActionState {
    ActionState {
        name: name.into(),
        latest,
        revision: None,
        entity_url: None,
        revision_url: None,
    }
}

pub(crate) fn held_by(execution: &str, status: StageStatus) -> StageExecution {
    StageExecution {
        id: id(execution),
        status,
        rollback: false,
    }
}

fn stage(name: &str, latest: Option<StageExecution>, actions: Vec<ActionState>) -> StageState {
    StageState {
        name: name.into(),
        latest,
        inbound: Vec::new(),
        transition: Some(Transition {
            enabled: true,
            changed_by: None,
            changed_at: None,
            reason: None,
        }),
        actions,
        before_entry: None,
        on_success: None,
        on_failure: None,
        retries: 0,
    }
}

/// The state of `shop`: `NEW` waits at `Gate`/`Approve`, `OLD` is in `Prod`.
pub(crate) fn state() -> PipelineState {
    let succeeded = || Some(run(ActionStatus::Succeeded));
    let waits = ActionRun {
        token: Some(TOKEN.into()),
        ..run(ActionStatus::InProgress)
    };
    let mut source = stage(
        "Source",
        Some(held_by(NEW, StageStatus::Succeeded)),
        vec![action("Checkout", succeeded())],
    );
    source.transition = None;
    PipelineState {
        name: name(),
        version: Some(3),
        stages: vec![
            source,
            stage(
                "Gate",
                Some(held_by(NEW, StageStatus::InProgress)),
                vec![action("Approve", Some(waits))],
            ),
            stage(
                "Prod",
                Some(held_by(OLD, StageStatus::Succeeded)),
                vec![action("Deploy", succeeded())],
            ),
        ],
    }
}

fn declared(name: &str, category: Category, provider: &str) -> ActionDeclaration {
    ActionDeclaration {
        name: name.into(),
        category,
        provider: provider.into(),
        run_order: 1,
        configuration: BTreeMap::new(),
        account: None,
        region: None,
        timeout_minutes: None,
    }
}

/// The structure of `shop`.
pub(crate) fn structure() -> PipelineStructure {
    let stage = |name: &str, action: ActionDeclaration| StageDeclaration {
        name: name.into(),
        actions: vec![action],
        on_failure: None,
    };
    let mut deploy = declared("Deploy", Category::Deploy, "ECS");
    deploy.configuration = [("ClusterName", "prod"), ("ServiceName", "web")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
    PipelineStructure {
        name: name(),
        arn: None,
        version: Some(3),
        mode: Some(ExecutionMode::Queued),
        stages: vec![
            stage(
                "Source",
                declared("Checkout", Category::Source, "CodeStarSourceConnection"),
            ),
            stage("Gate", declared("Approve", Category::Approval, "Manual")),
            stage("Prod", deploy),
        ],
    }
}

/// An execution that brings a commit.
pub(crate) fn execution(execution: &str, status: ExecutionStatus) -> PipelineExecution {
    PipelineExecution {
        id: id(execution),
        status,
        status_summary: None,
        started_at: None,
        updated_at: None,
        sources: vec![SourceRevision {
            action: "Checkout".into(),
            revision: Some("0123456789abcdef0123456789abcdef01234567".into()),
            summary: Some("Retry idempotent captures\n\nLong text".into()),
            url: None,
        }],
        trigger: None,
        stop_reason: None,
        mode: Some(ExecutionMode::Queued),
        rollback: false,
        rollback_target: None,
    }
}
