//! What was decided about findings, as a report tells it.

use std::sync::Arc;

use super::build::Damage;
use super::shapes::{FindingShape, FixedShape, WaiverShape};
use crate::finding::{Acceptance, Change, Fixed, Standing, Status};
use crate::value::Day;

pub(super) fn standing(shape: &mut FindingShape) -> Result<Standing, Damage> {
    let waiver = shape.waiver.take().map(acceptance).transpose()?;
    let (status, lapsed) = match (shape.status.as_str(), waiver) {
        ("open", lapsed) => (Status::Open, lapsed),
        ("waived", Some(waiver)) => (Status::Waived(waiver), None),
        ("known", _) => (Status::Known, None),
        ("waived", None) => return Err("a waived finding has no waiver".to_owned()),
        (word, _) => return Err(format!("there is no status `{word}`")),
    };
    let change = match (shape.change.as_deref(), &shape.first_seen) {
        (None, _) => None,
        (Some("new"), _) => Some(Change::New),
        (Some("still"), Some(first)) => Some(Change::Still(day(first)?)),
        (Some(word), _) => return Err(format!("there is no change `{word}`")),
    };
    Ok(Standing { status, lapsed, change, deploy: None })
}

fn acceptance(shape: WaiverShape) -> Result<Arc<Acceptance>, Damage> {
    let WaiverShape { owner, reason, expires, place } = shape;
    let expires = expires.as_deref().map(day).transpose()?;
    Ok(Arc::new(Acceptance { owner, reason, expires, place }))
}

pub(super) fn fixed(shape: FixedShape) -> Result<Fixed, Damage> {
    let FixedShape { rule, pool, title, path, fingerprint, first_seen } = shape;
    Ok(Fixed { first_seen: day(&first_seen)?, pool, title, rule, path, fingerprint })
}

fn day(text: &str) -> Result<Day, Damage> {
    Day::parse(text).ok_or_else(|| format!("`{text}` is no day"))
}
