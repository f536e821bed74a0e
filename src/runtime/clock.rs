//! The time as the cockpit sees it.

use std::fmt;
use std::sync::Arc;
use std::sync::OnceLock;

use jiff::Timestamp;

type Reading = Box<dyn Fn() -> Timestamp + Send + Sync>;

/// Tells the time. In a demo it is the simulator's, once that has started.
#[derive(Clone, Default)]
pub struct Clock {
    own: Arc<OnceLock<Reading>>,
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.own.get().is_some() {
            "Clock(own)"
        } else {
            "Clock(system)"
        };
        f.write_str(kind)
    }
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// Replaces the system's clock, once.
    pub fn set(&self, reading: impl Fn() -> Timestamp + Send + Sync + 'static) {
        let _already_set = self.own.set(Box::new(reading));
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.own
            .get()
            .map_or_else(Timestamp::now, |reading| reading())
    }
}
