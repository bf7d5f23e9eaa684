//! TOML with the place of everything in it, and readers that collect mistakes instead of stopping at the first.

mod index;
mod json;
mod reader;
mod syntax;
mod write;

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{SourceDiagnostic, SourceFile, nearest, slip};
use crate::value::{Map, Value};
#[cfg(test)]
pub(crate) use index::tests::written as index_of;
pub use json::parse_json;
pub use reader::Reader;
pub use write::quoted;

/// A TOML value and its span in bytes.
#[derive(Clone, Debug)]
pub struct Item {
    pub toml: Toml,
    pub at: Range<usize>,
}

/// A TOML value.
#[derive(Clone, Debug)]
pub enum Toml {
    String(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// A date or a time, as it was written.
    Date(String),
    List(Vec<Item>),
    Table(Table),
}

/// The entries of a table, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub entries: Vec<Entry>,
}

/// One key of a table with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    pub key: String,
    pub key_at: Range<usize>,
    pub item: Item,
}

impl Table {
    pub fn get(&self, key: &str) -> Option<&Item> {
        self.entry(key).map(|entry| &entry.item)
    }

    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Whether one of its keys is not in `keys` and probably a misspelling of `key`.
    pub fn misspells(&self, key: &str, keys: &[&str]) -> bool {
        let unknown = |entry: &&Entry| !keys.contains(&entry.key.as_str());
        let meant = |entry: &Entry| nearest(&entry.key, keys.iter().copied()) == Some(key);
        self.get(key).is_none() && self.entries.iter().filter(unknown).any(meant)
    }

    /// The entry of a key, or of one that differs from it by a slip, so that what is in it is checked too.
    pub fn meant(&self, key: &str, keys: &[&str]) -> Option<&Entry> {
        let slipped = |entry: &&Entry| {
            !keys.contains(&entry.key.as_str()) && slip(&entry.key, keys.iter().copied()) == Some(key)
        };
        self.entry(key).or_else(|| self.entries.iter().find(slipped))
    }
}

impl Toml {
    /// The kind of the value, in the words of an error message.
    pub fn kind(&self) -> &'static str {
        match self {
            Toml::String(_) => "a string",
            Toml::Int(_) => "an integer",
            Toml::Float(_) => "a float",
            Toml::Bool(_) => "a boolean",
            Toml::Date(_) => "a date",
            Toml::List(_) => "an array",
            Toml::Table(_) => "a table",
        }
    }

    /// The value without its places.
    pub fn to_value(&self) -> Value {
        match self {
            Toml::String(text) | Toml::Date(text) => Value::String(text.clone().into()),
            Toml::Int(n) => Value::Int(*n),
            Toml::Float(n) => Value::Float(*n),
            Toml::Bool(b) => Value::Bool(*b),
            Toml::List(items) => Value::List(items.iter().map(|item| item.toml.to_value()).collect()),
            Toml::Table(table) => {
                let members =
                    table.entries.iter().map(|entry| (entry.key.clone().into(), entry.item.toml.to_value()));
                Value::Map(Map(members.collect()))
            }
        }
    }
}

/// Reads a source file's TOML. Syntax errors are mistakes; what could be read around them is returned all the same.
pub fn parse(source_file: &SourceFile, mistakes: &mut Vec<SourceDiagnostic>) -> Table {
    if let Some(table) = source_file.index.and_then(|index| index::table(source_file.text(), index)) {
        return table;
    }
    let (table, errors) = DeTable::parse_recoverable(source_file.text());
    mistakes.extend(syntax::mistakes(source_file, &errors));
    Converter { source_file, mistakes }.table(table.into_inner())
}

struct Converter<'a> {
    source_file: &'a SourceFile,
    mistakes: &'a mut Vec<SourceDiagnostic>,
}

impl Converter<'_> {
    fn table(&mut self, table: DeTable<'_>) -> Table {
        let entries = table.into_iter().map(|(key, value)| Entry {
            key_at: key.span(),
            key: key.into_inner().into_owned(),
            item: self.item(value),
        });
        Table { entries: entries.collect() }
    }

    fn item(&mut self, value: Spanned<DeValue<'_>>) -> Item {
        let at = value.span();
        let toml = match value.into_inner() {
            DeValue::String(text) => Toml::String(text.into_owned()),
            DeValue::Integer(n) => match i64::from_str_radix(n.as_str(), n.radix()) {
                Ok(n) => Toml::Int(n),
                Err(_) => {
                    let message = "not TOML: this integer is too large";
                    let mistake =
                        SourceDiagnostic::new(self.source_file, at.clone(), message, "does not fit 64 bits");
                    self.mistakes.push(mistake);
                    Toml::Int(0)
                }
            },
            DeValue::Float(n) => Toml::Float(n.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(b) => Toml::Bool(b),
            DeValue::Datetime(date) => Toml::Date(date.to_string()),
            DeValue::Array(items) => Toml::List(items.into_iter().map(|item| self.item(item)).collect()),
            DeValue::Table(table) => Toml::Table(self.table(table)),
        };
        Item { toml, at }
    }
}

/// The place of a part of a string's content in the string's source, both in bytes from their starts.
///
/// A string that the parser rejects has no places.
pub fn part_of_string(source: &str, part: Range<usize>) -> Range<usize> {
    let long = source.starts_with("\"\"\"") || source.starts_with("'''");
    let mut at = if long { 3 } else { 1 };
    if long {
        // A newline right after the opening quotes is not content.
        let rest = &source[at..];
        at += rest.len() - rest.strip_prefix("\r\n").or(rest.strip_prefix('\n')).unwrap_or(rest).len();
    }
    let literal = source.starts_with('\'');
    let (mut content, mut start) = (0, None);
    while let Some(c) = source[at..].chars().next() {
        if content >= part.start && start.is_none() {
            start = Some(at);
        }
        if content >= part.end {
            break;
        }
        let (read, made) = match c {
            '\\' if !literal => escape(&source[at..]),
            _ => (c.len_utf8(), c.len_utf8()),
        };
        at += read;
        content += made;
    }
    start.unwrap_or(at)..at
}

/// The length of an escape, and of the character that it stands for.
fn escape(source: &str) -> (usize, usize) {
    let digits = |count: usize| {
        let code = source.get(2..2 + count).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let made = code.and_then(char::from_u32).map_or(0, char::len_utf8);
        if code.is_some() { (2 + count, made) } else { (1, 1) }
    };
    match source[1..].chars().next() {
        Some('x') => digits(2),
        Some('u') => digits(4),
        Some('U') => digits(8),
        // The end of a line, and all white space after it, stands for nothing.
        Some(c) if c.is_whitespace() => (source.len() - source[1..].trim_start().len(), 0),
        Some(c) => (1 + c.len_utf8(), 1),
        None => (1, 1),
    }
}
