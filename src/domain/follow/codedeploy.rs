//! How a CodeDeploy deployment that was acted on came out.

use super::{Observation, Progress};
use crate::domain::arn::TaskDefinitionArn;
use crate::domain::codedeploy::{CodeDeployStatus, CodeDeployment};
use crate::domain::facts::ProductionTraffic;
use crate::domain::service::Service;

fn unread() -> Progress {
    Progress::Waiting("the CodeDeploy deployment to be read".into())
}

/// A deployment that has to succeed. One that is rolled back never did.
pub(super) fn succeeds(seen: Observation<'_>) -> Progress {
    let Some(deployment) = seen.deployment else {
        return unread();
    };
    match &deployment.status {
        CodeDeployStatus::Succeeded => Progress::Reached(format!("{} succeeded", deployment.id)),
        CodeDeployStatus::Failed | CodeDeployStatus::Stopped => {
            Progress::Missed(ended_badly(deployment))
        }
        _ if deployment.waits_to_terminate() => Progress::Waiting(
            "production traffic has moved; the original task set waits to be terminated".into(),
        ),
        CodeDeployStatus::Ready => Progress::Waiting(format!(
            "{}, which is Ready and waits for a cutover",
            deployment.id
        )),
        status if ProductionTraffic::of_codedeploy(deployment) == ProductionTraffic::Moved => {
            Progress::Waiting(format!("{}, traffic moves", status.name()))
        }
        status => Progress::Waiting(format!("{}, which is {}", deployment.id, status.name())),
    }
}

fn ended_badly(deployment: &CodeDeployment) -> String {
    let word = match deployment.status {
        CodeDeployStatus::Stopped => "was stopped",
        _ => "failed",
    };
    let why = match &deployment.error {
        Some((code, message)) => format!(": {code}: {message}"),
        None => String::new(),
    };
    let back = match &deployment.rolled_back_by {
        Some(rollback) => format!("; {rollback} rolls it back"),
        None => String::new(),
    };
    format!("{} {word}{why}{back}", deployment.id)
}

/// A deployment that has to stop where it is.
pub(super) fn stops(seen: Observation<'_>) -> Progress {
    let Some(deployment) = seen.deployment else {
        return unread();
    };
    match &deployment.status {
        CodeDeployStatus::Stopped => match &deployment.rolled_back_by {
            Some(rollback) => Progress::Missed(format!(
                "{} was stopped, but {rollback} rolls it back",
                deployment.id
            )),
            None => Progress::Reached(format!("{} was stopped; traffic stays", deployment.id)),
        },
        CodeDeployStatus::Succeeded => Progress::Missed(too_late(deployment)),
        CodeDeployStatus::Failed => Progress::Missed(ended_badly(deployment)),
        status => Progress::Waiting(format!("{}, which is {}", deployment.id, status.name())),
    }
}

fn too_late(deployment: &CodeDeployment) -> String {
    format!("{} succeeded before it could be stopped", deployment.id)
}

/// A deployment that has to go back: another deployment does that, and what is primary proves it.
pub(super) fn rolled_back(wanted: Option<&TaskDefinitionArn>, seen: Observation<'_>) -> Progress {
    let Some(deployment) = seen.deployment else {
        return unread();
    };
    let (status, named) = (&deployment.status, &deployment.rolled_back_by);
    match (status, seen.rollback) {
        (CodeDeployStatus::Succeeded, _) if named.is_none() => {
            Progress::Missed(too_late(deployment))
        }
        (status, _) if !status.is_over() => {
            Progress::Waiting(format!("{}, which is {}", deployment.id, status.name()))
        }
        (_, Some(rollback)) => rollback_ends(rollback, wanted, seen.service),
        (_, None) => Progress::Waiting(match (named, &deployment.rollback_message) {
            (Some(rollback), _) => format!("{rollback}, which rolls back, to be read"),
            (None, Some(message)) => format!("the rollback; CodeDeploy says: {message}"),
            (None, None) => "CodeDeploy to name the deployment that rolls back".into(),
        }),
    }
}

fn rollback_ends(
    rollback: &CodeDeployment,
    wanted: Option<&TaskDefinitionArn>,
    service: Option<&Service>,
) -> Progress {
    match &rollback.status {
        CodeDeployStatus::Failed | CodeDeployStatus::Stopped => {
            Progress::Missed(format!("the rollback failed: {}", ended_badly(rollback)))
        }
        CodeDeployStatus::Succeeded => match service.and_then(primary) {
            None => Progress::Waiting("the primary task set to be read".into()),
            Some(runs) if wanted.is_none_or(|wanted| wanted == runs) => {
                Progress::Reached(format!("ROLLED BACK: {} runs", runs.family_revision()))
            }
            Some(runs) => Progress::Waiting(format!(
                "the primary task set, which still runs {}",
                runs.family_revision()
            )),
        },
        status => Progress::Waiting(format!("{}, which is {}", rollback.id, status.name())),
    }
}

fn primary(service: &Service) -> Option<&TaskDefinitionArn> {
    let set = service.task_sets.iter().find(|set| set.status == "PRIMARY");
    set.map(|set| &set.task_definition)
}
