//! Rows of CodePipeline: pipelines, the stages and actions of one, its executions, and what ran in
//! one execution.

use jiff::Timestamp;

use super::{Candidate, Needs, SortKey};
use crate::app::model::Model;
use crate::app::row::RowId;
use crate::app::store::Store;
use crate::domain::context::Scoped;
use crate::domain::pipeline::source::{self, Commit};
use crate::domain::pipeline::strip::{
    PipelineStanding, Standing, StripStage, failure, of_action, standing, strip,
};
use crate::domain::pipeline::{
    ActionExecution, ActionStatus, ExecutionId, ExecutionStatus, PipelineExecution, PipelineName,
    PipelineSummary, StageState,
};

pub(super) const PIPELINE_COLUMNS: &[&str] = &[
    "status", "pipeline", "stages", "commit", "message", "age", "mode",
];
pub(super) const STAGE_COLUMNS: &[&str] = &["stage", "status", "since", "by", "execution", "says"];
pub(super) const EXECUTION_COLUMNS: &[&str] = &[
    "status",
    "execution",
    "commit",
    "message",
    "started",
    "took",
    "by",
    "about",
];
pub(super) const RUN_COLUMNS: &[&str] = &["action", "stage", "status", "started", "took", "says"];

/// A pipeline as it stands, once its state has been read.
#[derive(Clone, Debug)]
pub struct Look {
    /// Its stages.
    pub strip: Vec<StripStage>,
    /// The whole.
    pub standing: PipelineStanding,
    /// What the leading execution brings.
    pub commit: Option<Commit>,
    /// When anything in it changed last.
    pub changed_at: Option<Timestamp>,
}

/// How a pipeline stands; `None` while its state has not been read.
pub fn look(store: &Store, name: &PipelineName) -> Option<Look> {
    let state = store.pipeline_state(name)?;
    let strip = strip(state, store.pipeline_structure(name));
    let changed_at = state.stages.iter().filter_map(changed_at).max();
    let mut standing = standing(&strip);
    let waits = |standing: &PipelineStanding| *standing > PipelineStanding::WaitsForYou;
    // In the mode PARALLEL only the runs of the actions tell that an approval waits.
    if waits(&standing) && !store.approvals_of(name).is_empty() {
        standing = PipelineStanding::WaitsForYou;
    }
    Some(Look {
        standing,
        strip,
        commit: source::of_state(state),
        changed_at,
    })
}

/// When an action of a stage changed last.
fn changed_at(stage: &StageState) -> Option<Timestamp> {
    let runs = stage.actions.iter().filter_map(|one| one.latest.as_ref());
    runs.filter_map(|run| run.changed_at).max()
}

