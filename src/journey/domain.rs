//! The domain of a pool: sign-in pages, and links that verify an address.

use super::certainty::{Condition, Step};
use super::facts::{Facts, Subject};
use super::guard::Guard;
use crate::ternary::Ternary;

impl Facts<'_> {
    /// The step to verification by email, which is by a link where the pool says so.
    pub(super) fn unless_link_fails(&self) -> Step {
        Step::undocumented(self.is(Guard::LinkWithoutDomain), Condition::LinkWithoutDomain)
    }

    /// A step that goes through the domain of the pool.
    pub(super) fn at_domain(&self, step: Step) -> Step {
        if !step.is_possible() {
            return step;
        }
        // A file has no status, and nothing is deployed with a domain that fails.
        match self.is(Guard::DomainsHaveFailed) {
            Ternary::True => step.and(Step::undocumented(Ternary::True, Condition::FailedDomain)),
            Ternary::False | Ternary::Unknown(()) => step,
        }
    }

    /// The sign-in pages of a client.
    pub(super) fn pages(&self, client: &Subject<'_>) -> Step {
        self.at_domain(self.step_of(Guard::Pages, client))
    }

    /// The sign-in pages of a client for users of the pool.
    pub(super) fn local_pages(&self, client: &Subject<'_>) -> Step {
        self.pages(client).and(self.step_of(Guard::PagesOfLocalUsers, client))
    }
}
