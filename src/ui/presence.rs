//! Her presence: one living shape that breathes when nothing is asked of her,
//! opens when she listens, winds inward when she understands and thinks, and
//! moves with her voice when she speaks.
//!
//! Each state has a figure of its own, so that it is told without colour and
//! without motion. Painted by [`super::window_ui`] and by the small window; it
//! asks for the next repaint itself, and for none when it stands still.

use super::theme::Palette;
use super::{meter, pace};
use crate::app::view::View;
use crate::session::Presence;
use crate::turn::Attention;
use eframe::egui::{Rect, Ui, lerp};
use painting::{Life, Pose};
use std::time::Duration;

mod painting;

/// What of her state can be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Figure {
    /// A sun that rises: she is getting ready.
    #[default]
    Waking,
    /// A full disc.
    Here,
    /// An open ring.
    Listening,
    /// A broken ring: a key is down and the microphone gives no sound.
    NotHearing,
    /// A line that winds inward.
    Understanding,
    /// Three thoughts within.
    Thinking,
    /// A disc and the waves that leave it.
    Speaking,
    /// A closed eye.
    Resting,
    /// A microphone that is crossed out.
    Muted,
}

/// What she looks like now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mood {
    /// Her state.
    pub figure: Figure,
    /// How loud the person is, as the ear takes it, 0.0..=1.0.
    pub heard: f32,
    /// The same of her; `None` where nothing tells.
    pub said: Option<f32>,
}

impl Mood {
    /// What the view tells.
    pub fn of(view: &View) -> Self {
        let figure = match (view.presence, view.attention) {
            (Presence::Idle, Attention::Muted) => Figure::Muted,
            (Presence::Idle, _) if view.is_waking() => Figure::Waking,
            (Presence::Idle, Attention::Name | Attention::Resting) => Figure::Resting,
            (Presence::Idle, Attention::Key | Attention::Open) => Figure::Here,
            (Presence::Listening, _) if view.capturing == Some(false) => Figure::NotHearing,
            (Presence::Listening, _) => Figure::Listening,
            (Presence::Understanding, _) => Figure::Understanding,
            (Presence::Thinking, _) => Figure::Thinking,
            (Presence::Speaking, _) => Figure::Speaking,
        };
        Self {
            figure,
            heard: meter::loudness(view.level),
            said: view.voice_level.map(meter::loudness),
        }
    }
}

/// Her breath comes to rest when nothing happened for so long.
const BREATHES_FOR_S: f64 = 60.0;
/// One breath.
const BREATH_S: f64 = 6.5;
/// How fast one figure becomes another, a voice is followed, the breath comes
/// to rest.
const EASE_S: f32 = 0.13;
const RISE_S: f32 = 0.045;
const FALL_S: f32 = 0.16;
const SETTLE_S: f32 = 1.2;

/// Repaints: while a voice is followed or a figure changes, while she thinks
/// (the processor has better things to do), and while she only breathes.
const FOLLOWING: Duration = Duration::from_millis(40);
const THINKING: Duration = Duration::from_millis(100);
const BREATHING: Duration = Duration::from_millis(100);

/// How the shape stands.
#[derive(Debug, Default)]
pub struct PresenceState {
    pose: Option<Pose>,
    figure: Figure,
    life: Life,
    /// When it was painted last, and when anything happened last, on egui's
    /// clock.
    painted_at_s: f64,
    stirred_at_s: f64,
    travel: Travel,
}

/// On the way between the middle of an empty room (0.0) and its place beside the
/// words (1.0).
#[derive(Debug, Default)]
struct Travel {
    share: Option<f32>,
    /// Where both are, as far as that is known.
    middle: Option<Rect>,
    beside: Option<Rect>,
}

/// Where the shape belongs.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// The middle of an empty room.
    Middle(Rect),
    /// Beside the words.
    Beside(Rect),
}

