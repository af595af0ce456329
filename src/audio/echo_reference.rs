//! Which sound of hers is taken out of what the microphone hears, if any.
//!
//! Used by [`super::attentive`]. Her own voice tells what it plays; of the
//! system's, the sound server's monitor of the loudspeaker does. Where neither
//! is to be had, she does not listen while she speaks.

use super::EchoGuard;
use super::reference::ReferenceReader;
use crate::settings::Headphones;
use std::time::Instant;

/// See the module.
pub(super) struct EchoReference {
    own: Option<ReferenceReader>,
    headphones: Headphones,
}

impl EchoReference {
    pub(super) fn new(own: Option<ReferenceReader>) -> Self {
        Self { own, headphones: Headphones::Auto }
    }
    pub(super) fn want(&mut self, _on: bool) {}
    pub(super) fn set_headphones(&mut self, headphones: Headphones) {
        self.headphones = headphones;
    }
    pub(super) fn guard(&self, _now: Instant) -> EchoGuard {
        if self.headphones == Headphones::Yes { EchoGuard::Headphones } else { EchoGuard::HalfDuplex }
    }
    pub(super) fn read(&mut self, from: Instant, count: usize) -> Vec<f32> {
        let _ = (from, &self.own); vec![0.0; count]
    }
}
