//! Pools that a template or a plan declares. Front ends make resources of a file (`graph`), whose arguments are
//! translated into the shape of the API's answers (`mapping`, `translate`), completed (`complete`) and put together
//! (`assemble`), with the place of everything in the file and its name in the file's own language.

mod mapping;
mod holder;
mod graph;
mod fill;
mod attributes;
mod web_acl;
mod mirror;
mod remark;
mod translate;
mod complete;
mod assemble;
mod fix;
mod beside;
mod overlay;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

pub(super) use assemble::{Assembled, assemble};
pub(super) use fix::literal;
pub(super) use graph::{Client, Meaning, Member, Owner, Resource, Scalar, Standing, Term};
pub use holder::{Holder, Span, TextOf};
pub(super) use mapping::{Argument, Form, Mapping, Mappings};
pub(super) use remark::{Remark, messages};

use super::inline::InlineWaiver;
use super::text::{Lines, ValueStep, lay_out};
use super::{Chunk, Excerpt, Location};
use crate::pool::{Origin, Pool};
use crate::schema::schema;
use crate::value::Value;

/// The pools of one file.
#[derive(Clone, Debug)]
pub struct Declared {
    pub origin: Origin,
    /// The text that every place is in bytes of. `None` for the text of the chunk: a plan of 200 MB is in memory once.
    pub text: Option<Arc<str>>,
    pub language: Language,
    pub pools: Vec<DeclaredPool>,
    /// Pools that a plan deletes, and those elsewhere that it takes parts from: judged by what it does to them alone.
    pub gone: Vec<DeclaredPool>,
    /// The waivers beside the code, and those for other programs.
    pub inline: Vec<Arc<InlineWaiver>>,
}

/// One pool, under every outcome of the conditions that cannot be known.
#[derive(Clone, Debug)]
pub struct DeclaredPool {
    /// Never empty. Where everything is known there is one; a report shows the pool by the first.
    pub scenarios: Vec<Scenario>,
    /// The pool that a plan changes, as it was when the plan was made.
    pub before: Option<Pool>,
    pub places: Places,
}

/// The pool as it is when some conditions come out in some way.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// `IsProd is true, HasDomain is false`; empty where nothing is open.
    pub when: String,
    pub pool: Pool,
}

/// The language of a file, in which fixes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// HCL, whatever form the plan or state has.
    Terraform,
    /// A template in YAML.
    Yaml,
    /// A template in JSON.
    Json,
}

/// The places of things in the file.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Values by their steps from the pool; the longest that leads to a value stands for it.
    pub values: BTreeMap<Vec<ValueStep<'static>>, Range<usize>>,
    /// The declared resources, by the path of their part of the pool document: the pool itself has an empty one, a
    /// client `Clients`, 0. The longest path that leads to a value holds it.
    pub resources: BTreeMap<Vec<ValueStep<'static>>, Holder>,
    /// Never shown. The pools of a file share them.
    pub secrets: Arc<[Range<usize>]>,
    /// Line and column in the file of the string that holds the text, or of what the text was made of; `None` where
    /// the text is that of the file.
    pub inside: Option<(usize, usize)>,
}

/// The words of the file for a value of a declared pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The resource's address or logical id.
    pub address: String,
    pub construct: Option<String>,
    /// `password_policy.minimum_length`.
    pub name: Option<String>,
    /// `password_policy { minimum_length = 12 }`.
    pub fix: Option<String>,
}

impl Declared {
    /// The lines of the file, which was read from the chunk, computed once for all its messages.
    pub fn lines<'c>(&'c self, chunk: &'c Chunk) -> Lines<'c> {
        let own = self.text.as_deref();
        Lines::new(own.unwrap_or_else(|| std::str::from_utf8(&chunk.bytes).unwrap_or_default()), 1)
    }

