//! Lays the JSON of a pool out as the AWS CLI prints it, with secrets masked, in one pass over its text.
//!
//! Parsing the text to a tree, masking it and printing it again took 0.9 million instructions a pool; this takes a
//! quarter of that.

use std::ops::Range;

use super::mask::MASK;
use crate::schema::schema;

/// Values are not nested deeper than this.
const DEEPEST: usize = 100;
/// Objects with more members than this are for a parser, which finds members that are there twice faster.
const MOST: usize = 300;

/// The spans of members of an object, with their names.
type Members = Vec<(String, Range<usize>)>;

/// The text of an object laid out, and its members there. `None` for a text that a parser would change otherwise or
/// refuse: members that are there twice, or what is not JSON.
pub(in crate::source) fn indented(object: &str) -> Option<(String, Members)> {
    let out = String::with_capacity(object.len() * 2 + 256);
    let mut writer = Writer { text: object, at: 0, out, names: Vec::new(), members: Vec::new() };
    writer.space();
    if writer.next()? != b'{' {
        return None;
    }
    writer.value(0)?;
    writer.space();
    (writer.at == object.len()).then_some((writer.out, writer.members))
}

struct Writer<'t> {
    text: &'t str,
    at: usize,
    out: String,
    /// The names of the members of the objects that it is in.
    names: Vec<&'t str>,
    /// The members of the whole object.
    members: Members,
}

impl<'t> Writer<'t> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.next(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn takes(&mut self, byte: u8) -> bool {
        self.space();
        let there = self.next() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn line(&mut self, depth: usize) {
        const SPACES: &str = "\n                                                                ";
        let wanted = depth * 4 + 1;
        self.out.push_str(&SPACES[..wanted.min(SPACES.len())]);
        for _ in SPACES.len()..wanted {
            self.out.push(' ');
        }
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        self.space();
        match self.next()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => {
                let string = self.string()?;
                self.write_string(string)
            }
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        self.out.push('{');
        if self.takes(b'}') {
            self.out.push('}');
            return Some(());
        }
        let outer = self.names.len();
        loop {
            self.space();
            let name = self.string()?;
            if depth > DEEPEST
                || name.contains('\\')
                || self.names.len() - outer > MOST
                || self.names[outer..].contains(&name)
            {
                return None;
            }
            self.names.push(name);
            self.line(depth + 1);
            self.write_string(name)?;
            self.out.push_str(": ");
            if !self.takes(b':') {
                return None;
            }
            self.space();
            let start = self.out.len();
            match schema().names_secret(name) && !self.text[self.at..].starts_with("null") {
                true => self.secret(depth + 1)?,
                false => self.value(depth + 1)?,
            }
            if depth == 0 {
                self.members.push((name.to_owned(), start..self.out.len()));
            }
            if self.takes(b',') {
                self.out.push(',');
            } else if self.takes(b'}') {
                break;
            } else {
                return None;
            }
        }
        self.names.truncate(outer);
        self.line(depth);
        self.out.push('}');
        Some(())
    }

    /// A value that is replaced by a mask.
    fn secret(&mut self, depth: usize) -> Option<()> {
        let start = self.out.len();
        // A secret is read as any other value: it may not be JSON.
        self.value(depth)?;
        self.out.truncate(start);
        self.out.push_str(&format!("\"{MASK}\""));
        Some(())
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        self.out.push('[');
        if self.takes(b']') {
            self.out.push(']');
            return Some(());
        }
        if depth > DEEPEST {
            return None;
        }
        loop {
            self.line(depth + 1);
            self.value(depth + 1)?;
            if self.takes(b',') {
                self.out.push(',');
            } else if self.takes(b']') {
                break;
            } else {
                return None;
            }
        }
        self.line(depth);
        self.out.push(']');
        Some(())
    }

    /// The text between the quotes of the next string.
    fn string(&mut self) -> Option<&'t str> {
        if self.next()? != b'"' {
            return None;
        }
        let start = self.at + 1;
        let mut end = start;
        loop {
            end += memchr::memchr2(b'"', b'\\', &self.text.as_bytes()[end..])?;
            if self.text.as_bytes()[end] == b'"' {
                break;
            }
            end += 2;
            if end > self.text.len() {
                return None;
            }
        }
        self.at = end + 1;
        let string = &self.text[start..end];
        (!string.bytes().any(|byte| byte < 0x20)).then_some(string)
    }

    fn write_string(&mut self, string: &str) -> Option<()> {
        if string.contains('\\') {
            let meant: String = serde_json::from_str(&format!("\"{string}\"")).ok()?;
            self.out.push_str(&serde_json::to_string(&meant).ok()?);
            return Some(());
        }
        self.out.push('"');
        self.out.push_str(string);
        self.out.push('"');
        Some(())
    }

    /// A number, a truth or nothing.
    fn word(&mut self) -> Option<()> {
        let rest = &self.text[self.at..];
        let is_end = |byte: u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t');
        let word = &rest[..rest.bytes().position(is_end).unwrap_or(rest.len())];
        self.at += word.len();
        let digits = (1..18).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
        if matches!(word, "true" | "false" | "null") || (digits && (word == "0" || !word.starts_with('0'))) {
            self.out.push_str(word);
        } else {
            let number: serde_json::Number = serde_json::from_str(word).ok()?;
            self.out.push_str(&number.to_string());
        }
        Some(())
    }
}
