//! Which pool on one side is which on the other.

use std::collections::BTreeMap;

use super::Side;
use super::compare::Pair;
use super::identity::is_declared;
use crate::pool::Pool;
use crate::source::{Note, Unread};

/// A pool that is to be held against another, as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    pub recorded: Name,
    pub current: Name,
}

/// What a pool is called there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// Every pool.
    Any,
    /// An id, an ARN or a name.
    Pool(String),
}

impl Match {
    /// Reads `RECORDED=CURRENT`; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Match, String> {
        let name = |text: &str| match text.trim() {
            "*" => Name::Any,
            text => Name::Pool(text.to_owned()),
        };
        match text.split_once('=').map(|(recorded, current)| (name(recorded), name(current))) {
            Some((Name::Any, Name::Any)) => Err("one side must be a pool".to_owned()),
            Some((recorded, current))
                if recorded != Name::Pool(String::new()) && current != Name::Pool(String::new()) =>
            {
                Ok(Match { recorded, current })
            }
            _ => Err(
                "write it as `RECORDED=CURRENT`, with the id, ARN or name of a pool on each side, or `*` \
                      for every pool on one"
                    .to_owned(),
            ),
        }
    }
}

impl Name {
    fn fits(&self, pool: &Pool) -> bool {
        let identity = pool.identity();
        let names = [identity.id, identity.arn, identity.name, identity.address];
        match self {
            Name::Any => true,
            Name::Pool(name) => names.into_iter().flatten().any(|own| *own == **name),
        }
    }

    fn text(&self) -> &str {
        match self {
            Name::Any => "*",
            Name::Pool(name) => name,
        }
    }
}

/// Who belongs to whom.
#[derive(Debug, Default)]
pub(super) struct Pairs<'a> {
    pub both: Vec<Pair<'a>>,
    pub removed: Vec<&'a Pool>,
    pub added: Vec<&'a Pool>,
    pub unread: Vec<Unread>,
    pub notes: Vec<Note>,
    /// What the reading of the current side told, and that a pool was removed is the reason.
    pub explained: Vec<Unread>,
}

/// Pairs the pools of both sides: those that somebody named, or else those that are the same.
pub(super) fn pairs<'a>(recorded: &'a Side, current: &'a Side, matches: &[Match]) -> Pairs<'a> {
    if matches.is_empty() { by_identity(recorded, current) } else { by_hand(recorded, current, matches) }
}

fn by_hand<'a>(recorded: &'a Side, current: &'a Side, matches: &[Match]) -> Pairs<'a> {
    let mut pairs = Pairs::default();
    for wanted in matches {
        for of_recorded in recorded.pools.iter().filter(|pool| wanted.recorded.fits(pool)) {
            for of_current in current.pools.iter().filter(|pool| wanted.current.fits(pool)) {
                let apart = of_recorded.identity().id != of_current.identity().id;
                pairs.both.push(Pair { recorded: of_recorded, current: of_current, apart });
            }
        }
        let sides = [(&wanted.recorded, recorded, "recorded"), (&wanted.current, current, "current")];
        for (name, side, word) in sides {
            if !side.pools.iter().any(|pool| name.fits(pool)) {
                pairs.unread.push(nobody(name, word));
            }
        }
    }
    let left = |side: &'a Side, named: fn(&Match) -> &Name| {
        side.pools.iter().filter(|pool| !matches.iter().any(|wanted| named(wanted).fits(pool))).count()
    };
    let sides = [
        ("recorded", left(recorded, |wanted| &wanted.recorded)),
        ("current", left(current, |wanted| &wanted.current)),
    ];
    for (word, left) in sides.into_iter().filter(|(_, left)| *left > 0) {
        let noun = if left == 1 { "pool is" } else { "pools are" };
        let message = format!("{left} {noun} in no `--match`, and not compared");
        pairs.notes.push(Note { target: word.to_owned(), message });
    }
    pairs
}

