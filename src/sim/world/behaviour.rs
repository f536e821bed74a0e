//! How the containers of an image behave.

use std::sync::Arc;

use super::logs::ImageLog;

/// What a container of an image does once it is started.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Behaviour {
    /// Starts, passes its checks, and logs requests.
    #[default]
    Healthy,
    /// Exits with code 1 within a few seconds, after a stack trace.
    Crash,
    /// Is killed with code 137 within ten seconds, since it uses more memory than it has.
    OutOfMemory,
    /// Its image can't be pulled.
    NoPull,
    /// Runs, but never passes a health check.
    Unhealthy,
    /// Takes a minute to become healthy.
    Slow,
    /// Runs and passes its checks, and logs errors among the requests.
    Errors,
}

impl Behaviour {
    /// Every behaviour with the word that names it in an image tag and in a scenario.
    pub const WORDS: [(&'static str, Self); 7] = [
        ("healthy", Self::Healthy),
        ("crash", Self::Crash),
        ("oom", Self::OutOfMemory),
        ("nopull", Self::NoPull),
        ("unhealthy", Self::Unhealthy),
        ("slow", Self::Slow),
        ("errors", Self::Errors),
    ];

    /// The behaviour that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, behaviour)| *behaviour)
    }

    /// The behaviour that the tag of `image` asks for: the tag is the word, or has it as one of
    /// its parts between dashes, such as `web:crash` and `web:1.4-crash`.
    pub fn from_image(image: &str) -> Self {
        tag(image)
            .split('-')
            .find_map(Self::from_word)
            .unwrap_or_default()
    }
}

/// What a scenario says about one image, in place of what its tag would say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageRule {
    /// What its containers do.
    pub behaviour: Behaviour,
    /// The cause that a crash or an error logs, such as `DB_URL is not set`.
    pub message: Option<String>,
    /// What its containers write while they run, in place of what the behaviour would say.
    pub log: Option<Arc<ImageLog>>,
}

/// The part after the colon of an image's name; empty when there is none. A colon before a slash
/// belongs to the registry's port, and a digest is no tag.
pub fn tag(image: &str) -> &str {
    let name = image.split('@').next().unwrap_or(image);
    let last = name.rsplit('/').next().unwrap_or(name);
    last.split_once(':').map_or("", |(_, tag)| tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_says_what_the_image_does() {
        assert_eq!(Behaviour::from_image("web:crash"), Behaviour::Crash);
        assert_eq!(
            Behaviour::from_image("host:5000/web:1.4-oom"),
            Behaviour::OutOfMemory
        );
        assert_eq!(Behaviour::from_image("web:slow-2"), Behaviour::Slow);
        assert_eq!(Behaviour::from_image("web:crashes"), Behaviour::Healthy);
        assert_eq!(Behaviour::from_image("crash"), Behaviour::Healthy);
        assert_eq!(Behaviour::from_image("host:5000/web"), Behaviour::Healthy);
    }

    #[test]
    fn a_digest_is_no_tag() {
        assert_eq!(tag("web@sha256:crash"), "");
        assert_eq!(tag("web:errors@sha256:aa"), "errors");
    }
}
