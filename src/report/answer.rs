//! The place of the answer: first in a pipe or a file, last on a terminal, and there also first where the report is
//! longer than a screen.

use std::io::{self, Write};

use super::ansi::{Ansi, styled, wrap};
use super::{Report, Style, summary};
use crate::outcome::Outcome;

/// The answer of a run: one line without a period.
pub(super) struct Answer {
    pub text: String,
    pub outcome: Outcome,
}

/// Writes the answer and the text that it is about. `gap`: an empty line between them.
pub(super) fn around(
    answer: &Answer,
    style: Style,
    gap: bool,
    out: &mut dyn Write,
    body: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let answer = answer.drawn(style);
    let gap = if gap { "\n" } else { "" };
    let Some(rows) = style.rows else {
        // Nothing is waited for, so that a long report is not kept.
        out.write_all(answer.as_bytes())?;
        let mut trimmed = Trimmed { out, before: gap, has_begun: false, held: Vec::new() };
        body(&mut trimmed)?;
        return if trimmed.has_begun { writeln!(out) } else { Ok(()) };
    };
    let mut text = Vec::new();
    body(&mut text)?;
    let text = text.trim_ascii_end();
    if text.is_empty() {
        return out.write_all(answer.as_bytes());
    }
    // The prompt of the shell takes a row as well.
    let height = text.split(|byte| *byte == b'\n').count() + answer.lines().count() + gap.len() + 1;
    if height > rows {
        out.write_all(answer.as_bytes())?;
        out.write_all(gap.as_bytes())?;
    }
    write_text("", text, gap, out)?;
    out.write_all(answer.as_bytes())
}

fn write_text(before: &str, text: &[u8], after: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(before.as_bytes())?;
    out.write_all(text)?;
    writeln!(out)?;
    out.write_all(after.as_bytes())
}

/// Writes a text without the white space at its end, and `before` in front of it if there is a text.
struct Trimmed<'a> {
    out: &'a mut dyn Write,
    before: &'static str,
    has_begun: bool,
    /// White space that may be the end.
    held: Vec<u8>,
}

impl Write for Trimmed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (text, space) = bytes.split_at(bytes.trim_ascii_end().len());
        if !text.is_empty() {
            if !self.has_begun {
                self.out.write_all(self.before.as_bytes())?;
                self.has_begun = true;
            }
            self.out.write_all(&self.held)?;
            self.held.clear();
            self.out.write_all(text)?;
        }
        self.held.extend_from_slice(space);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Answer {
    pub(super) fn of(report: &Report) -> Answer {
        Answer { text: summary::answer(report), outcome: report.outcome }
    }

    /// The lines that it takes of a long report: first and last on a terminal, each with an empty line, and the prompt.
    pub(super) fn lines(&self, style: Style) -> usize {
        let lines = self.drawn(style).lines().count() + 1;
        if style.rows.is_some() { 2 * lines } else { lines }
    }

    /// The answer, in lines that fit on a terminal. In a pipe it is one line.
    fn drawn(&self, style: Style) -> String {
        let color = match self.outcome {
            Outcome::Clean => Ansi::Green,
            Outcome::Findings => Ansi::Red,
            Outcome::Incomplete | Outcome::Interrupted(_) => Ansi::Yellow,
        };
        let lines =
            if style.rows.is_some() { wrap(&self.text, style.width) } else { vec![self.text.clone()] };
        let lines: Vec<String> = lines.iter().map(|line| styled(style, color, line)).collect();
        format!("{}\n", lines.join("\n"))
    }
}
