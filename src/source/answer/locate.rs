//! The location of a value in the text of a pool. It is looked up only for output.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::reader::{self, Before, Doubt, Members};
use crate::pool::{Pool, Section, Source};
use crate::source::text::{LineIndex, Lines, ValueStep, indented, masked, members, place, secret_places};
use crate::source::{Chunk, Excerpt, Location};

/// The envelopes of a pool.
const POOL: &str = "UserPool";
const DATA: &str = "data";

/// The text of one chunk.
#[derive(Debug)]
pub struct Texts<'c> {
    lines: Lines<'c>,
    /// The objects of the pool whose places were asked for last.
    before: RefCell<Before>,
}

impl<'c> Texts<'c> {
    /// `text` is that of the chunk.
    pub fn new(chunk: &Chunk, text: &'c str) -> Texts<'c> {
        Texts { lines: Lines::new(text, chunk.first_line), before: RefCell::default() }
    }

    /// Finds places of one pool of the chunk.
    pub fn locator<'a>(&'a self, pool: &'a Pool) -> Locator<'a> {
        let (object, secrets, laid_out) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Locator { lines: &self.lines, before: &self.before, pool, object, secrets, laid_out }
    }
}

/// Finds places in the text of one pool. A pool may have many findings: what they all need is worked out once, which
/// is 5 times as fast for `human` and 1.5 times for `json`.
#[derive(Debug)]
pub struct Locator<'c> {
    lines: &'c Lines<'c>,
    before: &'c RefCell<Before>,
    pool: &'c Pool,
    object: OnceCell<Object>,
    /// The secrets in the text.
    secrets: OnceCell<Vec<Range<usize>>>,
    /// The pool laid out as the AWS CLI prints it, with secrets masked.
    laid_out: OnceCell<LaidOut>,
}

/// The object of a pool laid out.
#[derive(Debug)]
struct LaidOut {
    text: String,
    object: Object,
    lines: Arc<LineIndex>,
}

/// An object in a text, with the spans of its members.
#[derive(Debug)]
struct Object {
    at: Range<usize>,
    members: Vec<(String, Range<usize>)>,
    /// The elements of the lists that were asked for, by the start of the list.
    lists: RefCell<BTreeMap<usize, Vec<Range<usize>>>>,
}

