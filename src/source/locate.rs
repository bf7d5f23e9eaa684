//! Locations of values in any kind of input.

use super::declared::{Declaration, Declared, Places};
use super::text::{Lines, Walk};
use super::{Excerpt, Location, answer};
use crate::pool::Pool;
use crate::value::Value;

/// Finds the places of one pool.
#[derive(Debug)]
pub enum Locator<'c> {
    /// In the text of an answer.
    Answer(&'c answer::Locator<'c>),
    /// In a plan or a template.
    Declared(&'c Declared, &'c Lines<'c>, &'c Places),
}

impl Locator<'_> {
    /// The place in the file; a live pool has none.
    pub fn location(&self, pool: &Pool, walk: &[Walk<'_>]) -> Option<Location> {
        match self {
            Locator::Answer(text) => text.location(pool, walk),
            Locator::Declared(file, lines, places) => Some(file.location(lines, places, walk)),
        }
    }

    /// The lines around the value. `None` where the text does not have the value.
    pub fn excerpt(&self, pool: &Pool, walk: &[Walk<'_>]) -> Option<Excerpt> {
        match self {
            Locator::Answer(text) => text.excerpt(pool, walk),
            Locator::Declared(file, lines, places) => file.excerpt(lines, places, walk),
        }
    }

    /// The value in the file's own words. `wanted` is the value that is expected there, if it is one value.
    pub fn declaration(&self, walk: &[Walk<'_>], wanted: Option<&Value>) -> Option<Declaration> {
        match self {
            Locator::Answer(_) => None,
            Locator::Declared(file, _, places) => file.declaration(places, walk, wanted),
        }
    }
}
