//! The settings of a configuration. A plan leaves computed values unknown, whether they were left out (the API's
//! default applies) or are set to something that is known later. The configuration shows the difference.

use serde_json::Value as Json;

use super::settled::MARK;

/// The setting of a configuration in one place.
#[derive(Clone, Debug)]
pub(super) enum Written<'a> {
    /// The file does not say.
    Unsaid,
    /// Nothing. The contents of `dynamic` blocks are not visible, so values inside such a block are unknown.
    Nothing,
    /// The expression of a value.
    Value(&'a Json),
    /// Blocks, in an order of their own.
    Blocks(Vec<&'a Json>),
}

impl<'a> Written<'a> {
    /// The expressions of a resource.
    pub(super) fn of(expressions: Option<&'a Json>) -> Written<'a> {
        expressions.map_or(Written::Unsaid, |expressions| Written::Blocks(vec![expressions]))
    }

    pub(super) fn member(&self, name: &str) -> Written<'a> {
        let Written::Blocks(blocks) = self else { return Written::Unsaid };
        let found: Vec<&'a Json> = blocks.iter().filter_map(|block| block.get(name)).collect();
        if found.is_empty() {
            return Written::Nothing;
        }
        let mut inside = Vec::new();
        for one in found {
            match one {
                Json::Array(blocks) => inside.extend(blocks),
                other => return Written::Value(other),
            }
        }
        Written::Blocks(inside)
    }

    /// Whether the value is known when a plan is made.
    pub(super) fn is_settled(&self) -> bool {
        matches!(self, Written::Value(expression) if expression.get(MARK).is_some())
    }

    /// Whether the value is the id or the ARN of one resource, which is never left out.
    pub(super) fn is_of_one_resource(&self) -> bool {
        let Written::Value(expression) = self else { return false };
        let references: Vec<&str> = expression["references"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .filter(|reference| !reference.starts_with("each.") && *reference != "count.index")
            .collect();
        let Some((first, rest)) = references.split_first() else { return false };
        let of_resource =
            !["var.", "local.", "module.", "data."].iter().any(|other| first.starts_with(other));
        let sure = [".id", ".arn", ".invoke_arn", ".qualified_arn"].iter().any(|end| first.ends_with(end));
        of_resource && sure && rest.iter().all(|one| first.starts_with(one))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_out_is_told_from_unknown() {
        let expressions = serde_json::json!({
            "name": {"constant_value": "a"},
            "policy": [{"length": {"references": ["var.length"]}}, {"other": {}}],
        });
        let written = Written::of(Some(&expressions));
        assert!(matches!(written.member("tier"), Written::Nothing));
        assert!(matches!(written.member("name"), Written::Value(_)));
        let policy = written.member("policy");
        assert!(matches!(policy.member("other"), Written::Value(_)), "any block may be meant");
        assert!(matches!(policy.member("symbols"), Written::Nothing));
        assert!(matches!(written.member("dynamic").member("length"), Written::Unsaid));
        let of = |references: &[&str]| {
            Written::Value(&serde_json::json!({ "references": references })).is_of_one_resource()
        };
        assert!(of(&["aws_lambda_function.hook.arn", "aws_lambda_function.hook"]));
        assert!(!of(&["var.hook_arn"]));
        assert!(!of(&["var.on", "aws_lambda_function.hook.arn", "aws_lambda_function.hook"]));
        assert!(!of(&["aws_lambda_function.hook.arn", "aws_lambda_function.hook", "var.on"]));
        assert!(matches!(Written::of(None).member("tier"), Written::Unsaid));
    }
}
