//! The wire: connections, requests and replies of HTTP/1.1.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::answer::{Answers, Reply, Request};
use super::{Plan, Seen};

/// A head of a request is smaller than this.
const HEAD: usize = 16 * 1024;

/// A fake that runs until it is dropped.
pub struct Fake {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    answers: Answers,
    over: AtomicBool,
    /// The connections that are open, to be closed at the end.
    connections: Mutex<HashMap<usize, TcpStream>>,
}

impl Fake {
    /// Starts on a free port.
    ///
    /// # Panics
    /// When the loopback interface cannot be listened on.
    pub fn start(plan: Plan) -> Fake {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("the port");
        let shared = Arc::new(Shared {
            answers: Answers::new(plan),
            over: AtomicBool::new(false),
            connections: Mutex::default(),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for (number, stream) in listener.incoming().map_while(Result::ok).enumerate() {
                if accepting.over.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&accepting);
                thread::spawn(move || {
                    if let Ok(copy) = stream.try_clone() {
                        shared.open().insert(number, copy);
                    }
                    // An error means that the other side went away.
                    _ = serve(&stream, &shared.answers);
                    // The copy goes first: only the last one closes the connection.
                    shared.open().remove(&number);
                });
            }
        });
        Fake { address, shared }
    }

    /// The endpoint URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The calls so far, in the order in which they came.
    pub fn requests(&self) -> Vec<Seen> {
        self.shared.answers.seen()
    }

    /// How many calls there were for one pool.
    pub fn describes(&self, id: &str) -> usize {
        let for_it = |seen: &&Seen| seen.pool.as_deref() == Some(id);
        self.requests().iter().filter(for_it).count()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        drop(TcpStream::connect(self.address));
        for connection in self.shared.open().values() {
            _ = connection.shutdown(Shutdown::Both);
        }
    }
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, HashMap<usize, TcpStream>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves one connection, request after request.
fn serve(mut stream: &TcpStream, answers: &Answers) -> io::Result<()> {
    stream.set_nodelay(true)?;
    while let Some(head) = read_head(stream)? {
        let length: usize = header(&head, "content-length").and_then(|v| v.parse().ok()).unwrap_or(0);
        // The last byte stays unread until the reply is known: closing a connection with unread bytes is
        // what makes the kernel reset it.
        let mut body = vec![0; length.saturating_sub(1)];
        stream.read_exact(&mut body)?;
        if 0 < length {
            let mut last = [0];
            stream.peek(&mut last)?;
            body.extend(last);
        }
        let request = Request {
            target: header(&head, "x-amz-target").unwrap_or_default(),
            authorization: header(&head, "authorization").unwrap_or_default(),
            session_token: header(&head, "x-amz-security-token").unwrap_or_default(),
            body: &body,
        };
        let reply = answers.answer(&request);
        if let Reply::Reset = reply {
            return Ok(());
        }
        stream.read_exact(&mut vec![0; length.min(1)])?;
        match reply {
            Reply::Reset => return Ok(()),
            // Until the other side gives up.
            Reply::Stall => return io::copy(&mut stream, &mut io::sink()).map(drop),
            Reply::Http { status, content_type, body, missing, drip, location } => {
                let length = body.len() + missing;
                let location = location.map(|to| format!("location: {to}\r\n")).unwrap_or_default();
                let head = format!(
                    "HTTP/1.1 {status} Fake\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n{location}\
                     x-amzn-requestid: 00000000-0000-4000-8000-000000000000\r\n\r\n"
                );
                match drip {
                    None => stream.write_all(&[head.as_bytes(), &body].concat())?,
                    Some(pause) => {
                        stream.write_all(head.as_bytes())?;
                        for byte in body {
                            thread::sleep(pause);
                            stream.write_all(&[byte])?;
                        }
                    }
                }
                if 0 < missing {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// Reads up to the empty line and not beyond; `None` when the connection ended.
fn read_head(mut stream: &TcpStream) -> io::Result<Option<String>> {
    let mut buffer = vec![0; HEAD];
    loop {
        let there = stream.peek(&mut buffer)?;
        if there == 0 {
            return Ok(None);
        }
        let end = buffer[..there].windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            let mut head = vec![0; end + 4];
            stream.read_exact(&mut head)?;
            return Ok(Some(String::from_utf8_lossy(&head).into_owned()));
        }
        if there == HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        thread::sleep(Duration::from_millis(1));
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
