//! The comparison as Markdown, for a comment on a pull request or the summary of a job: what weakened policy first.

use std::io::{self, Write};

use super::DriftReport;
use super::calls::{refusals, sentence};
use super::phrasing::{answer, directions, effect, subject, title, uncompared, value};
use super::turned::sentences;
use crate::drift::{Change, Direction, PoolDrift};
use crate::report::ansi::count;
use crate::report::markdown::{ROOM, code, html, prose};
use crate::report::sanitize::sanitized;
use crate::report::summary;
use crate::trail::Trail;

/// Whoever writes the comment finds it again by this line.
const MARKER: &str = "<!-- cognito-lint drift -->";

/// Bytes for the last sentence.
const END: usize = 200;

pub(super) fn write(report: &DriftReport, out: &mut dyn Write) -> io::Result<()> {
    let drift = report.drift;
    let mut page = Page {
        text: format!("{MARKER}\n# cognito-lint drift: {}\n\n", summary::heading_word(report.outcome)),
        left: 0,
    };
    page.text.push_str(&format!("{}\n\n", prose(&answer(report))));
    let unread = drift.unread.iter().map(|one| {
        let help = one.help.as_ref().map_or_else(String::new, |help| format!(": {}", prose(help)));
        format!("{}: {}{help}", code(&summary::unread_at(one)), code(&summary::unread(one)))
    });
    page.list("Could not be read", &unread.collect::<Vec<_>>());
    let mut pools: Vec<&PoolDrift> = drift.pools.iter().filter(|pool| !pool.changes.is_empty()).collect();
    pools.sort_by_key(|pool| pool.changes.iter().map(|change| change.direction).min());
    for pool in pools {
        page.pool(pool, report.trail);
    }
    page.list("Refused calls", &refusals(report).iter().map(|one| prose(one)).collect::<Vec<_>>());
    page.list("Not compared", &uncompared(drift).iter().map(|one| prose(one)).collect::<Vec<_>>());
    let notes = drift.notes.iter().map(|note| prose(&format!("{}: {}", note.target, note.message)));
    page.list("Notes", &notes.collect::<Vec<_>>());
    if page.left > 0 {
        let items = count(page.left, "item");
        page.text.push_str(&format!("\n{items} had no room here; `--report json=FILE` has everything.\n"));
    }
    out.write_all(page.text.as_bytes())
}

/// The text, and how many items had no room in it.
struct Page {
    text: String,
    left: usize,
}

impl Page {
    fn has_room(&self, block: &str) -> bool {
        self.text.len() + block.len() + END <= ROOM
    }

    fn list(&mut self, heading: &str, items: &[String]) {
        let heading = format!("## {heading}: {}\n\n", items.len());
        if items.is_empty() {
            return;
        }
        if !self.has_room(&heading) {
            self.left += items.len();
            return;
        }
        self.text.push_str(&heading);
        for item in items {
            let line = format!("- {item}\n");
            if self.has_room(&line) {
                self.text.push_str(&line);
            } else {
                self.left += 1;
            }
        }
        self.text.push('\n');
    }

    /// A pool with its changes, folded; the changes that weaken policy first.
    fn pool(&mut self, pool: &PoolDrift, trail: Option<&Trail>) {
        let name = html(&title(pool));
        let start = format!("<details><summary><code>{name}</code>: {}</summary>\n\n", directions(&[pool]));
        let end = "\n</details>\n\n";
        let mut changes: Vec<&Change> = pool.changes.iter().collect();
        changes.sort_by_key(|change| change.direction);
        let mut block = start;
        let mut written = 0;
        let journeys = sentences(pool).into_iter().map(|one| format!("- **journey** {}\n", code(&one)));
        let items: Vec<String> =
            changes.iter().map(|change| item(change, pool, trail)).chain(journeys).collect();
        for item in &items {
            if !self.has_room(&format!("{block}{item}{end}")) {
                break;
            }
            block.push_str(item);
            written += 1;
        }
        self.left += items.len() - written;
        if written > 0 {
            self.text.push_str(&format!("{block}{end}"));
        }
    }
}

fn item(change: &Change, pool: &PoolDrift, trail: Option<&Trail>) -> String {
    let mut text = format!("- **{}** ", change.direction.word());
    if change.path.is_empty() {
        text.push_str(&subject(change, pool));
    } else {
        let before = value(change.before.as_ref(), change.before_default);
        let after = value(change.after.as_ref(), change.after_default);
        text.push_str(&format!("{}: {} to {}", code(&change.path), code(&before), code(&after)));
    }
    text.push('\n');
    for touched in change.rules.iter().filter(|touched| touched.direction != Direction::Neutral) {
        text.push_str(&format!("  - {}\n", code(&sanitized(&effect(touched)))));
    }
    if let Some(caller) = sentence(change, trail) {
        text.push_str(&format!("  - {}\n", code(&sanitized(&caller))));
    }
    text
}
