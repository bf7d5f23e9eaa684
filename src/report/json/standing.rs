//! The shapes of what was decided about findings.

use serde::Serialize;

use crate::finding::{Acceptance, Change, Fixed, Standing, Status};

#[derive(Serialize)]
pub(super) struct StandingShape<'a> {
    pub(super) status: &'static str,
    pub(super) waiver: Option<WaiverShape<'a>>,
    pub(super) change: Option<&'static str>,
    pub(super) first_seen: Option<String>,
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
        StandingShape { status: standing.status.word(), waiver, change, first_seen }
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
