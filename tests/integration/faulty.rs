//! Faulty texts and what is said of them: every `NAME.toml` of a directory has a `NAME.txt` beside it. A directory
//! `NAME` is a case of several files, and has a `NAME.txt` beside it too.

use std::fs;
use std::path::{Path, PathBuf};

use cognito_lint::diagnostic::{SourceDiagnostic, SourceFile};
use miette::{GraphicalReportHandler, GraphicalTheme};

/// Reads every case of a directory, which is relative to the package, and holds the mistakes against the `.txt` file
/// of the same name. With `BLESS=1` in the environment the `.txt` files are written instead.
pub fn check(dir: &str, read: impl Fn(&[SourceFile]) -> Vec<SourceDiagnostic>) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(dir);
    let bless = std::env::var_os("BLESS").is_some();
    let mut complaints = Vec::new();
    let mut known = Vec::new();
    for case in cases(&dir) {
        let name = case.file_stem().unwrap().to_str().unwrap().to_owned();
        let mistakes = read(&scripts(&case));
        let expected = dir.join(format!("{name}.txt"));
        known.push(expected.clone());
        if mistakes.is_empty() {
            complaints.push(format!("{name}: nothing was found wrong with it"));
            continue;
        }
        let got = render(&mistakes);
        if bless {
            fs::write(&expected, got).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != got {
            complaints.push(format!("{name}: not what its .txt says, but\n{got}"));
        }
    }
    for file in entries(&dir).into_iter().filter(|file| has_extension(file, "txt")) {
        if !known.contains(&file) {
            complaints.push(format!("{}: there is no case of that name", file.display()));
        }
    }
    assert!(
        complaints.is_empty(),
        "{}\n{} of {} differ; BLESS=1 writes what is right now",
        complaints.join("\n"),
        complaints.len(),
        dir.display()
    );
}

/// The output on a terminal, without colours.
pub fn render(mistakes: &[SourceDiagnostic]) -> String {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    let mut text = String::new();
    for (i, mistake) in mistakes.iter().enumerate() {
        text.push_str(if i == 0 { "" } else { "\n" });
        handler.render_report(&mut text, mistake).unwrap();
    }
    text
}

fn cases(dir: &Path) -> Vec<PathBuf> {
    let mut cases = entries(dir);
    cases.retain(|case| case.is_dir() || has_extension(case, "toml"));
    assert!(!cases.is_empty(), "{} holds no case", dir.display());
    cases
}

/// The texts of a case, each named as it is in the directory of the cases.
fn scripts(case: &Path) -> Vec<SourceFile> {
    let files = if case.is_dir() { entries(case) } else { vec![case.to_owned()] };
    let script = |file: &PathBuf| {
        let name = file.strip_prefix(case.parent().unwrap()).unwrap().to_str().unwrap().replace('\\', "/");
        SourceFile::new(name, fs::read_to_string(file).unwrap())
    };
    files.iter().map(script).collect()
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn has_extension(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|found| found == extension)
}
