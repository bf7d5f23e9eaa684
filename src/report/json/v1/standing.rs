//! The shapes of waivers, and of findings and pools of an earlier report that are not in this one.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Damage;
use crate::finding::{Acceptance, Fixed, Unvisited};
use crate::value::Day;

#[derive(Deserialize, Serialize)]
pub(super) struct WaiverShape<'a> {
    pub(super) owner: Cow<'a, str>,
    pub(super) reason: Cow<'a, str>,
    pub(super) expires: Option<String>,
    pub(super) place: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) in_source: bool,
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

impl<'a> From<&'a Unvisited> for UnvisitedShape<'a> {
    fn from(unvisited: &'a Unvisited) -> Self {
        let Unvisited { title, pool, findings } = unvisited;
        UnvisitedShape { pool: pool.into(), title: title.into(), findings: *findings }
    }
}

impl<'a> From<&'a Acceptance> for WaiverShape<'a> {
    fn from(waiver: &'a Acceptance) -> Self {
        let Acceptance { owner, reason, expires, place, in_source } = waiver;
        WaiverShape {
            owner: owner.into(),
            reason: reason.into(),
            expires: expires.map(|day| day.to_string()),
            place: place.into(),
            in_source: *in_source,
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

pub(super) fn acceptance(shape: WaiverShape<'_>) -> Result<Arc<Acceptance>, Damage> {
    let WaiverShape { owner, reason, expires, place, in_source } = shape;
    let expires = expires.as_deref().map(day).transpose()?;
    let [owner, reason, place] = [owner, reason, place].map(Cow::into_owned);
    Ok(Arc::new(Acceptance { owner, reason, expires, place, in_source }))
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
    Day::parse(text).ok_or_else(|| format!("`{text}` is not a day"))
}
