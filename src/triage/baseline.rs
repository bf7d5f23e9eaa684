//! A baseline: the machine's record of findings that were there already.
//!
//! A finding is in it by the fingerprints of all places that break its rule. Each depends only on rule, pool, path
//! and element, and has its own entry. The other members of an entry are for people.

use std::collections::{BTreeMap, BTreeSet};

use super::RunScope;
use super::coverage::RunCoverage;
use crate::diagnostic::{SourceDiagnostic, SourceFile};
use crate::evaluate::Evaluation;
use crate::finding::{Counted, Finding, Status};
use crate::pool::Source;
use crate::rule::Policy;
use crate::spanned::{Item, Reader, parse, quoted};

/// The version of the file's format.
const VERSION: i64 = 1;

const KEYS: [&str; 6] = ["pool", "name", "input", "rule", "path", "fingerprint"];

/// Places of findings that were there already, sorted. A place that several findings share is repeated as often.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    pub entries: Vec<BaselineEntry>,
}

/// One place of a finding of a baseline.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BaselineEntry {
    /// As `PoolRef::key` has it.
    pub pool: String,
    /// The pool's name. Empty if it has none.
    pub name: String,
    /// The file that had the pool. Empty for a live pool, and in baselines of 0.1.0.
    pub input: String,
    pub rule: String,
    pub path: String,
    pub fingerprint: String,
}

impl Baseline {
    /// Records every finding but those that are waived, because a waiver ends and a baseline does not, and those
    /// that cannot be waived.
    pub fn of(evaluation: &Evaluation) -> Baseline {
        let recorded =
            |one: &&Finding| one.rule.waivable && !matches!(one.standing.status, Status::Waived(_));
        let mut entries = Vec::new();
        for one in evaluation.findings.iter().filter(recorded) {
            let places: BTreeMap<&str, &str> = one.places().map(|(path, _, print)| (print, path)).collect();
            entries.extend(places.into_iter().map(|(fingerprint, path)| BaselineEntry {
                pool: one.pool.key(),
                name: one.pool.identity.name.as_deref().unwrap_or_default().to_owned(),
                input: match one.pool.origin.source {
                    Source::Live => String::new(),
                    _ => one.pool.origin.name.to_string(),
                },
                rule: one.rule.id.to_string(),
                path: path.to_owned(),
                fingerprint: fingerprint.to_owned(),
            }));
        }
        entries.sort();
        Baseline { entries }
    }

    /// The file, one line for each entry.
    pub fn text(&self) -> String {
        let mut text = format!(
            "# Findings that were there when this was written. `cognito-lint check --baseline` fails on others alone,\n\
             # and `cognito-lint baseline prune` drops what was fixed.\nversion = {VERSION}\nknown = [\n"
        );
        for BaselineEntry { pool, name, input, rule, path, fingerprint } in &self.entries {
            let input = if input.is_empty() { String::new() } else { format!("input = {}, ", quoted(input)) };
            text.push_str(&format!(
                "    {{ pool = {}, name = {}, {input}rule = {}, path = {}, fingerprint = {} }},\n",
                quoted(pool),
                quoted(name),
                quoted(rule),
                quoted(path),
                quoted(fingerprint),
            ));
        }
        text.push_str("]\n");
        text
    }

    /// Reads a file, or every mistake in it.
    pub fn read(source_file: &SourceFile) -> Result<Baseline, Vec<SourceDiagnostic>> {
        let mut mistakes = Vec::new();
        let table = parse(source_file, &mut mistakes);
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let mut reader = Reader { source_file, mistakes: &mut mistakes };
        reader.only(&table, "a baseline", &["version", "known"]);
        let help = "`cognito-lint baseline write` writes one";
        match table.get("version").map(|item| (item.at.clone(), item.toml.to_value().to_string())) {
            Some((_, version)) if version == VERSION.to_string() => {}
            Some((at, version)) => {
                let message = format!("this baseline is of version {version}");
                reader.mistake(at, message, &format!("version {VERSION} is read"), help);
            }
            None => reader.mistake(0..0, "this is not a baseline: it has no `version`", "", help),
        }
        let items = reader.list(&table, "known");
        let mut entries: Vec<BaselineEntry> =
            items.iter().filter_map(|item| entry(&mut reader, item)).collect();
        entries.sort();
        if mistakes.is_empty() { Ok(Baseline { entries }) } else { Err(mistakes) }
    }

