//! Signals that end a run early.

#[cfg(not(unix))]
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::source::Interrupt;

/// SIGINT and SIGTERM, which no longer end the process once this listens for them.
#[cfg(unix)]
pub(super) struct Signals {
    int: Option<tokio::signal::unix::Signal>,
    term: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    pub(super) fn listen() -> Signals {
        use tokio::signal::unix::{SignalKind, signal};
        // A signal that cannot be listened for keeps its default action.
        Signals { int: signal(SignalKind::interrupt()).ok(), term: signal(SignalKind::terminate()).ok() }
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Interrupt> {
        let both = [(&mut self.int, Interrupt::Int), (&mut self.term, Interrupt::Term)];
        for (signal, interrupt) in both {
            if let Some(signal) = signal
                && let Poll::Ready(Some(())) = signal.poll_recv(context)
            {
                return Poll::Ready(interrupt);
            }
        }
        Poll::Pending
    }
}

#[cfg(not(unix))]
pub(super) struct Signals(Pin<Box<dyn Future<Output = std::io::Result<()>> + Send>>);

#[cfg(not(unix))]
impl Signals {
    pub(super) fn listen() -> Signals {
        Signals(Box::pin(tokio::signal::ctrl_c()))
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Interrupt> {
        match self.0.as_mut().poll(context) {
            Poll::Ready(Ok(())) => {
                *self = Signals::listen();
                Poll::Ready(Interrupt::Int)
            }
            _ => Poll::Pending,
        }
    }
}
