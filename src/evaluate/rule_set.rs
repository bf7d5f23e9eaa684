//! Sets of the rules of a policy, by their positions in it.

/// A set of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RuleSet(Vec<u64>);

impl RuleSet {
    /// The empty set, for a number of rules.
    pub(super) fn none(rules: usize) -> RuleSet {
        RuleSet(vec![0; rules.div_ceil(64)])
    }

    /// The set of a number of rules.
    pub(super) fn all(rules: usize) -> RuleSet {
        let mut all = RuleSet::none(rules);
        (0..rules).for_each(|rule| all.insert(rule));
        all
    }

    pub(super) fn insert(&mut self, rule: usize) {
        self.reach(rule / 64 + 1);
        self.0[rule / 64] |= 1 << (rule % 64);
    }

    pub(super) fn remove(&mut self, rule: usize) {
        if let Some(word) = self.0.get_mut(rule / 64) {
            *word &= !(1 << (rule % 64));
        }
    }

    fn reach(&mut self, words: usize) {
        if self.0.len() < words {
            self.0.resize(words, 0);
        }
    }

    /// Adds a rule, or takes it out.
    pub(super) fn set(&mut self, rule: usize, is_in: bool) {
        match is_in {
            true => self.insert(rule),
            false => self.remove(rule),
        }
    }

    /// Adds the rules of another set.
    pub(super) fn extend(&mut self, other: &RuleSet) {
        self.reach(other.0.len());
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    /// Takes the rules of another set in place of its own, as far as they are among some rules.
    pub(super) fn replace(&mut self, other: &RuleSet, among: &RuleSet) {
        for ((word, other), among) in self.0.iter_mut().zip(&other.0).zip(&among.0) {
            *word = *word & !among | other & among;
        }
    }

    pub(super) fn contains(&self, rule: usize) -> bool {
        self.0.get(rule / 64).is_some_and(|word| word & 1 << (rule % 64) != 0)
    }

    /// The positions of its rules, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let rest = |word: &u64| Some(word & word.wrapping_sub(1)).filter(|rest| *rest != 0);
            let words = std::iter::successors(Some(*word).filter(|word| *word != 0), rest);
            words.map(move |word| 64 * at + word.trailing_zeros() as usize)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_the_rules_that_were_added() {
        let rules = [0, 5, 63, 64, 127, 140];
        let mut set = RuleSet::none(146);
        for rule in rules {
            set.insert(rule);
        }
        assert_eq!(set.iter().collect::<Vec<_>>(), rules);
        let mut other = RuleSet::none(146);
        other.insert(7);
        set.extend(&other);
        set.remove(63);
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 5, 7, 64, 127, 140]);
        assert!(set.contains(7) && !set.contains(63));
        let mut among = RuleSet::default();
        for rule in [5, 9, 140] {
            among.insert(rule);
        }
        let mut own = RuleSet::none(146);
        for rule in [9, 140] {
            own.insert(rule);
        }
        set.replace(&own, &among);
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 7, 9, 64, 127, 140]);
        assert_eq!(RuleSet::all(146).iter().collect::<Vec<_>>(), (0..146).collect::<Vec<_>>());
    }
}
