//! Suppression comments of other programs. They have no effect; `waive --from-comments` lists them for review.

use std::ops::Range;

use super::InlineWaiver;
use crate::diagnostic::SourceFile;
use crate::spanned::{Item, Table, Toml};
use crate::value::Day;

/// The part of a suppression that only other programs have.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The program that it is for.
    pub program: &'static str,
    pub reason: String,
    /// The last day on which it is valid there.
    pub until: Option<Day>,
}

/// The code that a suppression is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// The code on its line or below it.
    Beside,
    /// The block around it.
    Block,
    File,
}

/// The form of the words after a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `ID,ID:reason`, or the reason after a space.
    Skip,
    /// `ID:exp:2027-01-31`, once or several times.
    Chained,
    /// `ignore-line`, `ignore-block`, `ignore`, `disable=ID,ID` or `enable=ID`.
    Kics,
    /// `ID, ID # reason`.
    Listed,
}

/// The beginnings of suppressions.
const MARKS: [(&str, &str, Form, Extent); 9] = [
    ("checkov:skip=", "Checkov", Form::Skip, Extent::Block),
    ("bridgecrew:skip=", "Checkov", Form::Skip, Extent::Block),
    ("ts:skip=", "Terrascan", Form::Skip, Extent::Block),
    ("tfsec:ignore:", "tfsec", Form::Chained, Extent::Beside),
    ("trivy:ignore:", "Trivy", Form::Chained, Extent::Beside),
    ("kics-scan ", "KICS", Form::Kics, Extent::Beside),
    ("tflint-ignore:", "TFLint", Form::Listed, Extent::Beside),
    ("tflint-ignore-file:", "TFLint", Form::Listed, Extent::File),
    ("nosemgrep:", "Semgrep", Form::Listed, Extent::Beside),
];

/// Keys of a resource's metadata that suppress checks, each with its program, and the way to the list.
const METADATA: [(&str, &str, &[&str]); 5] = [
    ("checkov", "Checkov", &["skip"]),
    ("cfn_nag", "cfn_nag", &["rules_to_suppress"]),
    ("cdk_nag", "cdk-nag", &["rules_to_suppress"]),
    ("cfn-lint", "cfn-lint", &["config", "ignore_checks"]),
    ("guard", "cfn-guard", &["SuppressedRules"]),
];

/// Whether a text may have suppressions of other programs.
pub(super) fn may_be_in(text: &str) -> bool {
    MARKS.iter().any(|(mark, ..)| text.contains(mark)) || METADATA.iter().any(|(key, ..)| text.contains(key))
}

/// Whether a comment has one.
pub(super) fn is_one(comment: &str) -> bool {
    MARKS.iter().any(|(mark, ..)| comment.contains(mark))
}

/// The suppression of another program in a comment. `beside` and `around` are code: on its line or below it, and the
/// whole block that it is in.
pub(super) fn read(
    source_file: &SourceFile,
    at: &Range<usize>,
    beside: Range<usize>,
    around: Option<Range<usize>>,
) -> Option<InlineWaiver> {
    let comment = source_file.text().get(at.clone())?;
    let (start, (mark, program, form, extent)) =
        MARKS.iter().filter_map(|one| Some((comment.find(one.0)?, *one))).min_by_key(|(start, _)| *start)?;
    let text = comment[start + mark.len()..].trim_end().trim_end_matches("*/").trim();
    let words = match form {
        Form::Skip => skipped(text),
        Form::Chained => chained(text, mark),
        Form::Kics => kics(text)?,
        Form::Listed => listed(text),
    };
    let code = match words.extent.unwrap_or(extent) {
        Extent::Beside => beside,
        Extent::Block => around.unwrap_or(beside),
        Extent::File => 0..source_file.text().len(),
    };
    let whole = at.start + start..at.start + comment.trim_end().len();
    Some(words.suppression(source_file, program, whole, code))
}

/// The suppressions of other programs in the metadata of a resource, which they are for.
pub(in crate::source) fn in_metadata(
    source_file: &SourceFile,
    metadata: &Table,
    resource: &Range<usize>,
) -> Vec<InlineWaiver> {
    let mut found = Vec::new();
    for (key, program, way) in METADATA {
        let start = metadata.get(key);
        let list = way.iter().fold(start, |item, step| match &item?.toml {
            Toml::Table(table) => table.get(step),
            _ => None,
        });
        let Some(Item { toml: Toml::List(items), .. }) = list else { continue };
        for item in items {
            if let Some(words) = of_item(item) {
                found.push(words.suppression(source_file, program, item.at.clone(), resource.clone()));
            }
        }
    }
    found
}

/// The words of a suppression.
#[derive(Default)]
struct Words {
    /// The checks. Empty for all.
    ids: Vec<String>,
    reason: String,
    until: Option<Day>,
    /// Where it is not that of its mark.
    extent: Option<Extent>,
}

impl Words {
    fn suppression(
        self,
        source_file: &SourceFile,
        program: &'static str,
        at: Range<usize>,
        code: Range<usize>,
    ) -> InlineWaiver {
        let Words { ids, reason, until, extent: _ } = self;
        let mut one = InlineWaiver::empty(source_file, at.clone(), code);
        let named = ids.into_iter().filter(|id| !matches!(&**id, "*" | "all" | ""));
        one.rules = named.map(|id| (id, at.clone())).collect();
        one.peer = Some(Peer { program, reason, until });
        one
    }
}

