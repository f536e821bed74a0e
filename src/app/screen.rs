//! The screens, and how one gets from one to another.

use super::list::ListState;
use super::logs::LogsState;
use super::row::RowId;
use crate::domain::arn::{ClusterArn, ServiceArn, TaskArn, TaskDefinitionArn};
use crate::domain::codedeploy::GroupId;
use crate::domain::context::Scoped;
use crate::domain::logs::LogSource;
use crate::domain::pipeline::{ApprovalId, ExecutionId, PipelineName};
use crate::domain::release::ReleaseId;

/// A screen and what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// All releases, in flight first.
    Releases,
    /// One release of a service.
    Release {
        /// The service.
        service: Scoped<ServiceArn>,
        /// The release; `None` for whatever is newest, so that the screen follows it.
        release: Option<ReleaseId>,
    },
    /// All clusters.
    Clusters,
    /// The services of a cluster, or of all.
    Services(Option<Scoped<ClusterArn>>),
    /// Tasks of a service, or of a whole cluster.
    Tasks {
        /// The cluster.
        cluster: Scoped<ClusterArn>,
        /// The service.
        service: Option<ServiceArn>,
        /// Whether the stopped ones are shown instead.
        stopped: bool,
    },
    /// One task with its containers.
    Task {
        /// The cluster.
        cluster: Scoped<ClusterArn>,
        /// The task.
        task: TaskArn,
    },
    /// All families of task definitions.
    TaskDefinitions,
    /// The revisions of a family.
    Revisions {
        /// The family.
        family: Scoped<String>,
        /// The service that a revision can be deployed on, when one came here from it.
        service: Option<(ClusterArn, ServiceArn)>,
    },
    /// A service's releases.
    History(Scoped<ServiceArn>),
    /// All applications of CodeDeploy.
    Applications,
    /// The deployment groups of an application.
    Groups(Scoped<String>),
    /// The deployments of a deployment group.
    Deployments(Scoped<GroupId>),
    /// One deployment of CodeDeploy, by its id, with its lifecycle events.
    Deployment(Scoped<String>),
    /// All pipelines of CodePipeline.
    Pipelines,
    /// One pipeline with its stages and actions.
    Pipeline(Scoped<PipelineName>),
    /// The executions of a pipeline.
    Executions(Scoped<PipelineName>),
    /// One execution of a pipeline, with the runs of its actions.
    Execution {
        /// The pipeline.
        pipeline: Scoped<PipelineName>,
        /// The execution.
        execution: ExecutionId,
    },
    /// Everything that waits for a person.
    Gates,
    /// One approval that waits, and what it would let through.
    Gate(Scoped<ApprovalId>),
    /// Log lines.
    Logs(Scoped<LogSource>),
    /// Everything about one thing.
    Describe(Subject),
    /// The program's own log.
    ProgramLog,
    /// What failed, and when.
    Errors,
    /// What was done from here.
    Actions,
    /// The keys.
    Help,
}

/// What a describe screen is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A cluster.
    Cluster(Scoped<ClusterArn>),
    /// A service with its deployments and events.
    Service(Scoped<ServiceArn>),
    /// A task.
    Task(Scoped<ClusterArn>, TaskArn),
    /// A revision of a task definition.
    TaskDefinition(Scoped<TaskDefinitionArn>),
}

impl Screen {
    /// The word that `:` takes and the title shows.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Releases => "releases",
            Self::Release { .. } => "release",
            Self::Clusters => "clusters",
            Self::Services(_) => "services",
            Self::Tasks { .. } => "tasks",
            Self::Task { .. } => "task",
            Self::TaskDefinitions => "taskdefs",
            Self::Revisions { .. } => "revisions",
            Self::History(_) => "history",
            Self::Applications => "codedeploy",
            Self::Groups(_) => "groups",
            Self::Deployments(_) => "deployments",
            Self::Deployment(_) => "deployment",
            Self::Pipelines => "pipelines",
            Self::Pipeline(_) => "pipeline",
            Self::Executions(_) => "executions",
            Self::Execution { .. } => "execution",
            Self::Gates => "gates",
            Self::Gate(_) => "gate",
            Self::Logs(_) => "logs",
            Self::Describe(_) => "describe",
            Self::ProgramLog => "log",
            Self::Errors => "errors",
            Self::Actions => "actions",
            Self::Help => "help",
        }
    }
}

