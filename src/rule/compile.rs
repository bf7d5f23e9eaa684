//! Checks what was written against the schema and makes rules of it.

mod constant;
mod path;
mod list;
mod operand;
mod operator;
mod template;
mod named;

use std::ops::Range;
use std::sync::Arc;

use super::policy::Override;
use super::written::{Form, SpannedText, WrittenOperator, WrittenPredicate, WrittenQuantified, WrittenRule};
use super::{Absence, Leaf, ListPath, Named, Operator, Predicate, Quantified, Rule, Severity};
use crate::diagnostic::SourceDiagnostic;
use crate::schema::{Kind, Node, NodeId, Path};
use crate::spanned::part_of_string;
use constant::Constant;
pub(super) use constant::{domain, one_holds};
use operand::Params;

/// Where paths of a predicate start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    Pool,
    /// An element of a list; its place in the schema, where that is known.
    Element(Option<NodeId>),
    /// A member of a structure or map.
    Member {
        /// The structure or map, where the schema knows it.
        of: Option<NodeId>,
        /// Each plain value inside, however deep.
        plain: bool,
    },
}

/// Checks one rule. `overrides` are those for this rule, the strongest last.
///
/// Returns nothing when there is at least one mistake.
pub fn compile(
    written: &WrittenRule,
    overrides: &[&Override],
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Option<Rule> {
    compiled(written, overrides, Leftovers::Refused, mistakes)
}

/// Compiles a rule that another was changed to, if the change makes sense.
pub fn mutant(written: &WrittenRule, overrides: &[&Override]) -> Option<Rule> {
    compiled(written, overrides, Leftovers::Allowed, &mut Vec::new())
}

/// Whether a rule may have what it does not use: a parameter, or `unchecked`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leftovers {
    Refused,
    Allowed,
}

fn compiled(
    written: &WrittenRule,
    overrides: &[&Override],
    leftovers: Leftovers,
    mistakes: &mut Vec<SourceDiagnostic>,
) -> Option<Rule> {
    let before = mistakes.len();
    let mut params = Params::new(written, overrides, mistakes);
    let mut compiler = Compiler::new(written, &mut params, mistakes);
    let each = written.each.as_ref().map(|each| (compiler.list(each, Base::Pool), each));
    let base = match &each {
        None if written.is_lost => Base::Element(None),
        None => Base::Pool,
        Some((Some(list), _)) => Base::of(list),
        Some((None, each)) => Base::meant(each, Base::Pool),
    };
    let each = each.and_then(|(list, _)| list);
    let when = written.when.as_ref().and_then(|when| compiler.predicate(when, base));
    compiler.absence = Absence::Settles(written.when_absent);
    let expect = compiler.predicate(&written.expect, base);
    if let (Some(when), Some(expect)) = (&when, &expect) {
        compiler.settled("when", when, expect, &[true, false], &written.expect.at);
    }
    // A broken predicate hides uses of parameters and paths.
    let whole = expect.is_some()
        && when.is_some() == written.when.is_some()
        && each.is_some() == written.each.is_some();
    if leftovers == Leftovers::Refused && whole {
        compiler.check_unchecked(before);
        params.check_used(before, mistakes);
    }
    let texts = template::Texts::new(written, &params, mistakes);
    let expect = expect.filter(|_| whole && mistakes.len() == before)?;
    Some(Rule {
        id: Arc::from(written.id.0.as_str()),
        titled: texts.title.is_some() && texts.title != texts.message,
        title: texts.title.unwrap_or_else(|| template::default_title(&expect)),
        severity: severity(written, overrides),
        why: texts.why,
        fix: texts.fix,
        console: texts.console,
        api: texts.api,
        links: written.links.iter().map(|(link, _)| link.clone()).collect(),
        tags: written.tags.iter().map(|(tag, _)| tag.clone()).collect(),
        controls: written.controls.clone(),
        params: params.take_values(),
        message: texts.message,
        infers: infers(each.as_ref(), when.as_ref(), &expect),
        each,
        when,
        expect,
        when_absent: written.when_absent,
        unchecked: written.unchecked.is_some(),
        waivable: written.waivable,
        source_file: written.source_file.clone(),
        at: written.id.1.clone(),
        as_shipped: leftovers == Leftovers::Refused && is_as_shipped(written, overrides),
    })
}

fn severity(written: &WrittenRule, overrides: &[&Override]) -> Severity {
    overrides.iter().rev().find_map(|change| change.severity).or(written.severity).unwrap_or_default()
}

/// Whether a part of a rule asks for what is worked out from the whole pool.
fn infers(each: Option<&ListPath>, when: Option<&Predicate>, expect: &Predicate) -> bool {
    let is_inferred = |path: &Path| Node::around(path).is_some_and(|node| node.inferred);
    let mut infers = each.is_some_and(|each| is_inferred(&each.path));
    for predicate in when.into_iter().chain([expect]) {
        predicate.paths(&mut |path, _| infers |= is_inferred(path));
    }
    infers
}

