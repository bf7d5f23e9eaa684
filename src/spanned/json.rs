//! JSON as a table, with the place of everything in it, for files that may be either TOML or JSON.

use super::{Entry, Item, Table, Toml};
use crate::diagnostic::{SourceDiagnostic, SourceFile};

/// Values are not nested deeper than this.
const DEEPEST: usize = 100;

/// Reads a source file's JSON, which must be an object. A member that is null is left out.
pub fn parse_json(source_file: &SourceFile, mistakes: &mut Vec<SourceDiagnostic>) -> Table {
    let mut parser = Parser { text: source_file.text(), at: 0 };
    let whole = parser.value(0).and_then(|root| {
        parser.space();
        if parser.at == parser.text.len() { Ok(root) } else { Err("something follows the value") }
    });
    match whole {
        Ok(Some(Item { toml: Toml::Table(table), .. })) => table,
        Ok(_) => {
            let help = "write an object: `{ \"test\": [...] }`";
            mistakes
                .push(SourceDiagnostic::new(source_file, 0..0, "this JSON is not an object", "").help(help));
            Table::default()
        }
        Err(why) => {
            let at = parser.at.min(parser.text.len());
            let end = at + parser.text[at..].chars().next().map_or(0, char::len_utf8);
            mistakes.push(SourceDiagnostic::new(source_file, at..end, format!("not JSON: {why}"), "here"));
            Table::default()
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    /// The byte that is next.
    at: usize,
}

/// Why a text is not JSON.
type Fault = &'static str;

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    /// Whether a character is next, after space, which is then passed.
    fn takes(&mut self, wanted: char) -> bool {
        self.space();
        let there = self.rest().starts_with(wanted);
        self.at += if there { wanted.len_utf8() } else { 0 };
        there
    }

    /// A value; `None` for null.
    fn value(&mut self, depth: usize) -> Result<Option<Item>, Fault> {
        if depth > DEEPEST {
            return Err("values are nested too deep");
        }
        self.space();
        let start = self.at;
        let toml = match self.rest().bytes().next() {
            Some(b'{') => Toml::Table(self.object(depth)?),
            Some(b'[') => Toml::List(self.array(depth)?),
            Some(b'"') => Toml::String(self.string()?),
            Some(_) => match self.word() {
                "null" => return Ok(None),
                "true" => Toml::Bool(true),
                "false" => Toml::Bool(false),
                number => number_of(number).ok_or("a value was expected")?,
            },
            None => return Err("the text ends too soon"),
        };
        Ok(Some(Item { toml, at: start..self.at }))
    }

    /// The characters of a word or a number.
    fn word(&mut self) -> &str {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.');
        let start = self.at;
        self.at += self.rest().find(|c| !plain(c)).unwrap_or(self.rest().len());
        &self.text[start..self.at]
    }

    fn object(&mut self, depth: usize) -> Result<Table, Fault> {
        let mut entries = Vec::new();
        self.takes('{');
        if self.takes('}') {
            return Ok(Table { entries });
        }
        loop {
            self.space();
            let start = self.at;
            let key = self.string()?;
            let key_at = start..self.at;
            if !self.takes(':') {
                return Err("`:` was expected");
            }
            if let Some(item) = self.value(depth + 1)? {
                entries.push(Entry { key, key_at, item });
            }
            match (self.takes(','), self.takes('}')) {
                (true, false) => {}
                (false, true) => return Ok(Table { entries }),
                _ => return Err("`,` or `}` was expected"),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Item>, Fault> {
        let mut items = Vec::new();
        self.takes('[');
        if self.takes(']') {
            return Ok(items);
        }
        loop {
            items.extend(self.value(depth + 1)?);
            match (self.takes(','), self.takes(']')) {
                (true, false) => {}
                (false, true) => return Ok(items),
                _ => return Err("`,` or `]` was expected"),
            }
        }
    }

    fn string(&mut self) -> Result<String, Fault> {
        if !self.rest().starts_with('"') {
            return Err("a string was expected");
        }
        self.at += 1;
        let mut string = String::new();
        while let Some(c) = self.rest().chars().next() {
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(string),
                '\\' => string.push(self.escape()?),
                c if c < ' ' => return Err("a string ends in its line"),
                c => string.push(c),
            }
        }
        Err("a string does not end")
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let c = self.rest().chars().next().ok_or("a string does not end")?;
        self.at += c.len_utf8();
        match c {
            '"' | '\\' | '/' => Ok(c),
            'b' => Ok('\u{8}'),
            'f' => Ok('\u{c}'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'u' => {
                let first = self.unit()?;
                let second = match (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
                    true => {
                        self.at += 2;
                        Some(self.unit()?)
                    }
                    false => None,
                };
                let units = [Some(first), second];
                let mut decoded = char::decode_utf16(units.into_iter().flatten());
                decoded.next().and_then(Result::ok).ok_or("this is not a character")
            }
            _ => Err("JSON does not have this escape"),
        }
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u16, Fault> {
        let digits: Option<&str> = self.rest().get(..4);
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or("four hexadecimal digits were expected")?;
        self.at += 4;
        Ok(unit)
    }
}

fn number_of(word: &str) -> Option<Toml> {
    if !word.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return None;
    }
    word.parse().map(Toml::Int).or_else(|_| word.parse().map(Toml::Float)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_places() {
        let text = "{ \"t\\u00e9st\" : [ {\"a\": 8, \"b\": null}, true, 1.5, \"x\" ] }";
        let source_file = SourceFile::new("a.json", text);
        let mut mistakes = Vec::new();
        let table = parse_json(&source_file, &mut mistakes);
        assert!(mistakes.is_empty());
        let Toml::List(items) = &table.get("tést").unwrap().toml else { panic!("a list") };
        let Toml::Table(inner) = &items[0].toml else { panic!("a table") };
        assert_eq!((&text[inner.entries[0].key_at.clone()], inner.entries.len()), ("\"a\"", 1));
        assert_eq!(&text[inner.entries[0].item.at.clone()], "8");
        assert_eq!(&text[items[3].at.clone()], "\"x\"");
    }

    #[test]
    fn wrong_texts_are_mistakes_with_a_place() {
        for (text, message) in [
            ("[]", "this JSON is not an object"),
            ("{\n \"a\" 1}", "not JSON: `:` was"),
            ("{\"a\": \"\\ud83d\\ude00\"} x", "not JSON: something"),
        ] {
            let mut mistakes = Vec::new();
            parse_json(&SourceFile::new("a.json", text), &mut mistakes);
            assert!(mistakes[0].message.starts_with(message), "{mistakes:?}");
        }
    }
}
