//! The IAM policy that a run needs.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;

use crate::source::aws::Actions;

/// Prints the policy document as JSON.
pub fn policy(actions: &Actions, mut out: &mut dyn Write) -> io::Result<()> {
    let statement = |operations: &BTreeSet<&str>, resource| StatementShape {
        effect: "Allow",
        action: operations.iter().map(|operation| format!("cognito-idp:{operation}")).collect(),
        resource,
    };
    let shape = PolicyShape {
        version: "2012-10-17",
        statement: [
            statement(&actions.on_everything, "*"),
            statement(&actions.on_pools, "arn:aws:cognito-idp:*:*:userpool/*"),
        ],
    };
    serde_json::to_writer_pretty(&mut out, &shape)?;
    writeln!(out)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyShape {
    version: &'static str,
    statement: [StatementShape; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StatementShape {
    effect: &'static str,
    action: Vec<String>,
    resource: &'static str,
}
