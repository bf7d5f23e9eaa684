//! `[[account]]` and `[organization]`: the accounts to read, and their roles.

use std::ops::Range;

use super::{only, selector};
use crate::diagnostic::{SourceDiagnostic, SourceFile, slip};
use crate::source::live::{
    Account, ExternalId, Organization, Role, RoleArn, Session, is_role_name, is_session_name,
};
use crate::spanned::{Item, Reader, Table, Toml, parse};

/// The keys of `[[account]]`.
pub const KEYS: [&str; 6] = ["name", "profile", "role-arn", "external-id", "session-name", "regions"];
/// The keys of `[organization]`.
pub const ORGANIZATION_KEYS: [&str; 5] = ["role-name", "external-id", "session-name", "accounts", "exclude"];

/// The source file with stars for every external id: mistakes show the lines around them.
pub(super) fn masked(source_file: &SourceFile, table: &Table) -> SourceFile {
    let mut places = Vec::new();
    external_ids(table, &mut places);
    let mut text = source_file.text().to_owned();
    for at in places {
        let stars = stars(&source_file.text()[at.clone()]);
        text.replace_range(at, &stars);
    }
    SourceFile::new(source_file.name(), text)
}

/// The text of a source file whose external ids are masked, with an `x` for each star, so that they are external ids again.
pub(super) fn with_blanks(source_file: &SourceFile) -> String {
    let table = parse(source_file, &mut Vec::new());
    let mut places = Vec::new();
    external_ids(&table, &mut places);
    let mut text = source_file.text().to_owned();
    for at in places {
        let blank = text[at.clone()].replace('*', "x");
        text.replace_range(at, &blank);
    }
    text
}

/// The same for a file that is not TOML, in which a value may end anywhere: everything after such a key on its line,
/// and to the end of a text of several lines.
pub(super) fn masked_lines(source_file: &SourceFile) -> SourceFile {
    let mut text = String::with_capacity(source_file.text().len());
    let mut open: Option<&str> = None;
    for line in source_file.text().split_inclusive('\n') {
        let after = match open {
            Some(_) => 0,
            None => value_of_external_id(line).unwrap_or(line.len()),
        };
        text.push_str(&line[..after]);
        text.push_str(&stars(&line[after..]));
        let quotes = |quotes: &&str| line.matches(*quotes).count() % 2 == 1;
        open = match open {
            Some(mark) => Some(mark).filter(|mark| !quotes(mark)),
            None => ["\"\"\"", "\'\'\'"].into_iter().find(quotes),
        };
    }
    SourceFile::new(source_file.name(), text)
}

/// The place of what follows the name of an external id on a line.
fn value_of_external_id(line: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let mut from = 0;
    for word in line.split_inclusive(|c| !is_part(c)) {
        from += word.len();
        let word = word.trim_end_matches(|c| !is_part(c));
        if is_external_id(word) {
            let rest = line[from..].trim_start_matches(['"', '\'', ' ', '=', ':']);
            return Some(line.len() - rest.len());
        }
    }
    None
}

/// Whether a key is that of an external id, in any misspelling.
fn is_external_id(key: &str) -> bool {
    let key: String = key.chars().filter(char::is_ascii_alphabetic).collect();
    key.to_ascii_lowercase().contains("external") || slip(&key.to_ascii_lowercase(), ["externalid"]).is_some()
}

/// A star for every byte of a text but its quotation marks and white space.
fn stars(text: &str) -> String {
    let star = |c: char| match c.is_whitespace() || c == '"' || c == '\'' {
        true => c.to_string(),
        false => "*".repeat(c.len_utf8()),
    };
    text.chars().map(star).collect()
}

/// The texts of keys that a table cannot have and that resemble no other key than that of external ids.
fn unknown_texts(table: &Table, keys: &[&str], places: &mut Vec<Range<usize>>) {
    let others = || keys.iter().copied().filter(|own| *own != "external-id");
    let is_meant = |key: &str| others().any(|own| own.contains(key)) || slip(key, others()).is_some();
    let unknown = table.entries.iter().filter(|entry| !is_external_id(&entry.key) && !is_meant(&entry.key));
    let texts = unknown.filter(|entry| matches!(entry.item.toml, Toml::String(_)));
    places.extend(texts.map(|entry| entry.item.at.clone()));
}

