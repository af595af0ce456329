//! What she remembers, through the program itself: nothing in clear on disk,
//! nothing left of what is forgotten, and one file to take it all away.
//!
//! `SAMANTHA_TEST_MODELS` names a folder with smollm2-135m.gguf and
//! all-minilm-l6-v2.onnx; scripts/test sets it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Words that nobody says by chance.
const SECRETS: [&str; 20] = [
    "Abernathy",
    "Bouvardia",
    "Cinnabar",
    "Drogheda",
    "Ekeberg",
    "Fenugreek",
    "Gloaming",
    "Hyssopville",
    "Isinglass",
    "Jarrow",
    "Kumquat",
    "Lapsang",
    "Mizzen",
    "Narwhal",
    "Oxbridge",
    "Pangolin",
    "Quokka",
    "Rutabaga",
    "Samphire",
    "Tamarisk",
];

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().expect("a temporary folder"));
        std::fs::create_dir(home.0.path().join("tmp")).expect("made");
        home.link("all-minilm-l6-v2.onnx");
        home
    }

    /// Links a weight, so that nothing has to be fetched.
    fn link(&self, weight: &str) {
        let weights = PathBuf::from(
            std::env::var_os("SAMANTHA_TEST_MODELS")
                .expect("SAMANTHA_TEST_MODELS names no folder of weights: run scripts/test"),
        );
        let models = self.path().join("data/models");
        std::fs::create_dir_all(&models).expect("made");
        for name in [Path::new(weight), &Path::new(weight).with_extension("toml")] {
            assert!(weights.join(name).is_file(), "{weight} is missing: run scripts/test");
            std::os::unix::fs::symlink(weights.join(name), models.join(name)).expect("linked");
        }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let file = self.path().join("tmp").join(name);
        std::fs::write(&file, content).expect("written");
        file
    }

    /// `samantha ARGS` in this home, everything it might write below it.
    fn run(&self, args: &[&str], passphrase: Option<&str>, input: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_samantha"));
        command
            .args(args)
            .env("SAMANTHA_HOME", self.path())
            .env("SAMANTHA_NO_KEYCHAIN", "1")
            .env("TMPDIR", self.path().join("tmp"))
            .env("SQLITE_TMPDIR", self.path().join("tmp"))
            .env_remove("SAMANTHA_PASSPHRASE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(passphrase) = passphrase {
            command.env("SAMANTHA_PASSPHRASE", passphrase);
        }
        let mut child = command.spawn().expect("started");
        child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("read");
        child.wait_with_output().expect("ended")
    }

    fn memory(&self, args: &[&str]) -> String {
        let output = self.run(&[&["memory"], args].concat(), None, "");
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    fn conversations(&self, args: &[&str]) -> String {
        let output = self.run(&[&["conversations"], args].concat(), None, "");
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// The one sentence that says why not.
    fn refused(&self, args: &[&str], passphrase: Option<&str>) -> String {
        let output = self.run(&[&["memory"], args].concat(), passphrase, "");
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", text(&output.stdout));
        text(&output.stderr)
    }

    /// Every file below the home that holds the word in clear.
    fn in_clear(&self, word: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("listed") {
                let path = entry.expect("an entry").path();
                if path.is_symlink() {
                    continue;
                }
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = std::fs::read(&path).expect("read");
                    if bytes.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word.as_bytes())) {
                        found.push(path);
                    }
                }
            }
        }
        found
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn turns() -> String {
    SECRETS
        .iter()
        .enumerate()
        .map(|(n, word)| {
            let at = format!("2026-01-{:02}T10:00:00Z", n + 1);
            format!(
                "{{\"id\":\"t{n}\",\"speaker\":\"Ana\",\"time\":\"{at}\",\"text\":\"I live in \
                 {word} now.\"}}\n"
            )
        })
        .collect()
}

#[test]
fn what_is_said_is_nowhere_in_clear_and_nowhere_at_all_once_forgotten() {
    let home = Home::new();
    home.link("smollm2-135m.gguf");
    // Short answers are as good here as long ones.
    std::fs::create_dir(home.path().join("config")).expect("made");
    std::fs::write(home.path().join("config/settings.toml"), "[dialogue]\nmax_reply_tokens = 24\n")
        .expect("written");
    let said: String =
        SECRETS.iter().map(|word| format!("My friend {word} moved to Leeds.\n")).collect();
    let talk = home.run(&["chat", "--language-model", "smollm2-135m"], None, &said);
    assert!(talk.status.success(), "{}", text(&talk.stderr));
    let told = home.memory(&["list", "--json"]);
    for word in SECRETS {
        assert!(told.contains(word), "{word} was remembered");
        assert_eq!(home.in_clear(word), Vec::<PathBuf>::new());
        assert!(!text(&talk.stderr).contains(word), "{word} is in no log");
    }
    // Half by what was learnt, half by the words.
    let (by_fact, by_words) = SECRETS.split_at(10);
    for word in by_fact {
        let facts = home.memory(&["list", "--all", "--json"]);
        for fact in facts.lines().filter(|line| line.contains(word)) {
            let fact: serde_json::Value = serde_json::from_str(fact).expect("JSON");
            let id = fact["id"].as_str().expect("an id");
            if home.memory(&["list", "--all"]).contains(&format!("{id}\t")) {
                home.memory(&["forget", id]);
            }
        }
    }
    for word in by_words {
        home.memory(&["forget", "--words", word]);
    }
    home.memory(&["export", "--plain", home.path().join("out.jsonl").to_str().expect("UTF-8")]);
    for word in SECRETS {
        assert_eq!(home.in_clear(word), Vec::<PathBuf>::new(), "{word} is in the decrypted memory");
    }
    assert!(home.memory(&["check"]).contains("All of it is sound."));
}

