//! A draft as a template of CloudFormation, in YAML or in JSON. JSON has no comments: what would be one is in the
//! metadata of the resource.

use serde_json::{Map, Value as Json, json};

use super::tree::{Attribute, Content, Entry};
use super::{Draft, Parameter, Resource};
use crate::source::declared::{Language, literal};
use crate::value::Value;

const LEVEL: &str = "  ";

/// The lines of a template in YAML.
pub(super) fn yaml(draft: &Draft, resources: &[Resource]) -> String {
    let mut text = "AWSTemplateFormatVersion: \"2010-09-09\"\n".to_owned();
    let parameters = draft.parameters();
    if !parameters.is_empty() {
        text.push_str("\nParameters:\n");
    }
    for parameter in parameters {
        let (about, example) = (quoted(&parameter.about), quoted(&parameter.example));
        text.push_str(&format!("  # An example: {example}\n"));
        text.push_str(&format!("  {}:\n    Type: String\n    Description: {about}\n", id(parameter)));
    }
    text.push_str("\nResources:\n");
    for resource in resources {
        let part = resource.part;
        text.push_str(&format!("  {}:\n    Type: {}\n    Properties:\n", part.id, part.template));
        text.push_str(&lines(&resource.entries, "      "));
    }
    text
}

fn lines(entries: &[Entry], level: &str) -> String {
    let mut text = String::new();
    for entry in entries {
        text.extend(entry.comments.iter().map(|comment| format!("{level}# {comment}\n")));
        let name = scalar(&Value::String(entry.name.clone().into()));
        text.push_str(&format!("{level}{name}:{}", after_name(&entry.content, level)));
    }
    text
}

/// The text after the colon of a name.
fn after_name(content: &Content, level: &str) -> String {
    let inner = format!("{level}{LEVEL}");
    match content {
        Content::Structure(entries) | Content::Block(entries) => format!("\n{}", lines(entries, &inner)),
        Content::List(items) if items.is_empty() => " []\n".to_owned(),
        Content::List(items) => {
            let items = items.iter().map(|item| match item {
                Content::Structure(entries) | Content::Block(entries) => {
                    let text = lines(entries, &format!("{inner}{LEVEL}"));
                    format!("{inner}- {}", text.trim_start())
                }
                plain => format!("{inner}-{}", after_name(plain, &inner)),
            });
            format!("\n{}", items.collect::<String>())
        }
        Content::Plain(value) => format!(" {}\n", scalar(value)),
        Content::Parameter(parameter) => format!(" !Ref {}\n", id(parameter)),
        Content::Pool(Attribute::Id) => " !Ref UserPool\n".to_owned(),
        Content::Pool(Attribute::Arn) => " !GetAtt UserPool.Arn\n".to_owned(),
    }
}

fn scalar(value: &Value) -> String {
    literal(value, Language::Yaml).unwrap_or_else(|| quoted(&value.to_string()))
}

fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

/// The text of a template in JSON.
pub(super) fn json(draft: &Draft, resources: &[Resource]) -> String {
    let mut template = Map::new();
    template.insert("AWSTemplateFormatVersion".to_owned(), json!("2010-09-09"));
    let parameters: Map<String, Json> = draft
        .parameters()
        .into_iter()
        .map(|parameter| {
            let about = format!("{}, for example {}", parameter.about, parameter.example);
            (id(parameter), json!({ "Type": "String", "Description": about }))
        })
        .collect();
    if !parameters.is_empty() {
        template.insert("Parameters".to_owned(), Json::Object(parameters));
    }
    let resources = resources.iter().map(|resource| {
        let mut why = Map::new();
        reasons(&resource.entries, "", &mut why);
        let mut shown = json!({ "Type": resource.part.template });
        if !why.is_empty() {
            shown["Metadata"] = json!({ "Settings": why });
        }
        shown["Properties"] = structure(&resource.entries);
        (resource.part.id.to_owned(), shown)
    });
    template.insert("Resources".to_owned(), Json::Object(resources.collect()));
    format!("{:#}\n", Json::Object(template))
}

/// The comments of settings by their paths.
fn reasons(entries: &[Entry], around: &str, why: &mut Map<String, Json>) {
    for entry in entries {
        let path = if around.is_empty() { entry.name.clone() } else { format!("{around}.{}", entry.name) };
        if !entry.comments.is_empty() {
            why.insert(path.clone(), json!(entry.comments.join(" ")));
        }
        if let Content::Structure(inner) | Content::Block(inner) = &entry.content {
            reasons(inner, &path, why);
        }
    }
}

fn structure(entries: &[Entry]) -> Json {
    Json::Object(entries.iter().map(|entry| (entry.name.clone(), as_json(&entry.content))).collect())
}

fn as_json(content: &Content) -> Json {
    match content {
        Content::Plain(value) => value.to_json(),
        Content::Parameter(parameter) => json!({ "Ref": id(parameter) }),
        Content::Pool(Attribute::Id) => json!({ "Ref": "UserPool" }),
        Content::Pool(Attribute::Arn) => json!({ "Fn::GetAtt": ["UserPool", "Arn"] }),
        Content::List(items) => Json::Array(items.iter().map(as_json).collect()),
        Content::Structure(entries) | Content::Block(entries) => structure(entries),
    }
}

/// The logical id of a parameter: its name without `_`.
pub(super) fn id(parameter: &Parameter) -> String {
    let words = parameter.name.split('_').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{rest}", first.to_ascii_uppercase())
    });
    words.collect()
}
