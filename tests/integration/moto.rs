//! The live source against moto, which others wrote: 130 pools that `tests/moto/seed.py` made through boto3.

use std::collections::BTreeMap;
use std::path::Path;

use cognito_lint::source::Delivery;
use cognito_lint::source::aws::{Request, read};
use serde_json::{Value, json};

/// The members that verdicts turn on and that no way of writing changes, unlike dates.
fn essence(answer: &Value) -> (String, Value) {
    let pool = &answer["UserPool"];
    let id = pool["Id"].as_str().expect("an id").to_owned();
    let rest = ["MfaConfiguration", "Policies", "DeletionProtection"].map(|member| &pool[member]);
    (id, json!(rest))
}

#[test]
#[ignore = "needs a moto server; .ci/moto.sh starts one"]
fn moto_pools_are_read_as_boto3_saved_them() {
    let url = std::env::var("MOTO_URL").expect("MOTO_URL, as .ci/moto.sh sets it");
    let saved = std::env::var("MOTO_SAVED").expect("MOTO_SAVED, as .ci/moto.sh sets it");
    let mut live = BTreeMap::new();
    let deliveries = read(Request {
        regions: vec!["us-east-1".to_owned(), "eu-west-1".to_owned()],
        endpoint_url: Some(url),
        max_rps: 200.0,
        credentials: Some(("AKIDEXAMPLE".to_owned(), "secret".to_owned())),
        ..Request::default()
    });
    for delivery in deliveries {
        let Delivery::Chunk(chunk) = delivery else {
            panic!("{delivery:?}");
        };
        let (id, rest) = essence(&serde_json::from_slice(&chunk.bytes).unwrap());
        assert!(id.starts_with(&*chunk.origin.name));
        assert!(live.insert(id, rest).is_none());
    }
    assert_eq!(live.len(), 130);
    assert_eq!(live, saved_pools(Path::new(&saved)));
}

fn saved_pools(folder: &Path) -> BTreeMap<String, Value> {
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .map(|path| essence(&serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()))
        .collect()
}
