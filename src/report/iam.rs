//! The IAM policies that a run needs: one for those who read pools, one for those who get into their accounts.

use std::io::{self, Write};

use serde::Serialize;

use crate::source::live::{Actions, CallerActions};

/// A statement: actions and resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// With their services: `cognito-idp:ListUserPools`.
    pub actions: Vec<String>,
    /// At least one.
    pub resources: Vec<String>,
}

/// The statements that an account needs to read its pools, in every Region if that is requested.
pub fn reading(actions: &Actions, all_regions: bool) -> Vec<Statement> {
    let everything = actions.on_everything.iter().cloned();
    let everything = everything.chain(all_regions.then(|| "ec2:DescribeRegions".to_owned())).collect();
    let pools = actions.on_pools.iter().cloned().collect();
    vec![
        Statement { actions: everything, resources: vec!["*".to_owned()] },
        Statement { actions: pools, resources: vec!["arn:aws:cognito-idp:*:*:userpool/*".to_owned()] },
    ]
}

/// The statements that the credentials of the run need to enter the accounts.
pub fn getting_in(actions: &CallerActions) -> Vec<Statement> {
    let lists = actions.lists_accounts.then(|| Statement {
        actions: vec!["organizations:ListAccounts".to_owned()],
        resources: vec!["*".to_owned()],
    });
    let roles = (!actions.roles.is_empty()).then(|| Statement {
        actions: vec!["sts:AssumeRole".to_owned()],
        resources: actions.roles.iter().cloned().collect(),
    });
    lists.into_iter().chain(roles).collect()
}

/// Prints a policy document as JSON.
pub fn policy(statements: &[Statement], mut out: &mut dyn Write) -> io::Result<()> {
    let statement = statements.iter().map(StatementShape::of).collect();
    let shape = PolicyShape { version: "2012-10-17", statement };
    serde_json::to_writer_pretty(&mut out, &shape)?;
    writeln!(out)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyShape<'a> {
    version: &'static str,
    statement: Vec<StatementShape<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StatementShape<'a> {
    effect: &'static str,
    action: &'a [String],
    resource: ResourceShape<'a>,
}

impl StatementShape<'_> {
    fn of(Statement { actions, resources }: &Statement) -> StatementShape<'_> {
        let resource = match &resources[..] {
            [one] => ResourceShape::One(one),
            many => ResourceShape::Many(many),
        };
        StatementShape { effect: "Allow", action: actions, resource }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum ResourceShape<'a> {
    One(&'a str),
    Many(&'a [String]),
}
