//! The resources of a file, whose arguments are terms of known and unknown values. A front end makes them.

use std::ops::Range;
use std::sync::Arc;

use super::{Holder, Mapping};
use crate::pool::{Coverage, Lifecycle};

/// A resource that is a pool, or a part of one.
#[derive(Debug)]
pub(in crate::source) struct Resource {
    pub mapping: &'static Mapping,
    /// The members that the language has arguments for.
    pub coverage: &'static Coverage,
    /// It as findings name and show it.
    pub holder: Holder,
    pub arguments: Term,
    pub lifecycle: Lifecycle,
    pub standing: Standing,
    pub owner: Owner,
    pub client: Client,
    /// The Region that it will be in, where the file says so.
    pub region: Option<Arc<str>>,
    /// The word for what declares it: a plan, a template, a configuration.
    pub source: &'static str,
}

/// Whether a resource will be there.
#[derive(Debug)]
pub(in crate::source) enum Standing {
    Stays,
    /// It will not. The file knows of its section all the same.
    Gone,
    /// That is not known, and why.
    Open(Arc<str>),
}

/// The pool that a resource is a part of.
#[derive(Debug)]
pub(in crate::source) enum Owner {
    /// It is a pool itself.
    Own,
    /// By its position among the resources.
    Pool(usize),
    /// It may be any of these, and why that is not known.
    Open(Vec<usize>, Arc<str>),
    /// A pool that no resource declares. Parts with the same key are of the same pool.
    Elsewhere { key: String, id: Option<String> },
    /// It is a part of no pool that the file is about.
    None,
}

/// The app client that a risk configuration is for.
#[derive(Debug)]
pub(in crate::source) enum Client {
    /// The pool as a whole.
    Whole,
    /// By its position among the resources.
    Of(usize),
    /// One that no resource declares.
    Elsewhere,
    /// It is for one of its pool's clients, and which cannot be followed.
    Open(Arc<str>),
    /// It may be for the pool as a whole too.
    Any(Arc<str>),
}

/// A value of an argument, as far as it can be known, and its place.
#[derive(Clone, Debug)]
pub(in crate::source) struct Term {
    /// `None` where the file has no place for it.
    pub at: Option<Range<usize>>,
    pub what: Meaning,
}

/// The value of an argument.
#[derive(Clone, Debug)]
pub(in crate::source) enum Meaning {
    Scalar(Scalar),
    List(Vec<Term>),
    Map(Vec<Member>, Open),
    /// There is a value, and it is known when the file is applied; `of` are the resources that it is made of.
    Later {
        why: Arc<str>,
        of: Vec<Arc<str>>,
    },
    /// Not even whether there is a value is known.
    Unknown(Arc<str>),
    /// The file does not say, and may say it under the value's other name.
    Unsaid(Arc<str>),
    /// There is a value, and it must not be shown.
    Secret,
    /// As if it were not written.
    Absent,
}

/// Why a map may have more members than can be seen.
pub(in crate::source) type Open = Option<Arc<str>>;

/// A member of a map.
#[derive(Clone, Debug)]
pub(in crate::source) struct Member {
    pub key: Arc<str>,
    pub key_at: Range<usize>,
    pub value: Term,
}

/// Text, numbers, booleans and null. The meaning depends on the member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::source) struct Scalar {
    pub text: Arc<str>,
    /// Written without quotes, so that `true`, `8` and `null` are not texts.
    pub plain: bool,
}

impl Meaning {
    pub(in crate::source) fn later(why: impl Into<Arc<str>>) -> Meaning {
        Meaning::Later { why: why.into(), of: Vec::new() }
    }

    pub(in crate::source) fn unknown(why: impl Into<Arc<str>>) -> Meaning {
        Meaning::Unknown(why.into())
    }

    pub(in crate::source) fn text(text: impl Into<Arc<str>>) -> Meaning {
        Meaning::Scalar(Scalar { text: text.into(), plain: false })
    }

    /// A number or a boolean.
    pub(in crate::source) fn plain(text: impl Into<Arc<str>>) -> Meaning {
        Meaning::Scalar(Scalar { text: text.into(), plain: true })
    }

    /// The text of a scalar.
    pub(in crate::source) fn as_text(&self) -> Option<Arc<str>> {
        match self {
            Meaning::Scalar(scalar) => Some(scalar.canonical()),
            _ => None,
        }
    }
}

impl Term {
    pub(in crate::source) fn get(&self, name: &str) -> Option<&Term> {
        match &self.what {
            Meaning::Map(members, _) => {
                members.iter().find(|member| &*member.key == name).map(|member| &member.value)
            }
            _ => None,
        }
    }

    /// Takes a member out of a map.
    pub(in crate::source) fn take(&mut self, name: &str) -> Option<Term> {
        let Meaning::Map(members, _) = &mut self.what else { return None };
        let at = members.iter().position(|member| &*member.key == name)?;
        Some(members.remove(at).value)
    }

    /// Why there may be more members than can be seen.
    pub(in crate::source) fn open(&self) -> Open {
        match &self.what {
            Meaning::Map(_, open) => open.clone(),
            Meaning::Unknown(why) | Meaning::Later { why, .. } => Some(Arc::clone(why)),
            Meaning::Scalar(_)
            | Meaning::List(_)
            | Meaning::Unsaid(_)
            | Meaning::Secret
            | Meaning::Absent => None,
        }
    }

    /// The resources that a value, or something in it, is made of.
    pub(in crate::source) fn resources(&self) -> Vec<Arc<str>> {
        match &self.what {
            Meaning::Later { of, .. } => of.clone(),
            Meaning::List(items) => items.iter().flat_map(Term::resources).collect(),
            Meaning::Map(members, _) => members.iter().flat_map(|member| member.value.resources()).collect(),
            Meaning::Scalar(_)
            | Meaning::Unknown(_)
            | Meaning::Unsaid(_)
            | Meaning::Secret
            | Meaning::Absent => Vec::new(),
        }
    }
}

impl Scalar {
    pub(in crate::source) fn is_null(&self) -> bool {
        self.plain && matches!(&*self.text, "" | "~" | "null" | "Null" | "NULL")
    }

    /// The boolean that YAML 1.1, which CloudFormation reads, has for a word without quotes.
    pub(in crate::source) fn boolean(&self) -> Option<bool> {
        match &*self.text {
            _ if !self.plain => None,
            "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
            "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
            _ => None,
        }
    }

    /// The text that the service is given for it: a boolean is `true` or `false`.
    pub(in crate::source) fn canonical(&self) -> Arc<str> {
        match self.boolean() {
            Some(true) => "true".into(),
            Some(false) => "false".into(),
            None => Arc::clone(&self.text),
        }
    }

    /// A whole number as YAML 1.1 writes it: one that starts with 0 and has no quotes is octal.
    pub(in crate::source) fn integer(&self) -> Option<i64> {
        let text = self.text.trim();
        let digits = text.trim_start_matches('-');
        let octal = self.plain && digits.len() > 1 && digits.starts_with('0');
        if octal && digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return i64::from_str_radix(text, 8).ok();
        }
        text.strip_suffix(".0").unwrap_or(text).parse().ok()
    }
}
