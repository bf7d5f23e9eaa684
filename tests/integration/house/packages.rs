//! Packages, actions, hooks and examples are of this version.

use std::collections::BTreeSet;
use std::path::PathBuf;

use regex::Regex;

use super::{expect_none, files, read};

/// Where each file names the version of the program: a pattern whose group is the version.
const NAMED: [(&str, &str); 16] = [
    ("action.yml", r"(?m)^  version:\n.*\n    default: (.+)$"),
    ("action.yml", r"such as `([\d.]+)`"),
    ("action.yml", r"/v([\d.]+)/FILE"),
    ("README.md", r"uses: OWNER/cognito-lint@v(\S+)"),
    ("packaging/pre-commit/README.md", r"rev: v(\S+)"),
    ("packaging/pre-commit/pyproject.toml", r#"(?m)^version = "(.+)"$"#),
    ("packaging/pre-commit/pyproject.toml", r#""cognito-lint==(.+)""#),
    ("packaging/npm/cognito-lint/package.json", r#"(?m)^  "version": "(.+)""#),
    ("packaging/npm/cognito-lint/package.json", r#""@cognito-lint/[\w-]+": "(.+)""#),
    ("packaging/cdk/package.json", r#"(?m)^  "version": "(.+)""#),
    ("packaging/cdk/package.json", r#""cognito-lint": "(.+)""#),
    ("examples/gitlab/cognito-lint.yml", r"(?m)^    version:\n      default: (.+)$"),
    ("examples/nightly/template.yaml", r"/cognito-lint:(\S+)"),
    ("examples/kubernetes/nightly.yaml", r"image: \S+:(\S+)"),
    ("examples/kubernetes/shards.yaml", r"image: \S+:(\S+)"),
    ("examples/aws-batch/shards.json", r#""image": "\S+:(\S+)""#),
];

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn every_package_is_of_the_version_of_the_program() {
    let mut complaints = Vec::new();
    for (file, pattern) in NAMED {
        let text = read(file);
        let named: Vec<String> =
            Regex::new(pattern).unwrap().captures_iter(&text).map(|found| found[1].to_owned()).collect();
        if named.is_empty() {
            complaints.push(format!("{file}: nothing matches {pattern}"));
        }
        let other = named.iter().filter(|one| *one != VERSION);
        complaints.extend(other.map(|one| format!("{file}: {one}, and the program is {VERSION}")));
    }
    expect_none(&complaints);
}

/// Whatever a line gives as a version of the program, be it an image, a package or a tag.
#[test]
fn no_example_names_another_version() {
    let kinds = ["md", "yml", "yaml", "json", "toml"];
    let found = ["docs", "examples", "packaging", ".github"].into_iter();
    let found = found.flat_map(|folder| kinds.iter().flat_map(move |kind| files(folder, kind)));
    let alone = ["README.md", "action.yml", ".pre-commit-hooks.yaml", "SECURITY.md"].map(PathBuf::from);
    let ours = Regex::new(r#"cognito-lint(?:-shell)?"?(?:@v?|:v?|==|": "| )(\d+\.\d+\.\d+)\b"#).unwrap();
    let mut complaints = Vec::new();
    let mut seen = 0;
    for file in found.chain(alone).filter(|file| !file.ends_with("CHANGELOG.md")) {
        for version in ours.captures_iter(&read(&file)) {
            seen += 1;
            if &version[1] != VERSION {
                complaints.push(format!("{}: {}, and the program is {VERSION}", file.display(), &version[0]));
            }
        }
    }
    assert!(seen >= 6, "the pattern finds {seen} versions");
    expect_none(&complaints);
}

/// The wheel and the Debian package take their version from Cargo.toml, and so does the archive.
#[test]
fn the_wheel_has_no_version_of_its_own() {
    let project = read("pyproject.toml");
    assert!(project.contains(r#"dynamic = ["version","#), "pyproject.toml names a version of its own");
}

/// The page in the browser has a lock file of its own, which its build does not change.
#[test]
fn the_lock_file_of_the_playground_is_up_to_date() {
    let toml: toml::Table = read("Cargo.toml").parse().unwrap();
    let dependencies = toml["dependencies"].as_table().unwrap().iter();
    let wanted: BTreeSet<String> =
        dependencies.filter(|(_, of)| of.get("optional").is_none()).map(|(name, _)| name.clone()).collect();
    let lock: toml::Table = read("packaging/playground/Cargo.lock").parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    let own = packages.iter().find(|package| package["name"].as_str() == Some("cognito-lint")).unwrap();
    let locked = own["dependencies"].as_array().unwrap().iter();
    let name = |entry: &toml::Value| entry.as_str().unwrap().split(' ').next().unwrap().to_owned();
    assert_eq!(locked.map(name).collect::<BTreeSet<_>>(), wanted);
}
