//! The rules that judge the elements of a section. Where the input does not hold the section, none of them decides
//! anything, so they are counted together.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::tally::Skip;
use super::{Evaluation, Options};
use crate::pool::{Beyond, Pool, Scope, Section, State, resolve};
use crate::rule::{ListPath, Policy, Rule};

/// The rules of a policy, with the section of each that judges elements.
pub(super) struct SectionRules<'p> {
    sections: Vec<OfSection<'p>>,
    /// Every rule, and the position of its section.
    rules: Vec<(&'p Arc<Rule>, Option<usize>)>,
}

struct OfSection<'p> {
    section: Section,
    /// The list of one of the rules. That the section is outside the input is the same for all.
    list: &'p ListPath,
    ids: Vec<&'p Arc<str>>,
}

/// The inputs of a chunk, with the sections that they are known not to hold.
pub(super) type Noted = BTreeSet<(Arc<str>, Section)>;

impl<'p> SectionRules<'p> {
    /// `None` where each rule is looked at by itself: its verdict is shown, or it differs between pools.
    pub(super) fn of(policy: &'p Policy, options: Options) -> Option<SectionRules<'p>> {
        if options.evidence || options.full_coverage || !policy.scopes.is_empty() {
            return None;
        }
        let mut sections: Vec<OfSection<'p>> = Vec::new();
        let mut place = |rule: &'p Arc<Rule>| {
            let list = rule.each.as_ref()?;
            let section = Section::of(&list.path.steps.first()?.name);
            // Whether the pool itself is outside says nothing of its members one by one.
            if section == Section::UserPool {
                return None;
            }
            let known = sections.iter().position(|known| known.section == section);
            let at = known.unwrap_or_else(|| {
                sections.push(OfSection { section, list, ids: Vec::new() });
                sections.len() - 1
            });
            sections[at].ids.push(&rule.id);
            Some(at)
        };
        let rules = policy.rules.iter().map(|rule| (rule, place(rule))).collect();
        Some(SectionRules { sections, rules })
    }

    /// Counts the rules whose section is outside the input, and returns the others.
    pub(super) fn left<'s>(
        &'s self,
        pool: &Pool,
        evaluation: &mut Evaluation,
        noted: &mut Noted,
    ) -> impl Iterator<Item = &'p Arc<Rule>> + use<'s, 'p> {
        let mut outside = vec![false; self.sections.len()];
        for (of, outside) in self.sections.iter().zip(&mut outside) {
            let beyond = Beyond::Section(of.section);
            *outside = resolve(Scope { pool, element: None }, &of.list.path) == State::Outside(beyond);
            if !*outside {
                continue;
            }
            evaluation.tally.skipped += of.ids.len();
            evaluation.tally.skipped_by[Skip::Outside as usize] += of.ids.len();
            let input = &pool.origin.name;
            if noted.insert((Arc::clone(input), of.section)) {
                let known = evaluation.outside.entry(Arc::clone(input)).or_default();
                known.entry(beyond).or_default().extend(of.ids.iter().map(|id| Arc::clone(id)));
            }
        }
        let is_left = move |section: Option<usize>| section.is_none_or(|at| !outside[at]);
        self.rules.iter().filter(move |(_, section)| is_left(*section)).map(|(rule, _)| *rule)
    }
}
