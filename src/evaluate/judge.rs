//! One rule over one pool.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use super::expected::expected;
use super::places::places;
use super::tally::Skip;
use super::witness::{Found, Site, Witness, key_of, witness};
use crate::finding::{Subject, Verdict};
use crate::journey;
use crate::pool::{Beyond, Element, Elements, LocatedElement, Place, Pool, Scope, Section, State, elements};
use crate::rule::{ListPath, Named, Predicate, Rule};
use crate::schema::{joined, schema};
use crate::truth::{Doubt, EvalContext, Truth, truth};
use crate::value::Value;

/// The judgement of a rule on one subject.
#[derive(Debug)]
pub(super) struct Judgement<'a> {
    pub verdict: Verdict,
    pub subject: Option<Subject>,
    /// Where it was decided. Not looked for when a verdict passes, unless somebody wants evidence.
    pub witness: Option<Witness<'a>>,
    /// The value that would make a failed verdict pass, where places are looked for.
    pub expected: String,
    /// Every place that made it fail, where places are looked for and there may be more than one.
    pub places: Vec<Witness<'a>>,
    /// The input cannot say this, so nothing was decided.
    pub outside: Option<Beyond>,
    /// Why it is skipped, where no place explains that.
    pub reason: Option<Cow<'static, str>>,
    /// The kind of that reason.
    pub skip: Option<Skip>,
}

/// How to judge.
#[derive(Clone, Copy, Debug)]
pub(super) struct JudgeOptions {
    pub now: i64,
    pub full_coverage: bool,
    pub evidence: bool,
    /// Look for the place that made a verdict fail; without, failures are only counted.
    pub places: bool,
}

impl JudgeOptions {
    /// Whether somebody looks at more than verdicts.
    fn are_shown(self) -> bool {
        self.evidence || self.places
    }
}

/// Judges every subject of a rule in a pool.
pub(super) fn judge<'a>(
    rule: &Arc<Rule>,
    pool: &'a Pool,
    options: JudgeOptions,
    each: &mut impl FnMut(Judgement<'a>),
) {
    let scope = Scope::of(pool);
    let site = Site::pool(scope, options.are_shown());
    if rule.infers {
        if let Some(judgement) = settled(rule, &site, options) {
            return each(judgement);
        }
        pool.journeys.fill(|| journey::list_of(pool));
    }
    let Some(list) = &rule.each else {
        return each(judge_subject(rule, &site, None, options));
    };
    let undecided = |found: Found| Witness {
        path: if options.are_shown() { list.path.to_string() } else { String::new() },
        value_path: Vec::new(),
        found,
        note: None,
        wanted: None,
    };
    let state = match elements(scope, &list.path, list.element) {
        Ok(elements) => {
            judge_elements(rule, (&site, list), &elements, options, each);
            match elements.doubt() {
                Some(state) => state.clone(),
                None if elements.is_empty() => State::Absent,
                None => return,
            }
        }
        Err(state) => state,
    };
    let is_absent = matches!(state, State::Default(_) | State::Absent);
    if let Some(judgement) = settled(rule, &site, options).filter(|_| !is_absent) {
        return each(judgement);
    }
    match state {
        State::Default(_) | State::Absent => {
            let reason = Some("there is no element to judge".into());
            each(Judgement { skip: Some(Skip::Empty), ..nothing(Verdict::Skipped, reason) });
        }
        State::Present(other) => {
            let why = format!("{} was found where the API has a list", other.kind());
            each(Judgement {
                witness: Some(undecided(Found::Unknown(why))),
                ..nothing(Verdict::Unknown, None)
            });
        }
        State::Unknown(why) => {
            let found = Found::Unknown(why.into_owned());
            each(Judgement { witness: Some(undecided(found)), ..nothing(Verdict::Unknown, None) });
        }
        State::Outside(beyond) => each(outside(undecided(Found::Outside(beyond)), None, beyond, options)),
    }
}

/// Judges the elements of a list.
fn judge_elements<'a>(
    rule: &Arc<Rule>,
    (site, list): (&Site<'a>, &ListPath),
    elements: &Elements<'a>,
    options: JudgeOptions,
    each: &mut impl FnMut(Judgement<'a>),
) {
    let judge_element = |placed: &LocatedElement<'a>| {
        let (site, subject) = subject(site, list, placed);
        judge_subject(rule, &site, Some(subject), options)
    };
    let mut other_question = None;
    let mut judged = false;
    for placed in elements.iter() {
        // An element that may be another pool's decides only whether the verdict is the same either way.
        let possible = possible(site.scope.pool, list, &placed).map(|placed| judge_element(&placed));
        let harmless =
            possible.filter(|judgement| matches!(judgement.verdict, Verdict::Pass | Verdict::Skipped));
        let judgement = harmless.unwrap_or_else(|| judge_element(&placed));
        // The answers that a rule on journeys does not ask for do not belong to the pool, and are not counted.
        if judgement.skip == Some(Skip::Condition) && is_inferred(placed.element) {
            other_question = Some(judgement);
        } else {
            judged = true;
            each(judgement);
        }
    }
    if let Some(judgement) = other_question.filter(|_| !judged) {
        each(judgement);
    }
}

