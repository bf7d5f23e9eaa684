//! Keys and operators of other policy languages, each with what does the same here.

/// The help for a key of a rule.
pub(super) fn key(word: &str) -> Option<&'static str> {
    Some(match word {
        "description" | "rationale" | "reason" | "impact" => "say what can go wrong in `why`",
        "remediation" | "recommendation" | "solution" => "say what to change in `fix`",
        "name" => "a rule has an `id` and a `title`",
        "level" => "set `severity`: info, low, medium, high or critical",
        "references" | "refs" | "url" | "urls" | "link" => "give addresses as `links = [\"https://...\"]`",
        "condition" | "assert" | "check" | "must" => "say what must hold in `expect`",
        "unless" => "skip the rule with `when = { none = [...] }`",
        "if" | "where" => "skip the rule where `when` does not hold: `when = {...}`",
        "for-each" | "foreach" | "for_each" => "name the list in `each`: `each = \"Clients\"`",
        "parameters" | "variables" | "vars" => "declare parameters in `params`: `params = { minimum = 12 }`",
        "tests" => "write a test as `[[rule.test]]`",
        _ => return None,
    })
}

/// The form of a predicate that was meant, and the help.
pub(super) fn form(word: &str) -> Option<(&'static str, &'static str)> {
    Some(match word {
        "not" | "nor" => ("none", "write `none = [...]` with the predicate in it"),
        "and" | "allOf" | "all-of" => ("all", "write `all = [...]`"),
        "or" | "anyOf" | "any-of" => ("any", "write `any = [...]`"),
        "key" | "attribute" | "field" | "property" => ("path", "name what to look at in `path`"),
        _ => return None,
    })
}

/// The help for an operator.
pub(super) fn operator(word: &str) -> Option<&'static str> {
    Some(match word {
        ">=" | "gte" | "ge" | "min" | "minimum" => "write `at-least`",
        "<=" | "lte" | "le" | "max" | "maximum" => "write `at-most`",
        ">" | "gt" | "greater-than" => "write `at-least`, with the next number",
        "<" | "lt" | "less-than" => "write `at-most`, with the number before",
        "==" | "=" | "eq" | "is" | "value" => "write `equals`",
        "!=" | "<>" | "ne" | "neq" | "not" => "write `not-equals`",
        "in" => "write `one-of`",
        "nin" | "not-in" => "write `none-of`",
        "regex" | "pattern" | "match" | "=~" | "like" => "write `matches`, with a regular expression",
        "exists" | "defined" | "is-set" => "write `present = true` or `present = false`",
        "absent" | "missing" => "write `present = false`",
        "has" | "includes" => "write `contains`",
        "size" | "len" | "length" => "write `length-at-least` or `length-at-most`",
        _ => return None,
    })
}
