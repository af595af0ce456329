//! Her presence as a shape: each state has its own figure, so that it is never
//! told by colour alone.

use super::meter;
use super::microphone::Sign;
use super::theme::Palette;
use crate::app::view::View;
use crate::session::Presence;
use crate::turn::Attention;
use eframe::egui::{self, Painter, Pos2, Shape, Stroke, pos2, vec2};

/// Paints the figure of her state into a circle.
pub fn presence_shape(
    painter: &Painter,
    center: Pos2,
    radius: f32,
    view: &View,
    palette: &Palette,
) {
    let ring = Stroke::new(radius * 0.07, palette.accent);
    painter.circle_filled(center, radius, palette.accent_soft);
    match view.presence {
        Presence::Idle => match view.attention {
            Attention::Muted => {
                let sign = Sign { is_crossed: true, level: 0.0 };
                sign.paint(painter, center, radius * 0.05, palette);
            }
            Attention::Name | Attention::Resting => closed_eye(painter, center, radius, palette),
            Attention::Key | Attention::Open => {
                painter.circle_filled(center, radius * 0.5, palette.accent);
            }
        },
        Presence::Listening => {
            painter.circle_stroke(center, radius, ring);
            bars(painter, center, radius, view.level, palette);
        }
        Presence::Understanding => lines(painter, center, radius, palette),
        Presence::Thinking => dots(painter, center, radius, palette),
        Presence::Speaking => waves(painter, center, radius, palette),
    }
}

/// A lid and its lashes.
fn closed_eye(painter: &Painter, center: Pos2, radius: f32, palette: &Palette) {
    let stroke = Stroke::new(radius * 0.1, palette.accent);
    let at = |angle: f32, share: f32| {
        let up = center - vec2(0.0, radius * 0.22);
        up + share * radius * vec2(angle.cos(), angle.sin())
    };
    let middle = std::f32::consts::FRAC_PI_2;
    let lid = (-10..=10).map(|step| at(middle + 0.1 * step as f32, 0.52)).collect();
    painter.add(Shape::line(lid, stroke));
    for turned in [-0.7, 0.0, 0.7] {
        painter.line_segment([at(middle + turned, 0.52), at(middle + turned, 0.72)], stroke);
    }
}

/// Five bars that rise with the voice.
fn bars(painter: &Painter, center: Pos2, radius: f32, level: f32, palette: &Palette) {
    let loudness = meter::loudness(level);
    for (i, share) in [0.35, 0.7, 1.0, 0.7, 0.35].into_iter().enumerate() {
        let x = center.x + (i as f32 - 2.0) * radius * 0.26;
        let height = radius * (0.16 + share * (0.24 + 0.8 * loudness));
        let rect = egui::Rect::from_center_size(pos2(x, center.y), vec2(radius * 0.14, height));
        painter.rect_filled(rect, radius * 0.07, palette.accent);
    }
}

/// Lines being written.
fn lines(painter: &Painter, center: Pos2, radius: f32, palette: &Palette) {
    let stroke = Stroke::new(radius * 0.12, palette.accent);
    for (i, length) in [1.0, 1.0, 0.55].into_iter().enumerate() {
        let y = center.y + (i as f32 - 1.0) * radius * 0.32;
        let left = center.x - radius * 0.5;
        painter.line_segment([pos2(left, y), pos2(left + radius * length, y)], stroke);
    }
}

/// Three dots.
fn dots(painter: &Painter, center: Pos2, radius: f32, palette: &Palette) {
    for i in [-1.0, 0.0, 1.0] {
        let dot = center + vec2(i * radius * 0.4, 0.0);
        painter.circle_filled(dot, radius * 0.13, palette.accent);
    }
}

/// A mouth and the waves that leave it.
fn waves(painter: &Painter, center: Pos2, radius: f32, palette: &Palette) {
    let mouth = center - vec2(radius * 0.48, 0.0);
    painter.circle_filled(mouth, radius * 0.15, palette.accent);
    for (i, share) in [0.42, 0.72, 1.02].into_iter().enumerate() {
        let half_angle = 0.85 - 0.08 * i as f32;
        let points = (0..=20)
            .map(|step| {
                let angle = half_angle * (step as f32 / 10.0 - 1.0);
                mouth + share * radius * vec2(angle.cos(), angle.sin())
            })
            .collect();
        painter.add(Shape::line(points, Stroke::new(radius * 0.1, palette.accent)));
    }
}
