//! The two sides of a drift, where both are files. They are read more than once, so a pipe is copied first.

#![expect(clippy::disallowed_methods, reason = "pipes are copied here")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use tempfile::TempPath;

use super::args::{DriftArgs, LiveArgs};
use super::{Failure, inputs, output, signals, variables};
use crate::drift::{Deliveries, Side, matched_sides, sides};
use crate::source::input::{self, Input, LeftOut};
use crate::source::{Delivery, hcl};

/// The values of parameters of templates and of variables of configurations.
pub(super) struct Given {
    pub parameters: BTreeMap<String, String>,
    pub variables: Arc<hcl::Given>,
}

/// The deliveries of the recorded side.
pub(super) fn recorded(args: &DriftArgs, given: &Given) -> Result<Deliveries, Failure> {
    let inputs = std::slice::from_ref(&args.recorded);
    let parameters = given.parameters.clone();
    let pools = inputs::pools_of_files(inputs, &LiveArgs::default(), parameters, LeftOut::default())?;
    variables::settled(pools, Arc::clone(&given.variables), None)
}

/// Both sides, where both are files.
pub(super) fn of_files(args: &DriftArgs, input: &Path, given: &Given) -> Result<(Side, Side), Failure> {
    // Options for live pools are refused before anything is read.
    let _ = inputs::pools_of_files(&[input.to_owned()], &args.live, BTreeMap::new(), LeftOut::default())?;
    let recorded = Opened::of(&args.recorded).map_err(output::no_scratch)?;
    let current = Opened::of(input).map_err(output::no_scratch)?;
    if !variables::is_none(&given.variables) {
        let both: Vec<Delivery> = recorded.read(given).chain(current.read(given)).collect();
        variables::ensure_used(&both, &given.variables, None)?;
    }
    let (recorded, current) = (|| recorded.read(given), || current.read(given));
    Ok(match args.matches.is_empty() {
        true => sides(&recorded, &current),
        false => matched_sides(&recorded, &current, &args.matches),
    })
}

/// An input that can be read more than once.
pub(super) struct Opened {
    pub input: Input,
    /// Removed when the comparison is over.
    _copy: Option<TempPath>,
}

impl Opened {
    pub(super) fn of(input: &Path) -> io::Result<Opened> {
        let name = input.to_string_lossy().into_owned();
        let (reader, name): (Box<dyn io::Read>, _) = match Input::parse(input) {
            Input::Stdin => (Box::new(io::stdin()), name),
            Input::Path(path) if is_pipe(&path) => match File::open(&path) {
                Ok(file) => (Box::new(file), name),
                // Reading it reports the failure.
                Err(_) => return Ok(Opened { input: Input::Path(path), _copy: None }),
            },
            input => return Ok(Opened { input, _copy: None }),
        };
        copied(name, reader)
    }

    fn read(&self, given: &Given) -> Deliveries {
        let pools = input::open_with(vec![self.input.clone()], given.parameters.clone(), LeftOut::default());
        variables::applied(Box::new(pools), Arc::clone(&given.variables), None)
    }
}

/// Copies what can be read only once.
fn copied(name: String, mut reader: Box<dyn io::Read>) -> io::Result<Opened> {
    written(name, |file| io::copy(&mut reader, file).map(|_| ()))
}

/// An input that is written first. It is removed at a signal too: answers may hold secrets.
pub(super) fn written(name: String, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<Opened> {
    let make = || Ok(tempfile::NamedTempFile::with_prefix("cognito-lint.")?.into_parts());
    let (mut file, path) = signals::removed_at_signal(make)?;
    write(&mut file)?;
    file.flush()?;
    let input = Input::Copy { name, file: path.to_path_buf() };
    Ok(Opened { input, _copy: Some(path) })
}

fn is_pipe(path: &Path) -> bool {
    path.exists() && !path.is_file() && !path.is_dir()
}
