//! A world in virtual time, in which the engines are fakes that take the time
//! they take, and note what they were asked to do.

use super::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub(super) fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

pub(super) fn without_keychain(paths: &crate::paths::Paths) -> memory::vault::Vault {
    let keychain = Arc::new(memory::vault::NoKeychain);
    memory::vault::Vault::with_keychain(&paths.memory_file(), keychain)
}

/// What the fakes were asked to do, in order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Call {
    StartCapture(u64),
    FinishCapture(u64),
    AbandonCapture(u64),
    Push(u64, usize),
    Transcribe(u64),
    ForgetTranscript(u64),
    Attend(Attention),
    Prepare(Vec<String>),
    Ask(u64, Vec<String>),
    Judge(u64),
    CancelReply(u64),
    Aside(u64),
    CancelAsides,
    Speak(u64, usize, String),
    SpeakOther(u64, usize, String, bool),
    Pronounce(Vec<(String, String)>),
    Hold,
    GoOn,
    Hush,
    Cue(Cue),
}

pub(super) type Calls = Arc<Mutex<Vec<Call>>>;

pub(super) struct Fake(pub(super) Calls);

impl Fake {
    fn note(&self, call: Call) {
        self.0.lock().expect("one thread").push(call);
    }
}

pub(super) fn texts(prompt: crate::dialogue::Prompt) -> Vec<String> {
    prompt.messages.into_iter().skip(1).map(|m| m.content).collect()
}

impl Microphone for Fake {
    fn start(&mut self, turn: TurnId) {
        self.note(Call::StartCapture(turn.0));
    }
    fn finish(&mut self, turn: TurnId) {
        self.note(Call::FinishCapture(turn.0));
    }
    fn abandon(&mut self, turn: TurnId) {
        self.note(Call::AbandonCapture(turn.0));
    }
    fn select(&mut self, _device: Option<String>) {}
    fn attend(&mut self, attention: Attention) {
        self.note(Call::Attend(attention));
    }
    fn she_speaks(&mut self, _speaking: bool) {}
    fn set_headphones(&mut self, _headphones: crate::settings::Headphones) {}
}

impl Transcriber for Fake {
    fn begin(&mut self, _turn: TurnId) {}
    fn push(&mut self, turn: TurnId, samples: Vec<f32>) {
        self.note(Call::Push(turn.0, samples.len()));
    }
    fn finish(&mut self, turn: TurnId) {
        self.note(Call::Transcribe(turn.0));
    }
    fn cancel(&mut self, turn: TurnId) {
        self.note(Call::ForgetTranscript(turn.0));
    }
}

impl Responder for Fake {
    fn prepare(&mut self, prompt: crate::dialogue::Prompt) {
        self.note(Call::Prepare(texts(prompt)));
    }
    fn ask(&mut self, id: ReplyId, prompt: crate::dialogue::Prompt) {
        self.note(Call::Ask(id.0, texts(prompt)));
    }
    fn draft(&mut self, id: ReplyId, prompt: crate::dialogue::Prompt) {
        self.note(Call::Judge(id.0));
        self.ask(id, prompt);
    }
    fn cancel(&mut self, id: ReplyId) {
        self.note(Call::CancelReply(id.0));
    }
    fn may_draft(&self) -> bool {
        true
    }
    fn aside(&mut self, id: crate::dialogue::AsideId, _task: crate::dialogue::Aside) {
        self.note(Call::Aside(id.0));
    }
    fn cancel_asides(&mut self) {
        self.note(Call::CancelAsides);
    }
}

impl Voice for Fake {
    fn speak(&mut self, utterance: crate::speech::Utterance) {
        self.note(Call::Speak(utterance.turn.0, utterance.index, utterance.text));
    }
    fn stop(&mut self) {
        self.note(Call::Hush);
    }
    fn hold(&mut self) {
        self.note(Call::Hold);
    }
    fn go_on(&mut self) {
        self.note(Call::GoOn);
    }
    fn set_style(&mut self, _style: VoiceStyle) {}
    fn set_pronunciations(&mut self, pronunciations: Vec<(String, String)>) {
        self.note(Call::Pronounce(pronunciations));
    }
}

/// A voice of another kind, that takes clauses and tells whether they are said
/// gently.
pub(super) struct Other(pub(super) Calls);

impl Voice for Other {
    fn speak(&mut self, utterance: crate::speech::Utterance) {
        let crate::speech::Utterance { turn, index, text, gently } = utterance;
        self.0.lock().expect("one thread").push(Call::SpeakOther(turn.0, index, text, gently));
    }
    fn stop(&mut self) {}
    fn hold(&mut self) {}
    fn go_on(&mut self) {}
    fn set_style(&mut self, _style: VoiceStyle) {}
    fn takes_clauses(&self) -> bool {
        true
    }
}

impl Cues for Fake {
    fn play(&mut self, cue: Cue) {
        self.note(Call::Cue(cue));
    }
    fn set_enabled(&mut self, _on: bool) {}
}

