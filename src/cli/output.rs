//! Where output goes: standard output, or a file that takes the place of the old one when it is whole.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// An output that is open.
pub(super) struct Output {
    pub out: Box<dyn Write>,
    /// For a file: what it is called until it is whole, and then.
    file: Option<(PathBuf, PathBuf)>,
}

impl Output {
    pub(super) fn stdout() -> Output {
        Output { out: Box::new(BufWriter::new(io::stdout())), file: None }
    }

    /// Opens a file beside the one that is meant, so that the old one stays until the new one is whole.
    pub(super) fn file(file: &Path) -> io::Result<Output> {
        let mut unfinished = file.as_os_str().to_owned();
        unfinished.push(format!(".{}.part", std::process::id()));
        let unfinished = PathBuf::from(unfinished);
        // A device or a pipe is written in place: a file must not replace it. A directory is reported as such.
        let in_place = std::fs::metadata(file).is_ok_and(|found| !found.is_file());
        let out = File::create(if in_place { file } else { &unfinished })?;
        let file = (!in_place).then(|| (unfinished, file.to_owned()));
        Ok(Output { out: Box::new(BufWriter::new(out)), file })
    }

    /// Ends what was written; what came of that says whether it is whole.
    pub(super) fn finish(&mut self, written: io::Result<()>) -> io::Result<()> {
        let written = written.and_then(|()| self.out.flush());
        let Some((unfinished, file)) = self.file.take() else {
            return written;
        };
        let whole = written.and_then(|()| std::fs::rename(&unfinished, &file));
        if whole.is_err() {
            // An unfinished file is useless.
            let _ = std::fs::remove_file(&unfinished);
        }
        whole
    }
}

impl Drop for Output {
    /// A run without a result leaves no file behind.
    fn drop(&mut self) {
        if let Some((unfinished, _)) = self.file.take() {
            let _ = std::fs::remove_file(unfinished);
        }
    }
}
