//! Makes of a report's shapes what they were written from.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::shapes::{
    DeclarationShape, FindingShape, LocationShape, PolicyShape, PoolShape, ReportShape, RuleShape,
    SubjectShape, SummaryShape, TermsShape, UnknownShape, UnreadShape, VerdictShape,
};
use super::standing::{fixed, standing};
use super::{Recorded, RecordedTerms};
use crate::evaluate::{Evaluation, Tally};
use crate::finding::{Declaration, Evidence, Finding, Location, PoolRef, Subject, Undecided, Verdict};
use crate::mistake::Script;
use crate::outcome::{Outcome, Terms};
use crate::pool::{Identity, Origin, Section, Source};
use crate::rule::{Policy, Predicate, Rule, Scope, Selector, Severity, WhenAbsent};
use crate::shard::Shard;
use crate::source::{Interrupt, Note, Unread};
use crate::value::Value;

/// What is wrong with a report, where something in it cannot be.
pub(super) type Damage = String;

pub(super) fn recorded(shape: ReportShape) -> Result<Recorded, Damage> {
    let mut evaluation = Evaluation {
        tally: tally(&shape.summary),
        unread: shape.unread.into_iter().map(unread).collect(),
        unknown_members: shape.unknown_members,
        interrupted: interrupt(shape.exit_code),
        ..Evaluation::default()
    };
    let notes = shape.notes.into_iter();
    evaluation.notes = notes.map(|note| Note { target: note.target, message: note.message }).collect();
    for outside in shape.outside {
        let sections = evaluation.outside.entry(outside.input.into()).or_default();
        let rules = sections.entry(Section::of(&outside.section)).or_default();
        rules.extend(outside.rules.into_iter().map(Arc::from));
    }
    for (index, scope) in shape.policy.scopes.iter().enumerate().filter(|(_, scope)| scope.pools > 0) {
        evaluation.scoped.insert(index, scope.pools);
    }
    let digest = shape.policy.digest.clone();
    let mut things = Things { policy: policy(shape.policy)?, ..Things::default() };
    evaluation.pools = collect(shape.pools, |pool| things.pool(pool, None))?;
    evaluation.findings = collect(shape.findings, |finding| things.finding(finding))?;
    evaluation.tally.count_accepted(&evaluation.findings);
    evaluation.fixed = collect(shape.fixed, fixed)?;
    evaluation.undecided = collect(shape.unknown, |unknown| things.undecided(unknown))?;
    evaluation.evidence = collect(shape.verdicts, |verdict| things.evidence(verdict))?;
    let shard = shape.shard.map(|shard| {
        evaluation.seen = shard.seen;
        let (index, count) = (shard.index, shard.count);
        Shard::new(index, count).ok_or_else(|| format!("there is no shard {index} of {count}"))
    });
    Ok(Recorded {
        tool: shape.tool.version,
        generated: shape.generated.map(|text| moment(&text)).transpose()?,
        shard: shard.transpose()?,
        terms: shape.terms.map(|terms| terms_of(&terms)).transpose()?,
        digest,
        policy: things.policy,
        evaluation,
    })
}

fn collect<S, T>(shapes: Vec<S>, make: impl FnMut(S) -> Result<T, Damage>) -> Result<Vec<T>, Damage> {
    shapes.into_iter().map(make).collect()
}

/// What many items of a report have in common, and is made once.
#[derive(Default)]
struct Things {
    policy: Policy,
    /// Rules as findings have them, by id, severity and title.
    rules: BTreeMap<(String, String, String), Arc<Rule>>,
    pools: BTreeMap<PoolRef, Arc<PoolRef>>,
}

