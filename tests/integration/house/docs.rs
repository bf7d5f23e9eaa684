//! The documents are true.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;

use cognito_lint::config;
use cognito_lint::diagnostic::{SourceDiagnostic, SourceFile};
use cognito_lint::evaluate::verdict;
use cognito_lint::rule::{OperatorName, assemble, case, pack, written};
use cognito_lint::schema::overlay;
use regex::Regex;

use super::source::{Source, modules};
use super::{expect_none, files, read, root};

/// The documents.
pub(crate) const DOCS: [&str; 22] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "rules/README.md",
    "docs/index.md",
    "docs/inputs.md",
    "docs/accounts.md",
    "docs/commands.md",
    "docs/formats.md",
    "docs/drift.md",
    "docs/outliers.md",
    "docs/journeys.md",
    "docs/evidence.md",
    "docs/configuration.md",
    "docs/waivers.md",
    "docs/fix.md",
    "docs/comparison.md",
    "docs/guide/gate.md",
    "docs/guide/nightly.md",
    "docs/guide/pre-deploy.md",
    "packaging/pre-commit/README.md",
];

/// The output in README is what the program prints. `TRYCMD=overwrite` writes it anew.
#[test]
fn output_in_the_readme_is_real() {
    trycmd::TestCases::new().env("NO_COLOR", "1").case("README.md").run();
}

#[test]
fn the_list_of_commands_is_complete() {
    let document = read("docs/commands.md");
    let row = Regex::new(r"(?m)^\| `([a-z -]+)` +\|").unwrap();
    let listed: BTreeSet<String> = row.captures_iter(&document).map(|found| found[1].to_owned()).collect();
    let groups = ["rules", "baseline"];
    let alone = |name: &String| !groups.contains(&name.as_str());
    let mut there: BTreeSet<String> = subcommands(&[]).into_iter().filter(alone).collect();
    for group in groups.into_iter().chain(["evidence"]) {
        there.extend(subcommands(&[group]).into_iter().map(|name| format!("{group} {name}")));
    }
    assert_eq!(listed, there);
}

#[test]
fn the_list_of_exit_codes_is_complete() {
    let document = read("docs/commands.md");
    let row = Regex::new(r"(?m)^\| (\d+)(?:, (\d+))? +\|").unwrap();
    let codes = row.captures_iter(&document).flat_map(|found| [found.get(1), found.get(2)]).flatten();
    let codes: Vec<&str> = codes.map(|code| code.as_str()).collect();
    assert_eq!(codes, ["0", "1", "2", "3", "130", "143"]);
}

#[test]
fn files_that_are_named_are_there() {
    let name = Regex::new(r"`([\w./-]+(?:\.(?:rs|toml|md|json|sh|py)|/))`|\]\(([\w./-]+)\)").unwrap();
    // Files of users, and placeholders.
    let theirs = ["cognito-lint.toml", "policy.toml", "pool.json", "NAME.toml", "NAME.txt"];
    let mut complaints = Vec::new();
    for document in DOCS {
        let base = root().join(document).parent().unwrap().to_owned();
        for found in name.captures_iter(&read(document)) {
            let path = found.get(1).or(found.get(2)).unwrap().as_str();
            let placeholder = path.contains("AREA") || path.contains("FORMAT");
            let there = root().join(path).exists() || base.join(path).exists();
            if !there && !placeholder && !theirs.contains(&path) {
                complaints.push(format!("{document}: there is no `{path}`"));
            }
        }
    }
    expect_none(&complaints);
}

/// The overview has a row for each module of `lib.rs`, in their order.
#[test]
fn the_overview_has_a_row_for_each_module() {
    let row = Regex::new(r"(?m)^\| `(\w+)` \| ").unwrap();
    let document = read("ARCHITECTURE.md");
    let (overview, _) = document.split_once(MAP_BEGINS).unwrap();
    let (_, overview) = overview.split_once("## Map of the code").unwrap();
    let listed: Vec<String> = row.captures_iter(overview).map(|found| found[1].to_owned()).collect();
    assert_eq!(listed, modules());
}

const MAP_BEGINS: &str =
    "<!-- The map of the files begins: `BLESS=1 cargo test --test integration the_map` writes it. -->\n";
const MAP_ENDS: &str = "<!-- The map of the files ends. -->\n";

