//! A context of the model, its cache, and how both are used.
//!
//! The engine has one for the conversation and one for work beside it. A
//! reader keeps the tokens its cache holds, reads only what is new, and can be
//! stopped between any two operations.

use crate::interrupt::{Interrupt, Priority};
use crate::picker::Picker;
use crate::prompt::Tokenized;
use crate::reuse;
use crate::utf8::Assembler;
use anyhow::{Context as _, anyhow};
use llama_cpp_2::DecodeError;
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::{LlamaModel, RopeType};
use llama_cpp_2::token::LlamaToken;
use llama_cpp_sys_2::LLAMA_FLASH_ATTN_TYPE_DISABLED;
use llm_protocol::{Fault, PromptCost, Stop};
use std::ffi::c_void;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Instant;

/// Tokens read in one go. What is under way when a request is stopped is lost,
/// so it is short; shorter ones would read noticeably slower.
const CHUNK_TOKENS: usize = 32;
/// llama.cpp's return value for "the abort callback said so".
const DECODE_ABORTED: i32 = 2;
/// The one sequence of the cache.
const SEQUENCE: i32 = 0;

/// Why computing ended early.
#[derive(Debug)]
pub enum Halt {
    /// The request was cancelled, or a newer one ended it.
    Interrupted,
    /// For people.
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// How writing went.
pub struct Written {
    pub stop: Stop,
    pub reply_tokens: u32,
    pub reply_ms: u64,
}

/// One context with what it has read.
pub struct Reader<'m> {
    // Dropped before `interrupt`, which its abort callback points to.
    context: LlamaContext<'m>,
    interrupt: Arc<Interrupt>,
    priority: Priority,
    model: &'m LlamaModel,
    batch: LlamaBatch<'static>,
    /// The tokens the cache holds, in order.
    read: Vec<LlamaToken>,
    /// The system messages among them.
    read_system: Vec<String>,
    can_shift: bool,
}

/// A look at what the model expects in the middle of a prompt.
pub struct Look<'a> {
    /// Behind this token of the prompt.
    pub at: usize,
    /// Is given a logit for each token of the vocabulary.
    pub with: &'a mut dyn FnMut(&[f32]) -> anyhow::Result<()>,
}

