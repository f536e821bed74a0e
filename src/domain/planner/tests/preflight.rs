//! What is said of images and of autoscaling, and for which wishes.

use super::*;
use crate::domain::autoscaling::ScalableTarget;
use crate::domain::failure::FailureKind;
use crate::domain::preflight::{
    ImageReading, ImageState, ImagesOf, Preflight, ScalingReading, images_of,
};

const WEB: &str = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1";
const PROXY: &str = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/proxy:3";

fn reading(image: &str, state: ImageState) -> ImageReading {
    ImageReading {
        image: image.to_owned(),
        state,
    }
}

fn scaled(min: u32, max: u32) -> ScalableTarget {
    ScalableTarget {
        min,
        max,
        in_suspended: false,
        out_suspended: false,
        scheduled_suspended: false,
    }
}

/// The checks of a rollback to web:1 with these images and this autoscaling.
fn checks(preflight: Preflight) -> Vec<Check> {
    let intent = wish(Wish::RollBack { to: None });
    let facts = Facts {
        preflight,
        ..with_target(facts(settled(), history()), &intent, "ACTIVE")
    };
    plan(&intent, &facts).unwrap().checks
}

fn with_images(images: Vec<ImageReading>) -> Vec<Check> {
    checks(Preflight {
        images,
        ..Preflight::default()
    })
}

/// The checks of a service of three tasks that is to get `desired`.
fn counted(desired: u32, scaling: ScalingReading) -> Vec<Check> {
    let preflight = Preflight {
        scaling: Some(scaling),
        ..Preflight::default()
    };
    let facts = Facts {
        preflight,
        ..facts(settled(), Vec::new())
    };
    plan(&wish(Wish::SetDesiredCount { desired }), &facts)
        .unwrap()
        .checks
}

#[test]
fn an_image_that_is_gone_is_the_first_thing_that_is_said() {
    let found = with_images(vec![
        reading(PROXY, ImageState::There),
        reading(WEB, ImageState::Gone),
    ]);
    assert_eq!(
        found[0],
        Check::warning(
            "image shop/web:1 is gone from ECR (123456789012, eu-west-1): no task of web:1 can start"
        )
    );
    assert!(found.contains(&Check::good("image shop/proxy:3 is in ECR")));
}

#[test]
fn images_that_are_there_are_told_in_one_line() {
    let found = with_images(vec![
        reading(PROXY, ImageState::There),
        reading(WEB, ImageState::There),
    ]);
    assert!(found.contains(&Check::good("2 images of web:1 are in ECR")));
}

#[test]
fn what_could_not_be_read_is_no_warning() {
    let unread = ImageState::Unread("access denied (ecr:DescribeImages)".into());
    let found = with_images(vec![
        reading(WEB, unread),
        reading("envoy:1", ImageState::Unread("it is in Docker Hub".into())),
    ]);
    for words in [
        "image shop/web:1 was not checked: access denied \
         (ecr:DescribeImages)",
        "image envoy:1 was not checked: it is in Docker Hub",
    ] {
        assert!(found.contains(&Check::unknown(words)), "{found:#?}");
    }
    let unnamed = checks(Preflight {
        unnamed: Some("no answer within 3 s".into()),
        ..Preflight::default()
    });
    assert!(unnamed.contains(&Check::unknown(
        "the images of web:1 were not checked: no answer within 3 s"
    )));
}

#[test]
fn an_archived_image_has_to_be_restored_first() {
    let found = with_images(vec![reading(WEB, ImageState::Archived)]);
    assert_eq!(found[0].verdict, Verdict::Warning);
    assert!(found[0].text.contains("archived"), "{found:#?}");
}

