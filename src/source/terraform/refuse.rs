//! Recognizes Terraform files that cannot be read, and says how to export JSON.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::source::Unread;
use crate::value::json_error;

/// How to make what can be read.
pub(in crate::source) const HELP: &str = "make the JSON of a plan: `terraform plan -out=plan.tfplan && terraform show -json plan.tfplan > plan.json` \
     (with OpenTofu, `tofu` in place of `terraform`); `terraform show -json > state.json` makes that of a state";

/// How to keep the lines of a CI wrapper out.
const WITHOUT_WRAPPER: &str = "set `terraform_wrapper: false` for hashicorp/setup-terraform, which writes lines of its own \
                               around what Terraform prints";

/// The kind of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The output of `terraform show -json`.
    ShowJson,
    /// A state as it is kept.
    RawState,
    /// Something of Terraform that is not read, and what it is.
    Other(String),
}

/// The members that tell. What they hold is looked at later.
#[derive(Default, Deserialize)]
struct Top {
    #[serde(alias = "plan_format_version")]
    format_version: Option<IgnoredAny>,
    terraform_version: Option<IgnoredAny>,
    version: Option<serde_json::Value>,
    lineage: Option<IgnoredAny>,
    resources: Option<IgnoredAny>,
    modules: Option<IgnoredAny>,
    resource_changes: Option<IgnoredAny>,
    planned_values: Option<IgnoredAny>,
    values: Option<IgnoredAny>,
    resource: Option<IgnoredAny>,
    module: Option<IgnoredAny>,
    provider: Option<IgnoredAny>,
    terraform: Option<IgnoredAny>,
}

/// The kind of a text of Terraform. `None` for other texts.
pub(super) fn kind(text: &str) -> Option<Kind> {
    let start = text.trim_ascii_start();
    if !start.starts_with('{') {
        return None;
    }
    // Most texts have none of the words, and those need no second pass.
    let words = ["format_version\"", "\"terraform_version\"", "\"resource\"", "\"module\""];
    if !words.iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some()) {
        return None;
    }
    let top: Top = match serde_json::from_str(text) {
        Ok(top) => top,
        // If the JSON breaks off, its beginning decides. The error is reported when it is read.
        Err(_) => broken_top(start)?,
    };
    let state = top.version.is_some() && top.terraform_version.is_some();
    if top.format_version.is_some() {
        let empty = top.terraform_version.is_some() || text.len() < 64;
        let known = top.resource_changes.is_some() || top.planned_values.is_some() || top.values.is_some();
        return (known || empty).then_some(Kind::ShowJson);
    }
    if state && (top.lineage.is_some() || top.resources.is_some() || top.modules.is_some()) {
        let version = top.version.unwrap_or_default();
        return Some(match version.as_u64() {
            Some(4) => Kind::RawState,
            _ => {
                Kind::Other(format!("this is a Terraform state of format {version}, and only 4 can be read"))
            }
        });
    }
    let written = top.resource.is_some() || top.module.is_some();
    (written && (top.resource.is_some() || top.provider.is_some() || top.terraform.is_some()))
        .then(|| Kind::Other("this is a Terraform configuration, not a plan of it".to_owned()))
}

/// The kind of a text by its beginning, if it is not JSON to its end.
fn broken_top(start: &str) -> Option<Top> {
    let head = start.get(1..)?.trim_ascii_start();
    let found = Some(IgnoredAny);
    if head.starts_with("\"format_version\"") {
        return Some(Top { format_version: found, planned_values: found, ..Top::default() });
    }
    let kept = head.starts_with("\"version\"") && start.contains("\"terraform_version\"");
    let four = Some(serde_json::Value::from(4));
    kept.then(|| Top { version: four, terraform_version: found, lineage: found, ..Top::default() })
}

/// Whether a file is Terraform's own language, by its name or by how it begins.
pub(in crate::source) fn is_hcl(name: &str, start: &[u8]) -> bool {
    if name.rsplit_once('.').is_some_and(|(_, end)| ["tf", "tofu", "hcl"].contains(&end)) {
        return true;
    }
    let Ok(text) = std::str::from_utf8(&start[..start.len().min(4096)]) else { return false };
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(['#', '/', '*'])).unwrap_or_default();
    let Some((word, rest)) = first.split_once([' ', '{']) else { return false };
    let named = ["resource", "data", "module", "variable", "output", "provider"];
    let opened = ["terraform", "locals", "moved", "import", "removed"];
    (named.contains(&word) && rest.trim_start().starts_with('"') && first.contains('{'))
        || (opened.contains(&word) && first.ends_with('{'))
}

/// The kind of a Terraform text that is not a plan, by its beginning, with advice.
pub(in crate::source) fn is_printed(start: &[u8]) -> Option<(&'static str, &'static str)> {
    let start = start.trim_ascii_start();
    let first = &start[..memchr::memchr(b'\n', start).unwrap_or(start.len())];
    let has = |text: &[u8], word: &str| memchr::memmem::find(text, word.as_bytes()).is_some();
    if start.starts_with(b"[command]") {
        let what = "the lines of a CI wrapper come before the JSON that Terraform printed";
        return Some((what, WITHOUT_WRAPPER));
    }
    if !first.starts_with(b"{") || !has(first, "\"@level\"") || !has(first, "\"@message\"") {
        return None;
    }
    let log = "this is the log of `terraform plan -json` or `terraform apply -json`, not the plan";
    let test = "this is the log of `terraform test -json`, not a plan";
    let is_test = has(start, "\"type\":\"test_") || has(first, "\"@testfile\"");
    Some((if is_test { test } else { log }, HELP))
}

/// Whether a line begins a plan or state that was printed on it, after which nothing else may follow.
pub(in crate::source) fn is_shown_on_a_line(line: &[u8]) -> bool {
    let start = &line[..line.len().min(256)];
    memchr::memmem::find(start, b"\"format_version\"").is_some()
        || memchr::memmem::find(start, b"\"terraform_version\"").is_some()
}

/// Whether the lines of a CI wrapper follow the JSON of a text.
fn is_followed(text: &str) -> bool {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let whole = matches!(values.next(), Some(Ok(_)));
    let rest = text[values.byte_offset()..].trim_start();
    whole && (rest.starts_with("::") || rest.starts_with("[command]"))
}

/// Whether a file is a zip, as a plan is that was not shown.
pub(in crate::source) fn is_zip(start: &[u8]) -> bool {
    start.starts_with(b"PK\x03\x04")
}

/// A text that is not a plan or state in JSON.
pub(super) fn unread(name: &str, message: String) -> Unread {
    Unread { help: Some(HELP.to_owned()), ..Unread::new(name.to_owned(), message) }
}

/// A plan or state that is not as `terraform` writes it.
pub(super) fn broken(name: &str, source: &str, error: &serde_json::Error) -> Unread {
    if is_followed(source) {
        let message =
            "the lines of a CI wrapper follow what Terraform printed, so this is not JSON".to_owned();
        let at = Some((error.line(), error.column().max(1)));
        return Unread { help: Some(WITHOUT_WRAPPER.to_owned()), at, ..unread(name, message) };
    }
    let what = if error.is_data() { "this is not a plan or state of Terraform" } else { "this is not JSON" };
    Unread {
        at: (error.line() > 0).then(|| (error.line(), error.column().max(1))),
        ..unread(name, format!("{what}: {}", json_error(error)))
    }
}
