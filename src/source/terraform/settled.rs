//! Which expressions are known when a plan is made: those of root variables, constants and keys, and of module
//! arguments made of such. Where a computed argument is unknown all the same, the expression was null.

use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::address::{Part, parts};
use super::file::{Call, Module};
use super::resource::Resource;
use super::site::references;

/// The mark on an expression that is known when a plan is made.
pub(super) const MARK: &str = "settled";
/// Modules that call each other deeper than this are not followed.
const DEEPEST: usize = 40;

/// Marks the expressions of a resource that are known when a plan is made.
pub(super) fn mark(
    root: &Module<'_>,
    resource: &Resource,
    for_each: Option<&RawValue>,
    arguments: &mut Json,
) {
    let site = Site { root, modules: &resource.modules, for_each };
    each_leaf(arguments, &mut |expression| {
        if site.settles(expression, 0)
            && let Json::Object(members) = expression
        {
            members.insert(MARK.to_owned(), Json::Bool(true));
        }
    });
}

/// Visits the expressions of arguments, also those inside of blocks.
fn each_leaf(arguments: &mut Json, visit: &mut impl FnMut(&mut Json)) {
    for (_, argument) in arguments.as_object_mut().into_iter().flatten() {
        match argument {
            Json::Array(blocks) => blocks.iter_mut().for_each(|block| each_leaf(block, visit)),
            expression => visit(expression),
        }
    }
}

/// The place of an expression.
#[derive(Clone, Copy)]
struct Site<'a> {
    root: &'a Module<'a>,
    modules: &'a [Part],
    for_each: Option<&'a RawValue>,
}

impl<'a> Site<'a> {
    fn settles(self, expression: &Json, depth: usize) -> bool {
        depth < DEEPEST && references(expression).into_iter().all(|one| self.settles_reference(one, depth))
    }

    fn settles_reference(self, reference: &str, depth: usize) -> bool {
        let path = parts(reference);
        let name = |at: usize| path.get(at).map_or("", |part| part.name.as_str());
        match (name(0), name(1)) {
            ("each", "key") | ("count" | "path" | "terraform", _) => true,
            ("each", _) => self.for_each.is_some_and(|raw| self.settles_raw(raw, depth)),
            ("var", variable) => self.settles_variable(variable, depth),
            _ => false,
        }
    }

    /// The configuration alone gives the root module its variables; a module is given them where it is called.
    fn settles_variable(self, name: &str, depth: usize) -> bool {
        let Some((last, around)) = self.modules.split_last() else { return true };
        let Some(call) = self.call(around, last) else { return false };
        let given = call.expressions.and_then(|raw| serde_json::from_str::<Json>(raw.get()).ok());
        let site = Site { modules: around, for_each: call.for_each_expression, ..self };
        given.as_ref().and_then(|given| given.get(name)).is_none_or(|one| site.settles(one, depth + 1))
    }

    fn call(self, around: &[Part], last: &Part) -> Option<&'a Call<'a>> {
        let module = around.iter().try_fold(self.root, |module, part| {
            module.calls.get(part.name.as_str()).map(|call| &call.module)
        })?;
        module.calls.get(last.name.as_str())
    }

    fn settles_raw(self, raw: &RawValue, depth: usize) -> bool {
        serde_json::from_str(raw.get()).is_ok_and(|expression| self.settles(&expression, depth + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the argument `tier` of a resource in a module, or in the root, is known when a plan is made.
    fn settles(modules: &[&str], expression: &str) -> bool {
        let root = r#"{"module_calls": {"given": {
            "expressions": {
                "root": {"references": ["var.tier"]},
                "made": {"references": ["aws_cognito_user_pool.other.user_pool_tier", "aws_cognito_user_pool.other"]},
                "local": {"references": ["local.tier"]},
                "each": {"references": ["each.value.tier", "each.value"]}
            },
            "for_each_expression": {"references": ["var.pools"]},
            "module": {}
        }}}"#;
        let root: Module<'_> = serde_json::from_str(root).unwrap();
        let part = |name: &&str| Part { name: (*name).to_owned(), key: None };
        let modules: Vec<Part> = modules.iter().map(part).collect();
        let site = Site { root: &root, modules: &modules, for_each: None };
        site.settles(&serde_json::from_str(expression).unwrap(), 0)
    }

    #[test]
    fn variables_constants_and_keys_are_known_when_a_plan_is_made() {
        let module = &["given"];
        let of = |reference: &str| format!(r#"{{"references": ["{reference}"]}}"#);
        assert!(settles(&[], &of("var.tier")));
        assert!(settles(&[], r#"{"constant_value": "PLUS"}"#));
        assert!(settles(&[], &of("each.key")));
        assert!(settles(module, &of("var.root")));
        assert!(settles(module, &of("var.each")));
        assert!(settles(module, &of("var.left_out")));
        assert!(!settles(module, &of("var.made")));
        assert!(!settles(module, &of("var.local")));
        assert!(!settles(&[], &of("local.tier")));
        assert!(!settles(&[], &of("each.value")), "nothing says what the elements are made of");
        assert!(!settles(&[], r#"{"references": ["var.tier", "data.aws_ssm_parameter.tier.value"]}"#));
    }
}
