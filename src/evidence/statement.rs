//! An in-toto Statement, version 1, about the pools of an evidence pack, for outside tools to sign.
//!
//! A subject is a pool: its ARN, and the SHA-256 of its document as its line in the snapshot has it. The predicate has
//! the digest of the policy, the verdicts, the program, the time, and the SHA-256 of the pack.

use std::io::{self, BufRead, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::documents::Judged;
use super::unzip::Fault;
use crate::finding::Evidence;
use crate::value::{hex, json_error};

/// The type of the predicate.
pub const PREDICATE_TYPE: &str = "https://example.com/cognito-lint/evidence/v1";

/// The type of the payload of an envelope.
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// In front of the document of a pool on its line.
const DOCUMENT: &[u8] = b"\"UserPool\":";

#[derive(Serialize)]
struct StatementShape<'a> {
    #[serde(rename = "_type")]
    kind: &'static str,
    subject: Vec<SubjectShape>,
    #[serde(rename = "predicateType")]
    predicate_type: &'static str,
    predicate: PredicateShape<'a>,
}

#[derive(Serialize)]
struct SubjectShape {
    name: String,
    digest: DigestShape,
}

#[derive(Serialize)]
struct DigestShape {
    sha256: String,
}

#[derive(Serialize)]
struct PredicateShape<'a> {
    tool: ToolShape,
    judged: String,
    policy_digest: &'a str,
    pack: DigestShape,
    outcome: u8,
    answer: String,
    verdicts: Vec<VerdictShape>,
    controls: Vec<ControlShape<'a>>,
}

#[derive(Serialize)]
struct ToolShape {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct VerdictShape {
    pool: String,
    rule: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    verdict: &'static str,
}

#[derive(Serialize)]
struct ControlShape<'a> {
    pool: String,
    pack: &'a str,
    control: &'a str,
    verdict: &'static str,
}

/// Writes the statement. `snapshot` is the snapshot from its start; `sum` is the SHA-256 of the whole pack.
pub fn statement(
    judged: &Judged<'_>,
    snapshot: &mut dyn BufRead,
    sum: &str,
    mut out: &mut dyn Write,
) -> io::Result<()> {
    let pack = judged.pack();
    let evaluation = &judged.evaluation;
    let of_rule = |one: Evidence| VerdictShape {
        pool: one.pool.key(),
        rule: one.rule.to_string(),
        subject: one.subject.map(|subject| subject.key),
        verdict: one.verdict.word(),
    };
    let verdicts = evaluation.evidence.verdicts().map(|one| one.map(of_rule));
    let controls = evaluation.controls.iter().map(|one| ControlShape {
        pool: one.pool.key(),
        pack: &one.standard,
        control: &one.control,
        verdict: one.verdict.word(),
    });
    let shape = StatementShape {
        kind: "https://in-toto.io/Statement/v1",
        subject: subjects(snapshot)?,
        predicate_type: PREDICATE_TYPE,
        predicate: PredicateShape {
            tool: ToolShape { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            judged: pack.time(),
            policy_digest: pack.digest(),
            pack: DigestShape { sha256: sum.to_owned() },
            outcome: judged.outcome.exit_code(),
            answer: judged.answer(),
            verdicts: verdicts.collect::<io::Result<_>>()?,
            controls: controls.collect(),
        },
    };
    serde_json::to_writer_pretty(&mut out, &shape)?;
    writeln!(out)
}

/// The pools of a snapshot, whose first line is its header.
fn subjects(snapshot: &mut dyn BufRead) -> io::Result<Vec<SubjectShape>> {
    let mut subjects = Vec::new();
    for line in snapshot.split(b'\n').skip(1) {
        let line = line?;
        let Some(at) = line.windows(DOCUMENT.len()).position(|part| part == DOCUMENT) else { continue };
        let document = line.get(at + DOCUMENT.len()..line.len().saturating_sub(1)).unwrap_or_default();
        let pool: serde_json::Value = serde_json::from_slice(document)?;
        let text = |name: &str| pool.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
        let name = text("Arn").or_else(|| text("Id")).or_else(|| text("Name")).unwrap_or_default();
        let sha256 = hex(&Sha256::digest(document));
        subjects.push(SubjectShape { name, digest: DigestShape { sha256 } });
    }
    Ok(subjects)
}

/// A statement that was read.
#[derive(Debug)]
pub struct Statement {
    text: String,
    pub signed: Signed,
}

/// Whether somebody signed a statement, whoever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// It is not in an envelope.
    Bare,
    /// Its envelope has no signature.
    Unsigned,
    Signed,
}

impl Statement {
    /// Whether it says the same as another one.
    pub fn says(&self, other: &str) -> Result<bool, Fault> {
        // A statement of many pools takes many times its size as a tree.
        if self.text == other {
            return Ok(true);
        }
        let [own, other] = [&*self.text, other].map(serde_json::from_str::<serde_json::Value>);
        Ok(single(&self.text, own.map_err(not_json)?)? == other.map_err(not_json)?)
    }
}

fn unreadable(why: &str) -> Fault {
    Fault(format!("the statement cannot be read: {why}"))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands on")]
fn not_json(error: serde_json::Error) -> Fault {
    unreadable(&json_error(&error))
}

fn invalid(error: impl std::fmt::Display) -> Fault {
    unreadable(&error.to_string())
}

/// Tells an envelope from a statement.
#[derive(Deserialize)]
struct WrappedShape {
    payload: Option<IgnoredAny>,
}

/// Reads a statement: itself, or the payload of a DSSE envelope, whose signatures are for other tools to check.
pub fn read_statement(text: String) -> Result<Statement, Fault> {
    let wrapped: WrappedShape = serde_json::from_str(&text).map_err(not_json)?;
    if wrapped.payload.is_none() {
        return Ok(Statement { text, signed: Signed::Bare });
    }
    let envelope: EnvelopeShape = serde_json::from_str(&text).map_err(not_json)?;
    if envelope.kind != PAYLOAD_TYPE {
        return Err(unreadable(&format!("its envelope has another payload than {PAYLOAD_TYPE}")));
    }
    let bytes = STANDARD.decode(envelope.payload).map_err(invalid)?;
    let text = String::from_utf8(bytes).map_err(invalid)?;
    let is_one = |signature: &serde_json::Value| {
        signature.get("sig").and_then(serde_json::Value::as_str).is_some_and(|sig| !sig.is_empty())
    };
    let signed = if envelope.signatures.iter().any(is_one) { Signed::Signed } else { Signed::Unsigned };
    Ok(Statement { text, signed })
}

/// A DSSE envelope. A member of another name could be taken for the statement by others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EnvelopeShape {
    payload: String,
    #[serde(rename = "payloadType")]
    kind: String,
    signatures: Vec<serde_json::Value>,
}

/// A statement in which no member is there twice: another reader could take the other one.
fn single(text: &str, json: serde_json::Value) -> Result<serde_json::Value, Fault> {
    match members(text) == members(&json.to_string()) {
        true => Ok(json),
        false => Err(Fault("the statement has a member twice".to_owned())),
    }
}

/// The number of members in a text of JSON: colons that are not in strings.
fn members(text: &str) -> usize {
    let (mut is_string, mut is_escaped, mut members) = (false, false, 0);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => is_string = !is_string,
            b':' if !is_string => members += 1,
            _ => {}
        }
    }
    members
}