impl Locator<'_> {
    /// The place in the file; a live pool has none.
    pub fn location(&self, value_path: &[ValueStep<'_>]) -> Option<Location> {
        if self.pool.origin.source == Source::Live {
            return None;
        }
        let label = self.object().find(self.lines.text, value_path).unwrap_or_else(|around| around);
        let (line, column) = self.lines.line_column(label.start);
        Some(Location { file: Arc::clone(&self.pool.origin.name), line, column })
    }

    /// The lines around the value: from the file, or from the pool laid out as the AWS CLI prints it where the
    /// file has it all on one line. `None` where the value is absent: around it is nothing to mark.
    pub fn excerpt(&self, value_path: &[ValueStep<'_>]) -> Option<Excerpt> {
        let (text, pool) = (self.lines.text, self.pool);
        let label = self.object().find(text, value_path).ok()?;
        let in_file = pool.origin.source != Source::Live && !self.lines.are_long(&label);
        if in_file && self.is_alone(&pool.place) {
            let secrets = self.secrets.get_or_init(|| {
                let mut secrets = Vec::new();
                secret_places(text, pool.place.clone(), 0, &mut secrets);
                secrets
            });
            return Some(self.lines.cut(pool.origin.name.to_string(), label, &pool.place, secrets));
        }
        let identity = pool.identity();
        let name = identity.arn.as_ref().or(identity.id.as_ref()).unwrap_or(&pool.origin.name).to_string();
        let part;
        let LaidOut { text, object, lines } = match pool.origin.source {
            Source::Live => {
                part = LaidOut::of(lay_out(&text[self.object().at.clone()], Some(value_path)));
                &part
            }
            _ => self.laid_out.get_or_init(|| laid_out(&text[self.object().at.clone()])),
        };
        let label = object.find(text, value_path).ok()?;
        Some(Lines::of(text, lines).cut(name, label, &object.at, &[]))
    }

    fn object(&self) -> &Object {
        self.object.get_or_init(|| {
            let mut before = self.before.borrow_mut();
            Object::of_pool(self.lines.text, self.pool.place.clone(), &mut before)
        })
    }

    /// Whether no other pool, whose secrets are not masked, shares lines with a pool.
    fn is_alone(&self, entry: &Range<usize>) -> bool {
        let (before, after) = self.lines.around(entry);
        let only = |text: &str| text.chars().all(|c| c.is_whitespace() || matches!(c, '[' | ',' | ']'));
        only(before) && only(after)
    }
}

impl Object {
    fn of(text: &str, at: Range<usize>) -> Object {
        let members = members(&text[at.clone()]);
        let members = members.into_iter().map(|(name, value)| (name.into_owned(), place(text, value.get())));
        Object { members: members.collect(), at, lists: RefCell::default() }
    }

    /// The pool's own object in an entry, which may be an envelope: `UserPool`, `data`, or one in the other. Members
    /// of a pool with these names are not envelopes.
    fn of_pool(text: &str, entry: Range<usize>, before: &mut Before) -> Object {
        Object::quickly_of_pool(text, entry.clone(), before)
            .unwrap_or_else(|_| Object::slowly_of_pool(text, entry))
    }

    fn slowly_of_pool(text: &str, entry: Range<usize>) -> Object {
        let entry = Object::of(text, entry);
        if let Some(pool) = entry.member(POOL) {
            return Object::of(text, pool);
        }
        let Some(data) = entry.member(DATA) else { return entry };
        let data = Object::of(text, data);
        match data.member(POOL) {
            Some(pool) => Object::of(text, pool),
            None => data,
        }
    }

    /// The same for a text without doubts.
    fn quickly_of_pool(text: &str, entry: Range<usize>, before: &mut Before) -> Result<Object, Doubt> {
        let mut read = |start: usize, until| reader::members(text, start, until, before);
        let start_of = |found: &Members<'_>, wanted: &str| {
            found.members.iter().find(|(name, _)| *name == wanted).map(|(_, at)| at.start)
        };
        let in_entry = read(entry.start, Some(POOL))?;
        let (mut at, mut found) = (entry, in_entry);
        if let Some(data) = start_of(&found, DATA).filter(|_| start_of(&found, POOL).is_none()) {
            found = read(data, Some(POOL))?;
            at = data..found.end;
        }
        if let Some(pool) = start_of(&found, POOL) {
            found = read(pool, None)?;
            at = pool..found.end;
        }
        let members = found.members.into_iter().map(|(name, at)| (name.to_owned(), at)).collect();
        Ok(Object { at, members, lists: RefCell::default() })
    }

    fn member(&self, name: &str) -> Option<Range<usize>> {
        self.members.iter().find(|(member, _)| member == name).map(|(_, at)| at.clone())
    }

    /// The span of a value in the object of a pool. The error for an absent value is the nearest text around it.
    fn find(&self, text: &str, value_path: &[ValueStep<'_>]) -> Result<Range<usize>, Range<usize>> {
        let Some((first, rest)) = value_path.split_first() else { return Ok(self.at.clone()) };
        let member = match first {
            ValueStep::Member(name) => self.member(name),
            ValueStep::Index(_) => None,
        };
        let is_null = |at: &Range<usize>| &text[at.clone()] == "null";
        let mut at = member.filter(|at| !is_null(at)).ok_or_else(|| self.start(text))?;
        for step in rest {
            let inner = match step {
                ValueStep::Member(name) => {
                    let found = members(&text[at.clone()]).into_iter().find(|(member, _)| member == name);
                    found.map(|(_, value)| place(text, value.get()))
                }
                ValueStep::Index(index) => self.element(text, &at, *index),
            };
            let inner = inner.filter(|at| !is_null(at));
            at = inner.ok_or(at.start..at.start + 1)?;
        }
        Ok(at)
    }

    /// The span of an element of a list. The findings of a list that is long ask for each.
    fn element(&self, text: &str, list: &Range<usize>, index: usize) -> Option<Range<usize>> {
        let mut lists = self.lists.borrow_mut();
        let elements = lists.entry(list.start).or_insert_with(|| {
            let elements: Vec<&RawValue> = serde_json::from_str(&text[list.clone()]).unwrap_or_default();
            elements.into_iter().map(|element| place(text, element.get())).collect()
        });
        elements.get(index).cloned()
    }

    /// The opening brace.
    fn start(&self, text: &str) -> Range<usize> {
        let start = text.len() - text[self.at.start..].trim_start().len();
        start..start + 1
    }
}

/// A pool's object as the AWS CLI lays it out, with secrets masked.
fn laid_out(object: &str) -> LaidOut {
    match indented(object) {
        Some((text, members)) => {
            let object = Object { at: 0..text.len(), members, lists: RefCell::default() };
            LaidOut { text, object, lines: Arc::default() }
        }
        None => LaidOut::of(lay_out(object, None)),
    }
}

impl LaidOut {
    fn of(text: String) -> LaidOut {
        let object = Object::of(&text, 0..text.len());
        LaidOut { text, object, lines: Arc::default() }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const POOLS: [&str; 5] = [
        r#"{"Id":"a","Clients":[{"ClientId":"1"},{"ClientId":"2"}],"Policies":{"PasswordPolicy":{"A":1}}}"#,
        r#"{"Id":"b","Clients":[{"ClientId":"1"},{"ClientId":"3"},{"ClientId":"2"}],"Policies":{"PasswordPolicy":{"A":12}}}"#,
        r#"{ "Id" : "c" , "Clients" : [ ] , "Policies" : null , "Id" : "d", "Numbers": [1, [2, {"a": -1.5e3}]] }"#,
        r#"{"I\u0064":"e","Clients":[{"ClientId":"1"}]}"#,
        "{}",
    ];
    const ENVELOPES: [&str; 6] = [
        "POOL",
        r#"{"UserPool":POOL}"#,
        r#" {"x":{"a":[{}]}, "UserPool": POOL ,"y":1}"#,
        r#"{"data":{"z":{},"UserPool":POOL}}"#,
        r#"{"data":POOL,"z":{"b":2}}"#,
        r#"{"data":{"UserPool":1},"UserPool":POOL}"#,
    ];

    #[test]
    fn places_are_those_that_serde_json_finds() {
        let (mut text, mut places) = (String::new(), Vec::new());
        for envelope in ENVELOPES {
            for pool in POOLS.iter().chain(&POOLS) {
                let start = text.len();
                text.push_str(&envelope.replace("POOL", pool));
                places.push(start..text.len());
                text.push('\n');
            }
        }
        let (mut before, mut doubts) = (Before::default(), 0);
        for place in places {
            let slow = Object::slowly_of_pool(&text, place.clone());
            match Object::quickly_of_pool(&text, place.clone(), &mut before) {
                Ok(quick) => {
                    let found = (quick.at, quick.members);
                    assert_eq!(found, (slow.at, slow.members), "{}", &text[place]);
                }
                Err(_) => doubts += 1,
            }
        }
        assert_eq!(doubts, 2 * ENVELOPES.len(), "names with escapes");
    }
}
