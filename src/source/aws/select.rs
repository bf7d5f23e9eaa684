//! Selection: the Regions of an account to read, and the pools of each.

mod regions;
mod selection;

pub(super) use regions::{EmptyRegion, absence, enabled_regions, known};
pub(super) use selection::{
    Filters, RequestedPool, Selection, by_region, by_region_of_account, matched_nothing, needs_region,
};
