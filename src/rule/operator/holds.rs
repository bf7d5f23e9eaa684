//! Whether an operator holds for a value that is there.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Operator;
use crate::pool::Section;
use crate::schema::{Kind, Node, schema};
use crate::ternary::Ternary;
use crate::value::{Value, unknown_among};

/// The bits before an address of IPv4 in the notation of IPv6.
const MAPPED: u8 = 96;

/// Only what is a secret by itself has no value here; anything else is one since its author says so.
fn not_kept(node: Option<&Node>) -> &'static str {
    match node {
        Some(node) if !node.secret => {
            "it is marked as sensitive (`sensitive` in Terraform, `NoEcho` in CloudFormation), and such a value is \
             not kept"
        }
        Some(_) | None => "the value of a secret is not kept",
    }
}

impl Operator {
    /// Whether the operator holds for a value, or why that cannot be known. `now` is in milliseconds since 1970.
    ///
    /// A value of another type than the schema's, or an enum value that the schema does not know, is neither
    /// right nor wrong: what the service makes of it is not known here.
    pub fn holds(&self, value: &Value, node: Option<&Node>, now: i64) -> Result<bool, String> {
        if let Operator::Present(wanted) = self {
            return Ok(*wanted);
        }
        match value {
            Value::Secret => return Err(not_kept(node).to_owned()),
            Value::Later(why) => return Err(why.to_string()),
            _ => {}
        }
        if let Some(node) = node {
            fits_schema(value, node)?;
        }
        match self {
            Operator::Present(_) => Ok(true),
            Operator::Equals(wanted) => Ok(value == wanted),
            Operator::NotEquals(unwanted) => Ok(value != unwanted),
            Operator::OneOf(wanted) => among(value, wanted),
            Operator::NoneOf(unwanted) => among(value, unwanted).map(|among| !among),
            Operator::AtLeast(least) => number(value).map(|n| n >= *least as f64),
            Operator::AtMost(most) => number(value).map(|n| n <= *most as f64),
            Operator::Matches(regex) => text(value).map(|text| regex.is_match(text)),
            Operator::NotMatches(regex) => text(value).map(|text| !regex.is_match(text)),
            Operator::Contains(wanted) => has(value, wanted, node),
            Operator::NotContains(unwanted) => has(value, unwanted, node).map(|has| !has),
            Operator::ContainsAll(wanted) => all(wanted.iter().map(|one| has(value, one, node))),
            Operator::ContainsOnly(allowed) => only(value, allowed, node),
            Operator::LengthAtLeast(least) => within(lengths(value, node)?, |n| n >= *least),
            Operator::LengthAtMost(most) => within(lengths(value, node)?, |n| n <= *most),
            Operator::PrefixAtLeast(least) => prefix(value).map(|bits| bits >= *least),
            Operator::OlderThan(age, _) => time(value).map(|then| now.saturating_sub(then) > *age),
            Operator::NewerThan(age, _) => time(value).map(|then| now.saturating_sub(then) <= *age),
        }
    }
}

/// Conjunction of results: the first that is false, else the first that is unknown.
fn all(results: impl Iterator<Item = Result<bool, String>>) -> Result<bool, String> {
    Ternary::all(results.map(Ternary::from)).known()
}

/// Whether a value is one of several, which are values of the pool where the operand is. One of those may be unknown.
fn among(value: &Value, several: &[Value]) -> Result<bool, String> {
    match several.contains(value) {
        true => Ok(true),
        false => all_known(several).map(|()| false),
    }
}

fn all_known(values: &[Value]) -> Result<(), String> {
    unknown_among(values).map_or(Ok(()), |why| Err(why.to_owned()))
}

