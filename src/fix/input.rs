//! The inputs of `UpdateUserPool` and `SetUserPoolMfaConfig`: all current settings of the pool, with the changes.

use super::limit::at;
use super::place::{UPDATE, set_by};
use super::{Edit, Obstacle, mirror};
use crate::pool::{Pool, Section};
use crate::schema::{NodeId, schema};
use crate::value::{Map, Value};

/// An input of one operation, as `--cli-input-json` takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    pub operation: Operation,
    pub members: Map,
}

/// The operations that change a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    UpdateUserPool,
    SetUserPoolMfaConfig,
    UpdateUserPoolClient,
}

impl Operation {
    /// As the AWS CLI spells it.
    pub fn command(self) -> &'static str {
        match self {
            Operation::UpdateUserPool => "update-user-pool",
            Operation::SetUserPoolMfaConfig => "set-user-pool-mfa-config",
            Operation::UpdateUserPoolClient => "update-user-pool-client",
        }
    }
}

/// Whether a pool is known completely, so that an update loses nothing.
pub(super) fn is_whole(pool: &Pool) -> Result<(), Obstacle> {
    if pool.document.get("Id").is_none() {
        let help = "`fix POOL` is for existing pools; to fix a declared pool, name its file: `cognito-lint fix main.tf`";
        return Err(Obstacle::new("the pool has no id", help));
    }
    if let Some((section, why)) = pool.unread.iter().find(|(section, _)| *section == Section::UserPool) {
        let message = format!("{} was not read: {why}", section.member());
        return Err(Obstacle::new(message, "read it with the permission cognito-idp:DescribeUserPool"));
    }
    if let Some(why) = pool.cut_short() {
        let help = "an update resets every setting that is missing from its input: read the pool with \
                    `aws cognito-idp describe-user-pool`, or live";
        return Err(Obstacle::new(why, help));
    }
    let known = |name: &str| schema().member(NodeId::ROOT, name).is_some();
    let newer = pool.document.0.iter().map(|(name, _)| name.as_ref()).find(|name| !known(name));
    if let Some(newer) = newer {
        let message =
            format!("the pool has `{newer}`, and this version does not know whether an update keeps it");
        return Err(Obstacle::new(message, "use a newer cognito-lint, or change the pool in the console"));
    }
    Ok(())
}

/// The inputs of operations, in the order to send them. MFA is last: `UpdateUserPool` keeps it unchanged.
pub(super) fn inputs(
    before: &Pool,
    pool: &Pool,
    changes: &[Edit],
    external_id: Option<&str>,
) -> Result<Vec<Input>, Obstacle> {
    let is_mfa = |change: &&Edit| {
        change.path == "MfaConfiguration" || change.path.starts_with(Section::MfaConfig.member())
    };
    let (mfa, rest): (Vec<&Edit>, Vec<&Edit>) = changes.iter().partition(is_mfa);
    let mut inputs = Vec::new();
    if !rest.is_empty() {
        inputs.push(Input {
            operation: Operation::UpdateUserPool,
            members: update(before, pool, external_id)?,
        });
    }
    if !mfa.is_empty() {
        inputs.push(Input {
            operation: Operation::SetUserPoolMfaConfig,
            members: mfa_config(pool, external_id)?,
        });
    }
    Ok(inputs)
}

/// The pool with the changes, but with its current MFA settings.
fn update(before: &Pool, pool: &Pool, external_id: Option<&str>) -> Result<Map, Obstacle> {
    if pool.document.get("UserPoolTier").is_none() {
        let message = "the answer does not have the pool's tier, and an update without it sets ESSENTIALS";
        let help = "read the pool again, or give its tier: `--set UserPoolTier=LITE`";
        return Err(Obstacle::new(message, help));
    }
    let mut input = Map::default();
    for (from, to) in [("Id", "UserPoolId"), ("Name", "PoolName")] {
        input.0.extend(pool.document.get(from).map(|value| (to.into(), value.clone())));
    }
    let (document, before) = (mirror::to_send(pool), mirror::to_send(before));
    let members = schema().node(NodeId::ROOT).names.iter().copied();
    for name in members.filter(|name| set_by(name) == Some(UPDATE)) {
        let from = if name == "MfaConfiguration" { &before } else { &document };
        let value = from.get(name).cloned();
        // Without its status an update enables registration, which a fix must only do on purpose.
        if name == "DcrConfiguration"
            && document.get(name) == before.get(name)
            && value.as_ref().is_some_and(|value| value.get("EnableStatus").is_none())
        {
            continue;
        }
        let Some(value) = value.and_then(|value| fit(name, value, pool)) else { continue };
        input.set(name.into(), written(&value, name, external_id)?);
    }
    Ok(input)
}

