//! What a turn is given.

use super::*;

/// The peak of the sine of this frequency, and what is left besides it.
fn sine_and_rest(samples: &[f32], frequency_hz: f32) -> (f32, f32) {
    let step = std::f64::consts::TAU * f64::from(frequency_hz) / f64::from(SPEECH_RATE_HZ);
    let (re, im) = samples.iter().enumerate().fold((0.0, 0.0), |(re, im), (n, &s)| {
        let angle = step * n as f64;
        (re + f64::from(s) * angle.cos(), im + f64::from(s) * angle.sin())
    });
    let (re, im) = (2.0 * re / samples.len() as f64, 2.0 * im / samples.len() as f64);
    let rest: Vec<f32> = samples
        .iter()
        .enumerate()
        .map(|(n, &s)| {
            let angle = step * n as f64;
            (f64::from(s) - re * angle.cos() - im * angle.sin()) as f32
        })
        .collect();
    ((re * re + im * im).sqrt() as f32, rms(&rest))
}

#[test]
fn a_tone_arrives_undistorted_from_every_kind_of_microphone() {
    let test = "turns::a_tone_arrives_undistorted_from_every_kind_of_microphone";
    let Some(mut desktop) = own_desktop(test, &with(None)) else { return };
    let wav = tone(&desktop, 440.0, Duration::from_secs(5));
    // Whoever looks into a failure will want to hear what came.
    let save = |sound: &[f32]| {
        let heard = rehearsal::Sound {
            samples: sound.to_vec(),
            rate_hz: SPEECH_RATE_HZ,
            begun_at: Instant::now(),
        };
        let path = std::env::temp_dir().join("heard-tone.wav");
        heard.save(&path).expect("saved");
        path
    };
    let kinds = [
        (16_000, 1, "s16le"),
        (44_100, 1, "s16le"),
        (44_100, 2, "float32le"),
        (48_000, 1, "u8"),
        (48_000, 2, "s32le"),
        (48_000, 2, "s24le"),
        (48_000, 1, "s24-32le"),
        (48_000, 6, "s16le"),
        (96_000, 2, "s16le"),
        (8_000, 1, "s16le"),
    ];
    for (rate_hz, channels, format) in kinds {
        let kind = format!("{rate_hz} Hz, {channels} channels, {format}");
        let spec = MicrophoneSpec {
            rate_hz,
            channels,
            format: format.into(),
            ..MicrophoneSpec::default()
        };
        desktop.plug(&spec).expect("plugged in");
        let mut listening = Listening::to(None);
        listening.wait_until_ready();
        let playing = desktop.play_into_microphone(&wav).expect("playing");
        std::thread::sleep(Duration::from_millis(1800));
        listening.microphone.start(TURN);
        std::thread::sleep(Duration::from_secs(1));
        let released_at = Instant::now();
        let sound = listening.finish();
        println!("{kind}: complete {:?} after the release", released_at.elapsed());
        drop(playing);
        let length_s = sound.len() as f32 / SPEECH_RATE_HZ as f32;
        assert!((1.35..1.7).contains(&length_s), "{kind}: {length_s} s");
        let (peak, rest) = sine_and_rest(&sound, 440.0);
        // With more than two channels the sound server itself mixes.
        let tolerance = if channels > 2 { 0.2 } else { 0.02 };
        assert!((peak - 0.5).abs() < tolerance, "{kind}: peak {peak}");
        let worst = if format == "u8" { 0.02 } else { 0.01 };
        assert!(rest < worst, "{kind}: {rest} besides the tone, see {:?}", save(&sound));
    }
}

