//! Things to test with: a pipeline `shop` that deploys the service `web` of cluster `prod` behind an
//! approval, told in the fewest words.

use std::collections::BTreeMap;

use super::{
    ActionDeclaration, ActionExecution, ActionRun, ActionState, ActionStatus, Category,
    ExecutionId, ExecutionMode, ExecutionStatus, PipelineExecution, PipelineName, PipelineState,
    PipelineStructure, PipelineSummary, SourceRevision, StageDeclaration, StageExecution,
    StageState, StageStatus, Transition, Trigger,
};
use crate::domain::fixture::at;

pub(crate) fn shop() -> PipelineName {
    PipelineName::new("shop")
}

pub(crate) fn summary(name: &str) -> PipelineSummary {
    PipelineSummary {
        name: PipelineName::new(name),
        version: Some(3),
        mode: Some(ExecutionMode::Queued),
        created_at: Some(at(100)),
        updated_at: Some(at(200)),
    }
}

fn configuration(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

pub(crate) fn declared(
    name: &str,
    category: Category,
    provider: &str,
    pairs: &[(&str, &str)],
) -> ActionDeclaration {
    ActionDeclaration {
        name: name.into(),
        category,
        provider: provider.into(),
        run_order: 1,
        configuration: configuration(pairs),
        account: None,
        region: None,
        timeout_minutes: None,
    }
}

fn stage_of(name: &str, actions: Vec<ActionDeclaration>) -> StageDeclaration {
    StageDeclaration {
        name: name.into(),
        actions,
        on_failure: None,
    }
}

/// `shop`: Source, Build, and Production with an approval before the deployment.
pub(crate) fn structure() -> PipelineStructure {
    let deploy = ActionDeclaration {
        run_order: 2,
        ..declared(
            "Deploy",
            Category::Deploy,
            "ECS",
            &[("ClusterName", "prod"), ("ServiceName", "web")],
        )
    };
    let approve = declared(
        "Approve",
        Category::Approval,
        "Manual",
        &[
            ("CustomData", "Ship #{Source.CommitId}?"),
            ("ExternalEntityLink", "https://example.com/check"),
        ],
    );
    let source = declared("Source", Category::Source, "CodeStarSourceConnection", &[]);
    let build = declared("Build", Category::Build, "CodeBuild", &[]);
    PipelineStructure {
        name: shop(),
        arn: Some("arn:aws:codepipeline:eu-west-1:123456789012:shop".into()),
        version: Some(3),
        mode: Some(ExecutionMode::Queued),
        stages: vec![
            stage_of("Source", vec![source]),
            stage_of("Build", vec![build]),
            stage_of("Production", vec![approve, deploy]),
        ],
    }
}

pub(crate) fn execution_id(id: &str) -> ExecutionId {
    ExecutionId::new(id)
}

/// What is in a stage, or at its entry.
pub(crate) fn in_stage(id: &str, status: StageStatus) -> StageExecution {
    StageExecution {
        id: execution_id(id),
        status,
        rollback: false,
    }
}

/// A stage with the execution in it, through which it went, and its actions.
pub(crate) fn stage(
    name: &str,
    latest: Option<(&str, StageStatus)>,
    actions: Vec<ActionState>,
) -> StageState {
    StageState {
        name: name.into(),
        latest: latest.map(|(id, status)| in_stage(id, status)),
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

/// An action whose status has been the same since a second.
pub(crate) fn action(name: &str, run: Option<(ActionStatus, i64)>) -> ActionState {
    ActionState {
        name: name.into(),
        latest: run.map(|(status, since)| ActionRun {
            id: None,
            status,
            summary: None,
            changed_at: Some(at(since)),
            token: None,
            updated_by: None,
            external_id: None,
            external_url: None,
            percent: None,
            error: None,
            log_stream: None,
        }),
        revision: None,
        entity_url: None,
        revision_url: None,
    }
}

/// The approval, waiting since a second.
pub(crate) fn approval(since: i64) -> ActionState {
    let mut waiting = action("Approve", Some((ActionStatus::InProgress, since)));
    if let Some(run) = &mut waiting.latest {
        run.token = Some("token-1".into());
    }
    waiting
}

/// `shop`, whose execution `e1` went through Source and Build, with Production as given.
pub(crate) fn state(production: StageState) -> PipelineState {
    let done = |name: &str| {
        let action = action(name, Some((ActionStatus::Succeeded, 900)));
        stage(name, Some(("e1", StageStatus::Succeeded)), vec![action])
    };
    PipelineState {
        name: shop(),
        version: Some(3),
        stages: vec![done("Source"), done("Build"), production],
    }
}

/// `e1` waits at the approval since a second.
pub(crate) fn waiting(since: i64) -> PipelineState {
    let actions = vec![approval(since), action("Deploy", None)];
    state(stage(
        "Production",
        Some(("e1", StageStatus::InProgress)),
        actions,
    ))
}

/// `e1` was approved, and its deployment stands like this since a second.
pub(crate) fn deploying(status: ActionStatus, since: i64) -> PipelineState {
    let stage_status = match status {
        ActionStatus::Succeeded => StageStatus::Succeeded,
        ActionStatus::Failed => StageStatus::Failed,
        _ => StageStatus::InProgress,
    };
    let actions = vec![
        action("Approve", Some((ActionStatus::Succeeded, 950))),
        action("Deploy", Some((status, since))),
    ];
    state(stage("Production", Some(("e1", stage_status)), actions))
}

/// A run of an action of an execution in Production, begun at a second.
pub(crate) fn run(
    execution: &str,
    action: &str,
    status: ActionStatus,
    started: i64,
) -> ActionExecution {
    let category = match action {
        "Approve" => Category::Approval,
        _ => Category::Deploy,
    };
    ActionExecution {
        id: format!("{execution}-{action}-{started}"),
        execution: execution_id(execution),
        stage: "Production".into(),
        action: action.into(),
        status,
        started_at: Some(at(started)),
        updated_at: Some(at(started + 60)),
        updated_by: None,
        category: Some(category),
        provider: None,
        configuration: BTreeMap::new(),
        outputs: BTreeMap::new(),
        external_id: None,
        external_url: None,
        summary: None,
        error: None,
        log_stream: None,
    }
}

/// An execution that began at a second, with a commit.
pub(crate) fn execution(id: &str, status: ExecutionStatus, started: i64) -> PipelineExecution {
    PipelineExecution {
        id: execution_id(id),
        status,
        status_summary: None,
        started_at: Some(at(started)),
        updated_at: Some(at(started + 100)),
        sources: vec![SourceRevision {
            action: "Source".into(),
            revision: Some("9be0012".into()),
            summary: Some("Retry idempotent captures".into()),
            url: None,
        }],
        trigger: Some(Trigger {
            kind: "Webhook".into(),
            detail: None,
        }),
        stop_reason: None,
        mode: Some(ExecutionMode::Queued),
        rollback: false,
        rollback_target: None,
    }
}
