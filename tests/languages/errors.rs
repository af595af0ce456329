//! Errors that the window shows: each kind has a German sentence, and is English
//! where English is asked for, as the log and what she says aloud ask.

use llm_protocol::Fault;
use memory::Trouble;
use memory::key::PhraseError;
use memory::vault::Locked;
use samantha::audio::devices::DeviceError;
use samantha::control::StartError;
use samantha::dialogue::server::problem::Problem;
use samantha::hotkey::BindingError;
use samantha::models::{Catalog, ConvertError, PullError, StoreError};
use samantha::persona::PersonaError;
use samantha::wording::{self, fetching, language::speaking, reasons, troubles};
use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Words that no German sentence has.
const ENGLISH: [&str; 12] =
    ["the", "and", "is", "are", "of", "to", "your", "cannot", "with", "from", "it", "has"];

#[track_caller]
fn assert_both(error: impl Display) {
    let english = speaking("en", || error.to_string());
    let german = speaking("de", || error.to_string());
    assert_ne!(english, german);
    let mut words = german.split(|c: char| !c.is_alphabetic());
    assert_eq!(words.find(|word| ENGLISH.contains(word)), None, "{german}");
    assert_eq!(speaking("en", || error.to_string()), english);
}

/// A sentence that is made anew each time it is shown.
struct Made<F>(F);

impl<F: Fn() -> String> Display for Made<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0())
    }
}

fn lost() -> io::Error {
    ErrorKind::PermissionDenied.into()
}

#[test]
fn models_that_cannot_be_fetched_or_kept() {
    for what in [
        fetching::CANNOT_READ,
        fetching::CANNOT_WRITE,
        fetching::CANNOT_CREATE,
        fetching::CANNOT_REMOVE,
        fetching::CANNOT_LOCK,
    ] {
        assert_both(StoreError::Io { what, path: "/a".into(), error: lost() });
    }
    assert_both(StoreError::NoSpace { dir: "/a".into(), needed: 2_000_000, free: 1_000 });
    assert_both(StoreError::NotInstalled("a".into()));
    assert_both(PullError::Cancelled("a".into()));
    assert_both(PullError::NoSource { id: "a".into() });
    assert_both(ConvertError::Malformed("?".into()));
    let nonsense = Catalog::parse("size = ", Path::new("c.toml")).expect_err("no catalogue");
    let told = speaking("de", || nonsense.to_string());
    assert!(told.starts_with("Der Katalog c.toml ist nicht zu gebrauchen"), "{told}");
}

#[test]
fn sources_that_fail() {
    let plain = [
        fetching::WRONG_ARRIVED,
        fetching::WRONG_FILE,
        fetching::WRONG_PARTS,
        fetching::WRONG_CONVERTED,
        fetching::SERVER_STOPPED,
        fetching::SERVER_SENDS_MORE,
        fetching::SERVER_WENT_ELSEWHERE,
        fetching::SERVER_MAKES_NO_SENSE,
        fetching::SERVER_SILENT,
        fetching::SERVER_HAS_ANOTHER,
        fetching::PIP_EMPTY,
        fetching::NO_PYTHON,
        fetching::NO_MEMBER,
    ];
    for text in plain {
        assert_both(text);
    }
    for text in [fetching::SOURCE_UNREADABLE, fetching::NO_CONNECTION, fetching::CONNECTION_BROKE] {
        // What lies behind it is told in the same language.
        assert_both(text.filling("reason", reasons::Reason(lost())));
    }
}

#[test]
fn reasons_of_the_system() {
    for kind in [
        ErrorKind::NotFound,
        ErrorKind::AlreadyExists,
        ErrorKind::PermissionDenied,
        ErrorKind::StorageFull,
        ErrorKind::QuotaExceeded,
        ErrorKind::ReadOnlyFilesystem,
        ErrorKind::NotADirectory,
        ErrorKind::IsADirectory,
        ErrorKind::ConnectionRefused,
        ErrorKind::ConnectionReset,
        ErrorKind::NetworkUnreachable,
        ErrorKind::TimedOut,
    ] {
        assert_both(Made(|| reasons::of(&kind.into())));
    }
}

#[test]
fn devices_keys_and_the_window_itself() {
    let device = || "a".to_owned();
    assert_both(DeviceError::NoSoundSystem);
    assert_both(DeviceError::NoMicrophone);
    assert_both(DeviceError::Refused { device: device() });
    assert_both(DeviceError::Busy { device: device() });
    assert_both(DeviceError::Unusable { device: device(), reason: "?".into() });
    assert_both(BindingError::Empty);
    assert_both(BindingError::ModifiersOnly("a".into()));
    assert_both(BindingError::TwoKeys("a".into()));
    assert_both(BindingError::UnknownKey("a".into()));
    assert_both(BindingError::NeedsModifier("a".into()));
    assert_both(StartError::AlreadyRunning);
    assert_both(StartError::PathTooLong { path: "/a".into(), max: 100 });
    assert_both(StartError::Io { path: "/a".into(), source: lost() });
    assert_both(PersonaError::Missing { name: "a".into(), dir: "/a".into() });
    assert_both(PersonaError::Broken { file: "/a".into(), reason: "?".into() });
}

#[test]
fn language_models_and_servers() {
    for fault in [
        Fault::ModelMissing,
        Fault::ModelUnusable,
        Fault::ModelCannotConverse,
        Fault::TooLittleMemory,
        Fault::TooLong,
        Fault::Other,
    ] {
        assert_both(troubles::model_fault(fault));
    }
    for problem in [
        Problem::UnknownHost,
        Problem::Unreachable,
        Problem::Silent,
        Problem::Insecure,
        Problem::TooSlow,
        Problem::BrokeOff,
        Problem::NotUnderstood,
        Problem::Key,
        Problem::UnknownModel,
        Problem::Busy,
        Problem::Trouble(500, String::new()),
        Problem::Trouble(500, "?".into()),
        Problem::Refuses(400, String::new()),
        Problem::Refuses(400, "?".into()),
        Problem::GaveUp(String::new()),
        Problem::GaveUp("?".into()),
    ] {
        assert_both(Made(|| wording::server::problem(&problem, "a", "b")));
    }
    let settings = samantha::settings::DialogueSettings::default();
    assert_both(Made(|| samantha::dialogue::server::test(&settings).text));
}

#[test]
fn a_memory_that_stays_closed() {
    for why in [
        Locked::Passphrase,
        Locked::WrongPassphrase,
        Locked::KeychainSilent(anyhow::anyhow!(Trouble::KeychainSilent)),
        Locked::KeyLost,
        Locked::Phrase(PhraseError::Count(3)),
        Locked::Phrase(PhraseError::Word(5)),
        Locked::Phrase(PhraseError::Checksum),
        Locked::OtherPhrase,
        Locked::Failed(io::Error::from_raw_os_error(2).into()),
    ] {
        let sentence = wording::memory::locked(&why);
        assert_both(&sentence);
    }
    for trouble in [
        Trouble::DiskFull,
        Trouble::ReadOnly,
        Trouble::Busy,
        Trouble::DiskFails,
        Trouble::NoKeychain,
        Trouble::KeychainSilent,
        Trouble::KeychainForgets,
    ] {
        assert_both(wording::memory::failed(&anyhow::anyhow!(trouble)));
    }
}
