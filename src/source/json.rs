//! Reads saved answers of the API: files, directories and standard input.

mod bare;
mod entry;
mod file;
mod locate;
mod mask;
mod member;
mod skim;

pub use entry::{Parsed, pools};
pub use file::{Input, open};
pub use locate::{Locator, Walk};
