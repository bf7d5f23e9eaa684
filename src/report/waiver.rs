//! A waiver to put into a file.

use std::io::{self, Write};

use crate::finding::Finding;
use crate::spanned::quoted;
use crate::value::{Day, Text, Value};

/// The parts of a waiver that do not depend on a finding.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    pub rule: &'a str,
    /// As somebody named it.
    pub pool: &'a str,
    pub owner: &'a str,
    pub reason: &'a str,
    pub expires: Day,
}

/// Writes one `[[waiver]]`; with a finding and the value at one of its places, for just
/// this one: its pool by the id, its element and the value.
pub fn write(
    draft: &Draft<'_>,
    found: Option<(&Finding, Option<&Value>)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "[[waiver]]")?;
    let finding = found.map(|(finding, _)| finding);
    let id = finding.and_then(|finding| finding.pool.identity.id.as_deref());
    if let Some(finding) = finding.filter(|finding| finding.pool.identity.name.is_some()) {
        writeln!(out, "# {}", quoted(&finding.pool.identity.title()).trim_matches('"'))?;
    }
    writeln!(out, "rule    = {}", quoted(draft.rule))?;
    writeln!(out, "pool    = {}", quoted(id.unwrap_or(draft.pool)))?;
    if let Some((finding, actual)) = found {
        if let Some(subject) = &finding.subject {
            writeln!(out, "subject = {}", quoted(&subject.key))?;
        }
        match actual {
            Some(value) => {
                if let Some(value) = toml(value) {
                    writeln!(out, "value   = {value}")?;
                }
            }
            None => writeln!(out, "value   = {{ absent = true }}")?,
        }
    }
    writeln!(out, "owner   = {}", quoted(draft.owner))?;
    writeln!(out, "reason  = {}", quoted(draft.reason))?;
    writeln!(out, "expires = {}", draft.expires)
}

/// The value in TOML; nothing for what TOML does not have, and for a secret, which cannot be compared.
fn toml(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Secret | Value::Later(_) | Value::Unknown(_) => None,
        Value::Bool(_) | Value::Int(_) => Some(value.to_string()),
        Value::Float(number) => number.is_finite().then(|| format!("{number:?}")),
        Value::String(_) | Value::Time(_) => Some(quoted(&value.to_string())),
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(toml).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Map(map) => {
            let member = |(key, value): &(Text, Value)| Some(format!("{} = {}", quoted(key), toml(value)?));
            let members: Option<Vec<String>> = map.0.iter().map(member).collect();
            let members = members?;
            Some(if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", members.join(", ")) })
        }
    }
}
