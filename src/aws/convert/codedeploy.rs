//! CodeDeploy deployments, their targets, their configurations and their groups.

use aws_sdk_codedeploy::types::{
    AlarmConfiguration, AppSpecContent, AutoRollbackConfiguration, AutoRollbackEvent,
    BlueGreenDeploymentConfiguration, BlueInstanceTerminationOption, DeploymentConfigInfo,
    DeploymentCreator, DeploymentGroupInfo, DeploymentInfo, DeploymentReadyAction,
    DeploymentReadyOption, DeploymentStatus as SdkStatus, DeploymentTarget as SdkTarget, EcsTarget,
    EcsTaskSet, ErrorCode, InstanceAction, LastDeploymentInfo, LifecycleEvent as SdkEvent,
    LifecycleEventStatus, RevisionLocation, RollbackInfo, TargetGroupInfo, TargetGroupPairInfo,
    TargetLabel, TargetStatus, TrafficRoute, TrafficRoutingConfig, TrafficRoutingType,
};

use super::app_spec::task_definition;
use super::{collect, count, text, text_or_empty, time};
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::codedeploy::{
    CodeDeployStatus, CodeDeployment, DeployedTaskSet, DeploymentGroup, DeploymentTarget,
    GroupDeployment, GroupId, LifecycleEvent, ReadyWait, TerminationWait, TrafficRouting,
};
use crate::domain::text::printable;

/// Converts a deployment; `None` without its id. The target and the routing of its configuration
/// are other calls.
pub(in crate::aws) fn deployment(source: &DeploymentInfo) -> Option<CodeDeployment> {
    let rollback = source.rollback_info();
    let settings = source.blue_green_deployment_configuration();
    let pairs = source
        .load_balancer_info()
        .map_or(&[][..], |balancers| balancers.target_group_pair_info_list());
    Some(CodeDeployment {
        id: printable(source.deployment_id()?),
        group: GroupId {
            application: text_or_empty(source.application_name()),
            group: text_or_empty(source.deployment_group_name()),
        },
        status: status(source.status()),
        configuration: text(source.deployment_config_name()),
        routing: None,
        created_at: time(source.create_time()),
        started_at: time(source.start_time()),
        finished_at: time(source.complete_time()),
        creator: text(source.creator().map(DeploymentCreator::as_str)),
        description: text(source.description()),
        error: source.error_information().map(|error| {
            let code = text_or_empty(error.code().map(ErrorCode::as_str));
            (code, text_or_empty(error.message()))
        }),
        rolled_back_by: rollback.and_then(|info| text(info.rollback_deployment_id())),
        rolls_back: rollback.and_then(|info| text(info.rollback_triggering_deployment_id())),
        rollback_message: rollback
            .and_then(RollbackInfo::rollback_message)
            .and_then(|message| text(Some(message))),
        rolls_back_on_failure: rolls_back_on(
            source.auto_rollback_configuration(),
            &AutoRollbackEvent::DeploymentFailure,
        ),
        rolls_back_on_alarm: rolls_back_on(
            source.auto_rollback_configuration(),
            &AutoRollbackEvent::DeploymentStopOnAlarm,
        ),
        ready: ready(settings),
        termination: termination(settings),
        termination_wait_started: source.instance_termination_wait_time_started(),
        alarms: alarms(source.override_alarm_configuration()),
        task_definition: source.revision().and_then(revision_task_definition),
        production_listeners: listeners(pairs, TargetGroupPairInfo::prod_traffic_route),
        test_listeners: listeners(pairs, TargetGroupPairInfo::test_traffic_route),
        target: None,
    })
}

fn status(source: Option<&SdkStatus>) -> CodeDeployStatus {
    use CodeDeployStatus as Status;
    match source.map(SdkStatus::as_str).unwrap_or_default() {
        "Created" => Status::Created,
        "Queued" => Status::Queued,
        "InProgress" => Status::InProgress,
        "Baking" => Status::Baking,
        "Ready" => Status::Ready,
        "Succeeded" => Status::Succeeded,
        "Failed" => Status::Failed,
        "Stopped" => Status::Stopped,
        other => Status::Unknown(printable(other)),
    }
}

