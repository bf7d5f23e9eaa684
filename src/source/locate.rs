//! Locations of values in any kind of input.

use std::sync::Arc;

use super::declared::{Declaration, Declared, Places};
use super::inline::InlineWaiver;
use super::text::{Lines, ValueStep};
use super::{Excerpt, Location, answer};
use crate::value::Value;

/// Finds the places of one pool.
#[derive(Debug)]
pub enum Locator<'c> {
    /// In the text of an answer.
    Answer(answer::Locator<'c>),
    /// In a plan, a template or a configuration.
    Declared {
        file: &'c Declared,
        lines: &'c Lines<'c>,
        places: &'c Places,
        /// The pool has other scenarios, whose values have no place here.
        has_others: bool,
    },
}

impl Locator<'_> {
    /// The place in the file; a live pool has none.
    pub fn location(&self, value_path: &[ValueStep<'_>]) -> Option<Location> {
        match self {
            Locator::Answer(text) => text.location(value_path),
            Locator::Declared { file, lines, places, .. } => Some(file.location(lines, places, value_path)),
        }
    }

    /// The place where the value is written, if the place in its resource refers to it.
    pub fn origin(&self, value_path: &[ValueStep<'_>]) -> Option<Location> {
        match self {
            Locator::Answer(_) => None,
            Locator::Declared { places, .. } => places.origin(value_path),
        }
    }

    /// The waivers beside the code of the value; those of its whole resource alone, where other scenarios may have
    /// another value.
    pub fn inline(&self, value_path: &[ValueStep<'_>]) -> Vec<Arc<InlineWaiver>> {
        match self {
            Locator::Answer(_) => Vec::new(),
            Locator::Declared { file, places, has_others, .. } => {
                file.inline(places, value_path, *has_others)
            }
        }
    }

    /// Whether a waiver beside the code is beside something of the pool.
    pub fn reaches(&self, waiver: &InlineWaiver) -> bool {
        match self {
            Locator::Answer(_) => false,
            Locator::Declared { file, places, .. } => places.reaches(&file.origin.name, waiver),
        }
    }

    /// The lines around the value. `None` where the text does not have the value.
    pub fn excerpt(&self, value_path: &[ValueStep<'_>]) -> Option<Excerpt> {
        match self {
            Locator::Answer(text) => text.excerpt(value_path),
            Locator::Declared { file, lines, places, .. } => file.excerpt(lines, places, value_path),
        }
    }

    /// The value in the file's own words. `wanted` is the value that is expected there, if it is one value.
    pub fn declaration(&self, value_path: &[ValueStep<'_>], wanted: Option<&Value>) -> Option<Declaration> {
        match self {
            Locator::Answer(_) => None,
            Locator::Declared { file, places, .. } => file.declaration(places, value_path, wanted),
        }
    }
}
