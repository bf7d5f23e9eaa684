//! The pools of a template, in every way in which its open conditions can come out: the resources that make them, and
//! what says that each is a part of one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::beside::{self, Beside};
use super::condition::Conditions;
use super::kind::{POOL, link, mappings};
use super::node::Node;
use super::remarks::Remarks;
use super::resolver::Resolver;
use super::template::{Resource, Template, conditions, mentions};
use super::trigger;
use crate::pool::{Lifecycle, Origin, Section};
use crate::source::declared::{
    self, Client, DeclaredPool, Holder, Mapping, Meaning, Owner, Places, Scenario, Standing, Term, assemble,
};

/// A part of a pool.
#[derive(Clone, Copy)]
struct Part<'t> {
    resource: &'t Resource,
    mapping: &'static Mapping,
    link: &'t Node,
    /// The template that it is in, where that is another one.
    of: Option<&'t Beside>,
}

/// The resources of one pool.
struct Group<'t> {
    /// `None` for a pool that the template does not declare.
    pool: Option<(&'t Resource, &'static Mapping)>,
    /// The functions that are triggers of it.
    triggers: Vec<&'t Resource>,
    parts: Vec<Part<'t>>,
}

/// Reads the pools that a template declares, and those that it has parts of. Parts that name their pool by the same
/// expression are of one pool.
pub(super) fn read(
    template: &Template,
    beside: &[Beside],
    origin: &Origin,
    lifecycle: Lifecycle,
    remarks: &mut Remarks,
) -> Vec<DeclaredPool> {
    let part = |(resource, mapping, link), of| Part { resource, mapping, link, of };
    let links: Vec<Part<'_>> =
        template.resources.iter().filter_map(link).map(|attached| part(attached, None)).collect();
    let pools = template.resources.iter().filter(|resource| *resource.kind == *POOL);
    let own = pools.filter_map(|pool| {
        let mut parts = links.clone();
        parts.retain(|part| mentions(part.link).contains(&&*pool.id));
        // Parts that are always there come first, so that their positions are the same in every scenario.
        parts.sort_by_key(|part| part.resource.condition().is_some() || !conditions(part.link).is_empty());
        let others = beside::parts((template, &origin.name), beside, &pool.id).into_iter();
        parts.extend(others.map(|(at, attached)| part(attached, beside.get(at))));
        let triggers = trigger::functions(template, pool);
        Some(Group { pool: Some((pool, mappings().get(POOL)?)), triggers, parts })
    });
    let is_own = |name: &&str| template.resources.iter().any(|one| &*one.id == *name && *one.kind == *POOL);
    let mut elsewhere: BTreeMap<String, Vec<Part<'_>>> = BTreeMap::new();
    for part in &links {
        let name = part.link.canonical();
        // A web ACL may protect other things than pools, unless the text names a pool.
        let other = part.mapping.section == Section::WebAcl && !name.contains(":userpool/");
        if !other && !mentions(part.link).iter().any(is_own) {
            elsewhere.entry(name).or_default().push(*part);
        }
    }
    let mut elsewhere: Vec<_> = elsewhere.into_values().collect();
    elsewhere.sort_by_key(|parts| parts.first().map(|part| part.resource.id_at.start));
    let elsewhere = elsewhere.into_iter().map(|parts| Group { pool: None, triggers: Vec::new(), parts });
    let groups: Vec<Group<'_>> = own.chain(elsewhere).collect();
    let known = Conditions::of(template);
    let mut pools = Vec::new();
    for group in groups {
        let read = group.read((template, &known), origin, lifecycle, remarks);
        // A part of another template's pool is judged there, and remarked on here.
        let first = group.parts.first().filter(|_| group.pool.is_none());
        if first.is_none_or(|part| beside::exporter((template, &origin.name), beside, part.link).is_none()) {
            pools.extend(read);
        }
    }
    pools
}

