//! What can go wrong between portal and identity provider. No value of the exchange is in any text.

use serde::{Deserialize, Serialize};

/// Why a sign-in at an identity provider came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamError {
    /// It does not answer, or not in time.
    #[error("no answer from the identity provider")]
    NoAnswer,
    /// It failed, or answered with something else than the protocol's.
    #[error("the identity provider failed")]
    Failed,
    /// The person said no there.
    #[error("the person declined at the identity provider")]
    Declined,
    /// It says no: to the person, to the request, or to the portal.
    #[error("refused by the identity provider")]
    Refused,
    /// An answer failed a check: it may not be the provider's.
    #[error("an answer of the identity provider failed a check: {0:?}")]
    Untrusted(Check),
}

/// The check that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Its own description is another issuer's, or not usable.
    Description,
    /// The answer came from another provider than the one asked (RFC 9207).
    ResponseIssuer,
    /// The answer is neither a code nor an error.
    Response,
    /// There is no ID token, or it is none.
    IdToken,
    /// The ID token's header demands what is not understood.
    Header,
    /// The ID token's algorithm is not one that is taken.
    Algorithm,
    /// The provider published no key that the ID token could be signed by.
    UnknownKey,
    /// The ID token's signature does not fit.
    Signature,
    /// The ID token is of another issuer.
    Issuer,
    /// The ID token is for somebody else, or for others, too.
    Audience,
    /// The ID token belongs to another sign-in.
    Nonce,
    /// The ID token has expired, or its times make no sense.
    Times,
    /// The ID token names nobody.
    Subject,
    /// The person signed in there longer ago than they may have.
    Age,
}
