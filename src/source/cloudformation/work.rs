//! The limit on what the expressions of a template may take: a small text can ask for any amount of it.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The cost of a value, in bytes of text that cost the same.
pub(super) const VALUE: usize = 32;
/// The limit for a template, however short it is: half a million values, or 16 MiB of text.
const LEAST: u64 = 16 << 20;
/// The addition for each byte of its text: a pool is evaluated in up to 64 scenarios.
const FOR_EACH_BYTE: u64 = 1000;

/// The reason that a value is unknown once the limit is reached.
pub(super) const EXCEEDED: &str =
    "the expressions of this template repeat one another more often than this program follows them";

/// The remaining work of the expressions of one template.
#[derive(Debug)]
pub(super) struct Work(AtomicU64);

impl Work {
    /// The limit for a text of this length.
    pub(super) fn for_text(bytes: usize) -> Work {
        Work(AtomicU64::new(LEAST + FOR_EACH_BYTE * u64::try_from(bytes).unwrap_or(u64::MAX / FOR_EACH_BYTE)))
    }

    /// Takes some of what is left. False if that is not enough; then nothing is left.
    pub(super) fn take(&self, cost: usize) -> bool {
        let cost = u64::try_from(cost).unwrap_or(u64::MAX);
        let left = self.0.load(Relaxed).saturating_sub(cost);
        self.0.store(left, Relaxed);
        left > 0
    }
}
