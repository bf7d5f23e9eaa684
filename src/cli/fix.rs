//! `fix`: the whole inputs that would make a pool pass, for somebody to send.

mod in_file;

use std::fs;
use std::io::{self, Write};
use std::path::Path as FilePath;
use std::process::ExitCode;

use super::args::{Color, FixArgs};
use super::output::{Output, write_secret};
use super::streams::Stream;
use super::{Failure, inputs, load, parameters, signals, terminal, variables};
use crate::fix::{self, Fix, Obstacle, Wish};
use crate::outcome::Outcome;
use crate::pool::PoolPattern;
use crate::pool::{Pool, Projection};
use crate::report::{self, screen::Draws};
use crate::rule::Policy;
use crate::schema::{Kind, NodeId, Path, schema};
use crate::source::input::{self, Input};
use crate::source::live::Request;
use crate::source::{self, Delivery, Interrupt, Unread};
use crate::value::Value;

/// The exit code where rules are left that fail.
const LEFT: u8 = 1;
/// The exit code where the pool could not be read as a whole, or a rule's verdict is unknown.
const NOT_READ: u8 = 3;

pub(super) fn run(args: &FixArgs, color: Color) -> Result<ExitCode, Failure> {
    ensure_order(args)?;
    let loaded = load::load(&args.policy)?;
    known(&loaded.policy, &args.rule)?;
    let (policy, wish) = (&loaded.policy, wish(args)?);
    if in_file::is_file(&args.pool) {
        return in_file::run(args, policy, &wish, color);
    }
    ensure_no_file_options(args)?;
    let pattern = PoolPattern::parse(&args.pool).map_err(|why| {
        let help = "name the pool first, by its id, ARN or name, and then the files";
        Failure::Other(miette::miette!(help = help, "`{}`: {why}", args.pool))
    })?;
    let found = if args.inputs.is_empty() {
        let request = inputs::request(&args.live, loaded.config.as_ref())?;
        let sections = policy.sections().into_iter().chain(fix::SECTIONS).collect();
        let _reading = signals::Reading::begin();
        pools(inputs::read_live(Request { sections, pools: vec![pattern.clone()], ..request })?, &pattern)
    } else {
        pools(input::open(args.inputs.iter().map(Input::parse).collect()), &pattern)
    };
    for unread in &found.unread {
        terminal::print_line(&format!("unread: {}: {}", unread.target, unread.message));
    }
    if let Some(interrupt) = found.interrupted {
        terminal::print_line("interrupted: nothing was written");
        return Ok(ExitCode::from(Outcome::Interrupted(interrupt).exit_code()));
    }
    let pool = match (&found.answered[..], &found.declared[..]) {
        ([one], _) => one,
        ([], [declared, ..]) => return Ok(not_read(&in_its_file(declared))),
        ([], []) => return Ok(not_read(&none(&args.pool))),
        (several, _) => return Err(ambiguous(&args.pool, several)),
    };
    match fix::fix(policy, pool, &wish) {
        Err(Obstacle { message, help }) => {
            let title = pool.identity().title();
            Ok(not_read(&[format!("nothing was written for {title}: {message}"), format!("help: {help}")]))
        }
        Ok(fix) => {
            let style = terminal::style(Stream::Stderr, color);
            report::fix::write(
                &pool.identity(),
                &fix,
                style,
                &mut Stream::Stderr.screen(Draws::of_style(style)),
            )?;
            write(&fix, args.output.as_deref(), args.sms_external_id.is_some())?;
            Ok(match &fix.left[..] {
                [] => ExitCode::SUCCESS,
                left if left.iter().any(|left| left.unknown) => ExitCode::from(NOT_READ),
                _ => ExitCode::from(LEFT),
            })
        }
    }
}

/// The extensions of files that declare pools.
const DECLARING: [&str; 6] = ["tf", "tofu", "json", "yaml", "yml", "template"];

