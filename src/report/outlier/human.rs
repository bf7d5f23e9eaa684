//! Outliers for a person: place by place what most have, who differs, and what rules think of it.

use std::io::{self, Write};

use super::OutlierReport;
use super::phrasing::{answer, effects, gaps, most, notes, own, since, title, unread};
use crate::drift::Direction;
use crate::outlier::{Deviation, Most, Outlier};
use crate::report::Style;
use crate::report::ansi::{Ansi, count, indented, labelled, styled};
use crate::report::answer::{Answer, around};
use crate::report::sanitize::sanitized;

/// More pools than this at one place are counted.
const LISTED: usize = 10;

/// The column of a text beside its label.
const COLUMN: usize = 11;

pub(super) fn write(report: &OutlierReport, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let answer = Answer { text: answer(report), outcome: report.outcome };
    around(&answer, style, true, out, |out| places(report, style, out))
}

fn places(report: &OutlierReport, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let outliers = report.outliers;
    for one in &outliers.deviations {
        out.write_all(block(one, style).as_bytes())?;
        writeln!(out)?;
    }
    for (one, text) in outliers.unread.iter().zip(unread(outliers)) {
        out.write_all(remark("unread:", &text, style).as_bytes())?;
        if let Some(help) = &one.help {
            out.write_all(remark("help:", &sanitized(help), style).as_bytes())?;
        }
    }
    for (label, texts) in [("gap:", gaps(outliers)), ("note:", notes(outliers))] {
        for text in texts {
            out.write_all(remark(label, &text, style).as_bytes())?;
        }
    }
    Ok(())
}

/// A line behind its label.
fn remark(label: &str, text: &str, style: Style) -> String {
    let line = indented(style, &format!("{label} {text}"), 0, 4);
    line.replacen(label, &styled(style, Ansi::Cyan, label), 1)
}

fn block(one: &Deviation, style: Style) -> String {
    let direction = one.outliers.first().map_or(Direction::Neutral, |worst| worst.change.direction);
    let color = match direction {
        Direction::Weakened => Ansi::Red,
        Direction::Strengthened => Ansi::Green,
        Direction::Neutral => Ansi::Cyan,
    };
    let (word, path, group) = (direction.word(), sanitized(&one.path), sanitized(&one.group));
    let heading = indented(style, &format!("{word}: {path} ({group})"), 0, 4);
    let mut block = heading.replacen(word, &styled(style, color, word), 1);
    let label = if matches!(one.most, Most::Sibling(..)) { "sibling:" } else { "most:" };
    block.push_str(&labelled(style, label, COLUMN, &most(one)));
    for outlier in one.outliers.iter().take(LISTED) {
        block.push_str(&labelled(style, "unlike:", COLUMN, &line(outlier, direction)));
        for effect in effects(outlier, &one.most) {
            block.push_str(&indented(style, &effect, COLUMN + 2, COLUMN + 4));
        }
    }
    match one.outliers.len().saturating_sub(LISTED) {
        0 => {}
        more => block.push_str(&labelled(style, "", COLUMN, &format!("and {}", count(more, "more pool")))),
    }
    block
}

/// The pool, its value, since when, and the direction where it is not that of the place.
fn line(outlier: &Outlier, of_place: Direction) -> String {
    let mut line = format!("{}: {}", title(outlier), own(outlier));
    if let Some(when) = outlier.since {
        line.push_str(&format!(", {}", since(when)));
    }
    if outlier.change.direction != of_place {
        line.push_str(&format!(" ({})", outlier.change.direction.word()));
    }
    line
}