/// The map has a row for every file below `src`, at every level, with the first sentence of the file. `BLESS=1` writes
/// it anew.
#[test]
fn the_map_has_a_row_for_every_file() {
    let document = read("ARCHITECTURE.md");
    let (before, rest) = document.split_once(MAP_BEGINS).unwrap();
    let (map, after) = rest.split_once(MAP_ENDS).unwrap();
    let mut sources: Vec<&Source> = Source::all().iter().collect();
    sources.sort_by_key(|source| &source.module);
    let wanted: Vec<String> = sources.into_iter().map(map_row).collect();
    if std::env::var_os("BLESS").is_some() {
        let head = "| file | what is in it |\n|---|---|\n";
        let map = wanted.concat();
        let text = [before, MAP_BEGINS, head, &map, MAP_ENDS, after].concat();
        std::fs::write(root().join("ARCHITECTURE.md"), text).unwrap();
        return;
    }
    let path = |row: &str| row.split(" | ").next().unwrap_or_default().to_owned();
    let rows: BTreeSet<String> = map.lines().filter(|line| !line.ends_with("| |")).map(path).collect();
    let lacking = wanted.iter().map(|row| path(row)).filter(|row| !rows.contains(row));
    let mut complaints: Vec<String> = lacking.map(|row| format!("the map has no row for {row}")).collect();
    if !complaints.is_empty() {
        complaints.push("`BLESS=1 cargo test --test integration the_map` writes it anew".to_owned());
    }
    expect_none(&complaints);
}

/// The row of a file: its path, and the first sentence of its `//!` comment.
fn map_row(source: &Source) -> String {
    let header = source.text.lines().map_while(|line| line.strip_prefix("//! "));
    let header = header.collect::<Vec<_>>().join(" ");
    let end = header.find(". ").map_or(header.len(), |end| end + 1);
    let sentence = header[..end].trim_end_matches('.').replace('|', "\\|");
    format!("| `{}` | {sentence} |\n", source.module)
}

/// The glossary explains the words of the code, so each that is in code font is in the code.
#[test]
fn words_of_the_glossary_are_in_the_code() {
    let document = read("ARCHITECTURE.md");
    let (_, glossary) = document.split_once("## Glossary\n").unwrap();
    let glossary = glossary.split("\n## ").next().unwrap();
    let rows = glossary.lines().filter(|line| line.starts_with("| **")).count();
    assert!(rows >= 40, "the glossary has {rows} words");
    let code = |word: &str| {
        let whole = Regex::new(&format!(r"\b{word}\b")).unwrap();
        Source::all().iter().any(|source| whole.is_match(&source.code) || source.module == word)
    };
    let name = Regex::new(r"`([A-Za-z_:]+)`").unwrap();
    let words: BTreeSet<&str> =
        name.captures_iter(glossary).flat_map(|found| found.get(1).unwrap().as_str().split("::")).collect();
    let unknown = words.iter().filter(|word| !code(word));
    expect_none(
        &unknown.map(|word| format!("ARCHITECTURE.md: `{word}` is not in the code")).collect::<Vec<_>>(),
    );
}

/// A sentence that goes on for ever hides what it says.
#[test]
fn sentences_are_short() {
    const MOST: usize = 400;
    let mut complaints = Vec::new();
    for document in DOCS {
        for (number, line) in read(document).lines().enumerate() {
            for sentence in line.split(['.', '|', ';']).filter(|sentence| sentence.chars().count() > MOST) {
                let start: String = sentence.trim().chars().take(40).collect();
                complaints.push(format!(
                    "{document}:{}: a sentence of {} characters: {start}...",
                    number + 1,
                    sentence.chars().count()
                ));
            }
        }
    }
    expect_none(&complaints);
}

#[test]
fn tests_that_are_named_are_there() {
    let sources: String = files("tests", "rs").iter().chain(&files("src", "rs")).map(read).collect();
    let name = Regex::new(r"`(?:\w+::)+([a-z]\w+_\w+)`").unwrap();
    let mut complaints = Vec::new();
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        for found in name.captures_iter(&read(document)) {
            if !sources.contains(&format!("fn {}(", &found[1])) {
                complaints.push(format!("{document}: there is no test {}", &found[0]));
            }
        }
    }
    expect_none(&complaints);
}

#[test]
fn the_reference_names_every_key_and_operator() {
    let reference = read("rules/README.md");
    let keys = constants("src/rule/written.rs").into_iter().chain(constants("src/rule/written/predicate.rs"));
    let keys = keys.chain(constants("src/rule/overrides.rs")).chain(constants("src/rule/pack.rs"));
    let keys: BTreeSet<String> = keys.chain(OperatorName::phrase().map(str::to_owned)).collect();
    let missing = keys.iter().filter(|key| !reference.contains(&format!("`{key}`")));
    expect_none(&missing.map(|key| format!("rules/README.md does not mention `{key}`")).collect::<Vec<_>>());
}

