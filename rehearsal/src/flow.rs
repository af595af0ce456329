//! Whether talk flows without a key, in a room with an echo: whether she answers
//! herself, whether she can be talked over, and whether noises leave her alone.
//!
//! She tells stories; meanwhile nothing is played (she must not hear herself),
//! or somebody talks over her, or something falls.

use crate::app::{AUDIBLE, App, Launch};
use crate::chance::Chance;
use crate::figures::machine;
use crate::home::{Home, Server, Voice, Wishes};
use crate::{Desktop, EchoRoom, Event, Recording, Sound, Speech};
use anyhow::Context;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

mod interruptions;
mod noise;
mod self_listening;
mod storyteller;

/// Speech a metre from the microphone: root mean square, -26 dB.
pub const SPEECH: f32 = 0.05;

/// What comes back of her, and when: loudspeaker and microphone of a laptop.
pub const ECHO_DB: f32 = -6.0;
/// See [`ECHO_DB`].
pub const ECHO_DELAY: Duration = Duration::from_millis(80);

/// Longer than the longest reply.
const REPLY_TIMEOUT: Duration = Duration::from_secs(240);

/// A reply that has not begun by now will not.
const ANSWER_WITHIN: Duration = Duration::from_secs(40);

/// Who has been idle for so long has nothing to say, and has understood nothing
/// that is still to be answered.
const IDLE_FOR: Duration = Duration::from_secs(4);

/// So often somebody asks before it is an error that she does not answer.
const ASKED_AGAIN: usize = 5;

const STORIES: [&str; 8] = [
    "Please tell me a very long story about a fox who lived in an old forest.",
    "Tell me everything you know about the ocean, in as many words as you like.",
    "I would like to hear a long story about a girl who built a boat.",
    "Please explain slowly and in detail how bread is made, from the field to the table.",
    "Tell me a long story about two friends who walk across the mountains.",
    "Please describe a quiet day in a small village, from morning until night.",
    "Tell me a long bedtime story about a lighthouse and the man who keeps it.",
    "Please tell me at length how people crossed the sea in the old days.",
];

/// How much to measure.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How long she speaks while nothing else sounds.
    pub minutes: f64,
    /// How often somebody talks over her.
    pub interruptions: usize,
    /// How often there is a noise while she speaks.
    pub noises: usize,
    /// Sound files without words, for more noises.
    pub noise_folder: Option<PathBuf>,
    /// Another voice than the settings'.
    pub voice: Option<Voice>,
    /// A scripted server tells long stories, not a language model.
    pub scripted: bool,
}

/// Measures and prints.
pub fn flow(launch: &Launch, plan: &Plan) -> anyhow::Result<()> {
    let server = match plan.scripted {
        true => Some(Server { address: storyteller::start()?, model: storyteller::MODEL }),
        false => None,
    };
    let wishes = Wishes { hands_free: true, voice: plan.voice, reply_tokens: Some(400), server };
    let home = Home::like(launch.home.as_deref(), wishes)?;
    let launch = Launch { home: Some(home.path().to_owned()), ..launch.clone() };
    let desktop = Desktop::start()?;
    let mut scene = Scene::open(&desktop, &launch)?;
    println!(
        "hands-free in a room with an echo ({ECHO_DB:.0} dB, {} ms), on {}",
        ECHO_DELAY.as_millis(),
        machine()
    );
    if plan.minutes > 0.0 {
        let spoken = Duration::from_secs_f64(60.0 * plan.minutes);
        println!("{}", self_listening::measure(&mut scene, spoken)?);
    }
    if plan.interruptions > 0 {
        println!("{}", interruptions::measure(&mut scene, plan.interruptions)?);
    }
    if plan.noises > 0 {
        println!("{}", noise::measure(&mut scene, plan.noises, plan.noise_folder.as_deref())?);
    }
    println!("asked {} times for a story, {} times in vain", scene.asked, scene.in_vain);
    Ok(())
}

/// The app in a room with an echo, and who is there.
pub struct Scene<'a> {
    desktop: &'a Desktop,
    /// The app.
    pub app: App,
    /// What the speaker plays.
    pub speaker: Recording,
    microphone: Recording,
    chance: Chance,
    asked: usize,
    in_vain: usize,
    _room: EchoRoom,
}

