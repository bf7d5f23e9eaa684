//! The shapes of what was decided about findings.

use serde::Serialize;

use crate::finding::{Acceptance, Change, Effect, Fixed, Standing, Status, Undone};
use crate::value::Value;

#[derive(Serialize)]
pub(super) struct StandingShape<'a> {
    pub(super) status: &'static str,
    pub(super) waiver: Option<WaiverShape<'a>>,
    pub(super) change: Option<&'static str>,
    pub(super) first_seen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deploy: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct WaiverShape<'a> {
    owner: &'a str,
    reason: &'a str,
    expires: Option<String>,
    place: &'a str,
}

#[derive(Serialize)]
pub(super) struct FixedShape<'a> {
    rule: &'a str,
    pool: &'a str,
    title: &'a str,
    path: &'a str,
    fingerprint: &'a str,
    first_seen: String,
}

#[derive(Serialize)]
pub(super) struct UndoneShape<'a> {
    pool: String,
    path: &'a str,
    before: Option<serde_json::Value>,
    live: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
}

impl<'a> From<&'a Undone> for UndoneShape<'a> {
    fn from(undone: &'a Undone) -> Self {
        let [before, live, after] =
            [&undone.before, &undone.live, &undone.after].map(|value| value.as_ref().map(Value::to_json));
        UndoneShape { pool: undone.pool.key(), path: &undone.path, before, live, after }
    }
}

impl<'a> From<&'a Standing> for StandingShape<'a> {
    fn from(standing: &'a Standing) -> Self {
        let waiver = match &standing.status {
            Status::Waived(waiver) => Some(waiver),
            Status::Open | Status::Known => standing.lapsed.as_ref(),
        };
        let (change, first_seen) = match standing.change {
            Some(Change::New) => (Some("new"), None),
            Some(Change::Still(first)) => (Some("still"), Some(first.to_string())),
            None => (None, None),
        };
        let waiver = waiver.map(|waiver| WaiverShape::from(waiver.as_ref()));
        let deploy = standing.deploy.map(Effect::word);
        StandingShape { status: standing.status.word(), waiver, change, first_seen, deploy }
    }
}

impl<'a> From<&'a Acceptance> for WaiverShape<'a> {
    fn from(waiver: &'a Acceptance) -> Self {
        WaiverShape {
            owner: &waiver.owner,
            reason: &waiver.reason,
            expires: waiver.expires.map(|day| day.to_string()),
            place: &waiver.place,
        }
    }
}

impl<'a> From<&'a Fixed> for FixedShape<'a> {
    fn from(fixed: &'a Fixed) -> Self {
        FixedShape {
            rule: &fixed.rule,
            pool: &fixed.pool,
            title: &fixed.title,
            path: &fixed.path,
            fingerprint: &fixed.fingerprint,
            first_seen: fixed.first_seen.to_string(),
        }
    }
}
