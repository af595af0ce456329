//! A whole conversation with sound files as the microphone: the real session,
//! for scripts, tests and measurements. Nothing of it is kept but what is
//! written into the folder that was named.

use super::say;
use crate::audio::decode;
use crate::audio::devices;
use crate::audio::file::{self, Clips, Pacing};
use crate::audio::{Microphone, MicrophoneEvent};
use crate::engines;
use crate::models::Kind;
use crate::paths::Paths;
use crate::remembering::Remembering;
use crate::session::journal::Journal;
use crate::session::{
    Command, Commands, Config, EngineFactory, Engines, Event, Presence, Session, TalkSource, Topic,
};
use crate::settings::{self, DialogueEngine, Settings, TalkMode, VoiceEngine};
use crate::speech::{Voice, VoiceEvent, VoiceStyle, natural};
use anyhow::{Context, bail};
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use voice::{Manner, Sound, Synthesizer};

mod hands_free;

/// Loading a language model of several gigabytes from a cold disk.
const READY_TIMEOUT: Duration = Duration::from_secs(180);
/// After this, nobody waits for an answer any more.
const TURN_TIMEOUT: Duration = Duration::from_secs(600);
/// A speech service that is there answers sooner.
const VOICE_TIMEOUT: Duration = Duration::from_secs(10);

/// How replies sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum VoiceChoice {
    /// Through her own voice: heard where there is a loudspeaker, and written
    /// into reply-N.wav.
    Own,
    /// Through the system's voice, where there is one.
    System,
    /// Not at all: they are only written down.
    None,
}

/// How fast the files are played into the microphone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Pace {
    /// As a person would say it; latencies are as in life.
    Real,
    /// At once.
    Fast,
}

/// Run a whole conversation with sound files as the microphone.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Without a key: the files are played one after the other, in real time, as
    /// if the microphone were always open, and she finds the turns herself.
    #[arg(long)]
    hands_free: bool,
    /// What the person says, in order; one file a turn, unless --hands-free.
    #[arg(long = "input", value_name = "FILE", required = true)]
    inputs: Vec<PathBuf>,
    /// Where reply-N.txt, reply-N.wav and events.jsonl go.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The recogniser's id instead of the one from the settings.
    #[arg(long, value_name = "ID")]
    speech_model: Option<String>,
    /// The language model's id instead of the one from the settings.
    #[arg(long, value_name = "ID")]
    language_model: Option<String>,
    /// How replies sound; left out, through her own voice if that is here.
    #[arg(long, value_enum)]
    voice: Option<VoiceChoice>,
    /// How fast the files are played.
    #[arg(long, value_enum, default_value_t = Pace::Real)]
    pace: Pace,
    /// Hold the conversation this many times, each time anew.
    #[arg(long, default_value_t = 1, value_name = "N")]
    repeat: usize,
}

