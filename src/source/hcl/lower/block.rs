//! Blocks inside of a resource: those that are written out, and dynamic ones.

use std::rc::Rc;

use super::Lowering;
use crate::schema::{Kind, schema};
use crate::source::declared::{Argument, Meaning, Term};
use crate::source::hcl::directory::nested_kind;
use crate::source::hcl::operate::pairs;
use crate::source::hcl::scope::Scope;
use crate::source::hcl::syntax::{Block, Body, Node, Place};
use crate::source::hcl::unknown::{Stop, Unknown};
use crate::source::hcl::value::Value;

/// A block with the scope that it is evaluated in.
type Placed = (Rc<Body>, Place, Scope);

impl Lowering<'_, '_> {
    /// The blocks of an argument; `None` where there is none.
    pub(super) fn blocks(&mut self, argument: &'static Argument, body: &Body, scope: &Scope) -> Option<Term> {
        let own: Vec<&Block> =
            body.blocks.iter().filter(|block| nested_kind(block) == argument.name).collect();
        let first = own.first()?;
        let at = self.at(first.header);
        let found = match self.expanded(&own, scope) {
            Ok(found) => found,
            Err(open) => {
                let why = format!("whether there is a `{}` block is unknown: {}", argument.name, open.why);
                return Some(Term { at, what: Meaning::unknown(why) });
            }
        };
        let list = schema().node(argument.node).kind == Kind::List;
        let mut terms = found.iter().map(|(body, header, scope)| {
            let members = self.members(&argument.inside, body, scope);
            Term { at: self.at(*header), what: Meaning::Map(members, None) }
        });
        if list {
            let terms: Vec<Term> = terms.collect();
            return (!terms.is_empty()).then_some(Term { at, what: Meaning::List(terms) });
        }
        if found.len() > 1 {
            let why = format!("there is more than one `{}` block, which Terraform refuses", argument.name);
            return Some(Term { at, what: Meaning::unknown(why) });
        }
        terms.next()
    }

    fn expanded(&self, blocks: &[&Block], scope: &Scope) -> Result<Vec<Placed>, Unknown> {
        let mut found = Vec::new();
        for block in blocks {
            if &*block.kind == "dynamic" {
                let placed = self.dynamic(block, scope).map_err(|stop| {
                    self.program.end_plan(&stop);
                    let unknown = stop.into_unknown();
                    self.program.ask(&unknown);
                    unknown
                });
                found.extend(placed?);
            } else {
                found.push((Rc::clone(&block.body), block.header, scope.clone()));
            }
        }
        Ok(found)
    }

    fn dynamic(&self, block: &Block, scope: &Scope) -> Result<Vec<Placed>, Stop> {
        let Some(each) = block.body.get("for_each") else {
            return Stop::lost("a dynamic block has no for_each");
        };
        let Some(content) = block.body.blocks("content").next() else {
            return Stop::lost("a dynamic block has no content");
        };
        let iterator: Rc<str> = match block.body.get("iterator").map(|iterator| &iterator.value.node) {
            Some(Node::Name(name) | Node::Text(name)) => Rc::clone(name),
            _ => block.label(0).into(),
        };
        let value = self.program.evaluate(&each.value, scope)?;
        let pairs = dynamic_pairs(&value)?;
        self.program.budget.multiply(pairs.len())?;
        let placed = pairs.into_iter().map(|(key, value)| {
            let members = [("key".into(), key), ("value".into(), value)].into();
            let scope = scope.with(&iterator, Value::object(members));
            (Rc::clone(&content.body), block.header, scope)
        });
        Ok(placed.collect())
    }
}

/// The keys and values of a dynamic block. A set has no order, and needs none here.
fn dynamic_pairs(value: &Value) -> Result<Vec<(Value, Value)>, Stop> {
    match &value.what {
        super::What::Set(items) if items.all.iter().all(|item| item.as_unknown().is_none()) => {
            Ok(items.all.iter().map(|item| (item.clone(), item.clone())).collect())
        }
        _ => pairs(value),
    }
}
