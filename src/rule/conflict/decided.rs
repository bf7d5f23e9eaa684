//! The contradictions between built-in rules, written down so that no run need search for them: with every built-in
//! rule, the search was two thirds of the instructions before the first pool.

use crate::rule::Rule;

/// Pairs of ids, one a line, in the order of the rules.
const PAIRS: &str = include_str!("decided.txt");

/// The rules that a rule contradicts, of those that are as the program has them; `None` if it is not so itself.
pub(super) fn with(rule: &Rule) -> Option<Vec<&'static str>> {
    let other = |line: &'static str| {
        let (first, second) = line.split_once(' ')?;
        [(first, second), (second, first)]
            .into_iter()
            .find(|(own, _)| *own == &*rule.id)
            .map(|(_, other)| other)
    };
    rule.as_shipped.then(|| PAIRS.lines().filter_map(other).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::rule::conflict::conflicts;
    use crate::rule::{assemble, builtin, written};

    #[test]
    #[expect(clippy::disallowed_methods, reason = "it writes a file of the repository when it is asked to")]
    fn tables_of_contradictions_are_those_of_the_rules() {
        let mut mistakes = Vec::new();
        let written = builtin::ids()
            .into_iter()
            .filter_map(builtin::rule)
            .flat_map(|text| written::read(&text, &mut mistakes));
        let written: Vec<_> = written.collect();
        let mut rules: Vec<Rule> =
            written.iter().filter_map(|written| assemble::alone(written, &mut mistakes)).collect();
        assert!(mistakes.is_empty() && rules.iter().all(|rule| rule.as_shipped), "{mistakes:?}");
        for rule in &mut rules {
            rule.as_shipped = false;
        }
        let rules: Vec<_> = rules.into_iter().map(Arc::new).collect();
        let searched = conflicts(&rules);
        let lines: Vec<String> =
            searched.iter().map(|pair| format!("{} {}\n", pair.first.id, pair.second.id)).collect();
        let right = lines.concat();
        if std::env::var_os("BLESS").is_some() {
            let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rule/conflict/decided.txt");
            std::fs::write(file, right).unwrap();
            return;
        }
        assert!(
            right == PAIRS,
            "src/rule/conflict/decided.txt is not that of rules/: `BLESS=1 cargo test --lib tables` writes it anew"
        );
    }

    #[test]
    fn what_is_written_down_is_found_in_either_order() {
        let Some((first, second)) = PAIRS.lines().next().and_then(|line| line.split_once(' ')) else {
            return;
        };
        let rule = |id: &str, as_shipped| {
            let written = written::read(&builtin::rule(id).unwrap(), &mut Vec::new());
            Rule { as_shipped, ..assemble::alone(&written[0], &mut Vec::new()).unwrap() }
        };
        assert!(with(&rule(first, true)).unwrap().contains(&second));
        assert!(with(&rule(second, true)).unwrap().contains(&first));
        assert_eq!(with(&rule(first, false)), None);
    }
}
