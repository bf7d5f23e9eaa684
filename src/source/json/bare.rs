//! A pool without an envelope: the members at the top of an object, and what else an object there may be.

use serde::de::MapAccess;

use super::member::{Finds, Seen, known_member, unknown_member};
use crate::pool::Projection;
use crate::schema::{NodeId, schema};
use crate::value::Map;

/// A pool without an envelope.
#[derive(Default)]
pub(super) struct Bare {
    members: Map,
    seen: Seen,
    /// The position at which the next member is looked for first.
    pub guess: usize,
}

impl Bare {
    pub(super) fn member<'de, A: MapAccess<'de>>(
        &mut self,
        position: usize,
        projection: &Projection,
        finds: &mut Finds<'de>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let root = schema().node(NodeId::ROOT);
        self.guess = position + 1;
        let value = known_member(root, position, &mut self.seen, projection, finds, map)?;
        self.members.0.extend(value.map(|value| (root.names[position].into(), value)));
        Ok(())
    }

    fn has(&self, name: &str) -> bool {
        let position = schema().node(NodeId::ROOT).position(name.as_bytes(), 0);
        position.is_some_and(|position| self.seen.given & (1 << position) != 0)
    }

    /// The first member that is there, whether it is kept or not.
    pub(super) fn first(&self) -> Option<&'static str> {
        let first = self.seen.given.trailing_zeros() as usize;
        schema().node(NodeId::ROOT).names.get(first).copied()
    }

    /// A pool has a name or an id, and more than ListUserPools tells of it.
    pub(super) fn is_pool(&self) -> bool {
        let listed = LISTED.iter().filter(|name| self.has(name)).count();
        (self.has("Id") || self.has("Name") || self.has("Arn"))
            && self.seen.given.count_ones() as usize > listed
    }

    pub(super) fn finish(
        mut self,
        foreign: Vec<(String, serde_json::Value)>,
        projection: &Projection,
        finds: &mut Finds<'_>,
    ) -> Map {
        for (name, value) in foreign {
            if METADATA.contains(&name.as_str()) {
                continue;
            }
            if projection.wants_unknown_members() && !value.is_null() {
                self.members.set(name.clone().into(), unknown_member(&name, value));
            }
            finds.unknown_members.push(name);
        }
        self.members
    }
}

/// Stands beside a pool in what SDKs print, and is no member of one.
pub(super) const METADATA: [&str; 2] = ["ResponseMetadata", "$metadata"];

/// The members of a pool in the answer of ListUserPools.
const LISTED: [&str; 6] = ["Id", "Name", "LambdaConfig", "Status", "LastModifiedDate", "CreationDate"];

/// Says what an object is that is no pool.
pub(super) fn refusal(bare: &Bare, foreign: &[(String, serde_json::Value)]) -> String {
    let has = |name: &str| foreign.iter().any(|(foreign, _)| foreign == name);
    let told = [
        ("UserPools", "this is an answer of ListUserPools, which does not say how a pool is configured"),
        ("UserPoolClient", "this is an answer of DescribeUserPoolClient, not of DescribeUserPool"),
        ("UserPoolClients", "this is an answer of ListUserPoolClients, not of DescribeUserPool"),
        ("IdentityProvider", "this is an answer of DescribeIdentityProvider, not of DescribeUserPool"),
        ("DomainDescription", "this is an answer of DescribeUserPoolDomain, not of DescribeUserPool"),
        ("@level", "this is a line of the log of `terraform plan -json`, not the plan"),
        ("resource_changes", "this is a Terraform plan, which `check` alone reads, from a file of its own"),
        ("planned_values", "this is a Terraform plan, which `check` alone reads, from a file of its own"),
        ("terraform_version", "this is a Terraform state, which `check` alone reads, from a file of its own"),
        ("Resources", "this is a CloudFormation template, which `check` alone reads"),
    ];
    if let Some((_, message)) = told.iter().find(|(name, _)| has(name)) {
        return (*message).to_owned();
    }
    if bare.has("Id") && bare.has("Name") {
        return "this is an item of ListUserPools, which does not say how a pool is configured".to_owned();
    }
    if bare.has("MfaConfiguration") || has("SmsMfaConfiguration") || has("SoftwareTokenMfaConfiguration") {
        return "this is an answer of GetUserPoolMfaConfig, not of DescribeUserPool".to_owned();
    }
    match foreign.first() {
        Some((name, _)) => {
            format!("this object is no user pool: it has `{name}`, and neither `UserPool` nor `Id`")
        }
        None => "this object is no user pool: it has neither `UserPool` nor `Id`".to_owned(),
    }
}
