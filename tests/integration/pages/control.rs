//! The controls of a standard.

use std::sync::Arc;

use cognito_lint::rule::{Rule, Standard};

use super::{head, params, row};

/// A table of the controls, each with the rules that prove it, or why none does.
pub(super) fn page(standard: &Standard, description: &str) -> String {
    let mut text = format!("# {}\n\n{description}\n\n", standard.title);
    text += &format!(
        "`cognito-lint check --rules {pack} --evidence` judges each control at the bounds in this table, and \
         `cognito-lint controls {pack}` prints it.\n\n",
        pack = standard.pack
    );
    let levels = standard.controls.iter().any(|control| !control.level.is_empty());
    let mut names = vec!["control", "asks", "proven by", "helped by", "not covered by rules"];
    if levels {
        names.insert(1, "level");
    }
    text += &head(&names);
    for control in &standard.controls {
        let why = control.uncovered.as_ref();
        let why = why.map_or(String::new(), |(why, sentence)| format!("{}: {sentence}", why.clause()));
        let (proven, helped) = (rules(&control.satisfied_by), rules(&control.supported_by));
        let mut cells = vec![&*control.id, &control.meaning, &proven, &helped, &why];
        if levels {
            cells.insert(1, &control.level);
        }
        text += &row(&cells);
    }
    let mut sources: Vec<String> =
        standard.controls.iter().map(|control| format!("- <{}>\n", control.source)).collect();
    sources.dedup();
    sources.sort_unstable();
    sources.dedup();
    text += &format!("\n## Sources\n\n{}", sources.concat());
    let unverified = standard.controls.iter().filter(|control| !control.verified).map(|control| &*control.id);
    let unverified: Vec<&str> = unverified.collect();
    if !unverified.is_empty() {
        text += &format!("\nNot verified against the text of the standard: {}.\n", unverified.join(", "));
    }
    text
}

fn rules(rules: &[Arc<Rule>]) -> String {
    let rules = rules.iter().map(|rule| {
        let link = format!("[`{}`](../rules/{}.md)", rule.id, rule.id);
        match params(rule).as_str() {
            "" => link,
            params => format!("{link} at {params}"),
        }
    });
    rules.collect::<Vec<_>>().join("<br>")
}
