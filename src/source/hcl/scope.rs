//! Where an expression is evaluated: an instance of a module, the keys of `count` and `for_each`, and the variables
//! of loops. What was evaluated once is kept.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::absent::Absent;
use super::assumption::{Assumptions, Kept};
use super::budget::Budget;
use super::directory::{Directory, File};
use super::fetched::Fetched;
use super::files::Files;
use super::syntax::Block;
use super::unknown::{Lazy, Question};
use super::value::{Value, What};

/// The configuration of one root, with everything that was read for it.
pub(super) struct Program<'f> {
    pub files: &'f Files,
    /// The directory of the root module.
    pub root: String,
    /// `terraform.workspace`, where it is given.
    pub workspace: Option<Rc<str>>,
    pub texts: RefCell<Vec<File>>,
    pub directories: RefCell<BTreeMap<String, Rc<Directory>>>,
    pub fetched: BTreeMap<String, Fetched>,
    /// Remarks about names in files of values that are not those of variables.
    pub strange: BTreeSet<String>,
    /// Every instance of a module, whose values are dropped at the end: they refer to each other.
    pub made: RefCell<Vec<Rc<Instance>>>,
    pub absent: RefCell<BTreeSet<Absent>>,
    /// The resources and modules that are values.
    pub targets: RefCell<Vec<Target>>,
    /// Variables of the root module that a value depends on, and that have none.
    pub valueless: RefCell<BTreeSet<Rc<str>>>,
    /// Assumptions about variables of the root module without a value.
    pub assumed: Assumptions,
    /// Questions whose answers would decide conditions of what is evaluated.
    pub questions: RefCell<BTreeSet<Question>>,
    /// The resources that are evaluated, by their modules and names without keys; all where there are none.
    pub wanted: BTreeSet<String>,
    /// A variable of the root module has a value that its validation refuses.
    pub impossible: Cell<bool>,
    /// Terraform makes no plan of the configuration, as far as it was evaluated.
    pub refused: Cell<bool>,
    /// It is not known whether a resource or a module has an instance.
    pub open: Cell<bool>,
    pub budget: Budget,
}

/// An instance of a module.
pub(super) struct Instance {
    pub directory: Rc<Directory>,
    /// `module.auth["eu"].`; empty for the root.
    pub prefix: String,
    /// The names of the calls from the root, with dots between them.
    pub path: String,
    pub given: Given,
    /// Why it is not known whether there is one.
    pub open: Option<Open>,
    /// The directories of the modules around it.
    pub around: Vec<String>,
    pub kept: RefCell<BTreeMap<String, Option<Kept>>>,
    pub calls: RefCell<BTreeMap<Rc<str>, Rc<Calls>>>,
    /// Questions whose answers would decide whether it is there.
    pub questions: BTreeSet<Question>,
}

/// The values of a module's variables.
pub(super) enum Given {
    Root(BTreeMap<Rc<str>, Value>),
    /// Arguments of the call.
    Call(Rc<Block>, Box<Scope>),
}

impl Default for Given {
    fn default() -> Given {
        Given::Root(BTreeMap::new())
    }
}

/// The instances of a call.
pub(super) struct Calls {
    /// By the value of the call: one, a list or a map.
    pub value: Value,
    pub instances: Vec<Rc<Instance>>,
    pub questions: BTreeSet<Question>,
}

/// The scope of an expression.
#[derive(Clone)]
pub(super) struct Scope {
    pub instance: Rc<Instance>,
    /// `each.key` and `each.value`.
    pub each: Option<(Value, Value)>,
    /// `count.index`.
    pub count: Option<Value>,
    pub names: Option<Rc<Bound>>,
}

/// A variable of a loop or a dynamic block.
pub(super) struct Bound {
    pub name: Rc<str>,
    pub value: Value,
    pub outer: Option<Rc<Bound>>,
}

/// A resource or a module that is a value.
#[derive(Clone)]
pub(super) enum Target {
    Resource(Box<ResourceInstance>),
    Module(Rc<Instance>),
}

/// An instance of a resource.
#[derive(Clone)]
pub(super) struct ResourceInstance {
    /// With modules and keys.
    pub address: Rc<str>,
    pub kind: Rc<str>,
    pub block: Rc<Block>,
    pub scope: Scope,
    /// Why it is not known whether there is one.
    pub open: Option<Open>,
}

/// Why it is not known whether there is an instance.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub why: Rc<str>,
    /// The module, and the expression that decides: what has the same cause is there together or not at all.
    pub cause: Rc<str>,
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "module {:?}", self.prefix)
    }
}

impl std::fmt::Debug for ResourceInstance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.address)
    }
}

impl Instance {
    pub(super) fn new(directory: Rc<Directory>, given: Given) -> Instance {
        Instance {
            directory,
            prefix: String::new(),
            path: String::new(),
            given,
            open: None,
            around: Vec::new(),
            kept: RefCell::default(),
            calls: RefCell::default(),
            questions: BTreeSet::new(),
        }
    }

    pub(super) fn scope(self: &Rc<Instance>) -> Scope {
        Scope { instance: Rc::clone(self), each: None, count: None, names: None }
    }
}

impl Scope {
    pub(super) fn with(&self, name: &Rc<str>, value: Value) -> Scope {
        let names = Bound { name: Rc::clone(name), value, outer: self.names.clone() };
        Scope { names: Some(Rc::new(names)), ..self.clone() }
    }

    pub(super) fn bound(&self, name: &str) -> Option<&Value> {
        let mut names = self.names.as_deref();
        while let Some(bound) = names {
            if &*bound.name == name {
                return Some(&bound.value);
            }
            names = bound.outer.as_deref();
        }
        None
    }
}

impl<'f> Program<'f> {
    pub(super) fn new(files: &'f Files, root: String) -> Program<'f> {
        Program {
            files,
            root,
            workspace: None,
            texts: RefCell::default(),
            directories: RefCell::default(),
            fetched: BTreeMap::new(),
            strange: BTreeSet::new(),
            made: RefCell::default(),
            absent: RefCell::default(),
            targets: RefCell::default(),
            valueless: RefCell::default(),
            assumed: Assumptions::new(),
            questions: RefCell::default(),
            wanted: BTreeSet::new(),
            impossible: Cell::new(false),
            refused: Cell::new(false),
            open: Cell::new(false),
            budget: Budget::default(),
        }
    }

    /// A resource or a module as a value.
    pub(super) fn lazy(&self, target: Target) -> Value {
        let (address, sure) = match &target {
            Target::Resource(resource) => (Rc::clone(&resource.address), resource.open.is_none()),
            Target::Module(instance) => (instance.prefix.trim_end_matches('.').into(), false),
        };
        let mut targets = self.targets.borrow_mut();
        targets.push(target);
        Value::of(What::Lazy(Lazy { address, sure, index: targets.len() - 1 }))
    }

    /// An instance of a module whose values are kept until the end.
    pub(super) fn made(&self, instance: Instance) -> Rc<Instance> {
        let instance = Rc::new(instance);
        self.made.borrow_mut().push(Rc::clone(&instance));
        instance
    }
}

impl Drop for Program<'_> {
    fn drop(&mut self) {
        for instance in self.made.borrow().iter() {
            instance.kept.borrow_mut().clear();
            instance.calls.borrow_mut().clear();
        }
        self.targets.borrow_mut().clear();
    }
}
