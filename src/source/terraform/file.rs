//! The shapes of the files: a plan and a state as `terraform show -json` prints them, and a state as it is kept.
//!
//! One pass reads a file; what other resources hold is passed over and only what is looked at is read on.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

/// What `terraform show -json` prints, of a plan or of a state.
#[derive(Deserialize)]
pub(super) struct Shown<'t> {
    #[serde(borrow)]
    pub format_version: Cow<'t, str>,
    #[serde(borrow)]
    pub resource_changes: Option<Vec<ResourceChange<'t>>>,
    /// Looked at where a plan has no changes, as one that was cut down.
    #[serde(borrow)]
    pub planned_values: Option<Values<'t>>,
    #[serde(borrow)]
    pub values: Option<Values<'t>>,
    #[serde(borrow)]
    pub configuration: Option<Configuration<'t>>,
    /// What contributes to changes.
    #[serde(borrow, default)]
    pub relevant_attributes: Vec<RelevantAttribute<'t>>,
    pub complete: Option<bool>,
    pub errored: Option<bool>,
}

/// An attribute that contributes to changes.
#[derive(Deserialize)]
pub(super) struct RelevantAttribute<'t> {
    #[serde(borrow)]
    pub resource: Cow<'t, str>,
    #[serde(default)]
    pub attribute: Vec<serde_json::Value>,
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

/// What becomes of a resource.
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

/// A module and those in it.
#[derive(Deserialize)]
pub(super) struct ValuesModule<'t> {
    #[serde(borrow, default)]
    pub resources: Vec<ValuesResource<'t>>,
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

/// What a module gives to those who call it.
#[derive(Deserialize)]
pub(super) struct Output<'t> {
    #[serde(borrow)]
    pub expression: Option<&'t RawValue>,
}

/// A state as Terraform keeps it.
#[derive(Deserialize)]
pub(super) struct Kept<'t> {
    #[serde(borrow, default)]
    pub resources: Vec<KeptResource<'t>>,
}

/// A resource of it, with all that `count` or `for_each` make of it.
#[derive(Deserialize)]
pub(super) struct KeptResource<'t> {
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
