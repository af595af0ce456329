//! What is to be said, what of it the speech service has, and what became of
//! it: a pure state machine that never reads a clock nor speaks itself.
//!
//! The voice's thread feeds it [`Input`]s and the time, and carries out the
//! [`Effect`]s. Every utterance ends in exactly one `Ended` or `Stopped`.

use crate::speech::{Utterance, VoiceEvent, VoiceInfo};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long the service may take to be reached.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long it may take to answer a request.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(4);
/// How long the utterance whose turn it is may take to sound.
const BEGIN_TIMEOUT: Duration = Duration::from_secs(5);
/// How often it is asked whether it lives, while something is to be said: a
/// service that dies says nothing.
const PROBE_INTERVAL: Duration = Duration::from_millis(500);
/// How long a service that died may take to be restarted, and how often it is
/// looked for meanwhile.
const RESTART_WITHIN: Duration = Duration::from_secs(3);
const RESTART_INTERVAL: Duration = Duration::from_millis(200);
/// Pauses between attempts to reach it again, doubling.
const RETRY_AFTER: Duration = Duration::from_secs(2);
const RETRY_AFTER_AT_MOST: Duration = Duration::from_secs(60);
/// The one being said and the next: no gap between sentences, little to take
/// back on a stop.
const SENT_AHEAD: usize = 2;

/// What happened.
#[derive(Clone, Debug)]
pub(super) enum Input {
    Speak(Utterance),
    Stop,
    Hold,
    GoOn,
    /// The service was reached and can speak.
    Connected {
        voices: Vec<VoiceInfo>,
    },
    /// It could not be reached.
    ConnectFailed {
        reason: String,
    },
    /// It took the oldest text that was sent, and calls it `id`.
    Accepted {
        id: u64,
    },
    /// It did not take the oldest text that was sent.
    Refused,
    /// It answered [`Effect::Probe`], or failed to.
    Probed {
        alive: bool,
    },
    Began {
        id: u64,
    },
    /// It was said as far as this byte of what was sent, the end of a clause.
    Reached {
        id: u64,
        byte: usize,
    },
    Finished {
        id: u64,
    },
    CutOff {
        id: u64,
    },
    /// Time passed.
    Tick,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Effect {
    Tell(VoiceEvent),
    /// Reach the service anew; what an earlier connection reports no longer
    /// counts.
    Connect,
    /// Hand it this text.
    Send(String),
    /// Silence it, and make it forget what it was sent.
    Silence,
    /// Ask it something harmless.
    Probe,
}

pub(super) struct Queue {
    link: Link,
    items: VecDeque<Item>,
    /// Nothing is sent until she may go on.
    held: bool,
    /// For each text sent and not yet accepted or refused, oldest first,
    /// whether it still matters.
    unanswered: VecDeque<Unanswered>,
    /// Reports that overtook the answer which names their utterance.
    early: Vec<(u64, Progress)>,
    /// When the utterance whose turn it is could have begun at the earliest.
    head_since: Instant,
    probe_asked_at: Option<Instant>,
    next_probe_at: Option<Instant>,
    /// Nothing is queued from when the person was told that there is no voice
    /// until it is back.
    told_unavailable: bool,
    retry_pause: Duration,
    /// Until then a failed attempt is no news: the service died a moment ago.
    restart_until: Instant,
    rate: f32,
    effects: Vec<Effect>,
    /// The reason told when the service does not answer.
    unreachable: String,
}

enum Link {
    Connecting { since: Instant },
    Up { since: Instant, proven: bool },
    Down { retry_at: Instant },
}

struct Item {
    utterance: Utterance,
    place: Place,
    /// It may be said more than once, but is told to begin once.
    told_begun: bool,
    /// So many bytes of it were heard, and had been when it was sent last.
    heard: usize,
    sent_from: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Waiting,
    Sent,
    Accepted {
        id: u64,
    },
    Begun {
        id: u64,
        at: Instant,
    },
    /// Taken back from the service, which may have ended it before that.
    Cut {
        id: u64,
    },
}

struct Unanswered {
    sent_at: Instant,
    wanted: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Progress {
    Began,
    Reached { byte: usize },
    Finished,
    CutOff,
}

impl Queue {
    /// Call [`Queue::handle`] with [`Input::Tick`] next: it asks to connect.
    pub(super) fn new(now: Instant, rate: f32, unreachable: String) -> Self {
        Self {
            link: Link::Down { retry_at: now },
            items: VecDeque::new(),
            held: false,
            unanswered: VecDeque::new(),
            early: Vec::new(),
            head_since: now,
            probe_asked_at: None,
            next_probe_at: None,
            told_unavailable: false,
            retry_pause: RETRY_AFTER,
            restart_until: now,
            rate,
            effects: Vec::new(),
            unreachable,
        }
    }