#[test]
fn one_file_takes_everything_to_another_computer() {
    let home = Home::new();
    let turns = home.file("turns.jsonl", &turns());
    home.memory(&["import-turns", turns.to_str().expect("UTF-8")]);
    let file = home.path().join("memory.age");
    let file = file.to_str().expect("UTF-8");
    let exported = home.run(&["memory", "export", file], Some("sesame"), "");
    assert!(exported.status.success(), "{}", text(&exported.stderr));
    let sealed = std::fs::read_to_string(file).expect("written");
    assert!(sealed.starts_with("-----BEGIN AGE ENCRYPTED FILE-----"));

    let other = Home::new();
    let refused = other.refused(&["import", file], Some("barley"));
    assert!(refused.contains("not the passphrase"), "{refused}");
    let imported = other.run(&["memory", "import", file], Some("sesame"), "");
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let asked = ["search", "--top", "3", "--json", "Who lives in Kumquat?"];
    assert_eq!(other.memory(&asked), home.memory(&asked));
    let first: serde_json::Value = serde_json::from_str(&home.memory(&asked)).expect("JSON");
    assert_eq!(first["results"][0]["id"], "t10");
}

#[test]
fn searches_come_as_a_list_and_know_speaker_and_time() {
    let home = Home::new();
    let turns = home.file("turns.jsonl", &turns());
    home.memory(&["import-turns", turns.to_str().expect("UTF-8")]);
    let queries = home.file("queries", "Who lives in Quokka?\nAnd in Jarrow?\n");
    let found = home.memory(&["search", "--top", "1", "--batch", queries.to_str().expect("UTF-8")]);
    let ids: Vec<String> = found
        .lines()
        .map(|line| {
            let answer: serde_json::Value = serde_json::from_str(line).expect("JSON");
            answer["results"][0]["id"].as_str().expect("an id").to_owned()
        })
        .collect();
    assert_eq!(ids, ["t16", "t9"]);
    let later = home.memory(&["search", "--top", "20", "--since", "2026-01-19", "where I live"]);
    assert_eq!(later.lines().count(), 2, "{later}");
    assert_eq!(home.memory(&["search", "--speaker", "person", "where I live"]), "");
}

#[test]
fn what_cannot_be_done_is_said_in_one_sentence() {
    let home = Home::new();
    let broken = home.file("broken.jsonl", "{\"id\":\"a\"}\n");
    let broken = broken.to_str().expect("UTF-8");
    for (args, why) in [
        (&["import-turns", broken][..], "line 1"),
        (&["import-turns", "/nowhere/turns.jsonl"], "cannot read /nowhere/turns.jsonl"),
        (&["import", broken], "no memory that Samantha exported"),
        (&["show", "fact-99"], "there is no memory \"fact-99\""),
        (&["forget", "t1"], "there is no memory \"t1\""),
    ] {
        let refused = home.refused(args, None);
        assert!(refused.contains(why), "{args:?}: {refused}");
        assert_eq!(refused.trim().lines().count(), 1, "{refused}");
    }
}

#[test]
fn a_passphrase_and_the_recovery_words_open_it() {
    let home = Home::new();
    let turns = home.file("turns.jsonl", &turns());
    home.memory(&["import-turns", turns.to_str().expect("UTF-8")]);
    let phrase = home.memory(&["key", "phrase"]);
    assert_eq!(phrase.split_whitespace().count(), 24);
    let kept = home.run(&["memory", "key", "passphrase"], Some("sesame"), "");
    assert!(kept.status.success(), "{}", text(&kept.stderr));
    assert!(home.refused(&["check"], None).contains("a passphrase is needed"));
    assert!(home.refused(&["check"], Some("barley")).contains("not the passphrase"));
    assert!(home.run(&["memory", "check"], Some("sesame"), "").status.success());
    // The sheet of paper helps when the passphrase is forgotten.
    let recovered = home.run(&["memory", "key", "recover"], None, &phrase);
    assert!(recovered.status.success(), "{}", text(&recovered.stderr));
    assert!(home.memory(&["check"]).contains("20 sentences"));
}

