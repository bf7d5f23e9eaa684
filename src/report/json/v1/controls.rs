//! The shapes of the standards of a run, and of the verdicts on their controls.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::Damage;
use super::recorded::blank;
use super::shapes::PoolShape;
use crate::finding::{ControlVerdict, PoolRef, Proof};
use crate::rule::Rule;
use crate::rule::control::{Control, Standard, Uncovered};
use crate::value::Value;

/// A pack with controls.
#[derive(Deserialize, Serialize)]
pub(in crate::report) struct StandardShape<'a> {
    pack: Cow<'a, str>,
    title: Cow<'a, str>,
    controls: Vec<ControlShape<'a>>,
}

#[derive(Deserialize, Serialize)]
struct ControlShape<'a> {
    control: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    level: Cow<'a, str>,
    meaning: Cow<'a, str>,
    source: Cow<'a, str>,
    verified: bool,
    satisfied_by: Vec<BoundShape<'a>>,
    supported_by: Vec<BoundShape<'a>>,
    not_covered: Option<NotCoveredShape<'a>>,
}

/// A rule at the bounds of a control.
#[derive(Deserialize, Serialize)]
struct BoundShape<'a> {
    rule: Cow<'a, str>,
    params: Map<String, Json>,
}

#[derive(Deserialize, Serialize)]
struct NotCoveredShape<'a> {
    because: Cow<'a, str>,
    reason: Cow<'a, str>,
}

/// The verdict on a control for one pool.
#[derive(Deserialize, Serialize)]
pub(super) struct ControlVerdictShape<'a> {
    pack: Cow<'a, str>,
    control: Cow<'a, str>,
    pool: PoolShape<'a>,
    verdict: Cow<'a, str>,
    reason: Cow<'a, str>,
}

impl<'a> From<&'a Standard> for StandardShape<'a> {
    fn from(standard: &'a Standard) -> Self {
        StandardShape {
            pack: Cow::Borrowed(&standard.pack),
            title: Cow::Borrowed(&standard.title),
            controls: standard.controls.iter().map(ControlShape::from).collect(),
        }
    }
}

impl<'a> From<&'a Control> for ControlShape<'a> {
    fn from(control: &'a Control) -> Self {
        let Control { id, level, meaning, source, verified, satisfied_by, supported_by, uncovered } = control;
        let bounds = |rules: &'a [Arc<Rule>]| rules.iter().map(BoundShape::from).collect();
        ControlShape {
            control: Cow::Borrowed(id),
            level: level.into(),
            meaning: meaning.into(),
            source: source.into(),
            verified: *verified,
            satisfied_by: bounds(satisfied_by),
            supported_by: bounds(supported_by),
            not_covered: uncovered
                .as_ref()
                .map(|(why, reason)| NotCoveredShape { because: why.word().into(), reason: reason.into() }),
        }
    }
}

impl<'a> From<&'a Arc<Rule>> for BoundShape<'a> {
    fn from(rule: &'a Arc<Rule>) -> Self {
        let params = rule.params.iter().map(|(name, value)| (name.clone(), value.to_json()));
        BoundShape { rule: Cow::Borrowed(&rule.id), params: params.collect() }
    }
}

impl<'a> From<&'a ControlVerdict> for ControlVerdictShape<'a> {
    fn from(verdict: &'a ControlVerdict) -> Self {
        let ControlVerdict { standard, control, pool, verdict, reason } = verdict;
        ControlVerdictShape {
            pack: Cow::Borrowed(standard),
            control: Cow::Borrowed(control),
            pool: PoolShape::from(pool),
            verdict: verdict.word().into(),
            reason: reason.into(),
        }
    }
}

pub(super) fn standard(shape: StandardShape<'_>) -> Result<Standard, Damage> {
    let StandardShape { pack, title, controls } = shape;
    let controls = controls.into_iter().map(control).collect::<Result<_, _>>()?;
    Ok(Standard { pack: pack.into(), title: title.into_owned(), controls })
}

fn control(shape: ControlShape<'_>) -> Result<Control, Damage> {
    let ControlShape { control, level, meaning, source, verified, satisfied_by, supported_by, not_covered } =
        shape;
    let [level, meaning, source] = [level, meaning, source].map(Cow::into_owned);
    let rules = |shapes: Vec<BoundShape<'_>>| shapes.into_iter().map(bound).map(Arc::new).collect();
    let uncovered = not_covered.map(|NotCoveredShape { because, reason }| {
        let why = Uncovered::ALL.into_iter().find(|why| why.word() == because);
        let why = why.ok_or_else(|| format!("a control is not uncovered because of `{because}`"))?;
        Ok::<_, Damage>((why, reason.into_owned()))
    });
    Ok(Control {
        id: control.into(),
        level,
        meaning,
        source,
        verified,
        satisfied_by: rules(satisfied_by),
        supported_by: rules(supported_by),
        uncovered: uncovered.transpose()?,
    })
}

/// A rule of which nothing but the id and the bounds is known.
fn bound(shape: BoundShape<'_>) -> Rule {
    let params = shape.params.into_iter().map(|(name, value)| (name, Value::from_json(value)));
    Rule { id: shape.rule.into(), params: params.collect(), ..blank() }
}

pub(super) fn verdict(
    shape: ControlVerdictShape<'_>,
    pool: impl FnOnce(PoolShape<'_>) -> Result<Arc<PoolRef>, Damage>,
) -> Result<ControlVerdict, Damage> {
    let ControlVerdictShape { pack, control, pool: of, verdict: word, reason } = shape;
    let verdict = Proof::ALL.into_iter().find(|proof| proof.word() == word);
    let verdict = verdict.ok_or_else(|| format!("a control is not `{word}`"))?;
    let reason = reason.into_owned();
    Ok(ControlVerdict { standard: pack.into(), control: control.into(), pool: pool(of)?, verdict, reason })
}
