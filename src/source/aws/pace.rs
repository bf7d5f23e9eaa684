//! Keeps calls at the service's quota: one slot after another, first come, first served.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Slots that may be taken up after a pause: covers late timers and lets no burst through.
const SLACK: Duration = Duration::from_millis(50);
/// The rate changes at most this often, for the answers of one moment all say the same.
const STEP: Duration = Duration::from_secs(1);
const CUT: f64 = 0.85;
const RAISE: f64 = 0.4;
const SLOWEST: f64 = 1.0;

/// Calls a second that the service allows an account in a Region, whoever makes them, by the categories that it
/// counts. None of them can be raised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quotas {
    /// `UserPoolRead`: the pools themselves.
    pub pools: f64,
    /// `UserPoolResourceRead`.
    pub resources: f64,
    /// `UserPoolClientRead`.
    pub clients: f64,
    /// For operations in no category.
    pub others: f64,
    /// For each operation on the clients or resources of one pool.
    pub one_pool: f64,
}

impl Default for Quotas {
    fn default() -> Quotas {
        Quotas { pools: 15.0, resources: 20.0, clients: 15.0, others: 5.0, one_pool: 5.0 }
    }
}

impl Quotas {
    /// The quotas, but none above `most`.
    pub(super) fn capped(self, most: f64) -> Quotas {
        let Quotas { pools, resources, clients, others, one_pool } = self;
        let [pools, resources, clients, others, one_pool] =
            [pools, resources, clients, others, one_pool].map(|quota| quota.min(most));
        Quotas { pools, resources, clients, others, one_pool }
    }

    /// The part that is left for each of so many readers of the same account and Region. A pool has but one.
    pub(super) fn shared_by(self, readers: u32) -> Quotas {
        let Quotas { pools, resources, clients, others, one_pool } = self;
        let [pools, resources, clients, others] =
            [pools, resources, clients, others].map(|quota| quota / f64::from(readers));
        Quotas { pools, resources, clients, others, one_pool }
    }
}

/// A pacer for each category of one account and Region.
#[derive(Debug)]
pub(super) struct Pacers {
    pub pools: Pacer,
    pub resources: Pacer,
    pub clients: Pacer,
    pub others: Pacer,
    /// The rate for each operation on one pool, for pacers that live as long as the pool is read.
    pub one_pool: f64,
}

impl Pacers {
    pub(super) fn new(quotas: Quotas) -> Pacers {
        Pacers {
            pools: Pacer::new(quotas.pools),
            resources: Pacer::new(quotas.resources),
            clients: Pacer::new(quotas.clients),
            others: Pacer::new(quotas.others),
            one_pool: quotas.one_pool,
        }
    }
}

/// Paces the calls of one account, Region and quota category.
///
/// Every attempt takes a slot, so retries cannot crowd out first tries. The quota is shared with whoever else
/// uses the account, so the rate falls when the service throttles and climbs back when it does not.
#[derive(Debug)]
pub(super) struct Pacer {
    /// When the next slot is due. The lock is held while waiting for it, and tokio's is fair.
    next: tokio::sync::Mutex<Instant>,
    rate: Mutex<Rate>,
}

#[derive(Debug)]
struct Rate {
    now: f64,
    cap: f64,
    cut: Option<Instant>,
    raised: Option<Instant>,
}

impl Pacer {
    pub(super) fn new(max_rps: f64) -> Pacer {
        let cap = if max_rps.is_nan() { 1.0 } else { max_rps.max(0.01) };
        Pacer {
            next: tokio::sync::Mutex::new(Instant::now()),
            rate: Mutex::new(Rate { now: cap, cap, cut: None, raised: None }),
        }
    }

    /// Waits for a slot and takes it.
    pub(super) async fn slot(&self) {
        let mut next = self.next.lock().await;
        sleep_until(*next).await;
        let now = Instant::now();
        let from = now.checked_sub(SLACK).map_or(now, |early| early.max(*next));
        *next = from + Duration::from_secs_f64(1.0 / self.with_rate(|rate| rate.now));
    }

    /// The service throttled a call.
    pub(super) fn throttled(&self) {
        self.with_rate(|rate| {
            if past(rate.cut) {
                rate.now = (rate.now * CUT).max(SLOWEST.min(rate.cap));
                rate.cut = Some(Instant::now());
            }
        });
    }

    /// The service took a call.
    pub(super) fn eased(&self) {
        self.with_rate(|rate| {
            if past(rate.cut) && past(rate.raised) {
                rate.now = (rate.now + RAISE).min(rate.cap);
                rate.raised = Some(Instant::now());
            }
        });
    }

    fn with_rate<T>(&self, change: impl FnOnce(&mut Rate) -> T) -> T {
        change(&mut self.rate.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn past(last: Option<Instant>) -> bool {
    last.is_none_or(|last| STEP <= last.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block_on<F: Future>(future: F) -> F::Output {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.unwrap().block_on(future)
    }

    #[test]
    fn slots_are_a_step_apart() {
        let spent = block_on(async {
            let (pacer, start) = (Pacer::new(100.0), Instant::now());
            for _ in 0..21 {
                pacer.slot().await;
            }
            start.elapsed()
        });
        assert!(Duration::from_millis(140) < spent, "{spent:?}");
    }

    #[test]
    fn a_cap_holds_for_every_quota() {
        let capped = Quotas::default().capped(10.0);
        assert_eq!(capped, Quotas { pools: 10.0, resources: 10.0, clients: 10.0, ..Quotas::default() });
        assert_eq!(Quotas::default().capped(f64::INFINITY), Quotas::default());
    }

    #[test]
    fn shards_share_a_quota() {
        let shared = Quotas::default().shared_by(5);
        assert_eq!(shared, Quotas { pools: 3.0, resources: 4.0, clients: 3.0, others: 1.0, one_pool: 5.0 });
    }

    #[test]
    fn a_throttle_cuts_the_rate_once_a_second() {
        let pacer = Pacer::new(10.0);
        pacer.throttled();
        pacer.throttled();
        pacer.eased();
        assert!((pacer.with_rate(|rate| rate.now) - 8.5).abs() < 1e-9);
    }

    #[test]
    fn a_cap_below_the_slowest_rate_holds() {
        let pacer = Pacer::new(0.5);
        pacer.throttled();
        assert!(pacer.with_rate(|rate| rate.now) <= 0.5);
        assert!(Pacer::new(f64::NAN).with_rate(|rate| rate.now) > 0.0);
    }
}
