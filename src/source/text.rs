//! Text with places: lines, members of JSON objects, ways to values, dates, and masks over secrets.

mod walk;
mod raw;
mod time;
mod lines;
mod mask;
mod layout;

pub use lines::Lines;
pub use walk::Walk;

pub(super) use layout::lay_out;
pub(super) use mask::{masked, secret_places};
pub(super) use raw::{members, place, placeless};
pub(super) use time::read_time;
