//! How every call is made: after its budget, timed, and with a failure that a person can read.

use std::future::Future;
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::Aws;
use super::budget::Group;
use super::cache::Spared;
use super::connection::Clients;
use super::failure::{from_sdk, of_kind};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::text::printable;

/// How long a call that failed for a reason that lasts is not made again.
const SPARED: Duration = Duration::from_mins(10);

/// An AWS operation and the group of operations that AWS counts it in.
#[derive(Copy, Clone, Debug)]
pub(super) struct Operation {
    /// The IAM action, such as `ecs:ListClusters`.
    pub(super) name: &'static str,
    /// The group whose budget it takes from.
    pub(super) group: Group,
}

impl Operation {
    /// Names an operation.
    pub(super) const fn new(name: &'static str, group: Group) -> Self {
        Self { name, group }
    }
}

impl Aws {
    /// Makes one call: waits for the group's budget, sends, and takes note of a throttle.
    pub(super) async fn call<T, E, Answer>(
        &self,
        operation: Operation,
        request: impl FnOnce(&Clients) -> Answer,
    ) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        Answer: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        if self.context().region.is_none() {
            let message = "no Region is named by a flag, the environment or the profile";
            return Err(of_kind(operation.name, FailureKind::NoRegion, message));
        }
        self.inner.budget.admit(operation.group, self.urgency).await;
        let clients = self.clients();
        let started = Instant::now();
        let answer = request(&clients).await;
        let milliseconds = started.elapsed().as_millis();
        match answer {
            Ok(answer) => {
                tracing::debug!("{} answered in {milliseconds} ms", operation.name);
                Ok(answer)
            }
            Err(error) => {
                let failure = self.naming_profile(from_sdk(operation.name, &error));
                tracing::debug!(
                    "{} failed in {milliseconds} ms: {} ({})",
                    operation.name,
                    failure.short(),
                    failure.message
                );
                if failure.kind == FailureKind::Throttled {
                    self.inner.budget.throttled(operation.group);
                }
                Err(failure)
            }
        }
    }
}

impl Aws {
    /// Makes a call that others can do without. Where it is not allowed, or the endpoint does not
    /// have it, it is not made again for ten minutes, and fails as it did: what depends on it is asked for
    /// at its own pace all the same. `about` is what a permission could be given for.
    pub(super) async fn call_spared<T, E, Answer>(
        &self,
        operation: Operation,
        about: &str,
        request: impl FnOnce(&Clients) -> Answer,
    ) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        Answer: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let key = (operation.name, about.to_owned());
        if let Some(known) = self.caches().spared.get(&key)
            && known.at.elapsed() < SPARED
        {
            return Err(known.failure.clone());
        }
        let answer = self.call(operation, request).await;
        if let Err(failure) = &answer
            && failure.is_lasting()
        {
            let failure = failure.clone();
            let at = Instant::now();
            self.caches().spared.insert(key, Spared { failure, at });
        }
        answer
    }

    /// Says which profile has no credentials: that tells a mistyped name from a missing sign-in.
    fn naming_profile(&self, mut failure: Failure) -> Failure {
        let about_credentials = matches!(
            failure.kind,
            FailureKind::NoCredentials | FailureKind::ExpiredCredentials
        );
        if let (true, Some(profile)) = (about_credentials, &self.context().profile)
            && !failure.message.contains(profile.as_str())
        {
            failure.message = format!("profile {}: {}", printable(profile), failure.message);
        }
        failure
    }
}

/// Walks the pages of a list.
#[derive(Debug)]
pub(super) struct Pages {
    call: &'static str,
    token: Option<String>,
}

impl Pages {
    /// Before the first page.
    pub(super) fn of(operation: Operation) -> Self {
        Self {
            call: operation.name,
            token: None,
        }
    }

    /// Before the page that a token names; `None` for the first one.
    pub(super) fn after(operation: Operation, token: Option<String>) -> Self {
        Self {
            call: operation.name,
            token,
        }
    }

    /// The token of the page to ask for; `None` for the first one.
    pub(super) fn token(&self) -> Option<String> {
        self.token.clone()
    }

    /// Takes the token that came with a page; tells whether there is another page. The same token
    /// twice would never end: it is a failure, not the end, so that no list is cut silently.
    pub(super) fn more(&mut self, next: Option<String>) -> Result<bool, Failure> {
        let next = next.filter(|token| !token.is_empty());
        if next.is_some() && next == self.token {
            let message = "the endpoint named the same next page twice";
            return Err(of_kind(self.call, FailureKind::Garbled, message));
        }
        self.token = next;
        Ok(self.token.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_end_at_no_token_or_an_empty_one() {
        let operation = Operation::new("ecs:ListClusters", Group::ClusterReads);
        let mut pages = Pages::of(operation);
        assert_eq!(pages.token(), None);
        assert_eq!(pages.more(Some("a".into())), Ok(true));
        assert_eq!(pages.token(), Some("a".into()));
        assert_eq!(pages.more(Some(String::new())), Ok(false));
        assert_eq!(Pages::of(operation).more(None), Ok(false));
    }

    #[test]
    fn a_token_that_repeats_is_a_failure() {
        let mut pages = Pages::of(Operation::new("ecs:ListClusters", Group::ClusterReads));
        assert_eq!(pages.more(Some("a".into())), Ok(true));
        assert_eq!(
            pages.more(Some("a".into())).unwrap_err().kind,
            FailureKind::Garbled
        );
    }
}
