//! The index of a TOML text: where its keys and values are, written down so that the text need not be parsed again.
//!
//! Built-in rules are read at each start. Parsing them took 5.9 million instructions of the 21 million of a check of
//! one pool with the default pack; reading their index takes a seventh of that.

use std::ops::Range;

use super::{Entry, Item, Table, Toml};

/// A checksum of a text. An index is of the text that has its checksum.
fn checksum(text: &str) -> u64 {
    let mut sum = text.len() as u64;
    for chunk in text.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        sum = (sum ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        sum ^= sum >> 32;
    }
    sum
}

/// The table of a text by its index; `None` if the index is of another text.
pub(super) fn table(text: &str, index: &str) -> Option<Table> {
    let (sum, rest) = index.split_once(' ')?;
    if u64::from_str_radix(sum, 16).ok()? != checksum(text) {
        return None;
    }
    Reader { text, index: rest.as_bytes(), at: 0 }.table()
}

struct Reader<'a> {
    text: &'a str,
    index: &'a [u8],
    /// Where the key or value before begins. Places are written as distances from there.
    at: usize,
}

impl Reader<'_> {
    /// The kind of the next value.
    fn kind(&mut self) -> Option<u8> {
        let (kind, rest) = self.index.split_first()?;
        self.index = rest;
        Some(*kind)
    }

    /// The next number, which ends with a space or the index.
    fn number(&mut self) -> Option<isize> {
        let negative = self.index.first() == Some(&b'-');
        let digits = self.index.iter().skip(usize::from(negative)).take_while(|byte| **byte != b' ');
        let (mut number, mut length) = (0, usize::from(negative) + 1);
        for digit in digits {
            number = number * 10 + isize::from((*digit).checked_sub(b'0')?);
            length += 1;
        }
        self.index = self.index.get(length..).unwrap_or_default();
        Some(if negative { -number } else { number })
    }

    fn count(&mut self) -> Option<usize> {
        self.number()?.try_into().ok()
    }

    fn place(&mut self) -> Option<Range<usize>> {
        let start = self.at.checked_add_signed(self.number()?)?;
        self.at = start;
        Some(start..start + self.count()?)
    }

    fn table(&mut self) -> Option<Table> {
        let count = self.count()?;
        let mut entries = Vec::with_capacity(count);
        for _ in 0..count {
            let key_at = self.place()?;
            let key = self.text.get(key_at.clone())?.trim_matches('"').to_owned();
            entries.push(Entry { key, key_at, item: self.item()? });
        }
        Some(Table { entries })
    }

    fn item(&mut self) -> Option<Item> {
        let kind = self.kind()?;
        let at = self.place()?;
        let written = self.text.get(at.clone())?;
        let toml = match kind {
            b's' => Toml::String(written.get(1..written.len() - 1)?.to_owned()),
            b'e' => Toml::String(written.parse::<toml::Value>().ok()?.as_str()?.to_owned()),
            b'i' => Toml::Int(written.parse().ok()?),
            b'f' => Toml::Float(written.parse().ok()?),
            b'b' => Toml::Bool(written == "true"),
            b'd' => Toml::Date(written.to_owned()),
            b'l' => {
                let count = self.count()?;
                let mut items = Vec::with_capacity(count);
                for _ in 0..count {
                    items.push(self.item()?);
                }
                Toml::List(items)
            }
            b't' => Toml::Table(self.table()?),
            _ => return None,
        };
        Some(Item { toml, at })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::diagnostic::SourceFile;
    use crate::spanned::parse;
    use crate::value::Value;

    /// The index of a text.
    pub(crate) fn written(text: &str) -> String {
        let mut mistakes = Vec::new();
        let parsed = parse(&SourceFile::new("a.toml", text), &mut mistakes);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let mut index = format!("{:x} ", checksum(text));
        write_table(&parsed, text, &mut 0, &mut index);
        let read = table(text, &index).expect("an index can be read");
        assert_eq!(format!("{read:?}"), format!("{parsed:?}"), "the index of\n{text}");
        index
    }

    fn write_place(place: &Range<usize>, at: &mut usize, index: &mut String) {
        index.push_str(&format!("{} {} ", place.start as isize - *at as isize, place.len()));
        *at = place.start;
    }

    fn write_table(table: &Table, text: &str, at: &mut usize, index: &mut String) {
        index.push_str(&format!("{} ", table.entries.len()));
        for entry in &table.entries {
            write_place(&entry.key_at, at, index);
            write_item(&entry.item, text, at, index);
        }
    }

    fn write_item(item: &Item, text: &str, at: &mut usize, index: &mut String) {
        let written = &text[item.at.clone()];
        let plain = |content: &str| written.get(1..written.len() - 1) == Some(content);
        index.push(match &item.toml {
            Toml::String(content) if plain(content) => 's',
            Toml::String(_) => 'e',
            Toml::Int(_) => 'i',
            Toml::Float(_) => 'f',
            Toml::Bool(_) => 'b',
            Toml::Date(_) => 'd',
            Toml::List(_) => 'l',
            Toml::Table(_) => 't',
        });
        write_place(&item.at, at, index);
        match &item.toml {
            Toml::List(items) => {
                index.push_str(&format!("{} ", items.len()));
                for item in items {
                    write_item(item, text, at, index);
                }
            }
            Toml::Table(table) => write_table(table, text, at, index),
            Toml::String(_) | Toml::Int(_) | Toml::Float(_) | Toml::Bool(_) | Toml::Date(_) => {}
        }
    }

    #[test]
    fn an_index_leads_to_the_same_table() {
        written(
            "# A comment, é.\n[[rule]]\nid = \"a\"\nwhy = \"say \\\"é\\\"\"\nparams.minimum = 12\n\
             links = ['a', \"\"\"\nb\"\"\"]\nexpect = { path = \"A\", x = [1.5, true, 2026-01-01] }\n\
             [rule.\"quoted.key\"]\nb = -1\n[[rule]]\nid = \"b\"\n",
        );
    }

    #[test]
    fn an_index_of_another_text_is_not_used() {
        let (old, new) = ("a = \"one\"\n", "a = \"two\"\n");
        let mut source_file = SourceFile::new("a.toml", new);
        source_file.index = Some(String::leak(written(old)));
        let read = parse(&source_file, &mut Vec::new());
        assert_eq!(read.get("a").map(|item| item.toml.to_value()), Some(Value::String("two".into())));
    }
}
