//! What AWS tells of releases that shift traffic: stages, hooks, and what the load balancer does.

use aws_sdk_ecs::types::{
    DeploymentLifecycleHookDetail, DeploymentLifecycleHookStatus, ServiceDeployment,
    ServiceRevision,
};
use aws_sdk_elasticloadbalancingv2::types::{Action, TargetGroupTuple};

use super::Simulator;

/// The service of all named scenarios with one service.
const SERVICE: (&str, &str) = ("demo", "web");

/// Which listener rule of a service.
#[derive(Copy, Clone)]
pub enum Rule {
    Production,
    Test,
}

impl Simulator {
    /// The newest release of the service.
    pub fn release(&self) -> ServiceDeployment {
        let (cluster, service) = SERVICE;
        let asked = self.ecs.list_service_deployments();
        let asked = asked.cluster(cluster).service(service).send();
        let listed = self.runtime.block_on(asked).unwrap();
        let brief = listed.service_deployments.unwrap_or_default();
        let newest = brief.iter().max_by_key(|one| one.created_at).unwrap();
        let arn = newest.service_deployment_arn().unwrap();
        let asked = self.ecs.describe_service_deployments();
        let asked = asked.service_deployment_arns(arn).send();
        let answer = self.runtime.block_on(asked).unwrap();
        answer.service_deployments.unwrap().remove(0)
    }

    /// The lifecycle stage of the newest release, as ECS names it.
    pub fn stage(&self) -> String {
        let stage = self.release().lifecycle_stage;
        stage.map_or_else(String::new, |stage| stage.as_str().to_owned())
    }

    /// The status of the newest release.
    pub fn status(&self) -> String {
        self.release().status.unwrap().as_str().to_owned()
    }

    /// The hook of the newest release that waits for somebody, if one does.
    pub fn waiting_hook(&self) -> Option<DeploymentLifecycleHookDetail> {
        let hooks = self.release().lifecycle_hook_details.unwrap_or_default();
        let waits = Some(DeploymentLifecycleHookStatus::AwaitingAction);
        hooks.into_iter().find(|hook| hook.status == waits)
    }

    /// Somebody else lets the release go on that waits at a pause.
    pub fn answer_pause(&self) {
        let hook = self.waiting_hook().unwrap().hook_id;
        let asked = self.ecs.continue_service_deployment();
        let asked = asked.set_service_deployment_arn(self.release().service_deployment_arn);
        let asked = asked.set_hook_id(hook);
        let action = aws_sdk_ecs::types::DeploymentLifecycleHookAction::Continue;
        self.runtime.block_on(asked.action(action).send()).unwrap();
    }

    /// What percentage of a rule's traffic the load balancer really sends to a task definition,
    /// such as `web:9`. The scenarios shift whole percents.
    pub fn percent(&self, rule: Rule, definition: &str) -> i32 {
        let revisions = self.revisions();
        let named = |one: &&ServiceRevision| {
            let arn = one.task_definition().unwrap_or_default();
            arn.ends_with(&format!("/{definition}"))
        };
        let revision = revisions.iter().find(named);
        let Some(revision) = revision else {
            panic!("{definition} is on no side of the newest release");
        };
        let resolved = revision.resolved_configuration().unwrap();
        let group = resolved.load_balancers()[0].target_group_arn();
        let (cluster, service) = SERVICE;
        let told = self.service(cluster, service);
        let rules = told.load_balancers()[0].advanced_configuration().unwrap();
        let rule = match rule {
            Rule::Production => rules.production_listener_rule(),
            Rule::Test => rules.test_listener_rule(),
        };
        self.share(rule.unwrap(), group.unwrap())
    }

    /// The service revisions on the two sides of the newest release.
    fn revisions(&self) -> Vec<ServiceRevision> {
        let release = self.release();
        let sources = release.source_service_revisions.unwrap_or_default();
        let sides = sources.into_iter().chain(release.target_service_revision);
        let arns = sides.filter_map(|side| side.arn).collect();
        let asked = self.ecs.describe_service_revisions();
        let asked = asked.set_service_revision_arns(Some(arns)).send();
        let answer = self.runtime.block_on(asked).unwrap();
        answer.service_revisions.unwrap()
    }

    /// The share of a target group in a listener rule, in percent.
    fn share(&self, rule: &str, group: &str) -> i32 {
        let client = aws_sdk_elasticloadbalancingv2::Client::new(&self.aws);
        let asked = client.describe_rules().rule_arns(rule).send();
        let answer = self.runtime.block_on(asked).unwrap();
        let actions = answer.rules()[0].actions();
        let forward = actions.iter().find_map(Action::forward_config).unwrap();
        let groups = forward.target_groups();
        let weights = groups.iter().filter_map(TargetGroupTuple::weight);
        assert_eq!(weights.sum::<i32>(), 100);
        let own = groups
            .iter()
            .find(|one| one.target_group_arn() == Some(group));
        own.and_then(TargetGroupTuple::weight).unwrap_or(0)
    }
}