#[test]
fn what_was_said_in_other_words_is_found() {
    let home = Home::new();
    let lines = [
        ("ana", "My sister Ana moved to Lisbon."),
        ("cat", "The cat knocked the lamp over again."),
        ("peanut", "I get hives from peanuts."),
        ("train", "The train to work was late twice."),
        ("piano", "I practise the piano every evening."),
    ];
    let turns: String = lines
        .iter()
        .map(|(id, text)| {
            format!(
                "{{\"id\":\"{id}\",\"speaker\":\"me\",\"time\":\"2026-01-02T10:00:00Z\",\
                 \"text\":\"{text}\"}}\n"
            )
        })
        .collect();
    let turns = home.file("turns.jsonl", &turns);
    home.memory(&["import-turns", turns.to_str().expect("UTF-8")]);
    for (question, id) in [
        ("Who could I visit in Portugal?", "ana"),
        ("Which snack would be safe for me at the party?", "peanut"),
        ("Which instrument am I learning?", "piano"),
    ] {
        let found = home.memory(&["search", "--top", "1", "--json", question]);
        assert!(found.contains(&format!("\"id\":\"{id}\"")), "{question}: {found}");
    }
}

#[test]
fn past_conversations_are_listed_shown_and_searched() {
    let home = Home::new();
    let turns = home.file("turns.jsonl", &turns());
    home.memory(&["import-turns", turns.to_str().expect("UTF-8")]);
    let days = home.conversations(&["list", "--top", "2"]);
    let expect = "2026-01-20\t1 conversation\tI live in Tamarisk now.\n\
                  2026-01-19\t1 conversation\tI live in Samphire now.\n";
    assert_eq!(days, expect);
    let earlier = home.conversations(&["list", "--json", "--top", "1", "--before", "2026-01-02"]);
    let day: serde_json::Value = serde_json::from_str(&earlier).expect("JSON");
    assert_eq!((day["day"].as_str(), day["lines"].as_u64()), (Some("2026-01-01"), Some(1)));
    let shown = home.conversations(&["show", "2026-01-02"]);
    assert!(shown.contains("## Friday, 2 January 2026"), "{shown}");
    assert!(shown.contains("**Ana:** I live in Bouvardia now."), "{shown}");
    let found = home.conversations(&["search", "--json", "live", "quok"]);
    let hit: serde_json::Value = serde_json::from_str(&found).expect("one line of JSON");
    assert_eq!(hit["found"], serde_json::json!(["live", "Quokka"]));
    assert_eq!(hit["day"], "2026-01-17");
    assert_eq!(home.conversations(&["search", "uokka"]), "", "no part of a word is found");
    let nothing = home.run(&["conversations", "show", "2020-01-01"], None, "");
    assert!(!nothing.status.success());
    assert_eq!(text(&nothing.stderr).trim().lines().count(), 1);
}

#[test]
fn past_conversations_are_exported_whole_and_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let turns = home.file("turns.jsonl", &turns());
    home.memory(&["import-turns", turns.to_str().expect("UTF-8")]);
    let out = |name: &str| home.path().join("tmp").join(name);
    let (markdown, json, day) = (out("all.md"), out("all.json"), out("day.md"));
    let path = |file: &Path| file.to_str().expect("UTF-8").to_owned();
    let told = home.conversations(&["export", &path(&markdown)]);
    assert!(told.contains("not encrypted"), "{told}");
    home.conversations(&["export", &path(&json), "--format", "json"]);
    home.conversations(&["export", &path(&day), "--day", "2026-01-03"]);
    for file in [&markdown, &json, &day] {
        let mode = std::fs::metadata(file).expect("written").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let markdown = std::fs::read_to_string(markdown).expect("read");
    let written: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&json).expect("read")).expect("JSON");
    let conversations = written["conversations"].as_array().expect("a list");
    let lines: Vec<&str> = conversations
        .iter()
        .flat_map(|one| one["lines"].as_array().expect("a list"))
        .map(|line| line["text"].as_str().expect("a text"))
        .collect();
    assert_eq!(lines.len(), SECRETS.len());
    for word in SECRETS {
        assert_eq!(markdown.matches(word).count(), 1, "{word}");
        assert_eq!(lines.iter().filter(|line| line.contains(word)).count(), 1, "{word}");
    }
    assert_eq!(std::fs::read_to_string(day).expect("read").matches("I live in").count(), 1);
    let again = home.run(&["conversations", "export", &path(&json)], None, "");
    assert!(text(&again.stderr).contains("already"), "{}", text(&again.stderr));
}
