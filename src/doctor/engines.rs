//! Weights, the model program, the server.

use super::{Found, doubtful, fails, works};
use crate::engines;
use crate::models::Kind;
use crate::paths::Paths;
use crate::settings::{DialogueEngine, DialogueSettings, Server, Settings};
use crate::wording::{Text, findings as words, troubles};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

/// How long a server may take to accept a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);

pub(super) fn check_hearing(paths: &Paths, settings: &Settings) -> Found {
    check_weights(Kind::Speech, paths, settings)
}

pub(super) fn check_dialogue(paths: &Paths, settings: &Settings) -> Found {
    match settings.dialogue.engine {
        DialogueEngine::Local => check_weights(Kind::Language, paths, settings),
        DialogueEngine::Server => check_server(&settings.dialogue.server),
    }
}

fn check_weights(kind: Kind, paths: &Paths, settings: &Settings) -> Found {
    match engines::installed(kind, paths, settings) {
        Ok(model) => works(words::MODEL_HERE.filling("id", model.id)),
        Err(error) => fails(error.to_string()),
    }
}

pub(super) fn check_model_program(settings: &DialogueSettings) -> Found {
    if settings.engine == DialogueEngine::Server {
        return works(words::PROGRAM_NOT_NEEDED);
    }
    let name = format!("samantha-llm{}", std::env::consts::EXE_SUFFIX);
    let named = std::env::var_os("SAMANTHA_LLM").map(PathBuf::from);
    let beside = || Some(std::env::current_exe().ok()?.parent()?.join(&name));
    match named.or_else(beside).filter(|program| program.is_file()) {
        Some(program) => {
            works(words::PROGRAM_HERE.filling("program", program.display().to_string()))
        }
        None => fails(troubles::MODEL_PROGRAM_MISSING.filling("program", name)),
    }
}

fn check_server(server: &Server) -> Found {
    let Ok(url) = reqwest::Url::parse(&server.base_url) else {
        return fails(words::NO_ADDRESS);
    };
    let host = url.host_str().unwrap_or_default().to_owned();
    let of_host = |text: Text| text.filling("host", host.clone());
    let Some(address) = url.socket_addrs(|| None).ok().and_then(|all| all.first().copied()) else {
        return fails(of_host(words::SERVER_NOT_FOUND));
    };
    if TcpStream::connect_timeout(&address, CONNECT_WITHIN).is_err() {
        return fails(of_host(words::SERVER_CLOSED));
    }
    let key = &server.api_key_env;
    if !key.is_empty() && std::env::var_os(key).is_none() {
        return doubtful(of_host(words::SERVER_WITHOUT_KEY).with("key", key.clone()));
    }
    works(of_host(words::SERVER_OPEN))
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

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
