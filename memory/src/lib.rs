//! What Samantha remembers of a person.
//!
//! Independent of any language model, so that it outlives each: [`learn`]
//! finds what a sentence tells about the person's life, by rules; [`ask`] finds
//! requests to the memory itself; [`recall`] finds again what fits a question.
//! All are pure: no disk, no clock.

pub mod ask;
pub mod learn;
pub mod recall;
