//! What the examples of the window show: every sentence and figure is invented.

use jiff::{ToSpan as _, Zoned};
use samantha::app::downloads::{Offer, Purpose};
use samantha::dialogue::server::TestReport;
use samantha::doctor::{Finding, Part, Verdict};
use samantha::models::Speeds;
use samantha::remembering::{Access, Remembering};
use samantha::session::{Letters, Line, Speaker};
use samantha::turn::TurnId;
use std::sync::{Arc, Mutex};

/// What the person says.
pub const QUESTIONS: [&str; 3] = [
    "How was the sea this morning? I could not sleep and thought I might walk down to the harbour.",
    "And do you ever get tired of listening?",
    "Tell me something about whales.",
];
/// What she answers.
pub const ANSWERS: [&str; 3] = [
    "I have no window to look out of, so I cannot say how the sea was. But a walk by the harbour \
     before anyone else is up sounds like a good answer to a sleepless night. What kept you awake?",
    "No. I am a program, so there is nothing in me that tires. But I like that you ask.",
    "A humpback's song changes from year to year, and all the males in one ocean pick up the new \
     version together. Nobody knows who begins.",
];

/// Conversations of some days.
pub fn past() -> Remembering {
    let days = [400, 31, 12, 6, 2, 1, 0];
    let told = Arc::new(Mutex::new(Zoned::now()));
    let now = told.clone();
    let mut past = Remembering::unkept_at(Box::new(move || now.lock().expect("one").clone()));
    let today = Zoned::now();
    for (n, days) in days.into_iter().enumerate() {
        for turn in 0..3_u64 {
            let at = today
                .checked_sub(days.days().hours(5 * (2 - turn as i64)).minutes(n as i64 * 7))
                .expect("a time");
            *told.lock().expect("one") = at;
            let i = (n + turn as usize) % QUESTIONS.len();
            let turn = n as u64 * 3 + turn;
            let answer = line(turn, Speaker::Samantha, ANSWERS[i]);
            past.save(&line(turn, Speaker::Person, QUESTIONS[i])).expect("saved");
            past.save(&Line { interrupted: turn % 5 == 3, ..answer }).expect("saved");
        }
    }
    *told.lock().expect("one") = today;
    past
}

/// Nothing of a preview is kept, but that is not to be shown.
pub fn as_if_kept(told: Letters) -> Letters {
    match told {
        Letters::Days { before, days, has_more, folder, .. } => {
            Letters::Days { access: Access::Open, before, days, has_more, folder }
        }
        other => other,
    }
}

/// A server that was tried in vain.
pub fn refused_key() -> TestReport {
    TestReport {
        works: false,
        text: "The language model server llm.example.org does not accept the key: check it in the \
               settings, or in the environment variable they name."
            .into(),
        details: "POST https://llm.example.org/v1/chat/completions, model a-large-model. \
                  401 Unauthorized"
            .into(),
    }
}

/// How fast two models are.
pub fn speeds() -> Speeds {
    let mut speeds = Speeds::default();
    speeds.set("mind", 11.4);
    speeds.set("small", 48.0);
    speeds
}

/// What a check-up found.
pub fn findings() -> Vec<Finding> {
    let finding = |part, verdict, text: &str| Finding { part, verdict, text: text.into() };
    vec![
        finding(Part::Microphone, Verdict::Works, "\"USB Headset Mono\" hears you."),
        finding(Part::Speaker, Verdict::Works, "Sound is played by \"Built-in Audio\"."),
        finding(
            Part::Voice,
            Verdict::Doubtful,
            "The system's voice answered, but has no voice in German: choose another one.",
        ),
        finding(Part::Hearing, Verdict::Works, "whisper-base is here and will be used."),
        finding(
            Part::Dialogue,
            Verdict::Fails,
            "The weights of the language model are missing. Fetch them in the window, or with: \
             samantha models pull",
        ),
        finding(Part::LanguageModelProgram, Verdict::Works, "samantha-llm is there."),
        finding(Part::Memory, Verdict::Works, "It opens with your passphrase."),
        finding(Part::Display, Verdict::Works, "The window can be shown."),
        finding(
            Part::Hotkey,
            Verdict::Fails,
            "Another program already uses Ctrl+Shift+Space: choose another talk key.",
        ),
    ]
}

/// So many exchanges.
pub fn lines(turns: u64) -> Vec<Line> {
    (0..turns)
        .flat_map(|turn| {
            let i = turn as usize % QUESTIONS.len();
            [line(turn, Speaker::Person, QUESTIONS[i]), line(turn, Speaker::Samantha, ANSWERS[i])]
        })
        .collect()
}

/// One of them.
pub fn line(turn: u64, speaker: Speaker, text: &str) -> Line {
    Line {
        turn: TurnId(turn),
        speaker,
        text: text.into(),
        interrupted: false,
        off_the_record: false,
        said_at: jiff::Timestamp::now(),
    }
}

/// Weights, the ones that are needed here or not.
pub fn offers(installed: bool) -> Vec<Offer> {
    let offer = |id: &str, name: &str, purpose, size_bytes, licence: &str| Offer {
        id: id.into(),
        name: name.into(),
        purpose,
        size_bytes,
        ram_bytes: size_bytes * 2,
        licence: licence.into(),
        installed,
        needed: true,
    };
    vec![
        offer("ear", "Whisper base", Purpose::Hearing, 59_700_000, "MIT"),
        offer("mind", "Qwen2.5 1.5B", Purpose::Dialogue, 1_117_320_768, "Apache-2.0"),
        Offer {
            needed: false,
            installed: false,
            ..offer("small", "SmolLM2 135M", Purpose::Dialogue, 98_362_432, "Apache-2.0")
        },
        Offer {
            needed: false,
            ..offer("hibari", "Hibari", Purpose::Speaking, 7_936_868, "Apache-2.0")
        },
    ]
}
