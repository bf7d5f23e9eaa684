//! Matches the pools of one side with those of the other.

mod find;

use find::{Lookup, PoolIndex, are_one};

use super::Side;
use crate::pool::Pool;
use crate::source::{Note, Unread};

/// A pair of `--match`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    pub recorded: Name,
    pub current: Name,
}

/// The name of a pool on that side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// Every pool.
    Any,
    /// An id, an ARN or a name.
    Pool(String),
}

impl Match {
    /// Parses `RECORDED=CURRENT`. The error says what is wrong with it.
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
    pub(super) fn fits(&self, pool: &Pool) -> bool {
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

/// The pairs, and the pools without a partner.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub both: Vec<Paired>,
    /// Positions among the recorded pools.
    pub removed: Vec<usize>,
    /// Positions among the current pools.
    pub added: Vec<usize>,
    pub unread: Vec<Unread>,
    pub notes: Vec<Note>,
    /// Failures to read the current side that the removal of a pool explains.
    pub explained: Vec<Unread>,
}

/// Two pools by their positions on their sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paired {
    pub recorded: usize,
    pub current: usize,
    /// They are two pools that should be alike: their identities differ.
    pub apart: bool,
}

/// Pairs the pools of both sides: those of `--match`, or else those with the same identity.
pub(super) fn pairs(recorded: &Side, current: &Side, matches: &[Match]) -> Pairs {
    if matches.is_empty() { by_identity(recorded, current) } else { by_hand(recorded, current, matches) }
}

