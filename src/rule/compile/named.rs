//! Predicates that are used by their names.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::operand::Params;
use super::{Absence, Base, Compiler, Named};
use crate::diagnostic::suggest;
use crate::rule::written::{self, SpannedText, WrittenNamed, WrittenRule};
use crate::rule::{Predicate, builtin};

/// A rule may use named predicates this often, through others too: each use is evaluated on its own, so that predicates
/// of predicates could multiply.
const MOST_USES: usize = 200;

/// The named predicates of the program.
static BUILTIN: LazyLock<Vec<WrittenNamed>> = LazyLock::new(|| {
    builtin::predicates()
        .map_or_else(Vec::new, |source_file| written::predicates(&source_file, &mut Vec::new()))
});

/// A named predicate of the program as it is compiled where an absent value has some result.
struct Compiled {
    name: &'static str,
    absence: Absence,
    at: Base,
    predicate: Arc<Predicate>,
}

/// The named predicates of the program that were compiled before. Most built-in rules use the same few: compiling
/// them for each rule was a seventh of the instructions of loading the default pack.
static COMPILED: Mutex<Vec<Compiled>> = Mutex::new(Vec::new());

impl Compiler<'_> {
    /// A predicate by its name. Its mistakes are noted once, however many rules use it.
    pub(super) fn named(&mut self, name: &SpannedText, base: Base) -> Option<Named> {
        let own = Arc::clone(&self.rule.predicates);
        let found = self.find(name, &own)?;
        let (at, predicate) = self.found(found, name);
        if let (Some(at), Some(each)) = (at, &found.each)
            && at != base
        {
            let message = format!("`{}` is about an element of `{}`", name.0, each.0);
            let help = format!("use it inside `{{ some = \"{}\", where = \"{}\" }}`", each.0, name.0);
            self.mistake(name.1.clone(), message, "not in such an element", Some(help));
            return None;
        }
        Some(Named {
            name: Arc::from(name.0.as_str()),
            title: Arc::from(found.title.0.as_str()),
            of_pool: found.each.is_none(),
            when_unknown: found.when_unknown,
            inner: predicate?,
        })
    }

    /// The predicate of a name, where the rule may still use one.
    fn find<'o>(&mut self, name: &SpannedText, own: &'o [WrittenNamed]) -> Option<&'o WrittenNamed> {
        let Some(found) = own.iter().chain(BUILTIN.iter()).find(|named| named.name.0 == name.0) else {
            let names = own.iter().chain(BUILTIN.iter()).map(|named| named.name.0.as_str());
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            let help = match name.0.chars().all(plain) {
                true => suggest(&name.0, names.collect::<Vec<_>>()),
                false => "a predicate looks like `{ path = \"MfaConfiguration\", not-equals = \"OFF\" }`"
                    .to_owned(),
            };
            let message = format!("there is no predicate `{}`", name.0);
            self.mistake(name.1.clone(), message, "unknown predicate", Some(help));
            return None;
        };
        if self.within.contains(&name.0) {
            let message = format!("the predicate `{}` refers to itself", name.0);
            let help = "write what it means without its name".to_owned();
            self.mistake(name.1.clone(), message, "again here", Some(help));
            return None;
        }
        self.uses += 1;
        if self.uses > MOST_USES {
            if self.uses == MOST_USES + 1 {
                let message = format!("this rule uses named predicates more than {MOST_USES} times");
                let help = "count also those that its predicates use, and write it with fewer".to_owned();
                self.mistake(name.1.clone(), message, "too many with this one", Some(help));
            }
            return None;
        }
        Some(found)
    }

    /// Compiles what a name stands for, and says where its paths start.
    fn found(&mut self, found: &WrittenNamed, name: &SpannedText) -> (Option<Base>, Option<Arc<Predicate>>) {
        // A predicate of the rule's file may be meant inside one of the program.
        let shared = self.rule.predicates.is_empty();
        let builtin = BUILTIN.iter().find(|own| shared && std::ptr::eq(*own, found));
        let known = |one: &&Compiled| one.name == name.0 && one.absence == self.absence;
        let compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = builtin.and_then(|_| compiled.iter().find(known)) {
            return (Some(known.at), Some(Arc::clone(&known.predicate)));
        }
        drop(compiled);
        let rule =
            WrittenRule { source_file: found.source_file.clone(), params: Vec::new(), ..self.rule.clone() };
        let mut mistakes = Vec::new();
        let mut params = Params::new(&rule, &[], &mut mistakes);
        let mut inner = Compiler {
            uses: self.uses,
            absence: self.absence,
            within: [self.within.as_slice(), std::slice::from_ref(&name.0)].concat(),
            ..Compiler::new(&rule, &mut params, &mut mistakes)
        };
        let at = match &found.each {
            None => Some(Base::Pool),
            Some(each) => inner.list(each, Base::Pool).map(|list| Base::of(&list)),
        };
        let predicate = at.and_then(|at| inner.predicate(&found.expect, at));
        self.unknown_paths += inner.unknown_paths;
        self.uses = inner.uses;
        for mistake in mistakes {
            if !self.mistakes.iter().any(|known| known.is_same(&mistake)) {
                self.mistakes.push(mistake);
            }
        }
        let predicate = predicate.map(Arc::new);
        if let (Some(builtin), Some(at), Some(predicate)) = (builtin, at, &predicate) {
            let (absence, predicate) = (self.absence, Arc::clone(predicate));
            let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
            compiled.push(Compiled { name: &builtin.name.0, absence, at, predicate });
        }
        (at, predicate)
    }
}
