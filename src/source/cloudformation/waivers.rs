//! Waivers beside the code of a template: comments in YAML, and metadata of resources.

use std::sync::Arc;

use super::node::{Entry, Node, What};
use super::template::Template;
use crate::diagnostic::SourceFile;
use crate::source::inline::{self, InlineWaiver, Leaders, Outline};
use crate::spanned::{self, Item, Toml};
use crate::value::Day;

/// The waivers of a template. `root`: as it is written, before its loops are written out.
pub(super) fn waivers(
    (name, text): (&str, &str),
    root: &Node,
    template: &Template,
) -> Vec<Arc<InlineWaiver>> {
    if !inline::may_have(text) {
        return Vec::new();
    }
    let source_file = SourceFile::new(name, text);
    let mut waivers = Vec::new();
    // JSON has no comments; YAML may begin with a brace too.
    if !is_json(text) {
        waivers.extend(inline::in_comments(&source_file, &outline(root)));
    }
    for resource in &template.resources {
        let Some(Item { toml: Toml::Table(metadata), .. }) = resource.body.get("Metadata").map(item) else {
            continue;
        };
        if let Some(own) = metadata.get("cognito-lint") {
            waivers.extend(inline::in_metadata(&source_file, own, &resource.whole()));
        }
        waivers.extend(inline::peers_in_metadata(&source_file, &metadata, &resource.whole()));
    }
    waivers.into_iter().map(Arc::new).collect()
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok()
}

/// Texts and resources of a template. A comment that is beside several resources is beside none.
fn outline(root: &Node) -> Outline {
    let mut outline = Outline { leaders: Leaders::Yaml, ..Outline::default() };
    root.walk(&mut |node| {
        if matches!(node.what, What::Scalar(_)) {
            outline.opaque.push(node.at.clone());
        }
        outline.opaque.extend(node.entries().iter().map(|entry| entry.key_at.clone()));
    });
    for entry in root.get("Resources").map(Node::entries).unwrap_or_default() {
        outline.code.push(whole(entry));
        entry.value.walk(&mut |node| {
            outline.code.extend(node.entries().iter().map(whole));
            outline.code.extend(node.items().iter().map(|item| item.at.clone()));
        });
    }
    outline
}

fn whole(entry: &Entry) -> std::ops::Range<usize> {
    entry.key_at.start..entry.value.at.end.max(entry.key_at.end)
}

/// A value of the metadata, as settings have it. A day in quotes is a day: JSON has no other way to write one.
fn item(node: &Node) -> Item {
    let toml = match &node.what {
        What::Scalar(scalar) => match (scalar.boolean(), scalar.integer().filter(|_| scalar.plain)) {
            // The words of members such as MfaConfiguration, which are read so in properties too.
            (Some(_), _) if matches!(&*scalar.text, "ON" | "OFF") => Toml::String(scalar.text.to_string()),
            (Some(value), _) => Toml::Bool(value),
            (None, Some(value)) => Toml::Int(value),
            (None, None) if Day::parse(&scalar.text).is_some() => Toml::Date(scalar.text.to_string()),
            (None, None) => Toml::String(scalar.text.to_string()),
        },
        What::List(items) => Toml::List(items.iter().map(item).collect()),
        What::Map(entries) => {
            let entry = |entry: &Entry| spanned::Entry {
                key: entry.key.to_string(),
                key_at: entry.key_at.clone(),
                item: item(&entry.value),
            };
            Toml::Table(spanned::Table { entries: entries.iter().map(entry).collect() })
        }
    };
    Item { toml, at: node.at.clone() }
}