/// Whether an element is worked out from the whole pool.
fn is_inferred(element: Element<'_>) -> bool {
    element.node.is_some_and(|node| schema().node(node).inferred)
}

/// An element of which nothing is known.
static ANY: LazyLock<Value> = LazyLock::new(|| Value::Unknown(Arc::from("it is any element")));

/// The judgement of every element that a list may have, where the settings of the pool alone decide it.
fn settled<'a>(rule: &Arc<Rule>, site: &Site<'a>, options: JudgeOptions) -> Option<Judgement<'a>> {
    let list = rule.each.as_ref()?;
    let element = Element { value: &ANY, node: list.element, key: None };
    let (any, _) = subject(site, list, &LocatedElement { element, place: Place::At(0) });
    let applies = EvalContext::filter(options.now);
    let conditions = match &rule.when {
        Some(Predicate::All(conditions)) => conditions.as_slice(),
        Some(condition) => std::slice::from_ref(condition),
        None => &[],
    };
    let (mut is_open, mut beyond) = (false, None);
    for condition in conditions {
        let holds = match asks_for_inferred(condition, any.scope.pool) {
            true => Truth::Unknown(Doubt::Unread),
            false => truth(condition, any.scope, applies),
        };
        match holds {
            Truth::True => {}
            // Nobody looks at the place.
            Truth::False if !options.are_shown() => {
                let reason = Some("the rule does not apply".into());
                return Some(Judgement { skip: Some(Skip::Condition), ..nothing(Verdict::Skipped, reason) });
            }
            Truth::False => return Some(judge_subject(rule, &any, None, options)),
            Truth::Unknown(doubt) => {
                is_open = true;
                beyond = beyond.or(Some(condition).filter(|_| doubt == Doubt::Outside));
            }
        }
    }
    // Working out a list that a condition outside of the input leaves undecided would be in vain.
    if let Some(condition) = beyond.filter(|_| rule.infers) {
        return Some(undecided(condition, &any, applies, Doubt::Outside, None, options));
    }
    let is_open = is_open || asks_for_inferred(&rule.expect, any.scope.pool);
    let judgement = (!is_open).then(|| judge_subject(rule, &any, None, options))?;
    matches!(judgement.verdict, Verdict::Pass | Verdict::Skipped).then_some(judgement)
}

/// Whether a predicate asks for a list that was worked out for another rule. That settles nothing, since the list follows
/// from the whole pool.
fn asks_for_inferred(predicate: &Predicate, pool: &Pool) -> bool {
    let mut asks = false;
    if pool.journeys.get().is_some() {
        predicate.paths(&mut |path, node| {
            asks |= path.from_pool && node.is_some_and(|node| schema().node(node).inferred);
        });
    }
    asks
}

/// A judgement without a place.
fn nothing<'a>(verdict: Verdict, reason: Option<Cow<'static, str>>) -> Judgement<'a> {
    Judgement {
        verdict,
        subject: None,
        witness: None,
        places: Vec::new(),
        expected: String::new(),
        outside: None,
        reason,
        skip: None,
    }
}

/// Why a rule does not apply, by the title of the named predicate that decides.
fn title((named, holds): (&Named, bool)) -> Cow<'static, str> {
    let word = if holds { "where" } else { "unless" };
    format!("the rule does not apply {word} {}", named.title).into()
}

/// The named predicate that makes a condition come out as `wanted`, and its own result.
fn deciding<'r>(
    predicate: &'r Predicate,
    site: &Site<'_>,
    context: EvalContext,
    wanted: bool,
) -> Option<(&'r Named, bool)> {
    let one = |inner: &'r [Predicate], wanted: bool| {
        let first = inner.iter().find(|part| truth(part, site.scope, context) == Truth::from(wanted))?;
        deciding(first, site, context, wanted)
    };
    match predicate {
        Predicate::Named(named) => Some((named, wanted)),
        Predicate::All(inner) | Predicate::Any(inner) => one(inner, wanted),
        Predicate::None(inner) => one(inner, !wanted),
        Predicate::Leaf(_)
        | Predicate::Some(_)
        | Predicate::Every(_)
        | Predicate::Count(_)
        | Predicate::Unique(_) => None,
    }
}

/// The element of a section as it is if the pool has it, where another pool may have it.
fn possible<'a>(pool: &'a Pool, list: &ListPath, placed: &LocatedElement<'a>) -> Option<LocatedElement<'a>> {
    let (Place::At(index), [section]) = (&placed.place, list.path.steps.as_slice()) else { return None };
    let value = pool.possible_element(Section::of(&section.name), *index)?;
    Some(LocatedElement { element: Element { value, ..placed.element }, ..placed.clone() })
}

