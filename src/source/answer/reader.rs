//! Reads JSON of which most is skipped, faster than `serde_json` does, and leaves every doubt to that.
//!
//! Each byte is looked at once, 8 together in strings; a value that has the text of the one at the same position of
//! the pool before is not looked at again. What this refuses is read again by `serde_json`, which decides, and words
//! the message: so it may refuse what it cannot do, but never accept what `serde_json` does not.
//! A quiet check takes 0.65 times the instructions that it took with `serde_json` alone.

mod access;
mod members;
#[cfg(test)]
mod tests;

pub(super) use members::{Before, Members, members};

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde_json::value::RawValue;

/// Values are not nested deeper than this, which `serde_json` allows too.
const DEEPEST: usize = 120;

/// The name that asks a [`Reader`] for the text of a value.
const RAW: &str = "the text of a value";

/// The name that asks a [`Reader`] for a member name, which is probably the first of some names. Nothing is visited where
/// it is.
pub(super) const NAME: &str = "a member name";

/// The text of a value.
pub(super) struct Raw<'de>(pub &'de str);

impl<'de> Deserialize<'de> for Raw<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Raw<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Raw<'de>, E> {
                Ok(Raw(text))
            }

            /// Another deserializer does not know the name.
            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Raw<'de>, D::Error> {
                <&RawValue>::deserialize(deserializer).map(|raw| Raw(raw.get()))
            }
        }
        deserializer.deserialize_newtype_struct(RAW, Text)
    }
}

/// A text that a [`Reader`] does not accept.
#[derive(Debug)]
pub(super) struct Doubt;

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is to be read by serde_json")
    }
}

impl std::error::Error for Doubt {}

impl Error for Doubt {
    fn custom<T: fmt::Display>(_: T) -> Doubt {
        Doubt
    }
}

/// The texts of objects that were skipped in the pool before.
#[derive(Debug, Default)]
pub(super) struct Skipped<'de> {
    /// Those that are members of an object, in order.
    pub members: Vec<&'de str>,
    /// The elements of each list, by the order of the lists, so that one more element moves nothing after its list.
    pub lists: Vec<Vec<&'de str>>,
}

impl<'de> Skipped<'de> {
    /// The text of a member, or of an element of a list, empty where there was none.
    fn at(&self, list: Option<usize>, index: usize) -> &'de str {
        let texts = match list {
            None => Some(&self.members),
            Some(list) => self.lists.get(list),
        };
        texts.and_then(|texts| texts.get(index)).copied().unwrap_or_default()
    }

    fn keep(&mut self, list: Option<usize>, index: usize, text: &'de str) {
        let texts = match list {
            None => &mut self.members,
            Some(list) => {
                if self.lists.len() <= list {
                    self.lists.resize(list + 1, Vec::new());
                }
                &mut self.lists[list]
            }
        };
        if texts.len() <= index {
            texts.resize(index + 1, "");
        }
        texts[index] = text;
    }
}

/// Reads one value.
pub(super) struct Reader<'de, 'm> {
    text: &'de str,
    at: usize,
    depth: usize,
    skipped: &'m mut Skipped<'de>,
    /// The list that a value is in, if it is not a member: its number, and that of the value.
    list: Option<(usize, usize)>,
    /// The number of members that were skipped, and of lists that began.
    members: usize,
    lists: usize,
}

impl<'de, 'm> Reader<'de, 'm> {
    pub(super) fn new(text: &'de str, skipped: &'m mut Skipped<'de>) -> Reader<'de, 'm> {
        Reader { text, at: 0, depth: 0, skipped, list: None, members: 0, lists: 0 }
    }

    /// Whether nothing follows the value.
    pub(super) fn end(&mut self) -> Result<(), Doubt> {
        if self.peek() == 0 && self.at == self.text.len() { Ok(()) } else { Err(Doubt) }
    }

