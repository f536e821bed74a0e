//! What a key is about: the row under the cursor, or what the screen shows.

mod logs;
mod pipelines;

use super::model::Model;
use super::row::RowId;
use super::screen::{Screen, Subject};
use crate::domain::arn::{ClusterArn, ServiceArn, TaskArn, TaskDefinitionArn};
use crate::domain::codedeploy::GroupId;
use crate::domain::context::{ContextId, Scoped};
use crate::domain::inbox::GateId;
use crate::domain::logs::LogSource;
use crate::domain::pipeline::{ApprovalId, ExecutionId, PipelineName};
use crate::domain::release::{Release, ReleaseId};
pub use logs::{selected_source, stopped_task};

/// The things under the cursor. A task knows its service, a service its cluster, as far as they were
/// read.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Selection {
    /// The context.
    pub context: ContextId,
    /// The cluster.
    pub cluster: Option<ClusterArn>,
    /// The service.
    pub service: Option<ServiceArn>,
    /// The release.
    pub release: Option<ReleaseId>,
    /// The task.
    pub task: Option<TaskArn>,
    /// The container of the task, by its name.
    pub container: Option<String>,
    /// The family of task definitions.
    pub family: Option<String>,
    /// The revision of a task definition.
    pub task_definition: Option<TaskDefinitionArn>,
    /// The deployment of CodeDeploy, by its id.
    pub code_deployment: Option<String>,
    /// The pipeline.
    pub pipeline: Option<PipelineName>,
    /// The stage of the pipeline.
    pub stage: Option<String>,
    /// The action of the stage.
    pub action: Option<String>,
    /// The execution of the pipeline.
    pub execution: Option<ExecutionId>,
    /// The approval that waits.
    pub approval: Option<ApprovalId>,
    /// The run of an action, by its id, where one is chosen.
    pub run: Option<String>,
    /// The ARN of the log stream that the action writes to.
    pub log_stream: Option<String>,
    /// Where what is selected can be looked at.
    pub link: Option<String>,
}

impl Selection {
    /// What the copy key copies: the ARN of the most particular thing. A deployment of CodeDeploy
    /// has none, only an id; of pipelines it is the execution's id, or the name.
    pub fn arn(&self) -> Option<String> {
        if self.code_deployment.is_some() {
            return self.code_deployment.clone();
        }
        let pipeline = self.pipeline.as_ref().map(|name| name.as_str().to_owned());
        let execution = self.execution.as_ref().map(|id| id.as_str().to_owned());
        if pipeline.is_some() {
            return execution.or(pipeline);
        }
        let task = self.task.as_ref().map(|arn| arn.as_str().to_owned());
        let definition = self
            .task_definition
            .as_ref()
            .map(|arn| arn.as_str().to_owned());
        let release = self
            .release
            .as_ref()
            .map(|id| id.0.clone())
            .filter(|id| id.starts_with("arn:"));
        let service = self.service.as_ref().map(|arn| arn.as_str().to_owned());
        let cluster = self.cluster.as_ref().map(|arn| arn.as_str().to_owned());
        task.or(definition).or(release).or(service).or(cluster)
    }
}

/// What a key would be about now.
pub fn selection(model: &Model) -> Selection {
    let page = model.navigation.current();
    let mut found = of_screen(model, &page.screen);
    if let Some(row) = page.list.selected() {
        of_row(model, row, &mut found);
    }
    complete(model, found)
}

