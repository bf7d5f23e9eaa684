//! The header of a snapshot on its first line, and the entry of each line about its pool.
//!
//! A truncation or an edit must be detected, so the header has the number of pools and a checksum of their lines, and
//! a line without the header is not trusted.

mod read_shape;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::pool::{Origin, Pool, ReadWindow, Section, Source};
use crate::source::{About, ListedRegion, Note, Unread};
use crate::value::{Value, hex, json_error};
use read_shape::ReadShape;

/// The member that marks each line of a snapshot.
pub(in crate::source) const MARK: &str = "cognito-lint";

/// The version of the format.
pub(in crate::source) const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::source) struct HeaderShape {
    #[serde(rename = "cognito-lint")]
    pub mark: String,
    pub version: u32,
    /// Version of the program that wrote it.
    pub tool: String,
    /// RFC 3339, UTC.
    pub made: String,
    /// When the values were read. The first snapshots do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<ReadShape>,
    pub accounts: Vec<String>,
    pub regions: Vec<String>,
    /// The sections that were read of any pool.
    pub sections: Vec<String>,
    pub pools: usize,
    /// SHA-256 over the lines of the pools, in hexadecimal digits.
    pub sha256: String,
    pub unread: Vec<UnreadShape>,
    /// The Regions of each account whose pools were listed to the end.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub listed: BTreeMap<String, Vec<String>>,
    pub notes: Vec<NoteShape>,
    /// SHA-256 over this header without it, in hexadecimal digits; the first snapshots have none.
    #[serde(rename = "header-sha256", default, skip_serializing_if = "Option::is_none")]
    pub header_sha256: Option<String>,
}

/// The checksum over everything else that a header says, those members too that this version does not know.
pub(in crate::source) fn header_sum(mut header: serde_json::Value) -> String {
    if let Some(members) = header.as_object_mut() {
        members.shift_remove("header-sha256");
    }
    let mut hash = Sha256::new();
    hash.update(header.to_string());
    hex(&hash.finalize())
}

/// Something that should have been in the snapshot.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::source) struct UnreadShape {
    target: String,
    operation: Option<String>,
    code: Option<String>,
    message: String,
    help: Option<String>,
    at: Option<(usize, usize)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pool: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    section: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(in crate::source) struct NoteShape {
    target: String,
    message: String,
}

impl From<&Unread> for UnreadShape {
    fn from(unread: &Unread) -> UnreadShape {
        let Unread { target, operation, code, message, help, at, about } = unread.clone();
        let About { account, region, pool, section } = about;
        let section = section.map(|section| section.member().to_owned());
        UnreadShape { target, operation, code, message, help, at, account, region, pool, section }
    }
}

impl From<UnreadShape> for Unread {
    fn from(shape: UnreadShape) -> Unread {
        let UnreadShape { target, operation, code, message, help, at, account, region, pool, section } =
            shape;
        // A section of a newer version is one of the pool's all the same.
        let about = About { account, region, pool, section: section.as_deref().and_then(Section::parse) };
        Unread { target, operation, code, message, help, at, about }
    }
}

impl From<&Note> for NoteShape {
    fn from(note: &Note) -> NoteShape {
        NoteShape { target: note.target.clone(), message: note.message.clone() }
    }
}

impl From<NoteShape> for Note {
    fn from(NoteShape { target, message }: NoteShape) -> Note {
        Note { target, message }
    }
}

/// The entry of a line about its pool, under [`MARK`].
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::source) struct Recorded {
    /// Of a live pool; one from a file has none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    region: Option<String>,
    held: Vec<SectionShape>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    unread: BTreeMap<SectionShape, String>,
    /// Members that stood beside the pool in its answer, and that the schema does not know.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    beside: Vec<String>,
}

/// A section as the schema spells its path.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Cow<'_, str>", into = "&'static str")]
struct SectionShape(Section);

impl TryFrom<Cow<'_, str>> for SectionShape {
    type Error = String;

    fn try_from(word: Cow<'_, str>) -> Result<SectionShape, String> {
        let found = Section::ATTACHED.into_iter().find(|section| section.member() == word);
        found.map(SectionShape).ok_or_else(|| format!("this version knows no section `{word}`"))
    }
}

