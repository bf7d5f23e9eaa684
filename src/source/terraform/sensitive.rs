//! The marks of sensitive values in a raw state, which lists their paths.

use serde_json::{Map, Value as Json};

/// The marks of a list of paths, `[[{"type": "get_attr", "value": "provider_details"}]]`, in the form that
/// `terraform show -json` gives them. A step that is written in another way hides all that it could lead to.
pub(super) fn marks_of(paths: Option<&Json>) -> Json {
    let mut marks = Json::Null;
    for path in paths.and_then(Json::as_array).into_iter().flatten() {
        sensitive_path(path.as_array().map_or(std::slice::from_ref(path), Vec::as_slice), &mut marks);
    }
    marks
}

fn sensitive_path(steps: &[Json], marks: &mut Json) {
    let Some((first, rest)) = steps.split_first().filter(|_| *marks != Json::Bool(true)) else {
        *marks = Json::Bool(true);
        return;
    };
    match (step_name(first), step_index(first)) {
        (Some(name), _) => {
            if !marks.is_object() {
                *marks = Json::Object(Map::new());
            }
            if let Some(members) = marks.as_object_mut() {
                sensitive_path(rest, members.entry(name.to_owned()).or_insert(Json::Null));
            }
        }
        (None, Some(index)) if index < LONGEST => {
            if !marks.is_array() {
                *marks = Json::Array(Vec::new());
            }
            if let Some(elements) = marks.as_array_mut() {
                while elements.len() <= index {
                    elements.push(Json::Bool(false));
                }
                sensitive_path(rest, &mut elements[index]);
            }
        }
        (None, _) => *marks = Json::Bool(true),
    }
}

/// Lists that are longer are hidden as a whole.
const LONGEST: usize = 1000;

/// The number of an element.
fn step_index(step: &Json) -> Option<usize> {
    let value = step.get("value")?.get("value")?;
    usize::try_from(value.as_u64()?).ok()
}

/// The name of an attribute or the key of a map.
fn step_name(step: &Json) -> Option<&str> {
    let value = step.get("value");
    let key = value.and_then(|value| value.get("value"));
    step.as_str().or(value.and_then(Json::as_str)).or(key.and_then(Json::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sensitive_value_hides_itself_and_not_its_block() {
        let attribute = |name: &str| serde_json::json!({"type": "get_attr", "value": name});
        let index = |value: Json, kind: &str| serde_json::json!({"type": "index", "value": {"value": value, "type": kind}});
        let first = index(0.into(), "number");
        let of = |paths: Json| marks_of(Some(&paths));
        let length = serde_json::json!([attribute("policy"), first, attribute("length")]);
        let id = serde_json::json!([attribute("details"), index("id".into(), "string")]);
        let marks = serde_json::json!({"policy": [{"length": true}], "details": {"id": true}});
        assert_eq!(of(serde_json::json!([length, id])), marks);
        let whole = serde_json::json!([attribute("policy")]);
        assert_eq!(of(serde_json::json!([length, whole])), serde_json::json!({"policy": true}));
        let strange = serde_json::json!([attribute("policy"), {"type": "splat"}, attribute("length")]);
        assert_eq!(of(serde_json::json!([strange])), serde_json::json!({"policy": true}));
        assert_eq!(of(serde_json::json!(["policy"])), serde_json::json!({"policy": true}));
    }
}
