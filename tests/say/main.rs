//! Her own voice through the command line, read back by the recogniser.
//!
//! `SAMANTHA_TEST_MODELS` names the folder with the weights; scripts/test sets
//! it. No sound system is needed: what is said goes into files.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const WEIGHTS: [&str; 4] =
    ["hibari.onnx", "whisper-tiny.en.bin", "smollm2-135m.gguf", "all-minilm-l6-v2.onnx"];

struct Home(tempfile::TempDir);

impl Home {
    fn empty() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn with_weights() -> Self {
        let folder = PathBuf::from(
            std::env::var_os("SAMANTHA_TEST_MODELS")
                .expect("SAMANTHA_TEST_MODELS names no folder of weights: run scripts/test"),
        );
        let home = Self::empty();
        let models = home.file("data/models");
        std::fs::create_dir_all(&models).expect("made");
        for weight in WEIGHTS {
            let record = Path::new(weight).with_extension("toml");
            for name in [Path::new(weight), &record] {
                let file = folder.join(name);
                assert!(file.is_file(), "{} is missing: run scripts/test", file.display());
                std::os::unix::fs::symlink(file, models.join(name)).expect("linked");
            }
        }
        home
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// `samantha ARGS` as on a machine that has nothing else.
    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_samantha"))
            .args(args)
            .env("SAMANTHA_HOME", self.0.path())
            .env("HOME", self.0.path())
            .env("XDG_RUNTIME_DIR", self.0.path())
            .env("SAMANTHA_NO_KEYCHAIN", "1")
            .env_remove("XDG_DATA_HOME")
            .env_remove("PULSE_SERVER")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .output()
            .expect("started")
    }

    fn works(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{args:?}: {told}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// The sentence that says why not.
    fn refused(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        String::from_utf8(output.stderr).expect("UTF-8")
    }

    fn heard(&self, file: &Path) -> String {
        let line = self.works(&["transcribe", file.to_str().expect("UTF-8")]);
        line.split('\t').nth(1).expect("a transcript").trim().to_lowercase()
    }
}

#[test]
fn what_she_says_is_understood() {
    let home = Home::with_weights();
    let file = home.file("said.wav");
    let text = "Good evening, my dear. The garden is quiet, and the kettle is on.";
    home.works(&["say", text, "--out", file.to_str().expect("UTF-8")]);
    let wav = hound::WavReader::open(&file).expect("a WAV file");
    assert_eq!((wav.spec().sample_rate, wav.spec().channels), (24_000, 1));
    let heard = home.heard(&file);
    for word in ["evening", "garden", "quiet", "kettle"] {
        assert!(heard.contains(word), "{heard}");
    }
}

#[test]
fn to_somebody_sad_she_speaks_slower_and_softer() {
    let home = Home::with_weights();
    let spoken = |args: &[&str]| {
        let file = home.file("said.wav");
        let text = "I am so sorry about your father.";
        home.works(&[&["say", text, "--out", file.to_str().expect("UTF-8")], args].concat());
        let wav = hound::WavReader::open(&file).expect("a WAV file");
        wav.into_samples::<i16>().map(|s| f64::from(s.expect("a sample"))).collect::<Vec<_>>()
    };
    let level = |samples: &[f64]| {
        let loud: Vec<f64> = samples.iter().copied().filter(|s| s.abs() > 300.0).collect();
        (loud.iter().map(|s| s * s).sum::<f64>() / loud.len() as f64).sqrt()
    };
    let (plain, gentle) = (spoken(&[]), spoken(&["--gently"]));
    assert!(gentle.len() as f64 > 1.05 * plain.len() as f64, "{} {}", plain.len(), gentle.len());
    assert!(level(&gentle) < level(&plain));
}

#[test]
fn a_reply_is_written_as_it_sounded() {
    let home = Home::with_weights();
    let question = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audio/coffee.flac");
    let out = home.file("out");
    home.works(&[
        "converse",
        "--input",
        question.to_str().expect("UTF-8"),
        "--out",
        out.to_str().expect("UTF-8"),
        "--pace",
        "fast",
    ]);
    let said = std::fs::read_to_string(out.join("reply-1.txt")).expect("a reply").to_lowercase();
    let heard = home.heard(&out.join("reply-1.wav"));
    let long: Vec<&str> = said
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 4 && word.chars().all(char::is_alphabetic))
        .collect();
    let found = long.iter().filter(|word| heard.contains(**word)).count();
    assert!(!long.is_empty() && 10 * found >= 7 * long.len(), "said: {said}\nheard: {heard}");
}

#[test]
fn her_own_voice_is_listed_whether_it_is_here_or_not() {
    let here = Home::with_weights().works(&["voices", "--json"]);
    let first: serde_json::Value =
        serde_json::from_str(here.lines().next().expect("a voice")).expect("JSON");
    assert_eq!(
        (first["id"].as_str(), first["engine"].as_str(), first["here"].as_bool()),
        (Some("hibari"), Some("own"), Some(true))
    );
    assert!(Home::empty().works(&["voices"]).contains("models pull"));
}

#[test]
fn what_cannot_be_said_is_told_with_what_to_do() {
    let (empty, full) = (Home::empty(), Home::with_weights());
    assert!(empty.refused(&["say", "Hello.", "--voice", "hibari"]).contains("models pull hibari"));
    let out = full.file("out.wav");
    let out = out.to_str().expect("UTF-8");
    assert!(full.refused(&["say", "Hello.", "--voice", "system", "--out", out]).contains("file"));
    assert!(full.refused(&["say", " ", "--out", out]).contains("nothing to say"));
    assert!(full.refused(&["say", "Hello.", "--out", "/nowhere/a.wav"]).contains("/nowhere/a.wav"));
}
