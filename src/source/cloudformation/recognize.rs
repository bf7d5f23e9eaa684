//! Whether a text is a template, and what is to be said of what this program does not follow.

use std::ops::Range;
use std::sync::Arc;

use super::kind::{POOL, attached, link, mappings};
use super::node::{Entry, Node, Problem};
use super::remarks::Remarks;
use super::template::{APPLICATION, LOOP, Resource, STACK, STACK_SET, Template, mentions};
use super::{json, yaml};
use crate::diagnostic::nearest;
use crate::pool::Section;
use crate::source::declared::Language;

/// The kind of a text.
pub(super) enum Text {
    /// No template; whether it is something else is for others to say.
    Foreign,
    /// Something that should be a template and cannot be read as one.
    Refused(Problem),
    /// A template; the last says whether other YAML documents follow.
    Template(Node, Language, bool),
}

pub(super) fn recognize(file: &str, text: &str) -> Text {
    let file = file.to_ascii_lowercase();
    let is_named = |endings: &[&str]| endings.iter().any(|ending| file.ends_with(ending));
    let (named_json, named_yaml) = (is_named(&[".json"]), is_named(&[".yaml", ".yml", ".template"]));
    if named_json || text.trim_start().starts_with(['{', '[']) {
        // This alone recognizes most answers of the API.
        if !text.contains("Resources") {
            return Text::Foreign;
        }
        return match json::read(text) {
            Ok(Some(root)) if is_template(&root) => Text::Template(root, Language::Json, false),
            Ok(Some(_)) => Text::Foreign,
            Err(problem) => Text::Refused(problem),
            // A file that is named as JSON is not read as YAML, in which a fault of it may have a meaning.
            Ok(None) if named_json => Text::Foreign,
            Ok(None) => match yaml::read(text) {
                Ok((root, others)) if is_template(&root) => Text::Template(root, Language::Yaml, others),
                _ => Text::Foreign,
            },
        };
    }
    match yaml::read(text) {
        Ok((root, others)) if is_template(&root) => Text::Template(root, Language::Yaml, others),
        Ok((root, _)) if root.is_map() => Text::Refused(other_yaml(&root)),
        Ok((root, _)) if named_yaml => Text::Refused(other_yaml(&root)),
        Err(problem) if named_yaml || text.contains("AWS::") => Text::Refused(problem),
        Ok(_) | Err(_) => Text::Foreign,
    }
}

/// The kind of a value of a JSON text.
pub(super) fn value(text: &str, at: Range<usize>) -> Text {
    match json::part(text, at) {
        Ok(root) if is_template(&root) => Text::Template(root, Language::Json, false),
        Ok(_) => Text::Foreign,
        Err(problem) => Text::Refused(problem),
    }
}

/// A template has resources, and they have types.
fn is_template(root: &Node) -> bool {
    let Some(resources) = root.get("Resources").filter(|resources| resources.is_map() || resources.is_null())
    else {
        return false;
    };
    root.get("AWSTemplateFormatVersion").is_some()
        || root.get("Transform").is_some()
        || resources.entries().iter().any(|entry| {
            entry.key.starts_with("Fn::") || entry.value.get("Type").and_then(Node::text).is_some()
        })
}

fn is_serverless_framework(root: &Node) -> bool {
    root.get("service").is_some() && (root.get("provider").is_some() || root.get("functions").is_some())
}

/// The problem of a YAML file that is not a template.
fn other_yaml(root: &Node) -> Problem {
    let at = root.at.start;
    if is_serverless_framework(root) {
        let help = "make the template with `serverless package`, and check \
                    .serverless/cloudformation-template-update-stack.json";
        let message = "this is a configuration of the Serverless Framework, not the template that it makes";
        return Problem { help: Some(help.to_owned()), ..Problem::new(at, message) };
    }
    let message = match root.entries().first() {
        Some(first) => format!(
            "this is YAML, but not a CloudFormation template: it has `{}`, and no `Resources` with types",
            first.key
        ),
        None => "this is not a CloudFormation template".to_owned(),
    };
    Problem { help: Some("expected a template with `Resources`".to_owned()), ..Problem::new(at, message) }
}

