//! Rules as they were written, with the place of everything that can be wrong.

mod foreign;
mod form;
mod predicate;
mod part;
mod forbid;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::policy::Override;
use super::{OperatorName, Severity, WhenAbsent};
use crate::diagnostic::{SourceDiagnostic, SourceFile};
use crate::spanned::{Entry, Item, Reader, Table, Toml, parse, parse_json};
pub use forbid::FORBIDDEN;
pub use form::{Form, WrittenCount, WrittenOperator, WrittenPredicate, WrittenQuantified, WrittenUnique};
pub use part::{APART_KEYS, EQUIVALENT_KEYS, NAMED_KEYS, TEST_KEYS};
use part::{controls, equivalent, links, named, params, tags, tests};
pub(super) use predicate::NO_PATH;
use predicate::{FormName, predicate};

/// Text and its place.
pub type SpannedText = (String, Range<usize>);

/// One `[[rule]]`.
#[derive(Clone, Debug)]
pub struct WrittenRule {
    pub source_file: SourceFile,
    pub id: SpannedText,
    pub title: Option<SpannedText>,
    pub severity: Option<Severity>,
    pub why: Option<SpannedText>,
    pub fix: Option<SpannedText>,
    pub console: Option<SpannedText>,
    pub api: Option<SpannedText>,
    pub links: Vec<SpannedText>,
    pub tags: Vec<SpannedText>,
    pub controls: Vec<(String, Vec<String>)>,
    pub params: Vec<WrittenParam>,
    /// The parameters could not be read.
    pub lacks_params: bool,
    pub message: Option<SpannedText>,
    pub each: Option<SpannedText>,
    /// Its list could not be read: of the elements nothing is known.
    pub is_lost: bool,
    pub when: Option<WrittenPredicate>,
    pub expect: WrittenPredicate,
    pub when_absent: WhenAbsent,
    /// Place of `unchecked = true`.
    pub unchecked: Option<Range<usize>>,
    pub waivable: bool,
    pub tests: Vec<WrittenTest>,
    pub equivalent: Vec<WrittenEquivalent>,
    /// The named predicates of its file.
    pub predicates: Arc<Vec<WrittenNamed>>,
}

/// One `[predicate.NAME]`.
#[derive(Clone, Debug)]
pub struct WrittenNamed {
    pub source_file: SourceFile,
    pub name: SpannedText,
    /// A clause for the reason of a skipped rule: `people sign in`.
    pub title: SpannedText,
    /// The list whose elements it is about; `None` for the pool.
    pub each: Option<SpannedText>,
    /// The result if it cannot be known.
    pub when_unknown: Option<bool>,
    pub expect: WrittenPredicate,
    pub equivalent: Vec<WrittenEquivalent>,
}

/// A mutant that no pool shows, of those that `rules test` makes.
#[derive(Clone, Debug)]
pub struct WrittenEquivalent {
    pub source_file: SourceFile,
    /// Its name, as `rules test` prints it.
    pub mutant: SpannedText,
    /// Why no test can notice it.
    pub reason: SpannedText,
}

/// A parameter and its default.
#[derive(Clone, Debug)]
pub struct WrittenParam {
    pub name: SpannedText,
    pub value: Item,
}

/// One `[[rule.test]]`.
#[derive(Clone, Debug)]
pub struct WrittenTest {
    pub at: Range<usize>,
    pub name: Option<String>,
    pub verdict: Option<SpannedText>,
    pub source: Option<SpannedText>,
    pub pool: Option<Item>,
}

/// One `[[test]]`, for a rule that is named, with the parameters that it sets.
#[derive(Clone, Debug)]
pub struct WrittenApart {
    pub change: Override,
    pub test: WrittenTest,
}

/// One `[[test]]` without a rule, which is about every rule of the configuration.
#[derive(Clone, Debug)]
pub struct WrittenPolicyTest {
    pub source_file: SourceFile,
    /// The rules that must fail; every other must not.
    pub fails: Vec<SpannedText>,
    pub test: WrittenTest,
}

/// The keys of a file of rules.
pub const FILE_KEYS: [&str; 3] = ["rule", "predicate", "test"];

