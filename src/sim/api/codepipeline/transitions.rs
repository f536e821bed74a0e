//! `EnableStageTransition`, `DisableStageTransition`.

use serde_json::Value;

use super::lookup;
use crate::sim::api::{Answer, Input};
use crate::sim::world::Region;
use crate::sim::world::codepipeline::stage::Transition;

/// The pattern of the reason for which a transition is off.
const REASON: &str = r"[a-zA-Z0-9!@ \(\)\.\*\?\-]+";

/// `EnableStageTransition`.
pub fn enable(region: &mut Region, input: Input<'_>) -> Answer {
    switch(region, input, None)
}

/// `DisableStageTransition`.
pub fn disable(region: &mut Region, input: Input<'_>) -> Answer {
    let reason = lookup::required(input, "reason")?;
    lookup::check_length(reason, "reason", 1, 300)?;
    lookup::check_pattern(reason, "reason", REASON, |text| {
        text.chars()
            .all(|one| one.is_ascii_alphanumeric() || "!@ ().*?-".contains(one))
    })?;
    switch(region, input, Some(reason))
}

/// Switches a transition off for a reason, or on without one. The way out of a stage is the way into
/// the next one; the first stage has no way in and the last one no way out.
fn switch(region: &mut Region, input: Input<'_>, reason: Option<&str>) -> Answer {
    let name = lookup::name(input, "pipelineName")?;
    let stage_name = lookup::name(input, "stageName")?;
    let kind = lookup::word(input, "transitionType", &["Inbound", "Outbound"])?;
    let (position, pipeline) = lookup::pipeline(region, name)?;
    let stage = lookup::stage(pipeline, stage_name)?;
    let stage = stage + usize::from(kind == "Outbound");
    if stage == 0 || stage >= pipeline.stages.len() {
        return Err(lookup::invalid(format!(
            "The stage '{stage_name}' has no transition of the type {kind}"
        )));
    }
    let to = Transition {
        enabled: reason.is_none(),
        changed_by: Some(lookup::caller(&region.ecs.place)),
        changed_at: Some(region.ecs.now),
        reason: reason.map(str::to_owned),
    };
    region.switch_transition(position, stage, to);
    // The model has no output for either.
    Ok(Value::Null)
}
