//! The arguments of a resource as terms, as the provider converts what is written to its own types.

mod block;

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use super::operate::text;
use super::provider::Tags;
use super::scope::{Program, ResourceInstance, Scope};
use super::syntax::{Attribute, Body, Place};
use super::unknown::Unknown;
use super::value::{Value, What};
use crate::schema::{Kind, schema};
use crate::source::declared::{Argument, Form, Mapping, Meaning, Member, Term};

/// Arguments of Terraform itself, and blocks.
const META: [&str; 8] =
    ["count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection", "dynamic"];

/// The arguments of a resource, and what in its file must not be shown.
pub(super) struct Lowered {
    pub arguments: Term,
    pub secrets: Vec<Place>,
    /// Places of values whose literal is elsewhere, and where.
    pub origins: Vec<(Place, Place)>,
}

/// Evaluates the arguments of a resource.
pub(super) fn lower(
    program: &Program<'_>,
    resource: &ResourceInstance,
    mapping: &'static Mapping,
) -> Lowered {
    let file = resource.block.whole.file;
    let origins = RefCell::default();
    let mut lowering = Lowering { program, mapping, file, secrets: Vec::new(), origins };
    let body = &resource.block.body;
    let mut members = lowering.members(&mapping.arguments, body, &resource.scope);
    // Arguments with their own meaning have other names than members of the API.
    for (name, is_boolean) in [(mapping.factors.argument, false), (mapping.secret(), true)] {
        let Some((name, attribute)) = name.and_then(|name| Some((name, body.get(name)?))) else { continue };
        let value = program.value(&attribute.value, &resource.scope);
        let mut term = lowering.whole(&value, attribute.value.at);
        if is_boolean && matches!(term.what, Meaning::Scalar(_)) {
            term.what = plain(&value, Kind::Boolean);
        }
        members.push(member(name, term));
    }
    for (name, value) in &mapping.defaults {
        let own = members.iter_mut().find(|member| *member.key == **name);
        match own.map(|own| &mut own.value.what) {
            Some(what @ Meaning::Absent) => *what = Meaning::text(*value),
            Some(_) => {}
            None => members.push(member(name, Term { at: None, what: Meaning::text(*value) })),
        }
    }
    tags(program, resource, mapping, &mut members);
    let at = Some(resource.block.whole.start..resource.block.whole.end);
    let arguments = Term { at, what: Meaning::Map(members, None) };
    Lowered { arguments, secrets: lowering.secrets, origins: lowering.origins.into_inner() }
}

struct Lowering<'p, 'f> {
    program: &'p Program<'f>,
    mapping: &'static Mapping,
    file: usize,
    secrets: Vec<Place>,
    origins: RefCell<Vec<(Place, Place)>>,
}

fn member(name: &str, value: Term) -> Member {
    Member { key: name.into(), key_at: 0..0, value }
}

/// Whether a value means the same as nothing, as a provider takes it.
fn is_unset(value: &Value) -> bool {
    match &value.what {
        What::Null => true,
        What::Text(text) => text.is_empty(),
        What::List(items) | What::Set(items) | What::Tuple(items) => items.all.is_empty(),
        What::Map(members) | What::Object(members) => members.all.is_empty(),
        What::Unknown(_) | What::Bool(_) | What::Number(_) | What::Lazy(_) => false,
    }
}

/// A value that is not known.
fn unknown(unknown: &Unknown) -> Meaning {
    let why = Arc::from(&*unknown.why);
    match unknown.sure {
        true => Meaning::Later {
            why,
            of: unknown.origins.iter().map(|origin| Arc::from(&*origin.address)).collect(),
        },
        false => Meaning::Unknown(why),
    }
}

impl Lowering<'_, '_> {
    /// A place in the file of the resource.
    fn at(&self, place: Place) -> Option<Range<usize>> {
        (place.file == self.file && place.start < place.end).then_some(place.start..place.end)
    }

    /// The place of a value: its own, where that is inside of the argument.
    fn place(&self, value: &Value, argument: Place) -> Option<Range<usize>> {
        let own = value.at.filter(|at| argument.holds(*at));
        if let (None, Some(origin)) = (own, value.at) {
            self.origins.borrow_mut().push((argument, origin));
        }
        self.at(own.unwrap_or(argument))
    }