    /// The place of a value, or of the nearest text around it.
    pub(super) fn location(
        &self,
        lines: &Lines<'_>,
        places: &Places,
        value_path: &[ValueStep<'_>],
    ) -> Location {
        let at = places.at(value_path).start;
        if let Some(other) = places.text(value_path) {
            let (line, column) = other.lines().line_column(at);
            return Location { file: Arc::clone(&other.name), line, column };
        }
        let (line, column) = places.inside.unwrap_or_else(|| lines.line_column(at));
        Location { file: Arc::clone(&self.origin.name), line, column }
    }

    /// The lines around it: from the file, or from the resource laid out where the file has it all on one line.
    /// `None` where the text does not have the value: around it is nothing to mark.
    pub(super) fn excerpt(
        &self,
        lines: &Lines<'_>,
        places: &Places,
        value_path: &[ValueStep<'_>],
    ) -> Option<Excerpt> {
        places.values.get(&written(value_path).0)?;
        if let Some(other) = places.text(value_path) {
            let lines = other.lines();
            return Some(excerpt(&lines, &other.secrets, (places, value_path), Some(&other.name)));
        }
        // The text beside the resource may be another's secret.
        let name = Some(&*self.origin.name).filter(|_| places.inside.is_none());
        Some(excerpt(lines, &places.secrets, (places, value_path), name))
    }

    /// The file's name for the value, and how to write the expected value.
    pub(super) fn declaration(
        &self,
        places: &Places,
        value_path: &[ValueStep<'_>],
        wanted: Option<&Value>,
    ) -> Option<Declaration> {
        let (steps, resource) = places.resource(value_path)?;
        let (value_path, derived) = written(value_path);
        let names = value_path[steps..].iter().filter_map(|step| match step {
            ValueStep::Member(name) => Some(name.as_ref()),
            ValueStep::Index(_) => None,
        });
        let name = resource.mapping.and_then(|mapping| mapping.name(&names.collect::<Vec<_>>().join(".")));
        // A derived value is not what the file holds, and the value of an element is not that of its list.
        let is_element = matches!(value_path.last(), Some(ValueStep::Index(_)));
        let wanted = wanted.filter(|_| !derived && !is_element);
        let fix = name.as_deref().zip(wanted).and_then(|(name, value)| {
            let mapping = resource.mapping?;
            fix::fix(mapping.style(self.language), mapping.form == Form::Blocks, name, value)
        });
        Some(Declaration {
            address: resource.address.clone(),
            construct: resource.construct.clone(),
            name,
            fix,
        })
    }
}

/// The lines around a value of a text; they go by the resource where the text has no name of its own.
fn excerpt(
    lines: &Lines<'_>,
    secrets: &[Range<usize>],
    (places, value_path): (&Places, &[ValueStep<'_>]),
    name: Option<&str>,
) -> Excerpt {
    let label = places.at(value_path);
    let holder = places.resource(value_path).map(|(_, holder)| holder);
    let resource = holder.map_or(label.clone(), |holder| holder.whole.clone());
    let address = holder.map_or_else(String::new, |holder| holder.address.clone());
    if !lines.are_long(&label) {
        return lines.cut(name.map_or(address, str::to_owned), label, &resource, secrets);
    }
    let inside = |range: &Range<usize>| resource.start <= range.start && range.end <= resource.end;
    let secrets = secrets.iter().filter(|range| inside(range)).cloned();
    let ranges: Vec<Range<usize>> = std::iter::once(label)
        .chain(secrets)
        .map(|range| range.start.saturating_sub(resource.start)..range.end.saturating_sub(resource.start))
        .collect();
    let (text, mut ranges) = lay_out(&lines.text[resource], ranges);
    let label = if ranges.is_empty() { 0..0 } else { ranges.remove(0) };
    Lines::new(&text, 1).cut(address, label, &(0..text.len()), &ranges)
}

impl DeclaredPool {
    /// Moves a pool into the text of another file, in which its own is the text of one argument of a resource.
    /// `called` names what goes by a name in the inner text.
    pub(super) fn stand_in(&mut self, called: impl Fn(&str) -> String, at: &Range<usize>) {
        for scenario in &mut self.scenarios {
            scenario.pool.place = at.clone();
            scenario.pool.address = scenario.pool.address.as_deref().map(|inner| called(inner).into());
            let elements = scenario.pool.elements.iter_mut().flat_map(|(_, addresses)| addresses);
            for inner in elements {
                *inner = called(inner).into();
            }
        }
        let places = &mut self.places;
        for place in places.values.values_mut() {
            place.clone_from(at);
        }
        for resource in places.resources.values_mut() {
            resource.address = called(&resource.address);
            (resource.at, resource.whole) = (at.clone(), at.clone());
        }
        if !places.secrets.is_empty() {
            let inside = at.start + 1..at.end.saturating_sub(1).max(at.start + 1);
            places.secrets = Arc::from([inside]);
        }
    }
}

impl Places {
    /// Takes over the places of what has none here.
    pub(super) fn join(&mut self, other: Places) {
        for (value_path, at) in other.values {
            self.values.entry(value_path).or_insert(at);
        }
        for (value_path, holder) in other.resources {
            self.resources.entry(value_path).or_insert(holder);
        }
    }

    /// The place of a value. If it is absent: the start of the nearest text around it.
    fn at(&self, value_path: &[ValueStep<'_>]) -> Range<usize> {
        let (value_path, _) = written(value_path);
        if let Some(at) = self.values.get(&value_path) {
            return at.clone();
        }
        for length in (0..=value_path.len()).rev() {
            if let Some(resource) = self.resources.get(&value_path[..length]) {
                return resource.at.clone();
            }
            if let Some(around) = self.values.get(&value_path[..length]) {
                return around.start..around.end.min(around.start + 1);
            }
        }
        0..0
    }

    /// The text that holds a value, where that is not the text of the pool.
    fn text(&self, value_path: &[ValueStep<'_>]) -> Option<&TextOf> {
        self.resource(value_path).and_then(|(_, holder)| holder.text.as_deref())
    }

    /// The resource that holds a value, and the number of steps that lead to it.
    pub(super) fn resource(&self, value_path: &[ValueStep<'_>]) -> Option<(usize, &Holder)> {
        let (value_path, _) = written(value_path);
        (0..=value_path.len())
            .rev()
            .find_map(|length| Some((length, self.resources.get(&value_path[..length])?)))
    }
}

/// The steps to what is written where a member is worked out of another, and whether it is.
fn written(value_path: &[ValueStep<'_>]) -> (Vec<ValueStep<'static>>, bool) {
    let mut value_path = owned(value_path);
    let Some(ValueStep::Member(name)) = value_path.last_mut() else { return (value_path, false) };
    let derived = schema().nodes().find_map(|(_, node)| node.derived.filter(|_| node.name == *name));
    let Some(derived) = derived else { return (value_path, false) };
    *name = derived.number.into();
    (value_path, true)
}

fn owned(value_path: &[ValueStep<'_>]) -> Vec<ValueStep<'static>> {
    let own = |step: &ValueStep<'_>| match step {
        ValueStep::Member(name) => ValueStep::Member(name.to_string().into()),
        ValueStep::Index(index) => ValueStep::Index(*index),
    };
    value_path.iter().map(own).collect()
}