fn fits_schema(value: &Value, node: &Node) -> Result<(), String> {
    let fits = match (node.kind, value) {
        (_, Value::Later(why) | Value::Unknown(why)) => return Err(why.to_string()),
        (_, Value::Secret) => return Err(not_kept(Some(node)).to_owned()),
        (Kind::String, Value::String(text)) => return known_value(text, node),
        (Kind::Integer, Value::Int(_))
        | (Kind::Boolean, Value::Bool(_))
        | (Kind::Timestamp, Value::Time(_))
        | (Kind::List, Value::List(_))
        | (Kind::Map | Kind::Structure, Value::Map(_)) => true,
        _ => false,
    };
    if fits {
        return Ok(());
    }
    let shown = match value {
        Value::List(_) | Value::Map(_) => value.kind().to_owned(),
        Value::String(text) => format!("the string \"{text}\""),
        _ => format!("{} ({value})", value.kind()),
    };
    Err(format!("{shown} was found where the API has a value of type {}", node.kind.word()))
}

fn known_value(text: &str, node: &Node) -> Result<(), String> {
    if node.values.is_empty() || node.values.iter().any(|known| known == text) {
        return Ok(());
    }
    Err(format!("\"{text}\" is not one of the values that this version knows ({})", node.values.join(", ")))
}

fn number(value: &Value) -> Result<f64, String> {
    match value {
        Value::Int(n) => Ok(*n as f64),
        Value::Float(n) => Ok(*n),
        // Rust reads "inf" and "nan" as numbers too.
        Value::String(text) => {
            let number = text.parse().ok().filter(|number: &f64| number.is_finite());
            number.ok_or_else(|| format!("\"{text}\" is not a number"))
        }
        other => Err(format!("{} is not a number", other.kind())),
    }
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("{} is not text", value.kind()))
}

fn time(value: &Value) -> Result<i64, String> {
    match value {
        Value::Time(millis) => Ok(*millis),
        other => Err(format!("{} is not a time", other.kind())),
    }
}

/// The bits of the network in a CIDR range; an address alone is a range of one.
fn prefix(value: &Value) -> Result<i64, String> {
    let text = text(value)?;
    let misfit = || format!("\"{text}\" is not a range of addresses");
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| misfit())?)),
        None => (text, None),
    };
    let address = address.parse::<IpAddr>().map_err(|_| misfit())?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(most);
    match address {
        _ if bits > most => Err(misfit()),
        IpAddr::V4(_) => Ok(i64::from(bits)),
        IpAddr::V6(address) => Ok(i64::from(of_mapped(address, bits).unwrap_or(bits))),
    }
}

/// The bits of the network of IPv4 that a range holds in the notation of IPv6, `::ffff:192.0.2.0/120`: none where it
/// holds all of IPv4.
fn of_mapped(address: Ipv6Addr, bits: u8) -> Option<u8> {
    let all = Ipv4Addr::UNSPECIFIED.to_ipv6_mapped().to_bits();
    let network = |address: u128| address.checked_shr(128 - u32::from(bits)).unwrap_or(0);
    match bits.checked_sub(MAPPED) {
        Some(bits) => address.to_ipv4_mapped().map(|_| bits),
        None => (network(address.to_bits()) == network(all)).then_some(0),
    }
}

/// The least and the most length that a value may have, with the reason where these differ. An element of which it is
/// unknown whether there is one counts for none or one; in a section of the pool, it stands for any number.
fn lengths<'v>(value: &'v Value, node: Option<&Node>) -> Result<(i64, i64, Option<&'v str>), String> {
    let is_open = |value: &&Value| matches!(value, Value::Unknown(_));
    let (length, open): (usize, Vec<&Value>) = match value {
        Value::String(text) => (text.chars().count(), Vec::new()),
        Value::List(items) => (items.len(), items.iter().filter(is_open).collect()),
        Value::Map(map) => (map.len(), map.0.iter().map(|(_, value)| value).filter(is_open).collect()),
        other => return Err(format!("{} has no length", other.kind())),
    };
    let why = match open.first() {
        Some(Value::Unknown(why)) => Some(&**why),
        _ => None,
    };
    let is_section = node.is_some_and(|node| Section::parse(&node.path).is_some());
    let most = if is_section && why.is_some() { i64::MAX } else { length as i64 };
    Ok(((length - open.len()) as i64, most, why))
}

