//! What the provider is told to do.

use serde_json::Value;
use uc_auth::TransportError;

/// What the provider does. Patches are merged (RFC 7396): `null` takes a member out.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// Merged into its description.
    pub metadata: Value,
    /// Its key set instead of the true one.
    pub jwks: Option<Value>,
    /// Its key set from the second time on.
    pub jwks_later: Option<Value>,
    /// Merged into the ID token's header.
    pub header: Value,
    /// Merged into the ID token's claims.
    pub claims: Value,
    /// The claims as text, instead of what was merged.
    pub raw_claims: Option<String>,
    /// How the ID token is signed.
    pub signing: Signing,
    /// Merged into the token response.
    pub token: Value,
    /// The token endpoint's answer instead of a token response.
    pub reply: Option<Reply>,
    /// The transport fails at the token endpoint.
    pub broken: Option<TransportError>,
    /// The token endpoint asks for the challenge's verifier of another flow.
    pub foreign_code: bool,
    /// Merged into what it tells of the person.
    pub userinfo: Value,
    /// What it demands of proofs of possession.
    pub proofs: Proofs,
    /// Whether requests are pushed to it, and its answer instead of the true one.
    pub pushed: Pushed,
    /// What the browser brings back instead of the provider's answer, one after the other. `{code}`, `{state}`,
    /// `{iss}` and `{older}`, an earlier flow's state, stand for what the provider would have answered with.
    pub returns: Option<Vec<String>>,
}

/// How an ID token is signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Signing {
    /// By its key, as the header says.
    #[default]
    True,
    /// Not at all.
    None,
    /// With HS256 keyed by the client's id.
    HmacByClientId,
    /// With HS256 keyed by the public EC key.
    HmacByPublicKey,
    /// With HS256 keyed by the public RSA key.
    HmacByRsaKey,
    /// By an EC key that nobody published.
    StrangerKey,
    /// By its key, and cut short.
    Truncated,
    /// By its key, with this bit flipped.
    Flipped(usize),
}

/// What the provider, and the portal behind it, demand of proofs of possession (RFC 9449).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Proofs {
    /// They know none.
    #[default]
    Unknown,
    /// Every request has one.
    Demanded,
    /// Every proof holds the nonce that the first answer gives.
    WithNonce,
    /// As before, and each nonce is good for one proof.
    WithNewNonces,
    /// No proof is ever good enough: the next nonce is wanted.
    Insatiable,
    /// A nonce is wanted and none is given.
    NonceWithheld,
}

/// Whether authorization requests are pushed (RFC 9126).
#[derive(Debug, Clone, Default)]
pub enum Pushed {
    /// There is no such endpoint.
    #[default]
    No,
    /// There is.
    Yes,
    /// There is, and it answers so.
    Answered(Reply),
}

/// An answer as it is.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(&'static str, &'static str)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// An answer of JSON.
    #[must_use]
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/json")],
            body: body.into(),
        }
    }
}