impl PresenceState {
    /// Paints it and asks for the next repaint. `moves` unless the person or the
    /// system asks for stillness.
    pub fn show(&mut self, ui: &Ui, place: Place, mood: Mood, moves: bool) {
        let (now_s, has_focus, has_input) =
            ui.input(|input| (input.time, input.focused, !input.events.is_empty()));
        let passed_s = (now_s - self.painted_at_s).clamp(0.0, 0.25) as f32;
        self.painted_at_s = now_s;
        if std::mem::replace(&mut self.figure, mood.figure) != mood.figure || has_input {
            self.stirred_at_s = now_s;
        }
        let breathes = moves && has_focus && now_s - self.stirred_at_s < BREATHES_FOR_S;
        let target = Pose::of(mood.figure);
        let mut is_changing = false;
        if moves {
            let pose = self.pose.get_or_insert(target);
            is_changing = !pose.approach(&target, share(passed_s, EASE_S));
            self.life.follow(mood, breathes, now_s, passed_s);
        } else {
            self.pose = Some(target);
            self.life = Life::default();
        }
        let (rect, is_travelling) = self.travel.go(place, if moves { passed_s } else { f32::MAX });
        let pose = self.pose.unwrap_or(target);
        painting::paint(ui.painter(), rect, &pose, &self.life, &Palette::of(ui));
        if let Some(pause) = self.pause(moves, is_changing || is_travelling) {
            ui.ctx().request_repaint_after(pace::pause(ui.ctx(), pause));
        }
    }

    /// How long the next repaint can wait; `None` if nothing moves.
    fn pause(&self, moves: bool, is_changing: bool) -> Option<Duration> {
        match self.figure {
            _ if !moves => None,
            _ if is_changing => Some(FOLLOWING),
            Figure::Listening | Figure::Speaking => Some(FOLLOWING),
            Figure::Understanding | Figure::Thinking => Some(THINKING),
            Figure::Here | Figure::Waking => (self.life.liveliness > 0.0).then_some(BREATHING),
            Figure::Resting | Figure::Muted | Figure::NotHearing => None,
        }
    }
}

impl Life {
    /// Follows the voices, and breathes.
    fn follow(&mut self, mood: Mood, breathes: bool, now_s: f64, passed_s: f32) {
        let is_active = matches!(
            mood.figure,
            Figure::Listening | Figure::Speaking | Figure::Understanding | Figure::Thinking
        );
        let wanted = if is_active || breathes { 1.0 } else { 0.0 };
        self.liveliness += (wanted - self.liveliness) * share(passed_s, SETTLE_S);
        if wanted == 0.0 && self.liveliness < 0.02 {
            self.liveliness = 0.0;
        }
        self.age_s += passed_s;
        self.breath = ((now_s / BREATH_S).fract() * std::f64::consts::TAU).sin() as f32;
        let heard = if mood.figure == Figure::Listening { mood.heard } else { 0.0 };
        // Without a level it moves steadily and pretends nothing.
        let unknown = 0.3 + 0.08 * (self.age_s * 2.2).sin();
        let said = match mood.figure {
            Figure::Speaking => mood.said.unwrap_or(unknown),
            _ => 0.0,
        };
        for (follows, level) in [(&mut self.heard, heard), (&mut self.said, said)] {
            let within_s = if level > *follows { RISE_S } else { FALL_S };
            *follows += (level - *follows) * share(passed_s, within_s);
        }
    }
}

impl Travel {
    /// Where it is now, and whether it is on its way.
    fn go(&mut self, place: Place, passed_s: f32) -> (Rect, bool) {
        let target = match place {
            Place::Middle(rect) => {
                self.middle = Some(rect);
                0.0
            }
            Place::Beside(rect) => {
                self.beside = Some(rect);
                1.0
            }
        };
        let here = self.share.get_or_insert(target);
        *here += (target - *here) * share(passed_s, EASE_S);
        if (target - *here).abs() < 0.004 {
            *here = target;
        }
        let rect = match (place, self.middle, self.beside) {
            (_, Some(middle), Some(beside)) => Rect::from_min_max(
                lerp(middle.min.to_vec2()..=beside.min.to_vec2(), *here).to_pos2(),
                lerp(middle.max.to_vec2()..=beside.max.to_vec2(), *here).to_pos2(),
            ),
            (Place::Middle(rect) | Place::Beside(rect), ..) => rect,
        };
        (rect, *here != target)
    }
}

/// How much of the way is gone in this time, if most of it is in `within_s`.
fn share(passed_s: f32, within_s: f32) -> f32 {
    1.0 - (-passed_s / within_s).exp()
}

#[cfg(test)]
mod tests;
