//! Paints the window without a graphics card: slowly, but the same on every
//! machine, so that pictures can be compared to the last bit.

use eframe::egui::epaint::{ClippedPrimitive, ImageData, Mesh, Primitive, Vertex};
use eframe::egui::{self, Color32, ColorImage, Pos2, Rect, TextureId, TexturesDelta, pos2};
use egui_kittest::TestRenderer;
use image::{Rgba, RgbaImage};
use std::collections::HashMap;

/// The renderer.
#[derive(Default)]
pub struct Painter {
    textures: HashMap<TextureId, ColorImage>,
}

impl TestRenderer for Painter {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for (id, images) in delta.set.drain() {
            for change in images {
                let ImageData::Color(new) = change.image;
                match (change.pos, self.textures.get_mut(&id)) {
                    (Some([left, top]), Some(texture)) => {
                        let width = texture.size[0];
                        for (y, row) in new.pixels.chunks(new.size[0]).enumerate() {
                            let start = (top + y) * width + left;
                            texture.pixels[start..start + row.len()].copy_from_slice(row);
                        }
                    }
                    _ => drop(self.textures.insert(id, (*new).clone())),
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn render(
        &mut self,
        ctx: &egui::Context,
        output: &egui::FullOutput,
    ) -> Result<RgbaImage, String> {
        let scale = output.pixels_per_point;
        let size = ctx.content_rect().size() * scale;
        let mut picture = RgbaImage::new(size.x.round() as u32, size.y.round() as u32);
        for ClippedPrimitive { clip_rect, primitive } in
            ctx.tessellate(output.shapes.clone(), scale)
        {
            let Primitive::Mesh(mesh) = primitive else {
                return Err("only what egui itself paints can be painted here".into());
            };
            let texture = self.textures.get(&mesh.texture_id).ok_or("a texture is missing")?;
            let clip = Rect::from_min_max(
                (clip_rect.min.to_vec2() * scale).to_pos2().round(),
                (clip_rect.max.to_vec2() * scale).to_pos2().round(),
            );
            paint(&mut picture, &mesh, texture, clip, scale);
        }
        Ok(picture)
    }
}

fn paint(picture: &mut RgbaImage, mesh: &Mesh, texture: &ColorImage, clip: Rect, scale: f32) {
    let whole =
        Rect::from_min_max(Pos2::ZERO, pos2(picture.width() as f32, picture.height() as f32));
    let clip = clip.intersect(whole);
    for corners in mesh.indices.chunks_exact(3) {
        let corners = [0, 1, 2].map(|i| {
            let vertex = mesh.vertices[corners[i] as usize];
            Vertex { pos: (vertex.pos.to_vec2() * scale).to_pos2(), ..vertex }
        });
        triangle(picture, corners, texture, clip);
    }
}

/// Every pixel whose middle lies within; what lies on an edge belongs to one of
/// the two triangles that share it.
fn triangle(
    picture: &mut RgbaImage,
    [a, mut b, mut c]: [Vertex; 3],
    texture: &ColorImage,
    clip: Rect,
) {
    let mut area = edge(a.pos, b.pos, c.pos);
    if area < 0.0 {
        (b, c, area) = (c, b, -area);
    }
    if area == 0.0 {
        return;
    }
    let bounds = Rect::from_points(&[a.pos, b.pos, c.pos]).intersect(clip);
    for y in bounds.top().floor().max(0.0) as u32..bounds.bottom().ceil().max(0.0) as u32 {
        for x in bounds.left().floor().max(0.0) as u32..bounds.right().ceil().max(0.0) as u32 {
            let at = pos2(x as f32 + 0.5, y as f32 + 0.5);
            if !clip.contains(at) || x >= picture.width() || y >= picture.height() {
                continue;
            }
            let sides = [(b.pos, c.pos), (c.pos, a.pos), (a.pos, b.pos)];
            let weights = sides.map(|(from, to)| (edge(from, to, at), owns(from, to)));
            if weights.iter().all(|(weight, owns)| *weight > 0.0 || (*weight == 0.0 && *owns)) {
                let [u, v, w] = weights.map(|(weight, _)| weight / area);
                let mix = |of: fn(&Vertex) -> f32| u * of(&a) + v * of(&b) + w * of(&c);
                let tint = [0, 1, 2, 3].map(|i| {
                    u * f32::from(a.color[i])
                        + v * f32::from(b.color[i])
                        + w * f32::from(c.color[i])
                });
                let texel = sample(texture, mix(|vertex| vertex.uv.x), mix(|vertex| vertex.uv.y));
                blend(
                    picture.get_pixel_mut(x, y),
                    [0, 1, 2, 3].map(|i| tint[i] * texel[i] / 255.0),
                );
            }
        }
    }
}

/// Twice the area to the right of the edge.
fn edge(from: Pos2, to: Pos2, at: Pos2) -> f32 {
    (to.x - from.x) * (at.y - from.y) - (to.y - from.y) * (at.x - from.x)
}

/// Whether what lies on this edge belongs to the triangle.
fn owns(from: Pos2, to: Pos2) -> bool {
    to.y < from.y || (to.y == from.y && to.x > from.x)
}

/// The texture between its four nearest pixels.
fn sample(texture: &ColorImage, u: f32, v: f32) -> [f32; 4] {
    let [width, height] = texture.size;
    let (x, y) = (u * width as f32 - 0.5, v * height as f32 - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let pixel = |x: f32, y: f32| -> Color32 {
        let x = (x.max(0.0) as usize).min(width - 1);
        let y = (y.max(0.0) as usize).min(height - 1);
        texture.pixels[y * width + x]
    };
    let (right_share, lower_share) = (x - left, y - top);
    [0, 1, 2, 3].map(|i| {
        let row = |y: f32| {
            f32::from(pixel(left, y)[i]) * (1.0 - right_share)
                + f32::from(pixel(left + 1.0, y)[i]) * right_share
        };
        row(top) * (1.0 - lower_share) + row(top + 1.0) * lower_share
    })
}

/// Colours have their alpha multiplied in, as egui has them.
fn blend(pixel: &mut Rgba<u8>, [r, g, b, a]: [f32; 4]) {
    let rest = 1.0 - a / 255.0;
    for (below, above) in pixel.0.iter_mut().zip([r, g, b, a]) {
        *below = (above + f32::from(*below) * rest).round().clamp(0.0, 255.0) as u8;
    }
}
