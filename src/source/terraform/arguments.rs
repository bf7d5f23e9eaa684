//! The arguments of the provider's resources, and what they are called in the API.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::schema::schema;

/// The resources that hold a part of a pool, and their arguments.
pub(super) fn tables() -> &'static BTreeMap<&'static str, Table> {
    static TABLES: LazyLock<BTreeMap<&'static str, Table>> = LazyLock::new(|| read(include_str!("map.json")));
    &TABLES
}

/// The arguments of one resource.
#[derive(Debug)]
pub(super) struct Table {
    pub arguments: Vec<Argument>,
    /// Those with no member in the API.
    pub other: Vec<&'static str>,
    /// Argument by member, both as paths with dots; those that can be set.
    names: BTreeMap<&'static str, &'static str>,
}

/// One argument, or a block of them.
#[derive(Debug)]
pub(super) struct Argument {
    pub name: &'static str,
    /// The member, from what the block around it stands for.
    pub to: Vec<&'static str>,
    /// Whether a configuration can hold it; the provider alone sets the others.
    pub settable: bool,
    pub inside: Vec<Argument>,
}

/// Blocks that the provider fills where they are left out, so that a plan has them unknown either way.
pub(super) const COMPUTED_BLOCKS: [&str; 8] = [
    "recovery_mechanism",
    "admin_create_user_config",
    "pre_token_generation_config",
    "password_policy",
    "sign_in_policy",
    "sms_configuration",
    "username_configuration",
    "verification_message_template",
];

/// One resource of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(borrow)]
    arguments: BTreeMap<&'static str, &'static str>,
    #[serde(borrow)]
    computed: BTreeMap<&'static str, &'static str>,
    #[serde(borrow)]
    other: Vec<&'static str>,
}