/// The places of external ids. A key of an account that has no meaning may be meant for one, whatever it is called.
fn external_ids(table: &Table, places: &mut Vec<Range<usize>>) {
    for entry in &table.entries {
        match (&*entry.key, &entry.item.toml) {
            ("account", Toml::List(items)) => {
                let tables = items.iter().filter_map(|item| match &item.toml {
                    Toml::Table(inner) => Some(inner),
                    _ => None,
                });
                tables.for_each(|inner| unknown_texts(inner, &KEYS, places));
            }
            ("organization", Toml::Table(inner)) => unknown_texts(inner, &ORGANIZATION_KEYS, places),
            _ => {}
        }
        if is_external_id(&entry.key) {
            places.push(entry.item.at.clone());
            continue;
        }
        match &entry.item.toml {
            Toml::Table(inner) => external_ids(inner, places),
            Toml::List(items) => {
                for item in items {
                    if let Toml::Table(inner) = &item.toml {
                        external_ids(inner, places);
                    }
                }
            }
            _ => {}
        }
    }
}

/// An account and its span, for messages about two that are the same.
struct WrittenAccount {
    account: Account,
    at: Range<usize>,
    /// The span of its role or its profile, else the same as `at`.
    by: Range<usize>,
}

/// Reads every `[[account]]` of the file.
pub(super) fn read(reader: &mut Reader<'_>, table: &Table) -> Vec<Account> {
    let items = match table.entry("account") {
        Some(entry) if matches!(entry.item.toml, Toml::Table(_)) => {
            reader.mistake(
                entry.key_at.clone(),
                "`account` must be an array of tables",
                "this is one table",
                "write `[[account]]`, with two brackets",
            );
            &[]
        }
        _ => reader.list(table, "account"),
    };
    let accounts: Vec<WrittenAccount> = items.iter().filter_map(|item| account(reader, item)).collect();
    for (i, account) in accounts.iter().enumerate() {
        if let Some(first) = accounts[..i].iter().find(|first| same(first, account)) {
            let mistake = SourceDiagnostic::new(
                reader.source_file,
                account.by.clone(),
                "two accounts are the same",
                "the second",
            );
            let help =
                "every account is read once: remove one of them, and give the other the Regions of both";
            reader.mistakes.push(mistake.also(first.by.clone(), "the first").help(help));
        } else if let Some((name, first)) = accounts[..i].iter().find_map(|first| {
            let name = account.account.name.as_ref().filter(|name| !name.is_empty())?;
            (first.account.name.as_ref() == Some(name)).then_some((name, first))
        }) {
            let message = format!("two accounts are called `{name}`");
            let mistake =
                SourceDiagnostic::new(reader.source_file, account.at.clone(), message, "the second");
            reader
                .mistakes
                .push(mistake.also(first.at.clone(), "the first").help("give one of them another name"));
        }
    }
    accounts.into_iter().map(|written| written.account).collect()
}

/// Whether two entries are certainly for one account.
fn same(
    WrittenAccount { account: a, .. }: &WrittenAccount,
    WrittenAccount { account: b, .. }: &WrittenAccount,
) -> bool {
    match (&a.role, &b.role) {
        (Some(a), Some(b)) => a.arn.account() == b.arn.account(),
        (None, None) => a.profile == b.profile,
        _ => false,
    }
}

fn account(reader: &mut Reader<'_>, item: &Item) -> Option<WrittenAccount> {
    let table = reader.as_table("an account", item, "an account starts with `[[account]]`")?;
    only(reader, table, "[[account]]", &KEYS);
    let name = named(reader, table, "name", "give the name by which reports call the account");
    let profile = named(reader, table, "profile", "name a profile of `~/.aws/config`");
    let arn = reader.string(table, "role-arn").and_then(|(text, at)| match RoleArn::parse(&text) {
        Ok(arn) => Some((arn, at)),
        Err(why) => {
            reader.mistake(at, format!("`{text}` is not the ARN of a role"), "does not look like one", why);
            None
        }
    });
    let session = session(reader, table);
    if table.get("role-arn").is_none() && !table.misspells("role-arn", &KEYS) {
        for entry in
            table.entries.iter().filter(|entry| matches!(&*entry.key, "external-id" | "session-name"))
        {
            let help = "add the `role-arn` of the role to assume, or remove the key";
            let message = format!("`{}` is for a role, and the account has none", entry.key);
            reader.mistake(entry.key_at.clone(), message, "", help);
        }
    }
    let at = name.as_ref().map_or(item.at.clone(), |(_, at)| at.clone());
    let by = arn.as_ref().map(|(_, at)| at).or(profile.as_ref().map(|(_, at)| at)).cloned();
    let broken = arn.is_none() && table.get("role-arn").is_some();
    let account = Account {
        name: name.map(|(name, _)| name),
        profile: profile.map(|(profile, _)| profile),
        role: arn.map(|(arn, _)| Role { arn, session }),
        regions: selector::regions(reader, table),
    };
    // An account whose role is wrong is not the same as another without a role.
    (!broken).then(|| WrittenAccount { account, by: by.unwrap_or(at.clone()), at })
}

