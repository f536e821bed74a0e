//! Every word that CodePipeline has is known, and what is missing fails nothing.

use aws_sdk_codepipeline::operation::get_pipeline::GetPipelineOutput;
use aws_sdk_codepipeline::operation::get_pipeline_state::GetPipelineStateOutput;
use aws_sdk_codepipeline::types::{
    ActionCategory, ActionDeclaration, ActionExecution, ActionExecutionDetail,
    ActionExecutionInput, ActionExecutionOutput, ActionExecutionResult, ActionExecutionStatus,
    ActionOwner, ActionState, ActionTypeId, ConditionExecutionStatus, ConditionState,
    ExecutionMode as SdkExecutionMode, ExecutionTrigger, ExecutionType, FailureConditions,
    PipelineDeclaration, PipelineExecutionStatus, PipelineExecutionSummary, PipelineMetadata,
    PipelineRollbackMetadata, Result as OnFailure, RetryStageMetadata, RuleExecution,
    RuleExecutionStatus, RuleState, SourceRevision, StageConditionState, StageConditionsExecution,
    StageDeclaration, StageExecution, StageExecutionStatus, StageState, StopExecutionTrigger,
    TransitionState, TriggerType,
};
use aws_smithy_types::DateTime;

use super::*;
use crate::domain::pipeline::{
    ActionStatus, Category, ConditionStatus, ExecutionStatus, StageStatus,
};

fn kind(provider: &str) -> ActionTypeId {
    ActionTypeId::builder()
        .category(ActionCategory::Deploy)
        .owner(ActionOwner::Aws)
        .provider(provider)
        .version("1")
        .build()
        .unwrap()
}

fn in_stage(id: &str) -> StageExecution {
    StageExecution::builder()
        .pipeline_execution_id(id)
        .status(StageExecutionStatus::InProgress)
        .r#type(ExecutionType::Rollback)
        .build()
        .unwrap()
}

fn shop() -> PipelineName {
    PipelineName::new("shop")
}

#[test]
fn every_word_of_aws_is_known_and_a_new_one_keeps_its_name() {
    for word in PipelineExecutionStatus::values() {
        let known = ExecutionStatus::from_name(word);
        assert!(!matches!(known, ExecutionStatus::Unknown(_)), "{word}");
    }
    for word in StageExecutionStatus::values() {
        let known = StageStatus::from_name(word);
        assert!(!matches!(known, StageStatus::Unknown(_)), "{word}");
    }
    for word in ActionExecutionStatus::values() {
        let known = ActionStatus::from_name(word);
        assert!(!matches!(known, ActionStatus::Unknown(_)), "{word}");
    }
    let conditions = ConditionExecutionStatus::values();
    for word in conditions.iter().chain(RuleExecutionStatus::values()) {
        let known = ConditionStatus::from_name(word);
        assert!(!matches!(known, ConditionStatus::Unknown(_)), "{word}");
    }
    for word in ActionCategory::values() {
        let known = Category::from_name(word);
        assert!(!matches!(known, Category::Unknown(_)), "{word}");
    }
    for word in SdkExecutionMode::values() {
        let known = mode(Some(&SdkExecutionMode::from(*word))).unwrap();
        assert!(!matches!(known, ExecutionMode::Unknown(_)), "{word}");
    }
    let new = mode(Some(&SdkExecutionMode::from("ONE_BY_ONE")));
    assert_eq!(new, Some(ExecutionMode::Unknown("ONE_BY_ONE".into())));
}

#[test]
fn a_list_entry_needs_its_name_alone() {
    let entry = summary(&SdkSummary::builder().name("shop\u{7}").build()).unwrap();
    assert_eq!(entry.name, shop());
    assert_eq!((entry.version, entry.mode), (None, None));
    assert_eq!(summary(&SdkSummary::builder().build()), None);
}

#[test]
fn a_structure_tells_who_works_where() {
    let action = ActionDeclaration::builder()
        .name("Deploy")
        .action_type_id(kind("ECS"))
        .configuration("ClusterName", "pr\u{1b}[31mod")
        .role_arn("arn:aws:iam::123456789012:role/deploy")
        .region("eu-west-1")
        .timeout_in_minutes(20)
        .build()
        .unwrap();
    let stage = StageDeclaration::builder()
        .name("Production")
        .actions(action)
        .on_failure(
            FailureConditions::builder()
                .result(OnFailure::Rollback)
                .build(),
        )
        .build()
        .unwrap();
    let pipeline = PipelineDeclaration::builder()
        .name("shop")
        .role_arn("arn:aws:iam::999999999999:role/pipeline")
        .stages(stage)
        .version(4)
        .execution_mode(SdkExecutionMode::Parallel)
        .build()
        .unwrap();
    let metadata = PipelineMetadata::builder()
        .pipeline_arn("arn:aws:codepipeline:eu-west-1:999999999999:shop")
        .build();
    let output = GetPipelineOutput::builder()
        .pipeline(pipeline)
        .metadata(metadata)
        .build();
    let read = structure(&output).unwrap();
    assert_eq!(
        (read.version, read.mode),
        (Some(4), Some(ExecutionMode::Parallel))
    );
    assert_eq!(read.stages[0].on_failure.as_deref(), Some("ROLLBACK"));
    let action = &read.stages[0].actions[0];
    assert_eq!(action.category, Category::Deploy);
    assert_eq!(action.provider, "ECS");
    assert_eq!(action.run_order, 1);
    assert_eq!(action.configuration["ClusterName"], "prod");
    assert_eq!(action.account.as_deref(), Some("123456789012"));
    assert_eq!(action.region.as_deref(), Some("eu-west-1"));
    assert_eq!(action.timeout_minutes, Some(20));
    assert_eq!(structure(&GetPipelineOutput::builder().build()), None);
}

