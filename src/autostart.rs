//! Starting when the person logs in: an entry in the desktop's autostart
//! folder, as freedesktop.org describes it.
//!
//! The entry itself is the truth, since the desktop's own settings can switch
//! it off as well. Read and written by the window's wiring; on other systems
//! there is none.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The entry of one way to start her.
#[derive(Clone, Debug)]
pub struct Autostart {
    file: PathBuf,
    /// The program and its arguments.
    command: Vec<String>,
}

impl Autostart {
    /// The running program's; `home` is the folder it was told to keep its data
    /// in. `None` where there is no such folder.
    pub fn of_this_program(home: Option<&Path>) -> Option<Self> {
        if !cfg!(target_os = "linux") {
            return None;
        }
        let config = directories::BaseDirs::new()?.config_dir().to_owned();
        // Within an AppImage the program itself lies in a place that goes away.
        let program = std::env::var_os("APPIMAGE").map(PathBuf::from);
        let program = program.or_else(|| std::env::current_exe().ok())?;
        Some(Self::new(&config, &program, home))
    }

    fn new(config: &Path, program: &Path, home: Option<&Path>) -> Self {
        let mut command = vec![program.display().to_string(), "--hidden".into()];
        if let Some(home) = home {
            command.extend(["--home".into(), home.display().to_string()]);
        }
        Self { file: config.join("autostart").join("samantha.desktop"), command }
    }

    /// Whether she starts at login.
    pub fn is_on(&self) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|entry| {
            !entry.lines().any(|line| {
                line.eq_ignore_ascii_case("Hidden=true")
                    || line == "X-GNOME-Autostart-enabled=false"
            })
        })
    }

    /// Lets her start at login, or not.
    pub fn set(&self, on: bool) -> io::Result<()> {
        if on {
            if let Some(dir) = self.file.parent() {
                std::fs::create_dir_all(dir)?;
            }
            return std::fs::write(&self.file, self.entry());
        }
        match std::fs::remove_file(&self.file) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn entry(&self) -> String {
        let command: Vec<String> = self.command.iter().map(|word| quoted(word)).collect();
        format!(
            "[Desktop Entry]\nType=Application\nName=Samantha\nExec={}\nTerminal=false\n\
             StartupNotify=false\n",
            command.join(" ")
        )
    }
}

/// A word of a command as the entry wants it: in quotes, escaped once as a
/// quoted word and once as the text of an entry; a percent sign twice.
fn quoted(word: &str) -> String {
    let mut text = String::from("\"");
    for c in word.chars() {
        match c {
            '"' | '`' | '$' => text.extend(["\\\\", c.encode_utf8(&mut [0; 4])]),
            '\\' => text.push_str("\\\\\\\\"),
            '%' => text.push_str("%%"),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_starts_this_program_hidden_and_goes_away_again() {
        let config = tempfile::tempdir().expect("a folder");
        let program = Path::new("/opt/my programs/samantha");
        let autostart = Autostart::new(config.path(), program, Some(Path::new("/data/50%")));
        assert!(!autostart.is_on());
        autostart.set(false).expect("nothing to do");
        autostart.set(true).expect("written");
        assert!(autostart.is_on());
        let file = config.path().join("autostart/samantha.desktop");
        let entry = std::fs::read_to_string(&file).expect("an entry");
        let exec = r#"Exec="/opt/my programs/samantha" "--hidden" "--home" "/data/50%%""#;
        assert!(entry.lines().any(|line| line == exec), "{entry}");
        // As the desktop's own settings switch it off.
        std::fs::write(&file, entry + "Hidden=true\n").expect("written");
        assert!(!autostart.is_on());
        autostart.set(false).expect("removed");
        assert!(!file.exists());
    }

    #[test]
    fn what_means_something_in_an_entry_is_escaped() {
        assert_eq!(quoted(r#"a"b$c\d%"#), r#""a\\"b\\$c\\\\d%%""#);
    }
}
