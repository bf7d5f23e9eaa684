//! The shapes of a SARIF log, as far as they are written. No text may be empty, or GitHub refuses the file.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value as Json;
use serde_json::ser::PrettyFormatter;

use crate::report::json::escaping::EscapingFormatter;
use crate::report::sanitize::sanitized;

/// The address of the format's JSON Schema.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
pub(in crate::report) struct Log {
    #[serde(rename = "$schema")]
    pub schema: &'static str,
    pub version: &'static str,
    pub runs: Vec<Run>,
}

impl Log {
    /// Writes a log of these runs.
    pub(in crate::report) fn write(runs: Vec<Run>, mut out: &mut dyn Write) -> io::Result<()> {
        let log = Log { schema: SCHEMA, version: "2.1.0", runs };
        let mut serializer =
            serde_json::Serializer::with_formatter(&mut out, EscapingFormatter(PrettyFormatter::new()));
        log.serialize(&mut serializer)?;
        writeln!(out)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Run {
    pub tool: Tool,
    pub automation_details: Automation,
    pub column_kind: &'static str,
    pub invocations: [Invocation; 1],
    pub results: Vec<ResultShape>,
}

#[derive(Serialize)]
pub(in crate::report) struct Tool {
    pub driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Driver {
    pub name: &'static str,
    pub version: &'static str,
    pub semantic_version: &'static str,
    pub rules: Vec<RuleShape>,
}

impl Tool {
    /// This program, with the rules that its results name.
    pub(in crate::report) fn new(rules: Vec<RuleShape>) -> Tool {
        let version = env!("CARGO_PKG_VERSION");
        Tool { driver: Driver { name: env!("CARGO_PKG_NAME"), version, semantic_version: version, rules } }
    }
}

#[derive(Serialize)]
pub(in crate::report) struct Automation {
    pub id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Invocation {
    pub execution_successful: bool,
    pub exit_code: u8,
    pub tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
pub(in crate::report) struct Notification {
    pub level: &'static str,
    pub message: Text,
}

impl Notification {
    pub(in crate::report) fn new(level: &'static str, text: &str) -> Notification {
        Notification { level, message: Text::new(text) }
    }
}

#[derive(Serialize)]
pub(in crate::report) struct Text {
    text: String,
}

impl Text {
    pub(in crate::report) fn new(text: &str) -> Text {
        let text = sanitized(text.trim());
        Text { text: if text.is_empty() { "-".to_owned() } else { text.into_owned() } }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct RuleShape {
    pub id: String,
    pub short_description: Text,
    pub full_description: Text,
    pub help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_uri: Option<String>,
    pub default_configuration: Level,
    pub properties: RuleProperties,
}

#[derive(Serialize)]
pub(in crate::report) struct Help {
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markdown: Option<String>,
}

#[derive(Serialize)]
pub(in crate::report) struct Level {
    pub level: &'static str,
}

#[derive(Serialize)]
pub(in crate::report) struct RuleProperties {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    pub precision: &'static str,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    pub security_severity: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct ResultShape {
    pub rule_id: String,
    pub rule_index: usize,
    pub kind: &'static str,
    pub level: &'static str,
    pub message: Text,
    pub locations: [Location; 1],
    pub partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suppressions: Vec<Suppression>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_locations: Vec<RelatedLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<ResultProperties>,
}

/// Members that SARIF does not have.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct ResultProperties {
    /// The changes that the result comes from, each with who made it.
    pub changes: Json,
}

#[derive(Serialize)]
pub(in crate::report) struct Suppression {
    pub kind: &'static str,
    pub status: &'static str,
    pub justification: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct RelatedLocation {
    pub id: usize,
    pub physical_location: PhysicalLocation,
    pub message: Text,
}

#[derive(Serialize)]
pub(in crate::report) struct Fingerprints {
    #[serde(rename = "primaryLocationLineHash", skip_serializing_if = "Option::is_none")]
    pub primary_location_line_hash: Option<String>,
    #[serde(rename = "cognitoLint/v1")]
    pub own: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Location {
    pub physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logical_locations: Vec<LogicalLocation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct PhysicalLocation {
    pub artifact_location: Artifact,
    pub region: Region,
}

#[derive(Serialize)]
pub(in crate::report) struct Artifact {
    pub uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct Region {
    pub start_line: usize,
    pub start_column: usize,
    pub end_line: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::report) struct LogicalLocation {
    pub fully_qualified_name: String,
    pub kind: &'static str,
}
