//! The provider that a resource goes by: its Region, and the tags that it adds to everything it makes.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::directory::alias;
use super::scope::{Given, Instance, Program, ResourceInstance, Scope};
use super::syntax::{Block, Body, Expr, Key, Node};
use super::value::{Value, What};

/// The tags that a provider adds.
pub(super) enum Tags {
    Known(BTreeMap<Rc<str>, Value>),
    Unknown(Rc<str>),
}

/// The name of a provider: of its kind, and beside others of that.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    local: Rc<str>,
    alias: Option<Rc<str>>,
}

impl Name {
    fn of(expression: &Expr) -> Option<Name> {
        match &expression.node {
            Node::Name(local) => Some(Name { local: Rc::clone(local), alias: None }),
            Node::Get(inner, alias) => match &inner.node {
                Node::Name(local) => Some(Name { local: Rc::clone(local), alias: Some(Rc::clone(alias)) }),
                _ => None,
            },
            Node::Text(text) => Some(Name::read(text)),
            _ => None,
        }
    }

    fn read(text: &str) -> Name {
        match text.split_once('.') {
            Some((local, alias)) => Name { local: local.into(), alias: Some(alias.into()) },
            None => Name { local: text.into(), alias: None },
        }
    }
}

impl Program<'_> {
    /// The Region of a resource, where it is written out.
    pub(super) fn region(&self, resource: &ResourceInstance) -> Option<Rc<str>> {
        let own = known_text(self, &resource.block.body, "region", &resource.scope);
        own.or_else(|| {
            let (provider, instance) = provider(resource)?;
            known_text(self, &provider.body, "region", &instance.scope())
        })
    }

    /// The tags that the provider of a resource adds.
    pub(super) fn default_tags(&self, resource: &ResourceInstance) -> Tags {
        let Some((provider, instance)) = provider(resource) else {
            return Tags::Unknown("the provider, which may add tags, is not in the configuration".into());
        };
        let Some(block) = provider.body.blocks("default_tags").next() else {
            return match provider.body.get("default_tags") {
                Some(_) => Tags::Unknown("the tags of the provider are not evaluated".into()),
                None => Tags::Known(BTreeMap::new()),
            };
        };
        let Some(tags) = block.body.get("tags") else { return Tags::Known(BTreeMap::new()) };
        let value = self.value(&tags.value, &instance.scope());
        match (value.first_unknown(), &value.what) {
            (Some(unknown), _) => Tags::Unknown(unknown.why),
            (None, What::Map(members) | What::Object(members)) => Tags::Known(members.all.clone()),
            (None, What::Null) => Tags::Known(BTreeMap::new()),
            (None, _) => Tags::Unknown("the tags of the provider are not a map".into()),
        }
    }
}

/// The provider of a resource, and the module that sets it up.
fn provider(resource: &ResourceInstance) -> Option<(Rc<Block>, Rc<Instance>)> {
    let name = match resource.block.body.get("provider") {
        Some(provider) => Name::of(&provider.value)?,
        None => {
            let local = resource.kind.split('_').next().unwrap_or_default();
            Name { local: local.into(), alias: None }
        }
    };
    resolve(&resource.scope.instance, &name)
}

/// Follows the name of a provider to the module that sets it up.
fn resolve(instance: &Rc<Instance>, name: &Name) -> Option<(Rc<Block>, Rc<Instance>)> {
    let same = |one: &&Rc<Block>| *one.label(0) == *name.local && alias(one) == name.alias.as_deref();
    if let Some(own) = instance.directory.providers.iter().find(same) {
        return Some((Rc::clone(own), Rc::clone(instance)));
    }
    let Given::Call(block, scope) = &instance.given else { return None };
    let Some(passed) = block.body.get("providers") else {
        return match name.alias {
            None => resolve(&scope.instance, name),
            Some(_) => None,
        };
    };
    let Node::Object(pairs) = &passed.value.node else { return None };
    let is_named = |key: &Key| match key {
        Key::Name(local) => Name::read(local) == *name,
        Key::Value(expression) => Name::of(expression).as_ref() == Some(name),
    };
    match pairs.iter().find(|(key, _)| is_named(key)) {
        Some((_, target)) => resolve(&scope.instance, &Name::of(target)?),
        None if name.alias.is_none() => resolve(&scope.instance, name),
        None => None,
    }
}

/// The text of an argument of a resource, where it is known.
fn known_text(program: &Program<'_>, body: &Body, name: &str, scope: &Scope) -> Option<Rc<str>> {
    let attribute = body.get(name)?;
    match program.value(&attribute.value, scope).what {
        What::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}
