//! Colours, type sizes and spacing: the one place where the window's look is
//! decided. Warm paper by day, a dim room by night; who needs it has both in
//! black and white. The person says which, or the system.

use eframe::egui::{
    self, Color32, CornerRadius, FontId, Margin, Shadow, Stroke, TextStyle, Theme, Ui, Vec2,
};

/// The colours, by what they are for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// Behind the conversation.
    pub paper: Color32,
    /// Behind settings and cards.
    pub sheet: Color32,
    /// Fields to write in.
    pub field: Color32,
    /// Text.
    pub ink: Color32,
    /// Text of less weight: hints, names, words that may still change.
    pub soft_ink: Color32,
    /// Outlines of what can be operated.
    pub outline: Color32,
    /// Buttons at rest.
    pub button: Color32,
    /// Buttons under the mouse.
    pub button_hovered: Color32,
    /// Her colour: her name, her shape, the talk button, the focus ring.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// A breath of the accent: halos, selected text.
    pub accent_soft: Color32,
    /// Behind something that needs the person.
    pub alert: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// Warm paper.
pub const LIGHT: Palette = Palette {
    paper: rgb(0xFBF5EC),
    sheet: rgb(0xF4EBDE),
    field: rgb(0xFFFDF9),
    ink: rgb(0x3A2D26),
    soft_ink: rgb(0x75614F),
    outline: rgb(0x9A8471),
    button: rgb(0xF0E4D4),
    button_hovered: rgb(0xE8D7C2),
    accent: rgb(0xAD4B35),
    on_accent: rgb(0xFFFAF4),
    accent_soft: rgb(0xF9E6DC),
    alert: rgb(0xFBE3BC),
};

/// A dim room.
pub const DARK: Palette = Palette {
    paper: rgb(0x1F1916),
    sheet: rgb(0x29211D),
    field: rgb(0x171210),
    ink: rgb(0xF0E6DA),
    soft_ink: rgb(0xB9A696),
    outline: rgb(0x857265),
    button: rgb(0x362B25),
    button_hovered: rgb(0x453730),
    accent: rgb(0xEE9273),
    on_accent: rgb(0x2A1510),
    accent_soft: rgb(0x52332A),
    alert: rgb(0x4A381A),
};

/// Black on white.
pub const LIGHT_CONTRAST: Palette = Palette {
    paper: rgb(0xFFFFFF),
    sheet: rgb(0xFFFFFF),
    field: rgb(0xFFFFFF),
    ink: rgb(0x000000),
    soft_ink: rgb(0x2B2420),
    outline: rgb(0x000000),
    button: rgb(0xF2F2F2),
    button_hovered: rgb(0xDCDCDC),
    accent: rgb(0x7A1F0C),
    on_accent: rgb(0xFFFFFF),
    accent_soft: rgb(0xFFD9A8),
    alert: rgb(0xFFF0B3),
};

/// White on black.
pub const DARK_CONTRAST: Palette = Palette {
    paper: rgb(0x000000),
    sheet: rgb(0x000000),
    field: rgb(0x000000),
    ink: rgb(0xFFFFFF),
    soft_ink: rgb(0xE6DED6),
    outline: rgb(0xFFFFFF),
    button: rgb(0x1C1C1C),
    button_hovered: rgb(0x3A3A3A),
    accent: rgb(0xFFB499),
    on_accent: rgb(0x000000),
    accent_soft: rgb(0x55280C),
    alert: rgb(0x3D2E00),
};

/// Height of a line in the conversation.
pub const LETTER_LINE_HEIGHT: f32 = 28.0;
/// Type size in the conversation.
pub const LETTER_SIZE: f32 = 18.0;

impl Palette {
    /// Where her shape catches the light.
    pub fn glow(&self) -> Color32 {
        rgb(0xFFE9DC)
    }

    /// Around what stands apart by its ground alone, where grounds are alike.
    pub fn card_stroke(&self) -> Stroke {
        let width = if self.field == self.sheet { 1.0 } else { 0.0 };
        Stroke::new(width, self.outline)
    }

    /// The colours of the theme that is on, known by its paper.
    pub fn of(ui: &Ui) -> Self {
        let visuals = ui.visuals();
        match visuals.dark_mode {
            true if visuals.panel_fill == DARK_CONTRAST.paper => DARK_CONTRAST,
            true => DARK,
            false if visuals.panel_fill == LIGHT_CONTRAST.paper => LIGHT_CONTRAST,
            false => LIGHT,
        }
    }
}

/// How wide a button is that can hold any of these texts: words are longer in
/// some languages.
pub fn button_width(ui: &Ui, texts: &[&str]) -> f32 {
    let widths = texts.iter().map(|text| text_width(ui, &TextStyle::Button, text));
    widths.fold(0.0, f32::max) + 2.0 * ui.spacing().button_padding.x
}

/// How wide a switch is with its text.
pub fn switch_width(ui: &Ui, style: &TextStyle, text: &str) -> f32 {
    let spacing = ui.spacing();
    spacing.icon_width + spacing.icon_spacing + text_width(ui, style, text)
}

/// How wide a text is in one line.
pub fn text_width(ui: &Ui, style: &TextStyle, text: &str) -> f32 {
    let font = style.resolve(ui.style());
    ui.painter().layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER).size().x.ceil()
}