    fn members(&mut self, arguments: &'static [Argument], body: &Body, scope: &Scope) -> Vec<Member> {
        let mut members = Vec::new();
        for argument in arguments.iter().filter(|argument| argument.settable) {
            let term = match body.get(argument.name) {
                Some(attribute) => Some(self.attribute(argument, attribute, scope)),
                None => self.blocks(argument, body, scope),
            };
            if let Some(value) = term {
                members.push(member(argument.name, value));
            }
        }
        self.strange(arguments, body, scope, &mut members);
        members
    }

    /// Arguments that are set and not in the mapping: the provider is newer than this version.
    fn strange(&self, arguments: &'static [Argument], body: &Body, scope: &Scope, members: &mut Vec<Member>) {
        let top = std::ptr::eq(arguments, self.mapping.arguments.as_slice());
        let own = [self.mapping.factors.argument, self.mapping.secret(), self.mapping.link];
        let known = |name: &str| {
            let other = top && (self.mapping.other.contains(&name) || META.contains(&name));
            other || own.contains(&Some(name)) || arguments.iter().any(|argument| argument.name == name)
        };
        for attribute in body.attributes.iter().filter(|attribute| !known(&attribute.name)) {
            let value = self.program.value(&attribute.value, scope);
            if !is_unset(&value) && !matches!(value.what, What::Bool(false)) {
                members.push(member(&attribute.name, Term { at: None, what: Meaning::Absent }));
            }
        }
        let kinds = body.blocks.iter().map(super::directory::nested_kind);
        for kind in kinds.filter(|kind| !known(kind) && !META.contains(kind)) {
            members.push(member(kind, Term { at: None, what: Meaning::Absent }));
        }
    }

    fn attribute(&mut self, argument: &'static Argument, attribute: &Attribute, scope: &Scope) -> Term {
        let at = attribute.value.at;
        if self.mapping.form == Form::Blocks && !argument.inside.is_empty() && !self.program.is_in_json(at) {
            let why = format!("`{}` is a block, and Terraform refuses it with a sign", argument.name);
            return Term { at: self.at(at), what: Meaning::unknown(why) };
        }
        let value = self.program.value(&attribute.value, scope);
        if schema().node(argument.node).secret || value.sensitive {
            self.secrets.push(at);
            self.secrets.extend(value.at);
        }
        self.value(argument, &value, at)
    }

    /// A value as the type that the argument has.
    fn value(&mut self, argument: &'static Argument, value: &Value, at: Place) -> Term {
        let node = schema().node(argument.node);
        let place = self.place(value, at);
        let what = match &value.what {
            What::Unknown(open) => unknown(open),
            What::Lazy(lazy) => Meaning::unknown(&*lazy.unknown().why),
            _ if is_unset(value) => Meaning::Absent,
            _ if value.sensitive || node.secret => Meaning::Secret,
            _ => match node.kind {
                Kind::String | Kind::Integer | Kind::Boolean | Kind::Timestamp => plain(value, node.kind),
                Kind::List => self.list(argument, value, at),
                Kind::Map => self.map(argument, value, at),
                Kind::Structure => self.structure(argument, value, at),
            },
        };
        Term { at: place, what }
    }

    fn list(&mut self, argument: &'static Argument, value: &Value, at: Place) -> Meaning {
        if value.members().is_some() && !argument.inside.is_empty() {
            // One block of a configuration in JSON.
            return Meaning::List(vec![self.inner(argument, value, at)]);
        }
        let Some(items) = value.items() else { return Meaning::unknown("it is not a list") };
        if argument.inside.is_empty() {
            let mut terms: Vec<Term> = items.iter().map(|item| self.whole_element(item, at)).collect();
            if terms.iter().all(|term| term.what.as_text().is_some()) {
                // The provider has sets, whose elements are in order and there once.
                terms.sort_by_key(|term| term.what.as_text());
                terms.dedup_by_key(|term| term.what.as_text());
            }
            return Meaning::List(terms);
        }
        Meaning::List(items.iter().map(|item| self.inner(argument, item, at)).collect())
    }