#[test]
fn a_plan_does_not_stand_on_images_or_autoscaling() {
    let intent = wish(Wish::RollBack { to: None });
    let before = with_target(facts(settled(), history()), &intent, "ACTIVE");
    let now = Facts {
        preflight: Preflight {
            images: vec![reading(WEB, ImageState::Gone)],
            unnamed: None,
            scaling: Some(ScalingReading::None),
            upcoming: Vec::new(),
        },
        ..before.clone()
    };
    let moved = before.basis(&intent.wish).moved(&now.basis(&intent.wish));
    assert_eq!(moved, Vec::<String>::new());
}

#[test]
fn the_images_are_those_that_tasks_will_start_from() {
    let mut flying = record("b", Record::InProgress, 1, 2, 1_000);
    flying.sources[0].images = vec!["web:1".into()];
    let flying = facts(releasing(), vec![flying]);
    let back = Wish::RollBack { to: None };
    let known = ImagesOf::Known(web(1), vec!["web:1".into()]);
    assert_eq!(images_of(&back, &flying), Some(known));
    let rest = facts(settled(), history());
    let of_three = Some(ImagesOf::Revision(web(3)));
    assert_eq!(images_of(&Wish::ForceRedeploy, &rest), of_three);
    let count = |desired| images_of(&Wish::SetDesiredCount { desired }, &rest);
    assert_eq!(count(9), of_three);
    assert_eq!(count(1), None, "fewer tasks start none");
    assert_eq!(images_of(&Wish::CutOver, &flying), None);
    let unread = Facts {
        target: Some(Err(failure(FailureKind::NotFound))),
        ..rest
    };
    assert_eq!(images_of(&back, &unread), None);
}

#[test]
fn a_count_outside_of_the_bounds_does_not_last() {
    let bounds = || ScalingReading::Scaled(scaled(2, 6));
    let warns = |desired, words: &str| {
        let found = counted(desired, bounds());
        assert!(found.contains(&Check::warning(words)), "{found:#?}");
    };
    warns(
        9,
        "9 is outside of the 2 to 6 tasks of autoscaling: its next scaling in ends that",
    );
    warns(
        1,
        "1 is outside of the 2 to 6 tasks of autoscaling: its next scaling out ends that",
    );
    warns(
        5,
        "autoscaling keeps 2 to 6 tasks and will change the count again",
    );
    let none = counted(9, ScalingReading::None);
    assert!(none.contains(&Check::good("no autoscaling changes the count again")));
    let unread = counted(9, ScalingReading::Unread("no answer within 3 s".into()));
    assert!(unread.contains(&Check::unknown(
        "autoscaling was not checked: no answer within 3 s"
    )));
}

#[test]
fn what_is_suspended_is_told() {
    let target = ScalableTarget {
        in_suspended: true,
        ..scaled(2, 6)
    };
    let found = counted(9, ScalingReading::Scaled(target.clone()));
    assert!(found.contains(&Check::warning(
        "9 is outside of the 2 to 6 tasks of autoscaling, whose scaling in is suspended"
    )));
    let all = ScalableTarget {
        out_suspended: true,
        scheduled_suspended: true,
        ..target.clone()
    };
    let found = counted(9, ScalingReading::Scaled(all));
    assert!(found.contains(&Check::good(
        "autoscaling (2 to 6 tasks) is suspended: the count stays"
    )));
    let released = checks(Preflight {
        scaling: Some(ScalingReading::Scaled(target)),
        ..Preflight::default()
    });
    assert!(released.contains(&Check::warning(
        "autoscaling (2 to 6 tasks) is suspended: scaling in"
    )));
}

#[test]
fn a_service_out_of_its_bounds_is_told_before_a_release() {
    let found = checks(Preflight {
        scaling: Some(ScalingReading::Scaled(scaled(5, 6))),
        ..Preflight::default()
    });
    assert!(
        found.contains(&Check::good(
            "autoscaling keeps 5 to 6 tasks, and none of it is suspended"
        )),
        "{found:#?}"
    );
    assert!(
        found.iter().any(|check| check.verdict == Verdict::Warning
            && check.text.contains("is outside of the 5 to 6 tasks")),
        "{found:#?}"
    );
}
