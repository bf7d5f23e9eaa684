//! One pool of a template with what is attached to it, in every world that there is.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::condition::{Settled, worlds};
use super::kind::{POOL, attached as mapping_of, mappings};
use super::mfa::{self, Factors};
use super::node::Node;
use super::remarks::Remarks;
use super::scene::Scene;
use super::template::{Resource, Template, conditions, mentions};
use super::term::{Meaning, Term};
use super::translate::{Translator, Way};
use super::trigger;
use crate::pool::{Lifecycle, Origin, Pool, Section, derive};
use crate::source::declared::{self, DeclaredPool, Mapping, Places, World};
use crate::value::{Map, Value};

/// A resource that belongs to a pool, with the property that says so.
pub(super) type Attached<'t> = (&'t Resource, &'static Mapping, &'t Node);

/// Reads a pool. `None` where its condition is known to be false.
pub(super) fn read(
    template: &Template,
    pool: &Resource,
    origin: &Origin,
    remarks: &mut Remarks,
) -> Option<DeclaredPool> {
    let attached = attached(template, pool);
    let triggers = trigger::functions(template, pool);
    let bodies = attached.iter().map(|(resource, ..)| *resource).chain(triggers.iter().copied());
    let mut names: BTreeSet<Arc<str>> =
        pool.properties().map(conditions).unwrap_or_default().into_iter().collect();
    for resource in bodies.chain([pool]) {
        names.extend(resource.condition().map(Arc::from));
        if !resource.kind.starts_with("AWS::Serverless::") {
            names.extend(resource.properties().map(conditions).unwrap_or_default());
        }
    }
    let mut places = Places::default();
    let mut all = Vec::new();
    for settled in worlds(template, &names) {
        let made = pool.condition().is_none_or(|name| settled.outcomes.get(name) != Some(&false));
        if made {
            let scene = Scene { template, settled: &settled.outcomes, reveal: false };
            let blank = Pool { origin: origin.clone(), ..Pool::default() };
            let mut assembly = Assembly { scene, places: &mut places, remarks, pool: blank };
            assembly.assemble(pool, &attached, &triggers);
            let pool = Pool { place: pool.whole(), address: Some(Arc::clone(&pool.id)), ..assembly.pool };
            all.push((settled, pool));
        }
    }
    if all.is_empty() {
        let condition = pool.condition().unwrap_or_default();
        remarks
            .note(&pool.id_at, format!("pool `{}` is not made: condition `{condition}` is false", pool.id));
        return None;
    }
    let only = all.len() == 1;
    let world = |(settled, pool): (Settled, Pool)| World {
        when: if only { String::new() } else { settled.when },
        pool,
    };
    Some(DeclaredPool { worlds: all.into_iter().map(world).collect(), before: None, places })
}

/// What says that it belongs to the pool. What is always there comes first, so that its position is the same in
/// every world.
fn attached<'t>(template: &'t Template, pool: &Resource) -> Vec<Attached<'t>> {
    let mut all: Vec<Attached<'t>> = template.resources.iter().filter_map(link).collect();
    all.retain(|(_, _, link)| mentions(link).contains(&&*pool.id));
    all.sort_by_key(|(resource, _, link)| resource.condition().is_some() || !conditions(link).is_empty());
    all
}

/// A resource of a type that is attached to pools, and the property that names the pool.
pub(super) fn link(resource: &Resource) -> Option<Attached<'_>> {
    let mapping = mapping_of(&resource.kind)?;
    Some((resource, mapping, resource.properties()?.get(mapping.link?)?))
}

/// A pool in one world, while it is put together.
pub(super) struct Assembly<'a> {
    pub scene: Scene<'a>,
    pub places: &'a mut Places,
    pub remarks: &'a mut Remarks,
    pub pool: Pool,
}

impl Assembly<'_> {
    fn assemble(&mut self, pool: &Resource, attached: &[Attached<'_>], triggers: &[&Resource]) {
        let Some(mapping) = mappings().get(POOL) else { return };
        self.resource(pool, mapping, Way::new());
        let mut properties = self.properties(pool);
        let factors = Factors::take(&mut properties);
        let mut translator = Translator { mapping, places: self.places, remarks: self.remarks, depth: 0 };
        let mut document = translator.properties(properties, &mut Way::new());
        let section = mfa::section(&mut translator, factors, &document);
        document.set("MfaConfig".into(), section);
        declared::fill(&mut document, mapping.at, Lifecycle::Created);
        fill_attributes(&mut document);
        declared::complete(&mut document);
        trigger::attach(&self.scene, pool, triggers, &mut document);
        self.pool.document = document;
        self.pool.held = vec![Section::MfaConfig];
        self.pool.lifecycle = Lifecycle::Created;
        self.pool.coverage = Some(mappings().coverage());
        for one in attached {
            self.attach(Some(pool), one);
        }
        self.domains();
        declared::mirror(&mut self.pool, self.places);
        derive(&mut self.pool.document);
    }

    pub(super) fn properties(&self, resource: &Resource) -> Term {
        match resource.properties() {
            Some(node) if !node.is_null() => self.scene.term(node),
            _ => Term { at: resource.id_at.clone(), what: Meaning::Map(Vec::new(), None) },
        }
    }

    /// Takes down where a resource stands.
    pub(super) fn resource(&mut self, resource: &Resource, mapping: &'static Mapping, way: Way) {
        self.places.resources.entry(way).or_insert_with(|| declared::Resource {
            address: resource.id.to_string(),
            construct: resource.construct(),
            at: resource.id_at.clone(),
            whole: resource.whole(),
            mapping: Some(mapping),
        });
    }

    /// The two members of the pool that name its domains.
    fn domains(&mut self) {
        let held = self.pool.held.contains(&Section::Domains);
        let domains = self.pool.document.get("Domains").and_then(Value::as_list).unwrap_or_default();
        let custom = |domain: &&Value| domain.get("CustomDomainConfig").is_some();
        let name = |domain: Option<&Value>| domain.and_then(|domain| domain.get("Domain")).cloned();
        let found = [
            ("Domain", name(domains.iter().find(|domain| !custom(domain)))),
            ("CustomDomain", name(domains.iter().find(custom))),
        ];
        for (member, value) in found {
            let unknown =
                || Value::Unknown("the template holds no domain of this pool, which may be elsewhere".into());
            if let Some(value) = value.or_else(|| (!held).then(unknown)) {
                self.pool.document.set(member.into(), value);
            }
        }
    }
}

/// Gives declared attributes what is left out of them. Only for `Mutable` is it not documented what that means.
fn fill_attributes(document: &mut Map) {
    let Some((_, Value::List(attributes))) =
        document.0.iter_mut().find(|(name, _)| name == "SchemaAttributes")
    else {
        return;
    };
    for attribute in attributes {
        let Value::Map(attribute) = attribute else { continue };
        let mutable = "what an attribute is that leaves `Mutable` out is not documented";
        for (member, value) in [
            ("AttributeDataType", Value::String("String".into())),
            ("DeveloperOnlyAttribute", Value::Bool(false)),
            ("Mutable", Value::Later(mutable.into())),
            ("Required", Value::Bool(false)),
        ] {
            if attribute.get(member).is_none() {
                attribute.set(member.into(), value);
            }
        }
    }
}
