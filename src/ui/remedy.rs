//! The one button that helps: which it is, and what it does.

use super::{Action, UiState};
use crate::app::downloads::{DownloadCommand, Fetch, Purpose, Weight};
use crate::app::errands::Errand;
use crate::app::view::View;
use crate::doctor::{Finding, Part, Verdict};
use crate::session::{Notice, Topic};
use crate::settings::{DialogueEngine, Settings};
use crate::wording::setting_rows::{self as row, Row};
use crate::wording::{Text, memory_page, remedies as words};
use std::path::PathBuf;

/// What helps.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Remedy {
    /// A setting, brought into sight, under this name.
    Setting(Row, &'static str),
    /// The settings of the server, while it is tried.
    TestServer,
    /// This weight, by its id and name.
    Download(String, String),
    Unmute,
    Memory,
    CheckUp,
    /// This part alone.
    Check(Part),
    /// Where this lies.
    ShowFile(PathBuf),
}

impl Remedy {
    /// What helps with this, as things are.
    pub(super) fn of(notice: &Notice, view: &View, settings: &Settings) -> Option<Self> {
        if let Some(file) = &notice.file {
            return Some(Self::ShowFile(file.clone()));
        }
        Some(match notice.topic {
            Topic::Microphone if view.is_muted() && !notice.blocking => Self::Unmute,
            Topic::Microphone => setting(row::MICROPHONE, words::CHOOSE_MICROPHONE),
            Topic::Hotkey => setting(row::HOTKEY, words::CHOOSE_KEY),
            Topic::Voice => setting(row::VOICE_ENGINE, words::CHOOSE_VOICE),
            Topic::Hearing => return model(Purpose::Hearing, view),
            Topic::Dialogue if settings.dialogue.engine == DialogueEngine::Server => {
                Self::TestServer
            }
            // When she has a model, she said so, and the next question may do.
            Topic::Dialogue if !notice.blocking && lacking(Purpose::Dialogue, view).is_none() => {
                return None;
            }
            Topic::Dialogue => return model(Purpose::Dialogue, view),
            Topic::Memory if notice.blocking => Self::Memory,
            Topic::Memory => Self::CheckUp,
            Topic::Settings => return None,
        })
    }

    /// What helps with what was found, as things are.
    pub(super) fn of_finding(finding: &Finding, view: &View, settings: &Settings) -> Option<Self> {
        if finding.verdict == Verdict::Works {
            return None;
        }
        Some(match finding.part {
            Part::Microphone => setting(row::MICROPHONE, words::CHOOSE_MICROPHONE),
            Part::Hotkey => setting(row::HOTKEY, words::CHOOSE_KEY),
            Part::Hearing => return model(Purpose::Hearing, view),
            Part::Dialogue if settings.dialogue.engine == DialogueEngine::Server => {
                Self::TestServer
            }
            Part::Dialogue => return model(Purpose::Dialogue, view),
            Part::Voice if !settings.voice.enabled => setting(row::SPEAK, words::LET_HER_SPEAK),
            Part::Voice => setting(row::VOICE_ENGINE, words::CHOOSE_VOICE),
            Part::Memory if finding.verdict == Verdict::Fails => Self::Memory,
            // The next start helps, and nothing before that.
            Part::Memory => return None,
            // It is put right outside of this window.
            Part::Speaker | Part::LanguageModelProgram | Part::Display => Self::Check(finding.part),
        })
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::Setting(_, text) => (*text).into(),
            Self::TestServer => words::TEST_SERVER.into(),
            Self::Download(_, name) => words::DOWNLOAD.with(&[("name", name)]),
            Self::Unmute => words::UNMUTE.into(),
            Self::Memory => memory_page::HELP.into(),
            Self::CheckUp => words::CHECK_ALL.into(),
            Self::Check(_) => words::TRY_AGAIN.into(),
            Self::ShowFile(_) => words::SHOW_FILE.into(),
        }
    }

    /// For those who cannot see what it stands beside.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Memory => memory_page::GO_THERE.into(),
            other => other.text(),
        }
    }

    pub(super) fn apply(self, state: &mut UiState, actions: &mut Vec<Action>) {
        match self {
            Self::Setting(row, _) => {
                state.open_settings();
                state.settings.seek(row);
                actions.push(Action::ListMicrophones);
            }
            Self::TestServer => {
                state.open_settings();
                state.settings.seek(row::SERVER_TEST);
                actions.push(Action::Errand(Errand::TestServer));
            }
            Self::Download(id, _) => actions.push(Action::Download(DownloadCommand::Start(id))),
            Self::Unmute => actions.push(Action::SetMuted(false)),
            Self::Memory => actions.push(Action::OpenMemory),
            Self::CheckUp => {
                state.open_settings();
                state.settings.show_checkup();
                actions.push(Action::Errand(Errand::CheckUp));
            }
            Self::Check(part) => actions.push(Action::Errand(Errand::Check(part))),
            Self::ShowFile(file) => actions.push(Action::Errand(Errand::ShowFile(file))),
        }
    }
}

fn setting(row: Row, text: Text) -> Remedy {
    Remedy::Setting(row, text.get())
}

/// The model for this purpose: it is fetched, or chosen; nothing helps while it is
/// on its way.
fn model(purpose: Purpose, view: &View) -> Option<Remedy> {
    let Some(weight) = lacking(purpose, view) else {
        let row = match purpose {
            Purpose::Hearing => row::HEARING_MODEL,
            _ => row::DIALOGUE_MODEL,
        };
        return Some(setting(row, words::CHOOSE_MODEL));
    };
    let offer = &weight.offer;
    let is_coming = matches!(weight.fetch, Fetch::Running { .. });
    (!is_coming).then(|| Remedy::Download(offer.id.clone(), offer.name.clone()))
}

/// A weight that is needed and not here.
fn lacking(purpose: Purpose, view: &View) -> Option<&Weight> {
    view.weights.missing().find(|weight| weight.offer.purpose == purpose)
}
