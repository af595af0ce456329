//! Something sounds while she speaks that is no word: she is to go on, or to
//! resume where she stopped.

use super::{SPEECH, Scene, Speaking, Tally, share};
use crate::Sound;
use crate::app::AUDIBLE;
use crate::noises::Noise;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Of a file so much is played.
const PLAYED: Duration = Duration::from_secs(3);

/// So long after it, it is clear what came of it.
const SETTLED: Duration = Duration::from_secs(4);

/// She pauses as long only when she is interrupted.
const PAUSE: Duration = Duration::from_millis(1000);

pub(super) fn measure(
    scene: &mut Scene,
    wanted: usize,
    folder: Option<&Path>,
) -> anyhow::Result<String> {
    let files = folder.map(sound_files).transpose()?.unwrap_or_default();
    let mut tally = Tally::default();
    let (mut voids, mut paused, mut n) = (0, 0, 0);
    while tally.all().1 < wanted {
        anyhow::ensure!(voids < 3 * wanted + 10, "her replies are too short for noises");
        let Some(speaking) = scene.amid_her_words()? else {
            voids += 1;
            continue;
        };
        let began_at = Instant::now();
        // Noises of the files and our own by turns.
        let name = match files.get(n / 2 % files.len().max(1)).filter(|_| n % 2 == 1) {
            Some(file) => {
                let playing = scene.desktop.play_into_microphone(file)?;
                std::thread::sleep(PLAYED);
                drop(playing);
                kind_of(file)
            }
            None => {
                let noise = *scene.chance.pick(&Noise::ALL).context("noises")?;
                let sound: Sound = noise.sound(&mut scene.chance, SPEECH);
                scene.play(&sound)?;
                noise.name().to_owned()
            }
        };
        n += 1;
        let ending = scene.wait_for_ending(speaking, Instant::now() + SETTLED)?;
        let went_on = !ending.is_some_and(|ending| ending.interrupted)
            && scene.later_turns(speaking)?.is_empty();
        let until = ending.map_or_else(Instant::now, |ending| ending.at);
        paused += usize::from(went_on && longest_silence(scene, began_at, until) >= PAUSE);
        tally.count(&name, went_on);
        if !went_on {
            report(scene, speaking, &name)?;
        }
    }
    Ok(format!(
        "noises over her speech: {} times she went on ({paused} of them after a pause of over \
         {} ms)\n{tally}",
        share(tally.all()),
        PAUSE.as_millis(),
    ))
}

fn report(scene: &mut Scene, speaking: Speaking, name: &str) -> anyhow::Result<()> {
    let turns = scene.later_turns(speaking)?;
    let words: Vec<_> = turns.iter().filter_map(|event| event.text.as_deref()).collect();
    println!("    {name} stopped her, taken for {words:?}");
    Ok(())
}

fn longest_silence(scene: &Scene, from: Instant, until: Instant) -> Duration {
    let sound = scene.speaker.between(from, until);
    let window = (sound.rate_hz / 100) as usize;
    let (mut longest, mut silent) = (0, 0);
    for chunk in sound.samples.chunks(window) {
        silent = if crate::sound::rms(chunk) > AUDIBLE { 0 } else { silent + 1 };
        longest = longest.max(silent);
    }
    Duration::from_millis(10 * longest)
}

fn sound_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "flac" || end == "wav"))
        .collect();
    files.sort();
    Ok(files)
}

/// The first word of its name.
fn kind_of(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    format!("files: {}", stem.split(['_', '-']).next().unwrap_or_default())
}
