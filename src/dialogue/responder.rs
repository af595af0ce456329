//! The thread on which a dialogue engine lives.
//!
//! Takes requests from the session through a channel, hands them to the one
//! [`Dialogue`] it built, and reports what comes of them. It never touches the
//! conversation, and never sends anything for a reply whose token is raised.
//!
//! Requests are taken in the order they came, and whatever the conversation
//! asks raises the token of all asides before it. So an aside runs only while
//! nothing else is asked.

use super::{
    Aside, AsideId, Dialogue, DialogueError, DialogueEvent, Prompt, ReplyId, Responder, Sampling,
    Told,
};
use crate::Outbox;
use crate::cancel::CancelToken;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use std::rc::Rc;
use std::thread::{self, JoinHandle};

/// What an engine may use of the thread it lives on.
#[derive(Clone)]
pub struct Link {
    outbox: Rc<Outbox<DialogueEvent>>,
    work: Sender<Work>,
}

impl Link {
    /// Tells something about the engine itself: `Ready`, `Restarting` or
    /// `Unavailable`.
    pub fn report(&self, event: DialogueEvent) {
        (self.outbox)(event);
    }

    /// A handle by which any thread has [`Dialogue::tend`] called soon.
    pub fn waker(&self) -> impl Fn() + Send + 'static {
        let work = self.work.clone();
        move || {
            // Nobody to wake means that the app is closing.
            let _ = work.send(Work::Tend);
        }
    }
}

/// A [`Responder`] over an engine of any kind. Dropping it ends the thread and
/// waits for it.
pub struct ResponderThread {
    work: Sender<Work>,
    preparing: CancelToken,
    asking: Option<(ReplyId, CancelToken)>,
    /// Of all asides since the conversation last asked for something.
    asides: CancelToken,
    thread: Option<JoinHandle<()>>,
    may_draft: bool,
}

enum Work {
    Prepare { prompt: Prompt, cancel: CancelToken },
    Ask { id: ReplyId, prompt: Prompt, is_draft: bool, cancel: CancelToken },
    Aside { id: AsideId, task: Aside, cancel: CancelToken },
    Tend,
    Stop,
}

/// Starts the thread; `may_draft` is what [`Responder::may_draft`] says;
/// `build` makes the engine there. An error from it is told
/// as `Unavailable`, and again for each reply that is asked for.
pub fn spawn(
    sampling: Sampling,
    may_draft: bool,
    outbox: Outbox<DialogueEvent>,
    build: impl FnOnce(Link) -> Result<Box<dyn Dialogue>, DialogueError> + Send + 'static,
) -> ResponderThread {
    // Unbounded: the session sends a few messages a turn, and must not wait.
    let (work, inbox) = crossbeam_channel::unbounded();
    let thread = thread::Builder::new().name("dialogue".into()).spawn({
        let work = work.clone();
        move || {
            let link = Link { outbox: Rc::new(outbox), work };
            let engine = build(link.clone());
            Worker { sampling, link, engine }.run(&inbox);
        }
    });
    let thread = thread.inspect_err(|error| tracing::error!("no dialogue thread: {error}")).ok();
    ResponderThread {
        work,
        preparing: CancelToken::new(),
        asking: None,
        asides: CancelToken::new(),
        thread,
        may_draft,
    }
}

impl ResponderThread {
    fn send(&self, work: Work) {
        // The thread ends only when this handle is dropped.
        let _ = self.work.send(work);
    }

    fn ask_for(&mut self, id: ReplyId, prompt: Prompt, is_draft: bool) {
        self.cancel_asides();
        self.preparing.cancel();
        self.cancel_ask();
        let cancel = CancelToken::new();
        self.asking = Some((id, cancel.clone()));
        self.send(Work::Ask { id, prompt, is_draft, cancel });
    }

    fn cancel_ask(&mut self) {
        if let Some((_, cancel)) = self.asking.take() {
            cancel.cancel();
        }
    }
}

impl Responder for ResponderThread {
    fn prepare(&mut self, prompt: Prompt) {
        self.cancel_asides();
        self.preparing.cancel();
        self.preparing = CancelToken::new();
        self.send(Work::Prepare { prompt, cancel: self.preparing.clone() });
    }

