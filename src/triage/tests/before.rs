//! Findings that were there before: baselines and earlier reports.

use super::{LISTED, POOLS, RULES, WHOLE, all, evaluated, listed, policy, pool};
use crate::diagnostic::SourceFile;
use crate::finding::{Change, Status};
use crate::shard::Shard;
use crate::source::{About, Unread};
use crate::triage::baseline::Baseline;
use crate::triage::history::PreviousReport;
use crate::triage::{Decisions, RunScope, triage};
use crate::value::Day;

/// A baseline knows what it recorded, and nothing else; what was not read or not decided stays in it.
#[test]
fn a_baseline_knows_what_it_recorded_and_keeps_what_is_open() {
    let policy = policy(RULES);
    let today = Day::parse("2026-11-24").unwrap();
    let mut evaluation = evaluated(&policy, &all());
    let baseline = Baseline::of(&evaluation);
    assert_eq!(Baseline::read(&SourceFile::new("b.toml", baseline.text())).unwrap(), baseline);
    let known = Some((&baseline, "b.toml"));
    let decisions =
        Decisions { waivers: &[], baseline: known, previous: None, policy: &policy, today, scope: WHOLE };
    triage(&mut evaluation, decisions);
    // A rule that cannot be waived is open in any case.
    assert!(
        evaluation
            .findings
            .iter()
            .all(|one| (one.standing.status == Status::Known) == (&*one.rule.id != "length"))
    );
    let mut less = baseline.clone();
    let lost = less.entries.remove(3);
    let mut evaluation = evaluated(&policy, &all());
    triage(&mut evaluation, Decisions { baseline: Some((&less, "b.toml")), ..decisions });
    let open = |one: &&crate::finding::Finding| one.rule.waivable && one.standing.status == Status::Open;
    let open: Vec<_> = evaluation.findings.iter().filter(open).collect();
    assert_eq!(open.iter().map(|one| &one.fingerprint).collect::<Vec<_>>(), [&lost.fingerprint]);
    let mended = pool(POOLS[3]).replace("OFF", "ON");
    let pruned = |pools: &[String], regions: &[(&str, &str)]| {
        baseline.pruned(&listed(evaluated(&policy, pools), regions), &policy, WHOLE).entries.len()
    };
    let n = baseline.entries.len();
    assert_eq!(pruned(&[], &[]), n, "nothing was read");
    assert_eq!(pruned(&all()[..1], &[]), n, "the others were not read");
    assert_eq!(pruned(std::slice::from_ref(&mended), &[]), n - 1);
    assert_eq!(pruned(&[mended.replace("ON", "NEWER")], &[]), n, "the verdict is unknown");
    // The pool of the same account and Region is gone; those of others may have been read or not.
    let of_pool = |id: &str| baseline.entries.iter().filter(|entry| entry.pool.ends_with(id)).count();
    assert_eq!(pruned(&all()[..1], &LISTED[..1]), n - of_pool("_aaaaaaaa2"));
    // The last pools of a Region leave no neighbour, and the list is known all the same.
    assert_eq!(pruned(&all()[3..], &LISTED[..1]), n - of_pool("_aaaaaaaa1") - of_pool("_aaaaaaaa2"));
    assert_eq!(pruned(&all()[3..], &[("444455556666", "us-east-1")]), n - of_pool("_aaaaaaaa3"));
}

/// Pools without anything to tell them apart share a fingerprint, and one entry is for one of them.
#[test]
fn an_entry_knows_one_finding() {
    let policy = policy(RULES);
    let nameless = r#"{"Name": "x", "DeletionProtection": "INACTIVE", "Policies": {}}"#.to_owned();
    let baseline = Baseline::of(&evaluated(&policy, std::slice::from_ref(&nameless)));
    let mut evaluation = evaluated(&policy, &[nameless.clone(), nameless]);
    let n = evaluation.findings.iter().filter(|one| one.rule.waivable).count();
    baseline.mark(&mut evaluation.findings);
    let known = evaluation.findings.iter().filter(|one| one.standing.status == Status::Known).count();
    assert_eq!((known, n), (baseline.entries.len(), 2 * baseline.entries.len()));
}

