//! Configurations that ask for more than there is: each ends soon, and says so.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::configuration;
use crate::source::hcl::{BROKE_OFF, read};
use crate::source::{Note, Reading, Unread};

fn of(texts: &[(&str, String)]) -> Reading {
    let texts: BTreeMap<String, Vec<u8>> =
        texts.iter().map(|(name, text)| ((*name).to_owned(), text.clone().into_bytes())).collect();
    read(&configuration(texts, Vec::new()), &Arc::default())
}

/// The name of the only pool: a value, or why it is unknown.
fn name(locals: &str) -> String {
    let pool = "resource \"aws_cognito_user_pool\" \"p\" {\n  name = local.x\n}\n";
    let reading = of(&[("main.tf", format!("{pool}{locals}"))]);
    let declared = reading.declared.unwrap();
    let [only] = declared.pools.as_slice() else { panic!("{:?} {:?}", reading.notes, reading.unread) };
    let name = only.scenarios[0].pool.document.get("Name").unwrap();
    match name {
        crate::value::Value::Unknown(why) | crate::value::Value::Later(why) => format!("unknown: {why}"),
        other => other.to_string(),
    }
}

#[test]
fn values_that_grow_are_bounded() {
    let mut doubling = "locals {\n  l0 = \"xxxxxxxxxxxxxxxx\"\n".to_owned();
    let mut lists = "locals {\n  l0 = [1, 2]\n".to_owned();
    for at in 0..35 {
        writeln!(doubling, "  l{} = \"${{local.l{at}}}${{local.l{at}}}\"", at + 1).unwrap();
        writeln!(lists, "  l{} = [local.l{at}, local.l{at}]", at + 1).unwrap();
    }
    assert_eq!(name(&format!("{doubling}  x = local.l35\n}}")), "unknown: it has more than a megabyte");
    assert_eq!(
        name(&format!("{lists}  x = jsonencode(local.l35)\n}}")),
        "unknown: it has more than a megabyte"
    );
    let loops = "locals {\n  x = join(\"\", [for a in range(1000) : join(\"\", [for b in range(1000) : \
                 join(\"\", [for c in range(1000) : \"\"])])])\n}";
    assert!(name(loops).contains("steps"), "{}", name(loops));
    let big = "locals {\n  b = [for i in range(1000) : [for j in range(60) : i]]\n  x = length([for a in range(1000) : \
               [for b in range(1000) : distinct(flatten(local.b))]])\n}";
    assert!(name(big).starts_with("unknown: "), "{}", name(big));
}

#[test]
fn names_that_lead_to_themselves_end() {
    assert_eq!(name("locals {\n  x = local.y\n  y = local.x\n}"), "unknown: local.x leads to itself");
    let mut chain = "locals {\n  l0 = \"end\"\n".to_owned();
    for at in 0..2000 {
        writeln!(chain, "  l{} = local.l{at}", at + 1).unwrap();
    }
    let deep = name(&format!("{chain}  x = local.l2000\n}}"));
    assert!(deep.starts_with("unknown: it leads through more than"), "{deep}");
}

#[test]
fn modules_that_call_themselves_are_refused() {
    let text = "module \"m\" {\n  source = \"./m\"\n}\nresource \"aws_cognito_user_pool\" \"p\" {\n  name = \"a\"\n}\n";
    let own = text.replace("./m", "../m");
    let reading = of(&[("main.tf", text.to_owned()), ("m/main.tf", own)]);
    assert_eq!(reading.declared.unwrap().pools.len(), 2);
    let [Unread { target, message, .. }] = reading.unread.as_slice() else { panic!("{:?}", reading.unread) };
    assert_eq!(message, "it calls a module that it is in, or one that is too deep (called at m/main.tf:1:1)");
    assert_eq!(target, "module.m.module.m");
}

