//! `samantha talk` and the app it reaches, over the real socket.
#![cfg(unix)]

use samantha::control::{Request, SendError, Server, StartError, Wish, send};
use samantha::paths::Paths;
use samantha::session::{Command, TalkSource};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::Output;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

struct App {
    home: tempfile::TempDir,
    paths: Paths,
}

impl App {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let paths = Paths::new(Some(home.path())).expect("paths");
        Self { home, paths }
    }

    /// Serves, and hands out the wishes that arrive.
    fn starts(&self) -> (Server, Receiver<Wish>) {
        let (tx, rx) = channel();
        let server = Server::start(&self.paths, move |wish| {
            tx.send(wish).map_err(|_| "She is leaving.".to_owned())
        });
        (server.expect("started"), rx)
    }

    fn socket(&self) -> UnixStream {
        let stream = UnixStream::connect(self.paths.control_socket()).expect("connected");
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
        stream
    }
}

/// Runs the command line as a person's shortcut would.
fn talk(home: &Path, action: &str) -> Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_samantha"))
        .args(["--home".as_ref(), home.as_os_str(), "talk".as_ref(), action.as_ref()])
        .output()
        .expect("the command runs")
}

#[test]
fn each_action_reaches_the_app() {
    let app = App::new();
    let (_server, wishes) = app.starts();
    for (action, expected) in [
        ("start", Wish::Command(Command::TalkStart(TalkSource::Control))),
        ("stop", Wish::Command(Command::TalkStop(TalkSource::Control))),
        ("toggle", Wish::Command(Command::TalkToggle(TalkSource::Control))),
        ("cancel", Wish::Command(Command::Cancel)),
        ("mute", Wish::Command(Command::SetMuted(true))),
        ("unmute", Wish::Command(Command::SetMuted(false))),
        ("toggle-mute", Wish::Command(Command::ToggleMuted)),
        ("hands-free", Wish::HandsFree(true)),
        ("by-key", Wish::HandsFree(false)),
    ] {
        let output = talk(app.home.path(), action);
        assert!(output.status.success(), "{action}: {output:?}");
        assert_eq!(wishes.try_recv().expect("a wish"), expected);
    }
}

#[test]
fn without_an_app_the_command_says_so_and_fails() {
    let app = App::new();
    let output = talk(app.home.path(), "toggle");
    assert_eq!(output.status.code(), Some(1));
    assert!(matches!(send(&app.paths, Request::Toggle), Err(SendError::NotRunning)));
    // A dead app's socket is no app either.
    std::fs::create_dir_all(&app.paths.runtime_dir).expect("a folder");
    drop(UnixListener::bind(app.paths.control_socket()).expect("bound"));
    assert!(matches!(send(&app.paths, Request::Toggle), Err(SendError::NotRunning)));
}

#[test]
fn a_refusal_comes_back_in_words() {
    let app = App::new();
    let (_server, wishes) = app.starts();
    drop(wishes);
    match send(&app.paths, Request::Start) {
        Err(SendError::Refused(why)) => assert_eq!(why, "She is leaving."),
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_one_app_runs_and_a_killed_one_leaves_no_trace() {
    let app = App::new();
    let (server, _wishes) = app.starts();
    let second = Server::start(&app.paths, |_| Ok(()));
    assert!(matches!(second, Err(StartError::AlreadyRunning)));
    // The refused second one did no harm to the first.
    send(&app.paths, Request::Start).expect("served");
    drop(server);
    // What `kill -9` leaves behind.
    std::mem::forget(UnixListener::bind(app.paths.control_socket()).expect("bound"));
    let (_server, wishes) = app.starts();
    send(&app.paths, Request::Stop).expect("served");
    assert_eq!(wishes.try_recv(), Ok(Wish::Command(Command::TalkStop(TalkSource::Control))));
}

#[test]
fn a_file_that_is_no_socket_is_left_alone() {
    let app = App::new();
    std::fs::create_dir_all(&app.paths.runtime_dir).expect("a folder");
    std::fs::write(app.paths.control_socket(), "precious").expect("written");
    let refused = Server::start(&app.paths, |_| Ok(()));
    assert!(matches!(refused, Err(StartError::Io { .. })));
    let kept = std::fs::read_to_string(app.paths.control_socket()).expect("read");
    assert_eq!(kept, "precious");
}

#[test]
fn nobody_else_gets_in() {
    let app = App::new();
    let (_server, _wishes) = app.starts();
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&app.paths.runtime_dir), 0o700);
    assert_eq!(mode(&app.paths.control_socket()), 0o600);
}

#[test]
fn a_path_too_long_for_a_socket_is_said_clearly() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let paths = Paths::new(Some(&home.path().join("x".repeat(120)))).expect("paths");
    let Err(error) = Server::start(&paths, |_| Ok(())) else { panic!("started") };
    assert!(matches!(error, StartError::PathTooLong { .. }));
    assert!(error.to_string().contains("--home"), "{error}");
    assert!(matches!(send(&paths, Request::Start), Err(SendError::Path(_))));
}

#[test]
fn garbage_huge_lines_and_slow_clients_do_no_harm() {
    let app = App::new();
    let (_server, wishes) = app.starts();

    let mut unknown = app.socket();
    unknown.write_all(b"samantha/1 dance\n").expect("written");
    let mut reply = String::new();
    unknown.read_to_string(&mut reply).expect("read");
    assert!(reply.starts_with("samantha/1 refused "), "{reply:?}");

    let mut future = app.socket();
    future.write_all(b"samantha/9 start\n").expect("written");
    let mut reply = String::new();
    future.read_to_string(&mut reply).expect("read");
    assert!(reply.starts_with("samantha/1 refused "), "{reply:?}");

    let mut binary = app.socket();
    binary.write_all(b"\xff\xfe\x00\n").expect("written");
    let mut huge = app.socket();
    // The server hangs up long before the end: the rest cannot be written.
    let written = huge.write_all(&vec![b'a'; 10_000_000]);
    assert!(written.is_err());

    // As many that say nothing as are let in: the next is served after them.
    let silent: Vec<_> = (0..8).map(|_| app.socket()).collect();
    let begin = Instant::now();
    while send(&app.paths, Request::Start).is_err() {
        assert!(begin.elapsed() < Duration::from_secs(2), "slow clients keep others out");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(silent);
    let start = Wish::Command(Command::TalkStart(TalkSource::Control));
    assert_eq!(wishes.try_iter().collect::<Vec<_>>(), [start]);
}

#[test]
fn an_app_that_hangs_does_not_hang_the_command() {
    let app = App::new();
    std::fs::create_dir_all(&app.paths.runtime_dir).expect("a folder");
    let _deaf = UnixListener::bind(app.paths.control_socket()).expect("bound");
    let begin = Instant::now();
    assert!(matches!(send(&app.paths, Request::Start), Err(SendError::NoAnswer(_))));
    assert!(begin.elapsed() < Duration::from_secs(4));
}
