//! Templates as they are deployed: with the parameters that the stacks above them give, through every level.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::neighbor::Neighbor;
use super::nested::{Run, plain, runs};
use super::node::{Node, Problem, What};
use super::parameter::Wrong;
use super::repeat;
use super::template::Template;
use crate::source::Chunk;

/// More levels than this are not followed. Templates that run one another in a circle have no end.
const DEEPEST: usize = 20;

/// A template with the values of its parameters.
pub(super) struct Deployed {
    pub template: Template,
    pub wrong: Wrong,
    /// Why it is not deployed.
    pub prevented: Option<String>,
}

/// Takes the template of a file apart, with what is given for its parameters. What the command line gives is for a
/// template that no other runs.
pub(super) fn template((file, text): (&str, &str), root: Node, chunk: &Chunk) -> Result<Deployed, Problem> {
    Levels { chunk, above: vec![plain(Path::new(file)).display().to_string()], taken: BTreeMap::new() }
        .deployed((file, text), root)
}

/// The templates above one, each taken apart once.
struct Levels<'c> {
    chunk: &'c Chunk,
    /// The files that are being taken apart.
    above: Vec<String>,
    taken: BTreeMap<Arc<str>, Rc<Level>>,
}

/// A template above another.
enum Level {
    Deployed(Deployed),
    /// It cannot be read, which is said of it elsewhere.
    Broken,
    /// Why it is not followed.
    Left(&'static str),
}

impl Levels<'_> {
    fn deployed(&mut self, (file, text): (&str, &str), root: Node) -> Result<Deployed, Problem> {
        let mut runs = self.runs(&plain(Path::new(file)), text);
        let prevented = runs.iter().find(|run| run.certain && run.prevented.is_some());
        let prevented = prevented.and_then(|run| run.prevented.clone());
        runs.retain(|run| run.prevented.is_none());
        let prevented = prevented.filter(|_| runs.is_empty());
        let given = &self.given_to(&root);
        if runs.is_empty() {
            let (template, wrong) = repeat::template(root, given, &self.unsettled())?;
            return Ok(Deployed { template, wrong, prevented });
        }
        // Pseudo parameters are the same for every stack.
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        known.extend(
            given.iter().filter(|(name, _)| name.starts_with("AWS::")).map(|(a, b)| (a.clone(), b.clone())),
        );
        let mut unknown = BTreeMap::new();
        for parameter in root.get("Parameters").map(Node::entries).unwrap_or_default() {
            let default = parameter.value.get("Default").and_then(|default| match &default.what {
                What::Scalar(scalar) => Some(scalar.canonical()),
                _ => None,
            });
            match together(&runs, &parameter.key, default.as_ref(), given.get(&*parameter.key)) {
                Ok(Some(value)) => drop(known.insert(parameter.key.to_string(), value.to_string())),
                Ok(None) => {}
                Err(why) => drop(unknown.insert(parameter.key.to_string(), why)),
            }
        }
        let (template, wrong) = repeat::template(root, &known, &unknown)?;
        Ok(Deployed { template, wrong, prevented })
    }

    /// The parameters that something outside of templates gives, such as a resource of Terraform, with why they are not
    /// known. A template that is given any runs by itself.
    fn unsettled(&self) -> BTreeMap<String, Arc<str>> {
        let why = |name: &str| format!("what is given for parameter `{name}` is not known");
        let names = self.chunk.unsettled.iter().filter(|name| !self.chunk.parameters.contains_key(*name));
        names.map(|name| (name.clone(), why(name).into())).collect()
    }

