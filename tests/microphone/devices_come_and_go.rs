//! Devices that vanish, fall silent, return, or are not there at all.

use super::*;
use std::process::Command;

const WITHIN: Duration = Duration::from_secs(2);

#[test]
fn an_unplugged_microphone_is_noticed_and_the_turn_goes_on_with_the_default() {
    let test = "devices_come_and_go::an_unplugged_microphone_is_noticed_and_the_turn_goes_on_with_the_default";
    let Some(mut desktop) = own_desktop(test, &with(Some(spare()))) else { return };
    desktop.plug_microphone().expect("plugged in");
    desktop.make_default("spare_microphone").expect("made default");
    let wav = tone(&desktop, 440.0, Duration::from_secs(8));
    let mut listening = Listening::to(Some("pulseaudio:virtual_microphone"));
    assert_eq!(listening.wait_until_ready(), "Virtual Microphone");

    let _playing = desktop.play_into("virtual_microphone", &wav).expect("playing");
    let _also_playing = desktop.play_into("spare_microphone", &wav).expect("playing");
    std::thread::sleep(Duration::from_secs(1));
    let begun_at = Instant::now();
    listening.microphone.start(TURN);
    std::thread::sleep(Duration::from_millis(700));
    let unplugged_at = Instant::now();
    desktop.unplug("virtual_microphone").expect("unplugged");
    let mut sound = Vec::new();
    let (lost_at, fallback) = listening.wait_for("loss", SOON, |at, event| match event {
        MicrophoneEvent::Audio { samples, .. } => {
            sound.extend(samples);
            None
        }
        MicrophoneEvent::Lost { device, fallback } => {
            assert_eq!(device, "Virtual Microphone");
            Some((at, fallback))
        }
        _ => None,
    });
    println!("the loss was told after {:?}", lost_at - unplugged_at);
    assert!(lost_at - unplugged_at <= WITHIN, "{:?}", lost_at - unplugged_at);
    assert_eq!(fallback.as_deref(), Some("Spare Microphone"));
    assert_eq!(listening.wait_until_ready(), "Spare Microphone");
    std::thread::sleep(Duration::from_millis(700));
    sound.extend(listening.finish());
    // Both microphones carried the tone, so all but the gap is loud.
    let taken = begun_at.elapsed() + Duration::from_millis(400);
    let gap = taken.saturating_sub(Duration::from_millis(loud_ms(&sound) as u64));
    println!("the turn lost {gap:?} of {taken:?}");
    assert!(gap < WITHIN, "{gap:?} of {taken:?} is missing");

    desktop.plug_microphone().expect("plugged in again");
    desktop.make_default("spare_microphone").expect("made default");
    assert_eq!(listening.wait_until_ready(), "Virtual Microphone");
}

#[test]
fn the_speakers_sound_is_never_taken_for_the_person() {
    let test = "devices_come_and_go::the_speakers_sound_is_never_taken_for_the_person";
    let Some(mut desktop) = own_desktop(test, &usual()) else { return };
    let listening = Listening::to(None);
    listening.wait_until_ready();
    // The sound server moves the stream to the speaker's monitor by itself.
    desktop.unplug_microphone().expect("unplugged");
    let (_, device, fallback) = listening.wait_until_lost();
    assert_eq!((device.as_str(), fallback), ("Virtual Microphone", None));
    assert!(listening.wait_until_missing().contains("No microphone was found"));
    let offered = devices::inputs().expect("listed");
    assert!(offered.iter().any(|input| input.is_monitor), "{offered:?}");
    assert!(offered.iter().all(|input| input.is_monitor), "{offered:?}");
}

#[test]
fn a_microphone_that_falls_silent_is_noticed() {
    let test = "devices_come_and_go::a_microphone_that_falls_silent_is_noticed";
    let Some(mut desktop) = own_desktop(test, &with(Some(spare()))) else { return };
    desktop.plug_microphone().expect("plugged in");
    let listening = Listening::to(None);
    assert_eq!(listening.wait_until_ready(), "Virtual Microphone");
    let silent_at = Instant::now();
    desktop.suspend_microphone("virtual_microphone", true).expect("suspended");
    let (lost_at, device, fallback) = listening.wait_until_lost();
    println!("the silence was told after {:?}", lost_at - silent_at);
    assert!(lost_at - silent_at <= WITHIN, "{:?}", lost_at - silent_at);
    assert_eq!(device, "Virtual Microphone");
    assert_eq!(fallback.as_deref(), Some("Spare Microphone"));
}

#[test]
fn without_a_microphone_it_says_so_and_finds_the_one_that_is_plugged_in() {
    let test =
        "devices_come_and_go::without_a_microphone_it_says_so_and_finds_the_one_that_is_plugged_in";
    let Some(mut desktop) = own_desktop(test, &with(None)) else { return };
    let mut listening = Listening::to(None);
    assert!(listening.wait_until_missing().contains("plug one in"));
    listening.microphone.start(TURN);
    assert!(listening.finish().is_empty());
    desktop.plug_microphone().expect("plugged in");
    assert_eq!(listening.wait_until_ready(), "Virtual Microphone");
}

#[test]
fn a_sound_server_that_hangs_is_noticed_and_survived_and_one_that_dies_is_told() {
    let test = "devices_come_and_go::a_sound_server_that_hangs_is_noticed_and_survived_and_one_that_dies_is_told";
    let Some(desktop) = own_desktop(test, &usual()) else { return };
    let signal = |name: &str| {
        let id = desktop.sound_server_id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().expect("kill runs").success());
    };
    let mut listening = Listening::to(None);
    listening.wait_until_ready();
    signal("-STOP");
    let stopped_at = Instant::now();
    let (lost_at, _, fallback) = listening.wait_until_lost();
    assert_eq!(fallback, None);
    assert!(lost_at - stopped_at <= WITHIN, "{:?}", lost_at - stopped_at);
    listening.microphone.start(TURN);
    assert!(listening.finish().is_empty());
    signal("-CONT");
    assert_eq!(listening.wait_until_ready(), "Virtual Microphone");
    signal("-KILL");
    listening.wait_until_lost();
    assert!(listening.wait_until_missing().contains("No sound system answers"));
    let begun = Instant::now();
    drop(listening);
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?} to close", begun.elapsed());
}

#[test]
fn another_microphone_can_be_chosen_at_any_time() {
    let test = "devices_come_and_go::another_microphone_can_be_chosen_at_any_time";
    let Some(mut desktop) = own_desktop(test, &with(Some(spare()))) else { return };
    desktop.plug_microphone().expect("plugged in");
    let mut listening = Listening::to(None);
    assert_eq!(listening.wait_until_ready(), "Virtual Microphone");
    listening.microphone.select(Some("pulseaudio:spare_microphone".into()));
    assert_eq!(listening.wait_until_ready(), "Spare Microphone");
    listening.microphone.select(Some("pulseaudio:absent".into()));
    let (_, device, fallback) = listening.wait_until_lost();
    assert_eq!(device, "pulseaudio:absent");
    assert_eq!(fallback.as_deref(), Some("Virtual Microphone"));
}