    /// 1.0 is the voice's own pace: decides how long a text may take.
    pub(super) fn set_rate(&mut self, rate: f32) {
        self.rate = rate;
    }

    pub(super) fn handle(&mut self, input: Input, now: Instant) -> Vec<Effect> {
        match input {
            Input::Speak(utterance) => self.speak(utterance, now),
            Input::Stop => self.stop(now),
            Input::Hold => self.hold(),
            Input::GoOn => self.go_on(now),
            Input::Connected { voices } => self.connected(voices, now),
            Input::ConnectFailed { reason } => self.connect_failed(reason, now),
            Input::Accepted { id } => self.accepted(id, now),
            Input::Refused => self.lost(now),
            Input::Probed { alive } => {
                self.probe_asked_at = None;
                if !alive {
                    self.lost(now);
                }
            }
            Input::Began { id } => self.progress(id, Progress::Began, now),
            Input::Reached { id, byte } => self.progress(id, Progress::Reached { byte }, now),
            Input::Finished { id } => self.progress(id, Progress::Finished, now),
            Input::CutOff { id } => self.progress(id, Progress::CutOff, now),
            Input::Tick => {}
        }
        self.watch(now);
        self.send_ahead(now);
        std::mem::take(&mut self.effects)
    }

    /// When [`Input::Tick`] is due, if nothing happens before.
    pub(super) fn next_deadline(&self) -> Option<Instant> {
        match self.link {
            Link::Connecting { .. } if self.told_unavailable => None,
            Link::Connecting { since } => Some(since + CONNECT_TIMEOUT),
            Link::Down { retry_at } => Some(retry_at),
            Link::Up { .. } => {
                [self.answer_due(), self.head_due(), self.next_probe_at].into_iter().flatten().min()
            }
        }
    }

    fn speak(&mut self, utterance: Utterance, now: Instant) {
        if self.told_unavailable {
            self.tell_stopped(&utterance, 0);
            return;
        }
        if self.items.is_empty() {
            self.head_since = now;
            self.next_probe_at = Some(now + PROBE_INTERVAL);
        }
        self.items.push_back(Item {
            utterance,
            place: Place::Waiting,
            told_begun: false,
            heard: 0,
            sent_from: 0,
        });
    }

    fn stop(&mut self, now: Instant) {
        self.silence();
        self.stop_all(now);
    }

    /// Makes the service forget what it was sent, if it was sent anything.
    fn silence(&mut self) {
        if matches!(self.link, Link::Up { .. })
            && self.items.iter().any(|item| item.place.is_at_service())
        {
            self.effects.push(Effect::Silence);
        }
        for sent in &mut self.unanswered {
            sent.wanted = false;
        }
    }

    fn hold(&mut self) {
        if std::mem::replace(&mut self.held, true) {
            return;
        }
        self.silence();
        for item in &mut self.items {
            item.place = match item.place {
                Place::Accepted { id } | Place::Begun { id, .. } => Place::Cut { id },
                Place::Waiting | Place::Sent | Place::Cut { .. } => Place::Waiting,
            };
        }
    }

    fn go_on(&mut self, now: Instant) {
        if std::mem::replace(&mut self.held, false) {
            self.head_since = now;
        }
    }