/// An element of a list as a subject of its own.
fn subject<'a>(site: &Site<'a>, list: &ListPath, placed: &LocatedElement<'a>) -> (Site<'a>, Subject) {
    let element = placed.element;
    let subject = match &placed.place {
        Place::At(index) => Subject {
            key: key_of(element.value, element.node, site.scope.pool, *index),
            label: label_of(element.value, element.node),
        },
        Place::In(names) => {
            Subject { key: names.iter().fold(String::new(), |path, name| joined(&path, name)), label: None }
        }
    };
    (site.element(&list.path, placed), subject)
}

/// An element's name for people.
fn label_of(element: &Value, node: Option<crate::schema::NodeId>) -> Option<String> {
    let list = node.map(|id| schema().node(schema().node(id).parent))?;
    element
        .get(list.label.as_ref()?)
        .filter(|label| !label.is_unknown() && **label != Value::Secret)
        .map(Value::to_string)
}

fn judge_subject<'a>(
    rule: &Arc<Rule>,
    site: &Site<'a>,
    subject: Option<Subject>,
    options: JudgeOptions,
) -> Judgement<'a> {
    let applies = EvalContext::filter(options.now);
    let context = EvalContext::expect(rule.when_absent, options.now);
    if let Some(when) = &rule.when {
        match truth(when, site.scope, applies) {
            Truth::True => {}
            Truth::False => {
                let named = options.evidence.then(|| deciding(when, site, applies, false)).flatten();
                let decided = named.map(title);
                let place = options.evidence && decided.is_none();
                let why = place.then(|| witness(when, site, applies, Truth::False));
                let reason = decided.or(Some("the rule does not apply".into()));
                return Judgement {
                    verdict: Verdict::Skipped,
                    subject,
                    witness: why,
                    places: Vec::new(),
                    expected: String::new(),
                    outside: None,
                    reason,
                    skip: Some(Skip::Condition),
                };
            }
            Truth::Unknown(why) => return undecided(when, site, applies, why, subject, options),
        }
    }
    let verdict = match truth(&rule.expect, site.scope, context) {
        Truth::True => Verdict::Pass,
        Truth::False => Verdict::Fail,
        Truth::Unknown(why) => return undecided(&rule.expect, site, context, why, subject, options),
    };
    let shown = options.evidence || (options.places && verdict == Verdict::Fail);
    let wanted = if verdict == Verdict::Fail { Truth::False } else { Truth::True };
    let witness = shown.then(|| witness(&rule.expect, site, context, wanted));
    let expected = match (&witness, verdict) {
        (Some(witness), Verdict::Fail) => expected(&rule.expect, site, context, &witness.path),
        _ => String::new(),
    };
    let mut all = Vec::new();
    if options.places && verdict == Verdict::Fail && !matches!(rule.expect, Predicate::Leaf(_)) {
        places(&rule.expect, site, context, Truth::False, &mut all);
    }
    Judgement { verdict, subject, witness, expected, places: all, outside: None, reason: None, skip: None }
}

fn undecided<'a>(
    predicate: &Predicate,
    site: &Site<'a>,
    context: EvalContext,
    why: Doubt,
    subject: Option<Subject>,
    options: JudgeOptions,
) -> Judgement<'a> {
    let place = witness(predicate, site, context, Truth::Unknown(why));
    match (why, &place.found) {
        (Doubt::Absent, _) => {
            let reason = Some("the value is absent".into());
            Judgement {
                verdict: Verdict::Skipped,
                subject,
                witness: Some(place),
                places: Vec::new(),
                expected: String::new(),
                outside: None,
                reason,
                skip: Some(Skip::Absent),
            }
        }
        (Doubt::Outside, Found::Outside(beyond)) => {
            let beyond = *beyond;
            outside(place, subject, beyond, options)
        }
        _ => Judgement {
            verdict: Verdict::Unknown,
            subject,
            witness: Some(place),
            places: Vec::new(),
            expected: String::new(),
            outside: None,
            reason: None,
            skip: None,
        },
    }
}

fn outside(
    place: Witness<'_>,
    subject: Option<Subject>,
    beyond: Beyond,
    options: JudgeOptions,
) -> Judgement<'_> {
    let verdict = if options.full_coverage { Verdict::Unknown } else { Verdict::Skipped };
    let reason = Some(Cow::Borrowed(match beyond {
        Beyond::Section(_) => "the input does not contain this section",
        Beyond::Member(_) => "the input does not show this",
    }));
    Judgement {
        verdict,
        subject,
        witness: Some(place),
        places: Vec::new(),
        expected: String::new(),
        outside: Some(beyond),
        reason,
        skip: (verdict == Verdict::Skipped).then_some(Skip::Outside),
    }
}
