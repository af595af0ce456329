//! A server that tells stories, for measurements that need her to speak for long:
//! what a small model tells is short, and another each time.
//!
//! Speaks just enough of the OpenAI-compatible protocol for one client that streams.

use crate::chance::Chance;
use serde_json::json;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// What it calls its model.
pub(crate) const MODEL: &str = "story";

/// About two minutes aloud.
const SENTENCES_TOLD: usize = 26;
/// As a fast model writes.
const BETWEEN_WORDS: Duration = Duration::from_millis(20);

const SENTENCES: [&str; 29] = [
    "The fox woke before the others, while the grass was still grey with dew.",
    "She walked down to the river, where the stones were cold, and listened for a while.",
    "A heron stood in the shallow water and did not look up.",
    "There was an old mill on the other side, and nobody had worked there for thirty years.",
    "Once a week a woman came with a basket, sat on the wall, and fed the ducks.",
    "The wheel had stopped turning long ago, but in spring the water still pushed against it.",
    "In the village they told each other that the miller had gone to sea and had never written.",
    "His brother kept the key in a drawer, between a ribbon and a broken watch.",
    "When the children asked about it, he smiled, and talked about the weather instead.",
    "It rained for nine days, and on the tenth the sky was so clear that you could count the trees.",
    "That evening they lit a fire behind the church and roasted apples.",
    "Somebody had brought a fiddle, and somebody else remembered the words of a very old song.",
    "The bread takes its time: first the flour, then the water, and a little salt at the end.",
    "You knead it until it no longer sticks to your hands, and then you leave it alone.",
    "Patience is most of the work, my grandmother used to say, and the rest is a hot oven.",
    "The lighthouse stands on a rock, an hour from the shore when the sea is calm.",
    "Its keeper writes down every ship that passes, the hour, and the colour of her sails.",
    "In winter he has three visitors, two of them gulls.",
    "They crossed the pass on the second morning, one behind the other, without a word.",
    "At the top lay snow, although it was already June, and the valley below was full of light.",
    "She had built the boat from what the storm had left on the beach.",
    "It leaked a little at the front, so she carried a tin cup and a sponge.",
    "What she wanted was not far: an island with one tree, and under the tree some shade.",
    "By noon the wind turned, and she laughed, because it blew where she had meant to go.",
    "The oldest map of that coast shows a town that nobody has ever found.",
    "Perhaps the fog moved it, the sailors said, and they meant it only half as a joke.",
    "Later a school was built there, with a bell that could be heard across the bay.",
    "He learned to read from the labels of seed packets and from the names on boats.",
    "Nothing much happened that year, and it was the one they remembered best.",
];

/// Begins to tell stories to whoever asks, until the process ends.
///
/// # Errors
/// If there is no port on this computer.
pub(crate) fn start() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    std::thread::Builder::new().name("storyteller".into()).spawn(move || {
        let mut chance = Chance::new(1);
        for stream in listener.incoming().flatten() {
            let story: Vec<_> =
                (0..SENTENCES_TOLD).filter_map(|_| chance.pick(&SENTENCES)).copied().collect();
            // Whoever hangs up in the middle has heard enough.
            std::thread::spawn(move || answer(stream, &story.join(" ")).ok());
        }
    })?;
    Ok(address)
}

fn answer(mut stream: TcpStream, story: &str) -> io::Result<()> {
    let mut request = BufReader::new(stream.try_clone()?);
    let (mut line, mut length, mut asks_for_words) = (String::new(), 0, false);
    while request.read_line(&mut line)? > 2 {
        asks_for_words |= line.starts_with("POST");
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    io::copy(&mut request.take(length), &mut io::sink())?;
    let head =
        |kind| format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n");
    if !asks_for_words {
        let models = json!({ "object": "list", "data": [{ "id": MODEL, "object": "model" }] });
        return write!(stream, "{}{models}", head("application/json"));
    }
    stream.write_all(head("text/event-stream").as_bytes())?;
    let mut tell = |delta: serde_json::Value, reason: Option<&str>| {
        let choice = json!({ "index": 0, "delta": delta, "finish_reason": reason });
        let chunk = json!({ "id": "1", "object": "chat.completion.chunk", "model": MODEL,
            "choices": [choice] });
        write!(stream, "data: {chunk}\n\n")
    };
    for word in story.split_inclusive(' ') {
        tell(json!({ "content": word }), None)?;
        std::thread::sleep(BETWEEN_WORDS);
    }
    tell(json!({}), Some("stop"))?;
    stream.write_all(b"data: [DONE]\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(request: &str) -> String {
        let mut stream = TcpStream::connect(start().expect("a port")).expect("connected");
        stream.write_all(request.as_bytes()).expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }

    #[test]
    fn a_story_is_told_word_by_word_and_ends() {
        let answer = ask("POST /v1/chat/completions HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.matches("\"content\":").count() > 200, "it is too short");
        assert!(answer.ends_with("data: [DONE]\n\n"));
    }

    #[test]
    fn its_model_has_a_name() {
        assert!(ask("GET /v1/models HTTP/1.1\r\n\r\n").contains("\"id\":\"story\""));
    }
}
