//! Members that follow from arguments with other meanings.

use std::borrow::Cow;

use super::resource::{CLIENTS, POOLS, Resource};
use super::translate::Part;
use super::tree::{Node, Tree};
use crate::source::declared::set;
use crate::source::text::Walk;
use crate::value::{Map, Value};

/// Sets SMS as a second factor where there is a second factor and SMS can be sent, as the provider does.
pub(super) fn second_factor(document: &mut Map) {
    let mfa_is_off = match document.get("MfaConfiguration") {
        Some(Value::String(mode)) => mode == "OFF",
        None => true,
        _ => false,
    };
    let known = document.get("MfaConfig").and_then(|section| section.get("SmsMfaConfiguration"));
    if mfa_is_off || known.is_some() || document.get("SmsConfiguration").is_none() {
        return;
    }
    set(document, &["MfaConfig", "SmsMfaConfiguration"], Value::Map(Map::default()));
}

/// A client that is yet to be made has a secret where one is asked for.
pub(super) fn client_secret(resource: &Resource, part: &mut Part) {
    let asked = resource.tree.get("generate_secret");
    let unknown = matches!(part.document.get("ClientSecret"), Some(Value::Later(_) | Value::Unknown(_)));
    if !unknown || resource.kind == CLIENTS[1] || resource.unknown().member("generate_secret").any() {
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

/// The factors of a pool that lists them, as CloudFormation and the provider that has its properties do.
pub(super) fn factors(resource: &Resource, document: &mut Map) {
    const FACTORS: [(&str, &str); 3] = [
        ("SMS_MFA", "SmsMfaConfiguration"),
        ("SOFTWARE_TOKEN_MFA", "SoftwareTokenMfaConfiguration"),
        ("EMAIL_OTP", "EmailMfaConfiguration"),
    ];
    let listed = resource.tree.get("enabled_mfas").filter(|listed| !listed.is_unset());
    let unknown = resource.unknown().member("enabled_mfas").any();
    if resource.kind != POOLS[1] || (listed.is_none() && !unknown) {
        return;
    }
    let lists = |factor: &str| {
        let elements = listed.map_or(&[] as &[_], Tree::elements);
        elements.iter().any(|element| element.as_str() == Some(factor))
    };
    for (factor, member) in FACTORS {
        let given = document.get("MfaConfig").and_then(|section| section.get(member)).cloned();
        let value = match (factor, lists(factor)) {
            _ if unknown => Value::Unknown("known only after apply".into()),
            ("SOFTWARE_TOKEN_MFA", on) => Value::Map(Map(vec![("Enabled".into(), Value::Bool(on))])),
            (_, true) => given.unwrap_or(Value::Map(Map::default())),
            // What it says is not used.
            (_, false) => Value::Null,
        };
        set(document, &["MfaConfig", member], value);
    }
    if let Some((_, Value::Map(section))) = document.0.iter_mut().find(|(name, _)| name == "MfaConfig") {
        section.0.retain(|(_, value)| *value != Value::Null);
    }
}
