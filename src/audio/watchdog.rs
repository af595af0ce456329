//! Which device should be open now: a pure state machine.
//!
//! The listener feeds it with what happened and the time, and carries out what
//! it answers. It reads no clock and touches no device.
//!
//! Sound systems do not always say that a device is gone. PulseAudio silently
//! moves the stream to another source, perhaps to the monitor of the
//! loudspeaker; other systems just stop calling back. Hence two watches: a
//! look at the list of devices every second, and the time since sound last
//! arrived.

use super::MicrophoneEvent;
use super::devices::{DeviceError, InputDevice, choose};
use crate::wording::{Text, troubles};
use std::time::{Duration, Instant};

/// Without sound for this long, a device that gave sound has fallen silent.
const SILENT_AFTER: Duration = Duration::from_millis(1200);
/// A device that was just opened may take this long; Bluetooth does.
const FIRST_SOUND_WITHIN: Duration = Duration::from_millis(2500);
/// The loss is told without a fallback if none is found by then.
const FALLBACK_WITHIN: Duration = Duration::from_millis(600);
/// How often another try is made while there is no microphone.
const RETRY_EVERY: Duration = Duration::from_secs(3);
/// How often the list of devices is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The same while a turn is being captured.
const LOOK_EVERY_IN_TURN: Duration = Duration::from_millis(400);
/// A device that is listed but gives no sound is not taken again before.
const DISTRUST_FOR: Duration = Duration::from_secs(30);
/// After this the sound system itself is taken to hang.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);

const HANGING: Text = troubles::SOUND_SYSTEM_HANGS;

/// What happened.
#[derive(Debug)]
pub(super) enum Input {
    /// The person chose a device; `None` is the system's default.
    Selected(Option<String>),
    /// A microphone is wanted, or to be closed until one is.
    Use(bool),
    /// The device at hand is to be opened anew, in another way.
    Reopen,
    /// A device was opened for the request of this number.
    Opened { request: u64, device: InputDevice },
    /// None was opened for the request of this number.
    OpenFailed { request: u64, error: DeviceError },
    /// Sound arrived from the adopted device.
    SoundArrived,
    /// The sound system said that the adopted device's stream is dead.
    StreamFailed,
    /// The devices there are now.
    Looked(Result<Vec<InputDevice>, DeviceError>),
    /// Time passed.
    Tick,
}

/// What is to be done.
#[derive(Debug, PartialEq)]
pub(super) enum Action {
    /// Choose and open a device.
    Open { request: u64, wanted: Option<String>, avoid: Option<String> },
    /// Capture from the device that was just opened; close the one before.
    Adopt,
    /// Close the device that was just opened.
    Discard,
    /// Close the adopted device.
    Close,
    /// List the devices.
    Look,
    /// Report to the session.
    Tell(MicrophoneEvent),
}

#[derive(Debug)]
enum State {
    Without { retry_at: Option<Instant> },
    Starting { device: InputDevice, since: Instant },
    Live { device: InputDevice, last_sound: Instant },
}

/// See the module.
#[derive(Debug)]
pub(super) struct Watchdog {
    wanted: Option<String>,
    /// No microphone is wanted.
    unused: bool,
    state: State,
    requests: u64,
    /// The number of the open request under way and when it was made.
    opening: Option<(u64, Instant)>,
    /// When the devices are listed next; `None` while that is under way.
    look_at: Option<Instant>,
    /// A device that was listed but silent, and until when it is passed over.
    distrusted: Option<(InputDevice, Instant)>,
    /// A loss that has not been told yet.
    untold_loss: Option<(String, Instant)>,
    /// The wanted device, once its absence has been told.
    told_absent: Option<String>,
    /// The reason that was told last while there is no microphone.
    told_missing: Option<String>,
}

