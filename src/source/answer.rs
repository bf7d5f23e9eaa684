//! Answers of the API, and snapshots of them.

pub(super) mod snapshot;
mod reader;
mod read_state;
mod memory;
mod skim;
mod member;
mod bare;
mod several;
mod refusal;
mod entry;
mod described;
mod locate;

pub use described::{Described, DescribedParts, described};
pub use entry::{Parsed, pools, pools_after};
pub use locate::{Locator, Texts};
pub use memory::Memory;

pub(super) use memory::NO_MEMORY;
pub(super) use read_state::twice;
pub(super) use refusal::is_recognized;
pub(super) use snapshot::{HeaderShape, MARK, Recorded, Sum, VERSION, header_sum};
