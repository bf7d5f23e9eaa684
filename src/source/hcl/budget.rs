//! Limits of the work on a configuration. They grow with its text: a small one does not ask for much, and a large one
//! has room.

use std::cell::Cell;

use super::unknown::Stop;
use super::value::Value;

/// Expressions that are evaluated for a configuration, and that many for each byte of its text. Of 1,400
/// configurations, none that was not made to ask for much took more than 75,000, or two for each byte.
const STEPS: u64 = 200_000;
const STEPS_A_BYTE: u64 = 20;
/// Instances of resources, blocks and modules, and one more for each that many bytes.
const INSTANCES: usize = 2_000;
const BYTES_AN_INSTANCE: usize = 20;
/// Expressions inside of each other, also through names.
const DEEPEST: usize = 400;
/// About the bytes of a value.
const MOST_BYTES: usize = 1 << 20;

/// The work so far, and the text that decides how much there may be.
#[derive(Debug, Default)]
pub(super) struct Budget {
    /// Bytes of the files that were read.
    bytes: Cell<usize>,
    steps: Cell<u64>,
    depth: Cell<usize>,
    instances: Cell<usize>,
}

/// An expression that is evaluated: as long as this is alive, others are inside of it.
pub(super) struct Nested<'b>(&'b Cell<usize>);

impl Drop for Nested<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Budget {
    /// That of the same text, with nothing done.
    pub(super) fn anew(&self) -> Budget {
        Budget { bytes: self.bytes.clone(), ..Budget::default() }
    }

    /// A file was read.
    pub(super) fn read(&self, bytes: usize) {
        self.bytes.set(self.bytes.get().saturating_add(bytes));
    }

    /// The steps so far.
    pub(super) fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// The steps that one evaluation may take.
    pub(super) fn most_steps(&self) -> u64 {
        STEPS.saturating_add(STEPS_A_BYTE.saturating_mul(self.bytes.get() as u64))
    }

    /// Counts the evaluation of an expression.
    pub(super) fn enter(&self) -> Result<Nested<'_>, Stop> {
        self.step()?;
        if self.depth.get() >= DEEPEST {
            return Stop::lost(format!("it leads through more than {DEEPEST} expressions"));
        }
        self.depth.set(self.depth.get() + 1);
        Ok(Nested(&self.depth))
    }

    pub(super) fn step(&self) -> Result<(), Stop> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > self.most_steps() {
            return Stop::lost(format!("the configuration takes more than {} steps", self.most_steps()));
        }
        Ok(())
    }

    /// Counts the work on values as steps.
    pub(super) fn charge<'v>(&self, values: impl IntoIterator<Item = &'v Value>) -> Result<(), Stop> {
        let work: usize = values.into_iter().map(|value| value.weight() / 8).sum();
        self.steps.set(self.steps.get().saturating_add(work as u64));
        self.step()
    }

    /// Counts instances of a resource, a block or a module.
    pub(super) fn multiply(&self, count: usize) -> Result<(), Stop> {
        self.instances.set(self.instances.get().saturating_add(count));
        let most = INSTANCES.saturating_add(self.bytes.get() / BYTES_AN_INSTANCE);
        if self.instances.get() > most {
            return Stop::lost(format!("the configuration has more than {most} instances"));
        }
        Ok(())
    }
}

/// Refuses a value that is too large by its bytes, before it is made where that is possible.
pub(super) fn fits(bytes: usize) -> Result<(), Stop> {
    if bytes > MOST_BYTES { Stop::lost("it has more than a megabyte") } else { Ok(()) }
}

/// A value that is not too large.
pub(super) fn bounded(value: Value) -> Result<Value, Stop> {
    fits(value.weight())?;
    Ok(value)
}
