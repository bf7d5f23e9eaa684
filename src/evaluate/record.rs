//! Turns judgements into findings, counts and evidence.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::excerpts::Excerpts;
use super::judge::{JudgeOptions, Judgement};
use super::tally::Tally;
use super::witness::{Found, Witness};
use super::{Detail, Evaluation};
use crate::finding::{
    ControlVerdict, Disposition, Evidence, Finding, InlineWaiver, Place, PoolRef, Subject, Undecided,
    Verdict, fingerprint,
};
use crate::pool::{Beyond, Pool};
use crate::rule::Rule;
use crate::schema::schema;
use crate::source::{Locator, ValueStep};
use crate::value::Value;

/// Values longer than this are cut in a message; the excerpt shows them whole.
const LONGEST_VALUE: usize = 80;

/// Takes down what is judged of one pool.
pub(super) struct Record<'a> {
    evaluation: &'a mut Evaluation,
    pool: &'a Pool,
    locator: Option<&'a Locator<'a>>,
    detail: Detail,
    /// Makes what findings call the pool; called with the first thing that needs it.
    name: &'a dyn Fn() -> PoolRef,
    reference: Option<Arc<PoolRef>>,
    /// Every verdict on the pool, when evidence was asked for.
    verdicts: Vec<Evidence>,
    texts: &'a mut Texts,
    excerpts: &'a Excerpts,
}

/// The texts of findings. Most findings of a rule have the same, so that each text is kept once.
#[derive(Default)]
pub(super) struct Texts(BTreeSet<Arc<str>>);

impl Texts {
    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}

