//! `trend`: how many findings there were, report by report.

use std::io::Write;
use std::process::ExitCode;

use super::args::{Color, TrendArgs};
use super::output::Output;
use super::reads::Reads;
use super::streams::Stream;
use super::{Failure, printed, reports, terminal};
use crate::merge::{Night, nights};
use crate::outcome::Outcome;
use crate::report::screen::Draws;
use crate::report::trend::{Point, svg, table};

pub(super) fn run(args: &TrendArgs, color: Color) -> Result<ExitCode, Failure> {
    if let Some(file) = &args.svg {
        Reads::of(std::slice::from_ref(&args.reports)).ensure_kept("chart", file)?;
    }
    let found = reports::read(&args.reports)?;
    let points: Vec<Point> = nights(&found.reports).into_iter().map(point).collect();
    let style = terminal::style(Stream::Stdout, color);
    let mut out = Stream::Stdout.screen(Draws::of_style(style));
    let shown = table(&points, style, &mut out).and_then(|()| out.flush());
    if let Some(file) = &args.svg {
        let cannot = |error| Failure::Other(miette::miette!("{} cannot be written: {error}", file.display()));
        let mut output = Output::file(file, Draws::Text).map_err(cannot)?;
        let written = svg(&points, &mut output.out);
        output.finish(written).map_err(cannot)?;
    }
    for (file, why) in &found.strange {
        terminal::print_line(&format!("{file}: not shown: {why}"));
    }
    // A chart with gaps is not a complete answer.
    let outcome = if found.strange.is_empty() { Outcome::Clean } else { Outcome::Incomplete };
    printed(shown, ExitCode::from(outcome.exit_code()))
}

fn point(night: Night) -> Point {
    let Night { reports, numbers, partial, missing } = night;
    Point { reports, numbers, partial, missing }
}
