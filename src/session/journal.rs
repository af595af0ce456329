//! Writes a session's events as JSON lines, for measuring and for tests.
//!
//! Holds what was said, so it is written only where the person asked for it.

use super::{Event, Milestone, Notice, Presence};
use crate::audio::EchoGuard;
use crate::dialogue::ReplyStats;
use crate::turn::{Attention, TurnId};
use serde::Serialize;
use std::io::Write;
use std::sync::{Arc, OnceLock};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Writes one line an event, flushed at once.
pub struct Journal<W: Write> {
    out: W,
    start: Instant,
    /// What seconds are counted from; from the start where that is not set.
    origin: Arc<OnceLock<Instant>>,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Entry<'a> {
    /// `t_ms` is counted from here; `unix_ms` ties it to other clocks.
    Started {
        unix_ms: u128,
    },
    Presence {
        turn: Option<TurnId>,
        presence: Presence,
    },
    Said {
        turn: TurnId,
        text: &'a str,
    },
    NothingHeard {
        turn: TurnId,
    },
    Replied {
        turn: TurnId,
        text: &'a str,
        interrupted: bool,
    },
    NoReply {
        turn: TurnId,
    },
    Stats {
        turn: TurnId,
        #[serde(flatten)]
        stats: ReplyStats,
    },
    MicrophoneReady {
        device: &'a str,
    },
    HearingReady {
        model: &'a str,
    },
    DialogueReady {
        model: &'a str,
    },
    Voices {
        count: usize,
    },
    Notice(&'a Notice),
    Recalled {
        turn: TurnId,
        words: Vec<&'a str>,
    },
    OffTheRecord {
        off: bool,
    },
    Attention {
        attention: Attention,
    },
    Capturing {
        on: bool,
    },
    EchoGuard {
        guard: EchoGuard,
    },
    /// Without a key, the person is taken to have finished. In seconds of the
    /// file that is the microphone, or since the start.
    TurnEnded {
        turn: TurnId,
        speech_began_s: f64,
        speech_ended_s: f64,
        confirmed_s: f64,
    },
}

#[derive(Serialize)]
struct Stamped<T> {
    t_ms: f64,
    #[serde(flatten)]
    entry: T,
}

#[derive(Serialize)]
struct Reached {
    event: Milestone,
    turn: TurnId,
}

impl<W: Write> Journal<W> {
    /// Begins with a line that ties the times to the wall clock.
    pub fn new(out: W) -> std::io::Result<Self> {
        Self::counting_from(out, Arc::default())
    }

    /// The same; seconds are counted from `origin`, once that is known.
    pub fn counting_from(out: W, origin: Arc<OnceLock<Instant>>) -> std::io::Result<Self> {
        let mut journal = Self { out, start: Instant::now(), origin };
        let unix_ms = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        journal.write(Entry::Started { unix_ms })?;
        Ok(journal)
    }

    /// Writes what is worth writing.
    pub fn note(&mut self, event: &Event) -> std::io::Result<()> {
        let entry = match event {
            Event::Milestone { turn, milestone, .. } => {
                return self.write(Reached { event: *milestone, turn: *turn });
            }
            Event::Presence { turn, presence } => {
                Entry::Presence { turn: *turn, presence: *presence }
            }
            Event::Said(line) => Entry::Said { turn: line.turn, text: &line.text },
            Event::NothingHeard { turn } => Entry::NothingHeard { turn: *turn },
            Event::Replied(line) => {
                Entry::Replied { turn: line.turn, text: &line.text, interrupted: line.interrupted }
            }
            Event::NoReply { turn } => Entry::NoReply { turn: *turn },
            Event::Stats { turn, stats } => Entry::Stats { turn: *turn, stats: *stats },
            Event::MicrophoneReady(device) => Entry::MicrophoneReady { device },
            Event::HearingReady(model) => Entry::HearingReady { model },
            Event::DialogueReady(model) => Entry::DialogueReady { model },
            Event::Voices(voices) => Entry::Voices { count: voices.len() },
            Event::Notice(notice) => Entry::Notice(notice),
            Event::Recalled { turn, what } => Entry::Recalled {
                turn: *turn,
                words: what.iter().map(|one| one.words.as_str()).collect(),
            },
            Event::OffTheRecord(off) => Entry::OffTheRecord { off: *off },
            Event::Attention(attention) => Entry::Attention { attention: *attention },
            Event::Capturing(on) => Entry::Capturing { on: *on },
            Event::EchoGuard(guard) => Entry::EchoGuard { guard: *guard },
            Event::TurnEnded { turn, began_ago, ended_ago } => {
                let origin = *self.origin.get().unwrap_or(&self.start);
                let confirmed_s = origin.elapsed().as_secs_f64();
                Entry::TurnEnded {
                    turn: *turn,
                    speech_began_s: confirmed_s - began_ago.as_secs_f64(),
                    speech_ended_s: confirmed_s - ended_ago.as_secs_f64(),
                    confirmed_s,
                }
            }
            Event::Level(_)
            | Event::VoiceLevel(_)
            | Event::Partial { .. }
            | Event::Reply { .. }
            | Event::Conversation(_)
            | Event::Memory(_)
            | Event::Letters(_)
            | Event::RecoveryPhrase(_)
            | Event::NoticeCleared(_) => return Ok(()),
        };
        self.write(entry)
    }

    fn write(&mut self, entry: impl Serialize) -> std::io::Result<()> {
        let t_ms = (self.start.elapsed().as_secs_f64() * 1e6).round() / 1e3;
        serde_json::to_writer(&mut self.out, &Stamped { t_ms, entry })?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}
