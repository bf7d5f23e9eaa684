//! The words of a comment: `cognito-lint: ignore RULE, RULE owner="..." until=2027-01-31 reason="..."`.

use std::ops::Range;

use super::{InlineWaiver, NAME};
use crate::diagnostic::{SourceFile, slip};
use crate::spanned::{Entry, Item, Toml, parse};

const FORM: &str = "write `cognito-lint: ignore RULE owner=\"...\" until=2027-01-31 reason=\"...\"`";

/// Reads a comment; `None` for one that is not a waiver and is not meant as one.
pub(super) fn read(source_file: &SourceFile, at: Range<usize>, beside: Range<usize>) -> Option<InlineWaiver> {
    let text = source_file.text().get(at.clone())?;
    let mut words = Words { text: source_file.text(), at: at.start, end: content_end(text, &at) };
    words.skip(|c| matches!(c, '#' | '/' | '*'));
    words.space();
    if text.starts_with("/*") {
        words.skip(|c| c == '*' || c.is_whitespace());
    }
    let mut waiver = InlineWaiver::empty(source_file, words.at..words.end, beside);
    let name = words.at..words.at + NAME.len();
    match words.rest().get(..NAME.len()) {
        Some(NAME) => {}
        Some(other) if other.eq_ignore_ascii_case(NAME) => {
            return misspelt(waiver, words.rest(), name);
        }
        Some(_) | None => return elsewhere(waiver, text),
    }
    words.at = name.end;
    let before = words.at;
    let has_colon = words.rest().starts_with(':');
    words.skip(|c| matches!(c, ':' | '-') || c.is_whitespace());
    let verb = words.word();
    let (word, verb_at) = (&words.text[verb.clone()], verb);
    match (has_colon, word) {
        (true, "ignore") => {}
        // Prose may begin with the name.
        (false, _) if slip(word, ["ignore"]).is_none() && word != "ignore" => return None,
        (true, _) if slip(word, ["ignore"]).is_none() => {
            waiver.mistake(verb_at, format!("`{word}` is not a word of the program"), FORM);
            return Some(waiver);
        }
        (true, _) => waiver.mistake(
            verb_at,
            format!("`{word}` is not a word of the program"),
            "did you mean `ignore`?",
        ),
        (false, _) => waiver.mistake(before..words.at, "there is no colon after the program's name", FORM),
    }
    words.rules(&mut waiver);
    words.settings(&mut waiver);
    Some(waiver)
}

/// A waiver whose name is in capitals is not read, and would be missed.
fn misspelt(mut waiver: InlineWaiver, rest: &str, name: Range<usize>) -> Option<InlineWaiver> {
    begins(&rest.to_ascii_lowercase())?;
    waiver.mistake(name, "the name of the program is in lower case", FORM);
    Some(waiver)
}

/// The first place in a text in lower case that a waiver seems to begin at.
fn begins(text: &str) -> Option<usize> {
    text.find("cognito-lint: ignore").or_else(|| text.find("cognito-lint:ignore"))
}

/// A waiver that does not begin its comment is not read, and would be missed.
fn elsewhere(mut waiver: InlineWaiver, text: &str) -> Option<InlineWaiver> {
    let found = begins(&text.to_ascii_lowercase())?;
    // Words in quotes are about a waiver.
    if text[..found].ends_with(['`', '"', '\'']) {
        return None;
    }
    let at = waiver.at.clone();
    waiver.mistake(at, "a waiver begins its comment", "put it on a line of its own");
    Some(waiver)
}

/// The end of what a comment says.
fn content_end(text: &str, at: &Range<usize>) -> usize {
    let closed = if text.starts_with("/*") { text.strip_suffix("*/").unwrap_or(text) } else { text };
    at.start + closed.trim_end().len()
}

