//! The generated documents: a page for each rule, the rules of each pack, the checks of other tools, and the controls of
//! standards. `BLESS=1` writes them.

/// The checks of other tools, with the rules that answer them.
mod check;
/// The controls of a standard.
mod control;
/// The rules of each pack, with their severity and parameters there.
mod pack;
/// One rule.
mod rule;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use cognito_lint::rule::written::{self, WrittenRule};
use cognito_lint::rule::{Rule, assemble, builtin};

use crate::house::{expect_none, files, root};

/// The folders whose files are all generated.
const FOLDERS: [&str; 2] = ["docs/rules", "docs/controls"];

/// A built-in rule, as it is written and as it is by itself.
pub(crate) struct Known {
    pub(crate) written: WrittenRule,
    pub(crate) rule: Rule,
}

/// A rule as a pack has it.
pub(crate) struct Packed {
    pub(crate) pack: &'static str,
    pub(crate) rule: Arc<Rule>,
}

#[test]
fn generated_documents_are_those_of_the_rules() {
    let bless = std::env::var_os("BLESS").is_some();
    let documents = documents();
    let mut complaints = Vec::new();
    for (path, text) in &documents {
        let file = root().join(path);
        if bless {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, text).unwrap();
        } else if std::fs::read_to_string(&file).unwrap_or_default() != *text {
            complaints.push(format!("{path} is not up to date"));
        }
    }
    let generated = FOLDERS.iter().flat_map(|folder| files(folder, "md"));
    let stale: Vec<PathBuf> =
        generated.filter(|file| !documents.contains_key(&file.display().to_string())).collect();
    for file in stale {
        match bless {
            true => std::fs::remove_file(root().join(&file)).unwrap(),
            false => complaints.push(format!("{} is about nothing that there is", file.display())),
        }
    }
    if !complaints.is_empty() {
        complaints.push("`BLESS=1 cargo test --test integration generated_documents` writes them".to_owned());
    }
    expect_none(&complaints);
}

/// The text of each document, by its path.
fn documents() -> BTreeMap<String, String> {
    let (rules, packed) = (rules(), packed());
    let mut documents = BTreeMap::new();
    for known in &rules {
        let packed: Vec<&Packed> = packed.iter().filter(|one| one.rule.id == known.rule.id).collect();
        documents.insert(format!("docs/rules/{}.md", known.rule.id), rule::page(known, &packed));
    }
    for name in builtin::packs() {
        let (pack, mut mistakes) = (builtin::pack(name).unwrap().unwrap(), Vec::new());
        if !pack.controls.is_empty() {
            let standard = assemble::standard(&pack, &mut mistakes);
            documents.insert(format!("docs/controls/{name}.md"), control::page(&standard, &pack.description));
        }
    }
    documents.insert("docs/rules/README.md".to_owned(), rule::index(&rules));
    documents.insert("docs/packs.md".to_owned(), pack::page(&rules, &packed));
    documents.insert("docs/checks.md".to_owned(), check::page());
    documents
}

/// Every built-in rule, by its id.
fn rules() -> Vec<Known> {
    let mut mistakes = Vec::new();
    let known = builtin::ids().into_iter().map(|id| {
        let written = written::read(&builtin::rule_with_tests(id).unwrap(), &mut mistakes).remove(0);
        let rule = assemble::alone(&written, &mut mistakes).unwrap();
        Known { written, rule }
    });
    let known = known.collect();
    assert!(mistakes.is_empty(), "{}", mistakes[0]);
    known
}

/// The rules of every pack, by pack and id.
fn packed() -> Vec<Packed> {
    let (mut packed, mut mistakes) = (Vec::new(), Vec::new());
    for pack in builtin::packs() {
        let read = builtin::pack(pack).unwrap().unwrap();
        let written = read
            .rules
            .iter()
            .map(|(id, _)| written::read(&builtin::rule(id).unwrap(), &mut mistakes).remove(0));
        let written = written.collect();
        let policy = assemble::assemble(written, &read.overrides, &[], Vec::new(), &mut mistakes);
        packed.extend(policy.rules.into_iter().map(|rule| Packed { pack, rule }));
    }
    assert!(mistakes.is_empty(), "{}", mistakes[0]);
    packed
}

/// `minimum = 12, days = 3`; nothing for a rule without parameters.
fn params(rule: &Rule) -> String {
    let params = rule.params.iter().map(|(name, value)| format!("`{name} = {}`", value.to_json()));
    params.collect::<Vec<_>>().join(", ")
}

/// A row of a table.
fn row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// The first two lines of a table.
fn head(names: &[&str]) -> String {
    let line = names.iter().map(|_| "---").collect::<Vec<_>>();
    row(names) + &row(&line)
}

/// Links to the pages of rules, from a page that is `up` folders below `docs`.
fn links<'a>(up: &str, ids: impl IntoIterator<Item = &'a str>) -> String {
    let links = ids.into_iter().map(|id| format!("[`{id}`]({up}rules/{id}.md)"));
    links.collect::<Vec<_>>().join(", ")
}