fn split(ids: &str) -> Vec<String> {
    ids.split(',').map(|id| id.trim().to_owned()).collect()
}

fn skipped(text: &str) -> Words {
    let end = text.find(|c: char| c == ':' || c.is_whitespace()).unwrap_or(text.len());
    let reason = text[end..].trim_start_matches(':').trim().to_owned();
    Words { ids: split(&text[..end]), reason, ..Words::default() }
}

fn chained(text: &str, mark: &str) -> Words {
    let mut words = Words::default();
    let mut reason = Vec::new();
    for (position, word) in text.split_whitespace().enumerate() {
        let word = word.trim_start_matches(['#', '/']);
        let of_mark = word.strip_prefix(mark).or_else(|| (position == 0).then_some(word));
        let Some(own) = of_mark else {
            reason.push(word);
            continue;
        };
        let mut parts = own.split(':');
        words.ids.extend(parts.next().map(str::to_owned));
        while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
            words.until = if key == "exp" { Day::parse(value) } else { words.until };
        }
    }
    words.reason = reason.join(" ");
    words
}

fn kics(text: &str) -> Option<Words> {
    let word = text.split_whitespace().next()?;
    let (extent, ids) = match word.split_once('=') {
        None if matches!(word, "ignore-line" | "ignore-block") => (Extent::Beside, ""),
        None if word == "ignore" => (Extent::File, ""),
        Some(("disable", _)) => (Extent::File, text.split_once('=').map_or("", |(_, ids)| ids)),
        // Every other check is off.
        Some(("enable", _)) => (Extent::File, ""),
        _ => return None,
    };
    Some(Words { ids: split(ids), extent: Some(extent), ..Words::default() })
}

fn listed(text: &str) -> Words {
    let (ids, reason) = text.split_once('#').unwrap_or((text, ""));
    Words { ids: split(ids), reason: reason.trim().to_owned(), ..Words::default() }
}

/// An entry of a list in metadata: an id, or a map with an id and a reason.
fn of_item(item: &Item) -> Option<Words> {
    let text = |table: &Table, keys: &[&str]| {
        keys.iter().find_map(|key| match &table.get(key)?.toml {
            Toml::String(text) => Some(text.clone()),
            _ => None,
        })
    };
    match &item.toml {
        Toml::String(id) => Some(Words { ids: vec![id.clone()], ..Words::default() }),
        Toml::Table(table) => Some(Words {
            ids: vec![text(table, &["id", "rule", "name"])?],
            reason: text(table, &["reason", "comment"]).unwrap_or_default(),
            ..Words::default()
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(comment: &str) -> String {
        let file = SourceFile::new("main.tf", comment);
        let whole = 0..comment.len();
        let Some(one) = read(&file, &whole, 1..1, Some(2..2)) else { return "nothing".to_owned() };
        let ids: Vec<&str> = one.rules.iter().map(|(id, _)| id.as_str()).collect();
        let Some(Peer { program, reason, until }) = one.peer else { return "ours".to_owned() };
        let extent = match one.beside {
            Range { start: 1, end: 1 } => "beside",
            Range { start: 2, end: 2 } => "block",
            _ => "file",
        };
        let until = until.map_or_else(String::new, |day| day.to_string());
        format!("{program} {extent} [{}] {reason} {until}", ids.join(" ")).trim_end().to_owned()
    }

    #[test]
    fn comments_of_others_are_read() {
        for (comment, expected) in [
            ("#checkov:skip=CKV_AWS_1:Customers choose", "Checkov block [CKV_AWS_1] Customers choose"),
            ("# checkov:skip=CKV_AWS_1,CKV2_AWS_2", "Checkov block [CKV_AWS_1 CKV2_AWS_2]"),
            ("// bridgecrew:skip=CKV_AWS_1 : so", "Checkov block [CKV_AWS_1] : so"),
            ("#ts:skip=AC_AWS_1 need it", "Terrascan block [AC_AWS_1] need it"),
            (
                "#tfsec:ignore:a:exp:2027-01-31 tfsec:ignore:b because",
                "tfsec beside [a b] because 2027-01-31",
            ),
            ("#tfsec:ignore:* ", "tfsec beside []"),
            ("/* trivy:ignore:AVD-AWS-1:ws:prod */", "Trivy beside [AVD-AWS-1]"),
            ("# kics-scan ignore-block", "KICS beside []"),
            ("# kics-scan ignore", "KICS file []"),
            ("# kics-scan disable=ec28bf61-a474, 74a1", "KICS file [ec28bf61-a474 74a1]"),
            ("# kics-scan is fine", "nothing"),
            ("# tflint-ignore: a, b # later", "TFLint beside [a b] later"),
            ("# tflint-ignore-file: all", "TFLint file []"),
            ("# nosemgrep: x.y", "Semgrep beside [x.y]"),
            ("# MFA is theirs. checkov:skip=CKV_1:why", "Checkov block [CKV_1] why"),
            ("# tfsec:ignore:", "tfsec beside []"),
            ("# checkov:skip=", "Checkov block []"),
            ("# cognito-lint: ignore a", "nothing"),
        ] {
            assert_eq!(said(comment), expected, "{comment}");
        }
    }
}
