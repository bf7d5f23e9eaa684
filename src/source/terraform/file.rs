//! The shapes of the files: a plan and a state as `terraform show -json` prints them, and a state as it is kept.
//!
//! One pass reads a file; what other resources hold is passed over and only what is looked at is read on.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::listed::{Listed, Typed};

/// The output of `terraform show -json`, of a plan or of a state.
#[derive(Deserialize)]
pub(super) struct ShowJson<'t> {
    /// `plan_format_version` where `terraform test -json` shows a plan.
    #[serde(borrow, alias = "plan_format_version")]
    pub format_version: Cow<'t, str>,
    #[serde(borrow)]
    pub resource_changes: Option<Listed<ResourceChange<'t>>>,
    /// The changes of others since the last apply: before, as the state had it, and after, as it is.
    #[serde(borrow, default)]
    pub resource_drift: Listed<ResourceChange<'t>>,
    /// Looked at where a plan has no changes, as one that was cut down.
    #[serde(borrow)]
    pub planned_values: Option<Values<'t>>,
    #[serde(borrow)]
    pub values: Option<Values<'t>>,
    /// The state that a plan starts from, refreshed. A refresh-only plan has no changes and leads to just this.
    #[serde(borrow)]
    pub prior_state: Option<PriorState<'t>>,
    #[serde(borrow)]
    pub configuration: Option<Configuration<'t>>,
    /// The attributes that contribute to changes.
    #[serde(borrow, default)]
    pub relevant_attributes: Vec<RelevantAttribute<'t>>,
    pub complete: Option<bool>,
    pub errored: Option<bool>,
}

impl<'t> ShowJson<'t> {
    /// The values of a file that lists no changes, and whether they are planned: a state, a plan that was cut down, and
    /// a refresh-only plan, which leads to what is there.
    pub(super) fn without_changes(&self) -> Option<(&ValuesModule<'t>, bool)> {
        fn root<'v, 't>(values: Option<&'v Values<'t>>) -> Option<&'v ValuesModule<'t>> {
            let root = values?.root_module.as_ref()?;
            let is_empty = root.resources.is_empty() && root.child_modules.is_empty();
            (!is_empty).then_some(root)
        }
        if self.resource_changes.is_some() {
            return None;
        }
        let planned = root(self.planned_values.as_ref()).map(|root| (root, true));
        let refreshed = self.prior_state.as_ref().and_then(|prior| prior.values.as_ref());
        planned.or_else(|| Some((root(self.values.as_ref().or(refreshed))?, false)))
    }
}

/// An attribute that contributes to changes.
#[derive(Deserialize)]
pub(super) struct RelevantAttribute<'t> {
    #[serde(borrow)]
    pub resource: Cow<'t, str>,
    #[serde(default)]
    pub attribute: Vec<serde_json::Value>,
}

/// The modes of what a file has beside the resources that Terraform makes. Source: "Representing Values" of Terraform's
/// "JSON Output Format", and its later blocks.
const NOT_MADE: [&str; 3] = ["data", "ephemeral", "list"];

/// Whether Terraform makes a resource of a mode. One of another word is judged: a pool must not be left out for it.
pub(super) fn is_managed(mode: Option<&str>) -> bool {
    mode.is_none_or(|mode| !NOT_MADE.contains(&mode))
}

/// One resource of a plan, and what becomes of it.
#[derive(Deserialize)]
pub(super) struct ResourceChange<'t> {
    #[serde(borrow)]
    pub address: Cow<'t, str>,
    #[serde(borrow)]
    pub mode: Option<Cow<'t, str>>,
    #[serde(borrow, rename = "type")]
    pub kind: Cow<'t, str>,
    #[serde(borrow)]
    pub name: Cow<'t, str>,
    #[serde(borrow)]
    pub deposed: Option<Cow<'t, str>>,
    #[serde(borrow)]
    pub change: &'t RawValue,
}

/// The change of a resource.
#[derive(Deserialize)]
pub(super) struct Change<'t> {
    #[serde(borrow)]
    pub actions: &'t RawValue,
    #[serde(borrow)]
    pub before: Option<&'t RawValue>,
    #[serde(borrow)]
    pub after: Option<&'t RawValue>,
    #[serde(borrow)]
    pub after_unknown: Option<&'t RawValue>,
    #[serde(borrow)]
    pub before_sensitive: Option<&'t RawValue>,
    #[serde(borrow)]
    pub after_sensitive: Option<&'t RawValue>,
    #[serde(default)]
    pub replace_paths: Option<Vec<Vec<serde_json::Value>>>,
}

/// The values of a state, or those that a plan leads to.
#[derive(Deserialize)]
pub(super) struct Values<'t> {
    #[serde(borrow)]
    pub root_module: Option<ValuesModule<'t>>,
}

/// The state that a plan starts from.
#[derive(Deserialize)]
pub(super) struct PriorState<'t> {
    #[serde(borrow)]
    pub values: Option<Values<'t>>,
}

