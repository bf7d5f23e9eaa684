//! Functions that read files: those of the configuration, and no others.

use std::rc::Rc;

use crate::source::hcl::files::join;
use crate::source::hcl::function::wrong;
use crate::source::hcl::operate::text;
use crate::source::hcl::parse;
use crate::source::hcl::scope::{Program, Scope};
use crate::source::hcl::syntax::Place;
use crate::source::hcl::unknown::{Stop, Unknown};
use crate::source::hcl::value::{Value, What};

/// Larger files are not read.
const MOST: usize = 1 << 20;

pub(super) fn call(
    program: &Program<'_>,
    name: &str,
    values: &[Value],
    scope: &Scope,
) -> Option<Result<Value, Stop>> {
    match (name, values) {
        ("file", [path]) => Some(read(program, path).map(Value::text)),
        ("templatefile", [path, variables]) => Some(template(program, path, variables, scope)),
        ("fileexists", [path]) => Some(read(program, path).map(|_| Value::bool(true))),
        ("file" | "templatefile" | "fileexists", _) => Some(wrong(name)),
        _ => None,
    }
}

fn read(program: &Program<'_>, path: &Value) -> Result<String, Stop> {
    let written = text(path)?;
    let Some(path) = join(&program.root, &written) else {
        return unread("a file outside of the configuration is not read");
    };
    match (program.files.read)(&path) {
        Some(bytes) if bytes.len() > MOST => unread("a file of more than a megabyte is not read"),
        Some(bytes) => String::from_utf8(bytes).or_else(|_| Stop::lost("a file is not UTF-8 text")),
        // A file may be made before Terraform runs.
        None => unread(format!("the file {path} could not be read")),
    }
}

/// The content of a file that Terraform may read. What is around it is known all the same.
fn unread(why: impl Into<Rc<str>>) -> Result<String, Stop> {
    Err(Stop::Unknown(Unknown::because(why)))
}

fn template(program: &Program<'_>, path: &Value, variables: &Value, scope: &Scope) -> Result<Value, Stop> {
    let text = read(program, path)?;
    let (What::Object(variables) | What::Map(variables)) = &variables.what else {
        return match variables.first_unknown() {
            Some(unknown) => Err(Stop::Unknown(unknown.made_of())),
            None => Stop::caught("the variables of a template are not an object"),
        };
    };
    let parsed = match parse::template(Place { file: usize::MAX, start: 0, end: 0 }, &text) {
        Ok(parsed) => parsed,
        Err(refused) => return Stop::lost(format!("a template is not read: {}", refused.message)),
    };
    // A template sees its own variables alone.
    let mut inner = scope.instance.scope();
    for (name, value) in &variables.all {
        inner = inner.with(name, value.clone());
    }
    let made = program.evaluate(&parsed, &inner)?;
    Ok(Value { at: None, ..made })
}
