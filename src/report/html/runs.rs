//! Earlier runs and this one: a bar for each, and the same numbers as a table.

use crate::finding::RunNumbers;
use crate::report::Report;
use crate::rule::Severity;
use crate::value::Value;

/// The room of a bar, with the gap beside it.
const STEP: usize = 24;
/// Where the first bar starts, right of the greatest number.
const LEFT: usize = 48;
/// Where the bars start and end.
const TOP: f64 = 8.0;
const BOTTOM: f64 = 104.0;
/// The room of a day below the bars, in bars.
const LABEL: usize = 4;

/// The bars, the oldest run first.
pub(super) struct Runs {
    pub(super) width: usize,
    /// The end of the scale: the most findings of a run.
    pub(super) most: usize,
    pub(super) bars: Vec<Bar>,
    /// A run was not whole, so that its bar is paler.
    pub(super) partial: bool,
}

pub(super) struct Bar {
    pub(super) x: usize,
    /// The time in UTC.
    pub(super) when: String,
    /// The day below the bar, where there is room for it.
    pub(super) day: Option<String>,
    pub(super) pools: usize,
    /// The worst first.
    pub(super) open: [usize; 5],
    pub(super) accepted: usize,
    pub(super) partial: bool,
    /// From the bottom to the top.
    pub(super) parts: Vec<Part>,
}

/// The findings of one severity in a bar.
pub(super) struct Part {
    pub(super) y: String,
    pub(super) height: String,
    pub(super) class: &'static str,
}

/// `None` for a run that was compared with nothing.
pub(super) fn runs(report: &Report) -> Option<Runs> {
    let evaluation = report.evaluation;
    if evaluation.earlier.is_empty() {
        return None;
    }
    let own = evaluation.numbers(report.run.generated);
    let all: Vec<&RunNumbers> = evaluation.earlier.iter().chain([&own]).collect();
    let total = |run: &RunNumbers| run.open.iter().sum::<usize>() + run.accepted;
    let most = all.iter().map(|run| total(run)).max().unwrap_or_default().max(1);
    let width = LEFT + STEP * all.len().max(LABEL);
    let bars = all.iter().enumerate().map(|(at, run)| {
        let when = Value::Time(run.time).to_string().replace('T', " ");
        let x = LEFT + STEP * at;
        let has_room = at % LABEL == 0 && x + STEP * LABEL <= width;
        Bar {
            x,
            day: has_room.then(|| when.chars().take(10).collect()),
            when: when.chars().take(16).collect(),
            pools: run.pools,
            open: worst_first().map(|severity| run.open[severity as usize]),
            accepted: run.accepted,
            partial: run.partial,
            parts: parts(run, most),
        }
    });
    let bars = bars.collect();
    Some(Runs { width, most, bars, partial: all.iter().any(|run| run.partial) })
}

fn worst_first() -> [Severity; 5] {
    let mut all = Severity::ALL;
    all.reverse();
    all
}

/// The worst at the bottom, and what is accepted on top.
#[expect(clippy::cast_precision_loss, reason = "a bar is a hundred pixels high")]
fn parts(run: &RunNumbers, most: usize) -> Vec<Part> {
    let open = worst_first().map(|severity| (run.open[severity as usize], severity.word()));
    let mut bottom = BOTTOM;
    let mut parts = Vec::new();
    for (n, class) in open.into_iter().chain([(run.accepted, "accepted")]).filter(|(n, _)| *n > 0) {
        let height = (BOTTOM - TOP) * n as f64 / most as f64;
        bottom -= height;
        parts.push(Part { y: format!("{bottom:.1}"), height: format!("{height:.1}"), class });
    }
    parts
}