/// Whether a condition on a length holds for all that it may be.
fn within((least, most, why): (i64, i64, Option<&str>), holds: impl Fn(i64) -> bool) -> Result<bool, String> {
    match (holds(least), holds(most)) {
        (one, other) if one == other => Ok(one),
        _ => Err(why.unwrap_or_default().to_owned()),
    }
}

fn element_of(node: Option<&Node>) -> Option<&'static Node> {
    node.filter(|node| node.kind == Kind::List).and_then(|node| node.element).map(|id| schema().node(id))
}

/// Whether a list has an element, or a map a key.
fn has(value: &Value, wanted: &Value, node: Option<&Node>) -> Result<bool, String> {
    match value {
        Value::Map(map) => match wanted.as_str().and_then(|key| map.get(key)) {
            Some(Value::Unknown(why)) => Err(why.to_string()),
            found => Ok(found.is_some()),
        },
        Value::List(items) => {
            if let Value::Later(why) | Value::Unknown(why) = wanted {
                return Err(why.to_string());
            }
            if items.contains(wanted) {
                return Ok(true);
            }
            all_known(items)?;
            let element = element_of(node);
            all(items
                .iter()
                .map(|item| element.map_or(Ok(()), |element| fits_schema(item, element)).map(|()| true)))
            .map(|_| false)
        }
        other => Err(format!("{} is not a list", other.kind())),
    }
}

/// Whether a list has no element, or a map no key, beside those allowed.
fn only(value: &Value, allowed: &[Value], node: Option<&Node>) -> Result<bool, String> {
    match value {
        Value::Map(map) => {
            let is_allowed = |key: &str| allowed.iter().any(|allowed| allowed.as_str() == Some(key));
            let refused = |value: &Value| {
                all_known(allowed)?;
                if let Value::Unknown(why) = value { Err(why.to_string()) } else { Ok(false) }
            };
            all(map.0.iter().filter(|(key, _)| !is_allowed(key)).map(|(_, value)| refused(value)))
        }
        Value::List(items) => {
            let element = element_of(node);
            let others = items.iter().filter(|item| !allowed.contains(item));
            let refused = |item: &Value| {
                all_known(std::slice::from_ref(item))?;
                element.map_or(Ok(()), |element| fits_schema(item, element))?;
                all_known(allowed).map(|()| false)
            };
            all(others.map(refused))
        }
        other => Err(format!("{} is not a list", other.kind())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_as_small_as_its_prefix_is_long() {
        let holds = |text: &str| {
            Operator::PrefixAtLeast(24).holds(&Value::String(text.to_owned().into()), None, 0).ok()
        };
        for (text, wanted) in [
            ("192.0.2.0/24", Some(true)),
            ("192.0.2.0/23", Some(false)),
            ("192.0.2.1", Some(true)),
            ("0.0.0.0/0", Some(false)),
            ("2001:db8::/32", Some(true)),
            ("::ffff:0.0.0.0/96", Some(false)),
            ("::ffff:c000:0200/120", Some(true)),
            ("::ffff:192.0.2.0/119", Some(false)),
            ("::ffff:192.0.2.1", Some(true)),
            ("::ffff:0:0/95", Some(false)),
            ("::/80", Some(false)),
            ("2001:db8::/80", Some(true)),
            ("192.0.2.0/33", None),
            ("192.0.2.0/", None),
            ("example.com", None),
        ] {
            assert_eq!(holds(text), wanted, "{text}");
        }
    }

    #[test]
    fn of_a_value_that_comes_with_the_deployment_only_its_presence_is_known() {
        let later = Value::Later("`Hook` has no ARN yet".into());
        let one = Value::String("x".into());
        assert_eq!(Operator::Present(true).holds(&later, None, 0), Ok(true));
        assert_eq!(Operator::Present(false).holds(&later, None, 0), Ok(false));
        for operator in [Operator::Equals(one.clone()), Operator::NotEquals(one), Operator::LengthAtLeast(0)]
        {
            assert_eq!(operator.holds(&later, None, 0), Err("`Hook` has no ARN yet".to_owned()));
        }
    }
}
