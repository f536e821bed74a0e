//! Application Auto Scaling: between which counts a service is kept, and what of it is suspended.

/// A service that is scaled (Application Auto Scaling API reference, `ScalableTarget`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScalableTarget {
    /// The fewest tasks.
    pub min: u32,
    /// The most tasks.
    pub max: u32,
    /// Whether policies do not scale to fewer tasks.
    pub in_suspended: bool,
    /// Whether policies do not scale to more tasks.
    pub out_suspended: bool,
    /// Whether schedules do not scale.
    pub scheduled_suspended: bool,
}

impl ScalableTarget {
    /// Whether this many tasks are within the bounds.
    pub fn allows(&self, desired: u32) -> bool {
        (self.min..=self.max).contains(&desired)
    }

    /// Whether nothing scales by itself.
    pub fn is_all_suspended(&self) -> bool {
        self.in_suspended && self.out_suspended && self.scheduled_suspended
    }

    /// What is suspended, in words.
    pub fn suspended(&self) -> Vec<&'static str> {
        [
            (self.in_suspended, "scaling in"),
            (self.out_suspended, "scaling out"),
            (self.scheduled_suspended, "scheduled scaling"),
        ]
        .into_iter()
        .filter_map(|(suspended, words)| suspended.then_some(words))
        .collect()
    }
}
