//! `iam-policy`: what the credentials of a live run must be allowed.

use std::process::ExitCode;

use super::args::IamArgs;
use super::streams::Stream;
use super::{Failure, load};
use crate::pool::Section;
use crate::report::iam;
use crate::report::screen::Draws;
use crate::source::live;

pub(super) fn run(args: &IamArgs) -> Result<ExitCode, Failure> {
    let (sections, config) = if args.snapshot {
        let recorded = Section::ATTACHED.into_iter().filter(|section| section.is_compared());
        (recorded.collect(), load::configuration(&args.policy.config)?)
    } else {
        let loaded = load::load(&args.policy)?;
        (loaded.policy.sections(), loaded.config)
    };
    let all_regions = args.all_regions || config.as_ref().is_some_and(|config| config.aws.all_regions);
    let mut actions = live::actions(&sections);
    actions.on_everything.extend(args.who.then(|| "cloudtrail:LookupEvents".to_owned()));
    let mut statements = iam::reading(&actions, all_regions);
    if args.caller {
        let (accounts, organization) = config.map_or_else(Default::default, |c| (c.accounts, c.organization));
        let caller = live::caller_actions(&accounts, organization.as_ref());
        if !caller.reads_pools {
            statements.clear();
        }
        statements.extend(iam::getting_in(&caller));
    }
    iam::policy(&statements, &mut Stream::Stdout.screen(Draws::Json))?;
    Ok(ExitCode::SUCCESS)
}
