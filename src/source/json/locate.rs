//! Where a value stands in the text of a pool. Looked up only for what is printed.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::entry::place;
use super::mask::{masked, secret_places};
use crate::pool::{Pool, Source};
use crate::source::{Chunk, Excerpt, Location};

/// A step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Walk<'a> {
    Member(Cow<'a, str>),
    Index(usize),
}

/// Lines longer than this are not shown from the file; the pool is laid out anew instead.
const LONGEST_LINE: usize = 160;
/// Lines shown before and after the value.
const CONTEXT: usize = 2;
/// A value of more lines than this is labelled on its first.
const TALLEST_LABEL: usize = 6;

/// Finds places in the text of one chunk.
#[derive(Debug)]
pub struct Locator<'c> {
    chunk: &'c Chunk,
    text: &'c str,
    /// Where lines start; made once, for a chunk may hold thousands of pools.
    starts: OnceCell<Vec<usize>>,
}

impl<'c> Locator<'c> {
    /// `None` for a chunk that is not UTF-8, which then has no pools either.
    pub fn new(chunk: &'c Chunk) -> Option<Locator<'c>> {
        let text = std::str::from_utf8(&chunk.bytes).ok()?;
        Some(Locator { chunk, text, starts: OnceCell::new() })
    }

    /// The place in the file; a live pool has none.
    pub fn location(&self, pool: &Pool, walk: &[Walk<'_>]) -> Option<Location> {
        if pool.origin.source == Source::Live {
            return None;
        }
        let label = find(self.text, pool_object(self.text, pool.place.clone()), walk);
        let line = self.line(label.start);
        let start = self.starts()[line];
        let column = self.text[start..label.start].chars().count() + 1;
        Some(Location { file: Arc::clone(&pool.origin.name), line: self.chunk.first_line + line, column })
    }

    /// The lines around the value: from the file, or from the pool laid out as the AWS CLI prints it where the
    /// file has it all on one line.
    pub fn excerpt(&self, pool: &Pool, walk: &[Walk<'_>]) -> Excerpt {
        let object = pool_object(self.text, pool.place.clone());
        let label = find(self.text, object.clone(), walk);
        let (first, last) = (self.line(label.start), self.line(label.end));
        let long = (first..=last).any(|line| self.line_text(line).len() > LONGEST_LINE);
        if pool.origin.source != Source::Live && !long && self.stands_alone(&pool.place) {
            let mut secrets = Vec::new();
            secret_places(self.text, pool.place.clone(), 0, &mut secrets);
            let name = pool.origin.name.to_string();
            return self.cut(name, label, &pool.place, &secrets);
        }
        let laid_out = lay_out(&self.text[object]);
        let identity = pool.identity();
        let name = identity.arn.as_ref().or(identity.id.as_ref()).unwrap_or(&pool.origin.name).to_string();
        let chunk =
            Chunk { origin: pool.origin.clone(), bytes: Vec::new(), first_line: 1, ..Chunk::default() };
        let locator = Locator { chunk: &chunk, text: &laid_out, starts: OnceCell::new() };
        let whole = 0..laid_out.len();
        locator.cut(name, find(&laid_out, whole.clone(), walk), &whole, &[])
    }

    /// Whether no other pool has a part of the lines that a pool stands on.
    fn stands_alone(&self, entry: &Range<usize>) -> bool {
        let before = &self.text[self.starts()[self.line(entry.start)]..entry.start];
        let after = self.text[entry.end..].split('\n').next().unwrap_or_default();
        let only = |text: &str| text.chars().all(|c| c.is_whitespace() || matches!(c, '[' | ',' | ']'));
        only(before) && only(after)
    }

    /// Cuts the lines around a label out, without those of other pools, whose secrets nobody looked for.
    fn cut(
        &self,
        name: String,
        label: Range<usize>,
        entry: &Range<usize>,
        secrets: &[Range<usize>],
    ) -> Excerpt {
        let (first, mut last) = (self.line(label.start), self.line(label.end.max(label.start + 1) - 1));
        let mut end = label.end;
        if last - first >= TALLEST_LABEL {
            last = first;
            end = self.starts()[first] + self.line_text(first).trim_end().len();
        }
        let near = |line: &usize| self.line_text(*line).len() <= LONGEST_LINE;
        let (top, bottom) = (self.line(entry.start), self.line(entry.end.max(entry.start + 1) - 1));
        let from =
            (first.saturating_sub(CONTEXT).max(top)..first).rev().take_while(near).last().unwrap_or(first);
        let to = (last + 1..=(last + CONTEXT).min(bottom)).take_while(near).last().unwrap_or(last);
        let start = self.starts()[from];
        let stop = self.starts().get(to + 1).copied().unwrap_or(self.text.len());
        let mut text = self.text[start..stop].trim_end().to_owned();
        for secret in secrets {
            let (a, b) = (secret.start.max(start), secret.end.min(start + text.len()));
            if a < b {
                let mask =
                    self.text.as_bytes()[a..b].iter().map(|byte| if *byte == b'\n' { '\n' } else { '*' });
                text.replace_range(a - start..b - start, &mask.collect::<String>());
            }
        }
        Excerpt {
            name,
            text,
            first_line: self.chunk.first_line + from,
            label: label.start - start..end - start,
        }
    }

    fn starts(&self) -> &[usize] {
        self.starts.get_or_init(|| {
            let newlines = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(newlines.map(|(at, _)| at + 1)).collect()
        })
    }

    /// Index of the line that a byte stands on, from 0.
    fn line(&self, at: usize) -> usize {
        self.starts().partition_point(|start| *start <= at).saturating_sub(1)
    }

    fn line_text(&self, line: usize) -> &str {
        let end = self.starts().get(line + 1).copied().unwrap_or(self.text.len());
        &self.text[self.starts()[line]..end]
    }
}

/// The members of an object, with the text of each value.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((Name(name), value)) = map.next_entry()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

pub(super) fn members(text: &str) -> Vec<(Cow<'_, str>, &RawValue)> {
    serde_json::from_str(text).map_or_else(|_| Vec::new(), |Members(members)| members)
}

/// Where the pool's own object stands in an entry, which may be an envelope: `UserPool`, `data`, or one in the other.
/// What a pool has under these names itself is no envelope.
fn pool_object(text: &str, entry: Range<usize>) -> Range<usize> {
    let under = |name: &str, at: &Range<usize>| {
        let (_, inner) = members(&text[at.clone()]).into_iter().find(|(member, _)| member == name)?;
        Some(place(text, inner.get()))
    };
    under("UserPool", &entry)
        .or_else(|| under("data", &entry).map(|data| under("UserPool", &data).unwrap_or(data)))
        .unwrap_or(entry)
}

/// Where a value of a pool stands. For one that is absent: what stands nearest around it.
fn find(text: &str, pool: Range<usize>, walk: &[Walk<'_>]) -> Range<usize> {
    let mut at = pool.clone();
    for step in walk {
        let inner = match step {
            Walk::Member(name) => {
                let found = members(&text[at.clone()]).into_iter().find(|(member, _)| member == name);
                found.map(|(_, value)| value)
            }
            Walk::Index(index) => {
                let elements: Vec<&RawValue> = serde_json::from_str(&text[at.clone()]).unwrap_or_default();
                elements.get(*index).copied()
            }
        };
        match inner {
            Some(value) if value.get() != "null" => at = place(text, value.get()),
            _ if at == pool => return name_of(text, &pool),
            _ => return at.start..at.start + 1,
        }
    }
    at
}

/// What names a pool in its text: its name, else its id, else its opening brace.
fn name_of(text: &str, pool: &Range<usize>) -> Range<usize> {
    let members = members(&text[pool.clone()]);
    let named = ["Name", "Id"].iter().find_map(|name| members.iter().find(|(member, _)| member == name));
    let start = text.len() - text[pool.start..].trim_start().len();
    named.map_or(start..start + 1, |(_, value)| place(text, value.get()))
}

/// The pool's object as the AWS CLI lays it out, with secrets masked.
fn lay_out(object: &str) -> String {
    let mut secrets = Vec::new();
    secret_places(object, 0..object.len(), 0, &mut secrets);
    let masked = masked(object, &secrets);
    let mut out = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
    let Ok(value) = serde_json::from_str::<serde_json::Value>(&masked) else {
        return masked;
    };
    match serde::Serialize::serialize(&value, &mut serializer) {
        Ok(()) => String::from_utf8_lossy(&out).into_owned(),
        Err(_) => masked,
    }
}
