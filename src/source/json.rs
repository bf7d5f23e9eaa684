//! Reads saved answers of the API: files, directories and standard input.

mod bare;
mod entry;
mod file;
mod locate;
mod mask;
mod member;
mod several;
mod refusal;
mod skim;
mod snapshot;

pub use entry::{Parsed, pools};
pub use file::{Input, LeftOut, open, open_with};
pub use locate::{Locator, Walk};

pub(super) use entry::place;
pub(super) use locate::members;
pub(super) use member::read_time;
pub(super) use refusal::is_recognized;
pub(super) use snapshot::{HeaderShape, MARK, Recorded, Sum, VERSION, header_sum};
