//! Turns the shapes of a report back into the types that they were written from.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::mem::take;
use std::sync::Arc;

use super::gaps::{not_held, plain_and_counted, regions, unread};
use super::recorded::{Recorded, blank};
use super::run::{self, severity};
use super::shapes::{
    DeclarationShape, FindingShape, LocationShape, PlaceShape, PoolShape, SubjectShape, UndoneShape,
    UnknownShape, WrittenInShape,
};
use super::standing::{acceptance, day, earlier, fixed, unvisited};
use super::totals::{BySeverityShape, SkippedByShape, SummaryShape};
use super::traced::traced;
use super::verdicts::{VerdictShape, Verdicts};
use super::{Damage, ReportShape, controls};
use crate::evaluate::{Evaluation, Tally};
use crate::finding::{
    Change, Declaration, Disposition, Effect, Evidence, Finding, Location, Place, PoolRef, Status, Subject,
    Undecided, Undone, Verdict, WrittenIn,
};
use crate::outcome::Outcome;
use crate::pool::{Identity, Origin, Source};
use crate::rule::{Policy, Rule};
use crate::source::Interrupt;
use crate::value::Value;

pub(super) fn recorded(mut shape: ReportShape<'_>) -> Result<Recorded, Damage> {
    let tool = take(&mut shape.tool.version).into_owned();
    let generated = shape.generated.take().map(|text| moment(&text)).transpose()?;
    let terms = shape.terms.take().map(|terms| run::terms(&terms)).transpose()?;
    let digest = shape.policy.digest.take().map(Cow::into_owned);
    let shard = shape.shard.as_ref().map(run::shard).transpose()?;
    let (policy, evaluation) = evaluation(shape)?;
    Ok(Recorded { tool, generated, shard, terms, digest, policy, evaluation })
}

/// The rules, and everything that was found by them.
fn evaluation(mut shape: ReportShape<'_>) -> Result<(Policy, Evaluation), Damage> {
    let of_history = history(&mut shape)?;
    let ReportShape {
        version: _,
        tool: _,
        generated: _,
        roles: _,
        shard,
        terms: _,
        outcome: _,
        exit_code,
        answer: _,
        summary,
        findings,
        fixed: _,
        ended: _,
        unvisited: _,
        earlier: _,
        idle_waivers: _,
        removed,
        undone,
        unknown,
        unread: not_read,
        listed: were_listed,
        notes: noted,
        outside,
        unknown_members,
        policy: policy_shape,
        pools,
        verdicts,
        controls: judged,
    } = shape;
    let (plain, counted) = plain_and_counted(noted)?;
    let mut evaluation = Evaluation {
        tally: tally(&summary),
        unread: not_read.into_shapes().map(unread).collect(),
        listed: regions(were_listed),
        notes: plain,
        counted,
        outside: not_held(outside),
        unknown_members: unknown_members.into_owned(),
        scoped: run::scoped(&policy_shape),
        seen: shard.map(|shard| shard.seen.into_owned()).unwrap_or_default(),
        interrupted: interrupt(exit_code),
        ..of_history
    };
    let mut interner = Interner { policy: run::policy(policy_shape)?, ..Interner::default() };
    evaluation.pools = collect(pools.into_shapes(), |pool| interner.pool(pool.0, None))?;
    evaluation.findings = collect(findings.into_shapes(), |finding| interner.finding(finding))?;
    evaluation.tally.count_accepted(&evaluation.findings);
    evaluation.removed = collect(removed.into_shapes(), |finding| interner.finding(finding))?;
    evaluation.undone = collect(undone.into_shapes(), |undone| interner.undone(undone))?;
    evaluation.undecided = collect(unknown.into_shapes(), |unknown| interner.undecided(unknown))?;
    let verdicts = verdicts.map_or_else(Vec::new, Verdicts::into_shapes).into_iter();
    evaluation.evidence = verdicts.map(|verdict| interner.evidence(verdict)).collect::<Result<_, _>>()?;
    evaluation.controls = collect(judged.into_shapes(), |control| {
        controls::verdict(control, |pool| interner.pool(pool, None))
    })?;
    Ok((interner.policy, evaluation))
}

/// The facts about earlier runs and decisions, and who ran this one.
fn history(shape: &mut ReportShape<'_>) -> Result<Evaluation, Damage> {
    Ok(Evaluation {
        fixed: collect(take(&mut shape.fixed).into_shapes(), fixed)?,
        ended: collect(take(&mut shape.ended).into_shapes(), fixed)?,
        unvisited: take(&mut shape.unvisited).into_shapes().map(unvisited).collect(),
        earlier: collect(take(&mut shape.earlier).into_shapes(), earlier)?,
        idle: collect(take(&mut shape.idle_waivers).into_shapes(), acceptance)?,
        roles: take(&mut shape.roles).into_owned(),
        ..Evaluation::default()
    })
}

fn collect<S, T>(
    shapes: impl Iterator<Item = S>,
    make: impl FnMut(S) -> Result<T, Damage>,
) -> Result<Vec<T>, Damage> {
    shapes.map(make).collect()
}