fn rolls_back_on(source: Option<&AutoRollbackConfiguration>, event: &AutoRollbackEvent) -> bool {
    source.is_some_and(|rules| rules.enabled() && rules.events().contains(event))
}

/// The wait before the traffic moves; `None` where what follows it is not known.
fn ready(settings: Option<&BlueGreenDeploymentConfiguration>) -> Option<ReadyWait> {
    let option = settings?.deployment_ready_option()?;
    let continues = match ready_action(option)? {
        "CONTINUE_DEPLOYMENT" => true,
        "STOP_DEPLOYMENT" => false,
        _ => return None,
    };
    Some(ReadyWait {
        continues,
        minutes: count(option.wait_time_in_minutes()),
    })
}

fn ready_action(option: &DeploymentReadyOption) -> Option<&str> {
    option
        .action_on_timeout()
        .map(DeploymentReadyAction::as_str)
}

fn termination(settings: Option<&BlueGreenDeploymentConfiguration>) -> Option<TerminationWait> {
    let option = settings?.terminate_blue_instances_on_deployment_success()?;
    let terminates = match termination_action(option)? {
        "TERMINATE" => true,
        "KEEP_ALIVE" => false,
        _ => return None,
    };
    Some(TerminationWait {
        terminates,
        minutes: count(option.termination_wait_time_in_minutes()),
    })
}

fn termination_action(option: &BlueInstanceTerminationOption) -> Option<&str> {
    option.action().map(InstanceAction::as_str)
}

/// The alarms that stop a deployment; none where they are off.
fn alarms(source: Option<&AlarmConfiguration>) -> Vec<String> {
    source
        .filter(|configuration| configuration.enabled())
        .map_or(&[][..], AlarmConfiguration::alarms)
        .iter()
        .filter_map(|alarm| text(alarm.name()))
        .collect()
}

/// The SHA-256 of the AppSpec of a deployment: its content is another call.
pub(in crate::aws) fn app_spec_hash(source: &DeploymentInfo) -> Option<String> {
    let content = source.revision()?.app_spec_content()?;
    content.sha256().map(str::to_owned)
}

/// The task definition that a revision of an application brings.
pub(in crate::aws) fn revision_task_definition(
    source: &RevisionLocation,
) -> Option<TaskDefinitionArn> {
    app_spec(source).and_then(task_definition)
}

/// The text of an AppSpec that came with the deployment, in either of the two forms.
fn app_spec(revision: &RevisionLocation) -> Option<&str> {
    let content = revision
        .app_spec_content()
        .and_then(AppSpecContent::content);
    content.or_else(|| revision.string().and_then(|raw| raw.content()))
}

fn listeners(
    pairs: &[TargetGroupPairInfo],
    route: impl Fn(&TargetGroupPairInfo) -> Option<&TrafficRoute>,
) -> Vec<String> {
    pairs
        .iter()
        .filter_map(route)
        .flat_map(TrafficRoute::listener_arns)
        .map(|arn| printable(arn))
        .collect()
}

/// Converts the target of a deployment; `None` where it is no service of ECS.
pub(in crate::aws) fn target(source: &SdkTarget) -> Option<DeploymentTarget> {
    let source = source.ecs_target()?;
    Some(DeploymentTarget {
        id: text_or_empty(source.target_id()),
        status: text_or_empty(source.status().map(TargetStatus::as_str)),
        events: collect(source.lifecycle_events(), event),
        task_sets: task_sets(source),
    })
}

