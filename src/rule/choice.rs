//! Choices of rules: by id, pack, glob, tag, severity and control, and what is taken away of them.

use glob::{MatchOptions, Pattern};

use super::policy::Override;
use super::written::WrittenRule;
use super::{Severity, builtin};
use crate::diagnostic::{nearest, one_of, suggest};

/// One part of a choice: what it selects, and whether that is taken away.
#[derive(Clone, Debug)]
pub struct Choice {
    pub minus: bool,
    pub what: Selection,
    /// As it was written, without the minus.
    pub text: String,
}

/// Which rules are selected.
#[derive(Clone, Debug)]
pub enum Selection {
    /// A rule of this id, or a file.
    Name,
    /// The rules of a pack.
    Pack(Vec<String>),
    /// The rules whose id fits.
    Ids(Pattern),
    /// The rules with a tag that fits.
    Tag(Pattern),
    Severity(Severity),
    /// The rules of the controls that fit by pack, by number, or by both: `aws-fsbp/Cognito.3`.
    Control(Pattern),
}

/// Why a text is not a choice, with help.
#[derive(Clone, Debug)]
pub struct NotAChoice {
    pub message: String,
    pub help: String,
}

const KINDS: [&str; 3] = ["tag", "severity", "control"];

/// The parts of a text, which commas separate.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim)
}

impl Choice {
    /// Reads one part.
    pub fn parse(text: &str) -> Result<Choice, NotAChoice> {
        let (minus, word) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        if word.is_empty() {
            let message = format!("`{text}` chooses nothing");
            return Err(NotAChoice { message, help: "write an id, a pack or a selector".to_owned() });
        }
        Ok(Choice { minus, what: Selection::parse(word)?, text: word.to_owned() })
    }

    /// Whether it selects a rule, which has this severity in the run.
    pub fn fits(&self, rule: &WrittenRule, severity: Severity) -> bool {
        let id = rule.id.0.as_str();
        match &self.what {
            Selection::Name => id == self.text,
            Selection::Pack(rules) => rules.iter().any(|own| own == id),
            Selection::Ids(glob) => glob.matches(id),
            Selection::Tag(glob) => rule.tags.iter().any(|(tag, _)| fits(glob, tag)),
            Selection::Severity(wanted) => severity == *wanted,
            Selection::Control(glob) => controls(rule).iter().any(|(pack, number)| {
                [pack, number, &format!("{pack}/{number}")].iter().any(|one| fits(glob, one))
            }),
        }
    }

    /// The nearest thing that there is among some rules, where the choice selects none of them.
    pub fn help<'a>(&self, rules: impl Iterator<Item = &'a WrittenRule>) -> String {
        let rules: Vec<&WrittenRule> = rules.collect();
        let distinct = |mut names: Vec<String>| {
            names.sort();
            names.dedup();
            names
        };
        match &self.what {
            Selection::Name | Selection::Pack(_) | Selection::Ids(_) => {
                let ids = rules.iter().map(|rule| rule.id.0.as_str());
                let packs = builtin::packs().into_iter().filter(|_| !matches!(self.what, Selection::Ids(_)));
                let bare = self.text.replace(['*', '?', '[', ']'], "");
                match nearest(&bare, ids.chain(packs)) {
                    Some(near) => format!("the nearest is `{near}`"),
                    None => "`cognito-lint rules list` shows all rules".to_owned(),
                }
            }
            Selection::Tag(glob) => {
                let tags = rules.iter().flat_map(|rule| &rule.tags).map(|(tag, _)| tag.clone());
                let tags = distinct(tags.collect());
                closest("tag", glob.as_str(), &tags, &tags)
            }
            Selection::Severity(_) => {
                "`cognito-lint rules list` shows the severity that each rule has in the run".to_owned()
            }
            Selection::Control(glob) => {
                let all = rules.iter().flat_map(|rule| controls(rule));
                let all: Vec<(String, String)> = all.collect();
                let whole = all.iter().map(|(pack, number)| format!("{pack}/{number}"));
                let numbers = all.iter().map(|(_, number)| number.clone());
                let packs = distinct(all.iter().map(|(pack, _)| pack.clone()).collect());
                let near: Vec<String> = packs.iter().cloned().chain(numbers).chain(whole).collect();
                closest("control", glob.as_str(), &near, &packs)
            }
        }
    }
}

impl Selection {
    fn parse(word: &str) -> Result<Selection, NotAChoice> {
        if let Some((kind, value)) = word.split_once(':')
            && is_kind(kind)
        {
            return Selection::of_kind(kind, value);
        }
        if let Some(Ok(pack)) = builtin::pack(word) {
            return Ok(Selection::Pack(pack.rules.into_iter().map(|(id, _)| id).collect()));
        }
        let is_path = word.contains(['/', '\\']);
        if !is_path && word.contains(['*', '?', '[']) {
            return Ok(Selection::Ids(glob(word)?));
        }
        Ok(Selection::Name)
    }

    fn of_kind(kind: &str, value: &str) -> Result<Selection, NotAChoice> {
        match kind {
            "tag" => Ok(Selection::Tag(glob(value)?)),
            "control" => Ok(Selection::Control(glob(value)?)),
            "severity" => Severity::parse(value).map(Selection::Severity).ok_or_else(|| NotAChoice {
                message: format!("there is no severity `{value}`"),
                help: suggest(value, Severity::ALL.map(Severity::word)),
            }),
            _ => Err(NotAChoice {
                message: format!("rules are not selected by `{kind}`"),
                help: suggest(kind, KINDS),
            }),
        }
    }
}

/// Whether a word before a colon is that of a selector, and not a drive.
fn is_kind(word: &str) -> bool {
    word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn glob(text: &str) -> Result<Pattern, NotAChoice> {
    Pattern::new(text).map_err(|_| NotAChoice {
        message: format!("`{text}` is not a glob"),
        help: "`*` is any characters, `?` is one, and a set is written `[abc]`".to_owned(),
    })
}

/// Tags and controls fit whatever their case is.
fn fits(glob: &Pattern, text: &str) -> bool {
    glob.matches_with(text, MatchOptions { case_sensitive: false, ..MatchOptions::new() })
}

/// The nearest of some names, else all of others.
fn closest(kind: &str, wrong: &str, near: &[String], all: &[String]) -> String {
    let of_kind = |name: &String| format!("{kind}:{name}");
    match nearest(&wrong.replace('*', ""), near.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{kind}:{near}`?"),
        None => one_of(all.iter().map(of_kind).collect::<Vec<_>>().iter().map(String::as_str)),
    }
}

/// The controls of a rule: those that it names itself, and those of packs that name a built-in rule.
fn controls(rule: &WrittenRule) -> Vec<(String, String)> {
    let own = rule.controls.iter();
    let own = own.flat_map(|(pack, numbers)| numbers.iter().map(|number| (pack.clone(), number.clone())));
    let of_packs = rule
        .source_file
        .is_builtin()
        .then(|| builtin::controls().get(&rule.id.0))
        .flatten()
        .into_iter()
        .flatten();
    own.chain(of_packs.map(|of| (of.pack.to_owned(), of.control.clone()))).collect()
}

/// The severity of a rule after some overrides, of which the last is the strongest.
pub fn severity<'a>(rule: &WrittenRule, overrides: impl Iterator<Item = &'a Override>) -> Severity {
    let own = overrides.filter(|change| change.rule.0 == rule.id.0).filter_map(|change| change.severity);
    own.last().or(rule.severity).unwrap_or_default()
}