/// Refuses a file in the place of the pool, one that does not exist, and options for live pools beside files. A pool may have the name of a directory.
fn ensure_order(args: &FixArgs) -> Result<(), Failure> {
    let named = FilePath::new(&args.pool);
    if named.is_file() || !args.inputs.is_empty() {
        inputs::no_live_options(&args.live)?;
    }
    let is_named_so = named.extension().is_some_and(|end| DECLARING.iter().any(|known| *known == end));
    // A pool may have the name of a directory, but not of one inside another.
    if args.inputs.is_empty() && named.is_dir() && (args.write || args.pool.contains(['/', '\\'])) {
        return Err(Failure::Other(miette::miette!(
            help = file_of(&args.pool),
            "`{}` is a directory, where a file or a pool is expected",
            args.pool
        )));
    }
    if args.inputs.is_empty() && is_named_so && !named.exists() {
        let help = "correct the name of the file; a pool of this name is found by its id or ARN";
        return Err(Failure::Other(miette::miette!(help = help, "the file `{}` does not exist", args.pool)));
    }
    let pool = match args.inputs.first() {
        Some(input) if named.exists() && !input.exists() => input.display().to_string(),
        Some(_) | None => return Ok(()),
    };
    let help = format!("name the pool first: `cognito-lint fix {pool} {}`", args.pool);
    Err(Failure::Other(miette::miette!(help = help, "`{}` is a file, where a pool is expected", args.pool)))
}

/// Refuses options for files where a pool is named.
fn ensure_no_file_options(args: &FixArgs) -> Result<(), Failure> {
    if args.write {
        let help = "`--write` changes a file that declares pools: `cognito-lint fix main.tf --write`";
        return Err(Failure::Other(miette::miette!(help = help, "`{}` is not a file", args.pool)));
    }
    let variables = variables::given(&args.variables)?;
    if !parameters::given(&args.template)?.is_empty() || !variables::is_none(&variables) {
        let help = "name the file that declares the pool: `cognito-lint fix main.tf --var NAME=VALUE`";
        let message = "`--parameter`, `--var`, `--var-file` and `--workspace` are for a file that is fixed";
        return Err(Failure::Other(miette::miette!(help = help, "{message}")));
    }
    Ok(())
}

/// The request that the arguments make.
fn wish(args: &FixArgs) -> Result<Wish, Failure> {
    let chosen = args.set.iter().map(|text| chosen(text)).collect::<Result<Vec<_>, _>>()?;
    for (at, (path, value)) in chosen.iter().enumerate() {
        if chosen[..at].iter().any(|(earlier, other)| earlier == path && other != value) {
            let help = "give it once";
            return Err(Failure::Other(miette::miette!(help = help, "`--set {path}` is given two values")));
        }
    }
    Ok(Wish {
        rules: args.rule.clone(),
        chosen,
        sms_external_id: args.sms_external_id.clone(),
        now: super::now(),
    })
}

/// Why nothing is written where no pool has the name.
fn none(asked: &str) -> Vec<String> {
    let mut lines = vec![format!("none of the pools that were read is `{asked}`")];
    if FilePath::new(asked).is_dir() {
        lines.push(format!("help: {asked} is a directory; {}", file_of(asked)));
    }
    lines
}

/// The help where a directory is named in the place of a file.
fn file_of(directory: &str) -> String {
    let directory = directory.trim_end_matches(['/', '\\']);
    format!("name a file in it: `cognito-lint fix {directory}/main.tf`")
}

/// Why nothing is written for a pool that a file declares.
fn in_its_file(pool: &Pool) -> [String; 2] {
    let (title, file) = (pool.identity().title(), &pool.origin.name);
    [
        format!("nothing was written for {title}: {file} declares it"),
        format!("help: change {file}; `cognito-lint check {file}` shows the line and the value to write"),
    ]
}

fn not_read(lines: &[String]) -> ExitCode {
    for line in lines {
        terminal::print_line(line);
    }
    ExitCode::from(NOT_READ)
}

/// The pools that are meant, whole.
#[derive(Default)]
struct Found {
    answered: Vec<Pool>,
    /// Those that a plan or a template declares: the file is the place to fix them.
    declared: Vec<Pool>,
    unread: Vec<Unread>,
    interrupted: Option<Interrupt>,
}

fn pools(deliveries: impl Iterator<Item = Delivery>, pattern: &PoolPattern) -> Found {
    let whole = Projection::everything();
    let mut found = Found::default();
    for delivery in deliveries {
        match delivery {
            Delivery::Unread(one) => found.unread.push(one),
            Delivery::Interrupted(interrupt) => found.interrupted = Some(interrupt),
            Delivery::Note(_) | Delivery::Listed(_) | Delivery::ListedWhole(_) => {}
            Delivery::Chunk(chunk) => {
                let read = source::read(&chunk, &whole);
                found.unread.extend(read.unread);
                for pool in read.pools {
                    let place = if pool.is_declared() { &mut found.declared } else { &mut found.answered };
                    place.push(pool.first(&mut Vec::new()));
                }
            }
        }
    }
    found.answered.retain(|pool| is_meant(pool, pattern));
    found.declared.retain(|pool| is_meant(pool, pattern));
    found
}

