//! Waivers beside the code: comments of configurations and templates, and metadata of resources. The words are read
//! here, with their place and the code that they are beside; who accepts what is for `triage`.

mod comment;
mod peer;
mod outline;

use std::ops::Range;

use crate::diagnostic::{SourceDiagnostic, SourceFile};
use crate::spanned::{Item, Table, Toml};

pub(super) use outline::{Leaders, Outline};
pub use peer::Peer;
pub(super) use peer::in_metadata as peers_in_metadata;

/// The word that a waiver beside the code begins with.
const NAME: &str = "cognito-lint";

/// A waiver beside the code, as it is written. Spans are in `source_file`.
#[derive(Clone, Debug)]
pub struct InlineWaiver {
    pub source_file: SourceFile,
    /// The whole of it.
    pub at: Range<usize>,
    /// The rules that it names.
    pub rules: Vec<(String, Range<usize>)>,
    /// `owner`, `reason`, `until` and `value`.
    pub table: Table,
    /// The code that it is beside. Empty where it is beside none.
    pub beside: Range<usize>,
    /// It has no effect if there are any.
    pub mistakes: Vec<SourceDiagnostic>,
    /// It is for another program, and has no effect; `rules` are that program's.
    pub peer: Option<Peer>,
}

impl PartialEq for InlineWaiver {
    /// A file that is read for several roots is the same file.
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl Eq for InlineWaiver {}

impl PartialOrd for InlineWaiver {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for InlineWaiver {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.place().cmp(&other.place())
    }
}

impl InlineWaiver {
    fn place(&self) -> (&str, usize) {
        (self.source_file.name(), self.at.start)
    }

    /// One without words yet.
    fn empty(source_file: &SourceFile, at: Range<usize>, beside: Range<usize>) -> InlineWaiver {
        let source_file = source_file.clone();
        InlineWaiver {
            source_file,
            at,
            rules: Vec::new(),
            table: Table::default(),
            beside,
            mistakes: Vec::new(),
            peer: None,
        }
    }

    fn mistake(&mut self, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.mistakes.push(SourceDiagnostic::new(&self.source_file, at, message, "").help(help));
    }

    /// Takes down a rule that it names.
    fn rule(&mut self, id: &str, at: Range<usize>) {
        if id == "all" || id.contains(['*', '?']) {
            let help = "name each rule, such as `ignore mfa-off, password-too-short`";
            self.mistake(at, "a waiver beside the code is for rules by their names", help);
        } else {
            self.rules.push((id.to_owned(), at));
        }
    }
}

/// Whether a text may have waivers beside its code, or those of other programs.
pub(super) fn may_have(text: &str) -> bool {
    let is_name = |bytes: &[u8]| bytes.eq_ignore_ascii_case(NAME.as_bytes());
    text.as_bytes().windows(NAME.len()).any(is_name) || peer::may_be_in(text)
}

/// The waivers in the comments of a text, and those of other programs.
pub(super) fn in_comments(source_file: &SourceFile, outline: &Outline) -> Vec<InlineWaiver> {
    let text = source_file.text();
    let comments = outline.comments(text);
    let read = |at: &Range<usize>| {
        let beside = outline.beside(text, &comments, at);
        let own = comment::read(source_file, at.clone(), beside.clone());
        own.or_else(|| peer::read(source_file, at, beside, outline.around(at)))
    };
    comments.iter().filter_map(read).collect()
}

/// The waiver in a comment of a configuration in JSON, or that of another program. `object` is what it is in.
pub(super) fn in_json(
    source_file: &SourceFile,
    at: Range<usize>,
    object: Range<usize>,
) -> Option<InlineWaiver> {
    let escaped = source_file.text().get(at.clone())?.contains('\\');
    let Some(mut own) = comment::read(source_file, at.clone(), object.clone()) else {
        return peer::read(source_file, &at, object.clone(), Some(object));
    };
    if escaped {
        own.mistakes.clear();
        own.mistake(at, "a comment in JSON has a backslash", "write texts in single quotes: `reason='...'`");
    }
    Some(own)
}

/// The waivers in the metadata of a resource: the value of `cognito-lint`. `beside` is the resource.
pub(super) fn in_metadata(
    source_file: &SourceFile,
    value: &Item,
    beside: &Range<usize>,
) -> Vec<InlineWaiver> {
    let help = "write `ignore: [{rules: [mfa-off], owner: ..., until: 2027-01-31, reason: ...}]`";
    let wrong = |at: &Range<usize>, message: &str| {
        let mut one = InlineWaiver::empty(source_file, at.clone(), beside.clone());
        one.mistake(at.clone(), message, help);
        vec![one]
    };
    let Toml::Table(table) = &value.toml else { return wrong(&value.at, "the metadata is not a map") };
    if let Some(strange) = table.entries.iter().find(|entry| entry.key != "ignore") {
        return wrong(&strange.key_at, &format!("the metadata has no key `{}`", strange.key));
    }
    let Some(ignore) = table.get("ignore") else { return wrong(&value.at, "the metadata has no `ignore`") };
    let items = match &ignore.toml {
        Toml::List(items) => items.as_slice(),
        _ => std::slice::from_ref(ignore),
    };
    let one = |item: &Item| {
        let mut one = InlineWaiver::empty(source_file, item.at.clone(), beside.clone());
        let Toml::Table(table) = &item.toml else {
            one.mistake(item.at.clone(), "a waiver in the metadata is not a map", help);
            return one;
        };
        match table.get("rules").map(|rules| (&rules.toml, rules)) {
            Some((Toml::List(rules), _)) => rules.iter().for_each(|rule| one.rule_of(rule)),
            Some((_, rule)) => one.rule_of(rule),
            None => one.mistake(item.at.clone(), "the waiver names no rule", help),
        }
        one.table.entries = table.entries.iter().filter(|entry| entry.key != "rules").cloned().collect();
        one
    };
    items.iter().map(one).collect()
}

impl InlineWaiver {
    fn rule_of(&mut self, item: &Item) {
        match &item.toml {
            Toml::String(id) => self.rule(id, item.at.clone()),
            other => {
                self.mistake(item.at.clone(), format!("`rules` has {} in it", other.kind()), "name rules");
            }
        }
    }
}
