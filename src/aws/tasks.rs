//! Tasks: listed by the page, described a hundred at a time.

use std::collections::HashMap;

use aws_sdk_ecs::types::DesiredStatus as SdkDesiredStatus;

use super::Aws;
use super::answer::DesiredStatus;
use super::budget::Group;
use super::call::{Operation, Pages};
use super::convert::collect;
use super::convert::task::task;
use crate::domain::arn::{ClusterArn, ServiceArn, TaskArn};
use crate::domain::failure::Failure;
use crate::domain::task::Task;

const LIST_TASKS: Operation = Operation::new("ecs:ListTasks", Group::TaskReads);
const DESCRIBE_TASKS: Operation = Operation::new("ecs:DescribeTasks", Group::TaskReads);

/// AWS's limit of `ListTasks`, which is also that of `DescribeTasks`.
const PAGE: i32 = 100;
const BATCH: usize = 100;

impl Aws {
    /// The tasks of a cluster, or of one service of it. A stopped task never changes, so each is
    /// described once.
    pub async fn tasks(
        &self,
        cluster: &ClusterArn,
        service: Option<&ServiceArn>,
        desired: DesiredStatus,
    ) -> Result<Vec<Task>, Failure> {
        let arns = self.task_arns(cluster, service, desired).await?;
        self.describe_tasks(cluster, &arns).await
    }

    /// One task; `None` when AWS does not know it (any more).
    pub async fn task(
        &self,
        cluster: &ClusterArn,
        task: &TaskArn,
    ) -> Result<Option<Task>, Failure> {
        let found = self
            .describe_tasks(cluster, std::slice::from_ref(task))
            .await?;
        Ok(found.into_iter().next())
    }

    async fn task_arns(
        &self,
        cluster: &ClusterArn,
        service: Option<&ServiceArn>,
        desired: DesiredStatus,
    ) -> Result<Vec<TaskArn>, Failure> {
        let desired = match desired {
            DesiredStatus::Running => SdkDesiredStatus::Running,
            DesiredStatus::Stopped => SdkDesiredStatus::Stopped,
        };
        let mut arns = Vec::new();
        let mut pages = Pages::of(LIST_TASKS);
        loop {
            let token = pages.token();
            let answer = self
                .call(LIST_TASKS, |clients| {
                    let request = clients.ecs.list_tasks().cluster(cluster.as_str());
                    let service = service.map(|service| service.name().to_owned());
                    let request = request.set_service_name(service).max_results(PAGE);
                    let request = request.desired_status(desired.clone());
                    request.set_next_token(token).send()
                })
                .await?;
            arns.extend(answer.task_arns().iter().map(TaskArn::new));
            if !pages.more(answer.next_token)? {
                return Ok(arns);
            }
        }
    }

    /// The tasks in the order asked for; one that AWS does not know any more is left out.
    async fn describe_tasks(
        &self,
        cluster: &ClusterArn,
        arns: &[TaskArn],
    ) -> Result<Vec<Task>, Failure> {
        let mut found: HashMap<TaskArn, Task> = HashMap::new();
        let mut wanted = Vec::new();
        for arn in arns {
            match self.caches().stopped_tasks.get(arn) {
                Some(task) => {
                    found.insert(arn.clone(), task.clone());
                }
                None => wanted.push(arn.to_string()),
            }
        }
        for batch in wanted.chunks(BATCH) {
            let answer = self
                .call(DESCRIBE_TASKS, |clients| {
                    let request = clients.ecs.describe_tasks().cluster(cluster.as_str());
                    request.set_tasks(Some(batch.to_vec())).send()
                })
                .await?;
            for task in collect(answer.tasks(), |item| task(item, cluster)) {
                if task.is_stopped() {
                    let mut caches = self.caches();
                    caches.stopped_tasks.insert(task.arn.clone(), task.clone());
                }
                found.insert(task.arn.clone(), task);
            }
        }
        Ok(arns.iter().filter_map(|arn| found.remove(arn)).collect())
    }
}
