//! Files, directories and standard input as chunks of text.
//!
//! A file with one JSON value on each line is read in blocks, so that memory does not grow with the file;
//! 512 KiB keeps two threads busy and costs 5 MiB in all. Any other file is read whole.

#![expect(clippy::disallowed_methods, reason = "files of pools are read here")]

mod left_out;
mod configuration;
mod look;
mod beside;
mod once;
mod directory;
mod deployments;

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::IgnoredAny;

pub use configuration::of_directory as configuration;

use super::answer::snapshot::{self, Seal};
use super::text::from_utf16;
use super::{Chunk, Delivery, Shape, Unread, cloudformation, terraform};
use crate::file_name;
use crate::pool::{Origin, Source};
use beside::Beside;
use deployments::Deployments;
pub use left_out::LeftOut;
pub use look::is_read_of;
use once::Once;

/// The name of standard input.
const STDIN: &str = "-";

const BLOCK: usize = 512 * 1024;

/// Something on the command line that pools are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input, written `-`.
    Stdin,
    /// A file, or a directory with files of `.json`, `.ndjson`, `.jsonl` and `.tfstate`, and templates, at any depth.
    Path(PathBuf),
    /// A copy of an input that can be read only once, with the name of that.
    Copy { name: String, file: PathBuf },
    /// A text that is in memory, with the name that messages call it by.
    Text { name: String, text: Vec<u8> },
}

impl Input {
    pub fn parse(path: impl AsRef<Path>) -> Input {
        let path = path.as_ref();
        if path == Path::new(STDIN) { Input::Stdin } else { Input::Path(path.to_owned()) }
    }

    fn file(&self) -> Option<PathBuf> {
        match self {
            Input::Path(path) if path.is_file() => Some(path.clone()),
            Input::Path(_) | Input::Stdin | Input::Copy { .. } | Input::Text { .. } => None,
        }
    }
}

/// Reads inputs one after another.
pub fn open(inputs: Vec<Input>) -> impl Iterator<Item = Delivery> + Send {
    open_with(inputs, BTreeMap::new(), LeftOut::default())
}

/// The same, where templates are given values for their parameters, and some files are left out.
pub fn open_with(
    inputs: Vec<Input>,
    parameters: BTreeMap<String, String>,
    left_out: LeftOut,
) -> impl Iterator<Item = Delivery> + Send {
    let parameters = Arc::new(parameters);
    let named: Vec<PathBuf> = inputs.iter().filter_map(Input::file).collect();
    let (named, once) = (Arc::new(Beside::of(named)), Once::of(&inputs));
    let deployments = Arc::new(Deployments::of(&inputs, &left_out));
    Files { once, inputs: inputs.into(), parameters, left_out, named, deployments, ..Files::default() }
}

/// Reads texts that are in memory, as files of these names that were named together.
pub fn texts(texts: Vec<(String, Vec<u8>)>) -> impl Iterator<Item = Delivery> + Send {
    let (configurations, others): (Vec<_>, Vec<_>) =
        texts.into_iter().partition(|(name, _)| configuration::is_named_so(Path::new(name)));
    let named = Arc::new(Beside::of_texts(&others));
    let ready = configuration::in_memory(configurations);
    let written = ready.iter().filter_map(|delivery| delivery.chunk()?.configuration.clone());
    let deployments = Arc::new(Deployments::of_texts(written.collect()));
    let inputs = others.into_iter().map(|(name, text)| Input::Text { name, text }).collect();
    let mut files = Files { inputs, named, deployments, ..Files::default() };
    files.ready = ready.into_iter().map(|one| files.with_templates(one)).collect();
    files
}

#[derive(Default)]
struct Files {
    inputs: VecDeque<Input>,
    /// Files of the directory that is read.
    found: VecDeque<Input>,
    ready: VecDeque<Delivery>,
    blocks: Option<Blocks>,
    parameters: Arc<BTreeMap<String, String>>,
    left_out: LeftOut,
    /// The files that were named.
    named: Arc<Beside>,
    /// The files of the directory that is read.
    directory: Arc<Beside>,
    once: Once,
    deployments: Arc<Deployments>,
}

impl Iterator for Files {
    type Item = Delivery;

