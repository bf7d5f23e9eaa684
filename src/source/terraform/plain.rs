//! Texts, numbers and booleans, by what the API has in their place.

use super::tree::{Node, Tree};
use crate::schema::Kind;
use crate::source::text::read_time;
use crate::value::{Text, Value};

/// Numbers that are 0 where nothing is set.
const ZERO_IS_UNSET: [&str; 3] = ["refresh_token_validity", "managed_login_version", "precedence"];

/// A value without members; `None` for what means that nothing is set.
pub(super) fn plain(tree: &Tree, kind: Kind, least: Option<i64>, name: &str) -> Option<Value> {
    let value = match &tree.node {
        Node::Null => return None,
        Node::Bool(value) => Value::Bool(*value),
        Node::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Node::String(text) => Value::String(Text::Owned(text.clone())),
        Node::Deep => Value::Unknown("it stands deeper than any argument".into()),
        Node::List(_) | Node::Map(_) => {
            Value::Unknown("it is of another form than this version knows".into())
        }
    };
    let value = match (kind, value) {
        // Old states hold texts only.
        (Kind::Boolean, Value::String(text)) => match text.parse() {
            Ok(value) => Value::Bool(value),
            Err(_) => Value::String(text),
        },
        (Kind::Integer, Value::String(text)) => match text.parse() {
            Ok(number) => Value::Int(number),
            Err(_) => Value::String(text),
        },
        (Kind::String, Value::Int(number)) => Value::String(number.to_string().into()),
        (Kind::Timestamp, Value::String(text)) => read_time(&text).unwrap_or(Value::String(text)),
        (_, value) => value,
    };
    let zero_is_unset = least.is_some_and(|least| least > 0) || ZERO_IS_UNSET.contains(&name);
    (value != Value::Int(0) || !zero_is_unset).then_some(value)
}
