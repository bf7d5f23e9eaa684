//! The place of a value that must be unique and is not.

use super::{Found, Site, Witness, doubtful, found, key_of};
use crate::pool::{Elements, State, elements, resolve};
use crate::rule::{Operator, Unique};
use crate::schema::Path;
use crate::source::ValueStep;
use crate::truth::{EvalContext, Shared, Truth, shared};
use crate::value::Value;

/// The second of two places that have the same value.
pub(super) fn unique_witness<'a>(
    unique: &Unique,
    site: &Site<'a>,
    context: EvalContext,
    wanted: Truth,
) -> Witness<'a> {
    let list = &unique.list;
    let (path, value_path) = site.reach(&list.path);
    let nothing = |found| Witness { path, value_path, found, note: None, wanted: None };
    let elements = match elements(site.scope, &list.path, list.element) {
        Ok(elements) => elements,
        Err(state) => return nothing(found(state, &[], None, context)),
    };
    if let Truth::Unknown(_) = wanted {
        let filter = unique.filter.as_deref();
        let doubt = doubtful(filter, list, site, context)
            .or_else(|| unknown_member(unique, &elements, site, context));
        return doubt.unwrap_or_else(|| nothing(Found::Absent));
    }
    let (pairs, ..) = shared(unique, &elements, site.scope, context);
    let Some((first, second)) = pairs.first() else {
        return nothing(found(resolve(site.scope, &list.path), &[], None, context));
    };
    let ((other, _), (path, value_path)) = (place_of(unique, first, site), place_of(unique, second, site));
    let note = if other == path { "twice".to_owned() } else { format!("as in {other}") };
    let note = Some(note);
    Witness { path, value_path, found: Found::Value(second.value.clone()), note, wanted: None }
}

/// The first element whose value is not known.
fn unknown_member<'a>(
    unique: &Unique,
    elements: &Elements<'a>,
    site: &Site<'a>,
    context: EvalContext,
) -> Option<Witness<'a>> {
    let element = Path::element();
    let path = unique.member.as_ref().map_or(&element, |(path, _)| path);
    elements.iter().find_map(|placed| {
        let inner = site.element(&unique.list.path, &placed);
        let state = resolve(inner.scope, path);
        let is_unknown = match &state {
            State::Unknown(_) | State::Outside(_) => true,
            State::Present(Value::List(values)) | State::Default(Value::List(values)) => {
                values.iter().any(Value::is_unknown)
            }
            State::Present(value) | State::Default(value) => value.is_unknown() || **value == Value::Secret,
            State::Absent => false,
        };
        let (path, value_path) = inner.reach(path);
        let found = found(state, &[Operator::Equals(Value::Null)], None, context);
        is_unknown.then_some(Witness { path, value_path, found, note: None, wanted: None })
    })
}

/// The path and steps of a value that must be unique.
pub(in crate::evaluate) fn place_of<'a>(
    unique: &Unique,
    shared: &Shared<'a>,
    site: &Site<'a>,
) -> (String, Vec<ValueStep<'a>>) {
    let inner = site.element(&unique.list.path, &shared.placed);
    let element = Path::element();
    let (path, mut value_path) = inner.reach(unique.member.as_ref().map_or(&element, |(path, _)| path));
    match shared.index {
        Some(index) => {
            value_path.push(ValueStep::Index(index));
            (format!("{path}[{}]", key_of(shared.value, None, site.scope.pool, index)), value_path)
        }
        None => (path, value_path),
    }
}
