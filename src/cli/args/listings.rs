//! The arguments of commands that show what the program knows.

use clap::Args;

use super::ConfigArgs;
use crate::editor::File;

#[derive(Args, Debug)]
pub(crate) struct ControlsArgs {
    /// Show the controls of this pack.
    #[arg(value_name = "PACK")]
    pub pack: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct SchemaArgs {
    /// Show only this path and what is inside it.
    pub path: Option<String>,
    /// Print the JSON Schema of files of this kind, for editors: rules, tests, packs, configuration, waivers or
    /// members.
    #[arg(long = "for", value_name = "FILES", value_parser = editor_file, conflicts_with_all = ["path", "json"])]
    pub file: Option<File>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub config: ConfigArgs,
}

fn editor_file(word: &str) -> Result<File, String> {
    let words = File::ALL.map(File::word);
    File::ALL
        .into_iter()
        .find(|file| file.word() == word)
        .ok_or_else(|| crate::diagnostic::suggest(word, words))
}
