//! The list of all verdicts of a report.

use std::borrow::Cow;
use std::io;

use serde::ser::{Error, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::shapes::{PoolShape, SubjectShape};
use crate::finding::{Evidence, VerdictLog};

#[derive(Deserialize, Serialize)]
pub(super) struct VerdictShape<'a> {
    pub(super) rule: Cow<'a, str>,
    pub(super) pool: PoolShape<'a>,
    pub(super) subject: Option<SubjectShape<'a>>,
    pub(super) verdict: Cow<'a, str>,
    pub(super) reason: Cow<'a, str>,
}

/// All verdicts: written from a log, so that those on one pool are in memory, and read as shapes.
pub(super) enum Verdicts<'a> {
    Log(&'a VerdictLog),
    Shapes(Vec<VerdictShape<'a>>),
}

impl<'a> Verdicts<'a> {
    pub(super) fn into_shapes(self) -> Vec<VerdictShape<'a>> {
        match self {
            Verdicts::Shapes(shapes) => shapes,
            Verdicts::Log(_) => Vec::new(),
        }
    }

    /// Hands on every verdict.
    pub(super) fn each(&self, mut line: impl FnMut(&VerdictShape<'_>) -> io::Result<()>) -> io::Result<()> {
        match self {
            Verdicts::Log(log) => log.verdicts().try_for_each(|one| line(&VerdictShape::from(&one?))),
            Verdicts::Shapes(shapes) => shapes.iter().try_for_each(line),
        }
    }
}

impl<'a> From<&'a Evidence> for VerdictShape<'a> {
    fn from(evidence: &'a Evidence) -> Self {
        let Evidence { rule, pool, subject, verdict, reason } = evidence;
        VerdictShape {
            rule: Cow::Borrowed(rule),
            pool: PoolShape::from(pool),
            subject: subject.as_deref().map(SubjectShape::from),
            verdict: verdict.word().into(),
            reason: Cow::Borrowed(reason),
        }
    }
}

impl Serialize for Verdicts<'_> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        let log = match self {
            Verdicts::Log(log) => log,
            Verdicts::Shapes(shapes) => return serializer.collect_seq(shapes),
        };
        let mut list = serializer.serialize_seq(None)?;
        for one in log.verdicts() {
            list.serialize_element(&VerdictShape::from(&one.map_err(Z::Error::custom)?))?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Verdicts<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Verdicts::Shapes)
    }
}
