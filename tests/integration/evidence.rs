//! Evidence packs: the same bytes from the same snapshot, verified anywhere, and every change of them noticed.

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::process::{Command, Output};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cognito_lint::evidence::{self, Members, RUN, SUMS, Unzip, Zip, open};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A pack is a list of members.
type Content = Vec<(String, Vec<u8>)>;

const NAME: &str = "<script>alert(1)</script>\u{1b}[2J ::error::x";

fn run(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cognito-lint"));
    command.current_dir(directory).args(arguments).env_remove("COGNITO_LINT_CONFIG").output().unwrap()
}

/// Exit code and standard output.
fn verified(directory: &Path, more: &[&str]) -> (Option<i32>, String) {
    let output = run(directory, &[&["evidence", "verify", "pack.zip"], more].concat());
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

/// A snapshot, a configuration with something of everything, and a pack of them.
fn made() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let pool = |id: &str, name: &str, length: u32| {
        let name = serde_json::to_string(name).unwrap();
        format!(
            r#"{{"UserPool": {{"Id": "eu-west-1_{id}", "Name": {name}, "Arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_{id}", "MfaConfiguration": "OFF", "NewSetting": "PLAIN", "UserPoolTags": {{"team": "web"}}, "SmsConfiguration": {{"SnsCallerArn": "arn:aws:iam::111122223333:role/sms", "ExternalId": "PLANTED-ID"}}, "Policies": {{"PasswordPolicy": {{"MinimumLength": {length}, "RequireNumbers": true, "RequireLowercase": true}}}}}}}}"#
        )
    };
    write("a.json", &pool("Example01", "shop", 8));
    write("b.json", &pool("Example02", NAME, 20));
    write(
        "members.toml",
        "[[member]]\npath = \"NewSetting\"\ntype = \"string\"\nvalues = [\"PLAIN\", \"SAFE\"]\n",
    );
    write(
        "rules.toml",
        "[[rule]]\nid = \"new-setting-plain\"\nexpect = { path = \"NewSetting\", equals = \"SAFE\" }\n\n\
         [[rule]]\nid = \"left-out\"\nexpect = { path = \"Name\", equals = \"x\" }\n",
    );
    write(
        "more.toml",
        "[[waiver]]\nrule = \"new-setting-plain\"\npool = \"shop\"\nowner = \"web\"\nreason = \"soon\"\nexpires = 2027-01-31\n",
    );
    write(
        "cognito-lint.toml",
        "rules = [\"pci-dss-4\", \"rules.toml\", \"-left-out\"]\nwaivers = [\"more.toml\"]\n\
         off = [\"owner-tag-missing\"]\n\n[schema]\nextra = \"members.toml\"\n\n\
         [rule.password-too-short]\nparams = { minimum = 10 }\n\n\
         [[scope]]\nname = \"web\"\ntags = { team = \"web\" }\n[scope.rule.mfa-not-required]\nseverity = \"critical\"\n\n\
         [[account]]\nrole-arn = \"arn:aws:iam::111122223333:role/audit\"\nexternal-id = \"PLANTED-EXTERNAL\"\n\n\
         [[waiver]]\nrule = \"mfa-not-required\"\npool = \"shop\"\nowner = \"web\"\nreason = \"soon\"\nexpires = 2020-01-31\n",
    );
    let output = run(folder.path(), &["--no-config", "snapshot", "a.json", "b.json", "-o", "pools.ndjson"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    evidence(folder.path(), "pack.zip", &["--attest", "statement.json"]);
    folder
}

fn evidence(folder: &Path, to: &str, more: &[&str]) {
    let given = ["evidence", "pools.ndjson", "--off", "user-activity-unexported", "-o", to];
    let output = run(folder, &[&given, more].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(0) && said.contains("wrote evidence on 2 pools"), "{said}");
    let last = said.lines().last().unwrap_or_default();
    assert!(last.starts_with("Controls of ") && last.contains(" in 2 pools: "), "{said}");
    assert!(
        [" passed", " failed", " not decided", " not covered"].iter().all(|one| last.contains(one)),
        "{said}"
    );
}

fn content(folder: &Path) -> Content {
    unpacked(&fs::read(folder.join("pack.zip")).unwrap())
}

fn unpacked(bytes: &[u8]) -> Content {
    let mut zip = Unzip::open(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = zip.names().map(str::to_owned).collect();
    let member = |name: String| {
        let mut bytes = Vec::new();
        zip.unpack(&name, &mut bytes).unwrap();
        (name, bytes)
    };
    names.into_iter().map(member).collect()
}

fn zipped(content: &Content) -> Vec<u8> {
    let mut zip = Zip::new(Cursor::new(Vec::new()));
    for (name, bytes) in content {
        zip.member(name, &mut |out| out.write_all(bytes)).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The checksums are made anew, as whoever changes a pack on purpose would.
fn summed(content: &mut Content) {
    content.retain(|(name, _)| name != SUMS);
    let line = |(name, bytes): &(String, Vec<u8>)| {
        format!("{}  {name}\n", evidence::sha256(&mut bytes.as_slice()).unwrap())
    };
    let sums: String = content.iter().map(line).collect();
    content.push((SUMS.to_owned(), sums.into_bytes()));
}

fn replaced(content: &mut Content, member: &str, from: &str, to: &str) {
    let (_, bytes) = content.iter_mut().find(|(name, _)| name == member).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(from), "{member} has no {from}");
    *bytes = text.replacen(from, to, 1).into_bytes();
}

#[test]
fn the_same_snapshot_gives_the_same_bytes_and_is_verified_without_its_files() {
    let folder = made();
    evidence(folder.path(), "again.zip", &[]);
    let bytes = fs::read(folder.path().join("pack.zip")).unwrap();
    assert!(bytes == fs::read(folder.path().join("again.zip")).unwrap());
    let elsewhere = tempfile::tempdir().unwrap();
    for name in ["pack.zip", "statement.json"] {
        fs::copy(folder.path().join(name), elsewhere.path().join(name)).unwrap();
    }
    let (code, said) = verified(elsewhere.path(), &["--attest", "statement.json"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("pack.zip is verified: ") && said.contains("on 2 pools"), "{said}");
    assert!(said.contains("the statement says the same"), "{said}");
}

#[test]
fn a_day_replaces_the_time_of_the_snapshot() {
    let folder = made();
    let first = fs::read(folder.path().join("pack.zip")).unwrap();
    evidence(folder.path(), "pack.zip", &["--today", "2027-06-01"]);
    assert!(first != fs::read(folder.path().join("pack.zip")).unwrap());
    let (code, said) = verified(folder.path(), &[]);
    assert!(code == Some(0) && said.contains("judged as of 2027-06-01T00:00:00Z"), "{said}");
}

#[test]
fn every_change_of_what_is_unpacked_is_noticed() {
    let folder = made();
    let bytes = fs::read(folder.path().join("pack.zip")).unwrap();
    assert!(open(Cursor::new(bytes.clone())).is_ok());
    for at in (0..bytes.len()).step_by(61).chain(bytes.len() - 30..bytes.len()) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        // One byte of 10,000 has another value that stands for the same text, as DEFLATE allows.
        let is_same = || unpacked(&changed) == unpacked(&bytes);
        assert!(open(Cursor::new(&changed)).is_err() || is_same(), "byte {at}");
    }
    // The last byte of a deflated member has bits that mean nothing.
    let mut ends: Vec<usize> =
        memchr::memmem::find_iter(&bytes, b"PK\x03\x04").skip(1).map(|at| at - 1).collect();
    ends.extend(memchr::memmem::find(&bytes, b"PK\x01\x02").map(|at| at - 1));
    assert!(ends.len() == content(folder.path()).len());
    for (at, bit) in ends.iter().flat_map(|at| (0..8).map(move |bit| (*at, bit))) {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << bit;
        assert!(open(Cursor::new(&changed)).is_err(), "bit {bit} of byte {at}");
    }
    for at in (0..bytes.len()).step_by(997) {
        assert!(open(Cursor::new(bytes[..at].to_vec())).is_err(), "cut at {at}");
    }
    for more in [[b"x".as_slice(), &bytes].concat(), [&bytes, b"x".as_slice()].concat()] {
        assert!(open(Cursor::new(more)).is_err());
    }
    for (position, (name, bytes)) in content(folder.path()).iter().enumerate() {
        let mut changed = content(folder.path());
        let flipped: Vec<u8> = bytes.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == 1)).collect();
        changed[position].1 = flipped;
        assert!(open(Cursor::new(zipped(&changed))).is_err(), "{name}");
        changed.remove(position);
        assert!(open(Cursor::new(zipped(&changed))).is_err(), "without {name}");
    }
}

#[test]
fn members_of_strange_names_and_sizes_are_refused() {
    let folder = made();
    let whole = content(folder.path());
    for name in ["../x", "/x", "a//b", "a/../b", "C:x", "a\\b", ".x", "README.txt", "readme.TXT", "", "a/"] {
        let mut more = whole.clone();
        more.insert(1, (name.to_owned(), b"x".to_vec()));
        summed(&mut more);
        assert!(open(Cursor::new(zipped(&more))).is_err(), "{name:?}");
    }
    // A size that is less than what is in there, in both headers: what is unpacked ends at the size.
    let bomb = zipped(&vec![("bomb".to_owned(), vec![0; 1 << 20])]);
    let mut small = bomb.clone();
    let size = (1_u32 << 20).to_le_bytes();
    for at in 0..bomb.len() - 4 {
        if bomb[at..at + 4] == size {
            small[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
    }
    assert!(small != bomb);
    let mut out = Vec::new();
    assert!(Unzip::open(Cursor::new(small)).unwrap().unpack("bomb", &mut out).is_err());
    assert!(out.len() <= 100, "{}", out.len());
}

/// Changes the policy in the description of a run.
fn chosen(all: &mut Content, change: impl FnOnce(&mut Value)) {
    let (_, bytes) = all.iter_mut().find(|(name, _)| name == RUN).unwrap();
    let mut run: Value = serde_json::from_slice(bytes).unwrap();
    change(&mut run["policy"]);
    *bytes = serde_json::to_vec_pretty(&run).unwrap();
}

fn push(policy: &mut Value, list: &str, item: Value) {
    policy[list].as_array_mut().unwrap().push(item);
}

/// A statement that other readers may take for another one.
#[test]
fn statements_of_two_meanings_are_refused() {
    let folder = made();
    let pack = &["evidence", "pools.ndjson", "--pack", "pci-dss-4", "-o", "own.zip", "--attest", "own.json"];
    run(folder.path(), pack);
    let text = fs::read_to_string(folder.path().join("own.json")).unwrap();
    assert_eq!(verified_as(&folder, &text).0, Some(0));
    let twice = text.replacen("\"predicate\":", "\"predicate\": {}, \"predicate\":", 1);
    assert_ne!(twice, text);
    let (code, said) = verified_as(&folder, &twice);
    assert!(code == Some(2) && said.contains("has a member twice"), "{code:?} {said}");
    let envelope = |more: &str, signatures: &str| {
        let payload = STANDARD.encode(&text);
        format!(
            r#"{{{more}"payload":"{payload}","payloadType":"application/vnd.in-toto+json","signatures":[{signatures}]}}"#
        )
    };
    for (statement, expected) in [
        (text.clone(), "; it is not signed"),
        (envelope("", ""), "its envelope has no signature: nobody signed it"),
        (envelope("", r#"{"sig":""}"#), "its envelope has no signature: nobody signed it"),
        (envelope("", r#"{"sig":"MEUCIQ=="}"#), "check its signature with the tool that signed it"),
    ] {
        let (code, said) = verified_as(&folder, &statement);
        assert!(code == Some(0) && said.contains(expected), "{code:?} {said}");
    }
    let (code, said) = verified_as(&folder, &envelope(r#""predicate":{},"#, ""));
    assert!(code == Some(2) && said.contains("unknown field"), "{code:?} {said}");
}

fn verified_as(folder: &TempDir, statement: &str) -> (Option<i32>, String) {
    fs::write(folder.path().join("own.json"), statement).unwrap();
    let output = run(folder.path(), &["evidence", "verify", "own.zip", "--attest", "own.json"]);
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

/// Of two packs that change one rule, the later one is stronger in the evidence pack too.
#[test]
fn packs_with_controls_go_with_others_in_any_order() {
    let folder = made();
    for choice in [
        &["--pack", "pci-dss-4", "--rules", "strict"][..],
        &["--pack", "pci-dss-4", "--pack", "strict"],
        &["--pack", "aws-fsbp", "--rules", "strict"],
        &["--pack", "pci-dss-4", "--rules", "workforce"],
        &["--rules", "pci-dss-4,strict"],
        &["--rules", "strict,pci-dss-4"],
        &["--rules", "strict,pci-dss-4,strict,aws-fsbp"],
    ] {
        let own = ["evidence", "--no-config", "a.json", "--today", "2026-11-20", "-o", "pack.zip"];
        let output = run(folder.path(), &[&own[..], choice].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 3)), "{choice:?}: {said}");
        let (code, said) = verified(folder.path(), &[]);
        assert_eq!(code, Some(0), "{choice:?}: {said}");
    }
}

#[test]
fn a_pack_takes_the_place_of_nothing_that_it_is_made_of() {
    let folder = made();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("pools")).unwrap();
    fs::copy(at("pools.ndjson"), at("pools/a.ndjson")).unwrap();
    for (more, expected) in [
        (&["pools", "-o", "pools/a.ndjson"][..], "would overwrite pools/a.ndjson"),
        (&["pools.ndjson", "--waivers", "more.toml", "-o", "more.toml"], "would overwrite"),
        (&["pools.ndjson", "--rules", "rules.toml", "-o", "rules.toml"], "would overwrite"),
        (&["pools", "-o", "own.zip", "--attest", "pools/a.ndjson"], "would overwrite pools/a.ndjson"),
    ] {
        let output = run(folder.path(), &[&["evidence", "--pack", "pci-dss-4"], more].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(expected), "{more:?}: {said}");
    }
    assert_eq!(fs::read(at("pools/a.ndjson")).unwrap(), fs::read(at("pools.ndjson")).unwrap());
}

/// Changes by somebody who writes the checksums anew.
#[test]
fn changes_with_their_checksums_are_noticed() {
    type Change = fn(&mut Content);
    let cases: [(&str, i32, &str, Change); 20] = [
        ("a verdict", 1, "has other verdicts than judging again gives", |all| {
            replaced(all, "report.json", "\"verdict\": \"fail\"", "\"verdict\": \"pass\"");
        }),
        ("a verdict on a control", 1, "has other verdicts", |all| {
            replaced(all, "report.json", "\"verdict\": \"failed\"", "\"verdict\": \"passed\"");
        }),
        ("a waived finding", 2, "a waived finding has no waiver", |all| {
            replaced(all, "report.json", "\"status\": \"open\"", "\"status\": \"waived\"");
        }),
        ("the page", 1, "report.html differs from the result of its snapshot and policy", |all| {
            replaced(all, "report.html", "failed", "passed");
        }),
        ("the readme", 1, "README.txt differs", |all| replaced(all, "README.txt", "failed", "passed")),
        ("the gaps", 1, "not-looked-at.json differs", |all| {
            replaced(all, "not-looked-at.json", "Users", "No");
        }),
        ("the pools", 1, "has other verdicts", |all| {
            replaced(all, "snapshot.jsonl", "\"MinimumLength\":8", "\"MinimumLength\":9");
        }),
        ("the policy", 2, "its policy does not match the digest", |all| {
            replaced(all, "policy/cognito-lint.toml", "minimum = 10", "minimum = 9");
        }),
        ("a waiver", 1, "has other verdicts", |all| {
            replaced(all, "policy/cognito-lint.toml", "2020-01-31", "2030-01-31");
        }),
        ("the bound of a control", 1, "policy/builtin/packs/pci-dss-4.toml differs from the text", |all| {
            replaced(all, "policy/builtin/packs/pci-dss-4.toml", "meaning = \"", "meaning = \"No: ");
        }),
        ("another member", 1, "more.txt differs", |all| {
            all.insert(1, ("more.txt".to_owned(), b"x".to_vec()));
        }),
        ("another rule", 2, "is not a part of its policy", |all| {
            all.insert(1, ("policy/rules/9.toml".to_owned(), b"x".to_vec()));
        }),
        ("a rule that nobody wrote", 2, "is not a rule of this file", |all| {
            chosen(all, |policy| {
                let file = policy["rules"][0]["file"].clone();
                push(policy, "rules", json!({ "id": "no-such-rule", "file": file }));
            });
        }),
        ("a rule twice", 2, "is chosen twice", |all| {
            chosen(all, |policy| {
                let first = policy["rules"][0].clone();
                push(policy, "rules", first);
            });
        }),
        ("a standard that was not judged", 2, "others than those whose controls are judged", |all| {
            chosen(all, |policy| push(policy, "standards", json!("hipaa")));
        }),
        ("a pack that passes for one of the program", 2, "is not a part of the policy", |all| {
            let own = "policy/own/pci-dss-4.toml";
            chosen(all, |policy| policy["packs"] = json!([own]));
            let member = all.iter_mut().find(|(name, _)| name == "policy/builtin/packs/pci-dss-4.toml");
            member.unwrap().0 = own.to_owned();
        }),
        ("waivers that are not read", 2, "is not a part of its policy", |all| {
            chosen(all, |policy| {
                policy["no_waivers"] = json!(true);
                push(policy, "waivers", json!("policy/waivers/9.toml"));
            });
            all.insert(1, ("policy/waivers/9.toml".to_owned(), b"garbage [[[".to_vec()));
        }),
        ("the time in another form", 2, "does not say when the pools were judged", |all| {
            replaced(all, RUN, "Z\"", "+00:00\"");
        }),
        ("other line ends", 2, "is not written as a snapshot is", |all| {
            replaced(all, "snapshot.jsonl", "\n", "\r\n");
        }),
        ("another order", 1, "SHA256SUMS differs from the result of its snapshot and policy", |all| {
            all.swap(0, 1);
        }),
    ];
    let folder = made();
    let whole = content(folder.path());
    for (what, code, expected, change) in cases {
        let mut changed = whole.clone();
        change(&mut changed);
        summed(&mut changed);
        fs::write(folder.path().join("pack.zip"), zipped(&changed)).unwrap();
        let (found, said) = verified(folder.path(), &[]);
        let joined = said.split_whitespace().collect::<Vec<_>>().join(" ").replace(" │ ", " ");
        assert!(found == Some(code) && joined.contains(expected), "{what}: {found:?} {said}");
    }
    for name in whole.iter().map(|(name, _)| name).filter(|name| *name != SUMS) {
        let mut changed = whole.clone();
        changed.retain(|(other, _)| other != name);
        summed(&mut changed);
        fs::write(folder.path().join("pack.zip"), zipped(&changed)).unwrap();
        let (found, said) = verified(folder.path(), &[]);
        assert!(matches!(found, Some(1 | 2)), "without {name}: {found:?} {said}");
    }
}

#[test]
fn documents_of_another_version_are_not_called_the_same() {
    let folder = made();
    let mut changed = content(folder.path());
    replaced(&mut changed, RUN, "\"tool\": \"", "\"tool\": \"9.");
    replaced(&mut changed, "report.html", "failed", "passed");
    summed(&mut changed);
    fs::write(folder.path().join("pack.zip"), zipped(&changed)).unwrap();
    let (code, said) = verified(folder.path(), &[]);
    assert!(code == Some(3) && said.contains("nothing says whether they were changed"), "{code:?} {said}");
}

#[test]
fn nothing_planted_is_in_a_pack() {
    let folder = made();
    for (name, bytes) in content(folder.path()) {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("PLANTED"), "{name} has a secret");
        assert!(!text.contains('\u{1b}') && !text.contains("\n::"), "{name} acts on a terminal");
        let is_page = name.contains(".html");
        assert!(!is_page || !text.contains("<script>alert"), "{name} has a script");
    }
}

#[test]
fn a_statement_names_every_pool_by_the_digest_of_its_document() {
    let folder = made();
    let text = fs::read_to_string(folder.path().join("statement.json")).unwrap();
    let statement: Value = serde_json::from_str(&text).unwrap();
    let snapshot = content(folder.path()).into_iter().find(|(name, _)| name == evidence::SNAPSHOT).unwrap().1;
    let snapshot = String::from_utf8(snapshot).unwrap();
    let subjects = statement["subject"].as_array().unwrap();
    assert_eq!(subjects.len(), 2);
    for (line, subject) in snapshot.lines().skip(1).zip(subjects) {
        let document = line.split_once("\"UserPool\":").unwrap().1.strip_suffix('}').unwrap();
        let json: Value = serde_json::from_str(document).unwrap();
        assert_eq!(subject["name"], json["Arn"]);
        assert_eq!(subject["digest"]["sha256"], evidence::sha256(&mut document.as_bytes()).unwrap());
    }
    let changed = text.replacen("\"verdict\": \"fail\"", "\"verdict\": \"pass\"", 1);
    assert!(changed != text);
    fs::write(folder.path().join("statement.json"), changed).unwrap();
    let (code, said) = verified(folder.path(), &["--attest", "statement.json"]);
    assert!(code == Some(1) && said.contains("does not match the statement"), "{said}");
}

#[test]
fn the_result_by_control_is_as_its_schema_says() {
    let folder = made();
    let schema = serde_json::from_str(cognito_lint::report::evidence::CONTROLS_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let text = content(folder.path()).into_iter().find(|(name, _)| name == "controls.json").unwrap().1;
    let mut json: Value = serde_json::from_slice(&text).unwrap();
    assert!(validator.is_valid(&json));
    assert_eq!(json["standards"][0]["pack"], "pci-dss-4");
    json["standards"][0]["controls"][0]["verdict"] = "fine".into();
    assert!(!validator.is_valid(&json));
}

#[test]
fn a_pack_without_controls_or_into_nowhere_is_refused_before_pools_are_read() {
    let folder = made();
    for (arguments, expected) in [
        (
            &["evidence", "pools.ndjson", "--pack", "recommended", "-o", "x.zip"][..],
            "none of the chosen packs has",
        ),
        (&["evidence", "pools.ndjson", "-o", "-"], "cannot be written to standard output"),
        (&["evidence", "pools.ndjson", "-o", "nowhere/x.zip"], "is not a directory"),
        (&["evidence", "pools.ndjson", "-o", "pools.ndjson"], "would overwrite the input"),
        (&["evidence", "verify", "a.json"], "is not an evidence pack"),
        (&["evidence", "verify", "none.zip"], "cannot be opened"),
    ] {
        let output = run(folder.path(), arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        let joined = said.split_whitespace().collect::<Vec<_>>().join(" ").replace(" │ ", " ");
        assert!(output.status.code() == Some(2) && joined.contains(expected), "{arguments:?}: {said}");
        assert!(!folder.path().join("x.zip").exists());
    }
}

#[test]
fn what_could_not_be_read_makes_a_pack_incomplete() {
    let folder = made();
    fs::write(folder.path().join("broken.json"), "{\"UserPool\": {\"Id\": ").unwrap();
    let arguments = ["evidence", "pools.ndjson", "broken.json", "--pack", "pci-dss-4", "-o", "pack.zip"];
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let (_, bytes) = content(folder.path()).swap_remove(0);
    let readme = String::from_utf8(bytes).unwrap();
    assert!(readme.contains("incomplete: ") && readme.contains("Could not be read: 1"), "{readme}");
    assert_eq!(verified(folder.path(), &[]).0, Some(0));
}