/// The rest of a comment. Places are those of the whole text.
struct Words<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl<'t> Words<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    fn skip(&mut self, which: impl Fn(char) -> bool) {
        self.at = self.end - self.rest().trim_start_matches(which).len();
    }

    fn space(&mut self) {
        self.skip(char::is_whitespace);
    }

    /// Everything up to a space, a comma or an equals sign.
    fn word(&mut self) -> Range<usize> {
        let rest = self.rest();
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | '=')).unwrap_or(rest.len());
        let at = self.at..self.at + length;
        self.at = at.end;
        at
    }

    /// The names of rules, with commas between them.
    fn rules(&mut self, waiver: &mut InlineWaiver) {
        let whole = waiver.at.clone();
        loop {
            self.space();
            let before = self.at;
            let at = self.word();
            self.space();
            if self.rest().starts_with('=') {
                self.at = before;
                break;
            }
            if !at.is_empty() {
                waiver.rule(&self.text[at.clone()], at);
            }
            match self.rest().strip_prefix(',') {
                Some(_) => self.at += 1,
                None => break,
            }
        }
        if waiver.rules.is_empty() && waiver.mistakes.is_empty() {
            waiver.mistake(whole, "the waiver names no rule", FORM);
        }
    }

    /// `KEY=VALUE`, each with spaces between.
    fn settings(&mut self, waiver: &mut InlineWaiver) {
        loop {
            self.space();
            if self.rest().is_empty() {
                return;
            }
            let key_at = self.word();
            self.space();
            if key_at.is_empty() || !self.rest().starts_with('=') {
                let strange = if key_at.is_empty() { self.at..self.end } else { key_at };
                let shown = &self.text[strange.clone()];
                let help = "rules have commas between them, and a text with spaces is in quotes";
                return waiver.mistake(strange, format!("`{shown}` is neither a rule nor `KEY=VALUE`"), help);
            }
            self.at += 1;
            self.space();
            let Some(item) = self.value(waiver) else { return };
            let key = self.text[key_at.clone()].to_owned();
            if waiver.table.get(&key).is_some() {
                return waiver.mistake(key_at, format!("`{key}` is there twice"), "keep one");
            }
            waiver.table.entries.push(Entry { key, key_at, item });
        }
    }

    /// A value as TOML has it, or a word without quotes.
    fn value(&mut self, waiver: &mut InlineWaiver) -> Option<Item> {
        let rest = self.rest();
        let Some(length) = value_length(rest) else {
            waiver.mistake(self.at..self.end, "the value does not end", "close the quotes or the bracket");
            return None;
        };
        let at = self.at..self.at + length;
        self.at = at.end;
        let written = &self.text[at.clone()];
        // Places in the value are those of the whole text.
        let padded = format!("{}v = {written}", " ".repeat(at.start.saturating_sub(4)));
        let mut mistakes = Vec::new();
        let parsed = parse(&SourceFile::new(waiver.source_file.name(), padded), &mut mistakes);
        match parsed.get("v").filter(|_| mistakes.is_empty()) {
            Some(item) => Some(item.clone()),
            None if written.starts_with(['"', '\'', '[', '{']) || written.is_empty() => {
                let help =
                    "a value is a word, a number, a text in quotes, or a list such as `[\"a\", \"b\"]`";
                waiver.mistake(at, format!("`{written}` is not a value"), help);
                None
            }
            None => Some(Item { toml: Toml::String(written.to_owned()), at }),
        }
    }
}