    fn next(&mut self) -> Option<Delivery> {
        loop {
            if let Some(delivery) = self.ready.pop_front() {
                return Some(delivery);
            }
            if let Some(blocks) = &mut self.blocks {
                match blocks.next() {
                    Some(delivery) => return Some(delivery),
                    None => self.blocks = None,
                }
            }
            let found = self.found.pop_front();
            let named = found.is_none();
            let beside = Arc::clone(if named { &self.named } else { &self.directory });
            let Some(input) = found.or_else(|| self.inputs.pop_front()) else {
                return self.tell_idle_globs();
            };
            match input {
                Input::Stdin => self.begin(STDIN, Box::new(io::stdin()), Arc::default()),
                Input::Text { name, text } => self.begin(&name, Box::new(io::Cursor::new(text)), beside),
                Input::Path(path) if path.is_dir() => {
                    if self.once.begins(&path) {
                        self.directory(&path);
                    }
                }
                Input::Path(path) if named && path.is_file() && !self.takes(&path) => {}
                Input::Copy { name, file } => match File::open(&file) {
                    Ok(file) => self.begin(&name, Box::new(file), Arc::default()),
                    Err(error) => self.ready.push_back(failure(&name, &error)),
                },
                Input::Path(path) if path.is_file() && configuration::is_named_so(&path) => {
                    self.configuration(&path);
                }
                Input::Path(path) if !self.once.begins(&path) => {}
                Input::Path(path) => match File::open(&path) {
                    Ok(file) => self.begin(&file_name::of(&path), Box::new(file), beside),
                    Err(error) => self.ready.push_back(failure(&file_name::of(&path), &error)),
                },
            }
        }
    }
}

impl Files {
    fn begin(&mut self, name: &str, reader: Box<dyn Read + Send>, beside: Arc<Beside>) {
        let origin = Origin { source: Source::Saved, name: Arc::from(name) };
        self.blocks = Some(Blocks {
            origin,
            reader,
            carry: Vec::new(),
            line: 1,
            lines: None,
            ended: false,
            told: VecDeque::new(),
            seal: None,
            parameters: Arc::clone(&self.parameters),
            beside,
            deployments: Arc::clone(&self.deployments),
        });
    }
}

fn unread(target: &str, message: String) -> Unread {
    Unread::new(target.to_owned(), message)
}

fn failure(target: &str, error: &io::Error) -> Delivery {
    let message = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "the permission to read it is missing".to_owned(),
        _ => format!("it could not be read: {error}"),
    };
    Delivery::Unread(unread(target, message))
}

/// One file, block by block.
struct Blocks {
    origin: Origin,
    reader: Box<dyn Read + Send>,
    /// Bytes that were read and not delivered yet.
    carry: Vec<u8>,
    /// Number of the first line in `carry`.
    line: usize,
    /// Whether there is one value on each line; `None` until the first block was looked at.
    lines: Option<bool>,
    ended: bool,
    /// Deliveries about the file that are pending: lines that are not text, and notes of a snapshot.
    told: VecDeque<Delivery>,
    /// The checksum of a snapshot's lines.
    seal: Option<Seal>,
    parameters: Arc<BTreeMap<String, String>>,
    beside: Arc<Beside>,
    deployments: Arc<Deployments>,
}

impl Blocks {
    fn next(&mut self) -> Option<Delivery> {
        if let Some(told) = self.told.pop_front() {
            return Some(told);
        }
        if self.ended && self.carry.is_empty() {
            let broken = self.seal.take()?.broken()?;
            return Some(Delivery::Unread(spoilt(&self.origin.name, broken, snapshot::ANEW)));
        }
        match self.block() {
            Ok(delivery) => delivery,
            Err(error) => {
                self.ended = true;
                self.carry.clear();
                Some(failure(&self.origin.name, &error))
            }
        }
    }

    fn block(&mut self) -> io::Result<Option<Delivery>> {
        self.fill(BLOCK)?;
        if self.lines.is_none() {
            if let Some((message, help)) = unsuitable(&self.origin.name, &self.carry) {
                self.ended = true;
                self.carry.clear();
                let unread = unread(&self.origin.name, message.to_owned());
                return Ok(Some(Delivery::Unread(Unread { help: help.map(str::to_owned), ..unread })));
            }
            if self.carry.starts_with(b"\xEF\xBB\xBF") {
                self.carry.drain(..3);
            }
            if snapshot::begins(&self.carry) {
                return self.begin_snapshot();
            }
            self.lines = Some(one_value_a_line(&self.carry));
        }
        if self.lines == Some(false) {
            self.reader.read_to_end(&mut self.carry)?;
            self.ended = true;
            let bytes = from_utf16(&self.carry).unwrap_or_else(|| std::mem::take(&mut self.carry));
            self.carry = Vec::new();
            let printed = std::str::from_utf8(&bytes).ok().and_then(cloudformation::as_json);
            return Ok(Some(self.chunk(printed.map_or(bytes, String::into_bytes), Shape::Document)));
        }
        loop {
            if let Some(newline) = memchr::memrchr(b'\n', &self.carry) {
                let rest = self.carry.split_off(newline + 1);
                let bytes = std::mem::replace(&mut self.carry, rest);
                return Ok(Some(self.chunk(bytes, Shape::Lines)));
            }
            if self.ended {
                let bytes = std::mem::take(&mut self.carry);
                return Ok((!bytes.is_empty()).then(|| self.chunk(bytes, Shape::Lines)));
            }
            self.fill(self.carry.len() + BLOCK)?;
        }
    }

    /// Reads until `carry` has `size` bytes or the file ends.
    fn fill(&mut self, size: usize) -> io::Result<()> {
        if !self.ended && self.carry.len() < size {
            let missing = size - self.carry.len();
            self.carry.reserve(missing);
            let read = self.reader.by_ref().take(missing as u64).read_to_end(&mut self.carry)?;
            self.ended = read < missing;
        }
        Ok(())
    }