impl Watchdog {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            wanted: None,
            unused: false,
            state: State::Without { retry_at: None },
            requests: 0,
            opening: None,
            look_at: Some(now),
            distrusted: None,
            untold_loss: None,
            told_absent: None,
            told_missing: None,
        }
    }

    /// `in_turn`: a turn is being captured now.
    pub(super) fn handle(&mut self, input: Input, in_turn: bool, now: Instant) -> Vec<Action> {
        let mut actions = Vec::new();
        match input {
            Input::Use(on) => self.on_use(on, now, &mut actions),
            Input::Selected(wanted) if self.unused => {
                self.wanted = wanted.filter(|id| !id.is_empty());
            }
            Input::Opened { .. } if self.unused => actions.push(Action::Discard),
            _ if self.unused => {}
            Input::Reopen => self.open(now, &mut actions),
            Input::Selected(wanted) => self.on_selected(wanted, now, &mut actions),
            Input::Opened { request, device } => {
                self.on_opened(request, device, now, &mut actions);
            }
            Input::OpenFailed { request, error } => {
                self.on_open_failed(request, &error, now, &mut actions);
            }
            Input::SoundArrived => self.on_sound(now, &mut actions),
            Input::StreamFailed => self.lose(Cause::Gone, now, &mut actions),
            Input::Looked(inputs) => self.on_looked(inputs, in_turn, now, &mut actions),
            Input::Tick => self.on_tick(now, &mut actions),
        }
        actions
    }

    fn on_selected(&mut self, wanted: Option<String>, now: Instant, actions: &mut Vec<Action>) {
        self.wanted = wanted.filter(|id| !id.is_empty());
        self.distrusted = None;
        self.told_absent = None;
        self.told_missing = None;
        let current = self.current().map(|device| device.id.as_str());
        if self.wanted.is_none() || self.wanted.as_deref() != current {
            self.open(now, actions);
        }
    }

    fn on_use(&mut self, on: bool, now: Instant, actions: &mut Vec<Action>) {
        if on != self.unused {
            return;
        }
        self.unused = !on;
        if on {
            return self.open(now, actions);
        }
        self.opening = None;
        self.untold_loss = None;
        let nothing = State::Without { retry_at: None };
        if !matches!(std::mem::replace(&mut self.state, nothing), State::Without { .. }) {
            actions.push(Action::Close);
        }
        actions.push(Action::Tell(MicrophoneEvent::Closed));
    }

    fn on_opened(
        &mut self,
        request: u64,
        device: InputDevice,
        now: Instant,
        actions: &mut Vec<Action>,
    ) {
        if self.opening.is_none_or(|(number, _)| number != request) {
            actions.push(Action::Discard);
            return;
        }
        self.opening = None;
        if let Some((lost, _)) = self.untold_loss.take() {
            let fallback = (lost != device.name).then(|| device.name.clone());
            actions.push(Action::Tell(MicrophoneEvent::Lost { device: lost, fallback }));
            self.told_absent = self.wanted.clone();
        } else if self.wanted.is_some() && !self.is_wanted(&device) {
            let absent = self.wanted.clone();
            if self.told_absent != absent {
                let event = MicrophoneEvent::Lost {
                    device: absent.clone().unwrap_or_default(),
                    fallback: Some(device.name.clone()),
                };
                actions.push(Action::Tell(event));
                self.told_absent = absent;
            }
        }
        self.state = State::Starting { device, since: now };
        self.look_at = Some(now + LOOK_EVERY);
        actions.push(Action::Adopt);
    }

    fn on_open_failed(
        &mut self,
        request: u64,
        error: &DeviceError,
        now: Instant,
        actions: &mut Vec<Action>,
    ) {
        if self.opening.is_none_or(|(number, _)| number != request) {
            return;
        }
        self.opening = None;
        if self.current().is_some() {
            return; // a better device was tried for; the one at hand goes on
        }
        self.tell_loss_without_fallback(actions);
        let reason = match (&self.distrusted, error) {
            (Some((silent, _)), DeviceError::NoMicrophone) => {
                troubles::MICROPHONE_WITHOUT_SOUND.with(&[("device", &silent.name)])
            }
            _ => error.to_string(),
        };
        self.tell_missing(reason, actions);
        self.state = State::Without { retry_at: Some(now + RETRY_EVERY) };
    }

    fn on_sound(&mut self, now: Instant, actions: &mut Vec<Action>) {
        match &mut self.state {
            State::Live { last_sound, .. } => *last_sound = now,
            State::Starting { device, .. } => {
                actions.push(Action::Tell(MicrophoneEvent::Ready { device: device.name.clone() }));
                let device = device.clone();
                if self.is_wanted(&device) {
                    self.told_absent = None;
                }
                self.told_missing = None;
                self.state = State::Live { device, last_sound: now };
            }
            State::Without { .. } => {}
        }
    }

    fn on_looked(
        &mut self,
        inputs: Result<Vec<InputDevice>, DeviceError>,
        in_turn: bool,
        now: Instant,
        actions: &mut Vec<Action>,
    ) {
        self.look_at = Some(now + if in_turn { LOOK_EVERY_IN_TURN } else { LOOK_EVERY });
        // No list means that the sound system went away, and all devices with it.
        let inputs = inputs.unwrap_or_default();
        let is_listed = |id: &str| inputs.iter().any(|input| input.id == id);
        self.distrusted.take_if(|(silent, until)| now >= *until || !is_listed(&silent.id));
        let Some(current) = self.current() else {
            return;
        };
        if !is_listed(&current.id) {
            self.lose(Cause::Gone, now, actions);
            return;
        }
        // Changing over costs a moment of sound, so it waits for the turn's end.
        let is_live = matches!(self.state, State::Live { .. });
        if is_live && !in_turn && self.opening.is_none() {
            let best = choose(&inputs, self.wanted.as_deref(), self.distrusted_id());
            if best.is_some_and(|best| best.id != current.id) {
                self.open(now, actions);
            }
        }
    }

    fn on_tick(&mut self, now: Instant, actions: &mut Vec<Action>) {
        match &self.state {
            State::Live { last_sound, .. } if now - *last_sound >= SILENT_AFTER => {
                self.lose(Cause::Silent, now, actions);
            }
            State::Starting { since, .. } if now - *since >= FIRST_SOUND_WITHIN => {
                self.lose(Cause::Silent, now, actions);
            }
            State::Without { retry_at: Some(retry_at) }
                if now >= *retry_at && self.opening.is_none() =>
            {
                self.state = State::Without { retry_at: None };
                self.request_open(None, now, actions);
            }
            _ => {}
        }
        if self.untold_loss.as_ref().is_some_and(|(_, at)| now - *at >= FALLBACK_WITHIN) {
            self.tell_loss_without_fallback(actions);
        }
        if self.opening.is_some_and(|(_, since)| now - since >= ANSWER_WITHIN)
            && self.current().is_none()
        {
            self.tell_missing(HANGING.into(), actions);
        }
        if self.current().is_some() && self.look_at.is_some_and(|at| now >= at) {
            self.look_at = None;
            actions.push(Action::Look);
        }
    }

    fn lose(&mut self, cause: Cause, now: Instant, actions: &mut Vec<Action>) {
        let nothing = State::Without { retry_at: None };
        let (device, gave_sound) = match std::mem::replace(&mut self.state, nothing) {
            State::Without { retry_at } => {
                self.state = State::Without { retry_at };
                return;
            }
            State::Starting { device, .. } => (device, false),
            State::Live { device, .. } => (device, true),
        };
        actions.push(Action::Close);
        if gave_sound {
            self.untold_loss = Some((device.name.clone(), now));
        }
        if matches!(cause, Cause::Silent) {
            self.distrusted = Some((device, now + DISTRUST_FOR));
        }
        self.open(now, actions);
    }

    fn open(&mut self, now: Instant, actions: &mut Vec<Action>) {
        let avoid = self.distrusted_id().map(str::to_owned);
        self.request_open(avoid, now, actions);
    }

    fn request_open(&mut self, avoid: Option<String>, now: Instant, actions: &mut Vec<Action>) {
        self.requests += 1;
        self.opening = Some((self.requests, now));
        actions.push(Action::Open { request: self.requests, wanted: self.wanted.clone(), avoid });
    }

    fn tell_loss_without_fallback(&mut self, actions: &mut Vec<Action>) {
        if let Some((device, _)) = self.untold_loss.take() {
            actions.push(Action::Tell(MicrophoneEvent::Lost { device, fallback: None }));
        }
    }

    fn tell_missing(&mut self, reason: String, actions: &mut Vec<Action>) {
        if self.told_missing.as_ref() != Some(&reason) {
            self.told_missing = Some(reason.clone());
            actions.push(Action::Tell(MicrophoneEvent::Missing { reason }));
        }
    }

    fn current(&self) -> Option<&InputDevice> {
        match &self.state {
            State::Without { .. } => None,
            State::Starting { device, .. } | State::Live { device, .. } => Some(device),
        }
    }

    fn is_wanted(&self, device: &InputDevice) -> bool {
        self.wanted.as_ref().is_some_and(|wanted| *wanted == device.id || *wanted == device.name)
    }

    fn distrusted_id(&self) -> Option<&str> {
        self.distrusted.as_ref().map(|(device, _)| device.id.as_str())
    }
}

