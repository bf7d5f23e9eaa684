//! The rules of each pack.

use cognito_lint::rule::builtin;

use super::{Known, Packed, head, params, row};

/// The purpose of each pack, and a table of rules and packs.
pub(super) fn page(rules: &[Known], packed: &[Packed]) -> String {
    let mut text = "# Packs\n\nA pack is a selection of rules, with severities and parameters of its own: `--rules NAME`.\n\
        Packs for standards and tools list their controls too, on the page that their name links to.\n\n"
        .to_owned();
    text += &head(&["pack", "rules", "for"]);
    for name in builtin::packs() {
        let pack = builtin::pack(name).unwrap().unwrap();
        let number = packed.iter().filter(|one| one.pack == name).count();
        let shown = match pack.controls.is_empty() {
            true => format!("`{name}`"),
            false => format!("[`{name}`](controls/{name}.md)"),
        };
        text += &row(&[&shown, &number.to_string(), &pack.description]);
    }
    text +=
        "\n## Rules and packs\n\nFor each pack that has a rule: the severity there, and the parameters.\n\n";
    text += &head(&["rule", "by itself", "packs"]);
    for known in rules {
        let id = &known.rule.id;
        let alone = [known.rule.severity.word().to_owned(), params(&known.rule)].join(" ");
        let of = packed.iter().filter(|one| one.rule.id == *id);
        let cells = of.map(|one| match params(&one.rule).as_str() {
            "" => format!("{} {}", one.pack, one.rule.severity.word()),
            params => format!("{} {} {params}", one.pack, one.rule.severity.word()),
        });
        let cells = cells.collect::<Vec<_>>().join("<br>");
        text += &row(&[&format!("[`{id}`](rules/{id}.md)"), alone.trim_end(), &cells]);
    }
    text
}
