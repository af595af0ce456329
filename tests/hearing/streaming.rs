//! Sound that arrives while the key is held.

use super::{SENTENCES, assert_heard, model_file, one_at_a_time, spoken};
use samantha::transcribe::{Transcriber, TranscriberEvent, Transcript, spawn};
use samantha::turn::TurnId;
use std::sync::MutexGuard;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(60);
/// 50 ms, as a microphone delivers it.
const PIECE_SAMPLES: usize = 800;

struct Hearing {
    transcriber: Box<dyn Transcriber>,
    events: Receiver<TranscriberEvent>,
    _alone: MutexGuard<'static, ()>,
}

impl Hearing {
    fn start() -> Self {
        let _alone = one_at_a_time();
        let (outbox, events) = channel();
        let transcriber = spawn(
            model_file(),
            "whisper-tiny.en",
            "en",
            Box::new(move |event| {
                let _ = outbox.send(event);
            }),
        );
        let hearing = Self { transcriber, events, _alone };
        let ready = TranscriberEvent::Ready { model: "whisper-tiny.en".into() };
        assert_eq!(hearing.event(), ready);
        hearing
    }

    fn event(&self) -> TranscriberEvent {
        self.events.recv_timeout(PATIENCE).expect("an event")
    }

    /// Plays `sound` at `speed` times its pace.
    fn play(&mut self, turn: TurnId, sound: &[f32], speed: u32) {
        for piece in sound.chunks(PIECE_SAMPLES) {
            self.transcriber.push(turn, piece.to_vec());
            std::thread::sleep(Duration::from_millis(50) / speed);
        }
    }

    /// Partial texts and the final transcript of a turn.
    fn outcome(&self, turn: TurnId) -> (Vec<String>, Transcript) {
        let mut partials = Vec::new();
        loop {
            match self.event() {
                TranscriberEvent::Partial { turn: of, text, .. } if of == turn => {
                    partials.push(text);
                }
                TranscriberEvent::Final { turn: of, transcript } if of == turn => {
                    return (partials, transcript);
                }
                other => panic!("unexpected: {other:?}"),
            }
        }
    }
}

#[test]
fn words_appear_before_the_sentence_ends() {
    let mut hearing = Hearing::start();
    let turn = TurnId(1);
    hearing.transcriber.begin(turn);
    hearing.play(turn, &spoken("weather"), 1);
    hearing.transcriber.finish(turn);
    let (partials, transcript) = hearing.outcome(turn);
    assert!(!partials.is_empty(), "nothing was shown while the person talked");
    assert_heard(SENTENCES[4].1, &transcript.text, 1);
    assert_eq!(transcript.language, "en");
}

#[test]
fn a_long_turn_is_neither_lost_nor_doubled() {
    let mut hearing = Hearing::start();
    let turn = TurnId(1);
    let mut expected = String::new();
    hearing.transcriber.begin(turn);
    for (name, text) in SENTENCES.iter().cycle().take(10) {
        hearing.play(turn, &spoken(name), 4);
        expected.push_str(text);
        expected.push(' ');
    }
    hearing.transcriber.finish(turn);
    let (_, transcript) = hearing.outcome(turn);
    assert_heard(&expected, &transcript.text, 7);
}

#[test]
fn a_cancelled_turn_is_silent_and_the_next_is_heard() {
    let mut hearing = Hearing::start();
    hearing.transcriber.begin(TurnId(1));
    hearing.transcriber.push(TurnId(1), spoken("garden"));
    hearing.transcriber.finish(TurnId(1));
    hearing.transcriber.cancel(TurnId(1));
    hearing.transcriber.begin(TurnId(2));
    hearing.transcriber.push(TurnId(2), spoken("france"));
    hearing.transcriber.finish(TurnId(2));
    let (_, transcript) = hearing.outcome(TurnId(2));
    assert_heard(SENTENCES[1].1, &transcript.text, 1);
}

#[test]
fn silence_is_an_empty_turn() {
    let mut hearing = Hearing::start();
    hearing.transcriber.begin(TurnId(1));
    hearing.transcriber.push(TurnId(1), vec![0.0; 48_000]);
    hearing.transcriber.finish(TurnId(1));
    assert_eq!(hearing.outcome(TurnId(1)), (Vec::new(), Transcript::default()));
}

#[test]
fn missing_weights_say_what_to_do() {
    let (outbox, events) = channel();
    let _transcriber = spawn(
        "no/such/file.bin".into(),
        "whisper-tiny.en",
        "en",
        Box::new(move |event| {
            let _ = outbox.send(event);
        }),
    );
    match events.recv_timeout(PATIENCE).expect("an event") {
        TranscriberEvent::Unavailable { reason } => {
            assert!(reason.contains("samantha models pull whisper-tiny.en"), "{reason}");
        }
        other => panic!("unexpected: {other:?}"),
    }
}
