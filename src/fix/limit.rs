//! Limits of the API: settings that the pool's tier does not have, and settings that exclude each other. Sources: the
//! API reference, the developer guide on feature plans, and measured refusals.

use super::Obstacle;
use crate::pool::{Lifecycle, Pool, Scope, Section, State, resolve};
use crate::schema::{ELEMENT_EXCLUSIONS, EXCLUSIONS, NodeId, Path, schema};
use crate::value::Value;

/// Whether the API would accept the changed pool.
pub(super) fn check(before: &Pool, after: &Pool) -> Result<(), Obstacle> {
    let changed = |path: &[&str]| at(before, path) != at(after, path);
    tier(before, after, &changed)?;
    if changed(&["MfaConfiguration"]) || changed(&[Section::MfaConfig.member()]) {
        mfa_is_known(before)?;
    }
    let verified = ["UserAttributeUpdateSettings", "AttributesRequireVerificationBeforeUpdate"];
    let auto = list(at(after, &["AutoVerifiedAttributes"]));
    let missing = list(at(after, &verified)).iter().find(|one| !auto.contains(one));
    if let Some(missing) = missing.filter(|_| changed(&verified) || changed(&["AutoVerifiedAttributes"])) {
        let message = format!("{missing} cannot require verification unless AutoVerifiedAttributes has it");
        return Err(Obstacle::new(
            message,
            format!("add it: `--set AutoVerifiedAttributes='[\"{missing}\"]'`"),
        ));
    }
    excluded(after)?;
    let sender = ["EmailConfiguration", "EmailSendingAccount"];
    let developer = changed(&sender) && word(after, &sender) == Some("DEVELOPER");
    if developer && at(after, &["EmailConfiguration", "SourceArn"]).is_none() {
        let message = "sending through Amazon SES needs the ARN of a verified identity";
        return Err(Obstacle::new(message, "give it: `--set EmailConfiguration.SourceArn=ARN`"));
    }
    if at(before, &["SmsConfiguration"]).is_some() && at(after, &["SmsConfiguration"]).is_none() {
        let help = "the service keeps it once it is set; turn off the settings that send SMS instead";
        return Err(Obstacle::new("SmsConfiguration cannot be removed from a pool", help));
    }
    Ok(())
}

/// The members that are looked at whatever is changed.
pub(super) fn looked_at() -> impl Iterator<Item = NodeId> {
    let excluded = EXCLUSIONS.into_iter().flat_map(|one| [one.value.0, one.elements.0]);
    ["UserPoolTier"].into_iter().chain(excluded).filter_map(|path| schema().find(path))
}

/// Whether a value at a path can be set without the loss of what was not read.
pub(super) fn is_known(before: &Pool, path: &Path) -> Result<(), Obstacle> {
    let member = path.to_string();
    let member = member.split(['.', '[']).next().unwrap_or_default();
    if member == "MfaConfiguration" || member == Section::MfaConfig.member() {
        mfa_is_known(before)?;
    }
    Ok(())
}

/// Whether the methods of a pool were read.
fn mfa_is_known(before: &Pool) -> Result<(), Obstacle> {
    let section = Section::MfaConfig;
    // A declaration has all methods, or none.
    let declared = before.lifecycle != Lifecycle::Answered;
    if declared || before.held.contains(&section) || at(before, &[section.member()]).is_some() {
        return Ok(());
    }
    let message = "the pool's MFA methods were not read, and SetUserPoolMfaConfig replaces all of them";
    let help = "read the pool live, with permission for cognito-idp:GetUserPoolMfaConfig";
    Err(Obstacle::new(message, help))
}

/// Values that the service refuses together.
fn excluded(after: &Pool) -> Result<(), Obstacle> {
    let value = |path: &str| at(after, &path.split('.').collect::<Vec<_>>());
    for exclusion in &EXCLUSIONS {
        let ((member, wanted), (list, _)) = (exclusion.value, exclusion.elements);
        let refused = value(member).zip(value(list)).and_then(|(value, list)| exclusion.refused(value, list));
        if let Some(element) = refused {
            let message = format!("Cognito refuses {member} {wanted} while {list} has {element}");
            let help = format!("remove it from {list} first, or use {}", exclusion.instead);
            return Err(Obstacle::new(message, help));
        }
    }
    Ok(())
}

