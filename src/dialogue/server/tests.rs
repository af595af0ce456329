use super::super::{AsideId, Responder, Role, responder};
use super::*;
use crate::dialogue::ReplyId;
use crate::settings::Server as ServerSettings;
use crossbeam_channel::Receiver;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Instant;

const KEY: &str = "sk-very-secret";

/// Serves connections with `script`, which is given what was asked, and passes
/// each request on.
struct ScriptedServer {
    address: String,
    requests: Receiver<String>,
}

impl ScriptedServer {
    fn start(script: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let (tell, requests) = crossbeam_channel::unbounded();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                if tell.send(read_request(&stream)).is_err() {
                    break;
                }
                // The client may hang up whenever it likes.
                let _ = script(&mut stream);
            }
        });
        Self { address, requests }
    }

    fn settings(&self) -> DialogueSettings {
        DialogueSettings {
            server: ServerSettings {
                base_url: format!("http://{}/v1/", self.address),
                model: "tiny".into(),
                api_key: KEY.into(),
                ..ServerSettings::default()
            },
            ..DialogueSettings::default()
        }
    }

    /// The events that one question leads to.
    fn ask(&self) -> Vec<DialogueEvent> {
        let (mut responder, events) = self.responder();
        responder.ask(ReplyId(1), question());
        let mut seen = Vec::new();
        loop {
            let event = events.recv_timeout(Duration::from_secs(10)).expect("an event");
            let is_last =
                matches!(event, DialogueEvent::Done { .. } | DialogueEvent::Failed { .. });
            seen.push(event);
            if is_last {
                return seen;
            }
        }
    }

    fn config(&self) -> Config {
        Config::new(&self.settings()).expect("good settings").with_timeouts(Timeouts {
            connect: Duration::from_secs(2),
            first_token: Duration::from_millis(400),
            between_tokens: Duration::from_millis(400),
        })
    }

    fn responder(&self) -> (responder::ResponderThread, Receiver<DialogueEvent>) {
        Self::responder_of(self.config())
    }

    fn responder_of(config: Config) -> (responder::ResponderThread, Receiver<DialogueEvent>) {
        let (tell, events) = crossbeam_channel::unbounded();
        let sampling = Sampling { max_tokens: 50, temperature: 0.5, judge_ending: false };
        let outbox: crate::Outbox<DialogueEvent> = Box::new(move |event| {
            let _ = tell.send(event);
        });
        let responder = responder::spawn(sampling, false, outbox, move |link| {
            Ok(Box::new(Server::new(config, &link)?) as _)
        });
        (responder, events)
    }
}

fn question() -> Prompt {
    let message = |role, content: &str| Message { role, content: content.into() };
    Prompt { messages: vec![message(Role::System, "Be kind."), message(Role::User, "Hello?")] }
}

/// Head and body, as they came.
fn read_request(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    let mut body_bytes = 0;
    loop {
        let start = request.len();
        if reader.read_line(&mut request).expect("a line") == 0 {
            return request;
        }
        let line = request[start..].trim().to_ascii_lowercase();
        if let Some(length) = line.strip_prefix("content-length:") {
            body_bytes = length.trim().parse().expect("a number");
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; body_bytes];
    reader.read_exact(&mut body).expect("a body");
    request + &String::from_utf8(body).expect("UTF-8")
}

const STREAM_HEAD: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

fn piece(text: &str) -> String {
    let text = serde_json::to_string(text).expect("JSON");
    format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":{text}}}}}]}}\n\n")
}

const FINISH: &str =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

fn said(events: &[DialogueEvent]) -> String {
    let text = |event: &DialogueEvent| match event {
        DialogueEvent::Delta { text, .. } => text.clone(),
        _ => String::new(),
    };
    events.iter().map(text).collect()
}

fn failure(events: &[DialogueEvent]) -> &str {
    match events.last() {
        Some(DialogueEvent::Failed { reason, .. }) => {
            assert!(!reason.contains(KEY), "the key leaked: {reason}");
            reason
        }
        other => panic!("not a failure: {other:?}"),
    }
}

/// What a question to a server that answers with `status` and `body` leads to.
fn asked_with_status(status: &'static str, body: &'static str) -> Vec<DialogueEvent> {
    ScriptedServer::start(move |stream| {
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        )
    })
    .ask()
}

/// What an aside leads to after `Ready`.
fn aside_of(config: Config) -> DialogueEvent {
    let (mut responder, events) = ScriptedServer::responder_of(config);
    let grammar = Some("root ::= \"a\"".into());
    responder.aside(AsideId(3), Aside { prompt: question(), grammar, max_tokens: 7 });
    let next = || events.recv_timeout(Duration::from_secs(10)).expect("an event");
    assert!(matches!(next(), DialogueEvent::Ready { .. }));
    next()
}

