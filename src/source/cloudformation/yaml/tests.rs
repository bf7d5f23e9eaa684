//! Tests of reading YAML with places.

use super::*;

fn part(text: &str, path: &[&str]) -> (String, String) {
    let (root, _) = read(text).unwrap();
    let node = path.iter().fold(&root, |node, name| match name.parse::<usize>() {
        Ok(index) => &node.items()[index],
        Err(_) => node.get(name).unwrap(),
    });
    (node.canonical(), text[node.at.clone()].to_owned())
}

fn refused(text: &str) -> (usize, String) {
    let problem = read(text).unwrap_err();
    (text[..problem.at].matches('\n').count() + 1, problem.message)
}

#[test]
fn places_are_those_of_the_text() {
    let text = "# é ü 語\nA:\r\n  B: 'é x' # 語\n  C: [1, {d: two}]\n  E: >-\n    long\n    text\n\nF: 1\n";
    assert_eq!(part(text, &["A", "B"]), ("\"é x\"".to_owned(), "'é x'".to_owned()));
    assert_eq!(part(text, &["A", "C"]), ("[\"1\",{\"d\":\"two\"}]".to_owned(), "[1, {d: two}]".to_owned()));
    assert_eq!(part(text, &["A", "C", "1", "d"]).1, "two");
    assert_eq!(part(text, &["A", "E"]).0, "\"long text\"");
    assert_eq!(part(text, &["F"]).1, "1");
}

#[test]
fn short_forms_become_long_ones_with_their_place() {
    let text = "A: !Ref Stage\nB: !GetAtt Pool.Arn\nC: !If [Prod, !Ref X, 8]\nD:\n  Fn::Sub: x\nE: !Sub\n  - ${a}\n  - a: 1\n";
    assert_eq!(part(text, &["A"]), ("{\"Ref\":\"Stage\"}".to_owned(), "!Ref Stage".to_owned()));
    assert_eq!(part(text, &["B"]).0, "{\"Fn::GetAtt\":\"Pool.Arn\"}");
    assert_eq!(part(text, &["C"]).0, "{\"Fn::If\":[\"Prod\",{\"Ref\":\"X\"},\"8\"]}");
    assert_eq!(part(text, &["C"]).1, "!If [Prod, !Ref X, 8]");
    assert_eq!(
        part(text, &["E"]),
        ("{\"Fn::Sub\":[\"${a}\",{\"a\":\"1\"}]}".to_owned(), "!Sub\n  - ${a}\n  - a: 1".to_owned())
    );
}

#[test]
fn aliases_and_merge_keys_are_followed() {
    let text = "x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\nz: *x\nw:\n  <<: [{c: 4}, *x]\n";
    assert_eq!(part(text, &["y"]).0, r#"{"a":"1","b":"3"}"#);
    assert_eq!(part(text, &["z"]), (r#"{"a":"1","b":"2"}"#.to_owned(), "{a: 1, b: 2}".to_owned()));
    assert_eq!(part(text, &["w"]).0, r#"{"a":"1","b":"2","c":"4"}"#);
}

#[test]
fn aliases_that_grow_without_end_are_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let below = format!("*a{}", level - 1);
        text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![below; 10].join(", ")));
    }
    assert!(refused(&text).1.starts_with("there are more than 500000 values"));
    assert_eq!(refused("a: &a [*a]\n").1, "an alias is inside the value that it names");
}

#[test]
fn deep_nesting_is_refused() {
    let flow = format!("a: {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(refused(&flow).1.contains("nested more than"), "{:?}", refused(&flow));
    let block: Vec<String> = (0..5000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(refused(&block.concat()).1.contains("nested more than"));
}

#[test]
fn aliases_do_not_nest_deeper_than_anything_else() {
    let chain: Vec<String> =
        (1..200).map(|level| format!("a{level}: &a{level} [*a{}]\n", level - 1)).collect();
    let text = format!("a0: &a0 [x]\n{}", chain.concat());
    assert!(refused(&text).1.contains("nested more than"));
}

#[test]
fn names_that_stand_twice_are_refused() {
    assert_eq!(
        refused("a: 1\nb: 2\na: 3\n"),
        (3, "`a` appears twice in the same map, and it is not clear which one counts".to_owned())
    );
    assert_eq!(refused("? [a]\n: 1\n").1, "this name is not a text");
}

#[test]
fn what_is_no_yaml_is_told_with_its_place() {
    let (line, message) = refused("a: 1\nb: [1, 2\nc: }\n");
    assert!(message.starts_with("this is not YAML: "), "{message}");
    assert!(line >= 2);
    assert_eq!(refused("# nothing\n").1, "the file is empty");
}

#[test]
fn only_the_first_document_is_read() {
    assert!(read("a: 1\n---\nb: 2\n").unwrap().1);
    assert!(!read("---\na: 1\n...\n").unwrap().1);
}

#[test]
fn words_of_yaml_1_1_are_booleans_without_quotes() {
    let (root, _) = read("a: ON\nb: 'ON'\nc: !!str ON\nd: Off\n").unwrap();
    let boolean = |name| match &root.get(name).unwrap().what {
        What::Scalar(scalar) => scalar.boolean(),
        _ => None,
    };
    assert_eq!(
        [boolean("a"), boolean("b"), boolean("c"), boolean("d")],
        [Some(true), None, None, Some(false)]
    );
}

/// A value that continues at the indent of its key, or left of it, as `PyYAML` and CloudFormation read it.
#[test]
fn what_goes_on_at_the_indent_of_its_key_is_read() {
    let text = "é:\n  A:\n    B: 'Hello\n    it''s\n\n  {####}'\n    C: [email, # one\n    phone_number,\n  {x: \"a\n\\\n    b\"}\n    ]\n    D: 1\n";
    assert_eq!(part(text, &["é", "A", "B"]).0, r#""Hello it's\n{####}""#);
    assert_eq!(part(text, &["é", "A", "C"]).0, r#"["email","phone_number",{"x":"a b"}]"#);
    assert_eq!(part(text, &["é", "A", "C", "1"]).1, "phone_number");
    assert_eq!(part(text, &["é", "A", "D"]), ("\"1\"".to_owned(), "1".to_owned()));
    // A value that is neither quoted nor in brackets ends where its indent does.
    assert_eq!(refused("a:\n  b: x\n c: 1\n").0, 3);
    let long = format!("a: [{}1]\n", "1,\n".repeat(1000));
    assert!(read(&long).is_err() || part(&long, &["a"]).0.len() > 3000);
}
