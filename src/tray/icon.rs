//! Her icon in the tray: her shape, with a dot while the microphone is open
//! and a bar across while it is not, so that colour alone says nothing.

use crate::app::view::MicrophoneUse;
use eframe::icon_data::from_png_bytes;
use ksni::Icon;

/// Trays show icons of about 22 to 48 pixels; larger ones are scaled well.
const SIDE: u32 = 48;
/// Her colour on dark panels as on light ones.
const ACCENT: [u8; 4] = [255, 0xE0, 0x6C, 0x4C];
const WHITE: [u8; 4] = [255, 255, 255, 255];
const BLACK: [u8; 4] = [255, 0, 0, 0];

/// As the protocol wants it: alpha, red, green, blue.
pub(super) fn icon(microphone: MicrophoneUse) -> Vec<Icon> {
    let Ok(picture) = from_png_bytes(include_bytes!("../../assets/icon.png")) else {
        return Vec::new();
    };
    let mut data = Vec::with_capacity((SIDE * SIDE * 4) as usize);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let mark = match is_open(microphone) {
                true => dot(x, y),
                false => bar(x, y),
            };
            data.extend(mark.unwrap_or_else(|| shrunk(&picture, x, y)));
        }
    }
    vec![Icon { width: SIDE as i32, height: SIDE as i32, data }]
}

fn is_open(microphone: MicrophoneUse) -> bool {
    match microphone {
        MicrophoneUse::Hearing
        | MicrophoneUse::ForSpeech
        | MicrophoneUse::Deafened
        | MicrophoneUse::ForName
        | MicrophoneUse::ForKey
        // It may still give sound.
        | MicrophoneUse::Closing => true,
        MicrophoneUse::Opening
        | MicrophoneUse::Resting
        | MicrophoneUse::Muted
        | MicrophoneUse::Missing => false,
    }
}

/// A dot with a white ring, below on the right.
fn dot(x: u32, y: u32) -> Option<[u8; 4]> {
    let from_centre = (x as f32 - 37.5).hypot(y as f32 - 37.5);
    match from_centre {
        d if d <= 6.5 => Some(ACCENT),
        d if d <= 9.5 => Some(WHITE),
        _ => None,
    }
}

/// A black bar with white edges, from above on the right to below on the left.
fn bar(x: u32, y: u32) -> Option<[u8; 4]> {
    let from_bar = (x as f32 + y as f32 - 47.0).abs();
    match from_bar {
        d if d <= 3.0 => Some(BLACK),
        d if d <= 6.0 => Some(WHITE),
        _ => None,
    }
}

/// The mean of the picture's pixels that lie under this one.
fn shrunk(picture: &eframe::egui::IconData, x: u32, y: u32) -> [u8; 4] {
    let span = |at: u32, of: u32| at * of / SIDE..((at + 1) * of / SIDE).max(at * of / SIDE + 1);
    let (mut sums, mut count) = ([0_u32; 4], 0);
    for row in span(y, picture.height) {
        for column in span(x, picture.width) {
            let start = 4 * (row * picture.width + column) as usize;
            let [r, g, b, a] = [0, 1, 2, 3].map(|i| u32::from(picture.rgba[start + i]));
            for (sum, value) in sums.iter_mut().zip([a, r, g, b]) {
                *sum += value;
            }
            count += 1;
        }
    }
    sums.map(|sum| (sum / count) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_and_a_closed_microphone_look_different() {
        let pixels = |microphone| icon(microphone).remove(0).data;
        assert_eq!(pixels(MicrophoneUse::Hearing).len(), (SIDE * SIDE * 4) as usize);
        assert_ne!(pixels(MicrophoneUse::Hearing), pixels(MicrophoneUse::Muted));
        assert_eq!(pixels(MicrophoneUse::Resting), pixels(MicrophoneUse::Muted));
    }
}
