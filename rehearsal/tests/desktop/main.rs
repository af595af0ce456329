//! The virtual desktop keeps its promises.

use rehearsal::{Desktop, MicrophoneSpec, Options, Sound, say_to_wav, undisturbed, write_tone};
use std::time::{Duration, Instant};

const SILENCE: f32 = 0.002;

fn sound_only() -> Options {
    Options { display: false, speech: false, ..Options::default() }
}

/// The loudness at `frequency_hz` (the peak of a sine), by Goertzel's method.
fn peak_at(samples: &[f32], rate_hz: u32, frequency_hz: f32) -> f32 {
    let step = std::f64::consts::TAU * f64::from(frequency_hz) / f64::from(rate_hz);
    let (re, im) = samples.iter().enumerate().fold((0.0, 0.0), |(re, im), (n, &s)| {
        let angle = step * n as f64;
        (re + f64::from(s) * angle.cos(), im + f64::from(s) * angle.sin())
    });
    (2.0 * (re * re + im * im).sqrt() / samples.len() as f64) as f32
}

#[test]
fn a_tone_played_into_the_microphone_is_heard_by_programs() {
    let desktop = Desktop::start_with(&sound_only()).expect("a desktop");
    let wav = desktop.folder().join("tone.wav");
    write_tone(&wav, 48_000, 440.0, 0.5, Duration::from_secs(1)).expect("written");
    let recording = desktop.record_microphone("virtual_microphone").expect("recording");
    let begun_at = Instant::now();
    desktop.play_into_microphone(&wav).expect("playing").wait().expect("played");
    std::thread::sleep(Duration::from_millis(200));
    let sound = recording.finish();
    let onset = sound.onset_after(begun_at, 0.05).expect("sound");
    let middle =
        sound.between(onset + Duration::from_millis(200), onset + Duration::from_millis(700));
    let peak = peak_at(&middle.samples, sound.rate_hz, 440.0);
    assert!((peak - 0.5).abs() < 0.02, "peak {peak}");
}

#[test]
fn the_speech_service_speaks_on_the_speaker_and_can_be_stopped() {
    let mut desktop = Desktop::start().expect("a desktop");
    let recording = desktop.record_speaker().expect("recording");
    let begun_at = Instant::now();
    let spoken = desktop
        .command("spd-say")
        .args(["--wait", "The garden is full of birds this morning."])
        .status()
        .expect("spd-say runs (Debian package speech-dispatcher)");
    assert!(spoken.success());
    let onset = recording
        .wait_for_onset(begun_at, SILENCE, Duration::from_secs(5))
        .expect("the speaker carries sound");
    let sound = recording.finish();
    let length = sound.end_of_sound(SILENCE).expect("an end") - onset;
    assert!(length > Duration::from_secs(1) && length < Duration::from_secs(6), "{length:?}");

    desktop.stop_speech_service();
    let refused = desktop
        .command("spd-say")
        .env("SPEECHD_CMD", "/bin/false")
        .arg("Nobody is there.")
        .status()
        .expect("spd-say runs");
    assert!(!refused.success());
}

#[test]
fn a_microphone_can_be_unplugged_and_plugged_in_again() {
    let mut desktop = Desktop::start_with(&sound_only()).expect("a desktop");
    let listed = |desktop: &Desktop| desktop.pactl(&["list", "short", "sources"]).expect("listed");
    assert!(listed(&desktop).contains("virtual_microphone"));
    desktop.unplug_microphone().expect("unplugged");
    assert!(!listed(&desktop).contains("virtual_microphone"));
    let narrow = MicrophoneSpec { rate_hz: 16_000, channels: 1, ..MicrophoneSpec::default() };
    desktop.plug(&narrow).expect("plugged in");
    assert!(listed(&desktop).contains("16000Hz"), "{}", listed(&desktop));
    assert_eq!(desktop.pactl(&["get-default-source"]).expect("told"), "virtual_microphone");
}