fn by_hand(recorded: &Side, current: &Side, matches: &[Match]) -> Pairs {
    let mut pairs = Pairs::default();
    for wanted in matches {
        let found = |name: &Name, side: &Side| -> Vec<usize> {
            (0..side.pools.len()).filter(|index| name.fits(&side.pools[*index])).collect()
        };
        let (of_recorded, of_current) = (found(&wanted.recorded, recorded), found(&wanted.current, current));
        let sides = [
            (&wanted.recorded, recorded, &of_recorded, "recorded"),
            (&wanted.current, current, &of_current, "current"),
        ];
        let mut is_clear = true;
        for (name, side, found, word) in sides {
            match (name, found.len()) {
                (_, 0) => pairs.unread.push(nobody(name, word)),
                (Name::Pool(_), 2..) => pairs.unread.push(ambiguous(name, word, side, found)),
                _ => continue,
            }
            is_clear = false;
        }
        for one in of_recorded.into_iter().filter(|_| is_clear) {
            for other in of_current.iter().copied() {
                let apart = !are_one(&recorded.pools[one], &current.pools[other]);
                pairs.both.push(Paired { recorded: one, current: other, apart });
            }
        }
    }
    let left = |side: &Side, named: fn(&Match) -> &Name| {
        let fits = |pool: &Pool| matches.iter().any(|wanted| named(wanted).fits(pool));
        side.unmatched + side.pools.iter().filter(|pool| !fits(pool)).count()
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

fn by_identity(recorded: &Side, current: &Side) -> Pairs {
    let mut pairs = Pairs::default();
    let mut taken = vec![false; current.pools.len()];
    let current_by = PoolIndex::of(&current.pools);
    let has_nameless = |side: &Side| side.pools.iter().any(is_nameless);
    let (recorded_nameless, current_nameless) = (has_nameless(recorded), has_nameless(current));
    for (position, pool) in recorded.pools.iter().enumerate() {
        let found = match (current_by.find(pool), recorded.pools.as_slice(), current.pools.as_slice()) {
            // A declared pool may have another name, or none that is known yet.
            (Lookup::None, [_], [other])
                if recorded.settled == 0
                    && pool.origin.source.is_declared() != other.origin.source.is_declared() =>
            {
                Lookup::One(0)
            }
            (found, ..) => found,
        };
        match found {
            Lookup::One(index) => {
                taken[index] = true;
                pairs.both.push(Paired { recorded: position, current: index, apart: false });
            }
            Lookup::None if is_nameless(pool) => pairs.unread.push(nameless(pool)),
            // It may be a pool that has no name yet.
            Lookup::None if current_nameless => {}
            Lookup::Many(count) => pairs.unread.push(several(pool, count)),
            Lookup::None => {
                let (gone, open): (Vec<&Unread>, Vec<&Unread>) = current
                    .unread
                    .iter()
                    .filter(|unread| unread.about.may_cover(&pool.identity()))
                    .partition(|unread| is_gone(unread));
                if open.is_empty() {
                    pairs.explained.extend(gone.into_iter().cloned());
                    pairs.removed.push(position);
                }
            }
        }
    }
    let left = (0..current.pools.len()).filter(|index| !taken[*index]);
    let (unnamed, named): (Vec<usize>, Vec<usize>) =
        left.partition(|index| is_nameless(&current.pools[*index]));
    pairs.unread.extend(unnamed.into_iter().map(|index| nameless(&current.pools[index])));
    let known = |index: &usize| {
        let identity = current.pools[*index].identity();
        !recorded_nameless && !recorded.unread.iter().any(|unread| unread.about.may_cover(&identity))
    };
    pairs.added = named.into_iter().filter(known).collect();
    pairs
}

/// More pools than this are counted.
const LISTED: usize = 4;

/// The error code of the service for a pool that does not exist.
const NOT_FOUND: &str = "ResourceNotFoundException";

/// Whether the service reports that a pool does not exist.
fn is_gone(unread: &Unread) -> bool {
    unread.about.pool.is_some() && unread.code.as_deref() == Some(NOT_FOUND)
}

fn nobody(name: &Name, side: &str) -> Unread {
    let message = format!("no {side} pool has this id, ARN or name, which `--match` names");
    unread(name.text().to_owned(), message, "names must match completely, also in case")
}

/// Whether no name of a pool is known.
fn is_nameless(pool: &Pool) -> bool {
    let identity = pool.identity();
    identity.id.is_none() && identity.arn.is_none() && identity.name.is_none()
}

fn nameless(pool: &Pool) -> Unread {
    let (message, help) = if pool.origin.source.is_declared() {
        (
            "its name in the file is unknown, so it cannot be matched with a pool",
            "name its pair with `--match RECORDED=CURRENT`, by its address or logical id",
        )
    } else {
        (
            "it has neither id, ARN nor name, so it cannot be matched with a pool",
            "save the complete answer of DescribeUserPool",
        )
    };
    unread(pool.identity().title(), message.to_owned(), help)
}

fn several(pool: &Pool, count: usize) -> Unread {
    let message = format!("{count} current pools could be this one");
    unread(pool.identity().title(), message, "say which with `--match RECORDED=CURRENT`")
}

fn ambiguous(name: &Name, word: &str, side: &Side, found: &[usize]) -> Unread {
    let message = format!("{} {word} pools have this id, ARN or name, which `--match` gives", found.len());
    let shown: Option<Vec<String>> =
        found.iter().take(LISTED).map(|index| unlike_others(&side.pools[*index], side)).collect();
    let more = found.len().saturating_sub(LISTED);
    let help = match shown {
        Some(shown) if more > 0 => format!("give one of {} and {more} more", shown.join(", ")),
        Some(shown) => format!("give one of {}", shown.join(", ")),
        None => "no name tells them apart: compare each from a file of its own".to_owned(),
    };
    unread(name.text().to_owned(), message, &help)
}

/// The name that no other pool of the side has: its ARN, else its id or its address.
fn unlike_others(pool: &Pool, side: &Side) -> Option<String> {
    let identity = pool.identity();
    let names = [identity.arn, identity.id, identity.address, identity.name];
    names.into_iter().flatten().map(|name| name.to_string()).find(|name| {
        let name = Name::Pool(name.clone());
        side.pools.iter().filter(|other| name.fits(other)).count() == 1
    })
}

fn unread(target: String, message: String, help: &str) -> Unread {
    Unread { help: Some(help.to_owned()), ..Unread::new(target, message) }
}
