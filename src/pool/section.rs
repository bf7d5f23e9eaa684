//! The sections of a pool document, each of which its own API calls fill.

use std::sync::LazyLock;

use crate::schema::{NodeId, schema};

/// The operation of AWS WAF that fills [`Section::WebAcl`]; the others are of Cognito.
pub const WEB_ACL: &str = "GetWebACLForResource";

/// A part of the pool document that one API call fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    UserPool,
    MfaConfig,
    Clients,
    /// The risk configuration of each app client. The pool has its own.
    ClientRisk,
    ClientSessions,
    /// The secrets of each app client: their number and age.
    ClientSecrets,
    ClientBranding,
    RiskConfiguration,
    LogDelivery,
    IdentityProviders,
    ResourceServers,
    Groups,
    Domains,
    WebAcl,
    SessionConfiguration,
    Replicas,
    Terms,
    Recoveries,
}

impl Section {
    /// Every section but the pool itself.
    pub const ATTACHED: [Section; 17] = [
        Section::MfaConfig,
        Section::Clients,
        Section::ClientRisk,
        Section::ClientSessions,
        Section::ClientSecrets,
        Section::ClientBranding,
        Section::RiskConfiguration,
        Section::LogDelivery,
        Section::IdentityProviders,
        Section::ResourceServers,
        Section::Groups,
        Section::Domains,
        Section::WebAcl,
        Section::SessionConfiguration,
        Section::Replicas,
        Section::Terms,
        Section::Recoveries,
    ];

    /// The sections that each app client has for itself.
    pub const OF_CLIENTS: [Section; 4] =
        [Section::ClientRisk, Section::ClientSessions, Section::ClientSecrets, Section::ClientBranding];

