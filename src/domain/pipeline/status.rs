//! The statuses of pipelines, and what they mean.

macro_rules! status {
    (
        $(#[$doc:meta])* $name:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// One that this version does not know, by its name.
            Unknown(String),
        }

        impl $name {
            /// Reads the word that AWS writes.
            pub fn from_name(name: &str) -> Self {
                match name {
                    $($word => Self::$variant,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }

            /// The word as AWS writes it.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Unknown(name) => name,
                }
            }
        }
    };
}

status! {
    /// How the executions of a pipeline share it (`ExecutionMode`).
    ExecutionMode {
        /// They wait for each other in order.
        Queued = "QUEUED",
        /// A newer one takes the place of an older one that waits.
        Superseded = "SUPERSEDED",
        /// Each goes its own way; a stage can hold many.
        Parallel = "PARALLEL",
    }
}

status! {
    /// How an execution of a pipeline stands (`PipelineExecutionStatus`).
    ExecutionStatus {
        /// The pipeline was changed while it ran.
        Cancelled = "Cancelled",
        /// It runs, or waits at a stage.
        InProgress = "InProgress",
        /// Somebody stopped it.
        Stopped = "Stopped",
        /// Somebody stops it: actions under way end first.
        Stopping = "Stopping",
        /// It went through all stages.
        Succeeded = "Succeeded",
        /// A newer one took its place while it waited: no failure.
        Superseded = "Superseded",
        /// An action failed.
        Failed = "Failed",
    }
}

impl ExecutionStatus {
    /// Whether nothing more happens to it. An unknown status counts as not over, so that it stays
    /// watched.
    pub fn is_over(&self) -> bool {
        matches!(
            self,
            Self::Cancelled | Self::Stopped | Self::Succeeded | Self::Superseded | Self::Failed
        )
    }
}

status! {
    /// How an execution stands in a stage (`StageExecutionStatus`).
    StageStatus {
        /// The pipeline was changed while it was there.
        Cancelled = "Cancelled",
        /// Its actions run, or it waits at the entry.
        InProgress = "InProgress",
        /// An action or a condition failed.
        Failed = "Failed",
        /// Somebody stopped it.
        Stopped = "Stopped",
        /// Somebody stops it.
        Stopping = "Stopping",
        /// All actions succeeded.
        Succeeded = "Succeeded",
        /// A condition let it pass by.
        Skipped = "Skipped",
    }
}

status! {
    /// How an action stands (`ActionExecutionStatus`).
    ActionStatus {
        /// It runs, or waits for a person.
        InProgress = "InProgress",
        /// Its execution was stopped without waiting for it.
        Abandoned = "Abandoned",
        /// It ended well.
        Succeeded = "Succeeded",
        /// It failed, or was rejected.
        Failed = "Failed",
    }
}

status! {
    /// How a condition or one of its rules stands (`ConditionExecutionStatus`).
    ConditionStatus {
        /// It is looked at.
        InProgress = "InProgress",
        /// It does not hold.
        Failed = "Failed",
        /// It could not be looked at.
        Errored = "Errored",
        /// It holds.
        Succeeded = "Succeeded",
        /// Its execution was cancelled.
        Cancelled = "Cancelled",
        /// Its execution was stopped.
        Abandoned = "Abandoned",
        /// Somebody let the execution pass all the same.
        Overridden = "Overridden",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_as_they_came() {
        for word in ["InProgress", "Superseded", "Paused"] {
            assert_eq!(ExecutionStatus::from_name(word).name(), word);
        }
        assert_eq!(
            ExecutionMode::from_name("PARALLEL"),
            ExecutionMode::Parallel
        );
        assert!(!ExecutionStatus::from_name("Paused").is_over());
        assert!(ExecutionStatus::from_name("Superseded").is_over());
    }
}
