//! Everything that talks to AWS: the only place that names an `aws_*` crate.
//!
//! Domain types go in and come out, and every error is a
//! [`Failure`](crate::domain::failure::Failure). The SDK's own retries are
//! off: whoever polls asks again at its own pace, and a call that changes something is never sent
//! twice. Every call passes the budget of its group of operations first.

mod alarms;
mod answer;
mod autoscaling;
pub mod budget;
mod cache;
mod call;
mod clusters;
mod codedeploy;
mod codedeploy_lists;
mod connection;
mod convert;
mod failure;
mod identity;
mod images;
mod listeners;
mod live_tail;
mod load_balancers;
mod logs;
mod pipelines;
mod read_only;
mod register_copy;
mod send;
mod service_deployments;
mod services;
mod stream_host;
mod task_definitions;
mod tasks;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

pub use answer::{
    CodeDeployments, DesiredStatus, Found, PipelineExecutions, Sent, ServiceDeployments,
    TrafficReading,
};
pub use budget::{Group, Meter, Slowed, Urgency};
pub use connection::{ConnectOptions, Credentials, Timeouts};
pub use live_tail::{LiveEnd, LiveTail, LiveTailRequest, LiveUpdate};
pub use logs::{LogPage, LogReading, StreamPart};

use crate::domain::context::Context;
use budget::Budget;
use cache::Caches;
use connection::Clients;

/// AWS as one context sees it. A clone shares the clients, the budget and the caches.
#[derive(Clone)]
pub struct Aws {
    inner: Arc<Inner>,
    urgency: Urgency,
}

struct Inner {
    options: ConnectOptions,
    context: Context,
    clients: RwLock<Arc<Clients>>,
    budget: Budget,
    caches: Mutex<Caches>,
}

/// Makes the clients of a context. Never fails: what is missing (credentials, a Region) comes back
/// as the failure of each call.
///
/// Without a configured Region the chain ends at the instance metadata service, which can take
/// seconds to not answer: do not let the first frame wait for this.
pub async fn connect(options: ConnectOptions) -> Aws {
    let clients = Clients::load(&options, options.context.region.as_deref()).await;
    let named = options.context.profile.clone();
    let context = Context {
        profile: match options.credentials {
            Credentials::Chain => named.or_else(connection::profile_of_environment),
            Credentials::Fixed { .. } => named,
        },
        region: clients.region(),
        endpoint: clients.endpoint(),
        ..options.context.clone()
    };
    Aws {
        inner: Arc::new(Inner {
            options,
            context,
            clients: RwLock::new(Arc::new(clients)),
            budget: Budget::default(),
            caches: Mutex::default(),
        }),
        urgency: Urgency::Now,
    }
}

impl Aws {
    /// The context, with the profile, the Region and the endpoint filled in from the chain.
    pub fn context(&self) -> &Context {
        &self.inner.context
    }

    /// The same AWS for calls of another urgency.
    #[must_use]
    pub fn with_urgency(&self, urgency: Urgency) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            urgency,
        }
    }

    /// Reads the configuration and the credentials again, as after `aws sso login`. The Region
    /// stays what it was: a context never turns into another one.
    pub async fn reconnect(&self) {
        let region = self.inner.context.region.as_deref();
        let clients = Arc::new(Clients::load(&self.inner.options, region).await);
        let mut current = self
            .inner
            .clients
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *current = clients;
        drop(current);
        self.caches().spared.clear();
    }

    /// The calls of the last minute, and the groups that a throttle has slowed.
    pub fn meter(&self) -> Meter {
        self.inner.budget.meter()
    }

    fn clients(&self) -> Arc<Clients> {
        let current = self
            .inner
            .clients
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&current)
    }

    fn caches(&self) -> MutexGuard<'_, Caches> {
        locked(&self.inner.caches)
    }
}

/// Takes a lock. What it guards is whole after every statement, so that a panic elsewhere while it
/// was held does no harm.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
