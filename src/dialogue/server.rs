//! Any OpenAI-compatible server: Ollama, llama.cpp, vLLM, LM Studio, or one
//! on the internet.
//!
//! Lives on the dialogue thread, with a single-threaded runtime of its own.
//! Speaks `POST {base_url}/chat/completions` with `stream: true`. The key is
//! sent to that server and appears nowhere else: in no log, event or error.

use super::local::to_message;
use super::responder::Link;
use super::{
    Aside, Dialogue, DialogueError, DialogueEvent, Message, Prompt, ReplyStats, Sampling, Told,
};
use crate::cancel::CancelToken;
use crate::settings::DialogueSettings;
use crate::wording::{server as words, troubles};
use eventsource_stream::Eventsource as _;
use futures_util::StreamExt as _;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Client, Url};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::timeout;

pub mod problem;
mod trial;

use problem::{Failure, Problem};
pub use trial::{TestReport, test};

/// How often a raised token is looked for.
const POLL: Duration = Duration::from_millis(10);
/// Time for a connection to close.
const HANG_UP: Duration = Duration::from_millis(2);
/// Of a server's own explanation, people see this many characters.
const MAX_EXPLANATION_CHARS: usize = 200;
/// Of an error's body, this much is read.
const MAX_ERROR_BYTES: usize = 16 * 1024;

/// How long to wait for what.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Until the server takes the connection.
    pub connect: Duration,
    /// Until the first piece of the reply: a home server may have to load the
    /// model first.
    pub first_token: Duration,
    /// Between one piece and the next.
    pub between_tokens: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_token: Duration::from_secs(60),
            between_tokens: Duration::from_secs(20),
        }
    }
}

/// Which server, which model.
pub struct Config {
    /// Such as `http://localhost:11434/v1`.
    base_url: Url,
    model: String,
    /// Marked sensitive, so that its `Debug` hides it.
    authorization: Option<HeaderValue>,
    context_tokens: u32,
    timeouts: Timeouts,
    asides: bool,
}

impl Config {
    /// What the settings ask for; reads the key from the environment variable
    /// they name.
    pub fn new(settings: &DialogueSettings) -> Result<Self, DialogueError> {
        let server = &settings.server;
        let unavailable = |reason: String| Err(DialogueError::Unavailable(reason));
        let base_url = match Url::parse(server.base_url.trim().trim_end_matches('/')) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => url,
            _ => {
                return unavailable(words::NO_ADDRESS.into());
            }
        };
        if server.model.trim().is_empty() {
            return unavailable(words::NO_MODEL.into());
        }
        let key = match server.api_key_env.trim() {
            "" => server.api_key.trim().to_owned(),
            name => match std::env::var(name) {
                Ok(key) => key.trim().to_owned(),
                Err(_) => {
                    return unavailable(words::NO_KEY.with(&[("name", &name)]));
                }
            },
        };
        let authorization = if key.is_empty() {
            None
        } else {
            let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {key}")) else {
                return unavailable(words::ODD_KEY.into());
            };
            value.set_sensitive(true);
            Some(value)
        };
        Ok(Self {
            base_url,
            model: server.model.trim().to_owned(),
            authorization,
            context_tokens: settings.context_tokens,
            timeouts: Timeouts::default(),
            asides: true,
        })
    }

    /// The same with other patience.
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// The same, but nothing is sent besides what is to be answered: each
    /// question to a server may cost money.
    pub fn without_asides(mut self) -> Self {
        self.asides = false;
        self
    }

    /// Where the words go, for people: host and, unless usual, port.
    fn place(&self) -> String {
        let host = self.base_url.host_str().unwrap_or_default();
        match self.base_url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }
}

/// The engine.
pub struct Server {
    config: Config,
    place: String,
    endpoint: String,
    client: Client,
    runtime: tokio::runtime::Runtime,
}

impl Server {
    /// Connects to nothing yet; the first reply does.
    pub fn new(config: Config, link: &Link) -> Result<Self, DialogueError> {
        let server = Self::silent(config)?;
        let model = troubles::MODEL_ON_SERVER
            .with(&[("model", &server.config.model), ("place", &server.place)]);
        link.report(DialogueEvent::Ready { model });
        Ok(server)
    }