#[test]
fn an_aside_is_an_ordinary_question_without_chance() {
    let server = ScriptedServer::start(|stream| {
        stream.write_all(STREAM_HEAD.as_bytes())?;
        stream.write_all((piece("I live ") + &piece("in Leeds.") + FINISH).as_bytes())?;
        stream.write_all(b"data: [DONE]\n\n")
    });
    let text = "I live in Leeds.".into();
    assert_eq!(aside_of(server.config()), DialogueEvent::AsideDone { id: AsideId(3), text });
    let request = server.requests.recv().expect("a request");
    let (_, body) = request.split_once("\r\n\r\n").expect("head and body");
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(body["max_tokens"], 7);
    assert_eq!(body["temperature"], 0.0);
    assert_eq!(body["grammar"], serde_json::Value::Null);
}

#[test]
fn a_server_that_is_to_answer_only_is_asked_for_nothing_else() {
    let server = ScriptedServer::start(|_| Ok(()));
    let ended = DialogueEvent::AsideEnded { id: AsideId(3) };
    assert_eq!(aside_of(server.config().without_asides()), ended);
    assert!(server.requests.is_empty());
    // One that does not do it is not told as trouble either.
    assert_eq!(aside_of(server.config()), ended);
}

#[test]
fn a_reply_streams_and_the_request_is_what_servers_expect() {
    let server = ScriptedServer::start(|stream| {
        stream.write_all(STREAM_HEAD.as_bytes())?;
        stream.write_all(b": a comment to keep the line open\n\n")?;
        stream.write_all(b"data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n")?;
        stream.write_all((piece("Good ") + &piece("morning.") + FINISH).as_bytes())?;
        stream.write_all(
            b"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"prompt_tokens_details\":null}}\
              \n\ndata: [DONE]\n\n",
        )
    });
    let events = server.ask();
    let place = server.address.clone();
    assert_eq!(events[0], DialogueEvent::Ready { model: format!("tiny on {place}") });
    assert_eq!(said(&events), "Good morning.");
    let stats = ReplyStats { prompt_tokens: 12, cached_tokens: 0, reply_tokens: 2 };
    assert_eq!(events.last(), Some(&DialogueEvent::Done { id: ReplyId(1), stats }));

    let request = server.requests.recv().expect("a request");
    let (head, body) = request.split_once("\r\n\r\n").expect("head and body");
    assert!(head.starts_with("POST /v1/chat/completions HTTP/1.1"), "{head}");
    assert!(head.to_ascii_lowercase().contains(&format!("authorization: bearer {KEY}")), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(body["model"], "tiny");
    assert_eq!(body["stream"], true);
    assert_eq!(body["max_tokens"], 50);
    assert_eq!(body["messages"][0]["role"], "system");
    assert_eq!(body["messages"][1]["content"], "Hello?");
}

#[test]
fn characters_and_events_split_between_packets_arrive_whole() {
    let server = ScriptedServer::start(|stream| {
        stream.set_nodelay(true)?;
        stream.write_all(STREAM_HEAD.as_bytes())?;
        let body = piece("Zoë ") + &piece("sagt: 日本 👋") + FINISH + "data: [DONE]\n\n";
        for byte in body.replace('\n', "\r\n").as_bytes().chunks(1) {
            stream.write_all(byte)?;
        }
        Ok(())
    });
    assert_eq!(said(&server.ask()), "Zoë sagt: 日本 👋");
}

#[test]
fn a_server_that_just_hangs_up_when_done_is_understood() {
    let server = ScriptedServer::start(|stream| {
        stream.write_all((STREAM_HEAD.to_owned() + &piece("Yes.") + FINISH).as_bytes())
    });
    let events = server.ask();
    assert_eq!(said(&events), "Yes.");
    assert!(matches!(events.last(), Some(DialogueEvent::Done { .. })));
}

#[test]
fn a_wrong_key_is_told_without_showing_it() {
    let events =
        asked_with_status("401 Unauthorized", r#"{"error":{"message":"bad key sk-very-secret"}}"#);
    assert!(failure(&events).contains("does not accept the key"));
    assert!(matches!(&events[1], DialogueEvent::Unavailable { reason } if !reason.contains(KEY)));
}

#[test]
fn a_model_the_server_does_not_know_is_named() {
    let events = asked_with_status("404 Not Found", r#"{"error":"model not found"}"#);
    assert!(failure(&events).contains("\"tiny\""), "{}", failure(&events));
}

#[test]
fn a_busy_server_is_told_as_busy() {
    let events = asked_with_status("429 Too Many Requests", "{}");
    assert!(failure(&events).contains("wait a little"), "{}", failure(&events));
}

#[test]
fn a_broken_server_is_quoted_without_the_key() {
    let events = asked_with_status(
        "500 Internal Server Error",
        r#"{"error":{"message":"out of\nmemory sk-very-secret"}}"#,
    );
    assert!(failure(&events).contains("error 500"), "{}", failure(&events));
    assert!(failure(&events).contains("out of memory (key)"), "{}", failure(&events));
    let events = asked_with_status("502 Bad Gateway", "<html>not JSON</html>");
    assert!(failure(&events).contains("error 502"), "{}", failure(&events));
}

#[test]
fn a_redirect_is_not_followed() {
    let server = ScriptedServer::start(|stream| {
        stream.write_all(
            b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\n\
              Content-Length: 0\r\nConnection: close\r\n\r\n",
        )
    });
    assert!(failure(&server.ask()).contains("error 307"));
}

#[test]
fn a_server_that_stalls_is_given_up() {
    let server = ScriptedServer::start(|_| {
        thread::sleep(Duration::from_secs(3));
        Ok(())
    });
    assert!(failure(&server.ask()).contains("takes too long"));
    let server = ScriptedServer::start(|stream| {
        stream.write_all((STREAM_HEAD.to_owned() + &piece("Well")).as_bytes())?;
        thread::sleep(Duration::from_secs(3));
        Ok(())
    });
    let events = server.ask();
    assert_eq!(said(&events), "Well");
    assert!(failure(&events).contains("takes too long"));
}

#[test]
fn a_stream_that_breaks_is_told_after_what_was_said() {
    let server = ScriptedServer::start(|stream| {
        stream.write_all((STREAM_HEAD.to_owned() + &piece("Well, I")).as_bytes())
    });
    let events = server.ask();
    assert_eq!(said(&events), "Well, I");
    assert!(failure(&events).contains("broke in the middle"), "{}", failure(&events));
}

#[test]
fn an_error_inside_the_stream_is_told() {
    let server = ScriptedServer::start(|stream| {
        stream.write_all(STREAM_HEAD.as_bytes())?;
        stream.write_all(b"data: {\"error\":{\"message\":\"overloaded\",\"code\":5}}\n\n")
    });
    assert!(failure(&server.ask()).contains("overloaded"));
}

#[test]
fn something_that_is_no_model_server_is_told() {
    let server = ScriptedServer::start(|stream| {
        stream.write_all((STREAM_HEAD.to_owned() + "data: hello\n\n").as_bytes())
    });
    assert!(failure(&server.ask()).contains("not understood"));
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let (_, requests) = crossbeam_channel::unbounded();
    let server = ScriptedServer { address: address.clone(), requests };
    let events = server.ask();
    assert!(failure(&events).contains("cannot be reached"), "{}", failure(&events));
    assert!(failure(&events).contains(&address), "{}", failure(&events));
}

#[test]
fn cancelling_hangs_up_within_a_tenth_of_a_second() {
    let (tell, hung_up) = crossbeam_channel::bounded(1);
    let server = ScriptedServer::start(move |stream| {
        stream.write_all((STREAM_HEAD.to_owned() + &piece("Once upon")).as_bytes())?;
        let mut nothing = [0];
        let _ = stream.read(&mut nothing); // returns when the client is gone
        let _ = tell.send(Instant::now());
        Ok(())
    });
    let (mut responder, events) = server.responder();
    responder.ask(ReplyId(1), question());
    while said(&[events.recv_timeout(Duration::from_secs(5)).expect("an event")]).is_empty() {}
    let cancelled = Instant::now();
    responder.cancel(ReplyId(1));
    let gone = hung_up.recv_timeout(Duration::from_secs(5)).expect("the client hangs up");
    assert!(gone - cancelled < Duration::from_millis(100), "{:?}", gone - cancelled);
    assert!(events.try_recv().is_err(), "nothing more is said");
}

#[test]
fn old_turns_leave_when_the_context_is_full() {
    let mut messages = question().messages;
    for _ in 0..40 {
        messages.push(Message { role: Role::Assistant, content: "word ".repeat(20) });
        messages.push(Message { role: Role::User, content: "word ".repeat(20) });
    }
    let sampling = Sampling { max_tokens: 100, temperature: 0.0, judge_ending: false };
    let kept = in_view(&Prompt { messages: messages.clone() }, sampling, 1100).expect("it fits");
    assert_eq!(kept[0], messages[0], "the system message stays");
    assert_eq!(kept[1].role, Role::User, "turns leave whole");
    assert_eq!(kept.last(), messages.last());
    assert!(kept.len() < messages.len());
}

#[test]
fn settings_that_cannot_work_say_what_to_change() {
    let reason = |change: fn(&mut ServerSettings)| {
        let mut settings = DialogueSettings::default();
        settings.server.base_url = "http://localhost:1/v1".into();
        settings.server.model = "m".into();
        change(&mut settings.server);
        match Config::new(&settings) {
            Err(DialogueError::Unavailable(reason)) => reason,
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("accepted"),
        }
    };
    assert!(reason(|s| s.base_url = "localhost:11434".into()).contains("base_url"));
    assert!(reason(|s| s.base_url = String::new()).contains("base_url"));
    assert!(reason(|s| s.model = " ".into()).contains("`model`"));
    assert!(reason(|s| s.api_key_env = "NO_SUCH_VARIABLE_HERE".into()).contains("NO_SUCH"));
    let secret = reason(|s| s.api_key = "a\nsecret".into());
    assert!(!secret.contains("secret"), "{secret}");
}

/// What trying this server leads to.
fn tried(server: &ScriptedServer) -> TestReport {
    let report = Server::silent(server.config()).expect("a client").try_out();
    assert!(!format!("{report:?}").contains(KEY), "the key leaked: {report:?}");
    report
}

/// The same of one that answers with `status` and `body`.
fn tried_with_status(status: &'static str, body: &'static str) -> TestReport {
    let server = ScriptedServer::start(move |stream| {
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    });
    tried(&server)
}

#[test]
fn a_server_that_works_is_told_with_how_fast_it_is() {
    let server = ScriptedServer::start(|stream| {
        stream.write_all(STREAM_HEAD.as_bytes())?;
        for word in ["one ", "two ", "three ", "four ", "five ", "six "] {
            stream.write_all(piece(word).as_bytes())?;
            thread::sleep(Duration::from_millis(20));
        }
        stream.write_all((FINISH.to_owned() + "data: [DONE]\n\n").as_bytes())
    });
    let report = tried(&server);
    assert!(report.works, "{report:?}");
    assert!(report.text.starts_with("It works: the first word came after 0."), "{report:?}");
    assert!(report.text.ends_with("words a second."), "{report:?}");
    assert!(report.details.contains("one two three"), "{report:?}");
    let request = server.requests.recv().expect("a request");
    let (_, body) = request.split_once("\r\n\r\n").expect("head and body");
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(body["messages"].as_array().map(Vec::len), Some(1), "nothing but the question");
    assert_eq!(body["messages"][0]["content"], "Count from one to twenty in words.");
}

#[test]
fn what_is_wrong_with_a_server_is_told_apart() {
    for (status, body, text, details) in [
        ("401 Unauthorized", r#"{"error":"bad sk-very-secret"}"#, "does not accept the key", "401"),
        ("404 Not Found", r#"{"error":"no such model"}"#, "has no model \"tiny\"", "no such model"),
        ("429 Too Many Requests", "{}", "too many questions", "429"),
        ("503 Service Unavailable", "<html>", "is in trouble (error 503)", "503"),
        ("200 OK", "<html>hello</html>", "broke in the middle", "POST http://127.0.0.1"),
    ] {
        let report = tried_with_status(status, body);
        assert!(!report.works, "{status}: {report:?}");
        assert!(report.text.contains(text), "{status}: {report:?}");
        assert!(report.details.contains(details), "{status}: {report:?}");
    }
}

#[test]
fn a_server_without_words_does_not_pass_for_one_that_works() {
    let server = ScriptedServer::start(|stream| {
        stream.write_all((STREAM_HEAD.to_owned() + FINISH + "data: [DONE]\n\n").as_bytes())
    });
    let report = tried(&server);
    assert!(!report.works && report.text.contains("without a word"), "{report:?}");
}

#[test]
fn a_server_that_is_not_reached_is_told_with_the_reason() {
    let plain = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = plain.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in plain.incoming() {
            let _ = stream.expect("a connection").write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let reached = |base_url: String| {
        let mut settings = DialogueSettings::default();
        settings.server = ServerSettings { base_url, model: "m".into(), ..settings.server };
        test(&settings).text
    };
    let text = reached(format!("https://{address}/v1"));
    assert!(text.contains("TLS"), "{text}");
    let text = reached("http://127.0.0.1:1/v1".into());
    assert!(text.contains("cannot be reached"), "{text}");
    let text = reached("not an address".into());
    assert!(text.contains("base_url"), "{text}");
}
