//! The shapes of an OCSF event, as far as they are written.

use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::text;
use crate::report::sanitize::sanitized;
use crate::rule::Severity;

/// A number of the schema, with its caption.
macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $number:literal $caption:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $name { $($variant = $number),+ }

        impl $name {
            pub(super) fn word(self) -> &'static str {
                match self { $($name::$variant => $caption),+ }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u8(*self as u8)
            }
        }
    };
}

numbered! {
    /// `activity_id`
    Activity { Create = 1 "Create", Update = 2 "Update", Close = 3 "Close" }
}
numbered! {
    /// `severity_id`
    Level {
        Unknown = 0 "Unknown", Informational = 1 "Informational", Low = 2 "Low", Medium = 3 "Medium",
        High = 4 "High", Critical = 5 "Critical",
    }
}
numbered! {
    /// `status_id` of the event
    State { New = 1 "New", InProgress = 2 "In Progress", Suppressed = 3 "Suppressed", Resolved = 4 "Resolved" }
}
numbered! {
    /// `status_id` of the check
    CheckStatus { Unknown = 0 "Unknown", Pass = 1 "Pass", Warning = 2 "Warning", Fail = 3 "Fail" }
}

impl Level {
    pub(super) fn of(severity: Severity) -> Level {
        match severity {
            Severity::Info => Level::Informational,
            Severity::Low => Level::Low,
            Severity::Medium => Level::Medium,
            Severity::High => Level::High,
            Severity::Critical => Level::Critical,
        }
    }
}

#[derive(Serialize)]
pub(super) struct Event {
    pub(super) activity_id: Activity,
    pub(super) activity_name: &'static str,
    pub(super) category_uid: u8,
    pub(super) category_name: &'static str,
    pub(super) class_uid: u16,
    pub(super) class_name: &'static str,
    pub(super) type_uid: u32,
    pub(super) type_name: String,
    pub(super) severity_id: Level,
    pub(super) severity: &'static str,
    pub(super) status_id: State,
    pub(super) status: &'static str,
    pub(super) time: i64,
    pub(super) message: String,
    pub(super) metadata: Metadata,
    pub(super) cloud: Cloud,
    pub(super) finding_info: FindingInfo,
    pub(super) compliance: Compliance,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remediation: Option<Remediation>,
    pub(super) resources: Vec<Resource>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) evidences: Vec<EvidenceShape>,
}

#[derive(Serialize)]
pub(super) struct Metadata {
    pub(super) version: &'static str,
    pub(super) product: Product,
    pub(super) profiles: [&'static str; 1],
    pub(super) processed_time: i64,
}

#[derive(Serialize)]
pub(super) struct Product {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
}

#[derive(Serialize)]
pub(super) struct Cloud {
    pub(super) provider: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<Account>,
}

#[derive(Serialize)]
pub(super) struct Account {
    pub(super) uid: String,
}

#[derive(Serialize)]
pub(super) struct FindingInfo {
    pub(super) uid: String,
    pub(super) title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) desc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) first_seen_time: Option<i64>,
}

#[derive(Serialize)]
pub(super) struct Compliance {
    pub(super) control: String,
    pub(super) status_id: CheckStatus,
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) status_details: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) desc: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) standards: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) requirements: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) control_parameters: Vec<Parameter>,
}

impl Compliance {
    /// A control of which nothing but the id is known.
    pub(super) fn new(control: &str, status: CheckStatus, detail: &str) -> Compliance {
        Compliance {
            control: sanitized(control).into_owned(),
            status_id: status,
            status: status.word(),
            status_details: text(Some(detail)).into_iter().collect(),
            desc: None,
            standards: Vec::new(),
            requirements: Vec::new(),
            control_parameters: Vec::new(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Serialize)]
pub(super) struct Remediation {
    desc: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<String>,
}

impl Remediation {
    pub(super) fn of(desc: &str, links: &[String]) -> Option<Remediation> {
        let references = links.iter().filter_map(|link| text(Some(link))).collect();
        text(Some(desc)).map(|desc| Remediation { desc, references })
    }
}

#[derive(Serialize)]
pub(super) struct Resource {
    pub(super) uid: String,
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<String>,
}

impl Resource {
    pub(super) fn named(uid: &str, name: &str) -> Resource {
        let [uid, name] = [uid, name].map(|text| sanitized(text).into_owned());
        Resource { uid, name, kind: "AWS::Cognito::UserPool", region: None }
    }
}

#[derive(Serialize)]
pub(super) struct EvidenceShape {
    data: Data,
}

#[derive(Serialize)]
struct Data {
    path: String,
    actual: Option<Json>,
    expected: String,
    default: bool,
}

impl EvidenceShape {
    pub(super) fn of(path: &str, actual: Option<Json>, expected: &str, default: bool) -> EvidenceShape {
        EvidenceShape { data: Data { path: path.to_owned(), actual, expected: expected.to_owned(), default } }
    }
}
