//! The twelve rules of `twelve.toml` written by hand: what `check` is measured against.
//!
//! Typed structs with only the fields that the rules need, borrowed from the text; one line a pool, read in
//! blocks of 512 KiB by two threads. Prints the number of pools and findings.
//!
//! Lines are found byte by byte, as most would write it. With `--memchr` they are found with that crate, which is
//! three quarters of the instructions: the least that typed structs of `serde_json` need.

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "it stands for a program of its own")]

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::sync::Mutex;
use std::thread;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    #[serde(borrow)]
    user_pool: Pool<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Pool<'a> {
    policies: Option<Policies>,
    #[serde(borrow)]
    mfa_configuration: Option<Cow<'a, str>>,
    #[serde(borrow)]
    deletion_protection: Option<Cow<'a, str>>,
    #[serde(borrow)]
    user_pool_add_ons: Option<AddOns<'a>>,
    admin_create_user_config: Option<AdminCreateUser>,
    #[serde(borrow, default)]
    auto_verified_attributes: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    user_pool_tags: Option<Tags<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Policies {
    password_policy: Option<PasswordPolicy>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PasswordPolicy {
    minimum_length: i64,
    require_uppercase: bool,
    require_lowercase: bool,
    require_numbers: bool,
    require_symbols: bool,
    temporary_password_validity_days: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AddOns<'a> {
    #[serde(borrow)]
    advanced_security_mode: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AdminCreateUser {
    #[serde(default)]
    allow_admin_create_user_only: bool,
}

#[derive(Deserialize)]
struct Tags<'a> {
    #[serde(borrow)]
    owner: Option<Cow<'a, str>>,
}

fn findings(pool: &Pool<'_>) -> usize {
    let absent = PasswordPolicy::default();
    let password =
        pool.policies.as_ref().and_then(|policies| policies.password_policy.as_ref()).unwrap_or(&absent);
    let mode = pool.user_pool_add_ons.as_ref().and_then(|add_ons| add_ons.advanced_security_mode.as_deref());
    let holds = [
        password.minimum_length >= 12,
        password.require_uppercase,
        password.require_lowercase,
        password.require_numbers,
        password.require_symbols,
        password.temporary_password_validity_days <= 7,
        pool.mfa_configuration.as_deref().unwrap_or("OFF") != "OFF",
        pool.deletion_protection.as_deref() == Some("ACTIVE"),
        mode == Some("ENFORCED"),
        pool.admin_create_user_config.as_ref().is_some_and(|config| config.allow_admin_create_user_only),
        pool.auto_verified_attributes.iter().any(|attribute| attribute == "email"),
        pool.user_pool_tags.as_ref().is_some_and(|tags| tags.owner.is_some()),
    ];
    holds.iter().filter(|holds| !**holds).count()
}

const BLOCK: usize = 512 * 1024;

struct Blocks {
    file: File,
    carry: Vec<u8>,
    lines: Lines,
}

/// How the ends of lines are found.
#[derive(Clone, Copy)]
enum Lines {
    ByteByByte,
    Memchr,
}

impl Lines {
    fn last(self, block: &[u8]) -> Option<usize> {
        match self {
            Lines::ByteByByte => block.iter().rposition(|byte| *byte == b'\n'),
            Lines::Memchr => memchr::memrchr(b'\n', block),
        }
    }

    /// Calls `judge` with each line.
    fn each(self, block: &[u8], mut judge: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        match self {
            Lines::ByteByByte => block.split(|byte| *byte == b'\n').try_for_each(judge),
            Lines::Memchr => {
                let mut start = 0;
                for end in memchr::memchr_iter(b'\n', block) {
                    judge(&block[start..end])?;
                    start = end + 1;
                }
                judge(&block[start..])
            }
        }
    }
}

impl Blocks {
    /// Whole lines of about one block; empty at the end of the file.
    fn next(&mut self) -> io::Result<Vec<u8>> {
        let mut block = std::mem::take(&mut self.carry);
        let size = BLOCK.saturating_sub(block.len()) as u64;
        let read = self.file.by_ref().take(size).read_to_end(&mut block)?;
        if read > 0
            && let Some(newline) = self.lines.last(&block)
        {
            self.carry = block.split_off(newline + 1);
        }
        Ok(block)
    }
}

fn main() -> io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_default();
    let lines = if std::env::args().any(|one| one == "--memchr") { Lines::Memchr } else { Lines::ByteByByte };
    let blocks = Mutex::new(Blocks { file: File::open(path)?, carry: Vec::new(), lines });
    let work = || -> io::Result<(usize, usize)> {
        let mut counts = (0, 0);
        loop {
            let block = blocks.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next()?;
            if block.is_empty() {
                return Ok(counts);
            }
            lines.each(&block, |line| {
                if !line.is_empty() {
                    let answer: Answer<'_> = serde_json::from_slice(line)?;
                    counts.0 += 1;
                    counts.1 += findings(&answer.user_pool);
                }
                Ok(())
            })?;
        }
    };
    let (pools, found) = thread::scope(|scope| {
        let other = scope.spawn(work);
        let own = work()?;
        let other = other.join().map_err(|_| io::Error::other("a thread panicked"))??;
        io::Result::Ok((own.0 + other.0, own.1 + other.1))
    })?;
    println!("{pools} pools, {found} findings");
    Ok(())
}
