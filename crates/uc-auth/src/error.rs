//! What can go wrong between client and OpenID provider. No value of the exchange is in any text.

use std::time::Duration;

use crate::lock::Unsealable;

/// Why there is no answer from a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection came about: the request was certainly not sent.
    #[error("server unreachable")]
    Unreachable,
    /// The server's certificate is not of the authority that is trusted for it: the request was not sent.
    #[error("server not trusted")]
    Untrusted,
    /// The connection broke or timed out after sending began: the server may have the request.
    #[error("connection interrupted")]
    Interrupted,
    /// The answer is larger than allowed. The server has the request.
    #[error("answer too large")]
    TooLarge,
    /// The request cannot be sent as it is: not https, or a header that does not fit.
    #[error("request not allowed")]
    NotAllowed,
}

/// Why a sign-in, a refresh or a revocation did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// No answer.
    #[error("no answer from the provider")]
    Transport(#[from] TransportError),
    /// The provider says no.
    #[error("refused by the provider")]
    Refused(Refusal),
    /// An answer failed a check: it may not be the provider's.
    #[error("answer of the provider failed a check")]
    Untrusted(Check),
    /// The device's clock and the provider's are too far apart.
    #[error("clocks too far apart")]
    Clock,
    /// The provider wants to be asked later.
    #[error("provider busy")]
    Busy {
        /// After this time, if it says.
        retry_after: Option<Duration>,
    },
    /// The provider failed, or answered with something else than the protocol's.
    #[error("provider failed")]
    Failed,
}

/// A session slot held no key of ours: the provider cannot be shown one.
impl From<Unsealable> for AuthError {
    fn from(_: Unsealable) -> Self {
        Self::Refused(Refusal::InvalidGrant)
    }
}

/// How the provider says no (RFC 6749 §4.1.2.1, §5.2; OpenID Connect Core §3.1.2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The person, or the provider for them, declined.
    AccessDenied,
    /// It will not do without showing a page.
    InteractionRequired,
    /// The code or token is not good any more.
    InvalidGrant,
    /// The proof is not good: of another time, most likely (RFC 9449 §5).
    InvalidProof,
    /// Any other reason.
    Other,
}

/// The check that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The provider's own description is another issuer's, or not usable.
    Metadata,
    /// The answer to a pushed request is none (RFC 9126).
    Pushed,
    /// The authorization response does not come from the provider asked (RFC 9207).
    ResponseIssuer,
    /// The authorization response is neither a code nor an error.
    Response,
    /// A JSON object with a member twice, or with members of a wrong kind.
    Json,
    /// The token response grants more than was asked for, or something else.
    Grant,
    /// The token response lacks the ID token, or it is none.
    IdToken,
    /// The ID token's header brings keys, or demands what is not understood.
    Header,
    /// The ID token's algorithm is not one that is taken.
    Algorithm,
    /// The ID token's signature does not fit any key of the provider.
    Signature,
    /// The ID token is of another issuer.
    Issuer,
    /// The ID token is for somebody else.
    Audience,
    /// The ID token belongs to another sign-in.
    Nonce,
    /// The ID token's times are missing or make no sense.
    Times,
    /// The ID token names nobody, or somebody else.
    Subject,
}
