//! Modules that `terraform init` fetched, as it lists them.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::files::join;

/// The hosts of the registries that sources without a host are for.
const REGISTRIES: [&str; 2] = ["registry.terraform.io/", "registry.opentofu.org/"];

/// A module that was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fetched {
    pub directory: String,
    /// Where it was fetched from; empty where the list does not say.
    source: String,
    /// The version of a registry.
    version: Option<String>,
}

/// The modules by their keys: `a.b` for the module `b` in the module `a`.
pub(super) fn fetched(manifest: &[u8], root: &str) -> BTreeMap<String, Fetched> {
    let manifest: Json = serde_json::from_slice(manifest).unwrap_or_default();
    let modules = manifest["Modules"].as_array().into_iter().flatten();
    let module = |module: &Json| {
        let fetched = Fetched {
            directory: join(root, module["Dir"].as_str()?)?,
            source: module["Source"].as_str().unwrap_or_default().to_owned(),
            version: module["Version"].as_str().map(str::to_owned),
        };
        Some((module["Key"].as_str()?.to_owned(), fetched))
    };
    modules.filter_map(module).collect()
}

impl Fetched {
    /// Whether it is what a call asks for. Of versions, one number and the forms of `~>` and `>=` are compared.
    pub(super) fn is_of(&self, source: &str, version: Option<&str>) -> bool {
        let same = self.source.is_empty() || comparable(&self.source) == comparable(source);
        let allowed = match (&self.version, version) {
            (Some(fetched), Some(asked)) => asked.split(',').all(|one| allows(one.trim(), fetched)),
            _ => true,
        };
        same && allowed
    }
}

/// A source without what Terraform adds when it lists one.
fn comparable(source: &str) -> String {
    let source = REGISTRIES.iter().find_map(|host| source.strip_prefix(host)).unwrap_or(source);
    let source = source.strip_prefix("git::").unwrap_or(source);
    let source = source.split_once("://").map_or(source, |(_, rest)| rest);
    let source = source.strip_prefix("git@").unwrap_or(source);
    source.replacen(':', "/", 1).replace(".git", "")
}

/// Whether a constraint allows a version. One that is not understood allows each.
fn allows(constraint: &str, version: &str) -> bool {
    let digits = constraint.find(|letter: char| letter.is_ascii_digit()).unwrap_or(constraint.len());
    let (operator, wanted) = constraint.split_at(digits);
    let (Some(wanted), Some(version)) = (numbers(wanted), numbers(version)) else { return true };
    let whole = |mut numbers: Vec<u64>| {
        numbers.resize(numbers.len().max(3), 0);
        numbers
    };
    let (least, version) = (whole(wanted.clone()), whole(version));
    match operator.trim() {
        "" | "=" => version == least,
        ">=" => version >= least,
        ">" => version > least,
        "<=" => version <= least,
        "<" => version < least,
        "!=" => version != least,
        "~>" => version >= least && version.starts_with(&wanted[..wanted.len() - 1]),
        _ => true,
    }
}

fn numbers(version: &str) -> Option<Vec<u64>> {
    version.trim().split('.').map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(source: &str, version: Option<&str>) -> Fetched {
        let version = version.map(str::to_owned);
        Fetched { directory: String::new(), source: source.to_owned(), version }
    }

    #[test]
    fn sources_are_compared_without_what_terraform_adds() {
        for (listed, written) in [
            ("registry.terraform.io/example/pool/aws", "example/pool/aws"),
            ("example/pool/aws", "registry.terraform.io/example/pool/aws"),
            ("git::https://github.com/example/pool.git?ref=v1", "github.com/example/pool?ref=v1"),
            ("git::ssh://git@github.com/example/pool.git", "git@github.com:example/pool.git"),
            ("git::https://example.com/pool.git//inner", "git::https://example.com/pool.git//inner"),
            ("", "example/pool/aws"),
        ] {
            assert!(module(listed, None).is_of(written, None), "{listed} {written}");
        }
        for (listed, written) in [
            ("registry.terraform.io/example/pool/aws", "other/pool/aws"),
            ("git::https://github.com/example/pool.git?ref=v1", "github.com/example/pool?ref=v2"),
        ] {
            assert!(!module(listed, None).is_of(written, None), "{listed} {written}");
        }
    }

    #[test]
    fn versions_are_compared_with_what_is_asked_for() {
        let fetched = module("registry.terraform.io/example/pool/aws", Some("1.4.2"));
        for allowed in
            ["1.4.2", "= 1.4.2", "~> 1.0", "~> 1.4.0", ">= 1.0, < 2.0", "!= 1.4.3", "> 1.4", "1.4.2-rc1"]
        {
            assert!(fetched.is_of("example/pool/aws", Some(allowed)), "{allowed}");
        }
        for refused in ["1.4.3", "~> 2.0", "~> 1.3.0", ">= 1.5", "< 1.4.2", "!= 1.4.2", ">= 1.0, < 1.4"] {
            assert!(!fetched.is_of("example/pool/aws", Some(refused)), "{refused}");
        }
    }
}
