//! Addresses and names of machines: "samantha.example.com/help",
//! "ana@example.org", "~/notes/todo.txt", "#GoodNews", "@ana".
//!
//! They are said as short as they can be understood: no scheme, no "www", no
//! query, at most two steps of a path.

use super::What;
use super::place::{Place, Reading, pattern};
use super::words;

/// The last part of a domain that is said as a word; others are spelt.
const WORDS_AS_DOMAIN: &[&str] = &[
    "com", "org", "net", "edu", "gov", "info", "biz", "app", "dev", "blog", "shop", "online",
    "site", "cloud", "page", "me", "co", "so", "news", "example",
];
const SPELT_DOMAINS: &str = "ai|io|tv|uk|us|de|fr|eu|ca|au|nz|ie|it|es|nl|se|no|dk|fi|ch|at|be|pl|pt|br|in|jp|cn|ru|ly|gg|fm|xyz";

/// Endings of file names and how they are said; others are spelt.
const ENDINGS: &[(&str, &str)] = &[
    ("txt", "text"),
    ("doc", "doc"),
    ("docx", "doc X"),
    ("json", "Jason"),
    ("jpg", "J peg"),
    ("jpeg", "J peg"),
    ("png", "P N G"),
    ("gif", "gif"),
    ("zip", "zip"),
    ("toml", "tommel"),
    ("yaml", "yammel"),
    ("yml", "yammel"),
    ("exe", "E X E"),
    ("log", "log"),
    ("bin", "bin"),
    ("tar", "tar"),
    ("bat", "bat"),
    ("java", "Java"),
    ("pdf", "P D F"),
    ("html", "H T M L"),
    ("csv", "C S V"),
    ("mp3", "M P three"),
    ("mp4", "M P four"),
    ("wav", "wave"),
    ("md", "M D"),
    ("py", "P Y"),
    ("rs", "R S"),
    ("js", "J S"),
    ("ts", "T S"),
    ("sh", "S H"),
    ("gz", "G Z"),
    ("xlsx", "X L S X"),
    ("pptx", "P P T X"),
    ("conf", "conf"),
];

/// How many steps of a path are said.
const STEPS: usize = 2;
/// Longer steps are keys that nobody can listen to.
const LONGEST_STEP: usize = 24;

pub(super) fn read(place: &Place) -> Option<Reading> {
    if !place.is_start() {
        return None;
    }
    let chunk = place.rest().split(char::is_whitespace).next().unwrap_or_default();
    let chunk = chunk.trim_end_matches(|c: char| ".,;:!?)]}>\"”'’*".contains(c));
    // What no address can be without.
    if !chunk.contains(['.', '/', '@', '#', '\\', '~']) {
        return None;
    }
    mail(chunk)
        .or_else(|| web(chunk))
        .or_else(|| path(chunk))
        .or_else(|| file(chunk))
        .or_else(|| tag(chunk))
}

fn mail(chunk: &str) -> Option<Reading> {
    let captures =
        pattern!(r"(?:mailto:)?([A-Za-z0-9._%+-]{1,64})@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)$")
            .captures(chunk)?;
    let mut said = parts(&captures[1]);
    said.push(word("at"));
    said.extend(domain(&captures[2]));
    Some(Reading::of(chunk.len()).and(said))
}

fn web(chunk: &str) -> Option<Reading> {
    static_web().captures(chunk).and_then(|captures| {
        let is_marked = captures.get(1).is_some() || captures.get(2).is_some();
        let ending = captures[3].rsplit('.').next().unwrap_or_default();
        let is_known = WORDS_AS_DOMAIN.contains(&ending)
            || SPELT_DOMAINS.split('|').any(|known| known == ending);
        // "end.So" is a missing space, "a.in" a missing word.
        let is_domain = is_known && captures[3].contains('.') && captures[3].len() > 4;
        if !is_marked && !is_domain {
            return None;
        }
        let mut said = domain(&captures[3]);
        let path = captures.get(4).map_or("", |path| path.as_str());
        for step in steps(path).take(STEPS) {
            said.push(word("slash"));
            said.extend(parts(step));
        }
        Some(Reading::of(chunk.len()).and(said))
    })
}

