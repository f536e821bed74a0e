//! The checks of images and of autoscaling. They warn, and never refuse: what they say can change at
//! any moment, and what they could not read may be in order.

use crate::domain::autoscaling::ScalableTarget;
use crate::domain::facts::Facts;
use crate::domain::image::Registry;
use crate::domain::intent::Wish;
use crate::domain::plan::{Check, Verdict};
use crate::domain::preflight::{ImageReading, ImageState, ImagesOf, ScalingReading, images_of};
use crate::domain::service::Service;
use crate::domain::text::count;

/// Adds what is said of images and autoscaling to the checks of a plan. An image that is gone comes
/// first: nothing else matters as much.
pub(super) fn add(checks: &mut Vec<Check>, wish: &Wish, facts: &Facts) {
    let images = image_checks(wish, facts);
    let (first, last): (Vec<Check>, Vec<Check>) = images
        .into_iter()
        .partition(|check| check.verdict == Verdict::Warning);
    checks.splice(0..0, first);
    checks.extend(last);
    if let (Some(service), Some(scaling)) = (&facts.service, &facts.preflight.scaling) {
        checks.extend(scaling_checks(wish, service, scaling));
    }
}

fn image_checks(wish: &Wish, facts: &Facts) -> Vec<Check> {
    let readings = &facts.preflight.images;
    let runs = match images_of(wish, facts) {
        Some(ImagesOf::Known(revision, _) | ImagesOf::Revision(revision)) => {
            revision.family_revision().to_owned()
        }
        None => "the service".to_owned(),
    };
    let mut checks: Vec<Check> = readings
        .iter()
        .filter_map(|reading| image_check(reading, &runs))
        .collect();
    if let Some(why) = &facts.preflight.unnamed {
        checks.push(Check::unknown(format!(
            "the images of {runs} were not checked: {why}"
        )));
    }
    let there: Vec<String> = readings
        .iter()
        .filter(|reading| reading.state == ImageState::There)
        .map(|reading| short(&reading.image))
        .collect();
    match &there[..] {
        [] => {}
        [one] => checks.push(Check::good(format!("image {one} is in ECR"))),
        several => checks.push(Check::good(format!(
            "{} of {runs} are in ECR",
            count(several.len(), "image")
        ))),
    }
    checks
}

/// What an image that is in order says, all of these say together.
fn image_check(reading: &ImageReading, runs: &str) -> Option<Check> {
    let image = short(&reading.image);
    match &reading.state {
        ImageState::There => None,
        ImageState::Gone => Some(Check::warning(format!(
            "image {image} is gone from ECR{}: no task of {runs} can start",
            registry(&reading.image)
        ))),
        ImageState::Archived => Some(Check::warning(format!(
            "image {image} is archived in ECR{}: no task of {runs} can start before it is restored",
            registry(&reading.image)
        ))),
        ImageState::Unread(why) => Some(Check::unknown(format!(
            "image {image} was not checked: {why}"
        ))),
    }
}

fn short(image: &str) -> String {
    match Registry::of(image) {
        Registry::Ecr(image) => image.short(),
        Registry::Other(_) => image.to_owned(),
    }
}

fn registry(image: &str) -> String {
    match Registry::of(image) {
        Registry::Ecr(image) => format!(" ({}, {})", image.account, image.region),
        Registry::Other(_) => String::new(),
    }
}

fn scaling_checks(wish: &Wish, service: &Service, scaling: &ScalingReading) -> Vec<Check> {
    match (scaling, wish) {
        (ScalingReading::Unread(why), _) => {
            vec![Check::unknown(format!(
                "autoscaling was not checked: {why}"
            ))]
        }
        (ScalingReading::None, Wish::SetDesiredCount { .. }) => {
            vec![Check::good("no autoscaling changes the count again")]
        }
        (ScalingReading::None, _) => Vec::new(),
        (ScalingReading::Scaled(target), Wish::SetDesiredCount { desired }) => {
            vec![count_check(target, *desired)]
        }
        (ScalingReading::Scaled(target), _) => release_checks(target, service.desired),
    }
}

/// Outside of the bounds, the next scaling towards them ends the count; scaling away from them does
/// nothing (ECS developer guide, "Automatically scale your Amazon ECS service").
fn count_check(target: &ScalableTarget, desired: u32) -> Check {
    let (min, max) = (target.min, target.max);
    if target.is_all_suspended() {
        return Check::good(format!(
            "autoscaling ({min} to {max} tasks) is suspended: the count stays"
        ));
    }
    let (towards, suspended) = if desired < min {
        ("out", target.out_suspended)
    } else {
        ("in", target.in_suspended)
    };
    if target.allows(desired) {
        Check::warning(format!(
            "autoscaling keeps {min} to {max} tasks and will change the count again"
        ))
    } else if suspended {
        Check::warning(format!(
            "{desired} is outside of the {min} to {max} tasks of autoscaling, whose scaling {towards} \
             is suspended"
        ))
    } else {
        Check::warning(format!(
            "{desired} is outside of the {min} to {max} tasks of autoscaling: its next scaling \
             {towards} ends that"
        ))
    }
}

fn release_checks(target: &ScalableTarget, desired: u32) -> Vec<Check> {
    let (min, max) = (target.min, target.max);
    let mut checks = Vec::new();
    match &target.suspended()[..] {
        [] => checks.push(Check::good(format!(
            "autoscaling keeps {min} to {max} tasks, and none of it is suspended"
        ))),
        suspended => checks.push(Check::warning(format!(
            "autoscaling ({min} to {max} tasks) is suspended: {}",
            suspended.join(", ")
        ))),
    }
    if !target.allows(desired) {
        checks.push(Check::warning(format!(
            "the desired count {desired} is outside of the {min} to {max} tasks of autoscaling"
        )));
    }
    checks
}
