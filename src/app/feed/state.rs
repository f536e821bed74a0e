//! How a feed goes, in words for the screen.

use jiff::Timestamp;

use crate::domain::failure::Failure;

/// How the lines come at the moment. With several log groups it is the way of the one that goes
/// worst.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum FeedMode {
    /// A Live Tail session is being opened, or the streams are not known yet.
    #[default]
    Connecting,
    /// Lines come by Live Tail within about a second.
    Live {
        /// When the session began.
        since: Timestamp,
    },
    /// Lines are asked for again and again.
    Polling {
        /// Why Live Tail is not used.
        why: PollReason,
    },
    /// A Live Tail session broke off or could not be opened, and is tried again; meanwhile lines are
    /// asked for.
    Reconnecting {
        /// How often it was tried in a row; at least 1.
        attempt: u32,
        /// What went wrong.
        why: Failure,
    },
    /// Everything up to the end of the time that is wanted was read.
    Complete,
}

/// Why Live Tail is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PollReason {
    /// The configuration says so.
    Configured,
    /// The identity may not use it.
    NotPermitted(Failure),
    /// The endpoint does not have it.
    NotAvailable(Failure),
    /// It failed several times in a row, and is tried again in a while.
    Failing(Failure),
    /// AWS throttles it.
    Throttled(Failure),
    /// The account has as many sessions as it may have.
    TooManySessions(Failure),
    /// More log groups than a feed opens sessions for.
    TooManyGroups,
    /// The account is not known yet, and with it the ARNs of the log groups.
    AccountUnknown,
}

impl PollReason {
    /// Why, in a few words that fit behind "polling: ".
    pub fn short(&self) -> &'static str {
        match self {
            Self::Configured => "Live Tail is off (logs.live)",
            Self::NotPermitted(_) => "logs:StartLiveTail is not permitted",
            Self::NotAvailable(_) => "there is no Live Tail here",
            Self::Failing(_) => "Live Tail fails, tried again in a while",
            Self::Throttled(_) => "Live Tail is throttled",
            Self::TooManySessions(_) => "the account has no Live Tail session left",
            Self::TooManyGroups => "too many log groups for Live Tail",
            Self::AccountUnknown => "the account is not known yet",
        }
    }

    /// The failure behind it, where there is one.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::NotPermitted(failure)
            | Self::NotAvailable(failure)
            | Self::Failing(failure)
            | Self::Throttled(failure)
            | Self::TooManySessions(failure) => Some(failure),
            Self::Configured | Self::TooManyGroups | Self::AccountUnknown => None,
        }
    }
}

impl FeedMode {
    /// How bad it is: the worst of several log groups is told.
    pub fn rank(&self) -> u8 {
        match self {
            Self::Complete => 0,
            Self::Live { .. } => 1,
            Self::Polling { .. } => 2,
            Self::Connecting => 3,
            Self::Reconnecting { .. } => 4,
        }
    }

    /// The way in a few words, for a status line.
    pub fn short(&self) -> String {
        match self {
            Self::Connecting => "connecting".to_owned(),
            Self::Live { .. } => "live".to_owned(),
            Self::Polling { why } => format!("polling: {}", why.short()),
            Self::Reconnecting { attempt: 1, why } => format!("reconnecting: {}", why.short()),
            Self::Reconnecting { attempt, why } => {
                format!("reconnecting, attempt {attempt}: {}", why.short())
            }
            Self::Complete => "all read".to_owned(),
        }
    }
}

/// What has been counted since the feed began.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct FeedTally {
    /// Live Tail sessions that began.
    pub sessions: u32,
    /// Sessions that broke off and were followed by another one, or are to be.
    pub reconnects: u32,
    /// Seconds of Live Tail in all, over all sessions. AWS bills begun minutes.
    pub live_seconds: u64,
    /// Updates of which AWS gave only a sample.
    pub sampled: u64,
    /// Pages of `FilterLogEvents` that were read.
    pub pages: u64,
    /// Moments whose lines are still to be read, as milliseconds.
    pub open_milliseconds: u64,
    /// Stretches of time that were given up because there were too many lines.
    pub gaps: u64,
}

impl FeedTally {
    /// The counts of two log groups together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            sessions: self.sessions.saturating_add(other.sessions),
            reconnects: self.reconnects.saturating_add(other.reconnects),
            live_seconds: self.live_seconds.saturating_add(other.live_seconds),
            sampled: self.sampled.saturating_add(other.sampled),
            pages: self.pages.saturating_add(other.pages),
            open_milliseconds: self.open_milliseconds.max(other.open_milliseconds),
            gaps: self.gaps.saturating_add(other.gaps),
        }
    }
}

/// How a feed goes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct FeedState {
    /// How lines come.
    pub mode: FeedMode,
    /// Everything that `CloudWatch` took in up to here was read; `None` while nothing is known to
    /// be complete.
    pub complete_until: Option<Timestamp>,
    /// When something came last, be it without lines.
    pub heard_at: Option<Timestamp>,
    /// Whether older lines are being read at the moment.
    pub filling: bool,
    /// What has been counted.
    pub tally: FeedTally,
}

impl FeedState {
    /// Whether everything up to a moment was read.
    pub fn has_read(&self, moment: Timestamp) -> bool {
        self.mode == FeedMode::Complete || self.complete_until >= Some(moment)
    }

    /// What it costs, where it costs more than the calls.
    pub fn costs(&self) -> Option<String> {
        let minutes = self.tally.live_seconds.div_ceil(60).max(1);
        matches!(self.mode, FeedMode::Live { .. }).then(|| format!("billed for {minutes} min"))
    }

    /// The states of two log groups as one.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let both = |one: Option<Timestamp>, two| Some(one?.min(two?));
        let worse = other.mode.rank() > self.mode.rank();
        Self {
            mode: if worse { other.mode } else { self.mode },
            complete_until: both(self.complete_until, other.complete_until),
            heard_at: both(self.heard_at, other.heard_at),
            filling: self.filling || other.filling,
            tally: self.tally.plus(other.tally),
        }
    }
}
