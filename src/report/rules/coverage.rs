//! The settings that rules look at, and those that no rule looks at.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use crate::journey;
use crate::pool::UNITS;
use crate::report::Style;
use crate::report::ansi::{Ansi, count, styled, wrap};
use crate::rule::Rule;
use crate::schema::{Aspect, Kind, Node, NodeId, Path, schema};

/// Every setting of the schema, with the ids of the rules that look at it.
#[derive(Debug)]
pub struct Coverage<'a> {
    rules: usize,
    settings: BTreeMap<NodeId, BTreeSet<&'a str>>,
}

/// The settings that rules look at. A structure is one where a rule asks for it as a whole.
pub fn coverage(rules: &[Arc<Rule>]) -> Coverage<'_> {
    let mut settings: BTreeMap<NodeId, BTreeSet<&str>> =
        schema().nodes().filter(|(_, node)| is_setting(node)).map(|(id, _)| (id, BTreeSet::new())).collect();
    let guards = journey::policy();
    for rule in rules {
        let mut looks_at = |path: &Path, node: Option<NodeId>| {
            let Some(id) = node else { return };
            let several = matches!(path.aspect, Aspect::Members | Aspect::Plain);
            for setting in meant(id, several) {
                settings.entry(setting).or_default().insert(&rule.id);
            }
        };
        rule.paths(&mut looks_at);
        // An answer of journeys follows from what the guards look at.
        if rule.infers {
            guards.rules.iter().for_each(|guard| guard.paths(&mut looks_at));
        }
    }
    Coverage { rules: rules.len(), settings }
}

/// Whether somebody can set it: not what changes by itself, identifies a thing, or is worked out from others.
fn is_setting(node: &Node) -> bool {
    let plain = match node.kind {
        Kind::Structure => false,
        Kind::List => !node.holds_structures(),
        Kind::Map | Kind::String | Kind::Integer | Kind::Boolean | Kind::Timestamp => true,
    };
    let own = !node.identifies && !node.name.is_empty() && !node.path.contains('{');
    plain && own && node.drifts()
}

/// The settings that a path means: of an element its list, of a lifetime its number and unit, of a value with two
/// names both.
fn meant(mut id: NodeId, several: bool) -> Vec<NodeId> {
    while schema().node(id).name.is_empty() && id != NodeId::ROOT {
        id = schema().node(id).parent;
    }
    let node = schema().node(id);
    if several {
        let inside = schema().nodes().filter(|(own, node)| is_setting(node) && schema().is_inside(*own, id));
        return inside.map(|(own, _)| own).collect();
    }
    if node.holds_structures() {
        return Vec::new();
    }
    if let Some(derived) = node.derived {
        let number = schema().member(node.parent, derived.number);
        let unit = schema().member(node.parent, UNITS).and_then(|units| schema().member(units, derived.unit));
        return number.into_iter().chain(unit).collect();
    }
    if !node.is_sent() || node.path.contains('{') {
        return Vec::new();
    }
    let other = schema().mirrors().iter().find_map(|mirror| match id {
        id if id == mirror.copy => Some(mirror.original),
        id if id == mirror.original => Some(mirror.copy),
        _ => None,
    });
    [id].into_iter().chain(other).collect()
}

/// Rules that have fewer columns beside the path are on lines of their own.
const LEAST_RULES: usize = 30;

impl Coverage<'_> {
    /// Prints the settings that rules look at, each with the rules, and then the others.
    pub fn human(&self, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let path = |id: &NodeId| &schema().node(*id).path;
        let (seen, unseen): (Vec<_>, Vec<_>) = self.settings.iter().partition(|(_, rules)| !rules.is_empty());
        let look = if self.rules == 1 { "looks" } else { "look" };
        let rules = count(self.rules, "rule");
        writeln!(out, "{rules} {look} at {} of {} settings", seen.len(), self.settings.len())?;
        let width = seen.iter().map(|(id, _)| path(id).len()).max().unwrap_or(0);
        if !seen.is_empty() {
            writeln!(out)?;
        }
        for (id, rules) in seen {
            let rules = rules.iter().copied().collect::<Vec<_>>().join(", ");
            let room = style.width.saturating_sub(width + 2);
            match style.rows {
                None => writeln!(out, "{:width$}  {}", path(id), styled(style, Ansi::Dim, &rules))?,
                Some(_) if room < LEAST_RULES => {
                    writeln!(out, "{}", path(id))?;
                    for line in wrap(&rules, style.width.saturating_sub(4)) {
                        writeln!(out, "    {}", styled(style, Ansi::Dim, &line))?;
                    }
                }
                Some(_) => {
                    for (i, line) in wrap(&rules, room).iter().enumerate() {
                        let path = if i == 0 { path(id) } else { "" };
                        writeln!(out, "{path:width$}  {}", styled(style, Ansi::Dim, line))?;
                    }
                }
            }
        }
        if !unseen.is_empty() {
            writeln!(out, "\nno rule checks {}", count(unseen.len(), "setting"))?;
        }
        for (id, _) in unseen {
            writeln!(out, "  {}", path(id))?;
        }
        Ok(())
    }

    /// Writes the same as a JSON object.
    pub fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let setting = |(id, rules): (&NodeId, &BTreeSet<&str>)| {
            let path = schema().node(*id).path.to_string();
            SettingShape { path, rules: rules.iter().map(|id| (*id).to_owned()).collect() }
        };
        let shape =
            CoverageShape { rules: self.rules, settings: self.settings.iter().map(setting).collect() };
        serde_json::to_writer_pretty(&mut *out, &shape)?;
        writeln!(out)
    }
}

#[derive(Serialize)]
struct CoverageShape {
    rules: usize,
    settings: Vec<SettingShape>,
}

#[derive(Serialize)]
struct SettingShape {
    path: String,
    /// Empty where no rule looks at it.
    rules: Vec<String>,
}
