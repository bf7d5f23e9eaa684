//! The calls that write a pool: the part of the document that each writes, and its effect on what it leaves out.
//!
//! An update of a pool follows the facts of each member, which [`Node`] has: measurements contradict the documentation
//! of `UpdateUserPool`, which resets everything that is left out.

use super::{Node, NodeId, Schema};

/// The effect of an update that leaves a member out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The member keeps its value.
    Kept,
    /// The member has its default again.
    Reset,
}

impl LeftOut {
    pub(super) fn parse(word: &str) -> Option<LeftOut> {
        match word {
            "kept" => Some(LeftOut::Kept),
            "reset" => Some(LeftOut::Reset),
            _ => None,
        }
    }
}

/// The service whose call it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    Cognito,
    Waf,
}

impl Service {
    /// The event source of its records in CloudTrail.
    pub fn event_source(self) -> &'static str {
        match self {
            Service::Cognito => "cognito-idp.amazonaws.com",
            Service::Waf => "wafv2.amazonaws.com",
        }
    }
}

/// The kind of change that a call makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It sets members of a structure.
    Update,
    /// It makes an element of a list, or the pool.
    Create,
    /// It removes an element of a list, the pool, or a structure.
    Delete,
    /// It sets keys of a map.
    Tag,
    /// It removes keys of a map.
    Untag,
    /// It adds elements to a list.
    Add,
    /// It changes something, and its record does not say which value is set.
    Unclear,
}

/// The effect on members that the request of a call leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    Kept,
    Reset,
    /// Each member has its own effect: `left_out` of its node.
    OfMember,
    /// The documentation says that they are reset, and nobody has measured it.
    Documented,
    Unknown,
}

/// A call that writes a part of the pool document.
#[derive(Debug)]
pub struct Write {
    /// The operation, which is the name of the event in CloudTrail.
    pub name: &'static str,
    pub service: Service,
    pub act: Act,
    /// The path of the structure, element or list that it writes; empty for the pool itself.
    pub at: &'static str,
    /// The parameter that names the element.
    pub key: Option<&'static str>,
    pub missing: Missing,
    /// The member of the response that has the whole structure as it is after the call.
    pub answer: Option<&'static str>,
    /// Whether it sets the date of the last modification of the pool or the element. Unknown counts as no.
    pub dates: bool,
}

const fn write(name: &'static str, act: Act, at: &'static str, missing: Missing) -> Write {
    Write { name, service: Service::Cognito, act, at, key: None, missing, answer: None, dates: false }
}

impl Write {
    const fn of(self, key: &'static str) -> Write {
        Write { key: Some(key), ..self }
    }

    const fn answered(self, answer: &'static str) -> Write {
        Write { answer: Some(answer), ..self }
    }

    const fn dated(self) -> Write {
        Write { dates: true, ..self }
    }

    const fn of_waf(self) -> Write {
        Write { service: Service::Waf, ..self }
    }
}

const NOTHING: Missing = Missing::Kept;

