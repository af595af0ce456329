//! From messages to tokens: the model's own chat template, and which turns
//! stay when the context is full.

use crate::ending;
use anyhow::{Context as _, bail};
use llama_cpp_2::model::{LlamaChatMessage, LlamaChatTemplate, LlamaModel};
use llama_cpp_2::token::LlamaToken;
use llm_protocol::{Fault, Message, Role, window};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What Qwen's template writes when a model that likes to think aloud at
/// length should answer at once.
const NO_THINKING: (&str, &str) = ("enable_thinking is false", "<think>\n\n</think>\n\n");

/// Makes prompts for one model.
pub struct Prompter<'m> {
    model: &'m LlamaModel,
    template: LlamaChatTemplate,
    /// Follows the template's opening of a reply.
    reply_prefix: &'static str,
    /// Texts that would become control tokens, such as `<|im_end|>`.
    control_texts: Vec<String>,
    /// Tokens a message takes besides its content.
    overhead_tokens: usize,
    /// Tokens of messages by the hash of their content: a conversation comes
    /// whole every time, but only its end is new.
    costs: HashMap<u64, usize>,
}

/// A prompt ready to be read.
pub struct Tokenized {
    /// What they were made of.
    text: String,
    pub tokens: Vec<LlamaToken>,
    /// Messages left out at the beginning.
    pub dropped_messages: usize,
}

/// What the tokens should end with.
#[derive(Clone, Copy)]
pub enum Ending<'a> {
    /// Whatever the person says next.
    Open,
    /// A reply that has already said this much.
    Reply { begun: &'a str },
}

impl<'m> Prompter<'m> {
    pub fn new(model: &'m LlamaModel) -> anyhow::Result<Self> {
        let vocab = model.vocab();
        let control_texts = vocab
            .tokens()
            .filter(|token| vocab.is_control(*token))
            .filter_map(|token| vocab.text(token)?.to_str().ok().map(str::to_owned))
            .filter(|text| text.len() > 1)
            .collect();
        let own = model.chat_template(None).context(Fault::ModelCannotConverse)?;
        let mut prompter = Self {
            model,
            reply_prefix: own
                .to_str()
                .map_or("", |text| if text.contains(NO_THINKING.0) { NO_THINKING.1 } else { "" }),
            template: own,
            control_texts,
            overhead_tokens: 0,
            costs: HashMap::new(),
        };
        let probe = Message { role: Role::User, content: "a".into() };
        let rendered =
            prompter.render(&[&probe], Ending::Open).context(Fault::ModelCannotConverse)?;
        prompter.overhead_tokens = prompter.tokenize(&rendered).len();
        Ok(prompter)
    }

    /// The tokens of as much of the conversation as `limit_tokens` allow.
    pub fn fit(
        &mut self,
        messages: &[Message],
        ending: Ending<'_>,
        limit_tokens: usize,
    ) -> anyhow::Result<Tokenized> {
        let fixed = window::turns(messages.iter().map(|m| m.role)).fixed.end;
        let mut first = window::first_kept(messages, limit_tokens, |message| self.cost(message))
            .context(Fault::TooLong)?;
        loop {
            let kept: Vec<&Message> = messages[..fixed].iter().chain(&messages[first..]).collect();
            let rendered = self.render(&kept, ending)?;
            let tokens = self.tokenize(&rendered);
            if tokens.len() <= limit_tokens {
                let dropped_messages = first - fixed;
                return Ok(Tokenized { text: rendered, tokens, dropped_messages });
            }
            // The cost of each message is counted apart, so that the sum may
            // be off by a few tokens: then one more turn leaves.
            let next = messages[first..].iter().skip(1).position(|m| m.role == Role::User);
            match next {
                Some(offset) => first += offset + 1,
                None => bail!(Fault::TooLong),
            }
        }
    }

    /// Where the last word of the person's last message stands among the tokens,
    /// without the mark behind it; `None` if no token ends there.
    pub fn last_word(&self, prompt: &Tokenized, messages: &[Message]) -> Option<usize> {
        let message = messages.last().filter(|message| message.role == Role::User)?;
        let content = self.defuse(&message.content);
        let words = ending::without_mark(&content);
        let end = prompt.text.rfind(words).filter(|_| !words.is_empty())? + words.len();
        let tokens = self.tokenize(&prompt.text[..end]);
        prompt.tokens.starts_with(&tokens).then(|| tokens.len() - 1)
    }

    fn cost(&mut self, message: &Message) -> usize {
        let mut hasher = DefaultHasher::new();
        message.content.hash(&mut hasher);
        let content_tokens = *self.costs.entry(hasher.finish()).or_insert_with(|| {
            self.model.vocab().tokenize(message.content.as_bytes(), false, false).len()
        });
        content_tokens + self.overhead_tokens
    }

    fn render(&self, messages: &[&Message], ending: Ending<'_>) -> anyhow::Result<String> {
        let chat = messages
            .iter()
            .map(|m| LlamaChatMessage::new(m.role.as_str().into(), self.defuse(&m.content)))
            .collect::<Result<Vec<_>, _>>()?;
        let opens_reply = matches!(ending, Ending::Reply { .. });
        let mut text = self.model.apply_chat_template(&self.template, &chat, opens_reply)?;
        if let Ending::Reply { begun } = ending {
            text.push_str(self.reply_prefix);
            text.push_str(begun);
        }
        Ok(text)
    }

    /// Nobody speaks in control tokens: what looks like one is broken up, so
    /// that a message cannot end itself and go on in another's name.
    fn defuse(&self, content: &str) -> String {
        let mut content = content.replace('\0', " ");
        for control in &self.control_texts {
            if content.contains(control.as_str()) {
                let mut characters = control.chars();
                let broken: String =
                    characters.next().into_iter().chain([' ']).chain(characters).collect();
                content = content.replace(control.as_str(), &broken);
            }
        }
        content
    }

    fn tokenize(&self, text: &str) -> Vec<LlamaToken> {
        self.model.vocab().tokenize(text.as_bytes(), true, true)
    }
}
