//! Finds the pools in a chunk of text: bare, in an envelope, in an array, or one on each line.

#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;

use rayon::prelude::*;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::bare::Bare;
use super::member::{Key, METADATA, Name};
use super::memory::{Memory, NO_MEMORY};
use super::read_state::{ReadState, Refusal};
use super::reader::{Doubt, Raw, Reader};
use super::refusal::{beside, refusal};
use super::several::{elements, several, tokens, whole_elements};
use super::{member, snapshot};
use crate::pool::{Pool, Projection, Section, Source, lacking};
use crate::schema::{NodeId, schema};
use crate::source::text::place;
use crate::source::{About, Chunk, Shape, Unread};
use crate::value::{Map, json_error};

/// Fewer pools than this are read before threads would have started.
const FEW: usize = 50;

/// How the rest of a list is got.
const PAGES: &str = "save every page of the list, or let the AWS CLI get them all";

/// The pools of a chunk.
#[derive(Debug, Default)]
pub struct Parsed<'c> {
    pub pools: Vec<Pool>,
    pub unread: Vec<Unread>,
    /// The text of the chunk, which its pools have their places in; empty for a chunk that is not text.
    pub text: &'c str,
    /// The texts to compare the next chunk with, if they are others than before.
    pub memory: Option<Memory>,
}

/// Reads the pools of a chunk, as far as the projection wants them.
pub fn pools<'c>(chunk: &'c Chunk, projection: &Projection) -> Parsed<'c> {
    pools_after(chunk, projection, &NO_MEMORY)
}

/// The same after another chunk, of which something is remembered.
pub fn pools_after<'c>(chunk: &'c Chunk, projection: &Projection, memory: &'c Memory) -> Parsed<'c> {
    let text = match text(&chunk.bytes) {
        Ok(text) => text,
        Err(error) => {
            let before = &chunk.bytes[..error.valid_up_to()];
            let line = chunk.first_line + memchr::memchr_iter(b'\n', before).count();
            let unread = unread(chunk, Some((line, 1)), "this is not UTF-8 text".to_owned(), None);
            return Parsed { unread: vec![unread], ..Parsed::default() };
        }
    };
    match chunk.shape {
        Shape::Lines | Shape::Recorded => lines(chunk, text, projection, memory),
        Shape::Document => document(chunk, text, projection, memory),
    }
}

/// The text of bytes. To find its error, they are looked at again.
fn text(bytes: &[u8]) -> Result<&str, std::str::Utf8Error> {
    simdutf8::basic::from_utf8(bytes).or_else(|_| std::str::from_utf8(bytes))
}

fn lines<'c>(chunk: &Chunk, text: &'c str, projection: &Projection, memory: &'c Memory) -> Parsed<'c> {
    let mut parsed = Parsed { text, ..Parsed::default() };
    let mut read_state = memory.state(chunk.shape == Shape::Recorded);
    let mut start = 0;
    for number in 0.. {
        if start == text.len() {
            break;
        }
        let end =
            memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |length| start + length + 1);
        let place = start..end;
        start = end;
        if text[place.clone()].trim_ascii().is_empty() {
            continue;
        }
        match entry(chunk, text, place, projection, &mut read_state) {
            Ok(pool) => parsed.pools.push(pool),
            Err(problem) => {
                let at = (chunk.first_line + number, problem.column.unwrap_or(1));
                parsed.unread.push(unread(chunk, Some(at), problem.message, problem.help));
            }
        }
    }
    parsed.memory = read_state.memory();
    parsed
}

fn document<'c>(chunk: &Chunk, text: &'c str, projection: &Projection, memory: &'c Memory) -> Parsed<'c> {
    let ((places, broken), more) = match chunk.origin.source {
        // An answer about one pool.
        Source::Live => ((vec![Range { start: 0, end: text.len() }], None), Vec::new()),
        _ => (entries(text), pages(chunk, text)),
    };
    let mut read_state = memory.state(false);
    let results: Vec<_> = match places.len() {
        ..FEW => {
            let mut read =
                |place: Range<usize>| (place.start, entry(chunk, text, place, projection, &mut read_state));
            places.into_iter().map(&mut read).collect()
        }
        _ => {
            let read = |place: Range<usize>| {
                (place.start, entry(chunk, text, place, projection, &mut ReadState::default()))
            };
            places.into_par_iter().map(read).collect()
        }
    };
    let mut parsed = Parsed { unread: more, text, memory: read_state.memory(), ..Parsed::default() };
    let position = |start: usize, problem: &Problem| {
        let (line, column) = crate::diagnostic::line_column(text, start);
        let inner = problem.line.unwrap_or(1);
        let column =
            if inner == 1 { column + problem.column.unwrap_or(1) - 1 } else { problem.column.unwrap_or(1) };
        (chunk.first_line + line + inner - 2, column)
    };
    for (start, result) in results {
        match result {
            Ok(pool) => parsed.pools.push(pool),
            Err(problem) => {
                let at = position(start, &problem);
                parsed.unread.push(unread(chunk, Some(at), problem.message, problem.help));
            }
        }
    }
    if let Some(error) = broken {
        let at = (chunk.first_line + error.line().max(1) - 1, error.column().max(1));
        let message = format!("this is not JSON: {}", json_error(&error));
        parsed.unread.push(unread(chunk, Some(at), message, None));
    }
    parsed
}

