//! Weights as the window knows them: what is offered, what is being fetched.
//!
//! Whoever fetches tells [`DownloadEvent`]s and is asked by
//! [`DownloadCommand`]s; [`Weights`] is what the window shows of it. Nothing
//! here touches the disk or the network.

/// What a weight is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Speech to text.
    Hearing,
    /// Answers.
    Dialogue,
    /// Finding memories by what they mean.
    Remembering,
    /// A voice of her own.
    Speaking,
    /// Telling by sound that somebody has finished.
    TurnTaking,
}

/// A weight of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its id in the catalogue; what the settings store.
    pub id: String,
    /// What a person reads.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// What has to be fetched.
    pub size_bytes: u64,
    /// The memory it needs while it runs.
    pub ram_bytes: u64,
    /// The licence's usual short name.
    pub licence: String,
    /// It lies on this computer, complete and verified.
    pub installed: bool,
    /// With the present settings, she cannot hear or answer without it.
    pub needed: bool,
}

/// What the window asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DownloadCommand {
    /// Fetch this weight, or go on where it was left.
    Start(String),
    /// Stop fetching it; what is there is kept for later.
    Cancel(String),
    /// Take it from the disk.
    Remove(String),
}

/// What happened. Each carries the id of its weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DownloadEvent {
    /// The catalogue as it is now: told at the start and whenever something
    /// was installed, removed or became needed.
    Offered(Vec<Offer>),
    /// So much is there.
    Progress {
        /// Its weight.
        id: String,
        /// Fetched so far, earlier attempts included.
        done_bytes: u64,
        /// When complete.
        total_bytes: u64,
    },
    /// What is being done now, such as checking, or trying another source.
    Step {
        /// Its weight.
        id: String,
        /// One short sentence for people.
        text: String,
    },
    /// It is installed.
    Finished {
        /// Its weight.
        id: String,
    },
    /// It could not be fetched.
    Failed {
        /// Its weight.
        id: String,
        /// One sentence for people that says what to do.
        reason: String,
    },
    /// It was stopped as the person wished.
    Cancelled {
        /// Its weight.
        id: String,
    },
}

/// How far fetching has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// Nothing is going on.
    Idle,
    /// It is being fetched.
    Running {
        /// Fetched so far.
        done_bytes: u64,
        /// When complete.
        total_bytes: u64,
        /// What is being done, if there is more to say than a number.
        step: Option<String>,
    },
    /// It failed, for this reason.
    Failed(String),
}

/// One weight and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// What is offered.
    pub offer: Offer,
    /// What is going on with it.
    pub fetch: Fetch,
}

/// All weights, in the catalogue's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weights {
    all: Vec<Weight>,
}

impl Weights {
    /// Takes in what happened. An event of an unknown weight changes nothing.
    pub fn apply(&mut self, event: DownloadEvent) {
        match event {
            DownloadEvent::Offered(offers) => self.offer(offers),
            DownloadEvent::Progress { id, done_bytes, total_bytes } => {
                self.change(&id, |weight| {
                    weight.fetch = Fetch::Running { done_bytes, total_bytes, step: None };
                });
            }
            DownloadEvent::Step { id, text } => self.change(&id, |weight| {
                let (done_bytes, total_bytes) = match weight.fetch {
                    Fetch::Running { done_bytes, total_bytes, .. } => (done_bytes, total_bytes),
                    _ => (0, weight.offer.size_bytes),
                };
                weight.fetch = Fetch::Running { done_bytes, total_bytes, step: Some(text) };
            }),
            DownloadEvent::Finished { id } => self.change(&id, |weight| {
                weight.fetch = Fetch::Idle;
                weight.offer.installed = true;
            }),
            DownloadEvent::Failed { id, reason } => {
                self.change(&id, |weight| weight.fetch = Fetch::Failed(reason));
            }
            DownloadEvent::Cancelled { id } => {
                self.change(&id, |weight| weight.fetch = Fetch::Idle);
            }
        }
    }

    /// The person asked to fetch it: shown at once, before the first byte.
    pub fn started(&mut self, id: &str) {
        self.change(id, |weight| {
            weight.fetch =
                Fetch::Running { done_bytes: 0, total_bytes: weight.offer.size_bytes, step: None };
        });
    }

    /// All, in the catalogue's order.
    pub fn all(&self) -> &[Weight] {
        &self.all
    }

