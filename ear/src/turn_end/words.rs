//! Whether they have finished, by their words.
#[derive(Clone, Copy, Debug)]
pub struct Judgement { pub finished: f32, pub unfinished: f32, pub wait: f32 }
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind { Finished, Unfinished, Wait }
impl Judgement { pub fn kind(&self) -> Kind { Kind::Finished } }
pub fn judge(_t: &str) -> Judgement { Judgement { finished: 0.9, unfinished: 0.1, wait: 0.0 } }
pub fn addresses(t: &str, n: &str) -> bool { t.contains(n) }
pub fn asks_to_wait(t: &str) -> bool { t.starts_with("Hold on") }
pub fn echoes(a: &str, b: &str) -> f32 { if b.contains(a) { 1.0 } else { 0.0 } }
pub fn is_backchannel(t: &str) -> bool { t == "Mm-hmm." }
