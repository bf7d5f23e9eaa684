//! The rules that look at something in which two pools differ. Every other rule has the same verdict on both.

use super::rule_set::RuleSet;
use super::unit::Units;
use crate::pool::{Pool, Scope, State, at, resolve};
use crate::rule::{Policy, Rule};
use crate::schema::{ArnPart, Aspect, Kind, NodeId, Path, schema};
use crate::value::{Map, Value};

/// The differences that most pools have at most: room for more is made when they come.
const ROOM: usize = 16;

/// The rules that look at something.
#[derive(Clone, Debug, Default)]
struct Lookers {
    all: RuleSet,
    /// Those that look at it to know whether they apply: in the condition of a pool, or for the elements to judge.
    first: RuleSet,
}

impl Lookers {
    fn none(rules: usize) -> Lookers {
        Lookers { all: RuleSet::none(rules), first: RuleSet::none(rules) }
    }

    fn insert(&mut self, rule: usize, is_first: bool) {
        self.all.insert(rule);
        if is_first {
            self.first.insert(rule);
        }
    }

    fn extend(&mut self, other: &Lookers) {
        self.all.extend(&other.all);
        self.first.extend(&other.first);
    }
}

/// The rules of a policy by the members that they look at.
#[derive(Debug)]
pub(super) struct Readers {
    rules: usize,
    /// By the position of the member in the schema.
    members: Vec<Lookers>,
    /// The same for each, with those of everything inside it.
    within: Vec<Lookers>,
    /// Parts of the pool's ARN, which are known from other members where there is no ARN.
    parts: Vec<OfArn>,
    /// Rules that look at more than these.
    always: Lookers,
    pub units: Units,
}

/// A part of the pool's ARN that rules look at.
#[derive(Debug)]
struct OfArn {
    part: ArnPart,
    path: Path,
    lookers: Lookers,
    unit: usize,
}

/// The difference between two pools.
#[derive(Debug)]
pub(super) struct Difference<'p> {
    /// The rules that may have another verdict on the later pool.
    pub rules: RuleSet,
    /// Whether the pools are the same in what decides verdicts beside their documents.
    pub is_alike: bool,
    /// The units that differ, with the value of the later pool where it is at hand.
    pub changed: Vec<(usize, Option<&'p Value>)>,
}

/// The differences that were found so far.
struct Differing<'p> {
    lookers: Lookers,
    changed: Vec<(usize, Option<&'p Value>)>,
}

impl Readers {
    pub(super) fn of(policy: &Policy) -> Readers {
        let rules = policy.rules.len();
        // Few members are looked at, so that most sets stay empty.
        let members = vec![Lookers::default(); schema().nodes().len()];
        let (within, units) = (members.clone(), Units::none(rules));
        let always = Lookers::none(rules);
        let mut readers = Readers { rules, members, within, parts: Vec::new(), always, units };
        for (position, rule) in policy.rules.iter().enumerate() {
            // An answer of journeys follows from the whole pool, unless the rule did without one.
            if rule.infers {
                readers.always.insert(position, false);
                readers.units.give_up(position);
            }
            rule.paths(|path, node| readers.insert(position, path, node, false));
            first_paths(rule, &mut |path, node| readers.insert(position, path, node, true));
        }
        for (id, _) in schema().nodes() {
            for inner in schema().inside(id) {
                readers.within[id.index()].extend(&readers.members[inner.index()]);
            }
        }
        readers
    }

    fn insert(&mut self, rule: usize, path: &Path, node: Option<NodeId>, is_first: bool) {
        let lookers = match (path.aspect, node) {
            // An element is looked at with its list.
            _ if path.steps.is_empty() && node.is_none() => return,
            (Aspect::Arn(part), Some(id)) if schema().member(NodeId::ROOT, "Arn") == Some(id) => {
                let known = self.parts.iter().position(|own| own.part == part);
                let at = known.unwrap_or_else(|| {
                    let (lookers, unit) = (Lookers::default(), self.units.add_part(path));
                    self.parts.push(OfArn { part, path: path.clone(), lookers, unit });
                    self.parts.len() - 1
                });
                self.units.insert(rule, self.parts[at].unit);
                &mut self.parts[at].lookers
            }
            (_, Some(node)) => {
                self.units.add(rule, node);
                &mut self.members[node.index()]
            }
            (_, None) => {
                self.units.give_up(rule);
                &mut self.always
            }
        };
        lookers.insert(rule, is_first);
    }

