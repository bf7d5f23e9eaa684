//! Decides whether to read a file that is not named: one that mentions a user pool, and is of a kind that can be
//! read.

use std::io::Read;
use std::path::Path;

use serde::de::IgnoredAny;

use super::LeftOut;
use super::configuration::is_named_so;
use crate::source::answer::is_recognized;
use crate::source::cloudformation::{self, may_be_template};

/// The ends of the names of files that are read.
const READ: [&str; 4] = ["json", "ndjson", "jsonl", "tfstate"];
/// The ends of the names of files that may be templates.
const TEMPLATES: [&str; 3] = ["yaml", "yml", "template"];

/// Words of which every input with a user pool has one.
const MENTIONS: [&str; 6] =
    ["UserPool", "user_pool", "userpool", "MfaConfiguration", "PasswordPolicy", "\"cognito-lint\""];

/// A text that is shorter, and ends too early, may have been cut off before it says what it is.
const SHORT: usize = 64;

/// The decision about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Read,
    /// It has nothing to do with user pools.
    Foreign,
    /// It has the name of a file that can be read, and nothing in it.
    Empty,
    /// It mentions user pools, and is of no kind that can be read.
    Mentions,
    /// It can be read, and has the name of another kind of file.
    Misnamed,
    /// It is a part of a configuration of Terraform.
    Configuration,
}

/// Looks into a file. A file that cannot be opened is read, so that the failure is reported.
pub(super) fn look(path: &Path) -> Look {
    if is_named_so(path) {
        return Look::Configuration;
    }
    let template = ends_with(path, &TEMPLATES);
    if !template && !ends_with(path, &READ) {
        return if is_misnamed(path) { Look::Misnamed } else { Look::Foreign };
    }
    let Ok(bytes) = std::fs::read(path) else { return Look::Read };
    // UTF-16 without its mark is not read, and that is said where pools are meant.
    if bytes.get(..2).is_some_and(|start| start.contains(&0)) {
        let text: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
        return if has_mention(&text) { Look::Read } else { Look::Foreign };
    }
    // A text that is not UTF-8 is reported when it is read.
    let Ok(text) = std::str::from_utf8(&bytes) else { return Look::Read };
    let mentions = has_mention(&bytes);
    if template {
        return match may_be_template(&bytes) || cloudformation::as_json(text).is_some() {
            true => Look::Read,
            false if mentions => Look::Mentions,
            false => Look::Foreign,
        };
    }
    if !mentions {
        // It may give the parameters of a template with a pool.
        if cloudformation::runs_others(text) {
            return Look::Read;
        }
        return match text.trim_start_matches('\u{feff}').trim() {
            "" => Look::Empty,
            // An empty list is one of no pools.
            "[]" => Look::Read,
            short if text.len() < SHORT && is_cut_off(short) => Look::Read,
            _ => Look::Foreign,
        };
    }
    if is_recognized(text) { Look::Read } else { Look::Mentions }
}

/// Whether a file that exists is among those that are read of a directory.
pub fn is_read_of(directory: &Path, file: &Path, left_out: &LeftOut) -> bool {
    let (Ok(real), Ok(whole)) = (directory.canonicalize(), file.canonicalize()) else { return false };
    let inside = whole.strip_prefix(real).ok().filter(|inside| !inside.as_os_str().is_empty());
    inside.map(|inside| directory.join(inside)).is_some_and(|path| {
        !left_out.leaves_out(directory, &path) && matches!(look(&path), Look::Read | Look::Configuration)
    })
}

/// Whether JSON values end before they are whole. Comments and other slips are not an end: the text is of another
/// program, which reads them.
fn is_cut_off(text: &str) -> bool {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.find_map(Result::err).is_some_and(|error| error.is_eof())
}

fn has_mention(bytes: &[u8]) -> bool {
    MENTIONS.iter().any(|word| memchr::memmem::find(bytes, word.as_bytes()).is_some())
}

/// Whether a file whose name is not of those that are read has pools all the same. Its first bytes show that most
/// have not.
fn is_misnamed(path: &Path) -> bool {
    const START: u64 = 512;
    const MOST: u64 = 16 << 20;
    let Ok(file) = std::fs::File::open(path) else { return false };
    let (mut bytes, mut file) = (Vec::new(), file);
    if file.by_ref().take(START).read_to_end(&mut bytes).is_err() {
        return false;
    }
    let start = String::from_utf8_lossy(&bytes);
    let json = start.trim_start().starts_with(['{', '[']);
    let template =
        || ["AWSTemplateFormatVersion", "Resources:", "Transform:"].iter().any(|word| start.contains(word));
    if !json && !template() {
        return false;
    }
    if file.take(MOST).read_to_end(&mut bytes).is_err() || !has_mention(&bytes) {
        return false;
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) if json => serde_json::from_str::<IgnoredAny>(text).is_ok() && is_recognized(text),
        Ok(_) => may_be_template(&bytes),
        Err(_) => false,
    }
}

fn ends_with(path: &Path, ends: &[&str]) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|extension| ends.contains(&extension.as_str()))
}
