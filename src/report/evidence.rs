//! Documents of an evidence pack that only a pack has: what an auditor reads first, the result by control, and what was
//! not looked at.

mod controls;
mod readme;

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use super::html::gaps::gaps;
pub use controls::{SCHEMA as CONTROLS_SCHEMA, write as controls, write_page as controls_page};
pub use readme::write as readme;

/// Facts about a pack, beside its report.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The pools were read from AWS for the pack.
    pub live: bool,
    pub all_regions: bool,
    pub regions: &'a [String],
    pub pools: &'a [String],
    pub configuration: bool,
    pub waivers: usize,
}

/// Things that no pack can hold, in a sentence each.
const NEVER: [&str; 4] = [
    "Users, groups' members, devices and sign-in logs of the pools: only settings are read.",
    "The code of applications and of Lambda triggers, and the content of WAF rules.",
    "Values of secrets: a snapshot has a marker in place of each.",
    "The time between two snapshots: a setting may have been another then.",
];

impl Facts<'_> {
    /// The limits of what was asked for, in a sentence each.
    fn limits(&self) -> Vec<String> {
        let mut limits = Vec::new();
        match (self.live, self.all_regions, self.regions) {
            (false, ..) => limits.push(
                "The pools come from files: anything that is not in the files was not checked.".to_owned(),
            ),
            (true, true, _) => {}
            (true, false, []) => {
                limits.push("Only the Region of the environment or the profile was asked for.".to_owned());
            }
            (true, false, regions) => {
                limits.push(format!("Only these Regions were asked for: {}.", regions.join(", ")));
            }
        }
        if !self.pools.is_empty() {
            limits.push(format!("Only these pools were asked for: {}.", self.pools.join(", ")));
        }
        limits
    }
}

/// Writes what was not looked at, as JSON.
pub fn not_looked_at(report: &Report, facts: &Facts<'_>, out: &mut dyn Write) -> io::Result<()> {
    let gaps = gaps(report).into_iter();
    let gaps = gaps.map(|gap| GapShape {
        heading: gap.heading,
        meaning: gap.meaning,
        makes_the_run_incomplete: gap.counts,
        items: gap.items,
    });
    let shape = GapsShape { version: 1, limits: facts.limits(), gaps: gaps.collect(), never: NEVER };
    serde_json::to_writer_pretty(&mut *out, &shape)?;
    writeln!(out)
}

#[derive(Serialize)]
struct GapsShape {
    version: u32,
    limits: Vec<String>,
    gaps: Vec<GapShape>,
    never: [&'static str; 4],
}

#[derive(Serialize)]
struct GapShape {
    heading: String,
    meaning: &'static str,
    makes_the_run_incomplete: bool,
    items: Vec<String>,
}
