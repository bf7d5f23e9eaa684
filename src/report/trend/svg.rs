//! The chart as SVG: a stack of bars for each report. Nothing in it is fetched, and it has no script.

use std::io::{self, Write};

use super::{Point, WORST_FIRST};
use crate::rule::Severity;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 260.0;
/// Where the bars start and end.
const LEFT: f64 = 48.0;
const RIGHT: f64 = 704.0;
const TOP: f64 = 36.0;
const BOTTOM: f64 = 220.0;
/// The width of a day in the size of the chart's text, rounded up.
const LABEL: f64 = 66.0;

/// Draws a stack for each report, in the order that they are given in.
pub fn svg(points: &[Point], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"11\">"
    )?;
    writeln!(out, "<title>Findings by severity over {} reports</title>", points.len())?;
    let most = points.iter().map(|point| point.total() + point.numbers.accepted).max().unwrap_or(0).max(1);
    legend(out)?;
    for value in [0, most / 2, most] {
        let y = BOTTOM - (BOTTOM - TOP) * value as f64 / most as f64;
        writeln!(out, "<path d=\"M{LEFT} {y:.1}H{RIGHT}\" stroke=\"#bbb\" stroke-width=\"0.5\"/>")?;
        writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>",
            LEFT - 6.0,
            y + 4.0
        )?;
    }
    let step = (RIGHT - LEFT) / points.len().max(1) as f64;
    let labelled = points.len().div_ceil(8).max(1);
    for (index, point) in points.iter().enumerate() {
        let x = LEFT + step * index as f64;
        stack(point, x + step * 0.1, (step * 0.8).min(64.0), most, out)?;
        // A label that does not fit beside the edge would be cut off.
        if index % labelled == 0 && x + step * 0.1 + LABEL <= WIDTH {
            let day: String = point.when().chars().take(10).collect();
            writeln!(out, "<text x=\"{:.1}\" y=\"{:.1}\">{day}</text>", x + step * 0.1, BOTTOM + 16.0)?;
        }
    }
    writeln!(out, "</svg>")
}

fn legend(out: &mut dyn Write) -> io::Result<()> {
    let severities = WORST_FIRST.map(|severity| (format!("fill=\"{}\"", fill(severity)), severity.word()));
    let others = [(ACCEPTED.to_owned(), "accepted"), (format!("fill=\"#000\"{PALE}"), "pale: incomplete")];
    for (index, (paint, word)) in severities.into_iter().chain(others).enumerate() {
        let x = LEFT + 84.0 * index as f64;
        writeln!(out, "<rect x=\"{x:.1}\" y=\"10\" width=\"10\" height=\"10\" {paint}/>")?;
        writeln!(out, "<text x=\"{:.1}\" y=\"19\">{word}</text>", x + 15.0)?;
    }
    Ok(())
}

/// The paint of findings that are waived or known.
const ACCEPTED: &str = "fill=\"#fff\" stroke=\"#6b7280\" stroke-dasharray=\"2 2\"";

/// Added to the paint of a report that is not whole.
const PALE: &str = " opacity=\"0.5\"";

/// The bars of one report, the worst at the bottom and what is accepted on top. A report that is not whole is drawn paler.
fn stack(point: &Point, x: f64, width: f64, most: usize, out: &mut dyn Write) -> io::Result<()> {
    let opacity = if point.numbers.partial { PALE } else { "" };
    writeln!(out, "<g{opacity}>")?;
    let counts = WORST_FIRST.map(|severity| (severity, point.numbers.open[severity as usize]));
    let mut words: Vec<String> = counts
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(severity, n)| format!("{n} {}", severity.word()))
        .collect();
    if words.is_empty() {
        words.push("no findings".to_owned());
    }
    if point.numbers.accepted > 0 {
        words.push(format!("{} accepted", point.numbers.accepted));
    }
    let partial = if point.numbers.partial { "; not everything was read or decided" } else { "" };
    writeln!(out, "<title>{} UTC: {}{partial}</title>", point.when(), words.join(", "))?;
    let painted = counts.into_iter().map(|(severity, n)| (n, format!("fill=\"{}\"", fill(severity))));
    let accepted = (point.numbers.accepted, ACCEPTED.to_owned());
    let mut bottom = BOTTOM;
    for (n, paint) in painted.chain([accepted]).filter(|(n, _)| *n > 0) {
        let height = (BOTTOM - TOP) * n as f64 / most as f64;
        bottom -= height;
        writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"{bottom:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" {paint}/>"
        )?;
    }
    writeln!(out, "</g>")
}

fn fill(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "#7f1d1d",
        Severity::High => "#dc2626",
        Severity::Medium => "#f59e0b",
        Severity::Low => "#3b82f6",
        Severity::Info => "#9ca3af",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::RunNumbers;

    fn point(day: i64, open: [usize; 5], accepted: usize, partial: bool) -> Point {
        let numbers = RunNumbers { time: day * 86_400_000, pools: 1, open, accepted, partial };
        Point { reports: 1, numbers, partial: Vec::new(), missing: None }
    }

    fn drawn(points: &[Point]) -> String {
        let mut out = Vec::new();
        svg(points, &mut out).expect("memory takes everything");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn no_label_is_cut_off_and_none_covers_another() {
        for count in 1..=70 {
            let points: Vec<Point> = (0..count).map(|day| point(day, [1; 5], 0, false)).collect();
            let svg = drawn(&points);
            let labels = svg.lines().filter(|line| line.contains(&format!("y=\"{:.1}\"", BOTTOM + 16.0)));
            let starts: Vec<f64> = labels
                .map(|line| line.split('"').nth(1).and_then(|x| x.parse().ok()).expect("a number"))
                .collect();
            assert!(!starts.is_empty(), "{count} reports");
            assert!(starts.iter().all(|x| x + LABEL <= WIDTH), "{count} reports: {starts:?}");
            assert!(starts.windows(2).all(|pair| pair[1] - pair[0] >= LABEL), "{count} reports: {starts:?}");
        }
    }

    #[test]
    fn accepted_findings_are_drawn_on_top_and_explained() {
        let svg = drawn(&[point(0, [0, 0, 3, 0, 0], 0, false), point(1, [0; 5], 3, true)]);
        let bars: Vec<&str> = svg.lines().filter(|line| line.contains("height=\"184.0\"")).collect();
        assert_eq!(bars.len(), 2, "the night of a baseline is as tall as the one before: {svg}");
        assert!(svg.contains("no findings, 3 accepted; not everything was read or decided"), "{svg}");
        for word in [">accepted<", ">pale: incomplete<"] {
            assert!(svg.contains(word), "{svg}");
        }
    }
}
