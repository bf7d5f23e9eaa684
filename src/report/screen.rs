//! The writer that everything for a terminal, a CI log or a file of text goes through.
//!
//! Every text of others is sanitized where it is quoted, so that it stays on its line. This writer does not depend on
//! that: whatever reaches it, only what the program itself draws acts on a terminal or on a CI system.

use std::io::{self, Write};

use super::Style;
use super::sanitize::{acts_on_terminal, is_command, is_old_command, push_code};
use crate::value::is_printable_ascii;

/// The sequences that a writer lets through beside characters and line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draws {
    /// Nothing.
    Text,
    /// Colours and hyperlinks of a terminal.
    Colors,
    /// Commands of a CI job.
    Commands,
    /// Nothing, and characters are escaped as JSON escapes them.
    Json,
}

impl Draws {
    /// The sequences of a text for people in a style.
    pub fn of_style(style: Style) -> Draws {
        if style.color { Draws::Colors } else { Draws::Text }
    }
}

/// A line that does not end is written in parts from this length on.
const LONGEST: usize = 64 * 1024;

/// A writer on which nothing acts but what the program draws.
pub struct Screen<W: Write> {
    out: W,
    draws: Draws,
    /// The begin of a line.
    rest: Vec<u8>,
    /// Nothing of the line is written yet.
    is_at_start: bool,
}

impl<W: Write> Screen<W> {
    pub fn new(out: W, draws: Draws) -> Screen<W> {
        Screen { out, draws, rest: Vec::new(), is_at_start: true }
    }

    fn pass(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(last) = bytes.last() else { return Ok(()) };
        let ends = *last == b'\n';
        let is_plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
        let written = if bytes.iter().all(is_plain) && !may_be_command(bytes) {
            self.out.write_all(bytes)
        } else {
            let safe = self.safe(bytes);
            self.out.write_all(safe.as_bytes())
        };
        self.is_at_start = ends;
        written
    }

    fn safe(&self, bytes: &[u8]) -> String {
        let mut safe = String::with_capacity(bytes.len() + 8);
        let mut is_at_start = self.is_at_start;
        for chunk in bytes.utf8_chunks() {
            for line in chunk.valid().split_inclusive('\n') {
                let (text, end) = match line.strip_suffix("\r\n") {
                    Some(text) => (text, "\r\n"),
                    None => line.strip_suffix('\n').map_or((line, ""), |text| (text, "\n")),
                };
                self.push_line(&mut safe, text, is_at_start);
                safe.push_str(end);
                is_at_start = !end.is_empty();
            }
            for byte in chunk.invalid() {
                is_at_start = false;
                match self.draws {
                    Draws::Json => safe.push(char::REPLACEMENT_CHARACTER),
                    Draws::Text | Draws::Colors | Draws::Commands => safe.push_str(&format!("\\x{byte:02x}")),
                }
            }
        }
        safe
    }

    fn push_line(&self, safe: &mut String, line: &str, is_at_start: bool) {
        let indent = line.len() - line.trim_start().len();
        let acts = is_at_start && self.draws != Draws::Commands && is_command(&line[indent..]);
        if !acts && is_printable_ascii(line) && !line.contains("##") {
            return safe.push_str(line);
        }
        let mut drawn = 0;
        for (at, c) in line.char_indices() {
            if at < drawn {
                continue;
            }
            if c == '\u{1b}' && self.draws == Draws::Colors {
                let length = drawing(&line[at..]);
                drawn = at + length;
                safe.push_str(&line[at..drawn]);
                if length > 0 {
                    continue;
                }
            }
            match acts && at == indent || acts_on_terminal(c) || is_old_command(&line[at..]) {
                true => self.push_code(safe, c),
                false => safe.push(c),
            }
        }
    }

    fn push_code(&self, safe: &mut String, c: char) {
        match self.draws {
            Draws::Json => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    safe.push_str(&format!("\\u{unit:04x}"));
                }
            }
            Draws::Text | Draws::Colors | Draws::Commands => push_code(safe, c),
        }
    }
}

/// Whether a command of a CI job may be in a text.
fn may_be_command(bytes: &[u8]) -> bool {
    let is_in = |needle: &[u8]| memchr::memmem::find(bytes, needle).is_some();
    is_in(b"::") || is_in(b"##")
}

/// The length of the colour or the hyperlink that a text begins with; 0 if it begins with anything else.
fn drawing(text: &str) -> usize {
    let length = |rest: &str, end: &str| rest.as_ptr() as usize - text.as_ptr() as usize + end.len();
    if let Some(codes) = text.strip_prefix("\u{1b}[") {
        let rest = codes.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        return if rest.starts_with('m') { length(rest, "m") } else { 0 };
    }
    let Some(address) = text.strip_prefix("\u{1b}]8;;") else { return 0 };
    let rest = address.trim_start_matches(|c: char| c.is_ascii_graphic() && c != '\\');
    if rest.starts_with("\u{1b}\\") { length(rest, "\u{1b}\\") } else { 0 }
}