impl<'m> Reader<'m> {
    /// Makes a context of `context_tokens` for a loaded model.
    pub fn new(
        backend: &LlamaBackend,
        model: &'m LlamaModel,
        interrupt: Arc<Interrupt>,
        priority: Priority,
        context_tokens: u32,
        threads: i32,
    ) -> anyhow::Result<Self> {
        let context_tokens = context_tokens.clamp(256, model.n_ctx_train().max(256));
        let mut params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(context_tokens))
            .with_n_batch(CHUNK_TOKENS as u32)
            .with_n_ubatch(CHUNK_TOKENS as u32)
            // On a CPU, llama.cpp's flash attention takes twice as long as the
            // plain one to read a short question after a long conversation.
            .with_flash_attention_policy(LLAMA_FLASH_ATTN_TYPE_DISABLED)
            .with_n_threads(threads)
            .with_n_threads_batch(threads);
        set_abort_callback(&mut params, &interrupt, priority);
        let context = model.new_context(backend, params).context(Fault::TooLittleMemory)?;
        // Models with another notion of position cannot have it changed.
        let can_shift = matches!(model.rope_type(), Some(RopeType::Norm | RopeType::NeoX))
            && !model.is_recurrent()
            && !model.is_hybrid();
        Ok(Self {
            context,
            interrupt,
            priority,
            model,
            batch: LlamaBatch::new(CHUNK_TOKENS, 1),
            read: Vec::new(),
            read_system: Vec::new(),
            can_shift,
        })
    }

    /// Tokens the model keeps in view.
    pub fn context_tokens(&self) -> u32 {
        self.context.n_ctx()
    }

    /// Brings the cache to hold exactly `prompt`, and the model to the point
    /// where the next token can be drawn. `system` are its system messages;
    /// `look` is taken on the way.
    pub fn read_prompt(
        &mut self,
        prompt: &Tokenized,
        system: Vec<String>,
        give_way: impl Fn(&Interrupt) -> bool,
        mut look: Option<Look<'_>>,
    ) -> Result<PromptCost, Halt> {
        let began = Instant::now();
        let wanted = &prompt.tokens;
        // The last token is always read: its probabilities are what follows.
        let last = wanted.len().saturating_sub(1);
        let readable = look.as_ref().map_or(last, |look| look.at.min(last));
        let cached = self.reuse_cache(&wanted[..readable], system)?;
        while self.read.len() < wanted.len() {
            if self.interrupt.stops(self.priority) || give_way(&self.interrupt) {
                return Err(Halt::Interrupted);
            }
            let start = self.read.len();
            // The look is waited for: nothing is read behind it in the same go.
            let until = look.as_ref().map_or(wanted.len(), |look| look.at + 1);
            let chunk = &wanted[start..until.min(start + CHUNK_TOKENS).min(wanted.len())];
            let end = start + chunk.len();
            self.decode(chunk, |offset| start + offset == last || start + offset + 1 == until)?;
            if end == until
                && let Some(look) = look.take()
            {
                (look.with)(self.context.get_logits_ith(i32::try_from(chunk.len() - 1)?))?;
            }
        }
        Ok(PromptCost {
            prompt_tokens: wanted.len() as u32,
            cached_tokens: cached as u32,
            dropped_messages: prompt.dropped_messages as u32,
            prompt_ms: began.elapsed().as_millis() as u64,
        })
    }

    /// Writes on after a prompt was read, giving each piece of text to
    /// `on_text`.
    pub fn write(
        &mut self,
        mut picker: Picker<'_>,
        max_tokens: u32,
        mut on_text: impl FnMut(String) -> anyhow::Result<()>,
    ) -> Result<Written, Halt> {
        let began = Instant::now();
        let vocab = self.model.vocab();
        let mut assembler = Assembler::default();
        let mut reply_tokens = 0;
        let stop = loop {
            if reply_tokens >= max_tokens || self.read.len() >= self.context_tokens() as usize {
                break Stop::Length;
            }
            let Some(token) = picker.pick(&self.context)? else { break Stop::EndOfTurn };
            reply_tokens += 1;
            let text = assembler.push(&vocab.token_to_piece(token, false, None));
            if !text.is_empty() {
                on_text(text)?;
            }
            match self.decode(&[token], |_| true) {
                Ok(()) => {}
                Err(Halt::Interrupted) => break Stop::Cancelled,
                Err(failed) => return Err(failed),
            }
        };
        Ok(Written { stop, reply_tokens, reply_ms: began.elapsed().as_millis() as u64 })
    }

    /// Drops from the cache what `readable` does not begin with, and returns how
    /// many of its tokens need not be read.
    fn reuse_cache(
        &mut self,
        readable: &[LlamaToken],
        system: Vec<String>,
    ) -> anyhow::Result<usize> {
        // Moved tokens remember what stood before them. Turns that left may
        // echo; standing instructions that changed must not, and nothing may
        // in work that has to come out the same each time.
        let may_shift =
            self.can_shift && self.priority == Priority::Conversation && system == self.read_system;
        let plan = reuse::plan(&self.read, readable, may_shift);
        self.read_system = system;
        if self.edit_cache(&plan).is_err() {
            // A recurrent model has no cache that could be cut.
            self.context.clear_kv_cache();
            self.read.clear();
            return Ok(0);
        }
        self.read = readable[..plan.reused()].to_vec();
        Ok(plan.reused())
    }

    fn edit_cache(&mut self, plan: &reuse::Plan) -> anyhow::Result<()> {
        let keep = u32::try_from(plan.keep)?;
        if plan.moved.is_empty() {
            return Ok(self.context.kv_cache_seq_rm(SEQUENCE, Some(keep), None)?);
        }
        let start = u32::try_from(plan.moved.start)?;
        let end = u32::try_from(plan.moved.end)?;
        let delta = i32::try_from(plan.keep)? - i32::try_from(plan.moved.start)?;
        self.context.kv_cache_seq_rm(SEQUENCE, Some(end), None)?;
        self.context.kv_cache_seq_rm(SEQUENCE, Some(keep), Some(start))?;
        self.context.kv_cache_seq_add(SEQUENCE, Some(start), Some(end), delta)?;
        Ok(())
    }

    /// Reads at most one chunk. If it is interrupted the cache is as before.
    /// `wants_next` tells of which tokens it is asked what follows.
    fn decode(
        &mut self,
        tokens: &[LlamaToken],
        wants_next: impl Fn(usize) -> bool,
    ) -> Result<(), Halt> {
        self.batch.clear();
        for (offset, token) in tokens.iter().enumerate() {
            let position = i32::try_from(self.read.len() + offset)?;
            self.batch.add(*token, position, &[SEQUENCE], wants_next(offset))?;
        }
        match self.context.decode(&mut self.batch) {
            Ok(()) => {
                self.read.extend_from_slice(tokens);
                Ok(())
            }
            Err(DecodeError::Unknown(DECODE_ABORTED)) => Err(Halt::Interrupted),
            Err(error) => {
                self.context.clear_kv_cache();
                self.read.clear();
                Err(Halt::Failed(anyhow!("the model could not go on: {error}")))
            }
        }
    }
}

/// llama-cpp-2 has no setter for the abort callback.
fn set_abort_callback(
    params: &mut LlamaContextParams,
    interrupt: &Arc<Interrupt>,
    priority: Priority,
) {
    use llama_cpp_sys_2::llama_context_params;
    const { assert!(size_of::<LlamaContextParams>() == size_of::<llama_context_params>()) };
    const { assert!(align_of::<LlamaContextParams>() == align_of::<llama_context_params>()) };
    // SAFETY: the wrapper's one field is a `llama_context_params` (its version
    // is pinned), and as both have one size the field begins where it does.
    let raw = unsafe { &mut *std::ptr::from_mut(params).cast::<llama_context_params>() };
    raw.abort_callback = Some(priority.abort_callback());
    raw.abort_callback_data = Arc::as_ptr(interrupt).cast_mut().cast::<c_void>();
}