fn by_identity<'a>(recorded: &'a Side, current: &'a Side) -> Pairs<'a> {
    let mut pairs = Pairs::default();
    let mut taken = vec![false; current.pools.len()];
    let current_by = By::of(&current.pools);
    for pool in &recorded.pools {
        let found = match (current_by.find(pool), recorded.pools.as_slice(), current.pools.as_slice()) {
            // What a file declares may have another name, or none that is known yet.
            (Found::Nobody, [_], [other]) if is_declared(pool) != is_declared(other) => Found::One(0),
            (found, ..) => found,
        };
        match found {
            Found::One(index) => {
                taken[index] = true;
                pairs.both.push(Pair { recorded: pool, current: &current.pools[index], apart: false });
            }
            Found::Nobody if is_nameless(pool) => pairs.unread.push(nameless(pool)),
            // It may be one that has no name yet.
            Found::Nobody if current.pools.iter().any(is_nameless) => {}
            Found::Many(count) => pairs.unread.push(several(pool, count)),
            Found::Nobody => match current.unread.iter().find(|unread| covers(unread, pool)) {
                None => pairs.removed.push(pool),
                Some(unread) if unread.code.as_deref() == Some(NOT_FOUND) => {
                    pairs.explained.push(unread.clone());
                    pairs.removed.push(pool);
                }
                Some(_) => {}
            },
        }
    }
    let left = current.pools.iter().zip(taken).filter(|(_, taken)| !taken).map(|(pool, _)| pool);
    let (unnamed, named): (Vec<&Pool>, Vec<&Pool>) = left.partition(|pool| is_nameless(pool));
    pairs.unread.extend(unnamed.into_iter().map(nameless));
    let known = |pool: &&Pool| {
        !recorded.unread.iter().any(|unread| covers(unread, pool)) && !recorded.pools.iter().any(is_nameless)
    };
    pairs.added = named.into_iter().filter(known).collect();
    pairs
}

/// What the service says of a pool that is not there.
const NOT_FOUND: &str = "ResourceNotFoundException";

/// Whether a pool may be among what could not be read.
fn covers(unread: &Unread, pool: &Pool) -> bool {
    let target = unread.target.as_str();
    let about = |id: &str| {
        target == id || target.ends_with(&format!("({id})")) || target.ends_with(&format!("/{id}"))
    };
    // What is no file and has no id in it is a Region, all of which may be missing.
    pool.identity().id.as_deref().is_some_and(about) || unread.operation.is_none() || !target.contains('_')
}

/// What pools are found by.
struct By<'a> {
    pools: &'a [Pool],
    ids: BTreeMap<String, Vec<usize>>,
    arns: BTreeMap<String, Vec<usize>>,
    names: BTreeMap<String, Vec<usize>>,
}

enum Found {
    One(usize),
    Nobody,
    Many(usize),
}

impl<'a> By<'a> {
    fn of(pools: &'a [Pool]) -> By<'a> {
        let mut by = By { pools, ids: BTreeMap::new(), arns: BTreeMap::new(), names: BTreeMap::new() };
        for (index, pool) in pools.iter().enumerate() {
            let identity = pool.identity();
            let maps =
                [(&mut by.ids, identity.id), (&mut by.arns, identity.arn), (&mut by.names, identity.name)];
            for (map, name) in maps {
                if let Some(name) = name {
                    map.entry(name.to_string()).or_default().push(index);
                }
            }
        }
        by
    }

    fn find(&self, pool: &Pool) -> Found {
        let identity = pool.identity();
        let one = |map: &BTreeMap<String, Vec<usize>>, name: Option<&str>| {
            name.and_then(|name| map.get(name)).cloned().unwrap_or_default()
        };
        let mut found = one(&self.ids, identity.id.as_deref());
        if found.is_empty() {
            found = one(&self.arns, identity.arn.as_deref());
        }
        if found.is_empty() {
            // By name only within account and Region, and never in place of another id.
            let fits = |own: &Option<_>, other: &Option<_>| own.is_none() || other.is_none() || own == other;
            let alike = |index: &usize| {
                let other = self.pools[*index].identity();
                fits(&identity.account, &other.account)
                    && fits(&identity.region, &other.region)
                    && (identity.id.is_none() || other.id.is_none())
            };
            found = one(&self.names, identity.name.as_deref());
            found.retain(alike);
        }
        match found[..] {
            [] => Found::Nobody,
            [index] => Found::One(index),
            _ => Found::Many(found.len()),
        }
    }
}

fn nobody(name: &Name, side: &str) -> Unread {
    let message = format!("no {side} pool has this id, ARN or name, which `--match` gives");
    let help = Some("names are matched whole and with their case".to_owned());
    Unread { target: name.text().to_owned(), operation: None, code: None, message, help, at: None }
}

/// Whether a file declares a pool and nobody knows yet what it will be called.
fn is_nameless(pool: &Pool) -> bool {
    let identity = pool.identity();
    is_declared(pool) && identity.id.is_none() && identity.arn.is_none() && identity.name.is_none()
}

fn nameless(pool: &Pool) -> Unread {
    Unread {
        target: pool.identity().title(),
        operation: None,
        code: None,
        message: "its file gives it no name that is known, so nobody can tell which pool it is".to_owned(),
        help: Some(
            "say which with `--match RECORDED=CURRENT`, where its address or logical id stands for it"
                .to_owned(),
        ),
        at: None,
    }
}

fn several(pool: &Pool, count: usize) -> Unread {
    Unread {
        target: pool.identity().title(),
        operation: None,
        code: None,
        message: format!("{count} current pools could be this one"),
        help: Some("say which with `--match RECORDED=CURRENT`".to_owned()),
        at: None,
    }
}
