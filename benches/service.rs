//! The service that `compare.sh` reads live pools from: the fake of the tests, with the pools of a file that `pools.py`
//! wrote. Its first line of output is its address, and it ends with its standard input.

#![expect(
    unreachable_pub,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "the fake is shared with the tests, and this is a program of its own"
)]

use std::error::Error;
use std::io::{self, Read};
use std::{env, fs};

#[path = "../tests/integration/fake.rs"]
mod fake;

use fake::{Fake, Plan};

fn main() -> Result<(), Box<dyn Error>> {
    let file = env::args().nth(1).ok_or("usage: service FILE")?;
    let mut plan = Plan::new();
    for answer in fs::read_to_string(file)?.lines() {
        plan = plan.pool(serde_json::from_str(answer)?);
    }
    let fake = Fake::start(plan);
    println!("{}", fake.url());
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
