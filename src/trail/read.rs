//! Reads records, whatever holds them: log files of a trail, answers of `LookupEvents`, events of a bus, and records
//! alone. All can be compressed with gzip, and can follow each other.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use serde_json::Value as Json;

use super::json::text;
use super::record::{record, stamp, untimed};
use super::{Part, Trail};
use crate::source::from_utf16;
use crate::value::json_error;

/// The reason that something is not read as records. Starts in lower case, no period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub message: String,
    pub help: String,
}

/// Bytes of a decompressed trail at most.
const LARGEST: u64 = 512 << 20;

/// How a file begins that is compressed with gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads the records of a file.
pub fn read(bytes: &[u8]) -> Result<Trail, Unreadable> {
    if !bytes.starts_with(&GZIP) {
        return read_json(bytes);
    }
    let mut text = Vec::new();
    let whole = MultiGzDecoder::new(bytes).take(LARGEST + 1).read_to_end(&mut text);
    whole.map_err(|error| Unreadable {
        message: format!("the compressed records cannot be read: {error}"),
        help: "give whole log files of the trail".to_owned(),
    })?;
    if text.len() as u64 > LARGEST {
        let message = "the records take more than 512 MiB".to_owned();
        return Err(Unreadable { message, help: "give the log files of fewer days".to_owned() });
    }
    read_json(&text)
}

fn read_json(bytes: &[u8]) -> Result<Trail, Unreadable> {
    let decoded = from_utf16(bytes);
    let bytes = decoded.as_deref().unwrap_or(bytes);
    let mut trail = Trail { from_files: true, ..Trail::default() };
    let mut rest = after_mark(bytes);
    if rest.is_empty() {
        return Err(Unreadable { message: "it is empty".to_owned(), help: HELP.to_owned() });
    }
    while !rest.is_empty() {
        let mut documents = serde_json::Deserializer::from_slice(rest).into_iter::<Json>();
        match documents.next() {
            Some(Ok(mut document)) => add(&mut trail, &mut document)?,
            Some(Err(error)) if error.is_eof() => return Err(cut()),
            Some(Err(error)) => return Err(not_json(&error, &bytes[..bytes.len() - rest.len()])),
            None => {}
        }
        rest = after_mark(&rest[documents.byte_offset()..]);
    }
    trail.sort();
    Ok(trail)
}

/// The rest after white space and byte order marks. Files that are put together have several.
fn after_mark(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes.trim_ascii_start();
    while let Some(after) = rest.strip_prefix("\u{feff}".as_bytes()) {
        rest = after.trim_ascii_start();
    }
    rest
}

/// The error of a text after others of the same file.
fn not_json(error: &serde_json::Error, before: &[u8]) -> Unreadable {
    let line = error.line() + before.split(|byte| *byte == b'\n').skip(1).count();
    let message = format!("it is not JSON at line {line} column {}: {}", error.column(), json_error(error));
    Unreadable { message, help: HELP.to_owned() }
}

fn cut() -> Unreadable {
    let help = "give the whole file: a call that is missing can have made a change";
    Unreadable { message: "it ends in the middle of a record".to_owned(), help: help.to_owned() }
}

const HELP: &str = "give log files of a CloudTrail trail, the output of `aws cloudtrail lookup-events`, or events of \
                    EventBridge";

/// Adds the records of a document.
fn add(trail: &mut Trail, document: &mut Json) -> Result<(), Unreadable> {
    if let Some(records) = document.get_mut("Records").and_then(Json::as_array_mut) {
        for json in records {
            add_record(trail, json, None);
        }
    } else if let Some(events) = document.get("Events").and_then(Json::as_array) {
        add_events(trail, events)?;
    } else if let Some(detail) = document.get_mut("detail").filter(|detail| is_record(detail)) {
        add_record(trail, detail, None);
    } else if is_record(document) {
        add_record(trail, document, None);
    } else if let Some(list) = document.as_array_mut() {
        for inner in list {
            add(trail, inner)?;
        }
    } else {
        let message = "it holds no records of CloudTrail".to_owned();
        return Err(Unreadable { message, help: HELP.to_owned() });
    }
    Ok(())
}

/// Whether it is a record, be it without a time.
fn is_record(json: &Json) -> bool {
    stamp(json).is_some() || untimed(json).is_some()
}

/// Adds the answer of `LookupEvents`. Events of one name alone were asked for by this name.
fn add_events(trail: &mut Trail, events: &[Json]) -> Result<(), Unreadable> {
    let mut records = Vec::new();
    for event in events {
        let inner =
            text(event, &["CloudTrailEvent"]).and_then(|text| serde_json::from_str::<Json>(text).ok());
        records.push(inner.ok_or_else(|| Unreadable {
            message: "an event has no `CloudTrailEvent`, which is the record".to_owned(),
            help: "write the whole output of `aws cloudtrail lookup-events`, without `--query`".to_owned(),
        })?);
    }
    let names: Vec<&str> = records.iter().filter_map(|json| text(json, &["eventName"])).collect();
    let only = names.first().filter(|first| names.iter().all(|name| name == *first));
    let only = only.map(|name| (*name).to_owned());
    // A look-up by user or by access key has one caller too.
    let callers: Vec<Option<&str>> =
        records.iter().map(|json| text(json, &["userIdentity", "arn"])).collect();
    if let Some(first) = callers.first()
        && callers.iter().all(|caller| caller == first)
    {
        for part in records.iter().filter_map(|json| part(json, only.as_deref())) {
            trail
                .gaps
                .insert(part, "all events are of one caller, and may have been looked up by it".to_owned());
        }
    }
    for mut json in records {
        add_record(trail, &mut json, only.as_deref());
    }
    Ok(())
}

/// Adds a record. One of another kind shows from when on there are records.
fn add_record(trail: &mut Trail, json: &mut Json, call: Option<&str>) {
    trail.untimed.extend(untimed(json));
    let Some((stamp, part)) = stamp(json).zip(part(json, call)) else { return };
    if stamp.of_pools {
        trail.begin(part.clone(), stamp.time);
        trail.end(part, stamp.time);
    }
    trail.records.extend(record(json));
}

fn part(json: &Json, call: Option<&str>) -> Option<Part> {
    let stamp = stamp(json)?;
    Some(Part { account: stamp.account, region: stamp.region, call: call.map(str::to_owned) })
}

impl Trail {
    /// Adds a record of an answer of `LookupEvents`, which is JSON in a text.
    pub fn add_event(&mut self, text: &str) {
        let mut json = serde_json::from_str::<Json>(text).unwrap_or_default();
        self.untimed.extend(untimed(&json));
        self.records.extend(record(&mut json));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files that are put together have a mark each, and a text can have any number of them.
    #[test]
    fn any_number_of_marks_is_passed_over() {
        let text = "\u{feff} ".repeat(1 << 20) + r#"{"Records": []}"#;
        assert!(read(text.as_bytes()).is_ok());
        assert!(read("\u{feff}".repeat(1 << 20).as_bytes()).is_err_and(|why| why.message == "it is empty"));
    }
}
