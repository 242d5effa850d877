//! What every endpoint is.

use serde::{Serialize, de::DeserializeOwned};

/// The header that carries an [`uc_model::IdempotencyKey`].
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates or replaces the named resource.
    Put,
    /// Acts on a resource.
    Post,
}

/// One endpoint of the portal.
pub trait Endpoint {
    /// Its method.
    const METHOD: Method;
    /// Its path template; `{id}` stands for the one parameter, if there is one.
    const PATH: &'static str;
    /// Whether the request carries an access token.
    const AUTHENTICATED: bool;
    /// Whether the device's key signs the request, in sessions that have one ([`crate::DEVICE_PROOF`]).
    const DEVICE_PROVEN: bool = false;
    /// The query; `()` for none.
    type Query: Serialize + DeserializeOwned + Send + Sync;
    /// The body; `()` for none.
    type Body: Serialize + DeserializeOwned + Send + Sync;
    /// The answer on success.
    type Response: Serialize + DeserializeOwned + Send;
}

/// The path of `E` for the resource `id`, which must be a valid path segment as our ids are.
#[must_use]
pub fn path<E: Endpoint>(id: &str) -> String {
    E::PATH.replace("{id}", id)
}
