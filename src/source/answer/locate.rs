//! The location of a value in the text of a pool. It is looked up only for output.

use std::ops::Range;
use std::sync::Arc;

use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::pool::{Pool, Section, Source};
use crate::source::text::{Lines, ValueStep, masked, members, place, secret_places};
use crate::source::{Chunk, Excerpt, Location};

/// `ReadState` places in the text of one chunk.
#[derive(Debug)]
pub struct Locator<'c> {
    lines: Lines<'c>,
}

impl<'c> Locator<'c> {
    /// `None` for a chunk that is not UTF-8, which then has no pools either.
    pub fn new(chunk: &'c Chunk) -> Option<Locator<'c>> {
        let text = std::str::from_utf8(&chunk.bytes).ok()?;
        Some(Locator { lines: Lines::new(text, chunk.first_line) })
    }

    /// The place in the file; a live pool has none.
    pub fn location(&self, pool: &Pool, value_path: &[ValueStep<'_>]) -> Option<Location> {
        if pool.origin.source == Source::Live {
            return None;
        }
        let text = self.lines.text;
        let label =
            find(text, pool_object(text, pool.place.clone()), value_path).unwrap_or_else(|around| around);
        let (line, column) = self.lines.line_column(label.start);
        Some(Location { file: Arc::clone(&pool.origin.name), line, column })
    }

    /// The lines around the value: from the file, or from the pool laid out as the AWS CLI prints it where the
    /// file has it all on one line. `None` where the value is absent: around it is nothing to mark.
    pub fn excerpt(&self, pool: &Pool, value_path: &[ValueStep<'_>]) -> Option<Excerpt> {
        let text = self.lines.text;
        let object = pool_object(text, pool.place.clone());
        let label = find(text, object.clone(), value_path).ok()?;
        let in_file = pool.origin.source != Source::Live && !self.lines.are_long(&label);
        if in_file && self.is_alone(&pool.place) {
            let mut secrets = Vec::new();
            secret_places(text, pool.place.clone(), 0, &mut secrets);
            return Some(self.lines.cut(pool.origin.name.to_string(), label, &pool.place, &secrets));
        }
        let way = (pool.origin.source == Source::Live).then_some(value_path);
        let laid_out = lay_out(&text[object], way);
        let identity = pool.identity();
        let name = identity.arn.as_ref().or(identity.id.as_ref()).unwrap_or(&pool.origin.name).to_string();
        let whole = 0..laid_out.len();
        let label = find(&laid_out, whole.clone(), value_path).ok()?;
        Some(Lines::new(&laid_out, 1).cut(name, label, &whole, &[]))
    }

    /// Whether no other pool, whose secrets are not masked, shares lines with a pool.
    fn is_alone(&self, entry: &Range<usize>) -> bool {
        let (before, after) = self.lines.around(entry);
        let only = |text: &str| text.chars().all(|c| c.is_whitespace() || matches!(c, '[' | ',' | ']'));
        only(before) && only(after)
    }
}

/// The span of the pool's own object in an entry, which may be an envelope: `UserPool`, `data`, or one in the other.
/// Members of a pool with these names are not envelopes.
fn pool_object(text: &str, entry: Range<usize>) -> Range<usize> {
    let under = |name: &str, at: &Range<usize>| {
        let (_, inner) = members(&text[at.clone()]).into_iter().find(|(member, _)| member == name)?;
        Some(place(text, inner.get()))
    };
    under("UserPool", &entry)
        .or_else(|| under("data", &entry).map(|data| under("UserPool", &data).unwrap_or(data)))
        .unwrap_or(entry)
}

/// The span of a value of a pool. The error for an absent value is the nearest text around it.
fn find(text: &str, pool: Range<usize>, value_path: &[ValueStep<'_>]) -> Result<Range<usize>, Range<usize>> {
    let mut at = pool.clone();
    for step in value_path {
        let inner = match step {
            ValueStep::Member(name) => {
                let found = members(&text[at.clone()]).into_iter().find(|(member, _)| member == name);
                found.map(|(_, value)| value)
            }
            ValueStep::Index(index) => {
                let elements: Vec<&RawValue> = serde_json::from_str(&text[at.clone()]).unwrap_or_default();
                elements.get(*index).copied()
            }
        };
        match inner {
            Some(value) if value.get() != "null" => at = place(text, value.get()),
            _ if at == pool => return Err(name_of(text, &pool)),
            _ => return Err(at.start..at.start + 1),
        }
    }
    Ok(at)
}

/// The text that names a pool: its name, else its id, else its opening brace.
fn name_of(text: &str, pool: &Range<usize>) -> Range<usize> {
    let members = members(&text[pool.clone()]);
    let named = ["Name", "Id"].iter().find_map(|name| members.iter().find(|(member, _)| member == name));
    let start = text.len() - text[pool.start..].trim_start().len();
    named.map_or(start..start + 1, |(_, value)| place(text, value.get()))
}

/// The pool's object as the AWS CLI lays it out, with secrets masked; with a way, only the sections that it leads
/// through.
fn lay_out(object: &str, way: Option<&[ValueStep<'_>]>) -> String {
    let mut secrets = Vec::new();
    secret_places(object, 0..object.len(), 0, &mut secrets);
    let masked = masked(object, &secrets);
    let mut out = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
    let Ok(mut value) = serde_json::from_str::<Json>(&masked) else {
        return masked;
    };
    if let Some(way) = way {
        leave_other_sections(&mut value, way);
    }
    match serde::Serialize::serialize(&value, &mut serializer) {
        Ok(()) => String::from_utf8_lossy(&out).into_owned(),
        Err(_) => masked,
    }
}

/// Takes the sections out of a pool that the way to a value does not lead through. What else was read of a live pool
/// hangs on the other rules of the run, and a finding must look the same whatever they are.
fn leave_other_sections(pool: &mut Json, value_path: &[ValueStep<'_>]) {
    let mut way = String::new();
    for step in value_path {
        match step {
            ValueStep::Member(name) if way.is_empty() => way.push_str(name),
            ValueStep::Member(name) => way = format!("{way}.{name}"),
            ValueStep::Index(_) => way.push_str("[]"),
        }
    }
    for section in Section::ATTACHED {
        let top = section.member();
        let rest = way.strip_prefix(top);
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])) {
            continue;
        }
        match top.split_once("[].") {
            None => leave(pool, top),
            Some((list, member)) => {
                let elements = pool.get_mut(list).and_then(Json::as_array_mut);
                elements.into_iter().flatten().for_each(|element| leave(element, member));
            }
        }
    }
}

fn leave(object: &mut Json, member: &str) {
    if let Some(members) = object.as_object_mut() {
        members.retain(|name, _| name != member);
    }
}