fn of_screen(model: &Model, screen: &Screen) -> Selection {
    let mut found = Selection {
        context: model.main_context(),
        ..Selection::default()
    };
    match screen {
        Screen::Release { service, release } => {
            found.context = service.context;
            found.service = Some(service.id.clone());
            found.release.clone_from(release);
        }
        Screen::Services(Some(cluster)) | Screen::Describe(Subject::Cluster(cluster)) => {
            found.context = cluster.context;
            found.cluster = Some(cluster.id.clone());
        }
        Screen::Tasks {
            cluster, service, ..
        } => {
            found.context = cluster.context;
            found.cluster = Some(cluster.id.clone());
            found.service.clone_from(service);
        }
        Screen::Task { cluster, task } | Screen::Describe(Subject::Task(cluster, task)) => {
            found.context = cluster.context;
            found.cluster = Some(cluster.id.clone());
            found.task = Some(task.clone());
        }
        Screen::Revisions { family, service } => {
            found.context = family.context;
            found.family = Some(family.id.clone());
            if let Some((cluster, service)) = service {
                found.cluster = Some(cluster.clone());
                found.service = Some(service.clone());
            }
        }
        Screen::History(service) | Screen::Describe(Subject::Service(service)) => {
            found.context = service.context;
            found.service = Some(service.id.clone());
        }
        Screen::Describe(Subject::TaskDefinition(definition)) => {
            found.context = definition.context;
            found.task_definition = Some(definition.id.clone());
        }
        Screen::Groups(application) => found.context = application.context,
        Screen::Deployments(group) => {
            found.context = group.context;
            of_group(model, &group.id, &mut found);
        }
        Screen::Deployment(deployment) => {
            found.context = deployment.context;
            of_deployment(model, &deployment.id, &mut found);
        }
        Screen::Pipeline(pipeline) | Screen::Executions(pipeline) => {
            found.context = pipeline.context;
            found.pipeline = Some(pipeline.id.clone());
        }
        Screen::Execution {
            pipeline,
            execution,
        } => {
            found.context = pipeline.context;
            found.pipeline = Some(pipeline.id.clone());
            found.execution = Some(execution.clone());
        }
        Screen::Gate(approval) => {
            found.context = approval.context;
            pipelines::of_approval(&approval.id, &mut found);
            found.link = pipelines::link_of(model, &found);
        }
        Screen::Logs(source) => {
            found.context = source.context;
            match &source.id {
                LogSource::Release { release, .. } => found.release = Some(release.clone()),
                LogSource::Revision { definition, .. } => {
                    found.task_definition = Some(definition.clone());
                }
                LogSource::Container { container, .. } => {
                    found.container = Some(container.clone());
                }
                LogSource::Service { .. } | LogSource::Task { .. } | LogSource::Stream { .. } => {}
            }
            found.cluster = source.id.cluster().cloned();
            found.service = source.id.service().cloned();
            found.task = source.id.task().cloned();
        }
        _ => {}
    }
    found
}

fn of_row(model: &Model, row: &RowId, found: &mut Selection) {
    match row {
        RowId::Release(context, service, release)
        | RowId::Gate(
            context,
            GateId::Release {
                service, release, ..
            },
        ) => {
            found.context = *context;
            found.service = Some(service.clone());
            found.release = Some(release.clone());
        }
        RowId::Cluster(context, cluster) => {
            found.context = *context;
            found.cluster = Some(cluster.clone());
        }
        RowId::Service(context, service) => {
            found.context = *context;
            found.service = Some(service.clone());
        }
        RowId::Task(context, cluster, task) => {
            found.context = *context;
            found.cluster = Some(cluster.clone());
            found.task = Some(task.clone());
        }
        RowId::Family(context, family) => {
            found.context = *context;
            found.family = Some(family.clone());
        }
        RowId::Revision(context, definition) => {
            found.context = *context;
            found.task_definition = Some(definition.clone());
        }
        RowId::Application(context, _) => found.context = *context,
        RowId::Group(context, group) => {
            found.context = *context;
            of_group(model, group, found);
        }
        RowId::CodeDeployment(context, id) => {
            found.context = *context;
            of_deployment(model, id, found);
        }
        RowId::Gate(context, GateId::Approval(approval)) => {
            found.context = *context;
            pipelines::of_approval(approval, found);
        }
        RowId::Pipeline(context, name) => {
            found.context = *context;
            pipelines::of_pipeline(model, name, found);
        }
        RowId::Execution(context, name, execution) => {
            found.context = *context;
            found.pipeline = Some(name.clone());
            found.execution = Some(execution.clone());
        }
        RowId::Stage(stage) => pipelines::of_stage(model, stage, None, found),
        RowId::StageAction(stage, action) => {
            pipelines::of_stage(model, stage, Some(action), found);
        }
        RowId::ActionRun(run) => pipelines::of_run(model, run, found),
        RowId::Container(name) => found.container = Some(name.clone()),
        RowId::LifecycleEvent(_) | RowId::Error(_) | RowId::Action(_) => {}
    }
}

