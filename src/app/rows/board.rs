//! Rows of releases: the board and a service's history.

use jiff::Timestamp;

use super::{Candidate, Needs, SortKey};
use crate::app::interest::RECENT_SECONDS;
use crate::app::model::Model;
use crate::app::row::RowId;
use crate::app::store::Store;
use crate::app::summary::{FAILING, is_failing, is_fault, stands, timer_word};
use crate::domain::arn::ServiceArn;
use crate::domain::context::{ContextId, Scoped};
use crate::domain::release::{Release, ReleaseStatus, board_order, finished_order, is_attention};

pub(super) const RELEASE_COLUMNS: &[&str] = &[
    "status", "service", "cluster", "strategy", "stage", "tasks", "age",
];
pub(super) const HISTORY_COLUMNS: &[&str] = &[
    "status",
    "task definition",
    "strategy",
    "started",
    "took",
    "by",
    "reason",
];

/// Releases in flight, failed ones that still stand, and those that ended within a day: the worst on
/// top.
pub(super) fn releases(model: &Model, needs: Needs) -> Vec<Candidate> {
    let mut rows: Vec<(ContextId, &Release, bool)> = Vec::new();
    for store in &model.contexts {
        for (service, releases) in &store.releases {
            let hidden = !model.preferences.shows_service(service)
                || store
                    .cluster_of
                    .get(service)
                    .is_some_and(|c| !model.preferences.shows_cluster(c));
            if hidden {
                continue;
            }
            let shown = releases
                .iter()
                .enumerate()
                .filter(|(place, release)| on_board(release, *place == 0, model.now))
                .filter(|(_, release)| outcome_is_known(store, release));
            rows.extend(shown.map(|(place, release)| (store.context.id, release, place == 0)));
        }
    }
    rows.sort_by(|(_, a, a_newest), (_, b, b_newest)| {
        let (a_stands, b_stands) = (stands(a, *a_newest), stands(b, *b_newest));
        b_stands.cmp(&a_stands).then_with(|| {
            if a_stands {
                board_order(a, b)
            } else {
                finished_order(a, b)
            }
        })
    });
    rows.into_iter()
        .map(|(context, release, newest)| release_row(context, release, newest, model.now, needs))
        .collect()
}

fn on_board(release: &Release, newest: bool, now: Timestamp) -> bool {
    if !release.status.is_over() {
        return newest;
    }
    let recent = release
        .finished_at
        .is_some_and(|at| now.as_second() - at.as_second() < RECENT_SECONDS);
    recent || (newest && is_attention(release))
}

/// Whether a success is one. `DescribeServices` says COMPLETED of a rollback, too: where ECS keeps
/// a record of the release, only the record tells, and until it is read nothing is claimed.
fn outcome_is_known(store: &Store, release: &Release) -> bool {
    let Some(record) = &release.record else {
        return true;
    };
    let records = store.records_of(&release.service);
    release.status != ReleaseStatus::Succeeded || records.iter().any(|read| read.arn == *record)
}

fn release_row(
    context: ContextId,
    release: &Release,
    newest: bool,
    now: Timestamp,
    needs: Needs,
) -> Candidate {
    let stage = || {
        let stage = release.stage.as_ref();
        stage
            .map(crate::domain::release::Stage::label)
            .unwrap_or_default()
    };
    let running = release.new.as_ref().and_then(|side| side.running);
    Candidate {
        id: RowId::Release(context, release.service.clone(), release.id.clone()),
        keys: needs.keys(|| {
            vec![
                SortKey::text(release.status.label()),
                SortKey::text(release.service.name()),
                SortKey::text(release.cluster.name()),
                SortKey::text(release.mechanism.label()),
                SortKey::text(stage()),
                SortKey::number(running.unwrap_or(0)),
                SortKey::number(release.duration_seconds(now).unwrap_or(0)),
            ]
        }),
        text: needs.text(|| {
            format!(
                "{} {} {} {} {} {} {} {} {} {}",
                release.status.label(),
                timer_word(release).unwrap_or_default(),
                if is_failing(release) { FAILING } else { "" },
                release.service.name(),
                release.cluster.name(),
                release.mechanism.label(),
                stage(),
                definition(release),
                release.started_by.as_deref().unwrap_or_default(),
                release.reason.as_deref().unwrap_or_default(),
            )
        }),
        fault: is_fault(release, newest),
    }
}

fn definition(release: &Release) -> &str {
    release
        .new
        .as_ref()
        .and_then(|side| side.task_definition.as_ref())
        .map_or("", |definition| definition.family_revision())
}

/// Every release of one service that ECS still knows, the newest first.
pub(super) fn history(model: &Model, service: &Scoped<ServiceArn>, needs: Needs) -> Vec<Candidate> {
    let Some(store) = model.store(service.context) else {
        return Vec::new();
    };
    let releases = store
        .releases
        .get(&service.id)
        .map_or(&[][..], Vec::as_slice);
    releases
        .iter()
        .map(|release| {
            // Each release of the past is shown for what it was.
            let row = release_row(service.context, release, true, model.now, needs);
            let started = release.started_at.map_or(0, Timestamp::as_second);
            Candidate {
                keys: needs.keys(|| {
                    vec![
                        SortKey::text(release.status.label()),
                        SortKey::text(definition(release)),
                        SortKey::text(release.mechanism.label()),
                        SortKey::number(started),
                        SortKey::number(release.duration_seconds(model.now).unwrap_or(0)),
                        SortKey::text(release.started_by.clone().unwrap_or_default()),
                        SortKey::text(release.reason.clone().unwrap_or_default()),
                    ]
                }),
                ..row
            }
        })
        .collect()
}
