//! Rules to start from: whatever the path, they compile and their tests pass.

use std::sync::Arc;

use cognito_lint::diagnostic::SourceFile;
use cognito_lint::evaluate::verdict;
use cognito_lint::report::tree::draft;
use cognito_lint::rule::{Verdict, assemble, case, written};
use cognito_lint::schema::schema;

#[test]
fn a_rule_to_start_from_passes_its_tests() {
    let (mut complaints, mut untested, mut tested) = (Vec::new(), Vec::new(), 0);
    for (id, node) in schema().nodes().skip(1).filter(|(_, node)| !node.inferred) {
        let text = match draft("example", id) {
            Ok(text) => text,
            Err(mistakes) => {
                complaints.push(format!("{}: {}", node.path, mistakes[0]));
                continue;
            }
        };
        let mut mistakes = Vec::new();
        let rules = written::read(&SourceFile::new("draft.toml", text.as_str()), &mut mistakes);
        let rule = Arc::new(assemble::alone(&rules[0], &mut mistakes).unwrap());
        let cases = case::cases(&rules[0], &mut mistakes);
        complaints.extend(mistakes.iter().map(|mistake| format!("{}: {mistake}\n{text}", node.path)));
        for case in &cases {
            let got = verdict(&rule, &case.pool, 1_800_000_000_000);
            if got != case.verdict {
                complaints.push(format!(
                    "{}: {} and not {}\n{text}",
                    node.path,
                    got.word(),
                    case.verdict.word()
                ));
            }
        }
        let both = [Verdict::Pass, Verdict::Fail]
            .iter()
            .all(|wanted| cases.iter().any(|case| case.verdict == *wanted));
        if both {
            tested += 1;
        } else {
            untested.push(node.path.to_string());
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    // Sections, structures without members and what identifies a pool cannot be both there and absent.
    assert!(
        untested.len() * 5 < tested,
        "{tested} have both tests, and these do not:\n{}",
        untested.join("\n")
    );
}