fn event(source: &SdkEvent) -> Option<LifecycleEvent> {
    let diagnostics = source.diagnostics();
    Some(LifecycleEvent {
        name: text(source.lifecycle_event_name())?,
        status: text_or_empty(source.status().map(LifecycleEventStatus::as_str)),
        started_at: time(source.start_time()),
        finished_at: time(source.end_time()),
        diagnostics: diagnostics.and_then(|why| text(why.message()).or(text(why.log_tail()))),
    })
}

/// CodeDeploy labels the two sides; without labels the one that is not PRIMARY is the new one.
fn task_sets(target: &EcsTarget) -> Vec<DeployedTaskSet> {
    target.task_sets_info().iter().map(task_set).collect()
}

fn task_set(source: &EcsTaskSet) -> DeployedTaskSet {
    let green = match source.task_set_label().map(TargetLabel::as_str) {
        Some(label) => label == "Green",
        None => source.status() != Some("PRIMARY"),
    };
    DeployedTaskSet {
        green,
        id: text(source.identifer()),
        status: text(source.status()),
        desired: tasks(source.desired_count()),
        pending: tasks(source.pending_count()),
        running: tasks(source.running_count()),
        traffic_percent: Some(source.traffic_weight()),
        target_group: text(source.target_group().and_then(TargetGroupInfo::name)),
    }
}

fn tasks(value: i64) -> u32 {
    u32::try_from(value.max(0)).unwrap_or(u32::MAX)
}

/// How a deployment configuration moves the traffic; `None` where it does not say.
pub(in crate::aws) fn routing(source: &DeploymentConfigInfo) -> Option<TrafficRouting> {
    let routing = source.traffic_routing_config()?;
    let kind = routing.r#type().map(TrafficRoutingType::as_str)?;
    match kind {
        "AllAtOnce" => Some(TrafficRouting::AllAtOnce),
        "TimeBasedCanary" => canary(routing),
        "TimeBasedLinear" => linear(routing),
        other => Some(TrafficRouting::Unknown(printable(other))),
    }
}

fn canary(source: &TrafficRoutingConfig) -> Option<TrafficRouting> {
    let canary = source.time_based_canary()?;
    Some(TrafficRouting::Canary {
        percent: count(canary.canary_percentage()),
        minutes: count(canary.canary_interval()),
    })
}

fn linear(source: &TrafficRoutingConfig) -> Option<TrafficRouting> {
    let linear = source.time_based_linear()?;
    Some(TrafficRouting::Linear {
        percent: count(linear.linear_percentage()),
        minutes: count(linear.linear_interval()),
    })
}

/// Converts a deployment group; `None` without its name.
pub(in crate::aws) fn group(
    source: &DeploymentGroupInfo,
    application: &str,
) -> Option<DeploymentGroup> {
    let settings = source.blue_green_deployment_configuration();
    let service = source.ecs_services().first();
    let rules = source.auto_rollback_configuration();
    Some(DeploymentGroup {
        id: GroupId {
            application: application.to_owned(),
            group: text(source.deployment_group_name())?,
        },
        cluster: service.and_then(|service| text(service.cluster_name())),
        service: service.and_then(|service| text(service.service_name())),
        configuration: text(source.deployment_config_name()),
        last_attempted: source
            .last_attempted_deployment()
            .and_then(group_deployment),
        last_successful: source
            .last_successful_deployment()
            .and_then(group_deployment),
        ready: ready(settings),
        termination: termination(settings),
        rolls_back_on_failure: rolls_back_on(rules, &AutoRollbackEvent::DeploymentFailure),
        rolls_back_on_alarm: rolls_back_on(rules, &AutoRollbackEvent::DeploymentStopOnAlarm),
        alarms: alarms(source.alarm_configuration()),
    })
}

fn group_deployment(source: &LastDeploymentInfo) -> Option<GroupDeployment> {
    Some(GroupDeployment {
        id: text(source.deployment_id())?,
        status: status(source.status()),
        created_at: time(source.create_time()),
        finished_at: time(source.end_time()),
    })
}

#[cfg(test)]
mod tests;
