//! Where output goes: standard output, or a file that takes the place of the old one when it is whole.

use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::streams::{Stream, WhileRead};
use super::{Failure, signals};
use crate::report::screen::{Draws, Screen};
use crate::spool::Scratch;

/// An output that is open.
pub(super) struct Output {
    pub out: Box<dyn Write>,
    file: Option<Unfinished>,
}

/// A file beside the one that is meant, under a name that nobody can know before.
struct Unfinished {
    written: TempPath,
    /// The file that it replaces: where links lead in the end.
    meant: PathBuf,
    old: Option<Metadata>,
}

impl Output {
    pub(super) fn stdout(draws: Draws) -> Output {
        Output { out: Box::new(BufWriter::new(Stream::Stdout.screen(draws))), file: None }
    }

    /// Opens a file beside the one that is meant, so that the old one stays until the new one is whole. A file that
    /// replaces another has its permissions.
    pub(super) fn file(file: &Path, draws: Draws) -> io::Result<Output> {
        let meant = followed(file);
        let old = fs::metadata(&meant).ok();
        // A device or a pipe is written in place: a file must not replace it. A directory is reported as such.
        if old.as_ref().is_some_and(|found| !found.is_file()) {
            let out = Screen::new(WhileRead::of(File::create(&meant)?), draws);
            return Ok(Output { out: Box::new(BufWriter::new(out)), file: None });
        }
        let (open, written) = unfinished(&meant, Permissions::AsUsual)?;
        if let Some(old) = &old {
            fs::set_permissions(&written, old.permissions())?;
        }
        let file = Some(Unfinished { written, meant, old });
        Ok(Output { out: Box::new(BufWriter::new(Screen::new(open, draws))), file })
    }

    /// Ends what was written; what came of that says whether it is whole.
    pub(super) fn finish(&mut self, written: io::Result<()>) -> io::Result<()> {
        let written = written.and_then(|()| self.out.flush());
        // An unfinished file is useless, and is removed when it is dropped.
        let Some(Unfinished { written: path, meant, old }) = self.file.take() else {
            return written;
        };
        written?;
        match old.filter(has_other_names) {
            // The content changes under every name of the file.
            Some(_) => fs::copy(&path, &meant).map(|_| ()),
            None => path.persist(&meant).map_err(|error| error.error),
        }
    }
}

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Permissions {
    /// Those that the system gives.
    AsUsual,
    /// The owner alone.
    Private,
}

/// Writes a file that holds a secret, which its owner alone may read.
pub(super) fn write_secret(file: &Path, text: &[u8]) -> io::Result<()> {
    let meant = followed(file);
    let (mut open, written) = unfinished(&meant, Permissions::Private)?;
    open.write_all(text)?;
    written.persist(&meant).map_err(|error| error.error)
}

/// Puts a text in place of a file, byte for byte, with the permissions of the file.
pub(super) fn replace(file: &Path, text: &[u8]) -> io::Result<()> {
    fs::metadata(file)?;
    put(file, |out| out.write_all(text))
}

/// Puts what is written in place of a file, byte for byte. A file that replaces another has its permissions.
pub(super) fn put(file: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let old = fs::metadata(file).ok();
    if old.as_ref().is_some_and(|found| !found.is_file()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    let (mut open, written) = unfinished(file, Permissions::AsUsual)?;
    if let Some(old) = &old {
        fs::set_permissions(&written, old.permissions())?;
    }
    write(&mut open)?;
    match old.filter(has_other_names) {
        // The content changes under every name of the file.
        Some(_) => fs::copy(&written, file).map(|_| ()),
        None => written.persist(file).map_err(|error| error.error),
    }
}

fn unfinished(meant: &Path, permissions: Permissions) -> io::Result<(File, TempPath)> {
    let folder = meant.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut start = meant.file_name().unwrap_or_default().to_owned();
    start.push(".");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&start).suffix(".part");
    #[cfg(unix)]
    if permissions == Permissions::AsUsual {
        use std::os::unix::fs::PermissionsExt;
        // The mask of the process takes away from these.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = permissions;
    fs::metadata(folder)?;
    let make = || Ok(builder.tempfile_in(folder)?.into_parts());
    // Without the name of the file, which is not the one that was asked for.
    signals::removed_at_signal(make).map_err(|error| error.kind().into())
}

/// Makes a temporary file.
pub(super) fn scratch() -> io::Result<Box<dyn Scratch>> {
    Ok(Box::new(nameless()?))
}

/// Makes a file that is nowhere under a name, so that nothing of it is left. Its owner alone may read it.
fn nameless() -> io::Result<File> {
    let file = tempfile::tempfile()?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

/// The failure to keep a temporary file.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands on")]
pub(super) fn no_scratch(error: io::Error) -> Failure {
    let help =
        format!("make room in {}, or name another directory in TMPDIR", std::env::temp_dir().display());
    Failure::Other(miette::miette!(help = help, "a temporary file could not be written: {error}"))
}

/// The file that a name means, behind symbolic links.
pub(super) fn followed(file: &Path) -> PathBuf {
    if let Ok(real) = fs::canonicalize(file) {
        return real;
    }
    match fs::read_link(file) {
        // A link to a file that is not there yet.
        Ok(to) => file.parent().map_or_else(|| to.clone(), |folder| folder.join(&to)),
        Err(_) => file.to_owned(),
    }
}

/// Whether two names that are there are of one file. Neither is opened: a pipe would wait for its writer.
#[cfg(unix)]
fn is_one_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let of = |file: &Path| fs::metadata(file).ok().map(|found| (found.dev(), found.ino()));
    of(a).is_some_and(|of_a| Some(of_a) == of(b))
}

#[cfg(not(unix))]
fn is_one_file(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(unix)]
fn has_other_names(file: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(file) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &Metadata) -> bool {
    false
}

/// Whether two names mean one file, whether it is there yet or not.
pub(super) fn is_same_file(a: &Path, b: &Path) -> bool {
    let place = |file: &Path| {
        let meant = followed(file);
        let folder = meant.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some((fs::canonicalize(folder).ok()?, meant.file_name()?.to_owned()))
    };
    is_one_file(a, b) || place(a).is_some_and(|of_a| Some(of_a) == place(b))
}

/// Writes a file that must not be there yet and prints what `said` says of it; without a file, prints the text.
pub(super) fn create(
    file: Option<&Path>,
    text: &[u8],
    said: impl Fn(&Path) -> String,
) -> Result<(), Failure> {
    let Some(file) = file else { return Ok(Stream::Stdout.screen(Draws::Text).write_all(text)?) };
    let shown = file.display();
    let mut opened = fs::OpenOptions::new().write(true).create_new(true).open(file).map_err(|error| {
        Failure::Other(match error.kind() {
            io::ErrorKind::AlreadyExists => miette::miette!("{shown} already exists"),
            _ => miette::miette!("{shown} could not be written: {error}"),
        })
    })?;
    opened.write_all(text)?;
    Ok(writeln!(Stream::Stdout.screen(Draws::Text), "{}", said(file))?)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn a_temporary_file_has_no_name_and_one_reader() {
        let found = super::nameless().unwrap().metadata().unwrap();
        assert_eq!((found.nlink(), found.mode() & 0o777), (0, 0o600));
    }
}
