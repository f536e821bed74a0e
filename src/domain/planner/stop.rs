//! Stops a release without going back: only CodeDeploy has such a call.

use super::{Draft, codedeploy, nothing_in_flight, unknown_controller};
use crate::domain::codedeploy::CodeDeployment;
use crate::domain::facts::Facts;
use crate::domain::plan::Refusal;
use crate::domain::service::{Controller, Service};
use crate::domain::service_deployment::ServiceDeployment;

/// The deployment that can be stopped where it is, or why none can. `record` and `deployment` are
/// what is in flight, as far as it was read.
pub fn stop_step<'a>(
    service: &Service,
    record: Option<&ServiceDeployment>,
    deployment: Option<&'a CodeDeployment>,
) -> Result<&'a CodeDeployment, Refusal> {
    match &service.controller {
        Controller::Ecs if record.is_some() || service.is_moving() => {
            Err(Refusal::new("ECS stops a release only with a rollback").instead("roll back"))
        }
        Controller::Ecs => Err(nothing_in_flight(service)),
        Controller::CodeDeploy => deployment.ok_or_else(|| nothing_in_flight(service)),
        Controller::External => Err(Refusal::new(
            "an external controller moves this service: there is no release that ECS could stop",
        )
        .instead("stop it in the tool that owns its task sets")),
        Controller::Unknown(name) => Err(unknown_controller(name)),
    }
}

pub(super) fn stop(service: &Service, facts: &Facts) -> Result<Draft, Refusal> {
    super::require_releases(service, facts)?;
    let deployment = stop_step(service, facts.in_flight(), facts.code_in_flight())?;
    Ok(codedeploy::stop(service, deployment))
}
