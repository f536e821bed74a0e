//! What the other services of AWS tell: deployments of CodeDeploy, rules of listeners, alarms.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::types::StateValue;
use aws_sdk_codedeploy::types::{DeploymentInfo, DeploymentWaitType};
use aws_sdk_ecs::types::TaskSet;
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, FixedResponseActionConfig, Rule,
};

use super::Simulator;

impl Simulator {
    /// All deployments of CodeDeploy, the newest first.
    pub fn deployments(&self) -> Vec<DeploymentInfo> {
        let client = aws_sdk_codedeploy::Client::new(&self.aws);
        let listed = self.runtime.block_on(client.list_deployments().send());
        let ids = listed.unwrap().deployments.unwrap_or_default();
        let asked = client.batch_get_deployments().set_deployment_ids(Some(ids));
        let answer = self.runtime.block_on(asked.send()).unwrap();
        let mut found = answer.deployments_info.unwrap_or_default();
        found.sort_by_key(|one| std::cmp::Reverse(one.create_time));
        found
    }

    /// The statuses of the deployments, the newest first.
    pub fn deployment_statuses(&self) -> Vec<String> {
        let told = self.deployments().into_iter();
        told.map(|one| one.status.unwrap().as_str().to_owned())
            .collect()
    }

    /// The statuses of the lifecycle events of a deployment, in their order.
    pub fn lifecycle_events(&self, deployment: &str) -> Vec<(String, String)> {
        let client = aws_sdk_codedeploy::Client::new(&self.aws);
        let listed = client.list_deployment_targets().deployment_id(deployment);
        let ids = self.runtime.block_on(listed.send()).unwrap().target_ids;
        let asked = client
            .batch_get_deployment_targets()
            .deployment_id(deployment)
            .set_target_ids(ids);
        let answer = self.runtime.block_on(asked.send()).unwrap();
        let target = answer.deployment_targets.unwrap().remove(0).ecs_target;
        let events = target.unwrap().lifecycle_events.unwrap_or_default();
        let told = events.into_iter().map(|event| {
            let status = event.status.unwrap().as_str().to_owned();
            (event.lifecycle_event_name.unwrap(), status)
        });
        told.collect()
    }

    /// The task sets of a service, the newest first.
    pub fn task_sets(&self, cluster: &str, service: &str) -> Vec<TaskSet> {
        let told = self.service(cluster, service).task_sets;
        let mut sets = told.unwrap_or_default();
        sets.sort_by_key(|set| std::cmp::Reverse(set.created_at));
        sets
    }

    /// The weight of each target group, by its ARN, in the rules of the listener on this port.
    pub fn weights(&self, port: i32) -> BTreeMap<String, i32> {
        let rules = self.rules(port).into_iter();
        let actions = rules.flat_map(|rule| rule.actions.unwrap());
        let forwards = actions.filter_map(|action| action.forward_config);
        forwards
            .flat_map(|forward| forward.target_groups.unwrap())
            .map(|group| (group.target_group_arn.unwrap(), group.weight.unwrap_or(1)))
            .collect()
    }

    /// The rules of the listener on this port.
    fn rules(&self, port: i32) -> Vec<Rule> {
        let client = aws_sdk_elasticloadbalancingv2::Client::new(&self.aws);
        let balancers = self
            .runtime
            .block_on(client.describe_load_balancers().send());
        let balancers = balancers.unwrap().load_balancers.unwrap();
        let asked = client
            .describe_listeners()
            .set_load_balancer_arn(balancers[0].load_balancer_arn.clone());
        let listeners = self.runtime.block_on(asked.send()).unwrap().listeners;
        let listener = listeners.unwrap().into_iter();
        let mut listener = listener.filter(|one| one.port == Some(port));
        let asked = client
            .describe_rules()
            .set_listener_arn(listener.next().unwrap().listener_arn);
        self.runtime.block_on(asked.send()).unwrap().rules.unwrap()
    }

    /// Somebody else reroutes the traffic of the newest deployment, which is Ready.
    pub fn reroute(&self) {
        let client = aws_sdk_codedeploy::Client::new(&self.aws);
        let asked = client
            .continue_deployment()
            .set_deployment_id(self.deployments()[0].deployment_id.clone())
            .deployment_wait_type(DeploymentWaitType::ReadyWait);
        self.runtime.block_on(asked.send()).unwrap();
    }

    /// Somebody takes both target groups out of the rules of the listener on this port.
    pub fn unroute(&self, port: i32) {
        let client = aws_sdk_elasticloadbalancingv2::Client::new(&self.aws);
        let answer = FixedResponseActionConfig::builder()
            .status_code("503")
            .build();
        let action = Action::builder()
            .r#type(ActionTypeEnum::FixedResponse)
            .fixed_response_config(answer)
            .build();
        for rule in self.rules(port) {
            if rule.is_default == Some(true) {
                continue;
            }
            let asked = client.modify_rule().set_rule_arn(rule.rule_arn);
            let asked = asked.actions(action.clone()).send();
            self.runtime.block_on(asked).unwrap();
        }
    }

    /// Lets an alarm fire.
    pub fn fire_alarm(&self, name: &str) {
        let client = aws_sdk_cloudwatch::Client::new(&self.aws);
        let asked = client
            .set_alarm_state()
            .alarm_name(name)
            .state_value(StateValue::Alarm)
            .state_reason("set by the test");
        self.runtime.block_on(asked.send()).unwrap();
    }
}
