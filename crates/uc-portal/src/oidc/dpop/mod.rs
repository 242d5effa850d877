//! Proofs of possession: a token is of use only to who holds the key that it is bound to (RFC 9449).

use axum::http::{HeaderMap, HeaderName, Method};

use crate::{
    portal::Portal,
    store::{Showing, StoreError},
};

mod device;
mod key;
mod nonce;
mod proof;
mod thumbprint;

pub(crate) use device::DeviceProof;
pub(crate) use key::PublicKey;
pub use nonce::{NoncePolicy, Nonces};
pub use proof::ProofError;
use proof::{Expected, Proof};
pub use thumbprint::Thumbprint;

/// The header with the proof.
pub(crate) const DPOP: HeaderName = HeaderName::from_static("dpop");
/// The header with the nonce that the next proof is to hold.
pub(crate) const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");
/// The algorithms that proofs may be signed by.
pub(super) const ALGORITHMS: [&str; 2] = ["ES256", "EdDSA"];

/// Why a proof is not taken.
#[derive(Debug, thiserror::Error)]
pub enum DpopError {
    /// It proves nothing.
    #[error("the proof is refused")]
    Proof(#[from] ProofError),
    /// It must hold the nonce that goes back with the answer.
    #[error("the proof lacks a nonce of ours")]
    NonceWanted,
    /// More proofs are being remembered than there is room for.
    #[error("too many proofs")]
    Crowded,
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A request that may show a proof.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) method: &'a Method,
    /// Under the issuer.
    pub(crate) path: &'a str,
    pub(crate) headers: &'a HeaderMap,
    /// The access token that it comes with.
    pub(crate) access_token: Option<&'a str>,
}

impl Shown<'_> {
    /// The key whose possession the request proves; `None` when it shows no proof.
    pub(crate) async fn proven_key(self, portal: &Portal) -> Result<Option<Thumbprint>, DpopError> {
        let Some(text) = one(self.headers, &DPOP)? else {
            return Ok(None);
        };
        let now = portal.clock.now();
        let expected = Expected {
            method: self.method,
            url: &portal.issuer.url(self.path),
            access_token: self.access_token,
            now,
        };
        let proof = Proof::check(text, &expected)?;
        if !portal.nonces.accept(proof.nonce.as_deref(), now) {
            return Err(DpopError::NonceWanted);
        }
        // Last, so that only what would be taken fills the store.
        let showing = portal.store.show_once(proof.id, proof.expires_at, now);
        match showing.await? {
            Showing::First => Ok(Some(proof.key)),
            Showing::Again => Err(ProofError::Repeated.into()),
            Showing::Crowded => Err(DpopError::Crowded),
        }
    }
}

/// The one header of this name; `None` when there is none.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, ProofError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ProofError::Shape),
        (Some(_), Some(_)) => Err(ProofError::Several),
    }
}
