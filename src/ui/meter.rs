//! How loud the microphone is.

use super::theme::Palette;
use crate::wording;
use eframe::egui::accesskit::Role;
use eframe::egui::{Rect, Sense, Ui, WidgetInfo, pos2, vec2};

const TICKS: usize = 22;
/// From here on the meter moves: a quiet room.
const FLOOR_DB: f32 = -55.0;
/// Here it is full: a loud voice near the microphone.
const CEILING_DB: f32 = -12.0;

/// A root mean square as the ear takes it, 0.0..=1.0.
pub fn loudness(level: f32) -> f32 {
    let level_db = 20.0 * level.max(1e-6).log10();
    ((level_db - FLOOR_DB) / (CEILING_DB - FLOOR_DB)).clamp(0.0, 1.0)
}

/// How many ticks of the meter this level lights, 0..=22: what differs in less
/// looks the same.
pub fn lit_ticks(level: f32) -> usize {
    (loudness(level) * TICKS as f32).round() as usize
}

/// A row of ticks that fills with the voice. An empty row while she listens
/// says that nothing is captured.
pub fn meter_ui(ui: &mut Ui, level: f32) {
    let palette = Palette::of(ui);
    let width = ui.available_width().min(TICKS as f32 * 9.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 16.0), Sense::hover());
    let lit = lit_ticks(level);
    let step = width / TICKS as f32;
    for i in 0..TICKS {
        let left = rect.left() + i as f32 * step;
        let tick = Rect::from_min_size(pos2(left, rect.top() + 2.0), vec2(step * 0.55, 12.0));
        let color = if i < lit { palette.accent } else { palette.button_hovered };
        ui.painter().rect_filled(tick, 2.0, color);
    }
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Meter, true, wording::MICROPHONE_LEVEL);
        info.value = Some(f64::from(loudness(level)));
        info
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_leaves_it_empty_and_a_loud_voice_fills_it() {
        assert_eq!(loudness(0.0), 0.0);
        assert_eq!(loudness(0.001), 0.0);
        assert_eq!(loudness(1.0), 1.0);
        assert!((0.3..0.8).contains(&loudness(0.03)), "a voice at arm's length is in the middle");
    }
}
