//! The local socket through which `samantha talk` and a second start reach the
//! running app.
//!
//! The app starts a [`Server`], which also shows that no other app runs with
//! the same data; the command line calls [`send`]. One line each way:
//! `samantha/1 toggle`, answered by `samantha/1 ok` or `samantha/1 refused WHY`.
//! Only the person's own programs get in: the folder and the socket are closed
//! to everybody else. Nothing a client does can hold up the app: lines are
//! short, slow clients are dropped, and each is served on a thread of its own.

mod address;

use crate::paths::{Paths, create_private_dir};
use crate::session::{Command, TalkSource};
use crate::wording::{reasons, troubles};
use interprocess::ConnectWaitMode;
use interprocess::local_socket::traits::{Listener as _, Stream as _};
use interprocess::local_socket::{ConnectOptions, Listener, ListenerOptions, Stream};
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Which protocol a line is written in.
const GREETING: &str = "samantha/1 ";
/// Longer than any request or reply.
const LINE_BYTES_MAX: usize = 512;
/// How long a client may take to say what it wants.
const CLIENT_TIMEOUT: Duration = Duration::from_millis(500);
/// How long the app may take to answer.
const SERVER_TIMEOUT: Duration = Duration::from_secs(2);
/// More at once are turned away.
const CLIENTS_MAX: usize = 8;

/// What `samantha talk` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Listen from now on.
    Start,
    /// The person has finished.
    Stop,
    /// One or the other.
    Toggle,
    /// Drop what is being said, fall silent.
    Cancel,
    /// Close the microphone until further notice.
    Mute,
    /// Open it again.
    Unmute,
    /// One or the other.
    ToggleMute,
    /// Listen without a key from now on.
    HandsFree,
    /// Listen by the key alone from now on.
    ByKey,
    /// Bring the window to the front.
    Show,
}

/// What a [`Request`] comes to in the app.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// For the session.
    Command(Command),
    /// For whoever owns the settings: just talk from now on, or by the key.
    HandsFree(bool),
    /// For the window: come to the front.
    Show,
}

impl Request {
    const ALL: [Self; 10] = [
        Self::Start,
        Self::Stop,
        Self::Toggle,
        Self::Cancel,
        Self::Mute,
        Self::Unmute,
        Self::ToggleMute,
        Self::HandsFree,
        Self::ByKey,
        Self::Show,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Toggle => "toggle",
            Self::Cancel => "cancel",
            Self::Mute => "mute",
            Self::Unmute => "unmute",
            Self::ToggleMute => "toggle-mute",
            Self::HandsFree => "hands-free",
            Self::ByKey => "by-key",
            Self::Show => "show",
        }
    }

    fn wish(self) -> Wish {
        Wish::Command(match self {
            Self::Start => Command::TalkStart(TalkSource::Control),
            Self::Stop => Command::TalkStop(TalkSource::Control),
            Self::Toggle => Command::TalkToggle(TalkSource::Control),
            Self::Cancel => Command::Cancel,
            Self::Mute => Command::SetMuted(true),
            Self::Unmute => Command::SetMuted(false),
            Self::ToggleMute => Command::ToggleMuted,
            Self::HandsFree => return Wish::HandsFree(true),
            Self::ByKey => return Wish::HandsFree(false),
            Self::Show => return Wish::Show,
        })
    }
}

impl FromStr for Request {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|request| request.as_str() == text).ok_or(())
    }
}

/// Why the app cannot be reached by `samantha talk`.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another app runs with the same data.
    #[error("{}", troubles::ALREADY_RUNNING)]
    AlreadyRunning,
    /// The system allows only short paths for sockets.
    #[error("{}", troubles::SOCKET_PATH_TOO_LONG.with(&[("path", &.path.display()), ("max", .max)]))]
    PathTooLong {
        /// The socket's path.
        path: PathBuf,
        /// How many bytes are allowed.
        max: usize,
    },
    /// The folder or the socket could not be made.
    #[error("{}", troubles::NO_SOCKET.with(&[
        ("path", &.path.display()), ("reason", &reasons::of(.source))
    ]))]
    Io {
        /// What could not be made.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Why a request was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// There is no app to reach.
    #[error("Samantha is not running: start `samantha` first")]
    NotRunning,
    /// The app said no; the text is its own.
    #[error("{0}")]
    Refused(String),
    /// The app is there, but is busy or of another version.
    #[error("Samantha did not answer: {0}")]
    NoAnswer(String),
    /// The socket's path is too long for the system.
    #[error("{0}")]
    Path(#[from] StartError),
}

/// Serves requests until it is dropped.
pub struct Server {
    paths: Paths,
    closing: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    /// Locked as long as the app runs; the system unlocks it however it ends.
    _lock: File,
}

impl Server {
    /// Starts serving. `on_wish` runs on a client's thread, must return soon, and
    /// answers with one sentence when the wish is refused.
    pub fn start(
        paths: &Paths,
        on_wish: impl Fn(Wish) -> Result<(), String> + Send + Sync + 'static,
    ) -> Result<Self, StartError> {
        let socket = paths.control_socket();
        let io = |path: PathBuf| move |source| StartError::Io { path, source };
        create_private_dir(&paths.runtime_dir).map_err(io(paths.runtime_dir.clone()))?;
        let lock = lock(paths)?;
        let name = address::name(&socket)?;
        // Whoever made a socket that is still there does not hold the lock, so
        // has ended.
        address::remove_stale(&socket).map_err(io(socket.clone()))?;
        let listener =
            ListenerOptions::new().name(name).create_sync().map_err(io(socket.clone()))?;
        address::close_to_others(&socket).map_err(io(socket.clone()))?;
        let closing = Arc::new(AtomicBool::new(false));
        let thread = std::thread::Builder::new()
            .name("control".into())
            .spawn({
                let closing = Arc::clone(&closing);
                move || accept(&listener, &closing, &Arc::new(on_wish))
            })
            .map_err(io(socket))?;
        Ok(Self { paths: paths.clone(), closing, thread: Some(thread), _lock: lock })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Release);
        // The thread waits for a client: be one. If the socket's file is gone,
        // nobody can wake it, and it ends with the process.
        if connect(&self.paths).is_ok()
            && let Some(thread) = self.thread.take()
        {
            let _ = thread.join();
        }
    }
}

