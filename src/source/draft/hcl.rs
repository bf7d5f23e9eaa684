//! A draft as a configuration of Terraform, laid out as `terraform fmt` does.

use super::tree::{Attribute, Content, Entry};
use super::{Draft, Resource};
use crate::source::hcl::literal;

const LEVEL: &str = "  ";

/// The resources, and then the variables.
pub(super) fn text(draft: &Draft, resources: &[Resource]) -> String {
    let mut blocks = Vec::new();
    for resource in resources {
        let head = format!("resource \"{}\" \"{}\"", resource.part.terraform, resource.part.label);
        blocks.push(format!("{head} {{\n{}}}\n", body(&resource.entries, LEVEL)));
    }
    for parameter in draft.parameters() {
        let about = quoted(&parameter.about);
        blocks.push(format!(
            "# An example: {}\nvariable \"{}\" {{\n{LEVEL}type        = string\n{LEVEL}description = {about}\n}}\n",
            quoted(&parameter.example),
            parameter.name
        ));
    }
    blocks.join("\n")
}

/// The lines of a block: arguments, and then blocks with an empty line before each.
fn body(entries: &[Entry], level: &str) -> String {
    let (blocks, arguments): (Vec<&Entry>, Vec<&Entry>) =
        entries.iter().partition(|entry| matches!(entry.content, Content::Block(_)));
    let mut parts = Vec::new();
    if !arguments.is_empty() {
        parts.push(arguments_of(&arguments, level));
    }
    for entry in blocks {
        if let Content::Block(inner) = &entry.content {
            let comments = comments(&entry.comments, level);
            let inner = body(inner, &format!("{level}{LEVEL}"));
            parts.push(format!("{comments}{level}{} {{\n{inner}{level}}}\n", entry.name));
        }
    }
    parts.join("\n")
}

/// Arguments one below the other: signs are in line where no comment and no value of several lines
/// is between them.
fn arguments_of(arguments: &[&Entry], level: &str) -> String {
    let quotes_names = arguments.iter().any(|entry| !is_name(&entry.name));
    let name = |entry: &Entry| if quotes_names { quoted(&entry.name) } else { entry.name.clone() };
    let mut text = String::new();
    let mut from = 0;
    while from < arguments.len() {
        let is_short = |entry: &&&Entry| !matches!(entry.content, Content::Structure(_));
        let more = arguments[from + 1..].iter().take_while(|entry| entry.comments.is_empty());
        let more = more.take_while(is_short).count();
        let more = if is_short(&&arguments[from]) { more } else { 0 };
        let group = &arguments[from..=from + more];
        let longest = group.iter().map(|entry| name(entry).len()).max().unwrap_or_default();
        text.push_str(&comments(&group[0].comments, level));
        for entry in group {
            let value = value(&entry.content, level);
            text.push_str(&format!("{level}{:longest$} = {value}\n", name(entry)));
        }
        from += group.len();
    }
    text
}

fn comments(lines: &[String], level: &str) -> String {
    lines.iter().flat_map(|line| [level, "# ", line, "\n"]).collect()
}

fn value(content: &Content, level: &str) -> String {
    match content {
        Content::Plain(value) => literal(value).unwrap_or_else(|| quoted(&value.to_string())),
        Content::Parameter(parameter) => format!("var.{}", parameter.name),
        Content::Pool(Attribute::Id) => "aws_cognito_user_pool.main.id".to_owned(),
        Content::Pool(Attribute::Arn) => "aws_cognito_user_pool.main.arn".to_owned(),
        Content::List(items) => {
            let items: Vec<String> = items.iter().map(|item| value(item, level)).collect();
            format!("[{}]", items.join(", "))
        }
        Content::Structure(entries) | Content::Block(entries) => {
            let entries: Vec<&Entry> = entries.iter().collect();
            format!("{{\n{}{level}}}", arguments_of(&entries, &format!("{level}{LEVEL}")))
        }
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn quoted(text: &str) -> String {
    literal(&crate::value::Value::String(text.to_owned().into())).unwrap_or_default()
}
