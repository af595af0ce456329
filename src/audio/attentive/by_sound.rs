//! Whether they have finished, by how it sounds: asked at each pause, and told when
//! it is known. On a thread of its own: the network takes up to a quarter of a second of
//! a core, for which neither the pause nor what follows may wait. Where it takes long, it
//! is mostly left out: the recogniser wants the cores at the same time, and the words say
//! far more.

use crate::worker::Worker;
use crossbeam_channel::{Receiver, Sender, unbounded};
use ear::turn_end::sound::SmartTurn;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What takes longer than this keeps the words waiting for longer than it is worth.
const LONG: Duration = Duration::from_millis(100);
/// After it, so many pauses are not judged.
const LEFT_OUT: u32 = 20;

/// Tells how likely somebody has finished, from the sound of their turn: 16 kHz mono.
type Judge = Box<dyn FnMut(&[f32]) -> Option<f32>>;

struct Question {
    pause: u64,
    turn: Vec<f32>,
}

/// See the module.
pub(super) struct BySound {
    worker: Worker<Question>,
    answers: Receiver<(u64, f32)>,
    /// Pauses so far; and whether the last one lasts.
    pauses: u64,
    is_pausing: bool,
}

impl BySound {
    /// With the weight of smart-turn; if that cannot be used, nothing is ever told.
    pub(super) fn start(weight: PathBuf) -> Self {
        Self::judged_by(LONG, move || {
            let mut network = SmartTurn::load(&weight)
                .inspect_err(|error| tracing::warn!(%error, "ends are told by words alone"))
                .ok()?;
            Some(Box::new(move |turn| {
                let judged = network.probability(turn);
                judged
                    .inspect_err(|error| tracing::warn!(%error, "a pause was not judged by sound"))
                    .ok()
            }))
        })
    }

    fn judged_by(long: Duration, load: impl FnOnce() -> Option<Judge> + Send + 'static) -> Self {
        let (tell, answers) = unbounded();
        let worker = Worker::start("turn end", move |questions| {
            yield_to_the_recogniser();
            if let Some(judge) = load() {
                serve(questions, judge, long, &tell);
            }
        });
        Self { worker, answers, pauses: 0, is_pausing: false }
    }

    /// They have paused. `turn` is the sound of their turn until now, 16 kHz mono.
    pub(super) fn ask(&mut self, turn: Vec<f32>) {
        self.pauses += 1;
        self.is_pausing = true;
        self.worker.send(Question { pause: self.pauses, turn });
    }

    /// They go on.
    pub(super) fn drop_question(&mut self) {
        self.is_pausing = false;
    }

    /// What was found out of the pause that lasts, once.
    pub(super) fn answer(&mut self) -> Option<f32> {
        let is_of_now = |&(pause, _): &(u64, f32)| self.is_pausing && pause == self.pauses;
        self.answers.try_iter().filter(is_of_now).last().map(|(_, finished)| finished)
    }
}

fn serve(
    questions: &Receiver<Question>,
    mut judge: Judge,
    long: Duration,
    tell: &Sender<(u64, f32)>,
) {
    let mut left_out = 0;
    for question in questions {
        // Of several only the newest still matters.
        let Question { pause, turn } = questions.try_iter().last().unwrap_or(question);
        if left_out > 0 {
            left_out -= 1;
            continue;
        }
        let began = Instant::now();
        if let Some(finished) = judge(&turn) {
            // Nobody is left to be told when the microphone is closed meanwhile.
            let _ = tell.send((pause, finished));
        }
        left_out = if began.elapsed() > long { LEFT_OUT } else { 0 };
    }
}

/// Both compute at each pause.
fn yield_to_the_recogniser() {
    #[cfg(target_os = "linux")] // elsewhere it would be the whole program
    let _ = rustix::process::nice(10); // Without it the words come a little later.
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds turns likelier finished the longer they are, each when it may.
    fn counting(long: Duration) -> (BySound, Sender<()>) {
        let (go, wait) = unbounded();
        let by_sound = BySound::judged_by(long, move || {
            Some(Box::new(move |turn| {
                wait.recv().ok()?;
                Some(turn.len() as f32 / 100.0)
            }))
        });
        (by_sound, go)
    }

    fn awaited(by_sound: &mut BySound) -> Option<f32> {
        let until = Instant::now() + Duration::from_secs(5);
        while Instant::now() < until {
            if let Some(finished) = by_sound.answer() {
                return Some(finished);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        None
    }

    #[test]
    fn only_the_pause_that_lasts_is_told_of() {
        let (mut by_sound, go) = counting(Duration::MAX);
        by_sound.ask(vec![0.0; 10]);
        assert_eq!(by_sound.answer(), None, "it is not waited for");
        by_sound.ask(vec![0.0; 20]);
        for _ in 0..2 {
            go.send(()).expect("a thread");
        }
        assert_eq!(awaited(&mut by_sound), Some(0.2));
        assert_eq!(by_sound.answer(), None, "told once");
    }

    #[test]
    fn where_it_takes_long_most_pauses_are_not_judged() {
        let (mut by_sound, go) = counting(Duration::ZERO);
        for _ in 0..2 {
            go.send(()).expect("a thread");
        }
        by_sound.ask(vec![0.0; 10]);
        assert_eq!(awaited(&mut by_sound), Some(0.1));
        // It is asked again in the end, since that may be a better time.
        let asked = (1..10 * LEFT_OUT).find(|_| {
            by_sound.ask(vec![0.0; 20]);
            std::thread::sleep(Duration::from_millis(5));
            by_sound.answer().is_some()
        });
        assert!(asked.is_some_and(|asked| asked > LEFT_OUT), "{asked:?}");
    }

    #[test]
    fn of_a_pause_that_is_over_nothing_is_told() {
        let (mut by_sound, go) = counting(Duration::MAX);
        by_sound.ask(vec![0.0; 10]);
        by_sound.drop_question();
        go.send(()).expect("a thread");
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!(by_sound.answer(), None);
        by_sound.ask(vec![0.0; 30]);
        go.send(()).expect("a thread");
        assert_eq!(awaited(&mut by_sound), Some(0.3));
    }
}
