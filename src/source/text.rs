//! Text with places: lines, members of JSON objects, ways to values, dates, and masks over secrets.

mod value_step;
mod raw;
mod time;
mod lines;
mod mask;
mod layout;
mod indent;
mod utf16;

pub use lines::Lines;
pub use utf16::from_utf16;
pub use value_step::ValueStep;

pub(super) use indent::indented;
pub(super) use layout::lay_out;
pub(super) use lines::LineIndex;
pub(super) use mask::{masked, secret_places};
pub(super) use raw::{DEEPEST, is_more, members, place, too_deep, twice_among, twice_in};
pub(super) use time::read_time;
