//! `fix FILE` over every template and configuration of the tests: a changed file is read, the rule that asked for the
//! change passes, and a rule that still fails has its reason.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cognito_lint::evaluate::verdict;
use cognito_lint::fix::{InFile, Wish, in_file};
use cognito_lint::pool::Projection;
use cognito_lint::rule::assemble::assemble;
use cognito_lint::rule::{Policy, Verdict, builtin, written};
use cognito_lint::source::input::{self, Input};
use cognito_lint::source::{self, Chunk, Delivery};

const NOW: i64 = 1_767_225_600_000;

/// All built-in rules, some of which ask for the opposite of others.
fn every_rule() -> Policy {
    let mut mistakes = Vec::new();
    let rules = builtin::ids().into_iter().filter_map(builtin::rule);
    let rules = rules.flat_map(|script| written::read(&script, &mut mistakes)).collect();
    let policy = assemble(rules, &[], &[], Vec::new(), &mut mistakes);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    policy
}

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if path.is_dir() {
            files(&path, found);
        } else if matches!(ending, "tf" | "yaml" | "yml" | "json" | "template") {
            found.push(path);
        }
    }
}

/// The template or the configuration of a file.
fn declared(file: &Path) -> Option<Chunk> {
    let mut chunks = input::open(vec![Input::Path(file.to_owned())]).filter_map(|delivery| match delivery {
        Delivery::Chunk(chunk) => Some(chunk),
        _ => None,
    });
    let chunk = chunks.next()?;
    let read = source::read(&chunk, &Projection::everything());
    let is_declared = !read.pools.is_empty() && read.pools.iter().all(source::ReadPool::is_declared);
    (is_declared && chunks.next().is_none()).then_some(chunk)
}

/// The changed input.
fn changed(chunk: &Chunk, fix: &InFile) -> Chunk {
    let texts = fix.files.iter().map(|(name, (_, after))| (name.clone(), after.clone())).collect();
    source::with(chunk, &Arc::new(texts))
}

#[test]
fn changed_files_are_read_and_pass() {
    let policy = every_rule();
    let mut all = Vec::new();
    for directory in ["tests/cmd", "tests/terraform", "tests/integration/same_pool"] {
        files(Path::new(directory), &mut all);
    }
    let (mut made, mut left) = (0, 0);
    for file in all {
        let shown = file.display().to_string();
        let Some(chunk) = declared(&file) else { continue };
        let Ok(fix) = in_file(&policy, &chunk, &Wish { now: NOW, ..Wish::default() }) else { continue };
        let after = changed(&chunk, &fix);
        let read = source::read(&after, &Projection::everything());
        let before = source::with(&chunk, &Arc::default());
        let before = source::read(&before, &Projection::everything());
        assert_eq!(read.unread, before.unread, "{shown}");
        assert_eq!(read.pools.len(), before.pools.len(), "{shown}");
        for change in &fix.changes {
            for id in &change.edit.rules {
                let rule = policy.rules.iter().find(|rule| rule.id == *id).unwrap();
                let pools = read.pools.iter().flat_map(source::ReadPool::scenarios);
                let own = pools.filter(|one| one.pool.address.as_deref() == Some(&change.subject));
                for scenario in own {
                    assert_ne!(verdict(rule, &scenario.pool, NOW), Verdict::Fail, "{shown}: {id}");
                }
            }
        }
        for one in &fix.left {
            assert!(!one.left.obstacle.message.is_empty() && !one.left.obstacle.help.is_empty(), "{shown}");
        }
        made += fix.changes.len();
        left += fix.left.len();
    }
    assert!(made > 100 && left > 100, "{made} changes, {left} left");
}

const TEMPLATE: &str = "Resources:\r\n  Pool:\r\n    Type: AWS::Cognito::UserPool # the pool\r\n    Properties:\r\n      \
                        UserPoolName: customers\r\n";

/// Runs `fix` on a template in a directory; gives the exit code and what is in the file then.
fn run(file: &Path) -> (Option<i32>, String) {
    let arguments = ["--write", "--no-config", "--rule", "deletion-protection-inactive"];
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
        .arg("fix")
        .arg(file)
        .args(arguments)
        .output()
        .unwrap();
    (output.status.code(), std::fs::read_to_string(file).unwrap())
}

