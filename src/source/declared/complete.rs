//! Members of a pool that no argument sets by itself: those that arguments with other meanings set, and those of the
//! pool that its parts name.

use std::sync::Arc;

use super::fill::{fill, set};
use super::graph::{Meaning, Open, Term};
use super::mapping::{LeftOut, Mapping};
use super::remark::Remark;
use super::translate::{Part, step};
use super::web_acl::web_acl;
use super::{Places, attributes};
use crate::pool::{Lifecycle, Pool, Section};
use crate::schema::schema;
use crate::source::text::ValueStep;
use crate::value::{Map, Value};

/// Completes the part that a resource stands for.
pub(super) fn complete(part: &mut Part, mapping: &Mapping, arguments: &Term, lifecycle: Lifecycle) {
    if mapping.section == Section::UserPool {
        factors(part, mapping, arguments);
    }
    if mapping.section == Section::WebAcl {
        let why = "the association does not name its web ACL";
        let arn = part.document.get("ARN").cloned().unwrap_or(Value::Unknown(why.into()));
        part.document = web_acl(&arn);
    }
    fill(&mut part.document, mapping.at, lifecycle);
    for left_out in &mapping.left_out {
        set_left_out(&mut part.document, &left_out.path, left_out);
        part.remarks.extend(refused(&part.document, left_out, mapping));
    }
    if mapping.section == Section::UserPool {
        attributes::complete(&mut part.document);
    }
    if let Some(argument) = mapping.secret() {
        secret(part, argument, arguments, lifecycle);
    }
}