/// Whether a file that a directory holds is worth reading: a template, or something that was meant to be one.
pub fn may_be_template(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    if !text.contains("AWS::") {
        return false;
    }
    if text.trim_start().starts_with('{') {
        return text.contains("Resources");
    }
    if shows_template(text) {
        return true;
    }
    match yaml::read(text) {
        Ok((root, _)) => is_template(&root) || (is_serverless_framework(&root) && text.contains(POOL)),
        Err(_) => true,
    }
}

/// Whether the lines of a text show a template, without reading it as YAML, which takes as long as all the rest.
fn shows_template(text: &str) -> bool {
    let has =
        |key: &str| text.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
    let is_one = !text.lines().skip(1).any(|line| line.starts_with("---"));
    is_one && has("Resources") && (has("AWSTemplateFormatVersion") || has("Transform"))
}

const FOLLOWED: [&str; 2] = ["AWS::Serverless-", "AWS::LanguageExtensions"];

/// Says what of a template was not followed. `of_other` is the file of the pool that a property names, where a
/// template beside this one declares it; `follows` says whether the template of a nested stack is read too, and
/// `runs` whether any may be.
pub(super) fn remark(
    template: &Template,
    of_other: impl Fn(&Node) -> Option<Arc<str>>,
    (follows, runs): (impl Fn(&Resource) -> bool, bool),
    remarks: &mut Remarks,
) {
    let mut cognito = false;
    template.root().walk(&mut |node| {
        cognito |= node.text().is_some_and(|text| text.starts_with("AWS::Cognito::UserPool"));
    });
    let help = "check what comes of it: `aws cloudformation get-template --template-stage Processed`, or a change set";
    cognito |= runs;
    for (name, node) in template.macros().filter(|_| cognito) {
        if !FOLLOWED.iter().any(|followed| name.starts_with(followed)) {
            let message = format!("macro `{name}` may change this template before it is deployed");
            remarks.unread(Some(node.at.start), message, Some(help));
        }
    }
    let entries = template.root().get("Resources").map(Node::entries).unwrap_or_default();
    for entry in template.brings_in().filter(|_| cognito) {
        let message = match entry.key.starts_with(LOOP) {
            true => format!("what `{}` runs over is not known, so what it makes was not checked", entry.key),
            false => {
                format!("what `{}` makes of the resources is not known before the deployment", entry.key)
            }
        };
        remarks.unread(Some(entry.key_at.start), message, Some(help));
    }
    for entry in entries.iter().filter(|entry| !entry.is_function()) {
        untyped(entry, remarks);
    }
    for entry in template.root().entries() {
        misplaced_section(entry, remarks);
    }
    for resource in &template.resources {
        if let Some(why) = resource.misplaced().filter(|_| mappings().get(&resource.kind).is_some()) {
            let help = "write the properties as a map under `Properties`";
            remarks.unread(Some(resource.id_at.start), format!("{why}: it is not checked"), Some(help));
        }
        if !follows(resource) {
            not_followed(resource, remarks);
        }
        if let Some((_, mapping, link)) = link(resource) {
            let own = mentions(link).iter().any(|name| is_pool(template, name));
            if !own && mapping.section != Section::WebAcl {
                let id = &resource.id;
                let message = match of_other(link) {
                    Some(file) => format!("`{id}` belongs to a pool of {file}, and is checked with it"),
                    None => format!(
                        "`{id}` belongs to a pool that this template does not declare: no other part of that pool \
                         is checked"
                    ),
                };
                remarks.note(&resource.id_at, message);
            }
        }
    }
}

/// The sections of a template. Source: "Template sections" of the AWS `CloudFormation` User Guide; `Globals` is of SAM.
const SECTIONS: [&str; 12] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Globals",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];

/// Says of a section that a template cannot have that it has a pool, or a part of one.
fn misplaced_section(entry: &Entry, remarks: &mut Remarks) {
    if entry.is_function() || SECTIONS.contains(&&*entry.key) {
        return;
    }
    let mut has_pools = false;
    entry.value.walk(&mut |node| {
        has_pools |=
            node.get("Type").and_then(Node::text).is_some_and(|kind| kind.starts_with("AWS::Cognito::"));
    });
    if has_pools {
        let message =
            format!("`{}` is not a section of a template, and what it has is not checked", entry.key);
        let help = "put the resources under `Resources`";
        remarks.unread(Some(entry.key_at.start), message, Some(help));
    }
}

