//! The board as data: the contract of `cutover status -o json` (docs/status.md).

use jiff::Timestamp;
use serde::Serialize;

use super::approvals;
use super::unread::{self, ErrorReport};
use crate::app::model::Model;
use crate::app::row::RowId;
use crate::app::store::Store;
use crate::domain::breaker::Breaker;
use crate::domain::release::{Gate, GateKind, Release, Side, Stage};

/// The whole answer. What is not known is null, never left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// When it was read.
    pub as_of: Timestamp,
    /// The 12-digit account id.
    pub account: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// Releases, the worst first.
    pub releases: Vec<ReleaseReport>,
    /// What waits for a person.
    pub gates: Vec<WaitingReport>,
    /// What could not be read, and why.
    pub errors: Vec<ErrorReport>,
}

/// A release.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReleaseReport {
    /// The service deployment's ARN, or the deployment's id.
    pub id: String,
    /// rolling, `blue_green`, linear, canary, codedeploy, external; a mechanism that this version
    /// does not know by its own name, in lower case.
    pub mechanism: String,
    /// The cluster's name.
    pub cluster: String,
    /// The service's name.
    pub service: String,
    /// pending … `rollback_failed`; a status that this version does not know by its own name, in
    /// lower case.
    pub status: String,
    /// The stage, while it is in flight.
    pub stage: Option<String>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it is as it is.
    pub reason: Option<String>,
    /// Where it comes from.
    pub old: Option<SideReport>,
    /// Where it goes to.
    pub new: Option<SideReport>,
    /// The circuit breaker.
    pub breaker: Option<BreakerReport>,
    /// What it waits for a person at.
    pub gate: Option<GateReport>,
    /// When something happens by itself next.
    pub deadline: Option<Timestamp>,
}

/// A place where a release waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GateReport {
    /// `pause_hook`, `codedeploy_ready`, `pipeline_approval`.
    pub kind: String,
    /// The hook's id, the CodeDeploy deployment's, or the token of the approval.
    pub id: String,
    /// The stage that it holds.
    pub stage: Option<String>,
    /// When nobody has to be asked any more.
    pub expires_at: Option<Timestamp>,
    /// What happens then: continue, rollback, `stop_deployment`, fail; an action that this version does
    /// not know by its own name, in lower case.
    pub on_timeout: Option<String>,
}

/// A gate with what waits at it: a release, or an execution of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaitingReport {
    /// The release's id.
    pub release: Option<String>,
    /// The name of the cluster; for an approval, of the service that is deployed next.
    pub cluster: Option<String>,
    /// The name of the service; for an approval, of the one that is deployed next.
    pub service: Option<String>,
    /// The pipeline that waits.
    pub pipeline: Option<String>,
    /// Its execution.
    pub execution: Option<String>,
    /// The action that is the approval.
    pub action: Option<String>,
    /// What the approver is to know.
    pub text: Option<String>,
    /// Where the approver is to look.
    pub link: Option<String>,
    /// The gate.
    #[serde(flatten)]
    pub gate: GateReport,
}

/// One side of a release.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SideReport {
    /// `family:revision`.
    pub task_definition: Option<String>,
    /// Images; null where they were not read.
    pub images: Option<Vec<String>>,
    /// Tasks wanted.
    pub desired: Option<u32>,
    /// Tasks running.
    pub running: Option<u32>,
    /// Tasks pending.
    pub pending: Option<u32>,
    /// Tasks that failed to start.
    pub failed: Option<u32>,
    /// Share of production traffic asked for, in percent.
    pub production_percent: Option<f64>,
    /// Share of test traffic asked for, in percent.
    pub test_percent: Option<f64>,
}

/// The circuit breaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BreakerReport {
    /// Failed tasks so far.
    pub failures: u32,
    /// The number that trips it.
    pub threshold: u32,
}

