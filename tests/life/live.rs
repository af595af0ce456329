//! Lives a scripted life: every sentence goes through the real session at its
//! own time, is answered as the script says, and is studied by a language
//! model if there is one. Then counts what was kept.

use crate::script::{Life, Turn, Wanted};
use crossbeam_channel::{Receiver, unbounded};
use jiff::Zoned;
use memory::learn::Topic;
use memory::store::PERSON;
use memory::store::facts::State;
use samantha::Outbox;
use samantha::dialogue::{
    Aside, AsideId, DialogueEvent, Prompt, ReplyId, ReplyStats, Responder, Role,
};
use samantha::engines;
use samantha::persona::Persona;
use samantha::remembering::Remembering;
use samantha::session::{
    Command, Config, Engines, Event, MemoryCommand, MemoryEntry, MemoryPage, Origin, Session,
};
use samantha::settings::{Listening, TalkMode};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How it went.
pub struct Outcome {
    pub kept: usize,
    pub right: usize,
    pub wanted: usize,
    pub found: usize,
    /// Facts that another made history, of those found.
    pub successions: usize,
    pub succeeded: usize,
    /// Prompts in which an order of an earlier conversation was laid before
    /// the model as something remembered.
    pub obeyed: Vec<String>,
    pub mistakes: Vec<String>,
}

impl Outcome {
    pub fn precision(&self) -> f64 {
        self.right as f64 / self.kept.max(1) as f64
    }

    pub fn recall(&self) -> f64 {
        self.found as f64 / self.wanted.max(1) as f64
    }
}

/// What the script needs of the session under way.
#[derive(Default)]
struct Shared {
    reply: String,
    prompts: Vec<String>,
}

/// Answers as the script says; what is to be studied goes to the model.
struct Scripted {
    shared: Arc<Mutex<Shared>>,
    outbox: Arc<Outbox2>,
    student: Option<Box<dyn Responder>>,
}

type Outbox2 = Mutex<Outbox<DialogueEvent>>;

fn tell(outbox: &Outbox2, event: DialogueEvent) {
    outbox.lock().expect("no panic")(event);
}

impl Responder for Scripted {
    fn prepare(&mut self, _prompt: Prompt) {}

    fn ask(&mut self, id: ReplyId, prompt: Prompt) {
        let mut shared = self.shared.lock().expect("no panic");
        let said = prompt.messages.into_iter().rev().find(|message| message.role == Role::User);
        shared.prompts.extend(said.map(|message| message.content));
        let text = if shared.reply.is_empty() { "I see.".into() } else { shared.reply.clone() };
        tell(&self.outbox, DialogueEvent::Delta { id, text });
        tell(&self.outbox, DialogueEvent::Done { id, stats: ReplyStats::default() });
    }

    fn cancel(&mut self, _id: ReplyId) {}

    fn may_draft(&self) -> bool {
        false
    }

    fn aside(&mut self, id: AsideId, task: Aside) {
        match &mut self.student {
            Some(student) => student.aside(id, task),
            None => tell(&self.outbox, DialogueEvent::AsideEnded { id }),
        }
    }

    fn cancel_asides(&mut self) {
        if let Some(student) = &mut self.student {
            student.cancel_asides();
        }
    }
}

/// Makes the model that studies, given where it reports.
pub type Student = Box<dyn FnOnce(Outbox<DialogueEvent>) -> Box<dyn Responder> + Send>;

/// Lives it. `patience` is how long a study may take.
pub fn live(life: &Life, student: Option<Student>, patience: Duration) -> Outcome {
    let clock = Arc::new(Mutex::new(life.turns[0].at.clone()));
    let shared = Arc::new(Mutex::new(Shared::default()));
    let (told, events) = unbounded();
    let has_student = student.is_some();
    let session = Session::start(
        Config {
            talk_mode: TalkMode::Hold,
            voice_enabled: false,
            persona: Persona::samantha(),
            person: String::new(),
            language: "en".into(),
            listening: Listening::default(),
            origin: Origin::default(),
            remembering: {
                let clock = clock.clone();
                let now = move || -> Zoned { clock.lock().expect("no panic").clone() };
                Box::new(move || Remembering::unkept_at(Box::new(now)))
            },
            resume: false,
        },
        Engines {
            microphone: engines::no_microphone(),
            transcriber: engines::no_transcriber(),
            responder: {
                let shared = shared.clone();
                Box::new(move |outbox| {
                    let outbox = Arc::new(Mutex::new(outbox));
                    let of_student = outbox.clone();
                    let student = student
                        .map(|student| student(Box::new(move |event| tell(&of_student, event))));
                    Box::new(Scripted { shared, outbox, student })
                })
            },
            voice: engines::no_voice(),
            cues: engines::no_cues(),
        },
        move |event| {
            let _ = told.send(event);
        },
    )
    .expect("a session");
    let commands = session.commands();
    let mut conversation = life.turns[0].conversation;
    for turn in &life.turns {
        *clock.lock().expect("no panic") = turn.at.clone();
        shared.lock().expect("no panic").reply.clone_from(&turn.reply);
        if turn.conversation != conversation {
            conversation = turn.conversation;
            commands.send(Command::NewConversation);
        }
        commands.send(Command::Say(turn.text.clone()));
        wait(&events, Duration::from_secs(20), |event| {
            matches!(event, Event::Replied(_) | Event::NoReply { .. }).then_some(())
        });
        if has_student {
            wait_for_study(&commands, &events, patience);
        }
    }
    let page = page(&commands, &events);
    let prompts = std::mem::take(&mut shared.lock().expect("no panic").prompts);
    count(life, &page, &prompts)
}

