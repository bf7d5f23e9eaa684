//! The answer in a sentence, and the words for its parts; the same in every format.

use std::collections::BTreeMap;

use super::OutlierReport;
use crate::drift::{Direction, Touched};
use crate::finding::Verdict;
use crate::outcome::Outcome;
use crate::outlier::{Deviation, Most, Outlier, Outliers, Since, Unknown};
use crate::report::ansi::count;
use crate::report::drift::phrasing::value;
use crate::report::sanitize::sanitized;
use crate::report::summary;
use crate::source::Interrupt;
use crate::value::Value;

/// The answer. One line without a period.
pub(super) fn answer(report: &OutlierReport) -> String {
    let found = found(report.outliers);
    match report.outcome {
        Outcome::Clean | Outcome::Findings => found,
        Outcome::Incomplete => format!("incomplete: {}; {found}", missing(report.outliers)),
        Outcome::Interrupted(signal) => {
            let signal = match signal {
                Interrupt::Int => "SIGINT",
                Interrupt::Term => "SIGTERM",
            };
            format!("interrupted by {signal}, so this is only a part: {found}")
        }
    }
}

/// The reasons that the comparison is incomplete.
fn missing(outliers: &Outliers) -> String {
    let gaps: Vec<&Unknown> = outliers.gaps.iter().filter(|gap| gap.incomplete).collect();
    match (outliers.unread.as_slice(), gaps.as_slice()) {
        ([], []) => "nothing was compared (pass --allow-empty if that is expected)".to_owned(),
        ([], [one]) => format!("{} of {} could not be read", sanitized(&one.what), count(one.pools, "pool")),
        ([], many) => {
            let most = many.iter().map(|gap| gap.pools).max().unwrap_or_default();
            format!(
                "{} could not be read, each of {} at most",
                count(many.len(), "part"),
                count(most, "pool")
            )
        }
        ([one], _) => format!("{} could not be read", sanitized(&one.target)),
        (many, _) => format!("{} could not be read", count(many.len(), "input")),
    }
}

fn found(outliers: &Outliers) -> String {
    let number: usize = outliers.deviations.iter().map(|one| one.outliers.len()).sum();
    let among = match outliers.pairs {
        Some(pairs) => format!("between {}", count(pairs, "pair")),
        None if outliers.groups == 0 => {
            let (pools, least) = (count(outliers.pools, "pool"), outliers.threshold.least);
            return format!("{pools} and no group of {least}, so there are no outliers to find");
        }
        None => {
            let pools = outliers.pools
                - outliers.small.1
                - outliers.ungrouped.values().sum::<usize>().min(outliers.pools - outliers.small.1);
            format!("among {} in {}", count(pools, "pool"), count(outliers.groups, "group"))
        }
    };
    let noun = if outliers.pairs.is_some() { "difference" } else { "outlier" };
    match number {
        0 => format!("no {noun} {among}"),
        number => format!("{} {among}: {}", count(number, noun), directions(outliers)),
    }
}

/// `1 weakened, 2 neutral`.
fn directions(outliers: &Outliers) -> String {
    let counts = Direction::ALL.map(|direction| (direction, outliers.count(direction)));
    let some = counts.into_iter().filter(|(_, count)| *count > 0);
    let words: Vec<String> = some.map(|(direction, count)| format!("{count} {}", direction.word())).collect();
    words.join(", ")
}

/// `18 of 20 have ON; of 1 more it is unknown`.
pub(super) fn most(one: &Deviation) -> String {
    let has = match &one.most {
        Most::Sibling(pool, value) => {
            return format!("{} has {}", sanitized(&pool.identity.title()), of_one(value.as_ref()));
        }
        Most::Own if one.path.ends_with(']') => "one".to_owned(),
        Most::Own => "one of their own".to_owned(),
        Most::Value(value) => of_many(value.as_ref()),
    };
    let unknown = match one.unknown {
        0 => String::new(),
        unknown => format!("; of {unknown} more it is unknown"),
    };
    format!("{} of {} have {has}{unknown}", one.agree, one.known)
}

fn of_many(of: Option<&Value>) -> String {
    of.map_or_else(|| "none".to_owned(), |_| of_one(of))
}

fn of_one(of: Option<&Value>) -> String {
    match of {
        Some(Value::Map(map)) if !map.is_empty() => "one".to_owned(),
        None => "none".to_owned(),
        of => value(of, false),
    }
}

