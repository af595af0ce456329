//! How fast pictures follow one another while something moves.
//!
//! A graphics processor paints them beside everything else. Without one (a
//! virtual machine, a missing driver) the same cores paint that should
//! understand and answer, and at the usual pace they need half of a small
//! computer for it: answers came 0.3 s later. There, pictures follow slowly.

use eframe::egui::{Context, Id};
use std::time::Duration;

/// Between two pictures that the processor has to paint itself.
const SLOW: Duration = Duration::from_millis(200);

/// What OpenGL's painters that run on the processor call themselves.
const ON_THE_PROCESSOR: [&str; 4] = ["llvmpipe", "softpipe", "swiftshader", "software"];

/// Takes the pace that suits who paints, as OpenGL names it.
pub fn suit(ctx: &Context, renderer: &str) {
    let renderer = renderer.to_lowercase();
    if ON_THE_PROCESSOR.iter().any(|name| renderer.contains(name)) {
        ctx.data_mut(|data| data.insert_temp(id(), SLOW));
    }
}

/// How long the next picture can wait where it usually waits for `usual`. What is
/// to be seen at once is seen at once.
pub fn pause(ctx: &Context, usual: Duration) -> Duration {
    if usual.is_zero() {
        return usual;
    }
    usual.max(ctx.data(|data| data.get_temp(id())).unwrap_or_default())
}

fn id() -> Id {
    Id::unique("the pace of pictures")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_processor_that_paints_is_spared() {
        const USUAL: Duration = Duration::from_millis(40);
        for (renderer, expected) in [
            ("llvmpipe (LLVM 15.0.6, 256 bits)", SLOW),
            ("Google SwiftShader", SLOW),
            ("Mesa Intel(R) UHD Graphics 620 (KBL GT2)", USUAL),
            ("NVIDIA GeForce RTX 3060/PCIe/SSE2", USUAL),
        ] {
            let ctx = Context::default();
            suit(&ctx, renderer);
            assert_eq!(pause(&ctx, USUAL), expected, "{renderer}");
            assert_eq!(pause(&ctx, Duration::ZERO), Duration::ZERO);
            assert_eq!(pause(&ctx, Duration::from_secs(1)), Duration::from_secs(1));
        }
    }
}