/// A reply of hers that is being spoken.
#[derive(Clone, Copy, Debug)]
pub struct Speaking {
    /// The turn that it answers.
    pub turn: u64,
    /// The place of the event that told of its first sound.
    place: usize,
    /// When its first sound was told.
    pub since: Instant,
}

/// How a reply ended.
#[derive(Clone, Copy, Debug)]
pub struct Ending {
    /// She was cut off.
    pub interrupted: bool,
    /// When it was told.
    pub at: Instant,
}

impl<'a> Scene<'a> {
    /// Starts the app, which is to listen without a key, in such a room.
    pub fn open(desktop: &'a Desktop, launch: &Launch) -> anyhow::Result<Self> {
        let room = desktop.echo_room(ECHO_DB, ECHO_DELAY)?;
        let app = App::start(desktop, launch)?;
        Ok(Self {
            desktop,
            app,
            speaker: desktop.record_speaker()?,
            microphone: desktop.record_first_microphone()?,
            chance: Chance::new(1),
            asked: 0,
            in_vain: 0,
            _room: room,
        })
    }

    /// Plays a sound into the room; returns when it has begun there, as far as
    /// that can be told among what else sounds.
    fn play(&mut self, sound: &Sound) -> anyhow::Result<Instant> {
        let file = self.desktop.folder().join("played.wav");
        sound.save(&file)?;
        let playing = self.desktop.play_into_microphone(&file)?;
        let begun_at = playing.begun_at;
        playing.wait()?;
        // What was played is recorded a moment later.
        std::thread::sleep(Duration::from_millis(100));
        let latest = begun_at + Duration::from_millis(500);
        let beginning = sound.between(sound.begun_at, sound.begun_at + Duration::from_millis(600));
        let heard = self.microphone.since(begun_at);
        Ok(heard.moment_like(&beginning, begun_at, latest).unwrap_or(begun_at))
    }

    /// Says something aloud; returns when that began in the room, and how long it
    /// was.
    pub fn say(&mut self, who: Speech, text: &str) -> anyhow::Result<(Instant, Duration)> {
        let sound = self.speech(who, text)?;
        Ok((self.play(&sound)?, sound.length()))
    }

    fn speech(&self, who: Speech, text: &str) -> anyhow::Result<Sound> {
        let file = self.desktop.folder().join("speech.wav");
        who.say_to_wav(text, &file)?;
        Ok(Sound::load(&file)?.trimmed(0.003, Duration::from_millis(50)).spoken_at(SPEECH))
    }

    /// Her state, by the last event that told of it.
    fn presence(&mut self) -> anyhow::Result<&str> {
        self.app.events.read_new()?;
        let last = self.app.events.seen().iter().rev().find_map(|event| event.presence.as_deref());
        Ok(last.unwrap_or("idle"))
    }

    /// Waits until she has been idle for `span`.
    fn wait_for_rest(&mut self, span: Duration) -> anyhow::Result<()> {
        let deadline = Instant::now() + REPLY_TIMEOUT;
        let mut since = Instant::now();
        while since.elapsed() < span {
            anyhow::ensure!(Instant::now() < deadline, "she does not come to rest");
            std::thread::sleep(Duration::from_millis(50));
            if self.presence()? != "idle" {
                since = Instant::now();
            }
        }
        Ok(())
    }

    /// Waits until she speaks; asks her for a story where she has nothing to say.
    pub fn have_her_speak(&mut self) -> anyhow::Result<Speaking> {
        for _ in 0..ASKED_AGAIN {
            if let Some(speaking) = self.wait_until_she_speaks()? {
                return Ok(speaking);
            }
            let story = self.chance.pick(&STORIES).context("stories")?;
            self.asked += 1;
            self.say(Speech::Flite("slt"), story)?;
            if let Some(speaking) = self.wait_until_she_speaks()? {
                return Ok(speaking);
            }
            self.in_vain += 1;
        }
        anyhow::bail!("asked {ASKED_AGAIN} times, she does not answer: {:?}", self.last_events())
    }

