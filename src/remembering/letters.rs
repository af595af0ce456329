//! Past conversations out of the memory: read, searched, copied, saved,
//! forgotten.
//!
//! Answers are small parts, so that neither the session nor the window ever
//! holds all of them. What is saved is read and written on a thread of its own,
//! since disks may be slow.

use super::{Access, Remembering};
use crate::letters::Format;
use crate::session::{Hit, Letters, LettersCommand};
use crate::wording::{letters as words, reasons};
use jiff::Zoned;
use memory::recall::marks;
use memory::store::Store;
use memory::store::letters::Scope;
use std::path::{Path, PathBuf};

/// Days that are told at once.
const DAYS: usize = 40;
/// Lines of a day that are told at once.
const LINES: u64 = 120;
/// Lines that are found at once.
const HITS: usize = 40;

/// What became of a file.
pub type Saved = Result<PathBuf, String>;

impl Remembering {
    /// Answers what is only asked; `None` to what is to be done
    /// ([`Self::save_letters`], [`Self::forget_letters`]).
    pub fn letters(
        &mut self,
        command: &LettersCommand,
        person: &str,
    ) -> anyhow::Result<Option<Letters>> {
        let now = (self.clock)();
        let zone = now.time_zone();
        Ok(match command {
            LettersCommand::Days { before } => {
                let mut days = self.memory.store().days(*before, DAYS + 1, zone)?;
                let has_more = days.len() > DAYS;
                days.truncate(DAYS);
                let access = self.access.clone();
                Some(Letters::Days { access, before: *before, days, has_more, folder: folder() })
            }
            LettersCommand::Read { date, from, words } => {
                let reading = self.memory.store().read_day(*date, *from, LINES, zone)?;
                let marks = reading.lines.iter().map(|line| marks(&line.text, words)).collect();
                Some(Letters::Reading { reading, marks })
            }
            LettersCommand::Search { words, skip } => {
                let (lines, all) = self.memory.search_spelled(words, *skip, HITS)?;
                let hits = lines
                    .into_iter()
                    .map(|line| Hit { marks: marks(&line.text, words), line })
                    .collect();
                Some(Letters::Found { words: words.clone(), skip: *skip, hits, all })
            }
            LettersCommand::Copy(scope) => {
                let lines = self.memory.store().lines_in(*scope, zone)?;
                let text = match scope {
                    Scope::Line(_) => lines.into_iter().map(|line| line.text).collect(),
                    _ => Format::Markdown.write(&lines, person, &now),
                };
                Some(Letters::Copied(text))
            }
            LettersCommand::Save { .. } | LettersCommand::Forget(_) => None,
        })
    }

    /// Saves a part in a file; `done` is called when it is written, on another
    /// thread.
    pub fn save_letters(
        &self,
        scope: Scope,
        format: Format,
        file: &str,
        person: &str,
        done: impl FnOnce(Saved) + Send + 'static,
    ) -> anyhow::Result<()> {
        let now = (self.clock)();
        let (file, person) = (file.to_owned(), person.to_owned());
        let open = self.place.as_ref().filter(|_| self.access == Access::Open);
        let kept = open.and_then(|place| Some((place.file.clone(), place.key.clone()?)));
        // What is not on disk is little, and nobody else can read it.
        let lines = match kept {
            Some(_) => Vec::new(),
            None => self.memory.store().lines_in(scope, now.time_zone())?,
        };
        let work = move || {
            let lines = match kept {
                Some((file, key)) => Store::open_beside(&file, &key)
                    .and_then(|store| store.lines_in(scope, now.time_zone()))
                    .map_err(|error| crate::wording::memory::failed(&error).to_string())?,
                None => lines,
            };
            write_new(&file, &format.write(&lines, &person, &now))
        };
        std::thread::Builder::new().name("letters".into()).spawn(move || done(work()))?;
        Ok(())
    }

    /// Forgets a part, and all that came from it alone.
    pub fn forget_letters(&mut self, scope: Scope) -> anyhow::Result<()> {
        let zone = (self.clock)().time_zone().clone();
        let lines = self.memory.store().lines_in(scope, &zone)?;
        let lines: Vec<_> = lines.iter().map(|line| line.id).collect();
        self.forget_lines(&lines)
    }
}

/// Where people look for their documents.
fn folder() -> PathBuf {
    let dirs = directories::UserDirs::new();
    let documents = dirs.as_ref().and_then(|dirs| dirs.document_dir()).filter(|dir| dir.is_dir());
    let home = dirs.as_ref().map(directories::UserDirs::home_dir);
    documents.or(home).map_or_else(std::env::temp_dir, Path::to_owned)
}

/// Writes a file that is not there yet, for its owner alone.
pub fn write_new(file: &str, text: &str) -> Saved {
    let typed = file.trim();
    let home = typed.strip_prefix("~/").zip(directories::UserDirs::new());
    let file = match home {
        Some((rest, dirs)) => dirs.home_dir().join(rest),
        None => PathBuf::from(typed),
    };
    if !file.is_absolute() || file.file_name().is_none() {
        return Err(words::WHOLE_PATH.into());
    }
    if file.exists() {
        return Err(words::file_exists(&file));
    }
    if let Some(folder) = file.parent().filter(|folder| !folder.is_dir()) {
        return Err(words::no_folder(folder));
    }
    match memory::write_private(&file, text.as_bytes()) {
        Ok(()) => Ok(file),
        Err(error) => Err(words::cannot_write(&file, &reasons::of(&error))),
    }
}

/// The name a part gets if the person chooses none.
pub fn file_name(scope: Scope, format: Format, now: &Zoned) -> String {
    let extension = format.extension();
    match scope {
        Scope::Everything => format!("samantha-all-{}.{extension}", now.date()),
        Scope::Day(date) => format!("samantha-{date}.{extension}"),
        Scope::Conversation(id) => format!("samantha-conversation-{id}.{extension}"),
        Scope::Line(id) => format!("samantha-line-{id}.{extension}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_for_its_owner_and_takes_no_others_place() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let file = dir.path().join("letters.md");
        let name = file.to_str().expect("UTF-8");
        assert_eq!(write_new(name, "Dear you,"), Ok(file.clone()));
        assert_eq!(std::fs::read_to_string(&file).expect("written"), "Dear you,");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&file).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let refused = write_new(name, "other").expect_err("it is there");
        assert!(refused.contains("already"), "{refused}");
        assert_eq!(std::fs::read_to_string(&file).expect("written"), "Dear you,");
        let nowhere = dir.path().join("nowhere/letters.md");
        let refused = write_new(nowhere.to_str().expect("UTF-8"), "x").expect_err("no folder");
        assert!(refused.starts_with("There is no folder"), "{refused}");
        assert_eq!(write_new("letters.md", "x"), Err(words::WHOLE_PATH.into()));
    }
}
