//! A value that is worked out from a whole pool when a rule asks for it.

use std::sync::OnceLock;

use crate::value::Value;

/// The value, once it was asked for. A copy of a pool works out its own, since its document may be changed.
#[derive(Debug, Default)]
pub struct Inferred(OnceLock<Value>);

impl Clone for Inferred {
    fn clone(&self) -> Inferred {
        Inferred::default()
    }
}

impl Inferred {
    pub fn get(&self) -> Option<&Value> {
        self.0.get()
    }

    /// Works it out, unless that was done.
    pub fn fill(&self, infer: impl FnOnce() -> Value) {
        self.0.get_or_init(infer);
    }
}