impl From<SectionShape> for &'static str {
    fn from(SectionShape(section): SectionShape) -> &'static str {
        section.member()
    }
}

impl Clone for SectionShape {
    fn clone(&self) -> SectionShape {
        SectionShape(self.0)
    }
}

impl Recorded {
    /// The entry for a pool whose document is written.
    pub(in crate::source) fn of(pool: &Pool) -> Recorded {
        let mut held: Vec<Section> = pool.held.clone();
        held.sort_unstable();
        let known = |name: &String| name.contains('.') || pool.document.get(name).is_some();
        Recorded {
            region: (pool.origin.source == Source::Live).then(|| pool.origin.name.to_string()),
            held: held.into_iter().map(SectionShape).collect(),
            unread: pool
                .unread
                .iter()
                .map(|(section, why)| (SectionShape(*section), why.to_string()))
                .collect(),
            beside: pool.unknown_members.iter().filter(|name| !known(name)).cloned().collect(),
        }
    }

    /// Makes a pool what it was when it was written. A live pool is one again; one from a file is now in this file.
    pub(in crate::source) fn restore(self, pool: &mut Pool) {
        if let Some(region) = self.region {
            pool.origin = Origin { source: Source::Live, name: region.into() };
        }
        pool.held = self.held.into_iter().map(|SectionShape(section)| section).collect();
        pool.unread =
            self.unread.into_iter().map(|(SectionShape(section), why)| (section, Arc::from(why))).collect();
        pool.unknown_members.extend(self.beside);
    }
}

/// Reads what a line says under [`MARK`]; the error is a sentence about the line.
pub(super) fn recorded(text: &str, in_snapshot: bool) -> Result<Recorded, String> {
    match in_snapshot {
        _ if text.starts_with('"') => {
            Err("this is the first line of a snapshot, which must be in a file of its own".to_owned())
        }
        false => Err("this is a line of a snapshot without the snapshot's first line".to_owned()),
        true => serde_json::from_str(text).map_err(|error| {
            format!("what this line says of its pool cannot be read: {}", json_error(&error))
        }),
    }
}

/// The message about a line of a snapshot without an entry about its pool.
pub(super) fn bare_pool() -> String {
    format!("this line of the snapshot has no `{MARK}`, which says where the pool was read")
}

/// The advice about a snapshot that was changed.
pub(in crate::source) const ANEW: &str = "write it anew with `cognito-lint snapshot`";

/// How a snapshot begins.
#[derive(Debug)]
pub(in crate::source) struct Opened {
    /// The failures of the run that wrote it.
    pub unread: Vec<Unread>,
    pub listed: Vec<ListedRegion>,
    pub notes: Vec<Note>,
    pub seal: Seal,
}

/// Whether a file begins like a snapshot.
pub(in crate::source) fn begins(start: &[u8]) -> bool {
    let mark = format!("{{\"{MARK}\":\"snapshot\"");
    start.starts_with(mark.as_bytes())
}

