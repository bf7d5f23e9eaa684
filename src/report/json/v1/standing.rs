//! The shapes of decisions about findings, and of what a deploy or the time since an earlier report did to them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::shapes::PoolShape;
use crate::finding::{Acceptance, Fixed, Undone};
use crate::value::Value;

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
