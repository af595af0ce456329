//! What every HTTP client of the app has in common: one TLS provider, one name,
//! one limit on how long connecting may take. Never sends anything by itself.

use std::time::Duration;

/// How long a server may take to answer the door.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A client to be configured further. Also makes ring the TLS provider of the
/// process, unless it has one already.
pub fn client_builder() -> reqwest::ClientBuilder {
    // Fails only when a provider is there already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent(concat!("samantha/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
}

#[cfg(test)]
mod tests {
    #[test]
    fn clients_can_be_built_one_after_the_other() {
        for _ in 0..2 {
            super::client_builder().build().expect("a client");
        }
    }
}