    /// Parameters that the command line gives a template, if no other runs it. Of several templates each has its own.
    fn given_to(&self, root: &Node) -> BTreeMap<String, String> {
        let declared = root.get("Parameters").map(Node::entries).unwrap_or_default();
        let is_own = |name: &str| {
            name.starts_with("AWS::") || declared.iter().any(|parameter| &*parameter.key == name)
        };
        let given = self.chunk.parameters.iter();
        let own = given.filter(|(name, _)| self.chunk.beside.is_empty() || is_own(name));
        own.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// The ways in which stacks run the template of a file: those of other templates, and those outside of any.
    fn runs(&mut self, child: &Path, text: &str) -> Vec<Run> {
        let chunk = self.chunk;
        let mut all: Vec<Run> =
            chunk.deployments.iter().filter_map(|one| one.run((child, text), &chunk.beside)).collect();
        for parent in chunk.beside.iter() {
            if plain(Path::new(&*parent.name)) == *child || !parent.may_run(child) {
                continue;
            }
            match &*self.level(parent) {
                Level::Broken => {}
                Level::Left(why) => all.push(Run {
                    id: Arc::clone(&parent.name),
                    stack: parent.name.to_string(),
                    certain: false,
                    prevented: None,
                    given: BTreeMap::new(),
                    open: Some((*why).into()),
                }),
                Level::Deployed(level) => {
                    let own = runs(&level.template, &parent.name, child).into_iter();
                    // A template that is not deployed runs nothing.
                    let above =
                        |run: Run| Run { prevented: run.prevented.or(level.prevented.clone()), ..run };
                    all.extend(own.map(above));
                }
            }
        }
        all
    }

    fn level(&mut self, parent: &Neighbor) -> Rc<Level> {
        if let Some(level) = self.taken.get(&parent.name) {
            return Rc::clone(level);
        }
        let name = plain(Path::new(&*parent.name)).display().to_string();
        if self.above.contains(&name) {
            return Rc::new(Level::Left("templates run one another in a circle"));
        }
        if self.above.len() > DEEPEST {
            return Rc::new(Level::Left("the stacks are nested deeper than this program follows them"));
        }
        self.above.push(name);
        let level = match parent.root().map(|root| self.deployed((&parent.name, &parent.text), root)) {
            Some(Ok(deployed)) => Level::Deployed(deployed),
            Some(Err(_)) | None => Level::Broken,
        };
        self.above.pop();
        let level = Rc::new(level);
        self.taken.insert(Arc::clone(&parent.name), Rc::clone(&level));
        level
    }
}

/// The value of a parameter that every stack gives which runs the template. `None` for that of its default.
fn together(
    runs: &[Run],
    parameter: &str,
    default: Option<&Arc<str>>,
    by_itself: Option<&String>,
) -> Result<Option<Arc<str>>, Arc<str>> {
    let mut values = BTreeSet::new();
    for run in runs {
        let (stack, open) = (&run.stack, run.open.as_ref());
        let unknown =
            |why: &str| format!("what {stack} gives for parameter `{parameter}` is not known: {why}");
        match run.given.get(parameter) {
            Some(Ok(value)) => values.insert(Some(Arc::clone(value))),
            Some(Err(why)) => return Err(unknown(why).into()),
            None if open.is_some() => return Err(unknown(open.map_or("", AsRef::as_ref)).into()),
            None => values.insert(default.cloned()),
        };
    }
    let certain = runs.iter().any(|run| run.certain);
    if !certain {
        values.insert(by_itself.map(|value| value.as_str().into()).or_else(|| default.cloned()));
    }
    let mut only = values.into_iter();
    match (only.next(), only.next(), runs) {
        (value, None, _) => Ok(value.flatten()),
        (_, Some(_), [first, ..]) if !certain => Err(format!(
            "{} may run this template, and gives parameter `{parameter}` another value than it has by itself",
            first.stack
        )
        .into()),
        (_, Some(_), [first, rest @ ..]) if rest.iter().all(|run| run.stack == first.stack) => Err(format!(
            "what {} gives for parameter `{parameter}` depends on a condition that is not known",
            first.stack
        )
        .into()),
        _ => {
            Err(format!("the stacks that run this template give parameter `{parameter}` different values")
                .into())
        }
    }
}
