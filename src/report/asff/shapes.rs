//! The shapes of a request for `BatchImportFindings`, as far as they are written.

use std::collections::BTreeMap;

use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Request {
    pub(super) findings: Vec<FindingShape>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FindingShape {
    pub(super) schema_version: &'static str,
    pub(super) id: String,
    pub(super) product_arn: String,
    pub(super) product_name: &'static str,
    pub(super) generator_id: String,
    pub(super) aws_account_id: String,
    pub(super) region: String,
    pub(super) types: [&'static str; 1],
    pub(super) first_observed_at: String,
    pub(super) last_observed_at: String,
    pub(super) created_at: String,
    pub(super) updated_at: String,
    pub(super) severity: Label,
    pub(super) title: String,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remediation: Option<Remediation>,
    pub(super) product_fields: BTreeMap<String, String>,
    pub(super) resources: Vec<Resource>,
    pub(super) compliance: Compliance,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) workflow: Option<Workflow>,
    pub(super) record_state: &'static str,
    pub(super) finding_provider_fields: Provider,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Label {
    pub(super) label: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Provider {
    pub(super) severity: Label,
    pub(super) types: [&'static str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Remediation {
    pub(super) recommendation: Recommendation,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Recommendation {
    pub(super) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Resource {
    #[serde(rename = "Type")]
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) partition: &'static str,
    pub(super) region: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) details: Option<Details>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Details {
    pub(super) other: BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Compliance {
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_requirements: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Workflow {
    pub(super) status: &'static str,
}