/// New, still there and fixed; what came back is new since then, and what was not looked at is not fixed.
#[test]
fn findings_are_compared_with_earlier_reports() {
    let policy = policy("[[rule]]\nid = \"mfa\"\nexpect = { path = \"MfaConfiguration\", equals = \"ON\" }");
    let with = |mfa: &str| vec![pool(POOLS[0]).replace("\"OFF\"", &format!("\"{mfa}\""))];
    let day = |text| Day::parse(text).unwrap();
    let report = |date, pools: &[String]| PreviousReport {
        time: day(date).start(),
        evaluation: evaluated(&policy, pools),
        policy: policy.clone(),
    };
    let told = |previous: &[PreviousReport], pools: &[String]| {
        let mut evaluation = evaluated(&policy, pools);
        let today = day("2026-11-24");
        let scope = WHOLE;
        let policy = &policy;
        triage(
            &mut evaluation,
            Decisions { waivers: &[], baseline: None, previous: Some(previous), policy, today, scope },
        );
        let changes: Vec<_> = evaluation.findings.iter().map(|one| one.standing.change).collect();
        (changes, evaluation.fixed.iter().map(|one| one.first_seen).collect::<Vec<_>>())
    };
    let [one, two] = ["2026-11-01", "2026-11-10"];
    let (off, on) = (with("OFF"), with("ON"));
    assert_eq!(told(&[], &off), (vec![Some(Change::New)], vec![]));
    assert_eq!(told(&[report(one, &off)], &with("OPTIONAL")), (vec![Some(Change::Still(day(one)))], vec![]));
    let given_in_any_order = [report(two, &off), report(one, &off)];
    assert_eq!(told(&given_in_any_order, &off).0, [Some(Change::Still(day(one)))]);
    assert_eq!(told(&[report(one, &off), report(two, &on)], &off).0, [Some(Change::New)]);
    assert_eq!(told(&[report(one, &off), report(two, &[])], &off).0, [Some(Change::Still(day(one)))]);
    assert_eq!(told(&[report(one, &off)], &on), (vec![], vec![day(one)]));
    assert_eq!(told(&[report(one, &off)], &with("NEWER")), (vec![], vec![]), "the verdict is unknown");
    assert_eq!(told(&[report(one, &off)], &[]), (vec![], vec![]), "the pool was not read");
}

