use super::*;
use crate::ui::theme::LIGHT;
use eframe::egui::{self, Color32, Pos2, pos2, vec2};

const ALL: [Figure; 9] = [
    Figure::Waking,
    Figure::Here,
    Figure::Listening,
    Figure::NotHearing,
    Figure::Understanding,
    Figure::Thinking,
    Figure::Speaking,
    Figure::Resting,
    Figure::Muted,
];
const SIDE: usize = 28;

/// The figure as grey squares: without colour, without motion.
fn grey(figure: Figure) -> Vec<f32> {
    let ctx = egui::Context::default();
    let side = SIDE as f32 * 4.0;
    let rect = Rect::from_min_size(Pos2::ZERO, vec2(side, side));
    let input = egui::RawInput { screen_rect: Some(rect), ..Default::default() };
    let output = ctx.run_ui(input, |ui| {
        let pose = Pose::of(figure);
        painting::paint(ui.painter(), rect, &pose, &Life::default(), &LIGHT);
    });
    let meshes = ctx.tessellate(output.shapes, 1.0);
    let mut seen = vec![luminance(LIGHT.paper); SIDE * SIDE];
    for clipped in meshes {
        let egui::epaint::Primitive::Mesh(mesh) = clipped.primitive else { continue };
        for triangle in mesh.triangles() {
            let corners = triangle.map(|index| mesh.vertices[index as usize]);
            for (place, shown) in seen.iter_mut().enumerate() {
                let at = pos2((place % SIDE) as f32 * 4.0 + 2.0, (place / SIDE) as f32 * 4.0 + 2.0);
                if clipped.clip_rect.contains(at) && is_within(at, corners.map(|c| c.pos)) {
                    let color = corners[0].color;
                    let alpha = f32::from(color.a()) / 255.0;
                    *shown = *shown * (1.0 - alpha) + luminance(color);
                }
            }
        }
    }
    seen
}

/// Of a colour that is multiplied by its alpha already.
fn luminance(color: Color32) -> f32 {
    let [r, g, b, _] = color.to_array().map(f32::from);
    (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255.0
}

fn is_within(at: Pos2, [a, b, c]: [Pos2; 3]) -> bool {
    let side = |from: Pos2, to: Pos2| {
        (to.x - from.x) * (at.y - from.y) - (to.y - from.y) * (at.x - from.x)
    };
    let sides = [side(a, b), side(b, c), side(c, a)];
    sides.iter().all(|side| *side > 0.0) || sides.iter().all(|side| *side < 0.0)
}

#[test]
fn each_state_has_a_figure_that_is_known_without_colour_and_motion() {
    let figures = ALL.map(|figure| (figure, grey(figure)));
    for (i, (one, grey)) in figures.iter().enumerate() {
        for (other, other_grey) in &figures[..i] {
            let differ = grey.iter().zip(other_grey).filter(|(a, b)| (*a - *b).abs() > 0.2).count();
            assert!(differ >= 20, "{one:?} and {other:?} differ in {differ} of {}", SIDE * SIDE);
        }
    }
}

/// A shape in a window; how long each repaint could wait.
struct Shown {
    ctx: egui::Context,
    state: PresenceState,
    now_s: f64,
    focused: bool,
}

impl Shown {
    fn new() -> Self {
        let state = PresenceState::default();
        Self { ctx: egui::Context::default(), state, now_s: 100.0, focused: true }
    }

    fn pass(&mut self, mood: Mood, moves: bool, after_s: f64) -> Duration {
        self.now_s += after_s;
        let rect = Rect::from_min_size(Pos2::ZERO, vec2(200.0, 200.0));
        let input = egui::RawInput {
            time: Some(self.now_s),
            focused: self.focused,
            screen_rect: Some(rect),
            ..Default::default()
        };
        let state = &mut self.state;
        let output = self.ctx.run_ui(input, |ui| state.show(ui, Place::Middle(rect), mood, moves));
        output.viewport_output[&egui::ViewportId::ROOT].repaint_delay
    }

    /// Repaints as often as is asked for, for so long; how often that was.
    fn repaints(&mut self, mood: Mood, moves: bool, for_s: f64) -> usize {
        let until_s = self.now_s + for_s;
        let (mut count, mut after_s) = (0, 0.0);
        while self.now_s < until_s {
            let delay = self.pass(mood, moves, after_s);
            count += 1;
            if delay > Duration::from_secs(3600) {
                break;
            }
            after_s = delay.as_secs_f64().max(0.001);
        }
        count
    }
}

fn mood(figure: Figure) -> Mood {
    Mood { figure, ..Mood::default() }
}

#[test]
fn nothing_moves_where_stillness_is_asked_for() {
    for figure in ALL {
        let mut shown = Shown::new();
        shown.pass(mood(Figure::Here), false, 0.1);
        let count = shown.repaints(Mood { heard: 0.9, said: Some(0.9), figure }, false, 60.0);
        // egui itself repaints once more at first.
        assert!(count <= 2, "{figure:?}: {count}");
        assert_eq!(shown.state.pose, Some(Pose::of(figure)));
        assert_eq!((shown.state.life.heard, shown.state.life.said), (0.0, 0.0));
    }
}

#[test]
fn her_breath_is_slow_and_comes_to_rest_after_a_minute_or_when_the_window_is_left() {
    let mut shown = Shown::new();
    let count = shown.repaints(mood(Figure::Here), true, 10.0);
    assert!((60..=150).contains(&count), "{count} in ten seconds");
    shown.repaints(mood(Figure::Here), true, 55.0);
    assert!(
        shown.pass(mood(Figure::Here), true, 6.0) > Duration::from_secs(3600) || {
            shown.repaints(mood(Figure::Here), true, 10.0);
            shown.pass(mood(Figure::Here), true, 0.1) > Duration::from_secs(3600)
        }
    );
    let mut left = Shown::new();
    left.repaints(mood(Figure::Here), true, 3.0);
    left.focused = false;
    left.repaints(mood(Figure::Here), true, 10.0);
    assert!(left.pass(mood(Figure::Here), true, 0.1) > Duration::from_secs(3600));
}

#[test]
fn she_moves_with_the_voice_that_is_heard_and_with_her_own() {
    let mut shown = Shown::new();
    let listening = |heard| Mood { heard, ..mood(Figure::Listening) };
    shown.repaints(listening(0.0), true, 1.0);
    assert!(shown.state.life.heard < 0.01);
    shown.repaints(listening(0.8), true, 0.3);
    assert!(shown.state.life.heard > 0.7);
    let speaking = |said| Mood { said, ..mood(Figure::Speaking) };
    shown.repaints(speaking(Some(0.0)), true, 1.0);
    assert!(shown.state.life.heard < 0.05 && shown.state.life.said < 0.05);
    shown.repaints(speaking(Some(0.7)), true, 0.3);
    assert!(shown.state.life.said > 0.6);
    // Where nothing tells, it follows nothing.
    shown.repaints(speaking(None), true, 2.0);
    assert!((0.15..0.45).contains(&shown.state.life.said));
}