    /// The reply that she speaks; `None` once she has been idle for a while.
    fn wait_until_she_speaks(&mut self) -> anyhow::Result<Option<Speaking>> {
        let deadline = Instant::now() + ANSWER_WITHIN;
        let mut idle_since = Instant::now();
        while Instant::now() < deadline && idle_since.elapsed() < IDLE_FOR {
            match self.presence()? {
                "speaking" => {
                    let seen = self.app.events.seen();
                    let place = seen.iter().rposition(|event| event.event == "first_audio");
                    if let Some(place) = place
                        && let Some(turn) = seen[place].turn
                    {
                        let since = self.app.moment_of(&seen[place])?;
                        return Ok(Some(Speaking { turn, place, since }));
                    }
                }
                "idle" => {}
                _ => idle_since = Instant::now(),
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(None)
    }

    /// Lets her speak for some seconds, then waits for a moment in which she is
    /// really heard. `None` if the reply was over before.
    fn amid_her_words(&mut self) -> anyhow::Result<Option<Speaking>> {
        let speaking = self.have_her_speak()?;
        std::thread::sleep(Duration::from_secs_f32(self.chance.between(1.0, 4.0)));
        let deadline = Instant::now() + Duration::from_secs(3);
        while Instant::now() < deadline && self.ending(speaking)?.is_none() {
            let now = Instant::now();
            let lately = now.checked_sub(Duration::from_millis(200)).unwrap_or(now);
            if self.speaker.since(lately).end_of_sound(AUDIBLE).is_some() {
                return Ok(Some(speaking));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(None)
    }

    /// How her reply ended, if it has.
    fn ending(&mut self, of: Speaking) -> anyhow::Result<Option<Ending>> {
        self.app.events.read_new()?;
        let seen = &self.app.events.seen()[of.place..];
        let end = seen.iter().find(|event| {
            event.turn == Some(of.turn) && matches!(event.event.as_str(), "replied" | "no_reply")
        });
        end.map(|event| {
            let at = self.app.moment_of(event)?;
            Ok(Ending { interrupted: event.interrupted.unwrap_or(true), at })
        })
        .transpose()
    }

    /// How her reply ended, if it has by then.
    pub fn wait_for_ending(
        &mut self,
        of: Speaking,
        until: Instant,
    ) -> anyhow::Result<Option<Ending>> {
        loop {
            let ending = self.ending(of)?;
            if ending.is_some() || Instant::now() >= until {
                return Ok(ending);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What became a later turn than this reply's: an event of each.
    pub fn later_turns(&mut self, than: Speaking) -> anyhow::Result<Vec<Event>> {
        self.app.events.read_new()?;
        let opens = |event: &&Event| {
            event.turn.is_some_and(|turn| turn > than.turn)
                && (matches!(event.event.as_str(), "said" | "turn_ended")
                    || event.presence.as_deref() == Some("listening"))
        };
        let mut turns = BTreeMap::new();
        for event in self.app.events.seen()[than.place..].iter().filter(opens) {
            // What was understood tells most.
            if event.event == "said" || !turns.contains_key(&event.turn) {
                turns.insert(event.turn, event.clone());
            }
        }
        Ok(turns.into_values().collect())
    }

    fn last_events(&self) -> Vec<&Event> {
        self.app.events.seen().iter().rev().take(8).rev().collect()
    }
}

/// How often something came out, by what was tried.
#[derive(Default)]
struct Tally(BTreeMap<String, (usize, usize)>);

impl Tally {
    fn count(&mut self, what: &str, success: bool) {
        let (successes, all) = self.0.entry(what.to_owned()).or_default();
        *successes += usize::from(success);
        *all += 1;
    }

    fn all(&self) -> (usize, usize) {
        self.0.values().fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (what, (successes, all)) in &self.0 {
            writeln!(f, "    {what:<28} {successes:>3} of {all}")?;
        }
        Ok(())
    }
}

fn share((successes, all): (usize, usize)) -> String {
    let percent = 100.0 * successes as f64 / all.max(1) as f64;
    format!("{successes} of {all} ({percent:.0}%)")
}
