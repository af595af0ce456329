//! Weights: which there are, where they can be had, which are here.
//!
//! The [`Catalog`] is data (`models/catalog.toml` and the person's own
//! `catalog.toml`). A [`Store`] is the folder the weights lie in. [`pull`]
//! brings one from the first source that has it, in the caller's thread;
//! [`start_pull`] does so in a thread of its own, for the window. [`choose`]
//! says which installed weight to use. Nothing here loads a weight or talks to
//! the session.

mod catalog;
mod choice;
mod convert;
mod digest;
mod fetch;
mod https;
mod index;
mod pip;
mod speeds;
mod store;

pub use catalog::{
    Catalog, CatalogError, Conversion, DefaultChoice, Entry, Kind, Location, Part, Source,
};
pub use choice::{Machine, choose, default_language, default_speech, defaults};
pub use convert::{ConvertError, Quantisation, ct2_to_ggml};
pub use digest::Digest;
pub use fetch::{
    Phase, PullError, PullEvent, PullOptions, PullReport, pull, pull_first, start_pull,
};
pub use speeds::Speeds;
pub use store::{ImportError, Installed, Store, StoreError};
