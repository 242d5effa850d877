//! Calls of the portal.

use uc_model::IdempotencyKey;
use uc_portal_api::{Endpoint, Problem};

use crate::{Core, core::PortalConfig, ports::ByteStream};

/// The portal, as the core knows it.
pub(crate) struct Portal {}

impl Portal {
    pub(crate) fn new(_: &PortalConfig) -> Self {
        Self {}
    }
}

/// One call of an endpoint.
pub(crate) struct Call<E: Endpoint> {
    /// What stands in the path for `{id}`; empty where there is none.
    pub(crate) id: String,
    /// The query.
    pub(crate) query: E::Query,
    /// The body.
    pub(crate) body: E::Body,
    /// For writes.
    pub(crate) key: Option<IdempotencyKey>,
    /// The `ETag` of the answer that is known already.
    pub(crate) known: Option<String>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    /// The answer; `None` when it is the one that is known already (304).
    pub(crate) body: Option<T>,
    /// Its `ETag`.
    pub(crate) etag: Option<String>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PortalError {
    /// The portal cannot be reached; it certainly did not get the request.
    #[error("portal unreachable")]
    Offline,
    /// The connection broke: the portal may have got the request.
    #[error("connection interrupted")]
    Interrupted,
    /// Not the portal that is configured.
    #[error("portal not trusted")]
    Untrusted,
    /// No session, or the portal refuses it.
    #[error("sign-in required")]
    SignInRequired,
    /// The portal says why not.
    #[error("portal refused")]
    Problem {
        /// What it says.
        problem: Problem,
        /// When it wants to be asked again.
        retry_after: Option<std::time::Duration>,
    },
    /// The answer is none that the contract knows: the portal may have carried the request out.
    #[error("portal's answer malformed")]
    Malformed,
}

impl Core {
    /// Calls the portal; with an access token where the endpoint needs one.
    pub(crate) async fn call<E: Endpoint>(
        &self,
        _: Call<E>,
    ) -> Result<Answer<E::Response>, PortalError> {
        Err(PortalError::Offline)
    }

    /// Opens the stream of hints.
    pub(crate) async fn open_hints(&self, _: Option<&str>) -> Result<ByteStream, PortalError> {
        Err(PortalError::Offline)
    }
}
