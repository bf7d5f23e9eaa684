//! Rules over the elements of a section that the input does not hold are counted together. A run that looks at each
//! rule by itself, as one with evidence does, counts and finds the same.

use std::sync::Arc;

use cognito_lint::evaluate::{Detail, Evaluation, Options, evaluate};
use cognito_lint::pool::Section;
use cognito_lint::rule::assemble::assemble;
use cognito_lint::rule::{Policy, builtin, written};
use cognito_lint::source::{Chunk, Delivery, Shape};

fn policy() -> Policy {
    let mut mistakes = Vec::new();
    let ids = builtin::ids().into_iter();
    let rules =
        ids.flat_map(|id| written::read(&builtin::rule(id).unwrap(), &mut mistakes)).collect::<Vec<_>>();
    let policy = assemble(rules, &[], &[], Vec::new(), &mut mistakes);
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    policy
}

/// Pools with clients, with none, and without a word about them.
fn pools() -> Vec<u8> {
    let pool = |number: usize, sections: &str| {
        format!(
            r#"{{"UserPool":{{"Id":"eu-west-1_Pool{number}","Name":"pool-{number}","MfaConfiguration":"OFF"{sections}}}}}"#
        )
    };
    let client = r#"{"ClientId":"1","ClientName":"web","AllowedOAuthFlows":["implicit"]}"#;
    let sections = [
        String::new(),
        format!(r#","Clients":[{client}]"#),
        String::new(),
        r#","Clients":[],"Groups":[]"#.to_owned(),
        r#","Clients":"many""#.to_owned(),
        r#","IdentityProviders":[{"ProviderName":"corp","ProviderType":"SAML"}]"#.to_owned(),
        String::new(),
    ];
    let lines = sections.iter().enumerate().map(|(number, sections)| pool(number, sections));
    lines.collect::<Vec<_>>().join("\n").into_bytes()
}

fn run(policy: &Policy, unread: &[Section], held: &[Section], evidence: bool) -> Evaluation {
    let unread = unread.iter().map(|section| (*section, Arc::from("access was denied"))).collect();
    let (bytes, held) = (pools(), held.to_vec());
    let chunk = Chunk { bytes, shape: Shape::Lines, unread, held, ..Chunk::default() };
    let options = Options { now: 0, full_coverage: false, evidence, detail: Detail::Places, shard: None };
    evaluate(policy, std::iter::once(Delivery::Chunk(chunk)), options)
}

#[test]
fn rules_of_absent_sections_count_as_if_each_were_judged() {
    let policy = policy();
    let clients = [Section::Clients];
    for (unread, held) in [(&[][..], &[][..]), (&clients[..], &[][..]), (&[][..], &clients[..])] {
        let (grouped, single) = (run(&policy, unread, held, false), run(&policy, unread, held, true));
        assert_eq!(grouped.tally.pools, 7, "{:?}", grouped.unread);
        assert!(!grouped.findings.is_empty() && !grouped.outside.is_empty());
        assert_eq!(grouped.tally, single.tally, "{unread:?} {held:?}");
        assert_eq!(grouped.outside, single.outside, "{unread:?} {held:?}");
        assert_eq!(format!("{:?}", grouped.findings), format!("{:?}", single.findings));
        assert_eq!(format!("{:?}", grouped.undecided), format!("{:?}", single.undecided));
    }
}
