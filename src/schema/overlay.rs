//! Members that are newer than the program: read from a file of the user's, and added to the schema.

use std::ops::Range;
use std::sync::OnceLock;

use super::data::{self, outer};
use super::line::Line;
use super::{DATA, Defaults, Kind, Node, NodeId, Rare, SCHEMA, Schema};
use crate::diagnostic::{SourceDiagnostic, SourceFile, nearest};
use crate::spanned::{Item, Reader, Table, Toml, parse};
use crate::value::Text;

/// The keys of a member.
pub const KEYS: [&str; 11] =
    ["path", "type", "values", "min", "max", "default", "secret", "unordered", "volatile", "key", "label"];

/// Members to add to the schema, each after those around it.
pub struct Overlay(pub(super) Vec<Line>);

/// One `[[member]]`.
struct Member {
    path: String,
    path_at: Range<usize>,
    kind: Kind,
    kind_at: Range<usize>,
    values: Vec<(String, Range<usize>)>,
    values_at: Range<usize>,
    min: Option<(i64, Range<usize>)>,
    max: Option<(i64, Range<usize>)>,
    default: Option<Item>,
    secret: bool,
    unordered: bool,
    volatile: bool,
    key: Option<(String, Range<usize>)>,
    label: Option<(String, Range<usize>)>,
}

/// Reads members to add to the schema, or every mistake in them.
pub fn overlay(members: &SourceFile) -> Result<Overlay, Vec<SourceDiagnostic>> {
    read(members, &data::read(DATA, Vec::new()))
}

/// Adds the members of a file to the schema. What has been looked up in the schema before would not be true any more,
/// so this is the first use of it; `Ok(false)` says that it was not.
pub fn extend(members: &SourceFile) -> Result<bool, Vec<SourceDiagnostic>> {
    static ADDED: OnceLock<String> = OnceLock::new();
    if let Some(added) = ADDED.get() {
        return Ok(added == members.text());
    }
    let overlay = overlay(members)?;
    let first = SCHEMA.set(data::read(DATA, overlay.0)).is_ok();
    Ok(first && ADDED.set(members.text().to_owned()).is_ok())
}

