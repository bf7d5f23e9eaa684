//! The progress display of a live run: counts on a terminal, or each request with `--verbose`.

use std::cmp::Reverse;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::streams::Stream;
use super::terminal;
use crate::report::sanitized;
use crate::source::live::{Attempt, Progress, RegionProgress};

/// A run that takes less long shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);
const STEP: Duration = Duration::from_millis(200);

/// Accounts and Regions that have a line of their own; the others are counted.
const LINES: usize = 8;

/// Shows how far a run is until it is dropped, and then clears what it has drawn.
pub(super) struct ProgressGuard(Option<(Sender<()>, JoinHandle<()>)>);

/// Counts for a live run, and the show of them.
pub(super) fn begin(verbose: bool, quiet: bool) -> (Progress, ProgressGuard) {
    let progress = Progress::new(verbose.then_some(tell));
    let shown = (!verbose && !quiet && is_watched()).then(|| {
        let (over, ended) = channel();
        let progress = progress.clone();
        let draw = move || {
            let begun = Instant::now();
            let mut drawing = None;
            let mut wait = PATIENCE;
            while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                wait = STEP;
                let lines = lines(&progress.regions(), begun.elapsed());
                drawing.get_or_insert_with(Drawing::new).draw(&lines);
            }
            if let Some(drawing) = drawing {
                drawing.clear();
            }
        };
        std::thread::Builder::new().name("progress".to_owned()).spawn(draw).ok().map(|thread| (over, thread))
    });
    (progress, ProgressGuard(shown.flatten()))
}

/// Whether somebody looks at standard error, on a terminal that can be drawn on.
fn is_watched() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "false");
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    Stream::Stderr.is_terminal() && !dumb && !set("CI")
}

impl Drop for ProgressGuard {
    fn drop(&mut self) {
        if let Some((over, thread)) = self.0.take() {
            drop(over);
            // The thread clears its drawing before it ends.
            let _ = thread.join();
        }
    }
}

/// Prints what became of one attempt of a call.
fn tell(attempt: &Attempt<'_>) {
    terminal::print_line(&told(attempt));
}

fn told(attempt: &Attempt<'_>) -> String {
    let Attempt { place, operation, target, number, took, outcome, request_id } = attempt;
    let target = if target.is_empty() { String::new() } else { format!(" {target}") };
    let request = request_id.map_or_else(String::new, |id| format!(", request {id}"));
    format!("{place}: {operation}{target}: try {number}: {outcome} after {} ms{request}", took.as_millis())
}

/// Lines on a terminal that are drawn over and over.
struct Drawing {
    all: MultiProgress,
    bars: Vec<ProgressBar>,
    style: ProgressStyle,
}

impl Drawing {
    fn new() -> Drawing {
        let style = ProgressStyle::with_template("{wide_msg}");
        Drawing {
            all: MultiProgress::with_draw_target(ProgressDrawTarget::stderr()),
            bars: Vec::new(),
            style: style.unwrap_or_else(|_| ProgressStyle::default_spinner()),
        }
    }

    fn draw(&mut self, lines: &[String]) {
        while self.bars.len() < lines.len() {
            let bar = ProgressBar::new_spinner().with_style(self.style.clone());
            self.bars.push(self.all.add(bar));
        }
        for bar in self.bars.drain(lines.len()..) {
            self.all.remove(&bar);
        }
        for (bar, line) in self.bars.iter().zip(lines) {
            bar.set_message(sanitized(line).into_owned());
        }
    }

    fn clear(self) {
        // Whoever closed the terminal sees nothing anyway.
        let _ = self.all.clear();
    }
}

/// The lines to draw: one for all, and one for each account and Region if there are several.
fn lines(regions: &[RegionProgress], elapsed: Duration) -> Vec<String> {
    let mut lines = vec![head(regions, elapsed)];
    if regions.len() < 2 {
        return lines;
    }
    // Running Regions come first, and those with most left before others.
    let mut sorted: Vec<&RegionProgress> = regions.iter().collect();
    sorted.sort_by_key(|region| (region.done, Reverse(left(region))));
    lines.extend(sorted.iter().take(LINES).map(|region| format!("  {}: {}", region.place, pools(region))));
    if let Some(more) = sorted.get(LINES..).filter(|more| !more.is_empty()) {
        let over = more.iter().filter(|region| region.done).count();
        lines.push(format!("  and {} more, {over} of them done", more.len()));
    }
    lines
}

