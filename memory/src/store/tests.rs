use super::facts::{Learnt, State};
use super::pacing::Pacing;
use super::*;
use crate::learn::{Candidate, Someone, Subject, Topic};

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn now() -> Timestamp {
    time("2026-03-01T12:00:00Z")
}

fn said<'a>(turn: u64, speaker: &'a str, text: &'a str) -> NewLine<'a> {
    let at = now() + SignedDuration::from_secs(turn as i64);
    NewLine { turn, speaker, text, interrupted: false, at }
}

fn fact(statement: &str) -> Candidate {
    Candidate {
        statement: statement.into(),
        subject: Subject::Person,
        topic: Topic::Other,
        slot: String::new(),
        when: None,
        confidence: 0.9,
        corrects: false,
    }
}

fn about(name: &str, relation: &str, slot: &str, statement: &str) -> Candidate {
    let who = Someone { name: name.into(), relation: relation.into() };
    Candidate { subject: Subject::Other(who), slot: slot.into(), ..fact(statement) }
}

struct Place {
    dir: tempfile::TempDir,
    key: Key,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        Self { dir, key: Key::random().expect("random") }
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("memory.sqlite")
    }

    fn open(&self) -> Store {
        Store::open(&self.file(), &self.key).expect("opened").store
    }

    fn bytes(&self) -> Vec<u8> {
        let entries = std::fs::read_dir(self.dir.path()).expect("listed");
        entries.flat_map(|entry| std::fs::read(entry.expect("one").path()).expect("read")).collect()
    }
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

#[test]
fn a_conversation_is_taken_up_again_unless_hours_have_passed() {
    let place = Place::new();
    let mut store = place.open();
    assert_eq!(store.resume(10, now()).expect("resumed"), []);
    let hello = store.save(&said(1, PERSON, "Hello.")).expect("saved");
    let reply = store.save(&said(1, SAMANTHA, "Good morning.")).expect("saved");
    drop(store);
    let mut store = place.open();
    assert_eq!(store.next_turn().expect("counted"), 2);
    assert_eq!(store.resume(10, now()).expect("resumed"), [hello.clone(), reply.clone()]);
    assert_eq!(store.resume(1, now()).expect("resumed"), std::slice::from_ref(&reply));
    let more = store.save(&said(2, PERSON, "More.")).expect("saved");
    assert_eq!(more.conversation, hello.conversation);
    let later = now() + SignedDuration::from_hours(5);
    assert_eq!(store.resume(10, later).expect("resumed").len(), 3, "still shown");
    let next = NewLine { at: later, ..said(3, PERSON, "Another day.") };
    assert_ne!(store.save(&next).expect("saved").conversation, hello.conversation);
}

#[test]
fn a_long_silence_begins_a_new_conversation() {
    let mut store = Store::in_memory().expect("a store");
    let first = store.save(&said(1, PERSON, "Good night.")).expect("saved");
    let morning =
        NewLine { at: now() + SignedDuration::from_hours(8), ..said(2, PERSON, "Good morning.") };
    assert_ne!(store.save(&morning).expect("saved").conversation, first.conversation);
}

#[test]
fn only_the_owner_reads_the_files() {
    let place = Place::new();
    let mut store = place.open();
    store.save(&said(1, PERSON, "Hello.")).expect("saved");
    #[cfg(unix)]
    for entry in std::fs::read_dir(place.dir.path()).expect("listed") {
        use std::os::unix::fs::PermissionsExt;
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", entry.path().display());
    }
}

#[test]
fn nothing_on_disk_is_in_clear() {
    let place = Place::new();
    let mut store = place.open();
    let line = store.save(&said(1, PERSON, "The word is pomegranate.")).expect("saved");
    store.learn(&line, &about("Xanthippe", "aunt", "", "My aunt Xanthippe."), None).expect("kept");
    store.save_episode(&[line], "You talked of a kumquat.").expect("kept");
    let bytes = place.bytes();
    assert!(bytes.len() > 10_000);
    for word in ["pomegranate", "Xanthippe", "kumquat", "SQLite format"] {
        assert!(!holds(&bytes, word), "{word} is there in clear");
    }
}

