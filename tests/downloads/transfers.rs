//! Transfers from a web server that is not always kind.

use crate::server::{Reply, Server};
use crate::{Home, ON_THE_WEB, bytes, catalog, catalog_of, failures};
use samantha::cancel::CancelToken;
use samantha::models::{Digest, Phase, PullError, PullEvent, PullReport, StoreError, start_pull};
use std::time::{Duration, Instant};

const LEN: usize = 300_000;

fn file(body: &[u8]) -> Reply {
    Reply::File { body: body.to_owned(), etag: "one" }
}

#[test]
fn a_weight_arrives_whole_and_is_recorded() {
    let (home, body) = (Home::new(), bytes(LEN));
    let server = Server::start(vec![file(&body)]);
    let (outcome, events) = home.pull(&catalog(&body, &[ON_THE_WEB]), &server.base);
    let installed = outcome.expect("pulled");
    assert_eq!(std::fs::read(&installed.path).expect("read"), body);
    assert_eq!(home.store().installed().expect("listed"), [installed]);
    assert_eq!(server.requests()[0].path, "/who/what/resolve/main/it.gguf");
    assert!(!home.staging("it").exists(), "nothing is left behind");

    let mut last = None;
    for event in &events {
        let PullEvent::Progress { phase, done, total, .. } = event else { panic!("{event:?}") };
        assert!(done <= total && *total == LEN as u64, "{event:?}");
        if let Some((last_phase, last_done)) = last {
            assert!(last_phase != *phase || last_done <= *done, "progress never goes back");
        }
        last = Some((*phase, *done));
    }
    assert_eq!(last, Some((Phase::Verifying, LEN as u64)));
}

#[test]
fn what_is_here_is_not_fetched_again() {
    let (home, body) = (Home::new(), bytes(LEN));
    let server = Server::start(vec![file(&body)]);
    let catalog = catalog(&body, &[ON_THE_WEB]);
    home.pull(&catalog, &server.base).0.expect("pulled");
    let (outcome, events) = home.pull(&catalog, &server.base);
    outcome.expect("pulled");
    assert_eq!((server.requests().len(), events.len()), (1, 0));
}

#[test]
fn a_broken_transfer_goes_on_where_it_stopped() {
    let (home, body) = (Home::new(), bytes(LEN));
    let broken = Reply::Broken { body: body.clone(), etag: "one", after: 100_000 };
    let server = Server::start(vec![broken, file(&body)]);
    let (outcome, events) = home.pull(&catalog(&body, &[ON_THE_WEB]), &server.base);
    assert_eq!(std::fs::read(outcome.expect("pulled").path).expect("read"), body);
    let second = &server.requests()[1];
    assert_eq!(second.range.as_deref(), Some("bytes=100000-"));
    assert_eq!(second.if_range.as_deref(), Some("\"one\""));
    assert!(failures(&events).is_empty(), "nothing to tell: {events:?}");
}

#[test]
fn a_server_that_ignores_ranges_starts_over() {
    let (home, body) = (Home::new(), bytes(LEN));
    let broken = Reply::Broken { body: body.clone(), etag: "one", after: 100_000 };
    let server = Server::start(vec![broken, Reply::Whole(body.clone())]);
    let (outcome, _) = home.pull(&catalog(&body, &[ON_THE_WEB]), &server.base);
    assert_eq!(std::fs::read(outcome.expect("pulled").path).expect("read"), body);
}

#[test]
fn a_file_that_changed_meanwhile_is_fetched_from_its_beginning() {
    let (home, body) = (Home::new(), bytes(LEN));
    let old = Reply::Broken { body: vec![0; LEN], etag: "old", after: 100_000 };
    let server = Server::start(vec![old, file(&body)]);
    let (outcome, _) = home.pull(&catalog(&body, &[ON_THE_WEB]), &server.base);
    assert_eq!(std::fs::read(outcome.expect("pulled").path).expect("read"), body);
}

#[test]
fn two_halves_that_do_not_fit_are_fetched_anew() {
    let (home, body) = (Home::new(), bytes(LEN));
    // An earlier run left half of another file, and no mark to tell.
    std::fs::create_dir_all(home.staging("it")).expect("a folder");
    let partial = format!("{}.partial", Digest::of(&body).short());
    std::fs::write(home.staging("it").join(partial), vec![0; 1000]).expect("written");
    let server = Server::start(vec![file(&body)]);
    let (outcome, events) = home.pull(&catalog(&body, &[ON_THE_WEB]), &server.base);
    assert_eq!(std::fs::read(outcome.expect("pulled").path).expect("read"), body);
    let ranges: Vec<_> = server.requests().into_iter().map(|request| request.range).collect();
    assert_eq!(ranges, [Some("bytes=1000-".to_owned()), None]);
    assert!(failures(&events).is_empty(), "{events:?}");
}

