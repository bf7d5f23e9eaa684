//! Titles, messages and the other texts of a rule, with parameters put in.

use super::operand::{Params, placeholders};
use crate::diagnostic::{SourceDiagnostic, suggest};
use crate::rule::Predicate;
use crate::rule::operator::{Asked, together};
use crate::rule::written::{SpannedText, WrittenRule};
use crate::schema::schema;

/// The texts of a rule.
pub(super) struct Texts {
    pub title: Option<String>,
    pub why: String,
    pub fix: String,
    pub console: String,
    pub api: String,
    pub message: Option<String>,
}

/// Names that a message may use beside parameters. They are filled in for each finding.
pub(super) const OF_A_FINDING: [&str; 3] = ["actual", "expected", "subject"];

impl Texts {
    pub(super) fn new(written: &WrittenRule, params: &Params, mistakes: &mut Vec<SourceDiagnostic>) -> Texts {
        let mut fill = |text: &Option<SpannedText>, more: &[&str]| {
            text.as_ref().map(|text| fill(written, text, params, more, mistakes))
        };
        Texts {
            title: fill(&written.title, &[]),
            why: fill(&written.why, &[]).unwrap_or_default(),
            fix: fill(&written.fix, &[]).unwrap_or_default(),
            console: fill(&written.console, &[]).unwrap_or_default(),
            api: fill(&written.api, &[]).unwrap_or_default(),
            message: fill(&written.message, &OF_A_FINDING),
        }
    }
}

fn fill(
    written: &WrittenRule,
    text: &SpannedText,
    params: &Params,
    more: &[&str],
    mistakes: &mut Vec<SourceDiagnostic>,
) -> String {
    let mut filled = String::new();
    let mut from = 0;
    for (at, name) in placeholders(&text.0) {
        filled.push_str(&text.0[from..at.start]);
        from = at.end;
        if let Some(value) = params.get(name) {
            filled.push_str(&value.to_string());
            continue;
        }
        filled.push_str(&text.0[at.clone()]);
        if !more.contains(&name) && !written.lacks_params {
            let known: Vec<&str> = params.names().chain(more.iter().copied()).collect();
            let help = match known.is_empty() {
                _ if OF_A_FINDING.contains(&name) && more.is_empty() => {
                    format!("only `message` can have `{{{name}}}`")
                }
                true => format!("declare it: `params = {{ {name} = ... }}`"),
                false => suggest(name, known),
            };
            let message = format!("`{{{name}}}` is not a parameter of this rule");
            let place = super::inside(written, text, at);
            mistakes.push(
                SourceDiagnostic::new(&written.source_file, place, message, "nothing to put here").help(help),
            );
        }
    }
    filled.push_str(&text.0[from..]);
    filled
}

/// A title for a rule whose author gave none.
pub(super) fn default_title(expect: &Predicate) -> String {
    match expect {
        Predicate::Leaf(leaf) if leaf.compared.is_empty() => {
            let asked = leaf.operators.iter().map(|operator| Asked { operator, negated: false });
            let asked: Vec<Asked<'_>> = asked.collect();
            format!(
                "{} must be {}",
                leaf.path.called(),
                together(&asked, leaf.node.map(|id| schema().node(id)))
            )
        }
        _ => {
            let mut paths = Vec::new();
            expect.paths(&mut |path, _| {
                let path = path.called();
                if !paths.contains(&path) {
                    paths.push(path);
                }
            });
            format!("{} must be as the rule says", paths.join(", "))
        }
    }
}