#[test]
fn arguments_of_modules_may_be_outputs_of_modules() {
    let arguments = [
        "source = \"./b${module.a.name}\"",
        "source = \"./b\"\n  count = module.a.count",
        "source = \"./b\"\n  for_each = toset([module.a.name])",
        "source = \"./b\"\n  name = module.a.name",
        "source = \"terraform-aws-modules/b/aws\"\n  version = module.a.name",
        "source = \"./b\"\n  providers = { aws = module.a.name }\n  depends_on = [module.a]",
    ];
    let pool = "variable \"name\" {\n  default = \"p\"\n}\nresource \"aws_cognito_user_pool\" \"p\" {\n  name = var.name\n}\n";
    let outputs = "output \"name\" {\n  value = \"\"\n}\noutput \"count\" {\n  value = 1\n}\n";
    // Outputs that need an instance of another module.
    let asking = "module \"c\" {\n  source = \"../c\"\n}\noutput \"name\" {\n  value = module.c.name\n}\n\
                  output \"count\" {\n  value = module.c.count\n}\n";
    for argument in arguments {
        // A module that is read later, one that is read before, the module itself, and two that tell each other.
        let call = |name: &str, body: &str| format!("module \"{name}\" {{\n  {body}\n}}\n");
        let (plain, of_b) = ("source = \"./a\"", argument.replace("module.a", "module.b"));
        let modules = [
            call("a", &of_b) + &call("b", plain),
            call("a", plain) + &call("b", argument),
            call("a", argument),
            call("a", &of_b) + &call("b", argument),
        ];
        for main in modules {
            let reading = of(&[
                ("main.tf", main.clone()),
                ("a/main.tf", format!("{pool}{asking}")),
                ("b/main.tf", format!("{pool}{asking}")),
                ("c/main.tf", outputs.to_owned()),
            ]);
            let pools = reading.declared.map_or(0, |declared| declared.pools.len());
            let said = reading.notes.len() + reading.unread.len();
            let broken = reading.unread.iter().find(|unread| unread.message == BROKE_OFF);
            assert!(pools + said > 0 && broken.is_none(), "{main}");
        }
    }
}

#[test]
fn instances_are_bounded() {
    let text = "resource \"aws_cognito_user_pool\" \"p\" {\n  count = 1000000\n  name = \"a\"\n}\n";
    let reading = of(&[("main.tf", text.to_owned())]);
    let declared = reading.declared.unwrap();
    assert_eq!(declared.pools.len(), 1, "it is judged once");
    assert!(declared.pools[0].scenarios[1].when.contains("more than 2003 instances"));
}

#[test]
fn texts_of_any_form_are_read_or_refused() {
    let deep = |open: &str, close: &str| {
        format!("locals {{\n  x = {}1{}\n}}", open.repeat(5000), close.repeat(5000))
    };
    let texts = [
        deep("[", "]"),
        deep("(", ")"),
        deep("!", ""),
        deep("{ a = ", "}"),
        format!("locals {{\n  x = a{}\n}}", ".b".repeat(100_000)),
        format!("locals {{\n  x = {}1\n}}", "1 + ".repeat(10_000)),
        "b {\n".repeat(5000),
        "locals {\n  x = \"${".repeat(2000),
        "\u{feff}locals {}".to_owned(),
        "resource \"aws_cognito_user_pool\" {}\nresource {}\nmodule {}\nvariable {}\nlocals { x = }"
            .to_owned(),
        "resource \"aws_cognito_user_pool\" \"\" {\n  name = <<EOT\n".to_owned(),
        String::new(),
        "\0\u{1}".to_owned(),
    ];
    for text in texts {
        for name in ["main.tf", "main.tf.json", "terraform.tfvars"] {
            let reading = of(&[(name, text.clone()), ("x.tf", "variable \"x\" {}".to_owned())]);
            assert!(reading.declared.is_some(), "{name}");
        }
    }
    let reading = of(&[(
        "main.tf.json",
        format!("{{\"locals\": {{\"x\": {}1{}}}}}", "[".repeat(9000), "]".repeat(9000)),
    )]);
    assert!(reading.declared.is_some_and(|declared| declared.pools.is_empty()));
}

#[test]
fn files_outside_are_not_read() {
    let read = |path: &str| name(&format!("locals {{\n  x = file(\"{path}\")\n}}"));
    for path in ["../../../../etc/hostname", "/etc/hostname", "~/x"] {
        assert_eq!(read(path), "unknown: a file outside of the configuration is not read", "{path}");
    }
    assert_eq!(read("./no.txt"), "unknown: the file no.txt could not be read");
}

#[test]
fn what_is_not_here_is_said() {
    let text = "module \"auth\" {\n  source = \"example/cognito/aws\"\n}\nmodule \"net\" {\n  source = \"example/net/aws\"\n}\n";
    let reading = of(&[("main.tf", text.to_owned())]);
    let [Unread { target, message, .. }] = reading.unread.as_slice() else { panic!("{:?}", reading.unread) };
    let wanted = "it comes from example/cognito/aws, which is not here: pools in it are not checked (called at main.tf:1:1)";
    assert_eq!((target.as_str(), message.as_str()), ("module.auth", wanted));
    let said = |notes: &[Note], text: &str| notes.iter().any(|note| note.message.contains(text));
    assert!(said(&reading.notes, "1 module is not here to be read (module.net)"), "{:?}", reading.notes);
}