    fn ask(&mut self, id: ReplyId, prompt: Prompt) {
        self.ask_for(id, prompt, false);
    }

    fn draft(&mut self, id: ReplyId, prompt: Prompt) {
        self.ask_for(id, prompt, true);
    }

    fn cancel(&mut self, id: ReplyId) {
        if self.asking.as_ref().is_some_and(|(asked, _)| *asked == id) {
            self.cancel_ask();
        }
    }

    fn may_draft(&self) -> bool {
        self.may_draft
    }

    fn aside(&mut self, id: AsideId, task: Aside) {
        self.send(Work::Aside { id, task, cancel: self.asides.clone() });
    }

    fn cancel_asides(&mut self) {
        self.asides.cancel();
        self.asides = CancelToken::new();
    }
}

impl Drop for ResponderThread {
    fn drop(&mut self) {
        self.cancel_asides();
        self.preparing.cancel();
        self.cancel_ask();
        self.send(Work::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Worker {
    sampling: Sampling,
    link: Link,
    engine: Result<Box<dyn Dialogue>, DialogueError>,
}

impl Worker {
    fn run(mut self, inbox: &Receiver<Work>) {
        if let Err(error) = &self.engine {
            self.link.report(DialogueEvent::Unavailable { reason: error.to_string() });
        }
        loop {
            let tend_at = self.engine.as_mut().ok().and_then(|engine| engine.tend());
            let work = match tend_at {
                Some(at) => inbox.recv_deadline(at),
                None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match work {
                Ok(Work::Prepare { prompt, cancel }) => self.prepare(&prompt, &cancel),
                Ok(Work::Ask { id, prompt, is_draft, cancel }) => {
                    self.ask(id, &prompt, is_draft, &cancel);
                }
                Ok(Work::Aside { id, task, cancel }) => self.aside(id, &task, &cancel),
                Ok(Work::Tend) | Err(RecvTimeoutError::Timeout) => {}
                Ok(Work::Stop) | Err(RecvTimeoutError::Disconnected) => break,
            }
        }
    }

    fn prepare(&mut self, prompt: &Prompt, cancel: &CancelToken) {
        let Ok(engine) = &mut self.engine else { return };
        if cancel.is_cancelled() {
            return;
        }
        match engine.prepare(prompt, cancel) {
            Ok(()) | Err(DialogueError::Cancelled) => {}
            Err(DialogueError::Unavailable(reason)) => {
                self.link.report(DialogueEvent::Unavailable { reason });
            }
            // Nobody is waiting; if it matters, the next ask fails as well.
            Err(DialogueError::Failed(reason)) => tracing::debug!("not prepared: {reason}"),
        }
    }

    fn ask(&mut self, id: ReplyId, prompt: &Prompt, is_draft: bool, cancel: &CancelToken) {
        if cancel.is_cancelled() {
            return;
        }
        let link = &self.link;
        let mut deliver = |told: Told<'_>| {
            if cancel.is_cancelled() {
                return;
            }
            match told {
                Told::Ending(likelihood) => link.report(DialogueEvent::Ending { id, likelihood }),
                Told::Text("") => {}
                Told::Text(text) => {
                    link.report(DialogueEvent::Delta { id, text: text.to_owned() });
                }
            }
        };
        let sampling = Sampling { judge_ending: is_draft, ..self.sampling };
        let replied = match &mut self.engine {
            Ok(engine) => engine.reply(prompt, sampling, cancel, &mut deliver),
            Err(error) => Err(DialogueError::Unavailable(error.to_string())),
        };
        if cancel.is_cancelled() {
            return;
        }
        match replied {
            Ok(stats) => link.report(DialogueEvent::Done { id, stats }),
            Err(DialogueError::Cancelled) => {}
            Err(DialogueError::Unavailable(reason)) => {
                link.report(DialogueEvent::Unavailable { reason: reason.clone() });
                link.report(DialogueEvent::Failed { id, reason });
            }
            Err(DialogueError::Failed(reason)) => {
                link.report(DialogueEvent::Failed { id, reason });
            }
        }
    }
    fn aside(&mut self, id: AsideId, task: &Aside, cancel: &CancelToken) {
        let done = match &mut self.engine {
            Ok(_) if cancel.is_cancelled() => Err(DialogueError::Cancelled),
            Ok(engine) => engine.aside(task, cancel),
            Err(error) => Err(DialogueError::Unavailable(error.to_string())),
        };
        self.link.report(match done {
            Ok(text) => DialogueEvent::AsideDone { id, text },
            // Nobody is waiting; if it matters, the next ask fails as well.
            Err(reason) => {
                tracing::debug!("an aside was not done: {reason}");
                DialogueEvent::AsideEnded { id }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Message, ReplyStats, Role};
    use super::*;
    use std::time::{Duration, Instant};

    /// Says what it is told through `script`, a word at a time; notes in `log`
    /// what was asked of it.
    struct Scripted {
        script: Receiver<Result<&'static str, DialogueError>>,
        log: Sender<String>,
    }

    fn last(prompt: &Prompt) -> &str {
        prompt.messages.last().map_or("", |message| &message.content)
    }

    impl Scripted {
        fn next(
            &self,
            cancel: &CancelToken,
        ) -> Option<Result<Option<&'static str>, DialogueError>> {
            if cancel.is_cancelled() {
                return Some(Err(DialogueError::Cancelled));
            }
            match self.script.recv_timeout(Duration::from_millis(1)) {
                Ok(Ok("")) => Some(Ok(None)),
                Ok(step) => Some(step.map(Some)),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(Err(DialogueError::Cancelled)),
            }
        }
    }

    impl Dialogue for Scripted {
        fn prepare(&mut self, prompt: &Prompt, cancel: &CancelToken) -> Result<(), DialogueError> {
            self.log.send(format!("prepare {}", last(prompt))).expect("the test listens");
            while !cancel.is_cancelled() {
                thread::sleep(Duration::from_millis(1));
            }
            Err(DialogueError::Cancelled)
        }

        fn reply(
            &mut self,
            prompt: &Prompt,
            _: Sampling,
            cancel: &CancelToken,
            tell: &mut dyn FnMut(Told<'_>),
        ) -> Result<ReplyStats, DialogueError> {
            self.log.send(format!("reply {}", last(prompt))).expect("the test listens");
            loop {
                match self.next(cancel) {
                    Some(Ok(Some(text))) => tell(Told::Text(text)),
                    Some(Ok(None)) => return Ok(ReplyStats::default()),
                    Some(Err(error)) => return Err(error),
                    None => {}
                }
            }
        }

        fn aside(&mut self, aside: &Aside, cancel: &CancelToken) -> Result<String, DialogueError> {
            self.log.send(format!("aside {}", last(&aside.prompt))).expect("the test listens");
            self.work(cancel)
        }
    }

    impl Scripted {
        fn work(&self, cancel: &CancelToken) -> Result<String, DialogueError> {
            let mut text = String::new();
            loop {
                match self.next(cancel) {
                    Some(Ok(Some(more))) => text.push_str(more),
                    Some(Ok(None)) => return Ok(text),
                    Some(Err(error)) => return Err(error),
                    None => {}
                }
            }
        }
    }

    struct Bench {
        responder: ResponderThread,
        events: Receiver<DialogueEvent>,
        script: Sender<Result<&'static str, DialogueError>>,
        log: Receiver<String>,
    }

    fn bench() -> Bench {
        let (tell, events) = crossbeam_channel::unbounded();
        let (script, steps) = crossbeam_channel::unbounded();
        let (log, logged) = crossbeam_channel::unbounded();
        let sampling = Sampling { max_tokens: 10, temperature: 0.0, judge_ending: false };
        let outbox: Outbox<DialogueEvent> = Box::new(move |event| {
            let _ = tell.send(event);
        });
        let responder = spawn(sampling, true, outbox, move |_| {
            Ok(Box::new(Scripted { script: steps, log }) as Box<dyn Dialogue>)
        });
        Bench { responder, events, script, log: logged }
    }

    fn prompt(text: &str) -> Prompt {
        Prompt { messages: vec![Message { role: Role::User, content: text.into() }] }
    }

    fn take<T>(from: &Receiver<T>) -> T {
        from.recv_timeout(Duration::from_secs(5)).expect("something within five seconds")
    }

    fn delta(turn: u64, text: &str) -> DialogueEvent {
        DialogueEvent::Delta { id: ReplyId(turn), text: text.into() }
    }

    fn done(turn: u64) -> DialogueEvent {
        DialogueEvent::Done { id: ReplyId(turn), stats: ReplyStats::default() }
    }

    #[test]
    fn a_reply_arrives_in_order_and_ends() {
        let mut bench = bench();
        bench.responder.ask(ReplyId(1), prompt("hello"));
        for step in ["Good ", "morning.", ""] {
            bench.script.send(Ok(step)).expect("sent");
        }
        let events: Vec<_> = (0..3).map(|_| take(&bench.events)).collect();
        assert_eq!(events, [delta(1, "Good "), delta(1, "morning."), done(1)]);
    }

    #[test]
    fn nothing_more_is_said_for_a_cancelled_turn() {
        let mut bench = bench();
        bench.responder.ask(ReplyId(1), prompt("one"));
        bench.script.send(Ok("first")).expect("sent");
        assert_eq!(take(&bench.events), delta(1, "first"));
        let asked = Instant::now();
        bench.responder.cancel(ReplyId(1));
        bench.responder.ask(ReplyId(2), prompt("two"));
        assert_eq!(take(&bench.log), "reply one");
        assert_eq!(take(&bench.log), "reply two");
        assert!(asked.elapsed() < Duration::from_millis(100), "{:?}", asked.elapsed());
        bench.script.send(Ok("second")).expect("sent");
        bench.script.send(Ok("")).expect("sent");
        assert_eq!(take(&bench.events), delta(2, "second"));
        assert_eq!(take(&bench.events), done(2));
        assert!(bench.events.is_empty());
    }

    #[test]
    fn cancelling_another_turn_changes_nothing() {
        let mut bench = bench();
        bench.responder.ask(ReplyId(2), prompt("two"));
        bench.responder.cancel(ReplyId(1));
        bench.script.send(Ok("still here")).expect("sent");
        assert_eq!(take(&bench.events), delta(2, "still here"));
    }

    #[test]
    fn an_ask_takes_the_place_of_an_earlier_one() {
        let mut bench = bench();
        bench.responder.ask(ReplyId(1), prompt("one"));
        assert_eq!(take(&bench.log), "reply one");
        bench.responder.ask(ReplyId(2), prompt("two"));
        assert_eq!(take(&bench.log), "reply two");
        bench.script.send(Ok("")).expect("sent");
        assert_eq!(take(&bench.events), done(2));
    }

    #[test]
    fn an_ask_does_not_wait_for_a_prepare_and_the_newest_prepare_wins() {
        let mut bench = bench();
        bench.responder.prepare(prompt("a"));
        assert_eq!(take(&bench.log), "prepare a");
        bench.responder.ask(ReplyId(1), prompt("b"));
        assert_eq!(take(&bench.log), "reply b");
        bench.responder.prepare(prompt("c"));
        bench.responder.prepare(prompt("d"));
        bench.script.send(Ok("")).expect("sent");
        assert_eq!(take(&bench.events), done(1));
        assert_eq!(take(&bench.log), "prepare d", "the older one is never begun");
    }

    fn aside(text: &str) -> Aside {
        Aside { prompt: prompt(text), grammar: None, max_tokens: 10 }
    }

    #[test]
    fn an_aside_is_done_when_nothing_else_is_asked() {
        let mut bench = bench();
        bench.responder.ask(ReplyId(1), prompt("one"));
        bench.responder.aside(AsideId(7), aside("a"));
        assert_eq!(take(&bench.log), "reply one");
        for step in ["answer", "", "learnt ", "much", ""] {
            bench.script.send(Ok(step)).expect("sent");
        }
        assert_eq!(take(&bench.events), delta(1, "answer"));
        assert_eq!(take(&bench.events), done(1));
        assert_eq!(take(&bench.log), "aside a");
        let text = "learnt much".into();
        assert_eq!(take(&bench.events), DialogueEvent::AsideDone { id: AsideId(7), text });
    }

    #[test]
    fn whatever_the_conversation_asks_ends_the_asides_before_it() {
        let mut bench = bench();
        bench.responder.aside(AsideId(1), aside("a"));
        bench.responder.aside(AsideId(2), aside("b"));
        assert_eq!(take(&bench.log), "aside a");
        let asked = Instant::now();
        bench.responder.ask(ReplyId(1), prompt("one"));
        bench.responder.aside(AsideId(3), aside("c"));
        assert_eq!(take(&bench.log), "reply one", "the second one is never begun");
        assert!(asked.elapsed() < Duration::from_millis(100), "{:?}", asked.elapsed());
        for id in [1, 2] {
            assert_eq!(take(&bench.events), DialogueEvent::AsideEnded { id: AsideId(id) });
        }
        bench.script.send(Ok("")).expect("sent");
        assert_eq!(take(&bench.events), done(1));
        assert_eq!(take(&bench.log), "aside c");
        bench.responder.prepare(prompt("d"));
        assert_eq!(take(&bench.events), DialogueEvent::AsideEnded { id: AsideId(3) });
        assert_eq!(take(&bench.log), "prepare d");
    }

    #[test]
    fn asides_can_be_cancelled_alone() {
        let mut bench = bench();
        bench.responder.aside(AsideId(1), aside("a"));
        assert_eq!(take(&bench.log), "aside a");
        bench.responder.cancel_asides();
        assert_eq!(take(&bench.events), DialogueEvent::AsideEnded { id: AsideId(1) });
        bench.responder.aside(AsideId(2), aside("b"));
        bench.script.send(Ok("")).expect("sent");
        let done = DialogueEvent::AsideDone { id: AsideId(2), text: String::new() };
        assert_eq!(take(&bench.events), done);
    }

    #[test]
    fn a_failure_is_told_and_the_next_turn_is_answered() {
        let mut bench = bench();
        bench.responder.ask(ReplyId(1), prompt("one"));
        bench.script.send(Err(DialogueError::Failed("It broke.".into()))).expect("sent");
        let failed = DialogueEvent::Failed { id: ReplyId(1), reason: "It broke.".into() };
        assert_eq!(take(&bench.events), failed);
        bench.responder.ask(ReplyId(2), prompt("two"));
        bench.script.send(Ok("")).expect("sent");
        assert_eq!(take(&bench.events), done(2));
    }

    #[test]
    fn an_engine_that_cannot_be_built_says_so_for_each_turn() {
        let (tell, events) = crossbeam_channel::unbounded();
        let sampling = Sampling { max_tokens: 10, temperature: 0.0, judge_ending: false };
        let outbox: Outbox<DialogueEvent> = Box::new(move |event| {
            let _ = tell.send(event);
        });
        let mut responder = spawn(sampling, true, outbox, |_| {
            Err(DialogueError::Unavailable("Fetch a model.".into()))
        });
        let unavailable = DialogueEvent::Unavailable { reason: "Fetch a model.".into() };
        assert_eq!(take(&events), unavailable);
        responder.ask(ReplyId(1), prompt("one"));
        assert_eq!(take(&events), unavailable);
        let failed = DialogueEvent::Failed { id: ReplyId(1), reason: "Fetch a model.".into() };
        assert_eq!(take(&events), failed);
        responder.aside(AsideId(1), aside("a"));
        let ended = DialogueEvent::AsideEnded { id: AsideId(1) };
        assert_eq!(take(&events), ended, "nobody needs to be told again");
    }

    #[test]
    fn dropping_the_handle_ends_the_thread_in_the_middle_of_a_reply() {
        let mut bench = bench();
        bench.responder.ask(ReplyId(1), prompt("one"));
        assert_eq!(take(&bench.log), "reply one");
        let dropped = Instant::now();
        drop(bench.responder);
        assert!(dropped.elapsed() < Duration::from_millis(500));
        assert!(bench.events.recv().is_err(), "the outbox went with the thread");
    }
}