#[test]
fn an_action_without_a_kind_is_still_shown() {
    let action = ActionDeclaration::builder().name("What").build().unwrap();
    let stage = StageDeclaration::builder()
        .name("Production")
        .actions(action)
        .build()
        .unwrap();
    let pipeline = PipelineDeclaration::builder()
        .name("shop")
        .role_arn("")
        .stages(stage)
        .build()
        .unwrap();
    let output = GetPipelineOutput::builder().pipeline(pipeline).build();
    let read = structure(&output).unwrap();
    let action = &read.stages[0].actions[0];
    assert_eq!(action.category, Category::Unknown(String::new()));
    assert_eq!((action.provider.as_str(), action.target()), ("", None));
}

#[test]
fn a_state_tells_stages_actions_and_what_holds_them() {
    let run = ActionExecution::builder()
        .action_execution_id("a-1")
        .status(ActionExecutionStatus::InProgress)
        .last_status_change(DateTime::from_secs(100))
        .token("token")
        .percent_complete(140)
        .error_details(SdkError::builder().code("JobFailed").build())
        .log_stream_arn("arn:aws:logs:eu-west-1:1:log-group:g:log-stream:s")
        .build();
    let stage = StageState::builder()
        .stage_name("Production")
        .latest_execution(in_stage("e1"))
        .inbound_execution(in_stage("e2"))
        .inbound_transition_state(
            TransitionState::builder()
                .enabled(false)
                .disabled_reason("freeze")
                .last_changed_by("arn:aws:iam::1:user/ann")
                .build(),
        )
        .action_states(
            ActionState::builder()
                .action_name("Approve")
                .latest_execution(run)
                .build(),
        )
        .action_states(ActionState::builder().action_name("Deploy").build())
        .action_states(ActionState::builder().build())
        .retry_stage_metadata(
            RetryStageMetadata::builder()
                .auto_stage_retry_attempt(1)
                .manual_stage_retry_attempt(2)
                .build(),
        )
        .build();
    let output = GetPipelineStateOutput::builder()
        .pipeline_version(4)
        .stage_states(stage)
        .stage_states(StageState::builder().build())
        .build();
    let read = state(&shop(), &output);
    assert_eq!((read.version, read.stages.len()), (Some(4), 1));
    let stage = &read.stages[0];
    assert_eq!(stage.retries, 3);
    assert!(stage.latest.as_ref().unwrap().rollback);
    assert_eq!(stage.inbound[0].id.as_str(), "e2");
    let transition = stage.transition.as_ref().unwrap();
    assert_eq!(transition.reason.as_deref(), Some("freeze"));
    assert!(!transition.enabled);
    assert_eq!(stage.actions.len(), 2);
    let run = stage.actions[0].latest.as_ref().unwrap();
    assert_eq!(run.percent, Some(100));
    assert_eq!(run.token.as_deref(), Some("token"));
    let error = run.error.as_ref().unwrap();
    assert_eq!(error.code.as_deref(), Some("JobFailed"));
    assert_eq!(stage.actions[1].latest, None);
}

#[test]
fn all_that_wait_at_an_entry_are_told_once() {
    let stage = StageState::builder()
        .stage_name("Build")
        .inbound_execution(in_stage("e2"))
        .inbound_executions(in_stage("e2"))
        .inbound_executions(in_stage("e3"))
        .build();
    let output = GetPipelineStateOutput::builder()
        .stage_states(stage)
        .build();
    let read = state(&shop(), &output);
    let waiting: Vec<&str> = read.stages[0]
        .inbound
        .iter()
        .map(|one| one.id.as_str())
        .collect();
    assert_eq!(waiting, ["e2", "e3"]);
}

