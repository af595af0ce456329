//! What is said when the server with the language model fails: one sentence each,
//! which says what to do.

use super::Text;
use crate::dialogue::server::problem::Problem;

/// Its address is not complete.
pub const NO_ADDRESS: Text = Text(
    "The address of the language model server is not usable: enter one such as http://localhost:11434/v1 in the settings (`base_url` under [dialogue.server]).",
);
/// No model is named.
pub const NO_MODEL: Text = Text(
    "No model is chosen on the language model server: enter its name in the settings (`model` under [dialogue.server]).",
);
/// The environment has no key.
pub const NO_KEY: Text = Text(
    "The key of the language model server is missing: set the environment variable {name} before starting Samantha.",
);
/// No key looks like that.
pub const ODD_KEY: Text = Text(
    "The key of the language model server holds characters that no key can hold: enter it again.",
);
/// Something of this computer's is missing.
pub const CANNOT_SPEAK: Text =
    Text("This computer cannot speak to language model servers ({reason}): use a local model.");

/// One sentence; `place` is where the server is.
pub fn problem(problem: &Problem, place: &str, model: &str) -> String {
    let (status, says) = match problem {
        Problem::Trouble(status, says) | Problem::Refuses(status, says) => (*status, says.as_str()),
        Problem::GaveUp(says) => (0, says.as_str()),
        _ => (0, ""),
    };
    let text = match problem {
        Problem::UnknownHost => Text(
            "The language model server {place} cannot be found: check the address in the settings, and your network.",
        ),
        Problem::Unreachable => Text(
            "The language model server {place} cannot be reached: check that it is running, and the address in the settings.",
        ),
        Problem::Silent => {
            Text("The language model server {place} does not answer: check that it is running.")
        }
        Problem::Insecure => Text(
            "The language model server {place} cannot show that it is the right one (TLS): check that the address begins with https only where the server offers that.",
        ),
        Problem::TooSlow => Text(
            "The language model server {place} takes too long: ask again, or choose a smaller model.",
        ),
        Problem::BrokeOff => Text(
            "The connection to the language model server {place} broke in the middle of the reply: ask again.",
        ),
        Problem::NotUnderstood => Text(
            "What the language model server {place} says is not understood: check that its address leads to an OpenAI-compatible interface.",
        ),
        Problem::Key => Text(
            "The language model server {place} does not accept the key: check it in the settings, or in the environment variable they name.",
        ),
        Problem::UnknownModel => Text(
            "The language model server {place} has no model \"{model}\", or its address is not complete: check both in the settings.",
        ),
        Problem::Busy => Text(
            "The language model server {place} has had too many questions for now, or the account there is used up: wait a little and ask again.",
        ),
        Problem::Trouble(..) if says.is_empty() => {
            Text("The language model server {place} is in trouble (error {status}): ask again.")
        }
        Problem::Trouble(..) => Text(
            "The language model server {place} is in trouble (error {status}); it says: {says}",
        ),
        Problem::Refuses(..) if says.is_empty() => Text(
            "The language model server {place} refuses the question (error {status}): ask again.",
        ),
        Problem::Refuses(..) => Text(
            "The language model server {place} refuses the question (error {status}); it says: {says}",
        ),
        Problem::GaveUp(_) if says.is_empty() => {
            Text("The language model server {place} could not go on with the reply: ask again.")
        }
        Problem::GaveUp(_) => Text(
            "The language model server {place} could not go on with the reply; it says: {says}",
        ),
    };
    text.with(&[("place", &place), ("model", &model), ("status", &status), ("says", &says)])
}