impl Things {
    fn pool(&mut self, shape: PoolShape, of: Option<&FindingShape>) -> Result<Arc<PoolRef>, Damage> {
        let word = shape.source.as_deref().or(of.map(|finding| finding.source.as_str()));
        let file = of.and_then(|finding| finding.location.as_ref()).map(|location| &location.file);
        let input = shape.input.as_ref().or(file).or(shape.region.as_ref());
        let origin = Origin {
            source: word.map_or(Ok(Source::default()), source)?,
            name: input.map_or_else(Arc::default, |name| name.as_str().into()),
        };
        let text = |text: Option<String>| text.map(Arc::from);
        let identity = Identity {
            account: text(shape.account),
            region: text(shape.region),
            name: text(shape.name),
            id: text(shape.id),
            arn: text(shape.arn),
            address: text(shape.address),
        };
        let pool = PoolRef { identity, origin, offset: shape.offset, ..PoolRef::default() };
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

    fn rule_of(&mut self, finding: &FindingShape) -> Result<Arc<Rule>, Damage> {
        let key = (finding.rule.clone(), finding.severity.clone(), finding.title.clone());
        if let Some(rule) = self.rules.get(&key) {
            return Ok(Arc::clone(rule));
        }
        let severity = severity(&finding.severity)?;
        let mut rule = self.rule(&finding.rule);
        if rule.severity != severity || rule.title != finding.title {
            rule = Arc::new(Rule { severity, title: finding.title.clone(), ..(*rule).clone() });
        }
        self.rules.insert(key, Arc::clone(&rule));
        Ok(rule)
    }

    fn finding(&mut self, mut shape: FindingShape) -> Result<Finding, Damage> {
        let rule = self.rule_of(&shape)?;
        let pool = std::mem::take(&mut shape.pool);
        let standing = standing(&mut shape)?;
        Ok(Finding {
            rule,
            pool: self.pool(pool, Some(&shape))?,
            subject: shape.subject.map(subject),
            path: shape.path,
            actual: shape.actual.map(Value::from_json),
            also: Vec::new(),
            default: shape.default,
            expected: shape.expected,
            message: shape.message,
            location: shape.location.map(location),
            declaration: shape.declaration.map(declaration),
            excerpt: None,
            fingerprint: shape.fingerprint,
            standing,
        })
    }

    fn undecided(&mut self, shape: UnknownShape) -> Result<Undecided, Damage> {
        let (rule, pool) = (self.rule(&shape.rule), self.pool(shape.pool, None)?);
        let (subject, path, reason) = (shape.subject.map(subject), shape.path, shape.reason);
        Ok(Undecided { rule, pool, subject, path, reason })
    }

    fn evidence(&mut self, shape: VerdictShape) -> Result<Evidence, Damage> {
        let all = [Verdict::Pass, Verdict::Fail, Verdict::Unknown, Verdict::Skipped];
        let verdict = all.into_iter().find(|verdict| verdict.word() == shape.verdict);
        let verdict = verdict.ok_or_else(|| format!("there is no verdict `{}`", shape.verdict))?;
        let (pool, subject) = (self.pool(shape.pool, None)?, shape.subject.map(subject));
        Ok(Evidence { rule: shape.rule.into(), pool, subject, verdict, reason: shape.reason })
    }
}

fn policy(shape: PolicyShape) -> Result<Policy, Damage> {
    let mut rules = collect(shape.rules, |rule| rule_of(rule).map(Arc::new))?;
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    let scopes = shape.scopes.into_iter().map(|scope| Scope {
        changes: (0..)
            .zip(&rules)
            .filter(|(_, rule)| scope.off.iter().any(|id| **id == *rule.id))
            .map(|(index, _)| (index, None))
            .collect(),
        name: scope.name,
        selector: Selector::default(),
    });
    let scopes = scopes.collect();
    Ok(Policy { rules, scopes, off: shape.off.into_iter().map(Arc::from).collect(), tags: false })
}

fn rule_of(shape: RuleShape) -> Result<Rule, Damage> {
    let controls = shape.controls.into_iter();
    // Nothing of the file is known but its name and the line, so the text is nothing but the lines before it.
    let before = shape.line.saturating_sub(1);
    Ok(Rule {
        severity: severity(&shape.severity)?,
        id: shape.id.into(),
        title: shape.title,
        why: shape.why,
        fix: shape.fix,
        links: shape.links,
        tags: shape.tags,
        controls: controls.map(|controls| (controls.framework, controls.ids)).collect(),
        params: shape.params.into_iter().map(|(name, value)| (name, Value::from_json(value))).collect(),
        script: Script::new(shape.file, "\n".repeat(before)),
        at: before..before,
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
    let by = &shape.by_severity;
    Tally {
        pools: shape.pools,
        rules: shape.rules,
        pass: shape.pass,
        fail: shape.fail,
        unknown: shape.unknown,
        skipped: shape.skipped,
        by_severity: [by.info, by.low, by.medium, by.high, by.critical],
        ..Tally::default()
    }
}

fn terms_of(shape: &TermsShape) -> Result<RecordedTerms, Damage> {
    let fail_on = match shape.fail_on.as_str() {
        "never" => None,
        word => Some(severity(word)?),
    };
    let ignore_unknown = shape.unknown == "ignore";
    let terms = Terms { fail_on, ignore_unknown, allow_empty: shape.allow_empty };
    Ok(RecordedTerms { terms, full_coverage: shape.coverage == "full", evidence: shape.evidence })
}

fn unread(shape: UnreadShape) -> Unread {
    let UnreadShape { target, operation, code, message, help, line, column } = shape;
    Unread { target, operation, code, message, help, at: line.zip(column) }
}

fn subject(shape: SubjectShape) -> Subject {
    Subject { key: shape.key, label: shape.label }
}

fn location(shape: LocationShape) -> Location {
    Location { file: shape.file.into(), line: shape.line, column: shape.column }
}

fn declaration(shape: DeclarationShape) -> Declaration {
    let DeclarationShape { address, construct, name, fix } = shape;
    Declaration { address, construct, name, fix }
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
