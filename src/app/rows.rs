//! Which rows a list has, in which order, and what a row is filtered by.
//!
//! Every screen with a list has its columns here, so that sorting, filtering and drawing speak of
//! the same things. The views look up what a row shows by the row's identity.

mod board;
pub mod codedeploy;
mod definitions;
mod gates;
mod inventory;
mod journal;
pub mod pipelines;
#[cfg(test)]
mod tests;

use super::model::Model;
use super::row::RowId;
use super::screen::{Page, Screen};

/// The columns of a screen's list, as the titles show them; empty for screens without a list.
pub fn columns(screen: &Screen) -> &'static [&'static str] {
    match screen {
        Screen::Releases => board::RELEASE_COLUMNS,
        Screen::History(_) => board::HISTORY_COLUMNS,
        Screen::Clusters => inventory::CLUSTER_COLUMNS,
        Screen::Services(_) => inventory::SERVICE_COLUMNS,
        Screen::Tasks { .. } => inventory::TASK_COLUMNS,
        Screen::Task { .. } => inventory::CONTAINER_COLUMNS,
        Screen::TaskDefinitions => definitions::FAMILY_COLUMNS,
        Screen::Revisions { .. } => definitions::REVISION_COLUMNS,
        Screen::Applications => codedeploy::APPLICATION_COLUMNS,
        Screen::Groups(_) => codedeploy::GROUP_COLUMNS,
        Screen::Deployments(_) => codedeploy::DEPLOYMENT_COLUMNS,
        Screen::Deployment(_) => codedeploy::EVENT_COLUMNS,
        Screen::Gates => gates::COLUMNS,
        Screen::Pipelines => pipelines::PIPELINE_COLUMNS,
        Screen::Pipeline(_) => pipelines::STAGE_COLUMNS,
        Screen::Executions(_) => pipelines::EXECUTION_COLUMNS,
        Screen::Execution { .. } => pipelines::RUN_COLUMNS,
        Screen::Errors => journal::ERROR_COLUMNS,
        Screen::Actions => journal::ACTION_COLUMNS,
        _ => &[],
    }
}

/// A row with what it is ordered and filtered by.
struct Candidate {
    id: RowId,
    /// The sort key of each column, in the order of the columns. It may be empty where the page
    /// does not need it.
    keys: Vec<SortKey>,
    /// What the filter looks at. It may be empty where the page does not need it.
    text: String,
    /// Whether it is wrong in a way that somebody should look at.
    fault: bool,
}

/// What a page needs of its rows beyond their names and their own order. Keys and texts cost more
/// than everything else where there are thousands of rows, so that long lists make them on demand.
#[derive(Copy, Clone, Debug)]
struct Needs {
    keys: bool,
    text: bool,
}

impl Needs {
    fn of(page: &Page) -> Self {
        Self {
            keys: page.list.sort.column.is_some(),
            text: !page.list.filter.is_empty(),
        }
    }

    fn keys(self, make: impl FnOnce() -> Vec<SortKey>) -> Vec<SortKey> {
        if self.keys { make() } else { Vec::new() }
    }

    fn text(self, make: impl FnOnce() -> String) -> String {
        if self.text { make() } else { String::new() }
    }
}

/// What a column is ordered by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Number(i64),
    Text(String),
}

impl SortKey {
    fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into().to_lowercase())
    }

    fn number(number: impl Into<i64>) -> Self {
        Self::Number(number.into())
    }
}

/// Makes the rows of the page in front anew: its own order, then the filter, then the sort column.
pub fn refresh(model: &mut Model) {
    let page = model.navigation.current();
    let mut candidates = candidates(model, page);
    let total = candidates.len();
    if page.faults_only {
        candidates.retain(|candidate| candidate.fault);
    }
    page.list
        .filter
        .retain(&mut candidates, |candidate| candidate.text.clone());
    if let Some(column) = page.list.sort.column {
        candidates.sort_by(|a, b| a.keys.get(column).cmp(&b.keys.get(column)));
    }
    if page.list.sort.descending {
        candidates.reverse();
    }
    let rows = candidates
        .into_iter()
        .map(|candidate| candidate.id)
        .collect();
    model.navigation.current_mut().list.set_rows(rows, total);
}

fn candidates(model: &Model, page: &Page) -> Vec<Candidate> {
    let needs = Needs::of(page);
    match &page.screen {
        Screen::Releases => board::releases(model, needs),
        Screen::History(service) => board::history(model, service, needs),
        Screen::Clusters => inventory::clusters(model),
        Screen::Services(cluster) => inventory::services(model, cluster.as_ref(), needs),
        Screen::Tasks {
            cluster,
            service,
            stopped,
        } => inventory::tasks(model, cluster, service.as_ref(), *stopped, needs),
        Screen::Task { cluster, task } => inventory::containers(model, cluster.context, task),
        Screen::TaskDefinitions => definitions::families(model),
        Screen::Revisions { family, .. } => definitions::revisions(model, family),
        Screen::Applications => codedeploy::applications(model),
        Screen::Groups(application) => codedeploy::groups(model, application),
        Screen::Deployments(group) => codedeploy::deployments(model, group, needs),
        Screen::Deployment(deployment) => codedeploy::events(model, deployment),
        Screen::Gates => gates::gates(model, needs),
        Screen::Pipelines => pipelines::pipelines(model, needs),
        Screen::Pipeline(pipeline) => pipelines::stages(model, pipeline),
        Screen::Executions(pipeline) => pipelines::executions(model, pipeline, needs),
        Screen::Execution {
            pipeline,
            execution,
        } => pipelines::runs(model, pipeline, execution),
        Screen::Errors => journal::errors(model),
        Screen::Actions => journal::actions(model),
        _ => Vec::new(),
    }
}