/// Reads the file.
///
/// # Panics
///
/// When the file is not valid. It is part of the program, and a test reads it.
#[expect(clippy::panic, reason = "the file is part of the program, and a test reads it")]
fn read(text: &'static str) -> BTreeMap<&'static str, Table> {
    let written: BTreeMap<&'static str, Written> =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("terraform/map.json: {error}"));
    written.into_iter().map(|(kind, written)| (kind, table(written))).collect()
}

fn table(written: Written) -> Table {
    let mut arguments = Vec::new();
    // A block stands before what is inside it, since a shorter path sorts before the longer.
    for (settable, (path, to)) in
        written.arguments.iter().map(|one| (true, one)).chain(written.computed.iter().map(|one| (false, one)))
    {
        let names: Vec<&'static str> = path.split('.').collect();
        insert(&mut arguments, &names, to, settable);
    }
    let names = written.arguments.iter().map(|(path, to)| (*to, *path)).collect();
    Table { arguments, other: written.other, names }
}

fn insert(arguments: &mut Vec<Argument>, names: &[&'static str], to: &'static str, settable: bool) {
    match names {
        [] => {}
        [name] => {
            arguments.push(Argument { name, to: to.split('.').collect(), settable, inside: Vec::new() });
        }
        [block, rest @ ..] => {
            if let Some(block) = arguments.iter_mut().find(|argument| argument.name == *block) {
                let around: usize = block.to.iter().map(|step| step.len() + 1).sum();
                insert(&mut block.inside, rest, to.get(around..).unwrap_or_default(), settable);
            }
        }
    }
}

/// The argument for a member of the resource's part of a pool, as a path with dots; `None` where none can be set.
pub(super) fn name(kind: &str, member: &str) -> Option<String> {
    let names = &tables().get(kind)?.names;
    if let Some(name) = names.get(member) {
        return Some((*name).to_owned());
    }
    if member == "MfaConfig.SmsMfaConfiguration" {
        return name(kind, "SmsConfiguration");
    }
    if let Some((around, key)) = member.split_once('.') {
        // The key of a map.
        if let Some(map) = names.get(around).filter(|_| MAPS.contains(&around)) {
            return Some(format!("{map}.{key}"));
        }
    }
    let names_of = |id| schema().node(id).path.as_ref();
    let (from, rest) = schema().mirrors().iter().find_map(|mirror| {
        let both = [(mirror.original, mirror.copy), (mirror.copy, mirror.original)];
        both.into_iter().find_map(|(from, to)| {
            let rest = member.strip_prefix(names_of(to))?;
            (rest.is_empty() || rest.starts_with('.')).then_some((names_of(from), rest))
        })
    })?;
    names.get(format!("{from}{rest}").as_str()).map(|name| (*name).to_owned())
}

/// Members that are maps, with keys that no table lists.
const MAPS: [&str; 3] = ["UserPoolTags", "ProviderDetails", "AttributeMapping"];

/// A function that names members in the arguments of a resource.
pub(super) fn namer(kind: &str) -> fn(&str) -> Option<String> {
    match kind {
        "aws_cognito_user_pool" => |member| name("aws_cognito_user_pool", member),
        "aws_cognito_user_pool_client" => |member| match member {
            "ClientSecret" => Some("generate_secret".to_owned()),
            _ => name("aws_cognito_user_pool_client", member),
        },
        "aws_cognito_managed_user_pool_client" => {
            |member| name("aws_cognito_managed_user_pool_client", member)
        }
        "aws_cognito_risk_configuration" => |member| name("aws_cognito_risk_configuration", member),
        "aws_cognito_log_delivery_configuration" => {
            |member| name("aws_cognito_log_delivery_configuration", member)
        }
        "aws_cognito_user_pool_domain" => |member| name("aws_cognito_user_pool_domain", member),
        "aws_cognito_identity_provider" => |member| name("aws_cognito_identity_provider", member),
        "aws_cognito_resource_server" => |member| name("aws_cognito_resource_server", member),
        "aws_cognito_user_group" => |member| name("aws_cognito_user_group", member),
        _ => |member| name("aws_wafv2_web_acl_association", member),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::NodeId;

    fn check(kind: &str, arguments: &[Argument], node: NodeId, complaints: &mut Vec<String>) {
        for argument in arguments {
            let to = argument.to.iter().try_fold(node, |node, step| schema().member(node, step));
            match to {
                // What stands in a list is that of its elements.
                Some(to) => {
                    let inside = schema().node(to).element.unwrap_or(to);
                    check(kind, &argument.inside, inside, complaints);
                }
                None => complaints.push(format!("{kind}: {} is no member: {:?}", argument.name, argument.to)),
            }
        }
    }

    #[test]
    fn every_argument_leads_to_a_member() {
        let parts = [
            ("aws_cognito_user_pool", ""),
            ("aws_cognito_user_pool_client", "Clients[]"),
            ("aws_cognito_managed_user_pool_client", "Clients[]"),
            ("aws_cognito_risk_configuration", "RiskConfiguration"),
            ("aws_cognito_log_delivery_configuration", "LogDelivery"),
            ("aws_cognito_user_pool_domain", "Domains[]"),
            ("aws_cognito_identity_provider", "IdentityProviders[]"),
            ("aws_cognito_resource_server", "ResourceServers[]"),
            ("aws_cognito_user_group", "Groups[]"),
            ("aws_wafv2_web_acl_association", "WebACL"),
        ];
        assert_eq!(parts.len(), tables().len());
        let mut complaints = Vec::new();
        for (kind, path) in parts {
            let node = schema().find(path).unwrap();
            check(kind, &tables()[kind].arguments, node, &mut complaints);
        }
        assert!(complaints.is_empty(), "{complaints:#?}");
    }

    #[test]
    fn members_go_by_the_names_of_arguments() {
        let named = |member: &str| name("aws_cognito_user_pool", member);
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(named("Policies.PasswordPolicy.MinimumLength"), some("password_policy.minimum_length"));
        assert_eq!(named("MfaConfig.MfaConfiguration"), some("mfa_configuration"));
        assert_eq!(
            named("MfaConfig.SmsMfaConfiguration.SmsConfiguration.SnsCallerArn"),
            some("sms_configuration.sns_caller_arn")
        );
        assert_eq!(
            named("SchemaAttributes.StringAttributeConstraints.MaxLength"),
            some("schema.string_attribute_constraints.max_length")
        );
        assert_eq!(named("UserPoolTags.cost.center"), some("tags.cost.center"));
        assert_eq!(named("Arn"), None, "only the provider sets it");
        assert_eq!(named("DcrConfiguration.EnableStatus"), None, "no argument sets it");
        assert_eq!(namer("aws_cognito_user_pool_client")("ClientSecret"), some("generate_secret"));
    }
}
