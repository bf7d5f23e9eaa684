//! The shapes of OSCAL assessment results, as far as they are written. Lists may not be empty.

use serde::Serialize;

/// The namespace of properties that are not OSCAL's own.
pub(super) const NAMESPACE: &str = "urn:cognito-lint:oscal";

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Document {
    pub(super) assessment_results: AssessmentResults,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct AssessmentResults {
    pub(super) uuid: String,
    pub(super) metadata: Metadata,
    pub(super) import_ap: Link,
    pub(super) results: [ResultShape; 1],
    pub(super) back_matter: BackMatter,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Metadata {
    pub(super) title: String,
    pub(super) last_modified: String,
    pub(super) version: &'static str,
    pub(super) oscal_version: &'static str,
}

#[derive(Serialize)]
pub(super) struct Link {
    pub(super) href: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct ResultShape {
    pub(super) uuid: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) start: String,
    pub(super) end: String,
    pub(super) reviewed_controls: Reviewed,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) observations: Vec<Observation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) findings: Vec<FindingShape>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Reviewed {
    pub(super) control_selections: [Selection; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Selection {
    pub(super) description: &'static str,
    /// One of the two is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) include_all: Option<Everything>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) include_controls: Vec<Selected>,
}

#[derive(Serialize)]
pub(super) struct Everything {}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Selected {
    pub(super) control_id: String,
}

#[derive(Serialize)]
pub(super) struct Observation {
    pub(super) uuid: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) props: Vec<Property>,
    pub(super) methods: [&'static str; 1],
    pub(super) collected: String,
}

#[derive(Serialize)]
pub(super) struct Property {
    pub(super) name: &'static str,
    pub(super) ns: &'static str,
    pub(super) value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct FindingShape {
    pub(super) uuid: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) target: Target,
    pub(super) related_observations: Vec<Related>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Related {
    pub(super) observation_uuid: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Target {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    #[serde(rename = "target-id")]
    pub(super) id: String,
    pub(super) status: State,
}

#[derive(Serialize)]
pub(super) struct State {
    pub(super) state: &'static str,
}

#[derive(Serialize)]
pub(super) struct BackMatter {
    pub(super) resources: [ResourceShape; 1],
}

#[derive(Serialize)]
pub(super) struct ResourceShape {
    pub(super) uuid: String,
    pub(super) title: String,
    pub(super) description: String,
}
