//! The first run of a person who only presses Enter: from an empty home to a
//! spoken reply.

use super::home::{Home, weights};
use super::{alone, launch, pictures, share_of_words};
use rehearsal::app::{App, Launch, Manner};
use rehearsal::{Desktop, say_to_wav};
use samantha::paths::Paths;
use samantha::settings;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const QUESTION: &str = "What could I cook for dinner with rice and two eggs?";

/// So many screens are there.
const STEPS: usize = 8;

/// What stands in for the usual weights: their kind, file and title. The
/// smallest ones, so that this takes a minute.
const WEIGHTS: [(&str, &str, &str); 5] = [
    ("speech", "whisper-tiny.en.bin", "Whisper tiny, English"),
    ("language", "smollm2-135m.gguf", "SmolLM2 135M"),
    ("memory", "all-minilm-l6-v2.onnx", "MiniLM"),
    ("voice", "hibari.onnx", "Hibari"),
    ("turn", "smart-turn-v3.2.onnx", "Smart Turn"),
];

#[test]
fn a_first_run_by_enter_alone_ends_in_a_spoken_reply() {
    let _alone = alone();
    let home = Home::empty();
    home.write_config("catalog.toml", &catalog());
    let mirror = serve(weights());
    let desktop = Desktop::start().unwrap();
    let question = desktop.folder().join("question.wav");
    say_to_wav(QUESTION, &question).unwrap();
    let speaker = desktop.record_speaker().unwrap();
    let environment = vec![("SAMANTHA_HF_BASE".into(), mirror.into())];
    let mut app = App::launch(&desktop, &Launch { environment, ..launch(&home) }).unwrap();
    desktop.focus_window("Samantha").unwrap();
    std::thread::sleep(Duration::from_secs(2));
    assert!(!settings_of(&home).window.welcomed);

    for step in 1..=STEPS {
        desktop.screenshot(&pictures().join(format!("first-run-{step}.png"))).unwrap();
        desktop.xdotool(&["key", "Return"]).unwrap();
        std::thread::sleep(Duration::from_millis(1200));
    }
    let deadline = Instant::now() + Duration::from_secs(10);
    while !settings_of(&home).window.welcomed {
        assert!(Instant::now() < deadline, "{STEPS} times Enter did not lead to the end");
        std::thread::sleep(Duration::from_millis(100));
    }
    for what in ["hearing_ready", "dialogue_ready", "voices"] {
        app.wait_for(what, 0, Duration::from_secs(60)).unwrap();
    }
    for (_, file, _) in WEIGHTS {
        assert!(home.path().join("data/models").join(file).is_file(), "{file} was not fetched");
    }
    std::thread::sleep(Duration::from_secs(1));
    desktop.screenshot(&pictures().join("first-run-over.png")).unwrap();

    let exchange = app.ask(&desktop, &speaker, &question, Manner::Key, |_| Ok(())).unwrap();
    assert!(share_of_words(QUESTION, &exchange.heard) >= 0.7, "heard: {}", exchange.heard);
    assert!(!exchange.answered.is_empty());
    assert!(exchange.first_sound_at.is_some(), "nothing was heard at the speaker");
    desktop.screenshot(&pictures().join("first-run-answered.png")).unwrap();
}

fn settings_of(home: &Home) -> settings::Settings {
    let paths = Paths::new(Some(home.path())).unwrap();
    settings::load(&paths.settings_file()).unwrap().settings
}

/// A catalogue in which the smallest weights are what every computer gets, and
/// a mirror has all of them.
fn catalog() -> String {
    let mut models = String::new();
    let mut defaults = String::from("[defaults]\n");
    for (kind, file, title) in WEIGHTS {
        let (id, _) = file.rsplit_once('.').unwrap();
        let path = weights().join(file);
        let size = std::fs::metadata(&path).unwrap_or_else(|_| panic!("no {path:?}")).len();
        let beside = std::fs::read_to_string(path.with_file_name(format!("{id}.toml"))).unwrap();
        let beside: HashMap<String, toml::Value> = toml::from_str(&beside).unwrap();
        let sha256 = &beside["sha256"];
        defaults += &format!("{kind} = [{{ id = \"{id}\" }}]\n");
        models += &format!(
            "[[model]]\nid = \"{id}\"\nkind = \"{kind}\"\ntitle = \"{title}\"\nabout = \"Small.\"\n\
             licence = \"MIT\"\nlanguages = [\"en\"]\nram_mib = 256\nsize = {size}\n\
             sha256 = {sha256}\n[[model.source]]\n\
             parts = [{{ url = \"https://huggingface.co/{file}\" }}]\n"
        );
    }
    defaults + &models
}

/// Serves the files of a folder; returns the address. Ends with the test.
fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let folder = folder.clone();
            // A client may hang up at any time.
            std::thread::spawn(move || stream.and_then(|stream| answer(&stream, &folder)));
        }
    });
    address
}

fn answer(mut stream: &TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let request = lines.next().unwrap_or_default();
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let name = request.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
    let mut file = std::fs::File::open(folder.join(name))?;
    let length = file.metadata()?.len();
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")?;
    std::io::copy(&mut file, &mut stream).map(drop)
}