    fn connected(&mut self, voices: Vec<VoiceInfo>, now: Instant) {
        if !matches!(self.link, Link::Connecting { .. }) {
            return;
        }
        self.link = Link::Up { since: now, proven: false };
        self.told_unavailable = false;
        self.head_since = now;
        self.next_probe_at = Some(now + PROBE_INTERVAL);
        self.effects.push(Effect::Tell(VoiceEvent::Ready { voices }));
    }

    fn accepted(&mut self, id: u64, now: Instant) {
        let wanted = self.unanswered.pop_front().is_some_and(|sent| sent.wanted);
        if wanted && let Some(item) = self.items.iter_mut().find(|item| item.place == Place::Sent) {
            item.place = Place::Accepted { id };
        }
        let early = std::mem::take(&mut self.early);
        for (early_id, progress) in early {
            if early_id == id {
                self.progress(id, progress, now);
            } else if !self.unanswered.is_empty() {
                self.early.push((early_id, progress));
            }
        }
    }

    fn progress(&mut self, id: u64, progress: Progress, now: Instant) {
        let Some(at) = self.items.iter().position(|item| item.is_called(id)) else {
            if !self.unanswered.is_empty() {
                self.early.push((id, progress));
            }
            return;
        };
        let item = &mut self.items[at];
        let Utterance { turn, index, .. } = item.utterance;
        if let Link::Up { proven, .. } = &mut self.link {
            *proven = true;
            self.retry_pause = RETRY_AFTER;
        }
        if progress == Progress::CutOff && matches!(item.place, Place::Cut { .. }) {
            return; // as it was to be
        }
        if progress != Progress::CutOff {
            // A service may skip the beginning of a very short text.
            if let Place::Accepted { id } = item.place {
                item.place = Place::Begun { id, at: now };
            }
            if !std::mem::replace(&mut item.told_begun, true) {
                self.effects.push(Effect::Tell(VoiceEvent::Begun { turn, index }));
            }
        }
        let event = match progress {
            Progress::Began => return,
            Progress::Reached { byte } => {
                let heard = item.sent_from + byte;
                if item.utterance.text.is_char_boundary(heard) {
                    item.heard = heard;
                }
                return;
            }
            Progress::Finished => VoiceEvent::Ended { turn, index },
            Progress::CutOff => VoiceEvent::Stopped { turn, index, heard: item.heard },
        };
        self.items.remove(at);
        self.head_since = now;
        self.effects.push(Effect::Tell(event));
    }

    fn send_ahead(&mut self, now: Instant) {
        if self.held || !matches!(self.link, Link::Up { .. }) {
            return;
        }
        for item in self.items.iter_mut().take(SENT_AHEAD) {
            if !item.place.is_at_service() {
                item.place = Place::Sent;
                self.unanswered.push_back(Unanswered { sent_at: now, wanted: true });
                item.sent_from = item.heard;
                self.effects.push(Effect::Send(item.utterance.text[item.heard..].to_owned()));
            }
        }
    }

    /// Notices what did not happen in time.
    fn watch(&mut self, now: Instant) {
        match self.link {
            Link::Connecting { since } => {
                if !self.told_unavailable && now >= since + CONNECT_TIMEOUT {
                    // The attempt may hang for ever, or succeed yet: a second
                    // one would only hang beside it.
                    self.tell_unavailable(self.unreachable.clone(), now);
                }
            }
            Link::Down { retry_at } => {
                if now >= retry_at {
                    self.connect(now);
                }
            }
            Link::Up { .. } => {
                let due = |at: Option<Instant>| at.is_some_and(|at| now >= at);
                if due(self.answer_due()) || due(self.head_due()) {
                    self.give_up(self.unreachable.clone(), now);
                } else if self.items.is_empty() {
                    self.next_probe_at = None;
                } else if due(self.next_probe_at) {
                    self.next_probe_at = Some(now + PROBE_INTERVAL);
                    if self.probe_asked_at.is_none() {
                        self.probe_asked_at = Some(now);
                        self.effects.push(Effect::Probe);
                    }
                }
            }
        }
    }