#[test]
fn conditions_come_with_all_their_rules() {
    let rule = |name: &str, status: RuleExecutionStatus| {
        let latest = RuleExecution::builder()
            .status(status)
            .summary("alarm fires")
            .build();
        RuleState::builder()
            .rule_name(name)
            .latest_execution(latest)
            .build()
    };
    let conditions = StageConditionState::builder()
        .latest_execution(
            StageConditionsExecution::builder()
                .status(ConditionExecutionStatus::Errored)
                .build(),
        )
        .condition_states(
            ConditionState::builder()
                .rule_states(rule("alarm", RuleExecutionStatus::Failed))
                .rule_states(RuleState::builder().rule_name("window").build())
                .build(),
        )
        .condition_states(
            ConditionState::builder()
                .rule_states(rule("check", RuleExecutionStatus::Succeeded))
                .build(),
        )
        .build();
    let stage = StageState::builder()
        .stage_name("Production")
        .before_entry_condition_state(conditions)
        .build();
    let output = GetPipelineStateOutput::builder()
        .stage_states(stage)
        .build();
    let read = state(&shop(), &output);
    let entry = read.stages[0].before_entry.as_ref().unwrap();
    assert_eq!(entry.status, Some(ConditionStatus::Errored));
    let rules: Vec<_> = entry
        .rules
        .iter()
        .map(|rule| (rule.name.as_str(), rule.status.clone()))
        .collect();
    assert_eq!(
        rules,
        [
            ("alarm", Some(ConditionStatus::Failed)),
            ("window", None),
            ("check", Some(ConditionStatus::Succeeded)),
        ]
    );
}

#[test]
fn an_execution_tells_what_it_brings_and_why() {
    let revision = SourceRevision::builder()
        .action_name("Source")
        .revision_id("9be0012")
        .revision_summary("Retry\ncaptures")
        .revision_url("https://example.com/9be0012")
        .build()
        .unwrap();
    let source = PipelineExecutionSummary::builder()
        .pipeline_execution_id("e1")
        .status(PipelineExecutionStatus::Superseded)
        .start_time(DateTime::from_secs(100))
        .source_revisions(revision)
        .trigger(
            ExecutionTrigger::builder()
                .trigger_type(TriggerType::ManualRollback)
                .trigger_detail("arn:aws:iam::1:user/ann")
                .build(),
        )
        .stop_trigger(StopExecutionTrigger::builder().reason("wrong").build())
        .execution_type(ExecutionType::Rollback)
        .rollback_metadata(
            PipelineRollbackMetadata::builder()
                .rollback_target_pipeline_execution_id("e0")
                .build(),
        )
        .build();
    let read = execution(&source).unwrap();
    assert_eq!(read.status, ExecutionStatus::Superseded);
    assert_eq!(read.sources[0].revision.as_deref(), Some("9be0012"));
    assert_eq!(read.trigger.unwrap().kind, "ManualRollback");
    assert_eq!(read.stop_reason.as_deref(), Some("wrong"));
    assert!(read.rollback);
    assert_eq!(read.rollback_target.unwrap().as_str(), "e0");
    let bare = PipelineExecutionSummary::builder().pipeline_execution_id("e1");
    let bare = execution(&bare.build()).unwrap();
    assert_eq!(bare.status, ExecutionStatus::Unknown(String::new()));
    assert_eq!(
        execution(&PipelineExecutionSummary::builder().build()),
        None
    );
}

fn detail() -> aws_sdk_codepipeline::types::builders::ActionExecutionDetailBuilder {
    ActionExecutionDetail::builder()
        .pipeline_execution_id("e1")
        .action_execution_id("a-1")
        .stage_name("Production")
        .action_name("Deploy")
}

#[test]
fn a_run_tells_what_went_in_and_what_came_out() {
    let input = ActionExecutionInput::builder()
        .action_type_id(kind("CodeDeployToECS"))
        .configuration("ApplicationName", "#{variables.app}")
        .resolved_configuration("ApplicationName", "shop");
    let result = ActionExecutionResult::builder()
        .external_execution_id("d-1")
        .external_execution_summary("Deployment d-1 failed")
        .error_details(SdkError::builder().message("no health").build())
        .build();
    let output = ActionExecutionOutput::builder()
        .execution_result(result)
        .output_variables("ImageURI", "web:1f3c9aa")
        .build();
    let source = detail().input(input.build()).output(output).build();
    let read = action_execution(&source).unwrap();
    assert_eq!(read.provider.as_deref(), Some("CodeDeployToECS"));
    assert_eq!(read.category, Some(Category::Deploy));
    assert_eq!(read.configuration["ApplicationName"], "shop");
    assert_eq!(read.outputs["ImageURI"], "web:1f3c9aa");
    assert_eq!(read.external_id.as_deref(), Some("d-1"));
    let error = read.error.unwrap();
    assert_eq!(
        (error.code, error.message.as_deref()),
        (None, Some("no health"))
    );
}

#[test]
fn a_run_without_its_input_is_still_a_run() {
    let read = action_execution(&detail().build()).unwrap();
    assert_eq!(
        (read.category, read.provider, read.error),
        (None, None, None)
    );
    assert_eq!(read.status, ActionStatus::Unknown(String::new()));
    let declared = ActionExecutionInput::builder().configuration("ServiceName", "web");
    let source = detail().input(declared.build()).build();
    let read = action_execution(&source).unwrap();
    assert_eq!(read.configuration["ServiceName"], "web");
    let nameless = ActionExecutionDetail::builder().action_execution_id("a-1");
    assert_eq!(action_execution(&nameless.build()), None);
}
