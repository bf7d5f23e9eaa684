//! Turns the shapes of a report back into the types that they were written from.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ReportShape;
use super::read::{Recorded, RecordedTerms};
use super::run::{PolicyShape, RuleShape, ShardShape, TermsShape, ToolShape};
use super::shapes::{
    BySeverityShape, DeclarationShape, FindingShape, LocationShape, NoteShape, OutsideShape, PlaceShape,
    PoolShape, SubjectShape, SummaryShape, UnknownShape, UnreadShape, VerdictShape,
};
use super::standing::{FixedShape, UndoneShape, WaiverShape};
use crate::evaluate::{Evaluation, Tally};
use crate::finding::{
    Acceptance, Change, Declaration, Effect, Evidence, Finding, Fixed, Location, Place, PoolRef, Standing,
    Status, Subject, Undecided, Undone, Verdict,
};
use crate::mistake::Script;
use crate::outcome::{Outcome, Terms};
use crate::pool::{Identity, Origin, Section, Source};
use crate::rule::{Policy, Predicate, Rule, Scope, Selector, Severity, WhenAbsent};
use crate::shard::Shard;
use crate::source::{Interrupt, Note, Unread};
use crate::value::{Day, Value};

/// What is wrong with a report, where something in it cannot be.
type Damage = String;

pub(super) fn recorded(shape: ReportShape<'_>) -> Result<Recorded, Damage> {
    let ReportShape {
        version: _,
        tool: ToolShape { name: _, version },
        generated,
        shard,
        terms,
        outcome: _,
        exit_code,
        answer: _,
        summary,
        findings,
        fixed: were_fixed,
        removed,
        undone,
        unknown,
        unread: not_read,
        notes,
        outside,
        unknown_members,
        policy: policy_shape,
        pools,
        verdicts,
    } = shape;
    let scopes = policy_shape.scopes.iter().map(|scope| scope.pools).enumerate();
    let mut evaluation = Evaluation {
        tally: tally(&summary),
        fixed: collect(were_fixed.into_shapes(), fixed)?,
        unread: not_read.into_shapes().map(unread).collect(),
        notes: notes.into_shapes().map(note).collect(),
        outside: not_held(outside),
        unknown_members: unknown_members.into_owned(),
        scoped: scopes.filter(|(_, pools)| *pools > 0).collect(),
        interrupted: interrupt(exit_code),
        ..Evaluation::default()
    };
    let digest = policy_shape.digest.as_deref().map(str::to_owned);
    let mut interner = Interner { policy: policy(policy_shape)?, ..Interner::default() };
    evaluation.pools = collect(pools.into_shapes(), |pool| interner.pool(pool, None))?;
    evaluation.findings = collect(findings.into_shapes(), |finding| interner.finding(finding))?;
    evaluation.tally.count_accepted(&evaluation.findings);
    evaluation.removed = collect(removed.into_shapes(), |finding| interner.finding(finding))?;
    evaluation.undone = collect(undone.into_shapes(), |undone| interner.undone(undone))?;
    evaluation.undecided = collect(unknown.into_shapes(), |unknown| interner.undecided(unknown))?;
    let verdicts = verdicts.unwrap_or_default().into_shapes();
    evaluation.evidence = collect(verdicts, |verdict| interner.evidence(verdict))?;
    let shard = shard.map(|ShardShape { index, count, seen }| {
        evaluation.seen = seen.into_owned();
        Shard::new(index, count).ok_or_else(|| format!("there is no shard {index} of {count}"))
    });
    Ok(Recorded {
        tool: version.into_owned(),
        generated: generated.map(|text| moment(&text)).transpose()?,
        shard: shard.transpose()?,
        terms: terms.map(|terms| terms_of(&terms)).transpose()?,
        digest,
        policy: interner.policy,
        evaluation,
    })
}

/// What each input does not hold.
fn not_held(shapes: Vec<OutsideShape<'_>>) -> BTreeMap<Arc<str>, BTreeMap<Section, BTreeSet<Arc<str>>>> {
    let mut outside = BTreeMap::<_, BTreeMap<_, BTreeSet<_>>>::new();
    for OutsideShape { input, section, rules } in shapes {
        let sections = outside.entry(Arc::from(input)).or_default();
        sections.entry(Section::of(&section)).or_default().extend(rules.into_iter().map(Arc::from));
    }
    outside
}

