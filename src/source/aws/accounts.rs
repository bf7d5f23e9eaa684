//! Accounts: finds those to read, and gets credentials for each.

mod credentials;
mod role;
mod organization;
mod resolve;

pub(super) use credentials::no_region;
pub(super) use resolve::{ResolvedAccount, ResolvedAccounts, resolve_accounts};
pub(super) use role::{assume, not_assumed, own_account};