/// The keys of a rule.
pub const RULE_KEYS: [&str; 22] = [
    "id",
    "title",
    "severity",
    "why",
    "fix",
    "console",
    "api",
    "links",
    "tags",
    "controls",
    "params",
    "message",
    "each",
    "when",
    "expect",
    "forbid",
    "allow-conditional",
    "when-absent",
    "unchecked",
    "waivable",
    "test",
    "equivalent",
];

/// Reads every rule of a file.
pub fn read(source_file: &SourceFile, mistakes: &mut Vec<SourceDiagnostic>) -> Vec<WrittenRule> {
    let syntax = mistakes.len();
    let table = parse(source_file, mistakes);
    if mistakes.len() > syntax {
        // Other mistakes in a text that is not TOML mostly follow from that.
        return Vec::new();
    }
    let mut reader = Reader { source_file, mistakes };
    reader.only(&table, "a rule file", &FILE_KEYS);
    let predicates = Arc::new(named(&mut reader, &table));
    let rules = match table.entry("rule") {
        Some(Entry { item: Item { toml: Toml::List(rules), .. }, .. }) => rules.as_slice(),
        Some(entry) => {
            not_rules(&mut reader, entry);
            return Vec::new();
        }
        None => &[],
    };
    if rules.is_empty() && reader.mistakes.len() == syntax {
        let help = match table.get("test") {
            Some(_) => "it has tests alone: `cognito-lint rules test FILE` runs them",
            None => "a rule starts with `[[rule]]`",
        };
        reader.mistake(0..0, "this file has no rules", "", help);
    }
    let rules = rules.iter().filter_map(|item| rule(&mut reader, item));
    let rules: Vec<WrittenRule> =
        rules.map(|rule| WrittenRule { predicates: Arc::clone(&predicates), ..rule }).collect();
    if reader.mistakes.len() == syntax {
        // A rule that could not be read may use it.
        unused(&mut reader, &predicates, &rules);
    }
    rules
}

/// Notes named predicates that neither a rule nor another predicate of the file uses.
fn unused(reader: &mut Reader<'_>, predicates: &[WrittenNamed], rules: &[WrittenRule]) {
    let of_rules = rules.iter().flat_map(|rule| rule.when.iter().chain([&rule.expect]));
    let all = of_rules.chain(predicates.iter().map(|named| &named.expect));
    let mut used = BTreeSet::new();
    for predicate in all {
        predicate.names(&mut |name| _ = used.insert(name));
    }
    for named in predicates.iter().filter(|named| !used.contains(named.name.0.as_str())) {
        let message = format!("the predicate `{}` is not used", named.name.0);
        let help = format!("use it by its name, `when = \"{}\"`, or remove it", named.name.0);
        reader.mistake(named.name.1.clone(), message, "of no rule in this file", help);
    }
}

/// Reads the tests of a file that are apart from rules: those of rules, and those of a whole configuration.
pub fn apart(
    source_file: &SourceFile,
    mistakes: &mut Vec<SourceDiagnostic>,
) -> (Vec<WrittenApart>, Vec<WrittenPolicyTest>) {
    let before = mistakes.len();
    let table = table(source_file, mistakes);
    let mut reader = Reader { source_file, mistakes };
    if is_json(source_file) && reader.mistakes.len() == before {
        reader.only(&table, "a file of tests", &["test"]);
        if table.get("test").is_none() && reader.mistakes.len() == before {
            reader.mistake(0..0, "this file has no tests", "", "tests are the array `test`");
        }
    }
    part::apart(&mut reader, &table)
}

/// Whether a file has tests and no rules. In JSON there are only tests.
pub fn has_tests_alone(source_file: &SourceFile) -> bool {
    let table = table(source_file, &mut Vec::new());
    is_json(source_file) || (table.get("test").is_some() && table.get("rule").is_none())
}

/// Whether a file has `test` and nothing else.
pub fn is_of_tests(source_file: &SourceFile) -> bool {
    let entries = table(source_file, &mut Vec::new()).entries;
    matches!(entries.as_slice(), [entry] if entry.key == "test")
}

