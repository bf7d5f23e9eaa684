//! The schema and the rules, as they are listed.

use unicode_width::UnicodeWidthStr;

use super::fixture::rule;
use super::{GOLDEN, hold};
use crate::diagnostic::SourceFile;
use crate::finding::RunNumbers;
use crate::report::Style;
use crate::report::ansi::NARROWEST;
use crate::report::rules::{self, InRun, Listed};
use crate::report::tree;
use crate::report::trend::{Point, table};
use crate::rule::assemble::alone;
use crate::rule::{Severity, builtin, compile, written};
use crate::schema::{NodeId, schema};

fn printed(id: NodeId) -> Vec<u8> {
    let mut out = Vec::new();
    tree::tree(id, GOLDEN, &mut out).unwrap();
    out
}

#[test]
fn schema_is_as_its_golden_files() {
    hold("schema.txt", &printed(NodeId::ROOT));
    let length = tree::find("Policies.PasswordPolicy.MinimumLength").unwrap();
    hold("schema-leaf.txt", &printed(length));
    hold("schema-list.txt", &printed(tree::find("ResourceServers").unwrap()));
    let mut out = Vec::new();
    tree::json(length, &mut out).unwrap();
    hold("schema-leaf.json", &out);
}

#[test]
fn schema_fits_its_width() {
    for width in [40, 60, 80, 110, 140] {
        let mut out = Vec::new();
        let style = Style { width, unicode: width != 110, ..GOLDEN };
        tree::tree(NodeId::ROOT, style, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(style.unicode || out.is_ascii());
        // A word is not cut: one that is too long has a line of its own.
        let words = |line: &str| {
            line.split_whitespace().filter(|word| word.contains(|c: char| c.is_ascii_alphanumeric())).count()
        };
        let long: Vec<&str> =
            out.lines().filter(|line| width < line.chars().count() && 1 < words(line)).collect();
        assert!(long.is_empty(), "{width}: {long:#?}");
    }
}

#[test]
fn paths_are_found_with_and_without_brackets() {
    for path in ["SchemaAttributes.Name", "SchemaAttributes[].Name"] {
        assert_eq!(schema().node(tree::find(path).unwrap()).path, "SchemaAttributes[].Name");
    }
    for (path, found) in [
        ("SchemaAttributes", "SchemaAttributes"),
        ("ResourceServers.Scopes[].ScopeName", "ResourceServers[].Scopes[].ScopeName"),
        ("AcrConfiguration{}.AcrValue", "AcrConfiguration{}.AcrValue"),
        ("UserPoolTags.owner", "UserPoolTags{}"),
        ("$.MfaConfiguration", "MfaConfiguration"),
    ] {
        assert_eq!(schema().node(tree::find(path).unwrap()).path, found);
    }
}

#[test]
fn unknown_paths_name_the_nearest() {
    for (path, wrong, help) in [
        ("MfaConfigration", "MfaConfigration", "did you mean `MfaConfiguration`?"),
        ("MinimumLength", "MinimumLength", "did you mean `Policies.PasswordPolicy.MinimumLength`?"),
        ("EnableTokenRevocation", "EnableTokenRevocation", "did you mean `Clients[].EnableTokenRevocation`?"),
        ("ResourceServers[].Scopes[].ScopeNam", "ScopeNam", "did you mean `ScopeName`?"),
    ] {
        let problem = tree::find(path).unwrap_err();
        assert_eq!(&path[problem.at], wrong);
        assert_eq!(problem.help.as_deref(), Some(help));
    }
}

/// An example that a user copies must not be refused.
#[test]
fn examples_compile() {
    for (id, node) in schema().nodes().filter(|(id, _)| *id != NodeId::ROOT) {
        let text = format!("[[rule]]\nid = \"example\"\n{}\n", tree::example(id));
        let mut mistakes = Vec::new();
        let written = written::read(&SourceFile::new("example.toml", text.as_str()), &mut mistakes);
        let compiled = written.first().and_then(|rule| compile::compile(rule, &[], &mut mistakes));
        assert!(compiled.is_some() && mistakes.is_empty(), "{}\n{text}{mistakes:#?}", node.path);
    }
}

#[test]
fn rules_are_as_their_golden_files() {
    let (short, mfa) = (rule("password-too-short", Severity::High), rule("mfa-off", Severity::Critical));
    let short = Listed {
        rule: &short,
        packs: vec!["recommended"],
        standards: vec!["nist-800-63b-4"],
        in_run: InRun::Judged,
    };
    let mfa = Listed { rule: &mfa, packs: Vec::new(), standards: Vec::new(), in_run: InRun::NotChosen };
    let mut out = Vec::new();
    rules::show(&short, GOLDEN, &mut out).unwrap();
    hold("rule.txt", &out);
    out.clear();
    rules::json(&short, &mut out).unwrap();
    hold("rule.json", &out);
    out.clear();
    rules::list(&[mfa.clone(), short], GOLDEN, &mut out).unwrap();
    hold("rules.txt", &out);
    out.clear();
    rules::show(&mfa, GOLDEN, &mut out).unwrap();
    let last = String::from_utf8(out).unwrap();
    assert!(last.contains("\n  [[rule]]\n  id     = \"mfa-off\"\n") && !last.contains("rule.test"), "{last}");
}

/// The text of a rule and of a trend breaks between words on a terminal; a single word can be longer, with its key.
#[test]
fn rules_and_trends_fit_a_terminal() {
    let fits = |text: &str, width: usize| {
        for line in text.lines().filter(|line| line.width() > width) {
            // Text is not made narrower than this, however deep its indent is.
            let deep = line.len() - line.trim_start().len() + NARROWEST >= width;
            assert!(deep || line.split_whitespace().count() <= 3, "{width}: {line}");
        }
    };
    for width in [40, 80, 100, 140] {
        let style = Style { width, rows: Some(24), ..GOLDEN };
        let mut out = Vec::new();
        for id in builtin::ids() {
            let source_file = builtin::rule(id).unwrap();
            let written = written::read(&source_file, &mut Vec::new());
            let rule = alone(&written[0], &mut Vec::new()).unwrap();
            let listed =
                Listed { rule: &rule, packs: Vec::new(), standards: Vec::new(), in_run: InRun::Judged };
            rules::show(&listed, style, &mut out).unwrap();
        }
        fits(&String::from_utf8(out).unwrap(), width);
        let point = |partial| Point {
            reports: 1,
            partial: vec!["reports/2026-11-24.json".to_owned()],
            missing: None,
            numbers: RunNumbers { time: 0, pools: 12_345, open: [0, 9, 1234, 2, 3], accepted: 17, partial },
        };
        let mut out = Vec::new();
        table(&[point(false), point(true)], style, &mut out).unwrap();
        fits(&String::from_utf8(out).unwrap(), width);
    }
}
