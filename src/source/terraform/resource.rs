//! The resources that hold parts of pools, from whichever kind of file.

use std::ops::Range;

use serde_json::Value as Json;

use super::address::{Part, modules};
use super::arguments::mapping;
use super::file::{Change, Instance, RawState, ResourceChange, ShowJson, ValuesModule, is_managed};
use super::tree::{Marks, Node, Tree, marks};
use super::{flat, sensitive};
use crate::pool::{Lifecycle, Section};
use crate::source::declared::{Holder, Mapping};
use crate::source::text::place;

/// A resource that holds a pool or a part of one.
#[derive(Debug)]
pub(super) struct Resource {
    /// `module.auth.aws_cognito_user_pool.main[0]`.
    pub address: String,
    /// The modules around it.
    pub modules: Vec<Part>,
    /// The API's names of its arguments.
    pub mapping: &'static Mapping,
    pub name: String,
    /// The key of `count` or `for_each`.
    pub key: Option<String>,
    pub fate: Fate,
    /// Its value after the plan, or its former value if it is destroyed.
    pub tree: Tree,
    pub before: Option<Tree>,
    /// The value in the state before others changed it, if they did.
    pub recorded: Option<Tree>,
    pub unknown: Json,
    pub sensitive: Json,
    pub before_sensitive: Json,
    /// Where a plan says what becomes of it; `None` in a state.
    pub action_at: Option<Range<usize>>,
    /// The arguments that force it to be replaced.
    pub forced: Vec<String>,
    /// The settings of the configuration. `None` if the file has no configuration.
    pub written: Option<Json>,
    /// Members that are left out are unknown, rather than unset.
    pub silent: bool,
    /// The provider may add tags of its own.
    pub default_tags: bool,
    /// The Region of the provider, where there is only one.
    pub region: Option<String>,
}

/// The change of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is made new.
    Made,
    /// It is there, and stays as it is or is changed.
    RawState,
    Changed,
    Replaced,
    Destroyed,
    /// It stays, and Terraform does not look after it any more.
    Forgotten,
    /// An apply that did not finish left it in the state beside its successor; the next one deletes it.
    Deposed,
}

impl Resource {
    /// Its value and its marks.
    pub(super) fn unknown(&self) -> Marks<'_> {
        Marks(Some(&self.unknown))
    }

    pub(super) fn sensitive(&self) -> Marks<'_> {
        Marks(Some(&self.sensitive))
    }

    /// Whether there is, after the plan, a resource to be judged.
    pub(super) fn stays(&self) -> bool {
        !matches!(self.fate, Fate::Destroyed | Fate::Forgotten | Fate::Deposed)
    }

    /// Whether it is a pool, and no part of one.
    pub(super) fn is_pool(&self) -> bool {
        self.mapping.is_pool()
    }

    pub(super) fn is_client(&self) -> bool {
        self.mapping.section == Section::Clients
    }

    /// Its lifecycle.
    pub(super) fn lifecycle(&self) -> Lifecycle {
        match self.fate {
            Fate::Made if self.mapping.adopts => Lifecycle::Adopted,
            Fate::Made | Fate::Replaced => Lifecycle::Created,
            Fate::Changed => Lifecycle::Updated,
            Fate::RawState | Fate::Destroyed | Fate::Forgotten | Fate::Deposed => Lifecycle::Stated,
        }
    }

    /// The resource as the last apply left it; `None` for a new one, and for one that no plan is about.
    pub(super) fn prior(&self) -> Option<Resource> {
        let tree = match (&self.recorded, self.stays()) {
            (Some(recorded), _) => recorded.clone(),
            (None, true) => self.before.clone()?,
            (None, false) => self.tree.clone(),
        };
        Some(Resource {
            sensitive: self.before_sensitive.clone(),
            default_tags: self.default_tags,
            region: self.region.clone(),
            ..Resource::new(self.address.clone(), self.mapping, &self.name, tree)
        })
    }

    /// Whether it will be there and has no id yet, so that what names it is unknown until then.
    pub(super) fn is_nameless(&self) -> bool {
        self.stays() && self.text("id").is_none()
    }

    /// The text of an argument, where it is known.
    pub(super) fn text(&self, argument: &str) -> Option<&str> {
        self.tree.get(argument).and_then(Tree::as_str).filter(|text| !text.is_empty())
    }

    /// It as findings name and show it.
    pub(super) fn declared(&self) -> Holder {
        let arguments = ["name", "provider_name", "domain", "identifier", "event_source"];
        let named = arguments.iter().find_map(|name| self.tree.get(name)).filter(|tree| !tree.is_unset());
        let whole = self.tree.at.clone();
        let start = whole.start..(whole.start + 1).min(whole.end);
        Holder {
            address: self.address.clone(),
            construct: None,
            at: named.map_or(start, |tree| tree.at.clone()),
            whole,
            text: None,
            calls: Vec::new(),
            origins: Vec::new(),
            mapping: Some(self.mapping),
        }
    }

    fn new(address: String, mapping: &'static Mapping, name: &str, tree: Tree) -> Resource {
        let mut parts = super::address::parts(&address);
        Resource {
            modules: modules(&address),
            key: parts.pop().and_then(|part| part.key),
            mapping,
            name: name.to_owned(),
            fate: Fate::RawState,
            tree,
            before: None,
            recorded: None,
            unknown: Json::Null,
            sensitive: Json::Null,
            before_sensitive: Json::Null,
            action_at: None,
            forced: Vec::new(),
            written: None,
            silent: false,
            default_tags: true,
            region: None,
            address,
        }
    }
}