fn unread(
    chunk: &Chunk,
    at: Option<(usize, usize)>,
    message: String,
    own_help: Option<&'static str>,
) -> Unread {
    let mut about = About::default();
    let (target, help, at) = match chunk.origin.source {
        // A live pool has no file, so the pool itself is named.
        Source::Live => {
            let told: serde_json::Value = serde_json::from_slice(&chunk.bytes).unwrap_or_default();
            let id = told["UserPool"]["Id"].as_str();
            about = About {
                region: Some(chunk.origin.name.to_string()),
                pool: id.map(str::to_owned),
                section: Some(Section::UserPool),
                ..About::default()
            };
            let help = "the service answered what this version cannot read: please report it";
            (id.unwrap_or(&chunk.origin.name).to_owned(), help, None)
        }
        _ => {
            let help = "expected the output of `aws cognito-idp describe-user-pool`, a snapshot, a plan or a \
                        state as JSON, a template, or a Terraform configuration (`main.tf`)";
            (chunk.origin.name.to_string(), help, at)
        }
    };
    let help = own_help.unwrap_or(help);
    Unread { help: Some(help.to_owned()), at, about, ..Unread::new(target, message) }
}

/// The span of each value that may be a pool: top-level values, or the elements of top-level arrays.
fn entries(text: &str) -> (Vec<Range<usize>>, Option<serde_json::Error>) {
    let mut places = Vec::new();
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    while let Some(value) = stream.next() {
        match value {
            Ok(raw) if raw.get().starts_with('[') => {
                let elements = elements(raw.get()).into_iter().flat_map(several);
                places.extend(elements.map(|element| place(text, element)));
            }
            Ok(raw) => places.extend(several(raw.get()).into_iter().map(|value| place(text, value))),
            Err(error) => {
                // An array that breaks off still has the elements before the break.
                let whole = whole_elements(&text[stream.byte_offset()..]);
                places.extend(whole.into_iter().map(|element| place(text, element)));
                return (places, Some(error));
            }
        }
    }
    (places, None)
}

/// What is missing of lists of pools that are one page of several.
fn pages(chunk: &Chunk, text: &str) -> Vec<Unread> {
    let unread = |token| {
        let (line, column) = crate::diagnostic::line_column(text, place(text, token).start);
        let message =
            "this list has a `NextToken`: it is one page, and the pools of the others are not in it";
        unread(chunk, Some((chunk.first_line + line - 1, column)), message.to_owned(), Some(PAGES))
    };
    tokens(text).into_iter().map(unread).collect()
}

/// Why a value is not a pool.
struct Problem {
    message: String,
    /// The advice, if it differs from the general advice about texts that are not pools.
    help: Option<&'static str>,
    /// In the value's own text, from 1.
    line: Option<usize>,
    column: Option<usize>,
}

fn entry<'t>(
    chunk: &Chunk,
    text: &'t str,
    place: Range<usize>,
    projection: &Projection,
    read_state: &mut ReadState<'t>,
) -> Result<Pool, Problem> {
    read_state.begin();
    let value = &text[place.clone()];
    let mut skipped = std::mem::take(&mut read_state.skipped);
    let mut reader = Reader::new(value, &mut skipped);
    let quick = Entry { projection, read_state: &mut *read_state, depth: 0 }.deserialize(&mut reader);
    let quick = quick.and_then(|found| reader.end().map(|()| found));
    read_state.skipped = skipped;
    let document = quick.or_else(|Doubt| slow(value, projection, read_state))?;
    let mut pool = Pool {
        origin: chunk.origin.clone(),
        place,
        lacks: lacking(&document),
        document,
        unread: chunk.unread.clone(),
        held: chunk.held.clone(),
        unknown_members: std::mem::take(&mut read_state.unknown_members),
        ..Pool::default()
    };
    match read_state.recorded.take() {
        Some(recorded) => recorded.restore(&mut pool),
        None if read_state.in_snapshot => {
            return Err(Problem { message: snapshot::bare_pool(), help: None, line: None, column: None });
        }
        None => {}
    }
    Ok(pool)
}

