//! Where a Python wheel lies, so that it can be fetched as any other file: then
//! what has arrived is kept, which pip cannot do.
//!
//! Asks the index that pip would ask. Whatever is not as plain as usual is
//! left to pip: other settings of the person's, several wheels that fit, an index
//! that speaks no JSON.

use super::digest::Digest;
use super::fetch::{Interrupted, PullOptions};
use super::https;
use super::pip::PYTHON;
use crate::cancel::CancelToken;
use reqwest::Url;
use serde::Deserialize;
use std::process::{Command, Stdio};

/// Prints the index that pip asks when nobody told it of another.
const DEFAULT_INDEX: &str = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)";
const JSON: &str = "application/vnd.pypi.simple.v1+json";
/// What pip may be told without another wheel, or another way to it.
const HARMLESS: [&str; 6] = [
    "config-file",
    "default-timeout",
    "disable-pip-version-check",
    "no-input",
    "retries",
    "timeout",
];

/// A wheel that can be fetched.
pub(super) struct Wheel {
    pub(super) url: String,
    pub(super) size: u64,
    pub(super) sha256: Digest,
}

/// An index' page of one package.
#[derive(Deserialize)]
struct Page {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    /// May be relative to the page.
    url: String,
    hashes: Hashes,
    /// Old indexes do not tell.
    size: Option<u64>,
}

#[derive(Deserialize)]
struct Hashes {
    sha256: Option<Digest>,
}

/// The only wheel of `package`, such as `name==1.0`, if there is one.
pub(super) fn find(
    package: &str,
    options: &PullOptions,
    cancel: &CancelToken,
) -> Result<Option<Wheel>, Interrupted> {
    let Some(((name, version), index)) = package.split_once("==").zip(index()) else {
        return Ok(None);
    };
    let Ok(page) = index.join(&format!("{}/", normal(name, '-'))) else { return Ok(None) };
    let Some(text) = https::read(page.as_str(), JSON, options, cancel)? else { return Ok(None) };
    Ok(the_wheel(&text, &page, name, version))
}

fn the_wheel(text: &[u8], page: &Url, name: &str, version: &str) -> Option<Wheel> {
    let begins = format!("{}-{version}-", normal(name, '_'));
    let files = serde_json::from_slice::<Page>(text).ok()?.files;
    let mut wheels = files.into_iter().filter(|file| {
        file.filename.to_lowercase().starts_with(&begins) && file.filename.ends_with(".whl")
    });
    let wheel = wheels.next()?;
    if wheels.next().is_some() {
        return None;
    }
    let url = page.join(&wheel.url).ok()?.into();
    Some(Wheel { url, size: wheel.size?, sha256: wheel.hashes.sha256? })
}

/// A package's name as indexes and file names spell it.
fn normal(name: &str, separator: char) -> String {
    let words = name.split(['-', '_', '.']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(&separator.to_string()).to_lowercase()
}

/// The index that pip asks, if it asks one in the usual way.
fn index() -> Option<Url> {
    let settings = python(&["-m", "pip", "config", "list", "--disable-pip-version-check"])?;
    index_of(&settings, || python(&["-c", DEFAULT_INDEX]))
}

/// What Python prints, if it can do this.
fn python(arguments: &[&str]) -> Option<String> {
    let asked = Command::new(PYTHON)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8(asked.status.success().then_some(asked.stdout)?).ok()
}

/// Of lines such as `global.index-url='https://example.org/simple'`, of which
/// later ones count.
fn index_of(settings: &str, default: impl FnOnce() -> Option<String>) -> Option<Url> {
    let mut index = None;
    for line in settings.lines() {
        let (key, value) = line.split_once('=')?;
        match key.rsplit('.').next() {
            Some("index-url") => index = Some(value.trim_matches('\'').to_owned()),
            Some(key) if HARMLESS.contains(&key) => {}
            _ => return None,
        }
    }
    let index = index.or_else(default)?;
    let index = format!("{}/", index.trim().trim_end_matches('/'));
    // A password is for pip to send, and to send to that server alone.
    Url::parse(&index).ok().filter(|url| url.username().is_empty() && url.password().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_the_one_that_pip_asks() {
        let default = || Some("https://example.org/simple\n".to_owned());
        let index = |settings: &str| index_of(settings, default).map(String::from);
        assert_eq!(index("").as_deref(), Some("https://example.org/simple/"));
        let other = "global.timeout='9'\n:env:.index-url='http://mirror:1/simple'";
        assert_eq!(index(other).as_deref(), Some("http://mirror:1/simple/"));
        for for_pip in [
            ":env:.find-links='/opt/wheels'",
            "global.extra-index-url='http://mirror'",
            "global.index-url='http://me:secret@mirror/simple'",
            "what is that",
        ] {
            assert_eq!(index(for_pip), None, "{for_pip}");
        }
    }

    #[test]
    fn only_the_one_wheel_that_fits_is_taken() {
        let page = Url::parse("https://example.org/simple/a-b/").expect("an address");
        let file = |name: &str| {
            let sum = Digest::of(b"");
            format!(
                r#"{{"filename":"{name}","url":"../f/{name}","size":3,"hashes":{{"sha256":"{sum}"}}}}"#
            )
        };
        let wheel = |files: &[&str]| {
            let files = files.iter().map(|name| file(name)).collect::<Vec<_>>().join(",");
            let text = format!(r#"{{"files":[{files}]}}"#);
            the_wheel(text.as_bytes(), &page, "A.b", "1.0").map(|wheel| wheel.url)
        };
        let (one, other) = ("a_b-1.0-py3-none-any.whl", "a_b-1.0-cp312-cp312-linux.whl");
        let url = format!("https://example.org/simple/f/{one}");
        assert_eq!(wheel(&[one, "a_b-1.0.tar.gz", "a_b-1.0.1-py3-none-any.whl"]), Some(url));
        assert_eq!(wheel(&[one, other]), None, "pip knows which");
        assert_eq!(wheel(&[]), None);
    }
}