/// Reads `[organization]`.
pub(super) fn organization(reader: &mut Reader<'_>, table: &Table) -> Option<Organization> {
    let item = table.get("organization")?;
    let table = reader.table(table, "organization")?;
    only(reader, table, "[organization]", &ORGANIZATION_KEYS);
    let role_name = reader.string(table, "role-name");
    match &role_name {
        Some((name, at)) if !is_role_name(name) => {
            let help = match RoleArn::parse(name) {
                Ok(_) => "give the name alone, which is the same in every account: what follows `role/`",
                Err(_) => {
                    "a role's name is written like `OrganizationAccountAccessRole`, after its path if it has one"
                }
            };
            reader.mistake(at.clone(), format!("`{name}` is not the name of a role"), "", help);
        }
        None if table.get("role-name").is_none() && !table.misspells("role-name", &ORGANIZATION_KEYS) => {
            let help = "add `role-name = \"...\"`: the role that is assumed in each account";
            reader.mistake(item.at.clone(), "`[organization]` has no `role-name`", "", help);
        }
        _ => {}
    }
    let accounts = selector::accounts(reader, table, "accounts");
    let exclude = selector::accounts(reader, table, "exclude");
    if let (Some(both), Some(item)) = (accounts.iter().find(|id| exclude.contains(id)), table.get("exclude"))
    {
        let help = "remove it from one of the two";
        reader.mistake(item.at.clone(), format!("`{both}` is in `accounts` and in `exclude`"), "", help);
    }
    let session = session(reader, table);
    Some(Organization {
        role_name: role_name.map(|(name, _)| name).unwrap_or_default(),
        session,
        accounts,
        exclude,
    })
}

fn session(reader: &mut Reader<'_>, table: &Table) -> Session {
    let external_id =
        reader.string(table, "external-id").and_then(|(text, at)| match ExternalId::parse(&text) {
            Ok(id) => Some(id),
            Err(why) => {
                reader.mistake(at, "this is not an external id", "", why);
                None
            }
        });
    let name = reader.string(table, "session-name").map(|(name, at)| {
        if !is_session_name(&name) {
            let help = "it has 2 to 64 letters, digits and `_+=,.@-`";
            reader.mistake(at, format!("`{name}` is not the name of a session"), "", help);
        }
        name
    });
    Session { external_id, name }
}

/// A string that is not empty.
fn named(reader: &mut Reader<'_>, table: &Table, key: &str, help: &str) -> Option<(String, Range<usize>)> {
    let (text, at) = reader.string(table, key)?;
    if text.trim().is_empty() {
        reader.mistake(at.clone(), format!("`{key}` is empty"), "", format!("{help}, or remove the key"));
    }
    Some((text, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn external_ids_are_hidden_in_files_that_are_not_toml() {
        let hidden = [
            "external-id = \"PLANTED\" x",
            "external-ids = PLANTED",
            "External_Id: PLANTED",
            "\"external id\" PLANTED",
            "extrenal-id = PLANTED",
            "a = { b = 1, external.id = PLANTED }",
            "external-id = \"\"\"\nPLANTED\nPLANTED\n",
            "external-id = '''a\nPLANTED''' x",
        ];
        for text in hidden {
            let masked = masked_lines(&SourceFile::new("c.toml", text));
            assert!(!masked.text().contains("PLANTED"), "{}", masked.text());
            assert_eq!(masked.text().len(), text.len(), "places stay");
        }
        for text in
            ["extra = \"members.toml\"", "exclude = [\"a\"]", "external-id = \"\"\"a\"\"\"\nregions = \"b\""]
        {
            let masked = masked_lines(&SourceFile::new("c.toml", text));
            assert_eq!(masked.text().lines().last(), text.lines().last());
        }
    }
}
