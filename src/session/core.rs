//! The session without its clock: messages and the time they came go in,
//! engines are called, events go out.

use super::prompt::prompt;
use super::{
    Command, Config, EngineFactory, Engines, Event, Generation, Line, Message, Milestone, Notice,
    Origin, Presence, Speaker, Topic,
};
use crate::Outbox;
use crate::audio::cues::Cues;
use crate::audio::{EchoGuard, Microphone, MicrophoneEvent};
use crate::dialogue::{AsideId, DialogueEvent, Prompt, Responder};
use crate::persona::{Circumstances, Persona};
use crate::remembering::{Access, Remembering, Request, Study};
use crate::settings::Listening;
use crate::speech::{Utterance, Voice, VoiceEvent};
use crate::transcribe::{Transcriber, TranscriberEvent};
use crate::turn::{Attention, Effect, Heard, Input, Machine, Moment, TurnId};
use crate::wording::{self, notices as wording_of};
use crossbeam_channel::Sender;
use drafting::Draft;
use listening::Following;
use replying::Reply;
use speaking::heard_text;
use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::ControlFlow;

mod drafting;
mod letters;
mod listening;
mod own_words;
mod remembering;
mod replying;
mod speaking;

/// Lines of an earlier conversation that are shown again.
const RESUMED_LINES: u32 = 60;

/// So many of them the language model reads again. On two cores it reads a
/// hundred or two tokens a second: all of them would keep the first question
/// waiting for ten seconds and more.
const REREAD_LINES: usize = 10;

/// A microphone that gives less than this at its loudest is muted or dead:
/// even a quiet room is louder.
const DEAD_PEAK: f32 = 0.0005;

/// Sound that is being captured.
struct Capture {
    turn: TurnId,
    peak: f32,
}

pub(super) struct Core {
    machine: Machine,
    microphone: Box<dyn Microphone>,
    transcriber: Box<dyn Transcriber>,
    transcriber_generation: Generation,
    responder: Box<dyn Responder>,
    responder_generation: Generation,
    voice: Box<dyn Voice>,
    voice_generation: Generation,
    /// Waits until nothing is being said.
    next_voice: Option<EngineFactory<dyn Voice, VoiceEvent>>,
    /// What the voice was told of how words are said.
    pronunciations: Vec<(String, String)>,
    voice_enabled: bool,
    voice_available: bool,
    cues: Box<dyn Cues>,
    /// Whether she was listening when her state was last shown.
    listening: bool,
    remembering: Remembering,
    /// What the memory page shows is told anew when it changes, by these words;
    /// nobody looks at it before it was asked for.
    page: Option<String>,
    /// What was asked of the memory itself in this turn.
    request: Option<(TurnId, Request)>,
    /// What was remembered for a turn, as the language model reads it.
    notes: HashMap<TurnId, String>,
    /// What the language model may study when nothing else is to be done.
    studies: VecDeque<Study>,
    studying: Option<(AsideId, Study)>,
    next_aside: u64,
    persona: Persona,
    person: String,
    language: String,
    origin: Origin,
    resume: bool,
    listening_settings: Listening,
    /// The conversation so far.
    lines: Vec<Line>,
    /// Those before this one the language model does not read.
    first_read: usize,
    /// Typed or understood, until the machine says what becomes of it.
    words: HashMap<TurnId, String>,
    typed: Option<String>,
    capture: Option<Capture>,
    /// What is known of speech that no key delimits.
    following: Following,
    echo_guard: EchoGuard,
    reply: Option<Reply>,
    /// A reply to words that may not be the last.
    draft: Option<Draft>,
    next_reply: u64,
    /// Exchanges of which nothing is kept.
    unkept: HashSet<TurnId>,
    /// The last line could not be kept.
    memory_failing: bool,
    /// Commands in order. One that ends a reply waits here until it is known how
    /// much of that was heard, and keeps those behind it waiting.
    commands: VecDeque<Command>,
    inbox: Sender<Message>,
    on_event: Box<dyn FnMut(Event) + Send>,
    now: Moment,
}

