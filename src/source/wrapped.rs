//! Pools inside the answers of other services: templates of `aws cloudformation get-template`, resources of
//! `aws cloudcontrol`, and configuration items of AWS Config.

mod config;

use std::borrow::Cow;

use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::answer::twice;
use super::cloudformation::{self, Stated};
use super::text::{is_more, members, place, twice_in};
use super::{Chunk, Note, Reading, Unread};

/// The type of a pool in CloudFormation's language.
const POOL: &str = "AWS::Cognito::UserPool";

/// A text with none of these is not an answer of another service.
const MARKS: [&str; 4] =
    ["\"TemplateBody\"", "\"ResourceDescription", "onfigurationItem", "\"configuration\""];

/// Reads the pools of an answer of another service; `None` for a text that is not one.
pub(super) fn read(chunk: &Chunk) -> Option<Reading> {
    let text = std::str::from_utf8(&chunk.bytes).ok()?;
    let marked = |mark: &&str| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    let rows = || marked(&"\"Results\"") && marked(&"\\\"configuration\\\"");
    if !MARKS.iter().any(marked) && !rows() {
        return None;
    }
    let whole: &RawValue = serde_json::from_str(text).ok()?;
    let file = File { chunk, text };
    let top = members(whole.get());
    if let Some(body) = member(&top, "TemplateBody") {
        return Some(file.template(body));
    }
    let mut reading = file.listed(whole, &top)?;
    if reading.declared.is_some() || reading.unread.is_empty() {
        reading.unread.extend(file.rest(&top));
    }
    Some(reading)
}

/// The members of an object, each with the text of its value.
type Members<'t> = [(Cow<'t, str>, &'t RawValue)];

fn member<'t>(members: &Members<'t>, name: &str) -> Option<&'t str> {
    members.iter().find(|(member, _)| member == name).map(|(_, value)| value.get())
}

fn elements(list: &str) -> Vec<&str> {
    let elements: Vec<&RawValue> = serde_json::from_str(list).unwrap_or_default();
    elements.into_iter().map(RawValue::get).collect()
}

/// Reads JSON that is inside a string. The error names a member that is in one object twice.
fn once(text: &str) -> Result<serde_json::Result<Json>, String> {
    match twice_in(text) {
        Some(name) => Err(twice(&name)),
        None => Ok(serde_json::from_str(text)),
    }
}

/// A text, and the file that it is of.
struct File<'t> {
    chunk: &'t Chunk,
    text: &'t str,
}

impl File<'_> {
    /// The pools of the resources of Cloud Control, or of AWS Config.
    fn listed(&self, whole: &RawValue, top: &Members<'_>) -> Option<Reading> {
        let resources = match (member(top, "ResourceDescription"), member(top, "ResourceDescriptions")) {
            (Some(one), _) => vec![one],
            (None, Some(list)) => elements(list),
            (None, None) => return config::read(self, whole, top),
        };
        let kind = member(top, "TypeName").and_then(|kind| serde_json::from_str::<String>(kind).ok());
        Some(self.resources(whole.get(), kind.as_deref(), &resources))
    }

    /// Parts that an answer says it does not hold.
    fn rest(&self, top: &Members<'_>) -> Option<Unread> {
        if let Some(token) = ["NextToken", "nextToken"]
            .iter()
            .find_map(|name| member(top, name))
            .filter(|token| is_more(token))
        {
            let message = "this answer has a `NextToken`: it is one page of a list, and the pools of the others are not in it";
            return Some(self.unread(
                token,
                message.to_owned(),
                "save the answers with the tokens of each page, or let the AWS CLI do so",
            ));
        }
        let left = ["unprocessedResourceKeys", "UnprocessedResourceIdentifiers"];
        let left = left.iter().find_map(|name| member(top, name)).filter(|left| is_more(left))?;
        let message = "this answer names resources that AWS Config did not process, and they are not in it";
        Some(self.unread(left, message.to_owned(), "ask for those that it names again"))
    }

    /// Line and column of a part of the text.
    fn at(&self, part: &str) -> (usize, usize) {
        let (line, column) = crate::diagnostic::line_column(self.text, place(self.text, part).start);
        (line + self.chunk.first_line - 1, column)
    }

    fn unread(&self, part: &str, message: String, help: &str) -> Unread {
        Unread {
            help: Some(help.to_owned()),
            at: Some(self.at(part)),
            ..Unread::new(self.chunk.origin.name.to_string(), message)
        }
    }

    fn note(&self, part: &str, message: String) -> Note {
        let (line, column) = self.at(part);
        Note { target: format!("{}:{line}:{column}", self.chunk.origin.name), message }
    }

    /// The template that a stack was made from: an object, or the text that was uploaded.
    fn template(&self, body: &str) -> Reading {
        let read = match serde_json::from_str::<String>(body) {
            Ok(text) => cloudformation::read_string(self.chunk, &text, self.at(body)),
            Err(_) => cloudformation::read_value(self.chunk, self.text, place(self.text, body)),
        };
        read.unwrap_or_else(|| {
            let message = "the `TemplateBody` of this answer of GetTemplate is not a template with resources";
            let help = "run `aws cloudformation get-template --stack-name STACK` without `--query`";
            Reading { unread: vec![self.unread(body, message.to_owned(), help)], ..Reading::default() }
        })
    }

    /// Resources as Cloud Control shows them.
    fn resources(&self, whole: &str, kind: Option<&str>, resources: &[&str]) -> Reading {
        let help = "run `aws cloudcontrol get-resource --type-name AWS::Cognito::UserPool --identifier ID`";
        let refused =
            |part, message| Reading { unread: vec![self.unread(part, message, help)], ..Reading::default() };
        if let Some(other) = kind.filter(|kind| *kind != POOL) {
            return refused(whole, format!("these are resources of type `{other}`, and not `{POOL}`"));
        }
        let (mut stated, mut unread) = (Vec::new(), Vec::new());
        for resource in resources {
            let top = members(resource);
            let text = |name| member(&top, name).and_then(|text| serde_json::from_str::<String>(text).ok());
            let properties = match text("Properties").map_or(Ok(None), |text| once(&text).map(Result::ok)) {
                Ok(properties) => properties,
                Err(message) => {
                    unread.push(self.unread(resource, message, help));
                    continue;
                }
            };
            let (Some(id), Some(Json::Object(properties))) = (text("Identifier"), properties) else {
                let message =
                    "this resource of Cloud Control has no `Identifier`, or no `Properties` as text";
                unread.push(self.unread(resource, message.to_owned(), help));
                continue;
            };
            if properties.keys().all(|name| name == "UserPoolId") {
                let message = format!("this answer of ListResources says nothing of pool `{id}` but its id");
                unread.push(self.unread(resource, message, help));
                continue;
            }
            let arn = properties.get("Arn").and_then(Json::as_str).map(str::to_owned);
            let at = self.at(member(&top, "Properties").unwrap_or(resource));
            stated.push(Stated { id, arn, properties, at });
        }
        if resources.is_empty() {
            return refused(whole, "this answer of ListResources has no resources".to_owned());
        }
        self.stated(&stated, unread, Vec::new())
    }

    fn stated(&self, stated: &[Stated], unread: Vec<Unread>, notes: Vec<Note>) -> Reading {
        let mut reading = match stated.is_empty() {
            true => Reading::default(),
            false => cloudformation::read_stated(self.chunk, stated),
        };
        reading.unread.extend(unread);
        reading.notes.extend(notes);
        reading
    }
}
