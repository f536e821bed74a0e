//! What the buffer holds, and what it gives out.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::logs::StreamName;
use crate::domain::logs::level::Level;

/// An entry of a buffer: given at its arrival, never changed, never given twice. Ids have the order
/// of what is shown, so that the place of an entry that is gone is still known.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct LineId {
    /// The milliseconds of the time that it is sorted by: its own, or that of the line that it
    /// belongs to.
    sorted_at: i64,
    /// Its number in the order of arrival.
    number: u64,
    /// How many numbers it is behind the line that it belongs to; 0 when it belongs to none.
    behind: u32,
    /// Milliseconds from the time that it is sorted by to its own.
    offset: u32,
}

impl LineId {
    /// An entry that stands for itself.
    pub(super) fn head(at: i64, number: u64) -> Self {
        Self {
            sorted_at: at,
            number,
            behind: 0,
            offset: 0,
        }
    }

    /// A line that belongs to another one; `None` when they are too far apart.
    pub(super) fn behind(self, at: i64, number: u64) -> Option<Self> {
        let head = self.head_number();
        Some(Self {
            sorted_at: self.sorted_at,
            number,
            behind: u32::try_from(number.checked_sub(head)?).ok()?,
            offset: u32::try_from(at.checked_sub(self.sorted_at)?).ok()?,
        })
    }

    /// Before everything of a time.
    pub(super) fn start_of(at: i64) -> Self {
        Self::head(at, 0)
    }

    /// The milliseconds of the time that it carries.
    pub(super) fn at(self) -> i64 {
        self.sorted_at + i64::from(self.offset)
    }

    /// The milliseconds of the time that it is sorted by.
    pub(super) fn sorted_at(self) -> i64 {
        self.sorted_at
    }

    pub(super) fn number(self) -> u64 {
        self.number
    }

    /// Whether it belongs to the line above it.
    pub(super) fn continues(self) -> bool {
        self.behind > 0
    }

    fn head_number(self) -> u64 {
        self.number - u64::from(self.behind)
    }
}

impl Ord for LineId {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |id: &Self| (id.sorted_at, id.head_number(), id.offset, id.number);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for LineId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How much a buffer may hold.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of memory, text and bookkeeping together. The oldest lines go when there are more.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 256 << 20 }
    }
}

/// What became of lines that were given to a buffer.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct Taken {
    /// Lines that were not there before.
    pub fresh: usize,
    /// Lines that were known already.
    pub doubled: usize,
    /// Lines that had to go to make room: the oldest ones.
    pub dropped: usize,
    /// Lines no later than some that had to go. Whether they were among those can't be told, and
    /// they are not taken in.
    pub too_old: usize,
}

/// A remark between the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The time that it stands at, in milliseconds; what is finer is cut.
    pub at: Timestamp,
    /// What it says.
    pub text: String,
}

/// A line of a buffer. Times are in milliseconds, as `CloudWatch` has them; what is finer is cut.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct LineRef<'a> {
    /// Which line it is.
    pub id: LineId,
    /// The time that it carries.
    pub at: Timestamp,
    /// When `CloudWatch` took it in, where that is known.
    pub ingested_at: Option<Timestamp>,
    /// Where it is.
    pub stream: &'a Arc<StreamName>,
    /// How grave it is. What belongs to another line has the level of that one.
    pub level: Option<Level>,
    /// Whether it belongs to the line above it, as the lines of a stack trace do.
    pub continues: bool,
    /// What it says, without control characters but for line breaks inside it.
    pub message: &'a str,
    /// The bytes of the whole message, where only the beginning was kept.
    pub cut: Option<usize>,
}

/// A remark of a buffer.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct MarkRef<'a> {
    /// Which remark it is.
    pub id: LineId,
    /// The time that it stands at.
    pub at: Timestamp,
    /// What it says.
    pub text: &'a str,
}

/// An entry of a buffer.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    /// A line.
    Line(LineRef<'a>),
    /// A remark between the lines.
    Mark(MarkRef<'a>),
}

impl<'a> Entry<'a> {
    /// Which entry it is.
    pub fn id(&self) -> LineId {
        match self {
            Self::Line(line) => line.id,
            Self::Mark(mark) => mark.id,
        }
    }

    /// The time that it carries.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Line(line) => line.at,
            Self::Mark(mark) => mark.at,
        }
    }

    /// The line, if it is one.
    pub fn line(self) -> Option<LineRef<'a>> {
        match self {
            Self::Line(line) => Some(line),
            Self::Mark(_) => None,
        }
    }
}

/// A time of so many milliseconds since the epoch.
pub(super) fn time(millisecond: i64) -> Timestamp {
    let farthest = if millisecond < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::from_millisecond(millisecond).unwrap_or(farthest)
}
