//! Calls of modules that are not here to be read.

use super::syntax::Place;

/// A call of a module that is not here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Absent {
    /// `module.auth`.
    pub address: String,
    pub at: Place,
    pub why: Why,
}

/// Why a module is not here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// It comes from a registry or a repository, and was not fetched.
    Elsewhere(String),
    /// The module that `terraform init` fetched for it comes from elsewhere, or is another version.
    Outdated(String),
    /// Its directory is outside of what is read.
    Outside(String),
    /// Its directory has no configuration.
    Nowhere(String),
    /// It calls itself, or it is too deep.
    Endless,
    /// There are too many others before it.
    Many,
    /// Its source is not a text that is known.
    Unclear,
}
