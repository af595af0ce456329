//! Whether her echo comes back as it did: a device that lost sound, or whose clock
//! was set, moves it, and until the canceller has learned anew, much of her is left.
//!
//! Used by [`super::EchoCanceller`] alone. Pure: counts frames, reads no clock.

use crate::RATE_HZ;
use crate::vad::FRAME_SAMPLES;

/// What is left of her is averaged over so long; over less until it is known.
const AVERAGED_S: f32 = 5.0;
const FIRST_AVERAGED_S: f32 = 2.0;
/// Her echo is known once no more than this is left. How little that becomes differs
/// with the room and the microphone's noise.
const KNOWN_DB: f32 = -14.0;
/// So little that more of it is told from a person by that alone; where a clock drifts it
/// never becomes so little.
const LITTLE_DB: f32 = -18.0;
/// It is lost when only this share of what could be taken out, in dB, still is. What is
/// taken for hers of a person who talks over her does not get so far.
const LOST_SHARE: f32 = 0.5;
/// Where it may have moved, the average begins near that, so that it soon shows, and it
/// is doubted for so much of her voice.
const DOUBTED_SHARE: f32 = 0.6;
const DOUBTED_FRAMES: u32 = 5 * RATE_HZ / FRAME_SAMPLES as u32;
/// More and less than this says nothing more.
const RANGE_DB: (f32, f32) = (-40.0, 10.0);

/// See the module.
#[derive(Default)]
pub(super) struct Steadiness {
    /// What is left beside what was taken out, on average.
    left_db: f32,
    /// The least that it was since it began to be learned.
    least_db: f32,
    is_lost: bool,
    /// How much longer it is doubted.
    doubted_frames: u32,
}

impl Steadiness {
    /// What is left in a frame in which she is heard and nobody else. Whether her echo is
    /// lost just now.
    pub(super) fn push(&mut self, left_db: f32) -> bool {
        let is_known = self.least_db <= KNOWN_DB;
        let averaged_s = if is_known { AVERAGED_S } else { FIRST_AVERAGED_S };
        let share = FRAME_SAMPLES as f32 / RATE_HZ as f32 / averaged_s;
        self.left_db += (left_db.clamp(RANGE_DB.0, RANGE_DB.1) - self.left_db) * share;
        self.least_db = self.least_db.min(self.left_db);
        if self.least_db > KNOWN_DB {
            return false;
        }
        let is_lost = self.left_db > LOST_SHARE * self.least_db;
        if is_lost {
            *self = Self { is_lost, ..Self::default() };
        } else {
            self.doubted_frames = self.doubted_frames.saturating_sub(1);
            self.is_lost = self.doubted_frames > 0;
        }
        is_lost
    }

    /// Her echo may come back otherwise from now on: it is lost until it is seen not to
    /// be, in five seconds of her voice, or is learned anew.
    pub(super) fn doubt(&mut self) {
        if self.least_db <= KNOWN_DB {
            self.left_db = DOUBTED_SHARE * self.least_db;
            self.is_lost = true;
            self.doubted_frames = DOUBTED_FRAMES;
        }
    }

    /// What is left of her on average, if that is little.
    pub(super) fn usual_left_db(&self) -> Option<f32> {
        (self.left_db <= LITTLE_DB && !self.is_lost).then_some(self.left_db)
    }

    /// Whether her echo was known well, and is no longer.
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hear(steadiness: &mut Steadiness, left_db: f32, seconds: u32) -> bool {
        let frames = seconds * RATE_HZ / FRAME_SAMPLES as u32;
        (0..frames).for_each(|_| _ = steadiness.push(left_db));
        steadiness.is_lost()
    }

    #[test]
    fn an_echo_that_moved_is_lost_until_it_is_learned_anew() {
        let mut steadiness = Steadiness::default();
        assert!(!hear(&mut steadiness, -5.0, 30), "what was never known is not lost");
        assert_eq!(steadiness.usual_left_db(), None);
        assert!(!hear(&mut steadiness, -35.0, 30));
        assert!(steadiness.usual_left_db().is_some_and(|db| (db + 35.0).abs() < 1.0));
        assert!(!hear(&mut steadiness, 0.0, 3), "a person talks over her");
        assert!(!hear(&mut steadiness, -35.0, 30));
        assert!(hear(&mut steadiness, -3.0, 10), "it moved");
        assert_eq!(steadiness.usual_left_db(), None);
        assert!(hear(&mut steadiness, -10.0, 60), "and moves on");
        assert!(!hear(&mut steadiness, -35.0, 30));
    }

    #[test]
    fn one_that_is_doubted_is_soon_known_again_or_learned_anew() {
        let mut steadiness = Steadiness::default();
        steadiness.doubt();
        assert!(!steadiness.is_lost(), "what was never known is not lost");
        hear(&mut steadiness, -30.0, 60);
        steadiness.doubt();
        assert!(steadiness.is_lost());
        assert!(hear(&mut steadiness, -30.0, 4));
        assert!(!hear(&mut steadiness, -30.0, 2), "it is as it was");
        // Mostly more is left than the least.
        hear(&mut steadiness, -20.0, 10);
        steadiness.doubt();
        assert!(!hear(&mut steadiness, -20.0, 6));
        steadiness.doubt();
        let frames = 2 * RATE_HZ / FRAME_SAMPLES as u32;
        assert!((0..frames).any(|_| steadiness.push(-5.0)), "it moved");
        assert!(hear(&mut steadiness, -5.0, 30) && !hear(&mut steadiness, -30.0, 30));
    }
}
