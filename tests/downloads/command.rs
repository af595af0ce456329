//! `samantha models`, as a person or a script runs it.

use crate::server::{Reply, Server};
use crate::{Home, ON_THE_WEB, bytes, catalog};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// The app, at home in that folder.
pub fn samantha(home: &Home) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_samantha"));
    command.arg("--home").arg(home.path()).env_remove("SAMANTHA_HF_BASE");
    command
}

fn run(home: &Home, args: &[&str]) -> Output {
    samantha(home).arg("models").args(args).output().expect("run")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_weight_is_pulled_listed_verified_and_removed() {
    let (home, body) = (Home::new(), bytes(100_000));
    home.write_catalog(&catalog(&body, &[ON_THE_WEB]));
    let server = Server::start(vec![Reply::File { body, etag: "one" }]);
    let output = samantha(&home)
        .args(["models", "pull", "it"])
        .env("SAMANTHA_HF_BASE", &server.base)
        .output()
        .expect("run");
    assert!(output.status.success(), "{output:?}");
    assert!(text(&output.stdout).starts_with("it is here: "), "{output:?}");
    assert!(text(&output.stderr).contains("it: fetching 100% of 100.00 kB"), "{output:?}");

    let output = run(&home, &["list", "--json"]);
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let find = |id: &str| {
        let lines = list.as_array().expect("an array");
        lines.iter().find(|line| line["id"] == id).expect("listed").clone()
    };
    assert_eq!((&find("it")["installed"], &find("it")["size"]), (&true.into(), &100_000.into()));
    assert_eq!(find("whisper-base")["installed"], false);
    assert!(text(&run(&home, &["list"]).stdout).starts_with("Here:\n  it "));

    let output = run(&home, &["verify"]);
    assert!(output.status.success() && text(&output.stdout) == "it is whole\n", "{output:?}");
    let path = home.store().find_installed("it").expect("looked").expect("installed").path;
    std::fs::write(path, vec![0; 100_000]).expect("written");
    let output = run(&home, &["verify", "it"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("it has changed on disk"), "{output:?}");

    assert!(run(&home, &["remove", "it"]).status.success());
    let output = run(&home, &["remove", "it"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("error: it is not installed"), "{output:?}");
}

#[test]
fn a_file_of_ones_own_is_imported_under_a_name() {
    let home = Home::new();
    let file = home.path().join("Own Model.gguf");
    std::fs::write(&file, b"GGUF, let us say").expect("written");
    let path = file.to_str().expect("a name");
    assert!(run(&home, &["import", path]).status.success());
    assert!(run(&home, &["import", path, "--id", "another"]).status.success());
    let ids: Vec<String> =
        home.store().installed().expect("listed").into_iter().map(|model| model.id).collect();
    assert_eq!(ids, ["another", "own-model"]);
    let junk = home.path().join("junk.gguf");
    std::fs::write(&junk, b"junk").expect("written");
    let output = run(&home, &["import", junk.to_str().expect("a name")]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn an_unknown_id_fails() {
    assert_eq!(run(&Home::new(), &["pull", "no-such-model"]).status.code(), Some(1));
    assert_eq!(run(&Home::new(), &["verify", "no-such-model"]).status.code(), Some(1));
    assert_eq!(run(&Home::new(), &["remove"]).status.code(), Some(2), "a usage error");
}

#[test]
fn a_killed_fetch_goes_on_where_it_stopped() {
    let (home, body) = (Home::new(), bytes(300_000));
    home.write_catalog(&catalog(&body, &[ON_THE_WEB]));
    let etag = "one";
    let stalled = Reply::Stalled { body: body.clone(), etag, after: 150_000 };
    let server = Server::start(vec![stalled, Reply::File { body: body.clone(), etag }]);
    let mut pull = samantha(&home);
    pull.args(["models", "pull", "it"]).env("SAMANTHA_HF_BASE", &server.base);
    let mut child = pull.spawn().expect("started");
    let has_arrived = || {
        let Ok(entries) = std::fs::read_dir(home.staging("it")) else { return false };
        entries.flatten().any(|e| e.metadata().is_ok_and(|metadata| metadata.len() == 150_000))
    };
    let start = Instant::now();
    while !has_arrived() {
        assert!(start.elapsed() < Duration::from_secs(20), "nothing arrived");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert!(home.store().installed().expect("listed").is_empty());

    assert!(pull.output().expect("run").status.success());
    assert_eq!(server.requests()[1].range.as_deref(), Some("bytes=150000-"));
    let path = home.store().find_installed("it").expect("looked").expect("installed").path;
    assert_eq!(std::fs::read(path).expect("read"), body);
}