    /// The service is gone. What was being said is cut off; the rest is said
    /// after all if it can be reached again at once.
    fn lost(&mut self, now: Instant) {
        let Link::Up { since, proven } = self.link else { return };
        if !proven && now < since + CONNECT_TIMEOUT {
            // It can be reached but not used: no hurry to reach it again.
            return self.give_up(self.unreachable.clone(), now);
        }
        self.restart_until = now + RESTART_WITHIN;
        for mut item in std::mem::take(&mut self.items) {
            if matches!(item.place, Place::Begun { .. }) {
                self.tell_stopped(&item.utterance, item.heard);
            } else {
                item.place = Place::Waiting;
                self.items.push_back(item);
            }
        }
        self.connect(now);
    }

    fn connect_failed(&mut self, reason: String, now: Instant) {
        if !matches!(self.link, Link::Connecting { .. }) {
            return;
        }
        if now < self.restart_until && !self.told_unavailable {
            self.link = Link::Down { retry_at: now + RESTART_INTERVAL };
        } else {
            self.give_up(reason, now);
        }
    }

    fn give_up(&mut self, reason: String, now: Instant) {
        if !self.told_unavailable {
            self.tell_unavailable(reason, now);
        }
        self.link = Link::Down { retry_at: now + self.retry_pause };
        self.retry_pause = (self.retry_pause * 2).min(RETRY_AFTER_AT_MOST);
    }

    fn connect(&mut self, now: Instant) {
        self.link = Link::Connecting { since: now };
        self.unanswered.clear();
        self.early.clear();
        self.probe_asked_at = None;
        self.effects.push(Effect::Connect);
    }

    fn tell_unavailable(&mut self, reason: String, now: Instant) {
        self.told_unavailable = true;
        self.stop_all(now);
        self.effects.push(Effect::Tell(VoiceEvent::Unavailable { reason }));
    }

    fn stop_all(&mut self, now: Instant) {
        for item in std::mem::take(&mut self.items) {
            self.tell_stopped(&item.utterance, item.heard);
        }
        self.held = false;
        self.head_since = now;
    }

    fn tell_stopped(&mut self, utterance: &Utterance, heard: usize) {
        let Utterance { turn, index, .. } = *utterance;
        self.effects.push(Effect::Tell(VoiceEvent::Stopped { turn, index, heard }));
    }

    fn answer_due(&self) -> Option<Instant> {
        let sent_at = self.unanswered.front().map(|sent| sent.sent_at);
        [sent_at, self.probe_asked_at].into_iter().flatten().min().map(|at| at + ANSWER_TIMEOUT)
    }

    fn head_due(&self) -> Option<Instant> {
        let head = self.items.front().filter(|_| !self.held)?;
        Some(match head.place {
            Place::Begun { at, .. } => at + longest(&head.utterance.text, self.rate),
            _ => self.head_since + BEGIN_TIMEOUT,
        })
    }
}

impl Item {
    fn is_called(&self, wanted: u64) -> bool {
        match self.place {
            Place::Waiting | Place::Sent => false,
            Place::Accepted { id } | Place::Begun { id, .. } | Place::Cut { id } => id == wanted,
        }
    }
}

impl Place {
    fn is_at_service(self) -> bool {
        matches!(self, Place::Sent | Place::Accepted { .. } | Place::Begun { .. })
    }
}

/// Generously, how long saying this may take: twice what letters need, and
/// whole words for digits, capitals and signs, which may be spelt out.
fn longest(text: &str, rate: f32) -> Duration {
    let seconds: f32 = text
        .chars()
        .map(|c| match c {
            c if c.is_lowercase() || c.is_whitespace() => 0.15,
            _ => 0.8,
        })
        .sum();
    Duration::from_secs_f32(3.0 + seconds / rate.clamp(0.5, 2.0))
}

#[cfg(test)]
mod tests;