#[test]
fn a_file_is_written_with_its_line_ends_and_permissions() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("template.yaml");
    std::fs::write(&file, TEMPLATE).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o604)).unwrap();
    }
    let mode = std::fs::metadata(&file).unwrap().permissions();
    let wanted = format!("{TEMPLATE}      DeletionProtection: ACTIVE\r\n");
    assert_eq!(run(&file), (Some(0), wanted.clone()));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions(), mode);
    assert_eq!(run(&file), (Some(0), wanted));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
}

/// Runs `fix --write` for one rule on a configuration; gives the exit code, and what is in the file then.
fn configuration(text: &str, rule: &str) -> (Option<i32>, String) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("main.tf");
    std::fs::write(&file, text).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
        .arg("fix")
        .arg(&file)
        .args(["--write", "--no-config", "--rules", "strict", "--rule", rule])
        .output()
        .unwrap();
    (output.status.code(), std::fs::read_to_string(file).unwrap())
}

/// The provider sends 0 for a minimum length that a block lacks, and Cognito refuses it.
#[test]
fn a_block_is_written_whole() {
    let pool = "resource \"aws_cognito_user_pool\" \"p\" {\n  name = \"p\"\n}\n";
    let lacking = "resource \"aws_cognito_user_pool\" \"p\" {\n  name = \"p\"\n\n  password_policy {\n    \
                   temporary_password_validity_days = 90\n  }\n}\n";
    for rule in ["temporary-password-long-lived", "password-reuse-allowed"] {
        for text in [pool, lacking] {
            let (code, text) = configuration(text, rule);
            assert_eq!(code, Some(0), "{rule}: {text}");
            let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
            assert!(lines.contains(&vec!["minimum_length", "=", "8"]), "{rule}: {text}");
        }
    }
}

#[test]
fn the_only_way_to_sign_in_is_not_taken_away() {
    let text = "resource \"aws_cognito_user_pool\" \"p\" {\n  name = \"p\"\n}\n\nresource \
                \"aws_cognito_user_pool_client\" \"c\" {\n  name                = \"c\"\n  user_pool_id        = \
                aws_cognito_user_pool.p.id\n  explicit_auth_flows = [\"ALLOW_USER_PASSWORD_AUTH\", \
                \"ALLOW_REFRESH_TOKEN_AUTH\"]\n}\n";
    let custom = text
        .replace("ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH")
        .replace(", \"ALLOW_REFRESH_TOKEN_AUTH\"", "");
    assert_eq!(configuration(&custom, "client-takes-plain-passwords"), (Some(1), custom));
    let with_srp = text.replace("[\"ALLOW", "[\"ALLOW_USER_SRP_AUTH\", \"ALLOW");
    let (code, fixed) = configuration(&with_srp, "client-takes-plain-passwords");
    assert_eq!(code, Some(0), "{fixed}");
    assert!(fixed.contains("= [\"ALLOW_USER_SRP_AUTH\", \"ALLOW_REFRESH_TOKEN_AUTH\"]"), "{fixed}");
}

/// A client of several keeps a way to sign in, too.
#[test]
fn a_client_that_sends_passwords_proves_them_instead() {
    let text = "resource \"aws_cognito_user_pool\" \"p\" {\n  name = \"p\"\n}\n\nresource \
                \"aws_cognito_user_pool_client\" \"other\" {\n  name         = \"other\"\n  user_pool_id = \
                aws_cognito_user_pool.p.id\n}\n\nresource \"aws_cognito_user_pool_client\" \"c\" {\n  name = \
                \"c\"\n  user_pool_id = aws_cognito_user_pool.p.id\n  explicit_auth_flows = FLOWS\n}\n";
    for (flows, wanted) in [
        ("[\"ALLOW_USER_PASSWORD_AUTH\"]", "[\"ALLOW_USER_SRP_AUTH\"]"),
        (
            "[\"ALLOW_USER_PASSWORD_AUTH\", \"ALLOW_REFRESH_TOKEN_AUTH\"]",
            "[\"ALLOW_REFRESH_TOKEN_AUTH\", \"ALLOW_USER_SRP_AUTH\"]",
        ),
        ("[\"ALLOW_USER_PASSWORD_AUTH\", \"ALLOW_CUSTOM_AUTH\"]", "[\"ALLOW_CUSTOM_AUTH\"]"),
    ] {
        let (code, fixed) = configuration(&text.replace("FLOWS", flows), "client-takes-plain-passwords");
        assert_eq!(code, Some(0), "{flows}: {fixed}");
        assert!(fixed.contains(&format!("explicit_auth_flows = {wanted}\n")), "{flows}: {fixed}");
    }
}

