//! Where a release waits for a person.

use jiff::Timestamp;

use crate::domain::lifecycle::HookAction;

/// What has to be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GateKind {
    /// A pause hook of ECS.
    PauseHook {
        /// The hook's id, which `ContinueServiceDeployment` takes.
        hook: String,
        /// The stage that it holds, as it came.
        stage: Option<String>,
    },
    /// A CodeDeploy deployment that is Ready: traffic can move.
    CodeDeployReady {
        /// The deployment's id.
        deployment: String,
    },
}

/// A place where a release waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// What has to be answered.
    pub kind: GateKind,
    /// When nobody has to be asked any more.
    pub expires_at: Option<Timestamp>,
    /// What happens then.
    pub on_timeout: Option<HookAction>,
}

impl Gate {
    /// What happens when nobody answers, as a word in `status -o json`; `None` where it is not told.
    pub fn timeout_key(&self) -> Option<String> {
        Some(match self.on_timeout.as_ref()? {
            HookAction::Continue => "continue".into(),
            HookAction::RollBack => "rollback".into(),
            HookAction::Unknown(name) => name.to_lowercase(),
        })
    }
}

impl GateKind {
    /// The word in `status -o json`.
    pub fn key(&self) -> &'static str {
        match self {
            Self::PauseHook { .. } => "pause_hook",
            Self::CodeDeployReady { .. } => "codedeploy_ready",
        }
    }

    /// What has to be answered, for a screen.
    pub fn label(&self) -> String {
        match self {
            Self::PauseHook { hook, .. } => format!("pause hook {hook}"),
            Self::CodeDeployReady { deployment } => format!("{deployment} is Ready"),
        }
    }
}
