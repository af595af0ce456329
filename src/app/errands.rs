//! What the window has done for the person beside the conversation: a server
//! tried, a model measured, every part checked.
//!
//! Pure: the window asks by an [`Errand`] and is told [`ErrandEvent`]s;
//! [`Errands`] is what it shows of them. Whoever does them works on threads of
//! its own, and never sends anything of the person's anywhere.

use crate::dialogue::server::TestReport;
use crate::doctor::{Finding, Part};
use crate::models::Speeds;
use crate::settings::{Server, Settings};
use std::path::PathBuf;

/// What the window asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Ask the server of the settings a fixed sentence.
    TestServer,
    /// Measure how fast this language model writes on this computer.
    Measure(String),
    /// Measure no longer: the conversation needs the computer.
    StopMeasuring,
    /// Try every part.
    CheckUp,
    /// Try one part again.
    Check(Part),
    /// Open the folder that this file lies in.
    ShowFile(PathBuf),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum ErrandEvent {
    /// This server was tried.
    ServerTested(Server, TestReport),
    /// Everything that has been measured so far.
    Speeds(Speeds),
    /// Measuring this model is over; if it failed, with one sentence for people.
    Measured(String, Option<String>),
    /// One part was checked.
    Found(Finding),
    /// All that were asked for were.
    CheckedUp,
    /// No program here shows folders.
    FileNotShown(PathBuf),
}

/// What is known of a server.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ServerTest {
    /// Nothing.
    #[default]
    Untested,
    /// It is being asked.
    Running(Server),
    /// This came of it.
    Done(Server, TestReport),
}

/// What is known of the parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckUp {
    /// The one that is being tried.
    pub checking: Option<Part>,
    /// What was found so far, in the order of the checks.
    pub findings: Vec<Finding>,
}

impl CheckUp {
    /// In place of what was found of the part before.
    fn take(&mut self, finding: Finding) {
        match self.findings.iter_mut().find(|known| known.part == finding.part) {
            Some(known) => *known = finding,
            None => {
                self.findings.push(finding);
                self.checking = Part::ALL.get(self.findings.len()).copied().or(self.checking);
            }
        }
    }
}

/// All of it, as the window shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Errands {
    /// The server that was tried last.
    pub server_test: ServerTest,
    /// How fast language models are on this computer.
    pub speeds: Speeds,
    /// The model being measured.
    pub measuring: Option<String>,
    /// A model that could not be measured, and why.
    pub not_measured: Option<(String, String)>,
    /// The parts.
    pub checkup: CheckUp,
}

impl Errands {
    /// The person asked for this: shown at once. `false` if it is under way.
    pub fn begin(&mut self, errand: &Errand, settings: &Settings) -> bool {
        match errand {
            Errand::TestServer => {
                let server = settings.dialogue.server.clone();
                let running = ServerTest::Running(server);
                let is_news = self.server_test != running;
                self.server_test = running;
                is_news
            }
            Errand::Measure(id) => {
                self.not_measured = None;
                let is_idle = self.measuring.is_none();
                self.measuring.get_or_insert_with(|| id.clone());
                is_idle
            }
            Errand::StopMeasuring => self.measuring.take().is_some(),
            Errand::CheckUp => {
                let is_idle = self.checkup.checking.is_none();
                if is_idle {
                    let checking = Part::ALL.first().copied();
                    self.checkup = CheckUp { checking, findings: Vec::new() };
                }
                is_idle
            }
            Errand::Check(part) => {
                let is_idle = self.checkup.checking.is_none();
                self.checkup.checking.get_or_insert(*part);
                is_idle
            }
            Errand::ShowFile(_) => true,
        }
    }

    /// Takes in what came of it.
    pub fn apply(&mut self, event: ErrandEvent) {
        match event {
            ErrandEvent::ServerTested(server, report) => {
                // The address may have been changed since.
                if self.server_test == ServerTest::Running(server.clone()) {
                    self.server_test = ServerTest::Done(server, report);
                }
            }
            ErrandEvent::Speeds(speeds) => self.speeds = speeds,
            ErrandEvent::Measured(id, problem) => {
                if self.measuring.take_if(|measuring| *measuring == id).is_some() {
                    self.not_measured = problem.map(|problem| (id, problem));
                }
            }
            ErrandEvent::Found(finding) => self.checkup.take(finding),
            ErrandEvent::CheckedUp => self.checkup.checking = None,
            // The window tells it as a notice.
            ErrandEvent::FileNotShown(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict;

    fn with_server(base_url: &str) -> Settings {
        let mut settings = Settings::default();
        settings.dialogue.server.base_url = base_url.into();
        settings
    }

    #[test]
    fn what_is_told_of_an_earlier_server_is_not_taken_for_the_new_one() {
        let (old, new) = (with_server("http://old"), with_server("http://new"));
        let mut errands = Errands::default();
        assert!(errands.begin(&Errand::TestServer, &old));
        assert!(!errands.begin(&Errand::TestServer, &old), "it is under way");
        assert!(errands.begin(&Errand::TestServer, &new));
        let report = TestReport { works: true, text: "It works.".into(), details: String::new() };
        errands.apply(ErrandEvent::ServerTested(old.dialogue.server, report.clone()));
        let server = new.dialogue.server;
        assert_eq!(errands.server_test, ServerTest::Running(server.clone()));
        errands.apply(ErrandEvent::ServerTested(server.clone(), report.clone()));
        assert_eq!(errands.server_test, ServerTest::Done(server, report));
    }

    #[test]
    fn a_part_that_is_tried_again_keeps_its_place() {
        let finding = |part, verdict| Finding { part, verdict, text: "".into() };
        let mut errands = Errands::default();
        errands.begin(&Errand::CheckUp, &Settings::default());
        for (place, part) in Part::ALL.into_iter().enumerate() {
            assert_eq!(errands.checkup.checking, Some(part), "{place}");
            errands.apply(ErrandEvent::Found(finding(part, Verdict::Fails)));
        }
        errands.apply(ErrandEvent::CheckedUp);
        assert!(errands.begin(&Errand::Check(Part::Speaker), &Settings::default()));
        assert!(!errands.begin(&Errand::CheckUp, &Settings::default()), "one at a time");
        errands.apply(ErrandEvent::Found(finding(Part::Speaker, Verdict::Works)));
        errands.apply(ErrandEvent::CheckedUp);
        assert_eq!(errands.checkup.checking, None);
        let found: Vec<_> = errands.checkup.findings.iter().map(|found| found.part).collect();
        assert_eq!(found, Part::ALL);
        assert_eq!(errands.checkup.findings[1].verdict, Verdict::Works);
    }

    #[test]
    fn one_model_is_measured_at_a_time_and_what_was_stopped_is_not_told() {
        let settings = Settings::default();
        let mut errands = Errands::default();
        assert!(errands.begin(&Errand::Measure("small".into()), &settings));
        assert!(!errands.begin(&Errand::Measure("large".into()), &settings));
        assert!(errands.begin(&Errand::StopMeasuring, &settings));
        errands.apply(ErrandEvent::Measured("small".into(), Some("It died.".into())));
        assert_eq!(errands.not_measured, None);
        assert!(errands.begin(&Errand::Measure("large".into()), &settings));
        errands.apply(ErrandEvent::Measured("large".into(), Some("It died.".into())));
        assert_eq!(errands.not_measured, Some(("large".into(), "It died.".into())));
        assert_eq!(errands.measuring, None);
    }
}
