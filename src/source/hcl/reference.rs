//! Names in expressions: variables, locals, resources, modules.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::assumption::Kept;
use super::expand::{Expansion, keyed};
use super::kind::Type;
use super::scope::{Given, Instance, Program, ResourceInstance, Scope, Target};
use super::syntax::{Block, Expr, Node};
use super::unknown::{Lazy, Origin, Stop, Unknown};
use super::value::Value;
use super::variable;
use crate::schema::{Kind, schema};
use crate::source::terraform;

impl Program<'_> {
    /// Evaluates a name, or a member of something.
    pub(super) fn reference(&self, expression: &Expr, scope: &Scope) -> Result<Value, Stop> {
        match &expression.node {
            Node::Name(name) => match scope.bound(name) {
                Some(value) => Ok(value.clone()),
                None => Stop::lost(format!("`{name}` is not a value")),
            },
            Node::Get(inner, name) => match &inner.node {
                Node::Name(root) if scope.bound(root).is_none() => self.rooted(root, name, scope),
                Node::Get(outer, kind) => match &outer.node {
                    Node::Name(root)
                        if matches!(&**root, "data" | "ephemeral") && scope.bound(root).is_none() =>
                    {
                        Ok(data(kind, name, scope))
                    }
                    _ => self.get(&self.evaluate(inner, scope)?, name),
                },
                _ => self.get(&self.evaluate(inner, scope)?, name),
            },
            _ => Stop::lost("this is not a reference"),
        }
    }

    /// `root.name`.
    fn rooted(&self, root: &str, name: &Rc<str>, scope: &Scope) -> Result<Value, Stop> {
        match root {
            "var" => self.kept_variable(&scope.instance, name),
            "local" => self.kept(&scope.instance, "local", name, || {
                match scope.instance.directory.locals.get(name) {
                    Some(expression) => self.evaluate(expression, &scope.instance.scope()),
                    None => Stop::lost(missing(&scope.instance, &format!("local.{name}"))),
                }
            }),
            "module" => self.kept(&scope.instance, "module", name, || {
                match scope.instance.directory.calls.get(name) {
                    Some(block) => Ok(self.calls(&scope.instance, name, block).value.clone()),
                    None => Stop::lost(missing(&scope.instance, &format!("module.{name}"))),
                }
            }),
            "each" => match (&scope.each, &**name) {
                (Some((key, _)), "key") => Ok(key.clone()),
                (Some((_, value)), "value") => Ok(value.clone()),
                (_, _) => Stop::lost(format!("each.{name} has no meaning here")),
            },
            "count" => match &scope.count {
                Some(index) if &**name == "index" => Ok(index.clone()),
                _ => Stop::lost(format!("count.{name} has no meaning here")),
            },
            "path" => match &**name {
                "module" => Ok(Value::text(self.path_of(&scope.instance.directory.path))),
                "root" => Ok(Value::text(".")),
                _ => Stop::lost(format!("path.{name} is not known")),
            },
            "terraform" | "tofu" => match (&**name, &self.workspace) {
                ("workspace", Some(workspace)) => Ok(Value::text(Rc::clone(workspace))),
                _ => Err(Stop::Unknown(Unknown {
                    of_type: Type::Text,
                    sure: true,
                    ..Unknown::because(format!("{root}.{name} is not given"))
                })),
            },
            "self" | "data" | "ephemeral" => Stop::lost(format!("`{root}.{name}` is not evaluated")),
            kind => self.kept(&scope.instance, kind, name, || self.resource(kind, name, &scope.instance)),
        }
    }

    /// A value that is evaluated once for an instance of a module.
    fn kept(
        &self,
        instance: &Rc<Instance>,
        root: &str,
        name: &str,
        evaluate: impl FnOnce() -> Result<Value, Stop>,
    ) -> Result<Value, Stop> {
        let key = format!("{root}.{name}");
        match instance.kept.borrow().get(&key) {
            Some(Some(Kept { value, questions })) => {
                self.questions.borrow_mut().extend(questions.iter().cloned());
                return value.clone();
            }
            Some(None) => return Stop::lost(format!("{key} leads to itself")),
            None => {}
        }
        instance.kept.borrow_mut().insert(key.clone(), None);
        let (value, questions) = self.asking(evaluate);
        instance.kept.borrow_mut().insert(key, Some(Kept { value: value.clone(), questions }));
        value
    }

    /// The path of a module as Terraform has it, which runs in the root.
    pub(super) fn path_of(&self, directory: &str) -> String {
        let inner = match self.root.is_empty() {
            true => Some(directory),
            false => directory
                .strip_prefix(&self.root)
                .and_then(|rest| if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }),
        };
        if let Some(inner) = inner {
            return if inner.is_empty() { ".".to_owned() } else { inner.to_owned() };
        }
        let own: Vec<&str> = self.root.split('/').filter(|part| !part.is_empty()).collect();
        let parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
        let shared = own.iter().zip(&parts).take_while(|(a, b)| a == b).count();
        let up = own.iter().skip(shared).map(|_| "..");
        up.chain(parts.iter().skip(shared).copied()).collect::<Vec<_>>().join("/")
    }

    pub(super) fn kept_variable(&self, instance: &Rc<Instance>, name: &Rc<str>) -> Result<Value, Stop> {
        self.kept(instance, "var", name, || self.variable(instance, name))
    }

    fn variable(&self, instance: &Rc<Instance>, name: &Rc<str>) -> Result<Value, Stop> {
        let Some(declared) = instance.directory.variables.get(name) else {
            return Stop::lost(missing(instance, &format!("var.{name}")));
        };
        let given = match &instance.given {
            Given::Root(values) => values.get(name).cloned(),
            Given::Call(block, scope) => match block.body.get(name) {
                Some(argument) => Some(self.evaluate(&argument.value, scope)?),
                None => None,
            },
        };
        let value = variable::value(self, declared, given, &instance.prefix);
        self.validated(instance, declared, value)
    }

    fn resource(&self, kind: &str, name: &str, instance: &Rc<Instance>) -> Result<Value, Stop> {
        let declared = instance.directory.resources.get(&(Rc::from(kind), Rc::from(name)));
        let Some(block) = declared else {
            return Stop::lost(missing(instance, &format!("{kind}.{name}")));
        };
        let (expansion, instances) = self.resources(block, instance);
        let lazies = instances.into_iter().map(|one| self.lazy(Target::Resource(Box::new(one))));
        Ok(keyed(&expansion, lazies.collect(), || {
            let address = format!("{}{kind}.{name}", instance.prefix);
            Origin { address: address.into(), attribute: "".into() }
        }))
    }

    /// The instances of a resource.
    pub(super) fn resources(
        &self,
        block: &Rc<Block>,
        instance: &Rc<Instance>,
    ) -> (Expansion, Vec<ResourceInstance>) {
        let scope = instance.scope();
        let expansion = self.expand(block, &scope);
        let open = expansion.open(self, block, &scope).or_else(|| instance.open.clone());
        let base = format!("{}{}.{}", instance.prefix, block.label(0), block.label(1));
        let instances = expansion.scopes(&scope).into_iter().map(|(key, scope)| ResourceInstance {
            address: format!("{base}{key}").into(),
            kind: block.label(0).into(),
            block: Rc::clone(block),
            scope,
            open: open.clone(),
        });
        let instances = instances.collect();
        (expansion, instances)
    }

    /// The attribute of a resource or a module.
    pub(super) fn attribute(&self, lazy: &Lazy, name: &str) -> Result<Value, Stop> {
        let target = self.targets.borrow().get(lazy.index).cloned();
        match target {
            None => Stop::lost("it is not a resource"),
            Some(Target::Module(instance)) => match instance.directory.outputs.get(name) {
                Some(output) => self.kept(&instance, "output", name, || match output.body.get("value") {
                    Some(value) => {
                        let hidden = output
                            .body
                            .get("sensitive")
                            .is_some_and(|one| matches!(one.value.node, Node::Bool(true)));
                        Ok(self.evaluate(&value.value, &instance.scope())?.hidden(hidden))
                    }
                    None => Stop::lost(format!("the output {name} has no value")),
                }),
                None => Stop::lost(missing(&instance, &format!("the output {name}"))),
            },
            Some(Target::Resource(resource)) => {
                let later = Value::unknown(lazy.attribute(name));
                Ok(self.configured(&resource, name)?.unwrap_or(later))
            }
        }
    }

    /// A plain value that the configuration gives an argument of a resource that holds a part of a pool.
    fn configured(&self, resource: &ResourceInstance, name: &str) -> Result<Option<Value>, Stop> {
        let mapping = terraform::mapping(&resource.kind);
        let argument = mapping.and_then(|mapping| mapping.arguments.iter().find(|one| one.name == name));
        let link = mapping.and_then(|mapping| mapping.link) == Some(name);
        let of_type = match argument.map(|argument| schema().node(argument.node).kind) {
            Some(Kind::String) => Type::Text,
            Some(Kind::Integer) => Type::Number,
            Some(Kind::Boolean) => Type::Bool,
            None if link => Type::Text,
            _ => return Ok(None),
        };
        let Some(written) = resource.block.body.get(name) else { return Ok(None) };
        let value = super::convert::convert(&self.evaluate(&written.value, &resource.scope)?, &of_type)?;
        Ok((!value.is_null()).then_some(value))
    }
}

/// A data source, which Terraform alone reads.
fn data(kind: &str, name: &str, scope: &Scope) -> Value {
    let address = format!("{}data.{kind}.{name}", scope.instance.prefix);
    let origin = Origin { address: address.as_str().into(), attribute: "".into() };
    Value::unknown(Unknown {
        origins: BTreeSet::from([origin]),
        open: false,
        ..Unknown::because(format!("{address} is read by Terraform alone"))
    })
}

/// Why a name leads nowhere.
fn missing(instance: &Instance, name: &str) -> String {
    match &instance.directory.incomplete {
        Some(file) => format!("{}{name} may be in {file}, which could not be read", instance.prefix),
        None => format!("{}{name} is not declared", instance.prefix),
    }
}
