//! Stacks of CloudFormation that a configuration declares: the templates that they deploy, with what they give for
//! parameters. A template in a file of its own is judged there, as the stack deploys it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::operate::text;
use super::scope::{Instance, Program, ResourceInstance};
use super::syntax::Block;
use super::value::{Value, What};
use super::{Configuration, on_a_deep_stack, started};
use crate::source::cloudformation::{Deployment, Neighbor};
use crate::source::terraform;

/// The stacks of a configuration.
pub fn deployments(configuration: &Configuration) -> Vec<Deployment> {
    let found = || {
        let (program, root) = started(configuration, BTreeMap::new(), None, &mut BTreeSet::new());
        let mut stacks = Vec::new();
        of_module(&program, &root, &mut stacks);
        stacks.iter().map(|one| deployment(&program, one)).collect::<Vec<_>>()
    };
    on_a_deep_stack(found).and_then(Result::ok).unwrap_or_default()
}

fn of_module(program: &Program<'_>, instance: &Rc<Instance>, stacks: &mut Vec<ResourceInstance>) {
    for ((kind, _), block) in &instance.directory.resources {
        if terraform::is_stack(kind) {
            stacks.extend(program.resources(block, instance).1);
        }
    }
    for (name, block) in &instance.directory.calls {
        for inner in &program.calls(instance, name, block).instances {
            of_module(program, inner, stacks);
        }
    }
}

/// The file beside others that each stack of a block deploys; `None` where one deploys another template.
pub(super) fn files<'n>(
    program: &Program<'_>,
    (block, instance): (&Rc<Block>, &Rc<Instance>),
    beside: &'n [Neighbor],
) -> Option<BTreeSet<&'n str>> {
    let (_, stacks) = program.resources(block, instance);
    stacks.iter().map(|one| deployment(program, one).file(beside)).collect()
}

fn deployment(program: &Program<'_>, resource: &ResourceInstance) -> Deployment {
    let argument = |name: &str| {
        let attribute = resource.block.body.get(name)?;
        Some(program.value(&attribute.value, &resource.scope))
    };
    let template = argument("template_body").and_then(|body| match &body.what {
        What::Text(text) => Some(Arc::from(&**text)),
        _ => None,
    });
    let (mut given, mut open) = (BTreeMap::new(), None);
    match argument("parameters").map(|given| (given.sensitive, given.what)) {
        None | Some((_, What::Null)) => {}
        Some((sensitive, What::Map(members) | What::Object(members))) => {
            let members = members.all.iter().filter(|(_, value)| !value.is_null());
            given.extend(members.map(|(name, value)| (name.to_string(), plain(value, sensitive))));
        }
        Some((_, What::Unknown(unknown))) => open = Some(Arc::from(&*unknown.why)),
        Some(_) => open = Some("its parameters are not a map".into()),
    }
    // Some accounts and Regions of a stack set may have other values.
    if resource.kind.ends_with("_stack_set") && has_instances(program) {
        open = Some("instances of the stack set have values of their own".into());
        given.clear();
    }
    let shown = (program.files.shown)(&program.root);
    Deployment {
        stack: format!("{} of {shown}", resource.address),
        template,
        written: program.text(resource.block.whole).into(),
        given,
        open,
        planned: false,
    }
}

/// The value of a parameter, or why it is not known.
fn plain(value: &Value, sensitive: bool) -> Result<Arc<str>, Arc<str>> {
    if sensitive || value.is_sensitive() {
        return Err("it is sensitive".into());
    }
    text(value).map(|text| Arc::from(&*text)).map_err(|stop| Arc::from(&*stop.into_unknown().why))
}

/// Whether something gives instances of a stack set values of their own.
fn has_instances(program: &Program<'_>) -> bool {
    let overrides = |((kind, _), block): (&(Rc<str>, Rc<str>), &Rc<Block>)| {
        terraform::is_instance(kind) && block.body.get("parameter_overrides").is_some()
    };
    program.directories.borrow().values().any(|directory| directory.resources.iter().any(overrides))
}
