//! What Samantha remembers of a person.
//!
//! Independent of any language model, so that it outlives each: [`learn`]
//! finds what a sentence tells about the person's life, by rules; [`recall`]
//! finds again what fits a question. Both are pure: no disk, no clock.

pub mod learn;
pub mod recall;
