//! The names of images as task definitions write them.

/// An image in a private registry of ECR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageUri {
    /// The account that the registry belongs to.
    pub account: String,
    /// The Region of the registry.
    pub region: String,
    /// The repository.
    pub repository: String,
    /// The image within it.
    pub reference: Reference,
}

/// What names an image within its repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reference {
    /// A tag, which can be moved to another image.
    Tag(String),
    /// The digest of its manifest.
    Digest(String),
}

impl ImageUri {
    /// Reads `account.dkr.ecr.region.amazonaws.com/repository:tag`; none for an image of any other
    /// registry. Without a tag it is `latest`, and a digest counts more than a tag.
    pub fn parse(image: &str) -> Option<Self> {
        let (host, path) = image.split_once('/')?;
        let (account, rest) = host.split_once(".dkr.ecr.")?;
        let region = rest.strip_suffix(".amazonaws.com")?;
        let is_account = account.len() == 12 && account.bytes().all(|one| one.is_ascii_digit());
        let (repository, reference) = Reference::split(path);
        let whole = is_account && !region.contains('.') && !repository.is_empty();
        whole.then(|| Self {
            account: account.to_owned(),
            region: region.to_owned(),
            repository: repository.to_owned(),
            reference,
        })
    }
}

impl Reference {
    /// The repository and the reference in `repository:tag` or `repository@digest`.
    pub fn split(path: &str) -> (&str, Self) {
        let (named, digest) = match path.split_once('@') {
            Some((named, digest)) => (named, Some(digest)),
            None => (path, None),
        };
        let (repository, tag) = named.split_once(':').unwrap_or((named, "latest"));
        let reference = match digest {
            Some(digest) => Self::Digest(digest.to_owned()),
            None => Self::Tag(tag.to_owned()),
        };
        (repository, reference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

    fn reference(path: &str) -> (String, Reference) {
        let uri = ImageUri::parse(&format!("{HOST}/{path}")).unwrap();
        assert_eq!((&*uri.account, &*uri.region), ("123456789012", "eu-west-1"));
        (uri.repository, uri.reference)
    }

    #[test]
    fn tags_and_digests_name_an_image() {
        let tag = |text: &str| Reference::Tag(text.to_owned());
        assert_eq!(reference("shop/web:1.2"), ("shop/web".into(), tag("1.2")));
        assert_eq!(reference("web"), ("web".into(), tag("latest")));
        let digest = Reference::Digest("sha256:ab".into());
        assert_eq!(reference("web:1@sha256:ab"), ("web".into(), digest.clone()));
        assert_eq!(reference("web@sha256:ab"), ("web".into(), digest));
    }

    #[test]
    fn other_registries_are_none_of_ecr() {
        for image in [
            "web:1",
            "acme/web:1",
            "public.ecr.aws/acme/web:1",
            "1234.dkr.ecr.eu-west-1.amazonaws.com/web:1",
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/",
            "123456789012.dkr.ecr.eu-west-1.example.com/web:1",
        ] {
            assert_eq!(ImageUri::parse(image), None, "{image}");
        }
    }
}
