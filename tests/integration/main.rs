//! Tests of the program from the outside, most of them data: a new case is a new file. One crate, so that it
//! links once.

#![expect(
    unreachable_pub,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests break off, look at files and the clock, and have no outside"
)]

/// The front door of the library.
mod audit;
/// Rules to start from.
mod drafts;
/// Defaults of the schema.
mod deep;
mod defaults;
/// The meaning of members that are left out or empty.
mod facts;
/// Small texts that ask for much work.
mod amplification;
/// Rules that contradict each other.
mod contradictions;
/// JSON Schemas for editors.
mod editor;
/// A rule for every path of the schema.
mod every_path;
/// Who can get a token.
mod attacker;
mod closings;
mod journey_reports;
mod journeys;
/// The callers of changes.
mod trail;
/// Packs that an auditor can check.
mod evidence;
/// The problem matcher of the action.
mod matcher;
/// Commands and what they print.
mod commands;
/// The commands of the documents, run.
mod documented;
/// Files that are written, readers that go away, signals.
mod outputs;
/// The corpus of the fuzz targets, and mutants of it.
mod fuzzed;
/// Text of others in whatever is printed.
mod hostile_text;
/// Faulty configurations.
mod config;
/// Controls of packs.
mod controls;
/// A fake Cognito on the loopback interface.
mod fake;
/// The nights of a history.
mod night;
/// The picture of README.
mod picture;
/// Declarations of new pools.
mod scaffold;
/// Generated documents.
mod pages;
/// The checks of all tools.
mod union;
/// Packs for kinds of pools.
mod presets;
mod probes;
/// Pools that mean the same do not drift, and every path can.
mod drift;
/// Pools unlike their siblings.
mod outliers;
/// Pools with the same text on both sides of a drift.
mod twins;
/// The identity of pools, and values that mean the same.
mod drift_identity;
/// Messages about faulty files.
mod faulty;
/// Faulty rules.
mod faulty_rules;
/// The inputs that `fix` writes.
mod few_excerpts;
mod fix;
mod fix_in_file;
/// How the project is built.
mod house;
/// Reading live pools, against the fake.
mod live;
/// Policies that pools teach.
mod learn;
/// Defaults by lifecycle.
mod lifecycle;
/// Values with two names.
mod mirrors;
/// Pools that share an id.
mod one_id;
/// Resources that are read as no pool.
mod passed_over;
mod planted_secrets;
/// Replicas and terms of templates are parts of pools.
mod parts;
/// Faulty files of waivers.
mod waivers;
/// Reading live pools from moto.
mod moto;
/// Files that mention a user pool and are not read are reported.
mod mentions;
/// One pool in every form.
mod same_pool;
/// Files of older versions.
mod versions;
/// Verdicts that a pool takes over from the pool before.
mod same_verdicts;
/// Every verdict of many pools.
mod many_verdicts;
/// Runs in shards.
mod shards;
/// Plans and states of real Terraform.
mod terraform;
