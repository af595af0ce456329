//! She speaks, her voice comes back to the microphone, and nothing else sounds:
//! every turn that opens is one she opened herself.

use super::{REPLY_TIMEOUT, Scene};
use crate::app::AUDIBLE;
use std::time::{Duration, Instant};

/// After her last word so long nothing is played.
const LISTENED_AFTER: Duration = Duration::from_secs(3);

/// Has her speak for so long, in as many replies as it takes.
pub(super) fn measure(scene: &mut Scene, wanted: Duration) -> anyhow::Result<String> {
    let (mut spoken, mut replies, mut cut_off) = (Duration::ZERO, 0, 0);
    let mut own_turns = Vec::new();
    while spoken < wanted {
        let speaking = scene.have_her_speak()?;
        let ending = scene.wait_for_ending(speaking, Instant::now() + REPLY_TIMEOUT)?;
        let until = ending.map_or_else(Instant::now, |ending| ending.at);
        std::thread::sleep(LISTENED_AFTER);
        let sound = scene.speaker.between(speaking.since, until);
        spoken += sound.sounding(AUDIBLE);
        replies += 1;
        cut_off += usize::from(ending.is_none_or(|ending| ending.interrupted));
        // What she answers herself is no reply to anybody.
        scene.wait_for_rest(Duration::from_secs(1))?;
        let turns = scene.later_turns(speaking)?;
        own_turns.extend(turns.into_iter().map(|event| event.text.unwrap_or(event.event)));
    }
    Ok(format!(
        "self-listening: {:.0} s spoken in {replies} replies, {} turns opened by herself, \
         {cut_off} replies cut off{}",
        spoken.as_secs_f64(),
        own_turns.len(),
        own_turns.iter().map(|words| format!("\n    {words:?}")).collect::<String>()
    ))
}