    /// The same, without telling anybody.
    fn silent(config: Config) -> Result<Self, DialogueError> {
        let unavailable = |reason: &dyn std::fmt::Display| {
            DialogueError::Unavailable(words::CANNOT_SPEAK.with(&[("reason", reason)]))
        };
        // An error means that another part of the app has installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut headers = HeaderMap::new();
        if let Some(authorization) = &config.authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        let mut builder = Client::builder()
            .default_headers(headers)
            .connect_timeout(config.timeouts.connect)
            // Words meant for one server are not carried on to another.
            .redirect(reqwest::redirect::Policy::none());
        if is_loopback(&config.base_url) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| unavailable(&error))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| unavailable(&error))?;
        let place = config.place();
        let endpoint =
            format!("{}/chat/completions", config.base_url.as_str().trim_end_matches('/'));
        Ok(Self { config, place, endpoint, client, runtime })
    }

    async fn stream(
        &self,
        messages: &[Message],
        sampling: Sampling,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<ReplyStats, Failure> {
        let body = RequestBody {
            model: &self.config.model,
            messages,
            max_tokens: sampling.max_tokens,
            temperature: sampling.temperature,
            stream: true,
        };
        let request = self.client.post(&self.endpoint).json(&body).send();
        let response = timeout(self.config.timeouts.first_token, request)
            .await
            .map_err(|_| Problem::TooSlow)?
            .map_err(|error| Failure::of_connection(&error))?;
        if !response.status().is_success() {
            return Err(self.refused(response).await);
        }
        let mut events = response.bytes_stream().eventsource();
        let mut stats = ReplyStats::default();
        let mut finished = false;
        loop {
            let patience = if stats.reply_tokens == 0 {
                self.config.timeouts.first_token
            } else {
                self.config.timeouts.between_tokens
            };
            let event = match timeout(patience, events.next()).await {
                Err(_) => return Err(Problem::TooSlow.into()),
                // Some servers close the connection instead of saying [DONE].
                Ok(None) if finished => return Ok(stats),
                Ok(None | Some(Err(_))) => return Err(Problem::BrokeOff.into()),
                Ok(Some(Ok(event))) => event,
            };
            if event.data.trim() == "[DONE]" {
                return Ok(stats);
            }
            let Ok(chunk) = serde_json::from_str::<Chunk>(&event.data) else {
                let cause = event.data;
                return Err(Failure { problem: Problem::NotUnderstood, cause });
            };
            if let Some(error) = chunk.error {
                return Err(Problem::GaveUp(self.without_key(&error.message())).into());
            }
            if let Some(usage) = chunk.usage {
                stats.prompt_tokens = usage.prompt_tokens;
                stats.cached_tokens = usage.prompt_tokens_details.unwrap_or_default().cached_tokens;
            }
            if let Some(choice) = chunk.choices.into_iter().next() {
                finished |= choice.finish_reason.is_some();
                let text = choice.delta.and_then(|delta| delta.content).unwrap_or_default();
                if !text.is_empty() {
                    // Servers send a piece for each token, more or less.
                    stats.reply_tokens += 1;
                    on_text(&text);
                }
            }
        }
    }

    /// What a server says about an error, short, on one line, and without the
    /// key should it repeat that.
    fn without_key(&self, explanation: &str) -> String {
        let mut explanation = explanation.split_whitespace().collect::<Vec<_>>().join(" ");
        let authorization = self.config.authorization.as_ref().and_then(|v| v.to_str().ok());
        if let Some(key) = authorization.and_then(|value| value.strip_prefix("Bearer ")) {
            explanation = explanation.replace(key, "(key)");
        }
        explanation.chars().take(MAX_EXPLANATION_CHARS).collect()
    }

    async fn refused(&self, response: reqwest::Response) -> Failure {
        let status = response.status();
        let body = timeout(self.config.timeouts.connect, error_body(response)).await;
        let body = body.unwrap_or_default();
        let explanation = serde_json::from_slice::<ErrorBody>(&body)
            .map(|body| body.error.message())
            .unwrap_or_default();
        let problem = Problem::of_status(status, self.without_key(&explanation));
        // Its explanation may hold parts of the key.
        let explanation = if problem == Problem::Key { "" } else { explanation.as_str() };
        Failure { problem, cause: format!("{status} {explanation}") }
    }
}