/// Reads an overlay, or every mistake in it. `built_in` is the schema of the program.
fn read(source_file: &SourceFile, built_in: &Schema) -> Result<Overlay, Vec<SourceDiagnostic>> {
    let mut mistakes = Vec::new();
    let table = parse(source_file, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut reader = Reader { source_file, mistakes: &mut mistakes };
    reader.only(&table, "a file of members", &["member"]);
    let items = reader.list(&table, "member");
    if items.is_empty() && reader.mistakes.is_empty() {
        reader.mistake(0..0, "this file has no members", "", "a member starts with `[[member]]`");
    }
    let mut members: Vec<Member> = items.iter().filter_map(|item| member(&mut reader, item)).collect();
    // A member comes after those around it.
    members.sort_by_key(|member| depth(&member.path));
    if reader.mistakes.is_empty() {
        check(&mut reader, &members, built_in);
    }
    if !mistakes.is_empty() {
        SourceDiagnostic::sort(&mut mistakes);
        return Err(mistakes);
    }
    let open = |member: &Member| {
        member.kind == Kind::Structure && members.iter().all(|one| outer(&one.path) != member.path)
    };
    let file: &'static str = String::leak(source_file.name().to_owned());
    Ok(Overlay(members.iter().map(|member| line(member, open(member), file)).collect()))
}

/// How many structures, lists and maps are around a path.
fn depth(path: &str) -> usize {
    path.matches(['.', '[', '{']).count()
}

fn member(reader: &mut Reader<'_>, item: &Item) -> Option<Member> {
    let table = reader.as_table("a member", item, "a member starts with `[[member]]`")?;
    reader.only(table, "a member", &KEYS);
    for (key, help) in [
        ("path", "name it as `cognito-lint schema` does: `path = \"Clients[].NewSetting\"`"),
        ("type", "say what it is: `type = \"string\"`"),
    ] {
        if table.get(key).is_none() && !table.misspells(key, &KEYS) {
            let first = table.entries.first().map_or(item.at.clone(), |entry| entry.key_at.clone());
            reader.mistake(first, format!("this member has no `{key}`"), "of this member", help);
        }
    }
    let kinds = Kind::ALL.map(|kind| (kind.word(), kind));
    let kind = reader.word(table, "type", &kinds);
    let at = |key: &str| table.get(key).map_or(0..0, |item| item.at.clone());
    let (path, path_at) = reader.string(table, "path")?;
    Some(Member {
        path,
        path_at,
        kind: kind?,
        kind_at: at("type"),
        values: reader.strings(table, "values"),
        values_at: at("values"),
        min: number(reader, table, "min"),
        max: number(reader, table, "max"),
        default: table.get("default").cloned(),
        secret: reader.bool(table, "secret").unwrap_or(false),
        unordered: reader.bool(table, "unordered").unwrap_or(false),
        volatile: reader.bool(table, "volatile").unwrap_or(false),
        key: reader.string(table, "key"),
        label: reader.string(table, "label"),
    })
}

fn number(reader: &mut Reader<'_>, table: &Table, key: &str) -> Option<(i64, Range<usize>)> {
    let item = table.get(key)?;
    match item.toml {
        Toml::Int(n) => Some((n, item.at.clone())),
        _ => {
            reader.wrong_kind(key, item, "an integer", None);
            None
        }
    }
}

/// The type of a path: one of the overlay, or one of the program.
fn kind_of(path: &str, members: &[Member], built_in: &Schema) -> Option<Kind> {
    let own = members.iter().find(|member| member.path == path).map(|member| member.kind);
    own.or_else(|| built_in.find(path).map(|id| built_in.node(id).kind))
}

fn check(reader: &mut Reader<'_>, members: &[Member], built_in: &Schema) {
    for (index, member) in members.iter().enumerate() {
        if let Some(first) = members[..index].iter().find(|one| one.path == member.path) {
            let message = format!("`{}` is there twice", member.path);
            let mistake =
                SourceDiagnostic::new(reader.source_file, member.path_at.clone(), message, "again here");
            let mistake = mistake.also(first.path_at.clone(), "first here").help("remove one of the two");
            reader.mistakes.push(mistake);
            continue;
        }
        if let Some(id) = built_in.find(&member.path) {
            contradictions(reader, member, built_in.node(id));
            continue;
        }
        around(reader, member, members, built_in);
        facts(reader, member, members);
    }
}

/// Notes what a member says of a path that the program knows otherwise. An enum may get more values.
fn contradictions(reader: &mut Reader<'_>, member: &Member, known: &Node) {
    let path = &member.path;
    let help =
        || format!("take this member out: `cognito-lint schema {path}` shows what the program knows of it");
    let mut differs = |at: &Range<usize>, message: String| {
        reader.mistake(at.clone(), message, "contradicts the schema", help());
    };
    if member.kind != known.kind {
        differs(&member.kind_at, format!("`{path}` is {}, not {}", known.kind.one(), member.kind.one()));
        return;
    }
    if !member.values.is_empty() && known.values.is_empty() {
        differs(&member.values_at, format!("`{path}` can have any value"));
    }
    for (key, own, known) in [("min", &member.min, known.min), ("max", &member.max, known.max)] {
        if let Some((n, at)) = own.as_ref().filter(|(n, _)| Some(*n) != known) {
            let is = known.map_or("not set".to_owned(), |known| known.to_string());
            differs(at, format!("`{key}` of `{path}` is {is}, not {n}"));
        }
    }
    if let Some(default) = &member.default
        && known.defaults().any.as_ref() != Some(&default.toml.to_value())
    {
        differs(&default.at, format!("`{path}` has another default"));
    }
    if member.secret && !known.secret {
        differs(&member.path_at, format!("`{path}` is not a secret"));
    }
}

/// Notes a member that cannot be where it is.
fn around(reader: &mut Reader<'_>, member: &Member, members: &[Member], built_in: &Schema) {
    let around = outer(&member.path);
    let name = member.path[around.len()..].trim_start_matches('.');
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_element = matches!(name, "[]" | "{}");
    if !is_element && (name.is_empty() || !name.chars().all(plain)) {
        let help = "a path consists of names and dots, with `[]` after a list and `{}` after a map";
        let message = format!("`{}` is not a path", member.path);
        return reader.mistake(member.path_at.clone(), message, "not a path", help);
    }
    let Some(kind) =
        (if around.is_empty() { Some(Kind::Structure) } else { kind_of(around, members, built_in) })
    else {
        let known = built_in.nodes().map(|(_, node)| node.path.as_ref());
        let own = members.iter().map(|one| one.path.as_str()).filter(|path| !path.starts_with(around));
        let all: Vec<&str> = known.chain(own).collect();
        let help = match nearest(around, all.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? Else add a member for `{around}` too"),
            None => format!("add a member for `{around}` too"),
        };
        let message = format!("`{around}` is not in the schema");
        return reader.mistake(member.path_at.clone(), message, "nothing to be in", help);
    };
    let help = match (kind, name) {
        (Kind::List, "[]") | (Kind::Map, "{}") => return,
        (Kind::Structure, name) if !is_element => {
            let same = built_in.find(around).or((around.is_empty()).then_some(NodeId::ROOT));
            let known = same.into_iter().flat_map(|id| &built_in.node(id).names);
            let alike = known.into_iter().find(|known| known.eq_ignore_ascii_case(name));
            let Some(alike) = alike else { return };
            let message =
                format!("`{name}` differs from the member `{alike}` in the case of its letters alone");
            let help = format!("write `{alike}`");
            return reader.mistake(member.path_at.clone(), message, "a member of that name is there", help);
        }
        (Kind::List, name) => format!("write `{around}[].{name}` for a member of its elements"),
        (Kind::Map, name) => format!("write `{around}{{}}.{name}` for a member of its values"),
        (_, _) => "only structures have members".to_owned(),
    };
    let message = format!("`{around}` is {}", kind.one());
    reader.mistake(member.path_at.clone(), message, "cannot be in it", help);
}

/// Notes what does not fit the type of a member.
fn facts(reader: &mut Reader<'_>, member: &Member, members: &[Member]) {
    let Member { path, kind, .. } = member;
    if !member.values.is_empty() && *kind != Kind::String {
        let message = format!("`values` are texts, and `{path}` is {}", kind.one());
        reader.mistake(member.values_at.clone(), message, "only of a string", "take them out");
    }
    let sized = matches!(kind, Kind::String | Kind::Integer | Kind::List | Kind::Map);
    for (key, bound) in [("min", &member.min), ("max", &member.max)] {
        if let Some((_, at)) = bound.as_ref().filter(|_| !sized) {
            let message = format!("{} has no `{key}`", kind.one());
            reader.mistake(at.clone(), message, "without effect", "take it out");
        }
    }
    if let (Some((min, _)), Some((max, at))) = (&member.min, &member.max)
        && min > max
    {
        reader.mistake(at.clone(), format!("`max` is less than `min`, which is {min}"), "", "swap them");
    }
    if let Some(default) = &member.default
        && let Some(wanted) = unfit(member, &default.toml)
    {
        reader.wrong_kind("default", default, &wanted, None);
    }
    if member.secret && (*kind != Kind::String || member.default.is_some()) {
        let help = "a secret is a text, and has no default";
        reader.mistake(member.path_at.clone(), format!("`{path}` cannot be a secret"), "not a secret", help);
    }
    let element = match kind {
        Kind::List => Some("[]"),
        Kind::Map => Some("{}"),
        _ => None,
    };
    if let Some(brackets) = element
        && members.iter().all(|one| one.path != format!("{path}{brackets}"))
    {
        let help = format!("add a member with `path = \"{path}{brackets}\"` and its type");
        reader.mistake(member.path_at.clone(), format!("the elements of `{path}` have no type"), "", help);
    }
    for (key, name) in [("key", &member.key), ("label", &member.label)] {
        if let Some((name, at)) = name
            && members.iter().all(|one| one.path != format!("{path}[].{name}"))
        {
            let help = format!("add a member with `path = \"{path}[].{name}\"`");
            let message = format!("`{key}` names no member of the elements of `{path}`");
            reader.mistake(at.clone(), message, "no such member", help);
        }
    }
}

/// The values that a default must be one of, where it is another.
fn unfit(member: &Member, default: &Toml) -> Option<String> {
    let within = |n: i64| {
        let [min, max] = [&member.min, &member.max].map(|bound| bound.as_ref().map(|(n, _)| *n));
        min.is_none_or(|min| min <= n) && max.is_none_or(|max| n <= max)
    };
    let fits = match (member.kind, default) {
        (Kind::String, Toml::String(text)) => {
            member.values.is_empty() || member.values.iter().any(|(value, _)| value == text)
        }
        (Kind::Integer, Toml::Int(n)) => within(*n),
        (Kind::Boolean, Toml::Bool(_)) => true,
        (Kind::List, Toml::List(items)) => items.is_empty(),
        (Kind::Map | Kind::Structure, Toml::Table(table)) => table.entries.is_empty(),
        (_, _) => false,
    };
    let wanted = match member.kind {
        Kind::String if !member.values.is_empty() => "one of `values`".to_owned(),
        Kind::Integer => "an integer within `min` and `max`".to_owned(),
        Kind::Boolean => "true or false".to_owned(),
        Kind::String => "a string".to_owned(),
        Kind::List => "an empty array, `[]`".to_owned(),
        Kind::Map | Kind::Structure => "an empty table, `{}`".to_owned(),
        Kind::Timestamp => "left out: no time is a default".to_owned(),
    };
    (!fits).then_some(wanted)
}

/// The line of a member. A schema is made once in a run, so that its texts stay.
fn line(member: &Member, open: bool, file: &'static str) -> Line {
    let text = |text: &str| -> &'static str { String::leak(text.to_owned()) };
    let placed = |placed: &Option<(String, Range<usize>)>| placed.as_ref().map(|(name, _)| text(name));
    Line {
        path: text(&member.path),
        kind: member.kind,
        values: member.values.iter().map(|(value, _)| Text::Borrowed(text(value))).collect(),
        min: member.min.as_ref().map(|(n, _)| *n),
        max: member.max.as_ref().map(|(n, _)| *n),
        secret: member.secret,
        unordered: member.unordered,
        volatile: member.volatile,
        key: placed(&member.key),
        label: placed(&member.label),
        open,
        // An update of the pool that left it out would reset it.
        set_by: (!member.path.contains(['.', '[', '{'])).then_some("UpdateUserPool"),
        defaults: member
            .default
            .as_ref()
            .map(|item| Box::new(Defaults { any: Some(item.toml.to_value()), ..Defaults::default() })),
        rare: Some(Box::new(Rare { added: Some(Text::Borrowed(file)), ..Rare::default() })),
        ..Line::default()
    }
}
