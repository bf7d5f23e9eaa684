//! Changes to the app clients of a pool, as complete inputs of `UpdateUserPoolClient`, which resets what it is not given.

use std::sync::Arc;

use super::input::{Input, Operation, written};
use super::place::{UPDATE_CLIENT, settable_in};
use super::remedy::{Failing, Made, Remedy};
use super::repair::{Changed, Working};
use super::{Edit, Left, Obstacle};
use crate::evaluate::{key_of, verdicts};
use crate::journey::Change;
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

/// Makes the best change with which a rule on journeys is satisfied: of the pool itself, or of the client that is
/// returned.
pub(super) fn close(failing: &Failing<'_>, working: &mut Working) -> Result<Option<Closing>, Obstacle> {
    let (node, pool) = (client_node(), &working.pool);
    let is_sent = |remedy: &Remedy| {
        let Some((index, node)) = index_of(&remedy.change).zip(node) else { return false };
        let whole = element(pool, index).map(|client| is_whole(client, node, pool.origin.source));
        whole.is_some_and(|whole| whole.is_ok())
            && remedy.change.with.is_empty()
            && settable_in(Some(node), &remedy.change.path).is_ok()
            && input(&remedy.after, (index, node)).is_ok()
    };
    let remedy = failing.best(pool, |remedy| match working.made(remedy) {
        Made::ByHand if is_sent(remedy) => Made::Here,
        made => made,
    })?;
    let Some(index) = index_of(&remedy.change) else {
        working.take(remedy.change, &failing.rule.id);
        return Ok(None);
    };
    let Change { path, after, .. } = remedy.change;
    working.pool = remedy.after;
    Ok(Some(Closing { rule: Arc::clone(failing.rule), index, path, after }))
}

/// The same in a declared pool, with the client.
pub(super) fn close_in_file(
    failing: &Failing<'_>,
    working: Working,
) -> Result<(Working, Option<Changed>), Obstacle> {
    let is_written =
        |change: &Change| index_of(change).is_some() && change.with.is_empty() && change.after.is_some();
    let remedy = failing.best(&working.pool, |remedy| match working.made(remedy) {
        Made::ByHand if is_written(&remedy.change) => Made::Here,
        made => made,
    })?;
    let client = index_of(&remedy.change);
    let client = client.map(|index| Changed { list: LIST.member().into(), index, node: client_node() });
    let mut working = match &client {
        Some(client) => working.within(client.clone()),
        None => working,
    };
    working.take(remedy.change, &failing.rule.id);
    Ok((working, client))
}

/// The position of the client that a change is of.
fn index_of(change: &Change) -> Option<usize> {
    change.element.filter(|(list, _)| *list == LIST.member()).map(|(_, index)| index)
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
