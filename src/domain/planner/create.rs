//! New CodeDeploy deployments: a revision that was chosen, an earlier one, or the same one again.

use super::checks::alarm_checks;
use super::codedeploy::{one_at_a_time, routing_sentence, termination_sentence};
use super::{Draft, readable_target, target_line, unreadable, what_runs};
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::call::{Call, DeploymentOrder};
use crate::domain::codedeploy::CodeDeployment;
use crate::domain::facts::Facts;
use crate::domain::plan::{Check, Goal, Refusal};
use crate::domain::service::Service;
use crate::domain::task_definition::TaskDefinition;

/// Plans a deployment of `wanted`. An INACTIVE revision is copied first.
pub(super) fn create(
    service: &Service,
    facts: &Facts,
    wanted: &TaskDefinitionArn,
    more: Vec<Check>,
) -> Result<Draft, Refusal> {
    let last = last_deployment(service, facts)?;
    if let Some(deployment) = facts.code_in_flight() {
        return Err(
            one_at_a_time(deployment).instead("wait for it, or roll it back or stop it first")
        );
    }
    let target = readable_target(facts, wanted)?;
    let order = order(service, last, target)?;
    let name = target.arn.family_revision();
    let how = if order.copy {
        "ECS RegisterTaskDefinition with a copy, then CodeDeploy CreateDeployment with the copy"
    } else {
        "CodeDeploy CreateDeployment with the task definition in its AppSpec"
    };
    let meaning = "CodeDeploy may stop a deployment that begins now";
    Ok(Draft {
        how: format!(
            "{how}, application {}, deployment group {}",
            last.group.application, last.group.group
        ),
        what: what_runs(service),
        to: Some(target_line(target)),
        then: what_follows(service, last, name),
        checks: std::iter::once(state_check(target))
            .chain(more)
            .chain([Check::good("no other deployment is in flight")])
            .chain(alarm_checks(facts, &last.alarms, meaning))
            .collect(),
        call: Call::CreateDeployment(order),
        goal: Goal::DeploymentSucceeds {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            deployment: None,
        },
    })
}

fn state_check(target: &TaskDefinition) -> Check {
    let name = target.arn.family_revision();
    if target.is_active() {
        Check::good(format!("{name} is ACTIVE"))
    } else {
        Check::warning(format!(
            "{name} is {}: a copy of it is registered first",
            target.status
        ))
    }
}

/// The newest deployment of the service, which tells its application and deployment group.
fn last_deployment<'a>(service: &Service, facts: &'a Facts) -> Result<&'a CodeDeployment, Refusal> {
    let read = facts.codedeploy.as_ref();
    let deployments = read.map_err(|failure| unreadable(service, failure))?;
    deployments
        .iter()
        .max_by_key(|deployment| deployment.created_at)
        .ok_or_else(|| {
            Refusal::new(format!(
                "no CodeDeploy deployment of {} is known, so neither is its deployment group",
                service.name()
            ))
            .instead("create the deployment in CodeDeploy")
        })
}

fn order(
    service: &Service,
    last: &CodeDeployment,
    target: &TaskDefinition,
) -> Result<DeploymentOrder, Refusal> {
    let primary = service.task_sets.iter().find(|set| set.status == "PRIMARY");
    let behind = primary.and_then(|set| set.container.clone());
    let Some((container, port)) = behind else {
        return Err(Refusal::new(format!(
            "the primary task set of {} names no container behind a load balancer, which the AppSpec \
             has to name",
            service.name()
        ))
        .instead("create the deployment in CodeDeploy"));
    };
    if !target.containers.iter().any(|one| one.name == container) {
        return Err(Refusal::new(format!(
            "{} has no container {container}, which the load balancer of {} sends requests to",
            target.arn.family_revision(),
            service.name()
        )));
    }
    Ok(DeploymentOrder {
        group: last.group.clone(),
        task_definition: target.arn.clone(),
        container,
        port,
        copy: !target.is_active(),
    })
}

/// The deployment group can have changed since its last deployment, which is all that was read.
fn what_follows(service: &Service, last: &CodeDeployment, name: &str) -> Vec<String> {
    let mut then = vec![format!(
        "a new task set with {} of {name} starts beside the one that runs",
        crate::domain::text::count(service.desired as usize, "task")
    )];
    if let Some(ready) = last.ready.as_ref().filter(|ready| ready.minutes > 0) {
        let end = if ready.continues {
            "goes on by itself"
        } else {
            "is stopped"
        };
        then.push(format!(
            "Ready, it waits up to {} min for somebody to cut over; then it {end}",
            ready.minutes
        ));
    }
    then.push(routing_sentence(last, name));
    then.push(termination_sentence(last));
    then.push(format!("all this as with {}, the last deployment", last.id));
    then
}
