//! Audits Amazon Cognito user pools against policy rules written in TOML.
//!
//! ```
//! use cognito_lint::{Format, Input, Outcome, Rules, check};
//!
//! let rules = Rules::choose("recommended,-mfa-*")?;
//! let answer = r#"{"UserPool": {"Id": "us-east-1_Ab12Cd34e", "Name": "customers", "DeletionProtection": "INACTIVE"}}"#;
//! let report = check(&[Input::text("pool.json", answer)], &rules);
//!
//! assert!(report.violations().any(|violation| violation.rule == "deletion-protection-inactive"));
//! assert_eq!(report.outcome(), Outcome::Incomplete);
//! println!("{}", report.to_text(Format::Human));
//! # Ok::<(), cognito_lint::RulesError>(())
//! ```
//!
//! [`check`] reads texts and files and needs neither of the features: `cli` is the program, `live` reads pools from AWS
//! for it. Everything that this page does not list is internal, and changes without notice.
//!
//! The modules are in the order in which data flows through them, and each imports only from those above it.

#[doc(hidden)]
pub mod ternary;
#[doc(hidden)]
pub mod value;
#[doc(hidden)]
pub mod file_name;
#[doc(hidden)]
pub mod diagnostic;
#[doc(hidden)]
pub mod spanned;
#[doc(hidden)]
pub mod schema;
#[doc(hidden)]
pub mod pool;
#[doc(hidden)]
pub mod shard;
#[doc(hidden)]
pub mod spool;
#[doc(hidden)]
pub mod source;
#[doc(hidden)]
pub mod rule;
#[doc(hidden)]
pub mod finding;
#[doc(hidden)]
pub mod truth;
#[doc(hidden)]
pub mod journey;
#[doc(hidden)]
pub mod evaluate;
#[doc(hidden)]
pub mod trail;
#[doc(hidden)]
pub mod drift;
#[doc(hidden)]
pub mod outlier;
#[doc(hidden)]
pub mod deploy;
#[doc(hidden)]
pub mod triage;
#[doc(hidden)]
pub mod fix;
#[doc(hidden)]
pub mod learn;
#[doc(hidden)]
pub mod outcome;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod merge;
#[doc(hidden)]
pub mod config;
#[doc(hidden)]
pub mod chosen;
#[doc(hidden)]
pub mod evidence;
#[doc(hidden)]
pub mod editor;
#[doc(hidden)]
pub mod audit;
#[doc(hidden)]
#[cfg(feature = "cli")]
pub mod cli;

pub use audit::{Gap, Input, Mistake, Report, Rules, RulesError, Violation, check, check_at};
pub use outcome::Outcome;
pub use report::Format;
pub use rule::Severity;
pub use source::Interrupt;
