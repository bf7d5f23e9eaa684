//! The shapes of waivers, and of findings and pools of an earlier report that are not in this one.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Damage;
use super::totals::BySeverityShape;
use crate::finding::{Acceptance, Fixed, RunNumbers, Unvisited};
use crate::report::json::moment;
use crate::value::{Day, Value};

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

/// An earlier run in numbers.
#[derive(Deserialize, Serialize)]
pub(super) struct EarlierShape {
    pub(super) generated: String,
    pub(super) pools: usize,
    pub(super) by_severity: BySeverityShape,
    pub(super) accepted: usize,
    pub(super) partial: bool,
}

impl From<&RunNumbers> for EarlierShape {
    fn from(run: &RunNumbers) -> Self {
        let RunNumbers { time, pools, open, accepted, partial } = *run;
        EarlierShape { generated: moment(time), pools, by_severity: open.into(), accepted, partial }
    }
}

impl<'a> From<&'a Arc<Acceptance>> for WaiverShape<'a> {
    fn from(waiver: &'a Arc<Acceptance>) -> Self {
        WaiverShape::from(&**waiver)
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

pub(super) fn earlier(shape: EarlierShape) -> Result<RunNumbers, Damage> {
    let EarlierShape { generated, pools, by_severity, accepted, partial } = shape;
    let time = Value::parse_time(&generated).ok_or_else(|| format!("`{generated}` is not a time"))?;
    Ok(RunNumbers { time, pools, open: by_severity.into(), accepted, partial })
}

pub(super) fn day(text: &str) -> Result<Day, Damage> {
    Day::parse(text).ok_or_else(|| format!("`{text}` is not a day"))
}
