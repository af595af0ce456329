//! Weights, the model program, the server.

use super::{Found, doubtful, fails, works};
use crate::paths::Paths;
use crate::settings::{DialogueEngine, DialogueSettings, Hearing, Server};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a server may take to accept a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);

pub(super) fn check_hearing(paths: &Paths, settings: &Hearing) -> Found {
    check_weights(&paths.models_dir(), "bin", &settings.model, "speech model")
}

pub(super) fn check_dialogue(paths: &Paths, settings: &DialogueSettings) -> Found {
    match settings.engine {
        DialogueEngine::Local => {
            check_weights(&paths.models_dir(), "gguf", &settings.model, "language model")
        }
        DialogueEngine::Server => check_server(&settings.server),
    }
}

/// Whether weights of this kind are in the folder: the wanted ones, or any if
/// none are named.
fn check_weights(dir: &Path, extension: &str, wanted: &str, what: &str) -> Found {
    let mut ids: Vec<String> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == extension) && path.is_file())
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    ids.sort();
    if wanted.is_empty() && ids.is_empty() {
        return fails(format!(
            "There is no {what} yet: fetch the one that fits this computer with `samantha models \
             pull`."
        ));
    }
    if !wanted.is_empty() && !ids.iter().any(|id| id == wanted) {
        return fails(format!(
            "The {what} {wanted:?} of the settings is not here: fetch it with `samantha models \
             pull {wanted}`."
        ));
    }
    works(format!("Here: {}.", ids.join(", ")))
}

pub(super) fn check_model_program(settings: &DialogueSettings) -> Found {
    if settings.engine == DialogueEngine::Server {
        return works("Not needed: a server answers.");
    }
    let name = format!("samantha-llm{}", std::env::consts::EXE_SUFFIX);
    let named = std::env::var_os("SAMANTHA_LLM").map(PathBuf::from);
    let beside = || Some(std::env::current_exe().ok()?.parent()?.join(&name));
    match named.or_else(beside).filter(|program| program.is_file()) {
        Some(program) => works(format!("{} is there.", program.display())),
        None => fails(format!(
            "The program {name}, which runs the language model, is missing beside this one: \
             install Samantha again, or build it with `cargo build --release`."
        )),
    }
}

fn check_server(server: &Server) -> Found {
    let Ok(url) = reqwest::Url::parse(&server.base_url) else {
        return fails(
            "The server's address in the settings is not one: write it like \
             `http://localhost:11434/v1`.",
        );
    };
    let host = url.host_str().unwrap_or_default().to_owned();
    let Some(address) = url.socket_addrs(|| None).ok().and_then(|all| all.first().copied()) else {
        return fails(format!(
            "The server {host:?} cannot be found: check the address in the settings and your \
             network."
        ));
    };
    if TcpStream::connect_timeout(&address, CONNECT_WITHIN).is_err() {
        return fails(format!(
            "The server {host:?} does not accept connections: start it, or check the address in \
             the settings."
        ));
    }
    let key = &server.api_key_env;
    if !key.is_empty() && std::env::var_os(key).is_none() {
        return doubtful(format!(
            "The server {host:?} answers, but the environment variable {key} that should hold \
             its key is not set."
        ));
    }
    works(format!("The server {host:?} accepts connections; what you say is sent there."))
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    #[test]
    fn weights_are_found_by_kind_and_name() {
        let dir = tempfile::tempdir().expect("a folder");
        let check = |wanted| check_weights(dir.path(), "bin", wanted, "speech model");
        assert_eq!(check("").0, Verdict::Fails);
        std::fs::write(dir.path().join("qwen.gguf"), "").expect("written");
        assert_eq!(check("").0, Verdict::Fails);
        std::fs::write(dir.path().join("whisper-tiny.en.bin"), "").expect("written");
        assert_eq!(check("").0, Verdict::Works);
        assert_eq!(check("whisper-tiny.en").0, Verdict::Works);
        let (verdict, text) = check("whisper-base");
        assert_eq!(verdict, Verdict::Fails);
        assert!(text.contains("samantha models pull whisper-base"), "{text}");
    }

    #[test]
    fn a_server_is_tried_and_its_absence_explained() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let base_url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let mut server = Server { base_url, ..Server::default() };
        assert_eq!(check_server(&server).0, Verdict::Works);
        server.api_key_env = "SAMANTHA_TEST_NO_SUCH_KEY".into();
        assert_eq!(check_server(&server).0, Verdict::Doubtful);
        drop(listener);
        assert_eq!(check_server(&server).0, Verdict::Fails);
        server.base_url = "localhost".into();
        assert_eq!(check_server(&server).0, Verdict::Fails);
    }
}
