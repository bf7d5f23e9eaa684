//! The page of a rule.

use cognito_lint::pool::Section;
use cognito_lint::rule::written::WrittenTest;
use cognito_lint::rule::{Policy, builtin};
use cognito_lint::spanned::Item;

use super::{Known, Packed, head, params, row};

/// Tests that are shown whole, for each verdict.
const SHOWN: usize = 2;

/// The list of all rules, by area.
pub(super) fn index(rules: &[Known]) -> String {
    let mut text = "# Built-in rules\n\nA rule is named for the bad state that it finds.\n\
        [The packs](../packs.md) say which rules a run judges, and [rules/README.md](../../rules/README.md) is the \
        reference of the language.\n"
        .to_owned();
    let mut areas: Vec<&str> = rules.iter().map(area).collect();
    areas.sort_unstable();
    areas.dedup();
    for area in areas {
        text += &format!("\n## {area}\n\n{}", head(&["rule", "severity", "title"]));
        for known in rules.iter().filter(|known| self::area(known) == area) {
            let id = &known.rule.id;
            text += &row(&[&format!("[`{id}`]({id}.md)"), known.rule.severity.word(), &known.rule.title]);
        }
    }
    text
}

/// The folder that a rule is in.
fn area(known: &Known) -> &str {
    let name = known.rule.source_file.name();
    name.trim_start_matches("builtin:").split('/').next().unwrap()
}

/// Everything about a rule.
pub(super) fn page(known: &Known, packed: &[&Packed]) -> String {
    let rule = &known.rule;
    let mut text = format!("# {}\n\n{}.\n\n", rule.id, rule.title);
    text += &head(&["", ""]);
    text += &row(&["Severity", rule.severity.word()]);
    text += &row(&["Tags", &rule.tags.join(", ")]);
    text += &row(&["API calls", &calls(known)]);
    text += &format!("\n## Why\n\n{}\n\n## Fix\n\n{}\n", sentences(&rule.why), sentences(&rule.fix));
    if !rule.console.is_empty() {
        text += &format!("\nIn the console: {}\n", sentences(&rule.console));
    }
    if !rule.api.is_empty() {
        text += &format!("\nIn the API: {}\n", sentences(&rule.api));
    }
    text += &format!("\n## Condition\n\n```toml\n{}\n```\n", condition(known));
    if !rule.params.is_empty() {
        text += &format!("\nA configuration may set the parameters under `[rule.{}]`.\n", rule.id);
    }
    text += &packs(packed);
    text += &controls(&rule.id);
    text += &examples(known);
    text += "\n## Read more\n\n";
    let links: Vec<String> = rule.links.iter().map(|link| format!("- <{link}>\n")).collect();
    text + &links.concat()
}

/// One sentence a line.
fn sentences(text: &str) -> String {
    let mut lines = String::new();
    let mut rest = text;
    while let Some(end) = rest.find(". ") {
        let (sentence, more) = rest.split_at(end + 2);
        let next_is_capital = more.chars().next().is_some_and(char::is_uppercase);
        lines += sentence.trim_end();
        lines.push(if next_is_capital { '\n' } else { ' ' });
        rest = more;
    }
    lines + rest
}

/// The API calls that fill the sections that the rule looks at.
fn calls(known: &Known) -> String {
    let rule =
        std::sync::Arc::new(cognito_lint::rule::assemble::alone(&known.written, &mut Vec::new()).unwrap());
    let policy = Policy { rules: vec![rule], ..Policy::default() };
    let mut calls: Vec<String> = Vec::new();
    // One call fills several sections.
    for operation in policy.sections().into_iter().flat_map(Section::operations) {
        let call = format!("`{operation}`");
        if !calls.contains(&call) {
            calls.push(call);
        }
    }
    if calls.is_empty() { "`DescribeUserPool`".to_owned() } else { calls.join(", ") }
}