impl Core {
    pub(super) fn new(
        config: Config,
        engines: Engines,
        inbox: Sender<Message>,
        on_event: Box<dyn FnMut(Event) + Send>,
    ) -> Self {
        let remembering = (config.remembering)();
        let first_turn = remembering.next_turn();
        Self {
            machine: Machine::new(config.talk_mode, false, first_turn),
            microphone: (engines.microphone)(outbox(&inbox, Message::Microphone)),
            transcriber: (engines.transcriber)(outbox(&inbox, |e| Message::Transcriber(0, e))),
            transcriber_generation: 0,
            responder: (engines.responder)(outbox(&inbox, |e| Message::Dialogue(0, e))),
            responder_generation: 0,
            voice: (engines.voice)(outbox(&inbox, |event| Message::Voice(0, event))),
            voice_generation: 0,
            next_voice: None,
            pronunciations: Vec::new(),
            voice_enabled: config.voice_enabled,
            voice_available: false,
            cues: (engines.cues)(),
            listening: false,
            remembering,
            page: None,
            request: None,
            notes: HashMap::new(),
            studies: VecDeque::new(),
            studying: None,
            next_aside: 1,
            persona: config.persona,
            person: config.person,
            language: config.language,
            origin: config.origin,
            resume: config.resume,
            listening_settings: config.listening,
            lines: Vec::new(),
            first_read: 0,
            words: HashMap::new(),
            typed: None,
            capture: None,
            following: Following::default(),
            echo_guard: EchoGuard::HalfDuplex,
            reply: None,
            draft: None,
            next_reply: 1,
            unkept: HashSet::new(),
            memory_failing: false,
            commands: VecDeque::new(),
            inbox,
            on_event,
            now: Moment::ZERO,
        }
    }

    /// Takes up the latest conversation and lets the language model read it.
    pub(super) fn begin(&mut self) {
        if !matches!(self.remembering.access(), Access::Open) {
            self.tell_access();
        }
        if let Some(aside) = self.remembering.set_aside() {
            self.notice(Topic::Memory, wording::memory::set_aside(&aside), false);
        }
        if self.resume {
            self.resume();
        }
        self.tell(Event::Conversation(self.lines.clone()));
        self.responder.prepare(self.prompt());
        self.memory_changed();
        self.catch_up();
        self.recall_pauses();
        self.listen_as_set();
    }

    fn resume(&mut self) {
        match self.remembering.resume(RESUMED_LINES) {
            Ok(lines) => {
                self.first_read = lines.len().saturating_sub(REREAD_LINES);
                self.lines = lines;
            }
            Err(error) => self.memory_failed(&error),
        }
    }

    pub(super) fn deadline(&self) -> Option<Moment> {
        self.machine.deadline()
    }

    pub(super) fn handle(&mut self, message: Message, now: Moment) -> ControlFlow<()> {
        self.now = now;
        match message {
            Message::Command(command) => self.commands.push_back(command),
            Message::Microphone(event) => self.microphone_told(event),
            Message::Transcriber(generation, event) => {
                if generation == self.transcriber_generation {
                    self.transcriber_told(event);
                }
            }
            Message::Dialogue(generation, event) => {
                if generation == self.responder_generation {
                    self.responder_told(event);
                }
            }
            Message::Voice(generation, event) => self.voice_told(generation, event),
            Message::ReplaceTranscriber(factory) => self.replace_transcriber(factory),
            Message::ReplaceResponder(origin, factory) => self.replace_responder(origin, factory),
            Message::ReplaceVoice(factory) => {
                self.next_voice = Some(factory);
                self.take_next_voice();
            }
            Message::CatchUp => self.catch_up(),
            Message::LettersSaved(saved) => self.letters_saved(saved),
            Message::Tick => self.feed(Input::Tick),
        }
        self.follow_commands()
    }

