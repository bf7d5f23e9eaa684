//! A baseline: the machine's record of findings that were there already.
//!
//! A finding is in it by its fingerprint, which depends on rule, pool, path and element alone. What else an entry
//! says is for people.

use std::collections::BTreeMap;

use super::Reach;
use super::settled::Settled;
use crate::evaluate::Evaluation;
use crate::finding::{Finding, Status};
use crate::mistake::{Mistake, Script};
use crate::rule::Policy;
use crate::spanned::{Item, Reader, parse, quoted};

/// The version of the file's format.
const VERSION: i64 = 1;

const KEYS: [&str; 5] = ["pool", "name", "rule", "path", "fingerprint"];

/// Findings that were there already, sorted. One that several findings share stands there as often.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    pub entries: Vec<Entry>,
}

/// One finding of a baseline.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// As `PoolRef::key` has it.
    pub pool: String,
    /// The pool's name; empty where it has none.
    pub name: String,
    pub rule: String,
    pub path: String,
    pub fingerprint: String,
}

impl Baseline {
    /// Records every finding but those that are waived: a waiver ends, and a baseline does not.
    pub fn of(evaluation: &Evaluation) -> Baseline {
        let recorded = |one: &&Finding| !matches!(one.standing.status, Status::Waived(_));
        let entry = |one: &Finding| Entry {
            pool: one.pool.key(),
            name: one.pool.identity.name.as_deref().unwrap_or_default().to_owned(),
            rule: one.rule.id.to_string(),
            path: one.path.clone(),
            fingerprint: one.fingerprint.clone(),
        };
        let mut entries: Vec<Entry> = evaluation.findings.iter().filter(recorded).map(entry).collect();
        entries.sort();
        Baseline { entries }
    }

    /// The file, one line for each entry.
    pub fn text(&self) -> String {
        let mut text = format!(
            "# Findings that were there when this was written. `cognito-lint check --baseline` fails on others alone,\n\
             # and `cognito-lint baseline prune` drops what was fixed.\nversion = {VERSION}\nknown = [\n"
        );
        for Entry { pool, name, rule, path, fingerprint } in &self.entries {
            text.push_str(&format!(
                "    {{ pool = {}, name = {}, rule = {}, path = {}, fingerprint = {} }},\n",
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
    pub fn read(script: &Script) -> Result<Baseline, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let table = parse(script, &mut mistakes);
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let mut reader = Reader { script, mistakes: &mut mistakes };
        reader.only(&table, "a baseline", &["version", "known"]);
        let help = "`cognito-lint baseline write` writes one";
        match table.get("version").map(|item| (item.at.clone(), item.toml.to_value().to_string())) {
            Some((_, version)) if version == VERSION.to_string() => {}
            Some((at, version)) => {
                let message = format!("this baseline is of version {version}");
                reader.mistake(at, message, &format!("version {VERSION} is read"), help);
            }
            None => reader.mistake(0..0, "this is no baseline: it has no `version`", "", help),
        }
        let items = reader.list(&table, "known");
        let mut entries: Vec<Entry> = items.iter().filter_map(|item| entry(&mut reader, item)).collect();
        entries.sort();
        if mistakes.is_empty() { Ok(Baseline { entries }) } else { Err(mistakes) }
    }

    /// Marks findings that are in the baseline. What a waiver covered until it ran out counts again.
    pub(super) fn mark(&self, findings: &mut [Finding]) {
        let mut left = self.counts();
        for finding in findings {
            if let Some(count) = left.get_mut(finding.fingerprint.as_str()).filter(|count| **count > 0) {
                *count -= 1;
                if finding.standing.status == Status::Open && finding.standing.lapsed.is_none() {
                    finding.standing.status = Status::Known;
                }
            }
        }
    }

    /// The entries without those that were fixed: their pool was read or is gone, their rule was decided, and the
    /// finding is not there.
    #[must_use]
    pub fn pruned(&self, evaluation: &Evaluation, policy: &Policy, reach: Reach) -> Baseline {
        let settled = Settled::new(evaluation, policy);
        let mut there: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in &evaluation.findings {
            *there.entry(&finding.fingerprint).or_default() += 1;
        }
        let stays = |entry: &&Entry| {
            if let Some(count) = there.get_mut(entry.fingerprint.as_str()).filter(|count| **count > 0) {
                *count -= 1;
                return true;
            }
            !settled.closes(&entry.pool, &entry.rule) && !settled.is_gone(&entry.pool, reach)
        };
        Baseline { entries: self.entries.iter().filter(stays).cloned().collect() }
    }

    fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for entry in &self.entries {
            *counts.entry(entry.fingerprint.as_str()).or_default() += 1;
        }
        counts
    }
}

fn entry(reader: &mut Reader<'_>, item: &Item) -> Option<Entry> {
    let table = reader.as_table("an entry", item, "`cognito-lint baseline write` writes a baseline")?;
    reader.only(table, "an entry", &KEYS);
    let [pool, name, rule, path, fingerprint] = KEYS.map(|key| reader.string(table, key));
    let (fingerprint, at) = fingerprint.or_else(|| {
        if table.get("fingerprint").is_none() {
            let help = "`cognito-lint baseline write` writes a baseline anew";
            reader.mistake(item.at.clone(), "the entry has no `fingerprint`", "", help);
        }
        None
    })?;
    if fingerprint.len() != 32 || !fingerprint.bytes().all(|b| b.is_ascii_hexdigit()) {
        let help = "a fingerprint is 32 hexadecimal digits";
        reader.mistake(at, format!("`{fingerprint}` is no fingerprint"), "", help);
    }
    let text = |written: Option<(String, _)>| written.map(|(text, _)| text).unwrap_or_default();
    Some(Entry { pool: text(pool), name: text(name), rule: text(rule), path: text(path), fingerprint })
}
