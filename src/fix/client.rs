//! Changes to the app clients of a pool, as complete inputs of `UpdateUserPoolClient`, which resets what it is not given.

use std::sync::Arc;

use super::closing::{is_worse, tries, turned};
use super::input::{Input, Operation, written};
use super::place::{UPDATE_CLIENT, settable_in};
use super::repair::{Changed, Working};
use super::{Edit, Left, Obstacle};
use crate::evaluate::{key_of, verdict, verdicts};
use crate::journey::{self, Change};
use crate::pool::{Pool, Section, Source};
use crate::rule::{Rule, Verdict};
use crate::schema::{Node, NodeId, Path, schema};
use crate::value::{Map, Value};

/// The changes to clients, and what is left.
#[derive(Debug, Default)]
pub(super) struct Clients {
    pub changes: Vec<Edit>,
    pub inputs: Vec<Input>,
    pub left: Vec<Left>,
}

/// The member of a pool that is the list of its clients.
const LIST: Section = Section::Clients;

/// Whether a rule is about each client.
pub(super) fn is_about_clients(rule: &Rule) -> bool {
    let each = rule.each.as_ref();
    each.is_some_and(|list| matches!(&list.path.steps[..], [only] if only.name.as_ref() == LIST.member()))
}

/// A change of one client that makes a rule on journeys pass.
#[derive(Debug)]
pub(super) struct Closing {
    rule: Arc<Rule>,
    index: usize,
    path: Path,
    after: Option<Value>,
}

/// The node of a client.
fn client_node() -> Option<NodeId> {
    let list = schema().member(NodeId::ROOT, LIST.member())?;
    schema().node(list).element
}

/// Makes the smallest change of one client with which a rule on journeys passes. Only one that can be sent is made.
pub(super) fn close(rule: &Arc<Rule>, pool: &mut Pool, now: i64) -> Option<Closing> {
    let node = client_node()?;
    let is_sent = |change: &Change, index: usize, after: &Pool| {
        let whole =
            element(pool, index).is_some_and(|client| is_whole(client, node, pool.origin.source).is_ok());
        whole && settable_in(Some(node), &change.path).is_ok() && input(after, (index, node)).is_ok()
    };
    let (closing, after) = closing(rule, pool, now, is_sent)?;
    *pool = after;
    Some(closing)
}

/// A declared pool in which one client is changed so that a rule on journeys passes, and the client.
pub(super) fn closed_in_file(rule: &Arc<Rule>, pool: &Pool, now: i64) -> Option<(Working, Changed)> {
    let (closing, _) = closing(rule, pool, now, |change, _, _| change.after.is_some())?;
    let changed = Changed { list: LIST.member().into(), index: closing.index, node: client_node() };
    let mut working = Working::declared(pool.clone(), now, Some(changed.clone()));
    working.put(&closing.path, closing.after, Some(&rule.id));
    Some((working, changed))
}

/// The change of one client with which a rule on journeys passes and no question has a worse answer, with the pool after
/// it: of several, the one that turns the fewest other answers. A client without its flows closes much, and serves nobody.
fn closing(
    rule: &Arc<Rule>,
    pool: &Pool,
    now: i64,
    is_possible: impl Fn(&Change, usize, &Pool) -> bool,
) -> Option<(Closing, Pool)> {
    if !rule.infers {
        return None;
    }
    let before = journey::answers(pool);
    let closings = tries(pool).filter_map(|(change, after)| {
        let (_, index) = change.element.filter(|(list, _)| *list == LIST.member())?;
        let is_possible = change.with.is_empty() && is_possible(&change, index, &after);
        let answers = is_possible.then(|| journey::answers(&after))?;
        let is_better = !is_worse(&before, &answers) && verdict(rule, &after, now) == Verdict::Pass;
        let closing = Closing { rule: Arc::clone(rule), index, path: change.path, after: change.after };
        is_better.then(|| (turned(&before, &answers), closing, after))
    });
    let least = closings.min_by_key(|(turned, ..)| *turned);
    least.map(|(_, closing, after)| (closing, after))
}

/// Changes clients of a pool until rules pass. The pool has the changes that close journeys; `before` has not.
pub(super) fn clients(
    rules: &[&Arc<Rule>],
    closings: &[Closing],
    (before, pool): (&Pool, &mut Pool),
    now: i64,
) -> Clients {
    let mut all = Clients::default();
    let Some(node) = client_node() else { return all };
    for closing in closings {
        restore(before, pool, closing.index);
    }
    let count = pool.document.get(LIST.member()).and_then(Value::as_list).map_or(0, <[Value]>::len);
    for index in 0..count {
        let closings: Vec<&Closing> = closings.iter().filter(|closing| closing.index == index).collect();
        all.client((rules, &closings), pool, (index, node), now);
    }
    all
}

/// Gives a client back as it was, so that its changes are noted where they are made.
fn restore(before: &Pool, pool: &mut Pool, index: usize) {
    let list = pool.document.0.iter_mut().find(|(name, _)| name == LIST.member());
    if let Some((_, Value::List(clients))) = list
        && let Some((client, old)) = clients.get_mut(index).zip(element(before, index))
    {
        *client = old.clone();
    }
}

