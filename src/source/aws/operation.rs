//! Which operations fill each section, and what IAM knows of them.

use std::collections::BTreeSet;

use crate::pool::Section;

/// The operations that fill a section; none for one that this version does not read.
pub(super) fn operations(section: Section) -> &'static [&'static str] {
    match section {
        Section::UserPool => &["DescribeUserPool"],
        Section::MfaConfig => &["GetUserPoolMfaConfig"],
        Section::Clients => &["ListUserPoolClients", "DescribeUserPoolClient"],
        Section::ClientRisk | Section::RiskConfiguration => &["DescribeRiskConfiguration"],
        Section::LogDelivery => &["GetLogDeliveryConfiguration"],
        Section::IdentityProviders => &["ListIdentityProviders", "DescribeIdentityProvider"],
        Section::ResourceServers => &["ListResourceServers"],
        Section::Groups => &["ListGroups"],
        Section::Domains => &["DescribeUserPoolDomain"],
        Section::ClientSessions | Section::WebAcl | Section::SessionConfiguration => &[],
    }
}

/// Whether this version reads a section at all.
pub fn is_readable(section: Section) -> bool {
    !operations(section).is_empty()
}

/// Whether a call names a pool, so that IAM can allow it for some pools alone.
pub(super) fn names_a_pool(operation: &str) -> bool {
    !matches!(operation, "ListUserPools" | "DescribeUserPoolDomain")
}

/// What must be allowed to read every pool with some sections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actions {
    /// Operations that IAM allows for everything or not at all.
    pub on_everything: BTreeSet<&'static str>,
    pub on_pools: BTreeSet<&'static str>,
}

/// The operations that reading these sections of every pool takes.
pub fn actions(sections: &BTreeSet<Section>) -> Actions {
    let needed = sections.iter().chain([&Section::UserPool]).flat_map(|section| operations(*section));
    let (on_pools, on_everything) =
        needed.chain([&"ListUserPools"]).partition(|operation| names_a_pool(operation));
    Actions { on_everything, on_pools }
}
