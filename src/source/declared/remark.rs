//! Remarks about the arguments of resources.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A remark about the arguments of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::source) enum Remark {
    /// The type of resource has no argument of this path; `meant` is one that is spelt much like it.
    Strange { path: String, meant: Option<&'static str>, at: Range<usize> },
    /// A boolean is in place of a word, and `read` is the word that it means.
    Boolean { name: String, written: String, boolean: String, read: &'static str, at: Range<usize> },
    /// The provider sends a number for an argument that is left out, and the service refuses it.
    Refused { argument: &'static str, sent: i64, least: i64 },
}

/// The remarks about the resources of Terraform as messages, each resource by its position.
pub(in crate::source) fn messages<'a>(
    remarks: &[(usize, Remark)],
    address: impl Fn(usize) -> Option<&'a str>,
) -> Vec<String> {
    let mut strange: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    let mut messages = Vec::new();
    for (at, remark) in remarks {
        match remark {
            Remark::Strange { path, .. } => {
                strange.entry(*at).or_default().insert(path);
            }
            Remark::Boolean { .. } => {}
            Remark::Refused { argument, sent, least } => messages.extend(address(*at).map(|address| {
                format!(
                    "{address} leaves out `{argument}`: the provider sends {sent}, and Cognito refuses less \
                     than {least}"
                )
            })),
        }
    }
    messages.extend(strange.into_iter().filter_map(|(at, paths)| {
        let shown: Vec<String> = paths.into_iter().map(|path| format!("`{path}`")).collect();
        Some(format!("{} has arguments that this version does not know: {}", address(at)?, shown.join(", ")))
    }));
    messages
}
