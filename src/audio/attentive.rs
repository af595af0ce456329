//! What the microphone hears while no key delimits speech: her own voice is
//! taken out of it, and somebody's onset and pauses are told.
//!
//! Used by the threads behind a [`super::Microphone`]: they push what was
//! captured, and are given sound for the turn under way and what is heard of
//! speech. It knows nothing of turns and words, and keeps the last ten seconds
//! in memory only.

mod by_sound;

use self::by_sound::BySound;
use super::capture_clock::CaptureClock;
use super::echo_reference::{EchoReference, Played};
use super::level::LevelMeter;
use super::reference::Reference;
use super::resample::RateConverter;
use super::{EchoGuard, PRE_ROLL_MS, ROOM_RINGS_FOR, SPEECH_RATE_HZ, Speech};
use crate::settings::Headphones;
use ear::activity::{Activity, Change, Manner};
use ear::echo::{EchoCanceller, person};
use ear::highpass::HighPass;
use ear::turn_end::fading::fading_db;
use ear::vad::{FRAME_SAMPLES, Vad};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// So many frames of speech (0.35 s) among so many (0.6 s) are no cough. To be silent
/// soon after 0.4 s of it, since sound is captured and played in pieces.
const SUSTAINED_FRAMES: usize = 320 * SPEECH_RATE_HZ as usize / 1000 / FRAME_SAMPLES + 1;
const SUSTAINED_WITHIN: usize = 19;
/// What the detector calls speech.
const SPEECH_SCORE: f32 = 0.5;

/// How much sound is kept: what tells by sound that somebody has finished hears
/// the last eight seconds.
const KEPT_SAMPLES: usize = SPEECH_RATE_HZ as usize * 10;

/// Until so long after a pause, a short word is enough to have gone on.
const GOES_ON_WITHIN: Duration = Duration::from_secs(2);

/// After sound was lost, her voice is not where it is taken out, and what is left
/// of it is taken for a person's, until the canceller has learned anew.
const ASTRAY_FOR: Duration = Duration::from_secs(4);

/// What is needed to attend to speech.
#[derive(Default)]
pub struct Parts {
    /// The weight that tells by sound whether somebody has finished.
    pub turn_end: Option<PathBuf>,
    /// What her own voice plays.
    pub reference: Option<Reference>,
}

/// What was heard in a piece of sound.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Without her voice, for the turn under way: 16 kHz mono.
    pub(super) samples: Vec<f32>,
    /// Root mean square of the last 50 ms, if these are whole.
    pub(super) level: Option<f32>,
    /// In order.
    pub(super) speech: Vec<Speech>,
}

/// See the module.
pub(super) struct Attentive {
    /// The weight until it is first needed, and what judges by it since.
    turn_end: Option<PathBuf>,
    by_sound: Option<BySound>,
    /// While speech is attended to.
    ear: Option<Ear>,
    rate_hz: u32,
    reference: EchoReference,
    /// She speaks, or until when the room rings with it.
    she_speaks: bool,
    room_rings_until: Option<Instant>,
    astray_until: Option<Instant>,
    told_guard: Option<EchoGuard>,
}

impl Attentive {
    pub(super) fn new(mut parts: Parts) -> Self {
        let reference = EchoReference::new(parts.reference.take());
        Self {
            turn_end: parts.turn_end.take(),
            by_sound: None,
            ear: None,
            rate_hz: SPEECH_RATE_HZ,
            reference,
            she_speaks: false,
            room_rings_until: None,
            astray_until: None,
            told_guard: None,
        }
    }

    /// Begins or ceases to attend to speech.
    pub(super) fn attend(&mut self, on: bool) {
        self.reference.want(on);
        if !on {
            self.ear = None;
        } else if self.ear.is_none() {
            self.by_sound =
                self.by_sound.take().or_else(|| self.turn_end.take().map(BySound::start));
            let ear = Ear::new(self.rate_hz);
            self.ear = ear
                .inspect_err(|error| tracing::error!(%error, "speech cannot be attended to"))
                .ok();
        }
    }

    /// Another device gives sound, at this rate.
    pub(super) fn source_changed(&mut self, rate_hz: u32) {
        self.rate_hz = rate_hz.max(1);
        if self.ear.take().is_some() {
            self.attend(true);
        }
    }

