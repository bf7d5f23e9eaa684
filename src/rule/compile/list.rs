//! Paths to elements, and predicates about all of them together.

use super::path::plain_values;
use super::{Absence, Base, Compiler};
use crate::diagnostic::one_of;
use crate::rule::written::{SpannedText, WrittenCount, WrittenOperator, WrittenPredicate, WrittenUnique};
use crate::rule::{Count, ListPath, Operator, OperatorName, Predicate, Unique};
use crate::schema::{Aspect, Kind, Node, NodeId, Path, schema};
use crate::value::Value;

impl Compiler<'_> {
    /// A path to the elements of a list, or to the members of a structure or map.
    pub(super) fn list(&mut self, written: &SpannedText, base: Base) -> Option<ListPath> {
        let (path, node) = self.path(written, base)?;
        let Some(id) = node else {
            return Some(ListPath { path, element: None, of: None });
        };
        let node = schema().node(id);
        match path.aspect {
            Aspect::Value => {
                let Some(element) = node.element.filter(|_| node.kind == Kind::List) else {
                    let message = format!("`{}` is {}, not a list", written.0, node.kind.one());
                    let help = match node.kind {
                        Kind::Structure | Kind::Map => format!("its members one by one: `{path}.*`"),
                        _ => format!("a list whose elements have members: {}", one_of(lists(base))),
                    };
                    self.mistake(written.1.clone(), message, "must lead to a list", Some(help));
                    return None;
                };
                Some(ListPath { path, element: Some(element), of: None })
            }
            Aspect::Members | Aspect::Plain => self.members(path, id, written),
            Aspect::Outer => {
                self.outer_alone(written, &path);
                None
            }
            Aspect::Key | Aspect::Arn(_) | Aspect::Source => {
                let message = format!("`{path}` is a text, not a list");
                self.mistake(written.1.clone(), message, "must lead to a list", None);
                None
            }
            Aspect::Scopes => {
                let message =
                    format!("`{path}` is a list to compare with, and its elements cannot be checked");
                let help = "compare with it, as in `{ every = \"AllowedOAuthScopes\", expect = { one-of = { path = \"scopes($.ResourceServers)\" } } }`";
                self.mistake(written.1.clone(), message, "no elements here", Some(help.to_owned()));
                None
            }
        }
    }

    fn members(&mut self, path: Path, id: NodeId, written: &SpannedText) -> Option<ListPath> {
        let node = schema().node(id);
        let list = || plain_values(id).into_iter().find(|id| schema().node(*id).kind == Kind::List);
        let (message, help) = match node.kind {
            Kind::Structure | Kind::Map => match list().filter(|_| path.aspect == Aspect::Plain) {
                None => {
                    let element = node.element;
                    return Some(ListPath { path, element, of: Some(id) });
                }
                Some(list) => {
                    let list = &schema().node(list).path;
                    (
                        format!("`{path}` does not look into lists, and `{list}` is one"),
                        "name the members".to_owned(),
                    )
                }
            },
            Kind::List => {
                let list = path.steps_text();
                (format!("`{list}` is a list, and its elements have no names"), format!("write `{list}`"))
            }
            _ => (
                format!("{} is {} and has no members", node.called(), node.kind.one()),
                "leave `*` out".to_owned(),
            ),
        };
        self.mistake(written.1.clone(), message, "no members here", Some(help));
        None
    }

    /// The filter of a predicate on elements, if it has one and that has no mistake.
    fn filter(
        &mut self,
        written: Option<&WrittenPredicate>,
        base: Base,
        inner: Base,
    ) -> Option<Box<Predicate>> {
        let outer = self.enter(base);
        let filter = self.under(Absence::Unmet, |own| own.predicate(written?, inner));
        self.outer = outer;
        filter.map(Box::new)
    }

    pub(super) fn count(&mut self, written: &WrittenCount, base: Base) -> Option<Count> {
        let before = self.mistakes.len();
        let list = self.list(&written.list, base);
        let inner = list.as_ref().map_or_else(|| Base::meant(&written.list, base), Base::of);
        let filter = self.filter(written.filter.as_deref(), base, inner);
        let list = list?;
        let most = list
            .element
            .map(|element| schema().node(schema().node(element).parent))
            .and_then(|list| list.max);
        let bounds: Vec<Option<Operator>> =
            written.bounds.iter().map(|bound| self.number(bound, most, &list.path)).collect();
        let bounds: Vec<Operator> = bounds.into_iter().collect::<Option<_>>()?;
        let holds =
            |number: i64| bounds.iter().all(|bound| bound.holds(&Value::Int(number), None, 0) == Ok(true));
        let named = |bound: &Operator| match bound {
            Operator::AtLeast(n) | Operator::AtMost(n) | Operator::Equals(Value::Int(n)) => Some(*n),
            _ => None,
        };
        if let (true, [first, .., last]) = (bounds.len() > 1, written.bounds.as_slice())
            && !bounds.iter().filter_map(named).any(holds)
        {
            let at = first.at.start..last.operand.at.end;
            self.mistake(at, "this can never hold: no number is within these bounds", "never true", None);
            return None;
        }
        (self.mistakes.len() == before).then_some(Count { list, filter, bounds })
    }

    /// A bound on a number of elements.
    fn number(&mut self, written: &WrittenOperator, most: Option<i64>, list: &Path) -> Option<Operator> {
        let word = written.name.word();
        let make: fn(i64) -> Operator = match written.name {
            OperatorName::AtLeast => Operator::AtLeast,
            OperatorName::AtMost => Operator::AtMost,
            OperatorName::Equals => |n| Operator::Equals(Value::Int(n)),
            OperatorName::NotEquals => |n| Operator::NotEquals(Value::Int(n)),
            OperatorName::OneOf
            | OperatorName::NoneOf
            | OperatorName::Matches
            | OperatorName::NotMatches
            | OperatorName::Present
            | OperatorName::Contains
            | OperatorName::NotContains
            | OperatorName::ContainsAll
            | OperatorName::ContainsOnly
            | OperatorName::LengthAtLeast
            | OperatorName::LengthAtMost
            | OperatorName::OlderThan
            | OperatorName::NewerThan
            | OperatorName::PrefixAtLeast => {
                let help = "what fits: `at-least`, `at-most`, `equals`, `not-equals`".to_owned();
                let message = format!("`{word}` does not fit a number of elements");
                self.mistake(written.at.clone(), message, "does not fit", Some(help));
                return None;
            }
        };
        let operand = self.operand(&written.operand)?;
        let Value::Int(n) = operand.value else {
            let mistake = operand.wrong_kind(format!("`{word}` must be an integer"));
            self.mistakes.push(mistake.help("write a whole number, such as 2"));
            return None;
        };
        let over = most.is_some_and(|most| n > most);
        let verb = match (written.name, n) {
            (_, n) if n < 0 => Some("no number of elements is below 0"),
            (OperatorName::AtLeast, 0) => Some("this can never fail: there are always 0 or more"),
            (OperatorName::AtLeast | OperatorName::Equals, _) if over => {
                Some("this can never hold: the API does not allow that many")
            }
            (OperatorName::AtMost, _) if over || Some(n) == most => {
                Some("this can never fail: the API does not allow more")
            }
            _ => None,
        };
        if let Some(message) = verb {
            let label = most.map_or_else(String::new, |most| format!("`{list}` has at most {most}"));
            let help = "write a number of elements that some pools have and others do not".to_owned();
            self.mistakes.push(operand.mistake(message, label).help(help));
            return None;
        }
        Some(make(n))
    }

    pub(super) fn unique(&mut self, written: &WrittenUnique, base: Base) -> Option<Unique> {
        let before = self.mistakes.len();
        let list = self.list(&written.list, base);
        let inner = list.as_ref().map_or_else(|| Base::meant(&written.list, base), Base::of);
        let filter = self.filter(written.filter.as_deref(), base, inner);
        let list = list?;
        let structure = |id: &NodeId| schema().node(*id).kind == Kind::Structure;
        let member = match &written.of {
            Some(of) => Some(self.value(of, inner)?),
            None if inner.nodes().iter().any(structure) => {
                let message = format!("the elements of `{}` have members", list.path);
                let help = "say which must be unique: `of = \"NAME\"`".to_owned();
                self.mistake(written.list.1.clone(), message, "no `of` beside it", Some(help));
                return None;
            }
            None => None,
        };
        if let (Some((path, Some(id))), Some(of)) = (&member, &written.of) {
            let node = schema().node(*id);
            let plain = |node: &Node| !matches!(node.kind, Kind::Structure | Kind::Map | Kind::List);
            let element = node.element.map(|id| schema().node(id)).filter(|_| node.kind == Kind::List);
            if !plain(element.unwrap_or(node)) || node.secret || path.aspect != Aspect::Value {
                let message = format!("`{path}` is not a value that can be compared");
                self.mistake(of.1.clone(), message, "must be a plain value, or a list of them", None);
                return None;
            }
        }
        (self.mistakes.len() == before).then_some(Unique { list, filter, member })
    }
}

/// The lists of structures that paths from `base` can lead to.
fn lists(base: Base) -> impl Iterator<Item = &'static str> {
    let start = match base {
        Base::Element(Some(element)) => format!("{}.", schema().node(element).path),
        Base::Element(None) | Base::Member { .. } | Base::Pool => String::new(),
    };
    schema().nodes().filter_map(move |(_, node)| {
        let path = node.path.strip_suffix("[]").filter(|_| node.kind == Kind::Structure)?;
        path.strip_prefix(start.as_str()).filter(|rest| !rest.contains(['[', '{']))
    })
}