#[test]
fn a_fact_said_twice_is_one_fact_with_two_sources() {
    let mut store = Store::in_memory().expect("a store");
    let first = store.save(&said(1, PERSON, "My sister Ana moved to Lisbon.")).expect("saved");
    let again = store.save(&said(2, PERSON, "Ana really moved to Lisbon.")).expect("saved");
    let ana = about("Ana", "sister", "home", "My sister Ana moved to Lisbon.");
    let Learnt::New(id) = store.learn(&first, &ana, None).expect("learnt") else { panic!("new") };
    let again_said = about("Ana", "", "home", "My sister Ana just moved to Lisbon");
    assert_eq!(store.learn(&again, &again_said, None).expect("learnt"), Learnt::Known(id));
    assert_eq!(store.sources(id).expect("read").len(), 2);
    assert_eq!(store.people().expect("read").len(), 1);
}

#[test]
fn what_changed_becomes_history() {
    let mut store = Store::in_memory().expect("a store");
    let first = store.save(&said(1, PERSON, "Ana moved to Lisbon.")).expect("saved");
    let then = store.save(&said(2, PERSON, "No, she moved to Porto.")).expect("saved");
    let lisbon = about("Ana", "sister", "home", "My sister Ana moved to Lisbon.");
    let porto = Candidate {
        corrects: true,
        ..about("Ana", "sister", "home", "My sister Ana moved to Porto.")
    };
    let Learnt::New(old) = store.learn(&first, &lisbon, None).expect("learnt") else {
        panic!("new")
    };
    let learnt = store.learn(&then, &porto, None).expect("learnt");
    let Learnt::Superseded { by, old: replaced } = learnt else { panic!("{learnt:?}") };
    assert_eq!(replaced, old);
    let was = store.fact(old).expect("read").expect("still there");
    assert_eq!((was.state, was.superseded_by), (State::Superseded, Some(by)));
    assert_eq!(store.fact(by).expect("read").expect("there").state, State::Current);
}

#[test]
fn a_relation_and_its_name_become_one_person() {
    let mut store = Store::in_memory().expect("a store");
    let line = store.save(&said(1, PERSON, "…")).expect("saved");
    for candidate in [
        about("", "sister", "", "My sister called."),
        about("Ana", "sister", "", "My sister Ana has a cold."),
        about("Ana", "", "", "Ana is better."),
        about("Ana", "boss", "", "My boss is called Ana, too."),
        about("", "brother", "", "My brother sings."),
    ] {
        store.learn(&line, &candidate, None).expect("learnt");
    }
    let people: Vec<(String, String, u64)> = store
        .people()
        .expect("read")
        .into_iter()
        .map(|known| (known.who.name, known.who.relation, known.facts))
        .collect();
    let expected = [("Ana", "boss", 1), ("Ana", "sister", 3), ("", "brother", 1)];
    assert_eq!(people, expected.map(|(n, r, f)| (n.to_owned(), r.to_owned(), f)));
}