/// Reads an entry that the quick reader has doubts about: `serde_json` decides, and says what is wrong.
fn slow<'t>(value: &'t str, projection: &Projection, read_state: &mut ReadState<'t>) -> Result<Map, Problem> {
    read_state.begin();
    read_state.is_slow = true;
    let mut deserializer = serde_json::Deserializer::from_str(value);
    let seed = Entry { projection, read_state: &mut *read_state, depth: 0 };
    let read = seed.deserialize(&mut deserializer).and_then(|found| deserializer.end().map(|()| found));
    read_state.is_slow = false;
    read.map_err(|error| {
        // A refusal is of the value as a whole, which is reported at its start.
        if let Some(Refusal { message, help }) = read_state.refusal.take() {
            return Problem { message, help, line: None, column: None };
        }
        let syntax = if error.is_data() { "" } else { "this is not JSON: " };
        let message = format!("{syntax}{}", json_error(&error));
        let known = (error.line() > 0).then(|| (error.line(), error.column().max(1)));
        Problem { message, help: None, line: known.map(|at| at.0), column: known.map(|at| at.1) }
    })
}

/// A value that should be a pool or an envelope around one.
struct Entry<'a, 'de> {
    projection: &'a Projection,
    read_state: &'a mut ReadState<'de>,
    /// The number of envelopes around it.
    depth: usize,
}

impl Entry<'_, '_> {
    /// Whether a name that is not a member of pools holds a pool.
    fn is_envelope(&self, name: &str) -> bool {
        name == "UserPool" || (name == "data" && self.depth == 0)
    }
}

impl<'de> DeserializeSeed<'de> for Entry<'_, 'de> {
    type Value = Map;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Map, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Entry<'_, 'de> {
    type Value = Map;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object that describes a user pool")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Map, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Err(self.read_state.refuse("an array was found where a user pool was expected".to_owned(), None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Map, A::Error> {
        // An envelope and a bare pool look alike until a telling member comes, so both are read side by side.
        let mut bare = Bare::default();
        let mut enveloped = None;
        let mut foreign = Vec::new();
        while let Some(name) =
            map.next_key_seed(Key { owner: schema().node(NodeId::ROOT), guess: bare.guess })?
        {
            match name {
                Name::Known(position) => {
                    bare.member(position, self.projection, self.read_state, &mut map)?;
                }
                Name::Unknown(name) if enveloped.is_some() && self.is_envelope(&name) => {
                    let message = format!(
                        "`{name}` holds a second pool of the same object, and it is not clear which one counts"
                    );
                    return Err(self.read_state.refuse(message, None));
                }
                Name::Unknown(name) if name == "UserPool" => {
                    enveloped = Some(map.next_value_seed(Enveloped {
                        projection: self.projection,
                        read_state: &mut *self.read_state,
                    })?);
                }
                Name::Unknown(name) if self.is_envelope(&name) => {
                    let inner =
                        Entry { projection: self.projection, read_state: &mut *self.read_state, depth: 1 };
                    enveloped = Some(map.next_value_seed(inner)?);
                }
                Name::Unknown(name) if name == snapshot::MARK && self.depth == 0 => {
                    let Raw(value) = map.next_value()?;
                    let recorded = snapshot::recorded(value, self.read_state.in_snapshot);
                    self.read_state.recorded =
                        Some(recorded.map_err(|why| self.read_state.refuse(why, None))?);
                }
                Name::Unknown(name) => {
                    let value: serde_json::Value = map.next_value()?;
                    foreign.push((name, value));
                }
            }
        }
        match enveloped {
            Some(pool) => {
                if let Some(Refusal { message, help }) = beside(&bare, &foreign) {
                    return Err(self.read_state.refuse(message, help));
                }
                let names = foreign.into_iter().map(|(name, _)| name);
                self.read_state
                    .unknown_members
                    .extend(names.filter(|name| !METADATA.contains(&name.as_str())));
                Ok(pool)
            }
            None if bare.is_pool() => Ok(bare.finish(foreign, self.projection, self.read_state)),
            None => {
                let Refusal { message, help } = refusal(&bare, &foreign);
                Err(self.read_state.refuse(message, help))
            }
        }
    }
}

/// The object under `UserPool`.
struct Enveloped<'a, 'de> {
    projection: &'a Projection,
    read_state: &'a mut ReadState<'de>,
}

impl<'de> DeserializeSeed<'de> for Enveloped<'_, 'de> {
    type Value = Map;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Map, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Enveloped<'_, 'de> {
    type Value = Map;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object under `UserPool`")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Map, A::Error> {
        let (members, seen) = member::members(NodeId::ROOT, self.projection, self.read_state, map)?;
        if seen.given == 0 {
            let message = "the object under `UserPool` has no member of a user pool".to_owned();
            return Err(self.read_state.refuse(message, None));
        }
        Ok(members)
    }
}