impl Report {
    /// The board of a model, in the board's order.
    pub fn of(model: &Model) -> Self {
        let store = model.contexts.first();
        let identity = store.and_then(|store| store.identity.value());
        let releases = releases(model);
        Self {
            as_of: milliseconds(model.now),
            account: identity.map(|identity| identity.account.clone()),
            region: store.and_then(|store| store.context.region.clone()),
            gates: gates(model, &releases),
            releases,
            errors: unread::errors(model),
        }
    }
}

/// AWS tells times to the millisecond; more digits would only look exact.
pub(super) fn milliseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time)
}

/// The gates of the releases on the board and the approvals of pipelines: the one that expires
/// first comes first, those of which that is not known come last.
fn gates(model: &Model, releases: &[ReleaseReport]) -> Vec<WaitingReport> {
    let of_releases = releases.iter().filter_map(|release| {
        Some(WaitingReport {
            release: Some(release.id.clone()),
            cluster: Some(release.cluster.clone()),
            service: Some(release.service.clone()),
            pipeline: None,
            execution: None,
            action: None,
            text: None,
            link: None,
            gate: release.gate.clone()?,
        })
    });
    let mut gates: Vec<WaitingReport> = of_releases.chain(approvals::waiting(model)).collect();
    gates.sort_by_key(|waiting| (waiting.gate.expires_at.is_none(), waiting.gate.expires_at));
    gates
}

fn releases(model: &Model) -> Vec<ReleaseReport> {
    let rows = &model.navigation.current().list.rows;
    rows.iter()
        .filter_map(|row| match row {
            RowId::Release(context, service, id) => {
                let store = model.store(*context)?;
                let found = store.releases.get(service)?;
                let release = found.iter().find(|release| release.id == *id)?;
                Some(release_report(store, release))
            }
            _ => None,
        })
        .collect()
}

fn release_report(store: &Store, release: &Release) -> ReleaseReport {
    let cause = store
        .diagnoses
        .get(&release.service)
        .map(|found| found.headline.clone());
    let newest = store
        .newest_release(&release.service)
        .is_some_and(|newest| newest.id == release.id);
    ReleaseReport {
        id: release.id.0.clone(),
        mechanism: release.mechanism.key().to_lowercase(),
        cluster: release.cluster.name().to_owned(),
        service: release.service.name().to_owned(),
        status: release.status.key(),
        stage: release.stage.as_ref().map(Stage::key),
        started_at: release.started_at,
        finished_at: release.finished_at,
        reason: cause.filter(|_| newest).or_else(|| release.reason.clone()),
        old: release.old.as_ref().map(side),
        new: release.new.as_ref().map(side),
        breaker: release.breaker.map(breaker),
        gate: release.gate.as_ref().map(gate),
        deadline: release
            .deadline
            .as_ref()
            .map(|deadline| milliseconds(deadline.at)),
    }
}

fn side(side: &Side) -> SideReport {
    SideReport {
        task_definition: side
            .task_definition
            .as_ref()
            .map(|definition| definition.family_revision().to_owned()),
        images: (!side.images.is_empty()).then(|| side.images.clone()),
        desired: side.desired,
        running: side.running,
        pending: side.pending,
        failed: side.failed,
        production_percent: side.production_percent,
        test_percent: side.test_percent,
    }
}

fn gate(gate: &Gate) -> GateReport {
    let (id, stage) = match &gate.kind {
        GateKind::PauseHook { hook, stage } => (
            hook,
            stage.as_ref().map(|name| Stage::Lifecycle(name.clone())),
        ),
        GateKind::CodeDeployReady { deployment } => (deployment, None),
    };
    GateReport {
        kind: gate.kind.key().to_owned(),
        id: id.clone(),
        stage: stage.as_ref().map(Stage::key),
        expires_at: gate.expires_at,
        on_timeout: gate.timeout_key(),
    }
}

fn breaker(breaker: Breaker) -> BreakerReport {
    BreakerReport {
        failures: breaker.failures,
        threshold: breaker.threshold,
    }
}
