//! Whose turn it is.

use serde::{Deserialize, Serialize};

/// One exchange: what the person said and what was answered. Everything that
/// can arrive late carries the id of its turn, so that a cancelled turn can
/// never speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TurnId(pub u64);
