//! Evidence packs: the result of a run in a file that somebody else can check, with everything it was judged on.
//!
//! A pack is a ZIP file with fixed members. Its documents are made of the snapshot and the policy in it alone, so
//! judging again and writing again gives the same bytes. Nothing here looks at a file: readers and writers are arguments.

mod sum;
mod zip;
mod unzip;
mod run;
mod policy;
mod documents;
mod open;
mod compare;
mod statement;

use std::io::{self, Write};

pub use compare::{Difference, Differences, differences};
pub use documents::{Judged, sums};
pub use open::{Opened, open};
pub use policy::{Choices, Restored};
pub use run::{Pack, Selection};

pub use statement::{PREDICATE_TYPE, Signed, read_statement, statement};
pub use sum::sha256;
pub use unzip::{Fault, Unzip};
pub use zip::Zip;

/// The member with the pools. Findings name it as their file.
pub const SNAPSHOT: &str = "snapshot.jsonl";
/// The member with the checksums of all others.
pub const SUMS: &str = "SHA256SUMS";
/// The member that says how to judge again.
pub const RUN: &str = "run.json";
/// The member with the verdicts.
pub const REPORT: &str = "report.json";

/// A receiver of the members of a pack, in their order.
pub trait Members {
    fn member(
        &mut self,
        name: &str,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()>;
}

/// Takes members for their checksums alone.
pub struct Nowhere;

impl Members for Nowhere {
    fn member(&mut self, _: &str, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        write(&mut io::sink())
    }
}
