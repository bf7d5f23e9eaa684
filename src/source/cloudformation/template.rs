//! A template taken apart: parameters, mappings, conditions, resources.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::node::{Entry, MACRO, Node, What};
use super::parameter::{self, Parameter, Wrong};
use super::sub::{Piece, pieces};
use super::work::Work;
use crate::diagnostic::nearest;

/// The types of resources that run another template.
pub(super) const STACK: &str = "AWS::CloudFormation::Stack";
/// It runs one in several accounts and Regions.
pub(super) const STACK_SET: &str = "AWS::CloudFormation::StackSet";
pub(super) const APPLICATION: &str = "AWS::Serverless::Application";

/// The attributes of a resource beside its properties.
const ATTRIBUTES: [&str; 8] = [
    "Type",
    "Condition",
    "DependsOn",
    "Metadata",
    "CreationPolicy",
    "DeletionPolicy",
    "UpdatePolicy",
    "UpdateReplacePolicy",
];

/// The start of the name of a loop.
pub(super) const LOOP: &str = "Fn::ForEach::";

/// A template.
#[derive(Debug)]
pub(super) struct Template {
    root: Node,
    pub parameters: BTreeMap<Arc<str>, Parameter>,
    /// Pseudo parameters that were given.
    pub pseudo: BTreeMap<String, String>,
    pub resources: Vec<Resource>,
    /// The work that its expressions may still take.
    pub work: Work,
}

/// A resource of a template.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    /// Its logical id.
    pub id: Arc<str>,
    pub id_at: Range<usize>,
    /// `AWS::Cognito::UserPool`
    pub kind: Arc<str>,
    pub body: Node,
}

impl Resource {
    pub(super) fn properties(&self) -> Option<&Node> {
        self.body.get("Properties")
    }

    /// Why nothing is known of it: a macro makes it, or CloudFormation refuses how it is written.
    pub(super) fn obscured(&self) -> Option<Arc<str>> {
        self.body.made_anew().or_else(|| self.properties()?.made_anew()).or_else(|| self.misplaced())
    }

    /// The fault of its properties as a whole.
    pub(super) fn misplaced(&self) -> Option<Arc<str>> {
        match self.properties() {
            Some(Node { what: What::Map(_), .. }) => None,
            Some(node) if node.is_null() => None,
            Some(_) => Some(format!("the `Properties` of `{}` are not a map", self.id).into()),
            None => {
                let names = self.body.entries().iter().map(|entry| &*entry.key);
                let name = nearest("Properties", names.filter(|name| !ATTRIBUTES.contains(name)))?;
                Some(format!("`{}` has `{name}`, which may be meant for `Properties`", self.id).into())
            }
        }
    }

    /// The condition on which it is made.
    pub(super) fn condition(&self) -> Option<&str> {
        self.body.get("Condition").and_then(Node::text)
    }

    /// The path of the construct, where the CDK made the template.
    pub(super) fn construct(&self) -> Option<String> {
        Some(self.body.get("Metadata")?.get("aws:cdk:path")?.text()?.to_owned())
    }

    /// The whole of it.
    pub(super) fn whole(&self) -> Range<usize> {
        self.id_at.start..self.body.at.end.max(self.id_at.end)
    }
}

impl Template {
    /// Takes a template apart.
    pub(super) fn new(root: Node, given: &BTreeMap<String, String>) -> (Template, Wrong) {
        let (parameters, wrong) = parameter::read(&root, given);
        let pseudo = given.iter().filter(|(name, _)| name.starts_with("AWS::"));
        let pseudo = pseudo.map(|(name, value)| (name.clone(), value.clone())).collect();
        let resources = resources(&root);
        let work = Work::for_text(root.at.len());
        (Template { root, parameters, pseudo, resources, work }, wrong)
    }

