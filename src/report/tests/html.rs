//! HTML: what is in the page without script, what its policy allows, and the report that is embedded in it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::GOLDEN;
use super::everything::everything;
use super::fixture::{Fixture, fixture};
use super::machine::{hostile, many};
use crate::evaluate::{Evaluation, Tally};
use crate::report::html::ways::Ways;
use crate::report::{Format, html, read, sanitize, write};

fn page(fixture: &Fixture) -> String {
    let mut out = Vec::new();
    write(Format::Html, &fixture.report(), GOLDEN, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The text between two others.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).unwrap().1.split_once(end).unwrap().0
}

#[test]
fn texts_of_others_are_no_markup() {
    for fixture in [everything(), hostile()] {
        let page = page(&fixture);
        assert_eq!(page.matches("<script").count(), 3, "the report, what is beside it, and the script");
        assert_eq!(page.matches("</script>").count(), 3);
        assert!(!page.chars().any(|c| c != '\n' && sanitize::is_unsafe_on_terminal(c)));
        for tag in ["<img", "<iframe", "<object", "<link", "javascript:", " style=", " onclick=", " onerror="]
        {
            let body = between(&page, "<body>", "<script");
            assert!(!body.contains(tag), "{tag}");
        }
    }
    let body = page(&hostile());
    assert!(between(&body, "<body>", "<script").contains("&#60;/details&#62;&#60;script&#62;"));
}

#[test]
fn the_policy_of_the_page_allows_its_own_script_and_style() {
    let page = page(&everything());
    let policy = between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    let style = digest(between(&page, "<style>", "</style>"));
    let script = digest(between(&page, "<script>", "</script>"));
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; \
             form-action 'none'"
        )
    );
}

#[test]
fn the_answer_and_what_was_not_looked_at_come_first() {
    let page = page(&everything());
    let order = [
        "incomplete</strong> exit code 3",
        "<h1>4 of 4 pools violate policy",
        "Incomplete: 2 reads failed and 1 verdict is unknown",
        "Not checked",
        "Could not be read: 2",
        "Not decided: 1 verdict",
        "Not in the inputs",
        "Pools of earlier reports that were not read",
        "Rules that are off",
        "id=\"findings\"",
    ];
    let places: Vec<usize> =
        order.iter().map(|text| page.find(text).unwrap_or_else(|| panic!("{text}"))).collect();
    assert!(places.is_sorted(), "{places:?}");
    let mut clean = fixture();
    clean.policy.off.clear();
    clean.policy.scopes.clear();
    let tally = Tally { pools: 14, rules: 31, pass: 420, ..Tally::default() };
    clean.evaluation = Evaluation { tally, ..Evaluation::default() };
    let page = self::page(&clean);
    assert!(page.contains("Nothing: every chosen rule was decided for every pool."));
    assert!(page.contains("<h1>14 pools meet policy</h1>"));
}

#[test]
fn the_worst_findings_are_there_without_script() {
    let page = page(&many(600));
    assert_eq!(between(&page, "<div id=\"static\">", "</table>").matches("<tr>").count(), 501);
    assert!(page.contains("These are the worst 500 of 600 findings."));
}

#[test]
fn the_embedded_report_is_read_back() {
    for fixture in [everything(), hostile()] {
        let recorded = read(&page(&fixture)).unwrap();
        assert_eq!(recorded.evaluation.tally, fixture.evaluation.tally);
        let prints = |evaluation: &Evaluation| -> Vec<String> {
            evaluation.findings.iter().map(|one| one.fingerprint.clone()).collect()
        };
        assert_eq!(prints(&recorded.evaluation), prints(&fixture.evaluation));
    }
}

#[test]
fn a_page_that_is_not_whole_is_refused() {
    let whole = page(&everything());
    let data = between(&whole, "id=\"report\" data-sha256=\"", "</script>").split_once("\">").unwrap().1;
    let other = page(&many(3));
    let other = between(&other, "id=\"report\" data-sha256=\"", "</script>").split_once("\">").unwrap().1;
    for (text, why) in [
        ("<!DOCTYPE html><title>x</title>", "this is HTML, but not a report of cognito-lint"),
        (&*whole.replace("<script", "<s"), "this page of cognito-lint does not hold a report"),
        (&*whole.replace(data, other), "the report that is embedded in the page does not match its SHA-256"),
        (&*whole.replace(data, "AAAA"), "the report that is embedded in the page is damaged"),
        (&whole[..whole.find(data).unwrap() + 100], "the page ends in the middle of its embedded report"),
    ] {
        assert_eq!(read(text).unwrap_err().message, why);
    }
}

#[test]
fn controls_have_their_denominators() {
    let page = page(&everything());
    let section = between(&page, "<section id=\"controls\"", "</section>");
    assert!(
        section.contains("Of 2 controls: <b>1</b> passed, <b>1</b> failed, <b>0</b> not decided"),
        "{section}"
    );
    let rows: Vec<&str> = section.split("<tr>").skip(2).collect();
    let cells = |row: &str| -> Vec<String> {
        row.split("</td>").filter_map(|cell| Some(cell.rsplit_once('>')?.1.to_owned())).collect()
    };
    assert_eq!(cells(rows[0])[..6], ["failed", "0", "1", "1", "0", "2"], "{}", rows[0]);
    assert_eq!(cells(rows[1])[..6], ["passed", "1", "0", "0", "1", "2"], "{}", rows[1]);
    assert!(rows[0].contains("password-too-short (minimum = 15)"), "{}", rows[0]);
    assert!(rows[1].contains("(not verified)"), "{}", rows[1]);
    let mut none = everything();
    none.evaluation.controls.clear();
    assert!(!self::page(&none).contains("id=\"controls\""));
}