    /// What she cannot do without and is not here yet.
    pub fn missing(&self) -> impl Iterator<Item = &Weight> {
        self.all.iter().filter(|weight| weight.offer.needed && !weight.offer.installed)
    }

    /// The weights for one purpose.
    pub fn for_purpose(&self, purpose: Purpose) -> impl Iterator<Item = &Weight> {
        self.all.iter().filter(move |weight| weight.offer.purpose == purpose)
    }

    fn offer(&mut self, offers: Vec<Offer>) {
        let before = std::mem::take(&mut self.all);
        let fetch_of = |id: &str| {
            before.iter().find(|w| w.offer.id == id).map_or(Fetch::Idle, |w| w.fetch.clone())
        };
        self.all = offers
            .into_iter()
            .map(|offer| {
                let fetch = if offer.installed { Fetch::Idle } else { fetch_of(&offer.id) };
                Weight { offer, fetch }
            })
            .collect();
    }

    fn change(&mut self, id: &str, apply: impl FnOnce(&mut Weight)) {
        if let Some(weight) = self.all.iter_mut().find(|weight| weight.offer.id == id) {
            apply(weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(id: &str, needed: bool) -> Offer {
        Offer {
            id: id.into(),
            name: id.to_uppercase(),
            purpose: Purpose::Hearing,
            size_bytes: 100,
            ram_bytes: 200,
            licence: "MIT".into(),
            installed: false,
            needed,
        }
    }

    fn offered() -> Weights {
        let mut weights = Weights::default();
        weights.apply(DownloadEvent::Offered(vec![offer("ear", true), offer("spare", false)]));
        weights
    }

    fn missing(weights: &Weights) -> Vec<&str> {
        weights.missing().map(|weight| weight.offer.id.as_str()).collect()
    }

    #[test]
    fn only_what_is_needed_and_absent_is_missing() {
        let mut weights = offered();
        assert_eq!(missing(&weights), ["ear"]);
        weights.apply(DownloadEvent::Finished { id: "ear".into() });
        assert!(missing(&weights).is_empty());
    }

    #[test]
    fn a_fresh_catalogue_keeps_what_is_under_way() {
        let mut weights = offered();
        weights.apply(DownloadEvent::Progress {
            id: "ear".into(),
            done_bytes: 40,
            total_bytes: 100,
        });
        let under_way = weights.all()[0].fetch.clone();
        weights.apply(DownloadEvent::Offered(vec![offer("ear", true)]));
        assert_eq!(weights.all()[0].fetch, under_way);
        weights
            .apply(DownloadEvent::Offered(vec![Offer { installed: true, ..offer("ear", true) }]));
        assert_eq!(weights.all()[0].fetch, Fetch::Idle);
    }

    #[test]
    fn a_step_keeps_the_count_and_the_next_count_ends_the_step() {
        let mut weights = offered();
        let progress =
            DownloadEvent::Progress { id: "ear".into(), done_bytes: 40, total_bytes: 100 };
        weights.apply(progress.clone());
        weights.apply(DownloadEvent::Step { id: "ear".into(), text: "Checking".into() });
        let step = Some("Checking".to_owned());
        let expect = Fetch::Running { done_bytes: 40, total_bytes: 100, step };
        assert_eq!(weights.all()[0].fetch, expect);
        weights.apply(progress);
        let expect = Fetch::Running { done_bytes: 40, total_bytes: 100, step: None };
        assert_eq!(weights.all()[0].fetch, expect);
    }

    #[test]
    fn failing_says_why_and_cancelling_leaves_no_trace() {
        let mut weights = offered();
        weights.started("ear");
        assert!(matches!(weights.all()[0].fetch, Fetch::Running { done_bytes: 0, .. }));
        weights.apply(DownloadEvent::Failed { id: "ear".into(), reason: "no network".into() });
        assert_eq!(weights.all()[0].fetch, Fetch::Failed("no network".into()));
        weights.started("ear");
        weights.apply(DownloadEvent::Cancelled { id: "ear".into() });
        assert_eq!(weights, offered());
    }

    #[test]
    fn an_unknown_weight_changes_nothing() {
        let mut weights = offered();
        weights.apply(DownloadEvent::Finished { id: "nose".into() });
        assert_eq!(weights, offered());
    }
}
