//! The provider that a resource goes by: its Region, and the tags that it adds to everything it makes.

use serde_json::{Map, Value as Json};

use super::file::{Configuration, Configured, Provider};
use super::resource::Resource;
use super::tree::{Node, Tree};

/// The tags that a provider adds.
#[derive(Debug)]
enum DefaultTags {
    Known(Map<String, Json>),
    /// They come from elsewhere, or which provider it is does not show.
    Unknown,
}

/// Gives a resource the Region of its provider and, where a plan leaves them open as a whole, the tags of both.
pub(super) fn apply(
    configuration: Option<&Configuration<'_>>,
    configured: Option<&Configured<'_>>,
    resource: &mut Resource,
) {
    let Some(configuration) = configuration else { return };
    let key = configured.and_then(|configured| configured.provider_config_key.as_deref());
    let own = key.and_then(|key| configuration.provider_config.get(key));
    resource.region = own.or_else(|| only(configuration)).and_then(region);
    let tags = match own {
        Some(provider) => default_tags(provider),
        // Older versions name a provider that a module inherits by a key that is not in the file.
        None => {
            let mut providers = configuration.provider_config.values();
            let none =
                providers.all(|one| matches!(default_tags(one), DefaultTags::Known(tags) if tags.is_empty()));
            if none { DefaultTags::Known(Map::new()) } else { DefaultTags::Unknown }
        }
    };
    if let DefaultTags::Known(tags) = tags {
        resource.default_tags = !tags.is_empty();
        merge(resource, &tags);
    }
}

/// The one provider for AWS that there is.
fn only<'c, 't>(configuration: &'c Configuration<'t>) -> Option<&'c Provider<'t>> {
    let mut providers = configuration.provider_config.values().filter(|provider| {
        provider.full_name.as_deref().or(provider.name.as_deref()).is_some_and(|name| name.ends_with("aws"))
    });
    providers.next().filter(|_| providers.next().is_none())
}

/// The Region of a provider, where it is written out.
fn region(provider: &Provider<'_>) -> Option<String> {
    let expressions: Json = serde_json::from_str(provider.expressions?.get()).ok()?;
    Some(expressions["region"]["constant_value"].as_str()?.to_owned())
}

fn default_tags(provider: &Provider<'_>) -> DefaultTags {
    let expressions = provider.expressions.and_then(|raw| serde_json::from_str::<Json>(raw.get()).ok());
    match expressions.as_ref().and_then(|expressions| expressions.get("default_tags")) {
        None => DefaultTags::Known(Map::new()),
        Some(block) => match &block[0]["tags"]["constant_value"] {
            Json::Object(tags) => DefaultTags::Known(tags.clone()),
            _ => DefaultTags::Unknown,
        },
    }
}

/// Makes `tags_all` of the tags of the provider and of the resource. A plan leaves it open as a whole where one tag is
/// unknown or empty.
fn merge(resource: &mut Resource, defaults: &Map<String, Json>) {
    if !resource.unknown().member("tags_all").all() || resource.unknown().member("tags").all() {
        return;
    }
    let own = resource.tree.get("tags");
    let written = own.map_or(&[] as &[_], Tree::members);
    let open = resource.unknown().member("tags").names().map(str::to_owned).collect::<Vec<_>>();
    if written.is_empty() && open.is_empty() && defaults.is_empty() {
        return;
    }
    let at = own.map_or(resource.tree.at.start..resource.tree.at.start, |own| own.at.clone());
    let mut all: Vec<(String, Tree)> = written.to_vec();
    for (name, value) in defaults {
        let known = all.iter().any(|(other, _)| other == name) || open.contains(name);
        if let (false, Json::String(text)) = (known, value) {
            all.push((name.clone(), Tree { at: at.clone(), node: Node::String(text.clone()) }));
        }
    }
    let marks = open.into_iter().map(|name| (name, Json::Bool(true))).collect();
    if let Some(unknown) = resource.unknown.as_object_mut() {
        unknown.insert("tags_all".to_owned(), Json::Object(marks));
    }
    resource.tree.set("tags_all", Tree { at, node: Node::Map(all) });
}
