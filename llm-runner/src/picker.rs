//! Which token comes next.
//!
//! Used by the reader for each token it writes. Knows probabilities and
//! grammars, nothing of prompts and caches.

use anyhow::{Context as _, bail};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token::data::LlamaTokenData;
use llama_cpp_2::token::data_array::LlamaTokenDataArray;
use llm_protocol::Sampling;

/// Tokens of the reply the repetition penalty looks back on.
const PENALTY_WINDOW: i32 = 256;
/// A grammar is asked about this many of the likeliest tokens before it is
/// asked about all, which takes longer than computing a token.
const LIKELY: usize = 64;

/// Picks token after token of one reply.
pub struct Picker<'m> {
    model: &'m LlamaModel,
    means: Means,
}

enum Means {
    /// By probability, and chance.
    Free(LlamaSampler),
    /// The likeliest that the grammar allows.
    Grammar(LlamaSampler),
}

impl<'m> Picker<'m> {
    /// For talking.
    pub fn free(model: &'m LlamaModel, sampling: &Sampling) -> Self {
        Self { model, means: Means::Free(sampler(sampling, model.vocab().n_tokens())) }
    }

    /// For work: always the likeliest token, within `grammar` if there is one.
    pub fn strict(model: &'m LlamaModel, grammar: Option<&str>) -> anyhow::Result<Self> {
        let means = match grammar {
            None => Means::Free(LlamaSampler::greedy()),
            Some(grammar) => Means::Grammar(
                LlamaSampler::grammar(model, grammar, "root")
                    .context("a grammar was not understood")?,
            ),
        };
        Ok(Self { model, means })
    }

    /// The token that follows what `context` read last; `None` at the end.
    pub fn pick(&mut self, context: &LlamaContext<'_>) -> anyhow::Result<Option<LlamaToken>> {
        let vocab = self.model.vocab();
        let token = match &mut self.means {
            Means::Free(sampler) => sampler.sample(context, -1),
            Means::Grammar(grammar) => {
                // A grammar knows control tokens by the letters they are
                // written with, and would let them into any text.
                let fits = |token| vocab.is_eog(token) || !vocab.is_control(token);
                let token = likeliest_allowed(context, grammar, fits)?;
                if !vocab.is_eog(token) {
                    // `sample` would accept it too, but a refusal would be a
                    // C++ exception there and end the process.
                    grammar.try_accept(token).context("a grammar contradicts itself")?;
                }
                token
            }
        };
        Ok((!vocab.is_eog(token) && !vocab.is_control(token)).then_some(token))
    }
}

fn likeliest_allowed(
    context: &LlamaContext<'_>,
    grammar: &mut LlamaSampler,
    fits: impl Fn(LlamaToken) -> bool,
) -> anyhow::Result<LlamaToken> {
    let mut all: Vec<LlamaTokenData> = context.candidates_ith(-1).collect();
    let descending = |a: &LlamaTokenData, b: &LlamaTokenData| b.logit().total_cmp(&a.logit());
    if all.len() > LIKELY {
        all.select_nth_unstable_by(LIKELY, descending);
    }
    let mut likeliest_of = |tokens: Vec<LlamaTokenData>| {
        let mut allowed = LlamaTokenDataArray::new(tokens, false);
        allowed.apply_sampler(grammar);
        allowed
            .data
            .iter()
            .filter(|token| token.logit().is_finite() && fits(token.id()))
            .max_by(|a, b| a.logit().total_cmp(&b.logit()))
            .map(LlamaTokenData::id)
    };
    let likely = all[..all.len().min(LIKELY)].to_vec();
    match likeliest_of(likely).or_else(|| likeliest_of(all)) {
        Some(token) => Ok(token),
        None => bail!("a grammar leaves nothing to say"),
    }
}

fn sampler(sampling: &Sampling, vocabulary: i32) -> LlamaSampler {
    let penalties =
        LlamaSampler::penalties(vocabulary, PENALTY_WINDOW, sampling.repetition_penalty, 0.0, 0.0);
    if sampling.temperature <= 0.0 {
        return LlamaSampler::chain_simple([penalties, LlamaSampler::greedy()]);
    }
    let seed = sampling.seed.unwrap_or_else(random_seed);
    LlamaSampler::chain_simple([
        penalties,
        LlamaSampler::top_k(64),
        LlamaSampler::top_p(sampling.top_p, 1),
        LlamaSampler::min_p(sampling.min_p, 1),
        LlamaSampler::temp(sampling.temperature),
        LlamaSampler::dist(seed),
    ])
}

/// The standard library seeds its hash maps from the system's randomness.
fn random_seed() -> u32 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0) as u32
}