/// Reads the first line of a snapshot; the error is a sentence about the file, with its help.
pub(in crate::source) fn open(line: &[u8]) -> Result<Opened, (String, &'static str)> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let broken = |error: serde_json::Error| {
        (format!("the first line of this snapshot cannot be read: {}", json_error(&error)), ANEW)
    };
    let Version { version } = serde_json::from_slice(line).map_err(broken)?;
    if version != VERSION {
        let message =
            format!("this is a snapshot of format {version}, and this version reads format {VERSION}");
        return Err((message, "use the version of cognito-lint that wrote it, or a newer one"));
    }
    let header: HeaderShape = serde_json::from_slice(line).map_err(broken)?;
    let sum = header_sum(serde_json::from_slice(line).map_err(broken)?);
    if header.header_sha256.as_ref().is_some_and(|written| *written != sum) {
        let message =
            "the first line of this snapshot was changed after it had been written: its checksum differs";
        return Err((message.to_owned(), ANEW));
    }
    // Whoever changes a time could leave the checksum out.
    if header.read.is_some() && header.header_sha256.is_none() {
        let message = "the first line of this snapshot was changed after it had been written: its checksum is not there";
        return Err((message.to_owned(), ANEW));
    }
    let taken = Value::parse_time(&header.made);
    // The first snapshots say when they were written, and a run can take hours or read what was saved long before.
    let read = header.read.as_ref().map_or(ReadWindow { from: None, until: taken }, ReadWindow::from);
    let of_account = |(account, regions): (String, Vec<String>)| {
        regions.into_iter().map(move |region| ListedRegion { account: account.clone(), region })
    };
    Ok(Opened {
        unread: header.unread.into_iter().map(Unread::from).collect(),
        listed: header.listed.into_iter().flat_map(of_account).collect(),
        notes: header.notes.into_iter().map(Note::from).collect(),
        seal: Seal { pools: header.pools, sha256: header.sha256, taken, read, sum: Sum::default() },
    })
}

/// The number of pools, the checksum and the time that a header has, and what came so far.
#[derive(Debug)]
pub(in crate::source) struct Seal {
    pools: usize,
    sha256: String,
    /// When the snapshot was made, in milliseconds since 1970.
    pub taken: Option<i64>,
    /// When its values were read.
    pub read: ReadWindow,
    sum: Sum,
}

impl Seal {
    /// Takes note of whole lines.
    pub(in crate::source) fn pass(&mut self, lines: &[u8]) {
        for line in lines.split(|byte| *byte == b'\n') {
            self.sum.add(line);
        }
    }

    /// The fault of the lines, after the last one.
    pub(in crate::source) fn broken(self) -> Option<String> {
        let Seal { pools: promised, sha256, sum, taken: _, read: _ } = self;
        let Sum { pools, hash } = sum;
        let be = if promised == 1 { "is" } else { "are" };
        match pools.cmp(&promised) {
            std::cmp::Ordering::Less => {
                Some(format!("the snapshot was cut: {pools} of its {promised} pools {be} there"))
            }
            std::cmp::Ordering::Greater => Some(format!(
                "the snapshot was changed: {pools} lines follow its first, and {promised} were written"
            )),
            std::cmp::Ordering::Equal => (hex(&hash.finalize()) != sha256).then(|| {
                "the snapshot was changed after it had been written: its checksum differs".to_owned()
            }),
        }
    }
}

/// A checksum over lines that does not depend on how they end.
#[derive(Debug, Default)]
pub(in crate::source) struct Sum {
    pub pools: usize,
    hash: Sha256,
}

impl Sum {
    pub(in crate::source) fn add(&mut self, line: &[u8]) {
        let line = line.trim_ascii();
        if !line.is_empty() {
            self.pools += 1;
            self.hash.update(line);
            self.hash.update(b"\n");
        }
    }

    pub(in crate::source) fn digits(self) -> String {
        hex(&self.hash.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(unread: &str, sum: Option<&str>) -> String {
        let sum = sum.map(|sum| format!(r#","header-sha256":"{sum}""#)).unwrap_or_default();
        format!(
            r#"{{"cognito-lint":"snapshot","version":1,"tool":"0.1.0","made":"2026-01-01T00:00:00Z","accounts":[],"regions":[],"sections":[],"pools":0,"sha256":"x","unread":[{unread}],"notes":[],"newer":1{sum}}}"#
        )
    }

    #[test]
    fn an_edit_of_the_first_line_is_detected() {
        let unread = r#"{"target":"a","operation":null,"code":null,"message":"b","help":null,"at":null}"#;
        let sum = header_sum(serde_json::from_str(&header(unread, None)).unwrap());
        assert_eq!(open(header(unread, Some(&sum)).as_bytes()).unwrap().unread.len(), 1);
        let (message, _) = open(header("", Some(&sum)).as_bytes()).unwrap_err();
        assert!(message.contains("was changed after it had been written"), "{message}");
        assert!(open(header("", None).as_bytes()).is_ok(), "the first snapshots have no such checksum");
    }
}
