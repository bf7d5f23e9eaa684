//! The paths of a pool document, and the values that each can have: types, enum values, bounds, defaults.
//!
//! Everything comes from one data file, `schema/cognito.json`, which has one line a path. It is made from the
//! service model of the Amazon Cognito user pools API (2016-04-18); the defaults are those of the API
//! reference and of measured answers. The program reads `schema/cognito.table`, which has the same lines in a form
//! that takes half the instructions to read.

mod kind;
mod absence;
mod aspect;
mod operation;
mod line;
mod secret_name;
mod table;
mod data;
mod exclusion;
mod relation;
mod path;
mod overlay;

use std::collections::BTreeSet;
use std::sync::OnceLock;

pub use absence::{Absence, Around, Defaults, InputKind};
pub use aspect::{ArnPart, Aspect};
pub use exclusion::{ELEMENT_EXCLUSIONS, EXCLUSIONS, Exclusion};
pub use kind::Kind;
pub use operation::{Act, LeftOut, Missing, OTHER_WRITES, Service, WRITES, WRITING, Write};
pub use overlay::{KEYS as OVERLAY_KEYS, Overlay, extend, overlay};
pub use path::{LIST_OPERATORS, Path, PathProblem, Step, joined};
pub use relation::{CLIENT_RELATIONS, LONGEST_LIFETIME, Relation, SUCCESSOR};
use secret_name::reads_like_a_secret;

use crate::value::{Text, Value};

/// The schema of the whole pool document, read once.
pub fn schema() -> &'static Schema {
    SCHEMA.get_or_init(|| data::read(DATA, Vec::new()))
}

const DATA: &str = include_str!("schema/cognito.table");
static SCHEMA: OnceLock<Schema> = OnceLock::new();

/// Every path that a pool document can have.
#[derive(Debug)]
pub struct Schema {
    /// Date of the service model that the data was made from, `YYYY-MM-DD`.
    pub model: &'static str,
    nodes: Vec<Node>,
    /// The members of every answer of `DescribeUserPool`.
    in_every_answer: Vec<NodeId>,
    mirrors: Vec<Mirror>,
    standard_attributes: data::StandardAttributes,
    /// The names of members and keys that are secrets at some path.
    secret_names: BTreeSet<Text>,
}

/// A value that the service knows under two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mirror {
    /// The older name, or the name in a section that repeats what the pool says.
    pub copy: NodeId,
    /// The name that the service uses.
    pub original: NodeId,
    /// The structure around the copy, if its presence has a meaning: a value is copied into it and never adds it.
    pub within: Option<NodeId>,
    /// The API uses only the original if both are there.
    pub superseded: bool,
}

/// A place in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u16);

impl NodeId {
    /// The pool document itself.
    pub const ROOT: NodeId = NodeId(0);

    #[expect(clippy::cast_possible_truncation, reason = "the schema has a thousand paths or so")]
    fn at(position: usize) -> NodeId {
        NodeId(position as u16)
    }