/// Asks the running app. Returns when it has answered, two seconds later at the
/// latest.
pub fn send(paths: &Paths, request: Request) -> Result<(), SendError> {
    let no_answer = |error: std::io::Error| match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => {
            SendError::NoAnswer("it seems to hang; close it and start it again".into())
        }
        _ => SendError::NoAnswer(error.to_string()),
    };
    let mut stream = connect(paths)?;
    stream.set_send_timeout(Some(SERVER_TIMEOUT)).map_err(no_answer)?;
    writeln!(stream, "{GREETING}{}", request.as_str()).map_err(no_answer)?;
    let reply = read_line(&mut stream, Instant::now() + SERVER_TIMEOUT).map_err(no_answer)?;
    let reply =
        reply.strip_prefix(GREETING).map(|reply| reply.split_once(' ').unwrap_or((reply, "")));
    match reply {
        Some(("ok", _)) => Ok(()),
        Some(("refused", why)) => Err(SendError::Refused(why.to_owned())),
        _ => {
            Err(SendError::NoAnswer("it is of another version; close it and start it again".into()))
        }
    }
}

fn connect(paths: &Paths) -> Result<Stream, SendError> {
    ConnectOptions::new()
        .name(address::name(&paths.control_socket())?)
        .wait_mode(ConnectWaitMode::Timeout(SERVER_TIMEOUT))
        .connect_sync()
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::ConnectionRefused => SendError::NotRunning,
            _ => SendError::NoAnswer(error.to_string()),
        })
}

fn lock(paths: &Paths) -> Result<File, StartError> {
    let path = paths.runtime_dir.join("control.lock");
    let open = File::options().create(true).truncate(false).write(true).open(&path);
    let locked = open.map_err(TryLockError::Error).and_then(|file| file.try_lock().map(|()| file));
    locked.map_err(|error| match error {
        TryLockError::WouldBlock => StartError::AlreadyRunning,
        TryLockError::Error(source) => StartError::Io { path, source },
    })
}

type OnWish = dyn Fn(Wish) -> Result<(), String> + Send + Sync;

fn accept<F>(listener: &Listener, closing: &AtomicBool, on_wish: &Arc<F>)
where
    F: Fn(Wish) -> Result<(), String> + Send + Sync + 'static,
{
    let clients = Arc::new(AtomicUsize::new(0));
    loop {
        let stream = match listener.accept() {
            Ok(stream) => stream,
            Err(error) => {
                tracing::debug!("a client could not be accepted: {error}");
                // Out of files, most likely: do not spin until some are closed.
                std::thread::sleep(Duration::from_millis(100));
                continue;
            }
        };
        if closing.load(Ordering::Acquire) {
            return;
        }
        let seat = Seat(Arc::clone(&clients));
        if seat.0.fetch_add(1, Ordering::AcqRel) >= CLIENTS_MAX {
            continue;
        }
        let on_wish = Arc::clone(on_wish);
        let served = std::thread::Builder::new().name("control-client".into()).spawn(move || {
            let _seat = seat;
            if let Err(error) = serve(stream, on_wish.as_ref()) {
                tracing::debug!("a client of the control socket went away: {error}");
            }
        });
        if let Err(error) = served {
            tracing::warn!("a client of the control socket cannot be served: {error}");
        }
    }
}

/// Counts the clients that are being served.
struct Seat(Arc<AtomicUsize>);

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn serve(mut stream: Stream, on_wish: &OnWish) -> std::io::Result<()> {
    stream.set_send_timeout(Some(CLIENT_TIMEOUT))?;
    let line = read_line(&mut stream, Instant::now() + CLIENT_TIMEOUT)?;
    let answer = match line.strip_prefix(GREETING).map(str::parse::<Request>) {
        Some(Ok(request)) => on_wish(request.wish()),
        _ => {
            Err("Samantha does not understand this: use `samantha talk` of the same version".into())
        }
    };
    match answer {
        Ok(()) => writeln!(stream, "{GREETING}ok"),
        Err(why) => {
            let why: String =
                why.chars().map(|c| if c.is_control() { ' ' } else { c }).take(100).collect();
            writeln!(stream, "{GREETING}refused {why}")
        }
    }
}

/// Reads up to the end of the first line, however it arrives.
fn read_line(stream: &mut Stream, deadline: Instant) -> std::io::Result<String> {
    let mut line = Vec::new();
    let mut piece = [0; 64];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        stream.set_recv_timeout(Some(left))?;
        let read = match stream.read(&mut piece) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(read) => &piece[..read],
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let end = read.iter().position(|byte| *byte == b'\n');
        line.extend_from_slice(&read[..end.unwrap_or(read.len())]);
        if end.is_some() {
            let line = String::from_utf8(line).map_err(|_| ErrorKind::InvalidData)?;
            return Ok(line.trim_end_matches('\r').to_owned());
        }
        if line.len() > LINE_BYTES_MAX {
            return Err(ErrorKind::InvalidData.into());
        }
    }
}
