//! Nothing that mentions a user pool is passed over without a word, named or found in a directory.

use std::fs;
use std::path::{Path, PathBuf};

use cognito_lint::pool::Projection;
use cognito_lint::source::input::{Input, open};
use cognito_lint::source::{self, Delivery};

/// How many pools an input has, and how much is said of what was not read.
fn read(input: &Path) -> (usize, usize) {
    let (mut pools, mut told) = (0, 0);
    for delivery in open(vec![Input::Path(input.to_owned())]) {
        match delivery {
            Delivery::Chunk(chunk) => {
                let read = source::read(&chunk, &Projection::everything());
                pools += read.pools.len();
                told += read.unread.len() + read.notes.len();
            }
            Delivery::Unread(_) | Delivery::Note(_) => told += 1,
            Delivery::Listed(_) | Delivery::ListedWhole(_) | Delivery::Interrupted(_) => {}
        }
    }
    (pools, told)
}

fn files(directory: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, all) } else { all.push(path) }
    }
}

/// The texts of the other tests, as they are, with their types damaged, and cut at several places.
#[test]
fn what_mentions_a_user_pool_is_read_or_told() {
    let mut all = Vec::new();
    files(Path::new("tests/cmd"), &mut all);
    let mut tried = 0;
    for path in all {
        let end = path.extension().map(|end| end.to_string_lossy().into_owned()).unwrap_or_default();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if !["json", "ndjson", "yaml", "yml", "template", "tfstate"].contains(&end.as_str())
            || text.len() > 20_000
        {
            continue;
        }
        let cut = |part: usize| text.chars().take(text.chars().count() * part / 4).collect::<String>();
        let damaged = text.replace("AWS::Cognito::UserPool", "AWS::Cognito::Userpool");
        for variant in [text.clone(), damaged, cut(3), cut(2), cut(1)] {
            if !variant.contains("UserPool") && !variant.contains("user_pool") {
                continue;
            }
            tried += 1;
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join(format!("input.{end}"));
            fs::write(&file, &variant).unwrap();
            for input in [file.as_path(), folder.path()] {
                let (pools, told) = read(input);
                assert!(pools + told > 0, "{} says nothing:\n{variant}", path.display());
            }
        }
    }
    assert!(tried > 200, "{tried} texts");
}

#[test]
#[cfg(unix)]
fn a_pipe_in_a_directory_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pool.json");
    if !std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        return;
    }
    fs::write(folder.path().join("one.json"), "[]").unwrap();
    assert_eq!(read(folder.path()), (0, 1));
}
