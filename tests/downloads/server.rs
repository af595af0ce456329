//! A web server that does as it is told, one reply a connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One answer.
#[derive(Clone)]
pub enum Reply {
    /// The file, or the part that was asked for, if the mark still fits.
    File { body: Vec<u8>, etag: &'static str },
    /// The whole file, whatever was asked for.
    Whole(Vec<u8>),
    /// As `File`, but the connection breaks after so many bytes.
    Broken { body: Vec<u8>, etag: &'static str, after: usize },
    /// As `File`, but so many bytes at a time, with pauses.
    Slow { body: Vec<u8>, etag: &'static str, piece: usize, pause: Duration },
    /// The first bytes, then silence.
    Stalled { body: Vec<u8>, etag: &'static str, after: usize },
    /// No file.
    Status(u16),
    /// A piece from elsewhere than asked for.
    WrongPiece(Vec<u8>),
}

/// A running server. It ends with the test.
pub struct Server {
    pub base: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    pub path: String,
    pub range: Option<String>,
    pub if_range: Option<String>,
}

impl Server {
    /// Replies in order; the last one is given again and again.
    pub fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = requests.clone();
        std::thread::spawn(move || {
            for (index, stream) in listener.incoming().enumerate() {
                let reply = replies[index.min(replies.len() - 1)].clone();
                let seen = seen.clone();
                std::thread::spawn(move || {
                    let mut stream = stream.expect("a connection");
                    let request = read_request(&stream);
                    seen.lock().expect("requests").push(request.clone());
                    // The client may hang up at any time.
                    let _ = answer(&mut stream, &request, &reply);
                });
            }
        });
        Self { base, requests }
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("requests").clone()
    }
}

fn read_request(stream: &TcpStream) -> Request {
    let mut lines = BufReader::new(stream).lines().map(|line| line.unwrap_or_default());
    let first = lines.next().unwrap_or_default();
    let mut request =
        Request { path: first.split(' ').nth(1).unwrap_or_default().into(), ..Request::default() };
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "range" => request.range = Some(value.trim().into()),
            "if-range" => request.if_range = Some(value.trim().into()),
            _ => {}
        }
    }
    request
}

fn answer(stream: &mut TcpStream, request: &Request, reply: &Reply) -> std::io::Result<()> {
    match reply {
        Reply::Status(status) => {
            write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        Reply::Whole(body) => {
            let len = body.len();
            write!(stream, "HTTP/1.1 200 X\r\nContent-Length: {len}\r\nConnection: close\r\n\r\n")?;
            stream.write_all(body)
        }
        Reply::WrongPiece(body) => {
            let len = body.len();
            write!(
                stream,
                "HTTP/1.1 206 X\r\nContent-Range: bytes 0-{}/{len}\r\nContent-Length: {len}\r\n\r\n",
                len - 1
            )?;
            stream.write_all(body)
        }
        Reply::File { body, etag } => {
            let rest = head(stream, request, body, etag)?;
            stream.write_all(rest)
        }
        Reply::Broken { body, etag, after } => {
            let rest = head(stream, request, body, etag)?;
            stream.write_all(&rest[..*after])
        }
        Reply::Slow { body, etag, piece, pause } => {
            for piece in head(stream, request, body, etag)?.chunks(*piece) {
                stream.write_all(piece)?;
                stream.flush()?;
                std::thread::sleep(*pause);
            }
            Ok(())
        }
        Reply::Stalled { body, etag, after } => {
            let rest = head(stream, request, body, etag)?;
            stream.write_all(&rest[..*after])?;
            // Until the client hangs up.
            stream.read(&mut [0]).map(|_| ())
        }
    }
}

/// Writes the head for a file and returns what of it is to follow.
fn head<'a>(
    stream: &mut TcpStream,
    request: &Request,
    body: &'a [u8],
    etag: &str,
) -> std::io::Result<&'a [u8]> {
    let etag = format!("\"{etag}\"");
    let same = request.if_range.as_ref().is_none_or(|mark| *mark == etag);
    let start =
        request.range.as_deref().filter(|_| same).and_then(|range| {
            range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok()
        });
    let len = body.len();
    match start {
        Some(start) => {
            write!(
                stream,
                "HTTP/1.1 206 X\r\nContent-Range: bytes {start}-{}/{len}\r\nContent-Length: {}\r\n",
                len - 1,
                len - start
            )?;
        }
        None => write!(stream, "HTTP/1.1 200 X\r\nContent-Length: {len}\r\n")?,
    }
    write!(stream, "ETag: {etag}\r\nConnection: close\r\n\r\n")?;
    Ok(&body[start.unwrap_or(0)..])
}
