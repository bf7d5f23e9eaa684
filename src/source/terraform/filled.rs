//! Members that follow from arguments of other names.

use std::borrow::Cow;

use super::arguments::COPIES;
use super::resource::{CLIENTS, Resource};
use super::translate::{Part, set};
use super::tree::Node;
use crate::source::declared::Places;
use crate::source::json::Walk;
use crate::value::{Map, Value};

/// Sets the members that the provider fills from an argument of another name.
pub(super) fn copy(document: &mut Map, places: &mut Places) {
    let mfa_is_off = match document.get("MfaConfiguration") {
        Some(Value::String(mode)) => mode == "OFF",
        None => true,
        _ => false,
    };
    for (from, to) in COPIES {
        let sms = to.starts_with("MfaConfig.SmsMfaConfiguration");
        // SMS is a second factor where there is a second factor and SMS can be sent.
        if sms && (mfa_is_off || document.get("SmsConfiguration").is_none()) {
            continue;
        }
        let (from, to): (Vec<&'static str>, Vec<&'static str>) =
            (from.split('.').collect(), to.split('.').collect());
        if find(document, &to).is_some() {
            continue;
        }
        let Some(value) = find(document, &from).cloned() else { continue };
        set(document, &to, value);
        let walk = |path: &[&'static str]| -> Vec<Walk<'static>> {
            path.iter().map(|step| Walk::Member(Cow::Borrowed(*step))).collect()
        };
        let (from, to) = (walk(&from), walk(&to));
        let inside: Vec<_> = places.values.iter().filter(|(at, _)| at.starts_with(&from)).collect();
        let inside: Vec<_> = inside
            .into_iter()
            .map(|(at, range)| {
                (to.iter().chain(&at[from.len()..]).cloned().collect::<Vec<_>>(), range.clone())
            })
            .collect();
        places.values.extend(inside);
    }
}

fn find<'d>(document: &'d Map, path: &[&str]) -> Option<&'d Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(document.get(first)?, |value, step| value.get(step))
}

/// A client that is yet to be made has a secret where one is asked for.
pub(super) fn client_secret(resource: &Resource, part: &mut Part) {
    let asked = resource.tree.get("generate_secret");
    let unknown = matches!(part.document.get("ClientSecret"), Some(Value::Later(_) | Value::Unknown(_)));
    if !unknown || resource.kind != CLIENTS[0] || resource.unknown().member("generate_secret").any() {
        return;
    }
    match asked.map(|asked| &asked.node) {
        Some(Node::Bool(true)) => {
            part.document.set(Cow::Borrowed("ClientSecret"), Value::Secret);
            if let Some(asked) = asked {
                part.values.insert(vec![Walk::Member(Cow::Borrowed("ClientSecret"))], asked.at.clone());
            }
        }
        _ => part.document.0.retain(|(name, _)| name != "ClientSecret"),
    }
}

/// The association names a web ACL and says nothing of what is in it.
pub(super) fn web_acl(document: &mut Map) {
    let arn = document.get("ARN").and_then(Value::as_str).map(str::to_owned);
    let parts: Vec<&str> = arn.iter().flat_map(|arn| arn.split('/')).collect();
    for (member, at) in [("Name", 2), ("Id", 3)] {
        let value = match parts.get(at) {
            Some(part) => Value::String((*part).to_owned().into()),
            None => Value::Later("known only after apply".into()),
        };
        document.set(Cow::Borrowed(member), value);
    }
    for member in
        ["Description", "Capacity", "DefaultAction", "ManagedByFirewallManager", "LabelNamespace", "Rules"]
    {
        let why = "the association names the web ACL and says nothing of what is in it";
        document.set(Cow::Borrowed(member), Value::Unknown(why.into()));
    }
}
