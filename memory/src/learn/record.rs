//! What a person asks not to be kept: off the record, secrets, "forget I said
//! that".
//!
//! Used by [`learn`](super) on each sentence. Words only.

use super::hygiene::says;

/// Nothing from here on is to be kept.
pub const OFF_THE_RECORD: &[&str] = &["off the record", "off record"];

/// It may be kept again.
pub const ON_THE_RECORD: &[&str] = &[
    "on the record",
    "on record again",
    "you can write things down again",
    "you can remember again",
    "you may remember again",
];

const DO_NOT_KEEP: &[&str] = &[
    "do not keep this",
    "do not keep that",
    "do not keep it",
    "do not remember this",
    "do not remember that",
    "do not remember it",
    "do not save this",
    "do not save that",
    "do not save it",
    "do not store this",
    "do not store that",
    "do not store it",
    "do not write this",
    "do not write that",
    "do not write it",
    "do not record this",
    "do not record that",
    "do not record it",
    "do not note this",
    "do not note that",
    "do not make a note",
    "do not want it written",
    "do not want this written",
    "do not want that written",
    "do not want you to remember",
    "do not want you to keep",
    "do not want this kept",
    "do not want that kept",
    "between you and me",
    "between us",
    "between the two of us",
    "keep it to yourself",
    "keep this to yourself",
    "keep that to yourself",
    "keep it a secret",
    "forget i said",
    "forget i told",
    "forget what i just said",
    "do not tell anyone",
    "do not tell anybody",
    "my password",
    "my pin",
    "my passcode",
    "my card number",
    "my credit card number",
    "my account number",
    "my social security number",
    "the password is",
    "the pin is",
    "should not have told you",
    "should not have said",
    "should not tell",
];

/// How what is said may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// As any.
    Open,
    /// Not this.
    Closed,
    /// Not this, nor what follows.
    Shut,
    /// From here on again.
    Reopened,
}

/// What a sentence asks for itself.
pub fn record(norms: &str) -> Record {
    if says(norms, &["back on the record", "back on record"]) {
        Record::Reopened
    } else if says(norms, OFF_THE_RECORD) {
        Record::Shut
    } else if says(norms, ON_THE_RECORD) {
        Record::Reopened
    } else if says(norms, DO_NOT_KEEP) {
        Record::Closed
    } else {
        Record::Open
    }
}
