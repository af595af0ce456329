//! temporary
pub struct ReferenceReader;
