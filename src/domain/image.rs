//! The names of images, as task definitions write them.

/// An image in a private registry of Amazon ECR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EcrImage {
    /// The account that the registry belongs to.
    pub account: String,
    /// The Region of the registry.
    pub region: String,
    /// The repository.
    pub repository: String,
    /// The tag; `None` where a digest names the image.
    pub tag: Option<String>,
    /// The digest, `sha256:…`; `None` where a tag names the image.
    pub digest: Option<String>,
}

/// Where an image is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registry {
    /// A private registry of ECR.
    Ecr(EcrImage),
    /// Any other one, by its name, such as `Docker Hub` or `ghcr.io`.
    Other(String),
}

impl Registry {
    /// The registry that keeps an image. The forms of names in ECR are those of its user guide,
    /// "Amazon ECR private registry": `account.dkr.ecr.region.amazonaws.com`, with `ecr-fips`, with
    /// the suffix of another partition, or `account.dkr-ecr.region.on.aws`.
    pub fn of(image: &str) -> Self {
        let Some((host, path)) = image.split_once('/') else {
            return Self::Other(DOCKER_HUB.into());
        };
        if let Some((account, region)) = ecr_host(host) {
            return Self::Ecr(EcrImage::new(account, region, path));
        }
        // Docker takes the first part for a host when it looks like one.
        if host.contains(['.', ':']) || host == "localhost" {
            return Self::Other(host.to_owned());
        }
        Self::Other(DOCKER_HUB.into())
    }
}

/// The registry of names without a host.
const DOCKER_HUB: &str = "Docker Hub";

/// The account and the Region in the host of a private registry.
fn ecr_host(host: &str) -> Option<(&str, &str)> {
    let (account, rest) = host.split_once(".dkr")?;
    let region = match rest.strip_prefix("-ecr") {
        Some(rest) => {
            let rest = rest.strip_prefix("-fips").unwrap_or(rest);
            rest.strip_prefix('.')?.strip_suffix(".on.aws")?
        }
        None => {
            let rest = rest.strip_prefix(".ecr")?;
            let rest = rest.strip_prefix("-fips").unwrap_or(rest);
            rest.strip_prefix('.')?.split_once(".amazonaws.com")?.0
        }
    };
    let is_account = account.len() == 12 && account.bytes().all(|one| one.is_ascii_digit());
    (is_account && !region.contains('.')).then_some((account, region))
}

impl EcrImage {
    fn new(account: &str, region: &str, path: &str) -> Self {
        let (named, digest) = match path.split_once('@') {
            Some((named, digest)) => (named, Some(digest.to_owned())),
            None => (path, None),
        };
        let (repository, tag) = named.split_once(':').unwrap_or((named, "latest"));
        Self {
            account: account.to_owned(),
            region: region.to_owned(),
            repository: repository.to_owned(),
            // A digest decides alone, whatever the tag points to meanwhile.
            tag: digest.is_none().then(|| tag.to_owned()),
            digest,
        }
    }

    /// The image without its registry, such as `shop/web:1.2.0`. A digest is cut to what tells it.
    pub fn short(&self) -> String {
        let repository = &self.repository;
        match (&self.tag, &self.digest) {
            (Some(tag), _) => format!("{repository}:{tag}"),
            (None, Some(digest)) => {
                let cut: String = digest.chars().take(DIGEST_SHOWN).collect();
                format!("{repository}@{cut}")
            }
            (None, None) => repository.clone(),
        }
    }
}

/// Characters of a digest that tell an image: `sha256:` and 12 digits.
const DIGEST_SHOWN: usize = 19;

#[cfg(test)]
mod tests {
    use super::*;

    fn ecr(image: &str) -> EcrImage {
        match Registry::of(image) {
            Registry::Ecr(image) => image,
            Registry::Other(name) => panic!("{image} is taken to be of {name}"),
        }
    }

    #[test]
    fn every_form_of_a_private_registry_is_known() {
        for host in [
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
            "123456789012.dkr.ecr-fips.eu-west-1.amazonaws.com",
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com.cn",
            "123456789012.dkr-ecr.eu-west-1.on.aws",
            "123456789012.dkr-ecr-fips.eu-west-1.on.aws",
        ] {
            let image = ecr(&format!("{host}/shop/web:1.2"));
            assert_eq!(
                (&*image.account, &*image.region),
                ("123456789012", "eu-west-1"),
                "{host}"
            );
            assert_eq!(image.short(), "shop/web:1.2");
        }
    }

    #[test]
    fn a_digest_counts_more_than_a_tag_and_no_tag_is_latest() {
        let host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
        assert_eq!(ecr(&format!("{host}/web")).tag.as_deref(), Some("latest"));
        let image = ecr(&format!("{host}/web:1@sha256:0123456789abcdef"));
        assert_eq!(image.tag, None);
        assert_eq!(image.digest.as_deref(), Some("sha256:0123456789abcdef"));
        assert_eq!(image.short(), "web@sha256:0123456789ab");
    }

    #[test]
    fn other_registries_are_called_by_their_names() {
        for (image, name) in [
            ("web", "Docker Hub"),
            ("web:1", "Docker Hub"),
            ("acme/web:1", "Docker Hub"),
            ("public.ecr.aws/acme/web:1", "public.ecr.aws"),
            ("ghcr.io/acme/web:1", "ghcr.io"),
            ("localhost/web:1", "localhost"),
            ("registry:5000/web:1", "registry:5000"),
            (
                "12.dkr.ecr.eu-west-1.amazonaws.com/web",
                "12.dkr.ecr.eu-west-1.amazonaws.com",
            ),
        ] {
            assert_eq!(Registry::of(image), Registry::Other(name.into()), "{image}");
        }
    }
}
