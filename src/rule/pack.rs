//! Packs: a named selection of rules, with what it changes of them, and the controls of a standard that they prove.

mod controls;

use std::ops::Range;

pub use controls::{KEYS as CONTROL_KEYS, RULE_KEYS as CONTROL_RULE_KEYS, WrittenControl};

use super::Severity;
use super::overrides;
use super::policy::Override;
use crate::diagnostic::{SourceDiagnostic, SourceFile};
use crate::spanned::{Reader, Table, parse};

/// A named selection of rules. Spans are in `source file`.
#[derive(Clone, Debug)]
pub struct Pack {
    /// The name that `rules` and `--rules` know it by, which is its file's.
    pub name: String,
    pub title: String,
    /// The purpose of the pack, in a sentence or two.
    pub description: String,
    /// The ids of its rules, each with its place.
    pub rules: Vec<(String, Range<usize>)>,
    /// Its changes to them.
    pub overrides: Vec<Override>,
    /// The controls of the standard that the pack is for.
    pub controls: Vec<WrittenControl>,
    pub source_file: SourceFile,
}

/// The keys of a pack.
pub const KEYS: [&str; 7] = ["title", "description", "rules", "rule", "severity", "source", "control"];

/// Reads a pack, or every mistake in it. Whether its rules exist is for `policy` to say.
pub fn read(name: &str, source_file: &SourceFile) -> Result<Pack, Vec<SourceDiagnostic>> {
    let mut mistakes = Vec::new();
    let table = parse(source_file, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut reader = Reader { source_file, mistakes: &mut mistakes };
    reader.only(&table, "a pack", &KEYS);
    let controls = controls::read(&mut reader, &table);
    let mut pack = Pack {
        name: name.to_owned(),
        title: required(&mut reader, &table, "title"),
        description: required(&mut reader, &table, "description"),
        rules: rules(&mut reader, &table, &controls),
        overrides: overrides::read(&mut reader, &table),
        controls,
        source_file: source_file.clone(),
    };
    dead_overrides(&mut reader, &table, &pack);
    let words = Severity::ALL.map(|severity| (severity.word(), severity));
    let severity = reader.word(&table, "severity", &words);
    pack.bounds(severity);
    if mistakes.is_empty() {
        Ok(pack)
    } else {
        SourceDiagnostic::sort(&mut mistakes);
        Err(mistakes)
    }
}

impl Pack {
    /// Puts the severity of the pack, and the bounds of its controls, before its own changes, which are stronger. Of
    /// controls with several bounds for a rule, the first counts.
    fn bounds(&mut self, severity: Option<Severity>) {
        let mut bounds: Vec<Override> = Vec::new();
        for (id, at) in &self.rules {
            let all = self.controls.iter().flat_map(WrittenControl::rules);
            let first = all.filter(|change| change.rule.0 == *id).find(|change| !change.params.is_empty());
            let params = first.map_or_else(Vec::new, |change| change.params.clone());
            if severity.is_some() || !params.is_empty() {
                let (source_file, rule) = (self.source_file.clone(), (id.clone(), at.clone()));
                bounds.push(Override { source_file, rule, off: false, severity, params });
            }
        }
        self.overrides.splice(0..0, bounds);
    }
}

fn required(reader: &mut Reader<'_>, table: &Table, key: &str) -> String {
    if table.get(key).is_none() {
        let message = format!("the pack has no `{key}`");
        reader.mistake(0..0, message, "", format!("`rules list` shows it: add `{key} = \"...\"`"));
    }
    let text = reader.string(table, key);
    text.map(|(text, _)| text).unwrap_or_default()
}

/// The rules that the pack names, and those of its controls, sorted.
fn rules(reader: &mut Reader<'_>, table: &Table, controls: &[WrittenControl]) -> Vec<(String, Range<usize>)> {
    let mut rules = reader.strings(table, "rules");
    overrides::distinct(reader, "rules", &rules);
    if !controls.is_empty() {
        rules.extend(controls.iter().flat_map(WrittenControl::rules).map(|change| change.rule.clone()));
        rules.sort_by(|a, b| a.0.cmp(&b.0));
        rules.dedup_by(|a, b| a.0 == b.0);
        return rules;
    }
    match table.get("rules") {
        None => reader.mistake(0..0, "the pack has no `rules`", "", "add `rules = [\"RULE-ID\"]`"),
        Some(item) if reader.list(table, "rules").is_empty() => {
            reader.mistake(item.at.clone(), "the pack names no rule", "", "name at least one rule by its id");
        }
        Some(_) => {}
    }
    rules
}

/// Notes overrides that a pack has no use for: it names what it wants, and may change nothing else.
fn dead_overrides(reader: &mut Reader<'_>, table: &Table, pack: &Pack) {
    let in_off_list = table.get("off").map_or(0..0, |item| item.at.clone());
    for change in &pack.overrides {
        let (id, at) = &change.rule;
        if in_off_list.contains(&at.start) {
            continue;
        }
        if change.off {
            reader.mistake(
                at.clone(),
                "a pack turns no rule off",
                "turned off here",
                format!("remove `{id}` from the pack's `rules` and this table with it"),
            );
        } else if !pack.rules.iter().any(|(rule, _)| rule == id) {
            let help = format!("add `{id}` to `rules`, or remove `[rule.{id}]`");
            reader.mistake(
                at.clone(),
                format!("the pack changes `{id}` and does not name it"),
                "not in the pack's `rules`",
                help,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Severity;
    use crate::value::Value;

    fn messages(text: &str) -> Vec<String> {
        let mistakes = read("mine", &SourceFile::new("mine.toml", text)).unwrap_err();
        mistakes.iter().map(|mistake| mistake.message.clone()).collect()
    }

    #[test]
    fn a_pack_names_rules_and_changes_them() {
        let text = r#"
title = "Mine"
description = "For us."
rules = ["mfa-off", "password-too-short"]

[rule.password-too-short]
severity = "high"
params = { minimum = 15 }
"#;
        let pack = read("mine", &SourceFile::new("mine.toml", text)).unwrap();
        assert_eq!((&*pack.name, &*pack.title, &*pack.description), ("mine", "Mine", "For us."));
        assert_eq!(pack.rules[1].0, "password-too-short");
        assert_eq!(&text[pack.rules[0].1.clone()], "\"mfa-off\"");
        let [change] = &pack.overrides[..] else { panic!("one override") };
        assert_eq!(&text[change.rule.1.clone()], "password-too-short");
        assert_eq!((change.off, change.severity), (false, Some(Severity::High)));
        assert_eq!(change.params[0].name.0, "minimum");
        assert_eq!(change.params[0].value.toml.to_value(), Value::Int(15));
    }

    #[test]
    fn a_pack_says_what_it_is_for() {
        assert_eq!(
            messages(""),
            ["the pack has no `description`", "the pack has no `rules`", "the pack has no `title`"]
        );
    }

    #[test]
    fn a_pack_changes_only_what_it_names() {
        let head = "title = \"a\"\ndescription = \"b\"\nrules = [\"mfa-off\"]\n";
        assert_eq!(
            messages(&format!("{head}[rule.mfa-on]\nseverity = \"low\"")),
            ["the pack changes `mfa-on` and does not name it"]
        );
        assert_eq!(messages(&format!("{head}[rule.mfa-off]\noff = true")), ["a pack turns no rule off"]);
        assert_eq!(messages(&format!("{head}off = [\"mfa-off\"]")), ["a pack has no key `off`"]);
    }
}