/// Whether a rule is part of the program, with the parameters and named predicates that it has there.
fn is_as_shipped(written: &WrittenRule, overrides: &[&Override]) -> bool {
    written.source_file.index.is_some()
        && written.predicates.is_empty()
        && overrides.iter().all(|change| change.params.is_empty())
}

struct Compiler<'a> {
    rule: &'a WrittenRule,
    params: &'a mut Params,
    mistakes: &'a mut Vec<SourceDiagnostic>,
    /// How many paths the schema does not know; they are mistakes unless the rule is `unchecked`.
    unknown_paths: usize,
    /// How often named predicates were used, through others too.
    uses: usize,
    /// The result of a comparison with an absent value at the current position.
    absence: Absence,
    /// The named predicates that the compiler is in.
    within: Vec<String>,
    /// The element around the one at the current position.
    outer: Option<Base>,
}

impl<'a> Compiler<'a> {
    fn new(
        rule: &'a WrittenRule,
        params: &'a mut Params,
        mistakes: &'a mut Vec<SourceDiagnostic>,
    ) -> Compiler<'a> {
        Compiler {
            rule,
            params,
            mistakes,
            unknown_paths: 0,
            uses: 0,
            absence: Absence::Unmet,
            within: Vec::new(),
            outer: None,
        }
    }
}

