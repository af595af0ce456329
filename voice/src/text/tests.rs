//! What is read of what is written.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// The pieces as one line: words as they are, letters in capitals with a dot,
/// phonemes between slashes, marks by themselves.
fn read(text: &str) -> String {
    let said = pieces(text).into_iter().map(|piece| match piece.what {
        What::Word(word) => word,
        What::Letter(letter) => format!("{}.", letter.to_uppercase()),
        What::Phonemes(phonemes) => format!("/{phonemes}/"),
        What::Mark('\n') => "¶".to_owned(),
        What::Mark(mark) => mark.to_string(),
    });
    said.collect::<Vec<_>>().join(" ")
}

fn check(table: &[(&str, &str)]) {
    let wrong: Vec<_> = table
        .iter()
        .filter(|(written, said)| read(written) != *said)
        .map(|(written, said)| format!("{written}\n  read:   {}\n  wanted: {said}", read(written)))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn amounts_are_said_in_words() {
    check(&[
        ("1,234,567", "one million two hundred thirty four thousand five hundred sixty seven"),
        ("1 000 people", "one thousand people"),
        ("-5", "minus five"),
        ("0.25", "zero point two five"),
        ("007", "zero zero seven"),
        ("1234567890", "one two three four five six seven eight nine zero"),
        ("1000000", "one million"),
        ("20k people", "twenty thousand people"),
        ("a 4K TV", "a four K. T. V."),
        ("10-15 minutes", "ten to fifteen minutes"),
        ("Pages 10–12.", "Pages ten to twelve ."),
        ("-3 to -5", "minus three to minus five"),
        ("We won 3-1.", "We won three to one ."),
        ("16:9", "sixteen to nine"),
        ("version 2.0.1", "version two point zero point one"),
        ("v3.2", "version three point two"),
        ("10,000km", "ten thousand kilometers"),
        ("on 9/11", "on nine eleven"),
        ("B2B", "B. two B."),
        ("221B Baker St.", "two hundred twenty one B. Baker Street ."),
        ("exit 12A", "exit twelve A."),
        ("seat 12F", "seat twelve F."),
        ("Seats 12C, 12F and 14F", "Seats twelve C. , twelve F. and fourteen F."),
        ("Apt. 4L, gate no. 5V", "apartment four L. , gate number five V."),
        ("Room 5C", "Room five C."),
        ("my iPhone 5s", "my I. Phone five S."),
        ("the Galaxy 5s", "the Galaxy five S."),
        ("1080p or 720p", "ten eighty P. or seven twenty P."),
        ("my 401k or 403(b)", "my four oh one K. or four oh three B."),
        ("our 401(k)s", "our four oh one /keɪz/"),
        ("I bought 5 — 3 were bad", "I bought five — three were bad"),
        ("20/20 vision", "twenty twenty vision"),
        ("20/40 vision", "twenty forty vision"),
        ("a 50-50 chance", "a fifty fifty chance"),
        ("40-60 people", "forty to sixty people"),
        ("24/7", "twenty four seven"),
        ("a 5-year-old", "a five year-old"),
    ]);
}

#[test]
fn ordinals_and_roman_numerals_are_said_in_words() {
    check(&[
        ("1st, 21st, 103rd", "first , twenty first , one hundred third"),
        ("the 18th century", "the eighteenth century"),
        ("Henry VIII", "Henry the eighth"),
        ("Charles III's crown", "Charles the third's crown"),
        ("World War II", "World War two"),
        ("Chapter IV", "Chapter four"),
        ("the XXI century", "the twenty first century"),
        ("Part I.", "Part one ."),
        ("James I of Scotland", "James the first of Scotland"),
        ("Elizabeth I think you know", "Elizabeth I think you know"),
        ("an IV drip", "an I. V. drip"),
    ]);
}

#[test]
fn fractions_are_said_as_parts() {
    check(&[
        ("1/2", "one half"),
        ("3 1/2 tsp", "three and a half teaspoons"),
        ("½ onion", "one half onion"),
        ("2½ hours", "two and a half hours"),
        ("2/3rds of us", "two thirds of us"),
        ("1/2 lb", "half a pound"),
        ("3/4 km", "three quarters of a kilometer"),
        ("8/10", "eight out of ten"),
    ]);
}

#[test]
fn dates_are_said_as_on_a_calendar() {
    check(&[
        ("3 May 2024", "the third of May twenty twenty four"),
        ("on the 3rd of May", "on the third of May"),
        ("May 3rd", "May third"),
        ("Jan. 5, 2010", "January fifth twenty ten"),
        ("June 5-7", "June fifth to seventh"),
        ("2024-05-03", "May third twenty twenty four"),
        ("03/05/2024", "March fifth twenty twenty four"),
        ("25/12/2023", "December twenty fifth twenty twenty three"),
        ("03.05.2024", "May third twenty twenty four"),
        ("by 12/25", "by December twenty fifth"),
        ("her birthday is 3/14", "her birthday is March fourteenth"),
        ("due 3/14", "due March fourteenth"),
        ("Deadline: 3/14.", "Deadline : March fourteenth ."),
        ("Friday, 3/14", "Friday , March fourteenth"),
        ("due 3/4 of the time", "due three quarters of the time"),
        ("Tuesday-Thursday", "Tuesday to Thursday"),
        ("Mon.–Fri., Sat - Sun", "Monday to Friday , Saturday to Sunday"),
        ("June–August 2024", "June to August twenty twenty four"),
        ("a March-May tour", "a March to May tour"),
        ("Monday — Friday is worse", "Monday — Friday is worse"),
        ("You may 3 times", "You may three times"),
    ]);
}

#[test]
fn years_are_told_from_amounts() {
    check(&[
        ("in 1999", "in nineteen ninety nine"),
        ("in 2005", "in two thousand five"),
        ("1905", "nineteen oh five"),
        ("the 1800s", "the eighteen hundreds"),
        ("the '90s", "the nineties"),
        ("1990-95", "nineteen ninety to ninety five"),
        ("2008 dollars", "two thousand eight dollars"),
        ("2024 km", "two thousand twenty four kilometers"),
        ("in her 30s", "in her thirties"),
        ("2010—2015", "twenty ten to twenty fifteen"),
        ("mid-1990s", "mid nineteen nineties"),
        ("Class of '05.", "Class of oh five ."),
    ]);
}

#[test]
fn times_are_said_as_on_a_clock() {
    check(&[
        ("3:05 pm", "three oh five P. M."),
        ("15:30", "fifteen thirty"),
        ("7 a.m.", "seven A. M. ."),
        ("at 7 a.m. sharp", "at seven A. M. sharp"),
        ("12:00", "twelve o'clock"),
        ("00:00", "midnight"),
        ("1:02:03", "one hour two minutes and three seconds"),
        ("5–7 pm", "five to seven P. M."),
        ("9am-5pm", "nine A. M. to five P. M."),
        ("9:30-11:00", "nine thirty to eleven"),
        ("Five o'clock", "Five o'clock"),
        ("at 3 pm — 2 hours later we leave", "at three P. M. — two hours later we leave"),
        ("at 3 pm - 2 hours later we leave", "at three P. M. — two hours later we leave"),
        ("9 am – 5", "nine A. M. to five"),
    ]);
}

#[test]
fn money_is_said_with_its_currency() {
    check(&[
        ("$5", "five dollars"),
        ("$1", "one dollar"),
        ("$5.99", "five dollars and ninety nine cents"),
        ("$0.50", "fifty cents"),
        ("£1.01", "one pound and one penny"),
        ("€1.5 million", "one point five million euros"),
        ("£20k", "twenty thousand pounds"),
        ("5 USD", "five U. S. dollars"),
        ("¥500", "five hundred yen"),
        ("a $20 bill", "a twenty dollar bill"),
        ("-$5 million", "minus five million dollars"),
        ("$5-10", "five to ten dollars"),
        ("$50/month", "fifty dollars per month"),
        ("5 €", "five euros"),
    ]);
}

#[test]
fn units_are_said_in_full() {
    check(&[
        ("5 km", "five kilometers"),
        ("1 km", "one kilometer"),
        ("a 5 km run", "a five kilometer run"),
        ("20 °C", "twenty degrees Celsius"),
        ("-5°C", "minus five degrees Celsius"),
        ("60 mph", "sixty miles per hour"),
        ("90 km/h", "ninety kilometers per hour"),
        ("3.5kg", "three point five kilograms"),
        ("10%", "ten percent"),
        ("5-10%", "five to ten percent"),
        ("5'11\"", "five foot eleven"),
        ("16 GB", "sixteen gigabytes"),
        ("Heat it to 180C", "Heat it to one hundred eighty degrees Celsius"),
        ("a room 5m wide", "a room five meters wide"),
        ("Wait 5s", "Wait five seconds"),
        ("99p", "ninety nine pence"),
        ("2x faster", "two times faster"),
        ("20 m²", "twenty square meters"),
        ("5 in the morning", "five in the morning"),
        ("\"I am 12\"", "“ I am twelve ”"),
    ]);
}

#[test]
fn numbers_that_name_something_are_said_digit_by_digit() {
    check(&[
        ("555-123-4567", "five five five , one two three , four five six seven"),
        ("(020) 7946 0958", "zero two zero , seven nine four six , zero nine five eight"),
        (
            "+44 20 7946 0958",
            "plus four four , two zero , seven nine four six , zero nine five eight",
        ),
        ("Call 911.", "Call nine one one ."),
        ("IL 60614", "I. L. six zero six one four"),
        ("Boeing 747", "Boeing seven forty seven"),
    ]);
}

#[test]
fn signs_are_said_between_amounts() {
    check(&[
        ("2 + 2 = 4", "two plus two equals four"),
        ("x²", "X. squared"),
        ("10^6", "ten to the power of six"),
        ("3 < 5", "three is less than five"),
        ("5 - 3 = 2", "five minus three equals two"),
        ("≈9", "about nine"),
        ("3 × 4", "three times four"),
        ("1920×1080", "nineteen twenty by ten eighty"),
        ("H₂O", "H. two O."),
        ("#5", "number five"),
        ("Tom & Jerry", "Tom and Jerry"),
    ]);
}

#[test]
fn abbreviations_are_said_in_full() {
    check(&[
        ("Dr. Smith and Mrs. Lee", "Doctor Smith and Missus Lee"),
        ("12 Elm St. near St. Mary's", "twelve Elm Street near Saint Mary's"),
        ("e.g. this, i.e. that", "for example this , that is that"),
        ("Eggs, milk, etc.", "Eggs , milk , et cetera ."),
        ("cats vs. dogs", "cats versus dogs"),
        ("approx. 5 m", "approximately five meters"),
        ("No. 5", "number five"),
        ("No. That's it.", "No . That's it ."),
        ("No. I don't think so.", "No . I don't think so ."),
        ("No. Very much not.", "No . Very much not ."),
        ("Wait a sec. I'll check.", "Wait a sec . I'll check ."),
        ("She studied art. I loved it.", "She studied art . I loved it ."),
        ("The cat sat. I left.", "The cat sat . I left ."),
        ("Vol. II", "volume two"),
        ("Vol. V.", "volume five ."),
        ("Vol. I of", "volume one of"),
        ("Ch. I know", "C. H. . I know"),
        ("w/o sugar", "without sugar"),
        ("Mon., 5 p.m.", "Monday , five P. M. ."),
        ("King Jr.", "King Junior ."),
    ]);
}

#[test]
fn capitals_are_letters_words_or_loud() {
    check(&[
        ("the FBI", "the F. B. I."),
        ("NASA's plan", "NASA's plan"),
        ("the USA", "the U. S. A."),
        ("a PhD", "a P. H. D."),
        ("two TVs", "two T. /viːz/"),
        ("J. K. Rowling", "J. K. Rowling"),
        ("the U.S. economy", "the U. S. economy"),
        ("in the U.S. He left", "in the U. S. . He left"),
        ("I am SO happy", "I am so happy"),
        ("DON'T", "don't"),
        ("US troops", "U. S. troops"),
        ("I LOVE IT", "I love it"),
        ("AT&T", "A. T. and T."),
        ("vitamin A", "vitamin A."),
        ("A man", "a man"),
        ("COVID-19", "COVID nineteen"),
        ("GPT-4", "G. P. T. four"),
    ]);
}

#[test]
fn addresses_are_said_short() {
    check(&[
        ("https://www.samantha.example.com/help?x=1#y", "samantha dot example dot com slash help"),
        ("Ask ana@example.org.", "Ask ana at example dot org ."),
        ("bbc.co.uk", "B. B. C. dot co dot U. K."),
        ("~/notes/todo.txt", "home slash notes slash todo dot text"),
        ("/usr/local/bin/app", "bin slash app"),
        ("report.pdf", "report dot P. D. F."),
        ("@ana", "at ana"),
        ("#GoodNews", "hashtag Good News"),
        ("and/or", "and or"),
        ("The end.So it goes", "The end So it goes"),
    ]);
}

#[test]
fn words_are_said_as_dictionaries_spell_them() {
    check(&[
        ("Café with Joaquín", "Café with Joaquín"),
        ("Cafe\u{301}", "Café"),
        ("it’s", "it's"),
        ("the dogs' tails", "the dogs tails"),
        ("rock 'n' roll", "rock and roll"),
        ("rock 'n' roll, goin' on", "rock and roll , goin' on"),
        ("'yes' and goin' on", "“ yes ” and goin' on"),
        ("'he kept goin' on", "“ he kept goin ” on"),
        ("well-known", "well-known"),
        ("X-ray, e-mail", "X. ray , E. mail"),
        ("mm-hmm", "mm-hmm"),
        ("sooo goood, hmmmm", "so good , hmm"),
        ("I'm doin' it", "I'm doin' it"),
        ("snake_case", "snake case"),
        ("YouTube and iPhone", "You Tube and I. Phone"),
        ("getHTTPResponse", "get H. T. T. P. Response"),
        ("McDonald's", "McDonald's"),
        ("ex\u{ad}am\u{200b}ple", "example"),
        ("Hello Привет 你好 world", "Hello world"),
        ("β", "beta"),
    ]);
}

#[test]
fn marks_pause_and_ask() {
    check(&[
        ("Well -- maybe… yes", "Well — maybe … yes"),
        ("Well — maybe...", "Well — maybe …"),
        ("What?! No!!!", "What ? No !"),
        ("\"Yes,\" she said.", "“ Yes , ” she said ."),
        ("(really)", "( really )"),
        ("One.\n\nTwo.", "One . ¶ Two ."),
        ("eggs\nmilk", "eggs , milk"),
        ("Monday–Friday", "Monday to Friday"),
        ("...", ""),
    ]);
}

#[test]
fn emoji_are_heard_only_alone() {
    check(&[
        ("Great 😀!", "Great !"),
        ("Hi 👋🏽 there 🇩🇪.", "Hi there ."),
        ("😂😂", "laughing"),
        ("👍🏽", "thumbs up"),
        ("👩‍👩‍👧", ""),
        ("nice :-)", "nice"),
        ("I <3 you", "I you"),
    ]);
}

#[test]
fn a_pronunciation_in_the_text_is_passed_on_with_its_brackets() {
    let text = "Ask [Joaquin](/wɑːˈkiːn/).";
    assert_eq!(read(text), "Ask /wɑːˈkiːn/ .");
    assert_eq!(&text[pieces(text)[1].source.clone()], "[Joaquin](/wɑːˈkiːn/)");
}

#[test]
fn every_piece_knows_what_it_was_written_with() {
    let text = "Pay $5 by May 3rd, Dr. Lee.";
    let sources: Vec<_> = pieces(text).into_iter().map(|piece| &text[piece.source]).collect();
    assert_eq!(sources, ["Pay", "$5", "$5", "by", "May 3rd", "May 3rd", ",", "Dr.", "Lee", "."]);
}

#[test]
fn long_texts_take_time_in_proportion() {
    let texts = ["Pay $5 to Dr. Lee. ", "a.b", "1-2", "x@", "aaaa", "[", "…'", "A.", "/a", "1,234"];
    for text in texts {
        let long = text.repeat(100_000 / text.len());
        let start = Instant::now();
        let count = pieces(&long).len();
        let taken = start.elapsed();
        assert!(taken < Duration::from_secs(1), "{text}: {count} pieces after {taken:?}");
    }
}

/// What is written so that readers have work with it.
fn written() -> impl Strategy<Value = String> {
    let parts = "[0-9]{1,4}|[A-Za-z]{1,6}|[ .,:;/'\"$€£%°@#&+=<>^_()\\[\\]~²½×–—…-]|\\PC| |pm|km|May|Dr\\.|’|\u{200d}|\n";
    proptest::collection::vec(parts, 0..24).prop_map(|parts| parts.concat())
}

fn check_sources(text: &str) -> Result<(), TestCaseError> {
    let mut last = 0..0;
    for piece in pieces(text) {
        let source = piece.source;
        prop_assert!(!source.is_empty() && text.get(source.clone()).is_some(), "{:?}", text);
        prop_assert!(source == last || source.start >= last.end, "{:?}", text);
        if let What::Word(word) = &piece.what {
            prop_assert!(!word.is_empty() && !word.contains(char::is_whitespace), "{:?}", text);
            prop_assert!(!word.contains(|c: char| c.is_ascii_digit()), "{:?}: {}", text, word);
        }
        last = source;
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_read_in_order(text in "(?s:.){0,60}") {
        check_sources(&text)?;
    }

    #[test]
    fn anything_that_looks_like_something_is_read_in_order(text in written()) {
        check_sources(&text)?;
    }
}
