//! The HTTP server of the simulated AWS.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::clock::{SimClock, SimTime};
use super::control;
use super::simulation::{Outcome, Simulation};
use super::tailing;
use super::wire::reply::ReplyBody;
use super::wire::{self, Reply};
use super::world::accounts::Account;

/// The longest body that is read: AWS's own largest request here, `PutLogEvents`, is 1 MiB of
/// messages, which JSON may make several times longer.
const LONGEST_BODY: usize = 16 * 1024 * 1024;

/// How a simulated AWS is to be run.
#[derive(Clone, Debug)]
pub struct SimOptions {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The scenario by name or file; without one the world starts empty.
    pub scenario: Option<String>,
    /// Decides everything random. The same seed makes the same world with the same ids.
    pub seed: u64,
    /// Simulated seconds in a real second.
    pub speed: f64,
    /// Whether the clock stands still until somebody moves it.
    pub paused: bool,
    /// The simulated time of the start; without one it is the real time.
    pub start: Option<SimTime>,
    /// How many services the scenario makes, where it can be chosen.
    pub services: Option<u32>,
    /// How many clusters the scenario makes, where it can be chosen.
    pub clusters: Option<u32>,
    /// How many pipelines the scenario makes, where it can be chosen.
    pub pipelines: Option<u32>,
    /// Real time that every answer takes at least.
    pub latency: Duration,
    /// Whether AWS's token buckets throttle calls.
    pub limits: bool,
}

impl Default for SimOptions {
    /// An empty world on a free port of the loopback interface, in real time, with AWS's limits.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            scenario: None,
            seed: 1,
            speed: 1.0,
            paused: false,
            start: None,
            services: None,
            clusters: None,
            pipelines: None,
            latency: Duration::ZERO,
            limits: true,
        }
    }
}

/// Why a simulated AWS could not start.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// The address can't be listened on.
    #[error("failed to listen on {0}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The scenario can't be built.
    #[error(transparent)]
    Scenario(#[from] super::scenario::ScenarioError),
}

/// A simulated AWS that is running.
#[derive(Debug)]
pub struct SimServer {
    addr: SocketAddr,
    clock: SimClock,
    region: Option<String>,
    accounts: Vec<Account>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// What every connection needs.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    simulation: Arc<Mutex<Simulation>>,
    latency: Duration,
    /// Ends everything.
    pub stop: CancellationToken,
    /// Everything that has to end before the server has.
    pub tasks: TaskTracker,
}

impl SimServer {
    /// Builds the world and starts to listen.
    pub async fn start(options: SimOptions) -> Result<Self, SimError> {
        let (listen, latency) = (options.listen, options.latency);
        let start = options.start.unwrap_or_else(real_time);
        let simulation = Simulation::new(options, start)?;
        let clock = simulation.clock();
        let region = simulation.region().map(str::to_owned);
        let accounts = simulation.accounts().to_vec();
        let failed = |error| SimError::Listen(listen, error);
        let listener = TcpListener::bind(listen).await.map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let shared = Shared {
            simulation: Arc::new(Mutex::new(simulation)),
            latency,
            stop: stop.clone(),
            tasks: tasks.clone(),
        };
        tasks.spawn(accept(listener, shared));
        Ok(Self {
            addr,
            clock,
            region,
            accounts,
            stop,
            tasks,
        })
    }

    /// The address that it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The endpoint for AWS clients, such as `http://127.0.0.1:4577`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The region that the scenario's world is in; `us-east-1` for an empty world.
    pub fn region(&self) -> &str {
        self.region.as_deref().unwrap_or("us-east-1")
    }

    /// The accounts of the scenario's world, the default one first.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The clock of the simulated world.
    pub fn clock(&self) -> SimClock {
        self.clock.clone()
    }

    /// Closes every connection and waits until all have ended.
    pub async fn shutdown(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

fn real_time() -> SimTime {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    SimTime(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

async fn accept(listener: TcpListener, shared: Shared) {
    loop {
        tokio::select! {
            () = shared.stop.cancelled() => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    shared.tasks.spawn(serve(stream, shared.clone()));
                }
                // Out of file handles or a connection that went away again: other connections
                // go on, and this loop must not spin.
                Err(error) => {
                    tracing::warn!(%error, "the simulated AWS could not accept a connection");
                    tokio::task::yield_now().await;
                }
            },
        }
    }
}

async fn serve(stream: TcpStream, shared: Shared) {
    // Small answers must not wait for the acknowledgement of earlier ones.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "the simulated AWS could not set TCP_NODELAY");
    }
    let stop = shared.stop.clone();
    let service = service_fn(move |request| respond(request, shared.clone()));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        () = stop.cancelled() => {}
        result = connection => if let Err(error) = result {
            tracing::debug!(%error, "a connection to the simulated AWS ended early");
        },
    }
}

/// The call is dropped on purpose: the connection closes without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is dropped on purpose")]
struct Dropped;

async fn respond(
    request: Request<Incoming>,
    shared: Shared,
) -> Result<Response<ReplyBody>, Dropped> {
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, LONGEST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => {
            let reply = Reply::json(413, &json!({"error": error.to_string()}));
            return Ok(reply.into_response());
        }
    };
    if parts.uri.path().starts_with("/_sim/") {
        return Ok(command(&parts, &body, &shared).into_response());
    }
    match outcome(&parts, &body, &shared) {
        Outcome::Reply(reply, delay) => {
            let delay = delay + shared.latency;
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            Ok(reply.into_response())
        }
        Outcome::Session {
            id,
            request_id,
            delay,
        } => {
            let session = tailing::Open::new(shared.clone(), id);
            let delay = delay + shared.latency;
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            Ok(session.into_response(&request_id))
        }
        Outcome::Drop => Err(Dropped),
        Outcome::Hang => match std::future::pending::<Infallible>().await {},
    }
}

fn command(parts: &hyper::http::request::Parts, body: &Bytes, shared: &Shared) -> Reply {
    match control::understand(parts.method.as_str(), parts.uri.path(), body) {
        Ok(command) => lock(shared).control(command),
        Err(reply) => reply,
    }
}

fn outcome(parts: &hyper::http::request::Parts, body: &Bytes, shared: &Shared) -> Outcome {
    match wire::understand(parts.uri.path(), &parts.headers, body) {
        Ok(call) => lock(shared).call(&call, Instant::now()),
        Err(refusal) => lock(shared).refuse(&refusal),
    }
}

/// A panic in one call leaves a world that others can still look at.
pub(super) fn lock(shared: &Shared) -> MutexGuard<'_, Simulation> {
    shared
        .simulation
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}
