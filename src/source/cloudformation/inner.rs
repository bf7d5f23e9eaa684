//! Templates inside a template: the bodies of stack sets.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::condition::Conditions;
use super::nested::{Parameters, parameters};
use super::node::Node;
use super::recognize::{self, Text};
use super::remarks::Remarks;
use super::resolver::Resolver;
use super::template::{Resource, STACK_SET, Template, conditions};
use super::{pool, repeat, secret};
use crate::pool::{Lifecycle, Origin};
use crate::source::declared::{DeclaredPool, Meaning};

/// The start of the types of pools and their parts, in small letters: a type that is nearly one of them counts as well.
const POOLS: &str = "aws::cognito::userpool";

fn names_pools(text: &str) -> bool {
    text.to_ascii_lowercase().contains(POOLS)
}

/// Reads the pools of the templates that stack sets have in them.
pub(super) fn pools(template: &Template, origin: &Origin, remarks: &mut Remarks) -> Vec<DeclaredPool> {
    let sets = template.resources.iter().filter(|resource| *resource.kind == *STACK_SET);
    sets.flat_map(|set| of_set(template, set, origin, remarks)).collect()
}

fn of_set(template: &Template, set: &Resource, origin: &Origin, remarks: &mut Remarks) -> Vec<DeclaredPool> {
    let Some(body) = set.properties().and_then(|properties| properties.get("TemplateBody")) else {
        return Vec::new();
    };
    let mut names = conditions(&set.body);
    names.extend(set.condition().map(Arc::from));
    let mut scenarios = Conditions::of(template).scenarios(&names.into_iter().collect());
    // Everything that depends on an open condition is left open.
    let only = scenarios.pop().filter(|_| scenarios.is_empty()).map(|only| only.known).unwrap_or_default();
    if set.condition().is_some_and(|name| only.get(name) == Some(&false)) {
        return Vec::new();
    }
    let resolver = Resolver { template, outcomes: &only, reveal: false };
    let properties = resolver.term(set.properties().unwrap_or(body));
    let (given, open) = parameters(&properties);
    let text = match properties.get("TemplateBody").map(|body| &body.what) {
        Some(what @ Meaning::Scalar(_)) => what.as_text().unwrap_or_default(),
        Some(Meaning::Absent) => return Vec::new(),
        _ => {
            let mut pools = false;
            body.walk(&mut |node| pools |= node.text().is_some_and(names_pools));
            let message =
                format!("the template in stack set `{}` is not known before the deployment", set.id);
            match pools {
                true => remarks.unread(Some(set.id_at.start), message, Some("check the template by itself")),
                false => remarks.note(&set.id_at, message),
            }
            return Vec::new();
        }
    };
    if !names_pools(&text) {
        return Vec::new();
    }
    let mut own = Remarks::default();
    let pools = of_text(&text, (&given, open.as_ref()), origin, &mut own);
    remarks.take_in(own, body.at.start, &format!("the template in stack set `{}`", set.id));
    let mut pools = pools.unwrap_or_default();
    for pool in &mut pools {
        pool.stand_in(|inner| format!("{}/{inner}", set.id), &body.at);
    }
    pools
}

/// The pools of a text. What the command line gives is for the template around it.
fn of_text(
    text: &str,
    (given, open): (&Parameters, Option<&Arc<str>>),
    origin: &Origin,
    remarks: &mut Remarks,
) -> Option<Vec<DeclaredPool>> {
    let root = match recognize::recognize("", text) {
        Text::Template(root, ..) => root,
        Text::Refused(problem) => {
            remarks.unread(Some(problem.at), problem.message, problem.help.as_deref());
            return None;
        }
        Text::Foreign => {
            remarks.unread(None, "it is not a template with resources", None);
            return None;
        }
    };
    let (mut known, mut unknown) = (BTreeMap::new(), BTreeMap::new());
    for parameter in root.get("Parameters").map(Node::entries).unwrap_or_default() {
        let name = parameter.key.to_string();
        match (given.get(&name), open) {
            (Some(Ok(value)), _) => drop(known.insert(name, value.to_string())),
            (Some(Err(why)), _) | (None, Some(why)) => {
                let why = format!("what the stack set gives for parameter `{name}` is not known: {why}");
                unknown.insert(name, why.into());
            }
            (None, None) => {}
        }
    }
    let (template, wrong) = match repeat::template(root, &known, &unknown) {
        Ok(taken) => taken,
        Err(problem) => {
            remarks.unread(Some(problem.at), problem.message, problem.help.as_deref());
            return None;
        }
    };
    for (at, message) in wrong {
        remarks.unread(at.map(|at| at.start), message, None);
    }
    let mut pools = pool::read(&template, &[], origin, Lifecycle::Created, remarks);
    recognize::remark(&template, |_| None, (|_| false, false), remarks);
    let secrets: Arc<[_]> = secret::places(&template, text).into();
    for pool in &mut pools {
        pool.places.secrets = Arc::clone(&secrets);
    }
    Some(pools)
}
