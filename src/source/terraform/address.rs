//! Addresses and references: `module.auth["eu"].aws_cognito_user_pool.main[0].id`.

/// A name between dots, with the key in brackets after it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    pub name: String,
    /// The number of `count` or the text of `for_each`.
    pub key: Option<String>,
}

/// Splits an address at the dots outside of brackets.
pub(super) fn parts(address: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = address;
    while !rest.is_empty() {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let mut key = None;
        while let Some(inner) = rest.strip_prefix('[') {
            let end = end_of_key(inner);
            key = key.or_else(|| Some(read_key(&inner[..end])));
            rest = inner[end..].strip_prefix(']').unwrap_or_default();
        }
        rest = rest.strip_prefix('.').unwrap_or(if rest.starts_with('[') { rest } else { "" });
        parts.push(Part { name, key });
    }
    parts
}

/// The modules around a resource, from the outside in.
pub(super) fn modules(address: &str) -> Vec<Part> {
    let mut modules = Vec::new();
    let mut parts = parts(address).into_iter();
    while parts.next().is_some_and(|part| part.name == "module") {
        modules.extend(parts.next());
    }
    modules
}

/// Where a key ends: at the bracket that is not in a text.
fn end_of_key(text: &str) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}

fn read_key(text: &str) -> String {
    serde_json::from_str(text).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(address: &str) -> String {
        let part = |part: &Part| match &part.key {
            Some(key) => format!("{}<{key}>", part.name),
            None => part.name.clone(),
        };
        parts(address).iter().map(part).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn keys_may_hold_dots_brackets_and_quotes() {
        assert_eq!(shown("aws_cognito_user_pool.main"), "aws_cognito_user_pool main");
        assert_eq!(
            shown(r#"module.auth["a.b]\"c"].aws_cognito_user_pool.main[0].id"#),
            r#"module auth<a.b]"c> aws_cognito_user_pool main<0> id"#
        );
        assert_eq!(shown("broken["), "broken<>");
    }

    #[test]
    fn the_modules_of_an_address() {
        let named = modules("module.a[1].module.b.aws_cognito_user_pool.module");
        assert_eq!(named.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(named[0].key.as_deref(), Some("1"));
        assert!(modules("aws_cognito_user_pool.main").is_empty());
    }
}
