//! Puts the pools of a file together: each with the parts that other resources hold.

use std::sync::Arc;

use super::complete::{complete, domains};
use super::graph::{Client, Owner, Resource, Standing};
use super::remark::Remark;
use super::translate::{Part, Way, step, translate};
use super::{Places, fill, mirror};
use crate::pool::{Origin, Pool, Section, derive};
use crate::source::text::ValueStep;
use crate::value::{Map, Value};

/// A pool with the parts that are its own.
#[derive(Debug)]
pub(in crate::source) struct Assembled {
    /// Its position among the resources; `None` where none of them declares it.
    pub at: Option<usize>,
    /// The name that its parts have for it, where none of the resources declares it.
    pub key: Option<String>,
    pub pool: Pool,
    pub places: Places,
    /// Remarks about resources, by their positions.
    pub remarks: Vec<(usize, Remark)>,
}

/// Puts together the pools that resources declare, and those that they are only parts of.
pub(in crate::source) fn assemble(resources: &[Resource], origin: &Origin) -> Vec<Assembled> {
    let mut drafts = Vec::new();
    for (at, resource) in resources.iter().enumerate() {
        match &resource.owner {
            Owner::Own if matches!(resource.standing, Standing::Stays) => {
                drafts.push(Draft::of(at, resource, origin));
            }
            Owner::Elsewhere { key, id } if drafts.iter().all(|draft| !draft.goes_by(key)) => {
                drafts.push(Draft::elsewhere(key, id.as_deref(), resource, origin));
            }
            Owner::Own | Owner::Pool(_) | Owner::Open(..) | Owner::Elsewhere { .. } | Owner::None => {}
        }
    }
    // Parts of a client come after the clients.
    let mut parts: Vec<(usize, &Resource)> = resources.iter().enumerate().collect();
    parts.sort_by_key(|(_, resource)| resource.mapping.section != Section::Clients);
    for (at, part) in parts {
        for draft in &mut drafts {
            match &part.owner {
                Owner::Pool(pool) if draft.at == Some(*pool) => draft.attach(at, part),
                Owner::Elsewhere { key, .. } if draft.goes_by(key) => draft.attach(at, part),
                Owner::Open(pools, why) if draft.at.is_some_and(|at| pools.contains(&at)) => {
                    draft.leave_open(at, part, why, true);
                }
                Owner::Own | Owner::Pool(_) | Owner::Open(..) | Owner::Elsewhere { .. } | Owner::None => {}
            }
        }
    }
    drafts.into_iter().map(Draft::finish).collect()
}

/// A pool while it is put together.
struct Draft {
    at: Option<usize>,
    /// The name of the pool, if no resource declares it.
    key: Option<String>,
    pool: Pool,
    places: Places,
    /// The positions of its clients among the resources, in the order of the document; `None` for one that may be
    /// another pool's.
    clients: Vec<Option<usize>>,
    unsaid: Vec<(Way, Value)>,
    /// Parts that a pool has one of at most, with the resource that each is of.
    singles: Vec<(Way, String, Map)>,
    remarks: Vec<(usize, Remark)>,
    /// The word for the file.
    source: &'static str,
}

impl Draft {
    /// A pool that a resource declares.
    fn of(at: usize, resource: &Resource, origin: &Origin) -> Draft {
        let address = Some(Arc::from(resource.holder.address.as_str()));
        let mut draft = Draft::new(resource, Pool { address, ..Pool::default() }, origin);
        draft.at = Some(at);
        draft.pool.held.push(Section::MfaConfig);
        draft.pool.document = draft.part(at, resource, &[]);
        draft
    }

    /// A pool of which the file has only parts.
    fn elsewhere(key: &str, id: Option<&str>, first: &Resource, origin: &Origin) -> Draft {
        let address = id.is_none().then(|| Arc::from(first.holder.address.as_str()));
        let pool = Pool { address, document: fill::identity(id), partial: true, ..Pool::default() };
        Draft { key: Some(key.to_owned()), ..Draft::new(first, pool, origin) }
    }

