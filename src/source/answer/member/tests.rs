//! The elements of lists that are compared with those of the pool before.

use crate::pool::{Pool, Projection};
use crate::source::answer::entry::{Parsed, pools};
use crate::source::{Chunk, Shape};

fn read(text: String) -> Parsed {
    let chunk = Chunk { bytes: text.into_bytes(), shape: Shape::Lines, ..Chunk::default() };
    pools(&chunk, &Projection::everything())
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
            let pools = |parsed: &Parsed| parsed.pools.iter().map(shown).collect::<Vec<_>>();
            let wanted: Vec<String> = alone.iter().flat_map(pools).collect();
            assert_eq!(pools(&both), wanted, "{first}\n{second}");
            let messages = |parsed: &Parsed| {
                parsed.unread.iter().map(|unread| unread.message.clone()).collect::<Vec<_>>()
            };
            let wanted: Vec<String> = alone.iter().flat_map(messages).collect();
            assert_eq!(messages(&both), wanted, "{first}\n{second}");
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
