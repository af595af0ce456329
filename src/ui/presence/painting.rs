//! How the shape is painted: a pose, which each figure has, and the life in it.
//! A few hundred triangles and a few lines; no clock and no state of its own.

use super::Figure;
use crate::ui::microphone::Sign;
use crate::ui::theme::Palette;
use eframe::egui::epaint::Mesh;
use eframe::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2, vec2};
use std::f32::consts::{FRAC_PI_2, PI, TAU};

/// How much of everything is seen. One figure becomes another by going from pose
/// to pose. Lengths are shares of the whole radius.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pose {
    /// How far the body reaches, and how much of that is open.
    radius: f32,
    hole: f32,
    /// How solid the body is.
    body: f32,
    /// How much is seen of the light around it, the waves that leave it, the
    /// line that winds into it, the thoughts in it, the closed eye, the crossed
    /// microphone, the broken ring.
    halo: f32,
    waves: f32,
    winding: f32,
    thoughts: f32,
    lid: f32,
    crossed: f32,
    broken: f32,
    /// How much of it is below the horizon.
    horizon: f32,
}

const HERE: Pose = Pose {
    radius: 0.62,
    hole: 0.0,
    body: 1.0,
    halo: 1.0,
    waves: 0.0,
    winding: 0.0,
    thoughts: 0.0,
    lid: 0.0,
    crossed: 0.0,
    broken: 0.0,
    horizon: 0.0,
};

impl Pose {
    pub(super) fn of(figure: Figure) -> Self {
        match figure {
            Figure::Here => HERE,
            Figure::Waking => Self { horizon: 1.0, halo: 0.7, ..HERE },
            Figure::Listening => Self { radius: 0.74, hole: 0.66, ..HERE },
            Figure::NotHearing => Self { radius: 0.74, body: 0.0, broken: 1.0, halo: 0.5, ..HERE },
            Figure::Understanding => Self { radius: 0.17, winding: 1.0, ..HERE },
            Figure::Thinking => Self { radius: 0.52, thoughts: 1.0, ..HERE },
            Figure::Speaking => Self { radius: 0.46, waves: 1.0, ..HERE },
            Figure::Resting => Self { radius: 0.5, body: 0.0, lid: 1.0, ..HERE },
            Figure::Muted => Self { radius: 0.5, body: 0.0, crossed: 1.0, ..HERE },
        }
    }

    /// Goes this share of the way to another pose; whether it is there.
    pub(super) fn approach(&mut self, other: &Self, share: f32) -> bool {
        let mut target = *other;
        let mut is_there = true;
        for (part, target) in self.parts().into_iter().zip(target.parts()) {
            *part += (*target - *part) * share;
            if (*target - *part).abs() < 0.004 {
                *part = *target;
            }
            is_there &= part == target;
        }
        is_there
    }

    fn parts(&mut self) -> [&mut f32; 11] {
        let Self {
            radius,
            hole,
            body,
            halo,
            waves,
            winding,
            thoughts,
            lid,
            crossed,
            broken,
            horizon,
        } = self;
        [radius, hole, body, halo, waves, winding, thoughts, lid, crossed, broken, horizon]
    }
}

/// What moves. All zero, it is still.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Life {
    /// How much it moves at all, 0.0..=1.0.
    pub(super) liveliness: f32,
    /// Where in a breath it is, -1.0..=1.0.
    pub(super) breath: f32,
    /// How loud the person is, and how loud she is, 0.0..=1.0.
    pub(super) heard: f32,
    pub(super) said: f32,
    /// For how long it has been moving.
    pub(super) age_s: f32,
}

/// The shape within a square.
struct Brush<'a> {
    painter: &'a Painter,
    center: Pos2,
    radius: f32,
    life: &'a Life,
    palette: &'a Palette,
}

