//! Notes with a count, of which each shard has a part: the counts are data, and are added up.

use std::collections::BTreeMap;

use crate::value::Day;

/// More rules than this are counted, not listed.
const LISTED: usize = 5;

/// The kind of a counted note. The number is kept separately.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// Entries of a baseline whose findings are fixed.
    EntriesFixed { baseline: String },
    /// Entries of a baseline of a rule that the run does not judge.
    EntriesNotJudged { baseline: String, rule: String },
    /// Findings that count again, because their waiver expired.
    CountAgain { place: String, waiver: String, last: Day },
    /// Findings of earlier reports of a rule that the run does not judge.
    FindingsNotJudged { rule: String },
}

impl Counted {
    /// The file, or the place in it, that the note is about.
    pub fn target(&self) -> &str {
        match self {
            Counted::EntriesFixed { baseline } | Counted::EntriesNotJudged { baseline, .. } => baseline,
            Counted::CountAgain { place, .. } => place,
            Counted::FindingsNotJudged { .. } => "earlier reports",
        }
    }

    /// The note in words.
    pub fn message(&self, count: usize) -> String {
        self.about(count, self.rule().as_slice())
    }

    /// The rule that a note is about, where notes on several rules are one in words.
    pub fn rule(&self) -> Option<&str> {
        match self {
            Counted::EntriesNotJudged { rule, .. } | Counted::FindingsNotJudged { rule } => Some(rule),
            Counted::EntriesFixed { .. } | Counted::CountAgain { .. } => None,
        }
    }

    /// The note in words, about all of these rules.
    fn about(&self, count: usize, rules: &[&str]) -> String {
        match (self, count) {
            (Counted::EntriesFixed { .. }, 1) => {
                "an entry was fixed: `cognito-lint baseline prune` drops it".to_owned()
            }
            (Counted::EntriesFixed { .. }, n) => {
                format!("{n} entries were fixed: `cognito-lint baseline prune` drops them")
            }
            (Counted::CountAgain { waiver, last, .. }, 1) => {
                format!("{waiver} expired on {last}, so a finding counts again")
            }
            (Counted::CountAgain { waiver, last, .. }, n) => {
                format!("{waiver} expired on {last}, so {n} findings count again")
            }
            (Counted::EntriesNotJudged { .. }, n) => not_judged(n, "entry", "entries", rules),
            (Counted::FindingsNotJudged { .. }, n) => not_judged(n, "finding", "findings", rules),
        }
    }
}

fn not_judged(count: usize, one: &str, many: &str, rules: &[&str]) -> String {
    let (things, they) = match count {
        1 => (format!("1 {one} is"), "it is"),
        n => (format!("{n} {many} are"), "they are"),
    };
    let (named, more) = match rules.len() {
        0..=LISTED => (rules, String::new()),
        all => (&rules[..LISTED], format!(" and {} more", all - LISTED)),
    };
    let named = named.join("`, `");
    let rule = if rules.len() == 1 { "a rule" } else { "rules" };
    format!(
        "{things} of {rule} that this run does not judge, so {they} neither open nor fixed: `{named}`{more}"
    )
}

/// The notes in words, each with its target. Those on several rules are one.
pub fn in_words(counted: &BTreeMap<Counted, usize>) -> Vec<(&str, String)> {
    let all: Vec<(&Counted, usize)> = counted.iter().map(|(note, count)| (note, *count)).collect();
    let is_one = |(a, _): &(&Counted, usize), (b, _): &(&Counted, usize)| {
        a.rule().is_some()
            && std::mem::discriminant(*a) == std::mem::discriminant(*b)
            && a.target() == b.target()
    };
    let mut notes = Vec::new();
    for alike in all.chunk_by(is_one) {
        let Some((first, _)) = alike.first() else { continue };
        let rules: Vec<&str> = alike.iter().filter_map(|(note, _)| note.rule()).collect();
        let count = alike.iter().map(|(_, count)| count).sum();
        notes.push((first.target(), first.about(count, &rules)));
    }
    notes
}