fn collect<S, T>(
    shapes: impl Iterator<Item = S>,
    make: impl FnMut(S) -> Result<T, Damage>,
) -> Result<Vec<T>, Damage> {
    shapes.map(make).collect()
}

/// What many items of a report have in common, and is made once.
#[derive(Default)]
struct Interner {
    policy: Policy,
    /// Rules as findings have them, by id, severity and title.
    rules: BTreeMap<(String, String, String), Arc<Rule>>,
    pools: BTreeMap<PoolRef, Arc<PoolRef>>,
}

impl Interner {
    /// The pool of a shape. What older reports leave out of it is in the finding that it is `of`.
    fn pool(&mut self, shape: PoolShape<'_>, of: Option<&FindingShape<'_>>) -> Result<Arc<PoolRef>, Damage> {
        let PoolShape { id, arn, name, account, region, address, source: word, input, offset } = shape;
        let word = word.as_deref().or(of.map(|finding| &*finding.source));
        let file = of.and_then(|finding| finding.location.as_ref()).map(|location| &location.file);
        let input = input.as_ref().or(file).or(region.as_ref());
        let origin = Origin {
            source: word.map_or(Ok(Source::default()), source)?,
            name: input.map_or_else(Arc::default, |name| Arc::from(&**name)),
        };
        let [account, region, name, id, arn, address] =
            [account, region, name, id, arn, address].map(|text| text.map(Arc::from));
        let identity = Identity { account, region, name, id, arn, address };
        let pool = PoolRef { identity, origin, offset, ..PoolRef::default() };
        Ok(Arc::clone(self.pools.entry(pool).or_insert_with_key(|pool| Arc::new(pool.clone()))))
    }

    /// The rule of a report's list, or one of which nothing but the id is known.
    fn rule(&mut self, id: &str) -> Arc<Rule> {
        match self.policy.rules.binary_search_by(|rule| (*rule.id).cmp(id)) {
            Ok(at) => Arc::clone(&self.policy.rules[at]),
            Err(at) => {
                let rule = Arc::new(Rule { id: id.into(), title: id.to_owned(), ..blank() });
                self.policy.rules.insert(at, Arc::clone(&rule));
                rule
            }
        }
    }

    fn rule_of(&mut self, finding: &FindingShape<'_>) -> Result<Arc<Rule>, Damage> {
        let (id, title) = (&*finding.rule, &*finding.title);
        let key = (id.to_owned(), finding.severity.to_string(), title.to_owned());
        if let Some(rule) = self.rules.get(&key) {
            return Ok(Arc::clone(rule));
        }
        let severity = severity(&finding.severity)?;
        let mut rule = self.rule(id);
        if rule.severity != severity || rule.title != title {
            rule = Arc::new(Rule { severity, title: title.to_owned(), ..(*rule).clone() });
        }
        self.rules.insert(key, Arc::clone(&rule));
        Ok(rule)
    }

    fn finding(&mut self, mut shape: FindingShape<'_>) -> Result<Finding, Damage> {
        let rule = self.rule_of(&shape)?;
        let pool = std::mem::take(&mut shape.pool);
        Ok(Finding {
            rule,
            pool: self.pool(pool, Some(&shape))?,
            standing: standing(&mut shape)?,
            subject: shape.subject.map(subject),
            path: shape.path.into_owned(),
            actual: shape.actual.map(Value::from_json),
            also: shape.also.into_shapes().map(place).collect(),
            default: shape.default,
            expected: shape.expected.into_owned(),
            message: shape.message.into_owned(),
            location: shape.location.map(location),
            declaration: shape.declaration.map(declaration),
            excerpt: None,
            fingerprint: shape.fingerprint.into_owned(),
        })
    }

    fn undone(&mut self, shape: UndoneShape<'_>) -> Result<Undone, Damage> {
        let UndoneShape { pool: key, reference, path, before, live, after } = shape;
        let reference = reference.unwrap_or_else(|| {
            let arn = key.starts_with("arn:");
            let key = Some(Cow::Owned(key));
            if arn {
                PoolShape { arn: key, ..PoolShape::default() }
            } else {
                PoolShape { id: key, ..PoolShape::default() }
            }
        });
        let [before, live, after] = [before, live, after].map(|value| value.map(Value::from_json));
        Ok(Undone { pool: self.pool(reference, None)?, path: path.into_owned(), before, live, after })
    }

