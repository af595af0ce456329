//! Requests to the memory itself.

use jiff::Timestamp;
use jiff::Zoned;

/// What is asked of the memory.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// x
    HowDoYouKnow,
    /// x
    WhatDoYouKnow {
        /// x
        about: Option<String>,
    },
    /// x
    Forget {
        /// x
        what: Option<String>,
    },
    /// x
    ForgetEverything,
    /// x
    Wrong {
        /// x
        correction: Option<String>,
    },
    /// x
    OffTheRecord(bool),
    /// x
    WhatDidWeTalkAbout {
        /// x
        from: Timestamp,
        /// x
        until: Timestamp,
    },
}

/// x
pub fn ask(_text: &str, _now: &Zoned) -> Option<Ask> {
    None
}
