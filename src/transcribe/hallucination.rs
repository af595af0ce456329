//! What the network only imagined.
//!
//! Pure rules over the text and over what is known of the sound it came from.
//! Whisper describes noises in brackets, repeats itself, and writes the
//! closing words of films where nobody speaks. Words that people really say
//! to a companion ("thank you") are only doubted where the sound gives reason
//! to.

/// What is known of the sound and of the network's run over it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// How likely the network finds it that nobody speaks, 0.0..=1.0.
    pub no_speech_probability: f32,
    /// Mean natural logarithm of the probability of the tokens.
    pub mean_log_probability: f32,
    /// From the first speech to the last with a little around it, in seconds.
    pub span_s: f32,
    /// How long the detector was sure to hear speech, in seconds.
    pub sure_speech_s: f32,
}

/// Above this the network itself says that nobody speaks.
const NO_SPEECH: f32 = 0.6;
/// Above this it has doubts.
const SPEECH_DOUBTED: f32 = 0.3;
/// Below this the network is not sure of its words.
const UNSURE: f32 = -1.0;
/// Below this the words are guesses.
const GUESSED: f32 = -1.2;
/// Below this they are random.
const RANDOM: f32 = -2.5;
/// Sure speech shorter than this may be anything.
const FAINT_SPEECH_S: f32 = 0.1;
/// Nobody talks faster, in words a second.
const MAX_WORDS_PER_S: f32 = 7.0;
/// Brackets with more words than this hold something that was said.
const MAX_ANNOTATION_WORDS: usize = 6;
/// A phrase of this many words is not said twice in a row, word by word.
const LONG_PHRASE_WORDS: usize = 6;
/// Within a word this many letters may be repeated,
const MAX_STUTTER_LETTERS: usize = 4;
/// and this often at the least, for the word to be noise.
const MIN_STUTTERS: usize = 6;

/// Never said to anybody by a living person alone in a room: closing words of
/// films and their subtitles. Lower case, without punctuation.
const NEVER_SAID: &[&str] = &[
    "amara org",
    "subtitles by",
    "subtitled by",
    "transcription by",
    "transcribed by",
    "captions by",
    "captioning by",
    "thanks for watching",
    "thank you for watching",
    "thank you so much for watching",
    "thank you very much for watching",
    "please subscribe",
    "like and subscribe",
    "subscribe to my channel",
    "subscribe to the channel",
    "don't forget to subscribe",
    "see you in the next video",
    "i'll see you next time bye",
    "we'll be right back",
    "www",
    "sous titres réalisés",
    "sous titrage",
    "merci d'avoir regardé",
    "abonnez vous",
    "untertitel",
    "vielen dank fürs zuschauen",
    "danke fürs zuschauen",
    "copyright wdr",
    "swr 20",
    "zdf 20",
    "subtítulos realizados",
    "subtítulos por",
    "gracias por ver",
    "suscríbete",
    "suscribirse al canal",
    "legendas pela",
    "obrigado por assistir",
    "inscreva se",
    "sottotitoli",
    "grazie per aver guardato",
    "iscrivetevi al canale",
    "ondertitels",
    "ondertiteling",
    "bedankt voor het kijken",
    "napisy",
    "dziękuję za oglądanie",
    "субтитры",
    "спасибо за просмотр",
    "продолжение следует",
    "подписывайтесь",
    "altyazı",
    "izlediğiniz için teşekkür",
    "undertekster",
    "textning",
    "ご視聴ありがとうございました",
    "チャンネル登録",
    "字幕",
    "请订阅",
    "請訂閱",
    "谢谢观看",
    "謝謝觀看",
    "感谢观看",
    "感謝觀看",
    "시청해주셔서 감사합니다",
    "구독",
];

/// What the network writes when it has nothing to write, and what people say
/// too. Doubted where the sound is faint or the network unsure.
const STOCK_PHRASES: &[&str] = &[
    "you",
    "thank you",
    "thank you very much",
    "thank you so much",
    "thanks",
    "bye",
    "bye bye",
    "goodbye",
    "okay",
    "ok",
    "oh",
    "ah",
    "hmm",
    "mm",
    "mm hmm",
    "uh",
    "um",
    "so",
    "the",
    "the end",
    "i'm sorry",
    "yeah",
    "hey",
    "whoa",
    "woo",
    "wow",
    "yay",
    "boom",
    "beep",
    "shh",
    "ugh",
    "merci",
    "danke",
    "vielen dank",
    "gracias",
    "obrigado",
    "obrigada",
    "grazie",
    "dziękuję",
    "спасибо",
    "ありがとうございました",
    "谢谢",
    "謝謝",
    "감사합니다",
];

/// The part of `text` that was said; empty if none was.
pub fn keep(text: &str, evidence: &Evidence) -> String {
    let text = collapse_repetitions(&without_annotations(text));
    let text = without_closing_words(&text);
    if believable(&text, evidence) { text } else { String::new() }
}

/// Whether `text` says the same again and again.
pub fn has_repetitions(text: &str) -> bool {
    let text = without_annotations(text);
    collapse_repetitions(&text).len() < text.len()
}