    /// The members of an element or a structure that is given as a value.
    fn inner(&mut self, argument: &'static Argument, value: &Value, at: Place) -> Term {
        let place = self.place(value, at);
        let Some(given) = value.members() else {
            let what = match value.as_unknown() {
                Some(open) => unknown(open),
                None => Meaning::unknown("it is not an object"),
            };
            return Term { at: place, what };
        };
        let mut members = Vec::new();
        for inner in argument.inside.iter().filter(|inner| inner.settable) {
            if let Some(value) = given.get(inner.name) {
                members.push(member(inner.name, self.value(inner, value, at)));
            }
        }
        let known = |name: &str| argument.inside.iter().any(|inner| inner.name == name);
        for (name, _) in given.iter().filter(|(name, value)| !known(name) && !is_unset(value)) {
            members.push(member(name, Term { at: None, what: Meaning::Absent }));
        }
        Term { at: place, what: Meaning::Map(members, None) }
    }

    fn structure(&mut self, argument: &'static Argument, value: &Value, at: Place) -> Meaning {
        // A block is a list of one object where a configuration is in JSON.
        let one = match value.items() {
            Some([only]) => only,
            Some(_) => return Meaning::unknown("there is more than one block"),
            None => value,
        };
        self.inner(argument, one, at).what
    }

    /// A map whose keys are not arguments.
    fn map(&mut self, argument: &'static Argument, value: &Value, at: Place) -> Meaning {
        let Some(given) = value.members() else { return Meaning::unknown("it is not a map") };
        let node = schema().node(argument.node);
        let mut members = Vec::new();
        for (key, value) in given.iter().filter(|(_, value)| !value.is_null()) {
            if node.is_secret_key(key) || value.sensitive {
                self.secrets.push(at);
                self.secrets.extend(value.at);
            }
            members.push(member(key, self.whole_element(value, at)));
        }
        Meaning::Map(members, None)
    }

    /// A plain value of a list or a map, which may be empty on purpose.
    fn whole_element(&self, value: &Value, at: Place) -> Term {
        let what = match &value.what {
            What::Unknown(open) => unknown(open),
            What::Lazy(lazy) => Meaning::unknown(&*lazy.unknown().why),
            What::Null => Meaning::Absent,
            _ if value.sensitive => Meaning::Secret,
            _ => plain(value, Kind::String),
        };
        Term { at: self.place(value, at), what }
    }

    /// A value of an argument that is for no member.
    fn whole(&self, value: &Value, at: Place) -> Term {
        let what = match &value.what {
            What::Unknown(open) => unknown(open),
            _ if is_unset(value) => Meaning::Absent,
            What::Bool(value) => Meaning::plain(value.to_string()),
            _ => match value.items() {
                Some(items) => Meaning::List(items.iter().map(|item| self.whole_element(item, at)).collect()),
                None => plain(value, Kind::String),
            },
        };
        Term { at: self.place(value, at), what }
    }
}

/// A plain value as the provider's type.
fn plain(value: &Value, kind: Kind) -> Meaning {
    use super::operate::{boolean, number};
    let converted = match kind {
        Kind::Boolean => boolean(value).map(|value| Meaning::plain(value.to_string())),
        Kind::Integer => number(value).map(|value| Meaning::plain(value.to_string())),
        Kind::String | Kind::Timestamp | Kind::List | Kind::Map | Kind::Structure => {
            text(value).map(|value| Meaning::text(&*value))
        }
    };
    converted.unwrap_or_else(|stop| Meaning::unknown(&*stop.into_unknown().why))
}

/// Adds the tags of the provider to those of the resource.
fn tags(
    program: &Program<'_>,
    resource: &ResourceInstance,
    mapping: &'static Mapping,
    members: &mut Vec<Member>,
) {
    let named = |name: &str| mapping.arguments.iter().any(|argument| argument.name == name);
    if !named("tags") || !named("tags_all") {
        return;
    }
    let own = members.iter().find(|member| &*member.key == "tags").map(|member| &member.value);
    let at = own.and_then(|own| own.at.clone());
    let what = match (program.default_tags(resource), own.map(|own| &own.what)) {
        (Tags::Known(tags), _) if tags.is_empty() => return,
        (Tags::Unknown(why), _) => Meaning::unknown(&*why),
        (Tags::Known(defaults), own) => {
            let mut all: Vec<Member> = match own {
                Some(Meaning::Map(own, None)) => own.clone(),
                None | Some(Meaning::Absent) => Vec::new(),
                // Tags that are not known leave all of them unknown.
                Some(_) => return,
            };
            for (name, value) in defaults {
                if !all.iter().any(|one| *one.key == *name) {
                    all.push(member(&name, Term { at: at.clone(), what: plain(&value, Kind::String) }));
                }
            }
            Meaning::Map(all, None)
        }
    };
    members.push(member("tags_all", Term { at, what }));
}