    fn undecided(&mut self, shape: UnknownShape<'_>) -> Result<Undecided, Damage> {
        let UnknownShape { rule, pool, path, subject: element, reason } = shape;
        let (rule, pool) = (self.rule(&rule), self.pool(pool, None)?);
        let (path, reason) = (path.into_owned(), reason.into_owned());
        Ok(Undecided { rule, pool, subject: element.map(subject), path, reason })
    }

    fn evidence(&mut self, shape: VerdictShape<'_>) -> Result<Evidence, Damage> {
        let VerdictShape { rule, pool, subject: element, verdict: word, reason } = shape;
        let all = [Verdict::Pass, Verdict::Fail, Verdict::Unknown, Verdict::Skipped];
        let verdict = all.into_iter().find(|verdict| verdict.word() == word);
        let verdict = verdict.ok_or_else(|| format!("there is no verdict `{word}`"))?;
        let (pool, subject) = (self.pool(pool, None)?, element.map(subject));
        Ok(Evidence { rule: rule.into(), pool, subject, verdict, reason: reason.into_owned() })
    }
}

fn standing(shape: &mut FindingShape<'_>) -> Result<Standing, Damage> {
    let waiver = shape.waiver.take().map(acceptance).transpose()?;
    let (status, lapsed) = match (&*shape.status, waiver) {
        ("open", lapsed) => (Status::Open, lapsed),
        ("waived", Some(waiver)) => (Status::Waived(waiver), None),
        ("known", lapsed) => (Status::Known, lapsed),
        ("waived", None) => return Err("a waived finding has no waiver".to_owned()),
        (word, _) => return Err(format!("there is no status `{word}`")),
    };
    let change = match (shape.change.as_deref(), &shape.first_seen) {
        (None, _) => None,
        (Some("new"), _) => Some(Change::New),
        (Some("still"), Some(first)) => Some(Change::Still(day(first)?)),
        (Some(word), _) => return Err(format!("there is no change `{word}`")),
    };
    let deploy = shape.deploy.as_deref().map(|word| {
        let effect = [Effect::Introduced, Effect::Kept].into_iter().find(|effect| effect.word() == word);
        effect.ok_or_else(|| format!("a deploy has no effect `{word}`"))
    });
    Ok(Standing { status, lapsed, change, deploy: deploy.transpose()? })
}

fn acceptance(shape: WaiverShape<'_>) -> Result<Arc<Acceptance>, Damage> {
    let WaiverShape { owner, reason, expires, place } = shape;
    let expires = expires.as_deref().map(day).transpose()?;
    let [owner, reason, place] = [owner, reason, place].map(Cow::into_owned);
    Ok(Arc::new(Acceptance { owner, reason, expires, place }))
}

fn fixed(shape: FixedShape<'_>) -> Result<Fixed, Damage> {
    let FixedShape { rule, pool, title, path, fingerprint, first_seen } = shape;
    let [rule, pool, title, path, fingerprint] = [rule, pool, title, path, fingerprint].map(Cow::into_owned);
    Ok(Fixed { first_seen: day(&first_seen)?, pool, title, rule, path, fingerprint })
}

fn policy(shape: PolicyShape<'_>) -> Result<Policy, Damage> {
    let rules = shape.rules.unwrap_or_default();
    let mut rules = collect(rules.into_shapes(), |rule| rule_of(rule).map(Arc::new))?;
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    let scopes = shape.scopes.into_iter().map(|scope| Scope {
        changes: (0..)
            .zip(&rules)
            .filter(|(_, rule)| scope.off.iter().any(|id| **id == *rule.id))
            .map(|(index, _)| (index, None))
            .collect(),
        name: scope.name.into_owned(),
        selector: Selector::default(),
    });
    let scopes = scopes.collect();
    Ok(Policy { rules, scopes, off: shape.off.into_iter().map(Arc::from).collect(), tags: false })
}

