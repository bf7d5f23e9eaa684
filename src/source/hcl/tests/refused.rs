//! Configurations that Terraform refuses, or that are not whole: none of them passes in silence.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::configuration;
use crate::source::Reading;
use crate::source::hcl::read;
use crate::value::{Map, Value};

const POOL: &str = "resource \"aws_cognito_user_pool\" \"p\" {\n  name              = \"p\"\n  mfa_configuration = \"ON\"\n}\n";

fn of(texts: &[(&str, &str)]) -> Reading {
    let texts: BTreeMap<String, Vec<u8>> =
        texts.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    read(&configuration(texts, Vec::new()), &Arc::default())
}

/// Names and messages of a reading for the parts that are not read, one a line.
fn unread(reading: &Reading) -> String {
    reading.unread.iter().map(|one| format!("{}: {}", one.target, one.message)).collect::<Vec<_>>().join("\n")
}

/// Files and blocks beside a pool that are not read.
#[test]
fn what_is_not_read_beside_a_pool_is_said() {
    let manifest = r#"{"Modules": [{"Key": "m", "Source": "registry.terraform.io/example/vpc/aws", "Version": "1.0.0", "Dir": "m"}]}"#;
    let module = |source: &str| format!("module \"m\" {{\n  source = \"{source}\"\n}}\n");
    let cases: [(&[(&str, &str)], &str); 16] = [
        (&[("b.tf", "locals {\n  x = 1 = 2\n}\n")], "b.tf: this is not read as a configuration"),
        (
            &[("b_override.tf", "locals {\n  x = = 2\n}\n")],
            "b_override.tf: this is not read as a configuration",
        ),
        (&[("b.tf", "locals { v = 1 }\nlocals { v = 2 }\n")], "local.v: it is declared more than once"),
        (
            &[("b.tf", "output \"o\" { value = 1 }\noutput \"o\" { value = 1 }\n")],
            "output o: it is declared more",
        ),
        (
            &[("b.tf", "data \"aws_vpc\" \"d\" {}\ndata \"aws_vpc\" \"d\" {}\n")],
            "data aws_vpc.d: it is declared more",
        ),
        (
            &[("b.tf", &module("../../modules/vpc"))],
            "module.m: it comes from ../../modules/vpc, outside of what is read",
        ),
        (&[("b.tf", &module("./vpc"))], "module.m: it comes from ./vpc, where there is no configuration"),
        (&[("b.tf", &module("${var.x}"))], "module.m: its source is not known"),
        (
            &[
                ("b.tf", &module("other/vpc/aws")),
                (".terraform/modules/modules.json", manifest),
                ("m/main.tf", ""),
            ],
            "module.m: it comes from other/vpc/aws, and what was fetched is not that",
        ),
        (
            &[("terraform.tfvars", "variable \"v\" {}\n")],
            "terraform.tfvars: this is not read as values of variables",
        ),
        (&[("x.auto.tfvars", "v = \n")], "x.auto.tfvars: this is not read as values of variables"),
        (
            &[("terraform.tfvars", "v = [for x in [\"a\"] : upper(x)]\n")],
            "terraform.tfvars: this is not read as values of variables: it calls `upper`, and functions",
        ),
        (
            &[("terraform.tfvars", "v = { a = \"x-${var.v}\" }\n")],
            "terraform.tfvars: this is not read as values of variables: it is a reference",
        ),
        // A text without its quotes may be a secret, and is not repeated.
        (
            &[("terraform.tfvars", "v = EXAMPLEexample1234\n")],
            "terraform.tfvars: this is not read as values of variables: it is a reference, which the value of a variable \
             must not be; a text is in quotes",
        ),
        (&[("terraform.tfvars", "v = [for x in [1] : x + 1][0]\n")], ""),
        (&[("terraform.tfvars.json", "{\"v\": \"${upper(1)}\"}")], ""),
    ];
    for (beside, wanted) in cases {
        let texts: Vec<(&str, &str)> =
            [("main.tf", POOL)].into_iter().chain(beside.iter().copied()).collect();
        let said = unread(&of(&texts));
        assert!(said.starts_with(wanted), "{wanted}\n{said}");
    }
}

/// A fetched module is read if a call asks for it.
#[test]
fn what_was_fetched_is_read() {
    let manifest = r#"{"Modules": [{"Key": "m", "Source": "registry.terraform.io/example/pool/aws", "Version": "1.0.0", "Dir": "m"}]}"#;
    let call = "module \"m\" {\n  source  = \"example/pool/aws\"\n  version = \"~> 1.0\"\n}\n";
    let reading =
        of(&[("main.tf", call), (".terraform/modules/modules.json", manifest), ("m/main.tf", POOL)]);
    assert_eq!(unread(&reading), "");
    assert_eq!(reading.declared.unwrap().pools.len(), 1);
}

