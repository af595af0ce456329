//! What is found, and that nothing is found where nothing fits.

use jiff::Timestamp;
use memory::recall::{Doc, Hit, Index, Query, RELEVANT};
use proptest::prelude::*;

const LIFE: &str = "I work as a nurse at the children's hospital.
My shifts start at seven in the morning.
I bought a red bicycle last week.
The kitchen tap has been dripping for days.
My boss Carla is retiring in June.
I am learning to play the cello.
Our neighbour's dog barks all night.
I can't stand olives.
I ran ten kilometres on Sunday.
The rent went up by eighty euros.
I grew up in a small town near the mountains.
My flight to Oslo was cancelled.
I have a dentist appointment on Thursday.
Pedro lent me his camera.
I painted the bedroom green.
We had pasta with mushrooms for dinner.
I am allergic to penicillin.
The car failed its inspection.
I finished reading a book about whales.
My cat Miso sleeps on the radiator.
I want to learn Portuguese this year.
The concert on Friday was too loud.
I gave up smoking three years ago.
My best friend Tom got a new flat.
I voted in the local election.
The printer at the office is broken again.
I baked sourdough bread at the weekend.
My back hurts when I sit too long.
I started seeing a therapist in spring.
The train was late again.
I prefer tea to coffee.
I lost my umbrella on the bus.
My phone battery dies by noon.
I planted tomatoes on the balcony.
We watched a documentary about volcanoes.
I owe Julia forty euros.
My favourite season is autumn.
I am saving money for a motorcycle.
The gym closes early in August.
I broke a glass while washing up.
My laptop needs more memory.
I signed up for a pottery class.
The exam went better than expected.
I don't eat meat on weekdays.
I sleep badly when the moon is full.
My passport expires in November.
I repaired the garden fence.
The new colleague is called Samir.
I love swimming in cold lakes.
I got stung by a wasp.
The heating makes a strange noise.
I wear glasses for driving.
I am reading the news less now.
My grandfather was a carpenter.
I burnt the rice yesterday.
The library opens on Saturdays.
I play chess online with strangers.
My insurance company never calls back.
I collect old maps.
The washing machine is leaking.";

const SMALL_TALK: &str = "Good morning.
Good night!
Hello there.
Hi, how are you?
Hey Samantha.
Tell me a joke.
Tell me another one.
What is two plus two?
Thanks, that helps.
Thank you so much.
You're welcome.
Okay, sounds good.
That's funny.
Haha, nice one.
What can you do?
Who are you?
What time is it?
What day is it today?
Can you hear me?
Are you there?
Say that again, please.
Could you repeat that?
Speak slower, please.
Stop.
Wait a moment.
Never mind.
I see.
I understand.
That makes sense.
Really?
Are you sure?
Why is the sky blue?
What is the capital of Australia?
How far away is the sun?
What is seventeen times six?
Who wrote Hamlet?
Translate cheese into French.
Spell the word necessary.
What does ubiquitous mean?
How many feet are in a mile?
Tell me something interesting.
Sing me a song.
What is the meaning of life?
Count to ten.
Flip a coin.
See you tomorrow.
Goodbye.
Talk to you later.
Have a nice day.
Let's talk about something else.
I'm bored.
You are very kind.
That was quick.
Well done.
Oh wow, I didn't know that.
Yes, exactly.
No, thank you.
Maybe later.
Who invented the telephone?
Is a tomato a fruit?";

fn doc(id: i64, text: &str) -> Doc<'_> {
    Doc { id, conversation: id, speaker: "me", at: Timestamp::UNIX_EPOCH, text }
}

fn life() -> Index {
    let mut index = Index::new();
    for (id, text) in LIFE.lines().enumerate() {
        index.add(&doc(id as i64, text));
    }
    index
}

fn search(index: &Index, text: &str) -> Vec<Hit> {
    index.search(&Query { text, top: 5, ..Query::default() })
}

#[test]
fn small_talk_recalls_nothing() {
    let mut index = life();
    index.add(&doc(100, "My sister Ana moved to Lisbon."));
    let recalled: Vec<_> = SMALL_TALK
        .lines()
        .filter_map(|line| {
            let best = search(&index, line)
                .into_iter()
                .max_by(|a, b| a.relevance.total_cmp(&b.relevance))?;
            (best.relevance >= RELEVANT).then_some((line, best.id, best.relevance, best.matched))
        })
        .collect();
    assert_eq!(SMALL_TALK.lines().count(), 60);
    assert!(recalled.len() <= 3, "at least 95% recall nothing: {recalled:?}");
}

#[test]
fn visiting_family_recalls_the_sister_who_moved() {
    let mut index = life();
    index.add(&doc(100, "My sister Ana moved to Lisbon."));
    let hits = search(&index, "I'm thinking of visiting family");
    let ana = hits.iter().find(|hit| hit.id == 100).unwrap_or_else(|| panic!("{hits:?}"));
    assert!(ana.relevance >= RELEVANT, "{hits:?}");
}