    /// She begins to speak, or has ceased to.
    pub(super) fn she_speaks(&mut self, speaking: bool, now: Instant) {
        if self.she_speaks && !speaking {
            self.room_rings_until = Some(now + ROOM_RINGS_FOR);
        }
        self.she_speaks = speaking;
    }

    /// It is to be known how loud she is, or no longer.
    pub(super) fn follow_her(&mut self, follows: bool) {
        self.reference.follow_her(follows);
    }

    /// How loud the loudspeaker is while she speaks, if she does not tell herself.
    pub(super) fn loudspeaker_level(&self) -> Option<f32> {
        self.reference.loudspeaker_level()
    }

    pub(super) fn set_headphones(&mut self, headphones: Headphones) {
        self.reference.set_headphones(headphones);
    }

    /// What keeps her from hearing herself, if that has changed.
    pub(super) fn guard_changed(&mut self, now: Instant) -> Option<EchoGuard> {
        self.reference.tend(now);
        self.ear.as_ref()?;
        let guard = self.guard(now);
        (self.told_guard.replace(guard) != Some(guard)).then_some(guard)
    }

    /// Some of what was captured did not get here.
    pub(super) fn sound_lost(&mut self, now: Instant) {
        self.astray_until = Some(now + ASTRAY_FOR);
        if let Some(ear) = &mut self.ear {
            ear.clock.lost();
        }
    }

    fn guard(&self, now: Instant) -> EchoGuard {
        let is_astray = self.astray_until.is_some_and(|until| now < until);
        let has_lost_her = self.ear.as_ref().is_some_and(|ear| ear.canceller.has_lost_her());
        match self.reference.guard() {
            EchoGuard::Cancelled if is_astray => EchoGuard::HalfDuplex,
            EchoGuard::Cancelled if has_lost_her => EchoGuard::Unsettled,
            guard => guard,
        }
    }

    /// Whether what was captured then may be her.
    fn is_over_her(&self, at: Instant) -> bool {
        self.she_speaks || self.room_rings_until.is_some_and(|until| at < until)
    }

    /// Whether nobody could be told from her then.
    fn is_deaf(&self, at: Instant) -> bool {
        self.is_over_her(at) && self.guard(at) == EchoGuard::HalfDuplex
    }

    /// Takes what was captured: mono at the source's rate. The last of it was
    /// captured at `newest_at`.
    pub(super) fn push(&mut self, samples: &[f32], newest_at: Instant) -> Heard {
        let is_over_her = self.is_over_her(newest_at);
        let is_deaf = self.is_deaf(newest_at);
        let Some(ear) = &mut self.ear else { return Heard::default() };
        ear.take(samples);
        let begun_at = ear.clock.begin_of(ear.fresh.len(), newest_at);
        let echo = match self.reference.guard() {
            EchoGuard::Cancelled | EchoGuard::Unsettled => {
                Some(self.reference.read(begun_at, ear.fresh.len()))
            }
            EchoGuard::Headphones | EchoGuard::HalfDuplex => None,
        };
        let mut heard = ear.hear(echo.as_ref(), is_deaf, is_over_her);
        if let Some(by_sound) = &mut self.by_sound
            && !is_deaf
        {
            judge_by_sound(by_sound, ear, &mut heard.speech);
        }
        heard
    }

    /// What belongs to a turn that begins now: the speech under way and a little
    /// before it.
    pub(super) fn turn_begin(&mut self) -> Vec<f32> {
        self.ear.as_mut().map(Ear::turn_begin).unwrap_or_default()
    }

    /// What the turn was given does not begin the next one as well.
    pub(super) fn turn_ended(&mut self) {
        if let Some(ear) = &mut self.ear {
            ear.given = ear.heard;
        }
    }
}

/// Asks of each pause that was just told, and tells what was found out since.
fn judge_by_sound(by_sound: &mut BySound, ear: &mut Ear, speech: &mut Vec<Speech>) {
    match speech.iter().rfind(|it| matches!(it, Speech::Onset { .. } | Speech::Paused { .. })) {
        Some(Speech::Paused { .. }) => by_sound.ask(ear.turn().to_vec()),
        Some(_) => by_sound.drop_question(),
        None => {}
    }
    speech.extend(by_sound.answer().map(|finished| Speech::Judged { finished }));
}

