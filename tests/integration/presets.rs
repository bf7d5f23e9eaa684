//! Packs for kinds of pools: for each, pools that must meet it and pools that must not. `BLESS=1` writes the rules that
//! fail for a pool that must not.

use std::collections::BTreeSet;

use cognito_lint::rule::builtin;
use serde_json::Value as Json;

use crate::controls::check;
use crate::house::{expect_none, files, read, root};

#[test]
fn pools_meet_the_packs_that_they_are_made_for() {
    let mut complaints = Vec::new();
    for file in files("tests/integration/presets", "json") {
        let mut case: Json = serde_json::from_str(&read(&file)).unwrap();
        let rules = case["rules"].as_str().unwrap().to_owned();
        let report = check(&["--no-config", "--rules", &rules, "--fail-on", "low"], &case["pool"]);
        let found = failing(&report);
        let undecided = report["unknown"].as_array().map_or(0, Vec::len);
        if undecided > 0 {
            complaints.push(format!("{}: {undecided} verdicts are unknown", file.display()));
        }
        let dangerous = file.file_stem().unwrap().to_string_lossy().ends_with("-dangerous");
        if dangerous && std::env::var_os("BLESS").is_some() {
            case["fails"] = serde_json::json!(found);
            let text = serde_json::to_string_pretty(&case).unwrap();
            std::fs::write(root().join(&file), format!("{text}\n")).unwrap();
        }
        let wanted: BTreeSet<String> = serde_json::from_value(case["fails"].clone()).unwrap();
        if wanted.is_empty() == dangerous || wanted != found {
            let what = "fails by other rules than it should";
            complaints.push(format!("{}: {what}: {found:?}, not {wanted:?}", file.display()));
        }
    }
    expect_none(&complaints);
}

/// Each pack without controls has a pool of both kinds, and so has `owasp-asvs-5`.
#[test]
fn every_pack_has_a_pool_of_both_kinds() {
    let names: Vec<String> = files("tests/integration/presets", "json")
        .iter()
        .map(|file| file.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let needed = builtin::packs().into_iter().filter(|name| {
        let pack = builtin::pack(name).unwrap().unwrap();
        pack.controls.is_empty() || *name == "owasp-asvs-5"
    });
    let lacking = |name: &str, kind: &str| {
        let wanted = format!("{name}-{kind}");
        (!names.contains(&wanted)).then(|| format!("there is no {wanted}.json"))
    };
    let complaints = needed.flat_map(|name| [lacking(name, "met"), lacking(name, "dangerous")]);
    expect_none(&complaints.flatten().collect::<Vec<_>>());
}

/// The rules with a finding that fails a run.
fn failing(report: &Json) -> BTreeSet<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let failing = findings.filter(|finding| finding["severity"] != "info");
    failing.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}