/// The keys of the rule that decide, and the predicates that it uses, as they are written.
fn condition(known: &Known) -> String {
    let text = known.written.source_file.text();
    let end = text.find("[[rule.test]]").unwrap_or(text.len());
    let told =
        ["title", "severity", "message", "why", "fix", "console", "api", "links", "tags", "equivalent"];
    let (mut lines, mut skips) = (Vec::new(), false);
    for line in text[..end].trim_end().lines() {
        let key = line.split(['=', ' ']).next().unwrap_or_default();
        let starts = line.starts_with(|c: char| c.is_ascii_lowercase());
        if starts {
            skips = told.contains(&key);
        } else if line.starts_with('[') {
            skips = false;
        }
        if !skips {
            lines.push(line);
        }
    }
    let mut names: Vec<String> = Vec::new();
    for predicate in known.rule.when.iter().chain([&known.rule.expect]) {
        predicate.named(&mut |named| {
            if !names.contains(&named.name.to_string()) {
                names.push(named.name.to_string());
            }
        });
    }
    let predicates = builtin::predicates().unwrap();
    let tables = names.iter().map(|name| {
        let start = predicates.text().find(&format!("[predicate.{name}]")).unwrap();
        let table = &predicates.text()[start..];
        let end = table[1..].find("\n[predicate.").map_or(table.len(), |end| end + 1);
        format!("\n\n{}", table[..end].trim_end())
    });
    lines.join("\n").trim_end().to_owned() + &tables.collect::<String>()
}

fn packs(packed: &[&Packed]) -> String {
    if packed.is_empty() {
        return "\n## Packs\n\nIt is in no pack: choose it by its id.\n".to_owned();
    }
    let rows = packed
        .iter()
        .map(|one| row(&[&format!("`{}`", one.pack), one.rule.severity.word(), &params(&one.rule)]));
    format!("\n## Packs\n\n{}{}", head(&["pack", "severity", "parameters"]), rows.collect::<String>())
}

fn controls(id: &str) -> String {
    let Some(controls) = builtin::controls().get(id) else { return String::new() };
    let rows = controls.iter().map(|of| {
        let relation = if of.satisfies { "proves it" } else { "helps" };
        let pack = format!("[`{}`](../controls/{}.md)", of.pack, of.pack);
        row(&[&pack, &of.control, relation, &of.params.join(", ")])
    });
    format!(
        "\n## Controls\n\n{}{}",
        head(&["standard", "control", "this rule", "at"]),
        rows.collect::<String>()
    )
}

/// Pools of its tests: the first that fail and pass whole, and the names of the others.
fn examples(known: &Known) -> String {
    let mut text = "\n## Examples\n".to_owned();
    for (verdict, one, more) in [
        ("fail", "This pool fails", "These fail too"),
        ("pass", "This pool passes", "These pass too"),
        ("skipped", "", "The rule does not apply to these, or the input cannot say"),
        ("unknown", "", "It cannot be decided of these"),
    ] {
        let of = |test: &&WrittenTest| test.verdict.as_ref().is_some_and(|(word, _)| word == verdict);
        let tests: Vec<_> = known.written.tests.iter().filter(of).collect();
        let whole = if one.is_empty() { 0 } else { SHOWN };
        for test in tests.iter().take(whole) {
            let name = test.name.as_ref().map_or(String::new(), |name| format!(": {name}"));
            text += &format!(
                "\n{one}{name}{}\n\n```json\n{}\n```\n",
                of_template(test),
                pool(test.pool.as_ref())
            );
        }
        let named = tests
            .iter()
            .skip(whole)
            .filter_map(|test| test.name.as_ref().map(|name| format!("- {name}{}\n", of_template(test))));
        let named: String = named.collect();
        if !named.is_empty() {
            text += &format!("\n{more}:\n\n{named}");
        }
    }
    text
}

/// The defaults that hold in a test.
fn of_template(test: &WrittenTest) -> &'static str {
    match test.source.as_ref().map(|(source, _)| source.as_str()) {
        Some("template") => " (in a template)",
        _ => "",
    }
}

fn pool(pool: Option<&Item>) -> String {
    let pool = pool.map(|item| item.toml.to_value().to_json());
    let pool: serde_json::Value =
        serde_json::from_str(&pool.map_or("{}".to_owned(), |json| json.to_string())).unwrap();
    serde_json::to_string_pretty(&pool).unwrap()
}
