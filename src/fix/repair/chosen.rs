//! Values that the user chose: no rule changes them.

use crate::fix::Obstacle;
use crate::pool::{Pool, Scope, State, resolve};
use crate::schema::Path;
use crate::value::Value;

/// The paths that the user set, each with the value that the pool had then.
#[derive(Clone, Debug, Default)]
pub(super) struct Chosen(Vec<(Path, Option<Value>)>);

impl Chosen {
    pub(super) fn keep(&mut self, pool: &Pool, path: &Path) {
        self.0.push((path.clone(), at(pool, path).cloned()));
    }

    /// The first path at which a pool has another value.
    pub(super) fn changed_in(&self, pool: &Pool) -> Option<&Path> {
        self.0.iter().find(|(path, chosen)| at(pool, path) != chosen.as_ref()).map(|(path, _)| path)
    }

    /// Refuses a pool in which a fix changed a value.
    pub(super) fn stands_in(&self, pool: &Pool) -> Result<(), Obstacle> {
        let is_changed = |(path, chosen): &&(Path, Option<Value>)| at(pool, path) != chosen.as_ref();
        let Some((path, chosen)) = self.0.iter().find(is_changed) else { return Ok(()) };
        let [now, chosen] = [at(pool, path), chosen.as_ref()]
            .map(|value| value.map_or_else(|| "absent".to_owned(), Value::to_string));
        let message = format!("its fix makes `{path}` {now}, and `--set` makes it {chosen}");
        let help = format!("leave `--set {path}` out to make the rule pass, or the rule with `--off`");
        Err(Obstacle::new(message, help))
    }
}

/// The value at a path, or the default that applies in its place.
fn at<'p>(pool: &'p Pool, path: &Path) -> Option<&'p Value> {
    match resolve(Scope::of(pool), path) {
        State::Present(value) | State::Default(value) => Some(value),
        State::Absent | State::Unknown(_) | State::Outside(_) => None,
    }
}
