//! Follows the clock of a simulated AWS that runs in another process.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::net::TcpStream;

/// How often the clock is read: it can be paused, advanced and sped up at any moment.
const PACE: Duration = Duration::from_millis(100);
/// How long one reading may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What `GET /_sim/clock` answers, as far as it matters here.
#[derive(Copy, Clone, Debug, Deserialize)]
struct Reading {
    /// Seconds since the epoch.
    now: f64,
    speed: f64,
    paused: bool,
}

/// What `GET /_sim/scenario` answers, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Scenario {
    #[serde(default)]
    regions: Vec<Place>,
}

#[derive(Debug, Deserialize)]
struct Place {
    region: String,
}

/// Tells the simulator's time between two readings of its clock.
pub(super) struct SimClockFollower {
    last: Arc<Mutex<(Reading, Instant)>>,
    region: String,
}

impl SimClockFollower {
    /// Reads the clock once, and goes on reading it. Fails when nothing that answers like a
    /// simulated AWS is there.
    pub(super) async fn start(endpoint: &str) -> anyhow::Result<Self> {
        let address = endpoint
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned();
        let first: Reading = get(&address, "/_sim/clock").await.with_context(|| {
            format!("no simulated AWS answers at {endpoint}; start one with: cutover sim")
        })?;
        let scenario: Scenario = get(&address, "/_sim/scenario").await?;
        let region = scenario
            .regions
            .into_iter()
            .next()
            .map(|place| place.region);
        let last = Arc::new(Mutex::new((first, Instant::now())));
        tokio::spawn(follow(address, last.clone()));
        Ok(Self {
            last,
            region: region.unwrap_or_else(|| "us-east-1".to_owned()),
        })
    }

    /// The region of the simulator's world.
    pub(super) fn region(&self) -> &str {
        &self.region
    }

    /// The simulated time.
    pub(super) fn now(&self) -> Timestamp {
        let (reading, at) = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let speed = if reading.paused { 0.0 } else { reading.speed };
        let seconds = reading.now + at.elapsed().as_secs_f64() * speed;
        SignedDuration::try_from_secs_f64(seconds)
            .ok()
            .and_then(|since| Timestamp::UNIX_EPOCH.checked_add(since).ok())
            .unwrap_or_default()
    }
}

async fn follow(address: String, last: Arc<Mutex<(Reading, Instant)>>) {
    loop {
        tokio::time::sleep(PACE).await;
        match get::<Reading>(&address, "/_sim/clock").await {
            Ok(reading) => {
                *last.lock().unwrap_or_else(PoisonError::into_inner) = (reading, Instant::now());
            }
            Err(error) => tracing::debug!("the simulator's clock could not be read: {error:#}"),
        }
    }
}

async fn get<T: for<'de> Deserialize<'de>>(address: &str, path: &str) -> anyhow::Result<T> {
    tokio::time::timeout(PATIENCE, request(address, path))
        .await
        .context("no answer in time")?
}

async fn request<T: for<'de> Deserialize<'de>>(address: &str, path: &str) -> anyhow::Result<T> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let request = hyper::Request::get(path)
        .header("host", address)
        .body(Empty::<Bytes>::new())?;
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    let body = answer.into_body().collect().await?.to_bytes();
    drop(sender);
    connection.abort();
    if !status.is_success() {
        bail!("HTTP {status}");
    }
    Ok(serde_json::from_slice(&body)?)
}
