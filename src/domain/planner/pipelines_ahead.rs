//! Pipelines that are about to deploy over what a plan brings: told, and with a way to hold them.

use crate::domain::facts::Facts;
use crate::domain::intent::{PipelineIntent, PipelineWish, ServiceIntent, Wish};
use crate::domain::pipeline::link::{Held, UpcomingDeploy};
use crate::domain::plan::Check;

/// Whether a pipeline that deploys afterwards would undo the wish.
fn is_undone(wish: &Wish) -> bool {
    matches!(wish, Wish::RollBack { .. } | Wish::Deploy { .. })
}

/// What is on its way in pipelines, a check each. Nothing where nothing is.
pub(super) fn checks(intent: &ServiceIntent, facts: &Facts) -> Vec<Check> {
    let upcoming = facts.preflight.upcoming.iter();
    let told = upcoming.filter(|_| is_undone(&intent.wish));
    told.map(check).collect()
}

fn check(one: &UpcomingDeploy) -> Check {
    let pipeline = &one.deploy.pipeline;
    let id = one.execution.short();
    let (stage, then) = (&one.stage, &one.deploy.stage);
    match &one.held {
        None if stage == then => Check::warning(format!(
            "pipeline {pipeline} deploys over this: execution {id} is in {then} already"
        )),
        None => Check::warning(format!(
            "pipeline {pipeline} deploys over this: execution {id} is in {stage}, {then} comes after"
        )),
        Some(Held::Approval(action)) => Check::warning(format!(
            "pipeline {pipeline} deploys over this once somebody approves {action}: execution {id}"
        )),
        Some(Held::Queue) => Check::warning(format!(
            "pipeline {pipeline} deploys over this: execution {id} waits for its turn in {stage}"
        )),
        Some(Held::Transition(reason)) => {
            let why = reason
                .as_deref()
                .map_or_else(String::new, |reason| format!(": {reason}"));
            Check::good(format!(
                "pipeline {pipeline} is held: the way into {stage} is off{why}; execution {id} waits"
            ))
        }
    }
}

/// Switching off the way into the stage that would deploy over the plan. Not where the execution is
/// in that stage already: the way into it holds nobody who is inside.
pub(super) fn first(intent: &ServiceIntent, facts: &Facts) -> Option<PipelineIntent> {
    let mut upcoming = facts.preflight.upcoming.iter();
    let one = upcoming.find(|one| is_undone(&intent.wish) && is_held_by_switching(one))?;
    Some(PipelineIntent {
        pipeline: one.deploy.pipeline.clone(),
        wish: PipelineWish::SetTransition {
            stage: one.deploy.stage.clone(),
            enabled: false,
            reason: reason(&intent.title()),
        },
    })
}

/// Why it is switched off, in the characters that `DisableStageTransition` takes (API reference,
/// `DisabledReason`): names of services and task definitions have others.
fn reason(title: &str) -> String {
    let words = format!("{title} - from cutover");
    let taken = |one: &char| one.is_ascii_alphanumeric() || "!@ ().*?-".contains(*one);
    words
        .chars()
        .map(|one| if taken(&one) { one } else { '-' })
        .collect()
}

fn is_held_by_switching(one: &UpcomingDeploy) -> bool {
    if one.deploy.place == 0 {
        return false;
    }
    match &one.held {
        Some(Held::Transition(_)) => false,
        Some(Held::Queue) => true,
        None | Some(Held::Approval(_)) => one.stage != one.deploy.stage,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::{deployment, facts, service, web, wish};
    use crate::domain::pipeline::link::DeployAction;
    use crate::domain::pipeline::{ExecutionId, PipelineName};
    use crate::domain::plan::Verdict;

    fn ahead(stage: &str, held: Option<Held>) -> Facts {
        let mut facts = facts(service(vec![deployment(2, 4)]), vec![]);
        facts.preflight.upcoming = vec![UpcomingDeploy {
            deploy: DeployAction {
                pipeline: PipelineName::new("shop"),
                place: 2,
                stage: "Prod".into(),
                action: "Deploy".into(),
                run_order: 1,
                before: Vec::new(),
            },
            execution: ExecutionId::new("12345678-90"),
            stage: stage.into(),
            held,
        }];
        facts
    }

    #[test]
    fn an_execution_on_its_way_is_told_and_can_be_held_first() {
        let back = wish(Wish::RollBack { to: None });
        let facts = ahead("Build", None);
        let told = checks(&back, &facts);
        assert_eq!(told[0].verdict, Verdict::Warning);
        assert!(told[0].text.contains("execution 12345678 is in Build"));
        let first = first(&back, &facts).unwrap();
        assert_eq!(first.pipeline.as_str(), "shop");
        assert_eq!(
            first.wish,
            PipelineWish::SetTransition {
                stage: "Prod".into(),
                enabled: false,
                reason: "Roll back web - from cutover".into(),
            }
        );
    }

    #[test]
    fn the_reason_has_only_characters_that_codepipeline_takes() {
        let told = reason("Deploy web_api:8, on web");
        assert_eq!(told, "Deploy web-api-8- on web - from cutover");
    }

    #[test]
    fn what_is_in_the_stage_already_cannot_be_held_and_what_is_held_need_not_be() {
        let back = wish(Wish::RollBack { to: None });
        assert_eq!(first(&back, &ahead("Prod", None)), None);
        let inside = Some(Held::Approval("Approve".into()));
        assert_eq!(first(&back, &ahead("Prod", inside)), None);
        let closed = ahead("Prod", Some(Held::Transition(Some("freeze".into()))));
        assert_eq!(first(&back, &closed), None);
        assert_eq!(checks(&back, &closed)[0].verdict, Verdict::Good);
        assert!(first(&back, &ahead("Prod", Some(Held::Queue))).is_some());
    }

    #[test]
    fn a_redeploy_of_what_runs_is_not_undone_by_a_pipeline() {
        let again = wish(Wish::ForceRedeploy);
        let facts = ahead("Build", None);
        assert_eq!(checks(&again, &facts), []);
        assert_eq!(first(&again, &facts), None);
        let to = wish(Wish::Deploy {
            task_definition: web(1),
        });
        assert_eq!(checks(&to, &facts).len(), 1);
    }
}