/// The arguments of a resource of a file, where it is looked at.
fn wanted(mode: Option<&str>, kind: &str) -> Option<&'static Mapping> {
    mapping(kind).filter(|_| is_managed(mode))
}

/// The resources of what `terraform show -json` printed.
pub(super) fn of_shown(text: &str, shown: &ShowJson<'_>) -> Result<Vec<Resource>, serde_json::Error> {
    let mut resources = Vec::new();
    if let Some(changes) = &shown.resource_changes {
        for change in changes {
            if let Some(mapping) = wanted(change.mode.as_deref(), &change.kind) {
                let of: Change<'_> = serde_json::from_str(change.change.get())?;
                resources.push(of_change(text, mapping, change, &of)?);
            }
        }
        return Ok(resources);
    }
    if let Some((root, planned)) = shown.without_changes() {
        of_module(text, root, planned, &mut resources)?;
    }
    Ok(resources)
}

/// The resources that others changed since the last apply: `before` is what the state had, and the rest what is there.
pub(super) fn of_drift(text: &str, shown: &ShowJson<'_>) -> Result<Vec<Resource>, serde_json::Error> {
    let mut resources = Vec::new();
    for change in &shown.resource_drift {
        let Some(mapping) = wanted(change.mode.as_deref(), &change.kind) else { continue };
        let of: Change<'_> = serde_json::from_str(change.change.get())?;
        resources.push(of_change(text, mapping, change, &of)?);
    }
    Ok(resources)
}

/// A resource that a file names and of which it holds nothing: Terraform writes no such file, so it was damaged.
fn lacking(address: &str, member: &str) -> serde_json::Error {
    serde::de::Error::custom(format!("{address} has no `{member}`, so nothing of it is known"))
}

