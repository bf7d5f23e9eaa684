//! Pools as other services show them in CloudFormation's properties: Cloud Control and AWS Config say how a pool is,
//! not how a template would make it.

use super::kind::{POOL, mappings};
use super::reading;
use super::recognize::{self, Text};
use super::remarks::Part;
use crate::pool::{Lifecycle, Section, lacking};
use crate::source::declared::DeclaredPool;
use crate::source::{Chunk, Reading};
use crate::value::{Text as Words, Value};

/// The properties of one pool.
pub(in crate::source) struct Stated {
    /// The pool's id.
    pub id: String,
    pub arn: Option<String>,
    pub properties: serde_json::Map<String, serde_json::Value>,
    /// Line and column in the file.
    pub at: (usize, usize),
}

/// Reads pools that are stated in a file.
pub(in crate::source) fn read(chunk: &Chunk, stated: &[Stated]) -> Reading {
    let mut text = String::from("{\"Resources\": {");
    let mut inside = Vec::new();
    for (position, pool) in stated.iter().enumerate() {
        let start = text.len();
        let mut properties = pool.properties.clone();
        properties.retain(|name, _| mappings().get(POOL).is_none_or(|mapping| !mapping.is_returned(name)));
        let body = serde_json::json!({ "Type": POOL, "Properties": properties });
        let id = serde_json::Value::from(pool.id.as_str());
        let comma = if position == 0 { "" } else { "," };
        text.push_str(&format!("{comma}\n{id}: {body:#}"));
        inside.push(Part { within: start..text.len(), at: pool.at });
    }
    text.push_str("\n}}");
    let found = recognize::recognize("", &text);
    if matches!(found, Text::Foreign) {
        return Reading::default();
    }
    let mut reading = reading(chunk, &text, found, &inside, Lifecycle::Stated);
    for pool in reading.declared.iter_mut().flat_map(|declared| &mut declared.pools) {
        as_stated(pool, stated);
    }
    reading
}

/// Says of a pool what its properties do not: which one it is, and that nothing is known of its factors where they are
/// not listed.
fn as_stated(declared: &mut DeclaredPool, stated: &[Stated]) {
    for scenario in &mut declared.scenarios {
        let pool = &mut scenario.pool;
        let Some(stated) = stated.iter().find(|one| pool.address.as_deref() == Some(one.id.as_str())) else {
            continue;
        };
        let text = |text: &str| Value::String(Words::Owned(text.to_owned()));
        pool.document.set("Id".into(), text(&stated.id));
        if let Some(arn) = &stated.arn {
            pool.document.set("Arn".into(), text(arn));
        }
        // A query may have asked for a few of the properties.
        pool.lacks = lacking(&pool.document);
        if !stated.properties.contains_key("EnabledMfas") {
            pool.held.retain(|section| *section != Section::MfaConfig);
            pool.document.0.retain(|(name, _)| name != Section::MfaConfig.member());
        }
    }
}
