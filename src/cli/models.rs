//! Lists, fetches, verifies, removes and imports weights.
//!
//! What was asked for goes to standard output; progress and errors go to
//! standard error, as bars on a terminal and as plain lines elsewhere.
#![allow(clippy::print_stderr, reason = "the command line talks to people")]

mod progress;

use crate::cancel::CancelToken;
use crate::models::{
    self, Catalog, Entry, Installed, Kind, Machine, PullError, PullOptions, Store, StoreError,
};
use crate::paths::Paths;
use crate::settings;
use anyhow::Context;
use clap::Subcommand;
use indicatif::DecimalBytes;
use progress::{Bytes, PullView};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Lists, fetches, verifies, removes and imports weights.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show what is here and what can be fetched; `*` marks what this computer uses by default.
    List {
        /// Print one JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Fetch weights; without an ID, what this computer needs and does not have.
    Pull {
        /// Ids from `samantha models list`.
        #[arg(value_name = "ID")]
        ids: Vec<String>,
    },
    /// Check that weights are still what they were; without an ID, all of them.
    Verify {
        /// Ids from `samantha models list`.
        #[arg(value_name = "ID")]
        ids: Vec<String>,
    },
    /// Delete weights.
    Remove {
        /// Ids from `samantha models list`.
        #[arg(value_name = "ID", required = true)]
        ids: Vec<String>,
    },
    /// Copy a weight of your own: a GGUF language model or a ggml Whisper.
    Import {
        /// The file.
        file: PathBuf,
        /// What to call it; by default after the file.
        #[arg(long)]
        id: Option<String>,
    },
}

/// Runs the command.
pub fn run(args: Args, paths: &Paths) -> anyhow::Result<ExitCode> {
    let shelf = Shelf::open(paths)?;
    match args.command {
        Command::List { json: true } => shelf.list_json(),
        Command::List { json: false } => shelf.list(),
        Command::Pull { ids } if ids.is_empty() => shelf.pull_defaults(),
        Command::Pull { ids } => shelf.pull(&ids),
        Command::Verify { ids } => shelf.verify(&ids),
        Command::Remove { ids } => shelf.remove(&ids),
        Command::Import { file, id } => shelf.import(&file, id.as_deref()),
    }
}

/// What the commands work on.
struct Shelf {
    catalog: Catalog,
    store: Store,
    machine: Machine,
    /// What the person speaks with her.
    language: String,
}

/// A line of the list.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    kind: Kind,
    title: &'a str,
    about: &'a str,
    licence: &'a str,
    languages: &'a [String],
    size: u64,
    ram_mib: u64,
    installed: bool,
    imported: bool,
    default: bool,
    tests_only: bool,
    path: Option<&'a Path>,
}

impl Shelf {
    fn open(paths: &Paths) -> anyhow::Result<Self> {
        Ok(Self {
            catalog: Catalog::load(paths)?,
            store: Store::new(paths),
            machine: Machine::current(),
            language: settings::load(&paths.settings_file())
                .context("cannot read the settings")?
                .settings
                .person
                .language,
        })
    }

    fn defaults(&self, kind: Kind) -> Vec<&Entry> {
        models::defaults(&self.catalog, kind, &self.machine, Some(&self.language))
    }

    fn entry(&self, id: &str) -> anyhow::Result<&Entry> {
        self.catalog
            .entry(id)
            .with_context(|| format!("there is no model {id}: see `samantha models list`"))
    }

    fn lines<'a>(&'a self, here: &'a [Installed]) -> Vec<Line<'a>> {
        let in_use: Vec<String> = Kind::ALL
            .into_iter()
            .filter_map(|kind| {
                let defaults = self.defaults(kind);
                let is_here = |e: &&&Entry| here.iter().any(|model| model.id == e.id);
                Some(defaults.iter().find(is_here).or(defaults.first())?.id.clone())
            })
            .collect();
        let known = self.catalog.entries().iter().map(|entry| {
            let installed = here.iter().find(|model| model.id == entry.id);
            Line {
                id: &entry.id,
                kind: entry.kind,
                title: &entry.title,
                about: &entry.about,
                licence: &entry.licence,
                languages: &entry.languages,
                size: installed.map_or(entry.size, |model| model.size),
                ram_mib: entry.ram_mib,
                installed: installed.is_some(),
                imported: installed.is_some_and(|model| model.imported),
                default: in_use.contains(&entry.id),
                tests_only: entry.tests_only,
                path: installed.map(|model| model.path.as_path()),
            }
        });
        let own = here.iter().filter(|model| self.catalog.entry(&model.id).is_none());
        let own = own.map(|model| Line {
            id: &model.id,
            kind: model.kind,
            title: &model.id,
            about: "Your own.",
            licence: "",
            languages: &[],
            size: model.size,
            ram_mib: model.size >> 20,
            installed: true,
            imported: model.imported,
            default: false,
            tests_only: false,
            path: Some(&model.path),
        });
        known.chain(own).collect()
    }

