//! Pools that a CloudFormation template declares, in YAML or JSON, with SAM and what the CDK makes.
//!
//! A template is read as a tree with places (`yaml`, `json`), taken apart (`template`), and its expressions are worked
//! out as far as they can be known (`resolver`), in every way in which the open conditions can come out (`condition`).

mod node;
mod json;
mod yaml;
mod parameter;
mod sub;
mod work;
mod text;
mod template;
mod resolver;
mod repeat;
mod condition;
mod kind;
mod remarks;
mod recognize;
mod neighbor;
mod nested;
mod deployment;
mod deployed;
mod secret;
mod waivers;
mod beside;
mod trigger;
mod pool;
mod inner;
mod stated;
mod printed;
mod edit;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use deployment::Deployment;
pub(super) use edit::edits;
pub(super) use kind::mappings;
pub(super) use neighbor::runs_others;
pub use neighbor::{Neighbor, may_share};
pub use parameter::{assignment, assignments, names};
pub(super) use printed::as_json;
pub use recognize::may_be_template;
pub(super) use stated::{Stated, read as read_stated};

use super::declared::{Declared, Language};
use super::{Chunk, Reading};
use crate::pool::{Lifecycle, Origin, Source};
use deployed::Deployed;
use node::{Node, Problem};
use recognize::Text;
use remarks::{Part, Remarks};

/// Reads the pools of a template; `None` for a text that is not one.
pub(super) fn read(chunk: &Chunk) -> Option<Reading> {
    let text = std::str::from_utf8(&chunk.bytes).ok()?;
    let found = recognize::recognize(&chunk.origin.name, text);
    (!matches!(found, Text::Foreign)).then(|| reading(chunk, text, found, &[], Lifecycle::Created))
}

/// Reads the pools of a template that is in a file of another language, whose name says nothing of it.
pub(super) fn read_inside(chunk: &Chunk) -> Option<Reading> {
    let text = std::str::from_utf8(&chunk.bytes).ok()?;
    let found = recognize::recognize("", text);
    (!matches!(found, Text::Foreign)).then(|| reading(chunk, text, found, &[], Lifecycle::Created))
}

/// Reads the pools of a template that is a value of a JSON text; `None` where the value is not a template.
pub(super) fn read_value(chunk: &Chunk, text: &str, at: Range<usize>) -> Option<Reading> {
    let found = recognize::value(text, at);
    (!matches!(found, Text::Foreign)).then(|| reading(chunk, text, found, &[], Lifecycle::Created))
}

/// Reads the pools of a template that is a string of a file; `None` where the string is not a template.
pub(super) fn read_string(chunk: &Chunk, string: &str, at: (usize, usize)) -> Option<Reading> {
    let found = recognize::recognize("", string);
    let inside = [Part { within: 0..string.len(), at }];
    (!matches!(found, Text::Foreign)).then(|| reading(chunk, string, found, &inside, Lifecycle::Created))
}

fn reading(chunk: &Chunk, text: &str, found: Text, inside: &[Part], lifecycle: Lifecycle) -> Reading {
    let mut remarks = Remarks::default();
    let declared = match found {
        Text::Foreign => None,
        Text::Refused(problem) => {
            refuse(&mut remarks, problem);
            None
        }
        Text::Template(root, language, others) => {
            if others {
                let help = "write each template to a file of its own";
                let message = "the file holds several YAML documents, and only the first was read";
                remarks.unread(Some(0), message, Some(help));
            }
            // A string of another file has no lines of its own.
            let written = inside.is_empty();
            let declared = declared(chunk, text, (root, language, written), lifecycle, &mut remarks);
            declared.map_err(|problem| refuse(&mut remarks, problem)).ok()
        }
    };
    let (unread, notes) = remarks.finish(&chunk.origin.name, text, inside);
    let mut reading = Reading { declared, unread, notes };
    for pool in reading.declared.iter_mut().flat_map(|declared| &mut declared.pools) {
        pool.places.inside =
            remarks::place(inside, pool.scenarios.first().map_or(0, |scenario| scenario.pool.place.start));
    }
    reading
}

fn refuse(remarks: &mut Remarks, problem: Problem) {
    remarks.unread(Some(problem.at), problem.message, problem.help.as_deref());
}

/// The ways in which a template runs those beside it.
fn runs(template: &template::Template, text: &str, chunk: &Chunk) -> Vec<nested::Run> {
    let file = &chunk.origin.name;
    let own = nested::plain(Path::new(&**file));
    let others = chunk.beside.iter().map(|one| nested::plain(Path::new(&*one.name)));
    let is_named = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy());
        *path != own && name.is_some_and(|name| text.contains(&*name))
    };
    others.filter(is_named).flat_map(|path| nested::runs(template, file, &path)).collect()
}

/// The pools of a template.
fn declared(
    chunk: &Chunk,
    text: &str,
    (root, language, written): (Node, Language, bool),
    lifecycle: Lifecycle,
    remarks: &mut Remarks,
) -> Result<Declared, Problem> {
    let name = &chunk.origin.name;
    let as_written = Some(root.clone()).filter(|_| written);
    let Deployed { template, wrong, prevented } = deployed::template((name, text), root, chunk)?;
    let origin = Origin { source: Source::CloudFormation, name: Arc::clone(name) };
    if let Some(why) = prevented {
        remarks.note(&(0..0), format!("this template is not deployed: {why}"));
        let (pools, gone, inline) = (Vec::new(), Vec::new(), Vec::new());
        return Ok(Declared { origin, text: Some(text.into()), language, pools, gone, inline });
    }
    let beside = beside::read(&template, chunk);
    let mut pools = pool::read(&template, &beside, &origin, lifecycle, remarks);
    let mut inline = Vec::new();
    if let Some(root) = &as_written {
        inline = waivers::waivers((name, text), root, &template);
    }
    let secrets: Arc<[Range<usize>]> = secret::places(&template, text).into();
    for pool in &mut pools {
        pool.places.secrets = Arc::clone(&secrets);
    }
    // Those of other templates are listed there, where they are not beside a part of these pools.
    let others = beside.iter().flat_map(|one| &one.inline);
    let others = others.filter(|waiver| pools.iter().any(|pool| pool.places.reaches(name, waiver)));
    inline.extend(others.cloned());
    let of_other = |link: &Node| {
        let other = beside::exporter((&template, name), &beside, link)?;
        Some(Arc::clone(&other.text.name))
    };
    pools.extend(inner::pools(&template, &origin, remarks));
    let runs = runs(&template, text, chunk);
    let follows = |stack: &template::Resource| runs.iter().any(|run| run.certain && run.id == stack.id);
    recognize::remark(&template, of_other, (follows, !runs.is_empty()), remarks);
    if !pools.is_empty() {
        let help = "`--parameter KEY=VALUE` gives a template a value for one of its parameters";
        for (at, message) in wrong {
            remarks.unread(at.map(|at| at.start), message, Some(help));
        }
    }
    Ok(Declared { origin, text: Some(text.into()), language, pools, gone: Vec::new(), inline })
}