    /// The rules that may have another verdict on a pool than on the one before. Of rules that were idle there, only
    /// what made them idle is asked.
    pub(super) fn between<'p>(&self, before: &Pool, pool: &'p Pool, idle: &RuleSet) -> Difference<'p> {
        if !before.is_alike(pool) {
            return Difference { rules: RuleSet::all(self.rules), is_alike: false, changed: Vec::new() };
        }
        let mut differing = Differing { lookers: self.always.clone(), changed: Vec::with_capacity(ROOM) };
        for OfArn { part, path, lookers, unit } in &self.parts {
            if !is_same_part(*part, path, before, pool) {
                differing.lookers.extend(lookers);
                differing.changed.push((*unit, None));
            }
        }
        self.structure(NodeId::ROOT, &before.document, &pool.document, &mut differing);
        let Differing { lookers: Lookers { all: mut rules, first }, changed } = differing;
        rules.replace(&first, idle);
        Difference { rules, is_alike: true, changed }
    }

    /// Adds the rules that look at a structure or into it, as far as it differs.
    fn structure<'p>(&self, id: NodeId, before: &Map, now: &'p Map, differing: &mut Differing<'p>) {
        let (mut common, mut same) = (0, 0);
        for (at, (name, value)) in now.0.iter().enumerate() {
            // The members of most pools are in the same order.
            let in_place = before.0.get(at).filter(|(own, _)| own == name).map(|(_, own)| own);
            let own = in_place.or_else(|| before.get(name));
            common += usize::from(own.is_some());
            match own {
                Some(own) if own == value => same += 1,
                _ => self.member(id, name, (own, Some(value)), differing),
            }
        }
        if common < before.len() {
            for (name, _) in before.0.iter().filter(|(name, _)| now.get(name).is_none()) {
                self.member(id, name, (None, None), differing);
            }
        }
        if same < before.len().max(now.len()) {
            differing.lookers.extend(&self.members[id.index()]);
            differing.changed.extend(self.units.at(id).map(|unit| (unit, None)));
        }
    }

    /// Adds the rules that look at a member of a structure or into it.
    fn member<'p>(
        &self,
        of: NodeId,
        name: &str,
        (before, now): (Option<&Value>, Option<&'p Value>),
        differing: &mut Differing<'p>,
    ) {
        // Rules that look at members that the schema does not know are among `always`.
        let Some(id) = schema().member(of, name) else { return };
        let is_structure = schema().node(id).kind == Kind::Structure;
        if let (true, Some(Value::Map(before)), Some(Value::Map(now))) = (is_structure, before, now) {
            return self.structure(id, before, now, differing);
        }
        differing.lookers.extend(&self.within[id.index()]);
        if is_structure {
            // Which of them is there now is looked up.
            let inside = schema().inside(id).filter_map(|inner| self.units.at(inner));
            differing.changed.extend(inside.map(|unit| (unit, None)));
        } else {
            differing.changed.extend(self.units.at(id).map(|unit| (unit, now)));
        }
    }
}

/// Calls `visit` with the paths that a rule looks at first, with their nodes: of the list whose elements it judges and
/// of the pool around it, which alone may decide the rule where the list is not known, or else of its condition.
fn first_paths<'a>(rule: &'a Rule, visit: &mut impl FnMut(&'a Path, Option<NodeId>)) {
    match (&rule.each, &rule.when) {
        (Some(list), _) => {
            let own = list.of.or(list.element);
            visit(&list.path, own);
            let is_own = |node| own.is_some_and(|own| schema().inside(own).any(|inner| inner == node));
            rule.paths(|path, node| {
                if !node.is_some_and(is_own) {
                    visit(path, node);
                }
            });
        }
        (None, Some(when)) => when.paths(visit),
        (None, None) => {}
    }
}

/// Whether a part of the ARN is the same in two pools.
fn is_same_part(part: ArnPart, path: &Path, before: &Pool, pool: &Pool) -> bool {
    let arn = |pool| match resolve(Scope::of(pool), path) {
        State::Present(Value::String(arn)) => Some(arn),
        _ => None,
    };
    match (arn(before), arn(pool)) {
        (Some(before), Some(now)) => part.of(before) == part.of(now),
        _ => at(Scope::of(before), path, |before| at(Scope::of(pool), path, |now| before == now)),
    }
}