/// Values of one element that the service refuses together.
pub(super) fn check_element(element: &Value, node: Option<NodeId>) -> Result<(), Obstacle> {
    for exclusion in &ELEMENT_EXCLUSIONS {
        let ((member, wanted), (list, _)) = (exclusion.value, exclusion.elements);
        let mut value = Some(element);
        for step in member.split('.') {
            value = value.and_then(|value| value.get(step));
        }
        // A list that is left out has its default.
        let default = node.and_then(|node| schema().member(node, list));
        let default = default.and_then(|id| schema().node(id).given_default());
        let of_list = element.get(list).or(default);
        let refused = value.zip(of_list).and_then(|(value, list)| exclusion.refused(value, list));
        if let Some(one) = refused {
            let message = format!("Cognito refuses {member} {wanted} while {list} has {one}");
            let help = format!("take it out of {list} first, or settle for {}", exclusion.instead);
            return Err(Obstacle::new(message, help));
        }
    }
    Ok(())
}

/// Settings that a tier lacks.
fn tier(before: &Pool, after: &Pool, changed: &dyn Fn(&[&str]) -> bool) -> Result<(), Obstacle> {
    let needs = |what: &str, tiers: &[&str]| -> Result<(), Obstacle> {
        let path = Path::parse("UserPoolTier").ok();
        let tier = path.as_ref().and_then(|path| match resolve(Scope::of(after), path) {
            State::Present(value) | State::Default(value) => value.as_str(),
            State::Absent | State::Unknown(_) | State::Outside(_) => None,
        });
        if tier.is_some_and(|tier| tiers.contains(&tier)) {
            return Ok(());
        }
        let has =
            tier.map_or("a tier that its answer does not have".to_owned(), |tier| format!("tier {tier}"));
        let message = format!("{what} needs tier {}, and the pool has {has}", tiers.join(" or "));
        Err(Obstacle::new(
            message,
            format!("move the pool first, which costs more: `--set UserPoolTier={}`", tiers[0]),
        ))
    };
    let modes: [&[&str]; 2] = [
        &["UserPoolAddOns", "AdvancedSecurityMode"],
        &["UserPoolAddOns", "AdvancedSecurityAdditionalFlows", "CustomAuthMode"],
    ];
    for mode in modes {
        if changed(mode) && matches!(word(after, mode), Some("AUDIT" | "ENFORCED")) {
            needs("threat protection", &["PLUS"])?;
        }
    }
    let history = ["Policies", "PasswordPolicy", "PasswordHistorySize"];
    if changed(&history) && matches!(at(after, &history), Some(Value::Int(1..))) {
        needs("a password history", &["ESSENTIALS", "PLUS"])?;
    }
    let factors = ["Policies", "SignInPolicy", "AllowedFirstAuthFactors"];
    if changed(&factors) && list(at(after, &factors)).iter().any(|one| one.as_str() != Some("PASSWORD")) {
        needs("a first factor other than the password", &["ESSENTIALS", "PLUS"])?;
    }
    if rotating(after) > rotating(before) {
        needs("rotation of refresh tokens", &["ESSENTIALS", "PLUS"])?;
    }
    Ok(())
}

/// The number of app clients whose refresh tokens rotate.
fn rotating(pool: &Pool) -> usize {
    let rotates = |client: &&Value| {
        let feature = client.get("RefreshTokenRotation").and_then(|rotation| rotation.get("Feature"));
        feature.and_then(Value::as_str) == Some("ENABLED")
    };
    list(at(pool, &[Section::Clients.member()])).iter().filter(rotates).count()
}

/// Settings that the changes require, with the reason. Cognito refuses MFA without a method, and an authenticator app
/// is the one that needs no settings and no messages.
pub(super) fn companions(before: &Pool, after: &Pool) -> Vec<(Path, Value, String)> {
    let on = |pool| matches!(word(pool, &["MfaConfiguration"]), Some("ON" | "OPTIONAL"));
    if !on(after) || on(before) || has_method(after) {
        return Vec::new();
    }
    let method = "MfaConfig.SoftwareTokenMfaConfiguration.Enabled";
    match Path::parse(method) {
        Ok(path) => {
            let why = "MFA needs a method, so authenticator apps (TOTP) are enabled along with it";
            vec![(path, Value::Bool(true), why.to_owned())]
        }
        Err(_) => Vec::new(),
    }
}

fn has_method(pool: &Pool) -> bool {
    let app = at(pool, &["MfaConfig", "SoftwareTokenMfaConfiguration", "Enabled"]);
    app == Some(&Value::Bool(true))
        || at(pool, &["MfaConfig", "SmsMfaConfiguration", "SmsConfiguration"]).is_some()
        || at(pool, &["MfaConfig", "EmailMfaConfiguration"]).is_some()
}

/// The value at a path of members, without defaults.
pub(super) fn at<'a>(pool: &'a Pool, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(pool.document.get(first)?, |value, name| value.get(name))
}

fn word<'a>(pool: &'a Pool, path: &[&str]) -> Option<&'a str> {
    at(pool, path).and_then(Value::as_str)
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_list).unwrap_or_default()
}
