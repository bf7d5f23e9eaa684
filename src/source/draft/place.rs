//! The resources that settings belong to, with the names that a language has for them.

use super::tree::{Attribute, Content, Entry, Node, Tree};
use super::{Draft, DraftLanguage, Term};
use crate::source::declared::{Argument, Form, Mapping};
use crate::source::{cloudformation, terraform};
use crate::value::Value;

/// A resource of a declaration.
#[derive(Debug)]
pub(super) struct Resource {
    pub part: &'static Part,
    pub entries: Vec<Entry>,
}

/// A part of a pool that is a resource of its own in every language.
#[derive(Debug)]
pub(super) struct Part {
    /// The member of the pool document; empty for the pool itself.
    member: &'static str,
    pub terraform: &'static str,
    /// The label of the resource in a configuration.
    pub label: &'static str,
    pub template: &'static str,
    /// The id of the resource in a template.
    pub id: &'static str,
    pub construct: &'static str,
    /// Members that the service sets where a call leaves them out, and CloudFormation asks for.
    required: &'static [(&'static str, &'static str)],
}

const PARTS: [Part; 6] = [
    Part {
        member: "",
        terraform: "aws_cognito_user_pool",
        label: "main",
        template: "AWS::Cognito::UserPool",
        id: "UserPool",
        construct: "cognito.CfnUserPool",
        required: &[],
    },
    Part {
        member: "RiskConfiguration",
        terraform: "aws_cognito_risk_configuration",
        label: "main",
        template: "AWS::Cognito::UserPoolRiskConfigurationAttachment",
        id: "RiskConfiguration",
        construct: "cognito.CfnUserPoolRiskConfigurationAttachment",
        required: &[("ClientId", "ALL")],
    },
    Part {
        member: "LogDelivery",
        terraform: "aws_cognito_log_delivery_configuration",
        label: "main",
        template: "AWS::Cognito::LogDeliveryConfiguration",
        id: "LogDelivery",
        construct: "cognito.CfnLogDeliveryConfiguration",
        required: &[],
    },
    Part {
        member: "WebACL",
        terraform: "aws_wafv2_web_acl_association",
        label: "main",
        template: "AWS::WAFv2::WebACLAssociation",
        id: "WebAclAssociation",
        construct: "wafv2.CfnWebACLAssociation",
        required: &[],
    },
    Part {
        member: "Clients",
        terraform: "aws_cognito_user_pool_client",
        label: "app",
        template: "AWS::Cognito::UserPoolClient",
        id: "Client",
        construct: "cognito.CfnUserPoolClient",
        required: &[],
    },
    Part {
        member: "Domains",
        terraform: "aws_cognito_user_pool_domain",
        label: "main",
        template: "AWS::Cognito::UserPoolDomain",
        id: "Domain",
        construct: "cognito.CfnUserPoolDomain",
        required: &[],
    },
];

/// The resources, and the paths of settings that the language has no name for.
pub(super) fn resources(draft: &Draft, language: DraftLanguage) -> (Vec<Resource>, Vec<String>) {
    let tree = Tree::of(draft);
    let (mut resources, mut unsaid) = (Vec::new(), Vec::new());
    for part in &PARTS {
        let mapping = match language {
            DraftLanguage::Terraform => terraform::mapping(part.terraform),
            DraftLanguage::Yaml | DraftLanguage::Json | DraftLanguage::Cdk => {
                cloudformation::mappings().get(part.template)
            }
        };
        let inside = if part.member.is_empty() { Some(&tree) } else { tree.member(part.member) };
        if let Some((mapping, inside)) = mapping.zip(inside) {
            resources.push(resource(part, mapping, inside, &mut unsaid));
        }
    }
    (resources, unsaid)
}

fn resource(part: &'static Part, mapping: &Mapping, inside: &Tree, unsaid: &mut Vec<String>) -> Resource {
    let mut written = Vec::new();
    let mut entries = Vec::new();
    if let Some(link) = mapping.link {
        let attribute = if part.member == "WebACL" { Attribute::Arn } else { Attribute::Id };
        entries.push(entry(link, Vec::new(), Content::Pool(attribute)));
    }
    if mapping.form == Form::Template {
        let required = part.required.iter().filter(|(name, _)| inside.member(name).is_none());
        entries
            .extend(required.map(|(name, value)| {
                entry(name, Vec::new(), Content::Plain(Value::String((*value).into())))
            }));
    }
    entries.extend(named(&mapping.arguments, inside, mapping.form, &mut Vec::new(), &mut written));
    entries.extend(factors(mapping, inside, &mut written));
    entries.sort_by_key(|entry| order(&entry.name, inside, mapping));
    let mut paths = Vec::new();
    leaves(inside, &mut Vec::new(), &mut paths);
    let is_part = |path: &[String]| part.member.is_empty() && PARTS.iter().any(|part| path[0] == part.member);
    let lost = paths.into_iter().filter(|path| !is_part(path));
    let lost = lost.filter(|path| !written.iter().any(|known: &Vec<String>| path.starts_with(known)));
    unsaid.extend(lost.map(|path| {
        let around = if part.member.is_empty() { None } else { Some(part.member.to_owned()) };
        around.into_iter().chain(path).collect::<Vec<_>>().join(".")
    }));
    Resource { part, entries }
}

