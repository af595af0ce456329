//! The Whisper models by way of whisper.cpp.
//!
//! Built and owned by one thread (see [`super::worker`], or the command line).
//! Finds out whether anybody speaks before it runs the network, cuts long
//! sound at pauses, and drops what the network only imagined. Knows nothing of
//! turns.

use super::gate::SpeechMeter;
use super::hallucination::{self, Evidence};
use super::windows;
use super::{RecognizeError, Recognizer, Transcript};
use crate::audio::SPEECH_RATE_HZ;
use crate::cancel::CancelToken;
use crate::wording::{fetching, reasons, troubles};
use std::ffi::c_void;
use std::fmt::Display;
use std::ops::Range;
use std::path::Path;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use whisper_rs::{
    FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperError,
    WhisperState, WhisperSysContext, WhisperSysState,
};

/// Encoder positions a second of sound.
const POSITIONS_PER_S: usize = 50;
/// Whisper ends its sentences in silence; without any after the speech it
/// repeats itself or loses the last word.
const MARGIN_POSITIONS: usize = 128;
/// More of it breaks most loops, but costs more.
const WIDE_MARGIN_POSITIONS: usize = 448;
/// Mean log probability below which a passage may be better at a second try.
const POOR: f32 = -1.0;
/// Below this the encoder sees so little that it invents.
const MIN_POSITIONS: usize = 384;
/// 30 s, what the networks were trained on.
const MAX_POSITIONS: usize = 1500;
/// Whisper.cpp refuses what is shorter than 1 s, and rounds.
const MIN_SAMPLES: usize = (SPEECH_RATE_HZ as usize * 11) / 10;
/// The network counts time in steps of 20 ms.
const SAMPLES_PER_TICK: usize = SPEECH_RATE_HZ as usize / 50;
/// More speech than this after the end of the text was not read.
const MAX_UNREAD_S: f32 = 1.2;
/// An end earlier than this is not believed.
const MIN_READ_SAMPLES: usize = SPEECH_RATE_HZ as usize;
const ENGLISH: &str = "en";
/// What it takes to believe that another language is spoken than expected.
const SURE_OF_LANGUAGE: f32 = 0.7;
/// The language of silence is not worth asking for.
const SPEECH_PRESENT: f32 = 0.5;
/// The fastest talker needs fewer tokens; a loop needs more.
const MAX_TOKENS_PER_S: usize = 10;
/// Room for the first words of a short clip.
const MIN_MAX_TOKENS: usize = 24;
/// More threads than this make a clip of some seconds no faster.
const MAX_THREADS: usize = 4;

/// A loaded model.
pub struct Whisper {
    context: WhisperContext,
    /// Made once: its buffers are large.
    state: WhisperState,
    /// ISO 639-1: what is spoken, or was spoken last.
    language: String,
    /// Whether the network is to find out what is spoken.
    detects_language: bool,
    threads: i32,
}

impl Whisper {
    /// Loads `model`, a ggml file. `language` is ISO 639-1, or `auto`; models
    /// that know English only take everything for English. The error is one
    /// sentence for people.
    pub fn load(model: &Path, language: &str) -> Result<Self, RecognizeError> {
        static QUIET: Once = Once::new();
        // Without this the libraries write their chatter to stderr.
        QUIET.call_once(whisper_rs::install_logging_hooks);

        check_file(model)?;
        let chosen = match language.trim().to_ascii_lowercase().as_str() {
            "" | "auto" => None,
            code => Some(known_language(code)?),
        };
        let path = model.to_str().ok_or_else(|| {
            engine_error(troubles::HEARING_ODD_PATH.with(&[("file", &model.display())]))
        })?;
        let damaged =
            |_| engine_error(troubles::HEARING_DAMAGED.with(&[("file", &model.display())]));
        let context = WhisperContext::new_with_params(path, WhisperContextParameters::default())
            .map_err(damaged)?;
        let state = context.create_state().map_err(damaged)?;
        let chosen = if context.is_multilingual() { chosen } else { Some(ENGLISH.into()) };
        Ok(Self {
            context,
            state,
            detects_language: chosen.is_none(),
            language: chosen.unwrap_or_else(|| ENGLISH.into()),
            threads: threads_that_fit(),
        })
    }

    /// Runs the network over silence, so that the first real pass finds its
    /// memory and threads in place.
    pub fn warm_up(&mut self) -> Result<(), RecognizeError> {
        self.pass(&[], MARGIN_POSITIONS, &CancelToken::new()).map(drop)
    }

