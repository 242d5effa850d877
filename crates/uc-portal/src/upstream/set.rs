//! All identity providers that the portal's operator named.

use std::path::Path;

use super::{ProvidersError, Upstream, settings};

/// The providers, in the order of the file.
#[derive(Debug, Default)]
pub struct Upstreams(Vec<Upstream>);

impl Upstreams {
    /// Those of the file; none without one.
    pub fn load(file: Option<&Path>) -> Result<Self, ProvidersError> {
        let Some(file) = file else {
            return Ok(Self::default());
        };
        let providers = settings::load(file)?.into_iter().map(|settings| {
            let provider = settings.id.as_str().to_owned();
            Upstream::new(settings).map_err(|source| ProvidersError::Channel { provider, source })
        });
        Ok(Self(providers.collect::<Result<_, _>>()?))
    }

    /// A provider by its id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Upstream> {
        self.iter()
            .find(|provider| provider.settings().id.as_str() == id)
    }

    /// A provider by its issuer.
    #[must_use]
    pub fn find_issuer(&self, issuer: &str) -> Option<&Upstream> {
        self.iter()
            .find(|provider| provider.settings().issuer == issuer)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Upstream> {
        self.0.iter()
    }
}