/// Why a device was given up.
#[derive(Clone, Copy, Debug)]
enum Cause {
    Gone,
    Silent,
}

#[cfg(test)]
mod tests {
    use super::super::devices::tests::{default_input, input};
    use super::*;

    /// A watchdog, a clock, and the devices that can be opened.
    struct Desk {
        watchdog: Watchdog,
        now: Instant,
        inputs: Vec<InputDevice>,
        /// Listed devices that give no sound.
        dead: Vec<&'static str>,
        /// Whether the sound system answers at all.
        answers: bool,
        current: Option<String>,
        in_turn: bool,
        told: Vec<String>,
        last_told_at: Instant,
    }

    impl Desk {
        fn with(inputs: Vec<InputDevice>, wanted: Option<&str>) -> Self {
            let now = Instant::now();
            let mut desk = Self {
                watchdog: Watchdog::new(now),
                now,
                inputs,
                dead: Vec::new(),
                answers: true,
                current: None,
                in_turn: false,
                told: Vec::new(),
                last_told_at: now,
            };
            desk.feed(Input::Selected(wanted.map(str::to_owned)));
            desk
        }

        fn feed(&mut self, input: Input) {
            let opened = match &input {
                Input::Opened { device, .. } => Some(device.id.clone()),
                _ => None,
            };
            for action in self.watchdog.handle(input, self.in_turn, self.now) {
                match action {
                    Action::Adopt => self.current = opened.clone(),
                    Action::Discard => {}
                    Action::Close => self.current = None,
                    Action::Tell(event) => {
                        self.last_told_at = self.now;
                        self.told.push(match event {
                            MicrophoneEvent::Ready { device } => format!("ready {device}"),
                            MicrophoneEvent::Lost { device, fallback } => {
                                format!("lost {device} for {}", fallback.as_deref().unwrap_or("-"))
                            }
                            MicrophoneEvent::Missing { reason } => format!("missing: {reason}"),
                            other => panic!("{other:?} is not the watchdog's to tell"),
                        });
                    }
                    Action::Look if self.answers => {
                        self.feed(Input::Looked(Ok(self.inputs.clone())));
                    }
                    Action::Open { request, wanted, avoid } if self.answers => {
                        let chosen = choose(&self.inputs, wanted.as_deref(), avoid.as_deref());
                        let answer = match chosen.cloned() {
                            Some(device) => Input::Opened { request, device },
                            None => Input::OpenFailed { request, error: DeviceError::NoMicrophone },
                        };
                        self.feed(answer);
                    }
                    Action::Look | Action::Open { .. } => {}
                }
            }
        }

