//! Nothing of a plan or state that belongs to a user pool is passed over in silence: every resource type of the
//! providers' Cognito families ends in a pool, or leaves a note or something unread.

use cognito_lint::pool::{Pool, Projection};
use cognito_lint::source::{Chunk, Read, ReadPool, read};
use serde_json::{Value as Json, json};

/// The types of both providers that belong to user pools; those of identity pools are another service's.
const TYPES: [&str; 25] = [
    "aws_cognito_identity_provider",
    "aws_cognito_log_delivery_configuration",
    "aws_cognito_managed_login_branding",
    "aws_cognito_managed_user_pool_client",
    "aws_cognito_resource_server",
    "aws_cognito_risk_configuration",
    "aws_cognito_user",
    "aws_cognito_user_group",
    "aws_cognito_user_in_group",
    "aws_cognito_user_pool",
    "aws_cognito_user_pool_client",
    "aws_cognito_user_pool_domain",
    "aws_cognito_user_pool_ui_customization",
    "awscc_cognito_log_delivery_configuration",
    "awscc_cognito_managed_login_branding",
    "awscc_cognito_terms",
    "awscc_cognito_user_pool",
    "awscc_cognito_user_pool_client",
    "awscc_cognito_user_pool_domain",
    "awscc_cognito_user_pool_group",
    "awscc_cognito_user_pool_identity_provider",
    "awscc_cognito_user_pool_resource_server",
    "awscc_cognito_user_pool_risk_configuration_attachment",
    "awscc_cognito_user_pool_ui_customization_attachment",
    "awscc_cognito_user_pool_user",
];

#[test]
fn every_type_of_the_families_ends_in_a_pool_or_is_reported() {
    let mut silent = Vec::new();
    for kind in TYPES {
        let values = json!({"name": "one", "user_pool_name": "one", "user_pool_id": "eu-west-1_Example01",
            "client_id": "ALL", "domain": "one", "provider_name": "one", "identifier": "one", "group_name": "one"});
        for (form, text) in [("plan", plan(kind, &values)), ("state", state(kind, &values))] {
            let chunk = chunk(&text);
            let read = declared(&chunk);
            let noted = read.notes.iter().any(|note| note.message.contains(kind));
            if read.pools.is_empty() && !noted && read.unread.is_empty() {
                silent.push(format!("{kind} of a {form}"));
            }
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn what_cannot_be_read_of_a_pool_makes_the_run_incomplete() {
    let values = json!({"type_name": "AWS::Cognito::UserPool"});
    assert_eq!(declared(&chunk(&plan("aws_cloudcontrolapi_resource", &values))).unread.len(), 1);
    let other = json!({"type_name": "AWS::S3::Bucket"});
    assert!(declared(&chunk(&plan("aws_cloudcontrolapi_resource", &other))).unread.is_empty());
}

#[test]
fn parts_of_one_pool_that_is_elsewhere_are_one_partial_pool() {
    let part = |kind: &str, name: &str, pool: &str| {
        let values = json!({"name": name, "user_pool_id": pool});
        (kind.to_owned(), name.to_owned(), values)
    };
    let text = plan_of(&[
        part("aws_cognito_user_pool_client", "web", "eu-west-1_Example01"),
        part("aws_cognito_user_group", "staff", "eu-west-1_Example01"),
        part("aws_cognito_user_pool_client", "app", "eu-west-1_Example02"),
    ]);
    let pools: Vec<Pool> = declared(&chunk(&text)).first().0;
    let shown: Vec<_> =
        pools.iter().map(|pool| (pool.identity().title(), pool.partial, pool.held.len())).collect();
    let wanted = [("eu-west-1_Example01".to_owned(), true, 2), ("eu-west-1_Example02".to_owned(), true, 1)];
    assert_eq!(shown, wanted);
}

fn plan(kind: &str, values: &Json) -> String {
    plan_of(&[(kind.to_owned(), "one".to_owned(), values.clone())])
}

fn plan_of(resources: &[(String, String, Json)]) -> String {
    let changes: Vec<Json> = resources
        .iter()
        .map(|(kind, name, values)| {
            json!({
                "address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name,
                "change": {"actions": ["create"], "before": null, "after": values, "after_unknown": {}},
            })
        })
        .collect();
    json!({"format_version": "1.2", "resource_changes": changes}).to_string()
}

fn state(kind: &str, values: &Json) -> String {
    json!({"format_version": "1.0", "values": {"root_module": {"resources": [{
        "address": format!("{kind}.one"), "mode": "managed", "type": kind, "name": "one", "values": values,
    }]}}})
    .to_string()
}

fn chunk(text: &str) -> Chunk {
    Chunk { bytes: text.as_bytes().to_vec(), first_line: 1, ..Chunk::default() }
}

fn declared(chunk: &Chunk) -> Read<'_> {
    let read = read(chunk, &Projection::everything());
    assert!(read.pools.iter().all(ReadPool::is_declared), "this is a plan or a state");
    read
}