    /// Recognises at most 30 s. A language other than the expected one costs a
    /// second run.
    fn listen(&mut self, samples: &[f32], cancel: &CancelToken) -> Result<Passage, RecognizeError> {
        let mut passage = self.pass(samples, MARGIN_POSITIONS, cancel)?;
        if self.context.is_multilingual() {
            self.settle_language(&mut passage, samples, cancel)?;
        }
        if passage.is_poor() {
            let second = self.pass(samples, WIDE_MARGIN_POSITIONS, cancel)?;
            if second.is_better_than(&passage) {
                let no_speech_probability = passage.no_speech_probability;
                passage = Passage { no_speech_probability, ..second };
            }
        }
        Ok(passage)
    }

    /// Makes `passage` know how likely silence is, and runs it again if it was
    /// taken for another language than is spoken.
    fn settle_language(
        &mut self,
        passage: &mut Passage,
        samples: &[f32],
        cancel: &CancelToken,
    ) -> Result<(), RecognizeError> {
        let opening = self.opening()?;
        passage.no_speech_probability = opening.no_speech_probability;
        let is_another_language = self.detects_language
            && opening.language != self.language
            && opening.language_probability > SURE_OF_LANGUAGE
            && opening.no_speech_probability < SPEECH_PRESENT;
        if is_another_language {
            self.language = opening.language.to_owned();
            *passage = self.pass(samples, MARGIN_POSITIONS, cancel)?;
            passage.no_speech_probability = opening.no_speech_probability;
        }
        Ok(())
    }

    /// Asks the decoder once more for its very first token, over the sound
    /// that the last pass has encoded. Whisper.cpp's own language detection
    /// would encode it all a second time, and for multilingual models it takes
    /// the probability of silence from the wrong place.
    fn opening(&mut self) -> Result<Opening, RecognizeError> {
        let failed = |error| hearing_failed(&error);
        self.state.decode(&[self.context.token_sot()], 0, self.threads as usize).map_err(failed)?;
        let logits = self.state.get_logits().map_err(failed)?;
        let logit = |token: i32| logits.get(token as usize).copied().unwrap_or(f32::MIN);
        let languages: Vec<(&'static str, f32)> = (0..=whisper_rs::get_lang_max_id())
            .filter_map(|id| {
                let code = whisper_rs::get_lang_str(id)?;
                Some((code, logit(self.context.token_lang(id))))
            })
            .collect();
        let total = log_sum_exp(languages.iter().map(|(_, logit)| *logit));
        let (language, best) =
            languages.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((ENGLISH, f32::MIN));
        let no_speech = logit(self.context.token_nosp());
        Ok(Opening {
            language,
            language_probability: (best - total).exp(),
            no_speech_probability: (no_speech - log_sum_exp(logits.iter().copied())).exp(),
        })
    }

    /// Runs the network once over at most 30 s; it also sees `margin_positions`
    /// of silence after them.
    fn pass(
        &mut self,
        samples: &[f32],
        margin_positions: usize,
        cancel: &CancelToken,
    ) -> Result<Passage, RecognizeError> {
        if cancel.is_cancelled() {
            return Err(RecognizeError::Cancelled);
        }
        let mut padded;
        let samples = if samples.len() < MIN_SAMPLES {
            padded = samples.to_vec();
            padded.resize(MIN_SAMPLES, 0.0);
            &padded[..]
        } else {
            samples
        };
        let has_encoded = AtomicBool::new(false);
        let mut params =
            parameters(&self.language, self.threads, samples.len(), margin_positions, cancel);
        // Where its timestamps contradict each other, whisper.cpp would encode the rest
        // again from the last of them, time after time: `unread` decides that here.
        // SAFETY: whisper.cpp calls back only within `full`, which `has_encoded` outlives.
        unsafe {
            params.set_start_encoder_callback(Some(is_first_encoding));
            params.set_start_encoder_callback_user_data(
                (&raw const has_encoded).cast_mut().cast::<c_void>(),
            );
        }
        let outcome = self.state.full(params, samples);
        if cancel.is_cancelled() {
            return Err(RecognizeError::Cancelled);
        }
        outcome.map_err(|error| hearing_failed(&error))?;
        Ok(self.passage(max_tokens(samples.len())))
    }

    fn passage(&self, max_tokens: usize) -> Passage {
        let end_of_text = self.context.token_eot();
        let mut passage = Passage::default();
        let mut log_probability_sum = 0.0;
        let first_timestamp = self.context.token_beg();
        // Bytes, because a character may be split between two segments.
        let mut text = Vec::new();
        for segment in self.state.as_iter() {
            passage.no_speech_probability = segment.no_speech_probability();
            text.extend_from_slice(segment.to_bytes().unwrap_or_default());
            for token in (0..segment.n_tokens()).filter_map(|index| segment.get_token(index)) {
                if token.token_id() < end_of_text {
                    log_probability_sum += token.token_data().plog;
                    passage.tokens += 1;
                } else if token.token_id() > first_timestamp {
                    let ticks = (token.token_id() - first_timestamp) as usize;
                    passage.end_samples = ticks * SAMPLES_PER_TICK;
                }
            }
        }
        if passage.tokens > 0 {
            passage.mean_log_probability = log_probability_sum / passage.tokens as f32;
        }
        passage.text = String::from_utf8_lossy(&text).trim().to_owned();
        passage.language.clone_from(&self.language);
        passage.is_looping = passage.tokens as usize + 2 >= max_tokens
            || hallucination::has_repetitions(&passage.text);
        passage
    }
}

/// What the network makes of the sound before it writes anything.
struct Opening {
    /// ISO 639-1: the likeliest language.
    language: &'static str,
    /// How likely it is.
    language_probability: f32,
    /// How likely it is that nobody speaks.
    no_speech_probability: f32,
}

/// What one run of the network gave.
#[derive(Clone, Debug, Default, PartialEq)]
struct Passage {
    /// As the network wrote it, trimmed.
    text: String,
    /// ISO 639-1.
    language: String,
    /// How likely the network finds it that nobody speaks.
    no_speech_probability: f32,
    /// Of the natural logarithms of the chosen tokens' probabilities.
    mean_log_probability: f32,
    /// Tokens of text.
    tokens: u32,
    /// Where the network believes its text to end.
    end_samples: usize,
    /// It says the same again and again, or would not end.
    is_looping: bool,
}

impl Passage {
    /// Worth another try.
    fn is_poor(&self) -> bool {
        self.tokens > 0 && (self.is_looping || self.mean_log_probability < POOR)
    }

