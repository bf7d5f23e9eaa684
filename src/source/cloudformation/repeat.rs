//! Writes loops (`Fn::ForEach`) out, if the list that they run over is known.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::node::{Entry, MOST, Node, Problem, Scalar, What, refuse_twice};
use super::parameter::{Given, Wrong};
use super::resolver::Resolver;
use super::template::{LOOP, Template};
use super::work::{VALUE, Work};
use crate::source::declared::Meaning;

/// Takes a template apart and writes its loops out. Parameters that are `unknown`, with the reason, have no default.
pub(super) fn template(
    root: Node,
    given: &BTreeMap<String, String>,
    unknown: &BTreeMap<String, Arc<str>>,
) -> Result<(Template, Wrong), Problem> {
    let (mut template, wrong) = Template::new(root, given);
    for (name, parameter) in &mut template.parameters {
        if let Some(why) = unknown.get(&**name) {
            parameter.value = Given::Unknown(Arc::clone(why));
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
            let message = format!("the loops of this template produce more than {MOST} values");
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
                        Some((name, values, body)) => {
                            for value in values {
                                let turn = Turn::new(name, &value, &self.resolver.template.work);
                                let body = turn.put(body).ok_or_else(|| too_much(body))?;
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

    /// The name of a loop, its values and its body. `None` if it is not a loop, or its list is unknown.
    fn turns<'n>(&self, entry: &'n Entry) -> Option<(&'n str, Vec<Arc<str>>, &'n Node)> {
        let [name, over, body] = entry.value.items() else { return None };
        let name = name.text().filter(|_| entry.key.starts_with(LOOP))?;
        let Meaning::List(items) = self.resolver.term(over).what else { return None };
        let values: Option<Vec<Arc<str>>> = items.iter().map(|item| item.what.as_text()).collect();
        Some((name, values?, body))
    }
}

fn too_much(body: &Node) -> Problem {
    Problem::new(body.at.start, "the loops of this template produce more than this program evaluates")
}

/// One turn of a loop.
struct Turn<'s> {
    name: &'s str,
    value: &'s str,
    /// The value in a text: `${Name}` as it is, and `&{Name}` with its letters and digits alone.
    replacements: [(String, String); 2],
    work: &'s Work,
}

impl<'s> Turn<'s> {
    fn new(name: &'s str, value: &'s str, work: &'s Work) -> Turn<'s> {
        let bare = value.chars().filter(char::is_ascii_alphanumeric).collect();
        let replacements = [(format!("${{{name}}}"), value.to_owned()), (format!("&{{{name}}}"), bare)];
        Turn { name, value, replacements, work }
    }

    /// A value with the name of the loop replaced by its value of this turn. `None` beyond the limit of the template.
    fn put(&self, node: &Node) -> Option<Node> {
        if !self.work.take(VALUE) {
            return None;
        }
        let is_name =
            |(function, argument): (&str, &Node)| function == "Ref" && argument.text() == Some(self.name);
        let what = match &node.what {
            _ if node.call().is_some_and(is_name) => {
                What::Scalar(Scalar { text: self.value.into(), plain: false })
            }
            What::Scalar(scalar) => {
                What::Scalar(Scalar { text: self.replaced(&scalar.text)?, plain: scalar.plain })
            }
            What::List(items) => What::List(items.iter().map(|item| self.put(item)).collect::<Option<_>>()?),
            What::Map(entries) => {
                What::Map(entries.iter().map(|entry| self.entry(entry)).collect::<Option<_>>()?)
            }
        };
        Some(Node { at: node.at.clone(), what })
    }

    fn entry(&self, entry: &Entry) -> Option<Entry> {
        let (key, value) = (self.replaced(&entry.key)?, self.put(&entry.value)?);
        Some(Entry { key, key_at: entry.key_at.clone(), value })
    }

    fn replaced(&self, text: &Arc<str>) -> Option<Arc<str>> {
        if !text.contains('{') {
            return Some(Arc::clone(text));
        }
        let mut replaced = text.to_string();
        for (pattern, value) in &self.replacements {
            let longer = replaced.matches(pattern).count().saturating_mul(value.len());
            if !self.work.take(longer) {
                return None;
            }
            replaced = replaced.replace(pattern, value);
        }
        Some(replaced.into())
    }
}
