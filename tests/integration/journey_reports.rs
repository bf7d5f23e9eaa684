//! The reports of `journeys`: those for programs meet their schema, and nothing acts in a drawing but what is drawn.

use cognito_lint::evaluate::{Detail, Options, evaluate};
use cognito_lint::fix::{closings, projection};
use cognito_lint::journey::run_with;
use cognito_lint::outcome::{FailurePolicy, Outcome};
use cognito_lint::report::journey::{JourneyFormat, JourneyReport, SCHEMA, write};
use cognito_lint::report::{self, Format, Report, Run, Style};
use cognito_lint::rule::Policy;
use cognito_lint::source::input::{Input, open};
use serde_json::{Value, json};

use super::journeys::{Dice, pools, random_pool};

fn files(pools: &[&Value]) -> Vec<tempfile::NamedTempFile> {
    let written = |pool: &&Value| {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), pool.to_string()).unwrap();
        file
    };
    pools.iter().map(written).collect()
}

fn reported(pools: &[&Value], word: &str) -> String {
    let files = files(pools);
    let run =
        run_with(open(files.iter().map(|file| Input::parse(file.path())).collect()), &projection(), closings);
    let report = JourneyReport { run: &run, outcome: Outcome::Incomplete, generated: 0 };
    let mut out = Vec::new();
    write(JourneyFormat::parse(word).unwrap(), &report, Style::PLAIN, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn reports_for_programs_meet_their_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let holds = |json: &Value| {
        let errors: Vec<String> = validator.iter_errors(json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{json}");
    };
    let mut dice = Dice(20_261_131);
    let mut less = pools().remove("tenant-app").unwrap();
    less["UserPool"].as_object_mut().unwrap().remove("Clients");
    let not_a_pool = json!({"UserPool": {"Id": 7}});
    let random: Vec<Value> = (0..30).map(|_| random_pool(&mut dice)).collect();
    let pools = pools();
    let all: Vec<&Value> = pools.values().chain(&random).chain([&less, &not_a_pool]).collect();
    let json: Value = serde_json::from_str(&reported(&all, "json")).unwrap();
    holds(&json);
    for line in reported(&all, "jsonl").lines() {
        holds(&serde_json::from_str(line).unwrap());
    }
    // The schema can refuse: a member that is not there, and one too many.
    for break_it in [
        |json: &mut Value| drop(json.as_object_mut().unwrap().remove("answer")),
        |json: &mut Value| json["pools"][0]["journeys"][0]["sure"]["proven"] = json!("perhaps"),
    ] {
        let mut broken = json.clone();
        let first = broken["pools"]
            .as_array()
            .unwrap()
            .iter()
            .position(|pool| pool["journeys"] != json!([]))
            .unwrap();
        broken["pools"].as_array_mut().unwrap().swap(0, first);
        break_it(&mut broken);
        assert!(!validator.is_valid(&broken));
    }
}

/// A pool whose names are written to break out of every language that it is drawn in.
fn hostile() -> Value {
    let mut pool = pools().remove("tenant-app").unwrap();
    pool["UserPool"]["Name"] = json!("a</svg><script>alert(1)</script>\"\n%%{init: {}}%%\u{202e}");
    pool["UserPool"]["Clients"][0]["ClientName"] = json!(
        "x\"];end --> \\\" \n</title></text></svg><b onload=1>&lt;`md`\\N]]>#quot;;click a href\u{1b}[31m"
    );
    pool
}

#[test]
fn nothing_of_others_acts_in_a_drawing() {
    let pool = hostile();
    for word in ["svg", "html"] {
        let text = reported(&[&pool], word);
        for part in ["<script", "<b ", "onload=1>", "\u{1b}", "\u{202e}", "href=", "<image", "url(http"] {
            assert!(!text.contains(part), "{word}: {part}");
        }
        assert_eq!(text.matches("</svg>").count(), 1, "{word}");
        assert!(!text.contains("style=\""), "{word}: the policy of the page refuses styles of elements");
    }
    let mermaid = reported(&[&pool], "mermaid");
    assert!(mermaid.lines().all(|line| !line.contains("click") || line.contains("through")), "{mermaid}");
    for line in mermaid.lines() {
        assert_eq!(line.matches('"').count() % 2, 0, "{line}");
        let outside: String = line.split('"').step_by(2).collect();
        assert!(!outside.contains("md") && !outside.contains('<') && !outside.contains("%%"), "{line}");
        let inside: String = line.split('"').skip(1).step_by(2).collect();
        assert!(!inside.contains(['`', '[', ']', '%', '\\']), "{line}");
    }
    for line in reported(&[&pool], "dot").lines() {
        let plain = line.replace("\\\\", "").replace("\\\"", "");
        assert_eq!(plain.matches('"').count() % 2, 0, "{line}");
        let outside: String = plain.split('"').step_by(2).collect();
        assert!(!outside.contains("md") && !outside.contains("</"), "{line}");
    }
}

/// The tenant app with more clients, half of them with a secret.
fn with_clients(number: usize) -> Value {
    let mut pool = pools().remove("tenant-app").unwrap();
    let clients = pool["UserPool"]["Clients"].as_array_mut().unwrap();
    let first = clients[0].clone();
    clients.clear();
    for at in 0..number {
        let mut client = first.clone();
        client["ClientId"] = json!(format!("{at}exampleweb"));
        client["ClientName"] = json!(format!("web-{at:02}"));
        if at % 2 == 1 {
            client["ClientSecret"] = json!("EXAMPLEexampleEXAMPLEexample1234");
        }
        clients.push(client);
    }
    pool
}

#[test]
fn a_hundred_clients_take_no_more_lines_than_ten() {
    for word in ["human", "mermaid", "dot", "svg", "html"] {
        let [ten, hundred] = [10, 100].map(|number| reported(&[&with_clients(number)], word).lines().count());
        assert!(hundred <= ten, "{word}: {hundred} lines and not {ten}");
    }
}

#[test]
fn every_line_of_a_drawing_has_its_style() {
    let pools = pools();
    let all: Vec<&Value> = pools.values().collect();
    let svg = reported(&all, "svg");
    for class in ["open", "conditional", "unknown"] {
        assert!(svg.matches(&format!("class=\"way {class}\"")).count() > 2, "{class}");
        assert!(svg.contains(&format!(".journeys .{class} {{")), "{class}");
    }
    assert!(svg.contains("prefers-color-scheme: dark"));
    let (dot, mermaid) = (reported(&all, "dot"), reported(&all, "mermaid"));
    for style in ["style=solid", "style=dotted", "style=dashed"] {
        assert!(dot.contains(style), "{style}");
    }
    for arrow in [" --> ", " -.-> ", " -. \"?\" .-> "] {
        assert!(mermaid.contains(arrow), "{arrow}");
    }
    assert!(
        svg.contains("no way was found") && dot.contains("no way was found"),
        "a pool without a way is named"
    );
}

/// Boxes of one column do not cover each other, and are inside the drawing.
#[test]
fn boxes_do_not_cover_each_other() {
    let pools = pools();
    let all: Vec<&Value> = pools.values().collect();
    let svg = reported(&all, "svg");
    for pool in svg.split("<g transform=\"translate(0 64)\">").skip(1) {
        let mut boxes: Vec<[i64; 4]> = pool
            .lines()
            .filter(|line| line.starts_with("<rect") && line.contains("class=\"box"))
            .map(|line| {
                ["x", "y", "width", "height"].map(|name| {
                    let rest = line.split(&format!(" {name}=\"")).nth(1).unwrap();
                    rest.split('"').next().unwrap().parse().unwrap()
                })
            })
            .collect();
        boxes.sort_unstable();
        for pair in boxes.windows(2).filter(|pair| pair[0][0] == pair[1][0]) {
            assert!(pair[0][1] + pair[0][3] < pair[1][1], "{pair:?}");
        }
        assert!(boxes.iter().all(|one| one[0] >= 0 && one[0] + one[2] <= 960));
    }
}

/// The page of a check of some pools by no rule.
fn page(pools: &[&Value], journeys: bool) -> String {
    let files = files(pools);
    let policy = Policy { journeys, ..Policy::default() };
    let options = Options { now: 0, full_coverage: false, evidence: false, detail: Detail::ALL, shard: None };
    let pools = open(files.iter().map(|file| Input::parse(file.path())).collect());
    let evaluation = evaluate(&policy, pools, options);
    let report = Report {
        evaluation: &evaluation,
        outcome: Outcome::Clean,
        terms: FailurePolicy::default(),
        policy: &policy,
        evidence: false,
        run: Run::default(),
    };
    let mut out = Vec::new();
    report::write(Format::Html, &report, Style::PLAIN, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_page_of_a_check_draws_the_pools_that_are_most_open() {
    let of = |name: &str, at: usize| {
        let mut pool = pools().remove(name).unwrap();
        pool["UserPool"]["Name"] = json!(format!("{name}-{at}"));
        pool["UserPool"]["Id"] = json!(format!("eu-west-1_Example{at:02}"));
        pool["UserPool"].as_object_mut().unwrap().remove("Arn");
        pool
    };
    let all: Vec<Value> =
        (0..12).map(|at| of("staff", at)).chain((12..20).map(|at| of("tenant-app", at))).collect();
    let mut all: Vec<&Value> = all.iter().collect();
    let drawn = page(&all, true);
    let pictures = |page: &str| page.matches("class=\"journeys\"").count();
    assert_eq!(pictures(&drawn), 10, "of each page, ten");
    assert!(drawn.contains("the 10 pools that are most open, of 20"));
    for at in 12..20 {
        assert!(drawn.contains(&format!("tenant-app-{at} ")), "{at}");
    }
    assert!(drawn.find("<h3 id=\"pool-8\">tenant-app-19") < drawn.find("<h3 id=\"pool-9\">staff-0"));
    // The order of the pools decides nothing.
    all.reverse();
    let section = |page: &str| {
        page.split("id=\"journeys\"").nth(1).unwrap().split("</main>").next().unwrap().to_owned()
    };
    assert_eq!(section(&page(&all, true)), section(&drawn));
    assert_eq!(pictures(&page(&all, false)), 0, "where nobody asked for it");
    // Ten pools take no more than 150 kB, whatever the number of clients.
    let large: Vec<Value> = (0..10).map(|_| with_clients(100)).collect();
    let large: Vec<&Value> = large.iter().collect();
    for pools in [&all, &large] {
        let more = page(pools, true).len() - page(pools, false).len();
        assert!(more < 150_000, "{more} bytes");
    }
    let page = page(&[&hostile()], true);
    for part in ["<b ", "onload=1>", "\u{1b}", "\u{202e}", "<image", "url(http", "alert(1)</script>"] {
        assert!(!page.contains(part), "{part}");
    }
}