/// Every call that writes a part of the pool document.
pub const WRITES: &[Write] = &[
    write("CreateUserPool", Act::Create, "", NOTHING).answered("UserPool").dated(),
    write("UpdateUserPool", Act::Update, "", Missing::OfMember).dated(),
    write("DeleteUserPool", Act::Delete, "", NOTHING),
    write("SetUserPoolMfaConfig", Act::Update, "MfaConfig", Missing::Reset),
    write("SetRiskConfiguration", Act::Update, "RiskConfiguration", Missing::Reset),
    write("SetRiskConfiguration", Act::Update, "Clients[].RiskConfiguration", Missing::Reset).of("ClientId"),
    write("SetLogDeliveryConfiguration", Act::Update, "LogDelivery", Missing::Reset),
    write("SetUserPoolSessionConfiguration", Act::Update, "SessionConfiguration", Missing::Reset),
    write("AddCustomAttributes", Act::Add, "SchemaAttributes", NOTHING).of("CustomAttributes"),
    write("TagResource", Act::Tag, "UserPoolTags", NOTHING).of("Tags"),
    write("UntagResource", Act::Untag, "UserPoolTags", NOTHING).of("TagKeys"),
    write("CreateUserPoolClient", Act::Create, "Clients[]", NOTHING)
        .of("ClientId")
        .answered("UserPoolClient")
        .dated(),
    write("UpdateUserPoolClient", Act::Update, "Clients[]", Missing::Documented)
        .of("ClientId")
        .answered("UserPoolClient")
        .dated(),
    write("DeleteUserPoolClient", Act::Delete, "Clients[]", NOTHING).of("ClientId"),
    write("AddUserPoolClientSecret", Act::Unclear, "Clients[].ClientSecrets", NOTHING).of("ClientId"),
    write("DeleteUserPoolClientSecret", Act::Unclear, "Clients[].ClientSecrets", NOTHING).of("ClientId"),
    write(
        "SetUserPoolClientSessionConfiguration",
        Act::Update,
        "Clients[].SessionConfiguration",
        Missing::Reset,
    )
    .of("ClientId"),
    write("CreateManagedLoginBranding", Act::Unclear, "Clients[].ManagedLoginBranding", NOTHING)
        .of("ClientId"),
    write("UpdateManagedLoginBranding", Act::Unclear, "Clients[].ManagedLoginBranding", NOTHING),
    write("DeleteManagedLoginBranding", Act::Unclear, "Clients[].ManagedLoginBranding", NOTHING),
    write("CreateIdentityProvider", Act::Create, "IdentityProviders[]", NOTHING).of("ProviderName").dated(),
    write("UpdateIdentityProvider", Act::Update, "IdentityProviders[]", Missing::Unknown)
        .of("ProviderName")
        .dated(),
    write("DeleteIdentityProvider", Act::Delete, "IdentityProviders[]", NOTHING).of("ProviderName"),
    write("CreateResourceServer", Act::Create, "ResourceServers[]", NOTHING).of("Identifier"),
    write("UpdateResourceServer", Act::Update, "ResourceServers[]", Missing::Documented).of("Identifier"),
    write("DeleteResourceServer", Act::Delete, "ResourceServers[]", NOTHING).of("Identifier"),
    write("CreateGroup", Act::Create, "Groups[]", NOTHING).of("GroupName").dated(),
    write("UpdateGroup", Act::Update, "Groups[]", Missing::Kept).of("GroupName"),
    write("DeleteGroup", Act::Delete, "Groups[]", NOTHING).of("GroupName"),
    write("CreateUserPoolDomain", Act::Create, "Domains[]", NOTHING).of("Domain"),
    write("UpdateUserPoolDomain", Act::Update, "Domains[]", Missing::Unknown).of("Domain"),
    write("DeleteUserPoolDomain", Act::Delete, "Domains[]", NOTHING).of("Domain"),
    write("CreateUserPoolDomain", Act::Unclear, "Domain", NOTHING),
    write("DeleteUserPoolDomain", Act::Unclear, "Domain", NOTHING),
    write("CreateUserPoolDomain", Act::Unclear, "CustomDomain", NOTHING),
    write("DeleteUserPoolDomain", Act::Unclear, "CustomDomain", NOTHING),
    write("CreateUserPoolReplica", Act::Unclear, "Replicas", NOTHING),
    write("UpdateUserPoolReplica", Act::Unclear, "Replicas", NOTHING),
    write("DeleteUserPoolReplica", Act::Unclear, "Replicas", NOTHING),
    write("CreateTerms", Act::Unclear, "Terms", NOTHING),
    write("UpdateTerms", Act::Unclear, "Terms", NOTHING),
    write("DeleteTerms", Act::Unclear, "Terms", NOTHING),
    write("AssociateWebACL", Act::Unclear, "WebACL", NOTHING).of_waf(),
    write("DisassociateWebACL", Act::Delete, "WebACL", NOTHING).of_waf(),
];

/// Calls that write, and nothing of the pool document: users, imports, and pages that the document does not have.
pub const OTHER_WRITES: &[&str] =
    &["CreateUserImportJob", "SetUICustomization", "UpdateAuthEventFeedback", "UpdateProvisionedLimit"];

/// How the names of calls that write begin. Those of users begin with `Admin`, or take no pool.
pub const WRITING: [&str; 9] =
    ["Add", "Associate", "Create", "Delete", "Disassociate", "Set", "Tag", "Untag", "Update"];