    /// Marks findings with every place in the baseline. Findings of an expired waiver count again, and so do those
    /// that cannot be waived. Returns the reason that a finding with only some places in the baseline counts.
    pub(super) fn mark(&self, findings: &mut [Finding]) -> BTreeSet<String> {
        let mut said = BTreeSet::new();
        let mut left = self.counts();
        for finding in findings {
            let places: BTreeMap<&str, &str> =
                finding.places().map(|(path, _, print)| (print, path)).collect();
            let is_in = |print: &str| left.get(print).is_some_and(|count| *count > 0);
            if !places.keys().any(|print| is_in(print)) {
                continue;
            }
            let (rule, pool) = (&finding.rule.id, finding.pool.identity.title());
            if !finding.rule.waivable {
                said.insert(format!(
                    "`{rule}` cannot be waived, so its findings count though they are in here"
                ));
                continue;
            }
            let missing = places.iter().find(|(print, _)| !is_in(print)).map(|(_, path)| (*path).to_owned());
            for print in places.keys() {
                if let Some(count) = left.get_mut(*print).filter(|count| **count > 0) {
                    *count -= 1;
                }
            }
            let standing = &finding.standing;
            if standing.status != Status::Open || standing.lapsed.is_some() {
                continue;
            }
            match missing {
                Some(path) => {
                    said.insert(format!("`{rule}` counts in {pool}: {path} breaks it and is not in here"));
                }
                None => finding.standing.status = Status::Known,
            }
        }
        said
    }

    /// The entries without those that were fixed: their pool was read or is gone, or has left its file, their rule
    /// was decided, and the finding is not there.
    #[must_use]
    pub fn pruned(&self, evaluation: &Evaluation, policy: &Policy, scope: RunScope<'_>) -> Baseline {
        let coverage = RunCoverage::new(evaluation, policy);
        let mut there: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in &evaluation.findings {
            let places: BTreeSet<&str> = finding.places().map(|(_, _, print)| print).collect();
            for fingerprint in places {
                *there.entry(fingerprint).or_default() += 1;
            }
        }
        let stays = |entry: &&BaselineEntry| {
            if let Some(count) = there.get_mut(entry.fingerprint.as_str()).filter(|count| **count > 0) {
                *count -= 1;
                return true;
            }
            !coverage.closes(&entry.pool, &entry.rule)
                && !coverage.is_gone(&entry.pool, scope)
                && !coverage.has_left(&entry.pool, &entry.input, scope)
        };
        Baseline { entries: self.entries.iter().filter(stays).cloned().collect() }
    }

    /// The entries of rules that the run does not judge in the pools that it read, by rule.
    pub(super) fn not_judged(&self, name: &str, coverage: &RunCoverage<'_>) -> BTreeMap<Counted, usize> {
        let mut counted = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| coverage.passes_over(&entry.pool, &entry.rule)) {
            let note = Counted::EntriesNotJudged { baseline: name.to_owned(), rule: entry.rule.clone() };
            *counted.entry(note).or_default() += 1;
        }
        counted
    }

    fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for entry in &self.entries {
            *counts.entry(entry.fingerprint.as_str()).or_default() += 1;
        }
        counts
    }
}

fn entry(reader: &mut Reader<'_>, item: &Item) -> Option<BaselineEntry> {
    let table = reader.as_table("an entry", item, "`cognito-lint baseline write` writes a baseline")?;
    reader.only(table, "an entry", &KEYS);
    let [pool, name, input, rule, path, fingerprint] = KEYS.map(|key| reader.string(table, key));
    let (fingerprint, at) = fingerprint.or_else(|| {
        if table.get("fingerprint").is_none() {
            let help = "`cognito-lint baseline write` writes a baseline anew";
            reader.mistake(item.at.clone(), "the entry has no `fingerprint`", "", help);
        }
        None
    })?;
    if fingerprint.len() != 32 || !fingerprint.bytes().all(|b| b.is_ascii_hexdigit()) {
        let help = "a fingerprint is 32 hexadecimal digits";
        reader.mistake(at, format!("`{fingerprint}` is not a fingerprint"), "", help);
    }
    let text = |written: Option<(String, _)>| written.map(|(text, _)| text).unwrap_or_default();
    Some(BaselineEntry {
        pool: text(pool),
        name: text(name),
        input: text(input),
        rule: text(rule),
        path: text(path),
        fingerprint,
    })
}
