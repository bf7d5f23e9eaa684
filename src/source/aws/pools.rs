//! Pools: reads those of one Region, each with the sections that the rules need.

mod splice;
mod page;
mod advice;
mod section;
mod signed;
mod pool;
mod region;

pub(super) use region::{RegionSummary, read_region};