fn believable(text: &str, evidence: &Evidence) -> bool {
    let words = words(text);
    if words.is_empty() {
        return false;
    }
    let phrase = words.join(" ");
    let speech_is_faint = evidence.sure_speech_s < FAINT_SPEECH_S;
    let speech_is_doubted = evidence.no_speech_probability > SPEECH_DOUBTED;
    let words_are_guessed = evidence.mean_log_probability < GUESSED;

    // Well-spelled digits can look like silence to the network, too.
    let nobody_speaks = evidence.no_speech_probability > NO_SPEECH
        && (evidence.mean_log_probability < UNSURE || speech_is_faint);
    let random = evidence.mean_log_probability < RANDOM && words.len() > 1;
    let guessed = words_are_guessed && (speech_is_doubted || speech_is_faint);
    let faint = speech_is_faint && speech_is_doubted;
    let too_fast = words.len() as f32 > MAX_WORDS_PER_S * evidence.span_s + 3.0;
    let stock = STOCK_PHRASES.contains(&phrase.as_str())
        && (speech_is_faint || (words_are_guessed && evidence.span_s > 2.5));
    !(nobody_speaks || random || guessed || faint || too_fast || stock)
}

/// Takes out "[Music]", "(dog barks)", "*sighs*" and notes, also where the
/// closing bracket never came.
fn without_annotations(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(['(', '[', '{', '*', '（', '【', '♪', '♫']) {
        kept.push_str(&rest[..open]);
        let mut after = rest[open..].chars();
        let opening = after.next().unwrap_or_default();
        let after = after.as_str();
        let closing = match opening {
            '(' => ')',
            '[' => ']',
            '{' => '}',
            '（' => '）',
            '【' => '】',
            same => same,
        };
        let (inside, beyond) = match after.split_once(closing) {
            Some((inside, beyond)) => (inside, beyond),
            None => (after, ""),
        };
        let sung = matches!(opening, '♪' | '♫');
        if !sung && inside.split_whitespace().count() > MAX_ANNOTATION_WORDS {
            // Something said in brackets: only the brackets go.
            kept.push_str(inside);
        }
        rest = beyond;
        if !kept.is_empty() && !kept.ends_with(' ') {
            kept.push(' ');
        }
    }
    kept.push_str(rest);
    // Marks of a change of speaker in subtitles.
    let kept = kept.replace(">>", " ");
    let words: Vec<&str> = kept.split_whitespace().collect();
    let joined = words.join(" ");
    joined.trim_start_matches(['-', '–', ' ']).trim_end_matches([' ', ')', ']']).to_owned()
}

/// Brings what is said in a loop down to once.
fn collapse_repetitions(text: &str) -> String {
    let mut written: Vec<&str> = text.split_whitespace().filter(|word| !stutters(word)).collect();
    let mut plain: Vec<String> = written.iter().map(|word| plain_word(word)).collect();
    for len in 1..plain.len() {
        let mut at = 0;
        while at + len < plain.len() {
            // The phrase goes on as long as each word equals that one phrase before it.
            let again =
                plain[at..].iter().zip(&plain[at + len..]).take_while(|(a, b)| a == b).count();
            let ends_text = at + len + again == plain.len();
            let surplus = if ends_text { again } else { again - again % len };
            let is_count = plain[at..at + len].iter().all(|word| is_number(word));
            if surplus >= least_surplus(len) && !is_count {
                plain.drain(at + len..at + len + surplus);
                written.drain(at + len..at + len + surplus);
            }
            at += 1;
        }
    }
    written.join(" ")
}

/// How many words after a phrase of `len` must repeat it to make a loop.
/// "No, no, no" and "very, very, very" are said; a whole sentence is not said
/// twice over.
fn least_surplus(len: usize) -> usize {
    match len {
        1 => 5,
        2..LONG_PHRASE_WORDS => len * 2,
        _ => LONG_PHRASE_WORDS,
    }
}

/// Whether a few letters are repeated again and again within a word, as in
/// "y-y-y-y-y-y-y" or "WOOOOOOOO". Numbers may do that.
fn stutters(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    (1..=MAX_STUTTER_LETTERS).any(|len| {
        let longest = letters
            .windows(len + 1)
            .map(|pair| pair[0] == pair[len])
            .fold((0, 0), |(longest, run), same| {
                let run = if same { run + 1 } else { 0 };
                (usize::max(longest, run), run)
            })
            .0;
        longest >= len * (MIN_STUTTERS - 1)
    })
}

/// Cuts sentences off the end that only films say.
fn without_closing_words(text: &str) -> String {
    let mut kept = text;
    loop {
        let body = kept.trim_end_matches(|c: char| is_sentence_end(c) || c.is_whitespace());
        let start = last_sentence_start(body);
        let sentence = words(&body[start..]).join(" ");
        if sentence.is_empty() || !is_never_said(&sentence) {
            return kept.trim().to_owned();
        }
        kept = &kept[..start];
    }
}

