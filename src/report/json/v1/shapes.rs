//! The shapes of pools and findings.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Items;
use super::standing::WaiverShape;
use super::traced::TracedShape;
use crate::finding::{
    Change, Declaration, Disposition, Effect, Finding, Location, Place, PoolRef, Status, Subject, Undecided,
    Undone,
};
use crate::pool::Identity;
use crate::value::Value;

#[derive(Default, Deserialize, Serialize)]
pub(in crate::report) struct PoolShape<'a> {
    pub(super) id: Option<Cow<'a, str>>,
    pub(super) arn: Option<Cow<'a, str>>,
    pub(super) name: Option<Cow<'a, str>>,
    pub(super) account: Option<Cow<'a, str>>,
    pub(super) region: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<Cow<'a, str>>,
    pub(super) source: Option<Cow<'a, str>>,
    pub(super) input: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(super) offset: usize,
    /// In the list of pools alone. Missing in reports of 0.1.0, and where no tag is known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) tags: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    /// Missing in reports of 0.1.0, and without `--source`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) written_in: Option<WrittenInShape<'a>>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct WrittenInShape<'a> {
    pub(super) configuration: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) addresses: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
}

/// A pool in the list of pools, with its tags.
#[derive(Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct ListedPoolShape<'a>(pub(super) PoolShape<'a>);

#[derive(Deserialize, Serialize)]
pub(super) struct SubjectShape<'a> {
    pub(super) key: Cow<'a, str>,
    pub(super) label: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct LocationShape<'a> {
    pub(super) file: Cow<'a, str>,
    pub(super) line: usize,
    pub(super) column: usize,
}

#[derive(Deserialize, Serialize)]
pub(super) struct DeclarationShape<'a> {
    pub(super) address: Cow<'a, str>,
    pub(super) construct: Option<Cow<'a, str>>,
    pub(super) name: Option<Cow<'a, str>>,
    pub(super) fix: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct PlaceShape<'a> {
    pub(super) path: Cow<'a, str>,
    pub(super) actual: Option<Json>,
    pub(super) fingerprint: Cow<'a, str>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct FindingShape<'a> {
    pub(super) rule: Cow<'a, str>,
    pub(super) severity: Cow<'a, str>,
    pub(super) title: Cow<'a, str>,
    pub(super) message: Cow<'a, str>,
    /// Missing in reports of 0.1.0, whose findings are shown with the path.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) names_path: bool,
    pub(super) pool: PoolShape<'a>,
    pub(super) source: Cow<'a, str>,
    pub(super) path: Cow<'a, str>,
    pub(super) subject: Option<SubjectShape<'a>>,
    pub(super) actual: Option<Json>,
    #[serde(default, skip_serializing_if = "Items::is_empty")]
    pub(super) also: Items<'a, Place, PlaceShape<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<Cow<'a, str>>,
    pub(super) expected: Cow<'a, str>,
    pub(super) default: bool,
    pub(super) location: Option<LocationShape<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) origin: Option<LocationShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) declaration: Option<DeclarationShape<'a>>,
    pub(super) fingerprint: Cow<'a, str>,
    pub(super) status: Cow<'a, str>,
    pub(super) waiver: Option<WaiverShape<'a>>,
    pub(super) change: Option<Cow<'a, str>>,
    pub(super) first_seen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deploy: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) changes: Option<Vec<TracedShape<'a>>>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct UnknownShape<'a> {
    pub(super) rule: Cow<'a, str>,
    pub(super) pool: PoolShape<'a>,
    pub(super) path: Cow<'a, str>,
    pub(super) subject: Option<SubjectShape<'a>>,
    pub(super) reason: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<LocationShape<'a>>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct UndoneShape<'a> {
    pub(super) pool: String,
    /// Missing in reports of 0.1.0.
    pub(super) reference: Option<PoolShape<'a>>,
    pub(super) path: Cow<'a, str>,
    pub(super) before: Option<Json>,
    pub(super) live: Option<Json>,
    pub(super) after: Option<Json>,
}

pub(super) fn text<T: AsRef<str>>(text: Option<&T>) -> Option<Cow<'_, str>> {
    text.map(|text| Cow::Borrowed(text.as_ref()))
}

fn texts<'a>(
    pairs: impl Iterator<Item = (&'a Arc<str>, &'a Arc<str>)>,
) -> BTreeMap<Cow<'a, str>, Cow<'a, str>> {
    pairs.map(|(key, value)| (Cow::Borrowed(&**key), Cow::Borrowed(&**value))).collect()
}

