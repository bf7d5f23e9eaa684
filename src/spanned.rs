//! TOML with the place of everything in it, and readers that collect mistakes instead of stopping at the first.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::mistake::{Mistake, Script, suggest};
use crate::value::{Map, Value};

/// A TOML value and where it stands, in bytes.
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
    /// A float, or an integer that does not fit 64 bits.
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
}

impl Toml {
    /// What kind of value it is, in the words of an error message.
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
                let members = table
                    .entries
                    .iter()
                    .map(|entry| (entry.key.clone().into(), entry.item.toml.to_value()));
                Value::Map(Map(members.collect()))
            }
        }
    }
}

/// Reads a script's TOML. Syntax errors are mistakes; what could be read around them is returned all the same.
pub fn parse(script: &Script, mistakes: &mut Vec<Mistake>) -> Table {
    let (table, errors) = DeTable::parse_recoverable(script.text());
    for error in errors {
        let at = error.span().unwrap_or(0..0);
        mistakes.push(Mistake::new(
            script,
            at,
            format!("not TOML: {}", error.message()),
            "",
        ));
    }
    convert_table(table.into_inner())
}

fn convert_table(table: DeTable<'_>) -> Table {
    let entries = table.into_iter().map(|(key, value)| Entry {
        key_at: key.span(),
        key: key.into_inner().into_owned(),
        item: convert(value),
    });
    Table {
        entries: entries.collect(),
    }
}

fn convert(value: Spanned<DeValue<'_>>) -> Item {
    let at = value.span();
    let toml = match value.into_inner() {
        DeValue::String(text) => Toml::String(text.into_owned()),
        DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).map_or_else(
            |_| Toml::Float(n.as_str().parse().unwrap_or(f64::INFINITY)),
            Toml::Int,
        ),
        DeValue::Float(n) => Toml::Float(n.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(b) => Toml::Bool(b),
        DeValue::Datetime(date) => Toml::Date(date.to_string()),
        DeValue::Array(items) => Toml::List(items.into_iter().map(convert).collect()),
        DeValue::Table(table) => Toml::Table(convert_table(table)),
    };
    Item { toml, at }
}

/// Reads values of one script and notes what is not as it should be.
pub struct Reader<'a> {
    pub script: &'a Script,
    pub mistakes: &'a mut Vec<Mistake>,
}

impl Reader<'_> {
    /// Notes every key that is not one of `keys`. `what` is what the table is: `a rule`.
    pub fn only(&mut self, table: &Table, what: &str, keys: &[&str]) {
        for entry in table
            .entries
            .iter()
            .filter(|entry| !keys.contains(&entry.key.as_str()))
        {
            let message = format!("{what} has no key `{}`", entry.key);
            let help = suggest(&entry.key, keys.iter().copied());
            self.mistake(entry.key_at.clone(), message, "unknown key", help);
        }
    }

    pub fn mistake(
        &mut self,
        at: Range<usize>,
        message: impl Into<String>,
        label: &str,
        help: impl Into<String>,
    ) {
        self.mistakes
            .push(Mistake::new(self.script, at, message, label).help(help));
    }

    /// Notes that a value is of the wrong kind.
    pub fn wrong_kind(&mut self, key: &str, item: &Item, wanted: &str) {
        let label = format!("this is {}", item.toml.kind());
        self.mistakes.push(Mistake::new(
            self.script,
            item.at.clone(),
            format!("`{key}` must be {wanted}"),
            label,
        ));
    }

    pub fn string(&mut self, table: &Table, key: &str) -> Option<(String, Range<usize>)> {
        let item = table.get(key)?;
        match &item.toml {
            Toml::String(text) => Some((text.clone(), item.at.clone())),
            _ => {
                self.wrong_kind(key, item, "a string");
                None
            }
        }
    }

    pub fn bool(&mut self, table: &Table, key: &str) -> Option<bool> {
        let item = table.get(key)?;
        match item.toml {
            Toml::Bool(b) => Some(b),
            _ => {
                self.wrong_kind(key, item, "true or false");
                None
            }
        }
    }

    pub fn table<'t>(&mut self, table: &'t Table, key: &str) -> Option<&'t Table> {
        let item = table.get(key)?;
        self.as_table(key, item)
    }

    pub fn as_table<'t>(&mut self, key: &str, item: &'t Item) -> Option<&'t Table> {
        match &item.toml {
            Toml::Table(inner) => Some(inner),
            _ => {
                self.wrong_kind(key, item, "a table");
                None
            }
        }
    }

    /// The elements of an array; nothing when the key is missing.
    pub fn list<'t>(&mut self, table: &'t Table, key: &str) -> &'t [Item] {
        match table.get(key) {
            None => &[],
            Some(Item {
                toml: Toml::List(items),
                ..
            }) => items,
            Some(item) => {
                self.wrong_kind(key, item, "an array");
                &[]
            }
        }
    }

    /// The strings of an array, each with its place.
    pub fn strings(&mut self, table: &Table, key: &str) -> Vec<(String, Range<usize>)> {
        let mut strings = Vec::new();
        for item in self.list(table, key) {
            match &item.toml {
                Toml::String(text) => strings.push((text.clone(), item.at.clone())),
                _ => self.wrong_kind(key, item, "an array of strings"),
            }
        }
        strings
    }

    /// A string that is one of a few words.
    pub fn word<T>(&mut self, table: &Table, key: &str, words: &[(&str, T)]) -> Option<T>
    where
        T: Copy,
    {
        let (text, at) = self.string(table, key)?;
        let found = words
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, value)| *value);
        if found.is_none() {
            let help = suggest(&text, words.iter().map(|(word, _)| *word).collect::<Vec<_>>());
            self.mistake(
                at,
                format!("`{key}` cannot be `{text}`"),
                "not one of its words",
                help,
            );
        }
        found
    }
}
