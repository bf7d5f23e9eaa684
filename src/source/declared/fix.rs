//! How to write a value in the language of a file.

use super::Language;
use crate::value::Value;

/// The setting as it would be written in the file. `None` for values that cannot be written.
pub(super) fn fix(language: Language, has_blocks: bool, name: &str, value: &Value) -> Option<String> {
    if name.contains(' ') {
        // One of the values of a list is meant, and the others are to stay.
        return None;
    }
    let value = literal(value, language)?;
    // Of an element of a list only its own part is written: the elements around it are to stay.
    let name = name.rsplit("[].").next().unwrap_or(name);
    let mut parts: Vec<&str> = name.split('.').collect();
    let last = parts.pop()?;
    let setting = match language {
        Language::Terraform => format!("{last} = {value}"),
        Language::Yaml => format!("{last}: {value}"),
        Language::Json => format!("\"{last}\": {value}"),
    };
    Some(parts.into_iter().rev().fold(setting, |inner, block| match language {
        Language::Terraform if has_blocks => format!("{block} {{ {inner} }}"),
        Language::Terraform => format!("{block} = {{ {inner} }}"),
        Language::Yaml => format!("{block}: {{ {inner} }}"),
        Language::Json => format!("\"{block}\": {{ {inner} }}"),
    }))
}

/// A plain value, or a list of such. `None` for what cannot be written.
pub(in crate::source) fn literal(value: &Value, language: Language) -> Option<String> {
    match value {
        Value::Bool(_) | Value::Int(_) => Some(value.to_string()),
        Value::String(text) if language == Language::Yaml && is_plain(text) => Some(text.to_string()),
        Value::String(_) => Some(value.to_json().to_string()),
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| literal(item, language)).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        _ => None,
    }
}

/// Whether YAML reads a word as text without quotes, in version 1.1 too, where `ON` is a boolean.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_form() {
        let active = Value::String("ACTIVE".into());
        let write = |language, name, value| fix(language, true, name, value).unwrap();
        assert_eq!(
            write(Language::Terraform, "deletion_protection", &active),
            r#"deletion_protection = "ACTIVE""#
        );
        assert_eq!(write(Language::Yaml, "DeletionProtection", &active), "DeletionProtection: ACTIVE");
        assert_eq!(write(Language::Json, "DeletionProtection", &active), r#""DeletionProtection": "ACTIVE""#);
        let twelve = Value::Int(12);
        let path = "password_policy.minimum_length";
        assert_eq!(write(Language::Terraform, path, &twelve), "password_policy { minimum_length = 12 }");
        assert_eq!(
            write(Language::Yaml, "Policies.PasswordPolicy.MinimumLength", &twelve),
            "Policies: { PasswordPolicy: { MinimumLength: 12 } }"
        );
    }

    #[test]
    fn a_word_that_yaml_takes_for_a_boolean_is_quoted() {
        let on = Value::String("ON".into());
        assert_eq!(fix(Language::Yaml, true, "MfaConfiguration", &on).unwrap(), r#"MfaConfiguration: "ON""#);
    }
}