impl Group<'_> {
    /// The pool in each scenario. `None` where its condition is known to be false.
    fn read(
        &self,
        (template, conditions): (&Template, &Conditions<'_>),
        origin: &Origin,
        lifecycle: Lifecycle,
        remarks: &mut Remarks,
    ) -> Option<DeclaredPool> {
        let condition = self.pool.and_then(|(pool, _)| pool.condition());
        let mut places = Places::default();
        let mut all = Vec::new();
        for outcomes in conditions.scenarios(&self.conditions()) {
            if condition.is_some_and(|name| outcomes.known.get(name) == Some(&false)) {
                continue;
            }
            let resolver = Resolver { template, outcomes: &outcomes.known, reveal: false };
            let resources = self.resources(resolver, lifecycle);
            for assembled in assemble(&resources, origin) {
                for (at, remark) in assembled.remarks {
                    let own = resources.get(at).filter(|resource| resource.holder.text.is_none());
                    if let Some(resource) = own {
                        remarks.of(resource.mapping.kind, remark);
                    }
                }
                places.join(assembled.places);
                all.push(Scenario { when: outcomes.when.clone(), pool: assembled.pool });
            }
        }
        match (all.as_mut_slice(), self.pool) {
            ([], Some((pool, _))) => {
                let (id, condition) = (&pool.id, condition.unwrap_or_default());
                let message = format!("pool `{id}` is not made: condition `{condition}` is false");
                remarks.note(&pool.id_at, message);
            }
            ([only], _) => only.when.clear(),
            _ => {}
        }
        (!all.is_empty()).then_some(DeclaredPool { scenarios: all, before: None, places })
    }

    /// The conditions that the pool depends on.
    fn conditions(&self) -> BTreeSet<Arc<str>> {
        let mut names = BTreeSet::new();
        let parts = self.parts.iter().filter(|part| part.of.is_none()).map(|part| part.resource);
        for resource in parts.chain(self.triggers.iter().copied()).chain(self.pool.map(|(pool, _)| pool)) {
            names.extend(resource.condition().map(Arc::from));
            if !resource.kind.starts_with("AWS::Serverless::") {
                names.extend(resource.properties().map(conditions).unwrap_or_default());
            }
        }
        names
    }

    /// The pool and its parts in one scenario.
    fn resources(&self, resolver: Resolver<'_>, lifecycle: Lifecycle) -> Vec<declared::Resource> {
        let mut resources = Vec::new();
        if let Some((pool, mapping)) = self.pool {
            let mut own = resource(resolver, pool, mapping, lifecycle);
            trigger::attach(resolver, pool, &self.triggers, &mut own.arguments);
            resources.push(declared::Resource { standing: Standing::Stays, ..own });
        }
        for part in &self.parts {
            let resolver = part.of.map_or(resolver, Beside::resolver);
            let mut own = resource(resolver, part.resource, part.mapping, Lifecycle::Created);
            if part.mapping.section == Section::RiskConfiguration {
                own.client = self.client(part, &mut own.arguments);
            }
            own.owner = match part.of {
                Some(beside) => {
                    let file = Path::new(&*beside.text.name).file_name().unwrap_or_default();
                    own.holder.address = format!("{}/{}", file.to_string_lossy(), own.holder.address);
                    own.holder.text = Some(Arc::clone(&beside.text));
                    Owner::Pool(0)
                }
                None => self.owner(part.resource, resolver.term(part.link), &mut own.standing),
            };
            resources.push(own);
        }
        resources
    }

    /// Which pool a part is of. Of a pool that the template does not declare it is sure to be.
    fn owner(&self, part: &Resource, link: Term, standing: &mut Standing) -> Owner {
        let what = part.obscured().map_or(link.what, Meaning::Unknown);
        match (what, self.pool) {
            (Meaning::Scalar(id), None) => {
                Owner::Elsewhere { key: String::new(), id: Some(id.text.to_string()) }
            }
            (_, None) => Owner::Elsewhere { key: String::new(), id: None },
            (Meaning::Unknown(why), Some(_)) if matches!(standing, Standing::Stays) => {
                let why = format!("the pool of `{}` is not known: {why}", part.id);
                Owner::Open(vec![0], why.into())
            }
            (what, Some((pool, _))) => {
                let others = !Term { at: None, what }.resources().contains(&pool.id);
                if others && matches!(standing, Standing::Stays) {
                    *standing = Standing::Gone;
                }
                Owner::Pool(0)
            }
        }
    }

    /// The client of a risk configuration. The pool's own has no client id, and a client has none before the
    /// deployment.
    fn client(&self, part: &Part<'_>, arguments: &mut Term) -> Client {
        let any = || Client::Any(format!("which client `{}` is for is not known", part.resource.id).into());
        let file = |part: &Part<'_>| part.of.map(|beside| Arc::as_ptr(&beside.text));
        let first = usize::from(self.pool.is_some());
        let is_one =
            |one: &Part<'_>, of: &[Arc<str>]| of.contains(&one.resource.id) && file(one) == file(part);
        let position = |of: &[Arc<str>]| self.parts.iter().position(|one| is_one(one, of));
        match arguments.take("ClientId").map(|client| client.what) {
            Some(Meaning::Scalar(scalar)) if &*scalar.text == "ALL" => Client::Whole,
            Some(Meaning::Later { of, .. }) => position(&of).map_or_else(any, |at| Client::Of(first + at)),
            None => Client::Any(
                format!("`{}` has no `ClientId`, which CloudFormation requires", part.resource.id).into(),
            ),
            Some(_) => any(),
        }
    }
}

/// A resource in one scenario, for now of no pool but its own.
fn resource(
    resolver: Resolver<'_>,
    resource: &Resource,
    mapping: &'static Mapping,
    lifecycle: Lifecycle,
) -> declared::Resource {
    let at = Some(resource.id_at.clone());
    let arguments = match (resource.obscured(), resource.properties()) {
        (Some(why), _) => Term { at, what: Meaning::Unknown(why) },
        (None, Some(node)) if !node.is_null() => resolver.term(node),
        (None, _) => Term { at, what: Meaning::Map(Vec::new(), None) },
    };
    let holder = Holder {
        address: resource.id.to_string(),
        construct: resource.construct(),
        at: resource.id_at.clone(),
        whole: resource.whole(),
        text: None,
        calls: Vec::new(),
        origins: Vec::new(),
        mapping: Some(mapping),
    };
    let standing = match resource.condition().map(|name| (name, resolver.outcomes.get(name))) {
        None | Some((_, Some(true))) => Standing::Stays,
        Some((_, Some(false))) => Standing::Gone,
        Some((name, None)) => {
            let why = match resolver.template.condition(name) {
                Some(_) => "whose outcome is not known",
                None => "which the template does not have",
            };
            Standing::Open(format!("`{}` depends on condition `{name}`, {why}", resource.id).into())
        }
    };
    declared::Resource {
        mapping,
        coverage: mappings().coverage(),
        holder,
        arguments,
        lifecycle,
        standing,
        owner: Owner::Own,
        client: Client::Whole,
        region: None,
        source: "template",
    }
}
