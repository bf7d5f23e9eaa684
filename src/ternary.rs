//! Kleene's logic of three values: true, false, and unknown with a reason.

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ternary<W = ()> {
    True,
    False,
    Unknown(W),
}

/// The reason why something is unknown.
pub trait Reason: Sized {
    /// The reason of a combination of two unknowns: the first, unless one of them outranks the other.
    #[must_use]
    fn join(self, _other: Self) -> Self {
        self
    }
}

impl Reason for () {}

impl Reason for String {}

impl<W> From<bool> for Ternary<W> {
    fn from(holds: bool) -> Ternary<W> {
        if holds { Ternary::True } else { Ternary::False }
    }
}

impl<W> From<Result<bool, W>> for Ternary<W> {
    fn from(result: Result<bool, W>) -> Ternary<W> {
        result.map_or_else(Ternary::Unknown, Ternary::from)
    }
}

impl From<Option<bool>> for Ternary {
    fn from(known: Option<bool>) -> Ternary {
        known.ok_or(()).into()
    }
}

impl<W: Reason> Ternary<W> {
    /// Negation. Unknown stays unknown.
    #[must_use]
    pub fn negated(self) -> Ternary<W> {
        match self {
            Ternary::True => Ternary::False,
            Ternary::False => Ternary::True,
            Ternary::Unknown(why) => Ternary::Unknown(why),
        }
    }

    /// Conjunction: false outranks unknown, unknown outranks true.
    #[must_use]
    pub fn and(self, other: Ternary<W>) -> Ternary<W> {
        match (self, other) {
            (Ternary::False, _) | (_, Ternary::False) => Ternary::False,
            (Ternary::Unknown(a), Ternary::Unknown(b)) => Ternary::Unknown(a.join(b)),
            (Ternary::Unknown(why), Ternary::True) | (Ternary::True, Ternary::Unknown(why)) => {
                Ternary::Unknown(why)
            }
            (Ternary::True, Ternary::True) => Ternary::True,
        }
    }

    /// Conjunction of many; stops at the first that is false.
    pub fn all(truths: impl IntoIterator<Item = Ternary<W>>) -> Ternary<W> {
        let mut all = Ternary::True;
        for truth in truths {
            all = all.and(truth);
            if matches!(all, Ternary::False) {
                break;
            }
        }
        all
    }

    /// Disjunction of many; stops at the first that is true.
    pub fn any(truths: impl IntoIterator<Item = Ternary<W>>) -> Ternary<W> {
        Ternary::all(truths.into_iter().map(Ternary::negated)).negated()
    }

    /// Whether it is known to hold, or the reason that it is unknown.
    pub fn known(self) -> Result<bool, W> {
        match self {
            Ternary::True => Ok(true),
            Ternary::False => Ok(false),
            Ternary::Unknown(why) => Err(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const U: Ternary = Ternary::Unknown(());
    const T: Ternary = Ternary::True;
    const F: Ternary = Ternary::False;

    #[test]
    fn the_tables_are_those_of_kleene() {
        let rows = [(T, T, T, T), (T, U, U, T), (T, F, F, T), (U, U, U, U), (U, F, F, U), (F, F, F, F)];
        for (a, b, and, or) in rows {
            for (a, b) in [(a, b), (b, a)] {
                assert_eq!(a.and(b), and, "{a:?} and {b:?}");
                assert_eq!(Ternary::any([a, b]), or, "{a:?} or {b:?}");
            }
        }
        assert_eq!([T, F, U].map(Ternary::negated), [F, T, U]);
    }

    #[test]
    fn of_two_reasons_the_first_is_given() {
        let unknown = |why: &str| Ternary::Unknown(why.to_owned());
        assert_eq!(unknown("a").and(unknown("b")).known(), Err("a".to_owned()));
    }
}
