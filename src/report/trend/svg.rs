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

/// Draws a stack for each report, in the order that they are given in.
pub fn svg(points: &[Point], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"11\">"
    )?;
    writeln!(out, "<title>Findings by severity over {} reports</title>", points.len())?;
    let most = points.iter().map(Point::total).max().unwrap_or(0).max(1);
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
        if index % labelled == 0 {
            let day: String = point.when().chars().take(10).collect();
            writeln!(out, "<text x=\"{:.1}\" y=\"{:.1}\">{day}</text>", x + step * 0.1, BOTTOM + 16.0)?;
        }
    }
    writeln!(out, "</svg>")
}

fn legend(out: &mut dyn Write) -> io::Result<()> {
    for (index, severity) in WORST_FIRST.into_iter().enumerate() {
        let x = LEFT + 84.0 * index as f64;
        writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"10\" width=\"10\" height=\"10\" fill=\"{}\"/>",
            fill(severity)
        )?;
        writeln!(out, "<text x=\"{:.1}\" y=\"19\">{}</text>", x + 15.0, severity.word())?;
    }
    Ok(())
}

/// The bars of one report, the worst at the bottom. A report that is not whole is drawn paler.
fn stack(point: &Point, x: f64, width: f64, most: usize, out: &mut dyn Write) -> io::Result<()> {
    let opacity = if point.partial { " opacity=\"0.5\"" } else { "" };
    writeln!(out, "<g{opacity}>")?;
    let counts = WORST_FIRST.map(|severity| (severity, point.open[severity as usize]));
    let words: Vec<String> = counts
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(severity, n)| format!("{n} {}", severity.word()))
        .collect();
    let words = if words.is_empty() { "no findings".to_owned() } else { words.join(", ") };
    let partial = if point.partial { "; not everything was read or decided" } else { "" };
    writeln!(out, "<title>{} UTC: {words}{partial}</title>", point.when())?;
    let mut bottom = BOTTOM;
    for (severity, n) in counts.into_iter().filter(|(_, n)| *n > 0) {
        let height = (BOTTOM - TOP) * n as f64 / most as f64;
        bottom -= height;
        let fill = fill(severity);
        writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"{bottom:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{fill}\"/>"
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