    fn new(resource: &Resource, pool: Pool, origin: &Origin) -> Draft {
        let pool = Pool {
            origin: origin.clone(),
            place: resource.holder.whole.clone(),
            lifecycle: resource.lifecycle,
            coverage: Some(resource.coverage),
            region: resource.region.clone(),
            ..pool
        };
        Draft {
            at: None,
            key: None,
            pool,
            places: Places::default(),
            clients: Vec::new(),
            unsaid: Vec::new(),
            singles: Vec::new(),
            remarks: Vec::new(),
            source: resource.source,
        }
    }

    fn goes_by(&self, key: &str) -> bool {
        self.key.as_deref() == Some(key)
    }

    /// Translates and completes a resource, which stands for what is at some steps of the pool.
    fn part(&mut self, at: usize, resource: &Resource, way: &[ValueStep<'static>]) -> Map {
        let mut part = translate(resource.mapping, &resource.arguments);
        complete(&mut part, resource.mapping, &resource.arguments, resource.lifecycle);
        let Part { document, values, unsaid, remarks } = part;
        let full = |inner: Way| way.iter().cloned().chain(inner).collect::<Way>();
        self.places.resources.insert(way.to_vec(), resource.holder.clone());
        self.places.values.extend(values.into_iter().map(|(inner, at)| (full(inner), at)));
        if resource.mapping.is_pool() {
            self.unsaid.extend(unsaid);
        }
        self.remarks.extend(remarks.into_iter().map(|remark| (at, remark)));
        document
    }

    /// Adds a resource that is a part of the pool.
    fn attach(&mut self, at: usize, part: &Resource) {
        let sections = sections(part);
        for section in &sections {
            self.hold(*section);
        }
        match &part.standing {
            Standing::Stays => {}
            Standing::Gone => return,
            Standing::Open(why) => return self.leave_open(at, part, why, false),
        }
        let Some(way) = self.way(part) else { return };
        if part.mapping.is_element {
            let section = part.mapping.section;
            if section == Section::Clients {
                self.clients.push(Some(at));
            }
            // Its place in the list is taken before what is in it.
            let document = self.part(at, part, &way);
            self.push(section, Value::Map(document), &part.holder.address);
            return;
        }
        let before = self.singles.iter().find(|(other, ..)| *other == way).cloned();
        let document = self.part(at, part, &way);
        if let Some((_, address, first)) = before.filter(|(.., first)| *first != document) {
            let why = format!(
                "{address} and {} both set this, and which of them is applied last is not known",
                part.holder.address
            );
            self.unread(part, &why.into());
            return put(&mut self.pool.document, &way, Value::Map(first));
        }
        self.singles.push((way.clone(), part.holder.address.clone(), document.clone()));
        put(&mut self.pool.document, &way, Value::Map(document));
    }

    /// The steps to what a part stands for; `None`, once that is noted, where it cannot be followed or is not here.
    fn way(&mut self, part: &Resource) -> Option<Way> {
        let section = part.mapping.section;
        if section != Section::RiskConfiguration {
            let member = section.member();
            let length = self.pool.document.get(member).and_then(Value::as_list).map_or(0, <[Value]>::len);
            let index = part.mapping.is_element.then_some(ValueStep::Index(length));
            return Some(std::iter::once(step(member)).chain(index).collect());
        }
        let risk = step(Section::RiskConfiguration.member());
        let why = match &part.client {
            Client::Whole => return Some(vec![risk]),
            Client::Of(client) => {
                let index = self.clients.iter().position(|one| *one == Some(*client))?;
                return Some(vec![step(Section::Clients.member()), ValueStep::Index(index), risk]);
            }
            Client::Elsewhere if self.pool.held.contains(&Section::Clients) => return None,
            Client::Elsewhere => {
                format!("which client {} is for cannot be followed", part.holder.address).into()
            }
            Client::Open(why) | Client::Any(why) => Arc::clone(why),
        };
        self.unread(part, &why);
        None
    }

    /// Takes down a resource that may be a part of the pool or not. Of a list it is an element, so that those that are
    /// known do not stand for all; `it` says whether it will be there, whatever pool it is of.
    fn leave_open(&mut self, at: usize, part: &Resource, why: &Arc<str>, it: bool) {
        let section = part.mapping.section;
        if !part.mapping.is_element {
            return self.unread(part, why);
        }
        self.hold(section);
        let index = self.push(section, Value::Unknown(why.clone()), &part.holder.address);
        if section == Section::Clients {
            self.clients.push(None);
        }
        if it {
            let document = self.part(at, part, &[step(section.member()), ValueStep::Index(index)]);
            self.pool.possible.push((section, index, derived(section, document)));
        }
    }

    fn unread(&mut self, part: &Resource, why: &Arc<str>) {
        self.pool.unread.extend(sections(part).into_iter().map(|section| (section, Arc::clone(why))));
    }

    fn hold(&mut self, section: Section) {
        if !self.pool.held.contains(&section) {
            self.pool.held.push(section);
        }
    }

    /// Adds an element to a section, and gives its position.
    fn push(&mut self, section: Section, element: Value, address: &str) -> usize {
        let name = section.member();
        match self.pool.elements.iter_mut().find(|(of, _)| *of == section) {
            Some((_, addresses)) => addresses.push(Arc::from(address)),
            None => self.pool.elements.push((section, vec![Arc::from(address)])),
        }
        match self.pool.document.0.iter_mut().find(|(member, _)| member == name) {
            Some((_, Value::List(elements))) => {
                elements.push(element);
                elements.len() - 1
            }
            Some(_) | None => {
                self.pool.document.set(name.into(), Value::List(vec![element]));
                0
            }
        }
    }

    fn finish(mut self) -> Assembled {
        domains(&mut self.pool, &mut self.places, self.source);
        mirror::complete(&mut self.pool, &mut self.places);
        for (way, why) in self.unsaid {
            fill::set_absent(&mut self.pool.document, &way, why);
        }
        derive(&mut self.pool.document);
        Assembled { at: self.at, key: self.key, pool: self.pool, places: self.places, remarks: self.remarks }
    }
}

/// The sections that a resource has a part in; a risk configuration is that of the pool or of a client.
fn sections(part: &Resource) -> Vec<Section> {
    match (part.mapping.section, &part.client) {
        (Section::RiskConfiguration, Client::Any(_)) => vec![Section::RiskConfiguration, Section::ClientRisk],
        (Section::RiskConfiguration, Client::Of(_) | Client::Elsewhere | Client::Open(_)) => {
            vec![Section::ClientRisk]
        }
        (section, _) => vec![section],
    }
}

/// Sets the value at a path of a pool.
fn put(document: &mut Map, way: &[ValueStep<'static>], value: Value) {
    let Some((ValueStep::Member(first), rest)) = way.split_first() else { return };
    if rest.is_empty() {
        return document.set(first.clone(), value);
    }
    let list = document.0.iter_mut().find(|(name, _)| name == first);
    if let (Some((_, Value::List(items))), Some((ValueStep::Index(index), rest))) = (list, rest.split_first())
        && let Some(Value::Map(item)) = items.get_mut(*index)
    {
        put(item, rest, value);
    }
}

/// An element of a section with what is worked out of it.
fn derived(section: Section, element: Map) -> Value {
    let mut document = Map(vec![(section.member().into(), Value::List(vec![Value::Map(element)]))].into());
    derive(&mut document);
    match document.0.pop() {
        Some((_, Value::List(mut elements))) => elements.pop().unwrap_or(Value::Null),
        _ => Value::Null,
    }
}