    /// Where in the window there is speech that the network did not read: it
    /// may stop early, as where another person goes on.
    fn unread(&self, span: &Range<usize>, speech: &SpeechMeter) -> Option<usize> {
        let from = span.start + self.end_samples;
        let stopped_early = !self.is_looping && self.end_samples > MIN_READ_SAMPLES;
        (stopped_early && speech.speech_s_after(from) > MAX_UNREAD_S).then_some(from)
    }

    fn is_better_than(&self, other: &Self) -> bool {
        let rank = |passage: &Self| (passage.tokens > 0, !passage.is_looping);
        rank(self)
            .cmp(&rank(other))
            .then(self.mean_log_probability.total_cmp(&other.mean_log_probability))
            .is_gt()
    }
}

impl Recognizer for Whisper {
    fn recognize(
        &mut self,
        samples: &[f32],
        cancel: &CancelToken,
    ) -> Result<Transcript, RecognizeError> {
        let mut transcript = Transcript::default();
        let mut at = 0;
        while at < samples.len() {
            let begin = at;
            let window = &samples[begin..][..windows::first_piece(&samples[begin..])];
            at = begin + window.len();
            let speech = SpeechMeter::measure(window);
            let Some(span) = speech.speech_span() else { continue };
            let passage = self.listen(&window[span.clone()], cancel)?;
            let evidence = Evidence {
                no_speech_probability: passage.no_speech_probability,
                mean_log_probability: passage.mean_log_probability,
                span_s: span.len() as f32 / SPEECH_RATE_HZ as f32,
                sure_speech_s: speech.sure_speech_s(),
            };
            tracing::debug!(?evidence, text = passage.text, "heard");
            let text = hallucination::keep(&passage.text, &evidence);
            if !text.is_empty() {
                windows::append(&mut transcript.text, &text);
                transcript.language.clone_from(&passage.language);
                if let Some(unread) = passage.unread(&span, &speech) {
                    at = begin + unread;
                }
            }
        }
        Ok(transcript)
    }
}

fn parameters<'a>(
    language: &'a str,
    threads: i32,
    sample_count: usize,
    margin_positions: usize,
    cancel: &CancelToken,
) -> FullParams<'a, 'a> {
    let mut params = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
    params.set_n_threads(threads);
    params.set_language(Some(language));
    params.set_audio_ctx(positions(sample_count, margin_positions) as i32);
    params.set_single_segment(true);
    // Not used, but with them the network repeats itself far less, and the
    // English models tell whether anybody speaks.
    params.set_no_timestamps(false);
    params.set_no_context(true);
    params.set_suppress_blank(true);
    params.set_temperature(0.0);
    // No tries at random: what fails is run again with more silence.
    params.set_temperature_inc(0.0);
    params.set_max_tokens(max_tokens(sample_count) as i32);
    params.set_print_special(false);
    params.set_print_progress(false);
    params.set_print_realtime(false);
    params.set_print_timestamps(false);
    let flag: *const AtomicBool = cancel.flag();
    // SAFETY: whisper.cpp calls back only within `full`, during which the
    // caller of `pass` borrows the token that owns the flag; `is_raised` only
    // reads it. (The safe wrapper of whisper-rs 0.16 casts to a wrong type.)
    unsafe {
        params.set_abort_callback(Some(is_raised));
        params.set_abort_callback_user_data(flag.cast_mut().cast::<c_void>());
    }
    params
}