impl<W: Write> Write for Screen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Where a line is cut, no character, colour or address is.
        let whole = memchr::memrchr(b'\n', bytes).or_else(|| {
            let is_long = self.rest.len() + bytes.len() > LONGEST;
            memchr::memrchr(b' ', bytes).filter(|_| is_long)
        });
        let (now, later) = bytes.split_at(whole.map_or(0, |at| at + 1));
        if self.rest.is_empty() {
            self.pass(now)?;
        } else if !now.is_empty() {
            self.rest.extend_from_slice(now);
            let line = std::mem::take(&mut self.rest);
            self.pass(&line)?;
        }
        self.rest.extend_from_slice(later);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.rest);
        self.pass(&line)?;
        self.out.flush()
    }
}

/// The end of a text without a line end is written too.
impl<W: Write> Drop for Screen<W> {
    fn drop(&mut self) {
        // Whoever wants to know of an error flushes.
        let _ = self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(draws: Draws, text: &[u8]) -> String {
        let mut whole = Vec::new();
        let mut screen = Screen::new(&mut whole, draws);
        screen.write_all(text).unwrap();
        screen.flush().unwrap();
        drop(screen);
        // However it is cut, the text is the same.
        let mut apart = Vec::new();
        let mut screen = Screen::new(&mut apart, draws);
        for byte in text {
            screen.write_all(&[*byte]).unwrap();
        }
        // The end of the text is written in the end.
        drop(screen);
        assert_eq!(whole, apart);
        String::from_utf8(whole).unwrap()
    }

    #[test]
    fn what_acts_on_a_terminal_is_written_out() {
        let planted = "a\u{1b}]0;t\u{7}b\u{202e}\r c\0 \u{9b}2J\u{feff}é\n".as_bytes();
        let safe = "a\\u{1b}]0;t\\u{7}b\\u{202e}\\u{d} c\\u{0} \\u{9b}2J\\u{feff}é\n";
        for draws in [Draws::Text, Draws::Colors, Draws::Commands] {
            assert_eq!(shown(draws, planted), safe);
        }
        let json = "a\\u001b]0;t\\u0007b\\u202e\\u000d c\\u0000 \\u009b2J\\ufeffé\n";
        assert_eq!(shown(Draws::Json, planted), json);
        assert_eq!(shown(Draws::Json, "\u{e0001}".as_bytes()), "\\udb40\\udc01");
        assert_eq!(shown(Draws::Text, b"a\xff\n\xc3"), "a\\xff\n\\xc3");
    }

    #[test]
    fn line_ends_and_tabs_stay() {
        for text in ["", "a", "a\n", "\n\n a\tb \n", "a,b\r\nc,d\r\n"] {
            assert_eq!(shown(Draws::Text, text.as_bytes()), text);
        }
    }

    #[test]
    fn a_line_is_a_command_only_where_commands_are_drawn() {
        let commands = "::error::a\n arn::error\n## heading\n::1\n";
        let safe = "\\u{3a}:error::a\n arn::error\n## heading\n::1\n";
        assert_eq!(shown(Draws::Text, commands.as_bytes()), safe);
        assert_eq!(shown(Draws::Commands, commands.as_bytes()), commands);
        // No report draws these, and a runner takes them in the middle of a line too.
        for draws in [Draws::Text, Draws::Colors, Draws::Commands] {
            let shown = shown(draws, b"a ##[error]b\n##vso[task]c\n");
            assert_eq!(shown, "a \\u{23}#[error]b\n\\u{23}#vso[task]c\n");
        }
    }

    #[test]
    fn colours_and_links_stay_where_they_are_drawn() {
        let drawn = "\u{1b}[1;31mred\u{1b}[0m \u{1b}]8;;https://example.com\u{1b}\\here\u{1b}]8;;\u{1b}\\\n";
        assert_eq!(shown(Draws::Colors, drawn.as_bytes()), drawn);
        assert!(!shown(Draws::Text, drawn.as_bytes()).contains('\u{1b}'));
        for planted in ["\u{1b}[2J", "\u{1b}[1;31", "\u{1b}]8;;a b\u{1b}\\", "\u{1b}]0;t\u{7}", "\u{1b}"] {
            assert!(!shown(Draws::Colors, planted.as_bytes()).contains('\u{1b}'), "{planted:?}");
        }
    }

    #[test]
    fn a_line_without_end_is_written_in_parts() {
        let long = "word ".repeat(LONGEST);
        let mut out = Vec::new();
        let mut screen = Screen::new(&mut out, Draws::Text);
        for word in long.split_inclusive(' ') {
            screen.write_all(word.as_bytes()).unwrap();
            assert!(screen.rest.len() <= LONGEST);
        }
        drop(screen);
        assert!(out == long.as_bytes());
    }
}
