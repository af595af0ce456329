//! Whether they have finished, by how it sounds: melody, pace and fading of the
//! last words, judged by smart-turn v3.2, a network of 9 MB. Called each time
//! speech pauses; hears no words, keeps nothing of one call for the next.

mod mel;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::{NdTensor, prelude::*};

use self::mel::{BANDS, FRAMES, LogMel};

/// Why nothing can be said by sound.
#[derive(Debug, thiserror::Error)]
pub enum SmartTurnError {
    /// The file cannot be read, or is no network.
    #[error("{} cannot be used: {source}; remove it and pull it again", .path.display())]
    Load {
        /// The weight.
        path: PathBuf,
        /// What is wrong with it.
        source: rten::LoadError,
    },
    /// The file is a network, but another one.
    #[error("{} is not smart-turn; remove it and pull it again", .0.display())]
    OtherNetwork(PathBuf),
    /// The network did not come to a result.
    #[error("smart-turn failed: {0}")]
    Run(#[from] rten::RunError),
    /// The network's result is no probability.
    #[error("smart-turn gave no probability")]
    NoProbability,
}

/// The network, ready to judge.
pub struct SmartTurn {
    network: Model,
    input: NodeId,
    output: NodeId,
    options: RunOptions,
    log_mel: LogMel,
}

impl SmartTurn {
    /// Loads the weight, `smart-turn-v3.2-cpu.onnx`.
    ///
    /// # Errors
    /// If the file cannot be read or is not smart-turn.
    pub fn load(path: &Path) -> Result<Self, SmartTurnError> {
        let network = ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load_file(path)
            .map_err(|source| SmartTurnError::Load { path: path.to_owned(), source })?;
        let node = |name: &str| {
            network.node_id(name).map_err(|_| SmartTurnError::OtherNetwork(path.to_owned()))
        };
        // What is called logits has been through the sigmoid already.
        let (input, output) = (node("input_features")?, node("logits")?);
        // One thread: the recogniser works on the same words at the same time.
        let options =
            RunOptions::default().with_thread_pool(Some(Arc::new(ThreadPool::with_num_threads(1))));
        Ok(Self { network, input, output, options, log_mel: LogMel::new() })
    }

    /// How likely it is that the person has finished, 0.0 to 1.0, from the sound
    /// of their turn (16 kHz) including some 0.2 s of the pause after it. Only the
    /// last 8 s count.
    ///
    /// # Errors
    /// If the network fails.
    pub fn probability(&mut self, samples: &[f32]) -> Result<f32, SmartTurnError> {
        let features = NdTensor::from_data([1, BANDS, FRAMES], self.log_mel.compute(samples));
        let inputs = vec![(self.input, features.into())];
        let [output] = self.network.run_n(inputs, [self.output], Some(self.options.clone()))?;
        let output: NdTensor<f32, 2> =
            output.try_into().map_err(|_| SmartTurnError::NoProbability)?;
        let probability = output.iter().next().copied();
        probability.filter(|p| (0.0..=1.0).contains(p)).ok_or(SmartTurnError::NoProbability)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_network_is_refused_with_what_to_do() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let error = SmartTurn::load(&file).err().expect("refused").to_string();
        assert!(error.contains("Cargo.toml") && error.contains("pull it again"), "{error}");
    }
}