#[test]
fn a_piece_from_elsewhere_is_not_appended() {
    let (home, body) = (Home::new(), bytes(LEN));
    let broken = Reply::Broken { body: body.clone(), etag: "one", after: 100_000 };
    let server = Server::start(vec![broken, Reply::WrongPiece(body.clone()), file(&body)]);
    let (outcome, _) = home.pull(&catalog(&body, &[ON_THE_WEB]), &server.base);
    assert_eq!(std::fs::read(outcome.expect("pulled").path).expect("read"), body);
}

#[test]
fn the_wrong_file_is_refused_and_the_next_source_tried_with_one_line() {
    let (home, body) = (Home::new(), bytes(LEN));
    let local = home.path().join("it.gguf");
    std::fs::write(&local, &body).expect("written");
    let server = Server::start(vec![file(&vec![1; LEN])]);
    let on_disk = format!("{{ path = '{}' }}", local.display());
    let (outcome, events) = home.pull(&catalog(&body, &[ON_THE_WEB, &on_disk]), &server.base);
    assert_eq!(std::fs::read(outcome.expect("pulled").path).expect("read"), body);
    let host = server.base.strip_prefix("http://").expect("an address");
    assert_eq!(
        failures(&events),
        [format!(
            "{host}: what arrived is not what it should be: its SHA-256 is wrong -> {}",
            local.display()
        )]
    );
    assert_eq!(server.requests().len(), 1, "asking again would bring the same");
}

#[test]
fn a_file_of_another_size_is_refused_before_it_is_fetched() {
    let (home, body) = (Home::new(), bytes(LEN));
    let server = Server::start(vec![file(&body[1..])]);
    let (outcome, events) = home.pull(&catalog(&body, &[ON_THE_WEB]), &server.base);
    assert!(matches!(outcome, Err(PullError::NoSource { .. })));
    let told = failures(&events).join("\n");
    assert!(told.contains("another file, of 299999 bytes instead of 300000 -> -"), "{told}");
}

#[test]
fn what_is_not_found_is_not_asked_for_again() {
    let (home, body) = (Home::new(), bytes(LEN));
    let server = Server::start(vec![Reply::Status(404)]);
    let (outcome, events) = home.pull(&catalog(&body, &[ON_THE_WEB]), &server.base);
    let error = outcome.expect_err("nowhere").to_string();
    assert!(error.starts_with("it cannot be fetched from any source: check"), "{error}");
    assert_eq!(server.requests().len(), 1);
    assert!(failures(&events)[0].contains("the server said 404 Not Found"), "{events:?}");
}

#[test]
fn a_server_in_trouble_is_asked_again_a_few_times() {
    let (home, body) = (Home::new(), bytes(LEN));
    let server = Server::start(vec![Reply::Status(500), Reply::Status(429), file(&body)]);
    home.pull(&catalog(&body, &[ON_THE_WEB]), &server.base).0.expect("pulled");
    assert_eq!(server.requests().len(), 3);

    let home = Home::new();
    let server = Server::start(vec![Reply::Status(503)]);
    let (outcome, events) = home.pull(&catalog(&body, &[ON_THE_WEB]), &server.base);
    assert!(outcome.is_err());
    assert_eq!((server.requests().len(), failures(&events).len()), (4, 1));
}

#[test]
fn a_server_that_falls_silent_is_left() {
    let (home, body) = (Home::new(), bytes(LEN));
    let stalled = Reply::Stalled { body: body.clone(), etag: "one", after: 100_000 };
    let server = Server::start(vec![stalled, file(&body)]);
    let (outcome, _) = home.pull(&catalog(&body, &[ON_THE_WEB]), &server.base);
    assert_eq!(std::fs::read(outcome.expect("pulled").path).expect("read"), body);
    assert_eq!(server.requests()[1].range.as_deref(), Some("bytes=100000-"));
}