#[test]
fn names_and_files_that_do_not_count_are_said() {
    let variable = "variable \"mfa\" {\n  default = \"ON\"\n}\n";
    for (beside, wanted) in [
        (
            ("terraform.tfvars", "mfa = \"ON\"\nmfaa = \"OFF\"\n"),
            "terraform.tfvars has a value for mfaa, which",
        ),
        (("x.auto.tfvars", "a = 1\nb = 2\n"), "x.auto.tfvars has values for a, b, which"),
        (("main.tofu", POOL), "main.tf is not read, since OpenTofu takes"),
    ] {
        let reading = of(&[("main.tf", POOL), ("variables.tf", variable), beside]);
        let said: Vec<&str> = reading.notes.iter().map(|note| note.message.as_str()).collect();
        assert!(said.iter().any(|message| message.starts_with(wanted)), "{wanted}\n{said:?}");
    }
    let reading =
        of(&[("main.tf", POOL), ("variables.tf", variable), ("terraform.tfvars", "mfa = \"ON\"\n")]);
    assert!(reading.notes.is_empty(), "{:?}", reading.notes);
}

/// A member of the document of the only pool, in each scenario.
fn members(text: &str, path: &[&str]) -> Vec<String> {
    let reading = of(&[("main.tf", text)]);
    let declared = reading.declared.unwrap();
    let [only] = declared.pools.as_slice() else { panic!("{:?} {:?}", reading.notes, reading.unread) };
    let member = |document: &Map| {
        let (first, rest) = path.split_first().unwrap();
        let value = rest.iter().try_fold(document.get(first)?, |value, name| match value {
            Value::Map(members) => members.get(name),
            other => Some(other),
        });
        Some(match value? {
            Value::Unknown(why) => format!("unknown: {why}"),
            other => other.to_string(),
        })
    };
    only.scenarios.iter().map(|one| member(&one.pool.document).unwrap_or_default()).collect()
}

#[test]
fn a_block_that_terraform_refuses_is_not_known() {
    let pool =
        |inner: &str| format!("resource \"aws_cognito_user_pool\" \"p\" {{\n  name = \"p\"\n{inner}}}\n");
    let path = ["Policies", "PasswordPolicy"];
    let two = "  password_policy {\n    minimum_length = 16\n  }\n  password_policy {\n    minimum_length = 6\n  }\n";
    assert_eq!(
        members(&pool(two), &path),
        ["unknown: there is more than one `password_policy` block, which Terraform refuses"]
    );
    let dynamic = "  dynamic \"password_policy\" {\n    for_each = [16, 6]\n    content {\n      minimum_length = \
                   password_policy.value\n    }\n  }\n";
    assert_eq!(members(&pool(dynamic), &path).concat().matches("more than one").count(), 1);
    let argument = "  password_policy = { minimum_length = 16 }\n";
    assert_eq!(
        members(&pool(argument), &path),
        ["unknown: `password_policy` is a block, and Terraform refuses it with a sign"]
    );
}

/// Terraform refuses null where a validation looks for it in a list, so that a condition is decided.
#[test]
fn a_validation_that_is_in_error_refuses_the_value() {
    let text = "variable \"stage\" {\n  type = string\n  validation {\n    condition     = contains([\"dev\", \"prod\"], \
                var.stage)\n    error_message = \"x\"\n  }\n}\nresource \"aws_cognito_user_pool\" \"p\" {\n  name = \"p\"\n  \
                mfa_configuration = var.stage == \"dev\" ? \"ON\" : var.stage == \"prod\" ? \"ON\" : \"OFF\"\n}\n";
    let values = members(text, &["MfaConfiguration"]);
    assert!(!values.is_empty() && values.iter().all(|value| value == "ON"), "{values:?}");
    let condition = "variable \"stage\" {\n  type = string\n}\nresource \"aws_cognito_user_pool\" \"p\" {\n  name = \"p\"\n  \
                     mfa_configuration = contains([\"prod\"], var.stage) ? \"ON\" : \"OPTIONAL\"\n}\n";
    let values = members(condition, &["MfaConfiguration"]);
    assert!(values.iter().all(|value| value == "ON" || value == "OPTIONAL"), "{values:?}");
}
