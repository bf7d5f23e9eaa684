//! A mapping with its names in snake case: `AllowedOAuthFlows` is `allowed_o_auth_flows`, `CallbackURLs` is
//! `callback_ur_ls`.

use std::collections::BTreeMap;

use super::{Argument, Factors, Form, Mapping, secrets};
use crate::pool::Section;
use crate::schema::{NodeId, schema};

/// The mapping of `AWS::Cognito::UserPool` as that of `awscc_cognito_user_pool`.
pub(super) fn mapping(of: &Mapping) -> Mapping {
    let mut parts = of.kind.split("::").skip(1);
    let service = parts.next().unwrap_or_default().to_ascii_lowercase();
    let kind = format!("awscc_{service}_{}", snake(parts.next().unwrap_or_default()));
    let arguments: Vec<Argument> = of.arguments.iter().map(argument).collect();
    let mut names = BTreeMap::new();
    for argument in arguments.iter().filter(|argument| argument.settable) {
        name_all(argument, "", "", &mut names);
    }
    let others = of.named.iter().map(|(member, name)| {
        let word = name.split(' ').next().unwrap_or_default();
        (*member, leak(snake(word)))
    });
    let mut other: Vec<&'static str> = of.other.iter().map(|name| leak(snake(name))).collect();
    other.push("id");
    Mapping {
        kind: leak(kind),
        at: of.at,
        section: of.section,
        is_element: of.is_element,
        link: of.link.map(|link| leak(snake(link))),
        secrets: secrets(&arguments),
        arguments,
        other,
        unread: of.unread.iter().map(|name| leak(snake(name))).collect(),
        names,
        named: others.collect(),
        replaced_by: of.replaced_by.iter().map(|name| leak(snake(name))).collect(),
        form: Form::Attributes,
        factors: Factors {
            argument: of.factors.argument.map(|name| leak(snake(name))),
            ..of.factors.clone()
        },
        left_out: of.left_out.clone(),
        defaults: BTreeMap::new(),
        adopts: of.adopts,
    }
}

fn argument(of: &Argument) -> Argument {
    Argument {
        name: leak(snake(of.name)),
        to: of.to.clone(),
        node: of.node,
        settable: of.settable,
        filled: of.filled,
        zero_is_unset: of.zero_is_unset,
        inside: inside(of.node, of.settable),
    }
}

/// The members of a structure, or of the elements of a list.
fn inside(node: NodeId, settable: bool) -> Vec<Argument> {
    let owner = schema().node(node).element.unwrap_or(node);
    let members = schema().node(owner).members.iter();
    let members = members.filter(|id| schema().node(**id).is_sent() && Section::rooted_at(**id).is_none());
    let argument = |id: &NodeId| {
        let name = schema().node(*id).name.as_ref();
        let step = leak(name.to_owned());
        Argument {
            name: leak(snake(name)),
            to: vec![step],
            node: *id,
            settable,
            filled: false,
            zero_is_unset: false,
            inside: inside(*id, settable),
        }
    };
    members.map(argument).collect()
}

/// Takes down the paths of an argument and of those inside it by their members.
fn name_all(argument: &Argument, member: &str, path: &str, names: &mut BTreeMap<&'static str, &'static str>) {
    let join = |around: &str, name: &str| {
        if around.is_empty() { name.to_owned() } else { format!("{around}.{name}") }
    };
    let (member, path) = (join(member, &argument.to.join(".")), join(path, argument.name));
    for inner in &argument.inside {
        name_all(inner, &member, &path, names);
    }
    names.insert(leak(member), leak(path));
}

/// An underscore is before a capital that follows a small letter or a digit, and before the last capital of several
/// that a small letter follows.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snaked = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let small_after = letters.get(at + 1).is_some_and(char::is_ascii_lowercase);
        let starts = match before {
            Some(before) => !before.is_ascii_uppercase() || small_after,
            None => false,
        };
        if letter.is_ascii_uppercase() && starts {
            snaked.push('_');
        }
        snaked.push(letter.to_ascii_lowercase());
    }
    snaked
}

/// Names are kept for as long as the program runs, and made once.
fn leak(name: String) -> &'static str {
    String::leak(name)
}

#[cfg(test)]
mod tests {
    use super::snake;

    #[test]
    fn names_are_those_of_the_provider() {
        for (name, snaked) in [
            ("UserPoolName", "user_pool_name"),
            ("CallbackURLs", "callback_ur_ls"),
            ("AllowedOAuthFlowsUserPoolClient", "allowed_o_auth_flows_user_pool_client"),
            ("WebAuthnRelyingPartyID", "web_authn_relying_party_id"),
            ("KMSKeyID", "kms_key_id"),
            ("BlockedIPRangeList", "blocked_ip_range_list"),
            ("S3Configuration", "s3_configuration"),
            ("WebACLAssociation", "web_acl_association"),
        ] {
            assert_eq!(snake(name), snaked);
        }
    }
}