    fn list_json(&self) -> anyhow::Result<ExitCode> {
        let here = self.store.installed()?;
        println!("{}", serde_json::to_string_pretty(&self.lines(&here))?);
        Ok(ExitCode::SUCCESS)
    }

    fn list(&self) -> anyhow::Result<ExitCode> {
        let here = self.store.installed()?;
        let lines = self.lines(&here);
        let id_width = lines.iter().map(|line| line.id.len()).max().unwrap_or(0);
        for (heading, installed) in [("Here", true), ("To be fetched", false)] {
            let mut lines = lines.iter().filter(|line| line.installed == installed).peekable();
            if lines.peek().is_none() {
                continue;
            }
            println!("{heading}:");
            for line in lines {
                println!(
                    "{} {:id_width$}  {:8}  {:>9}  {:19}  {}",
                    if line.default { '*' } else { ' ' },
                    line.id,
                    line.kind,
                    DecimalBytes(line.size).to_string(),
                    line.licence,
                    line.about,
                );
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn pull(&self, ids: &[String]) -> anyhow::Result<ExitCode> {
        // A mistyped id is told before anything is fetched.
        let entries = ids.iter().map(|id| self.entry(id)).collect::<anyhow::Result<Vec<_>>>()?;
        each(&entries, |entry| self.pull_first(&[entry]))
    }

    fn pull_defaults(&self) -> anyhow::Result<ExitCode> {
        each(&Kind::ALL, |kind| self.pull_first(&self.defaults(*kind)))
    }

    fn pull_first(&self, candidates: &[&Entry]) -> anyhow::Result<()> {
        let mut view = PullView::new();
        let options = PullOptions::from_env();
        let outcome = models::pull_first(
            candidates,
            &self.store,
            &options,
            &CancelToken::new(),
            &mut |event| {
                view.show(event);
            },
        );
        drop(view);
        let installed = outcome.map_err(|error: PullError| anyhow::anyhow!(error))?;
        println!("{} is here: {}", installed.id, installed.path.display());
        Ok(())
    }

    fn verify(&self, ids: &[String]) -> anyhow::Result<ExitCode> {
        let chosen = if ids.is_empty() {
            self.store.installed()?
        } else {
            let find = |id: &String| {
                let found = self.store.find_installed(id)?;
                found.ok_or_else(|| StoreError::NotInstalled(id.clone()))
            };
            ids.iter().map(find).collect::<Result<_, _>>()?
        };
        each(&chosen, |model| {
            let bytes = Bytes::new(&model.id, "verifying", model.size);
            let outcome =
                self.store.verify(model, &CancelToken::new(), &mut |done| bytes.set(done))?;
            drop(bytes);
            anyhow::ensure!(
                outcome == Some(true),
                "{} has changed on disk: remove it and fetch it again",
                model.id
            );
            println!("{} is whole", model.id);
            Ok(())
        })
    }

    fn remove(&self, ids: &[String]) -> anyhow::Result<ExitCode> {
        each(ids, |id| {
            self.store.remove(id)?;
            println!("{id} is removed");
            Ok(())
        })
    }

    fn import(&self, file: &Path, id: Option<&str>) -> anyhow::Result<ExitCode> {
        let size = std::fs::metadata(file)
            .with_context(|| format!("cannot read {}", file.display()))?
            .len();
        let bytes = Bytes::new(&file.display().to_string(), "copying", size);
        let installed =
            self.store.import(file, id, &self.catalog, &CancelToken::new(), &mut |done| {
                bytes.set(done);
            })?;
        drop(bytes);
        println!("{} is here: {}", installed.id, installed.path.display());
        Ok(ExitCode::SUCCESS)
    }
}

/// Does all, tells each error in a line, and fails if there was one.
fn each<T>(items: &[T], f: impl Fn(&T) -> anyhow::Result<()>) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for item in items {
        if let Err(error) = f(item) {
            eprintln!("error: {error:#}");
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}