    /// Its member of the pool document, as the schema spells the path.
    pub fn member(self) -> &'static str {
        match self {
            Section::UserPool => "UserPool",
            Section::MfaConfig => "MfaConfig",
            Section::Clients => "Clients",
            Section::ClientRisk => "Clients[].RiskConfiguration",
            Section::ClientSessions => "Clients[].SessionConfiguration",
            Section::ClientSecrets => "Clients[].ClientSecrets",
            Section::ClientBranding => "Clients[].ManagedLoginBranding",
            Section::RiskConfiguration => "RiskConfiguration",
            Section::LogDelivery => "LogDelivery",
            Section::IdentityProviders => "IdentityProviders",
            Section::ResourceServers => "ResourceServers",
            Section::Groups => "Groups",
            Section::Domains => "Domains",
            Section::WebAcl => "WebACL",
            Section::SessionConfiguration => "SessionConfiguration",
            Section::Replicas => "Replicas",
            Section::Terms => "Terms",
            Section::Recoveries => "PointInTimeRecoveries",
        }
    }

    /// The name of its member in the structure around it.
    pub fn name(self) -> &'static str {
        self.member().rsplit('.').next().unwrap_or_default()
    }

    /// The section that a top-level member belongs to.
    pub fn of(member: &str) -> Section {
        Section::ATTACHED.into_iter().find(|section| section.member() == member).unwrap_or(Section::UserPool)
    }

    /// The operations that fill it. Empty for a section that this version cannot read.
    pub fn operations(self) -> &'static [&'static str] {
        match self {
            Section::UserPool => &["DescribeUserPool"],
            Section::MfaConfig => &["GetUserPoolMfaConfig"],
            Section::Clients => &["ListUserPoolClients", "DescribeUserPoolClient"],
            Section::ClientRisk | Section::RiskConfiguration => &["DescribeRiskConfiguration"],
            Section::LogDelivery => &["GetLogDeliveryConfiguration"],
            Section::IdentityProviders => &["ListIdentityProviders", "DescribeIdentityProvider"],
            Section::ResourceServers => &["ListResourceServers"],
            Section::Groups => &["ListGroups"],
            Section::Domains => &["DescribeUserPoolDomain"],
            Section::WebAcl => &[WEB_ACL],
            Section::ClientSessions => &["GetUserPoolClientSessionConfiguration"],
            Section::ClientSecrets => &["ListUserPoolClientSecrets"],
            Section::SessionConfiguration => &["GetUserPoolSessionConfiguration"],
            Section::Replicas => &["ListUserPoolReplicas"],
            Section::Terms => &["ListTerms"],
            Section::Recoveries => &["ListPointInTimeRecoveries", "DescribePointInTimeRecovery"],
            // Images of up to a megabyte each.
            Section::ClientBranding => &[],
        }
    }

    /// The section that an operation fills. Of one for the pool and for its clients, that of the pool.
    pub fn filled_by(operation: &str) -> Option<Section> {
        let all = [Section::UserPool, Section::RiskConfiguration].into_iter().chain(Section::ATTACHED);
        all.into_iter().find(|section| section.operations().contains(&operation))
    }

    /// The section of that member of the pool document, as the schema spells the path.
    pub fn parse(member: &str) -> Option<Section> {
        let all = [Section::UserPool].into_iter().chain(Section::ATTACHED);
        all.into_iter().find(|section| section.member() == member)
    }

    /// Whether this version can read it through the API.
    pub fn is_readable(self) -> bool {
        !self.operations().is_empty()
    }

    /// Whether snapshots hold it and comparisons look at it. Recoveries are a record of work on users and not
    /// configuration, and a pool of the feature plan Lite refuses to list them.
    pub fn is_compared(self) -> bool {
        self.is_readable() && self != Section::Recoveries
    }

    /// Its node in the schema.
    pub fn top(self) -> NodeId {
        schema().find(self.member()).unwrap_or(NodeId::ROOT)
    }

    /// The section that is rooted at a node of the schema.
    pub fn rooted_at(node: NodeId) -> Option<Section> {
        // Every absent value asks this of all that is around it.
        static ROOTED: LazyLock<Vec<Option<Section>>> = LazyLock::new(|| {
            let mut rooted = vec![None; schema().nodes().len()];
            for section in Section::ATTACHED {
                rooted[section.top().index()] = Some(section);
            }
            rooted
        });
        ROOTED.get(node.index()).copied().flatten()
    }

    /// The sections that journeys are worked out from. A test of journeys holds that they are those of its guards.
    pub const OF_JOURNEYS: [Section; 8] = [
        Section::UserPool,
        Section::MfaConfig,
        Section::Clients,
        Section::ClientRisk,
        Section::RiskConfiguration,
        Section::IdentityProviders,
        Section::Domains,
        Section::WebAcl,
    ];

    /// The sections around a node of the schema, from the inside out; all that it is worked out from, if it is.
    pub fn around(node: NodeId) -> impl Iterator<Item = Section> {
        let above = |id: &NodeId| (*id != NodeId::ROOT).then(|| schema().node(*id).parent);
        let around = || std::iter::successors(Some(node), above);
        let mut sections: Vec<Section> = around().filter_map(Section::rooted_at).collect();
        if around().any(|id| schema().node(id).inferred) {
            sections.extend(Section::OF_JOURNEYS);
        }
        if sections.is_empty() {
            sections.push(Section::UserPool);
        }
        sections.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_a_path_that_a_call_fills() {
        for section in Section::ATTACHED {
            let node = schema().nodes().find(|(_, node)| node.path == section.member());
            assert!(node.is_some_and(|(_, node)| node.operation.is_some()), "{section:?}");
        }
        let filled = schema().nodes().filter(|(_, node)| !node.path.is_empty() && node.operation.is_some());
        assert_eq!(filled.count(), Section::ATTACHED.len());
    }

    #[test]
    fn what_a_client_has_of_its_own_is_in_two_sections() {
        let (node, _) =
            schema().nodes().find(|(_, n)| n.path == "Clients[].RiskConfiguration.ClientId").unwrap();
        assert_eq!(Section::around(node).collect::<Vec<_>>(), [Section::ClientRisk, Section::Clients]);
        let (name, _) = schema().nodes().find(|(_, node)| node.path == "Name").unwrap();
        assert_eq!(Section::around(name).collect::<Vec<_>>(), [Section::UserPool]);
    }
}
