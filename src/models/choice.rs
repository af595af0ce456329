//! Which weight a computer gets: the catalogue's rule, applied to the memory
//! and cores that are there.

use super::catalog::{Catalog, Entry, Kind};
use super::store::{Installed, Store, StoreError};

/// What matters of a computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Memory altogether.
    pub ram_mib: u64,
    /// Threads that can run at once.
    pub cores: usize,
}

impl Machine {
    /// This computer, or the part of it that this process may use.
    pub fn current() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { ram_mib: total_ram_bytes().unwrap_or(0) >> 20, cores }
    }
}

/// `None` where the system does not tell: the smallest weights are taken then.
fn total_ram_bytes() -> Option<u64> {
    let mut system = sysinfo::System::new().ok()?;
    system.refresh_memory();
    let limit = system.cgroup_limits().map_or(u64::MAX, |limits| limits.total_memory);
    Some(system.total_memory().min(limit))
}

/// The language models for this computer, best first.
pub fn default_language<'a>(catalog: &'a Catalog, machine: &Machine) -> Vec<&'a Entry> {
    fitting(catalog, Kind::Language, machine).collect()
}

/// The recognisers for this computer and language, best first. `language` is
/// as in [`Entry::knows`].
pub fn default_speech<'a>(
    catalog: &'a Catalog,
    machine: &Machine,
    language: Option<&str>,
) -> Vec<&'a Entry> {
    fitting(catalog, Kind::Speech, machine).filter(|entry| entry.knows(language)).collect()
}

/// Either of the above. The language matters for speech alone.
pub fn defaults<'a>(
    catalog: &'a Catalog,
    kind: Kind,
    machine: &Machine,
    language: Option<&str>,
) -> Vec<&'a Entry> {
    match kind {
        Kind::Speech => default_speech(catalog, machine, language),
        Kind::Language => default_language(catalog, machine),
        Kind::Memory | Kind::Voice | Kind::Turn => fitting(catalog, kind, machine).collect(),
    }
}

fn fitting<'a>(
    catalog: &'a Catalog,
    kind: Kind,
    machine: &Machine,
) -> impl Iterator<Item = &'a Entry> {
    catalog
        .default_choices(kind)
        .iter()
        .filter(move |c| c.min_ram_mib <= machine.ram_mib && c.min_cores <= machine.cores)
        .filter_map(|choice| catalog.entry(&choice.id))
        .filter(|entry| !entry.tests_only)
}

/// The installed weight to use. `wanted` is an id, or empty for the best that
/// is here: the defaults in their order, then the person's own and whatever
/// else there is, weights for tests last. `None` if nothing fits.
pub fn choose(
    catalog: &Catalog,
    store: &Store,
    kind: Kind,
    wanted: &str,
    machine: &Machine,
    language: Option<&str>,
) -> Result<Option<Installed>, StoreError> {
    let mut here = store.installed()?;
    here.retain(|model| model.kind == kind);
    let rank = |model: &Installed| {
        let defaults = defaults(catalog, kind, machine, language);
        let place = defaults.iter().position(|entry| entry.id == model.id);
        let entry = catalog.entry(&model.id);
        (
            entry.is_some_and(|entry| entry.tests_only),
            entry.is_some_and(|entry| kind == Kind::Speech && !entry.knows(language)),
            place.unwrap_or(usize::MAX),
        )
    };
    if wanted.is_empty() {
        Ok(here.into_iter().min_by_key(rank))
    } else {
        Ok(here.into_iter().find(|model| model.id == wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(entries: Vec<&Entry>) -> Vec<&str> {
        entries.into_iter().map(|entry| entry.id.as_str()).collect()
    }

    #[test]
    fn a_small_computer_gets_a_small_model() {
        let catalog = Catalog::shipped();
        let small = Machine { ram_mib: 3800, cores: 8 };
        assert_eq!(ids(default_language(&catalog, &small)), ["qwen2.5-0.5b", "qwen2.5-coder-0.5b"]);
        let usual = Machine { ram_mib: 16_000, cores: 2 };
        assert_eq!(
            ids(default_language(&catalog, &usual))[..2],
            ["qwen2.5-1.5b", "qwen2.5-coder-1.5b"]
        );
    }

    #[test]
    fn no_computer_gets_a_model_for_tests() {
        let catalog = Catalog::shipped();
        for ram_mib in [0, 1 << 10, 1 << 20] {
            let machine = Machine { ram_mib, cores: 1 };
            for kind in Kind::ALL {
                let entries = defaults(&catalog, kind, &machine, None);
                assert!(!entries.is_empty() && entries.iter().all(|entry| !entry.tests_only));
            }
        }
    }

    #[test]
    fn who_does_not_speak_english_gets_a_recogniser_of_many_languages() {
        let catalog = Catalog::shipped();
        let machine = Machine { ram_mib: 8000, cores: 4 };
        let english = ids(default_speech(&catalog, &machine, Some("en")));
        assert_eq!(english, ["whisper-tiny.en", "whisper-base"]);
        assert_eq!(ids(default_speech(&catalog, &machine, Some("de"))), ["whisper-base"]);
        assert_eq!(ids(default_speech(&catalog, &machine, None)), ["whisper-base"]);
    }

    #[test]
    fn this_computer_has_memory_and_cores() {
        let machine = Machine::current();
        assert!(machine.ram_mib > 100 && machine.cores >= 1, "{machine:?}");
    }
}
