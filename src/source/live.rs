//! Live pools as a run asks for them: accounts, Regions, pools, limits and IAM actions, without the crates that read
//! them.

#![cfg_attr(not(feature = "live"), expect(dead_code, reason = "the reader of live pools uses the rest"))]

mod partition;
mod quota;
mod progress;
mod secrets;
mod account;
mod request;
mod permission;
mod look_up;

pub use account::{
    Account, ExternalId, Organization, Role, RoleArn, Session, is_account, is_role_name, is_session_name,
};
pub use look_up::{LookUp, LookedUp};
pub use permission::{Actions, CallerActions, actions, caller_actions};
pub use progress::{Attempt, Progress, RegionProgress};
pub use quota::Quotas;
pub use request::Request;
pub use secrets::{Secrets, without_user};

#[cfg(feature = "live")]
pub(super) use account::title;
#[cfg(feature = "live")]
pub(super) use partition::{domain, misspelled, organizations_region, partition};
#[cfg(feature = "live")]
pub(super) use permission::{action, asked_beside, names_a_pool};
#[cfg(feature = "live")]
pub(super) use progress::RegionCounts;