/// A module and those in it.
#[derive(Deserialize)]
pub(super) struct ValuesModule<'t> {
    #[serde(borrow, default)]
    pub resources: Listed<ValuesResource<'t>>,
    #[serde(borrow, default)]
    pub child_modules: Vec<ValuesModule<'t>>,
}

/// One resource with its values.
#[derive(Deserialize)]
pub(super) struct ValuesResource<'t> {
    #[serde(borrow)]
    pub address: Cow<'t, str>,
    #[serde(borrow)]
    pub mode: Option<Cow<'t, str>>,
    #[serde(borrow, rename = "type")]
    pub kind: Cow<'t, str>,
    #[serde(borrow)]
    pub name: Cow<'t, str>,
    #[serde(borrow)]
    pub deposed_key: Option<Cow<'t, str>>,
    #[serde(borrow)]
    pub values: Option<&'t RawValue>,
    #[serde(borrow)]
    pub sensitive_values: Option<&'t RawValue>,
}

/// The configuration that a plan was made from.
#[derive(Deserialize)]
pub(super) struct Configuration<'t> {
    #[serde(borrow, default)]
    pub provider_config: BTreeMap<Cow<'t, str>, Provider<'t>>,
    #[serde(borrow)]
    pub root_module: Option<Module<'t>>,
}

/// A provider as it is set up.
#[derive(Deserialize)]
pub(super) struct Provider<'t> {
    #[serde(borrow)]
    pub name: Option<Cow<'t, str>>,
    #[serde(borrow)]
    pub full_name: Option<Cow<'t, str>>,
    #[serde(borrow)]
    pub expressions: Option<&'t RawValue>,
}

/// A module of the configuration.
#[derive(Default, Deserialize)]
pub(super) struct Module<'t> {
    #[serde(borrow, default)]
    pub resources: Vec<Configured<'t>>,
    #[serde(borrow, default, rename = "module_calls")]
    pub calls: BTreeMap<Cow<'t, str>, Call<'t>>,
    #[serde(borrow, default)]
    pub outputs: BTreeMap<Cow<'t, str>, Output<'t>>,
}

/// A resource as it is written.
#[derive(Deserialize)]
pub(super) struct Configured<'t> {
    #[serde(borrow)]
    pub mode: Option<Cow<'t, str>>,
    #[serde(borrow, rename = "type")]
    pub kind: Cow<'t, str>,
    #[serde(borrow)]
    pub name: Cow<'t, str>,
    /// The provider that it goes by: `aws`, `aws.eu`, `module.auth:aws`.
    #[serde(borrow)]
    pub provider_config_key: Option<Cow<'t, str>>,
    #[serde(borrow)]
    pub expressions: Option<&'t RawValue>,
    #[serde(borrow)]
    pub for_each_expression: Option<&'t RawValue>,
}

impl Configured<'_> {
    /// The expressions of its arguments by their names.
    pub(super) fn arguments(&self) -> Option<serde_json::Value> {
        serde_json::from_str(self.expressions?.get()).ok()
    }
}

/// A module as it is called.
#[derive(Deserialize)]
pub(super) struct Call<'t> {
    #[serde(borrow)]
    pub expressions: Option<&'t RawValue>,
    #[serde(borrow)]
    pub for_each_expression: Option<&'t RawValue>,
    #[serde(borrow, default)]
    pub module: Module<'t>,
}

/// An output of a module.
#[derive(Deserialize)]
pub(super) struct Output<'t> {
    #[serde(borrow)]
    pub expression: Option<&'t RawValue>,
}

/// A state as Terraform keeps it.
#[derive(Deserialize)]
pub(super) struct RawState<'t> {
    #[serde(borrow, default)]
    pub resources: Listed<RawResource<'t>>,
}

/// A resource of it, with all that `count` or `for_each` make of it.
#[derive(Deserialize)]
pub(super) struct RawResource<'t> {
    #[serde(borrow)]
    pub module: Option<Cow<'t, str>>,
    #[serde(borrow)]
    pub mode: Option<Cow<'t, str>>,
    #[serde(borrow, rename = "type")]
    pub kind: Cow<'t, str>,
    #[serde(borrow)]
    pub name: Cow<'t, str>,
    #[serde(borrow)]
    pub instances: &'t RawValue,
}

/// One instance of a resource.
#[derive(Deserialize)]
pub(super) struct Instance<'t> {
    pub index_key: Option<serde_json::Value>,
    #[serde(borrow)]
    pub deposed: Option<Cow<'t, str>>,
    #[serde(borrow)]
    pub attributes: Option<&'t RawValue>,
    #[serde(borrow)]
    pub attributes_flat: Option<&'t RawValue>,
    /// Paths of steps; older versions write texts.
    #[serde(default)]
    pub sensitive_attributes: Option<serde_json::Value>,
}

impl Typed for ResourceChange<'_> {
    fn kind(&self) -> &str {
        &self.kind
    }
}

impl Typed for ValuesResource<'_> {
    fn kind(&self) -> &str {
        &self.kind
    }
}

impl Typed for RawResource<'_> {
    fn kind(&self) -> &str {
        &self.kind
    }
}
