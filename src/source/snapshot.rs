//! Pools as a snapshot holds them: one on each line in its canonical form, with where it was read, and a header.
//!
//! A live pool is judged in this form too. So the report on a snapshot is that of the live run, and does not hang on
//! the order in which the service lists things.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use serde_json::Value as Json;

use super::answer::{HeaderShape, MARK, Recorded, Sum, VERSION, header_sum};
use super::{Chunk, Delivery, Interrupt, ListedRegion, Note, Read, ReadPool, Shape, Unread, answer};
use crate::pool::{Pool, Projection, Section, canonical, given};
use crate::value::{Map, Value, is_unsafe_on_terminal};

/// Brings the pool of a delivery into the form that a snapshot has. What cannot be read stays as it is.
pub fn recorded(delivery: Delivery) -> Delivery {
    let Delivery::Chunk(chunk) = delivery else { return delivery };
    let parsed = answer::pools(&chunk, &Projection::everything());
    match (&parsed.pools[..], &parsed.unread[..]) {
        ([pool], []) => {
            let bytes = line(pool).into_bytes();
            Delivery::Chunk(Chunk { bytes, shape: Shape::Recorded, first_line: 1, ..chunk })
        }
        _ => Delivery::Chunk(chunk),
    }
}

/// The pools of a run, to be written as one snapshot.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// Account, Region and id or name of each pool, and its line.
    lines: Vec<([Option<Arc<str>>; 4], String)>,
    accounts: BTreeSet<Arc<str>>,
    regions: BTreeSet<Arc<str>>,
    /// Sections that were read of any pool.
    sections: BTreeSet<Section>,
    pub unread: Vec<Unread>,
    /// The Regions whose pools were listed to the end.
    listed: BTreeSet<ListedRegion>,
    /// A pool's title, and a section that was asked for and not read, with the reason.
    pub missed: Vec<(String, Section, Arc<str>)>,
    pub notes: Vec<Note>,
    pub interrupted: Option<Interrupt>,
}

impl Snapshot {
    pub fn add(&mut self, delivery: Delivery) {
        match delivery {
            Delivery::Unread(unread) => self.unread.push(unread),
            Delivery::Note(note) => self.notes.push(note),
            Delivery::Interrupted(interrupt) => self.interrupted = Some(interrupt),
            // Told where there are shards, and a snapshot is of everything.
            Delivery::Listed(_) => {}
            Delivery::ListedWhole(region) => self.listed.extend([region]),
            Delivery::Chunk(chunk) => self.add_read(super::read(&chunk, &Projection::everything()), &chunk),
        }
    }

    /// Adds what was read of a text. What a plan or a template declares is not there yet, or may be otherwise by now.
    fn add_read(&mut self, read: Read<'_>, chunk: &Chunk) {
        if read.pools.iter().chain(&read.gone).any(ReadPool::is_declared) {
            self.unread.push(Unread {
                help: Some("`drift` compares with the file itself".to_owned()),
                ..Unread::new(
                    chunk.origin.name.to_string(),
                    "this file declares pools, and a snapshot is of pools as they are".to_owned(),
                )
            });
            return;
        }
        let (pools, unread, notes) = read.first();
        self.unread.extend(unread);
        self.notes.extend(notes);
        for pool in &pools {
            self.add_pool(pool);
        }
    }

    fn add_pool(&mut self, pool: &Pool) {
        let identity = pool.identity();
        for (section, why) in &pool.unread {
            self.missed.push((identity.title(), *section, Arc::clone(why)));
        }
        self.sections.extend(&pool.held);
        self.accounts.extend(identity.account.clone());
        self.regions.extend(identity.region.clone());
        let order = [identity.account, identity.region, identity.id, identity.name];
        self.lines.push((order, line(pool)));
    }

    /// How many pools there are.
    pub fn pools(&self) -> usize {
        self.lines.len()
    }

    /// Writes the snapshot; `made` is in milliseconds since 1970.
    pub fn write(mut self, made: i64, out: &mut dyn Write) -> io::Result<()> {
        self.lines.sort();
        self.unread.sort();
        self.notes.sort();
        let mut sum = Sum::default();
        for (_, line) in &self.lines {
            sum.add(line.as_bytes());
        }
        let mut listed = BTreeMap::<String, Vec<String>>::new();
        for ListedRegion { account, region } in self.listed {
            listed.entry(account).or_default().push(region);
        }
        let texts = |set: BTreeSet<Arc<str>>| set.iter().map(ToString::to_string).collect();
        let mut header = HeaderShape {
            mark: "snapshot".to_owned(),
            version: VERSION,
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            made: Value::Time(made).to_string(),
            accounts: texts(self.accounts),
            regions: texts(self.regions),
            sections: self.sections.iter().map(|section| section.member().to_owned()).collect(),
            pools: self.lines.len(),
            sha256: sum.digits(),
            unread: self.unread.iter().map(Into::into).collect(),
            listed,
            notes: self.notes.iter().map(Into::into).collect(),
            header_sha256: None,
        };
        header.header_sha256 = Some(header_sum(serde_json::to_value(&header)?));
        writeln!(out, "{}", harmless(&serde_json::to_string(&header)?))?;
        for (_, line) in &self.lines {
            writeln!(out, "{line}")?;
        }
        Ok(())
    }
}

/// The line of a pool, without its end.
fn line(pool: &Pool) -> String {
    let recorded = serde_json::to_value(Recorded::of(pool)).unwrap_or_default();
    let document = members(&canonical(&given(pool)));
    let whole: Json = [(MARK, recorded), ("UserPool", document)].into_iter().collect();
    harmless(&whole.to_string())
}

fn members(map: &Map) -> Json {
    map.0.iter().map(|(name, value)| (name.to_string(), json(value))).collect()
}

/// A value as a snapshot has it. A secret becomes a marker, and so does any value under the name of a secret.
fn json(value: &Value) -> Json {
    match value {
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(map) => members(map),
        // A time that no calendar has stays the number that it was.
        Value::Time(millis) if jiff::Timestamp::from_millisecond(*millis).is_err() => match millis % 1000 {
            0 => (millis / 1000).into(),
            _ => (*millis as f64 / 1000.0).into(),
        },
        plain => plain.to_json(),
    }
}

/// JSON without characters that control a terminal. They can be only in strings.
fn harmless(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if is_unsafe_on_terminal(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(c);
        }
    }
    safe
}
