//! What moves the two sides of a release: CodeDeploy, load balancers, alarms. Only what the wish
//! depends on is asked.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::aws::Aws;
use crate::domain::alarm::Alarm;
use crate::domain::codedeploy::{CodeDeployment, GroupId};
use crate::domain::facts::Facts;
use crate::domain::failure::Failure;
use crate::domain::intent::Wish;
use crate::domain::service::{Controller, Service, Strategy};
use crate::domain::traffic::Traffic;

/// How far back a deployment is looked for: as long as ECS keeps its own records.
const HISTORY: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Adds to the facts what CodeDeploy, the load balancers and the alarms say.
pub(super) async fn read(aws: &Aws, wish: &Wish, facts: &mut Facts, now: Timestamp) {
    if matches!(wish, Wish::StopTask { .. } | Wish::SetDesiredCount { .. }) {
        return;
    }
    let service = facts
        .service
        .as_ref()
        .filter(|service| service.controller == Controller::CodeDeploy);
    if let Some(service) = service {
        facts.codedeploy = Box::pin(code_deployments(aws, service, now)).await;
    }
    if *wish == Wish::Stop {
        return;
    }
    let (traffic, alarms) =
        tokio::join!(Box::pin(traffic(aws, facts)), Box::pin(alarms(aws, facts)));
    facts.traffic = traffic;
    facts.alarms = alarms;
}

/// The deployments that the task sets name, with their targets, and the earlier ones of their group.
async fn code_deployments(
    aws: &Aws,
    service: &Service,
    now: Timestamp,
) -> Result<Vec<CodeDeployment>, Failure> {
    let sets = service.task_sets.iter();
    let ids: BTreeSet<String> = sets.filter_map(|set| set.external_id.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let mut known = match &ids[..] {
        [] => BTreeMap::new(),
        ids => by_id(aws.code_deployments(ids).await?.items),
    };
    let newest = known.values().max_by_key(|one| one.created_at);
    let group = match newest.map(|one| one.group.clone()) {
        Some(group) => group,
        None => match Box::pin(group_of(aws, service)).await? {
            Some(group) => group,
            None => return Ok(Vec::new()),
        },
    };
    let since = now.checked_sub(HISTORY).unwrap_or(Timestamp::UNIX_EPOCH);
    let earlier = aws.code_deployment_history(&group, since).await?;
    // One that began a moment ago has no task set yet that names it.
    let begun: Vec<String> = earlier
        .items
        .iter()
        .filter(|one| !one.status.is_over() && !known.contains_key(&one.id))
        .map(|one| one.id.clone())
        .collect();
    for one in earlier.items {
        known.entry(one.id.clone()).or_insert(one);
    }
    if !begun.is_empty() {
        known.extend(by_id(aws.code_deployments(&begun).await?.items));
    }
    Ok(known.into_values().collect())
}

/// The deployment group that names the service. The task set that ECS made with the service is no
/// deployment's, and the task sets of those that failed are gone.
async fn group_of(aws: &Aws, service: &Service) -> Result<Option<GroupId>, Failure> {
    for application in aws.applications().await? {
        let groups = aws.deployment_groups(&application).await?;
        if let Some(found) = groups.into_iter().find(|group| group.moves(service)) {
            return Ok(Some(found.id));
        }
    }
    Ok(None)
}

fn by_id(deployments: Vec<CodeDeployment>) -> BTreeMap<String, CodeDeployment> {
    deployments
        .into_iter()
        .map(|one| (one.id.clone(), one))
        .collect()
}

/// The weights of the route that ECS moves in the release in flight.
async fn traffic(aws: &Aws, facts: &Facts) -> Traffic {
    let shifts = facts
        .in_flight()
        .filter(|record| !matches!(record.strategy, None | Some(Strategy::Rolling)));
    let target = shifts.and_then(|record| record.target.as_ref());
    match target.and_then(|target| target.production_route.clone()) {
        Some(route) => aws.traffic(&[route], &[], &[]).await.traffic,
        None => Traffic::default(),
    }
}

/// The alarms that the releases of the service watch: those of the newest one.
fn alarm_names(facts: &Facts) -> Vec<String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let records = facts.history.as_deref().unwrap_or_default();
    if let Some(record) = records.iter().max_by_key(|record| record.created_at) {
        let watched = record.alarms.iter().flat_map(|alarms| &alarms.names);
        let configured = record.settings.iter().flat_map(|set| &set.alarms);
        names.extend(watched.chain(configured).cloned());
    }
    let deployments = facts.codedeploy.as_deref().unwrap_or_default();
    if let Some(newest) = deployments.iter().max_by_key(|one| one.created_at) {
        names.extend(newest.alarms.iter().cloned());
    }
    names.into_iter().collect()
}

async fn alarms(aws: &Aws, facts: &Facts) -> Result<BTreeMap<String, Alarm>, Failure> {
    let names = alarm_names(facts);
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = aws.alarms(&names).await?;
    let alarms = found.items.into_iter();
    Ok(alarms.map(|alarm| (alarm.name.clone(), alarm)).collect())
}
