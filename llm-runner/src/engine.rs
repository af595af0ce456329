//! The model and what it is asked to do with it.
//!
//! Owned by the computing thread. The conversation and the work beside it each
//! have a reader, so that neither loses what it has read to the other.

use crate::ending::Closers;
use crate::interrupt::{Interrupt, Priority};
use crate::picker::Picker;
use crate::prompt::{Ending, Prompter};
use crate::reader::{Halt, Look, Reader, Written};
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::LlamaModel;
use llm_protocol::{Message, PromptCost, RequestId, Role, Sampling};
use std::sync::Arc;

/// What work beside the conversation keeps in view: a task with its examples,
/// and a few lines. More would only cost memory.
const ASIDE_CONTEXT_TOKENS: u32 = 1536;

/// How a reply went.
pub struct Finished {
    pub prompt: PromptCost,
    pub written: Written,
}

/// What a reply is to be like.
#[derive(Clone, Copy)]
pub struct Reply<'a> {
    /// What it has already said.
    pub begun: &'a str,
    pub sampling: &'a Sampling,
    /// Tell first how likely the person has said all they want.
    pub judge_ending: bool,
}

/// What is told while a reply is made.
pub enum Told {
    /// How likely the person has said all they want.
    Ending(f32),
    /// More of the reply.
    Text(String),
}

/// A loaded model at work.
pub struct Engine<'m> {
    backend: &'m LlamaBackend,
    model: &'m LlamaModel,
    interrupt: Arc<Interrupt>,
    prompter: Prompter<'m>,
    closers: Closers,
    threads: i32,
    reply_tokens: usize,
    conversation: Reader<'m>,
    /// Made when it is first needed.
    aside: Option<Reader<'m>>,
}

impl<'m> Engine<'m> {
    /// Makes a context of `context_tokens` for a loaded model.
    pub fn new(
        backend: &'m LlamaBackend,
        model: &'m LlamaModel,
        interrupt: Arc<Interrupt>,
        context_tokens: u32,
        reply_tokens: u32,
        threads: u32,
    ) -> anyhow::Result<Self> {
        let threads = i32::try_from(threads.max(1))?;
        let conversation = Reader::new(
            backend,
            model,
            Arc::clone(&interrupt),
            Priority::Conversation,
            context_tokens,
            threads,
        )?;
        Ok(Self {
            reply_tokens: reply_tokens.clamp(1, conversation.context_tokens() / 2) as usize,
            backend,
            model,
            interrupt,
            prompter: Prompter::new(model)?,
            closers: Closers::of(model),
            threads,
            conversation,
            aside: None,
        })
    }

    /// Tokens the model keeps in view.
    pub fn context_tokens(&self) -> u32 {
        self.conversation.context_tokens()
    }

    /// Reads a prompt ahead, until it is read or a newer request is there.
    pub fn prepare(&mut self, id: RequestId, messages: &[Message]) -> Result<PromptCost, Halt> {
        self.interrupt.begin(id);
        let prompt = self.prompter.fit(messages, Ending::Open, self.prompt_limit())?;
        let system = system_of(messages);
        self.conversation.read_prompt(&prompt, system, Interrupt::is_superseded, None)
    }

    /// Answers the last message, telling `tell` of each piece of text.
    pub fn generate(
        &mut self,
        id: RequestId,
        messages: &[Message],
        reply: Reply<'_>,
        mut tell: impl FnMut(Told) -> anyhow::Result<()>,
    ) -> Result<Finished, Halt> {
        self.interrupt.begin(id);
        let Reply { begun, sampling, judge_ending } = reply;
        let ending = Ending::Reply { begun };
        let prompt = self.prompter.fit(messages, ending, self.prompt_limit())?;
        let last_word =
            if judge_ending { self.prompter.last_word(&prompt, messages) } else { None };
        let mut judge = |logits: &[f32]| tell(Told::Ending(self.closers.probability(logits)));
        let look = last_word.map(|at| Look { at, with: &mut judge });
        let system = system_of(messages);
        let cost = self.conversation.read_prompt(&prompt, system, |_| false, look)?;
        let picker = Picker::free(self.model, sampling);
        let text = |text| tell(Told::Text(text));
        let written = self.conversation.write(picker, sampling.max_tokens, text)?;
        Ok(Finished { prompt: cost, written })
    }

    /// Does a piece of work beside the conversation, which ends it whenever it
    /// wants the model.
    pub fn aside(
        &mut self,
        id: RequestId,
        messages: &[Message],
        grammar: Option<&str>,
        max_tokens: u32,
        on_text: impl FnMut(String) -> anyhow::Result<()>,
    ) -> Result<Finished, Halt> {
        self.interrupt.begin(id);
        if self.interrupt.stops(Priority::Aside) {
            return Err(Halt::Interrupted);
        }
        let picker = Picker::strict(self.model, grammar)?;
        let reader = match &mut self.aside {
            Some(reader) => reader,
            none => none.insert(Reader::new(
                self.backend,
                self.model,
                Arc::clone(&self.interrupt),
                Priority::Aside,
                ASIDE_CONTEXT_TOKENS,
                self.threads,
            )?),
        };
        let limit = reader.context_tokens() - max_tokens.clamp(1, reader.context_tokens() / 2);
        let ending = Ending::Reply { begun: "" };
        let prompt = self.prompter.fit(messages, ending, limit as usize)?;
        let cost = reader.read_prompt(&prompt, system_of(messages), |_| false, None)?;
        let written = reader.write(picker, max_tokens, on_text)?;
        Ok(Finished { prompt: cost, written })
    }

    fn prompt_limit(&self) -> usize {
        self.context_tokens() as usize - self.reply_tokens
    }
}

fn system_of(messages: &[Message]) -> Vec<String> {
    messages
        .iter()
        .take_while(|message| message.role == Role::System)
        .map(|message| message.content.clone())
        .collect()
}
