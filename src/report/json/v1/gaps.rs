//! The shapes of what was not read, of notes, and of what inputs do not hold.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Damage;
use super::shapes::text;
use super::standing::day;
use crate::evaluate::Evaluation;
use crate::finding::Counted;
use crate::pool::{Beyond, Section};
use crate::source::{About, ListedRegion, Note, Unread};

#[derive(Deserialize, Serialize)]
pub(in crate::report) struct UnreadShape<'a> {
    pub(super) target: Cow<'a, str>,
    pub(super) operation: Option<Cow<'a, str>>,
    pub(super) code: Option<Cow<'a, str>>,
    pub(super) message: Cow<'a, str>,
    pub(super) help: Option<Cow<'a, str>>,
    pub(super) line: Option<usize>,
    pub(super) column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pool: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) section: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Serialize)]
pub(in crate::report) struct NoteShape<'a> {
    pub(super) target: Cow<'a, str>,
    pub(super) message: Cow<'a, str>,
    /// The unit of the count, if the note is about a number of things.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) waiver: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<Cow<'a, str>>,
}

/// Kinds of notes about a number of things.
pub(super) const ENTRIES_FIXED: &str = "entries-fixed";
pub(super) const COUNT_AGAIN: &str = "findings-count-again";
pub(super) const ENTRIES_NOT_JUDGED: &str = "entries-not-judged";
pub(super) const FINDINGS_NOT_JUDGED: &str = "findings-not-judged";

/// A Region whose pools were listed to the end.
#[derive(Deserialize, Serialize)]
pub(super) struct ListedShape<'a> {
    pub(super) account: Cow<'a, str>,
    pub(super) region: Cow<'a, str>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct OutsideShape<'a> {
    pub(super) input: Cow<'a, str>,
    pub(super) section: Cow<'a, str>,
    pub(super) rules: Vec<Cow<'a, str>>,
}

impl<'a> From<&'a Unread> for UnreadShape<'a> {
    fn from(unread: &'a Unread) -> Self {
        let Unread { target, operation, code, message, help, at, about } = unread;
        let About { account, region, pool, section } = about;
        UnreadShape {
            target: target.into(),
            operation: text(operation.as_ref()),
            code: text(code.as_ref()),
            message: message.into(),
            help: text(help.as_ref()),
            line: at.map(|(line, _)| line),
            column: at.map(|(_, column)| column),
            account: text(account.as_ref()),
            region: text(region.as_ref()),
            pool: text(pool.as_ref()),
            section: section.map(|section| section.member().into()),
        }
    }
}

impl<'a> From<&'a Note> for NoteShape<'a> {
    fn from(note: &'a Note) -> Self {
        let Note { target, message } = note;
        NoteShape {
            target: target.into(),
            message: message.into(),
            kind: None,
            count: None,
            waiver: None,
            expires: None,
            rule: None,
        }
    }
}

impl<'a> From<(&'a Counted, &usize)> for NoteShape<'a> {
    fn from((counted, count): (&'a Counted, &usize)) -> Self {
        let (kind, waiver, expires) = match counted {
            Counted::EntriesFixed { baseline: _ } => (ENTRIES_FIXED, None, None),
            Counted::EntriesNotJudged { baseline: _, rule: _ } => (ENTRIES_NOT_JUDGED, None, None),
            Counted::CountAgain { place: _, waiver, last } => {
                (COUNT_AGAIN, Some(waiver.into()), Some(last.to_string()))
            }
            Counted::FindingsNotJudged { rule: _ } => (FINDINGS_NOT_JUDGED, None, None),
        };
        NoteShape {
            target: counted.target().into(),
            message: counted.message(*count).into(),
            kind: Some(kind.into()),
            count: Some(*count),
            waiver,
            expires,
            rule: counted.rule().map(Cow::Borrowed),
        }
    }
}

