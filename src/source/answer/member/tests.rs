//! The elements of lists that are compared with those of the pool before.

use crate::pool::{Pool, Projection};
use crate::source::answer::Memory;
use crate::source::answer::entry::{Parsed, pools, pools_after};
use crate::source::{Chunk, Shape};

fn read(text: String) -> Parsed<'static> {
    read_as(text, &Projection::everything())
}

fn read_as(text: String, projection: &Projection) -> Parsed<'static> {
    let chunk = Chunk { bytes: text.into_bytes(), shape: Shape::Lines, ..Chunk::default() };
    let Parsed { pools, unread, .. } = pools(&chunk, projection);
    Parsed { pools, unread, ..Parsed::default() }
}

/// The pools and the messages of texts, each of which is read after those before it.
fn read_in_turn(texts: &[String], projection: &Projection) -> (Vec<String>, Vec<String>) {
    let (mut memory, mut all) = (Memory::default(), (Vec::new(), Vec::new()));
    for text in texts {
        let chunk = Chunk { bytes: text.clone().into_bytes(), shape: Shape::Lines, ..Chunk::default() };
        let mut parsed = pools_after(&chunk, projection, &memory);
        all.0.extend(parsed.pools.iter().map(shown));
        all.1.extend(parsed.unread.iter().map(|unread| unread.message.clone()));
        if let Some(new) = parsed.memory.take() {
            memory = new;
        }
    }
    all
}