impl Clients {
    fn client(
        &mut self,
        (rules, closings): (&[&Arc<Rule>], &[&Closing]),
        pool: &mut Pool,
        (index, node): (usize, NodeId),
        now: i64,
    ) {
        let Some(client) = element(pool, index) else { return };
        let (name, key) = (title(client), key_of(client, Some(node), pool, index));
        let whole = is_whole(client, node, pool.origin.source);
        let place = Changed { list: LIST.member().into(), index, node: Some(node) };
        let mut working = Working::new(pool.clone(), now).within(place);
        for closing in closings {
            working.put(&closing.path, closing.after.clone(), Some(&closing.rule.id));
        }
        let mut left = Vec::new();
        for rule in rules {
            let own =
                verdicts(rule, &working.pool, now).into_iter().find(|(of, _)| of.as_ref() == Some(&key));
            let obstacle = match own.map(|(_, verdict)| verdict) {
                Some(Verdict::Fail) => {
                    whole.clone().and_then(|()| working.satisfy(rule)).err().map(|why| (false, why))
                }
                Some(Verdict::Unknown) => Some((true, Obstacle::undecided())),
                Some(Verdict::Pass | Verdict::Skipped) | None => None,
            };
            left.extend(obstacle.map(|obstacle| (*rule, obstacle)));
        }
        let changes = working.changes();
        match emptied(&changes).and_then(|()| input(&working.pool, (index, node))) {
            Ok(input) if !changes.is_empty() => {
                self.inputs.push(input);
                let list = LIST.member();
                let within = |edit: Edit| Edit { path: format!("{list}[{name}].{}", edit.path), ..edit };
                self.changes.extend(changes.into_iter().map(within));
                *pool = working.pool;
            }
            Ok(_) => {}
            Err(why) => {
                let asked = |rule: &Rule| changes.iter().any(|edit| edit.rules.contains(&rule.id));
                let closed = closings.iter().map(|closing| &closing.rule);
                let asked = rules.iter().copied().chain(closed).filter(|rule| asked(rule));
                left.extend(asked.map(|rule| (rule, (false, why.clone()))));
            }
        }
        self.left.extend(left.into_iter().map(|(rule, (unknown, Obstacle { message, help }))| {
            let obstacle = Obstacle { message: format!("client {name}: {message}"), help };
            Left { rule: Arc::clone(rule), unknown, obstacle }
        }));
    }
}

fn element(pool: &Pool, index: usize) -> Option<&Value> {
    pool.document.get(LIST.member()).and_then(Value::as_list)?.get(index)
}

/// The name of a client and its id.
fn title(client: &Value) -> String {
    let text = |member: &str| client.get(member).and_then(Value::as_str);
    match (text("ClientName"), text("ClientId")) {
        (Some(name), Some(id)) => format!("{name} ({id})"),
        (name, id) => name.or(id).unwrap_or_default().to_owned(),
    }
}

/// Whether a client is known completely, so that an update loses nothing.
fn is_whole(client: &Value, node: NodeId, source: Source) -> Result<(), Obstacle> {
    let Value::Map(members) = client else {
        return Err(Obstacle::new("it was not read", "read the pool live"));
    };
    // A saved client may be the entry of a list, which has no dates. A live one was described in this run.
    let is_always_there = |one: &&Node| one.filled && (!one.volatile || source != Source::Live);
    let always = members_of(node)
        .filter(is_always_there)
        .find(|one| client.get(&one.name).is_none_or(Value::is_unknown));
    if let Some(missing) = always {
        let message = format!("the answer lacks `{}`, so it was cut short", missing.name);
        let help = "an update resets what it is not given: save the whole answer of `aws cognito-idp \
                    describe-user-pool-client`, or read the pool live";
        return Err(Obstacle::new(message, help));
    }
    let newer = members.0.iter().find(|(name, _)| schema().member(node, name).is_none());
    if let Some((newer, _)) = newer {
        let message = format!("it has `{newer}`, and this version does not know whether an update keeps it");
        return Err(Obstacle::new(message, "use a newer cognito-lint, or change the client in the console"));
    }
    Ok(())
}

/// A list that loses its last element may mean everything, or be refused: what takes its place is for a person.
fn emptied(changes: &[Edit]) -> Result<(), Obstacle> {
    let is_empty = |edit: &&Edit| edit.after.as_ref().and_then(Value::as_list).is_some_and(<[_]>::is_empty);
    let Some(edit) = changes.iter().find(is_empty) else { return Ok(()) };
    let message = format!("`{}` would be empty", edit.path);
    Err(Obstacle::new(message, "choose what takes the place of the last element, in the console or the API"))
}

fn members_of(node: NodeId) -> impl Iterator<Item = &'static Node> {
    schema().node(node).members.iter().map(|member| schema().node(*member))
}

/// Everything that a client has and an update can set.
fn input(pool: &Pool, (index, node): (usize, NodeId)) -> Result<Input, Obstacle> {
    let mut members = Map::default();
    members.0.extend(pool.document.get("Id").map(|id| ("UserPoolId".into(), id.clone())));
    let client = element(pool, index);
    members
        .0
        .extend(client.and_then(|client| client.get("ClientId")).map(|id| ("ClientId".into(), id.clone())));
    for member in members_of(node).filter(|member| member.set_by.as_deref() == Some(UPDATE_CLIENT)) {
        let Some(value) = client.and_then(|client| client.get(&member.name)) else { continue };
        if !member.means_none(value) {
            members.set(member.name.clone(), sent(value, &member.name)?);
        }
    }
    Ok(Input { operation: Operation::UpdateUserPoolClient, members })
}

fn holds_secret(value: &Value) -> bool {
    match value {
        Value::Secret => true,
        Value::Map(map) => map.0.iter().any(|(_, inner)| holds_secret(inner)),
        Value::List(items) => items.iter().any(holds_secret),
        _ => false,
    }
}

fn sent(value: &Value, name: &str) -> Result<Value, Obstacle> {
    written(value, name, None).map_err(|why| match holds_secret(value) {
        true => {
            let message =
                format!("`{name}` has a secret, which is not kept, and an update without it would lose it");
            Obstacle::new(message, "change the client in the console")
        }
        false => why,
    })
}
