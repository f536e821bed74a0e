//! Where the value of each setting came from.

use std::collections::BTreeMap;
use std::fmt;

use super::finding::Place;

/// The source that won for one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing was said about it.
    Default,
    /// A line of the file, or a variable of cutover.
    Place(Place),
    /// A variable that the AWS SDK reads itself. It wins over the file, so the file's value is
    /// dropped and the choice is left to the SDK.
    Sdk(&'static str),
    /// A flag, with its dashes.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::Place(place) => write!(formatter, "{place}"),
            Self::Sdk(name) => write!(
                formatter,
                "environment variable {name}, read by the AWS SDK"
            ),
            Self::Flag(name) => write!(formatter, "flag {name}"),
        }
    }
}

/// The origin of every setting that does not have its default, by the setting's path. A key of
/// one's own is found under `keys.ACTION`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    by_path: BTreeMap<String, Origin>,
}

impl Origins {
    /// Where the setting at `path` came from.
    pub fn of(&self, path: &str) -> &Origin {
        self.by_path.get(path).unwrap_or(&Origin::Default)
    }

    /// Notes the origin of a setting. The last note wins, as the last source does.
    pub fn note(&mut self, path: &str, origin: Origin) {
        self.by_path.insert(path.to_owned(), origin);
    }
}