        fn pass(&mut self, time: Duration) {
            let until = self.now + time;
            while self.now < until {
                self.now += Duration::from_millis(50);
                let sounds = self.current.as_ref().is_some_and(|current| {
                    let listed = self.inputs.iter().any(|input| input.id == *current);
                    listed && !self.dead.iter().any(|dead| dead == current)
                });
                if sounds && self.answers {
                    self.feed(Input::SoundArrived);
                }
                self.feed(Input::Tick);
            }
        }

        fn unplug(&mut self, id: &str) {
            self.inputs.retain(|input| input.id != id);
        }

        fn take_told(&mut self) -> Vec<String> {
            std::mem::take(&mut self.told)
        }
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn ready_is_told_once_and_only_after_sound_arrived() {
        let mut desk = Desk::with(vec![default_input("a")], None);
        assert!(desk.told.is_empty());
        desk.pass(20 * SECOND);
        assert_eq!(desk.told, ["ready the a"]);
    }

    #[test]
    fn an_unplugged_device_is_noticed_within_two_seconds_and_taken_back_when_it_returns() {
        let mut desk = Desk::with(vec![default_input("a"), input("usb")], Some("usb"));
        desk.pass(5 * SECOND);
        assert_eq!(desk.take_told(), ["ready the usb"]);
        let unplugged_at = desk.now;
        desk.unplug("usb");
        desk.pass(2 * SECOND);
        assert_eq!(desk.take_told(), ["lost the usb for the a", "ready the a"]);
        assert!(desk.last_told_at - unplugged_at <= 2 * SECOND);
        desk.inputs.push(input("usb"));
        desk.pass(2 * SECOND);
        assert_eq!(desk.take_told(), ["ready the usb"]);
    }