/// A screen with its own state, as it lies on the stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The screen.
    pub screen: Screen,
    /// The list, where the screen has one.
    pub list: ListState<RowId>,
    /// Whether only what is wrong is listed.
    pub faults_only: bool,
    /// Lines scrolled, on a screen of text.
    pub scroll: usize,
    /// The log view's state, on the logs screen.
    pub logs: Option<LogsState>,
}

impl Page {
    /// A screen as it opens.
    pub fn new(screen: Screen) -> Self {
        let logs = matches!(screen, Screen::Logs(_)).then(LogsState::default);
        Self {
            screen,
            list: ListState::default(),
            faults_only: false,
            scroll: 0,
            logs,
        }
    }
}

/// Where one is and how one got there. The bottom of the stack is home.
#[derive(Clone, Debug, PartialEq)]
pub struct Navigation {
    stack: Vec<Page>,
    current: Page,
    previous: Option<Page>,
}

impl Navigation {
    /// Starts at home.
    pub fn new(home: Screen) -> Self {
        Self {
            stack: Vec::new(),
            current: Page::new(home),
            previous: None,
        }
    }

    /// The page in front.
    pub fn current(&self) -> &Page {
        &self.current
    }

    /// The page in front, to change.
    pub fn current_mut(&mut self) -> &mut Page {
        &mut self.current
    }

    /// The page of a screen, in front or on the way back.
    pub fn page_of(&self, screen: &Screen) -> Option<&Page> {
        std::iter::once(&self.current)
            .chain(self.stack.iter().rev())
            .find(|page| page.screen == *screen)
    }

    /// The page of a screen, in front or on the way back, to change.
    pub fn page_of_mut(&mut self, screen: &Screen) -> Option<&mut Page> {
        std::iter::once(&mut self.current)
            .chain(self.stack.iter_mut().rev())
            .find(|page| page.screen == *screen)
    }

    /// The names from home to here.
    pub fn trail(&self) -> impl Iterator<Item = &Screen> {
        self.stack
            .iter()
            .map(|page| &page.screen)
            .chain(std::iter::once(&self.current.screen))
    }

    /// Opens a screen on top. The screen that is in front already stays as it is.
    pub fn open(&mut self, screen: Screen) {
        if self.current.screen == screen {
            return;
        }
        let old = std::mem::replace(&mut self.current, Page::new(screen));
        self.previous = Some(old.clone());
        self.stack.push(old);
    }

    /// Opens a screen by its name: the way back leads home.
    pub fn jump(&mut self, screen: Screen, home: &Screen) {
        if self.current.screen == screen {
            return;
        }
        let bottom = if self.stack.is_empty() {
            self.current.clone()
        } else {
            self.stack.swap_remove(0)
        };
        self.stack.clear();
        // Home keeps its filter, its order and its cursor.
        let home = if bottom.screen == *home {
            bottom
        } else {
            Page::new(home.clone())
        };
        if screen == home.screen {
            self.previous = Some(std::mem::replace(&mut self.current, home));
        } else {
            self.previous = Some(std::mem::replace(&mut self.current, Page::new(screen)));
            self.stack.push(home);
        }
    }

    /// Goes back; `false` at home.
    pub fn back(&mut self) -> bool {
        match self.stack.pop() {
            Some(page) => {
                self.previous = Some(std::mem::replace(&mut self.current, page));
                true
            }
            None => false,
        }
    }

    /// Returns to the page that was in front before this one.
    pub fn last(&mut self) -> bool {
        match self.previous.take() {
            Some(page) => {
                let below = self.stack.iter().position(|at| at.screen == page.screen);
                let old = std::mem::replace(&mut self.current, page);
                match below {
                    Some(place) => self.stack.truncate(place),
                    // From home the way back leads home.
                    None if self.stack.is_empty() => self.stack.push(old.clone()),
                    None => {}
                }
                self.previous = Some(old);
                true
            }
            None => false,
        }
    }
}
