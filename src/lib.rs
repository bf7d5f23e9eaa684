//! Audits Amazon Cognito user pools against policy rules written in TOML.
//!
//! The modules are in the order in which data flows through them, and each imports only from those above it.

pub mod ternary;
pub mod value;
pub mod file_name;
pub mod diagnostic;
pub mod spanned;
pub mod schema;
pub mod pool;
pub mod shard;
pub mod source;
pub mod rule;
pub mod finding;
pub mod evaluate;
pub mod journey;
pub mod drift;
pub mod deploy;
pub mod triage;
pub mod fix;
pub mod learn;
pub mod outcome;
pub mod report;
pub mod merge;
pub mod config;
pub mod editor;
pub mod cli;