/// Where the last sentence begins. A full stop within a word ends none.
fn last_sentence_start(text: &str) -> usize {
    let ends_sentence = |(at, c): &(usize, char)| {
        let next = text[at + c.len_utf8()..].chars().next();
        is_sentence_end(*c) && (!c.is_ascii() || next.is_none_or(char::is_whitespace))
    };
    text.char_indices().rev().find(ends_sentence).map_or(0, |(at, c)| at + c.len_utf8())
}

fn is_never_said(sentence: &str) -> bool {
    // Within a longer sentence these words may be meant.
    let short = sentence.split(' ').count() <= 10;
    short && NEVER_SAID.iter().any(|phrase| sentence.starts_with(phrase))
}

fn is_sentence_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？')
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit())
}

/// Lower case, hyphens as spaces, no punctuation but the apostrophe.
fn words(text: &str) -> Vec<String> {
    text.replace(['-', '.', ','], " ")
        .split_whitespace()
        .map(plain_word)
        .filter(|word| !word.is_empty())
        .collect()
}

fn plain_word(word: &str) -> String {
    word.replace('’', "'")
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '\'')
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAR: Evidence = Evidence {
        no_speech_probability: 0.05,
        mean_log_probability: -0.2,
        span_s: 3.0,
        sure_speech_s: 2.5,
    };

    #[test]
    fn what_was_clearly_said_is_kept_as_it_is() {
        for text in [
            "What time is it?",
            "Thank you.",
            "you",
            "No, no, no!",
            "It is very, very, very cold.",
            "5 5 5 5 5 5 5.",
            "If you want to go to town I go, if you want to go to bed I stay.",
            "Come in, come in!",
            "He said (and I will never forget it as long as I live) goodbye.",
            "I think subtitles are useful.",
            "我想喝水。",
        ] {
            let kept = keep(text, &CLEAR);
            let expected = text.replace(['(', ')'], " ");
            let expected: Vec<&str> = expected.split_whitespace().collect();
            assert_eq!(kept.split_whitespace().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn descriptions_of_noises_are_not_words() {
        for (text, kept) in [
            ("[Music]", ""),
            ("(dog barks) (dog barks) (dog", ""),
            ("[BLANK_AUDIO]", ""),
            ("*outro music*", ""),
            (">> [ Silence ]", ""),
            ("♪ la la la ♪", ""),
            ("(", ""),
            ("Hello. (laughs) How are you?", "Hello. How are you?"),
            ("Hello. [Music", "Hello."),
            ("...", ""),
        ] {
            assert_eq!(keep(text, &CLEAR), kept, "{text}");
        }
    }

    #[test]
    fn closing_words_of_films_are_cut_off() {
        for (text, kept) in [
            ("Thanks for watching!", ""),
            ("Where is my coat? Thank you for watching.", "Where is my coat?"),
            ("Good night. Thank you for watching! Please subscribe.", "Good night."),
            ("Untertitel der Amara.org-Community", ""),
            ("ご視聴ありがとうございました", ""),
            ("Sous-titrage ST' 501", ""),
        ] {
            assert_eq!(keep(text, &CLEAR), kept, "{text}");
        }
    }

    #[test]
    fn loops_are_said_once() {
        for (text, kept) in [
            ("You are silly. You are silly. You are silly. You are silly.", "You are silly."),
            (
                "It may be given in cases of need. It may be given in cases of",
                "It may be given in cases of need.",
            ),
            (
                "The best amount is at hand. The best amount is at hand.",
                "The best amount is at hand.",
            ),
            ("He was not an old-s-y-y-y-y-y-y-y-y-y man.", "He was not an man."),
            ("WOOOOOOOOOOO OOOOOOOO", ""),
            ("stop stop stop stop stop stop stop stop", "stop"),
            ("I know that I know that I know that I know that we go.", "I know that we go."),
        ] {
            assert_eq!(keep(text, &CLEAR), kept, "{text}");
        }
    }

    #[test]
    fn doubtful_sound_makes_doubtful_words() {
        let quiet = Evidence { sure_speech_s: 0.0, ..CLEAR };
        let doubted = Evidence { no_speech_probability: 0.5, ..CLEAR };
        for (text, evidence, is_kept) in [
            ("Open the door.", quiet, true),
            ("Thank you.", quiet, false),
            ("Thank you.", doubted, true),
            ("Baah!", Evidence { sure_speech_s: 0.0, ..doubted }, false),
            ("Ok.", Evidence { mean_log_probability: -3.1, ..CLEAR }, false),
            ("Ok.", Evidence { mean_log_probability: -3.1, span_s: 1.3, ..CLEAR }, true),
            ("Woo, ying.", Evidence { mean_log_probability: -4.0, ..doubted }, false),
            ("90210.", Evidence { no_speech_probability: 0.9, ..CLEAR }, true),
            (
                "Nobody here.",
                Evidence { no_speech_probability: 0.8, mean_log_probability: -1.1, ..CLEAR },
                false,
            ),
            (
                "One two three four five six seven eight nine ten.",
                Evidence { span_s: 0.8, ..CLEAR },
                false,
            ),
        ] {
            assert_eq!(!keep(text, &evidence).is_empty(), is_kept, "{text} {evidence:?}");
        }
    }
}
