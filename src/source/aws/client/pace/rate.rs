//! The arithmetic of a pacer: when the next call is due. It reads no clock and does not wait.
//!
//! The service counts in token buckets: a number of calls a second, and a burst after a pause. Each throttle cuts the
//! rate by a tenth and each answer raises it by a small part of that, so the rate settles just above the service's limit,
//! with about three calls in a hundred throttled. It does not depend on an estimate of the quota or of other users.

use std::time::Duration;

use tokio::time::Instant;

/// The burst after a pause and at the start, as a time: half a second's worth of calls, which is half of the smallest
/// burst of a token bucket.
const CREDIT: Duration = Duration::from_millis(500);
/// The burst once the service has throttled: just enough to make up for late timers.
const LITTLE_CREDIT: Duration = Duration::from_millis(50);
/// The factors by which a throttle cuts the rate: the first two in a row, those that follow, and the eighth and later,
/// which show that the rate is far off.
const CUT: f64 = 0.9;
const MORE_CUT: f64 = 0.8;
const DEEP_CUT: f64 = 0.5;
/// The factor by which an answer raises the rate. Three throttles in a hundred answers balance `CUT`.
const RAISE: f64 = 0.003;
/// After this many answers in a row, the service probably allows more, so the rate rises faster and faster.
const QUIET: u32 = 48;
const SLOWEST: f64 = 0.5;

#[derive(Debug)]
pub(super) struct Rate {
    /// Calls a second.
    now: f64,
    /// The highest rate.
    cap: f64,
    /// When the next call is due.
    next: Instant,
    credit: Duration,
    /// The last cut.
    cut: Option<Instant>,
    /// Throttles in a row.
    throttles: u32,
    /// Answers since the last throttle.
    eased: u32,
}

impl Rate {
    /// A rate with a maximum in calls a second.
    pub(super) fn new(max_rps: f64, now: Instant) -> Rate {
        let cap = if max_rps.is_nan() { 1.0 } else { max_rps.clamp(0.01, 1e9) };
        let next = now.checked_sub(CREDIT).unwrap_or(now);
        Rate { now: cap, cap, next, credit: CREDIT, cut: None, throttles: 0, eased: 0 }
    }

    /// When the next call is due, which may be in the past.
    pub(super) fn due(&self) -> Instant {
        self.next
    }

    /// A call is made.
    pub(super) fn take(&mut self, now: Instant) {
        let from = now.checked_sub(self.credit).map_or(now, |early| early.max(self.next));
        self.next = from + Duration::from_secs_f64(1.0 / self.now);
    }

    /// The service throttled a call that was made at `sent`.
    pub(super) fn throttled(&mut self, sent: Instant, now: Instant) {
        if self.is_old(sent) {
            return;
        }
        self.throttles = self.throttles.saturating_add(1);
        let cut = match self.throttles {
            ..3 => CUT,
            3..8 => MORE_CUT,
            8.. => DEEP_CUT,
        };
        self.now = (self.now * cut).max(SLOWEST.min(self.cap));
        self.credit = LITTLE_CREDIT;
        self.cut = Some(now);
        self.eased = 0;
    }

    /// The service accepted a call that was made at `sent`.
    pub(super) fn eased(&mut self, sent: Instant) {
        if !self.is_old(sent) {
            self.throttles = 0;
            self.eased = self.eased.saturating_add(1);
        }
        if self.now < self.cap {
            let quiet = f64::from(self.eased) / f64::from(QUIET);
            self.now = (self.now * (1.0 + RAISE * quiet.powi(2).max(1.0))).min(self.cap);
        }
    }

    /// Whether a call was made before the last cut.
    fn is_old(&self, sent: Instant) -> bool {
        self.cut.is_some_and(|cut| sent <= cut)
    }
}