/// Sets what a member is that is left out, also in each element of a list.
fn set_left_out(around: &mut Map, path: &[&'static str], left_out: &LeftOut) {
    let Some((name, rest)) = path.split_first() else { return };
    match around.0.iter_mut().find(|(member, _)| member == name) {
        Some((_, Value::Map(inner))) if !rest.is_empty() => set_left_out(inner, rest, left_out),
        Some((_, Value::List(items))) => {
            for item in items {
                if let Value::Map(inner) = item {
                    set_left_out(inner, rest, left_out);
                }
            }
        }
        None if rest.is_empty() => around.set((*name).into(), left_out.value.clone()),
        Some(_) | None => {}
    }
}

/// The remark that the service refuses what the provider sends for a member that is left out.
fn refused(document: &Map, left_out: &LeftOut, mapping: &Mapping) -> Option<Remark> {
    let Value::Int(sent) = left_out.value else { return None };
    let path = &left_out.path;
    let node = path.iter().try_fold(mapping.at, |node, step| schema().member(node, step))?;
    let least = schema().node(node).min.filter(|least| sent < *least)?;
    let (first, rest) = path.split_first()?;
    let held = rest.iter().try_fold(document.get(first)?, |value, step| value.get(step))?;
    let argument = mapping.argument(&path.join("."))?;
    (*held == left_out.value).then_some(Remark::Refused { argument, sent, least })
}

/// Whether a client will have a secret is asked for by an argument of another name.
fn secret(part: &mut Part, argument: &str, arguments: &Term, lifecycle: Lifecycle) {
    const SECRET: &str = "ClientSecret";
    let open = match part.document.get(SECRET) {
        Some(Value::Later(_) | Value::Unknown(_)) => true,
        Some(_) => return,
        None => lifecycle == Lifecycle::Created,
    };
    if !open {
        return;
    }
    let asked = arguments.get(argument);
    if let Some(at) = asked.and_then(|asked| asked.at.clone()) {
        part.values.entry(vec![step(SECRET)]).or_insert(at);
    }
    let text = asked.and_then(|asked| asked.what.as_text()).map(|text| text.to_ascii_lowercase());
    let value = match (text.as_deref(), asked.map(|asked| &asked.what)) {
        (Some("true"), _) => Value::Secret,
        (Some("false"), _) | (_, None | Some(Meaning::Absent)) => {
            return part.document.0.retain(|(name, _)| name != SECRET);
        }
        (_, Some(Meaning::Later { why, .. } | Meaning::Unknown(why) | Meaning::Unsaid(why))) => {
            Value::Unknown(why.clone())
        }
        _ => Value::Unknown(format!("`{argument}` is neither true nor false").into()),
    };
    part.document.set(SECRET.into(), value);
}

/// Whether a factor is on.
enum On {
    Yes,
    No,
    Unknown(Arc<str>),
}

/// The factors of the pool, where the language lists them; else SMS is one where there is a second factor and SMS can
/// be sent.
fn factors(part: &mut Part, mapping: &Mapping, arguments: &Term) {
    let factors = &mapping.factors;
    let Some(argument) = factors.argument else {
        let known = part.document.get("MfaConfig").and_then(|section| section.get("SmsMfaConfiguration"));
        if known.is_none() {
            let on = by_sms(&part.document, factors.sms_while_off);
            set_factor(&mut part.document, "SmsMfaConfiguration", None, on);
        }
        return;
    };
    let (enabled, open) = (arguments.get(argument), arguments.open());
    let mut given = match part.document.get("MfaConfig") {
        Some(Value::Map(section)) => section.clone(),
        _ => Map::default(),
    };
    let mut rest = given.clone();
    rest.0.retain(|(name, _)| !factors.values.iter().any(|(_, member)| member == name));
    if let (Some(why), None) = (&open, rest.get("WebAuthnConfiguration")) {
        rest.set("WebAuthnConfiguration".into(), Value::Unknown(why.clone()));
    }
    part.document.set("MfaConfig".into(), Value::Map(rest));
    for (factor, member) in &factors.values {
        let on = match (enabled, &open) {
            (Some(enabled), _) => listed(enabled, factor, mapping),
            (None, Some(why)) => On::Unknown(why.clone()),
            (None, None) if *member == "SmsMfaConfiguration" => by_sms(&part.document, factors.sms_while_off),
            (None, None) => On::No,
        };
        if let Some(at) = enabled.and_then(|enabled| enabled.at.as_ref()) {
            for way in [vec![step("MfaConfig")], vec![step("MfaConfig"), step(*member)]] {
                part.values.entry(way).or_insert(at.clone());
            }
        }
        let position = given.0.iter().position(|(name, _)| name == member);
        let own = position.map(|position| given.0.remove(position).1);
        set_factor(&mut part.document, member, own, on);
    }
}

/// Puts a factor into the section, with what is given of it.
fn set_factor(document: &mut Map, member: &'static str, given: Option<Value>, on: On) {
    let enabled = || {
        let structure = schema().find(&format!("MfaConfig.{member}"));
        let switch = structure.and_then(|structure| schema().member(structure, "Enabled"));
        Map(switch.map(|_| ("Enabled".into(), Value::Bool(true))).into_iter().collect())
    };
    let value = match on {
        On::Yes => given.unwrap_or_else(|| Value::Map(enabled())),
        On::No => return,
        On::Unknown(why) => Value::Unknown(why),
    };
    set(document, &["MfaConfig", member], value);
}

/// Whether a list of factors has one.
fn listed(enabled: &Term, factor: &str, mapping: &Mapping) -> On {
    let name = mapping.factors.argument.unwrap_or_default();
    let mut unknown: Open = None;
    let items = match &enabled.what {
        Meaning::List(items) => items.as_slice(),
        Meaning::Later { why, .. } | Meaning::Unknown(why) | Meaning::Unsaid(why) => {
            return On::Unknown(why.clone());
        }
        Meaning::Scalar(_) | Meaning::Map(..) | Meaning::Secret | Meaning::Absent => {
            return On::Unknown(format!("`{name}` is not a list").into());
        }
    };
    for item in items {
        match &item.what {
            Meaning::Scalar(scalar) if *scalar.text == *factor => return On::Yes,
            Meaning::Scalar(scalar)
                if mapping.factors.values.iter().any(|(value, _)| *value == &*scalar.text) => {}
            Meaning::Scalar(scalar) => {
                unknown = Some(format!("`{}` in `{name}` is not a known factor", scalar.text).into());
            }
            Meaning::Later { why, .. } | Meaning::Unknown(why) | Meaning::Unsaid(why) => {
                unknown = Some(why.clone());
            }
            Meaning::List(_) | Meaning::Map(..) | Meaning::Secret | Meaning::Absent => {
                unknown = Some(format!("an element of `{name}` is not a text").into());
            }
        }
    }
    unknown.map_or(On::No, On::Unknown)
}

/// Without a list, a pool that asks for a second factor sends it by SMS where it can.
fn by_sms(pool: &Map, while_off: Option<&'static str>) -> On {
    match (pool.get("SmsConfiguration"), pool.get("MfaConfiguration")) {
        (None, _) => On::No,
        (Some(Value::Unknown(why)), _) | (_, Some(Value::Later(why) | Value::Unknown(why))) => {
            On::Unknown(why.to_string().into())
        }
        (Some(_), Some(Value::String(mode))) if mode != "OFF" => On::Yes,
        (Some(_), _) => while_off.map_or(On::No, |why| On::Unknown(why.into())),
    }
}

/// The two members of the pool that name its domains, and their places.
pub(super) fn domains(pool: &mut Pool, places: &mut Places, source: &str) {
    let held = pool.held.contains(&Section::Domains);
    let domains = pool.document.get("Domains").and_then(Value::as_list).unwrap_or_default().to_vec();
    let open = domains.iter().find_map(|domain| is_custom(domain).err()).cloned();
    for (member, custom) in [("Domain", false), ("CustomDomain", true)] {
        let found = domains.iter().position(|domain| is_custom(domain) == Ok(custom));
        if let Some(index) = found {
            let Some(name) = domains[index].get("Domain") else { continue };
            pool.document.set(member.into(), name.clone());
            let from = [step("Domains"), ValueStep::Index(index), step("Domain")];
            // The domain may be in another file than the pool.
            let own = places.resources.get(&from[..2]).is_none_or(|domain| domain.text.is_none());
            if let Some(at) = places.values.get(from.as_slice()).filter(|_| own).cloned() {
                places.values.insert(vec![step(member)], at);
            }
        } else if pool.document.get(member).is_none() {
            let elsewhere = || {
                let new = !held && !pool.partial && pool.lifecycle == Lifecycle::Created;
                let why = format!("the {source} declares no domain of this pool, which may be elsewhere");
                new.then(|| Value::Unknown(why.into()))
            };
            if let Some(unknown) = open.clone().or_else(elsewhere) {
                pool.document.set(member.into(), unknown);
            }
        }
    }
}

/// Whether a domain is one of the pool owner's own; what makes that unknown where it is.
fn is_custom(domain: &Value) -> Result<bool, &Value> {
    if domain.is_unknown() {
        return Err(domain);
    }
    let Some(own) = domain.get("CustomDomainConfig") else { return Ok(false) };
    match own.get("CertificateArn").unwrap_or(own) {
        unknown @ Value::Unknown(_) => Err(unknown),
        _ => Ok(true),
    }
}
