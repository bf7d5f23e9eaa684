//! SIGINT and SIGTERM end a run at any time, and leave no unfinished file behind.
//!
//! While live pools are read, the reader itself ends at a signal and the run reports what it has.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tempfile::TempPath;

/// Files that are removed when a signal ends the run.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
/// The number of live readers that end by themselves.
static READERS: AtomicUsize = AtomicUsize::new(0);
/// The number of signals that were left to readers.
static LEFT: AtomicUsize = AtomicUsize::new(0);

/// Makes a file that is removed when a signal ends the run. A signal waits until it is known.
pub(super) fn removed_at_signal(
    make: impl FnOnce() -> io::Result<(File, TempPath)>,
) -> io::Result<(File, TempPath)> {
    listen();
    let mut unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    let (file, path) = make()?;
    unfinished.push(path.to_path_buf());
    Ok((file, path))
}

/// Leaves signals to a live reader until this is dropped.
pub(super) struct Reading(());

impl Reading {
    pub(super) fn begin() -> Reading {
        READERS.fetch_add(1, Ordering::SeqCst);
        listen();
        Reading(())
    }

    /// Ends after a signal. The thread that listens may hear it later than the reader, and is to leave it to the
    /// reader all the same.
    pub(super) fn end_after_signal(self) {
        for _ in 0..100 {
            if cfg!(not(unix)) || LEFT.load(Ordering::SeqCst) > 0 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        drop(self);
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        READERS.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Listens for signals in a thread of its own, once a run has something to end.
#[cfg(unix)]
#[expect(clippy::exit, reason = "the thread that does the work may be stuck, on an input or an output")]
fn listen() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use std::sync::Once;

    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        // A signal that cannot be listened for keeps its default action.
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
        let wait = move || {
            for signal in signals.forever() {
                if READERS.load(Ordering::SeqCst) > 0 {
                    LEFT.fetch_add(1, Ordering::SeqCst);
                } else {
                    for file in UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                        // It may be finished already.
                        let _ = std::fs::remove_file(file);
                    }
                    std::process::exit(128 + signal);
                }
            }
        };
        let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(wait);
    });
}

/// Ctrl-C ends the process.
#[cfg(not(unix))]
fn listen() {}
