//! Formats for machines: what each says of every state of a finding, and that no text of others gets out of its place.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as Json;

use super::everything::everything;
use super::fixture::Fixture;
use super::{GOLDEN, hold};
use crate::finding::{Finding, PoolRef, Status};
use crate::outcome::FailurePolicy;
use crate::report::{Format, files, markdown, step_summary, write, write_file};
use crate::rule::Severity;

/// Texts that a hostile account, rule or file could hold.
pub(super) const HOSTILE: &str =
    "=1 `` @octocat #1 </details><script> ](x) | a,b:c \"q\"\r\n::error::x\n- x\u{1b}[2J%0A]]>";

pub(super) fn written(format: Format, fixture: &Fixture) -> String {
    let mut out = Vec::new();
    write(format, &fixture.report(), GOLDEN, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub(super) fn json(format: Format, fixture: &Fixture) -> Json {
    serde_json::from_str(&written(format, fixture)).unwrap()
}

/// Everything, with a text in every place that others write.
pub(super) fn hostile() -> Fixture {
    let mut fixture = everything();
    let pools: Vec<Arc<PoolRef>> = fixture.evaluation.pools.clone();
    let renamed = |pool: &Arc<PoolRef>| {
        let mut pool = (**pool).clone();
        pool.identity.name = Some(HOSTILE.into());
        Arc::new(pool)
    };
    for pool in &mut fixture.evaluation.pools {
        *pool = renamed(pool);
    }
    assert_ne!(pools, fixture.evaluation.pools);
    for finding in &mut fixture.evaluation.findings {
        finding.pool = renamed(&finding.pool);
        finding.message = HOSTILE.into();
        finding.path = HOSTILE.into();
        for traced in finding.standing.traced.iter_mut().flatten() {
            traced.path = HOSTILE.to_owned();
            for call in &mut traced.by.calls {
                for text in [&mut call.caller, &mut call.tool, &mut call.event, &mut call.name] {
                    HOSTILE.clone_into(text);
                }
                call.from = Some(HOSTILE.to_owned());
            }
        }
    }
    for undecided in &mut fixture.evaluation.undecided {
        undecided.reason = HOSTILE.to_owned();
        undecided.pool = renamed(&undecided.pool);
    }
    for unread in &mut fixture.evaluation.unread {
        unread.message = HOSTILE.to_owned();
        unread.target = HOSTILE.to_owned();
        unread.help = Some(HOSTILE.to_owned());
    }
    for note in &mut fixture.evaluation.notes {
        note.message = HOSTILE.to_owned();
    }
    fixture.evaluation.roles.insert(HOSTILE.to_owned());
    for waiver in &mut fixture.evaluation.idle {
        Arc::make_mut(waiver).owner = HOSTILE.to_owned();
    }
    fixture
}

/// A number of findings of one pool, in rising severity.
pub(super) fn many(n: usize) -> Fixture {
    let mut fixture = everything();
    let of = fixture.evaluation.findings[2].clone();
    let finding = |index: usize| {
        let path = format!("MfaConfiguration{index}").into();
        Finding { fingerprint: format!("{index:032x}"), path, ..of.clone() }
    };
    fixture.evaluation.findings = (0..n).map(finding).collect();
    for finding in &mut fixture.evaluation.findings {
        finding.standing.status = Status::Open;
    }
    fixture.evaluation.tally.by_severity = [0, 0, 0, 0, n];
    fixture.evaluation.tally.count_accepted(&[]);
    fixture
}

#[test]
fn formats_for_machines_are_as_their_golden_files() {
    let fixture = everything();
    for (format, name) in [
        (Format::Sarif, "report.sarif"),
        (Format::Github, "github.txt"),
        (Format::Junit, "junit.xml"),
        (Format::Gitlab, "gitlab.json"),
        (Format::Markdown, "report.md"),
        (Format::Csv, "report.csv"),
        (Format::Ocsf, "ocsf.json"),
        (Format::Asff, "asff.jsonl"),
        (Format::Oscal, "oscal.json"),
        // `.ci/formats.sh` writes every format from these two, and shows them to validators of others.
        (Format::Json, "everything.json"),
    ] {
        hold(name, written(format, &fixture).as_bytes());
    }
    hold("hostile.json", written(Format::Json, &hostile()).as_bytes());
}

/// No text is empty, which GitHub refuses, anywhere in a value.
fn filled(json: &Json) {
    match json {
        Json::String(text) => assert!(!text.is_empty()),
        Json::Array(items) => items.iter().for_each(filled),
        Json::Object(members) => members.values().for_each(filled),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

#[test]
fn sarif_keeps_alerts_open_until_they_are_mended() {
    for fixture in [everything(), hostile()] {
        let log = json(Format::Sarif, &fixture);
        filled(&log);
        let runs = log["runs"].as_array().unwrap();
        let ids: BTreeSet<&str> =
            runs.iter().map(|run| run["automationDetails"]["id"].as_str().unwrap()).collect();
        assert_eq!(ids, BTreeSet::from(["cognito/111122223333/eu-central-1/", "cognito/files/"]));
        let mut kinds = Vec::new();
        for run in runs {
            assert_eq!(run["invocations"][0]["executionSuccessful"], false);
            let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
            for result in run["results"].as_array().unwrap() {
                let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
                assert_eq!(rules[index]["id"], result["ruleId"]);
                kinds.push((result["ruleId"].as_str().unwrap(), result["kind"].as_str().unwrap()));
                let file = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
                let hash = &result["partialFingerprints"]["primaryLocationLineHash"];
                assert_eq!(file.as_str().unwrap().starts_with("cognito/"), hash.is_string(), "{result}");
            }
        }
        // The waived finding is there, and what is unknown or unread.
        let open = kinds.iter().filter(|(_, kind)| *kind == "open").count();
        let unread = kinds.iter().filter(|(rule, _)| *rule == "could-not-be-read").count();
        assert_eq!((kinds.len(), open, unread), (7 + 1 + 2, 1, 2));
    }
    let mut fixture = everything();
    fixture.terms.ignore_unknown = true;
    assert!(!written(Format::Sarif, &fixture).contains("\"open\""));
}

#[test]
fn sarif_stays_within_the_limits() {
    let mut fixture = everything();
    let pool = fixture.evaluation.pools.iter().find(|pool| pool.identity.account.is_some()).unwrap().clone();
    for index in 0..20 {
        let mut other = (*pool).clone();
        other.identity.region = Some(format!("eu-west-{index}").into());
        fixture.evaluation.pools.push(Arc::new(other));
    }
    let log = json(Format::Sarif, &fixture);
    assert_eq!(log["runs"].as_array().unwrap().len(), 1);
    assert_eq!(log["runs"][0]["automationDetails"]["id"], "cognito/all/");
    // Files have room for all runs.
    let report = fixture.report();
    assert_eq!(files(Format::Sarif, &report), 2);
    let mut ids: Vec<String> = Vec::new();
    for (file, runs) in [(0, 20), (1, 2)] {
        let mut out = Vec::new();
        write_file(Format::Sarif, &report, GOLDEN, (file, &[]), &mut out).unwrap();
        let log: Json = serde_json::from_slice(&out).unwrap();
        assert_eq!(log["runs"].as_array().unwrap().len(), runs);
        for run in log["runs"].as_array().unwrap() {
            ids.push(run["automationDetails"]["id"].as_str().unwrap().to_owned());
        }
    }
    ids.dedup();
    assert_eq!(ids.len(), 22);
    assert!(ids.iter().all(|id| id.ends_with('/')));
    let log = json(Format::Sarif, &many(25_010));
    let results: usize = log["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["results"].as_array().unwrap().len())
        .max()
        .unwrap();
    assert_eq!(results, 25_000);
    assert!(log.to_string().contains("findings are left out"));
}

#[test]
fn github_is_shown_the_worst_ten() {
    for fixture in [everything(), hostile(), many(57)] {
        let text = written(Format::Github, &fixture);
        let commands: Vec<&str> = text.lines().filter(|line| line.starts_with("::")).collect();
        assert!((2..=10).contains(&commands.len()), "{text}");
        assert!(commands[0].starts_with("::error title=cognito-lint::incomplete"), "{text}");
        let own =
            |line: &&&str| ["::error ", "::warning ", "::notice "].iter().any(|one| line.starts_with(one));
        assert_eq!(commands.iter().filter(own).count(), commands.len(), "{text}");
    }
    assert!(written(Format::Github, &many(57)).contains("\n9 of 57 findings are shown"));
}

#[test]
fn gitlab_has_what_counts_and_what_is_missing() {
    for fixture in [everything(), hostile()] {
        let issues = json(Format::Gitlab, &fixture);
        filled(&issues);
        let issues = issues.as_array().unwrap();
        let prints: BTreeSet<&str> = issues.iter().map(|one| one["fingerprint"].as_str().unwrap()).collect();
        // Five open findings, an unknown verdict and two reads; neither the waived nor the known one.
        assert_eq!((issues.len(), prints.len()), (8, 8));
        assert!(issues.iter().all(|one| one["location"]["lines"]["begin"].as_u64() > Some(0)));
    }
}

#[test]
fn junit_comes_to_the_same_answer() {
    for mut fixture in [everything(), hostile()] {
        let text = written(Format::Junit, &fixture);
        let read = quick_junit::Report::deserialize_from_str(&text).unwrap();
        // Open at or above low; an unknown verdict, two reads, and the run that is incomplete.
        assert_eq!((read.failures, read.errors), (4, 4), "{text}");
        fixture.terms = FailurePolicy {
            fail_on: Some(Severity::Critical),
            ignore_unknown: true,
            ..FailurePolicy::default()
        };
        fixture.evaluation.unread.clear();
        let text = written(Format::Junit, &fixture);
        let read = quick_junit::Report::deserialize_from_str(&text).unwrap();
        assert_eq!((read.failures, read.errors, fixture.outcome().exit_code()), (2, 0, 1), "{text}");
    }
}

/// The rendering of other people's texts by GitHub's Markdown: nothing but text.
#[test]
fn markdown_holds_no_markup_of_others() {
    let text = written(Format::Markdown, &hostile());
    let safe = crate::report::sanitized(HOSTILE);
    assert!(text.contains(&format!("```{safe}```")), "{text}");
    let escaped = |text: &str| text.replace("\\<", "").replace("\\|", "").replace("@&#8203;", "");
    for line in text.lines() {
        // Outside of code spans, whose fence is longer than any run of backticks in there.
        let outside: String = line.split("```").step_by(2).collect();
        let summary = line.starts_with("<details><summary><code>");
        let outside = if summary { outside.replacen("<details><summary><code>", "", 1) } else { outside };
        let outside = escaped(&outside.replace("</code>", "").replace("</summary>", ""));
        let own = line == "</details>" || line == "<!-- cognito-lint -->";
        let mention = outside.contains("@octocat") && !summary;
        assert!(own || !(outside.contains('<') || mention), "{line}");
    }
    assert_eq!(text.matches("\n<details><summary>").count(), text.matches("\n</details>\n").count());
}

/// A log of GitHub Actions takes a line that begins with `::` for a command.
#[test]
fn no_text_of_others_begins_a_line_with_a_command() {
    for format in Format::ALL.into_iter().filter(|format| *format != Format::Github) {
        let text = written(format, &hostile());
        assert!(text.lines().all(|line| !line.trim_start().starts_with("::")), "{}", format.word());
    }
}

#[test]
fn markdown_fits_into_a_comment() {
    let fixture = many(3_000);
    let text = written(Format::Markdown, &fixture);
    assert!((50_000..=65_536).contains(&text.chars().count()), "{}", text.len());
    assert!(text.contains(" had no room here"), "{}", &text[text.len() - 200..]);
    // However much room there is, no heading is left with nothing below it.
    for room in (1_000..9_000).step_by(10) {
        let mut out = Vec::new();
        markdown::write(&everything().report(), Severity::Info, room, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let sections = text.split("\n## ").skip(1);
        let empty: Vec<&str> =
            sections.filter(|section| !section.contains("\n- ") && !section.contains("<summary>")).collect();
        assert!(empty.is_empty(), "{room}: {empty:?}");
    }
    let mut out = Vec::new();
    step_summary(&fixture.report(), Severity::Info, 1_000_000, &mut out).unwrap();
    let summary = String::from_utf8(out).unwrap();
    assert!(summary.contains("MfaConfiguration2999") && !summary.contains(" had no room here"));
    let mut out = Vec::new();
    step_summary(&many(10_000).report(), Severity::Info, 1_000_000, &mut out).unwrap();
    assert!(out.len() <= 1_000_000 && out.len() > 900_000, "{}", out.len());
}

#[test]
fn csv_is_read_back_and_holds_no_formula() {
    for fixture in [everything(), hostile()] {
        let text = written(Format::Csv, &fixture);
        let mut table = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
        let statuses: Vec<&str> = rows.iter().map(|row| &row[0]).collect();
        let expected = [
            "open", "open", "known", "waived", "open", "open", "open", "unknown", "unread", "unread",
            "fixed", "ended",
        ];
        assert_eq!(statuses, expected);
        assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{text}");
    }
}
