//! Every command of the documents is run as it is written, in a directory that has the files that the documents name and
//! an account that has the pools.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::fake::{Fake, Plan, pool, pool_in};
use crate::house::docs::{DOCS, blocks};
use crate::house::{expect_none, root};

/// The accounts of the documents, beside that of the credentials.
const ACCOUNTS: [&str; 2] = ["444455556666", "777788889999"];

/// Profiles of the AWS CLI.
const PROFILES: &str = "[profile audit]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n";

fn pools() -> Vec<Value> {
    let named = |id: &str, name: &str| {
        let mut pool = pool(id);
        (pool["Name"], pool["UserPoolTags"]) = (json!(name), json!({"stage": name.split('-').next()}));
        pool
    };
    let mut pools = vec![named("eu-west-1_Sh0pCust0", "customers"), named("us-east-1_golden", "golden")];
    // A group of `outliers` has five pools at least.
    for (stage, name) in ["prod", "stage"].into_iter().flat_map(|stage| (1..6).map(move |name| (stage, name)))
    {
        pools.push(named(&format!("us-east-1_{stage}{name}"), &format!("{stage}-{name}")));
    }
    pools.extend(ACCOUNTS.map(|account| pool_in(account, &format!("us-east-1_{account}"))));
    pools
}

/// Runs a line of a shell where `cognito-lint` is the program and `aws` prints a pool.
fn run(fake: &Fake, folder: &Path, line: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_cognito-lint")).parent().unwrap().display();
    let path = format!("{program}:{}/bin:{}", folder.display(), std::env::var("PATH").unwrap());
    Command::new("bash")
        .args(["-c", &format!("set -o pipefail; {line}")])
        .current_dir(folder)
        .env_clear()
        .envs([("PATH", &*path), ("AWS_REGION", "us-east-1"), ("AWS_ENDPOINT_URL", &fake.url())])
        .envs([("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret")])
        .env("HOME", folder)
        .env("SOURCES", root())
        .env("AWS_CONFIG_FILE", folder.join("profiles"))
        .output()
        .unwrap()
}

/// The files that the documents name.
fn prepare(fake: &Fake, folder: &Path) {
    std::fs::write(folder.join("profiles"), PROFILES).unwrap();
    let made = [
        "mkdir pools bin logs snapshots",
        "cp -R $SOURCES/tests/cmd/plan-baseline.in/. $SOURCES/tests/integration/documented/. $SOURCES/examples .",
        "cp $SOURCES/tests/cmd/drift-trail.in/reset.json update.json",
        "cp $(find $SOURCES/tests/cmd/drift-trail.in/logs -path '*/CloudTrail/*.gz') logs/",
        "cp examples/pool.json pools/; cp examples/pool.json examples/policy.toml .",
        "printf '#!/bin/sh\\ncat pool.json\\n' > bin/aws; chmod +x bin/aws",
        "cognito-lint snapshot --all-regions -o pools.ndjson",
        "for copy in newer.ndjson recorded.ndjson yesterday.ndjson today.ndjson golden.ndjson snapshot.json \
         snapshots/2026-11-28.ndjson; do cp pools.ndjson $copy; done",
        "cognito-lint baseline write -o baseline.toml pools/ plan.json",
        "for part in 1 2 3 4; do cognito-lint -q --shard $part/4 --report json=$part.json; test $? -lt 2; done",
        "cognito-lint -q pools/ --report json=reports/2026-11-28.json; test $? -eq 1",
    ];
    for line in made {
        let output = run(fake, folder, line);
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// The lines of a document that run the program, which is also behind a pipe.
fn lines(document: &str) -> Vec<String> {
    let all = ["sh", "console"].iter().flat_map(|language| blocks(document, language));
    let lines = all.flat_map(|(_, block)| {
        let whole = block.replace("\\\n", " ");
        whole.lines().map(|line| line.trim_start_matches("$ ").to_owned()).collect::<Vec<_>>()
    });
    let runs = |line: &String| line.split('|').any(|part| part.trim_start().starts_with("cognito-lint"));
    lines.filter(runs).collect()
}

/// What is wrong with the end of a command: the program refuses its arguments or its files, or reads less than all.
fn complaint(output: &Output) -> Option<String> {
    let said = String::from_utf8_lossy(&output.stderr);
    (!matches!(output.status.code(), Some(0 | 1)))
        .then(|| format!("{}: {said}{}", output.status, String::from_utf8_lossy(&output.stdout)))
}

#[test]
fn every_command_of_the_documents_does_its_work() {
    let fake =
        Fake::start(pools().into_iter().fold(Plan::new(), Plan::pool).regions(["us-east-1", "eu-west-1"]));
    let prepared = tempfile::tempdir().unwrap();
    prepare(&fake, prepared.path());
    let (mut complaints, mut count) = (Vec::new(), 0);
    for document in DOCS {
        // The commands of a document follow each other.
        let folder = tempfile::tempdir().unwrap();
        run(&fake, folder.path(), &format!("cp -R {}/. .", prepared.path().display()));
        for line in lines(document) {
            count += 1;
            let complaint = complaint(&run(&fake, folder.path(), &line));
            complaints.extend(complaint.map(|complaint| format!("{document}: `{line}`: {complaint}")));
        }
    }
    expect_none(&complaints);
    assert!(count > 60, "only {count} commands were found");
}