/// # Safety
/// `flag` points to a live `AtomicBool`.
unsafe extern "C" fn is_raised(flag: *mut c_void) -> bool {
    // SAFETY: as promised by the caller.
    unsafe { &*flag.cast::<AtomicBool>() }.load(Ordering::Acquire)
}

/// # Safety
/// `has_encoded` points to a live `AtomicBool`.
unsafe extern "C" fn is_first_encoding(
    _: *mut WhisperSysContext,
    _: *mut WhisperSysState,
    has_encoded: *mut c_void,
) -> bool {
    // SAFETY: as promised by the caller.
    !unsafe { &*has_encoded.cast::<AtomicBool>() }.swap(true, Ordering::AcqRel)
}

/// How much of the encoder a clip needs: its own length, and some silence.
fn positions(sample_count: usize, margin_positions: usize) -> usize {
    let needed = (sample_count * POSITIONS_PER_S).div_ceil(SPEECH_RATE_HZ as usize);
    (needed + margin_positions).next_multiple_of(8).clamp(MIN_POSITIONS, MAX_POSITIONS)
}

fn max_tokens(sample_count: usize) -> usize {
    MIN_MAX_TOKENS + sample_count * MAX_TOKENS_PER_S / SPEECH_RATE_HZ as usize
}

fn log_sum_exp(logits: impl Iterator<Item = f32> + Clone) -> f32 {
    let max = logits.clone().fold(f32::MIN, f32::max);
    max + logits.map(|logit| (logit - max).exp()).sum::<f32>().ln()
}

fn threads_that_fit() -> i32 {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    cores.min(MAX_THREADS) as i32
}

/// The network's own loader may abort the process over a file of another kind.
fn check_file(model: &Path) -> Result<(), RecognizeError> {
    use std::io::Read as _;
    let mut magic = [0; 4];
    std::fs::File::open(model).and_then(|mut file| file.read_exact(&mut magic)).map_err(
        |error| {
            let reason = reasons::of(&error);
            let values: [(&str, &dyn Display); 2] =
                [("path", &model.display()), ("reason", &reason)];
            engine_error(fetching::CANNOT_READ.with(&values))
        },
    )?;
    if &magic == b"lmgg" {
        return Ok(());
    }
    Err(engine_error(troubles::HEARING_OTHER_FORMAT.with(&[("file", &model.display())])))
}

fn known_language(code: &str) -> Result<String, RecognizeError> {
    // A tag such as de-AT names a language by what stands before the hyphen.
    let primary = code.split(['-', '_']).next().unwrap_or(code);
    if whisper_rs::get_lang_id(primary).is_some() && primary.len() <= 3 {
        return Ok(primary.to_owned());
    }
    Err(engine_error(troubles::HEARING_UNKNOWN_LANGUAGE.with(&[("code", &code)])))
}

fn hearing_failed(error: &WhisperError) -> RecognizeError {
    engine_error(troubles::HEARING_FAILED.with(&[("reason", error)]))
}

fn engine_error(text: String) -> RecognizeError {
    RecognizeError::Engine(text)
}
