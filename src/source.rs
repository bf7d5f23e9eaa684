//! Brings pools in. Every source delivers text that holds pools; what could not be read comes along.

mod text;
mod edit;
mod inline;
pub mod answer;
pub mod declared;
pub mod cloudformation;
mod terraform;
pub mod hcl;
mod wrapped;
mod locate;
mod read;
mod amend;
mod draft;
pub mod snapshot;
pub mod input;
pub mod live;
#[cfg(feature = "live")]
pub mod aws;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

pub use amend::{Setting, settled, with};
pub use answer::Memory;
pub use declared::Places;
pub use draft::{Draft, DraftLanguage, Parameter, Term};
pub use edit::{Refusal, TextEdit};
pub use inline::{InlineWaiver, Peer};
pub use locate::Locator;
pub use read::{Finder, Read, ReadPool, read, read_after};
pub use text::{Lines, ValueStep, from_utf16};

use crate::file_name;
use crate::pool::{Identity, Origin, ReadWindow, Section};
use declared::Declared;

/// A delivery of a source. Deliveries come one at a time, in no particular order.
#[derive(Debug)]
pub enum Delivery {
    /// Text that holds pools.
    Chunk(Chunk),
    /// Something that should have been read and was not: the run is incomplete.
    Unread(Unread),
    /// A note that is not a failure.
    Note(Note),
    /// Keys of pools that a list named, those of other shards too; told where there are shards.
    Listed(Vec<String>),
    /// A Region whose pools were listed to the end: a pool that was not in the list does not exist.
    ListedWhole(ListedRegion),
    /// A signal ended the reading early; what came before it counts.
    Interrupted(Interrupt),
}

impl Delivery {
    /// The text, if it is one.
    pub fn chunk(&self) -> Option<&Chunk> {
        match self {
            Delivery::Chunk(chunk) => Some(chunk),
            Delivery::Unread(_)
            | Delivery::Note(_)
            | Delivery::Listed(_)
            | Delivery::ListedWhole(_)
            | Delivery::Interrupted(_) => None,
        }
    }
}

/// A piece of text with whole pools in it.
#[derive(Debug)]
pub struct Chunk {
    pub origin: Origin,
    /// UTF-8, which is checked when the pools are read.
    pub bytes: Vec<u8>,
    /// Line of the file on which the text starts, from 1.
    pub first_line: usize,
    pub shape: Shape,
    /// Sections that were asked for and could not be read, with the reason.
    pub unread: Vec<(Section, Arc<str>)>,
    /// Sections that were read, also those of which there was nothing.
    pub held: Vec<Section>,
    /// The values of `--parameter` for templates.
    pub parameters: Arc<BTreeMap<String, String>>,
    /// Parameters of templates that are given values which are not known, so that no default counts.
    pub unsettled: BTreeSet<String>,
    /// Templates of the same directory, or named in the same run, by their names.
    pub beside: Arc<[cloudformation::Neighbor]>,
    /// Stacks of configurations in the same run, which may deploy the template.
    pub deployments: Arc<[cloudformation::Deployment]>,
    /// The configurations of these stacks.
    pub deployed_by: Arc<[hcl::Configuration]>,
    /// The configuration of Terraform to read in place of a text.
    pub configuration: Option<hcl::Configuration>,
    /// The configuration that a plan was made of, to show its places.
    pub written_in: Option<Arc<hcl::Configuration>>,
    /// When the snapshot was made that the text is from, in milliseconds since 1970.
    pub taken: Option<i64>,
    /// When the values were read, by that snapshot.
    pub read: ReadWindow,
}

impl Default for Chunk {
    /// An empty text that starts on the first line of its file.
    fn default() -> Chunk {
        Chunk {
            origin: Origin::default(),
            bytes: Vec::new(),
            first_line: 1,
            shape: Shape::default(),
            unread: Vec::new(),
            held: Vec::new(),
            parameters: Arc::default(),
            unsettled: BTreeSet::new(),
            beside: Arc::default(),
            deployments: Arc::default(),
            deployed_by: Arc::default(),
            configuration: None,
            written_in: None,
            taken: None,
            read: ReadWindow::default(),
        }
    }
}

