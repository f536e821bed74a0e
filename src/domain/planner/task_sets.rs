//! Services that somebody outside moves: ECS marks one of their task sets as primary, and no more.

use super::{Draft, what_runs};
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::call::Call;
use crate::domain::plan::{Check, Goal, Refusal};
use crate::domain::service::{Service, TaskSet};

/// The newest task set, which a cutover makes primary.
pub(super) fn newer(service: &Service) -> Result<&TaskSet, Refusal> {
    match &by_age(service)[..] {
        [] => Err(Refusal::new(format!("{} has no task set", service.name()))),
        [newest, ..] if newest.status == "PRIMARY" => {
            Err(Refusal::new("the newest task set is primary already"))
        }
        [newest, ..] => Ok(newest),
    }
}

/// The task set that a rollback makes primary: the earlier one, or the one that runs the chosen
/// revision.
pub fn earlier_task_set<'a>(
    service: &'a Service,
    chosen: Option<&TaskDefinitionArn>,
) -> Result<&'a TaskSet, Refusal> {
    let sets = by_age(service);
    if let Some(chosen) = chosen {
        return match sets.iter().find(|set| set.task_definition == *chosen) {
            Some(set) if set.status == "PRIMARY" => Err(Refusal::new(format!(
                "the primary task set runs {} already",
                chosen.family_revision()
            ))),
            Some(set) => Ok(set),
            None => Err(Refusal::new(format!(
                "no task set of {} runs {}, and ECS makes none by itself",
                service.name(),
                chosen.family_revision()
            ))
            .instead("make one with the tool that owns its task sets")),
        };
    }
    match &sets[..] {
        [newest, earlier, ..] if newest.status == "PRIMARY" => Ok(earlier),
        [_, _, ..] => Err(Refusal::new(
            "the earlier task set is primary already: nothing has moved",
        )),
        _ => Err(Refusal::new("there is no earlier task set to go back to")
            .instead("make one with the tool that owns its task sets")),
    }
}

/// ECS has no call that deploys on such a service.
pub(super) fn no_deploy() -> Refusal {
    Refusal::new(
        "an external controller moves this service through task sets: ECS has no call that deploys \
         on it",
    )
    .instead("use the tool that owns its task sets")
}

/// The task sets that are not on their way out, the newest first.
fn by_age(service: &Service) -> Vec<&TaskSet> {
    let staying = service
        .task_sets
        .iter()
        .filter(|set| set.status != "DRAINING");
    let mut sets: Vec<&TaskSet> = staying.collect();
    sets.sort_by_key(|set| std::cmp::Reverse(set.created_at));
    sets
}

pub(super) fn make_primary(service: &Service, set: &TaskSet) -> Draft {
    let name = set.task_definition.family_revision();
    let up = format!("{} of {} tasks of {name} run", set.running, set.desired);
    Draft {
        how: "ECS UpdateServicePrimaryTaskSet".into(),
        what: what_runs(service),
        to: Some(format!("task set {}, {name}", set.id)),
        then: vec![
            "the settings of that task set become the service's".into(),
            "ECS moves no traffic for an external controller: the load balancer's rules stay as \
             their owner set them"
                .into(),
        ],
        checks: vec![if set.running >= set.desired && set.desired > 0 {
            Check::good(up)
        } else {
            Check::warning(up)
        }],
        call: Call::UpdatePrimaryTaskSet {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            task_set: set.id.clone(),
        },
        goal: Goal::PrimaryTaskSet {
            cluster: service.cluster.clone(),
            service: service.arn.clone(),
            task_set: set.id.clone(),
        },
    }
}
