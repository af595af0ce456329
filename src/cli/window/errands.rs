//! Does the window's errands, each on a thread of its own: tries the server,
//! measures a model in a process of its own, checks every part.

use crate::app::errands::{Errand, ErrandEvent};
use crate::app::{Update, UpdateSender};
use crate::cancel::CancelToken;
use crate::dialogue::server::TestReport;
use crate::dialogue::{self, DialogueEvent, Message, Prompt, ReplyId, Role, server};
use crate::doctor::{self, Part};
use crate::models::{Speeds, Store};
use crate::paths::Paths;
use crate::reveal;
use crate::settings::{DialogueEngine, Settings};
use crate::wording::{model_rows as words, notices};
use crossbeam_channel::{RecvTimeoutError, unbounded};
use std::cell::RefCell;
use std::time::{Duration, Instant};

/// What a model is measured by.
const QUESTION: &str = "Tell me a little story about a lighthouse keeper and the sea.";
/// So much of it is enough.
const MEASURED_TOKENS: u32 = 120;
/// A model that has not answered by then is too slow to talk with.
const MEASURE_WITHIN: Duration = Duration::from_secs(120);
/// How often is looked whether to stop.
const POLL: Duration = Duration::from_millis(50);

/// Does them.
pub(super) struct Errands {
    paths: Paths,
    window: UpdateSender,
    measuring: RefCell<CancelToken>,
}

impl Errands {
    /// Tells the window what was measured earlier.
    pub(super) fn new(paths: &Paths, window: &UpdateSender) -> Self {
        window.send(Update::Errand(ErrandEvent::Speeds(Speeds::load(paths))));
        let measuring = RefCell::new(CancelToken::new());
        Self { paths: paths.clone(), window: window.clone(), measuring }
    }

    /// Begins it; what comes of it is an [`Update::Errand`].
    pub(super) fn run(&self, errand: Errand, settings: &Settings) {
        let (paths, window, settings) = (self.paths.clone(), self.window.clone(), settings.clone());
        let tell = move |event| window.send(Update::Errand(event));
        let cannot = tell.clone();
        let (unstarted, server) = (errand.clone(), settings.dialogue.server.clone());
        let started = match errand {
            Errand::StopMeasuring => {
                self.measuring.borrow().cancel();
                return;
            }
            Errand::TestServer => spawn("server test", move || {
                let report = server::test(&settings.dialogue);
                tell(ErrandEvent::ServerTested(settings.dialogue.server, report));
            }),
            Errand::Measure(id) => {
                let cancel = CancelToken::new();
                self.measuring.replace(cancel.clone());
                spawn("measuring", move || {
                    let measured = measure(&id, &paths, &settings, &cancel);
                    if let Ok(words_per_s) = measured {
                        let mut speeds = Speeds::load(&paths);
                        speeds.set(&id, words_per_s);
                        if let Err(error) = speeds.save(&paths) {
                            tracing::warn!("{error}");
                        }
                        tell(ErrandEvent::Speeds(speeds));
                    }
                    tell(ErrandEvent::Measured(id, measured.err()));
                })
            }
            Errand::CheckUp => check(Part::ALL.to_vec(), paths, settings, tell),
            Errand::Check(part) => check(vec![part], paths, settings, tell),
            Errand::ShowFile(file) => spawn("show file", move || {
                if !reveal::folder_of(&file) {
                    tell(ErrandEvent::FileNotShown(file));
                }
            }),
        };
        if let Err(error) = started {
            tracing::warn!("no thread for {unstarted:?}: {error}");
            let text = notices::cannot_fetch(&error);
            cannot(match unstarted {
                Errand::Measure(id) => ErrandEvent::Measured(id, Some(text)),
                Errand::TestServer => {
                    let report = TestReport { works: false, text, details: String::new() };
                    ErrandEvent::ServerTested(server, report)
                }
                Errand::ShowFile(file) => ErrandEvent::FileNotShown(file),
                Errand::CheckUp | Errand::Check(_) | Errand::StopMeasuring => {
                    ErrandEvent::CheckedUp
                }
            });
        }
    }
}

impl Drop for Errands {
    fn drop(&mut self) {
        self.measuring.borrow().cancel();
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new().name(name.into()).spawn(work).map(drop)
}

fn check(
    parts: Vec<Part>,
    paths: Paths,
    settings: Settings,
    tell: impl Fn(ErrandEvent) + Send + 'static,
) -> std::io::Result<()> {
    spawn("check-up", move || {
        for part in parts {
            tell(ErrandEvent::Found(doctor::check(part, &paths, &settings)));
        }
        tell(ErrandEvent::CheckedUp);
    })
}

/// Words a second, of a process that is started for it and ended after it.
fn measure(
    id: &str,
    paths: &Paths,
    settings: &Settings,
    cancel: &CancelToken,
) -> Result<f32, String> {
    let model = Store::new(paths).find_installed(id).map_err(|error| error.to_string())?;
    let mut dialogue = settings.dialogue.clone();
    dialogue.engine = DialogueEngine::Local;
    dialogue.max_reply_tokens = MEASURED_TOKENS;
    let (tell, told) = unbounded();
    let outbox = Box::new(move |event| drop(tell.send(event)));
    let file = model.map(|model| model.path);
    let mut responder = dialogue::spawn(&dialogue, file, id.to_owned(), outbox);
    let message = |role, content: &str| Message { role, content: content.into() };
    responder.ask(ReplyId(0), Prompt { messages: vec![message(Role::User, QUESTION)] });
    let deadline = Instant::now() + MEASURE_WITHIN;
    let (mut reply, mut first) = (String::new(), None);
    while Instant::now() < deadline && !cancel.is_cancelled() {
        match told.recv_timeout(POLL) {
            Ok(DialogueEvent::Delta { text, .. }) => {
                // The first piece was waited for while the question was read.
                match first {
                    None => first = Some(Instant::now()),
                    Some(_) => reply.push_str(&text),
                }
            }
            Ok(DialogueEvent::Done { .. }) => {
                let seconds = first.map_or(0.0, |first| first.elapsed().as_secs_f32());
                let words = reply.split_whitespace().count();
                return if words > 0 && seconds > 0.0 {
                    Ok(words as f32 / seconds)
                } else {
                    Err(words::NO_WORDS.into())
                };
            }
            Ok(
                DialogueEvent::Failed { reason, .. } | DialogueEvent::Unavailable { reason, .. },
            ) => return Err(reason),
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    Err(words::NO_WORDS.into())
}
