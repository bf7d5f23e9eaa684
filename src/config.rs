//! `cognito-lint.toml`: the rules of a run, their overrides, and the conditions that count as a failure.
//!
//! The text is a [`Table`] with the place of everything in it. Its meaning is a [`Config`], which is built only if
//! the text has no mistake. Paths are kept as they were written: the caller resolves them.

mod selector;
mod account;
mod scope;
mod time;
mod aws;
mod waiver;
mod inline;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::path::{Path, PathBuf};

use glob::Pattern;

pub use account::{KEYS as ACCOUNT_KEYS, ORGANIZATION_KEYS};
pub use aws::{AwsConfig, KEYS as AWS_KEYS};
pub use inline::read as read_inline;
pub use scope::{KEYS as SCOPE_KEYS, ScopeConfig};
pub use time::duration;
pub use waiver::{KEYS as WAIVER_KEYS, read_file as read_waivers};

use crate::diagnostic::{SourceDiagnostic, SourceFile};
use crate::rule::{Override, Severity, overrides};
use crate::source::live::{Account, Organization};
use crate::spanned::{Entry, Item, Reader, Table, Toml, parse};
use crate::triage::waiver::WrittenWaivers;

/// The name of a configuration file.
pub const FILE_NAME: &str = "cognito-lint.toml";

/// A configuration that explains every key; `init` writes it.
pub const TEMPLATE: &str = include_str!("config/template.toml");

/// The meaning of a configuration. Spans are in `source file`.
#[derive(Clone, Debug)]
pub struct Config {
    pub source_file: SourceFile,
    /// Packs, rule files, directories of rule files and ids of built-in rules, each with its place; empty where
    /// the key is missing.
    pub rules: Vec<(String, Range<usize>)>,
    /// Overrides for every pool, from `off` and `[rule.ID]`.
    pub overrides: Vec<Override>,
    /// Overrides for some pools, in the order of the file.
    pub scopes: Vec<ScopeConfig>,
    /// The file of members to add to the schema, with its place.
    pub members: Option<(String, Range<usize>)>,
    pub terms: TermsConfig,
    /// Files of directories that are left out.
    pub exclude: Vec<Pattern>,
    pub aws: AwsConfig,
    /// Its mistakes are not yet raised: those of the rules that it names come with them.
    pub waivers: WrittenWaivers,
    /// Files with more waivers, each with its place.
    pub waiver_files: Vec<(String, Range<usize>)>,
    /// Every waiver must have an expiry.
    pub waivers_must_expire: bool,
    /// Waivers beside the code count.
    pub inline_waivers: bool,
    /// The named accounts, in the order of the file.
    pub accounts: Vec<Account>,
    pub organization: Option<Organization>,
}

/// The conditions that count as a failure. `None` if the configuration does not set one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TermsConfig {
    /// The least severity that fails the run; `Some(None)` for never.
    pub fail_on: Option<Option<Severity>>,
    /// Unknown verdicts are accepted.
    pub ignore_unknown: Option<bool>,
    /// Having nothing to check is fine.
    pub allow_empty: Option<bool>,
    /// Sections outside the inputs count as unknown.
    pub full_coverage: Option<bool>,
}

impl Config {
    /// The text of the configuration with an `x` for each character of its external ids, so that it can be read again.
    pub fn text_without_secrets(&self) -> String {
        account::with_blanks(&self.source_file)
    }
}

/// The keys at the top of the file.
pub const KEYS: [&str; 17] = [
    "rules",
    "off",
    "exclude",
    "fail-on",
    "unknown",
    "coverage",
    "allow-empty",
    "waivers",
    "waivers-must-expire",
    "inline-waivers",
    "schema",
    "aws",
    "account",
    "organization",
    "rule",
    "scope",
    "waiver",
];

/// The configuration file of a directory: its own, or that of the nearest directory above it.
pub fn find(start: &Path) -> Option<PathBuf> {
    let start = std::path::absolute(start).ok()?;
    start.ancestors().map(|directory| directory.join(FILE_NAME)).find(|file| file.is_file())
}

/// Reads a configuration, or every mistake in it. Mistakes of waivers alone are in what is read. Whether its rules exist is for `rule::policy` to say.
pub fn read(source_file: &SourceFile) -> Result<Config, Vec<SourceDiagnostic>> {
    let mut mistakes = Vec::new();
    match read_on(source_file, &mut mistakes) {
        Some(config) if mistakes.is_empty() => Ok(config),
        config => {
            mistakes.extend(config.into_iter().flat_map(|config| config.waivers.mistakes));
            SourceDiagnostic::sort(&mut mistakes);
            Err(mistakes)
        }
    }
}

