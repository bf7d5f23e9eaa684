//! Why a run ends before its work does, and how long what is under way may still take.

use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use crate::source::{About, Unread};

/// How long calls in flight may go on.
pub(super) const GRACE: Duration = Duration::from_secs(2);

/// What says that no work may start any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Signal,
    /// The time for the whole run is over.
    TimeLimit(Duration),
}

impl Stop {
    /// What happened, as a clause.
    pub(super) fn reason(self) -> String {
        match self {
            Stop::Signal => "interrupted".to_owned(),
            Stop::TimeLimit(limit) => format!("the time limit of {} has passed", written(limit)),
        }
    }

    /// What is said of that which was not read for it.
    pub(super) fn unread(self, target: String, what: &str) -> Unread {
        Unread {
            target,
            operation: None,
            code: None,
            message: format!("{}; {what}", self.reason()),
            help: Some(
                "give more time with `--timeout`, or read less with `--pool` or `--region`".to_owned(),
            ),
            at: None,
            about: About::default(),
        }
    }
}

/// As `--timeout` takes it.
fn written(limit: Duration) -> String {
    let seconds = limit.as_secs();
    match seconds {
        _ if limit.subsec_nanos() != 0 => format!("{} ms", limit.as_millis()),
        _ if seconds.is_multiple_of(3600) => format!("{}h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}

/// Says whether and why to stop; `None` as long as work goes on.
pub(super) type Stopped = watch::Receiver<Option<Stop>>;

/// Waits for the stop.
pub(super) async fn stop(mut stopped: Stopped) -> Stop {
    loop {
        let stop = *stopped.borrow_and_update();
        if let Some(stop) = stop {
            return stop;
        }
        if stopped.changed().await.is_err() {
            // Whoever could have said so is gone, and the run with it.
            return Stop::Signal;
        }
    }
}

/// The same, and as long as calls in flight may go on.
pub(super) async fn stop_and_grace(stopped: Stopped) -> Stop {
    let stop = stop(stopped).await;
    sleep(GRACE).await;
    stop
}

/// Does work until it is done, or until something else is: then that is the error.
pub(super) async fn unless<T, E>(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_told_as_it_is_given() {
        for (seconds, text) in [(1, "1s"), (60, "1m"), (90, "90s"), (600, "10m"), (7200, "2h")] {
            let stop = Stop::TimeLimit(Duration::from_secs(seconds));
            assert_eq!(stop.reason(), format!("the time limit of {text} has passed"));
        }
    }
}
