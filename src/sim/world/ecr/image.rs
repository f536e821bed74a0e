//! An image: its manifest and what ECR counts of it.

use serde_json::{Value, json};

use super::Reference;
use crate::sim::clock::SimTime;
use crate::sim::world::codedeploy::sha256::sha256;
use crate::sim::world::ecs::fingerprint;

/// The kind of manifest that Docker pushes.
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";

/// An image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// `sha256:` and the digest of the manifest.
    pub digest: String,
    /// The manifest as it was put.
    pub manifest: String,
    /// The kind of the manifest.
    pub media_type: String,
    /// Bytes of its layers.
    pub size: u64,
    /// When it was put.
    pub pushed_at: SimTime,
    /// When a task last pulled it.
    pub pulled_at: Option<SimTime>,
}

impl Image {
    /// The image of a manifest.
    pub fn of_manifest(manifest: &str, media_type: Option<&str>, now: SimTime) -> Self {
        let value: Value = serde_json::from_str(manifest).unwrap_or_default();
        let told = value.get("mediaType").and_then(Value::as_str);
        Self {
            digest: format!("sha256:{}", sha256(manifest)),
            media_type: media_type.or(told).unwrap_or(DOCKER_MANIFEST).to_owned(),
            size: layers_size(&value),
            manifest: manifest.to_owned(),
            pushed_at: now,
            pulled_at: None,
        }
    }

    /// An image that exists because somebody names it: the same name makes the same image.
    pub fn named(repository: &str, reference: &Reference, now: SimTime) -> Self {
        let name = match reference {
            Reference::Tag(tag) => format!("{repository}:{tag}"),
            Reference::Digest(digest) => format!("{repository}@{digest}"),
        };
        // From 40 MB to 168 MB.
        let size = 40_000_000 + (fingerprint(&name) & 0x07FF_FFFF);
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": DOCKER_MANIFEST,
            "config": {
                "mediaType": "application/vnd.docker.container.image.v1+json",
                "size": 7023,
                "digest": format!("sha256:{}", sha256(&format!("{name} config"))),
            },
            "layers": [{
                "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
                "size": size,
                "digest": format!("sha256:{}", sha256(&format!("{name} layer"))),
            }],
        });
        let image = Self::of_manifest(&manifest.to_string(), None, now);
        match reference {
            Reference::Tag(_) => image,
            Reference::Digest(digest) => Self {
                digest: digest.clone(),
                ..image
            },
        }
    }
}

fn layers_size(manifest: &Value) -> u64 {
    let layers = manifest.get("layers").and_then(Value::as_array);
    let sizes = layers.into_iter().flatten();
    sizes
        .filter_map(|layer| layer.get("size").and_then(Value::as_u64))
        .fold(0, u64::saturating_add)
}
