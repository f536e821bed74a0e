//! The Lambda functions that validate a deployment.

use crate::sim::world::engine::timing::Range;

/// What a function says in the end.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum HookOutcome {
    /// That all is well, after some seconds.
    #[default]
    Succeeds,
    /// That something is wrong, after some seconds.
    Fails,
    /// Nothing, so that the hook times out.
    Hangs,
}

/// A function takes so long, in milliseconds.
pub const HOOK: Range = Range::new(8_000, 14_000);
/// A hook without a function is over at once, in milliseconds.
pub const NO_HOOK: Range = Range::new(150, 600);
/// CodeDeploy waits this long for the answer of a function, in milliseconds: an hour, as the
/// reference of AppSpec hooks says.
pub const HOOK_TIMEOUT: i64 = 3_600_000;

impl HookOutcome {
    /// Every outcome with the word that names it in a scenario, and in the name of a function.
    pub const WORDS: [(&'static str, Self); 3] = [
        ("succeed", Self::Succeeds),
        ("fail", Self::Fails),
        ("hang", Self::Hangs),
    ];

    /// The outcome that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, outcome)| *outcome)
    }

    /// What a function of this name or ARN does: one of the parts of its name between dashes may
    /// be the word for it, as in `validate-fail`.
    pub fn of_function(function: &str) -> Self {
        function
            .split(['-', '_', ':'])
            .find_map(Self::from_word)
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_function_says_what_it_does() {
        for (name, outcome) in [
            ("validate", HookOutcome::Succeeds),
            ("validate-fail", HookOutcome::Fails),
            ("CodeDeployHook_hang", HookOutcome::Hangs),
            (
                "arn:aws:lambda:r:1:function:check-fail:3",
                HookOutcome::Fails,
            ),
            ("failover", HookOutcome::Succeeds),
        ] {
            assert_eq!(HookOutcome::of_function(name), outcome, "{name}");
        }
    }
}
