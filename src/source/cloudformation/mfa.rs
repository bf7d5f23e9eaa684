//! The section of a pool document that has the factors, from the properties that set them in a template.

use std::sync::Arc;

use super::term::{Meaning, Term};
use super::translate::{Translator, Way, step};
use crate::schema::schema;
use crate::value::{Map, Value};

/// Properties of the pool that belong into the section.
pub(super) struct Factors {
    enabled: Option<Term>,
    /// Where each goes in the section.
    others: Vec<(&'static str, &'static str, Term)>,
    open: Option<Arc<str>>,
}

/// Property, and structure and member of the section.
const OTHERS: [(&str, &str, &str); 5] = [
    ("EmailAuthenticationMessage", "EmailMfaConfiguration", "Message"),
    ("EmailAuthenticationSubject", "EmailMfaConfiguration", "Subject"),
    ("WebAuthnRelyingPartyID", "WebAuthnConfiguration", "RelyingPartyId"),
    ("WebAuthnUserVerification", "WebAuthnConfiguration", "UserVerification"),
    ("WebAuthnFactorConfiguration", "WebAuthnConfiguration", "FactorConfiguration"),
];

impl Factors {
    /// Takes them out of the properties.
    pub(super) fn take(properties: &mut Term) -> Factors {
        let mut others = Vec::new();
        for (property, structure, member) in OTHERS {
            others.extend(properties.take(property).map(|term| (structure, member, term)));
        }
        let open = match &properties.what {
            Meaning::Map(_, open) => open.clone(),
            Meaning::Unknown(why) | Meaning::Later { why, .. } => Some(why.clone()),
            _ => None,
        };
        Factors { enabled: properties.take("EnabledMfas"), others, open }
    }
}

/// What `EnabledMfas` can hold.
const FACTORS: [&str; 3] = ["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"];

/// Whether a factor is on.
enum On {
    Yes,
    No,
    Unknown(Arc<str>),
}

/// The section, from its own properties; what the pool has too comes from there.
pub(super) fn section(translator: &mut Translator<'_>, factors: Factors, pool: &Map) -> Value {
    let mut section = Map::default();
    let top = vec![step("MfaConfig")];
    let mut others = [Map::default(), Map::default()];
    for (structure, member, term) in factors.others {
        let mut way: Way = vec![step("MfaConfig"), step(structure), step(member)];
        let node = schema().find(&format!("MfaConfig.{structure}.{member}"));
        let at = usize::from(structure == "WebAuthnConfiguration");
        if let Some(value) = translator.value(term, node, &mut way) {
            others[at].set(member.into(), value);
        }
    }
    let [email, web_authn] = others;
    if !web_authn.is_empty() {
        section.set("WebAuthnConfiguration".into(), Value::Map(web_authn));
    } else if let Some(why) = &factors.open {
        section.set("WebAuthnConfiguration".into(), Value::Unknown(why.clone()));
    }
    let token = Map(vec![("Enabled".into(), Value::Bool(true))]);
    let all = [
        ("SMS_MFA", "SmsMfaConfiguration", Map::default()),
        ("SOFTWARE_TOKEN_MFA", "SoftwareTokenMfaConfiguration", token),
        ("EMAIL_OTP", "EmailMfaConfiguration", email),
    ];
    for (factor, member, value) in all {
        let on = state(factors.enabled.as_ref(), factors.open.as_ref(), factor, pool);
        if let Some(enabled) = &factors.enabled {
            for way in [top.clone(), vec![step("MfaConfig"), step(member)]] {
                translator.places.values.entry(way).or_insert(enabled.at.clone());
            }
        }
        match on {
            On::Yes => section.set(member.into(), Value::Map(value)),
            On::No => {}
            On::Unknown(why) => section.set(member.into(), Value::Unknown(why)),
        }
    }
    Value::Map(section)
}

/// Whether a factor is on.
fn state(enabled: Option<&Term>, open: Option<&Arc<str>>, factor: &str, pool: &Map) -> On {
    match (enabled, open) {
        (Some(enabled), _) => listed(enabled, factor),
        (None, Some(why)) => On::Unknown(why.clone()),
        (None, None) if factor == "SMS_MFA" => by_sms(pool),
        (None, None) => On::No,
    }
}

/// Whether `EnabledMfas` has a factor.
fn listed(enabled: &Term, factor: &str) -> On {
    let mut unknown = None;
    let items = match &enabled.what {
        Meaning::List(items) => items.as_slice(),
        Meaning::Later { why, .. } | Meaning::Unknown(why) => return On::Unknown(why.clone()),
        _ => return On::Unknown("`EnabledMfas` is no list".into()),
    };
    for item in items {
        match &item.what {
            Meaning::Scalar(scalar) if *scalar.text == *factor => return On::Yes,
            Meaning::Scalar(scalar) if FACTORS.contains(&&*scalar.text) => {}
            Meaning::Scalar(scalar) => {
                unknown =
                    Some(format!("`{}` in `EnabledMfas` is no factor that there is", scalar.text).into());
            }
            Meaning::Later { why, .. } | Meaning::Unknown(why) => unknown = Some(why.clone()),
            _ => unknown = Some("an element of `EnabledMfas` is no text".into()),
        }
    }
    unknown.map_or(On::No, On::Unknown)
}

/// Without `EnabledMfas`, a pool that asks for a second factor sends it by SMS where it can.
fn by_sms(pool: &Map) -> On {
    match (pool.get("SmsConfiguration"), pool.get("MfaConfiguration")) {
        (None, _) => On::No,
        (Some(Value::Unknown(why)), _) | (_, Some(Value::Later(why) | Value::Unknown(why))) => {
            On::Unknown(why.clone())
        }
        (Some(_), Some(Value::String(mode))) if mode != "OFF" => On::Yes,
        (Some(_), _) => {
            On::Unknown("whether SMS counts as a factor while MFA is OFF is not documented".into())
        }
    }
}