fn pool(attributes: &str) -> String {
    format!(r#"{{"UserPool":{{"Id":"eu-west-1_a","Name":"a","SchemaAttributes":[{attributes}]}}}}"#)
}

fn attribute(name: &str, mutable: bool) -> String {
    format!(r#"{{"Name":"{name}","Mutable":{mutable},"StringAttributeConstraints":{{"MaxLength":"9"}}}}"#)
}

/// The members of a pool that are read, and those that the schema does not know.
fn shown(pool: &Pool) -> String {
    format!("{:?} {:?}", pool.document, pool.unknown_members)
}

#[test]
fn a_pool_is_read_the_same_whatever_pool_was_before_it() {
    let (email, phone, fixed) =
        (attribute("email", true), attribute("phone", true), attribute("email", false));
    let lists = [
        format!("{email},{phone}"),
        format!("{email},{phone}"),
        format!("{phone},{email}"),
        format!("{fixed},{phone}"),
        email.clone(),
        String::new(),
        format!("{email},{}", r#"{"Name":"x","Newer":1}"#),
        format!("{email},{}", r#"{"Name":"x","Newer":1}"#),
        format!("{email},{}", r#"{"Name":"x","Name":"y"}"#),
        format!("{email},{}", r#"{"Name":null}"#),
        format!("{email},3,null"),
        format!("{email},{}", r#"{"Name":"\u0078"}"#),
        format!("{email},{phone}"),
    ];
    for first in &lists {
        for second in &lists {
            let both = read(format!("{}\n{}\n", pool(first), pool(second)));
            let alone = [first, second].map(|list| read(pool(list)));
            let pools = |parsed: &Parsed<'_>| parsed.pools.iter().map(shown).collect::<Vec<_>>();
            let wanted: Vec<String> = alone.iter().flat_map(pools).collect();
            assert_eq!(pools(&both), wanted, "{first}\n{second}");
            let messages = |parsed: &Parsed<'_>| {
                parsed.unread.iter().map(|unread| unread.message.clone()).collect::<Vec<_>>()
            };
            let told: Vec<String> = alone.iter().flat_map(messages).collect();
            assert_eq!(messages(&both), told, "{first}\n{second}");
            let in_turn = read_in_turn(&[pool(first), pool(second)], &Projection::everything());
            assert_eq!(in_turn, (wanted, told), "{first}\n{second}");
        }
    }
}

/// Lists that differ in each pool are no longer compared, and read as before.
#[test]
fn lists_that_differ_are_read_too() {
    let lists: Vec<String> = (0..200).map(|number| attribute(&format!("custom:{number}"), true)).collect();
    let all = read(lists.iter().map(|list| pool(list) + "\n").collect());
    assert_eq!(all.pools.len(), lists.len());
    for (read_after_others, list) in all.pools.iter().zip(&lists) {
        assert_eq!(shown(read_after_others), shown(&read(pool(list)).pools[0]));
    }
}

/// Whatever was skipped in the pool before, and in whatever order its members were.
#[test]
fn a_pool_that_is_skipped_is_the_same_whatever_pool_was_before_it() {
    let one = attribute("email", true);
    let policies = r#""Policies":{"PasswordPolicy":{"MinimumLength":8}}"#;
    let bodies = [
        format!(r#""SchemaAttributes":[{one}],"EmailConfiguration":{{"From":"a"}},{policies}"#),
        format!(r#""SchemaAttributes":[{one},{one}],"EmailConfiguration":{{"From":"a"}},{policies}"#),
        format!(r#""SchemaAttributes":[{one},{{"Newer":1}}],"EmailConfiguration":{{"From":"a"}},{policies}"#),
        format!(r#""SchemaAttributes":[],"EmailConfiguration":{{"Newer":"a"}},{policies}"#),
        format!(r#""SchemaAttributes":[3,{one},null],"EmailConfiguration":{{"From":"a"}},{policies}"#),
        format!(r#"{policies},"EmailConfiguration":{{"From":"a"}},"SchemaAttributes":[{one}]"#),
        format!(r#""AutoVerifiedAttributes":["email"],"SchemaAttributes":[{one}],{policies}"#),
        format!(r#""SchemaAttributes":{one},"LambdaConfig":{{"PreSignUp":"a"}},{policies}"#),
        format!(r#""SchemaAttributes":[{one}],"EmailConfiguration":{{"From":"a","From":"b"}},{policies}"#),
        format!(r#""SchemaAttributes":[{{"Name":"x","Name":"y"}}],{policies}"#),
        format!(r#""SchemaAttributes":[{one},"EmailConfiguration":{{}},{policies}"#),
        format!(r#""SchemaAttributes":[{one}],"EmailConfiguration":{{"From":"a"}}x,{policies}"#),
        format!(r#" "SchemaAttribut\u0065s" : [ {one} ] , "EmailConfiguration" : {{ }} , {policies}"#),
        format!(r#""SchemaAttributesNewer":[{one}],"Polici":1,{policies},"Policies":{{}}"#),
        format!(r#""SchemaAttributes":[{one}],"Policies":{{"PasswordPolicy":{{"MinimumLength":9}}}}"#),
    ];
    let pool = |body: &String| format!(r#"{{"UserPool":{{"Id":"eu-west-1_a","Name":"a",{body}}}}}"#);
    let said = |parsed: &Parsed<'_>| {
        let messages = parsed.unread.iter().map(|unread| unread.message.clone());
        parsed.pools.iter().map(shown).chain(messages).collect::<Vec<_>>()
    };
    let mut some = Projection::identity();
    some.keep(crate::schema::schema().find("Policies.PasswordPolicy.MinimumLength").unwrap());
    for projection in [Projection::identity(), some, Projection::everything()] {
        for first in &bodies {
            for second in &bodies {
                for third in [&bodies[0], &bodies[1], first] {
                    let texts = [first, second, third].map(pool);
                    let all = read_as(texts.join("\n"), &projection);
                    let in_turn = read_in_turn(&texts, &projection);
                    let (mut pools, mut messages) = (Vec::new(), Vec::new());
                    for text in texts {
                        let alone = read_as(text, &projection);
                        pools.extend(alone.pools.iter().map(shown));
                        messages.extend(alone.unread.into_iter().map(|unread| unread.message));
                    }
                    assert_eq!(in_turn, (pools.clone(), messages.clone()), "{first}\n{second}\n{third}");
                    pools.extend(messages);
                    assert_eq!(said(&all), pools, "{first}\n{second}\n{third}");
                }
            }
        }
    }
}