    /// Position in lists that have one entry a node.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// The facts about one path.
#[derive(Debug)]
pub struct Node {
    /// The path as the data file spells it, with `[]` for a list's element and `{}` for a map's value.
    pub path: Text,
    /// The last member name of the path; empty for elements.
    pub name: Text,
    pub kind: Kind,
    /// The structure, list or map around it.
    pub parent: NodeId,
    /// The node after the last one inside it. Nodes are in depth-first order.
    pub end: NodeId,
    /// Members of a structure.
    pub members: Vec<NodeId>,
    /// The names of `members`, side by side because reading a pool looks for little else.
    pub names: Vec<&'static str>,
    /// Element of a list, or value of a map.
    pub element: Option<NodeId>,
    /// Enum values. Empty if any text is possible.
    pub values: Vec<Text>,
    /// Smallest number, or shortest length of a string, list or map.
    pub min: Option<i64>,
    /// Largest number, or greatest length of a string, list or map.
    pub max: Option<i64>,
    /// The service model's pattern for the text.
    pub pattern: Option<Text>,
    /// A string that holds a whole number.
    pub numeric: bool,
    /// Every answer holds it.
    pub always: bool,
    /// The service fills it in if a new pool, or a part of one, leaves it out.
    pub filled: bool,
    /// The call that lists pools, or parts of a pool, answers it too, and not only the call for one of them.
    pub listed: bool,
    /// The API refuses the parent without it.
    pub required: bool,
    /// Reduced to a marker on load.
    pub secret: bool,
    /// Changes by itself, so it is never drift.
    pub volatile: bool,
    /// A list whose order has no meaning.
    pub unordered: bool,
    /// The member that identifies an element of a list.
    pub key: Option<Text>,
    /// The member that names an element for people, beside `key`.
    pub label: Option<Text>,
    /// An empty structure or text means the same as absence.
    pub empty_is_absent: bool,
    /// An empty list means the same as absence: the default applies.
    pub empty_is_default: bool,
    /// An empty list or structure is a value, and does not mean the default.
    pub empty_is_value: bool,
    /// Its members are not in the schema, and any name is possible.
    pub open: bool,
    /// The number 0 means the same as absence: the default applies.
    pub zero_is_absent: bool,
    /// It names the pool or a part of it, so that two pools always differ in it.
    pub identifies: bool,
    /// Date of the first model that has the path; `None` for those older than 2023-06-30.
    pub since: Option<Text>,
    pub deprecated: bool,
    /// The API call that fills the section, on the section's own path.
    pub operation: Option<Text>,
    /// The API call that sets a member of the pool. `None` if only the service does.
    pub set_by: Option<Text>,
    /// The effect of an update that leaves it out. `None` if that was never measured.
    pub left_out: Option<LeftOut>,
    /// An update that gives it replaces it as a whole, and so resets the members that it leaves out.
    pub replaced: bool,
    /// A derived member: computed from others, and not sent by the API.
    pub derived: Option<Derived>,
    /// A member about the changes of a plan, or inside one.
    pub planned: bool,
    /// A member that is worked out from the whole pool when a rule asks for it, or inside one. No input has it.
    pub inferred: bool,
    /// `None` for most paths.
    rare: Option<Box<Rare>>,
    /// `None` where absence has no meaning, as of most members.
    defaults: Option<Box<Defaults>>,
}

/// The facts that few paths have. They are apart, because every start makes the facts about all paths.
#[derive(Debug, Default)]
pub struct Rare {
    /// Enum values that came later than the path, with the date of the first model that has them.
    pub values_since: Vec<(Text, Text)>,
    /// Keys of a map whose values are reduced to a marker on load.
    pub secret_keys: Vec<Text>,
    /// Keys of a map that change by themselves; `*` at the end stands for anything.
    pub volatile_keys: Vec<Text>,
    /// The reason that pools which are alike differ in it: a text for users, a remark.
    pub own: Option<Text>,
    /// The file of the user's that adds it to the schema.
    pub added: Option<Text>,
    /// The unit of a number whose name does not end with it.
    pub counted_in: Option<&'static str>,
}

/// A duration in seconds, from a number and the unit beside it.
#[derive(Clone, Copy, Debug)]
pub struct Derived {
    /// The member that has the number; 0 counts as absent, as the API reads it.
    pub number: &'static str,
    /// The member of `TokenValidityUnits` that has the unit.
    pub unit: &'static str,
}

/// Those of a path without any.
static NONE: Rare = Rare {
    values_since: Vec::new(),
    secret_keys: Vec::new(),
    volatile_keys: Vec::new(),
    own: None,
    added: None,
    counted_in: None,
};

impl Schema {
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// Every path, in the order of the data file; the first is the document itself.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(i, node)| (NodeId::at(i), node))
    }

    /// The member of a structure, or the value of a map's key.
    pub fn member(&self, of: NodeId, name: &str) -> Option<NodeId> {
        let node = self.node(of);
        match node.kind {
            Kind::Map => node.element,
            _ => node.names.iter().position(|own| *own == name).map(|position| node.members[position]),
        }
    }

    /// The attributes that every pool has, as an answer lists them.
    pub fn standard_attributes(&self) -> &[Value] {
        self.standard_attributes.get()
    }

    /// The members of every answer of `DescribeUserPool`: a document without one of them is not a complete answer.
    pub fn in_every_answer(&self) -> &[NodeId] {
        &self.in_every_answer
    }

    /// The values that have two names.
    pub fn mirrors(&self) -> &[Mirror] {
        &self.mirrors
    }

