//! What Samantha remembers of a person.
//!
//! Independent of any language model, so that it outlives each. [`Memory`]
//! holds everything: lines as they were heard and what was learnt from them,
//! in one encrypted file ([`vault`] has its key), with [`recall`] to find it
//! again. [`learn`] finds by rules what a sentence tells about the person's
//! life, [`ask`] what of it is a request to the memory itself; those and
//! `recall` are pure: no disk, no clock.
//!
//! Text leaves this crate through return values and exports that were asked
//! for; it logs nothing.

pub mod ask;
pub mod key;
pub mod learn;
mod memory;
mod private;
pub mod recall;
mod schema;
pub mod store;
pub mod vault;
pub mod words;

pub use memory::{Found, Memory, Recalled};
pub use private::{create_dir as create_private_dir, write as write_private};
pub use schema::Trouble;