impl<'a> From<&'a Arc<PoolRef>> for PoolShape<'a> {
    fn from(pool: &'a Arc<PoolRef>) -> Self {
        // Other names and rules that are off serve decisions during the run; they are not part of a report.
        let PoolRef { identity, origin, offset, other_names: _, tags: _, off: _, written_in } = &**pool;
        let Identity { account, region, name, id, arn, address } = identity;
        PoolShape {
            id: text(id.as_ref()),
            arn: text(arn.as_ref()),
            name: text(name.as_ref()),
            account: text(account.as_ref()),
            region: text(region.as_ref()),
            address: text(address.as_ref()),
            source: Some(origin.source.word().into()),
            input: Some(Cow::Borrowed(&origin.name)),
            offset: *offset,
            tags: BTreeMap::new(),
            written_in: written_in.as_ref().map(|written| WrittenInShape {
                configuration: Cow::Borrowed(&written.configuration),
                addresses: texts(written.addresses.iter()),
            }),
        }
    }
}

impl<'a> From<&'a Arc<PoolRef>> for ListedPoolShape<'a> {
    fn from(pool: &'a Arc<PoolRef>) -> Self {
        let tags = texts(pool.tags.iter().flatten().map(|(key, value)| (key, value)));
        ListedPoolShape(PoolShape { tags, ..PoolShape::from(pool) })
    }
}

impl<'a> From<&'a Subject> for SubjectShape<'a> {
    fn from(subject: &'a Subject) -> Self {
        let Subject { key, label } = subject;
        SubjectShape { key: key.into(), label: text(label.as_ref()) }
    }
}

impl<'a> From<&'a Location> for LocationShape<'a> {
    fn from(location: &'a Location) -> Self {
        let Location { file, line, column } = location;
        LocationShape { file: Cow::Borrowed(file), line: *line, column: *column }
    }
}

impl<'a> From<&'a Declaration> for DeclarationShape<'a> {
    fn from(declaration: &'a Declaration) -> Self {
        let Declaration { address, construct, name, fix } = declaration;
        let [construct, name, fix] = [construct, name, fix].map(|one| text(one.as_ref()));
        DeclarationShape { address: address.into(), construct, name, fix }
    }
}

impl<'a> From<&'a Place> for PlaceShape<'a> {
    fn from(place: &'a Place) -> Self {
        let Place { path, actual, fingerprint, inline: _ } = place;
        let actual = actual.as_ref().map(Value::to_json);
        PlaceShape { path: path.into(), actual, fingerprint: fingerprint.into() }
    }
}

impl<'a> From<&'a Finding> for FindingShape<'a> {
    fn from(finding: &'a Finding) -> Self {
        let Disposition { status, lapsed, change, deploy, traced } = &finding.standing;
        let waiver = match status {
            Status::Waived(waiver) => Some(waiver),
            Status::Open | Status::Known => lapsed.as_ref(),
        };
        let (change, first_seen) = match change {
            Some(Change::New) => (Some("new"), None),
            Some(Change::Still(first)) => (Some("still"), Some(first.to_string())),
            None => (None, None),
        };
        FindingShape {
            rule: Cow::Borrowed(&finding.rule.id),
            severity: finding.rule.severity.word().into(),
            title: Cow::Borrowed(&finding.rule.title),
            message: Cow::Borrowed(&finding.message),
            names_path: finding.names_path,
            pool: PoolShape::from(&finding.pool),
            source: finding.pool.origin.source.word().into(),
            path: Cow::Borrowed(&finding.path),
            subject: finding.subject.as_deref().map(SubjectShape::from),
            actual: finding.actual.as_ref().map(Value::to_json),
            also: Items::Of(&finding.also),
            note: text(finding.note.as_ref()),
            expected: Cow::Borrowed(&finding.expected),
            default: finding.default,
            location: finding.location.as_ref().map(LocationShape::from),
            origin: finding.origin.as_deref().map(LocationShape::from),
            declaration: finding.declaration.as_deref().map(DeclarationShape::from),
            fingerprint: Cow::Borrowed(&finding.fingerprint),
            status: status.word().into(),
            waiver: waiver.map(|waiver| WaiverShape::from(waiver.as_ref())),
            change: change.map(Cow::Borrowed),
            first_seen,
            deploy: deploy.map(Effect::word).map(Cow::Borrowed),
            changes: traced.as_deref().map(|all| all.iter().map(TracedShape::from).collect()),
        }
    }
}

impl<'a> From<&'a Undecided> for UnknownShape<'a> {
    fn from(undecided: &'a Undecided) -> Self {
        let Undecided { rule, pool, subject, path, reason, location } = undecided;
        UnknownShape {
            rule: Cow::Borrowed(&rule.id),
            pool: PoolShape::from(pool),
            path: path.into(),
            subject: subject.as_ref().map(SubjectShape::from),
            reason: reason.into(),
            location: location.as_ref().map(LocationShape::from),
        }
    }
}

impl<'a> From<&'a Undone> for UndoneShape<'a> {
    fn from(undone: &'a Undone) -> Self {
        let Undone { pool, path, before, live, after } = undone;
        let [before, live, after] = [before, live, after].map(|value| value.as_ref().map(Value::to_json));
        let reference = Some(PoolShape::from(pool));
        UndoneShape { pool: pool.key(), reference, path: path.into(), before, live, after }
    }
}