#[test]
fn forgetting_a_fact_takes_its_sentence_her_answers_and_the_summary_with_it() {
    let mut store = Store::in_memory().expect("a store");
    let said_it = store.save(&said(1, PERSON, "My locker code is saffron.")).expect("saved");
    let echoed = store.save(&said(1, SAMANTHA, "Saffron, I see.")).expect("saved");
    let other = store.save(&said(2, PERSON, "The weather is fine.")).expect("saved");
    let later = store.save(&said(2, SAMANTHA, "Saffron weather!")).expect("saved");
    let asked = store.save(&said(9, PERSON, "What was my code?")).expect("saved");
    let told = store.save(&said(9, SAMANTHA, "It is saffron.")).expect("saved");
    let Learnt::New(id) =
        store.learn(&said_it, &fact("My locker code is saffron."), None).expect("learnt")
    else {
        panic!("new")
    };
    let weather = store.learn(&other, &fact("I like fine weather."), None).expect("learnt");
    store.note_recalled(9, Some(id), None).expect("noted");
    store.save_episode(&[said_it.clone(), told.clone()], "You told me of saffron.").expect("kept");
    let gone = store.forget_facts(&[id], now()).expect("forgotten");
    assert_eq!(gone.facts, [id].into());
    assert_eq!(gone.lines, [said_it.id, echoed.id, later.id, told.id].into());
    let left: Vec<String> = [other, asked].into_iter().map(|line| line.text).collect();
    let mut lines = Vec::new();
    store.each_line(|line| lines.push(line.text.clone())).expect("read");
    assert_eq!(lines, left);
    assert_eq!(store.episodes(Timestamp::MIN, Timestamp::MAX).expect("read"), []);
    let Learnt::New(weather) = weather else { panic!("new") };
    assert!(store.fact(weather).expect("read").is_some(), "what has its own source stays");
    assert_eq!(store.counts().expect("counted").forgotten, 5);
    assert!(store.check().expect("checked").is_empty());
}

/// Pages that were freed are looked at in a database without encryption, since
/// in the other nobody could see them.
#[test]
fn forgotten_words_are_overwritten_on_disk() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("plain.sqlite");
    let connection = schema::prepare(Connection::open(&file).expect("opened")).expect("prepared");
    let mut store = Store { connection, file: Some(file.clone()), conversation: None };
    let mut secret = None;
    for turn in 1..=300 {
        let text =
            if turn == 150 { "It is cinnabar, a secret.".into() } else { format!("Line {turn}.") };
        let line = store.save(&said(turn, PERSON, &text)).expect("saved");
        if turn == 150 {
            store
                .learn(&line, &about("Cinnabar", "cat", "", "The cat is cinnabar."), None)
                .expect("learnt");
            store.save_episode(std::slice::from_ref(&line), "Of cinnabar.").expect("kept");
            secret = Some(line.id);
        }
    }
    let on_disk = || -> Vec<u8> {
        let entries = std::fs::read_dir(dir.path()).expect("listed");
        entries.flat_map(|entry| std::fs::read(entry.expect("one").path()).expect("read")).collect()
    };
    assert!(holds(&on_disk(), "cinnabar"), "there before");
    store.forget_lines(&[secret.expect("saved")], now()).expect("forgotten");
    let bytes = on_disk();
    assert!(holds(&bytes, "Line 149."));
    assert!(!holds(&bytes, "cinnabar") && !holds(&bytes, "Cinnabar"));
}

#[test]
fn everything_can_be_forgotten() {
    let mut store = Store::in_memory().expect("a store");
    let line = store.save(&said(1, PERSON, "My sister Ana.")).expect("saved");
    store.learn(&line, &about("Ana", "sister", "", "My sister Ana."), None).expect("learnt");
    store.forget_everything(now()).expect("forgotten");
    let counts = store.counts().expect("counted");
    assert_eq!((counts.lines, counts.facts, counts.people), (0, 0, 0));
    store.save(&said(2, PERSON, "Hello.")).expect("saved");
}

#[test]
fn how_they_pace_their_speech_is_kept_taken_away_and_forgotten() {
    let mut store = Store::in_memory().expect("a store");
    assert_eq!(store.pacing().expect("read"), None);
    store.keep_pacing(&Pacing::default()).expect("kept");
    let pacing = Pacing { pauses_ms: vec![700, 900], pauses_of_turns: vec![2, 0] };
    store.keep_pacing(&pacing).expect("kept");
    assert_eq!(store.pacing().expect("read"), Some(pacing.clone()));

    let export = store.export(now()).expect("exported");
    let mut fresh = Store::in_memory().expect("a store");
    fresh.import(&export).expect("imported");
    assert_eq!(fresh.pacing().expect("read"), Some(pacing));
    let known = Pacing { pauses_ms: vec![300], ..Pacing::default() };
    fresh.keep_pacing(&known).expect("kept");
    fresh.import(&export).expect("imported");
    assert_eq!(fresh.pacing().expect("read"), Some(known), "what is known stays");

    store.forget_everything(now()).expect("forgotten");
    assert_eq!(store.pacing().expect("read"), None);
}

