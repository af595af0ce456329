//! Her own voice on a virtual speaker: what is heard of it, when it stops, and
//! whether the words it reports are those that were heard.

use super::{PATIENCE, Stage, begun, ended, style};
use crate::is_level;
use crossbeam_channel::{Receiver, unbounded};
use rehearsal::{Sound, undisturbed};
use samantha::audio::cues::{self, Cue};
use samantha::speech::{Utterance, Voice, VoiceEvent, natural};
use samantha::turn::TurnId;
use std::time::{Duration, Instant};
use voice::{Manner, RATE_HZ, Synthesizer, Word};

/// Quieter than the quietest word, louder than nothing.
const THRESHOLD: f32 = 0.01;

/// Says each word as a tone of a quarter of a second, the last tenth of it
/// silent.
struct Tones {
    /// Words without pauses between them.
    legato: bool,
}

const WORD_SAMPLES: usize = RATE_HZ as usize / 4;

impl Synthesizer for Tones {
    fn synthesize(&mut self, clause: &str, _manner: &Manner) -> anyhow::Result<voice::Sound> {
        let mut sound = voice::Sound::default();
        let mut at = 0;
        for word in clause.split_whitespace() {
            at += clause[at..].find(word).unwrap_or(0);
            let begin = sound.samples.len();
            let sounding = if self.legato { WORD_SAMPLES } else { WORD_SAMPLES * 9 / 10 };
            let step = std::f32::consts::TAU * 300.0 / RATE_HZ as f32;
            sound.samples.extend((0..WORD_SAMPLES).map(|n| {
                // Whole periods, so that words join without a step.
                if n < sounding { 0.3 * (n as f32 * step).sin() } else { 0.0 }
            }));
            sound.words.push(Word { text: at..at + word.len(), samples: begin..begin + sounding });
            at += word.len();
        }
        Ok(sound)
    }

    fn set_pronunciations(&mut self, _pronunciations: &[(String, String)]) {}
}

struct Speaker {
    voice: Box<dyn Voice>,
    events: Receiver<(Instant, VoiceEvent)>,
}

impl Speaker {
    fn new(legato: bool) -> Self {
        let (tx, events) = unbounded();
        let outbox = Box::new(move |event| {
            if !is_level(&event) {
                let _ = tx.send((Instant::now(), event));
            }
        });
        let voice = natural::spawn(move || Ok(Box::new(Tones { legato })), style(), None, outbox);
        let speaker = Self { voice, events };
        let ready = speaker.next().1;
        assert!(matches!(ready, VoiceEvent::Ready { .. }), "{ready:?}");
        speaker
    }

    fn speak(&mut self, index: usize, text: &str) {
        self.voice.speak(Utterance { turn: TurnId(7), index, text: text.into(), gently: false });
    }

    #[track_caller]
    fn next(&self) -> (Instant, VoiceEvent) {
        self.events.recv_timeout(PATIENCE).expect("the voice tells something")
    }
}

/// The stretches of sound, as moments.
fn bursts(sound: &Sound) -> Vec<(Instant, Instant)> {
    let gap = sound.rate_hz as usize / 100;
    let mut bursts: Vec<(usize, usize)> = Vec::new();
    for (n, sample) in sound.samples.iter().enumerate() {
        if sample.abs() > THRESHOLD {
            match bursts.last_mut() {
                Some((_, end)) if n - *end <= gap => *end = n,
                _ => bursts.push((n, n)),
            }
        }
    }
    bursts.into_iter().map(|(a, b)| (sound.moment_of(a), sound.moment_of(b))).collect()
}

#[test]
fn it_is_heard_whole_and_begins_and_ends_when_it_says() {
    undisturbed(|| {
        let stage = Stage::new();
        let mut speaker = Speaker::new(false);
        let recording = stage.desktop.record_speaker().expect("a recording");
        std::thread::sleep(Duration::from_millis(300));
        let spoken_at = Instant::now();
        speaker.speak(0, "One two three four.");
        speaker.speak(1, "Five six seven.");
        let told: Vec<_> = (0..4).map(|_| speaker.next()).collect();
        let events: Vec<_> = told.iter().map(|(_, event)| event.clone()).collect();
        assert_eq!(events, [begun(0), ended(0), begun(1), ended(1)]);
        std::thread::sleep(Duration::from_millis(200));
        let bursts = bursts(&recording.finish());
        assert_eq!(bursts.len(), 7, "{bursts:?}");
        let onset = bursts[0].0;
        println!(
            "speak to sound {} ms, sound to Begun {} ms, end of sound to Ended {} ms",
            (onset - spoken_at).as_millis(),
            told[0].0.saturating_duration_since(onset).as_millis(),
            told[3].0.saturating_duration_since(bursts[6].1).as_millis(),
        );
        assert!(onset - spoken_at < Duration::from_millis(120));
        assert!(told[3].0 + Duration::from_millis(15) > bursts[6].1, "it ends before it was heard");
    });
}