fn is_json(source_file: &SourceFile) -> bool {
    std::path::Path::new(source_file.name()).extension().is_some_and(|extension| extension == "json")
}

/// The text of a file, which is TOML unless its name ends with `.json`.
fn table(source_file: &SourceFile, mistakes: &mut Vec<SourceDiagnostic>) -> Table {
    if is_json(source_file) { parse_json(source_file, mistakes) } else { parse(source_file, mistakes) }
}

/// Reads the named predicates of a file.
pub fn predicates(source_file: &SourceFile, mistakes: &mut Vec<SourceDiagnostic>) -> Vec<WrittenNamed> {
    let table = parse(source_file, mistakes);
    named(&mut Reader { source_file, mistakes }, &table)
}

/// Notes that `rule` is something else than an array. It is a table in a configuration.
fn not_rules(reader: &mut Reader<'_>, entry: &Entry) {
    let changes =
        |entry: &Entry| matches!(entry.item.toml, Toml::Table(_)) && !RULE_KEYS.contains(&entry.key.as_str());
    let help = match &entry.item.toml {
        Toml::Table(table) if table.entries.iter().all(changes) => {
            "a rule starts with `[[rule]]`; `[rule.ID]` changes one, and belongs in a configuration"
        }
        Toml::Table(_) => "write it in double brackets: `[[rule]]`",
        _ => "a rule starts with `[[rule]]`",
    };
    reader.wrong_kind("rule", &entry.item, "an array of tables", Some(help.to_owned()));
}

/// The texts of a rule, in the order of its keys here.
fn texts(reader: &mut Reader<'_>, table: &Table) -> [Option<SpannedText>; 6] {
    ["title", "message", "why", "fix", "console", "api"].map(|key| reader.string(table, key))
}

fn rule(reader: &mut Reader<'_>, item: &Item) -> Option<WrittenRule> {
    let table = reader.as_table("a rule", item, "a rule starts with `[[rule]]`")?;
    rule_keys(reader, table);
    let words = Severity::ALL.map(|severity| (severity.word(), severity));
    let severity = reader.word(table, "severity", &words);
    let when_absent = reader.word(table, "when-absent", &WhenAbsent::WORDS).unwrap_or_default();
    let when = meant(table, "when").and_then(|entry| predicate(reader, "when", &entry.item));
    let forbidden = forbid::forbidden(reader, table);
    let expect = expectation(reader, table, item);
    let [title, message, why, fix, console, api] = texts(reader, table);
    let id = rule_id(reader, table, item);
    let unchecked = reader.bool(table, "unchecked");
    let waivable = reader.bool(table, "waivable").unwrap_or(true);
    let each_key = meant(table, "each").map(|entry| entry.key.as_str());
    let each = each_key.and_then(|key| reader.string(table, key));
    let (each, when, expect, title, message) = match forbidden {
        Some(all) => {
            let (title, message) = (title.unwrap_or(all.title), message.unwrap_or(all.message));
            (Some(all.each), Some(all.when), Some(all.expect), Some(title), Some(message))
        }
        None => (each, when, expect, title, message),
    };
    // A rule of which a part is a mistake is checked too, so that one mistake hides no other.
    let nothing = || {
        let rest = WrittenPredicate { at: item.at.clone(), form: Form::All(Vec::new()) };
        WrittenPredicate { at: item.at.clone(), form: Form::Broken(Box::new(rest)) }
    };
    Some(WrittenRule {
        source_file: reader.source_file.clone(),
        title,
        severity,
        why,
        fix,
        console,
        api,
        links: links(reader, table),
        tags: tags(reader, table),
        controls: controls(reader, table),
        params: params(reader, table),
        lacks_params: table.get("params").is_some_and(|item| !matches!(item.toml, Toml::Table(_))),
        message,
        is_lost: each.is_none() && each_key.is_some(),
        each,
        when,
        when_absent,
        waivable,
        unchecked: unchecked
            .filter(|on| *on)
            .and_then(|_| table.entry("unchecked").map(|e| e.key_at.clone())),
        tests: tests(reader, table),
        equivalent: equivalent(reader, table),
        predicates: Arc::default(),
        id: id.unwrap_or_else(|| (String::new(), header(reader, table, item))),
        expect: expect.unwrap_or_else(nothing),
    })
}

