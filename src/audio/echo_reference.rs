//! Which sound of hers is taken out of what the microphone hears, if any.
//!
//! Used by [`super::attentive`]. Her own voice writes what it plays; what the
//! system's plays, the sound server's monitor of the loudspeaker tells. Where
//! neither is to be had she does not listen while she speaks, and where the
//! person wears headphones nothing has to be done.
//!
//! Of the same monitor it also tells how loud a voice is that does not tell itself.

use super::EchoGuard;
use super::devices::plays_into_headphones;
use super::reference::monitor::{Monitor, MonitorEvent};
use super::reference::{Reference, reference};
use crate::settings::Headphones;
use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How often it is looked whether the person wears headphones now.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How often another try is made to follow the loudspeaker.
const RETRY_EVERY: Duration = Duration::from_secs(10);

/// See the module.
pub(super) struct EchoReference {
    own: Option<Reference>,
    monitor: Option<Followed>,
    retry_at: Option<Instant>,
    headphones: Headphones,
    looking: Option<Looking>,
    wanted: bool,
    /// How loud she is, is to be told.
    follows_her: bool,
}

/// What the loudspeaker played while something was captured.
pub(super) struct Played {
    /// 16 kHz mono.
    pub(super) samples: Vec<f32>,
    /// They do not follow upon those before, so that the echo may be later or
    /// earlier than it was.
    pub(super) clock_was_set: bool,
}

/// The loudspeaker's monitor.
struct Followed {
    _monitor: Monitor,
    reference: Reference,
    runs: Arc<AtomicBool>,
    gone: Arc<AtomicBool>,
    /// How loud it is, as the bits of a number.
    level: Arc<AtomicU32>,
}

impl EchoReference {
    /// `own` is what her own voice writes, if she has one.
    pub(super) fn new(own: Option<Reference>) -> Self {
        Self {
            own,
            monitor: None,
            retry_at: None,
            headphones: Headphones::Auto,
            looking: None,
            wanted: false,
            follows_her: false,
        }
    }

    /// It is needed from now on, or no longer.
    pub(super) fn want(&mut self, wanted: bool) {
        self.wanted = wanted;
        if let Some(own) = &self.own {
            own.set_read(wanted);
        }
        if !wanted {
            self.monitor = None;
            self.looking = None;
        }
    }

    /// It is to be known how loud she is, or no longer.
    pub(super) fn follow_her(&mut self, follows: bool) {
        self.follows_her = follows;
    }

    /// How loud the loudspeaker is while she speaks, if she does not tell herself.
    pub(super) fn loudspeaker_level(&self) -> Option<f32> {
        let monitor = self.monitor.as_ref().filter(|monitor| monitor.runs());
        let level = monitor.filter(|_| self.follows_her && !self.writes_herself());
        level.map(|monitor| f32::from_bits(monitor.level.load(Ordering::Relaxed)))
    }

    pub(super) fn set_headphones(&mut self, headphones: Headphones) {
        self.headphones = headphones;
    }

    /// What keeps her from hearing herself now.
    pub(super) fn guard(&self) -> EchoGuard {
        if self.wears_headphones() {
            EchoGuard::Headphones
        } else if self.writes_herself() || self.monitor.as_ref().is_some_and(Followed::runs) {
            EchoGuard::Cancelled
        } else {
            EchoGuard::HalfDuplex
        }
    }

    /// Begins and ends to follow the loudspeaker, and to look for headphones.
    pub(super) fn tend(&mut self, now: Instant) {
        if self.wanted && self.headphones == Headphones::Auto {
            self.looking.get_or_insert_with(Looking::start);
        } else {
            self.looking = None;
        }
        let cancels = self.wanted && !self.wears_headphones();
        let needed = (cancels || self.follows_her) && !self.writes_herself();
        if !needed || self.monitor.as_ref().is_some_and(Followed::is_gone) {
            if self.monitor.take().is_some() && needed {
                self.retry_at = Some(now + RETRY_EVERY);
            }
            if !needed {
                self.retry_at = None;
            }
        } else if self.monitor.is_none() && self.retry_at.is_none_or(|at| now >= at) {
            self.retry_at = Some(now + RETRY_EVERY);
            self.monitor = Followed::start();
        }
    }

    /// What the loudspeaker played while so many samples were captured, the first
    /// at about this moment.
    pub(super) fn read(&mut self, captured_from: Instant, count: usize) -> Played {
        let mut samples = Vec::with_capacity(count);
        let own = self.own.as_mut().filter(|own| own.is_written());
        let monitor = self.monitor.as_mut().map(|monitor| &mut monitor.reference);
        let clock_was_set = match own.or(monitor) {
            Some(reference) => reference.follow(captured_from, count, &mut samples),
            None => {
                samples.resize(count, 0.0);
                false
            }
        };
        Played { samples, clock_was_set }
    }

    fn wears_headphones(&self) -> bool {
        match self.headphones {
            Headphones::Yes => true,
            Headphones::No => false,
            Headphones::Auto => self.looking.as_ref().is_some_and(Looking::found),
        }
    }

    fn writes_herself(&self) -> bool {
        self.own.as_ref().is_some_and(Reference::is_written)
    }
}

impl Followed {
    fn start() -> Option<Self> {
        let (writer, reference) = reference();
        let (runs, gone) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
        let level = Arc::<AtomicU32>::default();
        let monitor = Monitor::start(writer, {
            let (runs, gone, level) = (runs.clone(), gone.clone(), level.clone());
            move |event| match event {
                MonitorEvent::Running => runs.store(true, Ordering::Relaxed),
                MonitorEvent::Level(now) => level.store(now.to_bits(), Ordering::Relaxed),
                MonitorEvent::Gone => gone.store(true, Ordering::Relaxed),
            }
        });
        monitor
            .inspect_err(|error| tracing::error!(%error, "no thread for the loudspeaker's monitor"))
            .map(|monitor| Self { _monitor: monitor, reference, runs, gone, level })
            .ok()
    }

    fn runs(&self) -> bool {
        self.runs.load(Ordering::Relaxed) && !self.is_gone()
    }

    fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }
}

/// Looks whether the person wears headphones, on a thread of its own, since the
/// sound system may take its time. Ends when it is dropped.
struct Looking {
    found: Arc<AtomicBool>,
    _stop: Sender<()>,
}

impl Looking {
    fn start() -> Self {
        let found = Arc::<AtomicBool>::default();
        let (stop, stopped) = bounded(0);
        let finding = found.clone();
        let thread = std::thread::Builder::new().name("headphones".into()).spawn(move || {
            loop {
                finding.store(plays_into_headphones(), Ordering::Relaxed);
                if stopped.recv_timeout(LOOK_EVERY) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        });
        if let Err(error) = thread {
            tracing::warn!(%error, "headphones are not noticed");
        }
        Self { found, _stop: stop }
    }

    fn found(&self) -> bool {
        self.found.load(Ordering::Relaxed)
    }
}
