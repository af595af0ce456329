//! Writes `assets/requests.bin`, the everyday requests of
//! `assets/requests.txt` embedded:
//! `cargo run --release -p memory --example embed_requests -- MODEL`
//!
//! Needed when the requests or the model change; MODEL is its ONNX file.

use std::path::Path;

use anyhow::{Context, Result};
use memory::recall::{Embedder as _, MiniLm};

fn main() -> Result<()> {
    let model = std::env::args().nth(1).context("Give the model's ONNX file.")?;
    let model = MiniLm::load(Path::new(&model))?;
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let mut bytes = Vec::new();
    for request in std::fs::read_to_string(assets.join("requests.txt"))?.lines() {
        bytes.extend(model.embed(request)?.bytes());
    }
    std::fs::write(assets.join("requests.bin"), bytes)?;
    Ok(())
}