fn of_change(
    text: &str,
    mapping: &'static Mapping,
    of: &ResourceChange<'_>,
    change: &Change<'_>,
) -> Result<Resource, serde_json::Error> {
    let actions: Vec<String> = serde_json::from_str(change.actions.get())?;
    let has = |action: &str| actions.iter().any(|one| one == action);
    let fate = match () {
        () if has("create") && (has("delete") || has("forget")) => Fate::Replaced,
        () if has("create") => Fate::Made,
        () if has("update") => Fate::Changed,
        () if has("delete") => Fate::Destroyed,
        () if has("forget") => Fate::Forgotten,
        () => Fate::RawState,
    };
    let read =
        |part: Option<&serde_json::value::RawValue>| part.map(|part| Tree::once(text, part)).transpose();
    let before = read(change.before)?.filter(|before| !matches!(before.node, Node::Null));
    let after = read(change.after)?.filter(|after| !matches!(after.node, Node::Null));
    let gone = matches!(fate, Fate::Destroyed | Fate::Forgotten);
    let (tree, member) = if gone { (before, "before") } else { (after, "after") };
    let tree = tree.ok_or_else(|| lacking(&of.address, member))?;
    let address = deposed_address(&of.address, of.deposed.as_deref());
    let forced = change.replace_paths.iter().flatten().map(|path| shown_path(path)).collect();
    let (sensitive, before_sensitive) = (marks(change.after_sensitive), marks(change.before_sensitive));
    Ok(Resource {
        fate,
        action_at: Some(place(text, change.actions.get())),
        before: read(change.before)?.filter(|_| !gone),
        unknown: marks(change.after_unknown),
        sensitive: if gone { before_sensitive.clone() } else { sensitive },
        before_sensitive,
        forced,
        ..Resource::new(address, mapping, &of.name, tree)
    })
}

/// The address of a resource. What an earlier apply left behind of one that it replaced has the address of that.
fn deposed_address(address: &str, deposed: Option<&str>) -> String {
    deposed.map_or_else(|| address.to_owned(), |key| format!("{address} (deposed object {key})"))
}

/// `schema[0].name` of `["schema", 0, "name"]`.
fn shown_path(path: &[Json]) -> String {
    path.iter().fold(String::new(), |shown, step| match step {
        Json::String(name) if shown.is_empty() => name.clone(),
        Json::String(name) => format!("{shown}.{name}"),
        other => format!("{shown}[{other}]"),
    })
}

fn of_module(
    text: &str,
    module: &ValuesModule<'_>,
    planned: bool,
    resources: &mut Vec<Resource>,
) -> Result<(), serde_json::Error> {
    for resource in &module.resources {
        let Some(mapping) = wanted(resource.mode.as_deref(), &resource.kind) else {
            continue;
        };
        let values = resource.values.ok_or_else(|| lacking(&resource.address, "values"))?;
        let tree = Tree::once(text, values)?;
        let deposed = resource.deposed_key.as_deref();
        let address = deposed_address(&resource.address, deposed);
        resources.push(Resource {
            // Whether it is made or there already is not said here; what is known of it is judged the same.
            fate: match deposed {
                Some(_) => Fate::Deposed,
                None if planned => Fate::Made,
                None => Fate::RawState,
            },
            sensitive: marks(resource.sensitive_values),
            silent: planned,
            ..Resource::new(address, mapping, &resource.name, tree)
        });
    }
    for inner in &module.child_modules {
        of_module(text, inner, planned, resources)?;
    }
    Ok(())
}

/// The resources of a state as it is kept.
pub(super) fn of_kept(text: &str, kept: &RawState<'_>) -> Result<Vec<Resource>, serde_json::Error> {
    let mut resources = Vec::new();
    for resource in &kept.resources {
        let Some(mapping) = wanted(resource.mode.as_deref(), &resource.kind) else {
            continue;
        };
        let instances: Vec<Instance<'_>> = serde_json::from_str(resource.instances.get())?;
        for instance in &instances {
            let module = resource.module.as_ref().map_or(String::new(), |module| format!("{module}."));
            let key = instance.index_key.as_ref().map_or(String::new(), |key| format!("[{key}]"));
            let address = format!("{module}{}.{}{key}", resource.kind, resource.name);
            let tree = match (instance.attributes, instance.attributes_flat) {
                (Some(attributes), _) if attributes.get() != "null" => Tree::once(text, attributes)?,
                (_, Some(flat)) => flat::read(text, flat),
                (_, None) => return Err(lacking(&address, "attributes")),
            };
            let deposed = instance.deposed.as_deref();
            let address = deposed_address(&address, deposed);
            resources.push(Resource {
                fate: if deposed.is_some() { Fate::Deposed } else { Fate::RawState },
                sensitive: sensitive::marks_of(instance.sensitive_attributes.as_ref()),
                ..Resource::new(address, mapping, &resource.name, tree)
            });
        }
    }
    Ok(resources)
}