/// The predicate that must hold, unless `forbid` says it in a word.
fn expectation(reader: &mut Reader<'_>, table: &Table, item: &Item) -> Option<WrittenPredicate> {
    match meant(table, "expect") {
        Some(entry) => predicate(reader, "expect", &entry.item),
        None if meant(table, "forbid").is_some() => None,
        None => {
            if !table.entries.iter().any(misplaced) && !table.misspells("expect", &RULE_KEYS) {
                let help =
                    "say what must hold: `expect = { path = \"MfaConfiguration\", not-equals = \"OFF\" }`";
                reader.mistake(
                    header(reader, table, item),
                    "this rule has no `expect`",
                    "nothing to check",
                    help,
                );
            }
            None
        }
    }
}

/// Notes unknown keys. A predicate's were meant for `expect`.
fn rule_keys(reader: &mut Reader<'_>, table: &Table) {
    let (known, rest): (Vec<_>, Vec<_>) =
        table.entries.iter().partition(|entry| foreign::key(&entry.key).is_some());
    for (entry, help) in known.iter().filter_map(|entry| Some((entry, foreign::key(&entry.key)?))) {
        reader.mistake(
            entry.key_at.clone(),
            format!("a rule has no key `{}`", entry.key),
            "unknown key",
            help,
        );
    }
    let (lost, rest): (Vec<_>, Vec<_>) = rest.into_iter().cloned().partition(misplaced);
    for entry in lost {
        let help = format!("put it into `expect`: `expect = {{ {} = ... }}`", entry.key);
        let message = format!("a rule has no key `{}`", entry.key);
        reader.mistake(entry.key_at, message, "belongs to a predicate", help);
    }
    reader.only(&Table { entries: rest }, "a rule", &RULE_KEYS);
}

/// The entry of a key of a rule, or of one that differs from it by a slip and is not a key of a predicate.
fn meant<'t>(table: &'t Table, key: &str) -> Option<&'t Entry> {
    table.meant(key, &RULE_KEYS).filter(|entry| entry.key == key || !misplaced(entry))
}

/// Whether a key of a rule is one of a predicate.
fn misplaced(entry: &Entry) -> bool {
    let key = entry.key.as_str();
    FormName::parse(key).is_some() || OperatorName::parse(key).is_some()
}

/// The place of a rule or a test for mistakes about what it lacks: its id, else its header, else its first key.
fn header(reader: &Reader<'_>, table: &Table, item: &Item) -> Range<usize> {
    if let Some(id) = table.get("id") {
        return id.at.clone();
    }
    let first = table.entries.first().map(|entry| entry.key_at.clone());
    let headed = reader.source_file.text()[item.at.clone()].starts_with('[');
    first.filter(|_| !headed).unwrap_or_else(|| item.at.clone())
}

fn rule_id(reader: &mut Reader<'_>, table: &Table, item: &Item) -> Option<SpannedText> {
    if table.get("id").is_none() && !table.misspells("id", &RULE_KEYS) {
        let help = "give it a name for the bad state: `id = \"mfa-off\"`";
        reader.mistake(header(reader, table, item), "this rule has no `id`", "of this rule", help);
    }
    let (id, at) = reader.string(table, "id")?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if !id.split('-').all(|part| !part.is_empty() && part.chars().all(plain)) {
        let lower = id.to_lowercase();
        let words: Vec<&str> = lower.split(|c| !plain(c)).filter(|part| !part.is_empty()).collect();
        let right = if words.is_empty() { "mfa-off".to_owned() } else { words.join("-") };
        let help = format!("small letters, digits and single hyphens: `{right}`");
        let message = match id.is_empty() {
            true => "an id cannot be empty".to_owned(),
            false => format!("`{id}` cannot be an id"),
        };
        reader.mistake(at.clone(), message, "not an id", help);
    }
    Some((id, at))
}