impl<'a> Record<'a> {
    pub(super) fn new(
        evaluation: &'a mut Evaluation,
        pool: &'a Pool,
        locator: Option<&'a Locator<'a>>,
        (detail, texts, excerpts): (Detail, &'a mut Texts, &'a Excerpts),
        name: &'a dyn Fn() -> PoolRef,
    ) -> Record<'a> {
        let (reference, verdicts) = (None, Vec::new());
        let mut record =
            Record { evaluation, pool, locator, detail, name, reference, verdicts, texts, excerpts };
        if detail.has_findings() {
            let reference = record.reference();
            record.evaluation.pools.push(reference);
        }
        record
    }

    pub(super) fn reference(&mut self) -> Arc<PoolRef> {
        let texts = &mut *self.texts;
        let make = || {
            let mut made = (self.name)();
            for (key, value) in made.tags.iter_mut().flatten() {
                (*key, *value) = (texts.shared(key), texts.shared(value));
            }
            for common in [&mut made.identity.account, &mut made.identity.region].into_iter().flatten() {
                *common = texts.shared(common);
            }
            Arc::new(made)
        };
        Arc::clone(self.reference.get_or_insert_with(make))
    }

    pub(super) fn controls(&mut self, verdicts: Vec<ControlVerdict>) {
        self.evaluation.controls.extend(verdicts);
    }

    /// Takes down that waivers, by their positions, and those for other programs are beside something of the pool.
    pub(super) fn beside(&mut self, waivers: &[usize], peers: &[usize]) {
        if waivers.is_empty() && peers.is_empty() {
            return;
        }
        let pool = self.reference();
        for (found, positions) in
            [(&mut self.evaluation.inline, waivers), (&mut self.evaluation.peers, peers)]
        {
            for at in positions {
                if let Some(waiver) = found.get_mut(*at) {
                    waiver.pools.push(Arc::clone(&pool));
                }
            }
        }
    }

    pub(super) fn add(&mut self, rule: &Arc<Rule>, judgement: Judgement<'_>, options: JudgeOptions) {
        self.evaluation.tally.count(rule.severity, judgement.verdict, judgement.skip);
        if let Some(beyond) = judgement.outside {
            self.outside(rule, beyond);
        }
        if options.evidence {
            let reason = reason(&judgement).into();
            let (pool, subject) = (self.reference(), judgement.subject.clone().map(Box::new));
            let (rule, verdict) = (Arc::clone(&rule.id), judgement.verdict);
            self.verdicts.push(Evidence { rule, pool, subject, verdict, reason });
        }
        if !self.detail.has_findings() {
            return;
        }
        match judgement.verdict {
            Verdict::Fail => self.finding(rule, judgement),
            Verdict::Unknown => {
                let (pool, reason) = (self.reference(), reason(&judgement));
                // A file is a place by itself, and a directory is not.
                let location = judgement.witness.as_ref().and_then(|witness| {
                    let location = self.locator?.location(&witness.value_path)?;
                    (location.file != self.pool.origin.name).then_some(location)
                });
                let path = judgement.witness.map(|witness| witness.path).unwrap_or_default();
                let (rule, subject) = (Arc::clone(rule), judgement.subject);
                self.evaluation.undecided.push(Undecided { rule, pool, subject, path, reason, location });
            }
            Verdict::Pass | Verdict::Skipped => {}
        }
    }

    /// Hands the verdicts on the pool to the log, in order.
    pub(super) fn log(&mut self) {
        if self.verdicts.is_empty() {
            return;
        }
        let mut verdicts = std::mem::take(&mut self.verdicts);
        verdicts.sort_by(|a, b| (&a.rule, &a.subject).cmp(&(&b.rule, &b.subject)));
        let pool = self.reference();
        self.evaluation.evidence.add(&pool, &verdicts);
    }

    /// Adds the verdicts that are the same as on the pool before.
    pub(super) fn repeat(&mut self, tally: &Tally) {
        self.evaluation.tally.add(tally);
    }

    /// Takes down the part of the pool outside the input that leaves a rule undecided.
    pub(super) fn outside(&mut self, rule: &Arc<Rule>, beyond: Beyond) {
        let input = self.evaluation.outside.entry(Arc::clone(&self.pool.origin.name)).or_default();
        input.entry(beyond).or_default().insert(Arc::clone(&rule.id));
    }

    /// The waivers beside the code that accept a place. Elements that are compared with each other break a rule together,
    /// and none of them accepts it for the others.
    fn inline(&self, rule: &Rule, value_path: &[ValueStep<'_>]) -> Vec<Arc<InlineWaiver>> {
        let locator = self.locator.filter(|_| !rule.compares_elements());
        locator.map_or_else(Vec::new, |locator| locator.inline(value_path))
    }

    fn finding(&mut self, rule: &Arc<Rule>, judgement: Judgement<'_>) {
        let Some(witness) = judgement.witness else { return };
        let pool = self.reference();
        let default = matches!(witness.found, Found::Default(_));
        let message = message(rule, &witness, &judgement.expected, judgement.subject.as_ref());
        let location = self.locator.and_then(|locator| locator.location(&witness.value_path));
        let origin = self.locator.and_then(|locator| locator.origin(&witness.value_path));
        // A value from elsewhere is for that place to change.
        let wanted = witness.wanted.as_ref().filter(|_| origin.is_none());
        let declaration = self.locator.and_then(|locator| locator.declaration(&witness.value_path, wanted));
        let also = judgement.places.into_iter().map(|place| Place {
            fingerprint: fingerprint(&rule.id, &pool, &place.path, judgement.subject.as_ref()),
            actual: place.found.value(),
            inline: self.inline(rule, &place.value_path),
            path: place.path,
        });
        let mut also: Vec<Place> = also.collect();
        let actual = witness.found.value();
        also.retain(|place| place.path != witness.path || place.actual != actual);
        // Around an absent value is nothing to mark.
        let is_written = matches!(witness.found, Found::Value(_));
        let inline = self.inline(rule, &witness.value_path);
        let has_excerpt = is_written && self.excerpts.has_room(rule, !inline.is_empty());
        let excerpt = self.locator.filter(|_| has_excerpt);
        let finding = Finding {
            fingerprint: fingerprint(&rule.id, &pool, &witness.path, judgement.subject.as_ref()),
            rule: Arc::clone(rule),
            pool,
            subject: judgement.subject.map(Box::new),
            excerpt: excerpt.and_then(|locator| locator.excerpt(&witness.value_path)).map(Box::new),
            path: self.texts.shared(&witness.path),
            note: witness.note,
            actual,
            inline,
            also,
            default,
            expected: self.texts.shared(&judgement.expected),
            message: self.texts.shared(&message),
            names_path: rule.message.is_none(),
            location,
            origin: origin.map(Box::new),
            declaration: declaration.map(Box::new),
            standing: Disposition::default(),
        };
        self.evaluation.findings.push(finding);
    }
}