/// Runs the command.
pub fn run(args: Args, paths: &Paths) -> anyhow::Result<ExitCode> {
    let mut settings = settings::load(&paths.settings_file())?.settings;
    if let Some(id) = args.speech_model {
        settings.hearing.model = id;
    }
    if let Some(id) = args.language_model {
        settings.dialogue.model = id;
        settings.dialogue.engine = DialogueEngine::Local;
    }
    let clips = args
        .inputs
        .iter()
        .map(|path| decode::read_speech(path).with_context(|| path.display().to_string()))
        .collect::<anyhow::Result<Vec<_>>>()?;
    std::fs::create_dir_all(&args.out)
        .with_context(|| format!("cannot make {}", args.out.display()))?;
    let own = engines::own_voice(paths, &settings.voice.own);
    let voice = args.voice.unwrap_or(match own {
        Ok(_) => VoiceChoice::Own,
        Err(_) => VoiceChoice::System,
    });
    if args.hands_free {
        let scene = Scene { paths, settings: &settings, voice, out: &args.out };
        return hands_free::run(&scene, clips.concat());
    }
    let (clips_in, to_play) = file::clips();
    let (run_out, ended) = unbounded();
    let pacing = match args.pace {
        Pace::Real => Pacing::RealTime,
        Pace::Fast => Pacing::AtOnce,
    };
    let microphone: EngineFactory<dyn Microphone, _> = Box::new(move |outbox| {
        let run_out = Box::new(move |turn| {
            let _ = run_out.send(turn);
        });
        file::spawn(to_play, pacing, run_out, outbox)
    });
    let scene = Scene { paths, settings: &settings, voice, out: &args.out };
    let mut stage = Stage::open(&scene, microphone, Arc::default())?;
    // Whoever plays a file lets go of the key when it has run out.
    let let_go = stage.commands.clone();
    std::thread::Builder::new().name("key".into()).spawn(move || {
        for _turn in ended {
            let_go.send(Command::TalkStop(TalkSource::File));
        }
    })?;
    stage.wait_until_ready(voice)?;
    let mut number = 0;
    for round in 0..args.repeat {
        if round > 0 {
            stage.commands.send(Command::NewConversation);
        }
        for (path, clip) in args.inputs.iter().zip(&clips) {
            number += 1;
            let turn = stage.turn(&clips_in, clip)?;
            println!("{number}\theard\t{}\t{}", path.display(), turn.heard);
            println!("{number}\tsaid\t{}", turn.answered);
            scene.keep_reply(number, &turn.answered, &turn.sound)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// With what a conversation is held, and where it is written down.
struct Scene<'a> {
    paths: &'a Paths,
    settings: &'a Settings,
    voice: VoiceChoice,
    out: &'a Path,
}

impl Scene<'_> {
    fn keep_reply(&self, number: usize, text: &str, sound: &[f32]) -> anyhow::Result<()> {
        std::fs::write(self.out.join(format!("reply-{number}.txt")), format!("{text}\n"))?;
        if self.voice == VoiceChoice::Own {
            let file = self.out.join(format!("reply-{number}.wav"));
            say::write_wav(&file, sound, self.settings.voice.volume)?;
        }
        Ok(())
    }
}

/// A session whose microphone is a file.
struct Stage {
    commands: Commands,
    events: Receiver<Event>,
    /// What her own voice made, in order.
    sound: Receiver<Vec<f32>>,
    _session: Session,
}

struct Turn {
    heard: String,
    answered: String,
    /// At [`voice::RATE_HZ`].
    sound: Vec<f32>,
}

/// A synthesiser whose sound is also handed on.
struct Recorded {
    synthesizer: Box<dyn Synthesizer>,
    sound: Sender<Vec<f32>>,
}

impl Synthesizer for Recorded {
    fn synthesize(&mut self, clause: &str, manner: &Manner) -> anyhow::Result<Sound> {
        let sound = self.synthesizer.synthesize(clause, manner)?;
        let _ = self.sound.send(sound.samples.clone());
        Ok(sound)
    }

    fn set_pronunciations(&mut self, pronunciations: &[(String, String)]) {
        self.synthesizer.set_pronunciations(pronunciations);
    }
}

/// Her own voice, through the loudspeaker if there is one.
fn own_voice(
    paths: &Paths,
    settings: &Settings,
    sound: Sender<Vec<f32>>,
) -> anyhow::Result<EngineFactory<dyn Voice, VoiceEvent>> {
    let model = engines::own_voice(paths, &settings.voice.own)?;
    let style = VoiceStyle::of(settings);
    let load = move || {
        let synthesizer = engines::load_voice(&model.path)?;
        Ok(Box::new(Recorded { synthesizer, sound }) as Box<dyn Synthesizer>)
    };
    let is_heard = matches!(devices::default_speaker(), Ok(Some(_)));
    Ok(Box::new(move |outbox| match is_heard {
        true => natural::spawn(load, style, None, outbox),
        false => natural::spawn_unheard(load, style, outbox),
    }))
}

impl Stage {
    /// `origin` is what the journal's seconds are counted from.
    fn open(
        scene: &Scene,
        microphone: EngineFactory<dyn Microphone, MicrophoneEvent>,
        origin: Arc<OnceLock<Instant>>,
    ) -> anyhow::Result<Self> {
        let Scene { paths, settings, voice, out } = *scene;
        engines::installed(Kind::Speech, paths, settings)?;
        if settings.dialogue.engine == DialogueEngine::Local {
            engines::installed(Kind::Language, paths, settings)?;
        }
        let (place, responder) = engines::responder(paths, settings);
        let (record, sound) = unbounded();
        let engines = Engines {
            microphone,
            transcriber: engines::transcriber(paths, settings),
            responder,
            cues: engines::no_cues(),
            voice: match voice {
                VoiceChoice::Own => own_voice(paths, settings, record)?,
                VoiceChoice::System => {
                    let mut settings = settings.clone();
                    settings.voice.engine = VoiceEngine::System;
                    engines::voice(paths, &settings, None)
                }
                VoiceChoice::None => engines::no_voice(),
            },
        };
        let events_file = out.join("events.jsonl");
        let file = File::create(&events_file)
            .with_context(|| format!("cannot write {}", events_file.display()))?;
        let mut journal = Journal::counting_from(file, origin)?;
        let (tell, events) = unbounded();
        let session = Session::start(
            Config {
                talk_mode: TalkMode::Hold,
                voice_enabled: voice != VoiceChoice::None,
                persona: engines::persona(paths, settings)?,
                person: settings.person.name.clone(),
                language: settings.person.language.clone(),
                listening: settings.listening.clone(),
                origin: place,
                remembering: Box::new(Remembering::unkept),
                resume: false,
            },
            engines,
            move |event| {
                if let Err(error) = journal.note(&event) {
                    tracing::warn!("an event could not be written: {error}");
                }
                let _ = tell.send(event);
            },
        )
        .context("no thread for the session")?;
        Ok(Self { commands: session.commands(), events, sound, _session: session })
    }

    fn wait_until_ready(&self, voice: VoiceChoice) -> anyhow::Result<()> {
        let start = Instant::now();
        let (mut hears, mut answers, mut speaks) = (false, false, voice == VoiceChoice::None);
        while !(hears && answers && speaks) {
            let limit = if hears && answers { VOICE_TIMEOUT } else { READY_TIMEOUT };
            match self.events.recv_deadline(start + limit) {
                Ok(Event::HearingReady(_)) => hears = true,
                Ok(Event::DialogueReady(_)) => answers = true,
                Ok(Event::Voices(_)) => speaks = true,
                Ok(Event::Notice(notice)) if notice.topic == Topic::Voice => {
                    tracing::warn!("{}", notice.text);
                    speaks = true;
                }
                Ok(Event::Notice(notice)) if notice.blocking => bail!(notice.text),
                Ok(_) => {}
                Err(_) if hears && answers => return Ok(()),
                Err(_) => bail!("the models could not be loaded within {READY_TIMEOUT:?}"),
            }
        }
        Ok(())
    }

    /// Plays one clip and waits until its reply is over.
    fn turn(&mut self, clips: &Clips, clip: &[f32]) -> anyhow::Result<Turn> {
        clips.send(clip.to_vec())?;
        self.commands.send(Command::TalkStart(TalkSource::File));
        let deadline = Instant::now() + TURN_TIMEOUT;
        let mut turn = Turn { heard: String::new(), answered: String::new(), sound: Vec::new() };
        let mut over = false;
        loop {
            match self.events.recv_deadline(deadline).context("no reply came")? {
                Event::Said(line) => turn.heard = line.text,
                Event::Replied(line) => {
                    turn.answered = line.text;
                    over = true;
                }
                Event::NoReply { .. } | Event::NothingHeard { .. } => over = true,
                Event::Notice(notice) => tracing::warn!("{}", notice.text),
                Event::Presence { presence: Presence::Idle, .. } if over => {
                    turn.sound = self.sound.try_iter().flatten().collect();
                    return Ok(turn);
                }
                _ => {}
            }
        }
    }
}
