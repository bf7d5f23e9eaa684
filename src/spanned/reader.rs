//! Reads values of a source file and collects mistakes.

use std::ops::Range;

use super::{Item, Table, Toml};
use crate::diagnostic::{SourceDiagnostic, SourceFile, one_of, suggest};

/// Reads values of one source file and collects mistakes.
pub struct Reader<'a> {
    pub source_file: &'a SourceFile,
    pub mistakes: &'a mut Vec<SourceDiagnostic>,
}

impl Reader<'_> {
    /// Reports every key that is not one of `keys`. `what` names the table: `a rule`.
    pub fn only(&mut self, table: &Table, what: &str, keys: &[&str]) {
        for entry in table.entries.iter().filter(|entry| !keys.contains(&entry.key.as_str())) {
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
        self.mistakes.push(SourceDiagnostic::new(self.source_file, at, message, label).help(help));
    }

    /// Reports a value of the wrong kind.
    pub fn wrong_kind(&mut self, key: &str, item: &Item, wanted: &str, help: Option<String>) {
        let label = format!("this is {}", item.toml.kind());
        let message = format!("`{key}` must be {wanted}");
        let mistake = SourceDiagnostic::new(self.source_file, item.at.clone(), message, label);
        self.mistakes.push(mistake.maybe_help(help));
    }

    pub fn string(&mut self, table: &Table, key: &str) -> Option<(String, Range<usize>)> {
        let item = table.get(key)?;
        match &item.toml {
            Toml::String(text) => Some((text.clone(), item.at.clone())),
            _ => {
                self.wrong_kind(key, item, "a string", self.as_string(item));
                None
            }
        }
    }

    /// The help for a value that must be a string.
    pub fn as_string(&self, item: &Item) -> Option<String> {
        match &item.toml {
            Toml::List(items) => match items.as_slice() {
                [Item { toml: Toml::String(_), at }] => {
                    Some(format!("take it out of the brackets: {}", &self.source_file.text()[at.clone()]))
                }
                _ => None,
            },
            Toml::String(_) | Toml::Table(_) => None,
            _ => Some(format!("put it in quotes: \"{}\"", &self.source_file.text()[item.at.clone()])),
        }
    }

    pub fn bool(&mut self, table: &Table, key: &str) -> Option<bool> {
        let item = table.get(key)?;
        match &item.toml {
            Toml::Bool(b) => return Some(*b),
            Toml::String(text) if matches!(text.as_str(), "true" | "false") => {
                let help = format!("write it without quotes: {text}");
                self.wrong_kind(key, item, "true or false", Some(help));
            }
            _ => {
                let help = format!("write `{key} = true` or `{key} = false`");
                self.wrong_kind(key, item, "true or false", Some(help));
            }
        }
        None
    }

    pub fn table<'t>(&mut self, table: &'t Table, key: &str) -> Option<&'t Table> {
        let item = table.get(key)?;
        self.as_table(&format!("`{key}`"), item, &format!("put a table in braces: `{key} = {{ ... }}`"))
    }

    /// The table that an item must be. `what` names the item in the message.
    pub fn as_table<'t>(&mut self, what: &str, item: &'t Item, help: &str) -> Option<&'t Table> {
        match &item.toml {
            Toml::Table(inner) => Some(inner),
            _ => {
                let label = format!("this is {}", item.toml.kind());
                self.mistake(item.at.clone(), format!("{what} must be a table"), &label, help);
                None
            }
        }
    }

    /// The elements of an array; nothing when the key is missing.
    pub fn list<'t>(&mut self, table: &'t Table, key: &str) -> &'t [Item] {
        match table.get(key) {
            None => &[],
            Some(Item { toml: Toml::List(items), .. }) => items,
            Some(item) => {
                self.wrong_kind(key, item, "an array", Some(self.as_list(item)));
                &[]
            }
        }
    }

    /// The help for a value that must be an array.
    fn as_list(&self, item: &Item) -> String {
        let source = &self.source_file.text()[item.at.clone()];
        match item.toml {
            Toml::Table(_) if source.starts_with('[') => {
                format!("write it in double brackets: `[{source}]`")
            }
            Toml::String(_) if !source.contains('\n') => format!("put it in brackets: [{source}]"),
            _ => "put it in brackets".to_owned(),
        }
    }

    /// The strings of an array, each with its place.
    pub fn strings(&mut self, table: &Table, key: &str) -> Vec<(String, Range<usize>)> {
        let mut strings = Vec::new();
        for item in self.list(table, key) {
            match &item.toml {
                Toml::String(text) => strings.push((text.clone(), item.at.clone())),
                _ => self.wrong_kind(key, item, "an array of strings", self.as_string(item)),
            }
        }
        strings
    }

    /// A string that is one of a few words.
    pub fn word<T>(&mut self, table: &Table, key: &str, words: &[(&str, T)]) -> Option<T>
    where
        T: Copy,
    {
        let item = table.get(key)?;
        let names = words.iter().map(|(word, _)| *word);
        let Toml::String(text) = &item.toml else {
            self.wrong_kind(key, item, "a string", Some(one_of(names)));
            return None;
        };
        let found = words.iter().find(|(word, _)| word == text).map(|(_, value)| *value);
        if found.is_none() {
            let help = suggest(text, names);
            self.mistake(item.at.clone(), format!("`{key}` cannot be `{text}`"), "invalid value", help);
        }
        found
    }
}
