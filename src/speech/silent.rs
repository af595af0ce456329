//! No voice at all, for conversations that are only read.
//!
//! Costs no thread and reports nothing of its own. Whoever asks it to speak all
//! the same is told at once that nothing was heard, so that nobody waits.

use super::{Utterance, Voice, VoiceEvent, VoiceStyle};
use crate::Outbox;

/// A voice that says nothing.
pub fn spawn(outbox: Outbox<VoiceEvent>) -> Box<dyn Voice> {
    Box::new(Silent { outbox })
}

struct Silent {
    outbox: Outbox<VoiceEvent>,
}

impl Voice for Silent {
    fn speak(&mut self, utterance: Utterance) {
        (self.outbox)(VoiceEvent::Stopped {
            turn: utterance.turn,
            index: utterance.index,
            heard: 0,
        });
    }

    fn stop(&mut self) {}

    fn hold(&mut self) {}

    fn go_on(&mut self) {}

    fn set_style(&mut self, _style: VoiceStyle) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::turn::TurnId;

    #[test]
    fn what_nobody_hears_is_stopped_at_once() {
        let (tx, rx) = crossbeam_channel::unbounded();
        let mut voice = spawn(Box::new(move |event| {
            let _ = tx.send(event);
        }));
        voice.stop();
        voice.hold();
        voice.speak(Utterance { turn: TurnId(3), index: 1, text: "Hello.".into(), gently: false });
        voice.go_on();
        assert_eq!(
            rx.try_iter().collect::<Vec<_>>(),
            [VoiceEvent::Stopped { turn: TurnId(3), index: 1, heard: 0 }]
        );
    }
}