/// Dresses the whole window, in both themes.
pub fn apply(ctx: &egui::Context, high_contrast: bool) {
    ctx.options_mut(|options| options.fallback_theme = Theme::Light);
    let (light, dark) = match high_contrast {
        true => (LIGHT_CONTRAST, DARK_CONTRAST),
        false => (LIGHT, DARK),
    };
    ctx.style_mut_of(Theme::Light, |style| dress(style, &light));
    ctx.style_mut_of(Theme::Dark, |style| dress(style, &dark));
}

fn dress(style: &mut egui::Style, palette: &Palette) {
    style.text_styles = [
        (TextStyle::Heading, FontId::proportional(23.0)),
        (TextStyle::Body, FontId::proportional(16.0)),
        (TextStyle::Button, FontId::proportional(16.0)),
        (TextStyle::Small, FontId::proportional(14.0)),
        (TextStyle::Monospace, FontId::monospace(15.0)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::new(10.0, 8.0);
    spacing.button_padding = Vec2::new(14.0, 7.0);
    spacing.interact_size = Vec2::new(44.0, 36.0);
    spacing.icon_width = 20.0;
    spacing.icon_width_inner = 12.0;
    spacing.icon_spacing = 10.0;
    spacing.menu_margin = Margin::same(8);
    spacing.combo_height = 320.0;
    style.animation_time = 0.1;

    let visuals = &mut style.visuals;
    visuals.panel_fill = palette.paper;
    visuals.window_fill = palette.sheet;
    visuals.window_stroke = Stroke::new(1.0, palette.outline);
    visuals.extreme_bg_color = palette.field;
    visuals.text_edit_bg_color = Some(palette.field);
    visuals.faint_bg_color = palette.sheet;
    visuals.weak_text_color = Some(palette.soft_ink);
    visuals.hyperlink_color = palette.accent;
    visuals.error_fg_color = palette.accent;
    visuals.selection.bg_fill = palette.accent_soft;
    visuals.selection.stroke = Stroke::new(2.0, palette.accent);
    visuals.text_cursor.stroke = Stroke::new(2.0, palette.accent);
    // A blinking cursor paints the whole window twice a second, for hours.
    visuals.text_cursor.blink = false;
    visuals.window_corner_radius = CornerRadius::same(12);
    visuals.menu_corner_radius = CornerRadius::same(12);
    visuals.popup_shadow =
        Shadow { offset: [0, 4], blur: 18, spread: 0, color: Color32::from_black_alpha(40) };
    visuals.slider_trailing_fill = true;
    visuals.disabled_alpha = 0.55;

    let widgets = &mut visuals.widgets;
    for visuals in [
        &mut widgets.noninteractive,
        &mut widgets.inactive,
        &mut widgets.hovered,
        &mut widgets.active,
        &mut widgets.open,
    ] {
        visuals.corner_radius = CornerRadius::same(10);
        visuals.expansion = 0.0;
        visuals.fg_stroke = Stroke::new(1.5, palette.ink);
        visuals.bg_stroke = Stroke::new(1.0, palette.outline);
        visuals.bg_fill = palette.button;
        visuals.weak_bg_fill = palette.button;
    }
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, palette.button);
    widgets.hovered.bg_fill = palette.button_hovered;
    widgets.hovered.weak_bg_fill = palette.button_hovered;
    // Also what has the keyboard: its outline is the focus ring.
    widgets.active.bg_fill = palette.button_hovered;
    widgets.active.weak_bg_fill = palette.button_hovered;
    widgets.active.bg_stroke = Stroke::new(2.5, palette.accent);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast as WCAG 2 defines it, 1.0 to 21.0.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let luminance = |color: Color32| {
            let [r, g, b, _] = egui::Rgba::from(color).to_array();
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_can_be_read_on_what_it_stands_on() {
        // WCAG 2: AA is 4.5, AAA is 7.
        for (p, soft) in [(LIGHT, 4.5), (DARK, 4.5), (LIGHT_CONTRAST, 7.0), (DARK_CONTRAST, 7.0)] {
            for ground in [p.paper, p.sheet, p.field, p.button, p.button_hovered, p.alert] {
                assert!(contrast(p.ink, ground) >= 7.0, "ink on {ground:?}");
            }
            for ground in [p.paper, p.sheet, p.field, p.alert] {
                let measured = contrast(p.soft_ink, ground);
                assert!(measured >= soft, "soft ink on {ground:?}: {measured}");
            }
            for ground in [p.paper, p.sheet, p.field] {
                let measured = contrast(p.accent, ground);
                assert!(measured >= soft, "accent on {ground:?}: {measured}");
            }
            assert!(contrast(p.on_accent, p.accent) >= soft);
            // Selected text, and what is chosen.
            for ink in [p.ink, p.accent] {
                assert!(contrast(ink, p.accent_soft) >= soft, "{ink:?} on the soft accent");
            }
        }
    }

    #[test]
    fn outlines_of_controls_stand_out() {
        for p in [LIGHT, DARK, LIGHT_CONTRAST, DARK_CONTRAST] {
            for ground in [p.paper, p.sheet, p.field] {
                let contrast = contrast(p.outline, ground);
                assert!(contrast >= 3.0, "outline on {ground:?}: {contrast}");
            }
        }
    }
}