#[test]
fn a_server_that_is_slow_but_steady_is_not_left() {
    let (home, body) = (Home::new(), bytes(LEN));
    let pause = Duration::from_millis(100);
    let slow = Reply::Slow { body: body.clone(), etag: "one", piece: 30_000, pause };
    let server = Server::start(vec![slow]);
    home.pull(&catalog(&body, &[ON_THE_WEB]), &server.base).0.expect("pulled");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn where_nobody_answers_the_next_source_is_tried() {
    let (home, body) = (Home::new(), bytes(LEN));
    let local = home.path().join("it.gguf");
    std::fs::write(&local, &body).expect("written");
    let on_disk = format!("{{ path = '{}' }}", local.display());
    let (outcome, events) =
        home.pull(&catalog(&body, &[ON_THE_WEB, &on_disk]), "http://127.0.0.1:1");
    outcome.expect("pulled");
    assert!(failures(&events)[0].starts_with("127.0.0.1:1: no connection ("), "{events:?}");
}

#[test]
fn cancelling_keeps_what_has_arrived() {
    let (home, body) = (Home::new(), bytes(LEN));
    let (etag, pause) = ("one", Duration::from_millis(150));
    let slow = Reply::Slow { body: body.clone(), etag, piece: 50_000, pause };
    let server = Server::start(vec![slow, file(&body)]);
    let catalog = catalog(&body, &[ON_THE_WEB]);
    let cancel = CancelToken::new();
    let mut raised_at = None;
    let (outcome, _) = home.pull_until(&catalog, &server.base, &cancel, |event| {
        if matches!(event, PullEvent::Progress { done: 1.., .. }) && raised_at.is_none() {
            raised_at = Some(Instant::now());
            cancel.cancel();
        }
    });
    let lag = raised_at.expect("bytes arrived").elapsed();
    assert!(matches!(outcome, Err(PullError::Cancelled(_))), "{outcome:?}");
    assert!(lag < Duration::from_millis(500), "soon: {lag:?}");
    assert!(home.store().installed().expect("listed").is_empty());

    let (outcome, _) = home.pull(&catalog, &server.base);
    assert_eq!(std::fs::read(outcome.expect("pulled").path).expect("read"), body);
    let range = server.requests()[1].range.clone().expect("a range");
    assert_ne!(range, "bytes=0-");
}

#[test]
fn what_does_not_fit_on_the_disk_is_not_begun() {
    let (home, body) = (Home::new(), bytes(LEN));
    let server = Server::start(vec![file(&body)]);
    let catalog = catalog_of("it", 1 << 60, Digest::of(&body), &[ON_THE_WEB]);
    let (outcome, events) = home.pull(&catalog, &server.base);
    let error = outcome.expect_err("too large");
    assert!(matches!(error, PullError::Store(StoreError::NoSpace { .. })), "{error}");
    let sentence = error.to_string();
    assert!(sentence.contains("of disk space is needed in") && sentence.contains("make room"));
    assert_eq!((server.requests().len(), events.len()), (0, 0));
}

#[test]
fn of_two_that_want_the_same_one_waits() {
    let (home, body) = (Home::new(), bytes(LEN));
    let pause = Duration::from_millis(50);
    let slow = Reply::Slow { body: body.clone(), etag: "one", piece: 30_000, pause };
    let server = Server::start(vec![slow]);
    let text = catalog(&body, &[ON_THE_WEB]);
    let events: Vec<PullEvent> = std::thread::scope(|scope| {
        let pulls: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let (outcome, events) = home.pull(&text, &server.base);
                    outcome.expect("pulled");
                    events
                })
            })
            .collect();
        pulls.into_iter().flat_map(|pull| pull.join().expect("joined")).collect()
    });
    assert_eq!(server.requests().len(), 1, "fetched once");
    assert_eq!(events.iter().filter(|e| matches!(e, PullEvent::Waiting { .. })).count(), 1);
}

#[test]
fn a_thread_of_its_own_falls_back_to_the_second_choice_and_reports_the_end() {
    let (home, body) = (Home::new(), bytes(LEN));
    let server = Server::start(vec![Reply::Status(404), file(&body)]);
    let sum = Digest::of(&body);
    let text = catalog_of("first", LEN as u64, sum, &[ON_THE_WEB])
        + &catalog_of("second", LEN as u64, sum, &[ON_THE_WEB]);
    let catalog = samantha::models::Catalog::parse(&text, home.path()).expect("a catalogue");
    let (sender, receiver) = std::sync::mpsc::channel();
    let thread = start_pull(
        catalog.entries().to_vec(),
        home.store(),
        crate::hasty(&server.base),
        CancelToken::new(),
        Box::new(move |report| sender.send(report).expect("heard")),
    );
    thread.expect("started").join().expect("joined");
    let reports: Vec<PullReport> = receiver.iter().collect();
    let fell_back = PullEvent::FellBack { id: "first".into(), next: "second".into() };
    assert!(reports.contains(&PullReport::Event(fell_back)), "{reports:?}");
    let Some(PullReport::Finished(installed)) = reports.last() else { panic!("{reports:?}") };
    assert_eq!(installed.id, "second");
}
