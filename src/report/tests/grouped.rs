//! Reports of many pools: each rule and each cause once.

use std::sync::Arc;

use super::fixture::{Fixture, fixture};
use super::{GOLDEN, hold};
use crate::finding::{Change, Finding, Location, PoolRef};
use crate::report::{Format, Group, Show, Style, write};
use crate::rule::Rule;
use crate::source::{About, Note, Unread};
use crate::value::Day;

fn human(fixture: &Fixture, style: Style) -> String {
    let mut out = Vec::new();
    write(Format::Human, &fixture.report(), style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn grouped(group: Group) -> Style {
    Style { show: Show { group, ..GOLDEN.show }, ..GOLDEN }
}

/// Every rule of the fixture fails for each of this number of pools.
fn many(pools: usize) -> Fixture {
    let mut fixture = fixture();
    let of_rule =
        |id: &str| fixture.evaluation.findings.iter().find(|one| &*one.rule.id == id).unwrap().clone();
    let rules = ["refresh-token-long", "sign-up-open", "mfa-off", "password-too-short"].map(of_rule);
    let mut findings = Vec::new();
    for i in 0..pools {
        let mut pool = PoolRef::clone(&rules[3].pool);
        pool.identity.name = Some(format!("pool-{i}").into());
        let pool = Arc::new(pool);
        for finding in &rules {
            let location = Some(Location { file: "pools.json".into(), line: i + 1, column: 3 });
            findings.push(Finding { pool: pool.clone(), location, excerpt: None, ..finding.clone() });
        }
    }
    fixture.evaluation.findings = findings;
    fixture.evaluation.tally.pools = 3 * pools;
    fixture.evaluation.unread.clear();
    fixture.evaluation.undecided.clear();
    fixture.evaluation.controls.clear();
    fixture.evaluation.outside.clear();
    fixture.evaluation.unknown_members.clear();
    fixture
}

/// The same finding of another rule.
fn of_rule(id: &str, finding: &Finding) -> Finding {
    let rule = Arc::new(Rule { id: id.into(), ..(*finding.rule).clone() });
    Finding { rule, ..finding.clone() }
}

/// More rules than there is room for have one pool each.
#[test]
fn five_rules_of_many_pools_fit_on_a_screen() {
    let mut fixture = many(300);
    let more = fixture.evaluation.findings.iter().filter(|one| &*one.rule.id == "refresh-token-long");
    let more: Vec<Finding> = more.map(|finding| of_rule("tokens-long", finding)).collect();
    fixture.evaluation.findings.extend(more);
    let text = human(&fixture, Style { width: 100, ..GOLDEN });
    assert!(text.lines().count() <= 60, "{} lines\n{text}", text.lines().count());
    assert_eq!(text.matches("300 pools: ").count(), 5, "{text}");
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // A title need not name the setting.
    assert!(words.contains("pools.json:2:3: MfaConfiguration OFF (default) and 298 more"), "{text}");
    let want = "want: Policies.PasswordPolicy.MinimumLength: at least 12";
    assert!(words.contains(want) && words.contains("pools.json:2:3: 8 and 298 more"), "{text}");
    assert_eq!(words.matches("`--report json=FILE` has them all").count(), 1, "{text}");
}

#[test]
fn many_pools_are_grouped_by_rule() {
    let fixture = many(300);
    let text = human(&fixture, GOLDEN);
    assert!(text.lines().count() <= 60, "{} lines\n{text}", text.lines().count());
    let order =
        ["critical[mfa-off]", "high[password-too-short]", "medium[refresh-token-long]", "info[sign-up-open]"];
    let at = order.map(|tag| text.find(tag).unwrap());
    assert!(at.is_sorted(), "{text}");
    assert!(order.iter().all(|tag| text.matches(tag).count() == 1), "{text}");
    hold("human-grouped.txt", text.as_bytes());
    let narrow = human(&fixture, Style { width: 40, rows: Some(24), ..GOLDEN });
    let mut wide = narrow.lines().filter(|line| line.chars().count() > 40);
    // The answer is one line for programs, and a word is never broken.
    assert!(
        wide.all(|line| line.starts_with("incomplete: ") || line.split_whitespace().count() <= 2),
        "{narrow}"
    );
}

/// The lines of a screen of this width, where an address that is longer than a line takes several.
fn screen_lines(text: &str, width: usize) -> usize {
    text.lines().map(|line| line.chars().count().div_ceil(width).max(1)).sum()
}

/// Narrow terminals have one pool of each rule, wider ones lists and explanations; every rule is on all of them.
#[test]
fn rules_of_many_pools_fit_on_every_terminal() {
    let mut listed = Vec::new();
    for width in [40, 80, 100, 140] {
        let style = Style { width, rows: Some(50), ..GOLDEN };
        let text = human(&many(300), style);
        // Colours and hyperlinks take no room.
        let fancy = human(&many(300), Style { color: true, links: true, ..style });
        assert_eq!(text.lines().count(), fancy.lines().count(), "{fancy}");
        assert!(screen_lines(&text, width) <= 60, "{width}: {}\n{text}", screen_lines(&text, width));
        for rule in ["mfa-off", "password-too-short", "refresh-token-long", "sign-up-open"] {
            assert!(text.contains(&format!("[{rule}]: ")), "{width}: {text}");
        }
        listed.push(text.lines().filter(|line| line.starts_with("  - ")).count());
        let short = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(short.contains("`cognito-lint rules show ID` explains a rule"), width < 100, "{text}");
    }
    assert!(listed[0] == 4 && listed[1..].iter().all(|pools| *pools >= 8) && listed[3] > 8, "{listed:?}");
}

/// The rest of the report takes its lines from the pools of each rule.
#[test]
fn lines_of_a_report_are_shared_by_all_that_is_in_it() {
    let style = Style { width: 100, rows: Some(50), ..GOLDEN };
    let mut fixture = many(300);
    let listed = |text: &str| text.lines().filter(|line| line.starts_with("  - ")).count();
    let before = listed(&human(&fixture, style));
    let note = |i: usize| Note { target: "pools.json".to_owned(), message: format!("remark {i}") };
    fixture.evaluation.notes = (0..15).map(note).collect();
    let text = human(&fixture, style);
    assert!(listed(&text) < before, "{before} {text}");
    assert!(screen_lines(&text, 100) <= 60, "{text}");
}

/// Whoever asks for groups wants each explained, on a terminal and in a file.
#[test]
fn explanations_are_whole_where_groups_are_asked_for() {
    for rows in [None, Some(24)] {
        let text = human(&many(300), Style { width: 40, rows, ..grouped(Group::Rule) });
        assert_eq!(text.matches("  help:  ").count(), 4, "{text}");
        assert!(!text.contains("rules show"), "{text}");
    }
}

/// A pipe has no more lines than a terminal, and leads to the explanations.
#[test]
fn a_pipe_has_no_more_lines_than_a_terminal() {
    let mut fixture = many(300);
    let first: Vec<Finding> = fixture.evaluation.findings.iter().step_by(4).cloned().collect();
    for number in 0..4 {
        fixture.evaluation.findings.extend(first.iter().map(|one| of_rule(&format!("other-{number}"), one)));
    }
    let text = human(&fixture, Style { width: 100, ..GOLDEN });
    assert!(text.lines().count() <= 60, "{} lines\n{text}", text.lines().count());
    assert!(text.contains("`cognito-lint rules show ID` explains a rule"), "{text}");
}

#[test]
fn nine_findings_of_a_rule_are_not_grouped() {
    assert!(!human(&many(9), GOLDEN).contains("9 pools: "));
    assert!(human(&many(10), GOLDEN).contains("critical[mfa-off]: 10 pools: "));
    assert!(human(&many(1), grouped(Group::Rule)).contains("critical[mfa-off]: 1 pool: "));
    let by_pool = human(&many(10), grouped(Group::Pool));
    assert_eq!(by_pool.matches("critical[mfa-off]").count(), 10);
}

/// A finding that is not shown is counted.
#[test]
fn what_is_shown_and_what_is_counted_is_everything() {
    for pools in [10, 11, 12, 13, 57] {
        let text = human(&many(pools), GOLDEN);
        let listed = text.lines().filter(|line| line.starts_with("  - ")).count();
        let counted = text.lines().filter_map(|line| line.trim().strip_prefix("and ")?.split_once(" more"));
        let counted: usize = counted.map(|(n, _)| n.parse::<usize>().unwrap()).sum();
        assert_eq!(listed + counted, 4 * pools, "{text}");
    }
}

/// Whoever asks for groups gets all pools of each rule.
#[test]
fn groups_that_are_asked_for_list_their_pools() {
    let text = human(&many(12), grouped(Group::Rule));
    assert_eq!(text.lines().filter(|line| line.starts_with("  - ")).count(), 4 * 12, "{text}");
    assert!(!text.contains(" more\n") && !text.contains("has them all"), "{text}");
}

/// The pools, fixes and reasons of each group, the worst first.
fn shown_of_groups(text: &str) -> Vec<(usize, bool, bool)> {
    let mut groups = Vec::new();
    for line in text.lines() {
        // The heading of a rule, which may go on in the next line.
        if line.contains("]: ") && !line.starts_with(' ') {
            groups.push((0, false, false));
        }
        let Some((pools, fix, why)) = groups.last_mut() else { continue };
        *pools += usize::from(line.starts_with("  - "));
        *fix |= line.starts_with("  help: ");
        *why |= line.starts_with("  why: ");
    }
    groups
}

/// A worse rule has what a lesser one has: its fix before any reason, and as many pools.
#[test]
fn no_group_has_less_than_a_lesser_one() {
    let mut fixture = many(300);
    let first: Vec<Finding> = fixture.evaluation.findings.iter().step_by(4).cloned().collect();
    for number in 0..10 {
        for width in [40, 60, 80, 100, 140] {
            let text = human(&fixture, Style { width, rows: Some(50), ..GOLDEN });
            assert!(screen_lines(&text, width) <= 60, "{}\n{text}", screen_lines(&text, width));
            let groups = shown_of_groups(&text);
            assert_eq!(groups.len(), 4 + number, "{text}");
            for pair in groups.windows(2) {
                let [(pools, fix, why), (next_pools, next_fix, next_why)] = pair else { unreachable!() };
                assert!(pools >= next_pools && fix >= next_fix && why >= next_why, "{text}");
            }
            assert!(groups.iter().all(|(_, fix, why)| fix >= why), "{text}");
            assert!(groups[0].0 > 0 && (groups[0].1 || width < 60 || number > 1), "{text}");
            // Of five rules, each has more than its title.
            assert!(groups.iter().take(5).all(|(pools, ..)| *pools > 0) || number > 1, "{text}");
        }
        fixture.evaluation.findings.extend(first.iter().map(|one| of_rule(&format!("other-{number}"), one)));
    }
}

/// Rules whose explanations do not fit are titles with the number of their pools.
#[test]
fn more_rules_than_lines_have_a_title_each() {
    let mut fixture = many(10);
    let first: Vec<Finding> = std::iter::repeat_n(fixture.evaluation.findings[0].clone(), 10).collect();
    for number in 0..30 {
        fixture.evaluation.findings.extend(first.iter().map(|one| of_rule(&format!("rule-{number}"), one)));
    }
    let text = human(&fixture, Style { width: 100, rows: Some(50), ..GOLDEN });
    assert!(screen_lines(&text, 100) <= 60, "{}\n{text}", screen_lines(&text, 100));
    assert!((0..30).all(|number| text.contains(&format!("medium[rule-{number}]: "))), "{text}");
}

/// A pool whose findings are in several parts of the report says so in each.
#[test]
fn a_part_of_the_findings_of_a_pool_is_called_a_part() {
    let headings = |text: String| {
        let is_heading = |line: &&str| line.starts_with("pool-0 ");
        text.lines().filter(is_heading).map(str::to_owned).collect::<Vec<_>>()
    };
    let by_severity = headings(human(&many(2), GOLDEN));
    assert!(by_severity.iter().all(|line| line.ends_with("of 4 findings")), "{by_severity:?}");
    let by_pool = headings(human(&many(2), grouped(Group::Pool)));
    assert!(by_pool.len() == 1 && by_pool[0].ends_with("1 info"), "{by_pool:?}");
}

/// A list of unknown verdicts that is cut says where the rest is.
#[test]
fn a_cut_list_of_unknown_verdicts_leads_to_the_rest() {
    let mut fixture = fixture();
    let first = fixture.evaluation.undecided[0].clone();
    let of_pool = |number: usize| {
        let mut one = first.clone();
        let mut pool = PoolRef::clone(&one.pool);
        pool.identity.name = Some(format!("pool-{number}").into());
        one.pool = Arc::new(pool);
        one
    };
    let hint = "`--report json=FILE` has all of these";
    assert!(!human(&fixture, GOLDEN).contains(hint));
    fixture.evaluation.undecided = (0..30).map(of_pool).collect();
    let text = human(&fixture, GOLDEN);
    assert!(text.contains("and 22 more") && text.contains(hint), "{text}");
}

#[test]
fn reads_that_failed_alike_are_said_once() {
    let mut fixture = fixture();
    let denied = fixture.evaluation.unread[0].clone();
    fixture.evaluation.unread = (0..300)
        .map(|i| {
            let target = format!("eu-west-1_a{i}");
            let message = format!("no policy allows it on userpool/{target}");
            Unread { target, message, ..denied.clone() }
        })
        .collect();
    fixture.evaluation.unread.push(Unread { message: "another cause".to_owned(), ..denied });
    let text = human(&fixture, GOLDEN);
    assert_eq!(text.matches("no policy allows it").count(), 1, "{text}");
    assert!(text.contains("and 291 more"), "{text}");
    assert_eq!(text.matches("another cause").count(), 1, "{text}");
}

/// Each of these reads failed for the same reason: the names of its own target, in the message and in the help, are no
/// reason of their own.
#[test]
fn one_cause_is_shown_once_whatever_pools_and_regions_it_names() {
    let mut fixture = many(1);
    let denied = |number: usize| {
        let (region, pool) = (format!("eu-west-{number}"), format!("eu-west-{number}_Pool{number}"));
        let arn = format!("arn:aws:cognito-idp:{region}:111122223333:userpool/{pool}");
        Unread {
            operation: Some("DescribeUserPool".to_owned()),
            code: Some("AccessDeniedException".to_owned()),
            help: Some(format!("allow `cognito-idp:DescribeUserPool` on `{arn}`")),
            about: About { region: Some(region), pool: Some(pool.clone()), ..About::default() },
            ..Unread::new(format!("staff ({pool})"), format!("access denied: not authorized on {arn}"))
        }
    };
    fixture.evaluation.unread = (1..=6).map(denied).collect();
    let text = human(&fixture, GOLDEN);
    assert_eq!(text.matches("access denied").count(), 1, "{text}");
    assert!((1..=6).all(|number| text.contains(&format!("eu-west-{number}_Pool{number}"))), "{text}");
    // Without its scope as data, a read is a cause of its own.
    for unread in &mut fixture.evaluation.unread {
        unread.about = About::default();
    }
    assert_eq!(human(&fixture, GOLDEN).matches("access denied").count(), 6);
}

/// New findings are counted beside their rule, and are at the head of a list that is cut.
#[test]
fn groups_say_what_is_new() {
    let mut fixture = many(300);
    let still = Change::Still(Day::parse("2026-01-31").unwrap());
    for finding in &mut fixture.evaluation.findings {
        let line = finding.location.as_ref().unwrap().line;
        let is_new = [200, 300].contains(&line) && &*finding.rule.id == "mfa-off";
        finding.standing.change = Some(if is_new { Change::New } else { still });
    }
    let text = human(&fixture, grouped(Group::Rule));
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("critical[mfa-off]: 300 pools, 2 new: "), "{text}");
    assert!(words.contains("high[password-too-short]: 300 pools, none new: "), "{text}");
    let list = words.split("critical[mfa-off]").nth(1).unwrap();
    let row = |line: usize| {
        let row = format!("pools.json:{line}:3: MfaConfiguration OFF (default), new");
        list.find(&row).unwrap_or_else(|| panic!("{row}\n{text}"))
    };
    let [first, second] = [200, 300].map(row);
    assert!(first < second && second < list.find("pools.json:1:3").unwrap(), "{text}");
    assert_eq!(words.matches(", new").count(), 2, "{text}");
    let markdown = markdown_of(&fixture);
    assert!(markdown.contains("- **critical** `mfa-off`, 300 pools, 2 new"), "{markdown}");
    assert!(markdown.contains(", first seen 2026-01-31\n"), "{markdown}");
}

/// A comment has each fix once, and headings one level apart, no two alike.
#[test]
fn markdown_explains_a_rule_once() {
    let text = markdown_of(&many(300));
    assert_eq!(text.matches("Set Policies.PasswordPolicy.MinimumLength").count(), 4, "{text}");
    assert!(text.matches("<details>").count() > 50, "{text}");
    for text in [text, markdown_of(&super::everything::everything())] {
        let headings: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
        let levels = headings.iter().map(|line| line.chars().take_while(|c| *c == '#').count());
        let mut before = 0;
        for level in levels {
            assert!(level <= before + 1, "{headings:?}");
            before = level;
        }
        let names: std::collections::BTreeSet<&&str> = headings.iter().collect();
        assert_eq!(names.len(), headings.len(), "{headings:?}");
    }
}

fn markdown_of(fixture: &Fixture) -> String {
    let mut out = Vec::new();
    write(Format::Markdown, &fixture.report(), GOLDEN, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
