//! Brings pools in. Every source delivers text that holds pools; what could not be read comes along.

pub mod aws;
pub mod json;

use std::sync::Arc;

use crate::pool::{Origin, Section};

/// What a source hands over, one at a time and in no promised order.
#[derive(Debug)]
pub enum Delivery {
    /// Text that holds pools.
    Chunk(Chunk),
    /// Something that should have been read and was not: the run is incomplete.
    Unread(Unread),
    /// Something worth knowing that is no failure.
    Note(Note),
    /// A signal ended the reading early; what came before it counts.
    Interrupted(Interrupt),
}

/// A piece of text with whole pools in it.
#[derive(Debug)]
pub struct Chunk {
    pub origin: Origin,
    pub text: String,
    /// Line of the file on which the text starts, from 1.
    pub first_line: usize,
    pub shape: Shape,
    /// Sections that were asked for and could not be read, with the reason.
    pub unread: Vec<(Section, Arc<str>)>,
}

/// How pools stand in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One JSON value, or several with nothing but white space between them.
    Document,
    /// One JSON value on each line.
    Lines,
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
    /// What happened, without the target, starting in lower case.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Line and column in the file `target`, both from 1.
    pub at: Option<(usize, usize)>,
}

/// Something worth knowing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    pub target: String,
    pub message: String,
}

/// The signal that ended a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupt {
    /// SIGINT: exit code 130.
    Int,
    /// SIGTERM: exit code 143.
    Term,
}
