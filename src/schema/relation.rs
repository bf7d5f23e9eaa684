//! Demands of the service on members of one element together, though each is valid by itself. Sources: the API
//! reference and the messages of refusals.

use crate::value::Value;

/// A demand on the members of an element.
#[derive(Debug, PartialEq, Eq)]
pub enum Relation {
    /// Elements of a list that begin so are not beside others.
    Apart { list: &'static str, prefix: &'static str },
    /// An element of a list that is there alone.
    Alone { list: &'static str, element: &'static str },
    /// An element of a list that is there only with one of some members.
    Needs { list: &'static str, element: &'static str, members: &'static [&'static str] },
    /// A list that is not empty while a switch is on.
    Filled { switch: &'static str, list: &'static str },
    /// A member whose value is an element of a list.
    Within { member: &'static str, list: &'static str },
}

/// The demands on a client.
pub const CLIENT_RELATIONS: [Relation; 6] = [
    Relation::Apart { list: "ExplicitAuthFlows", prefix: "ALLOW_" },
    Relation::Alone { list: "AllowedOAuthFlows", element: "client_credentials" },
    Relation::Needs {
        list: "AllowedOAuthFlows",
        element: "client_credentials",
        members: &["ClientSecret", "ClientSecretArn"],
    },
    Relation::Filled { switch: "AllowedOAuthFlowsUserPoolClient", list: "AllowedOAuthFlows" },
    Relation::Filled { switch: "AllowedOAuthFlowsUserPoolClient", list: "AllowedOAuthScopes" },
    Relation::Within { member: "DefaultRedirectURI", list: "CallbackURLs" },
];

/// Elements of a list that another one succeeds, where only `idle` ones are left without them.
#[derive(Debug, PartialEq, Eq)]
pub struct Successor {
    /// The path of the list.
    pub list: &'static str,
    pub of: &'static [&'static str],
    pub is: &'static str,
    /// Elements that do nothing by themselves.
    pub idle: &'static [&'static str],
}

/// SRP proves that a user knows the password without sending it, so that a client without the flows that send it is still
/// for the same users.
pub const SUCCESSOR: Successor = Successor {
    list: "Clients[].ExplicitAuthFlows",
    of: &["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_AUTH"],
    is: "ALLOW_USER_SRP_AUTH",
    idle: &["ALLOW_REFRESH_TOKEN_AUTH"],
};

/// The lifetime of a client that is at least as long as each of others. Source: the developer guide, which says of each
/// that it cannot be greater than the expiration of the refresh token.
pub const LONGEST_LIFETIME: (&str, [&str; 2]) =
    ("RefreshTokenLifetimeSeconds", ["AccessTokenLifetimeSeconds", "IdTokenLifetimeSeconds"]);

impl Successor {
    /// The element to add to what is left of a list.
    pub fn needed(&self, before: &[Value], after: &[Value]) -> Option<&'static str> {
        let has = |names: &[&str], one: &Value| one.as_str().is_some_and(|one| names.contains(&one));
        let is_gone = before.iter().any(|one| has(self.of, one) && !after.contains(one));
        (is_gone && after.iter().all(|one| has(self.idle, one))).then_some(self.is)
    }
}

impl Relation {
    /// Why the service refuses an element; `None` if it does not, or if that is not known.
    pub fn refused(&self, element: &Value) -> Option<String> {
        let list = |name: &str| element.get(name).and_then(Value::as_list).unwrap_or_default();
        let has = |name: &str, wanted: &str| list(name).iter().any(|one| one.as_str() == Some(wanted));
        match self {
            Relation::Apart { list: name, prefix } => {
                let texts = || list(name).iter().filter_map(Value::as_str);
                let old = texts().find(|one| !one.starts_with(prefix))?;
                let new = texts().find(|one| one.starts_with(prefix))?;
                Some(format!("{name} has {old} beside {new}"))
            }
            Relation::Alone { list: name, element } => {
                let is_refused = has(name, element) && list(name).len() > 1;
                is_refused.then(|| format!("{name} has {element} beside other elements"))
            }
            Relation::Needs { list: name, element: wanted, members } => {
                let is_refused =
                    has(name, wanted) && members.iter().all(|member| element.get(member).is_none());
                is_refused.then(|| format!("{name} has {wanted}, and there is no {}", members[0]))
            }
            Relation::Filled { switch, list: name } => {
                let is_on = element.get(switch) == Some(&Value::Bool(true));
                let is_empty = match element.get(name) {
                    None => true,
                    Some(value) => value.as_list().is_some_and(<[Value]>::is_empty),
                };
                (is_on && is_empty).then(|| format!("{switch} is true, and {name} is empty"))
            }
            Relation::Within { member, list: name } => {
                let value = element.get(member).and_then(Value::as_str).filter(|value| !value.is_empty())?;
                let is_known = match element.get(name) {
                    None => true,
                    Some(list) => {
                        list.as_list().is_some_and(|all| all.iter().all(|one| one.as_str().is_some()))
                    }
                };
                (is_known && !has(name, value)).then(|| format!("{member} is not in {name}"))
            }
        }
    }
}