/// A world in which the engines take the time they take: capture 40 ms to
/// deliver its end, recognition 200 ms, a token of the reply 50 ms, a spoken
/// sentence 80 ms to begin and 60 ms a letter.
pub(super) struct World {
    pub(super) core: Core,
    pub(super) now: Duration,
    pub(super) calls: Calls,
    pub(super) seen: usize,
    pub(super) queue: BinaryHeap<Reverse<(Duration, u64)>>,
    pub(super) waiting: std::collections::HashMap<u64, Message>,
    pub(super) order: u64,
    /// What the person says in the turns to come, and what is answered.
    pub(super) said: Vec<&'static str>,
    pub(super) answers: Vec<&'static str>,
    /// How likely the language model takes what it drafts an answer to for all.
    pub(super) ending: Option<f32>,
    pub(super) voice_free_at: Duration,
    /// What the voice was given and has not ended, with its beginning.
    pub(super) saying: Vec<(TurnId, usize, String, Duration)>,
    /// What the voice will tell when it goes on, and how long after that.
    pub(super) held: Vec<(Duration, Message)>,
    pub(super) events: Arc<Mutex<Vec<(Duration, Event)>>>,
    pub(super) clock: Arc<Mutex<Duration>>,
}

impl World {
    pub(super) fn new(
        remembering: Remembering,
        said: &[&'static str],
        answers: &[&'static str],
    ) -> Self {
        let calls = Calls::default();
        let events: Arc<Mutex<Vec<(Duration, Event)>>> = Arc::default();
        let clock: Arc<Mutex<Duration>> = Arc::default();
        let (inbox, _messages) = crossbeam_channel::unbounded();
        let [c1, c2, c3, c4, c5] = std::array::from_fn(|_| calls.clone());
        let engines = Engines {
            microphone: Box::new(move |_| Box::new(Fake(c1))),
            transcriber: Box::new(move |_| Box::new(Fake(c2))),
            responder: Box::new(move |_| Box::new(Fake(c3))),
            voice: Box::new(move |_| Box::new(Fake(c4))),
            cues: Box::new(move || Box::new(Fake(c5))),
        };
        let config = Config {
            talk_mode: TalkMode::Hold,
            voice_enabled: true,
            persona: Persona::samantha(),
            person: String::new(),
            language: "en".into(),
            listening: Listening::default(),
            origin: Origin::default(),
            remembering: Box::new(move || remembering),
            resume: true,
        };
        let on_event: Box<dyn FnMut(Event) + Send> = {
            let (events, clock) = (events.clone(), clock.clone());
            Box::new(move |event| {
                let now = *clock.lock().expect("one thread");
                events.lock().expect("one thread").push((now, event));
            })
        };
        let mut world = Self {
            core: Core::new(config, engines, inbox, on_event),
            now: Duration::ZERO,
            calls,
            seen: 0,
            queue: BinaryHeap::new(),
            waiting: std::collections::HashMap::new(),
            order: 0,
            said: said.iter().rev().copied().collect(),
            answers: answers.iter().rev().copied().collect(),
            ending: None,
            voice_free_at: Duration::ZERO,
            saying: Vec::new(),
            held: Vec::new(),
            events,
            clock,
        };
        world.core.begin();
        world.give(Message::Voice(0, VoiceEvent::Ready { voices: Vec::new() }));
        world
    }

    pub(super) fn fresh(said: &[&'static str], answers: &[&'static str]) -> Self {
        Self::new(Remembering::unkept(), said, answers)
    }

    pub(super) fn later(&mut self, delay: Duration, message: Message) {
        self.at(self.now + delay, message);
    }

    pub(super) fn at(&mut self, time: Duration, message: Message) {
        self.order += 1;
        self.queue.push(Reverse((time, self.order)));
        self.waiting.insert(self.order, message);
    }

    pub(super) fn give(&mut self, message: Message) {
        *self.clock.lock().expect("one thread") = self.now;
        let _ = self.core.handle(message, self.now);
        self.let_the_engines_work();
    }

    /// Lets time pass until `until`.
    pub(super) fn run(&mut self, until: Duration) {
        loop {
            let queued = self.queue.peek().map(|Reverse((at, _))| *at);
            let tick = self.core.deadline();
            let next = [queued, tick].into_iter().flatten().min().filter(|at| *at <= until);
            let Some(at) = next else { break };
            self.now = self.now.max(at);
            if queued == Some(at) {
                if let Some(Reverse((_, order))) = self.queue.pop()
                    && let Some(message) = self.waiting.remove(&order)
                {
                    self.give(message);
                }
            } else {
                self.give(Message::Tick);
            }
        }
        self.now = until;
    }

    pub(super) fn command(&mut self, command: Command) {
        self.give(Message::Command(command));
    }

    pub(super) fn hold(&mut self, from_ms: u64, to_ms: u64) {
        self.run(ms(from_ms));
        self.command(Command::TalkPressed(TalkSource::Hotkey));
        self.run(ms(to_ms));
        self.command(Command::TalkReleased(TalkSource::Hotkey));
    }

    pub(super) fn let_the_engines_work(&mut self) {
        let new: Vec<Call> = {
            let calls = self.calls.lock().expect("one thread");
            calls[self.seen..].to_vec()
        };
        self.seen += new.len();
        for call in new {
            match call {
                Call::FinishCapture(turn) => {
                    let turn = TurnId(turn);
                    let samples = vec![0.1; 16];
                    self.later(
                        ms(20),
                        Message::Microphone(MicrophoneEvent::Audio { turn, samples }),
                    );
                    self.later(ms(40), Message::Microphone(MicrophoneEvent::Finished { turn }));
                }
                Call::Transcribe(turn) => {
                    let text = self.said.pop().unwrap_or_default().to_owned();
                    let transcript = Transcript { text, language: "en".into() };
                    let event = TranscriberEvent::Final { turn: TurnId(turn), transcript };
                    self.later(ms(200), Message::Transcriber(0, event));
                }
                Call::Judge(id) => {
                    let id = ReplyId(id);
                    if let Some(likelihood) = self.ending {
                        let event = DialogueEvent::Ending { id, likelihood };
                        self.later(ms(20), Message::Dialogue(0, event));
                    }
                }
                Call::Ask(id, _) => self.answer(ReplyId(id)),
                Call::Speak(turn, index, text) => self.say(TurnId(turn), index, &text),
                Call::Hush => self.hush(),
                Call::Hold => self.hold_voice(),
                Call::GoOn => self.let_voice_go_on(),
                _ => {}
            }
        }
    }

    pub(super) fn answer(&mut self, id: ReplyId) {
        let text = self.answers.pop().unwrap_or_default();
        let mut delay = ms(0);
        for word in text.split_inclusive(' ') {
            delay += ms(50);
            let text = word.to_owned();
            self.later(delay, Message::Dialogue(0, DialogueEvent::Delta { id, text }));
        }
        let stats = ReplyStats::default();
        self.later(delay + ms(50), Message::Dialogue(0, DialogueEvent::Done { id, stats }));
    }

    pub(super) fn say(&mut self, turn: TurnId, index: usize, text: &str) {
        let begin = self.voice_free_at.max(self.now) + ms(80);
        let end = begin + ms(60 * text.len() as u64);
        self.voice_free_at = end;
        self.at(begin, Message::Voice(0, VoiceEvent::Begun { turn, index }));
        self.at(end, Message::Voice(0, VoiceEvent::Ended { turn, index }));
        self.saying.push((turn, index, text.to_owned(), begin));
    }

    pub(super) fn hold_voice(&mut self) {
        let now = self.now;
        let times: Vec<_> = self.queue.iter().map(|Reverse(entry)| *entry).collect();
        for (at, order) in times {
            if let Some(Message::Voice(..)) = self.waiting.get(&order)
                && let Some(message) = self.waiting.remove(&order)
            {
                self.held.push((at.saturating_sub(now), message));
            }
        }
    }

    pub(super) fn let_voice_go_on(&mut self) {
        for (after, message) in std::mem::take(&mut self.held) {
            self.later(after, message);
        }
    }

    /// The voice falls silent and says 20 ms later how far it came.
    pub(super) fn hush(&mut self) {
        self.voice_free_at = self.now;
        self.waiting.retain(|_, message| !matches!(message, Message::Voice(..)));
        self.held.clear();
        for (turn, index, text, begin) in std::mem::take(&mut self.saying) {
            let said_ms = self.now.saturating_sub(begin).as_millis() as usize;
            let letters = said_ms / 60;
            if letters >= text.len() {
                continue; // it has ended
            }
            let heard = text[..letters].rfind(' ').unwrap_or(0);
            let event = VoiceEvent::Stopped { turn, index, heard };
            self.later(ms(20), Message::Voice(0, event));
        }
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("one thread").clone()
    }

    pub(super) fn events(&self) -> Vec<Event> {
        self.events.lock().expect("one thread").iter().map(|(_, e)| e.clone()).collect()
    }

    pub(super) fn transcript(&self) -> Vec<(Speaker, String, bool)> {
        self.events()
            .into_iter()
            .filter_map(|event| match event {
                Event::Said(line) | Event::Replied(line) => {
                    Some((line.speaker, line.text, line.interrupted))
                }
                _ => None,
            })
            .collect()
    }

    pub(super) fn reached(&self, turn: u64, wanted: Milestone) -> Option<Duration> {
        self.events().into_iter().rev().find_map(|event| match event {
            Event::Milestone { turn: t, milestone, at } if t.0 == turn && milestone == wanted => {
                Some(at)
            }
            _ => None,
        })
    }
}

pub(super) fn owned(lines: &[(Speaker, &str, bool)]) -> Vec<(Speaker, String, bool)> {
    lines.iter().map(|(speaker, text, cut)| (*speaker, (*text).to_owned(), *cut)).collect()
}