fn entry(name: &str, comments: Vec<String>, content: Content) -> Entry {
    Entry { name: name.to_owned(), comments, content }
}

/// The place of an argument: where its member was set first.
fn order(name: &str, inside: &Tree, mapping: &Mapping) -> usize {
    let argument = mapping.arguments.iter().find(|argument| argument.name == name);
    let first = argument.and_then(|argument| argument.to.first());
    let at = first.and_then(|first| inside.members().iter().position(|(known, _)| known == first));
    let is_link = mapping.link == Some(name);
    at.map_or(if is_link { 1 } else { usize::MAX }, |at| if at == 0 { 0 } else { at + 1 })
}

/// The arguments that settings have. `written` gets the paths of their members.
fn named(
    arguments: &[Argument],
    inside: &Tree,
    form: Form,
    around: &mut Vec<String>,
    written: &mut Vec<Vec<String>>,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    for argument in arguments.iter().filter(|argument| argument.settable) {
        let Some(tree) = inside.at(&argument.to) else { continue };
        let depth = around.len();
        around.extend(argument.to.iter().map(|step| (*step).to_owned()));
        if argument.inside.is_empty() {
            written.push(around.clone());
            entries.push(entry(argument.name, tree.comments.clone(), tree.content()));
        } else {
            match &tree.node {
                Node::List(items) => {
                    written.push(around.clone());
                    for (number, item) in items.iter().enumerate() {
                        let inner = named(&argument.inside, item, form, &mut around.clone(), written);
                        let comments = if number == 0 { tree.comments.clone() } else { Vec::new() };
                        entries.push(entry(argument.name, comments, structure(form, inner)));
                    }
                }
                Node::Structure(_) => {
                    let mut inner = named(&argument.inside, tree, form, around, written);
                    if !inner.is_empty() {
                        complete(&argument.inside, &mut inner);
                    }
                    entries.push(entry(argument.name, tree.comments.clone(), structure(form, inner)));
                }
                Node::Leaf(_) => {}
            }
        }
        around.truncate(depth);
    }
    entries.retain(|entry| !matches!(&entry.content, Content::Block(inner) if inner.is_empty()));
    entries
}

/// Adds the arguments that a block needs beside those that it has.
fn complete(arguments: &[Argument], entries: &mut Vec<Entry>) {
    for (name, value) in arguments.iter().filter_map(Argument::needed) {
        if entries.iter().all(|entry| entry.name != name) {
            let comment = "The provider sends 0 for a block without it, which Cognito refuses.";
            entries.push(entry(name, vec![comment.to_owned()], Content::Plain(value.clone())));
        }
    }
}

fn structure(form: Form, entries: Vec<Entry>) -> Content {
    if form == Form::Blocks { Content::Block(entries) } else { Content::Structure(entries) }
}

/// The list of factors, in a language that has one.
fn factors(mapping: &Mapping, inside: &Tree, written: &mut Vec<Vec<String>>) -> Option<Entry> {
    let name = mapping.factors.argument?;
    let (mut list, mut comments) = (Vec::new(), Vec::new());
    for (value, member) in &mapping.factors.values {
        let Some(tree) = inside.at(&["MfaConfig", member]) else { continue };
        let enabled = tree.member("Enabled").map(|tree| &tree.node);
        if !matches!(enabled, Some(Node::Leaf(Term::Value(Value::Bool(false))))) {
            list.push(Content::Plain(Value::String((*value).into())));
        }
        comments.extend(tree.all_comments());
        written.push(vec!["MfaConfig".to_owned(), (*member).to_owned()]);
    }
    (!list.is_empty()).then(|| entry(name, comments, Content::List(list)))
}

/// The paths of all values in it.
fn leaves(tree: &Tree, around: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    match &tree.node {
        Node::Structure(members) => {
            for (name, inner) in members {
                around.push(name.to_string());
                leaves(inner, around, paths);
                around.pop();
            }
        }
        Node::Leaf(_) | Node::List(_) => paths.push(around.clone()),
    }
}
