//! Configuration items of AWS Config: of one resource, of its history, of a snapshot, and rows of a query.

use std::borrow::Cow;

use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::{File, Members, POOL, elements, member, once};
use crate::source::cloudformation::Stated;
use crate::source::text::{members, read_time};
use crate::source::{Reading, Unread};
use crate::value::Value;

/// The command that gets the items of the pools.
const HELP: &str = "run `aws configservice get-resource-config-history --resource-type AWS::Cognito::UserPool \
                    --resource-id ID --limit 1`";

/// One item, and the part of the file that holds it.
struct Item<'t> {
    part: &'t str,
    kind: Option<String>,
    id: Option<String>,
    arn: Option<String>,
    /// When it was captured, in milliseconds since 1970.
    captured: Option<i64>,
    deleted: bool,
    configuration: Option<serde_json::Map<String, Json>>,
}

/// Reads the pools of configuration items; `None` for a text that is not of AWS Config.
pub(super) fn read(file: &File<'_>, whole: &RawValue, top: &Members<'_>) -> Option<Reading> {
    let (mut items, mut unread) = (Vec::new(), Vec::new());
    for part in parts(whole.get(), top)? {
        match item(part) {
            Ok(item) => items.push(item),
            Err(message) => unread.push(file.unread(part, message, HELP)),
        }
    }
    if items.iter().all(|item| item.is_pool() && item.configuration.is_none() && !item.deleted) {
        return None;
    }
    let (mut pools, mut others) = (Vec::<Item<'_>>::new(), 0);
    let (mut older, mut notes) = (0, Vec::new());
    for item in items {
        if !item.is_pool() {
            others += 1;
        } else if let Some(same) = pools.iter_mut().find(|pool| pool.id.is_some() && pool.id == item.id) {
            older += 1;
            if same.captured.is_none() || item.captured.is_none() {
                unread.push(untimed(file, &item));
            }
            if same.captured < item.captured {
                *same = item;
            }
        } else {
            pools.push(item);
        }
    }
    let first = whole.get();
    if pools.is_empty() {
        let message = format!("none of these configuration items of AWS Config is of type `{POOL}`");
        unread.push(file.unread(first, message, HELP));
    }
    if others > 0 && !pools.is_empty() {
        let message = format!("{} of other types than `{POOL}`, and not read", are(others));
        notes.push(file.note(first, message));
    }
    if older > 0 {
        let message = format!("{} older than those of the same pools, and not read", are(older));
        notes.push(file.note(first, message));
    }
    let mut stated = Vec::new();
    for item in pools {
        let id = item.id.clone();
        let named = id.clone().unwrap_or_else(|| "without id".to_owned());
        match (id, item.configuration) {
            _ if item.deleted => notes.push(file.note(item.part, format!("pool {named} was deleted"))),
            (Some(id), Some(properties)) => {
                let at = file.at(item.part);
                stated.push(Stated { id, arn: item.arn, properties, at });
            }
            _ => {
                let message = format!("the configuration item of pool {named} has no configuration");
                unread.push(file.unread(item.part, message, HELP));
            }
        }
    }
    Some(file.stated(&stated, unread, notes))
}

/// An item that may be newer than another of the same pool, or older.
fn untimed(file: &File<'_>, item: &Item<'_>) -> Unread {
    let named = item.id.as_deref().unwrap_or_default();
    let message =
        format!("pool {named} has several configuration items, and one does not say when it was captured");
    file.unread(item.part, message, HELP)
}

fn are(items: usize) -> String {
    if items == 1 { "1 configuration item is".to_owned() } else { format!("{items} configuration items are") }
}

/// The parts of a text that are items.
fn parts<'t>(whole: &'t str, top: &Members<'t>) -> Option<Vec<&'t str>> {
    const LISTS: [&str; 4] =
        ["configurationItems", "baseConfigurationItems", "BaseConfigurationItems", "Results"];
    if whole.starts_with('[') {
        return Some(elements(whole));
    }
    if let Some(list) = LISTS.into_iter().find_map(|name| member(top, name)) {
        return Some(elements(list));
    }
    if let Some(one) = member(top, "ConfigurationItem").or(member(top, "configurationItem")) {
        return Some(vec![one]);
    }
    if let Some(detail) = member(top, "detail") {
        return member(&members(detail), "configurationItem").map(|one| vec![one]);
    }
    Some(vec![whole])
}

/// Reads an item, which a query gives as text. The error says why it is not one.
fn item(part: &str) -> Result<Item<'_>, String> {
    const NONE: &str = "this is not a configuration item of AWS Config, or does not say of which type it is";
    let text = serde_json::from_str::<String>(part).map_or(Cow::Borrowed(part), Cow::Owned);
    let Ok(Json::Object(item)) = once(&text)? else { return Err(NONE.to_owned()) };
    let word = |name: &str| item.get(name).and_then(Json::as_str).map(str::to_owned);
    let configuration = match item.get("configuration") {
        Some(Json::String(text)) => once(text)?.ok().and_then(|value| value.as_object().cloned()),
        Some(Json::Object(members)) => Some(members.clone()),
        _ => None,
    };
    let configuration = configuration.filter(|members: &serde_json::Map<_, _>| !members.is_empty());
    let kind = word("resourceType");
    if kind.is_none() && !configuration.as_ref().is_some_and(|members| members.contains_key("UserPoolId")) {
        return Err(NONE.to_owned());
    }
    let inner = |name: &str| configuration.as_ref()?.get(name)?.as_str().map(str::to_owned);
    Ok(Item {
        part,
        kind,
        id: inner("UserPoolId").or(word("resourceId")),
        arn: word("arn").or(word("ARN")).or_else(|| inner("Arn")),
        captured: item.get("configurationItemCaptureTime").and_then(millis),
        deleted: word("configurationItemStatus").is_some_and(|status| status.starts_with("ResourceDeleted")),
        configuration,
    })
}

/// A time in milliseconds since 1970. A number is of seconds.
#[expect(clippy::cast_possible_truncation, reason = "a cast of a float stops at the greatest integer")]
fn millis(time: &Json) -> Option<i64> {
    match time {
        Json::String(text) => match read_time(text)? {
            Value::Time(millis) => Some(millis),
            _ => None,
        },
        number => Some((number.as_f64()? * 1000.0) as i64),
    }
}

impl Item<'_> {
    /// A row of a query has the type only where it was asked for.
    fn is_pool(&self) -> bool {
        self.kind.as_ref().is_none_or(|kind| kind == POOL)
    }
}