/// The service that a deployment group moves, where both were read.
fn of_group(model: &Model, id: &GroupId, found: &mut Selection) {
    let Some(store) = model.store(found.context) else {
        return;
    };
    let groups = store.applications.get(&id.application);
    let group = groups.and_then(|groups| groups.iter().find(|group| group.id == *id));
    let Some((cluster, service)) =
        group.and_then(|group| Some((group.cluster.as_ref()?, group.service.as_ref()?)))
    else {
        return;
    };
    let mut clusters = store.clusters.keys();
    let cluster = clusters.find(|arn| arn.name() == cluster);
    if let Some(cluster) = cluster {
        found.service = store.service_named(cluster, service).cloned();
        found.cluster = Some(cluster.clone());
    }
}

/// The service that a deployment moves, its release, and the task definition that it brings.
fn of_deployment(model: &Model, id: &str, found: &mut Selection) {
    found.code_deployment = Some(id.to_owned());
    let Some(store) = model.store(found.context) else {
        return;
    };
    let mut of = store.code_deployments_of.iter();
    match of.find(|(_, ids)| ids.iter().any(|known| known == id)) {
        Some((service, _)) => found.service = Some(service.clone()),
        None => {
            if let Some(deployment) = store.code_deployment(id) {
                of_group(model, &deployment.group, found);
            }
        }
    }
    let releases = found
        .service
        .as_ref()
        .and_then(|service| store.releases.get(service));
    let release = releases.into_iter().flatten().find(|release| {
        let named = release.codedeploy.as_ref();
        named.is_some_and(|named| named.deployment == id)
    });
    found.release = release.map(|release| release.id.clone());
}

/// Fills in what follows from what is known: a task's service, a service's cluster.
fn complete(model: &Model, mut found: Selection) -> Selection {
    let Some(store) = model.store(found.context) else {
        return found;
    };
    if let (None, Some(task), Some(cluster)) = (&found.service, &found.task, &found.cluster) {
        let name = store
            .task(task)
            .and_then(|task| task.group.as_deref())
            .and_then(|group| group.strip_prefix("service:"));
        found.service = name
            .and_then(|name| store.service_named(cluster, name))
            .cloned();
    }
    if let (None, Some(service)) = (&found.cluster, &found.service) {
        found.cluster = store.cluster_of.get(service).cloned();
    }
    found
}

/// The revisions screen for a selection; from a service it knows what to deploy on.
pub fn revisions_screen(model: &Model, selected: &Selection) -> Option<Screen> {
    let store = model.store(selected.context)?;
    let service = selected
        .service
        .as_ref()
        .and_then(|service| store.service(service));
    let task = selected.task.as_ref().and_then(|task| store.task(task));
    let family = selected
        .family
        .clone()
        .or_else(|| {
            selected
                .task_definition
                .as_ref()
                .map(|arn| arn.family().to_owned())
        })
        .or_else(|| task.map(|task| task.task_definition.family().to_owned()))
        .or_else(|| service.map(|service| service.task_definition.family().to_owned()))?;
    Some(Screen::Revisions {
        family: Scoped::new(selected.context, family),
        service: service.map(|service| (service.cluster.clone(), service.arn.clone())),
    })
}

/// Whether what is selected is production: its account, its cluster, or where an approval lets an
/// execution into.
pub fn is_production(model: &Model, selected: &Selection) -> bool {
    let own = selected.cluster.as_ref().map(ClusterArn::name);
    let approved = pipelines::approved_clusters(model, selected);
    let mut clusters = own.into_iter().chain(approved);
    model.is_production(selected.context, None)
        || clusters.any(|cluster| model.is_production(selected.context, Some(cluster)))
}

/// The release that the selection names: the chosen one, or the service's newest.
pub fn selected_release<'a>(model: &'a Model, selection: &Selection) -> Option<&'a Release> {
    let releases = model
        .store(selection.context)?
        .releases
        .get(selection.service.as_ref()?)?;
    match &selection.release {
        Some(id) => releases.iter().find(|release| release.id == *id),
        None => releases.first(),
    }
}