#[test]
fn the_reference_names_every_key_of_the_configuration() {
    let (reference, written) = (read("docs/configuration.md"), read("src/config/template.toml"));
    let key = Regex::new(r"(?m)^#?([a-z][a-z-]*)(?:\.\S+)? *=").unwrap();
    let keys: BTreeSet<&str> =
        key.captures_iter(&written).map(|found| found.get(1).unwrap().as_str()).collect();
    assert!(keys.len() > 30, "{keys:?}");
    let missing = keys.iter().filter(|key| !reference.contains(&format!("`{key}`")));
    expect_none(
        &missing.map(|key| format!("docs/configuration.md does not mention `{key}`")).collect::<Vec<_>>(),
    );
}

/// Every TOML block is a rule file, a predicate of one, a pack or a configuration, and there is no mistake in it.
#[test]
fn every_block_of_toml_is_right() {
    let mut complaints = Vec::new();
    for document in DOCS {
        for (at, block) in blocks(document, "toml") {
            for mistake in mistakes(&block) {
                complaints.push(format!("{document}:{at}: {mistake}\n{block}"));
            }
        }
    }
    expect_none(&complaints);
}

fn mistakes(block: &str) -> Vec<String> {
    let script = |text: &str| SourceFile::new("block.toml", text);
    let told = |mistakes: Vec<SourceDiagnostic>| mistakes.iter().map(SourceDiagnostic::to_string).collect();
    if block.contains("description =") || block.contains("description  =") {
        return pack::read("block", &script(block)).err().map_or(Vec::new(), told);
    }
    if block.contains("[[member]]") {
        return overlay(&script(block)).err().map_or(Vec::new(), told);
    }
    if block.contains("[[test]]") {
        let mut mistakes = Vec::new();
        written::apart(&script(block), &mut mistakes);
        return told(mistakes);
    }
    if !block.contains("[[rule]]") && !block.contains("expect") {
        return config::read(&script(block)).err().map_or(Vec::new(), told);
    }
    let head = if block.contains("[[rule]]") { "" } else { "[[rule]]\nid = \"example\"\n" };
    let mut mistakes = Vec::new();
    let rules = written::read(&script(&format!("{head}{block}")), &mut mistakes);
    let mut wrong = Vec::new();
    for rule in &rules {
        let Some(compiled) = assemble::alone(rule, &mut mistakes).map(Arc::new) else {
            continue;
        };
        for case in case::with_derived(rule, &compiled, &mut mistakes) {
            let got = verdict(&compiled, &case.pool, 0);
            if got != case.verdict {
                wrong.push(format!("{}: got {}", case::title(&compiled, &case), got.word()));
            }
        }
    }
    wrong.extend::<Vec<String>>(told(mistakes));
    wrong
}

/// The strings of the constants of a file whose name ends in `KEYS`, or is `FORMS`.
fn constants(file: &str) -> Vec<String> {
    let list = Regex::new(r"const (?:\w*KEYS|FORMS): \[&str; \d+\] = \[([^\]]*)\]").unwrap();
    let string = Regex::new("\"([^\"]+)\"").unwrap();
    let text = read(file);
    let lists = list.captures_iter(&text);
    lists
        .flat_map(|found| {
            string
                .captures_iter(found.get(1).unwrap().as_str())
                .map(|one| one[1].to_owned())
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The code blocks of a document in one language, each with the line that it starts on.
pub(crate) fn blocks(document: &str, language: &str) -> Vec<(usize, String)> {
    let (mut blocks, mut open): (Vec<(usize, String)>, Option<String>) = (Vec::new(), None);
    for (number, line) in read(document).lines().enumerate() {
        match (line.strip_prefix("```"), &open) {
            (Some(_), Some(_)) => open = None,
            (Some(name), None) => {
                open = Some(name.to_owned());
                if name == language {
                    blocks.push((number + 2, String::new()));
                }
            }
            (None, Some(name)) if name == language => {
                let text = &mut blocks.last_mut().unwrap().1;
                text.push_str(line);
                text.push('\n');
            }
            (None, _) => {}
        }
    }
    blocks
}

/// The commands that `--help` lists.
fn subcommands(of: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_cognito-lint")).args(of).arg("-h").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let list = help.split("Commands:\n").nth(1).unwrap_or_default();
    let lines = list.lines().take_while(|line| line.starts_with("  "));
    // The lines of a long description begin further in.
    let lines = lines.filter(|line| !line.starts_with("   "));
    let names = lines.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    names.map(str::to_owned).collect()
}