struct Ear {
    converter: RateConverter,
    clock: CaptureClock,
    meter: LevelMeter,
    canceller: EchoCanceller,
    /// Where nothing is cancelled; the canceller has its own.
    highpass: HighPass,
    vad: Vad,
    activity: Activity,
    /// Converted and not yet heard.
    fresh: Vec<f32>,
    /// The newest sound without her voice, and how much there was in all.
    recent: VecDeque<f32>,
    heard: u64,
    scores: Vec<f32>,
    /// Which of the latest frames were speech.
    latest: VecDeque<bool>,
    /// Where the speech under way began.
    began: Option<u64>,
    sustained: bool,
    /// Where they paused last.
    paused: Option<u64>,
    /// It was told that speech may begin.
    stirring: bool,
    /// Everything before this went to a turn.
    given: u64,
}

impl Ear {
    fn new(rate_hz: u32) -> anyhow::Result<Self> {
        Ok(Self {
            converter: RateConverter::new(rate_hz, SPEECH_RATE_HZ)?,
            clock: CaptureClock::new(SPEECH_RATE_HZ),
            meter: LevelMeter::new(SPEECH_RATE_HZ),
            canceller: EchoCanceller::new(),
            highpass: HighPass::default(),
            vad: Vad::new()?,
            activity: Activity::new(Manner::HANDS_FREE),
            fresh: Vec::new(),
            recent: VecDeque::with_capacity(KEPT_SAMPLES),
            heard: 0,
            scores: Vec::new(),
            latest: VecDeque::with_capacity(SUSTAINED_WITHIN + 1),
            began: None,
            sustained: false,
            paused: None,
            stirring: false,
            given: 0,
        })
    }

    fn take(&mut self, samples: &[f32]) {
        self.fresh.clear();
        self.converter.push(samples, &mut self.fresh);
    }

    /// Hears the fresh samples. `echo` is what the loudspeaker played then.
    fn hear(&mut self, echo: Option<&Played>, deaf: bool, over_her: bool) -> Heard {
        let mut samples = Vec::with_capacity(self.fresh.len());
        match echo {
            Some(played) => {
                if played.clock_was_set {
                    self.canceller.doubt();
                }
                self.canceller.process(&self.fresh, &played.samples, &mut samples);
            }
            None => samples.extend(self.fresh.iter().map(|sample| self.highpass.next(*sample))),
        }
        self.activity.set_manner(match over_her {
            true => Manner::BARGE_IN,
            false if self.may_go_on() => Manner::GOING_ON,
            false => Manner::HANDS_FREE,
        });
        let level = self.meter.push(&self.fresh);
        self.heard += samples.len() as u64;
        let excess = (self.recent.len() + samples.len()).saturating_sub(KEPT_SAMPLES);
        self.recent.drain(..excess.min(self.recent.len()));
        self.recent.extend(&samples);
        let speech = if deaf { self.be_deaf() } else { self.notice(&samples, echo.is_some()) };
        Heard { samples, level, speech }
    }

    /// Whether what is heard now may belong to what they said last.
    fn may_go_on(&self) -> bool {
        self.paused.is_some_and(|at| self.since(at) < GOES_ON_WITHIN)
    }

    /// Whoever speaks now cannot be told from her.
    fn be_deaf(&mut self) -> Vec<Speech> {
        self.vad.reset();
        self.activity.pass(self.heard);
        self.latest.clear();
        self.sustained = false;
        let paused = Speech::Paused { ago: Duration::ZERO, fading_db: None };
        self.began.take().map(|_| paused).into_iter().collect()
    }