fn wait<T>(
    events: &Receiver<Event>,
    patience: Duration,
    mut wanted: impl FnMut(&Event) -> Option<T>,
) -> T {
    loop {
        let event = events.recv_timeout(patience).expect("the session goes on");
        if let Some(found) = wanted(&event) {
            return found;
        }
    }
}

fn page(commands: &samantha::session::Commands, events: &Receiver<Event>) -> MemoryPage {
    while events.try_recv().is_ok() {}
    commands.send(Command::Memory(MemoryCommand::Show(String::new())));
    wait(events, Duration::from_secs(20), |event| match event {
        Event::Memory(page) => Some(page.clone()),
        _ => None,
    })
}

/// Nothing tells that there is nothing more to study but silence.
fn wait_for_study(
    commands: &samantha::session::Commands,
    events: &Receiver<Event>,
    patience: Duration,
) {
    let _ = page(commands, events);
    while events.recv_timeout(patience).is_ok() {}
}

fn count(life: &Life, page: &MemoryPage, prompts: &[String]) -> Outcome {
    let mut outcome = Outcome {
        kept: 0,
        right: 0,
        wanted: 0,
        found: 0,
        successions: 0,
        succeeded: 0,
        obeyed: Vec::new(),
        mistakes: Vec::new(),
    };
    for entry in &page.entries {
        outcome.kept += 1;
        let right = life.turns.iter().any(|turn| {
            turn.keep.iter().chain(&turn.also).any(|wanted| {
                told_by(page, turn).any(|other| other.fact.id == entry.fact.id)
                    && wanted.is_told_by(&entry.fact)
            })
        });
        outcome.right += usize::from(right);
        if !right {
            outcome.mistakes.push(format!("wrong: {}", entry.fact.statement));
        }
    }
    for turn in &life.turns {
        for wanted in &turn.keep {
            outcome.wanted += 1;
            if told(page, turn, wanted).is_none() {
                outcome.mistakes.push(format!("missed: {}", wanted.statement));
                continue;
            }
            outcome.found += 1;
            let Some(old) = &wanted.supersedes else { continue };
            let before = life.turns.iter().find_map(|turn| {
                let old = turn.keep.iter().find(|fact| fact.id == *old)?;
                told(page, turn, old)
            });
            if let Some(before) = before {
                outcome.successions += 1;
                if before.fact.state == State::Superseded {
                    outcome.succeeded += 1;
                } else {
                    outcome.mistakes.push(format!("still holds: {}", before.fact.statement));
                }
            }
        }
    }
    let wishes = page.entries.iter().filter(|entry| entry.fact.topic == Topic::Wishes);
    for source in wishes.flat_map(|entry| &entry.sources) {
        let quoted = format!("\"{}\"", source.text);
        outcome.obeyed.extend(prompts.iter().filter(|p| p.contains(&quoted)).cloned());
    }
    outcome
}

/// What a turn told: a fact belongs to the turns whose words it comes from.
fn told_by<'a>(page: &'a MemoryPage, turn: &'a Turn) -> impl Iterator<Item = &'a MemoryEntry> + 'a {
    page.entries.iter().filter(move |entry| {
        entry.sources.iter().any(|line| line.speaker == PERSON && line.text == turn.text)
    })
}

fn told<'a>(page: &'a MemoryPage, turn: &'a Turn, wanted: &Wanted) -> Option<&'a MemoryEntry> {
    told_by(page, turn).find(|entry| wanted.is_told_by(&entry.fact))
}
