//! Every crate of others has its owners: the only modules that name it.

use std::collections::BTreeSet;

use regex::Regex;

use super::source::Source;
use super::{expect_none, read};

/// Crate and owners.
const OWNERS: [(&str, &[&str]); 46] = [
    ("anstyle-query", &["cli"]),
    (
        "askama",
        &[
            "report/html",
            "report/drift/html",
            "report/outlier/html",
            "report/evidence",
            "report/journey/html",
        ],
    ),
    ("aws-config", &["source/aws"]),
    ("aws-credential-types", &["source/aws"]),
    ("aws-runtime", &["source/aws"]),
    ("aws-sdk-cognitoidentityprovider", &["source/aws"]),
    ("aws-sdk-sts", &["source/aws"]),
    ("aws-smithy-runtime", &["source/aws"]),
    ("aws-smithy-runtime-api", &["source/aws"]),
    ("aws-smithy-types", &["source/aws"]),
    ("aws-types", &["source/aws"]),
    ("base64", &["source/hcl", "report/html", "evidence"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("csv", &["report"]),
    ("flate2", &["trail/read", "report/html", "evidence"]),
    ("glob", &["pool", "source/input", "rule", "triage", "config", "cli"]),
    ("hcl-edit", &["source/hcl/parse"]),
    ("http-body", &["source/aws"]),
    ("indicatif", &["cli"]),
    ("include_dir", &["rule"]),
    ("jiff", &["value", "source/text", "source/snapshot", "rule"]),
    (
        "memchr",
        &[
            "schema",
            "rule",
            "source/text",
            "source/answer",
            "source/cloudformation",
            "source/terraform",
            "source/hcl",
            "source/wrapped",
            "source/input",
            "report/screen",
        ],
    ),
    ("miette", &["diagnostic", "report", "cli"]),
    ("quick-junit", &["report/junit", "report/drift/junit"]),
    ("rayon", &["source/answer", "source/input", "source/snapshot", "journey", "evaluate"]),
    ("regex", &["source/hcl", "rule"]),
    ("saphyr-parser", &["source/cloudformation", "source/hcl"]),
    (
        "serde",
        &[
            "source/text",
            "source/answer",
            "source/input",
            "source/declared",
            "source/terraform",
            "report",
            "evidence",
        ],
    ),
    (
        "serde_json",
        &[
            "value",
            "schema",
            "source/aws",
            "source/text",
            "source/answer",
            "source/input",
            "source/cloudformation",
            "source/snapshot",
            "source/declared",
            "source/terraform",
            "source/hcl",
            "source/wrapped",
            "source/draft",
            "trail",
            "drift/converted",
            "drift/effect",
            "triage",
            "report",
            "evidence",
            "editor",
        ],
    ),
    ("sha2", &["shard", "source/answer", "rule", "finding", "report/html", "report/oscal", "evidence"]),
    ("signal-hook", &["cli"]),
    ("simdutf8", &["source/answer", "source/input"]),
    ("strsim", &["diagnostic"]),
    ("supports-color", &["cli"]),
    ("supports-hyperlinks", &["cli"]),
    ("supports-unicode", &["cli"]),
    ("tempfile", &["cli"]),
    ("terminal_size", &["cli"]),
    ("tokio", &["source/aws"]),
    ("toml", &["spanned"]),
    // Named for a feature alone, which leaves the traces of the SDK out of the program.
    ("tracing", &[]),
    ("unicode-normalization", &["source/hcl/value"]),
    ("unicode-width", &["report"]),
    ("walkdir", &["source/input", "cli"]),
];

#[test]
fn every_crate_has_its_owners() {
    let mut complaints = Vec::new();
    for (name, owners) in OWNERS {
        let named = Regex::new(&format!(r"(?:^|[^\w:.]){}\b(?:::|;| as )", name.replace('-', "_"))).unwrap();
        let users: Vec<_> = Source::all().iter().filter(|source| named.is_match(&source.code)).collect();
        for source in &users {
            if !owners.iter().any(|owner| source.is_in(owner)) {
                let owners = owners.join(", ");
                complaints
                    .push(format!("{} names `{name}`, which is for {owners} alone", source.path.display()));
            }
        }
        for owner in owners {
            if !users.iter().any(|source| source.is_in(owner)) {
                complaints.push(format!("`{owner}` does not use `{name}`: it owns it for nothing"));
            }
        }
    }
    expect_none(&complaints);
}

#[test]
fn every_dependency_has_an_owner() {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let dependencies = manifest["dependencies"].as_table().unwrap().keys();
    let listed: BTreeSet<&str> = OWNERS.iter().map(|(name, _)| *name).collect();
    assert_eq!(dependencies.map(String::as_str).collect::<BTreeSet<_>>(), listed);
}
