//! The place of the answer: first in a pipe or a file, last on a terminal, and there also first where the report is
//! longer than a screen.

use std::io::{self, Write};

use super::ansi::{Ansi, styled, wrap};
use super::{Report, Style, summary};
use crate::outcome::Outcome;

/// Writes the answer and the text that it is about. `gap`: an empty line between them.
pub(super) fn around(
    report: &Report,
    style: Style,
    gap: bool,
    out: &mut dyn Write,
    body: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let answer = answer(report, style);
    let gap = if gap { "\n" } else { "" };
    let mut text = Vec::new();
    body(&mut text)?;
    let text = text.trim_ascii_end();
    let Some(rows) = style.rows else {
        out.write_all(answer.as_bytes())?;
        return if text.is_empty() { Ok(()) } else { write_text(gap, text, "", out) };
    };
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

/// The answer, in lines that fit on a terminal. In a pipe it is one line.
fn answer(report: &Report, style: Style) -> String {
    let color = match report.outcome {
        Outcome::Clean => Ansi::Green,
        Outcome::Findings => Ansi::Red,
        Outcome::Incomplete | Outcome::Interrupted(_) => Ansi::Yellow,
    };
    let answer = summary::answer(report);
    let lines = if style.rows.is_some() { wrap(&answer, style.width) } else { vec![answer] };
    let lines: Vec<String> = lines.iter().map(|line| styled(style, color, line)).collect();
    format!("{}\n", lines.join("\n"))
}
