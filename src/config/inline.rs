//! Waivers beside the code, as waivers: `cognito-lint: ignore RULE owner="..." until=2027-01-31 reason="..."`.

use super::waiver::{expires, text, value};
use crate::evaluate::InlineFound;
use crate::spanned::{Item, Reader, Toml};
use crate::triage::waiver::{NamedRule, Waiver, WrittenWaivers};

/// The keys of a waiver beside the code.
const KEYS: [&str; 4] = ["owner", "reason", "until", "value"];

/// Reads what was found beside the code, each rule of one as a waiver of its own.
pub fn read(found: &[InlineFound], must_expire: bool) -> WrittenWaivers {
    let mut all = WrittenWaivers::default();
    for one in found {
        if !one.waiver.mistakes.is_empty() {
            // A key that is missing may be among the words that were misread.
            all.mistakes.extend(one.waiver.mistakes.iter().cloned());
            continue;
        }
        let before = all.mistakes.len();
        let read = waivers(one, must_expire, &mut all);
        if all.mistakes.len() == before {
            all.waivers.extend(read);
        }
    }
    all
}

fn waivers(found: &InlineFound, must_expire: bool, all: &mut WrittenWaivers) -> Vec<Waiver> {
    let written = &found.waiver;
    let (source_file, table) = (&written.source_file, &written.table);
    for (id, at) in &written.rules {
        all.named.push(NamedRule { source_file: source_file.clone(), id: id.clone(), at: at.clone() });
    }
    let reader = &mut Reader { source_file, mistakes: &mut all.mistakes };
    let whole = Item { toml: Toml::Table(table.clone()), at: written.at.clone() };
    match table.entry("expires") {
        Some(entry) => {
            let help = "write `until=2027-01-31`";
            reader.mistake(entry.key_at.clone(), "a waiver beside the code has no key `expires`", "", help);
        }
        None => reader.only(table, "a waiver beside the code", &KEYS),
    }
    let ask = "name the person or team that decided this: add `owner=\"...\"`";
    let owner = text(reader, table, &whole, "owner", ask);
    let reason = text(reader, table, &whole, "reason", "say why it is accepted: `reason=\"...\"`");
    let value = value(reader, table);
    let must_expire = must_expire && table.get("expires").is_none();
    let expires = expires(reader, table, &whole, ("until", &KEYS), must_expire);
    let (Some((owner, _)), Some((reason, _))) = (owner, reason) else { return Vec::new() };
    let of_rule = |(id, at): &(String, std::ops::Range<usize>)| Waiver {
        source_file: source_file.clone(),
        inline: Some(found.clone()),
        rule: Some(id.clone()),
        rule_at: at.clone(),
        pool: None,
        tags: Vec::new(),
        pool_at: at.clone(),
        subject: None,
        value: value.clone(),
        owner: owner.clone(),
        reason: reason.clone(),
        expires: expires.clone(),
    };
    written.rules.iter().map(of_rule).collect()
}
