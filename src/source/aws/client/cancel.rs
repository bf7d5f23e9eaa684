//! Cancellation: the reasons to end a run early, and the time that calls in flight have left.

use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use crate::source::Unread;

/// The time that calls in flight have to finish after the cancellation.
pub(in crate::source::aws) const DRAIN_TIMEOUT: Duration = Duration::from_secs(2);

/// The reason that no new work may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::aws) enum CancelReason {
    Signal,
    /// The time limit of the run has passed.
    TimeLimit(Duration),
}

impl CancelReason {
    /// The reason as a clause.
    pub(in crate::source::aws) fn reason(self) -> String {
        match self {
            CancelReason::Signal => "interrupted".to_owned(),
            CancelReason::TimeLimit(limit) => format!("the time limit of {} has passed", written(limit)),
        }
    }

    /// The failure of what was not read because of it.
    pub(in crate::source::aws) fn unread(self, target: String, what: &str) -> Unread {
        Unread {
            help: Some(
                "give more time with `--timeout`, or read less with `--pool` or `--region`".to_owned(),
            ),
            ..Unread::new(target, format!("{}; {what}", self.reason()))
        }
    }
}

/// A duration as `--timeout` takes it.
fn written(limit: Duration) -> String {
    let seconds = limit.as_secs();
    match seconds {
        _ if limit.subsec_nanos() != 0 => format!("{} ms", limit.as_millis()),
        _ if seconds.is_multiple_of(3600) => format!("{}h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

/// Receives the reason of the cancellation. `None` until then.
pub(in crate::source::aws) type CancelSignal = watch::Receiver<Option<CancelReason>>;

/// Waits for the cancellation.
pub(in crate::source::aws) async fn cancelled(mut signal: CancelSignal) -> CancelReason {
    loop {
        let cancelled = *signal.borrow_and_update();
        if let Some(cancelled) = cancelled {
            return cancelled;
        }
        if signal.changed().await.is_err() {
            // The sender is gone, and the run with it.
            return CancelReason::Signal;
        }
    }
}

/// Waits for the cancellation, and then for the drain timeout.
pub(in crate::source::aws) async fn cancelled_and_drained(signal: CancelSignal) -> CancelReason {
    let cancelled = cancelled(signal).await;
    sleep(DRAIN_TIMEOUT).await;
    cancelled
}

/// Does work until it is done, or until `other` is: then the result of `other` is the error.
pub(in crate::source::aws) async fn until<T, E>(
    other: impl Future<Output = E>,
    work: impl Future<Output = T>,
) -> Result<T, E> {
    let (mut other, mut work) = (pin!(other), pin!(work));
    std::future::poll_fn(|context| match other.as_mut().poll(context) {
        Poll::Ready(end) => Poll::Ready(Err(end)),
        Poll::Pending => work.as_mut().poll(context).map(Ok),
    })
    .await
}

/// The failure of this program itself.
pub(in crate::source::aws) fn crashed(how: &str) -> Unread {
    Unread {
        help: Some("this is a mistake in cognito-lint: please report it".to_owned()),
        ..Unread::new("live AWS".to_owned(), format!("the reader crashed: {how}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_written_as_the_option_takes_it() {
        for (seconds, text) in [(1, "1s"), (60, "1m"), (90, "90s"), (600, "10m"), (7200, "2h")] {
            let cancelled = CancelReason::TimeLimit(Duration::from_secs(seconds));
            assert_eq!(cancelled.reason(), format!("the time limit of {text} has passed"));
        }
    }
}
