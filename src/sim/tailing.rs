//! Sends what a live tail shows, second by second of the simulator's clock.

use hyper::Response;
use tokio::sync::{mpsc, watch};

use super::clock::{SimClock, SimTime};
use super::server::{Shared, lock};
use super::sessions::{SessionId, Step};
use super::wire::reply::{Piece, ReplyBody, event_stream};

/// A session that is open. It is closed when this goes, however that happens.
pub(super) struct Open {
    shared: Shared,
    id: SessionId,
}

impl Drop for Open {
    fn drop(&mut self) {
        lock(&self.shared).close_session(self.id);
    }
}

impl Open {
    pub fn new(shared: Shared, id: SessionId) -> Self {
        Self { shared, id }
    }

    /// The answer, whose body a task fills as long as somebody reads it.
    pub fn into_response(self, request_id: &str) -> Response<ReplyBody> {
        // One message waits while another is sent; a client that reads slowly is not waited for
        // with memory, as each message is made when there is room for it.
        let (pieces, body) = mpsc::channel(1);
        let tasks = self.shared.tasks.clone();
        tasks.spawn(self.send(pieces));
        event_stream(request_id, body)
    }

    async fn send(self, pieces: mpsc::Sender<Piece>) {
        let stop = self.shared.stop.clone();
        tokio::select! {
            () = stop.cancelled() => {}
            () = pieces.closed() => {}
            () = self.send_all(&pieces) => {}
        }
    }

    async fn send_all(&self, pieces: &mpsc::Sender<Piece>) {
        let clock = lock(&self.shared).clock();
        let mut changes = clock.changes();
        loop {
            // A change from here on is not missed, since it makes the wait below end at once.
            changes.mark_unchanged();
            let step = lock(&self.shared).session_step(self.id);
            match step {
                Step::Send(bytes) => {
                    if pieces.send(Ok(bytes.into())).await.is_err() {
                        return;
                    }
                }
                Step::Wait(due) => wait(&clock, due, &mut changes).await,
                Step::Hang => wait_for_change(&mut changes).await,
                Step::Close => return,
                Step::Break => {
                    let error = std::io::Error::other("the session is broken off on purpose");
                    // Without a reader there is nothing left to break.
                    let _ = pieces.send(Err(error)).await;
                    return;
                }
            }
        }
    }
}

/// Waits until the clock shows `due`, or somebody changes the clock.
async fn wait(clock: &SimClock, due: SimTime, changes: &mut watch::Receiver<()>) {
    match clock.real_time_until(due) {
        None => wait_for_change(changes).await,
        Some(left) => {
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                () = wait_for_change(changes) => {}
            }
        }
    }
}

async fn wait_for_change(changes: &mut watch::Receiver<()>) {
    if changes.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}
