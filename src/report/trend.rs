//! How many findings there were over several reports: a table with bars, and a chart as SVG.

mod svg;

use std::io::{self, Write};

use super::Style;
use super::ansi::{Ansi, count, styled};
use super::sanitize::sanitized;
use crate::evaluate::Evaluation;
use crate::rule::Severity;
use crate::shard::Shard;
use crate::value::Value;

pub use svg::svg;

/// The worst first, as they are drawn.
const WORST_FIRST: [Severity; 5] =
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

/// A bar is at most so long, and shorter where the terminal is narrow.
const LONGEST: usize = 60;

/// The numbers of one report.
#[derive(Clone, Debug)]
pub struct Point {
    /// The report's file, and its shard where it is of one.
    pub name: String,
    /// When the run was, in milliseconds since 1970.
    pub time: i64,
    pub pools: usize,
    /// Findings that count, indexed as `Severity::ALL`.
    pub open: [usize; 5],
    /// Findings that are waived or known.
    pub accepted: usize,
    /// Something was not read or not decided, so there may have been more.
    pub partial: bool,
}

impl Point {
    /// Takes what a report says.
    pub fn of(file: &str, time: i64, shard: Option<Shard>, evaluation: &Evaluation) -> Point {
        let tally = &evaluation.tally;
        let shard = shard.map_or(String::new(), |shard| format!(", shard {shard}"));
        Point {
            name: format!("{file}{shard}"),
            time,
            pools: tally.pools,
            open: Severity::ALL.map(|severity| tally.open(severity)),
            accepted: tally.waived.iter().chain(&tally.known).sum(),
            partial: tally.unknown > 0 || !evaluation.unread.is_empty() || evaluation.interrupted.is_some(),
        }
    }

    fn total(&self) -> usize {
        self.open.iter().sum()
    }

    /// `2026-11-24 00:00`, in UTC.
    fn when(&self) -> String {
        Value::Time(self.time).to_string().replace('T', " ").chars().take(16).collect()
    }
}

/// Prints a line for each report, in the order that they are given in, with a bar.
pub fn table(points: &[Point], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let headings = WORST_FIRST.map(Severity::word);
    let start = "time (UTC)        pools";
    writeln!(out, "{}", styled(style, Ansi::Bold, &format!("{start}  {}  accepted", headings.join("  "))))?;
    let most = points.iter().map(Point::total).max().unwrap_or(0);
    let taken = start.len() + 2 + headings.iter().map(|word| word.len() + 2).sum::<usize>() + 10;
    let room = style.width.saturating_sub(taken).clamp(10, LONGEST);
    for point in points {
        let mut line = format!("{}  {:>5}", point.when(), point.pools);
        for severity in WORST_FIRST {
            let n = point.open[severity as usize];
            line.push_str(&format!("  {n:>width$}", width = severity.word().len()));
        }
        line.push_str(&format!("  {:>8}  ", point.accepted));
        line.push_str(&bar(point, most, room, style));
        writeln!(out, "{}", line.trim_end())?;
    }
    let marks: Vec<String> = WORST_FIRST
        .iter()
        .map(|severity| format!("{} {}", mark(*severity, style), severity.word()))
        .collect();
    writeln!(out, "\n{}", marks.join("  "))?;
    for point in points.iter().filter(|point| point.partial) {
        let name = sanitized(&point.name);
        writeln!(out, "note: {}: not everything was read or decided, see {name}", point.when())?;
    }
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Ok(()) };
    let findings = count(last.total(), "finding");
    // A finding that a baseline or a waiver accepts is not fixed.
    let accepted = match (first.accepted, last.accepted) {
        (0, 0) => String::new(),
        (then, now) if points.len() > 1 => format!("; {now} accepted, {} the first", change(then, now)),
        (_, now) => format!("; {now} accepted"),
    };
    match points.len() {
        1 => writeln!(out, "1 report: {findings}{accepted}"),
        n => {
            let change = change(first.total(), last.total());
            writeln!(out, "{n} reports: {findings} in the last, {change} the first{accepted}")
        }
    }
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
    let mut bar = String::new();
    for severity in WORST_FIRST {
        let n = point.open[severity as usize];
        let length = if most <= room { n } else { (n * room / most).max(usize::from(n > 0)) };
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