fn rule_of(shape: RuleShape<'_>) -> Result<Rule, Damage> {
    let RuleShape { id, severity: word, title, why, fix, links, tags, controls, params, file, line } = shape;
    let [title, why, fix] = [title, why, fix].map(Cow::into_owned);
    let controls = controls.into_iter();
    Ok(Rule {
        severity: severity(&word)?,
        id: id.into(),
        title,
        why,
        fix,
        links: links.into_owned(),
        tags: tags.into_owned(),
        controls: controls.map(|one| (one.framework.into_owned(), one.ids.into_owned())).collect(),
        params: params.into_iter().map(|(name, value)| (name, Value::from_json(value))).collect(),
        script: Script::starting_at(file, line),
        ..blank()
    })
}

/// A rule of which nothing is known.
fn blank() -> Rule {
    Rule {
        id: Arc::default(),
        title: String::new(),
        severity: Severity::default(),
        why: String::new(),
        fix: String::new(),
        links: Vec::new(),
        tags: Vec::new(),
        controls: Vec::new(),
        params: Vec::new(),
        message: None,
        each: None,
        when: None,
        expect: Predicate::All(Vec::new()),
        when_absent: WhenAbsent::default(),
        unchecked: false,
        waivable: true,
        script: Script::new("", ""),
        at: 0..0,
    }
}

fn tally(shape: &SummaryShape) -> Tally {
    // How many are waived and known is counted anew, by severity.
    let SummaryShape { pools, rules, pass, fail, unknown, skipped, ref by_severity, waived: _, known: _ } =
        *shape;
    let BySeverityShape { info, low, medium, high, critical } = *by_severity;
    let by_severity = [info, low, medium, high, critical];
    Tally { pools, rules, pass, fail, unknown, skipped, by_severity, ..Tally::default() }
}

fn terms_of(shape: &TermsShape<'_>) -> Result<RecordedTerms, Damage> {
    let TermsShape { fail_on, unknown, coverage, allow_empty, evidence } = shape;
    let fail_on = match &**fail_on {
        "never" => None,
        word => Some(severity(word)?),
    };
    let terms = Terms { fail_on, ignore_unknown: unknown == "ignore", allow_empty: *allow_empty };
    Ok(RecordedTerms { terms, full_coverage: coverage == "full", evidence: *evidence })
}

fn unread(shape: UnreadShape<'_>) -> Unread {
    let UnreadShape { target, operation, code, message, help, line, column } = shape;
    let [operation, code, help] = [operation, code, help].map(|text| text.map(Cow::into_owned));
    let [target, message] = [target, message].map(Cow::into_owned);
    Unread { target, operation, code, message, help, at: line.zip(column) }
}

fn note(shape: NoteShape<'_>) -> Note {
    let NoteShape { target, message } = shape;
    Note { target: target.into_owned(), message: message.into_owned() }
}

fn subject(shape: SubjectShape<'_>) -> Subject {
    let SubjectShape { key, label } = shape;
    Subject { key: key.into_owned(), label: label.map(Cow::into_owned) }
}

fn place(shape: PlaceShape<'_>) -> Place {
    let PlaceShape { path, actual, fingerprint } = shape;
    let actual = actual.map(Value::from_json);
    Place { path: path.into_owned(), actual, fingerprint: fingerprint.into_owned() }
}

fn location(shape: LocationShape<'_>) -> Location {
    let LocationShape { file, line, column } = shape;
    Location { file: file.into(), line, column }
}

fn declaration(shape: DeclarationShape<'_>) -> Declaration {
    let DeclarationShape { address, construct, name, fix } = shape;
    let [construct, name, fix] = [construct, name, fix].map(|text| text.map(Cow::into_owned));
    Declaration { address: address.into_owned(), construct, name, fix }
}

fn day(text: &str) -> Result<Day, Damage> {
    Day::parse(text).ok_or_else(|| format!("`{text}` is no day"))
}

fn severity(word: &str) -> Result<Severity, Damage> {
    Severity::parse(word).ok_or_else(|| format!("there is no severity `{word}`"))
}

fn source(word: &str) -> Result<Source, Damage> {
    Source::parse(word).ok_or_else(|| format!("there is no source `{word}`"))
}

fn moment(text: &str) -> Result<i64, Damage> {
    Value::parse_time(text).ok_or_else(|| format!("`{text}` is no time"))
}

fn interrupt(exit_code: u8) -> Option<Interrupt> {
    let signals = [Interrupt::Int, Interrupt::Term];
    signals.into_iter().find(|signal| Outcome::Interrupted(*signal).exit_code() == exit_code)
}
