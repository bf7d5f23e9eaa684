//! Conditions on pools: globs on names and tags, accounts, Regions and sources.

use std::ops::Range;

use glob::Pattern;

use super::filled;
use crate::diagnostic::{SourceFile, suggest};
use crate::pool::Source;
use crate::rule::Selector;
use crate::rule::overrides::distinct;
use crate::spanned::{Reader, Table, Toml};

/// The keys that are conditions.
pub(super) const KEYS: [&str; 5] = ["pools", "tags", "accounts", "regions", "sources"];

/// Reads the conditions of a scope.
pub(super) fn read(reader: &mut Reader<'_>, table: &Table) -> Selector {
    Selector {
        pools: pools(reader, table).into_iter().map(|(pattern, _)| pattern).collect(),
        tags: tags(reader, table),
        accounts: accounts(reader, table, "accounts"),
        regions: regions(reader, table),
        sources: sources(reader, table),
    }
}

/// Reads the globs on pools, each with its place.
pub(super) fn pools(reader: &mut Reader<'_>, table: &Table) -> Vec<(Pattern, Range<usize>)> {
    let globs = filled(reader, table, "pools");
    distinct(reader, "pools", &globs);
    let read = |(text, at): (String, Range<usize>)| Some((glob(reader, &text, &at)?, at));
    globs.into_iter().filter_map(read).collect()
}

/// Reads the names of Regions, which need not be known to this version of the program.
pub(super) fn regions(reader: &mut Reader<'_>, table: &Table) -> Vec<String> {
    let regions = filled(reader, table, "regions");
    distinct(reader, "regions", &regions);
    for (region, at) in regions.iter().filter(|(region, _)| !is_region(region)) {
        let zone = region.trim_end_matches(|c: char| c.is_ascii_lowercase());
        let help = if is_region(zone) {
            format!("it looks like an Availability Zone: its Region is `{zone}`")
        } else if is_region(&region.to_lowercase()) {
            format!("write `{}`", region.to_lowercase())
        } else {
            "a Region is written like `us-east-1` or `us-gov-west-1`".to_owned()
        };
        reader.mistake(at.clone(), format!("`{region}` is not a Region"), "does not look like one", help);
    }
    names(regions)
}

pub(super) fn tags(reader: &mut Reader<'_>, table: &Table) -> Vec<(String, Pattern)> {
    let Some(tags) = reader.table(table, "tags") else {
        return Vec::new();
    };
    if let (true, Some(item)) = (tags.entries.is_empty(), table.get("tags")) {
        let help = "name a tag and a glob on its value, or remove the key";
        reader.mistake(item.at.clone(), "`tags` is empty", "", help);
    }
    let mut globs = Vec::new();
    for entry in &tags.entries {
        let Toml::String(text) = &entry.item.toml else {
            let help = reader.as_string(&entry.item);
            reader.wrong_kind(&format!("tags.{}", entry.key), &entry.item, "a string", help);
            continue;
        };
        if let Some(pattern) = glob(reader, text, &entry.item.at) {
            globs.push((entry.key.clone(), pattern));
        }
    }
    globs
}

/// Reads the numbers of accounts.
pub(super) fn accounts(reader: &mut Reader<'_>, table: &Table, key: &str) -> Vec<String> {
    let accounts = filled(reader, table, key);
    distinct(reader, key, &accounts);
    for (account, at) in &accounts {
        let n_digits = account.chars().filter(char::is_ascii_digit).count();
        if n_digits == 12 && account.len() == 12 {
            continue;
        }
        let label = if n_digits == account.chars().count() {
            format!("{n_digits} digits")
        } else {
            "more than digits".to_owned()
        };
        reader.mistake(
            at.clone(),
            format!("`{account}` is not an account"),
            &label,
            "an account is named by its 12 digits, without dashes",
        );
    }
    names(accounts)
}

fn sources(reader: &mut Reader<'_>, table: &Table) -> Vec<String> {
    let sources = filled(reader, table, "sources");
    distinct(reader, "sources", &sources);
    let words = Source::ALL.map(Source::word);
    for (source, at) in sources.iter().filter(|(source, _)| !words.contains(&&**source)) {
        let message = format!("there is no source `{source}`");
        reader.mistake(at.clone(), message, "unknown source", suggest(source, words));
    }
    names(sources)
}

/// Compiles a glob over paths, in which `**` matches directories.
pub(super) fn path_glob(reader: &mut Reader<'_>, text: &str, at: &Range<usize>) -> Option<Pattern> {
    match Pattern::new(text) {
        Ok(pattern) => Some(pattern),
        Err(_) if !text.contains("**") => glob(reader, text, at),
        Err(error) => {
            let message = format!("`{text}` is not a glob: {}", error.msg);
            reader.mistake(at.clone(), message, "", "`**` matches directories: `**/vendor/*.json`");
            None
        }
    }
}

/// Compiles a glob. The label of a mistake is on the wrong character.
pub(super) fn glob(reader: &mut Reader<'_>, text: &str, at: &Range<usize>) -> Option<Pattern> {
    let error = match Pattern::new(text) {
        Ok(pattern) => return Some(pattern),
        Err(error) => error,
    };
    // The words of `glob` are about file names, and its place for `**` is that of a neighbour.
    let (place, label, help) = match text.find("**").filter(|_| !error.msg.contains("range")) {
        Some(start) => {
            let n_stars = text[start..].bytes().take_while(|byte| *byte == b'*').count();
            let help = "`*` matches any characters: write it once";
            (start..start + n_stars, "too many stars", help)
        }
        None => {
            let start = text.char_indices().nth(error.pos).map_or(0, |(start, _)| start);
            let help = "a set of characters is written `[abc]` or `[a-z]`, and a bracket itself `[[]`";
            (start..start + 1, "this bracket is not closed", help)
        }
    };
    let at = inside(reader.source_file, at, text, place);
    reader.mistake(at, format!("`{text}` is not a glob"), label, help);
    None
}

/// The place of a part of a string in the source file, or the whole string where escapes make that hard to say.
fn inside(source_file: &SourceFile, at: &Range<usize>, text: &str, part: Range<usize>) -> Range<usize> {
    let plain = at.start + 1..at.end.saturating_sub(1);
    if source_file.text().get(plain.clone()) == Some(text) {
        plain.start + part.start..plain.start + part.end
    } else {
        at.clone()
    }
}

/// Whether a word looks like the name of a Region: words in lower case, then a number.
fn is_region(word: &str) -> bool {
    let Some((area, number)) = word.rsplit_once('-') else {
        return false;
    };
    let is_word = |part: &str| part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number && area.contains('-') && area.split('-').all(is_word)
}

fn names(list: Vec<(String, Range<usize>)>) -> Vec<String> {
    list.into_iter().map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_of_every_partition_look_like_regions() {
        for region in
            ["us-east-1", "ap-southeast-7", "us-gov-west-1", "cn-north-1", "us-isob-east-1", "eusc-de-east-1"]
        {
            assert!(is_region(region), "{region}");
        }
        for other in
            ["", "us-east", "us-east-1a", "useast1", "us-1", "US-EAST-1", "us-east-*", "-east-1", "us--1"]
        {
            assert!(!is_region(other), "{other}");
        }
    }
}