    /// The template with another text, in which its loops are written out.
    pub(super) fn with_root(self, root: Node) -> Template {
        let resources = resources(&root);
        Template { root, resources, ..self }
    }

    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    /// The conditions and their expressions.
    pub(super) fn conditions(&self) -> &[Entry] {
        self.root.get("Conditions").map(Node::entries).unwrap_or_default()
    }

    /// The expression of a condition.
    pub(super) fn condition(&self, name: &str) -> Option<&Node> {
        self.root.get("Conditions")?.get(name)
    }

    /// The value of the mappings under keys, or why that is not known.
    pub(super) fn mapped(&self, keys: &[Arc<str>]) -> Result<Option<&Node>, Arc<str>> {
        let mut found = self.root.get("Mappings");
        for key in keys {
            let Some(map) = found else { return Ok(None) };
            if let Some(why) = map.made_anew() {
                return Err(why);
            }
            found = map.get(key);
        }
        Ok(found)
    }

    /// Whether a macro makes the conditions.
    pub(super) fn has_own_conditions(&self) -> bool {
        self.root.get("Conditions").is_none_or(|conditions| conditions.made_anew().is_none())
    }

    /// Whether there is a resource of this name; what a macro makes of one has a name that starts with its.
    pub(super) fn has_resource(&self, name: &str) -> bool {
        let resources = || self.root.get("Resources").map(Node::entries).unwrap_or_default().iter();
        resources().any(|entry| name == &*entry.key)
            || (self.macros().next().is_some() && resources().any(|entry| name.starts_with(&*entry.key)))
    }

    /// Functions that make resources of what is not known: loops, and macros over all of them.
    pub(super) fn brings_in(&self) -> impl Iterator<Item = &Entry> {
        let entries = self.root.get("Resources").map(Node::entries).unwrap_or_default().iter();
        entries.filter(|entry| entry.is_function())
    }

    /// The names of the macros that the whole template goes through.
    pub(super) fn macros(&self) -> impl Iterator<Item = (&str, &Node)> {
        let transform = self.root.get("Transform");
        let listed = transform.map(Node::items).unwrap_or_default().iter();
        let name = |node| {
            let node: &Node = node;
            Some((node.text().or_else(|| node.get("Name")?.text())?, node))
        };
        transform.into_iter().chain(listed).chain(self.root.get(MACRO)).filter_map(name)
    }
}

fn resources(root: &Node) -> Vec<Resource> {
    let resource = |entry: &Entry| {
        let kind = entry.value.get("Type")?.text()?.into();
        let (id, id_at, body) = (Arc::clone(&entry.key), entry.key_at.clone(), entry.value.clone());
        Some(Resource { id, id_at, kind, body })
    };
    let entries = root.get("Resources").map(Node::entries).unwrap_or_default();
    entries.iter().filter_map(resource).collect()
}

/// The names that are referred to somewhere in a value, with `Ref`, `GetAtt` or `Sub`.
pub(super) fn mentions(node: &Node) -> Vec<&str> {
    let mut names = Vec::new();
    let base = |name: &'_ str| name.split('.').next().map_or(0, str::len);
    node.walk(&mut |node| {
        let Some((function, argument)) = node.call() else { return };
        match function {
            "Ref" | "Fn::GetAtt" => {
                let name = argument.text().or_else(|| argument.items().first()?.text());
                names.extend(name.map(|name| &name[..base(name)]));
            }
            "Fn::Sub" => {
                let text = argument.text().or_else(|| argument.items().first()?.text()).unwrap_or_default();
                for piece in pieces(text) {
                    if let Piece::Name(name) = piece {
                        names.push(&name[..base(name)]);
                    }
                }
            }
            _ => {}
        }
    });
    names
}

/// The conditions that a value depends on.
pub(super) fn conditions(node: &Node) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    node.walk(&mut |node| {
        if let Some(("Fn::If", argument)) = node.call() {
            let name = argument.items().first();
            let name = name.and_then(|name| name.text().or_else(|| name.get("Condition")?.text()));
            names.extend(name.map(Arc::from));
        }
    });
    names
}