/// Every earlier run has a bar and a row, this one comes last, and the tallest bar is that of the most findings.
#[test]
fn runs_have_bars_and_numbers() {
    let fixture = everything();
    let page = page(&fixture);
    let section = between(&page, "<section id=\"runs\"", "</section>");
    assert_eq!(section.matches("<g").count(), 3, "{section}");
    assert_eq!(section.matches("<g class=\"partial\">").count(), 2, "{section}");
    assert_eq!(section.matches("<tr>").count(), 4, "{section}");
    let row = between(section, "<th scope=\"row\">2026-01-01 00:00</th>", "</tr>");
    let cells: Vec<&str> = row.split("</td>").filter_map(|cell| Some(cell.rsplit_once('>')?.1)).collect();
    assert_eq!(cells, ["2", "1", "3", "0", "0", "0", "1", "no"], "{row}");
    let all = fixture.evaluation.earlier.iter().cloned().chain([fixture.evaluation.numbers(0)]);
    let most = all.map(|run| run.open.iter().sum::<usize>() + run.accepted).max().unwrap();
    assert!(section.contains(&format!("class=\"end\">{most}</text>")), "{section}");
    let mut first = everything();
    first.evaluation.earlier.clear();
    assert!(!self::page(&first).contains("id=\"runs\""));
}

#[test]
fn the_page_says_who_read_the_pools_and_which_waivers_are_idle() {
    let page = page(&everything());
    assert!(page.contains("<dt>Read by</dt><dd>arn:aws:iam::111122223333:role/auditor</dd>"));
    let section = between(&page, "<section id=\"waivers\"", "</section>");
    let row = between(section, "the &#60;b&#62;old&#60;/b&#62; app</td>", "</tr>");
    assert!(row.contains("it covers no finding of this run</td><td class=\"n\">0</td>"), "{row}");
}

/// A cell without a colour of its own would be black.
#[test]
fn every_kind_of_cell_has_a_colour() {
    let (map, style) = (include_str!("../html/page/map.js"), include_str!("../html/page.css"));
    let kinds = between(map, "const KINDS = [", "]").split(',').map(|kind| kind.trim().trim_matches('"'));
    for kind in kinds.chain(["unknown"]) {
        assert!(
            style.contains(&format!(".cell-{kind} {{")) || style.contains(&format!(".cell-{kind},")),
            "{kind}"
        );
    }
}

#[test]
fn owners_are_those_of_the_tags_of_pools() {
    let fixture = everything();
    // A report that was read back has them too.
    let mut json = Vec::new();
    write(Format::Json, &fixture.report(), GOLDEN, &mut json).unwrap();
    let recorded = read(std::str::from_utf8(&json).unwrap()).unwrap();
    let tags = |evaluation: &Evaluation| -> Vec<_> {
        evaluation.findings.iter().map(|one| one.pool.tags.clone()).collect()
    };
    assert_eq!(tags(&recorded.evaluation), tags(&fixture.evaluation));
    assert!(tags(&recorded.evaluation).iter().any(Option::is_some));
    let page = page(&fixture);
    let section = between(&page, "<section id=\"owners\"", "</section>");
    let row = between(section, "identity &#60;team&#62;</th>", "</tr>");
    assert!(row.starts_with("<td class=\"n\">1</td>"), "{row}");
    assert!(section.contains("no such tag</th><td class=\"n\">3</td>"), "{section}");
}

/// A report with more rows than a page takes has a first page that leads to the others, and each finding is in one.
#[test]
fn a_large_report_is_a_first_page_and_pages_by_account() {
    let fixture = everything();
    let (report, most) = (fixture.report(), 3);
    let files = html::files(&report, most);
    let names: Vec<String> = (1..=files).map(|number| format!("page-{number}.html")).collect();
    let page = |file: usize| {
        let mut out = Vec::new();
        html::write_file(&report, Ways::default(), (most, file, &names), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert!(files > 2, "{files}");
    let first = page(0);
    assert!(first.contains("exit code 3") && first.contains("Could not be read: 2"));
    assert!(!first.contains("<script"));
    let part_of = "this is one page of a report of several pages, which cannot be read back";
    let refused = read(&first).unwrap_err();
    assert_eq!((&*refused.message, refused.help.contains("`--report json=FILE`")), (part_of, true));
    let mut prints = Vec::new();
    for (file, name) in names.iter().enumerate().skip(1) {
        assert!(first.contains(&format!("<a class=\"named\" href=\"{name}\">")), "{name}");
        let part = page(file);
        assert!(
            part.contains(&format!("page {} of {files}", file + 1)) && part.contains("href=\"page-1.html\"")
        );
        assert!(!part.contains("Not checked") && !part.contains("exit code"));
        assert_eq!(read(&part).unwrap_err().message, part_of);
        let whole = part.replace("id=\"part\"", "id=\"report\"");
        let back = read(&whole).unwrap().evaluation;
        let accepted = back.tally.waived.iter().chain(&back.tally.known).sum::<usize>();
        assert_eq!(back.tally.by_severity.iter().sum::<usize>(), back.findings.len());
        assert!(accepted <= back.findings.len());
        prints.extend(back.findings.into_iter().map(|one| one.fingerprint));
    }
    prints.sort();
    let mut all: Vec<String> =
        fixture.evaluation.findings.iter().map(|one| one.fingerprint.clone()).collect();
    all.sort();
    assert_eq!(prints, all);
    assert_eq!(html::files(&report, html::MOST), 1);
}