#[test]
fn neither_the_first_nor_the_last_moment_of_speech_is_lost() {
    let test = "turns::neither_the_first_nor_the_last_moment_of_speech_is_lost";
    let Some(desktop) = own_desktop(test, &usual()) else { return };
    undisturbed(|| {
        let wav = tone(&desktop, 440.0, Duration::from_millis(600));
        let mut listening = Listening::to(None);
        listening.wait_until_ready();
        let recording = desktop.record_microphone("virtual_microphone").expect("recording");
        for _ in 0..5 {
            std::thread::sleep(Duration::from_millis(600));
            let playing = desktop.play_into_microphone(&wav).expect("playing");
            let onset = recording
                .wait_for_onset(playing.begun_at, 0.1, SOON)
                .expect("the tone reaches the microphone");
            let sleep_until = |moment: Instant| {
                std::thread::sleep(moment.saturating_duration_since(Instant::now()));
            };
            // The key goes down in the middle of the sound and up at its end.
            sleep_until(onset + Duration::from_millis(250));
            listening.microphone.start(TURN);
            sleep_until(onset + Duration::from_millis(600));
            let released_at = Instant::now();
            let sound = listening.finish();
            let waited = released_at.elapsed();
            println!("{} ms of 600 heard, {waited:?} after the release", loud_ms(&sound));
            assert!(loud_ms(&sound) >= 580, "only {} ms of 600 were heard", loud_ms(&sound));
            assert!(waited < Duration::from_millis(250), "{waited:?} after the release");
        }
    });
}

#[test]
fn sound_comes_in_short_pieces_with_its_level_and_only_in_a_turn() {
    let test = "turns::sound_comes_in_short_pieces_with_its_level_and_only_in_a_turn";
    let Some(desktop) = own_desktop(test, &usual()) else { return };
    let wav = tone(&desktop, 440.0, Duration::from_secs(5));
    let mut listening = Listening::to(None);
    listening.wait_until_ready();
    let _playing = desktop.play_into_microphone(&wav).expect("playing");
    std::thread::sleep(Duration::from_secs(1));
    assert!(listening.told.is_empty(), "{:?}", listening.told.try_iter().collect::<Vec<_>>());
    listening.microphone.start(TURN);
    std::thread::sleep(Duration::from_secs(1));
    let mut levels = Vec::new();
    for (_, event) in listening.told.try_iter() {
        match event {
            MicrophoneEvent::Audio { turn, samples } => {
                assert_eq!(turn, TURN);
                assert!((320..=800).contains(&samples.len()), "{}", samples.len());
            }
            MicrophoneEvent::Level(level) => levels.push(level),
            other => panic!("{other:?} in the middle of a turn"),
        }
    }
    assert!((8..=22).contains(&levels.len()), "{} levels a second", levels.len());
    let steady = &levels[levels.len() / 2..];
    assert!(steady.iter().all(|l| (l - 0.5 / 2f32.sqrt()).abs() < 0.02), "{levels:?}");

    listening.microphone.abandon(TURN);
    std::thread::sleep(Duration::from_millis(300));
    listening.told.try_iter().for_each(drop);
    std::thread::sleep(Duration::from_millis(500));
    assert!(listening.told.is_empty());
}

#[test]
fn the_end_of_one_turn_does_not_begin_the_next() {
    let test = "turns::the_end_of_one_turn_does_not_begin_the_next";
    let Some(desktop) = own_desktop(test, &usual()) else { return };
    let wav = tone(&desktop, 440.0, Duration::from_secs(6));
    let mut listening = Listening::to(None);
    listening.wait_until_ready();
    let _playing = desktop.play_into_microphone(&wav).expect("playing");
    std::thread::sleep(Duration::from_secs(1));
    listening.microphone.start(TURN);
    std::thread::sleep(Duration::from_millis(500));
    let first = listening.finish();
    listening.microphone.start(TURN);
    std::thread::sleep(Duration::from_millis(500));
    let second = listening.finish();
    let seconds = |sound: &[f32]| sound.len() as f32 / SPEECH_RATE_HZ as f32;
    assert!(seconds(&first) >= 0.85, "{} s", seconds(&first)); // with pre-roll
    assert!(seconds(&second) <= 0.75, "{} s", seconds(&second)); // without
}
