//! Findings that applying a plan removes, and changes of others that it undoes.

use std::io::{self, Write};

use super::accepted::{heading, line};
use super::undecided::signed;
use crate::evaluate::Evaluation;
use crate::report::Style;
use crate::report::ansi::{Ansi, count, labelled, titled};
use crate::report::sanitize::sanitized;
use crate::report::summary;

pub(super) fn write(evaluation: &Evaluation, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if !evaluation.removed.is_empty() {
        heading("Removed by applying the plan", evaluation.removed.len(), style, out)?;
        let sign = if style.unicode { "✓" } else { "+" };
        for finding in &evaluation.removed {
            out.write_all(signed(sign, Ansi::Green, &line(finding), style).as_bytes())?;
        }
        writeln!(out)?;
    }
    if !evaluation.undone.is_empty() {
        let settings = count(evaluation.undone.len(), "setting");
        let said = format!("Changed outside Terraform, and undone by applying the plan: {settings}");
        out.write_all(titled(style, &said).as_bytes())?;
        for undone in &evaluation.undone {
            let at = format!("{}: {}", sanitized(&undone.pool.identity.title()), sanitized(&undone.path));
            out.write_all(signed("!", Ansi::Yellow, &at, style).as_bytes())?;
            for (name, value) in [("was:", &undone.before), ("now:", &undone.live), ("apply:", &undone.after)]
            {
                out.write_all(labelled(style, name, 9, &summary::value(value.as_ref())).as_bytes())?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}