#[test]
fn she_is_heard_while_a_cue_still_has_its_loudspeaker() {
    undisturbed(|| {
        let stage = Stage::new();
        let mut speaker = Speaker::new(false);
        // So long that the voice's own loudspeaker was closed and is opened anew.
        std::thread::sleep(Duration::from_millis(6500));
        let mut cues = cues::spawn(true);
        let recording = stage.desktop.record_speaker().expect("a recording");
        std::thread::sleep(Duration::from_millis(300));
        cues.play(Cue::End);
        std::thread::sleep(Duration::from_millis(300));
        speaker.speak(0, "One two three.");
        assert_eq!(speaker.next().1, begun(0));
        // And a cue while she speaks, as when the person cuts in.
        cues.play(Cue::Begin);
        assert_eq!(speaker.next().1, ended(0));
        std::thread::sleep(Duration::from_millis(200));
        assert!(bursts(&recording.finish()).len() >= 4, "the cue, and three words");
    });
}

#[test]
fn she_falls_silent_within_30_ms_and_knows_what_was_heard() {
    undisturbed(|| {
        const TEXT: &str = "one two three four five six seven eight nine ten eleven twelve";
        let stage = Stage::new();
        let mut speaker = Speaker::new(false);
        let recording = stage.desktop.record_speaker().expect("a recording");
        let words: Vec<usize> = TEXT
            .split(' ')
            .scan(0, |end, word| {
                *end += word.len() + 1;
                Some(*end - 1)
            })
            .collect();
        let mut silent_ms = Vec::new();
        let mut random = 0x2545_F491_4F6C_DD1Du64;
        for round in 0..50 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let begun_at = Instant::now();
            speaker.speak(0, TEXT);
            speaker.speak(1, "Never begun.");
            assert_eq!(speaker.next().1, begun(0));
            std::thread::sleep(Duration::from_millis(random % 2500));
            let stopped_at = Instant::now();
            speaker.voice.stop();
            let VoiceEvent::Stopped { index: 0, heard, .. } = speaker.next().1 else {
                panic!("it was not stopped")
            };
            assert!(matches!(speaker.next().1, VoiceEvent::Stopped { index: 1, heard: 0, .. }));
            std::thread::sleep(Duration::from_millis(150));
            let bursts = bursts(&recording.so_far().between(begun_at, Instant::now()));
            let half = Duration::from_millis(112);
            let counted = bursts.iter().filter(|(from, to)| *to - *from > half).count();
            let told = words.iter().position(|end| *end == heard).map_or(0, |place| place + 1);
            assert!(counted.abs_diff(told) <= 1, "round {round}: heard {counted}, told {told}");
            let end = bursts.last().expect("something was heard").1;
            silent_ms.push(end.saturating_duration_since(stopped_at).as_millis());
            if counted != told {
                println!("round {round}: heard {counted}, told {told}");
            }
        }
        silent_ms.sort_unstable();
        println!(
            "silent after stop: median {} ms, 90% {} ms, most {} ms",
            silent_ms[25], silent_ms[45], silent_ms[49]
        );
        assert!(silent_ms[49] <= 30, "{silent_ms:?}");
    });
}

/// Keeps every core busy.
struct Busy(Vec<std::process::Child>);

