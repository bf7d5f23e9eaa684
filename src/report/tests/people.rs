//! The content of reports for people, and its order.

use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use super::GOLDEN;
use super::everything::everything;
use super::fixture::{Fixture, fixture};
use crate::finding::{Evidence, Finding, Location, PoolRef, Verdict, VerdictLog};
use crate::report::{Format, Show, Style, write};
use crate::rule::{Rule, Severity};

const PEOPLE: [Format; 3] = [Format::Human, Format::Compact, Format::Markdown];

fn written(format: Format, fixture: &Fixture, style: Style) -> String {
    let mut out = Vec::new();
    write(format, &fixture.report(), style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn showing(show: Show) -> Style {
    Style { show, ..GOLDEN }
}

/// Findings of the given severities and lines, in this order, each of a rule of its own and in the pool of that name.
fn of(findings: &[(Severity, usize, &str)]) -> Fixture {
    let mut fixture = fixture();
    let one = fixture.evaluation.findings[2].clone();
    let made = findings.iter().map(|(severity, line, name)| {
        let id = format!("{}-{line}", severity.word());
        let rule = Rule { id: id.as_str().into(), severity: *severity, ..Rule::clone(&one.rule) };
        let mut pool = PoolRef::clone(&one.pool);
        pool.identity.name = Some((*name).into());
        let location = Some(Location { file: "pools.json".into(), line: *line, column: 3 });
        let message = format!("message of {id}").into();
        Finding {
            rule: Arc::new(rule),
            pool: Arc::new(pool),
            location,
            message,
            excerpt: None,
            ..one.clone()
        }
    });
    fixture.evaluation.findings = made.collect();
    fixture.evaluation.tally.pools = 3;
    fixture.evaluation.tally.by_severity = [0; 5];
    for (severity, ..) in findings {
        fixture.evaluation.tally.by_severity[*severity as usize] += 1;
    }
    fixture.evaluation.unread.clear();
    fixture.evaluation.undecided.clear();
    fixture.evaluation.tally.unknown = 0;
    fixture
}

fn mixed() -> Fixture {
    of(&[
        (Severity::Low, 2, "a"),
        (Severity::High, 9, "a"),
        (Severity::Info, 4, "a"),
        (Severity::Medium, 12, "b"),
        (Severity::Critical, 20, "b"),
        (Severity::High, 5, "b"),
        (Severity::Info, 30, "c"),
    ])
}

#[test]
fn the_worst_is_first_then_comes_the_place() {
    let wanted = ["critical-20", "high-5", "high-9", "medium-12", "low-2", "info-4", "info-30"];
    for format in [Format::Human, Format::Compact] {
        let text = written(format, &mixed(), GOLDEN);
        let at = wanted.map(|id| text.find(&format!("[{id}]")).unwrap());
        assert!(at.is_sorted(), "{}: {at:?}\n{text}", format.word());
    }
    // A comment folds each pool, the worst first.
    let text = written(Format::Markdown, &mixed(), GOLDEN);
    let wanted = ["critical-20", "high-5", "medium-12", "high-9", "low-2", "info-4", "info-30"];
    let at = wanted.map(|id| text.find(&format!("`{id}`")).unwrap());
    assert!(at.is_sorted(), "{at:?}\n{text}");
    let json: serde_json::Value = serde_json::from_str(&written(Format::Json, &mixed(), GOLDEN)).unwrap();
    assert_eq!(json["findings"][0]["rule"], "low-2", "formats for machines keep their order");
}

/// One finding that is worse than a rule with many is above it, and one that is less bad below it.
#[test]
fn groups_have_their_place_in_the_order() {
    let mut fixture = mixed();
    let one = fixture.evaluation.findings[3].clone();
    for i in 0..12 {
        let mut pool = PoolRef::clone(&one.pool);
        pool.identity.name = Some(format!("more-{i}").into());
        fixture.evaluation.findings.push(Finding { pool: Arc::new(pool), ..one.clone() });
    }
    let text = written(Format::Human, &fixture, GOLDEN);
    let at = ["high[high-9]", "medium[medium-12]: 13 pools", "low[low-2]"].map(|tag| text.find(tag).unwrap());
    assert!(at.is_sorted(), "{text}");
}

#[test]
fn the_answer_is_where_it_is_read() {
    let fixture = mixed();
    for format in [Format::Human, Format::Compact] {
        let lines = |rows: Option<usize>| {
            let text = written(format, &fixture, Style { rows, width: 200, ..GOLDEN });
            let answers = |line: &str| line.starts_with("2 of 3 pools violate policy: ");
            let lines: Vec<bool> = text.lines().map(answers).collect();
            assert!(!text.ends_with("\n\n"), "{text}");
            (lines[0], lines[lines.len() - 1], lines.iter().filter(|is| **is).count())
        };
        assert_eq!(lines(None), (true, false, 1), "in a pipe");
        assert_eq!(lines(Some(500)), (false, true, 1), "on a terminal");
        assert_eq!(lines(Some(5)), (true, true, 2), "on a terminal that is too small");
    }
}

#[test]
fn information_about_pools_that_meet_policy_is_apart() {
    let text = written(Format::Human, &mixed(), GOLDEN);
    let answer = text.lines().next().unwrap();
    let wanted = "2 of 3 pools violate policy: 1 critical, 2 high, 1 medium, 1 low, 1 info; 1 info in pools \
                  that meet it (";
    assert!(answer.starts_with(wanted), "{answer}");
    let (violations, rest) =
        text.split_once("For information, of pools that meet policy: 1 finding").unwrap();
    assert!(violations.contains("info[info-4]") && !violations.contains("info[info-30]"), "{text}");
    assert!(rest.contains("  - info[info-30] c: message of info-30"), "{text}");
    // Where such findings fail a run, they are violations.
    let mut strict = mixed();
    strict.terms.fail_on = Some(Severity::Info);
    assert!(!written(Format::Human, &strict, GOLDEN).contains("For information"));
}

#[test]
fn hidden_findings_are_counted_and_nothing_else_changes() {
    let style = showing(Show { least: Severity::High, ..Show::DEFAULT });
    for format in Format::ALL {
        let (all, few) = (written(format, &mixed(), GOLDEN), written(format, &mixed(), style));
        // The log below the annotations is for people.
        if format == Format::Github {
            let annotations = |text: &str| text.lines().filter(|line| line.starts_with("::")).count();
            assert_eq!(annotations(&all), annotations(&few));
            continue;
        }
        if !PEOPLE.contains(&format) {
            assert_eq!(all, few, "{}", format.word());
            continue;
        }
        let counted = few.contains("4 findings below high are hidden by")
            || few.contains("4 findings below high are hidden by \\`");
        assert!(counted, "{few}");
        assert!(few.contains("high-9") && few.contains("critical-20"), "{few}");
        assert!(!few.contains("message of low-2") && !few.contains("message of info-30"), "{few}");
        if format == Format::Human {
            assert_eq!(all.lines().next(), few.lines().next(), "the answer counts everything");
        }
    }
}

#[test]
fn statistics_have_one_line_for_each_rule() {
    let mut fixture = mixed();
    let again = fixture.evaluation.findings[1].clone();
    fixture.evaluation.findings.push(again);
    for format in [Format::Human, Format::Compact] {
        let text = written(format, &fixture, showing(Show { statistics: true, ..Show::DEFAULT }));
        let lines: Vec<&str> = text.lines().collect();
        let at = lines.iter().position(|line| *line == "findings  pools  severity  rule").unwrap();
        assert_eq!(lines[at + 1], "       1      1  critical  critical-20");
        assert_eq!(lines[at + 2], "       2      1  high      high-9");
        assert_eq!(lines[at + 3], "       1      1  high      high-5");
        assert!(!text.contains("message of"), "{text}");
        assert!(text.contains("4 verdicts skipped"), "gaps are still there\n{text}");
    }
}

#[test]
fn the_reasons_of_skipped_verdicts_are_counted_and_listed() {
    let mut fixture = mixed();
    fixture.evaluation.evidence = VerdictLog::default();
    let said = "4 verdicts skipped: 2 because the rule does not apply, 1 because there is no element to judge, \
                1 because the input does not show it";
    let wide = Style { width: 300, ..GOLDEN };
    assert!(written(Format::Human, &fixture, wide).contains(&format!("{said}; `--verbose` lists them\n")));
    let verbose = Style { show: Show { verbose: true, ..Show::DEFAULT }, ..wide };
    let text = written(Format::Human, &fixture, verbose);
    assert!(text.contains(&format!("{said}; a report that `--evidence` writes has each reason\n")), "{text}");
    let one = Evidence {
        rule: "client-secret".into(),
        pool: fixture.evaluation.findings[0].pool.clone(),
        subject: None,
        verdict: Verdict::Skipped,
        reason: "the rule does not apply".into(),
    };
    fixture.evaluation.evidence = [one.clone(), one].into_iter().collect();
    let text = written(Format::Human, &fixture, verbose);
    assert!(text.contains("  - client-secret: the rule does not apply (2 verdicts)\n"), "{text}");
    assert!(text.contains(&format!("{said}\n")), "{text}");
}

/// Nothing but a word that is longer than the line is wider than the terminal.
#[test]
fn every_line_fits_on_the_terminal() {
    let mut wide = everything();
    let name = "\u{65e5}\u{672c}\u{8a9e} \u{540d}\u{524d} ".repeat(20);
    for finding in &mut wide.evaluation.findings {
        let mut pool = PoolRef::clone(&finding.pool);
        pool.identity.name = Some(name.as_str().into());
        finding.pool = Arc::new(pool);
    }
    for fixture in [mixed(), everything(), wide] {
        for width in [40, 80, 100, 140] {
            for show in [
                Show::DEFAULT,
                Show { verbose: true, ..Show::DEFAULT },
                Show { statistics: true, ..Show::DEFAULT },
            ] {
                let style = Style { width, rows: Some(24), show, ..GOLDEN };
                let text = written(Format::Human, &fixture, style);
                let fits = |line: &&str| line.width() <= width || line.split_whitespace().count() <= 2;
                // A place is one word, and what is wide in an excerpt is cut.
                let wider: Vec<&str> =
                    text.lines().filter(|line| !fits(line) && !line.contains("\u{256d}\u{2500}[")).collect();
                assert!(wider.is_empty(), "{width}: {wider:#?}");
            }
        }
    }
}
