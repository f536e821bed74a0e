//! How a release of ECS shifts traffic: its configuration, and the hooks that hold it.

use aws_sdk_ecs::types::{
    CanaryConfiguration, DeploymentAlarms, DeploymentConfiguration, DeploymentLifecycleHook,
    DeploymentLifecycleHookAction as SdkAction, DeploymentLifecycleHookDetail,
    DeploymentLifecycleHookStage as HookStage, DeploymentLifecycleHookStatus as SdkStatus,
    DeploymentLifecycleHookTargetType as SdkTargetType, LinearConfiguration,
};

use super::{count, text, time};
use crate::domain::lifecycle::{
    HookAction, HookKind, HookSetting, HookStatus, LifecycleHook, ShiftSettings, TrafficSteps,
};
use crate::domain::text::printable;

/// What a release was told to do. Alarms that are off are none.
pub(super) fn shift_settings(source: &DeploymentConfiguration) -> ShiftSettings {
    let alarms = source.alarms().filter(|alarms| alarms.enable());
    let names = alarms.map_or(&[][..], DeploymentAlarms::alarm_names);
    ShiftSettings {
        bake_minutes: source.bake_time_in_minutes().map(count),
        linear: source.linear_configuration().and_then(linear),
        canary: source.canary_configuration().and_then(canary),
        hooks: source.lifecycle_hooks().iter().map(hook_setting).collect(),
        alarms: names.iter().map(|name| printable(name)).collect(),
        alarms_roll_back: alarms.is_some_and(DeploymentAlarms::rollback),
    }
}

fn linear(source: &LinearConfiguration) -> Option<TrafficSteps> {
    Some(TrafficSteps {
        percent: source.step_percent()?,
        bake_minutes: source.step_bake_time_in_minutes().map_or(0, count),
    })
}

fn canary(source: &CanaryConfiguration) -> Option<TrafficSteps> {
    Some(TrafficSteps {
        percent: source.canary_percent()?,
        bake_minutes: source.canary_bake_time_in_minutes().map_or(0, count),
    })
}

fn hook_setting(source: &DeploymentLifecycleHook) -> HookSetting {
    let stages = source.lifecycle_stages().iter();
    HookSetting {
        kind: kind(source.target_type()),
        target: text(source.hook_target_arn()),
        stages: stages.map(HookStage::as_str).map(printable).collect(),
    }
}

/// Converts a hook of the present stage.
pub(super) fn hook(source: &DeploymentLifecycleHookDetail) -> LifecycleHook {
    LifecycleHook {
        id: text(source.hook_id()),
        kind: kind(source.target_type()),
        target: text(source.target_arn()),
        status: status(source.status()),
        expires_at: time(source.expires_at()),
        on_timeout: source.timeout_action().map(action),
    }
}

/// Hooks were functions before there were others, and said no type.
fn kind(source: Option<&SdkTargetType>) -> HookKind {
    match source.map(SdkTargetType::as_str) {
        None | Some("AWS_LAMBDA") => HookKind::Lambda,
        Some("PAUSE") => HookKind::Pause,
        Some(other) => HookKind::Unknown(printable(other)),
    }
}

fn status(source: Option<&SdkStatus>) -> HookStatus {
    match source.map(SdkStatus::as_str).unwrap_or_default() {
        "AWAITING_ACTION" => HookStatus::AwaitingAction,
        "IN_PROGRESS" => HookStatus::InProgress,
        "SUCCEEDED" => HookStatus::Succeeded,
        "FAILED" => HookStatus::Failed,
        "TIMED_OUT" => HookStatus::TimedOut,
        other => HookStatus::Unknown(printable(other)),
    }
}

fn action(source: &SdkAction) -> HookAction {
    match source.as_str() {
        "CONTINUE" => HookAction::Continue,
        "ROLLBACK" => HookAction::RollBack,
        other => HookAction::Unknown(printable(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::DateTime;

    #[test]
    fn every_word_about_hooks_is_known_and_a_new_one_keeps_its_name() {
        for name in SdkTargetType::values() {
            let known = kind(Some(&SdkTargetType::from(*name)));
            assert!(!matches!(known, HookKind::Unknown(_)), "{name}");
        }
        for name in SdkStatus::values() {
            let known = status(Some(&SdkStatus::from(*name)));
            assert!(!matches!(known, HookStatus::Unknown(_)), "{name}");
        }
        for name in SdkAction::values() {
            let known = action(&SdkAction::from(*name));
            assert!(!matches!(known, HookAction::Unknown(_)), "{name}");
        }
        let new = kind(Some(&SdkTargetType::from("CARRIER_PIGEON")));
        assert_eq!(new, HookKind::Unknown("CARRIER_PIGEON".into()));
        let new = status(Some(&SdkStatus::from("LOST")));
        assert_eq!(new, HookStatus::Unknown("LOST".into()));
        let new = action(&SdkAction::from("SING"));
        assert_eq!(new, HookAction::Unknown("SING".into()));
    }

    #[test]
    fn a_pause_hook_tells_until_when_it_waits_and_what_follows() {
        let source = DeploymentLifecycleHookDetail::builder()
            .hook_id("ecs-pause-1")
            .target_type(SdkTargetType::Pause)
            .status(SdkStatus::AwaitingAction)
            .expires_at(DateTime::from_secs(100))
            .timeout_action(SdkAction::Rollback)
            .build();
        let read = hook(&source);
        assert_eq!(read.id.as_deref(), Some("ecs-pause-1"));
        assert_eq!(read.status, HookStatus::AwaitingAction);
        assert_eq!(read.expires_at.unwrap().as_second(), 100);
        assert_eq!(read.on_timeout, Some(HookAction::RollBack));
        let bare = hook(&DeploymentLifecycleHookDetail::builder().build());
        assert_eq!(bare.kind, HookKind::Lambda);
        assert_eq!(bare.status, HookStatus::Unknown(String::new()));
    }

    #[test]
    fn settings_tell_steps_hooks_bake_and_the_alarms_that_are_on() {
        let alarms = |enable| {
            DeploymentAlarms::builder()
                .alarm_names("errors")
                .enable(enable)
                .rollback(true)
                .build()
                .unwrap()
        };
        let hook = DeploymentLifecycleHook::builder()
            .hook_target_arn("arn:aws:lambda:eu-west-1:1:function:check")
            .lifecycle_stages(HookStage::PostTestTrafficShift)
            .lifecycle_stages(HookStage::from("MOON_PHASE"))
            .build();
        let configuration = |enable| {
            DeploymentConfiguration::builder()
                .bake_time_in_minutes(5)
                .linear_configuration(
                    LinearConfiguration::builder()
                        .step_percent(12.5)
                        .step_bake_time_in_minutes(6)
                        .build(),
                )
                .canary_configuration(CanaryConfiguration::builder().build())
                .lifecycle_hooks(hook.clone())
                .alarms(alarms(enable))
                .build()
        };
        let read = shift_settings(&configuration(true));
        let steps = TrafficSteps {
            percent: 12.5,
            bake_minutes: 6,
        };
        assert_eq!((read.bake_minutes, read.linear), (Some(5), Some(steps)));
        assert_eq!(read.canary, None);
        let stages = ["POST_TEST_TRAFFIC_SHIFT", "MOON_PHASE"];
        assert_eq!(read.hooks[0].stages, stages);
        assert_eq!(read.hooks[0].kind, HookKind::Lambda);
        assert_eq!(read.alarms, ["errors"]);
        assert!(read.alarms_roll_back);
        let off = shift_settings(&configuration(false));
        assert_eq!((off.alarms.len(), off.alarms_roll_back), (0, false));
    }
}
