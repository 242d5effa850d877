//! Proofs of a device's key: like those of a session's key, and about the body too.

use axum::http::{HeaderMap, HeaderName, Method};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use super::{
    DpopError, ProofError, PublicKey, Showing, one,
    proof::{Expected, Proof, Signed},
};
use crate::portal::Portal;

const HEADER: HeaderName = HeaderName::from_static(uc_portal_api::DEVICE_PROOF);
const KIND: &str = "device-proof+jwt";

/// A request that a device has signed.
#[derive(Clone, Copy)]
pub(crate) struct DeviceProof<'a> {
    pub(crate) method: &'a Method,
    /// Under the issuer.
    pub(crate) path: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) access_token: &'a str,
    pub(crate) body: &'a [u8],
}

impl DeviceProof<'_> {
    /// The key that has signed it; once.
    pub(crate) async fn key(self, portal: &Portal) -> Result<PublicKey, DpopError> {
        let text = one(self.headers, &HEADER)?.ok_or(ProofError::Missing)?;
        let now = portal.clock.now();
        let expected = Expected {
            method: self.method,
            url: &portal.issuer.url(self.path),
            access_token: Some(self.access_token),
            now,
        };
        let signed = Signed::read(text, KIND)?;
        let body = URL_SAFE_NO_PAD.encode(Sha256::digest(self.body));
        if signed.claims.body.as_deref() != Some(&body) {
            return Err(ProofError::Body.into());
        }
        let key = signed.key.clone();
        let proof = Proof::of(signed, &expected)?;
        match portal
            .store
            .show_once(proof.id, proof.expires_at, now)
            .await?
        {
            Showing::First => Ok(key),
            Showing::Again => Err(ProofError::Repeated.into()),
            Showing::Crowded => Err(DpopError::Crowded),
        }
    }
}