    #[test]
    fn a_device_that_falls_silent_is_left_and_not_tried_again_at_once() {
        let mut desk = Desk::with(vec![default_input("a"), input("usb")], Some("usb"));
        desk.pass(5 * SECOND);
        desk.take_told();
        desk.dead.push("usb");
        desk.pass(2 * SECOND);
        assert_eq!(desk.take_told(), ["lost the usb for the a", "ready the a"]);
        desk.pass(20 * SECOND);
        assert!(desk.take_told().is_empty());
        desk.dead.clear();
        desk.pass(20 * SECOND);
        assert_eq!(desk.take_told(), ["ready the usb"]);
    }

    #[test]
    fn the_only_microphone_lost_is_missing_until_another_is_plugged_in() {
        let mut desk = Desk::with(vec![default_input("a"), input("speaker.monitor")], None);
        desk.pass(SECOND);
        desk.take_told();
        desk.unplug("a");
        desk.pass(10 * SECOND);
        let missing = format!("missing: {}", DeviceError::NoMicrophone);
        assert_eq!(desk.take_told(), ["lost the a for -", missing.as_str()]);
        desk.inputs.push(default_input("b"));
        desk.pass(4 * SECOND);
        assert_eq!(desk.take_told(), ["ready the b"]);
    }

    #[test]
    fn a_chosen_device_that_is_not_there_is_told_once() {
        let mut desk = Desk::with(vec![default_input("a")], Some("usb"));
        desk.pass(10 * SECOND);
        assert_eq!(desk.take_told(), ["lost usb for the a", "ready the a"]);
    }

    #[test]
    fn the_systems_default_is_followed_but_not_in_the_middle_of_a_turn() {
        let mut desk = Desk::with(vec![default_input("a")], None);
        desk.pass(SECOND);
        desk.inputs = vec![input("a"), default_input("headset")];
        desk.in_turn = true;
        desk.pass(5 * SECOND);
        assert_eq!(desk.take_told(), ["ready the a"]);
        desk.in_turn = false;
        desk.pass(2 * SECOND);
        assert_eq!(desk.take_told(), ["ready the headset"]);
    }

    #[test]
    fn a_sound_system_that_hangs_is_told_and_survived() {
        let mut desk = Desk::with(vec![default_input("a")], None);
        desk.pass(SECOND);
        desk.take_told();
        desk.answers = false;
        let hung_at = desk.now;
        desk.pass(2 * SECOND);
        assert_eq!(desk.take_told(), ["lost the a for -"]);
        assert!(desk.last_told_at - hung_at <= 2 * SECOND);
        desk.pass(10 * SECOND);
        assert_eq!(desk.take_told(), [format!("missing: {HANGING}")]);
        // What was asked is answered at last.
        desk.answers = true;
        let request = desk.watchdog.requests;
        desk.feed(Input::Opened { request, device: default_input("a") });
        desk.pass(5 * SECOND);
        assert_eq!(desk.take_told(), ["ready the a"]);
    }

    #[test]
    fn an_answer_to_an_older_request_is_discarded() {
        let now = Instant::now();
        let mut watchdog = Watchdog::new(now);
        watchdog.handle(Input::Selected(Some("a".into())), false, now);
        watchdog.handle(Input::Selected(Some("b".into())), false, now);
        let late = Input::Opened { request: 1, device: input("a") };
        assert_eq!(watchdog.handle(late, false, now), [Action::Discard]);
    }
}