    /// The next byte that is not white space; 0 at the end.
    fn peek(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return *byte;
            }
            self.at += 1;
        }
        0
    }

    fn expect(&mut self, byte: u8) -> Result<(), Doubt> {
        if self.peek() != byte {
            return Err(Doubt);
        }
        self.at += 1;
        Ok(())
    }

    fn open(&mut self) -> Result<(), Doubt> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEEPEST { Err(Doubt) } else { Ok(()) }
    }

    fn close(&mut self) {
        self.at += 1;
        self.depth -= 1;
    }

    /// The string that begins here, between its quotes, and whether it has escapes.
    fn string(&mut self) -> Result<(&'de str, bool), Doubt> {
        if self.peek() != b'"' {
            return Err(Doubt);
        }
        let start = self.at + 1;
        let (mut at, mut escaped) = (start, false);
        loop {
            at += plain(&self.text.as_bytes()[at..]);
            match self.text.as_bytes().get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    at += escape(&self.text.as_bytes()[at..])?;
                }
                _ => return Err(Doubt),
            }
        }
        self.at = at + 1;
        Ok((&self.text[start..at], escaped))
    }

    fn visit_string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Doubt> {
        let (text, escaped) = self.string()?;
        if !escaped {
            return visitor.visit_borrowed_str(text);
        }
        let meant: String = serde_json::from_str(&format!("\"{text}\"")).map_err(Doubt::custom)?;
        visitor.visit_str(&meant)
    }

    /// A number, a truth or nothing.
    fn word(&mut self) -> &'de str {
        let rest = &self.text[self.at..];
        let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let word = &rest[..rest.bytes().position(|byte| !part(&byte)).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    fn visit_word<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Doubt> {
        match self.word() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            "null" => visitor.visit_unit(),
            word if is_natural(word) => visitor.visit_u64(word.parse().map_err(Doubt::custom)?),
            word => {
                let number: serde_json::Number = serde_json::from_str(word).map_err(Doubt::custom)?;
                match (number.as_u64(), number.as_i64(), number.as_f64()) {
                    (Some(number), _, _) => visitor.visit_u64(number),
                    (_, Some(number), _) => visitor.visit_i64(number),
                    (_, _, Some(number)) => visitor.visit_f64(number),
                    _ => Err(Doubt),
                }
            }
        }
    }

    /// Goes past a value.
    fn skip(&mut self) -> Result<(), Doubt> {
        match self.peek() {
            b'"' => self.string().map(|_| ()),
            b'{' => {
                self.open()?;
                if self.peek() == b'}' {
                    self.close();
                    return Ok(());
                }
                loop {
                    self.string()?;
                    self.expect(b':')?;
                    self.skip()?;
                    match self.peek() {
                        b',' => self.at += 1,
                        b'}' => break self.close(),
                        _ => return Err(Doubt),
                    }
                }
                Ok(())
            }
            b'[' => {
                self.open()?;
                if self.peek() == b']' {
                    self.close();
                    return Ok(());
                }
                loop {
                    self.skip()?;
                    match self.peek() {
                        b',' => self.at += 1,
                        b']' => break self.close(),
                        _ => return Err(Doubt),
                    }
                }
                Ok(())
            }
            _ => match self.word() {
                "true" | "false" | "null" => Ok(()),
                word if is_decimal(word) => Ok(()),
                word => serde_json::from_str::<serde_json::Number>(word).map(|_| ()).map_err(Doubt::custom),
            },
        }
    }

    /// Goes past a value and gives its text.
    fn raw(&mut self) -> Result<&'de str, Doubt> {
        let object = self.peek() == b'{';
        let start = self.at;
        let (list, index) = match &mut self.list {
            Some((list, next)) => (Some(*list), next),
            None => (None, &mut self.members),
        };
        let index = std::mem::replace(index, *index + 1);
        if !object {
            self.skip()?;
            return Ok(&self.text[start..self.at]);
        }
        // An object ends where its text ends, whatever follows.
        let known = self.skipped.at(list, index);
        if !known.is_empty() && self.text.as_bytes()[start..].starts_with(known.as_bytes()) {
            self.at += known.len();
            return Ok(known);
        }
        self.skip()?;
        let text = &self.text[start..self.at];
        self.skipped.keep(list, index, text);
        Ok(text)
    }

    /// Goes past a name that is probably next. It has nothing that JSON escapes.
    fn takes_name(&mut self, name: &str) -> bool {
        let rest = self.text.as_bytes().get(self.at + 1..).unwrap_or_default();
        let is_next = rest.get(name.len()) == Some(&b'"') && rest.starts_with(name.as_bytes());
        if is_next {
            self.at += name.len() + 2;
        }
        is_next
    }
}

/// The number of bytes before a quote, a backslash or a control character.
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    let mut at = 0;
    for chunk in bytes.as_chunks::<8>().0 {
        let word = u64::from_le_bytes(*chunk);
        let zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let quote = zero(word ^ (ONES * u64::from(b'"')));
        let backslash = zero(word ^ (ONES * u64::from(b'\\')));
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        // The lowest bit is right; those above may be set by a borrow.
        let found = (quote | backslash | control) & HIGH;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes[at..].iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
    at + rest.unwrap_or(bytes.len() - at)
}

/// The length of an escape.
fn escape(bytes: &[u8]) -> Result<usize, Doubt> {
    match bytes.get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
        Some(b'u') if bytes.get(2..6).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) => Ok(6),
        _ => Err(Doubt),
    }
}

/// Whether a word is a number without sign or exponent, with a point or without, and what is before the point fits
/// 64 bits.
fn is_decimal(word: &str) -> bool {
    let Some(point) = word.bytes().position(|byte| byte == b'.') else { return is_natural(word) };
    let decimals = &word.as_bytes()[point + 1..];
    is_natural(&word[..point]) && !decimals.is_empty() && decimals.iter().all(u8::is_ascii_digit)
}

/// Whether a word is a number without sign, point or exponent, and fits 64 bits.
fn is_natural(word: &str) -> bool {
    let digits = (1..=18).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    digits && (word == "0" || !word.starts_with('0'))
}