/// A lifetime is a number and its unit, of which the unit stays where it can say the bound.
#[test]
fn lifetimes_of_tokens_are_written_in_their_units() {
    let text = "resource \"aws_cognito_user_pool\" \"p\" {\n  name = \"p\"\n}\n\nresource \
                \"aws_cognito_user_pool_client\" \"c\" {\n  name         = \"c\"\n  user_pool_id = \
                aws_cognito_user_pool.p.id\n  WRITTEN\n}\n";
    for (written, wanted) in [
        ("refresh_token_validity = 90", "refresh_token_validity = 30\n"),
        (
            "refresh_token_validity = 9000\n  token_validity_units {\n    refresh_token = \"hours\"\n  }",
            "refresh_token_validity = 720\n",
        ),
        (
            "refresh_token_validity = 90\n  token_validity_units {\n    access_token = \"hours\"\n  }",
            "refresh_token_validity = 30\n",
        ),
    ] {
        let (code, fixed) = configuration(&text.replace("WRITTEN", written), "refresh-token-long-lived");
        assert_eq!(code, Some(0), "{written}: {fixed}");
        assert!(fixed.contains(wanted), "{written}: {fixed}");
    }
}

/// Runs `fix` on `main.tf` of a configuration; gives what it says.
fn said(files: &[(&str, &str)]) -> String {
    let directory = tempfile::tempdir().unwrap();
    for (file, text) in files {
        std::fs::write(directory.path().join(file), text).unwrap();
    }
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_cognito-lint"))
        .args(["fix", "main.tf", "--no-config", "--rule", "deletion-protection-inactive"])
        .current_dir(&directory)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A change of what another file overrides would have no effect.
#[test]
fn a_value_that_is_overridden_is_changed_where_it_counts() {
    let pool = "resource \"aws_cognito_user_pool\" \"p\" {\n  deletion_protection = \"INACTIVE\"\n}\n";
    let said_of = |last: &str| said(&[("main.tf", pool), ("a_override.tf", pool), ("x_override.tf", last)]);
    let diff = said_of(pool);
    assert!(diff.contains("+++ b/x_override.tf") && !diff.contains("+++ b/main.tf"), "{diff}");
    let local = "locals {\n  p = \"INACTIVE\"\n}\n";
    let by_local = pool.replace("\"INACTIVE\"", "local.p");
    let diff = said(&[("main.tf", pool), ("locals.tf", local), ("override.tf", &by_local)]);
    assert!(diff.contains("+++ b/locals.tf"), "{diff}");
    let computed = pool.replace("\"INACTIVE\"", "upper(\"inactive\")");
    let left = said_of(&computed);
    assert!(left.contains("an expression in x_override.tf:2"), "{left}");
}

#[test]
fn a_byte_order_mark_stays() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("template.yaml");
    let marked = format!("\u{feff}{TEMPLATE}");
    std::fs::write(&file, &marked).unwrap();
    let wanted = format!("{marked}      DeletionProtection: ACTIVE\r\n");
    assert_eq!(run(&file), (Some(0), wanted));
}

#[test]
fn links_and_read_only_files_are_not_written() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("template.yaml");
    std::fs::write(&file, TEMPLATE).unwrap();
    #[cfg(unix)]
    {
        let link = directory.path().join("link.yaml");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert_eq!(run(&link), (Some(3), TEMPLATE.to_owned()));
    }
    let mut permissions = std::fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&file, permissions).unwrap();
    assert_eq!(run(&file), (Some(3), TEMPLATE.to_owned()));
}
