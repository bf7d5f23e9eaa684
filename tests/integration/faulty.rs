//! Faulty texts and what is said of them: every `NAME.toml` of a directory has a `NAME.txt` beside it.

use std::fs;
use std::path::{Path, PathBuf};

use cognito_lint::mistake::{Mistake, Script};
use miette::{GraphicalReportHandler, GraphicalTheme};

/// Reads every `.toml` file of a directory, which is relative to the package, and holds the mistakes against the
/// `.txt` file of the same name. With `BLESS=1` in the environment the `.txt` files are written instead.
pub fn check(dir: &str, read: impl Fn(&Script) -> Vec<Mistake>) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(dir);
    let bless = std::env::var_os("BLESS").is_some();
    let mut complaints = Vec::new();
    for file in files(&dir, "toml") {
        let name = file.file_name().unwrap().to_str().unwrap();
        let mistakes = read(&Script::new(name, fs::read_to_string(&file).unwrap()));
        if mistakes.is_empty() {
            complaints.push(format!("{name}: nothing was found wrong with it"));
            continue;
        }
        let got = render(&mistakes);
        let expected = file.with_extension("txt");
        if bless {
            fs::write(&expected, got).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != got {
            complaints.push(format!("{name}: not what its .txt says, but\n{got}"));
        }
    }
    for file in files(&dir, "txt") {
        if !file.with_extension("toml").exists() {
            complaints.push(format!("{}: there is no .toml of that name", file.display()));
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

/// What the terminal shows, without colours.
pub fn render(mistakes: &[Mistake]) -> String {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    let mut text = String::new();
    for (i, mistake) in mistakes.iter().enumerate() {
        text.push_str(if i == 0 { "" } else { "\n" });
        handler.render_report(&mut text, mistake).unwrap();
    }
    text
}

fn files(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files.sort();
    assert!(
        extension != "toml" || !files.is_empty(),
        "{} holds no case",
        dir.display()
    );
    files
}
