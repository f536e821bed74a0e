//! What a plan is checked against beside its facts: images and autoscaling. A registry that does not
//! answer, or may not be asked, is a note in the plan and never holds it up.

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};

use crate::aws::Aws;
use crate::domain::facts::Facts;
use crate::domain::failure::Failure;
use crate::domain::image::Registry;
use crate::domain::intent::{ServiceIntent, Wish};
use crate::domain::preflight::{
    ImageReading, ImageState, ImagesOf, Preflight, ScalingReading, images_of, is_scaling_asked,
};

/// How long a plan waits for what it can do without.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);

/// Images asked for at once: a task definition has ten containers at most.
const AT_ONCE: usize = 4;

/// Reads what the wish can be checked against, for at most `patience`.
pub(super) async fn read(
    aws: &Aws,
    intent: &ServiceIntent,
    facts: &Facts,
    patience: Duration,
) -> Preflight {
    let (images, scaling) = tokio::join!(
        images(aws, &intent.wish, facts, patience),
        scaling(aws, intent, patience),
    );
    match images {
        Ok(images) => Preflight {
            images,
            scaling,
            ..Preflight::default()
        },
        Err(why) => Preflight {
            unnamed: Some(why),
            scaling,
            ..Preflight::default()
        },
    }
}

async fn images(
    aws: &Aws,
    wish: &Wish,
    facts: &Facts,
    patience: Duration,
) -> Result<Vec<ImageReading>, String> {
    let named = match images_of(wish, facts) {
        None => return Ok(Vec::new()),
        Some(ImagesOf::Known(_, images)) => images,
        Some(ImagesOf::Revision(revision)) => {
            let read = within(patience, aws.task_definition(revision.as_str())).await;
            read?.images()
        }
    };
    let each: BTreeSet<String> = named.into_iter().collect();
    let readings = stream::iter(each)
        .map(|image| async move {
            let state = image_state(aws, &image, patience).await;
            ImageReading { image, state }
        })
        .buffered(AT_ONCE);
    Ok(readings.collect().await)
}

async fn image_state(aws: &Aws, image: &str, patience: Duration) -> ImageState {
    match Registry::of(image) {
        Registry::Other(name) => ImageState::Unread(format!("it is in {name}")),
        Registry::Ecr(image) => within(patience, aws.image_state(&image))
            .await
            .unwrap_or_else(ImageState::Unread),
    }
}

async fn scaling(aws: &Aws, intent: &ServiceIntent, patience: Duration) -> Option<ScalingReading> {
    let service = intent
        .service
        .as_ref()
        .filter(|_| is_scaling_asked(&intent.wish))?;
    let read = within(patience, aws.scalable_target(&intent.cluster, service)).await;
    Some(match read {
        Ok(Some(target)) => ScalingReading::Scaled(target),
        Ok(None) => ScalingReading::None,
        Err(why) => ScalingReading::Unread(why),
    })
}

/// The answer, or in a few words why there is none.
async fn within<T>(
    patience: Duration,
    answer: impl Future<Output = Result<T, Failure>>,
) -> Result<T, String> {
    match tokio::time::timeout(patience, answer).await {
        Ok(answer) => answer.map_err(|failure| format!("{} ({})", failure.short(), failure.call)),
        Err(_) => Err(format!("no answer within {} s", patience.as_secs())),
    }
}