impl Dialogue for Server {
    fn prepare(&mut self, _: &Prompt, _: &CancelToken) -> Result<(), DialogueError> {
        // A server keeps its own cache; reading ahead would cost a request.
        Ok(())
    }

    fn reply(
        &mut self,
        prompt: &Prompt,
        sampling: Sampling,
        cancel: &CancelToken,
        tell: &mut dyn FnMut(Told<'_>),
    ) -> Result<ReplyStats, DialogueError> {
        let on_text = &mut |text: &str| tell(Told::Text(text));
        let messages = in_view(prompt, sampling, self.config.context_tokens)?;
        let replied = self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = raised(cancel) => Err(DialogueError::Cancelled),
                replied = self.stream(&messages, sampling, on_text) => replied.map_err(|failure| {
                    tracing::debug!("the language model server failed: {:?}", failure.problem);
                    failure.problem.into_error(&self.place, &self.config.model)
                }),
            }
        });
        // The connection is a task of its own, which runs only while something
        // is waited for: it needs this moment to close, so that the server
        // does not go on writing for nobody.
        self.runtime.block_on(async { tokio::time::sleep(HANG_UP).await });
        replied
    }

    fn aside(&mut self, aside: &Aside, cancel: &CancelToken) -> Result<String, DialogueError> {
        if !self.config.asides {
            return Err(DialogueError::Failed(
                "The language model server is only asked to answer.".into(),
            ));
        }
        let sampling =
            Sampling { max_tokens: aside.max_tokens, temperature: 0.0, judge_ending: false };
        let mut text = String::new();
        self.reply(&aside.prompt, sampling, cancel, &mut |told| {
            if let Told::Text(more) = told {
                text.push_str(more);
            }
        })?;
        Ok(text)
    }
}

/// The messages that fit, by an estimate of their tokens: the server's own
/// count is not known.
fn in_view(
    prompt: &Prompt,
    sampling: Sampling,
    context_tokens: u32,
) -> Result<Vec<Message>, DialogueError> {
    let messages: Vec<_> = prompt.messages.iter().map(to_message).collect();
    let limit = context_tokens.saturating_sub(sampling.max_tokens) as usize;
    let fixed = llm_protocol::window::turns(messages.iter().map(|m| m.role)).fixed.end;
    let first = llm_protocol::window::first_kept(&messages, limit, estimated_tokens);
    let Some(first) = first else {
        return Err(DialogueError::Failed(troubles::TOO_LONG.into()));
    };
    Ok(prompt.messages[..fixed].iter().chain(&prompt.messages[first..]).cloned().collect())
}

/// English has about four bytes a token, most other languages fewer.
fn estimated_tokens(message: &llm_protocol::Message) -> usize {
    message.content.len().div_ceil(3) + 5
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let address =
            host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    })
}

async fn raised(cancel: &CancelToken) {
    while !cancel.is_cancelled() {
        tokio::time::sleep(POLL).await;
    }
}

async fn error_body(mut response: reqwest::Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(bytes)) = response.chunk().await {
        body.extend_from_slice(&bytes);
        if body.len() >= MAX_ERROR_BYTES {
            break;
        }
    }
    body
}

#[derive(Serialize)]
struct RequestBody<'a> {
    model: &'a str,
    messages: &'a [Message],
    max_tokens: u32,
    temperature: f32,
    stream: bool,
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
    #[serde(default)]
    error: Option<ServerError>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Option<Delta>,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    #[serde(default)]
    content: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u32,
    #[serde(default)]
    prompt_tokens_details: Option<UsageDetails>,
}

#[derive(Default, Deserialize)]
struct UsageDetails {
    #[serde(default)]
    cached_tokens: u32,
}

#[derive(Deserialize)]
struct ErrorBody {
    error: ServerError,
}

/// OpenAI sends an object, some others a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum ServerError {
    Text(String),
    Object { message: String },
    Other(serde::de::IgnoredAny),
}

impl ServerError {
    fn message(self) -> String {
        match self {
            Self::Text(message) | Self::Object { message } => message,
            Self::Other(_) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests;
