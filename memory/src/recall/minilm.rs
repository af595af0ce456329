//! [`Embedder`] by all-MiniLM-L6-v2 in ONNX: one file of 23 MB, some
//! milliseconds a sentence.

use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use anyhow::Context;
use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};

use super::embed::{Embedder, Embedding, SIZE};
use super::wordpiece::pieces;

/// Names vectors of this model.
const ID: &str = "all-minilm-l6-v2-int8/1";
/// Pieces that are read of a text; more take time and tell little.
const PIECES_MOST: usize = 64;
/// A question is waited for: two threads halve that, more would not pay.
const THREADS: usize = 2;

/// Everyday requests, embedded: the lines of `assets/requests.txt` in order,
/// written by `examples/embed_requests.rs`.
static REQUESTS: LazyLock<Vec<Embedding>> = LazyLock::new(|| {
    let bytes = include_bytes!("../../assets/requests.bin");
    bytes.chunks_exact(SIZE).filter_map(Embedding::from_bytes).collect()
});

/// The loaded model.
pub struct MiniLm {
    model: Model,
    inputs: [NodeId; 3],
    output: NodeId,
    threads: Arc<ThreadPool>,
    /// The latest text: what a person says is searched for and kept, perhaps in
    /// advance as well, and the reply waits for each.
    latest: Mutex<Option<(String, Embedding)>>,
}

impl MiniLm {
    /// Loads the file. Fails if it is damaged or another model's.
    pub fn load(file: &Path) -> anyhow::Result<Self> {
        let model = ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load_file(file)
            .with_context(|| format!("{} is no model that can be used", file.display()))?;
        let node = |name: &str| {
            model.node_id(name).with_context(|| format!("{} has no {name}", file.display()))
        };
        let inputs = [node("input_ids")?, node("attention_mask")?, node("token_type_ids")?];
        let output = node("last_hidden_state")?;
        let threads = Arc::new(ThreadPool::with_num_threads(THREADS));
        Ok(Self { model, inputs, output, threads, latest: Mutex::new(None) })
    }

    fn compute(&self, text: &str) -> anyhow::Result<Embedding> {
        let ids = pieces(text, PIECES_MOST);
        let shape = [1, ids.len()];
        let [input_ids, mask, types] = self.inputs;
        let inputs = vec![
            (input_ids, NdTensor::from_data(shape, ids).into()),
            (mask, NdTensor::full(shape, 1_i32).into()),
            (types, NdTensor::full(shape, 0_i32).into()),
        ];
        let options = RunOptions::default().with_thread_pool(Some(self.threads.clone()));
        let [hidden] = self.model.run_n(inputs, [self.output], Some(options))?;
        let hidden: NdTensorView<'_, f32, 3> = hidden.as_view().try_into()?;
        // The meaning of a sentence is the mean of its pieces'.
        let mut sum = [0.0; SIZE];
        anyhow::ensure!(hidden.size(2) == SIZE, "the model gives vectors of another size");
        for piece in hidden.slice(0).inner_iter::<1>() {
            for (s, x) in sum.iter_mut().zip(piece.iter()) {
                *s += x;
            }
        }
        Embedding::new(&sum).context("the model gave no direction")
    }
}

impl Embedder for MiniLm {
    fn id(&self) -> &str {
        ID
    }

    fn embed(&self, text: &str) -> anyhow::Result<Embedding> {
        let latest = || self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, embedding)) = latest().as_ref().filter(|(of, _)| of == text) {
            return Ok(embedding.clone());
        }
        let embedding = self.compute(text)?;
        *latest() = Some((text.to_owned(), embedding.clone()));
        Ok(embedding)
    }

    fn requests(&self) -> &[Embedding] {
        &REQUESTS
    }
}