fn is_meant(pool: &Pool, pattern: &PoolPattern) -> bool {
    pattern.fits(&pool.identity())
}

fn ambiguous(asked: &str, several: &[Pool]) -> Failure {
    let name =
        |pool: &Pool| pool.identity().arn.map_or_else(|| pool.identity().title(), |arn| arn.to_string());
    let names: Vec<String> = several.iter().map(name).collect();
    let help = format!("name one: {}", names.join(", "));
    Failure::Other(miette::miette!(help = help, "{} pools match `{asked}`", several.len()))
}

/// Refuses ids of rules that are not chosen, which nothing would be done for.
fn known(policy: &Policy, rules: &[String]) -> Result<(), Failure> {
    for id in rules {
        if !policy.rules.iter().any(|rule| *rule.id == **id) {
            let ids = policy.rules.iter().map(|rule| &*rule.id);
            let help = format!("{}; `--rules` chooses rules", crate::diagnostic::suggest(id, ids));
            return Err(Failure::Other(miette::miette!(
                help = help,
                "`--rule {id}` is not among the chosen rules"
            )));
        }
    }
    Ok(())
}

/// Reads `PATH=VALUE`: a word for a text, else JSON.
fn chosen(text: &str) -> Result<(Path, Value), Failure> {
    let wrong = |message: String, help: String| {
        Failure::Other(miette::miette!(help = help, "`--set {text}`: {message}"))
    };
    let Some((path, value)) = text.split_once('=') else {
        return Err(wrong(
            "a value is missing".to_owned(),
            "write `--set MfaConfiguration=OPTIONAL`".to_owned(),
        ));
    };
    let problem = |problem: crate::schema::PathProblem| {
        wrong(
            problem.message,
            problem.help.unwrap_or_else(|| "`cognito-lint schema` lists the paths".to_owned()),
        )
    };
    let path = Path::parse(path).map_err(problem)?;
    let node = schema().node(path.resolve(schema(), NodeId::ROOT).map_err(problem)?);
    let read = match (node.kind, Value::parse_json(value)) {
        (Kind::String, Some(text @ Value::String(_))) => Some(text),
        (Kind::String, _) => Some(Value::String(value.to_owned().into())),
        (Kind::Boolean, read @ Some(Value::Bool(_)))
        | (Kind::Integer, read @ Some(Value::Int(_)))
        | (Kind::List, read @ Some(Value::List(_))) => read,
        _ => None,
    };
    let read = read.ok_or_else(|| {
        wrong(
            format!("the value must be {}", node.kind.one()),
            "set each member of a structure separately".to_owned(),
        )
    })?;
    let word = read.as_str().unwrap_or_default();
    if !node.values.is_empty() && !node.values.iter().any(|value| value == word) {
        let help = format!("one of {}", node.values.join(", "));
        return Err(wrong(format!("it cannot be `{word}`"), help));
    }
    Ok((path, read))
}

/// A file of an input. One with an external id is for its owner alone.
fn to_file(file: &FilePath, text: &[u8], secret: bool) -> io::Result<()> {
    if secret {
        return write_secret(file, text);
    }
    let mut output = Output::file(file, Draws::Json)?;
    let written = output.out.write_all(text);
    output.finish(written)
}

/// The inputs to standard output, or each to a file of its own.
fn write(fix: &Fix, directory: Option<&FilePath>, secret: bool) -> Result<(), Failure> {
    // As many digits in each, so that they are in this order in a listing too.
    let digits = fix.inputs.len().to_string().len();
    for (input, number) in fix.inputs.iter().zip(1..) {
        let Some(directory) = directory else {
            report::fix::json(input, &mut Stream::Stdout.screen(Draws::Json))?;
            continue;
        };
        let command = input.operation.command();
        // In the order in which they are sent: the second would else undo a part of the first.
        let file = directory.join(format!("{number:0digits$}-{command}.json"));
        let mut text = Vec::new();
        report::fix::json(input, &mut text)?;
        fs::create_dir_all(directory).and_then(|()| to_file(&file, &text, secret)).map_err(|error| {
            Failure::Other(miette::miette!("{} could not be written: {error}", file.display()))
        })?;
        terminal::print_line(&format!(
            "aws cognito-idp {command} --cli-input-json file://{}",
            file.display()
        ));
    }
    Ok(())
}