impl Compiler<'_> {
    fn mistake(&mut self, at: Range<usize>, message: impl Into<String>, label: &str, help: Option<String>) {
        let mistake = SourceDiagnostic::new(&self.rule.source_file, at, message, label).maybe_help(help);
        self.mistakes.push(mistake);
    }

    fn predicate(&mut self, written: &WrittenPredicate, base: Base) -> Option<Predicate> {
        let predicate = match &written.form {
            Form::Leaf { path, operators } => {
                let Some((path, node)) = self.value(path, base) else {
                    self.lost(operators, base);
                    return None;
                };
                Predicate::Leaf(self.leaf(path, node, operators, base)?)
            }
            Form::Element { key, operators } => {
                let (path, node) = self.element(key, &written.at, base)?;
                Predicate::Leaf(self.leaf(path, node, operators, base)?)
            }
            Form::Lost(operators) => {
                self.lost(operators, base);
                return None;
            }
            Form::All(inner) => Predicate::All(self.each_of(inner, base)?),
            Form::Any(inner) => Predicate::Any(self.each_of(inner, base)?),
            Form::None(inner) => {
                Predicate::None(self.under(self.absence.negated(), |own| own.each_of(inner, base))?)
            }
            Form::Some(quantified) => Predicate::Some(self.quantified(quantified, base, false)?),
            Form::Every(quantified) => Predicate::Every(self.quantified(quantified, base, true)?),
            Form::Count(count) => Predicate::Count(self.count(count, base)?),
            Form::Unique(unique) => Predicate::Unique(self.unique(unique, base)?),
            Form::Named(name) => Predicate::Named(self.named(name, base)?),
            Form::Broken(rest) => {
                self.predicate(rest, base);
                return None;
            }
        };
        let composite = matches!(predicate, Predicate::All(_) | Predicate::Any(_) | Predicate::None(_));
        if composite && let Some(constant) = constant::constant(&predicate) {
            self.constant(written.at.clone(), &constant);
            return None;
        }
        Some(predicate)
    }

    /// Checks operators whose path is a mistake: which of them fit is not known, but what each of them takes is.
    fn lost(&mut self, operators: &[WrittenOperator], base: Base) {
        let base = if let Base::Member { .. } = base { Base::Element(None) } else { base };
        self.leaf(Path::element(), None, operators, base);
    }

    /// Compiles something in which an absent value amounts to something else.
    fn under<T>(&mut self, absence: Absence, compile: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.absence, absence);
        let compiled = compile(self);
        self.absence = outer;
        compiled
    }

    /// Goes on to the elements of a list that a path from `base` leads to, and returns what was around `base`.
    fn enter(&mut self, base: Base) -> Option<Base> {
        std::mem::replace(&mut self.outer, Some(base).filter(|base| *base != Base::Pool))
    }

    /// Compiles all, so that every mistake is found, and gives them back only if all are right.
    fn each_of(&mut self, written: &[WrittenPredicate], base: Base) -> Option<Vec<Predicate>> {
        let compiled: Vec<_> = written.iter().map(|inner| self.predicate(inner, base)).collect();
        compiled.into_iter().collect()
    }

    fn quantified(&mut self, written: &WrittenQuantified, base: Base, every: bool) -> Option<Quantified> {
        let list = self.list(&written.list, base);
        let inner = list.as_ref().map_or_else(|| Base::meant(&written.list, base), Base::of);
        let filter = written.filter.as_ref();
        let outer = self.enter(base);
        let filter = filter.map(|filter| self.under(Absence::Unmet, |own| own.predicate(filter, inner)));
        let expect = written.expect.as_ref().map(|expect| self.predicate(expect, inner));
        self.outer = outer;
        let settle = |part: Option<Option<Predicate>>| match part {
            None => Some(None),
            Some(predicate) => predicate.map(|predicate| Some(Box::new(predicate))),
        };
        let quantified = Quantified { list: list?, filter: settle(filter)?, expect: settle(expect)? };
        if let (Some(filter), Some(expect), Some(written)) =
            (&quantified.filter, &quantified.expect, &written.expect)
        {
            self.settled("where", filter, expect, &[every], &written.at);
        }
        Some(quantified)
    }

    /// Notes an expectation that its own condition settles one of the ways that matter: wherever the condition
    /// holds, so does the expectation (`true`), or it never does (`false`).
    fn settled(
        &mut self,
        word: &str,
        condition: &Predicate,
        expect: &Predicate,
        ways: &[bool],
        at: &Range<usize>,
    ) {
        let (condition, expect) = (condition.clone(), expect.clone());
        let implied = Predicate::Any(vec![Predicate::None(vec![condition.clone()]), expect.clone()]);
        let joined = Predicate::All(vec![condition, expect]);
        let always = ways.contains(&true) && constant::constant(&implied).is_some_and(|one| one.holds);
        let never = ways.contains(&false) && constant::constant(&joined).is_some_and(|one| !one.holds);
        let (verb, label) = match (always, never) {
            (true, _) => ("fail", "always true there"),
            (false, true) => ("hold", "never true there"),
            (false, false) => return,
        };
        let help = format!("ask of another path, or take out what `{word}` settles already");
        self.mistake(at.clone(), format!("this can never {verb} where `{word}` holds"), label, Some(help));
    }

    fn leaf(
        &mut self,
        path: Path,
        node: Option<NodeId>,
        operators: &[WrittenOperator],
        base: Base,
    ) -> Option<Leaf> {
        let before = self.mistakes.len();
        let mut leaf = Leaf { path, node, operators: Vec::new(), compared: Vec::new() };
        for written in operators {
            match operator::operator(self, written, &leaf.path, node, base) {
                Some(operator::Built::Fixed(operator)) => leaf.operators.push(operator),
                Some(operator::Built::Compared(compared)) => leaf.compared.push(compared),
                None => {}
            }
        }
        if self.mistakes.len() > before {
            return None;
        }
        let absent =
            operators.iter().zip(&leaf.operators).find(|(_, one)| matches!(one, Operator::Present(false)));
        if operators.len() > 1
            && let Some((written, _)) = absent
        {
            let message = format!("where {} is absent, there is nothing to compare", leaf.path.called());
            let help = "leave `present` alone, or take it out".to_owned();
            let at = written.at.start..written.operand.at.end;
            self.mistake(at, message, "asks that there be no value", Some(help));
            return None;
        }
        if operators.len() > 1
            && let Some(constant) = constant::constant(&Predicate::Leaf(leaf.clone()))
        {
            let at = operators[0].at.start..operators[operators.len() - 1].operand.at.end;
            self.constant(at, &constant);
            return None;
        }
        Some(leaf)
    }

    /// Notes several operators or predicates that together have the same result for every value.
    fn constant(&mut self, at: Range<usize>, constant: &Constant<'_>) {
        let message = constant.message(self.absence);
        let label = if constant.holds { "always true" } else { "never true" };
        let help = format!("{} can be {}", constant.node.called(), operator::domain_words(constant.node));
        let lengths_or_ages =
            matches!(constant.node.kind, Kind::List | Kind::Map | Kind::Timestamp | Kind::String)
                && constant.node.values.is_empty();
        self.mistake(at, message, label, Some(help).filter(|_| !lengths_or_ages));
    }

    fn check_unchecked(&mut self, before: usize) {
        let right = self.unknown_paths == 0 && self.mistakes.len() == before;
        if let Some(at) = self.rule.unchecked.clone().filter(|_| right) {
            let help = "take it out, so that mistyped paths are found".to_owned();
            self.mistake(at, "the schema knows every path of this rule", "not needed", Some(help));
        }
    }
}

/// The place of a part of a string's content in the source file.
fn inside(rule: &WrittenRule, written: &SpannedText, part: Range<usize>) -> Range<usize> {
    if written.0.is_empty() {
        return written.1.clone();
    }
    let part = part_of_string(&rule.source_file.text()[written.1.clone()], part);
    written.1.start + part.start..written.1.start + part.end
}
