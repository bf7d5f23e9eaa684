//! Whether anybody can sign in to a pool: a change that ends that is not a fix.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::pool::{Pool, Scope};
use crate::rule::{Named, Predicate, Rule, assemble, builtin, written};
use crate::truth::{EvalContext, truth};

/// Predicates that must stay true while settings are changed.
const SIGN_IN: [&str; 2] = ["people-sign-in", "local-users-sign-in"];

/// Rules that use these predicates.
const ASKING: [&str; 2] = ["custom-domain-missing", "password-reuse-allowed"];

/// The named predicates that say whether anybody can sign in.
pub(super) struct SignIn(Vec<Arc<Predicate>>);

impl SignIn {
    /// The predicates, from built-in rules that ask for them.
    pub(super) fn of_built_in_rules() -> SignIn {
        let mut found: BTreeMap<&str, Arc<Predicate>> = BTreeMap::new();
        let mut keep = |named: &Named| {
            if let Some(name) = SIGN_IN.iter().find(|name| ***name == *named.name) {
                found.entry(*name).or_insert_with(|| Arc::clone(&named.inner));
            }
        };
        for rule in ASKING.iter().filter_map(|id| built_in(id)) {
            rule.when.iter().for_each(|predicate| predicate.named(&mut keep));
        }
        SignIn(found.into_values().collect())
    }

    /// Whether nobody, or no user of the pool itself, can sign in. `now`: milliseconds since 1970.
    pub(super) fn is_closed(&self, pool: &Pool, now: i64) -> bool {
        let (scope, context) = (Scope::of(pool), EvalContext::filter(now));
        self.0.iter().any(|predicate| truth(predicate, scope, context).known() == Ok(false))
    }
}

/// A built-in rule at its defaults.
pub(super) fn built_in(id: &str) -> Option<Arc<Rule>> {
    let mut mistakes = Vec::new();
    let written = written::read(&builtin::rule(id)?, &mut mistakes);
    written.iter().find_map(|rule| assemble::alone(rule, &mut mistakes)).map(Arc::new)
}