/// The part of a member that an update accepts: the service returns more than it accepts.
fn fit(name: &str, mut value: Value, pool: &Pool) -> Option<Value> {
    let lite = at(pool, &["UserPoolTier"]).and_then(Value::as_str) == Some("LITE");
    let Value::Map(map) = &mut value else { return Some(value) };
    let drop = |map: &mut Map, gone: &str| map.0.retain(|(key, _)| key != gone);
    match name {
        "UserPoolTags" => map.0.retain(|(key, _)| !key.starts_with("aws:")),
        "UserPoolAddOns" | "SmsConfiguration" if map.is_empty() => return None,
        "AcrConfiguration" if lite => return None,
        "Policies" if lite => {
            let only_password =
                map.get("SignInPolicy").and_then(|policy| policy.get("AllowedFirstAuthFactors"));
            let only_password = only_password
                .and_then(Value::as_list)
                .is_none_or(|factors| factors.iter().all(|factor| factor.as_str() == Some("PASSWORD")));
            if only_password {
                drop(map, "SignInPolicy");
            }
            let password = map.0.iter_mut().find(|(key, _)| key == "PasswordPolicy");
            if let Some((_, Value::Map(password))) = password
                && password.get("PasswordHistorySize") == Some(&Value::Int(0))
            {
                drop(password, "PasswordHistorySize");
            }
        }
        _ => {}
    }
    Some(value)
}

fn mfa_config(pool: &Pool, external_id: Option<&str>) -> Result<Map, Obstacle> {
    let mut input = Map::default();
    input.0.extend(pool.document.get("Id").map(|id| ("UserPoolId".into(), id.clone())));
    if let Some(Value::Map(held)) = mirror::to_send(pool).get(Section::MfaConfig.member()) {
        for (name, value) in held.0.iter().filter(|(name, _)| name != "MfaConfiguration") {
            input.set(name.clone(), written(value, name, external_id)?);
        }
    }
    let mfa = pool.document.get("MfaConfiguration").and_then(Value::as_str).unwrap_or("OFF");
    if mfa == "OFF" {
        // Cognito refuses a method together with OFF. Passkeys do not count as a method.
        for method in ["SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration"] {
            input.0.retain(|(name, _)| name != method);
        }
    }
    input.set("MfaConfiguration".into(), Value::String(mfa.to_owned().into()));
    Ok(input)
}

/// A value as it is sent, with the external id in place of its marker.
pub(super) fn written(value: &Value, name: &str, external_id: Option<&str>) -> Result<Value, Obstacle> {
    match value {
        Value::Secret => {
            let known = external_id.filter(|_| name == "ExternalId");
            known.map(|id| Value::String(id.to_owned().into())).ok_or_else(|| {
                let message =
                    format!("`{name}` is a secret, which is never stored, and an update without it would remove it");
                let help = "give the external id of the pool's SMS role with `--sms-external-id`; the role's trust \
                            policy in IAM has it";
                Obstacle::new(message, help)
            })
        }
        Value::Unknown(why) => {
            let message = format!("`{name}` is not known: {why}");
            Err(Obstacle::new(message, "read the pool anew"))
        }
        Value::Map(map) => {
            let mut members = Map::default();
            for (key, inner) in &map.0 {
                members.set(key.clone(), written(inner, key, external_id)?);
            }
            Ok(Value::Map(members))
        }
        Value::List(items) => {
            let items: Result<_, _> = items.iter().map(|item| written(item, name, external_id)).collect();
            Ok(Value::List(items?))
        }
        other => Ok(other.clone()),
    }
}
