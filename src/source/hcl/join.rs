//! Which pool a resource is a part of: what its reference leads to says so.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::inventory::Found;
use super::scope::Program;
use super::unknown::{Origin, Unknown};
use super::value::{Value, What};
use crate::pool::Section;
use crate::source::declared::{Client, Owner};

/// Messages about parts whose pool is not here.
pub(super) type Remarks = BTreeSet<String>;

/// The pool of a resource.
pub(super) fn owner(program: &Program<'_>, found: &[Found], at: usize, remarks: &mut Remarks) -> Owner {
    let Some(one) = found.get(at) else { return Owner::None };
    if one.mapping.is_pool() {
        return Owner::Own;
    }
    let link = one.mapping.link.unwrap_or_default();
    let web_acl = one.mapping.section == Section::WebAcl;
    let address = &one.resource.address;
    let Some(value) = argument(program, one, link) else { return Owner::None };
    let unknown = match &value.what {
        What::Text(id) if web_acl && !id.contains(":userpool/") => return Owner::None,
        What::Text(id) if !id.is_empty() => {
            remarks.insert(format!(
                "{address} is of the pool {id}, which the configuration does not declare: no other part of that pool \
                 is checked"
            ));
            return Owner::Elsewhere { key: id.to_string(), id: Some(id.to_string()) };
        }
        What::Unknown(unknown) => (**unknown).clone(),
        What::Lazy(lazy) => lazy.unknown(),
        _ => Unknown::because(format!("the `{link}` of {address} is not the id of a pool")),
    };
    let pools = resources(found, &unknown, Section::UserPool);
    let foreign = is_foreign(found, &unknown);
    match (pools.as_slice(), unknown.open || foreign) {
        ([only], false) => Owner::Pool(*only),
        ([], open) if web_acl && !open => Owner::None,
        ([], true) => anywhere(found, one, &unknown, link, remarks),
        ([], false) => elsewhere(one, &unknown, link, remarks),
        (_, _) => {
            let why = format!("the `{link}` of {address} may be that of several pools: {}", unknown.why);
            Owner::Open(pools, why.into())
        }
    }
}

/// The value of an argument.
fn argument(program: &Program<'_>, one: &Found, name: &str) -> Option<Value> {
    let attribute = one.resource.block.body.get(name)?;
    Some(program.value(&attribute.value, &one.resource.scope))
}

/// A part of a pool that may be any of those that are here.
fn anywhere(found: &[Found], one: &Found, unknown: &Unknown, link: &str, remarks: &mut Remarks) -> Owner {
    let pools: Vec<usize> = (0..found.len()).filter(|at| found[*at].mapping.is_pool()).collect();
    match one.mapping.section {
        // It may protect anything.
        Section::WebAcl if pools.is_empty() => Owner::None,
        _ if pools.is_empty() => elsewhere(one, unknown, link, remarks),
        _ => {
            let why = format!("which pool {} is for is not known: {}", one.resource.address, unknown.why);
            Owner::Open(pools, why.into())
        }
    }
}

/// A part of a pool that is not here. Parts with the same reference are of the same pool.
fn elsewhere(one: &Found, unknown: &Unknown, link: &str, remarks: &mut Remarks) -> Owner {
    let address = &one.resource.address;
    let sources: Vec<String> =
        unknown.origins.iter().map(|origin| format!("{}.{}", origin.address, origin.attribute)).collect();
    let key = match sources.is_empty() {
        true => format!("{}{}", one.resource.scope.instance.prefix, unknown.why),
        false => sources.join("; "),
    };
    remarks.insert(format!(
        "the pool of {address} is not in the configuration (`{link}`: {}): no other part of that pool is checked",
        unknown.why
    ));
    Owner::Elsewhere { key, id: None }
}

/// The resources of a section that a value is made of.
fn resources(found: &[Found], unknown: &Unknown, section: Section) -> Vec<usize> {
    let is_meant = |one: &Found| {
        one.mapping.section == section
            && unknown.origins.iter().any(|origin| is_of(origin, &one.resource.address))
    };
    (0..found.len()).filter(|at| found.get(*at).is_some_and(is_meant)).collect()
}

/// Whether an attribute is that of a resource: of any instance, where the key is not known.
fn is_of(origin: &Origin, address: &str) -> bool {
    match address.strip_prefix(&*origin.address) {
        Some(rest) => rest.is_empty() || rest.starts_with('['),
        None => false,
    }
}

/// Whether something that it is made of may be any pool, such as a data source.
fn is_foreign(found: &[Found], unknown: &Unknown) -> bool {
    let is_known = |origin: &Origin| {
        let absent = last_is_module(&origin.address);
        absent || found.iter().any(|one| is_of(origin, &one.resource.address))
    };
    !unknown.origins.iter().all(is_known)
}

/// Whether an address is that of a module, and of no resource: one that is not here, so that its pools are not either.
fn last_is_module(address: &str) -> bool {
    let mut parts = address.rsplit('.');
    parts.next();
    parts.next() == Some("module")
}

/// The client that a risk configuration is for.
pub(super) fn client(program: &Program<'_>, found: &[Found], at: usize) -> Client {
    let Some(one) = found.get(at).filter(|one| one.mapping.section == Section::RiskConfiguration) else {
        return Client::Whole;
    };
    let Some(value) = argument(program, one, "client_id") else { return Client::Whole };
    let why = || format!("which client {} is for cannot be followed", one.resource.address).into();
    let unknown = match &value.what {
        What::Null => return Client::Whole,
        What::Text(text) if text.is_empty() => return Client::Whole,
        What::Text(_) => return Client::Elsewhere,
        What::Unknown(unknown) => Rc::clone(unknown),
        _ => return Client::Open(why()),
    };
    match (resources(found, &unknown, Section::Clients).as_slice(), unknown.open, unknown.sure) {
        ([only], false, _) => Client::Of(*only),
        (_, true, false) => Client::Any(why()),
        (_, _, _) => Client::Open(why()),
    }
}