    fn follow_commands(&mut self) -> ControlFlow<()> {
        while let Some(command) = self.commands.pop_front() {
            // What follows is kept behind the reply that it ends.
            if matches!(command, Command::Say(_) | Command::NewConversation | Command::Shutdown) {
                self.feed(Input::Interrupt);
                if self.machine.is_closing() {
                    self.commands.push_front(command);
                    break;
                }
            }
            if command == Command::Shutdown {
                self.feed(Input::Cancel);
                self.remembering.close();
                return ControlFlow::Break(());
            }
            self.command(command);
        }
        ControlFlow::Continue(())
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::TalkPressed(source) => self.feed(Input::Pressed(source)),
            Command::TalkReleased(source) => self.feed(Input::Released(source)),
            Command::TalkStart(source) => self.feed(Input::Start(source)),
            Command::TalkStop(source) => self.feed(Input::Stop(source)),
            Command::TalkToggle(source) => self.feed(Input::Toggle(source)),
            Command::Cancel => self.feed(Input::Cancel),
            Command::Say(text) => {
                let text = text.trim();
                if !text.is_empty() {
                    self.typed = Some(text.to_owned());
                    self.feed(Input::Typed);
                }
            }
            Command::NewConversation => {
                self.feed(Input::Cancel);
                self.remembering.begin();
                self.lines.clear();
                self.notes.clear();
                self.first_read = 0;
                self.tell(Event::Conversation(Vec::new()));
                self.responder.prepare(self.prompt());
                self.study();
            }
            Command::SetListening(settings) => {
                self.listening_settings = settings;
                self.listen_as_set();
            }
            Command::SetMuted(on) => self.feed(Input::Mute(on)),
            Command::ToggleMuted => {
                let is_muted = self.machine.attention() == Attention::Muted;
                self.feed(Input::Mute(!is_muted));
            }
            Command::SetTalkMode(mode) => self.feed(Input::Mode(mode)),
            Command::SelectMicrophone(device) => self.microphone.select(device),
            Command::SetVoiceStyle(style) => self.voice.set_style(style),
            Command::SetVoiceEnabled(on) => {
                self.voice_enabled = on;
                self.feed(Input::Voice(on && self.voice_available));
            }
            Command::Interrupt => self.feed(Input::Interrupt),
            Command::SetCues(on) => self.cues.set_enabled(on),
            Command::SetPerson { name, language } => {
                self.person = name;
                self.language = language;
                self.responder.prepare(self.prompt());
            }
            Command::Memory(command) => self.memory_command(command),
            Command::Letters(command) => self.letters_command(&command),
            // Ends the session before it gets here.
            Command::Shutdown => {}
        }
    }

    fn microphone_told(&mut self, event: MicrophoneEvent) {
        match event {
            MicrophoneEvent::Ready { device } => {
                self.tell(Event::MicrophoneReady(device));
                self.tell(Event::Capturing(true));
                self.tell(Event::NoticeCleared(Topic::Microphone));
            }
            MicrophoneEvent::Audio { turn, samples } => {
                if let Some(capture) = self.capture.as_mut().filter(|c| c.turn == turn) {
                    let peak = samples.iter().fold(0.0_f32, |peak, s| peak.max(s.abs()));
                    capture.peak = capture.peak.max(peak);
                }
                self.transcriber.push(turn, samples);
            }
            MicrophoneEvent::Finished { turn } => self.feed(Input::SoundComplete(turn)),
            MicrophoneEvent::Level(level) => self.tell(Event::Level(level)),
            MicrophoneEvent::Loudspeaker(level) => self.tell(Event::VoiceLevel(level)),
            MicrophoneEvent::Lost { device, fallback } => {
                let text = wording_of::microphone_lost(&device, fallback.as_deref());
                self.notice(Topic::Microphone, text, fallback.is_none());
                if fallback.is_none() {
                    self.tell(Event::Capturing(false));
                }
            }
            MicrophoneEvent::Missing { reason } => {
                self.notice(Topic::Microphone, reason, true);
                self.tell(Event::Capturing(false));
            }
            MicrophoneEvent::Closed => self.tell(Event::Capturing(false)),
            MicrophoneEvent::Speech(speech) => self.speech_told(speech),
            MicrophoneEvent::EchoGuard(guard) => {
                tracing::debug!(?guard, "against hearing herself");
                self.echo_guard = guard;
                self.tell(Event::EchoGuard(guard));
            }
        }
    }

    fn transcriber_told(&mut self, event: TranscriberEvent) {
        match event {
            TranscriberEvent::Ready { model } => {
                self.tell(Event::HearingReady(model));
                self.tell(Event::NoticeCleared(Topic::Hearing));
            }
            TranscriberEvent::Partial { turn, text, settled } => {
                self.partly_heard(turn, &text, settled);
            }
            TranscriberEvent::Final { turn, transcript } => {
                self.milestone(turn, Milestone::TranscriptReady);
                let text = without_quotes(transcript.text.trim());
                if text.is_empty() {
                    self.feed(Input::NothingHeard(turn));
                } else {
                    let input = self.heard_as(turn, text);
                    self.words.insert(turn, text.to_owned());
                    self.feed(input);
                    self.words.remove(&turn);
                }
            }
            TranscriberEvent::Failed { turn, reason } => {
                self.notice(Topic::Hearing, reason, false);
                self.feed(Input::NothingHeard(turn));
            }
            TranscriberEvent::Unavailable { reason } => self.notice(Topic::Hearing, reason, true),
        }
    }

    /// Gives the machine what happened and does what it says.
    fn feed(&mut self, input: Input) {
        for effect in self.machine.handle(input, self.now) {
            self.carry_out(effect);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Listen(turn) => {
                self.stop_studying();
                self.drop_draft();
                self.capture = Some(Capture { turn, peak: 0.0 });
                self.transcriber.begin(turn);
                self.microphone.start(turn);
            }
            Effect::SpeechEnd(turn) => self.milestone(turn, Milestone::SpeechEnd),
            Effect::TurnEnd { turn, speech_ended } => self.turn_ended(turn, speech_ended),
            Effect::FinishListening(turn) => self.microphone.finish(turn),
            Effect::Transcribe(turn) => self.transcriber.finish(turn),
            Effect::Forget(turn) => {
                self.microphone.abandon(turn);
                self.transcriber.cancel(turn);
                self.drop_draft();
            }
            Effect::KeepTyped(turn) => {
                if let Some(text) = self.typed.take() {
                    self.keep(turn, Speaker::Person, text, false);
                }
            }
            Effect::KeepSaid(turn) => {
                if let Some(text) = self.words.remove(&turn) {
                    self.keep(turn, Speaker::Person, text, false);
                }
            }
            Effect::TellNothingHeard(turn) => self.tell_nothing_heard(turn),
            Effect::Ask(turn) => self.ask(turn),
            Effect::SayGently(turn) => self.say_gently(turn),
            Effect::CancelReply(turn) => self.cancel_reply(turn),
            Effect::Say(turn, index) => {
                let text = self.reply.as_ref().and_then(|reply| reply.sentences.get(index));
                if let Some(text) = text.cloned() {
                    let gently = self.reply.as_ref().is_some_and(|reply| reply.gently);
                    self.voice.speak(Utterance { turn, index, text, gently });
                }
            }
            Effect::Hold => self.voice.hold(),
            Effect::GoOn => self.voice.go_on(),
            Effect::Hush => self.voice.stop(),
            Effect::Attend(attention) => {
                self.microphone.attend(attention);
                self.tell(Event::Attention(attention));
            }
            Effect::TellMuted => {
                self.notice(Topic::Microphone, wording_of::MUTED.into(), false);
            }
            Effect::Close { turn, heard, interrupted } => self.close(turn, heard, interrupted),
            // What was carried out before this may have told a later one.
            Effect::Show(presence, turn) if (presence, turn) != self.machine.presence() => {}
            Effect::Show(presence, turn) => {
                self.cue(presence);
                self.microphone.she_speaks(presence == Presence::Speaking);
                self.tell(Event::Presence { turn, presence });
                self.take_next_voice();
                self.study();
            }
        }
    }

    /// Answers what the person said last: from the memory if that was asked,
    /// else by the language model, with what is remembered of it.
    fn ask(&mut self, turn: TurnId) {
        self.stop_studying();
        self.begin_reply(turn);
        let request = self.request.take().filter(|(asked, _)| *asked == turn);
        if let Some(answer) = request.and_then(|(_, request)| self.remembering.answer(request)) {
            self.drop_draft();
            self.answer(turn, &answer);
            return;
        }
        if self.stop_listening_if_asked(turn) {
            return;
        }
        self.recall(turn);
        self.ask_or_take_draft(turn);
    }

    fn close(&mut self, turn: TurnId, heard: Heard, interrupted: bool) {
        let sentences = self.reply.take().map(|reply| reply.sentences).unwrap_or_default();
        let text = heard_text(&sentences, heard);
        if text.is_empty() {
            self.tell(Event::NoReply { turn });
        } else {
            self.keep(turn, Speaker::Samantha, text, interrupted);
        }
        self.milestone(turn, Milestone::ReplyDone);
        self.following.she_ended = self.now;
        self.following.own_words.ended(self.now);
        // Read what was just said while the person thinks of an answer.
        self.responder.prepare(self.prompt());
        self.unkept.remove(&turn);
        let studies = self.remembering.exchange_is_over(turn);
        self.studies.extend(studies);
        self.memory_changed();
        self.study();
    }

    fn tell_nothing_heard(&mut self, turn: TurnId) {
        let dead = self.capture.as_ref().is_some_and(|c| c.turn == turn && c.peak < DEAD_PEAK);
        if dead {
            self.notice(Topic::Microphone, wording_of::MICROPHONE_SILENT.into(), false);
        }
        self.tell(Event::NothingHeard { turn });
    }

    /// Saves a line, then tells of it: what is shown as done is on disk, or
    /// marked as off the record.
    fn keep(&mut self, turn: TurnId, speaker: Speaker, text: String, interrupted: bool) {
        if speaker == Speaker::Person
            && let Some(request) = self.remembering.request(&text)
        {
            if !request.keeps() {
                self.unkept.insert(turn);
            }
            self.request = Some((turn, request));
        }
        let off_the_record = self.remembering.is_off_the_record() || self.unkept.contains(&turn);
        let said_at = self.remembering.now();
        let line = Line { turn, speaker, text, interrupted, off_the_record, said_at };
        if !off_the_record {
            match self.remembering.save(&line) {
                Ok(()) if self.memory_failing => {
                    self.memory_failing = false;
                    self.tell(Event::NoticeCleared(Topic::Memory));
                }
                Ok(()) => {}
                Err(error) => self.memory_failed(&error),
            }
        }
        self.lines.push(line.clone());
        self.tell(match speaker {
            Speaker::Person => Event::Said(line),
            Speaker::Samantha => Event::Replied(line),
        });
    }

    fn replace_transcriber(&mut self, factory: EngineFactory<dyn Transcriber, TranscriberEvent>) {
        self.feed(Input::Cancel);
        self.transcriber_generation += 1;
        let generation = self.transcriber_generation;
        self.transcriber =
            factory(outbox(&self.inbox, move |event| Message::Transcriber(generation, event)));
    }

    fn replace_responder(
        &mut self,
        origin: Origin,
        factory: EngineFactory<dyn Responder, DialogueEvent>,
    ) {
        self.feed(Input::Cancel);
        self.responder_generation += 1;
        let generation = self.responder_generation;
        self.origin = origin;
        self.responder =
            factory(outbox(&self.inbox, move |event| Message::Dialogue(generation, event)));
        self.responder.prepare(self.prompt());
    }

    fn prompt(&self) -> Prompt {
        self.prompt_with(None)
    }

    /// The prompt as it will be when this has been said, with what is remembered
    /// of it.
    fn prompt_with(&self, said: Option<(Line, Option<String>)>) -> Prompt {
        let system = self.persona.system_message(&Circumstances {
            person: &self.person,
            language: &self.language,
            model: &self.origin.model,
            place: &self.origin.place,
        });
        // Back on the record, what was said off it must not find its way into
        // replies that are kept.
        let off = self.remembering.is_off_the_record();
        let lines = self.lines[self.first_read..].iter();
        let mut read: Vec<Line> =
            lines.filter(|line| off || !line.off_the_record).cloned().collect();
        let Some((line, note)) = said else { return prompt(&system, &read, &self.notes) };
        let mut notes = self.notes.clone();
        notes.extend(note.map(|note| (line.turn, note)));
        read.push(line);
        prompt(&system, &read, &notes)
    }

    fn milestone(&mut self, turn: TurnId, milestone: Milestone) {
        self.milestone_at(turn, milestone, self.now);
    }

    fn milestone_at(&mut self, turn: TurnId, milestone: Milestone, at: Moment) {
        self.tell(Event::Milestone { turn, milestone, at });
    }

    fn notice(&mut self, topic: Topic, text: String, blocking: bool) {
        self.tell(Event::Notice(Notice::new(topic, text, blocking)));
    }

    fn tell(&mut self, event: Event) {
        (self.on_event)(event);
    }
}

/// Recognisers sometimes write a whole utterance as a quotation.
fn without_quotes(text: &str) -> &str {
    let inner = text.strip_prefix(['"', '“']).and_then(|text| text.strip_suffix(['"', '”']));
    inner.filter(|inner| !inner.contains(['"', '“', '”'])).map_or(text, str::trim)
}

fn outbox<E: 'static>(
    inbox: &Sender<Message>,
    wrap: impl Fn(E) -> Message + Send + 'static,
) -> Outbox<E> {
    let inbox = inbox.clone();
    Box::new(move |event| {
        // The session may be gone; then nobody wants to know.
        let _ = inbox.send(wrap(event));
    })
}
