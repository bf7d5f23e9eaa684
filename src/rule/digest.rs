//! A digest of the rules of a run, which tells whether two runs judged by the same ones.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::{Policy, Rule};
use crate::rule::policy::Scope;
use crate::value::hex;

/// 32 hexadecimal digits of SHA-256 over the rules as they are written, their severities and parameters, those that
/// are off, and where some of them differ. Names of files are not in it: machines keep them in different places.
pub fn digest(policy: &Policy) -> String {
    let mut hash = Hash(Sha256::new());
    for rule in &policy.rules {
        hash.rule(rule);
    }
    for id in &policy.off {
        hash.text("off").text(id);
    }
    for scope in &policy.scopes {
        hash.scope(scope);
    }
    let changed = policy.scopes.iter().flat_map(|scope| &scope.changes).filter_map(|(_, rule)| rule.as_ref());
    // Many rules may be in one file.
    let texts: BTreeSet<&str> =
        policy.rules.iter().chain(changed).map(|rule| rule.source_file.text()).collect();
    for text in texts {
        hash.text(text);
    }
    hex(&hash.0.finalize()[..16])
}

struct Hash(Sha256);

impl Hash {
    fn text(&mut self, text: &str) -> &mut Hash {
        self.0.update(text.len().to_le_bytes());
        self.0.update(text.as_bytes());
        self
    }

    fn rule(&mut self, rule: &Rule) {
        self.text("rule").text(&rule.id).text(rule.severity.word()).text(&rule.title);
        for (name, value) in &rule.params {
            self.text(name).text(&value.to_string());
        }
    }

    fn scope(&mut self, scope: &Scope) {
        let selector = &scope.selector;
        self.text("scope").text(&scope.name);
        for list in [&selector.accounts, &selector.regions, &selector.sources] {
            self.text("list");
            for one in list {
                self.text(one);
            }
        }
        for glob in &selector.pools {
            self.text("pool").text(glob.as_str());
        }
        for (key, glob) in &selector.tags {
            self.text("tag").text(key).text(glob.as_str());
        }
        for (index, change) in &scope.changes {
            self.text(&index.to_string());
            match change {
                Some(rule) => self.rule(rule),
                None => _ = self.text("off"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::diagnostic::SourceFile;
    use crate::rule::assemble::{ScopeChange, assemble};
    use crate::rule::written;

    const RULE: &str = "[[rule]]\nid = \"short\"\nparams = { minimum = 12 }\n\
                        expect = { path = \"Policies.PasswordPolicy.MinimumLength\", at-least = { param = \"minimum\" } }\n";

    fn of(file: &str, rules: &str, config: &str) -> String {
        let mut mistakes = Vec::new();
        let written = written::read(&SourceFile::new(file, rules), &mut mistakes);
        let config = config::read(&SourceFile::new("cognito-lint.toml", config)).unwrap();
        let scopes = config.scopes.into_iter().map(|scope| ScopeChange {
            name: scope.name,
            selector: scope.selector,
            overrides: scope.overrides,
        });
        digest(&assemble(written, &[], &config.overrides, scopes.collect(), &mut mistakes))
    }

    #[test]
    fn whatever_changes_a_verdict_changes_the_digest() {
        let plain = of("a.toml", RULE, "");
        assert_eq!(plain.len(), 32);
        assert_eq!(plain, of("elsewhere/a.toml", RULE, ""));
        let scope = "[[scope]]\nname = \"s\"\npools = [\"dev-*\"]\noff = [\"short\"]";
        let mut digests = vec![plain];
        for config in [
            "off = [\"short\"]",
            "[rule.short]\nseverity = \"high\"",
            "[rule.short]\nparams = { minimum = 14 }",
            scope,
            &scope.replace("dev-*", "test-*"),
            &scope.replace("pools", "regions").replace("dev-*", "us-east-1"),
            &scope.replace("pools = [\"dev-*\"]", "tags = { env = \"dev\" }"),
        ] {
            digests.push(of("a.toml", RULE, config));
        }
        digests.push(of("a.toml", &RULE.replace("at-least", "at-most"), ""));
        let distinct: BTreeSet<&String> = digests.iter().collect();
        assert_eq!(distinct.len(), digests.len(), "{digests:#?}");
    }
}