/// Reads a configuration as far as it can be read, so that the mistakes of its rules come with its own. Those of its
/// waivers are in it. `None` for a text that is not TOML.
pub fn read_on(source_file: &SourceFile, mistakes: &mut Vec<SourceDiagnostic>) -> Option<Config> {
    let before = mistakes.len();
    let table = parse(source_file, mistakes);
    if mistakes.len() > before {
        let masked = account::masked_lines(source_file);
        for mistake in &mut mistakes[before..] {
            mistake.source_file = masked.clone();
            // The way out repeats what was written.
            let same =
                |at: &Range<usize>| source_file.text().get(at.clone()) == masked.text().get(at.clone());
            if !mistake.labels.iter().all(|(at, _)| same(at)) {
                mistake.help = None;
            }
        }
        return None;
    }
    let source_file = &account::masked(source_file, &table);
    let mut reader = Reader { source_file, mistakes };
    reader.only(&table, "the configuration", &KEYS);
    let must_expire = reader.bool(&table, "waivers-must-expire").unwrap_or(true);
    let waivers = waiver::read(source_file, &table, must_expire);
    Some(Config {
        source_file: source_file.clone(),
        rules: rules(&mut reader, &table),
        overrides: overrides::read(&mut reader, &table),
        scopes: scope::read(&mut reader, &table),
        members: members(&mut reader, &table),
        terms: terms(&mut reader, &table),
        exclude: exclude(&mut reader, &table),
        aws: aws::read(&mut reader, &table),
        waivers,
        waiver_files: waiver::files(&mut reader, &table),
        waivers_must_expire: must_expire,
        inline_waivers: reader.bool(&table, "inline-waivers").unwrap_or(true),
        accounts: account::read(&mut reader, &table),
        organization: account::organization(&mut reader, &table),
    })
}

fn rules(reader: &mut Reader<'_>, table: &Table) -> Vec<(String, Range<usize>)> {
    if let Some(entry) = table.entry("rules")
        && let Toml::Table(_) = entry.item.toml
    {
        reader.mistake(
            entry.key_at.clone(),
            "`rules` must be an array",
            "this is a table",
            "did you mean `[rule.ID]`, which changes one rule? `rules` names packs, rule files and rules",
        );
        return Vec::new();
    }
    let rules = filled(reader, table, "rules");
    overrides::distinct(reader, "rules", &rules);
    rules
}

/// The keys of `[schema]`.
pub const SCHEMA_KEYS: [&str; 1] = ["extra"];

fn members(reader: &mut Reader<'_>, table: &Table) -> Option<(String, Range<usize>)> {
    let schema = reader.table(table, "schema")?;
    only(reader, schema, "[schema]", &SCHEMA_KEYS);
    if schema.get("extra").is_none() && !schema.misspells("extra", &SCHEMA_KEYS) {
        let at = table.entry("schema").map_or(0..0, |entry| entry.key_at.clone());
        let help = "name a file of members: `extra = \"members.toml\"`";
        reader.mistake(at, "`[schema]` adds nothing", "no `extra` here", help);
    }
    reader.string(schema, "extra")
}

fn exclude(reader: &mut Reader<'_>, table: &Table) -> Vec<Pattern> {
    let globs = filled(reader, table, "exclude");
    globs.into_iter().filter_map(|(text, at)| selector::path_glob(reader, &text, &at)).collect()
}

fn terms(reader: &mut Reader<'_>, table: &Table) -> TermsConfig {
    let mut severities: Vec<(&str, Option<Severity>)> =
        Severity::ALL.iter().map(|severity| (severity.word(), Some(*severity))).collect();
    severities.push(("never", None));
    TermsConfig {
        fail_on: reader.word(table, "fail-on", &severities),
        ignore_unknown: reader.word(table, "unknown", &[("fail", false), ("ignore", true)]),
        allow_empty: reader.bool(table, "allow-empty"),
        full_coverage: reader.word(table, "coverage", &[("inputs", false), ("full", true)]),
    }
}

/// The strings of an array that holds at least one, none of them empty; nothing where the key is missing.
fn filled(reader: &mut Reader<'_>, table: &Table, key: &str) -> Vec<(String, Range<usize>)> {
    if let Some(Item { toml: Toml::List(items), at }) = table.get(key)
        && items.is_empty()
    {
        let message = format!("`{key}` is empty");
        reader.mistake(at.clone(), message, "", "put something in it, or remove the key");
    }
    let mut strings = reader.strings(table, key);
    strings.retain(|(text, at)| {
        let empty = text.trim().is_empty();
        if empty {
            let message = format!("`{key}` holds an empty string");
            reader.mistake(at.clone(), message, "nothing is called that", "remove it");
        }
        !empty
    });
    strings
}

/// Reports every unknown key of a section. A key of the file's top was meant for the top: in TOML it belongs to the
/// section above it.
fn only(reader: &mut Reader<'_>, table: &Table, header: &str, keys: &[&str]) {
    let is_misplaced = |entry: &Entry| {
        let key = entry.key.as_str();
        let rule_was_meant = key == "rules" && matches!(entry.item.toml, Toml::Table(_));
        KEYS.contains(&key) && !keys.contains(&key) && !rule_was_meant
    };
    let (misplaced, rest): (Vec<_>, Vec<_>) = table.entries.iter().cloned().partition(is_misplaced);
    for entry in misplaced {
        reader.mistake(
            entry.key_at,
            format!("`{header}` has no key `{}`", entry.key),
            &format!("this is under `{header}`"),
            format!("move `{}` to the top of the file, above the first `[...]`", entry.key),
        );
    }
    reader.only(&Table { entries: rest }, &format!("`{header}`"), keys);
}
