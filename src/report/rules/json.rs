//! Rules for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::Listed;
use crate::rule::{Rule, builtin};

/// Writes the rules as a JSON array.
pub fn json_list(rules: &[Listed], out: &mut dyn Write) -> io::Result<()> {
    let shapes: Vec<RuleShape> = rules.iter().map(RuleShape::from).collect();
    serde_json::to_writer_pretty(&mut *out, &shapes)?;
    writeln!(out)
}

/// Writes one rule as a JSON object, with its text.
pub fn json(listed: &Listed, out: &mut dyn Write) -> io::Result<()> {
    let shape = RuleShape { text: Some(super::source(listed.rule)), ..RuleShape::from(listed) };
    serde_json::to_writer_pretty(&mut *out, &shape)?;
    writeln!(out)
}

#[derive(Serialize)]
struct RuleShape<'a> {
    id: &'a str,
    title: &'a str,
    severity: &'static str,
    why: Option<&'a str>,
    fix: Option<&'a str>,
    console: Option<&'a str>,
    api: Option<&'a str>,
    links: &'a [String],
    tags: &'a [String],
    controls: BTreeMap<&'a str, Vec<&'a str>>,
    params: BTreeMap<&'a str, serde_json::Value>,
    waivable: bool,
    packs: Vec<&'a str>,
    in_run: &'static str,
    script: &'a str,
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

impl<'a> From<&'a Listed<'a>> for RuleShape<'a> {
    fn from(listed: &'a Listed<'a>) -> Self {
        let rule = listed.rule;
        let written = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        let params = rule.params.iter().map(|(name, value)| (name.as_str(), value.to_json()));
        RuleShape {
            id: &rule.id,
            title: &rule.title,
            severity: rule.severity.word(),
            why: written(&rule.why),
            fix: written(&rule.fix),
            console: written(&rule.console),
            api: written(&rule.api),
            links: &rule.links,
            tags: &rule.tags,
            controls: controls(rule),
            params: params.collect(),
            waivable: rule.waivable,
            packs: listed.all_packs(),
            in_run: listed.in_run.word(),
            script: rule.source_file.name(),
            line: rule.line_column().0,
            text: None,
        }
    }
}

/// The numbers of the controls that a rule names itself, or that packs name it for, by framework.
fn controls(rule: &Rule) -> BTreeMap<&str, Vec<&str>> {
    let mut controls = BTreeMap::<&str, Vec<&str>>::new();
    for (framework, ids) in &rule.controls {
        controls.entry(framework).or_default().extend(ids.iter().map(String::as_str));
    }
    let of_packs = rule.is_builtin().then(|| builtin::controls().get(&*rule.id)).flatten();
    for of in of_packs.into_iter().flatten() {
        controls.entry(of.pack).or_default().push(&of.control);
    }
    controls
}
