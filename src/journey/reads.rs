//! The facts that something was worked out from, as bits: a change that turns none of them leaves it as it was.

use super::guard::Guard;

/// A set of guards and of members of clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reads(u128);

/// The members of clients that steps ask for beside guards.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked {
    Written,
    Offered,
    Lifetimes,
}

impl Asked {
    /// The members of a client that each is about.
    pub(super) const MEMBERS: [(&'static str, Asked); 4] = [
        ("AccessTokenLifetimeSeconds", Asked::Lifetimes),
        ("RefreshTokenLifetimeSeconds", Asked::Lifetimes),
        ("SupportedIdentityProviders", Asked::Offered),
        ("WriteAttributes", Asked::Written),
    ];
}

impl Reads {
    pub(super) const ALL: Reads = Reads(u128::MAX);

    pub(super) fn of_guard(guard: Guard) -> Reads {
        Reads(1 << guard as u32)
    }

    pub(super) fn of_member(asked: Asked) -> Reads {
        Reads(1 << (Guard::ALL.len() + asked as usize))
    }

    #[must_use]
    pub(super) fn join(self, other: Reads) -> Reads {
        Reads(self.0 | other.0)
    }

    pub(super) fn meets(self, other: Reads) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_guard_and_member_has_a_bit() {
        let members = Asked::MEMBERS.map(|(_, asked)| Reads::of_member(asked));
        let all = Guard::ALL.iter().map(|guard| Reads::of_guard(*guard)).chain(members);
        let bits = all.fold(Reads::default(), Reads::join).0.count_ones();
        assert_eq!(usize::try_from(bits).unwrap(), Guard::ALL.len() + 3);
    }
}
