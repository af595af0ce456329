//! Whether somebody speaks: a probability for each 32 ms of sound.
//!
//! The network is Silero VAD (`assets/NOTICE`), run by `rten` on one thread.
//! Called by whoever follows the microphone, who hands the scores to
//! [`crate::activity`]. Never decides where speech begins or ends, and never
//! keeps more sound than a frame.

use std::sync::Arc;

use rten::{LoadError, Model, NodeId, RunError, RunOptions, ThreadPool};
use rten_tensor::{NdTensor, NdTensorView, prelude::*};

static NETWORK: &[u8] = include_bytes!("../assets/silero_vad_16k.onnx");

/// What one score is about.
pub const FRAME_SAMPLES: usize = 512;
/// Of the frame before, the network sees the end once more.
const CONTEXT_SAMPLES: usize = 64;
/// What the network remembers: two rows of an LSTM.
const STATE: [usize; 3] = [2, 1, 128];
/// In long noise the network grows deaf: after a minute of it, up to half of
/// the speech that follows is missed. So it begins anew when so many frames
/// (10 s) in a row were no speech.
const QUIET_FRAMES: u32 = 312;
/// A score below is surely no speech.
const QUIET_SCORE: f32 = 0.35;

/// The detector cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VadError {
    /// The network cannot be loaded.
    #[error("the speech detector cannot be loaded: {0}")]
    Load(#[source] Box<LoadError>),
    /// The network is another than it should be.
    #[error("the speech detector has no {0}")]
    Node(&'static str),
    /// The network failed.
    #[error("the speech detector failed: {0}")]
    Run(#[source] Box<RunError>),
    /// The network gave something else than a score and its state.
    #[error("the speech detector gave no score")]
    Output,
}

/// Follows a stream of sound.
pub struct Vad {
    network: Model,
    inputs: [NodeId; 3],
    outputs: [NodeId; 2],
    options: RunOptions,
    /// The context, then less than a frame.
    pending: Vec<f32>,
    state: NdTensor<f32, 3>,
    /// Frames since one may have been speech.
    quiet_frames: u32,
}

impl Vad {
    /// At the beginning of a stream.
    ///
    /// # Errors
    /// If the network that is built in cannot be used.
    pub fn new() -> Result<Self, VadError> {
        Self::with_network(Model::load_static_slice(NETWORK))
    }

    /// With another version of Silero VAD, as an ONNX file's bytes: for
    /// comparisons.
    ///
    /// # Errors
    /// If they are not such a network.
    pub fn from_onnx(network: Vec<u8>) -> Result<Self, VadError> {
        Self::with_network(Model::load(network))
    }

    fn with_network(network: Result<Model, LoadError>) -> Result<Self, VadError> {
        let network = network.map_err(|error| VadError::Load(Box::new(error)))?;
        let node = |name| network.find_node(name).ok_or(VadError::Node(name));
        Ok(Self {
            inputs: [node("input")?, node("state")?, node("sr")?],
            outputs: [node("output")?, node("stateN")?],
            // A frame is too little work to share.
            options: RunOptions::default()
                .with_thread_pool(Some(Arc::new(ThreadPool::with_num_threads(1)))),
            pending: vec![0.0; CONTEXT_SAMPLES],
            state: NdTensor::zeros(STATE),
            quiet_frames: 0,
            network,
        })
    }

    /// More sound, in pieces of any size: appends a probability of speech in
    /// 0.0..=1.0 for each frame that is whole now. A sample that is no number
    /// counts as silence.
    ///
    /// # Errors
    /// If the network fails; go on after [`Self::reset`].
    pub fn push(&mut self, samples: &[f32], scores: &mut Vec<f32>) -> Result<(), VadError> {
        let finite = |&sample: &f32| if sample.is_finite() { sample } else { 0.0 };
        self.pending.extend(samples.iter().map(finite));
        let mut done = 0;
        while let Some(window) = self.pending[done..].get(..CONTEXT_SAMPLES + FRAME_SAMPLES) {
            let window = NdTensor::from_data([1, window.len()], window.to_vec());
            scores.push(self.score(window)?);
            done += FRAME_SAMPLES;
        }
        self.pending.drain(..done);
        Ok(())
    }

    /// Forgets what it heard: another stream begins.
    pub fn reset(&mut self) {
        self.pending.clear();
        self.pending.resize(CONTEXT_SAMPLES, 0.0);
        self.forget();
    }

    fn forget(&mut self) {
        self.state = NdTensor::zeros(STATE);
        self.quiet_frames = 0;
    }

    fn score(&mut self, window: NdTensor<f32, 2>) -> Result<f32, VadError> {
        let [sound, state, rate] = self.inputs;
        let rate_hz = NdTensor::from(crate::RATE_HZ as i32);
        let inputs =
            vec![(sound, window.into()), (state, self.state.view().into()), (rate, rate_hz.into())];
        let [score, state] = self
            .network
            .run_n(inputs, self.outputs, Some(self.options.clone()))
            .map_err(|error| VadError::Run(Box::new(error)))?;
        self.state = state.try_into().map_err(|_| VadError::Output)?;
        let score: NdTensorView<f32, 2> =
            score.as_view().try_into().map_err(|_| VadError::Output)?;
        let score = score.get([0, 0]).copied().ok_or(VadError::Output)?;
        self.quiet_frames = if score < QUIET_SCORE { self.quiet_frames + 1 } else { 0 };
        if self.quiet_frames >= QUIET_FRAMES {
            self.forget();
        }
        Ok(score)
    }
}

#[cfg(test)]
pub(crate) mod tests;
