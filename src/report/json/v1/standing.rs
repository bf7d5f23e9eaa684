//! The shapes of decisions about findings, and of what a deploy or the time since an earlier report did to them.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Damage;
use super::shapes::{FindingShape, PoolShape};
use crate::finding::{Acceptance, Change, Effect, Fixed, Standing, Status, Undone, Unvisited};
use crate::value::{Day, Value};

#[derive(Deserialize, Serialize)]
pub(super) struct WaiverShape<'a> {
    pub(super) owner: Cow<'a, str>,
    pub(super) reason: Cow<'a, str>,
    pub(super) expires: Option<String>,
    pub(super) place: Cow<'a, str>,
}

#[derive(Deserialize, Serialize)]
pub(super) struct FixedShape<'a> {
    pub(super) rule: Cow<'a, str>,
    pub(super) pool: Cow<'a, str>,
    pub(super) title: Cow<'a, str>,
    pub(super) path: Cow<'a, str>,
    pub(super) fingerprint: Cow<'a, str>,
    pub(super) first_seen: String,
}

#[derive(Deserialize, Serialize)]
pub(super) struct UnvisitedShape<'a> {
    pub(super) pool: Cow<'a, str>,
    pub(super) title: Cow<'a, str>,
    pub(super) findings: usize,
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

impl<'a> From<&'a Undone> for UndoneShape<'a> {
    fn from(undone: &'a Undone) -> Self {
        let Undone { pool, path, before, live, after } = undone;
        let [before, live, after] = [before, live, after].map(|value| value.as_ref().map(Value::to_json));
        let reference = Some(PoolShape::from(pool));
        UndoneShape { pool: pool.key(), reference, path: path.into(), before, live, after }
    }
}

impl<'a> From<&'a Unvisited> for UnvisitedShape<'a> {
    fn from(unvisited: &'a Unvisited) -> Self {
        let Unvisited { title, pool, findings } = unvisited;
        UnvisitedShape { pool: pool.into(), title: title.into(), findings: *findings }
    }
}

impl<'a> From<&'a Acceptance> for WaiverShape<'a> {
    fn from(waiver: &'a Acceptance) -> Self {
        let Acceptance { owner, reason, expires, place } = waiver;
        WaiverShape {
            owner: owner.into(),
            reason: reason.into(),
            expires: expires.map(|day| day.to_string()),
            place: place.into(),
        }
    }
}

impl<'a> From<&'a Fixed> for FixedShape<'a> {
    fn from(fixed: &'a Fixed) -> Self {
        let Fixed { pool, title, rule, path, fingerprint, first_seen } = fixed;
        FixedShape {
            rule: rule.into(),
            pool: pool.into(),
            title: title.into(),
            path: path.into(),
            fingerprint: fingerprint.into(),
            first_seen: first_seen.to_string(),
        }
    }
}

pub(super) fn standing(shape: &mut FindingShape<'_>) -> Result<Standing, Damage> {
    let waiver = shape.waiver.take().map(acceptance).transpose()?;
    let (status, lapsed) = match (&*shape.status, waiver) {
        ("open", lapsed) => (Status::Open, lapsed),
        ("waived", Some(waiver)) => (Status::Waived(waiver), None),
        ("known", lapsed) => (Status::Known, lapsed),
        ("waived", None) => return Err("a waived finding has no waiver".to_owned()),
        (word, _) => return Err(format!("there is no status `{word}`")),
    };
    let change = match (shape.change.as_deref(), &shape.first_seen) {
        (None, _) => None,
        (Some("new"), _) => Some(Change::New),
        (Some("still"), Some(first)) => Some(Change::Still(day(first)?)),
        (Some(word), _) => return Err(format!("there is no change `{word}`")),
    };
    let deploy = shape.deploy.as_deref().map(|word| {
        let effect = [Effect::Introduced, Effect::Kept].into_iter().find(|effect| effect.word() == word);
        effect.ok_or_else(|| format!("a deploy has no effect `{word}`"))
    });
    Ok(Standing { status, lapsed, change, deploy: deploy.transpose()? })
}

fn acceptance(shape: WaiverShape<'_>) -> Result<Arc<Acceptance>, Damage> {
    let WaiverShape { owner, reason, expires, place } = shape;
    let expires = expires.as_deref().map(day).transpose()?;
    let [owner, reason, place] = [owner, reason, place].map(Cow::into_owned);
    Ok(Arc::new(Acceptance { owner, reason, expires, place }))
}

pub(super) fn fixed(shape: FixedShape<'_>) -> Result<Fixed, Damage> {
    let FixedShape { rule, pool, title, path, fingerprint, first_seen } = shape;
    let [rule, pool, title, path, fingerprint] = [rule, pool, title, path, fingerprint].map(Cow::into_owned);
    Ok(Fixed { first_seen: day(&first_seen)?, pool, title, rule, path, fingerprint })
}

pub(super) fn unvisited(shape: UnvisitedShape<'_>) -> Unvisited {
    let UnvisitedShape { pool, title, findings } = shape;
    Unvisited { title: title.into_owned(), pool: pool.into_owned(), findings }
}

pub(super) fn day(text: &str) -> Result<Day, Damage> {
    Day::parse(text).ok_or_else(|| format!("`{text}` is no day"))
}
