//! The checks of other tools.

use super::{head, links, row};
use crate::union::{Check, checks};

/// Each check with its rules, and the tests that hold what is easily got wrong there.
pub(super) fn page() -> String {
    let mut text = "# Checks of other tools\n\nThe checks that tools make of user pools, the rules that answer each, and what is \
        easy to get wrong there. The tests named in the last column prove that the rules get it right.\n\n"
        .to_owned();
    text += &table(&checks("checks"), true);
    text += "\n## Further checks\n\nChecks that no other tool makes.\n\n";
    text += &table(&checks("further"), false);
    text
}

fn table(checks: &[Check], numbered: bool) -> String {
    let names: &[&str] = match numbered {
        true => &["", "check", "made by", "rules", "easy to get wrong", "tests of the rules"],
        false => &["check", "rules", "easy to get wrong", "tests of the rules"],
    };
    let mut text = head(names);
    for check in checks {
        let reason = check.out_of_reach.as_ref().or(check.left_out.as_ref());
        let rules = match reason {
            Some(_) => "none".to_owned(),
            None => links("", check.rules.iter().map(String::as_str)),
        };
        let trap = reason.or(check.trap.as_ref()).cloned().unwrap_or_default();
        let tests = check.tests.iter().filter_map(|test| test.split_once(": "));
        let tests = tests.map(|(rule, name)| format!("`{rule}`: {name}")).collect::<Vec<_>>().join("<br>");
        let mut cells = vec![check.says.clone(), rules, trap, tests];
        if numbered {
            cells.insert(1, check.tools.join(", "));
            cells.insert(0, check.number.map_or(String::new(), |number| number.to_string()));
        }
        text += &row(&cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    text
}