#[test]
fn words_find_what_is_to_be_forgotten_wherever_it_stands() {
    let mut store = Store::in_memory().expect("a store");
    let line = store.save(&said(1, PERSON, "She came to dinner.")).expect("saved");
    store.save(&said(2, PERSON, "Nothing of that.")).expect("saved");
    store.learn(&line, &about("Ana", "sister", "", "Ana came to dinner."), None).expect("learnt");
    let gone = store.forget_words("ANA", now()).expect("forgotten");
    assert_eq!((gone.facts.len(), gone.lines.len()), (1, 1));
    assert_eq!(store.people().expect("read"), []);
    assert!(store.forget_words("ana", now()).expect("nothing").is_empty());
    assert!(store.forget_words("  ", now()).is_err());
}

#[test]
fn a_memory_can_be_taken_away_and_brought_back() {
    let mut store = Store::in_memory().expect("a store");
    let first = store.save(&said(1, PERSON, "Ana moved to Lisbon.")).expect("saved");
    let then = store.save(&said(2, PERSON, "To Porto, I mean.")).expect("saved");
    store.import_turns(&[turn("x1", "2025-01-01T00:00:00Z", "Elsewhere.")]).expect("imported");
    let lisbon = about("Ana", "sister", "home", "My sister Ana moved to Lisbon.");
    let porto = Candidate {
        when: Some("2026-03-04".parse().expect("a date")),
        ..about("Ana", "sister", "home", "My sister Ana moved to Porto.")
    };
    store.learn(&first, &lisbon, None).expect("learnt");
    store.learn(&then, &porto, None).expect("learnt");
    store.save_episode(&[first, then], "You talked about Ana.").expect("kept");
    let export = store.export(now()).expect("exported");
    let mut fresh = Store::in_memory().expect("a store");
    let imported = fresh.import(&export).expect("imported");
    assert_eq!((imported.lines, imported.facts), (3, 2));
    assert_eq!(fresh.export(now()).expect("exported"), export);
    assert_eq!(fresh.unsummarised().expect("read"), Vec::<i64>::new());
    // Twice is once.
    let again = fresh.import(&export).expect("imported");
    assert_eq!((again.lines, again.facts), (0, 0));
    assert_eq!(fresh.export(now()).expect("exported"), export);
    assert!(fresh.check().expect("checked").is_empty());
}

#[test]
fn what_is_no_export_changes_nothing() {
    let mut store = Store::in_memory().expect("a store");
    store.save(&said(1, PERSON, "Hello.")).expect("saved");
    let export = String::from_utf8(store.export(now()).expect("exported")).expect("text");
    let newer = export.replace("\"version\":1", "\"version\":99");
    let broken = format!("{export}{{\"record\":\"line\"\n");
    for (wrong, why) in
        [("", "no memory"), ("hello", "no memory"), (&newer, "newer"), (&broken, "line 4")]
    {
        let mut fresh = Store::in_memory().expect("a store");
        let error = fresh.import(wrong.as_bytes()).expect_err("refused");
        assert!(format!("{error:#}").contains(why), "{error:#}");
        assert_eq!(fresh.counts().expect("counted").lines, 0);
    }
}

fn turn(id: &str, at: &str, text: &str) -> ImportedTurn {
    ImportedTurn { id: id.into(), speaker: "Ana".into(), time: time(at), text: text.into() }
}

