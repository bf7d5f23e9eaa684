//! How many findings there were over several reports: a table with bars, and a chart as SVG.

mod svg;

use std::io::{self, Write};

use super::Style;
use super::ansi::{Ansi, count, indented, styled};
use super::sanitize::sanitized;
use crate::finding::RunNumbers;
use crate::rule::Severity;
use crate::value::Value;

pub use svg::svg;

/// The worst first, as they are drawn.
const WORST_FIRST: [Severity; 5] =
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

/// A bar is at most so long, and shorter where the terminal is narrow.
const LONGEST: usize = 60;

/// A bar has at least this room.
const SHORTEST: usize = 10;

/// The columns of a line in front of its bar.
const WIDTH: usize = 70;

/// The numbers of one run, of which there may be several reports.
#[derive(Clone, Debug)]
pub struct Point {
    pub reports: usize,
    pub numbers: RunNumbers,
    /// The reports of which something was not read or decided.
    pub partial: Vec<String>,
    /// The shards without a report.
    pub missing: Option<String>,
}

impl Point {
    pub(super) fn total(&self) -> usize {
        self.numbers.open.iter().sum()
    }

    /// `2026-11-24 00:00`, in UTC.
    pub(super) fn when(&self) -> String {
        Value::Time(self.numbers.time).to_string().replace('T', " ").chars().take(16).collect()
    }
}

/// Prints a line for each run, in the order that they are given in, with a bar.
pub fn table(points: &[Point], style: Style, out: &mut dyn Write) -> io::Result<()> {
    match style.width.checked_sub(WIDTH + SHORTEST) {
        Some(more) => wide(points, more + SHORTEST, style, out)?,
        None => narrow(points, style, out)?,
    }
    legend(points, style, out)
}

/// A line for each run.
fn wide(points: &[Point], room: usize, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let headings = WORST_FIRST.map(Severity::word);
    let start = "time (UTC)        pools";
    writeln!(out, "{}", styled(style, Ansi::Bold, &format!("{start}  {}  accepted", headings.join("  "))))?;
    let most = points.iter().map(Point::total).max().unwrap_or(0);
    for point in points {
        let mut line = format!("{}  {:>5}", point.when(), point.numbers.pools);
        for severity in WORST_FIRST {
            let n = point.numbers.open[severity as usize];
            line.push_str(&format!("  {n:>width$}", width = severity.word().len()));
        }
        line.push_str(&format!("  {:>8}  ", point.numbers.accepted));
        line.push_str(&bar(point, most, room.min(LONGEST), style));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The same below each other, for a terminal that has no room for the columns.
fn narrow(points: &[Point], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let most = points.iter().map(Point::total).max().unwrap_or(0);
    let room = style.width.saturating_sub(2).clamp(SHORTEST, LONGEST);
    for point in points {
        let heading = format!("{}, {}", point.when(), count(point.numbers.pools, "pool"));
        out.write_all(styled(style, Ansi::Bold, &heading).as_bytes())?;
        writeln!(out)?;
        let numbers =
            WORST_FIRST.iter().map(|severity| (point.numbers.open[*severity as usize], severity.word()));
        let accepted = std::iter::once((point.numbers.accepted, "accepted"));
        let words = numbers.chain(accepted).filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}"));
        let words: Vec<String> = words.collect();
        let said = if words.is_empty() { "no findings".to_owned() } else { words.join(", ") };
        out.write_all(indented(style, &said, 2, 2).as_bytes())?;
        let bar = bar(point, most, room, style);
        if !bar.is_empty() {
            writeln!(out, "  {bar}")?;
        }
    }
    Ok(())
}

/// The meaning of the bars, the gaps of reports, and the change from the first to the last.
fn legend(points: &[Point], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let marks: Vec<String> = WORST_FIRST
        .iter()
        .map(|severity| format!("{} {}", mark(*severity, style), severity.word()))
        .collect();
    match style.width < WIDTH {
        true => write!(out, "\n{}", indented(style, &marks.join(", "), 0, 0))?,
        false => writeln!(out, "\n{}", marks.join("  "))?,
    }
    for point in points.iter().filter(|point| point.numbers.partial) {
        let mut note = format!("note: {}: not everything was read or decided", point.when());
        if !point.partial.is_empty() {
            note.push_str(&format!(", see {}", sanitized(&point.partial.join(", "))));
        }
        note.extend(point.missing.as_ref().map(|shards| format!("; {shards} has no report")));
        out.write_all(indented(style, &note, 0, 6).as_bytes())?;
    }
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Ok(()) };
    let findings = count(last.total(), "finding");
    // A finding that a baseline or a waiver accepts is not fixed.
    let accepted = match (first.numbers.accepted, last.numbers.accepted) {
        (0, 0) => String::new(),
        (then, now) if points.len() > 1 => format!("; {now} accepted, {} the first", change(then, now)),
        (_, now) => format!("; {now} accepted"),
    };
    let reports = count(points.iter().map(|point| point.reports).sum(), "report");
    let said = match points.len() {
        1 => format!("{reports}{}: {findings}{accepted}", if first.reports > 1 { " of one run" } else { "" }),
        n => {
            let all = if reports == count(n, "report") { reports } else { format!("{reports} of {n} runs") };
            let change = change(first.total(), last.total());
            format!("{all}: {findings} in the last, {change} the first{accepted}")
        }
    };
    out.write_all(indented(style, &said, 0, 0).as_bytes())
}

fn change(then: usize, now: usize) -> String {
    match now.cmp(&then) {
        std::cmp::Ordering::Less => format!("{} fewer than in", then - now),
        std::cmp::Ordering::Equal => "as many as in".to_owned(),
        std::cmp::Ordering::Greater => format!("{} more than in", now - then),
    }
}

/// A bar in which every severity has its share; what is there at all is seen.
fn bar(point: &Point, most: usize, room: usize, style: Style) -> String {
    let mut lengths = WORST_FIRST.map(|severity| {
        let n = point.numbers.open[severity as usize];
        if most <= room { n } else { (n * room / most).max(usize::from(n > 0)) }
    });
    // Those that are seen beyond their share take it from the longest.
    while lengths.iter().sum::<usize>() > room
        && let Some(longest) = lengths.iter_mut().max()
    {
        *longest -= 1;
    }
    let mut bar = String::new();
    for (severity, length) in WORST_FIRST.into_iter().zip(lengths) {
        bar.push_str(&styled(style, Ansi::of(severity), &mark(severity, style).to_string().repeat(length)));
    }
    bar
}

/// The character of a severity, so that severities differ without colours.
fn mark(severity: Severity, style: Style) -> char {
    let [info, low, medium, high, critical] =
        if style.unicode { ['·', '░', '▒', '▓', '█'] } else { ['.', '-', '+', '=', '#'] };
    match severity {
        Severity::Info => info,
        Severity::Low => low,
        Severity::Medium => medium,
        Severity::High => high,
        Severity::Critical => critical,
    }
}
