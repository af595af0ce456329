//! The one button that helps: which it is, and what it does.

use crate::app::downloads::{DownloadCommand, Fetch, Purpose};
use crate::app::errands::Errand;
use crate::app::view::View;
use crate::session::{Notice, Topic};
use crate::settings::{DialogueEngine, Settings};
use crate::ui::{Action, UiState};
use crate::wording::setting_rows::{self as row, Row};
use crate::wording::{memory_page, remedies as words};

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
}

impl Remedy {
    /// What helps with this, as things are.
    pub(super) fn of(notice: &Notice, view: &View, settings: &Settings) -> Option<Self> {
        let missing = |purpose| {
            let mut weights = view.weights.for_purpose(purpose).filter(|weight| {
                weight.offer.needed && !weight.offer.installed && weight.fetch == Fetch::Idle
            });
            let offer = weights.next().map(|weight| &weight.offer);
            offer.map(|offer| Self::Download(offer.id.clone(), offer.name.clone()))
        };
        let setting = |row, text: crate::wording::Text| Self::Setting(row, text.get());
        Some(match notice.topic {
            Topic::Microphone if view.is_muted() && !notice.blocking => Self::Unmute,
            Topic::Microphone => setting(row::MICROPHONE, words::CHOOSE_MICROPHONE),
            Topic::Hotkey => setting(row::HOTKEY, words::CHOOSE_KEY),
            Topic::Voice => setting(row::VOICE_ENGINE, words::CHOOSE_VOICE),
            Topic::Hearing => match missing(Purpose::Hearing) {
                Some(download) => download,
                None => setting(row::HEARING_MODEL, words::CHOOSE_MODEL),
            },
            Topic::Dialogue if settings.dialogue.engine == DialogueEngine::Server => {
                Self::TestServer
            }
            Topic::Dialogue => match missing(Purpose::Dialogue) {
                Some(download) => download,
                None if notice.blocking => setting(row::DIALOGUE_MODEL, words::CHOOSE_MODEL),
                // She said so, and the next question may do.
                None => return None,
            },
            Topic::Memory if notice.blocking => Self::Memory,
            Topic::Memory => Self::CheckUp,
            Topic::Settings => return None,
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
        }
    }
}
