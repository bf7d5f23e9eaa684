//! The web ACL of a declared pool: the association names it and says nothing of what is in it.

use crate::schema::{Node, schema};
use crate::value::{Map, Value};

/// The web ACL with an ARN, `arn:aws:wafv2:REGION:ACCOUNT:regional/webacl/NAME/ID`.
pub(super) fn web_acl(arn: &Value) -> Map {
    let text = arn.as_str().unwrap_or_default().to_owned();
    let parts: Vec<&str> = text.split('/').collect();
    let mut acl = Map::default();
    for node in schema().find("WebACL").map(|id| schema().node(id)).into_iter().flat_map(members) {
        let part = |at: usize| match parts.get(at) {
            Some(part) => Value::String((*part).to_owned().into()),
            None if arn.is_unknown() => arn.clone(),
            None => Value::Unknown("the ARN of the web ACL does not tell it".into()),
        };
        let value = match node.name.as_ref() {
            "ARN" => arn.clone(),
            "Name" => part(2),
            "Id" => part(3),
            _ => {
                let why = "the association names the web ACL and says nothing of what is in it";
                Value::Unknown(why.into())
            }
        };
        acl.set(node.name.clone(), value);
    }
    acl
}

fn members(node: &'static Node) -> impl Iterator<Item = &'static Node> {
    node.members.iter().map(|id| schema().node(*id))
}
