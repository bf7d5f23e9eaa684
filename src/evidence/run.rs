//! The parts of a pack beside its pools: how they were judged, and the texts of the policy.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::RUN;
use super::unzip::{Fault, is_plain};
use crate::value::{Value, json_error};

/// The version of the format.
const VERSION: u32 = 1;

/// The configuration, and the members that it adds to the schema.
pub(super) const CONFIGURED: &str = "policy/cognito-lint.toml";
pub(super) const ADDED: &str = "policy/members.toml";

/// The beginnings that the names of texts have, by what the texts are: one that passes for a text of the program is
/// compared with that.
const RULES: [&str; 2] = ["policy/builtin/", "policy/rules/"];
const PACKS: [&str; 1] = ["policy/builtin/packs/"];
const WAIVERS: [&str; 1] = ["policy/waivers/"];
const CONFIGURATION: [&str; 1] = [CONFIGURED];
const MEMBERS: [&str; 1] = [ADDED];

/// The parts of a pack that its documents are made of, beside the pools.
#[derive(Clone, Debug)]
pub struct Pack {
    pub(super) run: RunShape,
    /// The texts of the policy, by the names of their members.
    pub(super) texts: BTreeMap<String, String>,
}

/// The pools that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// They were read from AWS for the pack, not from files.
    pub live: bool,
    pub all_regions: bool,
    /// The named Regions; none: that of the environment or the profile.
    pub regions: Vec<String>,
    /// The patterns on pools; none: all pools.
    pub pools: Vec<String>,
}

/// The member `run.json`. The names of its members are the format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RunShape {
    pub evidence: u32,
    /// The version of the program that wrote it.
    pub tool: String,
    /// The time that rules about age and waivers go by.
    pub judged: String,
    pub selection: Selection,
    pub policy: PolicyShape,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyShape {
    pub digest: String,
    /// The rules in the order in which they were chosen.
    pub rules: Vec<RuleShape>,
    /// The files of the packs whose changes hold, in their order.
    pub packs: Vec<String>,
    /// The packs whose controls are judged.
    pub standards: Vec<String>,
    /// The rules that the command line turned off.
    pub off: Vec<String>,
    /// The command line chose the rules, so the configuration may change others.
    pub rules_of_command_line: bool,
    pub configuration: Option<String>,
    pub members: Option<String>,
    pub waivers: Vec<String>,
    pub no_waivers: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleShape {
    pub id: String,
    pub file: String,
}

impl RunShape {
    pub(super) fn new(judged: i64, selection: Selection, policy: PolicyShape) -> RunShape {
        let tool = env!("CARGO_PKG_VERSION").to_owned();
        RunShape { evidence: VERSION, tool, judged: Value::Time(judged).to_string(), selection, policy }
    }
}

impl PolicyShape {
    /// The texts that it names, each with the beginnings that its name may have.
    fn files(&self) -> Vec<(&str, &'static [&'static str])> {
        let mut files: Vec<(&str, &'static [&'static str])> = Vec::new();
        files.extend(self.rules.iter().map(|rule| (rule.file.as_str(), &RULES[..])));
        files.extend(self.packs.iter().map(|name| (name.as_str(), &PACKS[..])));
        files.extend(self.waivers.iter().map(|name| (name.as_str(), &WAIVERS[..])));
        files.extend(self.configuration.iter().map(|name| (name.as_str(), &CONFIGURATION[..])));
        files.extend(self.members.iter().map(|name| (name.as_str(), &MEMBERS[..])));
        files
    }
}

impl Pack {
    /// Reads `run.json`, with the names of the texts that it needs.
    pub(super) fn read(text: &str) -> Result<(RunShape, Vec<String>), Fault> {
        let unreadable =
            |error: serde_json::Error| Fault(format!("{RUN} cannot be read: {}", json_error(&error)));
        let json: serde_json::Value = serde_json::from_str(text).map_err(unreadable)?;
        match json.get("evidence").and_then(serde_json::Value::as_u64) {
            Some(version) if version == u64::from(VERSION) => {}
            Some(version) => {
                return Err(Fault(format!(
                    "it is a pack of format {version}, and this version reads format {VERSION}"
                )));
            }
            None => return Err(Fault(format!("{RUN} does not say which format the pack has"))),
        }
        let run: RunShape = serde_json::from_value(json).map_err(unreadable)?;
        if Value::parse_time(&run.judged).is_none_or(|time| Value::Time(time).to_string() != run.judged) {
            return Err(Fault(format!("{RUN} does not say when the pools were judged")));
        }
        let files = run.policy.files();
        let mut names: Vec<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
        names.sort();
        names.dedup();
        let is_part = |name: &str, places: &[&str]| {
            is_plain(name) && places.iter().any(|place| name.starts_with(place))
        };
        match files.iter().find(|(name, places)| !is_part(name, places)) {
            Some((name, _)) => Err(Fault(format!("{RUN} names {name:?}, which is not a part of the policy"))),
            None => Ok((run, names)),
        }
    }

    /// The time that was judged by, in milliseconds since 1970.
    pub fn judged(&self) -> i64 {
        Value::parse_time(&self.run.judged).unwrap_or_default()
    }

    /// The same in RFC 3339.
    pub fn time(&self) -> String {
        Value::Time(self.judged()).to_string()
    }

    /// The version of the program that wrote the pack.
    pub fn tool(&self) -> &str {
        &self.run.tool
    }

    pub fn selection(&self) -> &Selection {
        &self.run.selection
    }

    /// Whether this program is of the version that wrote the pack.
    pub fn is_of_this_version(&self) -> bool {
        self.run.tool == env!("CARGO_PKG_VERSION")
    }

    pub fn digest(&self) -> &str {
        &self.run.policy.digest
    }
}