/// The latest of the earlier runs are kept in numbers, the oldest first, in whatever order they were given.
#[test]
fn earlier_runs_are_kept_in_numbers() {
    let policy = policy("[[rule]]\nid = \"mfa\"\nexpect = { path = \"MfaConfiguration\", equals = \"ON\" }");
    let report = |time: i64| PreviousReport {
        time,
        evaluation: evaluated(&policy, &all()[..usize::try_from(time).unwrap() % 3]),
        policy: policy.clone(),
    };
    let previous: Vec<PreviousReport> = (1..=70).rev().map(report).collect();
    let mut evaluation = evaluated(&policy, &all());
    let today = Day::parse("2026-11-24").unwrap();
    let decisions = Decisions {
        waivers: &[],
        baseline: None,
        previous: Some(&previous),
        policy: &policy,
        today,
        scope: WHOLE,
    };
    triage(&mut evaluation, decisions);
    let times: Vec<i64> = evaluation.earlier.iter().map(|run| run.time).collect();
    assert_eq!(times, (11..=70).collect::<Vec<i64>>());
    let last = &evaluation.earlier[58..];
    assert_eq!(last.iter().map(|run| run.pools).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(last.iter().map(|run| run.open.iter().sum::<usize>()).collect::<Vec<_>>(), [0, 1]);
}

/// Findings of a deleted pool are fixed if its Region was read whole. Those of an unread pool are reported with the
/// pool.
#[test]
fn findings_end_with_their_pool_where_it_is_known_to_be_gone() {
    let policy = policy("[[rule]]\nid = \"mfa\"\nexpect = { path = \"MfaConfiguration\", equals = \"ON\" }");
    let day = |text| Day::parse(text).unwrap();
    let report =
        |date, evaluation| PreviousReport { time: day(date).start(), evaluation, policy: policy.clone() };
    let night = |previous: &[PreviousReport], pools: &[String], regions, shard, unread: Option<About>| {
        let mut evaluation = listed(evaluated(&policy, pools), regions);
        evaluation.unread.extend(unread.map(|about| Unread {
            about,
            // Its words decide nothing.
            ..Unread::new("us-west-2_other".to_owned(), "us-west-2_other was denied".to_owned())
        }));
        let scope = RunScope { shard, ..WHOLE };
        let today = day("2026-11-24");
        let decisions = Decisions {
            waivers: &[],
            baseline: None,
            previous: Some(previous),
            policy: &policy,
            today,
            scope,
        };
        triage(&mut evaluation, decisions);
        evaluation
    };
    let told = |pools: &[String], regions, shard, unread| {
        let earlier = [report("2026-11-01", evaluated(&policy, &all()))];
        let evaluation = night(&earlier, pools, regions, shard, unread);
        let ids =
            |pools: Vec<&str>| pools.into_iter().filter_map(|key| key.chars().last()).collect::<String>();
        let ended = evaluation.ended.iter().map(|one| &*one.pool).collect();
        let unvisited = evaluation.unvisited.iter().map(|one| &*one.pool).collect();
        assert!(evaluation.fixed.is_empty());
        (ids(ended), ids(unvisited))
    };
    let is = |ended: &str, unvisited: &str| (ended.to_owned(), unvisited.to_owned());
    let without = |index: usize| {
        let mut pools = all();
        pools.remove(index);
        pools
    };
    assert_eq!(told(&without(1), LISTED, None, None), is("2", ""));
    assert_eq!(told(&without(1), &[], None, None), is("", "2"), "it may be in another input");
    assert_eq!(told(&without(2), LISTED, None, None), is("", "3"), "its account was not listed");
    // The last pool of its Region and account leaves no neighbour.
    assert_eq!(told(&without(2), &[("444455556666", "us-east-1")], None, None), is("3", ""));
    assert_eq!(told(&all()[2..], LISTED, None, None), is("12", ""));
    // A target that was not read is known by its account, Region and id.
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    for (account, region, pool, ended) in [
        ("", "", "", false),
        ("", "us-east-1", "", false),
        ("111122223333", "", "", false),
        ("111122223333", "us-east-1", "us-east-1_aaaaaaaa2", false),
        ("111122223333", "us-east-1", "us-east-1_aaaaaaaa7", true),
        ("111122223333", "eu-west-1", "", true),
        ("444455556666", "us-east-1", "", true),
    ] {
        let [account, region, pool] = [account, region, pool].map(text);
        let about = About { account, region, pool, ..About::default() };
        let expected = if ended { is("2", "") } else { is("", "2") };
        assert_eq!(told(&without(1), LISTED, None, Some(about.clone())), expected, "{about:?}");
    }
    // Of two shards, the one whose pool it was tells.
    let shards = [1, 2].map(|index| Shard::new(index, 2));
    let of_shards = shards.map(|shard| told(&without(1), LISTED, shard, None).0);
    assert_eq!(of_shards.concat(), "2", "{of_shards:?}");
    let of_inputs = shards.map(|shard| told(&without(1), &[], shard, None).1);
    assert_eq!(of_inputs.concat(), "2", "{of_inputs:?}");
    // It is reported in one night.
    let first = report("2026-11-01", evaluated(&policy, &all()));
    let second = night(std::slice::from_ref(&first), &without(1), LISTED, None, None);
    assert_eq!(second.ended.len(), 1);
    let third = night(&[first, report("2026-11-02", second)], &without(1), LISTED, None, None);
    assert_eq!((third.ended.len(), third.unvisited.len()), (0, 0));
}

/// A rule that has left the run says nothing of its findings: they are counted, and are neither open nor fixed.
#[test]
fn findings_of_rules_that_are_not_judged_are_counted() {
    let policy = policy(RULES);
    let first = evaluated(&policy, &all());
    let baseline = Baseline::of(&first);
    let time = Day::parse("2026-11-01").unwrap().start();
    let previous = [PreviousReport { time, evaluation: first, policy: policy.clone() }];
    let night = |kept: &[&str], pools: &[String]| {
        let mut fewer = policy.clone();
        fewer.rules.retain(|rule| kept.contains(&&*rule.id));
        let mut evaluation = evaluated(&fewer, pools);
        let today = Day::parse("2026-11-24").unwrap();
        let decisions = Decisions {
            waivers: &[],
            baseline: Some((&baseline, "b.toml")),
            previous: Some(&previous),
            policy: &fewer,
            today,
            scope: WHOLE,
        };
        triage(&mut evaluation, decisions);
        assert!(evaluation.fixed.is_empty() && evaluation.ended.is_empty());
        let notes = evaluation.notes_in_words().filter(|(_, message)| message.contains("not judge"));
        notes.map(|(target, message)| format!("{target}: {message}")).collect::<Vec<_>>()
    };
    let every = ["mfa", "protected", "tagged", "mutable", "length", "token"];
    assert_eq!(night(&every, &all()), [""; 0]);
    assert_eq!(
        night(&["mfa", "length", "token", "tagged", "mutable"], &all()[..1]),
        [
            "b.toml: 1 entry is of a rule that this run does not judge, so it is neither open nor fixed: `protected`",
            "earlier reports: 1 finding is of a rule that this run does not judge, so it is neither open nor fixed: \
             `protected`",
        ]
    );
    assert_eq!(
        night(&["mfa", "tagged", "token"], &all()),
        [
            "b.toml: 15 entries are of rules that this run does not judge, so they are neither open nor fixed: \
             `mutable`, `protected`",
            "earlier reports: 20 findings are of rules that this run does not judge, so they are neither open nor \
             fixed: `length`, `mutable`, `protected`",
        ]
    );
    // Pools that were not read have notes of their own.
    assert_eq!(night(&["mfa"], &[]), [""; 0]);
}
