//! Where data comes from: an account and a Region, seen through one set of credentials.

use std::fmt;

use serde::Serialize;

/// Names one context within a run of the program. Everything fetched is stored under it, so that
/// data of one account can never appear as another's.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ContextId(pub u16);

/// A profile with its Region and endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// The id within this run.
    pub id: ContextId,
    /// The profile's name; `None` when the credentials come from elsewhere in the chain.
    pub profile: Option<String>,
    /// The Region that calls go to; `None` when none could be found.
    pub region: Option<String>,
    /// The endpoint, where it is not AWS's own.
    pub endpoint: Option<String>,
    /// Whether this is the embedded simulated AWS.
    pub demo: bool,
}

/// Who the calls are made as: the answer of STS `GetCallerIdentity`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// The 12-digit account id.
    pub account: String,
    /// The caller's ARN.
    pub arn: String,
}

impl Identity {
    /// The caller's name as a person would say it: the user, or the role with its session.
    pub fn short(&self) -> &str {
        caller_name(&self.arn)
    }
}

/// A caller as a person would say it, by an ARN: the user, or the role with its session.
pub fn caller_name(arn: &str) -> &str {
    let resource = arn.rsplit(':').next().unwrap_or(arn);
    resource.split_once('/').map_or(resource, |(_, name)| name)
}

/// An identifier together with the context it was read from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scoped<T> {
    /// The context that the identifier belongs to.
    pub context: ContextId,
    /// The identifier.
    pub id: T,
}

impl<T> Scoped<T> {
    /// Ties an identifier to a context.
    pub fn new(context: ContextId, id: T) -> Self {
        Self { context, id }
    }
}

impl<T: fmt::Display> fmt::Display for Scoped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_named_by_its_user_or_role_session() {
        let short = |arn: &str| {
            Identity {
                account: "1".into(),
                arn: arn.into(),
            }
            .short()
            .to_owned()
        };
        assert_eq!(short("arn:aws:iam::1:user/ann"), "ann");
        assert_eq!(
            short("arn:aws:sts::1:assumed-role/oncall/ann"),
            "oncall/ann"
        );
        assert_eq!(short("arn:aws:iam::1:root"), "root");
    }
}
