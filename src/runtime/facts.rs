//! Reads the facts that a plan is made from, afresh.

mod pipelines;
mod preflight;
mod sides;

use jiff::Timestamp;

use crate::aws::Aws;
use crate::config::settings::ProductionRules;
use crate::domain::facts::{Facts, Findings};
use crate::domain::failure::Failure;
use crate::domain::intent::{Intent, ServiceIntent, Wish};
use crate::domain::planner::target_of;

/// Reads everything that the wish depends on at one moment.
pub(super) async fn read(
    aws: &Aws,
    intent: &Intent,
    production: &ProductionRules,
    now: Timestamp,
) -> Result<Findings, Failure> {
    match intent {
        Intent::Service(intent) => {
            let facts = Box::pin(read_for_service(aws, intent, production, now)).await?;
            Ok(facts.into())
        }
        Intent::Pipeline(intent) => {
            let facts = Box::pin(pipelines::read(aws, intent, production)).await?;
            Ok(facts.into())
        }
    }
}

/// The service and the task have to be readable; what else cannot be read is told in the plan.
async fn read_for_service(
    aws: &Aws,
    intent: &ServiceIntent,
    production: &ProductionRules,
    now: Timestamp,
) -> Result<Facts, Failure> {
    let (identity, service, history, task) = tokio::join!(
        aws.identity(),
        Box::pin(read_service(aws, intent)),
        Box::pin(read_history(aws, intent)),
        read_task(aws, intent),
    );
    let identity = identity.ok();
    let is_production = production.is_production_cluster(intent.cluster.name())
        || identity
            .as_ref()
            .is_some_and(|identity| production.is_production_account(&identity.account, None));
    let mut facts = Facts {
        identity,
        region: aws.context().region.clone(),
        service: service?,
        history,
        task: task?,
        production: is_production,
        ..Facts::nothing()
    };
    Box::pin(sides::read(aws, &intent.wish, &mut facts, now)).await;
    if let Some(target) = target_of(&intent.wish, &facts) {
        facts.target = Some(aws.task_definition(target.as_str()).await);
    }
    Ok(facts)
}

/// The same for a plan that somebody will read: also what it is checked against without standing on
/// it.
pub(super) async fn read_for_plan(
    aws: &Aws,
    intent: &Intent,
    production: &ProductionRules,
    now: Timestamp,
) -> Result<Findings, Failure> {
    let mut findings = Box::pin(read(aws, intent, production, now)).await?;
    if let (Intent::Service(intent), Findings::Service(facts)) = (intent, &mut findings) {
        let preflight = preflight::read(aws, intent, facts, preflight::PATIENCE);
        facts.preflight = Box::pin(preflight).await;
    }
    Ok(findings)
}

async fn read_service(
    aws: &Aws,
    intent: &ServiceIntent,
) -> Result<Option<crate::domain::service::Service>, Failure> {
    let Some(arn) = &intent.service else {
        return Ok(None);
    };
    let found = aws
        .services(&intent.cluster, std::slice::from_ref(arn), |_| {})
        .await?;
    Ok(found.items.into_iter().next())
}

async fn read_history(
    aws: &Aws,
    intent: &ServiceIntent,
) -> Result<Vec<crate::domain::service_deployment::ServiceDeployment>, Failure> {
    match &intent.service {
        Some(service) => {
            let read = aws.service_deployments(&intent.cluster, service).await?;
            // Half of a record would be taken for a release without an earlier revision.
            read.unread.map_or(Ok(read.records), Err)
        }
        None => Ok(Vec::new()),
    }
}

async fn read_task(
    aws: &Aws,
    intent: &ServiceIntent,
) -> Result<Option<crate::domain::task::Task>, Failure> {
    match &intent.wish {
        Wish::StopTask { task } => aws.task(&intent.cluster, task).await,
        _ => Ok(None),
    }
}
