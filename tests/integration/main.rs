//! Tests of the program from the outside, most of them data: a new case is a new file. One crate, so that it
//! links once.

/// A rule for every path of the schema.
mod every_path;
/// Commands and what they print.
mod commands;
/// Faulty configurations.
mod config;
/// A fake Cognito on the loopback interface.
mod fake;
/// What is said of faulty files.
mod faulty;
/// Faulty rules.
mod faulty_rules;
/// Reading live pools, against the fake.
mod live;
/// Reading live pools from moto.
mod moto;
