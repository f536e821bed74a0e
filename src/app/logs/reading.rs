//! How log lines are read: where one is, and how lines look.

use std::collections::BTreeSet;

use super::panel::Stacked;
use crate::app::logs_range::Range;
use crate::domain::logs::buffer::LineId;
use crate::domain::logs::fields::FieldPath;
use crate::domain::logs::level::Level;
use crate::domain::logs::search::Search;

/// Where one reads. Lines may come above and below without moving what is on screen.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line under the cursor.
    pub cursor: LineId,
    /// The lowest line on screen, as it was last drawn.
    pub bottom: LineId,
}

/// What stands in front of each line.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub enum Times {
    /// The time of day in the zone of the configuration.
    #[default]
    Configured,
    /// The time of day in UTC.
    Utc,
    /// How long ago it was.
    Ago,
    /// Nothing.
    Off,
}

impl Times {
    /// The next one. Where the configuration chooses UTC already, it is not offered twice.
    #[must_use]
    pub fn next(self, configured_utc: bool) -> Self {
        match self {
            Self::Configured if configured_utc => Self::Ago,
            Self::Configured => Self::Utc,
            Self::Utc => Self::Ago,
            Self::Ago => Self::Off,
            Self::Off => Self::Configured,
        }
    }
}

/// What the colours of a line's beginning tell apart.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub enum Hue {
    /// The old and the new side of the release.
    #[default]
    Release,
    /// The tasks.
    Task,
}

/// How lines of JSON are shown.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub enum JsonForm {
    /// As they came.
    #[default]
    Raw,
    /// Reduced to the chosen fields.
    Reduced,
    /// On several rows, indented.
    Pretty,
}

/// What is looked for from line to line.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// What the search finds.
    Match,
    /// An error.
    Error,
    /// A line that the person marked.
    Mark,
}

/// The way to the next line of a kind, while there are lines to look through.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Seek {
    /// What is looked for.
    pub target: Target,
    /// Whether towards newer lines.
    pub forwards: bool,
    /// The line to go on from.
    pub from: LineId,
}

/// A search: what it finds is marked, and can be gone to.
#[derive(Clone, Debug, PartialEq)]
pub struct Searching {
    /// The search as it was typed.
    pub text: String,
    /// The search, ready for lines.
    pub search: Search,
}

/// How the lines are read.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is switched by a key of its own, whatever the others are"
)]
#[derive(Clone, Debug, PartialEq, Default)]
pub struct LogsState {
    /// Where one reads; `None` follows the newest line.
    pub place: Option<Place>,
    /// Whether reading stays where it is even at the newest line.
    pub paused: bool,
    /// Whether long lines are wrapped.
    pub wrap: bool,
    /// What stands in front of each line.
    pub times: Times,
    /// What the colours tell apart.
    pub hue: Hue,
    /// How lines of JSON are shown.
    pub json: JsonForm,
    /// Paths of the fields that lines of JSON are reduced to.
    pub fields: Vec<FieldPath>,
    /// Whether the old and the new side stand beside each other.
    pub side_by_side: bool,
    /// Whether the counts per minute are shown; `None` where there is room for them and two sides to
    /// compare.
    pub histogram: Option<bool>,
    /// Whether the lines have the whole screen.
    pub full_screen: bool,
    /// Lines below this level are hidden.
    pub level: Option<Level>,
    /// Lines that are shown before and after each one that passes the filters.
    pub around: usize,
    /// The filters that stand on each other.
    pub rules: Vec<Stacked>,
    /// What is searched for and marked.
    pub search: Option<Searching>,
    /// The way to a line that is being looked for.
    pub seek: Option<Seek>,
    /// Lines that the person marked.
    pub marks: BTreeSet<LineId>,
    /// The line at which a selection began; it goes to the cursor.
    pub selected_from: Option<LineId>,
    /// The time that is shown; `None` until the screen is in place.
    pub range: Option<Range>,
    /// Whether the filters are set aside to show what stands around a line.
    pub surroundings: bool,
}

impl LogsState {
    /// Whether the newest line is followed.
    pub fn follows(&self) -> bool {
        self.place.is_none()
    }

    /// The first and the last line of the selection.
    pub fn selection(&self) -> Option<(LineId, LineId)> {
        let (from, to) = (self.selected_from?, self.place?.cursor);
        Some((from.min(to), from.max(to)))
    }
}