    fn chunk(&mut self, mut bytes: Vec<u8>, mut shape: Shape) -> Delivery {
        let first_line = self.line;
        let (taken, read) = self.seal.as_ref().map(|seal| (seal.taken, seal.read)).unwrap_or_default();
        if let Some(seal) = &mut self.seal {
            seal.pass(&bytes);
            shape = Shape::Recorded;
        }
        if shape != Shape::Document && simdutf8::basic::from_utf8(&bytes).is_err() {
            self.blank_what_is_no_text(&mut bytes);
        }
        self.line += memchr::memchr_iter(b'\n', &bytes).count();
        let origin = self.origin.clone();
        let parameters = Arc::clone(&self.parameters);
        let beside = if shape == Shape::Document { self.beside.of_template(&bytes) } else { Arc::default() };
        let (deployed_by, deployments) = match shape {
            Shape::Document => self.deployments.of_template(&bytes),
            Shape::Lines | Shape::Recorded => Default::default(),
        };
        let whole = Chunk { origin, bytes, first_line, shape, parameters, beside, ..Chunk::default() };
        Delivery::Chunk(Chunk { deployments, deployed_by, taken, read, ..whole })
    }

    /// Reads the header of a snapshot.
    fn begin_snapshot(&mut self) -> io::Result<Option<Delivery>> {
        self.lines = Some(true);
        while !self.ended && !self.carry.contains(&b'\n') {
            self.fill(self.carry.len() + BLOCK)?;
        }
        let end = memchr::memchr(b'\n', &self.carry).map_or(self.carry.len(), |newline| newline + 1);
        let pools = self.carry.split_off(end);
        let header = std::mem::replace(&mut self.carry, pools);
        self.line = 2;
        match snapshot::open(&header) {
            Ok(opened) => {
                self.told.extend(opened.unread.into_iter().map(Delivery::Unread));
                self.told.extend(opened.listed.into_iter().map(Delivery::ListedWhole));
                self.told.extend(opened.notes.into_iter().map(Delivery::Note));
                self.seal = Some(opened.seal);
            }
            Err((message, help)) => {
                self.ended = true;
                self.carry.clear();
                self.told.push_back(Delivery::Unread(spoilt(&self.origin.name, message, help)));
            }
        }
        Ok(self.next())
    }
}

/// The failure of a snapshot that was changed.
fn spoilt(target: &str, message: String, help: &str) -> Unread {
    Unread { help: Some(help.to_owned()), ..unread(target, message) }
}

impl Blocks {
    /// Takes the lines out that are not UTF-8, so that each loses only itself.
    fn blank_what_is_no_text(&mut self, bytes: &mut [u8]) {
        for (number, line) in bytes.split_mut(|byte| *byte == b'\n').enumerate() {
            if std::str::from_utf8(line).is_err() {
                line.fill(b' ');
                let mut unread = unread(&self.origin.name, "this is not UTF-8 text".to_owned());
                unread.at = Some((self.line + number, 1));
                self.told.push_back(Delivery::Unread(unread));
            }
        }
    }
}

/// Why the beginning of a file shows that it holds no pools, and what to do about it.
fn unsuitable(name: &str, start: &[u8]) -> Option<(&'static str, Option<&'static str>)> {
    if start.iter().all(u8::is_ascii_whitespace) {
        let pipe = "pipe an answer into it: `aws cognito-idp describe-user-pool ... | cognito-lint check -`";
        return Some(match name {
            STDIN => ("standard input is empty", Some(pipe)),
            _ => ("the file is empty", None),
        });
    }
    if terraform::is_zip(start) {
        return Some((
            "this is a zip file, as a plan of Terraform in its own form is",
            Some(terraform::HELP),
        ));
    }
    if terraform::is_hcl(name, start) {
        return Some(("this is Terraform's configuration language", Some(CONFIGURATION)));
    }
    if let Some((what, help)) = terraform::is_printed(start) {
        return Some((what, Some(help)));
    }
    let utf16 = start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF");
    (!utf16 && memchr::memchr(0, &start[..start.len().min(8 * 1024)]).is_some())
        .then_some(("this is a binary file, not JSON", None))
}

/// How a configuration is read.
const CONFIGURATION: &str = "name the directory of the configuration, or a file of it whose name ends in `.tf`; values that \
                             `terragrunt.hcl` gives are read with `--var-file FILE`";

/// Whether lines are values of their own. The first few lines decide, so that one broken line loses only itself.
fn one_value_a_line(start: &[u8]) -> bool {
    let mut lines = start.split_inclusive(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let mut first = lines.clone();
    let values =
        first.next().is_some_and(|line| line.starts_with(b"{") && !terraform::is_shown_on_a_line(line));
    if !values || first.next().is_none() {
        return false;
    }
    lines
        .by_ref()
        .take(3)
        .any(|line| line.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(line).is_ok())
}