    /// `cancelled`: her voice was taken out of it, and some may be left.
    fn notice(&mut self, samples: &[f32], cancelled: bool) -> Vec<Speech> {
        let mut speech = Vec::new();
        self.scores.clear();
        if let Err(error) = self.vad.push(samples, &mut self.scores) {
            tracing::error!(%error, "speech was not noticed");
        }
        for score in std::mem::take(&mut self.scores) {
            let score = match cancelled {
                true => person(score, &self.canceller.state()),
                false => score,
            };
            self.latest.truncate(SUSTAINED_WITHIN - 1);
            self.latest.push_front(score >= SPEECH_SCORE);
            match self.activity.push(score) {
                Some(Change::Began { at }) => {
                    self.began = Some(at);
                    self.sustained = false;
                    speech.push(Speech::Onset { ago: self.since(at) });
                }
                Some(Change::Paused { at }) => {
                    self.began = None;
                    self.paused = Some(at);
                    speech.push(self.paused_since(at));
                }
                None => {}
            }
            let stirred = std::mem::replace(&mut self.stirring, self.activity.may_begin());
            if self.stirring && !stirred {
                speech.push(Speech::Stirring);
            }
            let speech_frames = self.latest.iter().filter(|speech| **speech).count();
            let sustained = self.began.is_some() && speech_frames >= SUSTAINED_FRAMES;
            if sustained && !std::mem::replace(&mut self.sustained, true) {
                speech.push(Speech::Sustained);
            }
        }
        speech
    }

    fn since(&self, place: u64) -> Duration {
        let samples = self.heard.saturating_sub(place);
        Duration::from_secs_f64(samples as f64 / f64::from(SPEECH_RATE_HZ))
    }

    /// They paused there.
    fn paused_since(&mut self, place: u64) -> Speech {
        Speech::Paused { ago: self.since(place), fading_db: fading_db(self.turn()) }
    }

    /// The latest of what was heard since the last turn, which says nothing of this one.
    fn turn(&mut self) -> &[f32] {
        let count = (self.heard - self.given).min(self.recent.len() as u64) as usize;
        let from = self.recent.len() - count;
        &self.recent.make_contiguous()[from..]
    }

    fn turn_begin(&mut self) -> Vec<f32> {
        let pre_roll = u64::from(SPEECH_RATE_HZ * PRE_ROLL_MS / 1000);
        let from = self.began.unwrap_or(self.heard).saturating_sub(pre_roll).max(self.given);
        let count = (self.heard.saturating_sub(from) as usize).min(self.recent.len());
        self.recent.range(self.recent.len() - count..).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference::reference;
    use super::*;

    #[test]
    fn while_sound_is_lost_she_does_not_listen_to_herself() {
        let (writer, reference) = reference();
        let parts = Parts { turn_end: None, reference: Some(reference) };
        let mut attentive = Attentive::new(parts);
        attentive.set_headphones(Headphones::No);
        let now = Instant::now();
        let _tap = writer.tap();
        attentive.attend(true);
        assert_eq!(attentive.guard_changed(now), Some(EchoGuard::Cancelled));
        attentive.she_speaks(true, now);
        assert!(!attentive.is_deaf(now));
        attentive.sound_lost(now);
        assert!(attentive.is_deaf(now));
        assert_eq!(attentive.guard_changed(now), Some(EchoGuard::HalfDuplex));
        assert_eq!(attentive.guard_changed(now + ASTRAY_FOR / 2), None);
        assert!(!attentive.is_deaf(now + ASTRAY_FOR));
        assert_eq!(attentive.guard_changed(now + ASTRAY_FOR), Some(EchoGuard::Cancelled));
        attentive.sound_lost(now);
        attentive.she_speaks(false, now);
        assert!(attentive.is_deaf(now) && !attentive.is_deaf(now + ROOM_RINGS_FOR));
    }

    #[test]
    fn rumble_is_taken_out_of_what_is_heard_without_a_key() {
        let mut ear = Ear::new(SPEECH_RATE_HZ).expect("an ear");
        let power = |samples: &[f32]| samples.iter().map(|x| x * x).sum::<f32>();
        let rumble: Vec<f32> = (0..32_000).map(|n| 0.3 * (n as f32 * 0.01).sin()).collect();
        ear.take(&rumble);
        let heard = ear.hear(None, false, false);
        assert!(power(&heard.samples) < 0.05 * power(&rumble), "{}", power(&heard.samples));
    }

    #[test]
    fn for_a_while_after_a_pause_a_short_word_is_enough() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/audio/coffee.flac");
        let mut sound = crate::audio::decode::read_speech(file.as_ref()).expect("a sentence");
        let mut ear = Ear::new(SPEECH_RATE_HZ).expect("an ear");
        sound.extend([0.0; 16_000]);
        ear.take(&sound);
        ear.hear(None, false, false);
        assert!(ear.may_go_on());
        ear.take(&[0.0; 48_000]);
        ear.hear(None, false, false);
        assert!(!ear.may_go_on());
    }
}