#[test]
fn imported_turns_are_known_by_their_ids() {
    let mut store = Store::in_memory().expect("a store");
    let turns = [
        turn("D1:1", "2025-01-01T10:00:00Z", "One."),
        turn("D1:2", "2025-01-01T10:00:00Z", "Two."),
        turn("D2:1", "2025-02-01T10:00:00Z", "Three."),
    ];
    assert_eq!(store.import_turns(&turns).expect("imported").len(), 3);
    assert_eq!(store.import_turns(&turns).expect("imported"), []);
    let counts = store.counts().expect("counted");
    assert_eq!((counts.lines, counts.conversations), (3, 2));
    assert_eq!(store.line_by_origin("D2:1").expect("read").expect("there").text, "Three.");
    assert_eq!(store.resume(10, now()).expect("resumed"), [], "they are not her conversations");
}

#[test]
fn a_conversation_that_is_over_wants_a_summary() {
    let mut store = Store::in_memory().expect("a store");
    let line = store.save(&said(1, PERSON, "Hello.")).expect("saved");
    assert_eq!(store.unsummarised().expect("read"), Vec::<i64>::new(), "it still goes on");
    store.begin();
    assert_eq!(store.unsummarised().expect("read"), [line.conversation]);
    store.save_episode(std::slice::from_ref(&line), "A greeting.").expect("kept");
    assert_eq!(store.unsummarised().expect("read"), Vec::<i64>::new());
    let episodes = store.episodes(now(), now() + SignedDuration::from_hours(1)).expect("read");
    assert_eq!(episodes.len(), 1);
}

#[test]
fn a_damaged_file_is_kept_aside_and_what_can_be_read_is_taken_over() {
    let place = Place::new();
    let mut store = place.open();
    for turn in 1..=400 {
        let text = format!("This is line {turn}, and it is long enough to fill a page soon.");
        store.save(&said(turn, PERSON, &text)).expect("saved");
    }
    drop(store);
    let mut bytes = std::fs::read(place.file()).expect("read");
    // Behind the pages that say which tables there are; without those nothing is found.
    for page in bytes.chunks_mut(4096).skip(24).step_by(7) {
        page[100..140].fill(0xff);
    }
    std::fs::write(place.file(), &bytes).expect("damaged");
    let opened = Store::open(&place.file(), &place.key).expect("opened all the same");
    let aside = opened.set_aside.expect("kept aside");
    assert_eq!(std::fs::read(aside).expect("read"), bytes, "as it was found");
    let kept = opened.store.counts().expect("counted").lines;
    assert!((200..400).contains(&kept), "{kept} of 400");
    assert!(opened.store.check().expect("checked").is_empty());
    drop(opened.store);
    assert!(Store::open(&place.file(), &place.key).expect("opened").set_aside.is_none());
}

#[test]
fn a_file_that_is_no_database_is_kept_aside() {
    let place = Place::new();
    std::fs::write(place.file(), vec![b'x'; 4096]).expect("written");
    let opened = Store::open(&place.file(), &place.key).expect("opened");
    let aside = opened.set_aside.expect("kept aside");
    assert_eq!(std::fs::read(aside).expect("read"), vec![b'x'; 4096]);
}

#[test]
fn a_full_disk_is_told_and_loses_nothing_that_was_there() {
    let place = Place::new();
    let mut store = place.open();
    store.save(&said(1, PERSON, "Hello.")).expect("saved");
    let pages: i64 =
        store.connection.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("read");
    store.connection.pragma_update(None, "max_page_count", pages).expect("set");
    let long = "word ".repeat(10_000);
    let error = store.save(&said(2, PERSON, &long)).expect_err("full");
    assert_eq!(schema::code(&error), Some(rusqlite::ErrorCode::DiskFull));
    assert_eq!(store.counts().expect("counted").lines, 1);
    store.connection.pragma_update(None, "max_page_count", pages + 1000).expect("set");
    store.save(&said(2, PERSON, &long)).expect("there is room again");
}
