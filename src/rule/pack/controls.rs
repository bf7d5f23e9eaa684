//! The controls of a pack as they were written.

use std::ops::Range;

use crate::rule::control::Uncovered;
use crate::rule::overrides;
use crate::rule::policy::Override;
use crate::spanned::{Item, Reader, Table, Toml};

/// One `[[control]]`.
#[derive(Clone, Debug)]
pub struct WrittenControl {
    pub id: String,
    pub at: Range<usize>,
    pub level: String,
    pub meaning: String,
    pub source: String,
    pub verified: bool,
    /// Rules with the parameters of the control.
    pub satisfied_by: Vec<Override>,
    pub supported_by: Vec<Override>,
    pub uncovered: Option<(Uncovered, String)>,
}

impl WrittenControl {
    /// Every rule that it names, with its parameters.
    pub fn rules(&self) -> impl Iterator<Item = &Override> {
        self.satisfied_by.iter().chain(&self.supported_by)
    }
}

/// The keys of a control.
pub const KEYS: [&str; 10] = [
    "id",
    "level",
    "meaning",
    "source",
    "verified",
    "satisfied-by",
    "supported-by",
    "service",
    "beyond",
    "undecidable",
];

/// The keys of a rule of a control.
pub const RULE_KEYS: [&str; 2] = ["rule", "params"];

/// Reads every `[[control]]`. One without a `source` has that of the pack.
pub(super) fn read(reader: &mut Reader<'_>, table: &Table) -> Vec<WrittenControl> {
    let source = reader.string(table, "source").map(|(source, _)| source);
    let mut controls: Vec<WrittenControl> = Vec::new();
    for item in reader.list(table, "control") {
        let Some(control) = control(reader, item, source.as_deref()) else { continue };
        if let Some(first) = controls.iter().find(|first| first.id == control.id) {
            let line = reader.source_file.line_column(first.at.start).0;
            let message = format!("the control `{}` is there twice", control.id);
            let help = format!("the first is in line {line}: name the part of the number in `id`");
            reader.mistake(control.at.clone(), message, "again here", help);
        }
        controls.push(control);
    }
    controls
}

fn control(reader: &mut Reader<'_>, item: &Item, source: Option<&str>) -> Option<WrittenControl> {
    let table = reader.as_table("a control", item, "a control starts with `[[control]]`")?;
    reader.only(table, "a control", &KEYS);
    let text = |reader: &mut Reader<'_>, key| reader.string(table, key).map(|(text, _)| text);
    let at = table.get("id").map_or(item.at.clone(), |id| id.at.clone());
    let uncovered = uncovered(reader, table);
    let control = WrittenControl {
        id: text(reader, "id").unwrap_or_default(),
        level: text(reader, "level").unwrap_or_default(),
        meaning: text(reader, "meaning").unwrap_or_default(),
        source: text(reader, "source").or(source.map(str::to_owned)).unwrap_or_default(),
        verified: reader.bool(table, "verified").unwrap_or(true),
        satisfied_by: rules(reader, table, "satisfied-by"),
        supported_by: rules(reader, table, "supported-by"),
        uncovered,
        at,
    };
    for (key, value) in [("id", &control.id), ("meaning", &control.meaning), ("source", &control.source)] {
        if value.is_empty() {
            let message = format!("this control has no `{key}`");
            reader.mistake(control.at.clone(), message, "of this control", format!("add `{key} = \"...\"`"));
        }
    }
    if control.satisfied_by.is_empty() == control.uncovered.is_none() {
        let message = match control.uncovered {
            None => "nothing decides this control",
            Some(_) => "rules decide this control, and it says that none does",
        };
        let help = "give it either `satisfied-by`, or a sentence in `service`, `beyond` or `undecidable`";
        reader.mistake(control.at.clone(), message, "of this control", help);
    }
    Some(control)
}

fn uncovered(reader: &mut Reader<'_>, table: &Table) -> Option<(Uncovered, String)> {
    let mut found = None;
    for why in Uncovered::ALL {
        if let Some((sentence, _)) = reader.string(table, why.word()) {
            found = Some((why, sentence));
        }
    }
    found
}

/// The rules of a list: ids, or tables with an id and parameters.
fn rules(reader: &mut Reader<'_>, table: &Table, key: &str) -> Vec<Override> {
    let mut rules = Vec::new();
    for item in reader.list(table, key) {
        let (rule, params) = match &item.toml {
            Toml::String(id) => (Some((id.clone(), item.at.clone())), Vec::new()),
            Toml::Table(inner) => {
                reader.only(inner, "a rule of a control", &RULE_KEYS);
                let params = overrides::params(reader, inner);
                (reader.string(inner, "rule"), params)
            }
            _ => {
                let help = "name a rule: \"mfa-off\", or { rule = \"password-too-short\", params = { minimum = 8 } }";
                reader.wrong_kind(key, item, "an array of rules", Some(help.to_owned()));
                continue;
            }
        };
        if let Some(rule) = rule {
            let source_file = reader.source_file.clone();
            rules.push(Override { source_file, rule, off: false, severity: None, params });
        }
    }
    rules
}
