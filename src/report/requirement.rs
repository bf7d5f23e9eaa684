//! The controls that a rule is for, as formats for machines name them.

use crate::rule::{Rule, builtin};

/// A framework with the numbers of its controls.
pub(super) type Requirement<'a> = (&'a str, Vec<&'a str>);

/// The controls that a rule names, or that packs name it for. A rule of a report that was read back names both.
pub(super) fn requirements(rule: &Rule) -> Vec<Requirement<'_>> {
    let own = rule.controls.iter();
    let mut all: Vec<Requirement<'_>> =
        own.map(|(framework, ids)| (&**framework, ids.iter().map(String::as_str).collect())).collect();
    if all.is_empty() && rule.is_builtin() {
        for of in builtin::controls().get(&*rule.id).into_iter().flatten() {
            match all.last_mut().filter(|(framework, _)| *framework == of.pack) {
                Some((_, ids)) => ids.push(&of.control),
                None => all.push((of.pack, vec![&of.control])),
            }
        }
    }
    all
}

/// `pci-dss-4 8.3.6`, one text for each control.
pub(super) fn in_words(rule: &Rule) -> Vec<String> {
    let of = |(framework, ids): Requirement<'_>| -> Vec<String> {
        ids.iter().map(|id| format!("{framework} {id}")).collect()
    };
    requirements(rule).into_iter().flat_map(of).collect()
}