/// The notes, those about a number of things last.
pub(super) fn notes(evaluation: &Evaluation) -> Vec<NoteShape<'_>> {
    let counted = evaluation.counted.iter().map(NoteShape::from);
    evaluation.notes.iter().map(NoteShape::from).chain(counted).collect()
}

/// The sections outside each input, one item a section.
pub(super) fn outside(evaluation: &Evaluation) -> Vec<OutsideShape<'_>> {
    let mut shapes = Vec::new();
    for (input, sections) in &evaluation.outside {
        for (beyond, rules) in sections {
            shapes.push(OutsideShape {
                input: Cow::Borrowed(input),
                section: beyond.path().into(),
                rules: rules.iter().map(|id| Cow::Borrowed(&**id)).collect(),
            });
        }
    }
    shapes
}

/// The Regions whose pools were listed to the end.
pub(super) fn listed(evaluation: &Evaluation) -> Vec<ListedShape<'_>> {
    let listed = evaluation.listed.iter();
    listed.map(|one| ListedShape { account: (&one.account).into(), region: (&one.region).into() }).collect()
}

/// The Regions of the shapes.
pub(super) fn regions(shapes: Vec<ListedShape<'_>>) -> BTreeSet<ListedRegion> {
    let region =
        |ListedShape { account, region }| ListedRegion { account: account.into(), region: region.into() };
    shapes.into_iter().map(region).collect()
}

pub(super) fn unread(shape: UnreadShape<'_>) -> Unread {
    let UnreadShape { target, operation, code, message, help, line, column, account, region, pool, section } =
        shape;
    let [operation, code, help] = [operation, code, help].map(|text| text.map(Cow::into_owned));
    let [account, region, pool] = [account, region, pool].map(|text| text.map(Cow::into_owned));
    let [target, message] = [target, message].map(Cow::into_owned);
    let about = About { account, region, pool, section: section.as_deref().and_then(Section::parse) };
    Unread { target, operation, code, message, help, at: line.zip(column), about }
}

/// The notes, and those about a number of things apart.
pub(super) fn plain_and_counted(
    shapes: Vec<NoteShape<'_>>,
) -> Result<(Vec<Note>, BTreeMap<Counted, usize>), Damage> {
    let (mut plain, mut counted) = (Vec::new(), BTreeMap::new());
    for NoteShape { target, message, kind, count, waiver, expires, rule } in shapes {
        let [target, message] = [target, message].map(Cow::into_owned);
        let rule = rule.map(Cow::into_owned);
        let what = match (kind.as_deref(), waiver, expires, rule) {
            (Some(ENTRIES_FIXED), ..) => Some(Counted::EntriesFixed { baseline: target.clone() }),
            (Some(COUNT_AGAIN), Some(waiver), Some(last), _) => {
                let (place, waiver, last) = (target.clone(), waiver.into_owned(), day(&last)?);
                Some(Counted::CountAgain { place, waiver, last })
            }
            (Some(ENTRIES_NOT_JUDGED), .., Some(rule)) => {
                Some(Counted::EntriesNotJudged { baseline: target.clone(), rule })
            }
            (Some(FINDINGS_NOT_JUDGED), .., Some(rule)) => Some(Counted::FindingsNotJudged { rule }),
            // A kind of a newer version is a note in words.
            _ => None,
        };
        match what.zip(count) {
            Some((what, count)) => *counted.entry(what).or_default() += count,
            None => plain.push(Note { target, message }),
        }
    }
    Ok((plain, counted))
}

/// The sections outside each input.
pub(super) fn not_held(
    shapes: Vec<OutsideShape<'_>>,
) -> BTreeMap<Arc<str>, BTreeMap<Beyond, BTreeSet<Arc<str>>>> {
    let mut outside = BTreeMap::<_, BTreeMap<_, BTreeSet<_>>>::new();
    for OutsideShape { input, section, rules } in shapes {
        let sections = outside.entry(Arc::from(input)).or_default();
        sections.entry(Beyond::at(&section)).or_default().extend(rules.into_iter().map(Arc::from));
    }
    outside
}
