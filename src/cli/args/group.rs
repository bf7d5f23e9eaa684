//! The argument that groups findings for people.

use clap::{Args, ValueEnum};

use crate::report::Group;

#[derive(Args, Debug)]
pub(crate) struct GroupArgs {
    /// How `human` groups findings [default: by rule from ten findings of one rule on, else by pool].
    #[arg(long = "group", value_enum, value_name = "BY")]
    by: Option<By>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// The explanation once, and the pools below it.
    Rule,
    /// Each finding with its excerpt.
    Pool,
}

impl GroupArgs {
    pub(crate) fn group(&self) -> Group {
        match self.by {
            None => Group::Auto,
            Some(By::Rule) => Group::Rule,
            Some(By::Pool) => Group::Pool,
        }
    }
}
