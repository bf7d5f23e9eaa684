//! `cognito-lint.toml`: every mistake is reported with its place and a way out.

use cognito_lint::config;

use crate::faulty;

#[test]
fn mistakes_in_configurations() {
    faulty::check("tests/integration/config", |scripts| {
        scripts.iter().flat_map(|script| config::read(script).err().unwrap_or_default()).collect()
    });
}