/// The length of the value that a text starts with. `None` if it does not end.
fn value_length(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some('"'), '\\') if !escaped => {
                escaped = true;
                continue;
            }
            (Some(mark), c) if mark == c && !escaped => {
                quote = None;
                if open == 0 {
                    return Some(at + 1);
                }
            }
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => open += 1,
            (None, ']' | '}') if open > 0 => {
                open -= 1;
                if open == 0 {
                    return Some(at + 1);
                }
            }
            (None, c) if open == 0 && c.is_whitespace() => return Some(at),
            (Some(_) | None, _) => {}
        }
        escaped = false;
    }
    (open == 0 && quote.is_none()).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        let file = SourceFile::new("main.tf", text);
        let Some(waiver) = read(&file, 0..text.len(), 0..0) else { return "nothing".to_owned() };
        if let Some(first) = waiver.mistakes.first() {
            let at = first.labels.first().map(|(at, _)| at.clone()).unwrap_or_default();
            return format!("{} [{}]", first.message, &text[at]);
        }
        let rules: Vec<&str> = waiver.rules.iter().map(|(id, _)| id.as_str()).collect();
        let entries = waiver.table.entries.iter();
        let settings: Vec<String> = entries
            .map(|one| {
                assert_eq!(one.key, text[one.key_at.clone()]);
                format!("{}={} {}", one.key, one.item.toml.to_value(), &text[one.item.at.clone()])
            })
            .collect();
        format!("{}; {}", rules.join(" "), settings.join("; "))
    }

    #[test]
    fn comments_are_read() {
        for (text, expected) in [
            (
                "# cognito-lint: ignore mfa-off owner=\"identity team\" until=2027-01-31 reason='theirs'",
                "mfa-off; owner=identity team \"identity team\"; until=2027-01-31 2027-01-31; reason=theirs 'theirs'",
            ),
            ("//cognito-lint:ignore a,b , c owner = me", "a b c; owner=me me"),
            ("/* cognito-lint: ignore a value=[\"x y\", 2] */", "a; value=[\"x y\",2] [\"x y\", 2]"),
            (
                "# cognito-lint: ignore a reason=\"a \\\"b\\\" c\" value=8",
                "a; reason=a \"b\" c \"a \\\"b\\\" c\"; value=8 8",
            ),
            ("# cognito-lint is a fine program", "nothing"),
            ("# see `cognito-lint: ignore`", "nothing"),
            ("# tflint-ignore: x", "nothing"),
            (
                "# tflint-ignore: x # cognito-lint: ignore a",
                "a waiver begins its comment [tflint-ignore: x # cognito-lint: ignore a]",
            ),
            ("# # cognito-lint: ignore a", "a waiver begins its comment [# cognito-lint: ignore a]"),
            ("// // cognito-lint: ignore a", "a waiver begins its comment [// cognito-lint: ignore a]"),
            ("/*\n * cognito-lint: ignore a owner=b\n */", "a; owner=b b"),
            ("# COGNITO-LINT: ignore a owner=b", "the name of the program is in lower case [COGNITO-LINT]"),
            ("# Cognito-Lint: a program for user pools", "nothing"),
            ("# see Cognito-lint: ignore a", "a waiver begins its comment [see Cognito-lint: ignore a]"),
            ("# cognito-lint ignore a", "there is no colon after the program's name [ ignore]"),
            ("# cognito-lint: ingore a", "`ingore` is not a word of the program [ingore]"),
            ("# cognito-lint: skip a", "`skip` is not a word of the program [skip]"),
            ("# cognito-lint: ignore", "the waiver names no rule [cognito-lint: ignore]"),
            ("# cognito-lint: ignore owner=x", "the waiver names no rule [cognito-lint: ignore owner=x]"),
            (
                "# cognito-lint: ignore all owner=x",
                "a waiver beside the code is for rules by their names [all]",
            ),
            ("# cognito-lint: ignore * owner=x", "a waiver beside the code is for rules by their names [*]"),
            ("# cognito-lint: ignore a owner=\"x", "the value does not end [\"x]"),
            ("# cognito-lint: ignore a b owner=x", "`b` is neither a rule nor `KEY=VALUE` [b]"),
            ("# cognito-lint: ignore a reason=it is fine", "`is` is neither a rule nor `KEY=VALUE` [is]"),
            ("# cognito-lint: ignore a owner=x owner=y", "`owner` is there twice [owner]"),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }
}