fn static_web() -> &'static regex::Regex {
    pattern!(
        r"(?i:(https?://|ftp://)?(www\.)?)([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)(?::[0-9]{2,5})?(/[^?#]*)?(?:[?#].*)?$"
    )
}

/// The steps of a path that can be listened to.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.split(['/', '\\']).filter(|step| {
        let digits = step.bytes().filter(u8::is_ascii_digit).count();
        !step.is_empty() && step.len() <= LONGEST_STEP && digits <= 8
    })
}

/// "/etc/hosts", "~/notes/todo.txt", "C:\Users\ana\letter.docx", "src/main.rs".
fn path(chunk: &str) -> Option<Reading> {
    let captures = pattern!(
        r"(?:(~|\.{1,2}|[A-Za-z]:)?[/\\][\w.@-]+(?:[/\\][\w.@ -]+)*[/\\]?|[\w.-]+(?:[/\\][\w.-]+)*[/\\][\w-]+\.[a-z]{1,4}[0-9]?)$"
    )
    .captures(chunk)?;
    let root = captures.get(1).map_or("", |root| root.as_str());
    let is_rooted = chunk.starts_with(['/', '\\']);
    let written = &chunk[root.len()..];
    let all: Vec<_> = steps(written).collect();
    let last = &all[all.len().saturating_sub(STEPS)..];
    let is_whole = last.len() == all.len();
    let mut said = Vec::new();
    if is_whole && root == "~" {
        said.push(word("home"));
    }
    for (index, step) in last.iter().enumerate() {
        if index > 0 || is_whole && (is_rooted || !said.is_empty()) {
            said.push(word("slash"));
        }
        said.extend(file_name(step));
    }
    Some(Reading::of(chunk.len()).and(said))
}

/// "todo.txt", "Node.js"; not "3.5" nor the end of a sentence.
fn file(chunk: &str) -> Option<Reading> {
    let captures = pattern!(r"([A-Za-z0-9_-][\w-]*(?:\.[\w-]+)*)\.([A-Za-z][a-z0-9]{1,4})$")
        .captures(chunk)?;
    ENDINGS.iter().find(|(known, _)| *known == &captures[2])?;
    Some(Reading::of(chunk.len()).and(file_name(chunk)))
}

fn file_name(name: &str) -> Vec<What> {
    let Some((stem, ending)) = name.rsplit_once('.') else { return parts(name) };
    let mut said = parts(stem);
    said.push(word("dot"));
    match ENDINGS.iter().find(|(known, _)| *known == ending) {
        Some((_, spoken)) => said.extend(spoken.split(' ').map(|part| {
            let mut letters = part.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) => What::Letter(letter),
                _ => word(part),
            }
        })),
        None => said.extend(parts(ending)),
    }
    said
}

/// "@ana", "#GoodNews".
fn tag(chunk: &str) -> Option<Reading> {
    let captures = pattern!(r"([@#])(\p{L}[\w-]*)").captures(chunk)?;
    let mut said = vec![word(if &captures[1] == "@" { "at" } else { "hashtag" })];
    said.extend(words::identifier(&captures[2]));
    Some(Reading::of(captures[0].len()).and(said))
}

fn domain(domain: &str) -> Vec<What> {
    let mut said = Vec::new();
    for (index, label) in domain.split('.').enumerate() {
        if index > 0 {
            said.push(word("dot"));
        }
        let is_spelt = index > 0 && SPELT_DOMAINS.split('|').any(|known| known == label);
        if is_spelt {
            said.extend(label.chars().map(|c| What::Letter(c.to_ascii_uppercase())));
        } else {
            said.extend(parts(label));
        }
    }
    said
}

/// The words of a label with its marks by name.
fn parts(label: &str) -> Vec<What> {
    let mut said = Vec::new();
    let mut start = 0;
    for (at, c) in label.char_indices().chain([(label.len(), '\0')]) {
        let name = match c {
            '.' => "dot",
            '-' => "dash",
            '_' => "underscore",
            '+' => "plus",
            '%' => "percent",
            '@' => "at",
            '\0' => "",
            _ => continue,
        };
        said.extend(words::identifier(&label[start..at]));
        if !name.is_empty() {
            said.push(word(name));
        }
        start = (at + c.len_utf8()).min(label.len());
    }
    said
}

fn word(word: &str) -> What {
    What::Word(word.to_owned())
}
