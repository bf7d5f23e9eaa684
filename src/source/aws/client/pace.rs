//! Paces calls at the service's quota: one slot after another, first come, first served.

mod rate;
#[cfg(test)]
mod tests;

use std::sync::{Mutex, PoisonError};

use tokio::time::{Instant, sleep_until};

use crate::source::live::Quotas;
use rate::Rate;

/// A pacer for each category of one account and Region.
#[derive(Debug)]
pub(in crate::source::aws) struct Pacers {
    pub pools: Pacer,
    pub resources: Pacer,
    pub clients: Pacer,
    pub others: Pacer,
    /// AWS WAF allows the same rate for each of its read operations.
    pub web_acls: Pacer,
    pub client_secrets: Pacer,
    pub sessions: Pacer,
    pub client_sessions: Pacer,
    pub replicas: Pacer,
    pub terms: Pacer,
    pub recoveries: Pacer,
    /// The rate for each operation on one pool, for pacers that are created for each pool.
    pub one_pool: f64,
}

impl Pacers {
    pub(in crate::source::aws) fn new(quotas: Quotas) -> Pacers {
        Pacers {
            pools: Pacer::new(quotas.pools),
            resources: Pacer::new(quotas.resources),
            clients: Pacer::new(quotas.clients),
            others: Pacer::new(quotas.others),
            web_acls: Pacer::new(quotas.others),
            client_secrets: Pacer::new(quotas.others),
            sessions: Pacer::new(quotas.others),
            client_sessions: Pacer::new(quotas.others),
            replicas: Pacer::new(quotas.others),
            terms: Pacer::new(quotas.others),
            recoveries: Pacer::new(quotas.others),
            one_pool: quotas.one_pool,
        }
    }
}

/// Paces the calls of one account, Region and quota category.
///
/// Every attempt takes a slot, so retries cannot crowd out first attempts. The quota is shared with other users of the
/// account, so the rate falls when the service throttles and recovers when it does not.
#[derive(Debug)]
pub(in crate::source::aws) struct Pacer {
    /// Held while waiting for a slot. The lock of tokio is fair.
    turn: tokio::sync::Mutex<()>,
    rate: Mutex<Rate>,
}

impl Pacer {
    pub(in crate::source::aws) fn new(max_rps: f64) -> Pacer {
        let rate = Rate::new(max_rps, Instant::now());
        Pacer { turn: tokio::sync::Mutex::new(()), rate: Mutex::new(rate) }
    }

    /// Takes a slot if one is due and no other call is waiting.
    pub(in crate::source::aws) fn free_slot(&self) -> Option<Instant> {
        let _turn = self.turn.try_lock().ok()?;
        let now = Instant::now();
        self.with_rate(|rate| (rate.due() <= now).then(|| rate.take(now)))?;
        Some(now)
    }

    /// Waits for a slot, takes it, and returns the time at which it did.
    pub(in crate::source::aws) async fn slot(&self) -> Instant {
        let _turn = self.turn.lock().await;
        let due = self.with_rate(|rate| rate.due());
        // A timer takes up to a millisecond even if the time has passed.
        if Instant::now() < due {
            sleep_until(due).await;
        }
        let now = Instant::now();
        self.with_rate(|rate| rate.take(now));
        now
    }

    /// The service throttled a call of this slot.
    pub(in crate::source::aws) fn throttled(&self, slot: Instant) {
        self.with_rate(|rate| rate.throttled(slot, Instant::now()));
    }

    /// The service accepted a call of this slot.
    pub(in crate::source::aws) fn eased(&self, slot: Instant) {
        self.with_rate(|rate| rate.eased(slot));
    }

    fn with_rate<T>(&self, change: impl FnOnce(&mut Rate) -> T) -> T {
        change(&mut self.rate.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
