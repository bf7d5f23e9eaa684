//! Audits Amazon Cognito user pools against policy rules written in TOML.

pub mod value;
pub mod mistake;
pub mod schema;
pub mod pool;
pub mod source;