/// Says of a resource whose type is not one that it may be a part of a pool.
fn untyped(entry: &Entry, remarks: &mut Remarks) {
    let (id, at) = (&entry.key, Some(entry.key_at.start));
    let help = "write a type that CloudFormation has: `Type: AWS::Cognito::UserPool`";
    match entry.value.get("Type") {
        None => remarks.unread(at, format!("resource `{id}` has no `Type`, and is not checked"), Some(help)),
        Some(kind) => match kind.text() {
            None => {
                let message = format!("the `Type` of resource `{id}` is not a text, and it is not checked");
                remarks.unread(at, message, Some(help));
            }
            Some(text) => {
                let (message, help) = match meant(text) {
                    Some(meant) => (
                        format!("type `{text}`, which may be meant for `{meant}`"),
                        format!("write `Type: {meant}`"),
                    ),
                    None if text.is_empty() => ("an empty `Type`".to_owned(), help.to_owned()),
                    None if !text.contains("::") => {
                        (format!("type `{text}`, which CloudFormation does not have"), help.to_owned())
                    }
                    None => return,
                };
                remarks.unread(at, format!("resource `{id}` has {message}, and is not checked"), Some(&help));
            }
        },
    }
}

/// The type that one may be meant for that is spelt nearly like it. Signs, spaces and characters that do not show make no
/// difference.
fn meant(kind: &str) -> Option<&'static str> {
    let followed = || mappings().kinds();
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let own = letters(kind);
    if !own.starts_with("awscog") || followed().chain(OTHERS).any(|name| name == kind) {
        return None;
    }
    let same = followed().find(|name| letters(name) == own);
    // One that is much longer or shorter is a type that this version does not know.
    same.or_else(|| nearest(kind, followed()).filter(|name| name.len().abs_diff(kind.len()) <= 2))
}

/// Types of Cognito that are not part of what is checked, and are spelt much like those that are.
const OTHERS: [&str; 7] = [
    "AWS::Cognito::UserPoolUser",
    "AWS::Cognito::UserPoolUserToGroupAttachment",
    "AWS::Cognito::UserPoolUICustomizationAttachment",
    "AWS::Cognito::UserPoolRegionalConfigurationAttachment",
    "AWS::Cognito::ManagedLoginBranding",
    "AWS::Cognito::IdentityPool",
    "AWS::Cognito::IdentityPoolRoleAttachment",
];

/// Says of a resource that it is not followed, whatever pool it may be of.
fn not_followed(resource: &Resource, remarks: &mut Remarks) {
    let at = &resource.id_at;
    match &*resource.kind {
        STACK_SET if resource.properties().is_some_and(|own| own.get("TemplateBody").is_some()) => {}
        STACK | STACK_SET | APPLICATION => {
            remarks.note(
                at,
                format!("nested stack `{}` is not followed; check its template by itself", resource.id),
            );
        }
        "AWS::Cognito::UserPoolRegionalConfigurationAttachment" => {
            remarks.note(
                at,
                format!(
                    "`{}` configures a replica of a pool in another Region, which is not checked",
                    resource.id
                ),
            );
        }
        kind if kind.ends_with("::MODULE") => {
            remarks
                .note(at, format!("module `{}` is not followed: what it makes is not checked", resource.id));
        }
        kind if attached(kind).is_some_and(|mapping| mapping.section != Section::WebAcl)
            && link(resource).is_none() =>
        {
            let message = format!(
                "`{}` has no `UserPoolId`, so its pool is not known and it is not checked",
                resource.id
            );
            remarks.unread(Some(at.start), message, Some("name the pool: `UserPoolId: !Ref POOL`"));
        }
        _ => {}
    }
}

fn is_pool(template: &Template, name: &str) -> bool {
    template.resources.iter().any(|resource| &*resource.id == name && *resource.kind == *POOL)
}