impl Busy {
    fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let spin = || std::process::Command::new("sh").args(["-c", "while :; do :; done"]).spawn();
        Self((0..2 * cores).map(|_| spin().expect("a shell")).collect())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        for process in &mut self.0 {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

#[test]
fn a_computer_that_is_busy_with_other_things_tears_no_holes_into_her_speech() {
    undisturbed(|| {
        let minutes: u64 =
            std::env::var("SAMANTHA_TEST_MINUTES").ok().and_then(|m| m.parse().ok()).unwrap_or(1);
        let stage = Stage::new();
        let mut speaker = Speaker::new(true);
        let _busy = Busy::new();
        let mut gaps = Vec::new();
        for minute in 0..minutes {
            let recording = stage.desktop.record_speaker().expect("a recording");
            // 4 words a second.
            for index in 0..20 {
                speaker.speak(index, &"hum ".repeat(12));
            }
            while speaker.next().1 != ended(19) {}
            std::thread::sleep(Duration::from_millis(200));
            let bursts = bursts(&recording.finish());
            println!("minute {minute}: {} gaps", bursts.len() - 1);
            for pair in bursts.windows(2) {
                println!("  of {} ms", (pair[1].0 - pair[0].1).as_millis());
            }
            let length = bursts.last().expect("sound").1 - bursts[0].0;
            assert!(length > Duration::from_secs(59), "{length:?}");
            gaps.push(bursts.len() - 1);
        }
        assert!(gaps.iter().all(|count| *count <= 1), "{gaps:?}");
    });
}

/// The sound server's number of the module that is the virtual speaker.
fn speaker_module(stage: &Stage) -> String {
    let modules = stage.desktop.pactl(&["list", "short", "modules"]).expect("modules");
    let line = modules.lines().find(|line| line.contains("sink_name=speaker"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.expect("the speaker").to_owned()
}

fn plug_speaker(stage: &Stage, name: &str) {
    let name = format!("sink_name={name}");
    let arguments = ["load-module", "module-null-sink", &name, "rate=44100", "norewinds=1"];
    stage.desktop.pactl(&arguments).expect("a speaker");
}

#[test]
fn a_loudspeaker_that_is_unplugged_is_told_and_taken_back() {
    let stage = Stage::new();
    let mut speaker = Speaker::new(false);
    for _ in 0..3 {
        speaker.speak(0, "one two three four five six seven eight");
        assert_eq!(speaker.next().1, begun(0));
        std::thread::sleep(Duration::from_millis(600));
        let unplugged_at = Instant::now();
        let module = speaker_module(&stage);
        stage.desktop.pactl(&["unload-module", &module]).expect("unplugged");
        let VoiceEvent::Stopped { index: 0, heard, .. } = speaker.next().1 else {
            panic!("it goes on without a loudspeaker")
        };
        // Two and a half words in 600 ms, and what unplugging takes.
        assert!((3..=18).contains(&heard), "{heard}");
        let VoiceEvent::Unavailable { reason } = speaker.next().1 else { panic!("not told") };
        assert!(reason.contains("No loudspeaker was found"), "{reason}");
        println!("told {} ms after it was unplugged", unplugged_at.elapsed().as_millis());
        speaker.speak(1, "Nobody hears this.");
        let silent = VoiceEvent::Stopped { turn: TurnId(7), index: 1, heard: 0 };
        assert_eq!(speaker.next().1, silent);
        let plugged_at = Instant::now();
        plug_speaker(&stage, "speaker");
        assert!(matches!(speaker.next().1, VoiceEvent::Ready { .. }));
        println!("taken back {} ms after it was plugged in", plugged_at.elapsed().as_millis());
        speaker.speak(2, "Here I am.");
        assert_eq!(speaker.next().1, begun(2));
        assert_eq!(speaker.next().1, ended(2));
    }
}

#[test]
fn with_a_second_loudspeaker_she_goes_on_where_the_first_broke_off() {
    let stage = Stage::new();
    let mut speaker = Speaker::new(false);
    plug_speaker(&stage, "headset");
    let headset = stage.desktop.record_microphone("headset.monitor").expect("a recording");
    let first = stage.desktop.record_speaker().expect("a recording");
    speaker.speak(0, "one two three four five six seven eight nine ten");
    assert_eq!(speaker.next().1, begun(0));
    std::thread::sleep(Duration::from_millis(1000));
    let module = speaker_module(&stage);
    // Afterwards the recorder is moved to the headset.
    let first = first.finish();
    stage.desktop.pactl(&["unload-module", &module]).expect("unplugged");
    assert_eq!(speaker.next().1, ended(0));
    std::thread::sleep(Duration::from_millis(200));
    let (before, after) = (bursts(&first).len(), bursts(&headset.finish()).len());
    println!("{before} words on the first, {after} on the second");
    // The word that was cut is begun again or ended there.
    assert!((10..=12).contains(&(before + after)), "{before} and {after}");
}