#[test]
fn questions_about_a_life_recall_what_was_told() {
    let index = life();
    for (question, answer) in [
        ("What do I do for work?", "nurse"),
        ("Can I take penicillin?", "penicillin"),
        ("What's my cat's name?", "Miso"),
        ("Who is my boss?", "Carla"),
        ("When does my passport run out?", "passport"),
        ("Which instrument am I learning?", "cello"),
        ("Do I like olives on my pizza?", "olives"),
        ("How much money do I owe Julia?", "Julia"),
        ("What did my grandfather do?", "carpenter"),
        ("What's growing on my balcony?", "tomatoes"),
    ] {
        let hits = search(&index, question);
        let there =
            |hit: &&Hit| LIFE.lines().nth(hit.id as usize).is_some_and(|l| l.contains(answer));
        let hit = hits.iter().take(3).find(there);
        let hit = hit.unwrap_or_else(|| panic!("{question} {hits:?}"));
        println!("{question} {:.2} {:?}", hit.relevance, hit.matched);
        assert!(hit.relevance >= RELEVANT, "{question} {hits:?}");
    }
}

#[test]
fn the_words_that_led_there_are_named() {
    let hits = search(&life(), "Is my car fine?");
    assert!(hits[0].matched.contains(&"car".to_owned()), "{hits:?}");
}

#[test]
fn an_answer_is_found_by_the_words_of_its_question() {
    let mut index = Index::new();
    let turns =
        ["What did you cook for the birthday?", "Lentil stew, everybody liked it.", "Nice."];
    for (id, text) in turns.iter().enumerate() {
        let speaker = ["Ana", "Tom"][id % 2];
        index.add(&Doc {
            id: id as i64,
            conversation: 1,
            speaker,
            at: Timestamp::UNIX_EPOCH,
            text,
        });
    }
    let hits = search(&index, "What was cooked for the birthday by Tom?");
    assert_eq!(hits[0].id, 1, "{hits:?}");
}

#[test]
fn other_languages_are_found_by_their_words() {
    let mut index = life();
    index.add(&doc(200, "Моя сестра живёт в Лиссабоне."));
    index.add(&doc(201, "Meine Schwester wohnt in Köln."));
    assert_eq!(search(&index, "Где живёт сестра?")[0].id, 200);
    assert_eq!(search(&index, "Wer wohnt in Köln?")[0].id, 201);
}

#[test]
fn questions_without_words_find_nothing() {
    for text in ["", "   ", "?!", "🙂", "the of and"] {
        assert!(search(&life(), text).is_empty(), "{text}");
    }
}

proptest! {
    #[test]
    fn what_was_removed_is_never_found_and_filters_hold(
        texts in prop::collection::vec("(cat|dog|tea|rain|my|the|Ölweg|сестра| ){1,8}", 1..30),
        removed in prop::collection::vec(0_i64..30, 0..20),
        query in "(cat|dog|tea|rain|Ölweg|сестра| ){1,5}",
        since in 0_i64..3000,
        length in 0_i64..3000,
        again in any::<bool>(),
    ) {
        let mut index = Index::new();
        let speakers = ["Ana", "Tom", "Ünal"];
        let place = |id: usize| (speakers[id % 3], Timestamp::from_second(id as i64 * 100).expect("in range"));
        let add = |index: &mut Index, id: usize| {
            let (speaker, at) = place(id);
            index.add(&Doc { id: id as i64, conversation: (id / 8) as i64, speaker, at, text: &texts[id] });
        };
        (0..texts.len()).for_each(|id| add(&mut index, id));
        removed.iter().for_each(|id| index.remove(*id));
        if again {
            // Freed places are used again.
            (0..texts.len()).filter(|id| id % 2 == 0).for_each(|id| add(&mut index, id));
        }
        let gone = |id: i64| removed.contains(&id) && !(again && id % 2 == 0);
        prop_assert_eq!(index.len(), (0..texts.len()).filter(|id| !gone(*id as i64)).count());

        let [since, until] = [since, since + length].map(|s| Timestamp::from_second(s).expect("in range"));
        let hits = index.search(&Query { text: &query, top: 7, speaker: Some("ana"), since: Some(since), until: Some(until) });
        prop_assert!(hits.len() <= 7);
        for hit in &hits {
            prop_assert!(!gone(hit.id));
            let (speaker, at) = place(hit.id as usize);
            prop_assert!(speaker == "Ana" && at >= since && at < until);
            prop_assert!((0.0..=1.0).contains(&hit.relevance) && hit.score.is_finite());
        }
        prop_assert!(hits.windows(2).all(|pair| pair[0].score >= pair[1].score));

        // An emptied index finds nothing.
        for id in 0..texts.len() as i64 {
            index.remove(id);
        }
        prop_assert!(index.is_empty());
        let hits = index.search(&Query { text: &query, top: 7, ..Query::default() });
        prop_assert!(hits.is_empty());
    }
}
