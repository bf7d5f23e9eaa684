//! A draft as a stack of the AWS CDK in TypeScript, with the constructs that have the properties of CloudFormation.

use serde_json::Value as Json;

use super::tree::{Attribute, Content, Entry};
use super::{Draft, Resource, template};

const LEVEL: &str = "  ";

/// A module that exports the stack.
pub(super) fn text(draft: &Draft, resources: &[Resource]) -> String {
    let mut text = "import { CfnParameter, Stack, StackProps } from 'aws-cdk-lib';\n\
                    import * as cognito from 'aws-cdk-lib/aws-cognito';\n"
        .to_owned();
    if resources.iter().any(|resource| resource.part.construct.starts_with("wafv2.")) {
        text.push_str("import * as wafv2 from 'aws-cdk-lib/aws-wafv2';\n");
    }
    text.push_str(
        "import { Construct } from 'constructs';\n\nexport class UserPoolStack extends Stack {\n  \
         constructor(scope: Construct, id: string, props?: StackProps) {\n    super(scope, id, props);\n",
    );
    let parameters = draft.parameters();
    if parameters.is_empty() {
        text = text.replace("CfnParameter, ", "");
    }
    let inner = LEVEL.repeat(2);
    for parameter in parameters {
        let (id, about) = (template::id(parameter), quoted(&parameter.about));
        text.push_str(&format!(
            "\n{inner}// An example: {}\n{inner}const {} = new CfnParameter(this, '{id}', {{\n\
             {inner}{LEVEL}type: 'String',\n{inner}{LEVEL}description: {about},\n{inner}}});\n",
            quoted(&parameter.example),
            camel(&id)
        ));
    }
    for (number, resource) in resources.iter().enumerate() {
        let (construct, id) = (resource.part.construct, resource.part.id);
        let name = if number == 0 { "const userPool = " } else { "" };
        let body = members(&resource.entries, &format!("{inner}{LEVEL}"), true);
        text.push_str(&format!("\n{inner}{name}new {construct}(this, '{id}', {{\n{body}{inner}}});\n"));
    }
    text.push_str("  }\n}\n");
    text
}

/// The members of an object. The names of a map are those of the user and stay as they are.
fn members(entries: &[Entry], level: &str, are_properties: bool) -> String {
    let mut text = String::new();
    for entry in entries {
        text.extend(entry.comments.iter().map(|comment| format!("{level}// {comment}\n")));
        let name = if are_properties { camel(&entry.name) } else { quoted(&entry.name) };
        let value = value(&entry.content, level, entry.name != "UserPoolTags");
        text.push_str(&format!("{level}{name}: {value},\n"));
    }
    text
}

fn value(content: &Content, level: &str, are_properties: bool) -> String {
    match content {
        Content::Plain(value) => match value.as_str() {
            Some(text) => quoted(text),
            None => value.to_string(),
        },
        Content::Parameter(parameter) => format!("{}.valueAsString", camel(&template::id(parameter))),
        Content::Pool(Attribute::Id) => "userPool.ref".to_owned(),
        Content::Pool(Attribute::Arn) => "userPool.attrArn".to_owned(),
        Content::List(items) => {
            let items: Vec<String> = items.iter().map(|item| value(item, level, are_properties)).collect();
            format!("[{}]", items.join(", "))
        }
        Content::Structure(entries) | Content::Block(entries) => {
            let inner = members(entries, &format!("{level}{LEVEL}"), are_properties);
            format!("{{\n{inner}{level}}}")
        }
    }
}

/// A text in single quotes.
fn quoted(text: &str) -> String {
    let json = Json::from(text).to_string();
    let inner = json.get(1..json.len() - 1).unwrap_or_default();
    format!("'{}'", inner.replace("\\\"", "\"").replace('\'', "\\'"))
}

/// The name of a property in the CDK: words begin with a capital, and what is in capitals is one word.
fn camel(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let next = letters.get(at + 1);
        // The last capital of several begins the next word, unless the name ends there.
        let begins_word = next.is_some_and(char::is_ascii_lowercase);
        let is_inside = before.is_none_or(char::is_ascii_uppercase) && !begins_word;
        text.push(if at == 0 || is_inside { letter.to_ascii_lowercase() } else { *letter });
    }
    text
}
