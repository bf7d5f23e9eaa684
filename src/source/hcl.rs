//! Reads the configuration that Terraform (or `tofu`) makes a plan of: files of its own language, and the same in
//! JSON. What a plan would know is evaluated; what cannot be known is unknown, with the reason.

mod decimal;
mod syntax;
mod parse;
mod files;
mod kind;
mod unknown;
mod value;
mod equality;
mod convert;
mod operate;
mod assumption;
mod directory;
mod absent;
mod fetched;
mod budget;
mod scope;
mod load;
mod variable;
mod validation;
mod expand;
mod call;
mod reference;
mod function;
mod evaluate;
mod given;
mod provider;
mod lower;
mod stack;
mod inventory;
mod join;
mod pools;
mod scenarios;
mod remarks;
mod roots;
mod waivers;
mod edit;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

pub use files::{Assignment, Configuration, Files, Given};
pub(super) use remarks::mentions;
pub use roots::{Roots, has_text, roots};
pub use stack::deployments;

pub(super) use directory::is_configuration;
pub(super) use edit::{edits, literal, text_of};

use self::assumption::Assumptions;
use self::inventory::Inventory;
use self::scenarios::Evaluated;
use self::scope::{Instance, Program};
use super::cloudformation::Neighbor;
use super::declared::{Declared, Language};
use super::inline::InlineWaiver;
use super::{Note, Reading, Unread};
use crate::pool::{Origin, Source};

/// Expressions inside of each other need more stack than a thread has by itself.
const STACK: usize = 64 << 20;

/// The message about a configuration whose reading panicked, which is a fault of this program.
pub const BROKE_OFF: &str = "reading the configuration broke off";

/// Reads the pools of a configuration. `beside` has the templates in the same run.
pub(super) fn read(configuration: &Configuration, beside: &Arc<[Neighbor]>) -> Reading {
    let shown = (configuration.files.shown)(&configuration.root);
    let failed = |message: &str, help: Option<&str>| {
        let help = help.map(str::to_owned);
        let unread = vec![Unread { help, ..Unread::new(shown.clone(), message.to_owned()) }];
        Reading { unread, ..Reading::default() }
    };
    match on_a_deep_stack(|| evaluated(configuration, beside, &shown)) {
        Some(Ok(reading)) => reading,
        Some(Err(_)) => failed(BROKE_OFF, Some("this is a mistake in cognito-lint: please report it")),
        None => failed("there are not enough resources to read the configuration", None),
    }
}

/// The names of the variables that a configuration declares; `None` where there may be more in what could not be read.
pub fn variables(configuration: &Configuration) -> Option<BTreeSet<String>> {
    let names = || {
        let directory =
            Program::new(&configuration.files, configuration.root.clone()).directory(&configuration.root);
        let names = directory.variables.keys().map(ToString::to_string).collect();
        directory.incomplete.is_none().then_some(names)
    };
    on_a_deep_stack(names)?.ok()?
}

/// A remark about names in a file of values that are not among those of variables, if there are some.
pub fn strangers(name: &str, text: &str, declared: &BTreeSet<String>) -> Option<String> {
    let strange: BTreeSet<String> = given::names(name, text).difference(declared).cloned().collect();
    (!strange.is_empty()).then(|| given::strangers(name, &strange))
}

/// The result of a function in a thread of its own; `None` where there is no room for the thread.
fn on_a_deep_stack<T: Send>(function: impl FnOnce() -> T + Send) -> Option<std::thread::Result<T>> {
    // WebAssembly has no threads; a program that is built for it gives its one stack a size.
    if cfg!(target_family = "wasm") {
        return Some(Ok(function()));
    }
    std::thread::scope(|threads| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(threads, function);
        thread.ok().map(std::thread::ScopedJoinHandle::join)
    })
}

/// The root module of a configuration, with the values of its variables.
fn started<'f>(
    configuration: &'f Configuration,
    assumed: Assumptions,
    first: Option<&Program<'_>>,
    unread: &mut BTreeSet<Unread>,
) -> (Program<'f>, Rc<Instance>) {
    let root = &configuration.root;
    let mut program = Program::new(&configuration.files, root.clone());
    program.assumed = assumed;
    if let Some(first) = first {
        program.budget = first.budget.anew();
        program.texts.clone_from(&first.texts);
        program.directories.clone_from(&first.directories);
    }
    program.workspace = configuration.given.workspace.as_deref().map(Rc::from);
    let manifest = files::join(root, ".terraform/modules/modules.json");
    if let Some(manifest) = manifest.and_then(|path| (configuration.files.read)(&path)) {
        program.fetched = fetched::fetched(&manifest, root);
    }
    let directory = program.directory(root);
    // Values may be expressions, which are evaluated in a module without any.
    program.made(Instance::new(Rc::clone(&directory), scope::Given::default()));
    let given = given::values(&program, &directory, &configuration.given);
    unread.extend(given.unread);
    program.strange = given.strange;
    let root = program.made(Instance::new(directory, scope::Given::Root(given.all)));
    (program, root)
}

/// Some resources of a configuration under assumptions, with the files as `first` read them.
fn evaluated_with(
    configuration: &Configuration,
    origin: &Origin,
    first: &Program<'_>,
    (assumed, wanted): (Assumptions, &BTreeSet<String>),
) -> Evaluated {
    let (mut program, root) = started(configuration, assumed, Some(first), &mut BTreeSet::new());
    program.wanted.clone_from(wanted);
    for name in program.assumed.keys() {
        program.validate(&root, name);
    }
    let mut inventory = Inventory::default();
    inventory.collect(&program, &root);
    let assembly = pools::pools(&program, inventory, origin, &configuration.only);
    Evaluated {
        assembly,
        is_refused: program.refused.get() && !program.open.get(),
        is_impossible: program.impossible.get(),
        steps: program.budget.steps(),
    }
}

fn evaluated(configuration: &Configuration, beside: &Arc<[Neighbor]>, shown: &str) -> Reading {
    let mut unread = BTreeSet::new();
    let (program, root) = started(configuration, Assumptions::new(), None, &mut unread);
    let mut inventory = Inventory { beside: Arc::clone(beside), ..Inventory::default() };
    inventory.collect(&program, &root);
    let origin = Origin { source: Source::Terraform, name: Arc::from(shown) };
    let (mut messages, failures) = remarks::of(&program, &inventory, &root, &configuration.only);
    unread.extend(failures);
    let mut assembly = pools::pools(&program, inventory, &origin, &configuration.only);
    messages.append(&mut assembly.remarks);
    let is_named = assembly.is_named;
    let evaluate = |assumed: Assumptions, wanted: &BTreeSet<String>| {
        evaluated_with(configuration, &origin, &program, (assumed, wanted))
    };
    let (pools, remarks) = pools::asked(scenarios::pools(assembly, &program.budget, &evaluate), is_named);
    messages.extend(remarks);
    messages.extend(remarks::valueless(&program));
    let notes = messages.into_iter().map(|message| Note { target: shown.to_owned(), message }).collect();
    let mut declared = Declared {
        origin,
        text: Some(Arc::from("")),
        language: Language::Terraform,
        pools,
        gone: Vec::new(),
        inline: Vec::new(),
    };
    let mut inline = waivers::waivers(&program);
    if !configuration.only.is_empty() {
        // The pools of other files are not judged.
        let reaches =
            |waiver: &InlineWaiver| declared.pools.iter().any(|pool| pool.places.reaches(shown, waiver));
        inline.retain(|waiver| reaches(waiver));
    }
    declared.inline = inline;
    Reading { declared: Some(declared), unread: unread.into_iter().collect(), notes }
}
