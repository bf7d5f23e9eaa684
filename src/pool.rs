//! A user pool as a document: its identity, its origin, and the values at its paths.

mod canonical;
mod inferred;
mod read_window;
mod coverage;
mod derived;
mod pattern;
mod projection;
mod section;
mod scopes;
mod lookup;
mod elements;
mod mirror;

use std::ops::Range;
use std::sync::Arc;

pub use canonical::{OrderedMember, canonical, ordered_elements, ordered_members};
pub use coverage::Coverage;
pub use derived::{UNITS, derive};
pub use elements::{Elements, LocatedElement, Place, elements};
pub use inferred::Inferred;
pub use lookup::{Beyond, Element, Scope, State, at, lacking, resolve};
pub use mirror::{Mirrored, given, mirror, mirror_again};
pub use pattern::{NamedPool, PoolPattern};
pub use projection::Projection;
pub use read_window::ReadWindow;
pub use section::{Section, WEB_ACL};

use crate::schema::{Around, InputKind, NodeId, schema};
use crate::value::{Map, Text, Value};

/// One user pool.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    pub origin: Origin,
    /// The span of the pool's object in the text that it was read from, in bytes.
    pub place: Range<usize>,
    /// The pool's members, or those that the rules need.
    pub document: Map,
    /// Sections that were requested and could not be read, with the reason.
    pub unread: Vec<(Section, Arc<str>)>,
    /// Sections that the input holds, beside those with a member in the document.
    pub held: Vec<Section>,
    /// Paths of members that the schema does not know.
    pub unknown_members: Vec<String>,
    /// The resource's address in a plan, or its logical id in a template.
    pub address: Option<Arc<str>>,
    /// The addresses of the elements of list sections, which have no id before the deployment.
    pub elements: Vec<(Section, Vec<Arc<str>>)>,
    /// The reason that the pool is in the input.
    pub lifecycle: Lifecycle,
    /// The members that the language of the input has arguments for. `None` for answers of the API.
    pub coverage: Option<&'static Coverage>,
    /// The input holds parts of the pool and not the pool itself.
    pub partial: bool,
    /// Elements of a section that may belong to another pool: section, position, and value in case they belong to
    /// this one.
    pub possible: Vec<(Section, usize, Value)>,
    /// The member that every answer has and this document lacks: the answer was truncated, and an absent member has
    /// no meaning.
    pub lacks: Option<NodeId>,
    /// The Region of the pool, which a plan may have before there is an id or an ARN.
    pub region: Option<Arc<str>>,
    /// Values of the document that were given only under another name.
    pub mirrored: Vec<Mirrored>,
    /// Structures of the document that were added to hold them.
    pub made: Vec<NodeId>,
    /// When the snapshot was made that it is from, in milliseconds since 1970.
    pub taken: Option<i64>,
    /// When its values were read, by the snapshot that it is from.
    pub read: ReadWindow,
    /// The configuration that a plan or state was made from, if it was named.
    pub written_in: Option<Arc<str>>,
    /// The list of its journeys, once a rule asked for it.
    pub journeys: Inferred,
}

impl Pool {
    /// Whether a structure was given in the input or added by a mirror.
    pub fn around(&self, structure: NodeId) -> Around {
        if self.made.contains(&structure) { Around::Mirrored } else { Around::Given }
    }

    /// The input kind, which decides the defaults of absent members.
    pub fn input_kind(&self) -> InputKind {
        match self.lifecycle {
            Lifecycle::Answered => self.origin.source.input_kind(),
            Lifecycle::Created => InputKind::Template,
            Lifecycle::Updated | Lifecycle::Stated | Lifecycle::Adopted => InputKind::Answer,
        }
    }

    /// The outermost member around a path that the input leaves as it is, because its language has no argument for
    /// it.
    pub fn unsaid(&self, id: NodeId) -> Option<NodeId> {
        let coverage = self.coverage?;
        let leaves = match self.lifecycle {
            Lifecycle::Answered | Lifecycle::Created => false,
            Lifecycle::Updated | Lifecycle::Stated | Lifecycle::Adopted => true,
        };
        let above = |id: &NodeId| (*id != NodeId::ROOT).then(|| schema().node(*id).parent);
        let around = std::iter::successors(Some(id), above);
        around.filter(|id| leaves && !coverage.has(*id)).last()
    }

    /// The reason that the document is a truncated answer, in which absence has no meaning.
    pub fn cut_short(&self) -> Option<String> {
        self.lacks.map(|lacked| lookup::cut_short(self, lacked))
    }

    /// The address of the resource that declares an element of a section.
    pub fn element_address(&self, section: Section, index: usize) -> Option<&str> {
        let (_, addresses) = self.elements.iter().find(|(of, _)| *of == section)?;
        addresses.get(index).map(AsRef::as_ref)
    }

    /// The value of an element of a section that may belong to another pool.
    pub fn possible_element(&self, section: Section, index: usize) -> Option<&Value> {
        let same = |(of, at, _): &&(Section, usize, Value)| *of == section && *at == index;
        self.possible.iter().find(same).map(|(.., element)| element)
    }

    /// The identity in the pool's document. It is built only for pools in messages and reports.
    pub fn identity(&self) -> Identity {
        let of = Identity::of(&self.document);
        Identity { address: self.address.clone(), region: of.region.clone().or(self.region.clone()), ..of }
    }