fn head(regions: &[RegionProgress], elapsed: Duration) -> String {
    if regions.is_empty() {
        return "waiting for credentials".to_owned();
    }
    let sum = |count: fn(&RegionProgress) -> usize| regions.iter().map(count).sum::<usize>();
    let all = RegionProgress {
        listed: sum(|one| one.listed),
        finished: sum(|one| one.finished),
        requests: sum(|one| one.requests),
        throttled: sum(|one| one.throttled),
        listed_all: regions.iter().all(|one| one.listed_all || one.done),
        ..RegionProgress::default()
    };
    let mut parts = vec![pools(&all)];
    if regions.len() > 1 {
        let over = regions.iter().filter(|one| one.done).count();
        parts.push(format!("{over} of {} Regions done", regions.len()));
    }
    parts.push(format!("{:.1} requests a second", all.requests as f64 / elapsed.as_secs_f64().max(0.1)));
    if all.listed_all {
        parts.extend(time_left(regions, elapsed).map(|time| format!("about {time} left")));
    }
    parts.join(", ")
}

fn pools(region: &RegionProgress) -> String {
    let RegionProgress { listed, finished, throttled, listed_all, .. } = region;
    let throttled = match throttled {
        0 => String::new(),
        _ => format!(", {throttled} throttled"),
    };
    match listed_all {
        true if listed == finished => format!("{finished} pools read{throttled}"),
        true => format!("{finished} of {listed} pools read{throttled}"),
        false => format!("{finished} pools read, {listed} listed so far{throttled}"),
    }
}

/// Pools that are yet to be read here.
fn left(region: &RegionProgress) -> usize {
    if region.done { 0 } else { region.listed.saturating_sub(region.finished) }
}

/// The time until the slowest Region is done at its current rate. `None` if it is unknown.
fn time_left(regions: &[RegionProgress], elapsed: Duration) -> Option<String> {
    let mut longest = 0.0_f64;
    for region in regions.iter().filter(|region| left(region) > 0) {
        if region.finished == 0 {
            return None;
        }
        longest = longest.max(elapsed.as_secs_f64() * left(region) as f64 / region.finished as f64);
    }
    match longest {
        0.0 => None,
        ..90.0 => Some(format!("{longest:.0} s")),
        _ => Some(format!("{:.0} min", longest / 60.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(place: &str, listed: usize, finished: usize) -> RegionProgress {
        let (listed_all, done) = (true, listed == finished);
        RegionProgress {
            place: place.to_owned(),
            listed,
            finished,
            requests: finished + 1,
            listed_all,
            done,
            ..RegionProgress::default()
        }
    }

    #[test]
    fn one_region_has_one_line() {
        let at = |region: RegionProgress| lines(&[region], Duration::from_secs(4));
        assert_eq!(lines(&[], PATIENCE), ["waiting for credentials"]);
        assert_eq!(
            at(region("us-east-1", 60, 15)),
            ["15 of 60 pools read, 4.0 requests a second, about 12 s left"]
        );
        let listing = RegionProgress { listed_all: false, throttled: 2, ..region("us-east-1", 60, 15) };
        assert_eq!(at(listing), ["15 pools read, 60 listed so far, 2 throttled, 4.0 requests a second"]);
        assert_eq!(
            at(region("us-east-1", 6000, 15)),
            ["15 of 6000 pools read, 4.0 requests a second, about 27 min left"]
        );
        assert_eq!(at(region("us-east-1", 15, 15)), ["15 pools read, 4.0 requests a second"]);
    }

    #[test]
    fn several_regions_have_a_line_each_and_many_are_counted() {
        let mut all: Vec<RegionProgress> =
            (0..10).map(|i| region(&format!("111122223333/r-{i}"), 10 + i, 5)).collect();
        all.push(region("done", 3, 3));
        let drawn = lines(&all, Duration::from_secs(5));
        assert_eq!(drawn.len(), 2 + LINES);
        assert_eq!(
            drawn[0],
            "53 of 148 pools read, 1 of 11 Regions done, 12.8 requests a second, about 14 s left"
        );
        assert_eq!(drawn[1], "  111122223333/r-9: 5 of 19 pools read");
        assert_eq!(drawn[9], "  and 3 more, 1 of them done");
    }

    #[test]
    fn a_request_is_one_line() {
        let attempt = Attempt {
            place: "111122223333/eu-west-1",
            operation: "DescribeUserPool",
            target: "eu-west-1_a",
            number: 2,
            took: Duration::from_millis(35),
            outcome: "400 TooManyRequestsException",
            request_id: Some("0f1e"),
        };
        assert_eq!(
            told(&attempt),
            "111122223333/eu-west-1: DescribeUserPool eu-west-1_a: try 2: 400 TooManyRequestsException after 35 ms, \
             request 0f1e"
        );
        let none = Attempt { target: "", request_id: None, outcome: "no answer", ..attempt };
        assert!(told(&none).contains(": DescribeUserPool: try 2: no answer after 35 ms"));
    }
}