impl Chunk {
    /// Whether it is a plan or a state of Terraform.
    pub fn is_plan_or_state(&self) -> bool {
        terraform::is_plan_or_state(self)
    }
}

/// The form in which a text holds pools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    #[default]
    /// One JSON value, or several with nothing but white space between them.
    Document,
    /// One JSON value on each line.
    Lines,
    /// The lines of a snapshot: one pool on each, with where it was read.
    Recorded,
}

/// The pools of a plan or a template.
#[derive(Debug, Default)]
struct Reading {
    /// `None` where nothing of the file could be read.
    declared: Option<Declared>,
    unread: Vec<Unread>,
    notes: Vec<Note>,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// The pool, account and Region, or file, as a person would name it.
    pub target: String,
    /// The API operation, for a live source.
    pub operation: Option<String>,
    /// The error code of the service.
    pub code: Option<String>,
    /// The failure, without the target, starting in lower case.
    pub message: String,
    /// The advice.
    pub help: Option<String>,
    /// Line and column in the file `target`, both from 1.
    pub at: Option<(usize, usize)>,
    pub about: About,
}

impl Unread {
    /// A target that could not be read, with the message alone.
    pub fn new(target: String, message: String) -> Unread {
        let (operation, code, help, at) = (None, None, None, None);
        Unread { target, operation, code, message, help, at, about: About::default() }
    }
}

/// The scope of what was not read. `None` means any.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct About {
    /// 12 digits.
    pub account: Option<String>,
    pub region: Option<String>,
    /// The id of the pool.
    pub pool: Option<String>,
    /// The section of the pool; without [`Section::UserPool`], nothing of it was read.
    pub section: Option<Section>,
}

impl About {
    /// Whether a pool may be among what was not read.
    pub fn may_cover(&self, pool: &Identity) -> bool {
        let may_be =
            |own: Option<&str>, wanted: Option<&str>| own.is_none() || wanted.is_none() || own == wanted;
        may_be(pool.account.as_deref(), self.account.as_deref())
            && may_be(pool.region.as_deref(), self.region.as_deref())
            && may_be(pool.id.as_deref(), self.pool.as_deref())
    }
}

/// A Region of an account whose pools were listed to the end, without a filter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedRegion {
    /// 12 digits.
    pub account: String,
    pub region: String,
}

/// Something worth knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub target: String,
    pub message: String,
}

impl PartialOrd for Note {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Note {
    /// Notes of one file are in the order of its lines.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        file_name::order(&self.target, &other.target).then_with(|| self.message.cmp(&other.message))
    }
}

/// The signal that ended a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupt {
    /// SIGINT: exit code 130.
    Int,
    /// SIGTERM: exit code 143.
    Term,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    pub file: Arc<str>,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

/// A few lines of text with the place of a value in them. Secrets are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The file, or the pool's ARN or id where the text is the pool document as the API answered it.
    pub name: String,
    pub text: String,
    /// Number of the text's first line.
    pub first_line: usize,
    /// The value, or the nearest text around it if it is absent, in bytes of `text`.
    pub label: Range<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::Projection;

    /// A caller that leaves the line out has a text from the start of its file.
    #[test]
    fn a_text_starts_on_the_first_line_of_its_file() {
        let bytes = b"\n{\"UserPool\": {\"Id\": \"eu-west-1_Example01\"}}".to_vec();
        let chunk = Chunk { bytes, ..Chunk::default() };
        let read = read(&chunk, &Projection::everything());
        let [pool] = read.pools.as_slice() else { panic!("{read:?}") };
        let places = read.places();
        let value_path = [ValueStep::Member("Id".into())];
        let location = places.of(pool).and_then(|at| at.location(&value_path));
        assert_eq!(location.map(|at| (at.line, at.column)), Some((2, 21)));
    }
}
