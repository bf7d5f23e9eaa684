//! JSON that is safe to look at in a terminal.
//!
//! JSON escapes the C0 controls by itself, but not the C1 controls, the characters that turn text round, and the
//! beginning of what a CI job takes for a command. They are written as `\u` escapes here, which every parser reads back
//! as the same text.

use std::io::{self, Write};

use serde_json::ser::Formatter;

use crate::report::sanitize::{is_old_command, is_printable_ascii, is_unsafe_on_terminal};

/// Lays JSON out as another formatter does.
pub(in crate::report) struct EscapingFormatter<F>(pub(in crate::report) F);

impl<F: Formatter> Formatter for EscapingFormatter<F> {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if is_printable_ascii(fragment) && !fragment.contains("##") {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        let acts =
            |(at, c): &(usize, char), rest: &str| is_unsafe_on_terminal(*c) || is_old_command(&rest[*at..]);
        while let Some((at, c)) = rest.char_indices().find(|found| acts(found, rest)) {
            out.write_all(&rest.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }

    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}