/// The value at the place, as it reads after "is".
fn shown(found: &Found) -> String {
    match found {
        Found::Value(value) => short(value),
        Found::Default(value) => format!("{} (default)", short(value)),
        Found::Absent => "absent".to_owned(),
        Found::Unknown(why) => format!("unknown: {why}"),
        Found::Outside(beyond) => format!("not in this input, which has no {}", beyond.path()),
    }
}

impl Found {
    /// The value. `None` if it is absent or unknown.
    fn value(&self) -> Option<Value> {
        match self {
            Found::Value(value) | Found::Default(value) => Some(value.clone()),
            Found::Absent | Found::Unknown(_) | Found::Outside(_) => None,
        }
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None if text.is_empty() => "\"\"".to_owned(),
        None => text,
    }
}

fn message(rule: &Rule, witness: &Witness<'_>, expected: &str, subject: Option<&Subject>) -> String {
    let mut actual = shown(&witness.found);
    if let Some(note) = &witness.note {
        actual.push_str(&format!(" ({note})"));
    }
    let Some(template) = &rule.message else {
        return format!("{} is {actual}, expected {expected}", witness.path);
    };
    let subject = subject.map_or("", |subject| called(subject, &witness.path));
    template.replace("{actual}", &actual).replace("{expected}", expected).replace("{subject}", subject)
}

/// An element in a sentence. Where it has neither name nor id, its position alone would say nothing: `Clients[0]`.
pub(super) fn called<'a>(subject: &'a Subject, path: &'a str) -> &'a str {
    if let Some(label) = &subject.label {
        return label;
    }
    let is_position = subject.key.bytes().all(|b| b.is_ascii_digit());
    let place = path.find(&format!("[{}]", subject.key)).filter(|_| is_position);
    place.map_or(&subject.key, |at| &path[..at + subject.key.len() + 2])
}

/// The message of a verdict: of a finding where it fails, else why it is what it is.
pub(super) fn said(rule: &Rule, judgement: &Judgement<'_>) -> String {
    match &judgement.witness {
        Some(witness) if judgement.verdict == Verdict::Fail => {
            let message = message(rule, witness, &judgement.expected, judgement.subject.as_ref());
            // The words of a rule need not have the value.
            match rule.message {
                Some(_) => format!("{message} ({} is {})", witness.path, shown(&witness.found)),
                None => message,
            }
        }
        _ => reason(judgement),
    }
}

/// Why a verdict is what it is.
fn reason(judgement: &Judgement<'_>) -> String {
    let place = judgement.witness.as_ref().map(|witness| match &witness.found {
        Found::Unknown(why) => why.clone(),
        Found::Outside(Beyond::Section(section)) => format!("the input contains no {}", section.member()),
        Found::Outside(Beyond::Member(id)) => {
            format!("its language has no argument for `{}`", schema().node(*id).path)
        }
        found => format!("{} is {}", witness.path, shown(found)),
    });
    match (&judgement.reason, place) {
        (Some(reason), Some(place)) => format!("{reason}: {place}"),
        (Some(reason), None) => reason.to_string(),
        (None, place) => place.unwrap_or_default(),
    }
}