/// All pipelines, the worst on top; those that have not been read yet come last.
pub(super) fn pipelines(model: &Model, needs: Needs) -> Vec<Candidate> {
    let mut rows = Vec::new();
    for store in &model.contexts {
        let list = store.pipeline_list().iter();
        rows.extend(list.map(|summary| {
            let look = look(store, &summary.name);
            let standing = look.as_ref().map(|look| look.standing.clone());
            let row = pipeline(store, summary, look.as_ref(), needs, model.now);
            (standing, row)
        }));
    }
    rows.sort_by(|(a, _), (b, _)| (a.is_none(), a).cmp(&(b.is_none(), b)));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn pipeline(
    store: &Store,
    summary: &PipelineSummary,
    look: Option<&Look>,
    needs: Needs,
    now: Timestamp,
) -> Candidate {
    let mode = || summary.mode.as_ref().map_or("", |mode| mode.name());
    let name = summary.name.as_str();
    let commit = look.and_then(|look| look.commit.clone());
    let commit = commit.unwrap_or_default();
    let status = look.map_or("", |look| look.standing.label());
    let stages = || stages_in_words(look.map_or(&[], |look| &look.strip));
    Candidate {
        keys: needs.keys(|| {
            let changed = look.and_then(|look| look.changed_at);
            let age = changed.map_or(i64::MAX, |at| now.as_second() - at.as_second());
            vec![
                SortKey::text(status),
                SortKey::text(name),
                SortKey::text(stages()),
                SortKey::text(commit.short().unwrap_or_default()),
                SortKey::text(commit.message.as_deref().unwrap_or_default()),
                SortKey::number(age),
                SortKey::text(mode()),
            ]
        }),
        text: needs.text(|| {
            let state = store.pipeline_state(&summary.name);
            let failed = state.and_then(failure);
            let failed = failed.map_or_else(String::new, |failure| failure.sentence());
            format!(
                "{name} {status} {} {} {} {} {failed}",
                mode(),
                stages(),
                commit.revision.as_deref().unwrap_or_default(),
                commit.message.as_deref().unwrap_or_default(),
            )
        }),
        fault: look.is_some_and(|look| look.standing.is_fault()),
        id: RowId::Pipeline(store.context.id, summary.name.clone()),
    }
}

fn stages_in_words(strip: &[StripStage]) -> String {
    let words = strip
        .iter()
        .map(|stage| format!("{} {}", stage.name, stage.standing.label()));
    words.collect::<Vec<_>>().join(" ")
}

/// The stages of a pipeline with their actions, in order.
pub(super) fn stages(model: &Model, name: &Scoped<PipelineName>) -> Vec<Candidate> {
    let Some(store) = model.store(name.context) else {
        return Vec::new();
    };
    let Some(state) = store.pipeline_state(&name.id) else {
        return Vec::new();
    };
    let structure = store.pipeline_structure(&name.id);
    let strip = strip(state, structure);
    let mut rows = Vec::new();
    for (stage, shown) in state.stages.iter().zip(strip) {
        rows.push(stage_row(stage, &shown));
        let mut declared = structure.into_iter().flat_map(|all| &all.stages);
        let declared = declared.find(|one| one.name == stage.name);
        rows.extend(stage.actions.iter().map(|action| {
            let run = action.latest.as_ref();
            let standing = of_action(&shown.standing, stage, declared, action);
            let changed = run.and_then(|run| run.changed_at);
            let by = run.and_then(|run| run.updated_by.as_deref());
            let says = run.and_then(|run| run.summary.as_deref());
            Candidate {
                id: RowId::StageAction(stage.name.clone(), action.name.clone()),
                keys: vec![
                    SortKey::text(format!("{} {}", stage.name, action.name)),
                    SortKey::text(standing.label()),
                    SortKey::number(changed.map_or(0, Timestamp::as_second)),
                    SortKey::text(by.unwrap_or_default()),
                    SortKey::text(""),
                    SortKey::text(says.unwrap_or_default()),
                ],
                text: format!(
                    "{} {} {} {} {}",
                    stage.name,
                    action.name,
                    standing.label(),
                    by.unwrap_or_default(),
                    says.unwrap_or_default()
                ),
                fault: standing == Standing::Failed,
            }
        }));
    }
    rows
}

fn stage_row(stage: &StageState, shown: &StripStage) -> Candidate {
    let execution = shown.execution.as_ref().map_or("", ExecutionId::as_str);
    let status = shown.standing.label();
    Candidate {
        id: RowId::Stage(stage.name.clone()),
        keys: vec![
            SortKey::text(&stage.name),
            SortKey::text(status),
            SortKey::number(changed_at(stage).map_or(0, Timestamp::as_second)),
            SortKey::text(""),
            SortKey::text(execution),
            SortKey::text(""),
        ],
        text: format!("{} {status} {execution}", stage.name),
        fault: shown.standing == Standing::Failed,
    }
}

/// The executions of a pipeline, the newest first.
pub(super) fn executions(
    model: &Model,
    name: &Scoped<PipelineName>,
    needs: Needs,
) -> Vec<Candidate> {
    let Some(store) = model.store(name.context) else {
        return Vec::new();
    };
    let executions = store.pipeline_executions(&name.id).iter();
    executions
        .map(|execution| {
            let commit = commit_of(store, execution).unwrap_or_default();
            Candidate {
                id: RowId::Execution(name.context, name.id.clone(), execution.id.clone()),
                keys: needs.keys(|| execution_keys(execution, &commit, model.now)),
                text: needs.text(|| execution_text(execution, &commit)),
                fault: execution.status == ExecutionStatus::Failed,
            }
        })
        .collect()
}

fn execution_keys(execution: &PipelineExecution, commit: &Commit, now: Timestamp) -> Vec<SortKey> {
    vec![
        SortKey::text(execution.status.name()),
        SortKey::text(execution.id.as_str()),
        SortKey::text(commit.short().unwrap_or_default()),
        SortKey::text(commit.message.as_deref().unwrap_or_default()),
        SortKey::number(execution.started_at.map_or(0, Timestamp::as_second)),
        SortKey::number(execution_seconds(execution, now).unwrap_or(0)),
        SortKey::text(started_by(execution).unwrap_or_default()),
        SortKey::text(about(execution)),
    ]
}

fn execution_text(execution: &PipelineExecution, commit: &Commit) -> String {
    format!(
        "{} {} {} {} {} {} {}",
        execution.id,
        execution.status.name(),
        commit.revision.as_deref().unwrap_or_default(),
        commit.message.as_deref().unwrap_or_default(),
        commit.author.as_deref().unwrap_or_default(),
        started_by(execution).unwrap_or_default(),
        about(execution),
    )
}

/// What an execution brings.
pub fn commit_of(store: &Store, execution: &PipelineExecution) -> Option<Commit> {
    source::of_execution(&execution.sources, store.action_executions(&execution.id))
}

/// How long an execution has run, or ran, in seconds.
pub fn execution_seconds(execution: &PipelineExecution, now: Timestamp) -> Option<i64> {
    let end = if execution.status.is_over() {
        execution.updated_at?
    } else {
        now
    };
    let begin = execution.started_at?;
    Some((end.as_second() - begin.as_second()).max(0))
}

/// Who or what started an execution: a name where AWS tells one, else the kind of its trigger.
pub fn started_by(execution: &PipelineExecution) -> Option<String> {
    let trigger = execution.trigger.as_ref()?;
    let detail = trigger
        .detail
        .as_deref()
        .filter(|detail| !detail.is_empty());
    Some(match (trigger.kind.as_str(), detail) {
        ("StartPipelineExecution", Some(who)) => short_name(who).to_owned(),
        (kind, _) => spaced(kind),
    })
}

/// The end of an ARN, which names who or what it is; anything else as it is.
pub fn short_name(name: &str) -> &str {
    if !name.starts_with("arn:") {
        return name;
    }
    let resource = name.rsplit(':').next().unwrap_or(name);
    resource.split_once('/').map_or(resource, |(_, rest)| rest)
}

/// `PollForSourceChanges` as words.
fn spaced(kind: &str) -> String {
    let mut words = String::with_capacity(kind.len() + 4);
    for c in kind.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}

/// What is to be said about an execution: what it goes back to, why it was stopped.
pub fn about(execution: &PipelineExecution) -> String {
    let rollback = execution.rollback.then(|| {
        let target = execution.rollback_target.as_ref();
        target.map_or("rollback".to_owned(), |target| {
            format!("rollback to {}", target.short())
        })
    });
    let stopped = execution.stop_reason.clone();
    let summary = execution.status_summary.clone();
    let words: Vec<String> = rollback.into_iter().chain(stopped).chain(summary).collect();
    words.join(", ")
}

/// The runs of the actions of an execution, in the order in which they began.
pub(super) fn runs(
    model: &Model,
    pipeline: &Scoped<PipelineName>,
    execution: &ExecutionId,
) -> Vec<Candidate> {
    let Some(store) = model.store(pipeline.context) else {
        return Vec::new();
    };
    let runs = store.action_executions(execution).iter();
    runs.map(|run| {
        let says = says(run).unwrap_or_default();
        Candidate {
            id: RowId::ActionRun(run.id.clone()),
            keys: vec![
                SortKey::text(&run.action),
                SortKey::text(&run.stage),
                SortKey::text(run.status.name()),
                SortKey::number(run.started_at.map_or(0, Timestamp::as_second)),
                SortKey::number(run_seconds(run, model.now).unwrap_or(0)),
                SortKey::text(&says),
            ],
            text: format!("{} {} {} {says}", run.action, run.stage, run.status.name()),
            fault: run.status == ActionStatus::Failed,
        }
    })
    .collect()
}

/// How long an action has run, or ran, in seconds.
pub fn run_seconds(run: &ActionExecution, now: Timestamp) -> Option<i64> {
    let end = match run.status {
        ActionStatus::InProgress => now,
        _ => run.updated_at?,
    };
    let begin = run.started_at?;
    Some((end.as_second() - begin.as_second()).max(0))
}

/// What a run says of itself: its error before all else.
pub fn says(run: &ActionExecution) -> Option<String> {
    let error = run.error.as_ref();
    let told = error.and_then(|error| match (&error.code, &error.message) {
        (Some(code), Some(message)) => Some(format!("{code}: {message}")),
        (code, message) => code.clone().or_else(|| message.clone()),
    });
    told.or_else(|| run.summary.clone())
}
