//! Compares the verdicts of a pack with those of judging its snapshot again.

use std::collections::BTreeMap;
use std::io;

use super::documents::Judged;
use super::unzip::Fault;
use crate::evaluate::Evaluation;
use crate::finding::{PoolRef, Subject};
use crate::report;

/// A verdict that a pack has and judging again does not give, or gives otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The rule or control, and the pool.
    pub about: String,
    /// The verdict in the pack and the verdict of the new run, in words; `None` for a verdict that one of them lacks.
    pub words: [Option<String>; 2],
}

/// The verdicts that differ, and all that judging again gives.
pub struct Differences {
    pub all: Vec<Difference>,
    pub verdicts: usize,
}

impl Differences {
    /// A pack that is the same, byte for byte.
    pub fn none(judged: &Judged<'_>) -> Differences {
        Differences { all: Vec::new(), verdicts: number(&judged.evaluation) }
    }
}

/// The number of verdicts of rules and on controls.
fn number(evaluation: &Evaluation) -> usize {
    evaluation.evidence.len() + evaluation.controls.len()
}

/// Compares verdict for verdict: those of rules, those on controls, and what was decided about findings.
pub fn differences(report: &str, judged: &Judged<'_>) -> Result<Differences, Fault> {
    let recorded =
        report::read(report).map_err(|why| Fault(format!("its report cannot be read: {}", why.message)))?;
    let unread = |error| Fault(format!("its verdicts cannot be compared: {error}"));
    let written = verdicts(&recorded.evaluation).map_err(unread)?;
    let again = verdicts(&judged.evaluation).map_err(unread)?;
    let mut all = Vec::new();
    for (about, words) in &written {
        let other = again.get(about);
        if other != Some(words) {
            let words = [Some(words.join(", ")), other.map(|words| words.join(", "))];
            all.push(Difference { about: about.clone(), words });
        }
    }
    let only = again.iter().filter(|(about, _)| !written.contains_key(*about));
    all.extend(
        only.map(|(about, words)| Difference { about: about.clone(), words: [None, Some(words.join(", "))] }),
    );
    Ok(Differences { all, verdicts: number(&judged.evaluation) })
}

/// The words of all verdicts of an evaluation. Pools of the same key share an entry.
fn verdicts(evaluation: &Evaluation) -> io::Result<BTreeMap<String, Vec<String>>> {
    let mut verdicts = BTreeMap::<String, Vec<String>>::new();
    let mut add = |about: String, word: &str| verdicts.entry(about).or_default().push(word.to_owned());
    for one in evaluation.evidence.verdicts() {
        let one = one?;
        add(
            format!("{}{} for {}", one.rule, of(one.subject.as_deref()), name(&one.pool)),
            one.verdict.word(),
        );
    }
    for one in &evaluation.controls {
        add(
            format!("control {} of {} for {}", one.control, one.standard, name(&one.pool)),
            one.verdict.word(),
        );
    }
    for one in &evaluation.findings {
        let subject = of(one.subject.as_deref());
        let about = format!("finding of {}{subject} for {} at {}", one.rule.id, name(&one.pool), one.path);
        add(about, &format!("{} {}", one.rule.severity.word(), one.standing.status.word()));
    }
    for one in &evaluation.unread {
        add(format!("not read: {}", one.target), &one.message);
    }
    for words in verdicts.values_mut() {
        words.sort();
    }
    Ok(verdicts)
}

fn name(pool: &PoolRef) -> String {
    pool.key()
}

fn of(subject: Option<&Subject>) -> String {
    subject.map_or_else(String::new, |subject| format!(" ({})", subject.key))
}
