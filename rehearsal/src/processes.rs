//! Child processes that cannot outlive this one.
//!
//! Every child is started by one keeper thread with a parent-death signal, so
//! that the kernel ends it even after `kill -9`. That signal is bound to the
//! *thread* that started the child, which is why the keeper exists: a test's
//! thread may end long before the desktop does.

use anyhow::{Context, anyhow};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a child may take to end politely.
const PATIENCE: Duration = Duration::from_secs(2);

struct SpawnRequest {
    command: Command,
    reply: Sender<std::io::Result<Child>>,
}

/// The thread that starts children.
pub struct Keeper {
    requests: Option<Sender<SpawnRequest>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread.
    pub fn start() -> std::io::Result<Self> {
        let (requests, inbox): (_, Receiver<SpawnRequest>) = channel();
        let thread = std::thread::Builder::new().name("keeper".into()).spawn(move || {
            for SpawnRequest { mut command, reply } in inbox {
                // The caller waits for the reply, so it is always taken.
                let _ = reply.send(command.spawn());
            }
        })?;
        Ok(Self { requests: Some(requests), thread: Some(thread) })
    }

    /// Starts a child made by [`tool`].
    pub fn spawn(&self, command: Command) -> anyhow::Result<Running> {
        let name = tool_name(&command);
        let (reply, answer) = channel();
        self.requests
            .as_ref()
            .and_then(|requests| requests.send(SpawnRequest { command, reply }).ok())
            .context("the desktop has already ended")?;
        let child = answer
            .recv()
            .context("the desktop has already ended")?
            .with_context(|| format!("cannot start {name}"))?;
        Ok(Running { child, name })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A child process, ended and reaped when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    name: String,
}

impl Running {
    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Lets it run before programs that compute, so that sound is passed on in
    /// time. Nothing happens where that is not permitted.
    pub fn hurry(&self) {
        hurry(rustix::process::Pid::from_raw(self.child.id() as i32));
    }

    /// Its standard output, if that was piped and not yet taken.
    pub fn take_stdout(&mut self) -> anyhow::Result<std::process::ChildStdout> {
        self.child.stdout.take().ok_or_else(|| anyhow!("{} has no output to read", self.name))
    }

    /// Its standard input, if that was piped and not yet taken.
    pub fn take_stdin(&mut self) -> anyhow::Result<std::process::ChildStdin> {
        self.child.stdin.take().ok_or_else(|| anyhow!("{} has no input to write", self.name))
    }

    /// Waits until it ends by itself.
    pub fn wait(&mut self) -> anyhow::Result<ExitStatus> {
        self.child.wait().with_context(|| format!("cannot wait for {}", self.name))
    }

    /// Fails with the reason if it has already ended.
    pub fn check_alive(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(anyhow!("{} ended at once ({status})", self.name)),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        // The standard library can only kill; a polite end lets Xvfb remove
        // its lock and the speech service end its modules.
        let _ =
            Command::new("kill").arg(self.child.id().to_string()).stderr(Stdio::null()).status();
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// See [`Running::hurry`]; `None` is the thread that calls.
pub fn hurry(thread: Option<rustix::process::Pid>) {
    let thread = thread.unwrap_or_else(rustix::thread::gettid);
    // Real time, as nobody takes from the air in a room.
    let mut chrt = Command::new("chrt");
    chrt.args(["--rr", "--pid", "5"]).arg(thread.as_raw_nonzero().to_string());
    let done = chrt.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !done.is_ok_and(|status| status.success()) {
        be_nice(Some(thread));
    }
}

/// Gives a sound server the rank that it has on a desktop. It asks for that
/// itself, but a virtual desktop has nobody to ask.
pub fn rank_sound_server(process_id: u32) {
    let tasks = std::fs::read_dir(format!("/proc/{process_id}/task"));
    for task in tasks.into_iter().flatten().flatten() {
        let name = std::fs::read_to_string(task.path().join("comm")).unwrap_or_default();
        let id = task.file_name().to_string_lossy().parse().ok();
        let id = id.and_then(rustix::process::Pid::from_raw);
        match name.trim() {
            "pulseaudio" => be_nice(id),
            _ => hurry(id),
        }
    }
}

fn be_nice(thread: Option<rustix::process::Pid>) {
    let _ = rustix::process::setpriority_process(thread, -11);
}

/// A command that the kernel ends with the thread that started it.
///
/// # Errors
/// Names the Debian package if the program is missing.
pub fn tool(program: &str) -> anyhow::Result<Command> {
    let path = find(program)?;
    let mut command = Command::new(find("setpriv")?);
    command.args(["--pdeathsig", "TERM", "--"]).arg(path).stdin(Stdio::null());
    Ok(command)
}

/// A command that is waited for at once.
pub fn quick_tool(program: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(find(program)?);
    command.stdin(Stdio::null());
    Ok(command)
}

/// Runs a command to its end and returns what it printed.
pub fn output_of(mut command: Command) -> anyhow::Result<String> {
    let name = tool_name(&command);
    let output = command.output().with_context(|| format!("cannot run {name}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(anyhow!("{name} failed ({}): {}", output.status, said.trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn tool_name(command: &Command) -> String {
    let wrapped = command.get_args().nth(3).filter(|_| is_setpriv(command));
    let program = wrapped.unwrap_or(command.get_program());
    Path::new(program).file_name().unwrap_or(program).to_string_lossy().into_owned()
}

fn is_setpriv(command: &Command) -> bool {
    Path::new(command.get_program()).file_name().is_some_and(|name| name == "setpriv")
}

fn find(program: &str) -> anyhow::Result<std::path::PathBuf> {
    std::env::var_os("PATH")
        .iter()
        .flat_map(std::env::split_paths)
        .map(|dir| dir.join(program))
        .find(|path| path.is_file())
        .ok_or_else(|| {
            anyhow!(
                "{program} is missing: install it with `sudo apt-get install {}`",
                debian_package(program)
            )
        })
}

fn debian_package(program: &str) -> &str {
    match program {
        "Xvfb" => "xvfb",
        "dbus-daemon" => "dbus",
        "pulseaudio" => "pulseaudio",
        "pactl" | "pacat" | "paplay" | "parec" => "pulseaudio-utils",
        "speech-dispatcher" => "speech-dispatcher speech-dispatcher-espeak-ng",
        "import" => "imagemagick",
        "setpriv" => "util-linux",
        other => other, // xdotool, espeak-ng and flite carry their own names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_tool_names_its_package() {
        let error = tool("no-such-tool").expect_err("it does not exist").to_string();
        assert!(error.contains("apt-get install no-such-tool"), "{error}");
        assert_eq!(debian_package("import"), "imagemagick");
    }

    #[test]
    fn a_child_outlives_the_thread_that_asked_for_it_and_ends_with_its_handle() {
        let keeper = Keeper::start().expect("a keeper");
        let mut running = std::thread::scope(|scope| {
            let asking = scope.spawn(|| {
                let mut command = tool("sleep").expect("coreutils");
                command.arg("60");
                keeper.spawn(command).expect("started")
            });
            asking.join().expect("joined")
        });
        std::thread::sleep(Duration::from_millis(100));
        running.check_alive().expect("still alive");
        let proc_entry = format!("/proc/{}", running.id());
        drop(running);
        assert!(!Path::new(&proc_entry).exists());
    }
}
