//! Reads live pools through the Amazon Cognito user pools API.
//!
//! The SDK handles credentials, signing, endpoints and errors. This module paces and retries calls itself
//! (`client`), and passes on the raw body of an answer, since the SDK's types drop members that they do not know.

mod client;
mod accounts;
mod select;
mod pools;
mod signals;
mod run;
mod look_up;

use std::thread::JoinHandle;

use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::Delivery;
use super::live::{Request, Secrets};
use client::crashed;
pub use look_up::look_up;

/// Deliveries that are buffered for the reader. A pool takes some kilobytes.
const WAITING: usize = 64;

/// Reads pools in the background, in no particular order. Dropping the iterator stops the run.
///
/// SIGINT and SIGTERM end the run early with [`Delivery::Interrupted`].
pub fn read(request: Request) -> impl Iterator<Item = Delivery> + Send {
    let (sender, receiver) = channel(WAITING);
    let secrets = request.secrets.clone();
    let started =
        std::thread::Builder::new().name("aws".to_owned()).spawn(move || read_here(request, sender));
    let (thread, failed) = match started {
        Ok(thread) => (Some(thread), None),
        Err(error) => (None, Some(error.to_string())),
    };
    Deliveries { receiver, secrets, thread, failed }
}

/// Reads on this thread until the run ends. One thread is enough: the quota of a Region is a few calls a second.
fn read_here(request: Request, out: Sender<Delivery>) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            _ = out.blocking_send(Delivery::Unread(crashed(&error.to_string())));
            return;
        }
    };
    runtime.block_on(run::run(request, out));
    // A DNS lookup may still hang; do not wait for it.
    runtime.shutdown_background();
}

struct Deliveries {
    receiver: Receiver<Delivery>,
    secrets: Secrets,
    thread: Option<JoinHandle<()>>,
    /// The reason that the thread could not be started.
    failed: Option<String>,
}

impl Iterator for Deliveries {
    type Item = Delivery;

    fn next(&mut self) -> Option<Delivery> {
        if let Some(delivery) = self.receiver.blocking_recv() {
            return Some(self.secrets.mask(delivery));
        }
        // A crash must not look like the end of the run.
        let crash = match self.thread.take().map(JoinHandle::join) {
            Some(Err(_)) => Some("its thread panicked".to_owned()),
            Some(Ok(())) => None,
            None => self.failed.take(),
        };
        crash.map(|how| Delivery::Unread(crashed(&how)))
    }
}
