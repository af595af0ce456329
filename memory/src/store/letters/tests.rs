use super::*;
use crate::store::{ImportedTurn, NewLine, PERSON, SAMANTHA};
use jiff::civil::date;

fn zone() -> TimeZone {
    TimeZone::get("Europe/Vienna").expect("a zone")
}

/// A store with these lines, by their times.
fn store(lines: &[(&str, &str)]) -> Store {
    let mut store = Store::in_memory().expect("opened");
    for (n, (at, text)) in lines.iter().enumerate() {
        let speaker = [PERSON, SAMANTHA][n % 2];
        let at = at.parse().expect("a time");
        store
            .save(&NewLine { turn: n as u64, speaker, text, interrupted: false, at })
            .expect("saved");
    }
    store
}

fn some() -> Store {
    store(&[
        ("2026-03-01T22:50:00Z", "Late on Sunday."),
        ("2026-03-01T22:59:59.5Z", "Still Sunday."),
        ("2026-03-01T23:00:00Z", "Past midnight in Vienna."),
        ("2026-03-01T23:00:00.25Z", "Yes, Monday."),
        ("2026-03-02T09:00:00Z", "Good morning."),
        ("2026-03-02T09:00:10Z", "Good morning to you."),
        ("2026-03-09T09:00:00Z", "A week later."),
    ])
}

fn texts(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

#[test]
fn days_are_those_of_the_persons_calendar_the_latest_first() {
    let days = some().days(None, 9, &zone()).expect("read");
    let told: Vec<_> = days
        .iter()
        .map(|day| (day.date.to_string(), day.conversations, day.lines, day.first_words.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("2026-03-09".into(), 1, 1, "A week later."),
            ("2026-03-02".into(), 2, 4, "Past midnight in Vienna."),
            ("2026-03-01".into(), 1, 2, "Late on Sunday."),
        ]
    );
    let earlier = some().days(Some(date(2026, 3, 2)), 9, &zone()).expect("read");
    assert_eq!(earlier, days[2..]);
    assert_eq!(some().days(None, 1, &zone()).expect("read"), days[..1]);
    assert!(Store::in_memory().expect("opened").days(None, 9, &zone()).expect("read").is_empty());
}

#[test]
fn a_day_is_read_in_parts_and_leads_to_its_neighbours() {
    let store = some();
    let monday = date(2026, 3, 2);
    let whole = store.read_day(monday, Start::Skip(0), 99, &zone()).expect("read");
    assert_eq!(
        texts(&whole.lines),
        ["Past midnight in Vienna.", "Yes, Monday.", "Good morning.", "Good morning to you."]
    );
    assert_eq!((whole.all, whole.skipped, whole.conversations), (4, 0, 2));
    assert_eq!(whole.earlier, Some(date(2026, 3, 1)));
    assert_eq!(whole.later, Some(date(2026, 3, 9)));
    let part = store.read_day(monday, Start::Skip(1), 2, &zone()).expect("read");
    assert_eq!(texts(&part.lines), ["Yes, Monday.", "Good morning."]);
    assert_eq!((part.all, part.skipped), (4, 1));
    let first = store.read_day(date(2026, 3, 1), Start::Skip(0), 9, &zone()).expect("read");
    assert_eq!(first.earlier, None);
}

#[test]
fn a_line_is_read_among_its_neighbours() {
    let lines: Vec<(String, String)> =
        (0..60).map(|n| (format!("2026-03-02T10:{n:02}:00Z"), format!("Line {n}."))).collect();
    let lines: Vec<_> = lines.iter().map(|(at, text)| (at.as_str(), text.as_str())).collect();
    let store = store(&lines);
    let id = store.lines_in(Scope::Everything, &zone()).expect("read")[40].id;
    let reading = store.read_day(date(2026, 3, 2), Start::Line(id), 20, &zone()).expect("read");
    assert_eq!(reading.lines.len(), 20);
    assert_eq!(reading.skipped, 40 - LEADING);
    assert!(reading.lines.iter().any(|line| line.id == id));
}

#[test]
fn a_part_has_its_lines_and_no_others() {
    let mut store = some();
    let turn = ImportedTurn {
        id: "old".into(),
        speaker: "Ana".into(),
        time: "2020-01-01T10:00:00Z".parse().expect("a time"),
        text: "Long ago.".into(),
    };
    store.import_turns(&[turn]).expect("imported");
    let in_scope = |scope| store.lines_in(scope, &zone()).expect("read");
    let all = in_scope(Scope::Everything);
    assert_eq!(all.len(), 8);
    assert_eq!(all[0].text, "Long ago.", "as they began, not as they came here");
    assert_eq!(in_scope(Scope::Day(date(2026, 3, 1))).len(), 2);
    assert_eq!(in_scope(Scope::Line(all[3].id)), [all[3].clone()]);
    let conversation = in_scope(Scope::Conversation(all[1].conversation));
    assert_eq!(conversation.len(), 4, "it goes on past midnight");
}
