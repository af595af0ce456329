//! What needs no server; `tests/downloads` meets one.

use super::*;
use crate::models::convert::tests::{SMALL_Q8_0_SUM, SmallModel, small_vocabulary};
use crate::models::{Catalog, Digest};
use crate::paths::Paths;

#[test]
fn a_mirror_stands_in_for_hugging_face_alone() {
    let options =
        PullOptions { hugging_face: "http://mirror:1/hf/".into(), ..PullOptions::default() };
    assert_eq!(options.resolve("https://huggingface.co/a/b"), "http://mirror:1/hf/a/b");
    assert_eq!(options.resolve("https://example.org/a"), "https://example.org/a");
    let elsewhere = "https://huggingface.community/a";
    assert_eq!(options.resolve(elsewhere), elsewhere);
}

#[test]
fn parts_are_joined_and_converted() {
    let home = tempfile::tempdir().expect("a folder");
    let model = SmallModel::new().finish();
    let (first, second) = model.split_at(100_000);
    let vocabulary = small_vocabulary();
    let part = |name: &str, bytes: &[u8]| {
        let path = home.path().join(name);
        fs::write(&path, bytes).expect("written");
        let (size, sum) = (bytes.len(), Digest::of(bytes));
        format!("{{ path = '{}', size = {size}, sha256 = '{sum}' }}", path.display())
    };
    let text = format!(
        "[[model]]\nid = 'small'\nkind = 'speech'\ntitle = 'T'\nabout = 'A'\nlicence = 'L'\n\
         languages = ['en']\nram_mib = 1\nsize = 779158\nsha256 = '{SMALL_Q8_0_SUM}'\n\
         [[model.source]]\nparts = [{}, {}]\n[model.source.convert]\nstep = 'ct2-to-ggml'\n\
         quantisation = 'q8_0'\nvocabulary = {}\n",
        part("1", first),
        part("2", second),
        part("v", vocabulary.as_bytes()),
    );
    let catalog = Catalog::parse(&text, Path::new("catalog.toml")).expect("a catalogue");
    let store = Store::new(&Paths::new(Some(home.path())).expect("paths"));
    let mut phases = Vec::new();
    let installed = pull(
        catalog.entry("small").expect("there"),
        &store,
        &PullOptions::default(),
        &CancelToken::new(),
        &mut |event| match event {
            PullEvent::Progress { phase, .. } => phases.push(phase),
            other => panic!("{other:?}"),
        },
    );
    let installed = installed.expect("pulled");
    let sum = Digest::of(&fs::read(installed.path).expect("read"));
    assert_eq!(sum.to_string(), SMALL_Q8_0_SUM);
    phases.dedup();
    assert_eq!(phases, [Phase::Fetching, Phase::Verifying, Phase::Converting]);
}