    /// Whether another pool is the same in everything but its document that decides verdicts.
    pub fn is_alike(&self, other: &Pool) -> bool {
        // The pool is taken apart by name, so that no part of it can be forgotten.
        let Pool {
            origin,
            place: _,
            document: _,
            unread,
            held,
            unknown_members: _,
            address: _,
            elements: _,
            lifecycle,
            coverage,
            partial,
            possible,
            lacks,
            region,
            mirrored,
            made,
            taken: _,
            read: _,
            written_in: _,
            journeys: _,
        } = self;
        origin.source == other.origin.source
            && *unread == other.unread
            && *held == other.held
            && *lifecycle == other.lifecycle
            && coverage.map(std::ptr::from_ref) == other.coverage.map(std::ptr::from_ref)
            && *partial == other.partial
            && *possible == other.possible
            && *lacks == other.lacks
            && *region == other.region
            && *mirrored == other.mirrored
            && *made == other.made
    }

    /// The pool with the members that identify it alone.
    #[must_use]
    pub fn into_identity(self) -> Pool {
        let is_part = |(name, _): &(Text, Value)| Identity::MEMBERS.contains(&name.as_ref());
        let document = Map(self.document.0.into_iter().filter(is_part).collect());
        Pool { origin: self.origin, place: self.place, document, ..Pool::default() }
    }
}

/// The reason that a pool, or a part of one, is in an input. It decides which defaults hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lifecycle {
    /// It is an answer of the API.
    #[default]
    Answered,
    /// Applying the input creates it, so the defaults of new things apply.
    Created,
    /// It exists, and applying the input changes it.
    Updated,
    /// It exists as the input describes it.
    Stated,
    /// Something else created it, and the input takes it over.
    Adopted,
}

/// The names of a pool.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// 12 digits, from the ARN.
    pub account: Option<Arc<str>>,
    /// From the ARN, else from the part of the id before `_`.
    pub region: Option<Arc<str>>,
    pub name: Option<Arc<str>>,
    pub id: Option<Arc<str>>,
    pub arn: Option<Arc<str>>,
    /// The resource's address in a plan, or its logical id in a template.
    pub address: Option<Arc<str>>,
}

/// Where a pool was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    pub source: Source,
    /// The file as it was named, `-` for standard input, or the Region for a live pool.
    pub name: Arc<str>,
}

/// The kinds of sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Read from the API in this run.
    Live,
    /// A saved answer of the API.
    #[default]
    Saved,
    /// A plan or state of Terraform.
    Terraform,
    /// A CloudFormation template.
    CloudFormation,
    /// A pool written in a rule's test.
    Test(InputKind),
}

impl Source {
    /// Whether a file declares its pools.
    pub fn is_declared(self) -> bool {
        match self {
            Source::Terraform | Source::CloudFormation => true,
            Source::Live | Source::Saved | Source::Test(_) => false,
        }
    }

    /// The sources that a report or a scope can name.
    pub const ALL: [Source; 4] = [Source::Live, Source::Saved, Source::Terraform, Source::CloudFormation];

    pub fn parse(word: &str) -> Option<Source> {
        Source::ALL.into_iter().find(|source| source.word() == word)
    }

    /// The word for it in reports and in a configuration's scopes.
    pub fn word(self) -> &'static str {
        match self {
            Source::Live => "live",
            Source::Saved => "saved",
            Source::Terraform => "terraform",
            Source::CloudFormation => "cloudformation",
            Source::Test(_) => "test",
        }
    }

    /// The input kind, which decides the defaults of absent members.
    pub fn input_kind(self) -> InputKind {
        match self {
            Source::Live | Source::Saved | Source::Test(InputKind::Answer) => InputKind::Answer,
            Source::Terraform | Source::CloudFormation | Source::Test(InputKind::Template) => {
                InputKind::Template
            }
        }
    }
}

impl Identity {
    /// The members of a pool that it is in.
    pub const MEMBERS: [&'static str; 3] = ["Id", "Name", "Arn"];

    /// The identity in a pool's document.
    pub fn of(document: &Map) -> Identity {
        let text = |name| document.get(name).and_then(Value::as_str).map(Arc::<str>::from);
        let [id, name, arn] = Identity::MEMBERS.map(text);
        let parts: Vec<&str> = arn.as_deref().map(|arn| arn.splitn(6, ':').collect()).unwrap_or_default();
        let part = |i: usize| parts.get(i).copied().filter(|part| !part.is_empty());
        let region =
            part(3).or_else(|| id.as_deref().and_then(|id| id.split_once('_')).map(|(region, _)| region));
        let (account, region) = (part(4).map(Arc::from), region.map(Arc::from));
        Identity { account, region, name, id, arn, address: None }
    }

    /// The id within its Region, as lists of pools have it: with the Region in front if the id names another.
    pub fn id_in_region(&self) -> Option<String> {
        let id = self.id.as_deref()?;
        Some(id_in_region(self.region.as_deref(), id))
    }

    /// The name of the pool in a sentence: `name (id)`, or the one that is known. The address replaces a missing id.
    pub fn title(&self) -> String {
        match (self.name.as_deref(), self.id.as_deref().or(self.address.as_deref())) {
            (Some(name), Some(id)) => format!("{name} ({id})"),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => "a pool without name and id".to_owned(),
        }
    }
}

/// A unique id: with the Region in front if the id names another.
pub fn id_in_region(region: Option<&str>, id: &str) -> String {
    match region {
        Some(region) if id.split_once('_').is_none_or(|(own, _)| own != region) => format!("{region}/{id}"),
        _ => id.to_owned(),
    }
}
