//! Writes loops (`Fn::ForEach`) out, if the list that they run over is known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::node::{Entry, MOST, Node, Problem, Scalar, What, refuse_twice};
use super::parameter::{Given, Wrong};
use super::resolver::Resolver;
use super::template::Template;
use crate::source::declared::Meaning;

pub(super) const LOOP: &str = "Fn::ForEach::";

/// Takes a template apart and writes its loops out. Parameters that are `unknown` have no default.
pub(super) fn template(
    root: Node,
    given: &BTreeMap<String, String>,
    unknown: &BTreeSet<String>,
) -> Result<(Template, Wrong), Problem> {
    let (mut template, wrong) = Template::new(root, given);
    for (name, parameter) in &mut template.parameters {
        if unknown.contains(&**name) {
            let why = format!("what the parent stack gives for parameter `{name}` is not known");
            parameter.value = Given::Unknown(why.into());
        }
    }
    Ok(match written_out(&template)? {
        Some(root) => (template.with_root(root), wrong),
        None => (template, wrong),
    })
}

/// The text of a template with its loops written out. `None` if it has none.
fn written_out(template: &Template) -> Result<Option<Node>, Problem> {
    let mut any = false;
    template.root().walk(&mut |node| any |= node.entries().iter().any(|entry| entry.key.starts_with(LOOP)));
    if !any {
        return Ok(None);
    }
    let resolver = Resolver { template, outcomes: &BTreeMap::new(), reveal: false };
    Writer { resolver, count: 0 }.value(template.root()).map(Some)
}

struct Writer<'s> {
    resolver: Resolver<'s>,
    count: usize,
}

impl Writer<'_> {
    fn value(&mut self, node: &Node) -> Result<Node, Problem> {
        self.count += 1;
        if self.count > MOST {
            let message = format!("the loops of this template make more than {MOST} values");
            return Err(Problem::new(node.at.start, message));
        }
        let what = match &node.what {
            What::Scalar(scalar) => What::Scalar(scalar.clone()),
            What::List(items) => {
                What::List(items.iter().map(|item| self.value(item)).collect::<Result<Vec<_>, _>>()?.into())
            }
            What::Map(entries) => {
                let mut all = Vec::new();
                for entry in entries.iter() {
                    match self.turns(entry) {
                        Some(turns) => {
                            for body in turns {
                                all.extend(self.value(&body)?.entries().iter().cloned());
                            }
                        }
                        None => all.push(Entry { value: self.value(&entry.value)?, ..entry.clone() }),
                    }
                }
                refuse_twice(&all)?;
                What::Map(all.into())
            }
        };
        Ok(Node { at: node.at.clone(), what })
    }

    /// The bodies of a loop, one for each turn. `None` if it is not a loop, or its list is unknown.
    fn turns(&self, entry: &Entry) -> Option<Vec<Node>> {
        let [name, over, body] = entry.value.items() else { return None };
        let name = name.text().filter(|_| entry.key.starts_with(LOOP))?;
        let Meaning::List(items) = self.resolver.term(over).what else { return None };
        let values: Option<Vec<Arc<str>>> = items.iter().map(|item| item.what.as_text()).collect();
        Some(values?.iter().map(|value| put(body, name, value)).collect())
    }
}

/// A value with the name of the loop replaced by its current value.
fn put(node: &Node, name: &str, value: &str) -> Node {
    if node.call().is_some_and(|(function, argument)| function == "Ref" && argument.text() == Some(name)) {
        return Node { at: node.at.clone(), what: What::Scalar(Scalar { text: value.into(), plain: false }) };
    }
    let bare: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    let replaced = |text: &Arc<str>| -> Arc<str> {
        if text.contains('{') {
            let text = text.replace(&format!("${{{name}}}"), value);
            text.replace(&format!("&{{{name}}}"), &bare).into()
        } else {
            Arc::clone(text)
        }
    };
    let what = match &node.what {
        What::Scalar(scalar) => What::Scalar(Scalar { text: replaced(&scalar.text), plain: scalar.plain }),
        What::List(items) => What::List(items.iter().map(|item| put(item, name, value)).collect()),
        What::Map(entries) => What::Map(
            entries
                .iter()
                .map(|entry| Entry {
                    key: replaced(&entry.key),
                    key_at: entry.key_at.clone(),
                    value: put(&entry.value, name, value),
                })
                .collect(),
        ),
    };
    Node { at: node.at.clone(), what }
}