/// Paints it into the middle of `rect`.
pub(super) fn paint(painter: &Painter, rect: Rect, pose: &Pose, life: &Life, palette: &Palette) {
    let radius = rect.size().min_elem() / 2.0;
    let brush = Brush { painter, center: rect.center(), radius, life, palette };
    brush.halo(pose.halo);
    if pose.body > 0.0 {
        brush.body(pose);
    }
    type Part<'a> = fn(&Brush<'a>, Color32);
    let parts: [(f32, Part<'_>); 6] = [
        (pose.waves, Brush::waves),
        (pose.winding, Brush::winding),
        (pose.lid, Brush::closed_eye),
        (pose.broken, Brush::broken_ring),
        (pose.horizon, Brush::horizon),
        (pose.crossed, Brush::crossed_microphone),
    ];
    for (seen, part) in parts {
        if seen > 0.0 {
            part(&brush, palette.accent.gamma_multiply(seen));
        }
    }
    if pose.thoughts > 0.0 {
        brush.thoughts(palette.on_accent.gamma_multiply(pose.thoughts));
    }
}

impl Brush<'_> {
    /// A place, in shares of the radius.
    fn at(&self, angle: f32, share: f32) -> Pos2 {
        self.center + self.radius * share * vec2(angle.cos(), angle.sin())
    }

    fn breath(&self) -> f32 {
        1.0 + 0.035 * self.life.breath * self.life.liveliness
    }

    /// How far the edge is from round at this angle.
    fn wave(&self, angle: f32) -> f32 {
        let (life, age) = (self.life, self.life.age_s);
        let much = life.liveliness * (0.016 + 0.07 * life.heard + 0.08 * life.said);
        let wave = 0.5 * (2.0 * angle + 0.9 * age).sin()
            + 0.3 * (3.0 * angle - 1.3 * age + 1.0).sin()
            + 0.2 * (5.0 * angle + 2.1 * age).sin();
        much * wave
    }

    fn halo(&self, seen: f32) {
        let color = self.palette.accent_soft;
        let reach = self.breath() * (0.94 + 0.06 * (self.life.heard + self.life.said));
        let ring = |share: f32, alpha: f32| (share * reach, color.gamma_multiply(alpha * seen));
        let rings = [ring(0.0, 0.95), ring(0.55, 0.8), ring(0.8, 0.45), ring(1.0, 0.0)];
        self.rings(&rings, |_| 1.0, Vec2::ZERO);
    }

    fn body(&self, pose: &Pose) {
        let palette = self.palette;
        let outer = pose.radius * self.breath() + 0.16 * self.life.heard + 0.1 * self.life.said;
        let inner = outer * pose.hole;
        let rim = palette.accent.gamma_multiply(pose.body);
        let light = palette.accent.lerp_to_gamma(palette.glow(), 0.45).gamma_multiply(pose.body);
        let edge = 1.2 / self.radius.max(1.0);
        let open = Color32::TRANSPARENT;
        let first = if pose.hole > 0.02 { (inner - edge, open) } else { (0.0, light) };
        let core = lerp_color(light, rim, pose.hole);
        let between = inner + (outer - inner) * 0.6;
        let rings = [
            (first.0.max(0.0), first.1),
            (inner, core),
            (between, lerp_color(core, rim, 0.55)),
            (outer, rim),
            (outer + edge, open),
        ];
        let closed = (1.0 - 3.0 * pose.hole).max(0.0);
        let lift = vec2(-0.16, -0.24) * closed * outer * self.radius;
        let below = self.center.y + self.radius * (1.0 - pose.horizon);
        let clip = self.painter.clip_rect();
        let painter = match pose.horizon > 0.0 {
            true => &self.painter.with_clip_rect(clip.with_max_y(clip.max.y.min(below))),
            false => self.painter,
        };
        Brush { painter, ..*self }.rings(&rings, |angle| 1.0 + self.wave(angle), lift);
    }

    /// Rings of colour, from the innermost outwards, that flow into each other;
    /// the inner ones moved by `lift`, so that the light comes from above.
    fn rings(&self, rings: &[(f32, Color32)], form: impl Fn(f32) -> f32, lift: Vec2) {
        let steps = if self.radius > 60.0 { 96 } else { 48 };
        let mut mesh = Mesh::default();
        mesh.reserve_vertices(rings.len() * steps as usize);
        mesh.reserve_triangles(rings.len() * steps as usize * 2);
        let outermost = rings.last().map_or(1.0, |(share, _)| share.max(f32::EPSILON));
        for (share, color) in rings {
            let moved = lift * (1.0 - share / outermost);
            for step in 0..steps {
                let angle = TAU * step as f32 / steps as f32;
                mesh.colored_vertex(self.at(angle, share * form(angle)) + moved, *color);
            }
        }
        for ring in 1..rings.len() as u32 {
            for step in 0..steps {
                let next = (step + 1) % steps;
                let (inner, outer) = ((ring - 1) * steps, ring * steps);
                mesh.add_triangle(inner + step, outer + step, outer + next);
                mesh.add_triangle(inner + step, outer + next, inner + next);
            }
        }
        self.painter.add(mesh);
    }

    fn line(&self, points: Vec<Pos2>, width: f32, color: Color32) {
        self.painter.add(Shape::line(points, Stroke::new(self.radius * width, color)));
    }

    fn arc(&self, middle: f32, half: f32, share: f32, width: f32, color: Color32) {
        let points = (-12..=12).map(|step| {
            let angle = middle + half * step as f32 / 12.0;
            self.at(angle, share * (1.0 + 0.5 * self.wave(angle)))
        });
        self.line(points.collect(), width, color);
    }

    /// Waves that leave her on both sides, as far as she is loud.
    fn waves(&self, color: Color32) {
        for (share, reach) in [(0.64, 0.1), (0.82, 0.14)] {
            for middle in [0.0, PI] {
                self.arc(middle, 0.72, share + reach * self.life.said, 0.055, color);
            }
        }
    }

    fn winding(&self, color: Color32) {
        let turned = 0.9 * self.life.age_s;
        let points = (0..=72).map(|step| {
            let share = step as f32 / 72.0;
            self.at(turned + share * 2.0 * TAU, 0.8 - 0.58 * share)
        });
        self.line(points.collect(), 0.075, color);
    }

    fn thoughts(&self, color: Color32) {
        for index in 0..3 {
            let angle = -FRAC_PI_2 + TAU * index as f32 / 3.0 + 0.8 * self.life.age_s;
            self.painter.circle_filled(self.at(angle, 0.24), self.radius * 0.095, color);
        }
    }

    /// A lid and its lashes.
    fn closed_eye(&self, color: Color32) {
        let up = Brush { center: self.center - vec2(0.0, self.radius * 0.2), ..*self };
        let lid = (-10..=10).map(|step| up.at(FRAC_PI_2 + 0.1 * step as f32, 0.5));
        self.line(lid.collect(), 0.08, color);
        for turned in [-0.7, 0.0, 0.7] {
            let angle = FRAC_PI_2 + turned;
            self.line(vec![up.at(angle, 0.5), up.at(angle, 0.68)], 0.08, color);
        }
    }

    fn crossed_microphone(&self, color: Color32) {
        let palette = Palette { accent: color, ..*self.palette };
        Sign { is_crossed: true, level: 0.0 }.paint(
            self.painter,
            self.center,
            self.radius * 0.045,
            &palette,
        );
    }

    fn broken_ring(&self, color: Color32) {
        for index in 0..7 {
            let middle = -FRAC_PI_2 + TAU * index as f32 / 7.0;
            self.arc(middle, 0.24, 0.66, 0.1, color);
        }
    }

    fn horizon(&self, color: Color32) {
        let half = vec2(self.radius * 0.8, 0.0);
        self.line(vec![self.center - half, self.center + half], 0.05, color);
    }
}

fn lerp_color(from: Color32, to: Color32, share: f32) -> Color32 {
    from.lerp_to_gamma(to, share.clamp(0.0, 1.0))
}