/// `OFF (default)`.
pub(super) fn own(outlier: &Outlier) -> String {
    match &outlier.change.after {
        Some(Value::Map(map)) if !map.is_empty() => "has one".to_owned(),
        None => "has none".to_owned(),
        after => value(after.as_ref(), outlier.change.after_default),
    }
}

pub(super) fn title(outlier: &Outlier) -> String {
    sanitized(&outlier.pool.identity.title()).into_owned()
}

/// Since when a pool has it, as far as snapshots say.
pub(super) fn since(since: Since) -> String {
    let time = |millis| Value::Time(millis).to_string();
    match (since.same, since.other) {
        (Some(same), Some(other)) => format!("changed between {} and {}", time(other), time(same)),
        (Some(same), None) => format!("so since {} or before", time(same)),
        (None, Some(other)) => format!("changed after {}", time(other)),
        (None, None) => "not known from the earlier snapshots".to_owned(),
    }
}

/// The rules that think that the difference matters: `high[mfa-off] fails here, and passes with what most have`.
pub(super) fn effects(outlier: &Outlier, most: &Most) -> Vec<String> {
    let told = outlier.change.rules.iter().filter(|touched| touched.direction != Direction::Neutral);
    let others = if matches!(most, Most::Sibling(..)) { "its sibling" } else { "most" };
    told.map(|touched| effect(touched, others)).collect()
}

fn effect(touched: &Touched, others: &str) -> String {
    let tag = format!("{}[{}]", touched.rule.severity.word(), touched.rule.id);
    let word = |verdict: Option<Verdict>| match verdict {
        Some(Verdict::Pass) => "passes",
        Some(Verdict::Fail) => "fails",
        Some(Verdict::Unknown) => "is unknown",
        Some(Verdict::Skipped) => "does not apply",
        None => "has nothing to judge",
    };
    let title = match touched.after {
        Some(Verdict::Fail) if !touched.rule.title.is_empty() => {
            format!(": {}", sanitized(&touched.rule.title))
        }
        _ => String::new(),
    };
    match &touched.bound {
        Some(bound) => {
            let by = if touched.direction == Direction::Weakened { "less" } else { "more" };
            format!("{tag} is met {by} than by {others}: expected {bound}")
        }
        None => {
            format!("{tag} {} here, and {} for {others}{title}", word(touched.after), word(touched.before))
        }
    }
}

/// Gaps, those of the same pools and for the same reason in one sentence.
pub(super) fn gaps(outliers: &Outliers) -> Vec<String> {
    let mut alike: BTreeMap<(&str, usize, Option<&str>), Vec<&str>> = BTreeMap::new();
    for Unknown { what, why, pools, first, .. } in &outliers.gaps {
        alike.entry((first, *pools, why.as_deref())).or_default().push(what);
    }
    let sentence = |((first, pools, why), what): ((&str, usize, Option<&str>), Vec<&str>)| {
        let of = match pools - 1 {
            0 => first.to_owned(),
            more => format!("{first} and {more} more"),
        };
        let text = match why {
            Some(why) => format!("{of}: not compared: {} unknown: {why}", what.join(", ")),
            None => format!("{of}: not compared: the input contains no {}", what.join(", ")),
        };
        sanitized(&text).into_owned()
    };
    alike.into_iter().map(sentence).collect()
}

/// Notes beside the outliers.
pub(super) fn notes(outliers: &Outliers) -> Vec<String> {
    let mut notes = Vec::new();
    let (groups, pools) = outliers.small;
    if groups > 0 {
        let verb = if groups == 1 { "is" } else { "are" };
        notes.push(format!(
            "{} with {} in all {verb} too small to compare: a group needs {} pools",
            count(groups, "group"),
            count(pools, "pool"),
            outliers.threshold.least
        ));
    }
    let reasons: BTreeMap<String, usize> =
        outliers.ungrouped.iter().map(|(why, pools)| (why.reason(), *pools)).collect();
    notes.extend(reasons.into_iter().map(|(why, pools)| {
        format!("in no group because they {}: {}", sanitized(&why), count(pools, "pool"))
    }));
    notes.extend(
        outliers
            .notes
            .iter()
            .map(|note| format!("{}: {}", sanitized(&note.target), sanitized(&note.message))),
    );
    notes
}

/// Inputs that could not be read.
pub(super) fn unread(outliers: &Outliers) -> Vec<String> {
    let all = outliers.unread.iter();
    all.map(|one| format!("{}: {}", summary::unread_at(one), summary::unread(one))).collect()
}
