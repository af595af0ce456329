//! The local language model for real: the `samantha-llm` program and the
//! smallest model of the catalogue.
//!
//! Needs `SAMANTHA_TEST_MODELS`, a folder that holds `smollm2-135m.gguf`, and
//! the program built beside the tests.

mod asides;
mod bench;
mod conversation;
mod ending;
mod interruption;
mod recovery;
