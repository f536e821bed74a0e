//! Images in ECR: whether they are still there.
//!
//! `DescribeImages` tells a missing image by an error of its own, apart from one about a permission,
//! and needs the right to see metadata alone. `BatchGetImage` would give the manifest, which is part
//! of the right to pull, and ECR records it as a pull: lifecycle policies that go by the last pull
//! would keep an image because somebody looked at a plan.

use aws_sdk_ecr::types::{ImageIdentifier, ImageStatus};

use super::Aws;
use super::budget::Group;
use super::call::Operation;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::image::EcrImage;
use crate::domain::preflight::ImageState;

const DESCRIBE: Operation = Operation::new("ecr:DescribeImages", Group::ImageReads);

impl Aws {
    /// Whether an image is there, in the registry of the account and the Region that its name says.
    /// A repository that is gone has no images.
    pub async fn image_state(&self, image: &EcrImage) -> Result<ImageState, Failure> {
        let about = format!("{}/{}/{}", image.account, image.region, image.repository);
        let id = ImageIdentifier::builder()
            .set_image_tag(image.tag.clone())
            .set_image_digest(image.digest.clone())
            .build();
        let answer = self
            .call_spared(DESCRIBE, &about, |clients| {
                let request = clients.images(&image.region).describe_images();
                let request = request.registry_id(&image.account);
                let request = request.repository_name(&image.repository);
                request.image_ids(id).send()
            })
            .await;
        match answer {
            Ok(answer) => Ok(match answer.image_details() {
                [] => ImageState::Gone,
                [found, ..] if found.image_status() == Some(&ImageStatus::Archived) => {
                    ImageState::Archived
                }
                _ => ImageState::There,
            }),
            Err(failure) if failure.kind == FailureKind::NotFound => Ok(ImageState::Gone),
            Err(failure) => Err(failure),
        }
    }
}
