//! The live source against moto, which others wrote: 130 pools that `tests/moto/seed.py` made through boto3.

use std::collections::BTreeSet;
use std::path::PathBuf;

use cognito_lint::evaluate::{Detail, Evaluation, Options, evaluate};
use cognito_lint::rule::assemble::assemble;
use cognito_lint::rule::{Policy, Verdict};
use cognito_lint::rule::{builtin, written};
use cognito_lint::source::Delivery;
use cognito_lint::source::aws::read;
use cognito_lint::source::input::{Input, open};
use cognito_lint::source::live::Request;

/// Every built-in rule.
fn policy() -> Policy {
    let mut mistakes = Vec::new();
    let scripts = builtin::ids().into_iter().filter_map(builtin::rule);
    let rules = scripts.flat_map(|script| written::read(&script, &mut mistakes)).collect();
    let policy = assemble(rules, &[], &[], Vec::new(), &mut mistakes);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    policy
}

fn judge(policy: &Policy, deliveries: impl Iterator<Item = Delivery> + Send) -> Evaluation {
    let options =
        Options { now: 0, full_coverage: false, evidence: true, detail: Detail::Places, shard: None };
    let evaluation = evaluate(policy, deliveries, options);
    assert_eq!(evaluation.unread, []);
    assert_eq!(evaluation.tally.pools, 130);
    evaluation
}

/// Pool, rule, subject, verdict and reason of everything that was judged. Why a value is unknown ends, after a
/// semicolon, with what is true of the source alone.
fn verdicts(evaluation: &Evaluation) -> BTreeSet<String> {
    let line = |one: std::io::Result<cognito_lint::finding::Evidence>| {
        let one = one.unwrap();
        let subject = one.subject.as_ref().map_or("", |subject| &subject.key);
        let reason = match one.verdict {
            Verdict::Unknown => one.reason.split(';').next().unwrap_or_default(),
            Verdict::Pass | Verdict::Fail | Verdict::Skipped => &one.reason,
        };
        format!("{} {} {subject} {} {reason}", one.pool.key(), one.rule, one.verdict.word())
    };
    evaluation.evidence.verdicts().map(line).collect()
}

#[test]
#[ignore = "needs a moto server; .ci/moto.sh starts one"]
fn moto_pools_get_the_verdicts_of_what_the_aws_cli_saved() {
    let url = std::env::var("MOTO_URL").expect("MOTO_URL, as .ci/moto.sh sets it");
    let saved = std::env::var("MOTO_SAVED").expect("MOTO_SAVED, as .ci/moto.sh sets it");
    let request = Request {
        regions: vec!["us-east-1".to_owned(), "eu-west-1".to_owned()],
        endpoint_url: Some(url),
        quotas: crate::live::NO_QUOTAS,
        credentials: Some(("AKIDEXAMPLE".to_owned(), "secret".to_owned())),
        ..Request::default()
    };
    let policy = policy();
    let live = judge(&policy, read(request));
    let saved = judge(&policy, open(vec![Input::Path(PathBuf::from(saved))]));
    assert_eq!(verdicts(&live), verdicts(&saved));
    // A seed that makes all pools alike would prove little.
    assert!(live.tally.pass > 500 && live.tally.fail > 500 && live.tally.unknown > 50, "{:?}", live.tally);
}