impl Schema {
    /// The calls that can have changed the value of a path. Empty if only the service sets it, or if it is set for
    /// good when the pool is made.
    pub fn writes_of(&self, id: NodeId) -> Vec<&'static Write> {
        let mut writes: Vec<&'static Write> = Vec::new();
        for id in self.with_twins(id) {
            let deepest = self.above(id).find_map(|above| {
                let path = &self.node(above).path;
                let here: Vec<_> =
                    WRITES.iter().filter(|write| !write.at.is_empty() && write.at == *path).collect();
                (!here.is_empty()).then_some(here)
            });
            writes.extend(deepest.into_iter().flatten());
            if self.is_updated(id) {
                writes.extend(WRITES.iter().filter(|write| write.at.is_empty() && write.act == Act::Update));
            }
        }
        let mut seen = Vec::new();
        writes.retain(|write| {
            let new = !seen.contains(&(write.name, write.at));
            seen.push((write.name, write.at));
            new
        });
        writes
    }

    /// Whether `UpdateUserPool` sets a path.
    fn is_updated(&self, id: NodeId) -> bool {
        let top = self.above(id).last().map(|top| self.node(top));
        top.is_some_and(|top: &Node| top.path == "Name" || top.set_by.as_deref() == Some("UpdateUserPool"))
    }

    /// A path and the same place under its other names.
    pub fn with_twins(&self, id: NodeId) -> Vec<NodeId> {
        let mut all = vec![id];
        for mirror in self.mirrors() {
            for (own, other) in [(mirror.copy, mirror.original), (mirror.original, mirror.copy)] {
                let twin = self.is_inside(id, own).then(|| {
                    let rest = self.node(id).path[self.node(own).path.len()..].to_owned();
                    self.find(&format!("{}{rest}", self.node(other).path))
                });
                all.extend(twin.flatten());
            }
        }
        all.dedup();
        all
    }

    /// A node and those around it, without the pool itself.
    pub fn above(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let up = |id: &NodeId| (*id != NodeId::ROOT).then(|| self.node(*id).parent);
        std::iter::successors(Some(id), up).filter(|id| *id != NodeId::ROOT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::schema;

    #[test]
    fn every_write_is_at_a_path_of_the_schema() {
        for write in WRITES {
            assert!(schema().find(write.at).is_some(), "{} writes `{}`", write.name, write.at);
        }
    }

    /// The members without a call are those that are set for good when the pool is made.
    #[test]
    fn every_member_that_drifts_has_its_calls() {
        let mut without = Vec::new();
        for (id, node) in schema().nodes().skip(1) {
            let writes = schema().writes_of(node.element.unwrap_or(id));
            if node.drifts() && writes.is_empty() && !node.path.contains(['[', '.', '{']) {
                without.push(node.path.as_ref());
            }
        }
        assert_eq!(without, ["Id", "AliasAttributes", "UsernameAttributes", "UsernameConfiguration", "Arn"]);
    }

    #[test]
    fn a_path_has_the_calls_of_its_section_and_of_its_other_name() {
        let names = |path: &str| -> Vec<&str> {
            let id = schema().find(path).unwrap();
            schema().writes_of(id).iter().map(|write| write.name).collect()
        };
        assert_eq!(names("DeletionProtection"), ["UpdateUserPool"]);
        assert_eq!(names("MfaConfiguration"), ["UpdateUserPool", "SetUserPoolMfaConfig"]);
        assert_eq!(names("SmsConfiguration.SnsCallerArn"), ["UpdateUserPool", "SetUserPoolMfaConfig"]);
        assert_eq!(names("MfaConfig.SoftwareTokenMfaConfiguration.Enabled"), ["SetUserPoolMfaConfig"]);
        assert_eq!(names("UserPoolTags{}"), ["TagResource", "UntagResource", "UpdateUserPool"]);
        assert_eq!(
            names("Clients[].RiskConfiguration.CompromisedCredentialsRiskConfiguration"),
            ["SetRiskConfiguration"]
        );
        let of_client = ["CreateUserPoolClient", "UpdateUserPoolClient", "DeleteUserPoolClient"];
        assert_eq!(names("Clients[].CallbackURLs"), of_client);
    }
}