    /// The node of a path as the data file spells it.
    pub fn find(&self, path: &str) -> Option<NodeId> {
        data::find(&self.nodes, path)
    }

    /// Whether a member of this name is a secret at any path, so that one at an unknown path is a secret too.
    /// One that the schema does not have anywhere, in any spelling, is judged by how it reads: `access_token` of
    /// Terraform is the unit of a lifetime.
    pub fn names_secret(&self, name: &str) -> bool {
        let is_of = |node: &Node| secret_name::is_spelling_of(name, &node.name);
        self.secret_names.contains(name) || reads_like_a_secret(name) && !self.nodes.iter().any(is_of)
    }

    /// Whether a node is `above` or inside it.
    pub fn is_inside(&self, id: NodeId, above: NodeId) -> bool {
        (above..self.node(above).end).contains(&id)
    }

    /// A node and all nodes inside it.
    pub fn inside(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        (id.index()..self.node(id).end.index()).map(NodeId::at)
    }
}

impl Node {
    /// The facts that few paths have.
    pub fn rare(&self) -> &Rare {
        self.rare.as_deref().unwrap_or(&NONE)
    }

    /// The position of the member with a name. `guess` is the probable position: answers keep the model's order.
    pub fn position(&self, name: &[u8], guess: usize) -> Option<usize> {
        if self.names.get(guess).is_some_and(|known| known.as_bytes() == name) {
            return Some(guess);
        }
        self.names.iter().position(|known| known.as_bytes() == name)
    }

    /// Whether answers of the API may have it. Derived members, members of plans and what is worked out from the whole
    /// pool are in none.
    pub fn is_sent(&self) -> bool {
        self.derived.is_none() && !self.planned && !self.inferred
    }

    /// Whether a change of it is drift. Members that change by themselves, and those that are not sent, are not.
    pub fn drifts(&self) -> bool {
        !self.volatile && self.is_sent()
    }

    /// The member of the pool that a path starts at.
    pub fn around(path: &Path) -> Option<&'static Node> {
        let first = path.steps.first()?;
        schema().member(NodeId::ROOT, &first.name).map(|id| schema().node(id))
    }

    /// Whether it is a structure or holds structures, so that there are member names inside.
    pub fn has_members(&self) -> bool {
        match self.kind {
            Kind::Structure => true,
            Kind::List | Kind::Map => {
                self.element.is_some_and(|element| schema().node(element).kind == Kind::Structure)
            }
            _ => false,
        }
    }

    /// Whether it is a list of structures.
    pub fn holds_structures(&self) -> bool {
        self.kind == Kind::List
            && self.element.is_some_and(|element| schema().node(element).kind == Kind::Structure)
    }

    /// The unit of a number, which is the end of its name in the API or a fact beside it.
    pub fn unit(&self) -> Option<&'static str> {
        let units = [("Days", "days"), ("Minutes", "minutes"), ("Seconds", "seconds")];
        let number = self.kind == Kind::Integer;
        let named = units.into_iter().find(|(end, _)| number && self.name.ends_with(end));
        self.rare().counted_in.or(named.map(|(_, unit)| unit))
    }

    /// Its name in messages: `` `MfaConfiguration` ``, `the pool`, `` an element of `Clients` ``.
    pub fn called(&self) -> String {
        let path = self.path.as_ref();
        if let Some(list) = path.strip_suffix("[]") {
            return format!("an element of `{list}`");
        }
        match path.strip_suffix("{}") {
            Some(map) => format!("a value of `{map}`"),
            None if path.is_empty() => "the pool".to_owned(),
            None => format!("`{path}`"),
        }
    }

    /// Whether the value of this key of a map changes by itself.
    pub fn is_volatile_key(&self, key: &str) -> bool {
        self.rare().volatile_keys.iter().any(|volatile| match volatile.strip_suffix('*') {
            Some(start) => key.starts_with(start),
            None => volatile == key,
        })
    }

    /// Whether the value of this key of a map is a secret.
    pub fn is_secret_key(&self, key: &str) -> bool {
        let has_secrets = !self.rare().secret_keys.is_empty();
        has_secrets
            && (self.rare().secret_keys.iter().any(|secret| secret == key) || reads_like_a_secret(key))
    }
}