fn texts(pairs: BTreeMap<Cow<'_, str>, Cow<'_, str>>) -> impl Iterator<Item = (Arc<str>, Arc<str>)> {
    pairs.into_iter().map(|(key, value)| (Arc::from(key), Arc::from(value)))
}

/// Values that many items of a report share, built once.
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
        let PoolShape {
            id,
            arn,
            name,
            account,
            region,
            address,
            source: word,
            input,
            offset,
            tags,
            written_in,
        } = shape;
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
        let written_in = written_in.map(|WrittenInShape { configuration, addresses }| {
            Arc::new(WrittenIn {
                configuration: Arc::from(configuration),
                addresses: texts(addresses).collect(),
            })
        });
        let pool = PoolRef { identity, origin, offset, written_in, ..PoolRef::default() };
        // The list of pools comes first, and has the tags of each.
        Ok(Arc::clone(self.pools.entry(pool).or_insert_with_key(|pool| {
            Arc::new(PoolRef { tags: (!tags.is_empty()).then(|| texts(tags).collect()), ..pool.clone() })
        })))
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
        let pool = take(&mut shape.pool);
        Ok(Finding {
            inline: Vec::new(),
            rule,
            pool: self.pool(pool, Some(&shape))?,
            standing: standing(&mut shape)?,
            subject: shape.subject.map(|shape| Box::new(subject(shape))),
            path: shape.path.into(),
            actual: shape.actual.map(Value::from_json),
            also: shape.also.into_shapes().map(place).collect(),
            default: shape.default,
            note: shape.note.map(Cow::into_owned),
            expected: shape.expected.into(),
            message: shape.message.into(),
            names_path: shape.names_path,
            location: shape.location.map(location),
            origin: shape.origin.map(|shape| Box::new(location(shape))),
            declaration: shape.declaration.map(|shape| Box::new(declaration(shape))),
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
        let UnknownShape { rule, pool, path, subject: element, reason, location: at } = shape;
        let (rule, pool) = (self.rule(&rule), self.pool(pool, None)?);
        let (path, reason) = (path.into_owned(), reason.into_owned());
        let location = at.map(location);
        Ok(Undecided { rule, pool, subject: element.map(subject), path, reason, location })
    }

    fn evidence(&mut self, shape: VerdictShape<'_>) -> Result<Evidence, Damage> {
        let VerdictShape { rule, pool, subject: element, verdict: word, reason } = shape;
        let verdict = Verdict::ALL.into_iter().find(|verdict| verdict.word() == word);
        let verdict = verdict.ok_or_else(|| format!("there is no verdict `{word}`"))?;
        let (pool, subject) = (self.pool(pool, None)?, element.map(|element| Box::new(subject(element))));
        Ok(Evidence { rule: rule.into(), pool, subject, verdict, reason: reason.into() })
    }
}

fn tally(shape: &SummaryShape) -> Tally {
    // How many are waived and known is counted anew, by severity.
    let SummaryShape { pools, rules, pass, fail, unknown, skipped, .. } = *shape;
    let SummaryShape { skipped_by, by_severity, .. } = shape;
    let skipped_by =
        skipped_by.as_ref().map_or([0; 4], |SkippedByShape { condition, empty, absent, outside }| {
            [*condition, *empty, *absent, *outside]
        });
    let BySeverityShape { info, low, medium, high, critical } = *by_severity;
    let by_severity = [info, low, medium, high, critical];
    Tally { pools, rules, pass, fail, unknown, skipped, skipped_by, by_severity, ..Tally::default() }
}

/// The decision about a finding, and what a deploy or the time since an earlier report did to it.
fn standing(shape: &mut FindingShape<'_>) -> Result<Disposition, Damage> {
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
    let changes = shape.changes.take().map(|all| collect(all.into_iter(), traced)).transpose()?;
    let traced = changes.map(Vec::into_boxed_slice);
    Ok(Disposition { status, lapsed, change, deploy: deploy.transpose()?, traced })
}

fn subject(shape: SubjectShape<'_>) -> Subject {
    let SubjectShape { key, label } = shape;
    Subject { key: key.into_owned(), label: label.map(Cow::into_owned) }
}

fn place(shape: PlaceShape<'_>) -> Place {
    let PlaceShape { path, actual, fingerprint } = shape;
    let actual = actual.map(Value::from_json);
    Place { path: path.into_owned(), actual, fingerprint: fingerprint.into_owned(), inline: Vec::new() }
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

fn source(word: &str) -> Result<Source, Damage> {
    Source::parse(word).ok_or_else(|| format!("there is no source `{word}`"))
}

fn moment(text: &str) -> Result<i64, Damage> {
    Value::parse_time(text).ok_or_else(|| format!("`{text}` is not a time"))
}

fn interrupt(exit_code: u8) -> Option<Interrupt> {
    let signals = [Interrupt::Int, Interrupt::Term];
    signals.into_iter().find(|signal| Outcome::Interrupted(*signal).exit_code() == exit_code)
}
