//! Calls of modules: those in directories of the configuration, and those that `terraform init` fetched.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::absent::{Absent, Why};
use super::expand::keyed;
use super::files::join;
use super::scope::{Calls, Given, Instance, Program, Scope, Target};
use super::syntax::{Block, Node};
use super::unknown::{Origin, Unknown};
use super::value::{Value, What};

/// Modules inside of each other.
const DEEPEST: usize = 20;
/// Instances of modules of a configuration. Calls multiply with their depth: 13 short files can ask for a billion.
const MOST: usize = 2000;

impl Program<'_> {
    /// The instances of a call.
    pub(super) fn calls(&self, instance: &Rc<Instance>, name: &Rc<str>, block: &Rc<Block>) -> Rc<Calls> {
        if let Some(known) = instance.calls.borrow().get(name) {
            self.questions.borrow_mut().extend(known.questions.iter().cloned());
            return Rc::clone(known);
        }
        let (mut made, questions) = self.asking(|| self.made_calls(instance, name, block));
        made.questions = questions;
        let made = Rc::new(made);
        instance.calls.borrow_mut().insert(Rc::clone(name), Rc::clone(&made));
        made
    }

    fn made_calls(&self, instance: &Rc<Instance>, name: &Rc<str>, block: &Rc<Block>) -> Calls {
        let address = format!("{}module.{name}", instance.prefix);
        let origin = || Origin { address: address.as_str().into(), attribute: "".into() };
        let scope = instance.scope();
        // The source of a module may be an output of another one, which is made meanwhile.
        let is_full = self.made.borrow().len() >= MOST;
        let directory = match is_full {
            true => Err(Why::Many),
            false => self.module_directory(instance, name, block, &scope),
        };
        let directory = match directory {
            Ok(directory) => directory,
            Err(why) => {
                let mut absent = self.absent.borrow_mut();
                // The first of those that are too many stands for all of them.
                if why != Why::Many || absent.iter().all(|other| other.why != Why::Many) {
                    absent.insert(Absent { address: address.clone(), at: block.header, why });
                }
                let unknown = Unknown {
                    origins: [origin()].into(),
                    open: false,
                    ..Unknown::because(format!("{address} is not here to be read"))
                };
                return Calls {
                    value: Value::unknown(unknown),
                    instances: Vec::new(),
                    questions: BTreeSet::new(),
                };
            }
        };
        let (expansion, mut questions) = self.asking(|| self.expand(block, &scope));
        questions.extend(instance.questions.iter().cloned());
        let open = expansion.open(self, block, &scope).or_else(|| instance.open.clone());
        let mut around = instance.around.clone();
        around.push(instance.directory.path.clone());
        let directory = self.directory(&directory);
        let path = match instance.path.is_empty() {
            true => name.to_string(),
            false => format!("{}.{name}", instance.path),
        };
        let made = expansion.scopes(&scope).into_iter().map(|(key, scope)| {
            self.made(Instance {
                prefix: format!("{address}{key}."),
                path: path.clone(),
                open: open.clone(),
                questions: questions.clone(),
                around: around.clone(),
                ..Instance::new(Rc::clone(&directory), Given::Call(Rc::clone(block), Box::new(scope)))
            })
        });
        let instances: Vec<Rc<Instance>> = made.collect();
        let lazies = instances.iter().map(|one| self.lazy(Target::Module(Rc::clone(one))));
        Calls { value: keyed(&expansion, lazies.collect(), origin), instances, questions: BTreeSet::new() }
    }

    /// The directory of a called module.
    fn module_directory(
        &self,
        instance: &Rc<Instance>,
        name: &str,
        block: &Block,
        scope: &Scope,
    ) -> Result<String, Why> {
        let source = block.body.get("source").map(|source| self.value(&source.value, scope).what);
        let Some(What::Text(source)) = source else { return Err(Why::Unclear) };
        let own = &instance.directory.path;
        let is_local =
            source.starts_with("./") || source.starts_with("../") || matches!(&*source, "." | "..");
        let path = if is_local {
            join(own, &source).ok_or_else(|| Why::Outside(source.to_string()))?
        } else {
            let around = &instance.path;
            let key = if around.is_empty() { name.to_owned() } else { format!("{around}.{name}") };
            let fetched = self.fetched.get(&key).ok_or_else(|| Why::Elsewhere(source.to_string()))?;
            let version = block.body.get("version").map(|version| self.value(&version.value, scope).what);
            let version = match &version {
                Some(What::Text(version)) => Some(&**version),
                _ => None,
            };
            if !fetched.is_of(&source, version) {
                return Err(Why::Outdated(source.to_string()));
            }
            fetched.directory.clone()
        };
        if path == *own || instance.around.contains(&path) || instance.around.len() >= DEEPEST {
            return Err(Why::Endless);
        }
        match self.directory(&path).is_there {
            true => Ok(path),
            false => Err(Why::Nowhere(source.to_string())),
        }
    }
}

/// The directory that a call names.
pub(super) fn local_source(block: &Block) -> Option<&str> {
    match &block.body.get("source")?.value.node {
        Node::Text(source) if source.starts_with('.') => Some(source),
        _ => None,
    }
}