/// What comes back is as late and as loud as it should be, at the device.
#[test]
fn in_a_room_the_speaker_is_heard_by_the_microphone() {
    undisturbed(|| {
        const DELAY: Duration = Duration::from_millis(80);
        let desktop = Desktop::start_with(&sound_only()).expect("a desktop");
        let wav = desktop.folder().join("words.wav");
        say_to_wav("The garden is full of birds this morning.", &wav).expect("spoken");
        let words = Sound::load(&wav).expect("read");
        let begin = words.between(words.begun_at, words.begun_at + Duration::from_millis(800));
        let room = desktop.echo_room(-6.0, DELAY).expect("a room");
        let speaker = desktop.record_speaker().expect("recording");
        let microphone = desktop.record_microphone("virtual_microphone").expect("recording");
        let mut delays_ms = Vec::new();
        for _ in 0..5 {
            let begun_at = Instant::now();
            desktop.play_on_speaker(&wav).expect("playing").wait().expect("played");
            std::thread::sleep(Duration::from_millis(600));
            let (played, heard) = (speaker.since(begun_at), microphone.since(begun_at));
            let begun = |sound: &Sound| {
                sound
                    .moment_like(&begin, begun_at, begun_at + Duration::from_secs(1))
                    .expect("found")
            };
            delays_ms.push((begun(&heard) - begun(&played)).as_secs_f64() * 1000.0);
            let gain_db = 20.0 * (loudness(&heard) / loudness(&played)).log10();
            assert!((gain_db + 6.0).abs() < 1.5, "{gain_db:.1} dB");
        }
        println!("speaker to microphone, ms: {delays_ms:.1?}");
        // A machine that stalls holds up some of it; the median does not see that.
        delays_ms.sort_by(f64::total_cmp);
        let off_ms = delays_ms[2] - DELAY.as_secs_f64() * 1000.0;
        assert!(off_ms.abs() <= 10.0, "{delays_ms:.1?}");
        // Both are heard: what somebody says there as well.
        let begun_at = Instant::now();
        desktop.play_into_microphone(&wav).expect("playing").wait().expect("played");
        assert!(loudness(&microphone.since(begun_at)) > 0.01);
        drop(room);
        let begun_at = Instant::now();
        desktop.play_on_speaker(&wav).expect("playing").wait().expect("played");
        assert!(loudness(&microphone.since(begun_at)) < SILENCE);
    });
}

fn loudness(sound: &Sound) -> f32 {
    let energy: f32 = sound.samples.iter().map(|s| s * s).sum();
    (energy / sound.samples.len() as f32).sqrt()
}

#[test]
fn keys_are_held_and_let_go_and_the_screen_can_be_saved() {
    let desktop = Desktop::start().expect("a desktop");
    desktop.key_down("ctrl+shift+space").expect("pressed");
    desktop.key_up("ctrl+shift+space").expect("let go");
    let image = desktop.folder().join("screen.png");
    desktop.screenshot(&image).expect("saved");
    assert!(std::fs::metadata(&image).expect("there").len() > 100);
}

#[test]
fn a_text_becomes_a_spoken_file() {
    let dir = tempfile::tempdir().expect("a folder");
    let wav = dir.path().join("question.wav");
    say_to_wav("What is the capital of France?", &wav).expect("spoken");
    let reader = hound::WavReader::open(&wav).expect("a WAV");
    let seconds = f64::from(reader.duration()) / f64::from(reader.spec().sample_rate);
    assert!((1.0..4.0).contains(&seconds), "{seconds} s");
}

/// The accuracy of the moments that a recording reports: from the start of a
/// player to the sound on the speaker's monitor. What is asserted is that the
/// figure is small and steady; the figure itself is printed.
#[test]
fn moments_of_recorded_sound_are_accurate_to_some_tens_of_milliseconds() {
    undisturbed(|| {
        let desktop = Desktop::start_with(&sound_only()).expect("a desktop");
        let wav = desktop.folder().join("tone.wav");
        write_tone(&wav, 48_000, 1000.0, 0.5, Duration::from_millis(300)).expect("written");
        let recording = desktop.record_speaker().expect("recording");
        let mut delays_ms = Vec::new();
        for _ in 0..10 {
            std::thread::sleep(Duration::from_millis(100));
            let playing = desktop.play_on_speaker(&wav).expect("playing");
            let begun_at = playing.begun_at;
            let onset = recording.wait_for_onset(begun_at, 0.05, Duration::from_secs(3));
            let onset = onset.expect("the tone is recorded");
            delays_ms.push((onset - begun_at).as_secs_f64() * 1000.0);
            playing.wait().expect("played");
            std::thread::sleep(Duration::from_millis(200));
        }
        delays_ms.sort_by(f64::total_cmp);
        println!("player start to recorded onset, ms: {delays_ms:.0?}");
        assert!(delays_ms[5] < 150.0, "{delays_ms:?}");
    });
}
