//! What a locked client may ask: how much is new, and nothing else.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Method};

/// `PUT /v1/notify-token`: the session's token for [`FetchNews`], in the place of the one before. Needs the scope `notify`.
///
/// The client makes the token, 256 random bits in base64url, and shows its hash here: the portal never sends it and
/// never keeps it. It ends with the session.
#[derive(Debug, Clone, Copy)]
pub struct KeepNotifyToken;

impl Endpoint for KeepNotifyToken {
    const METHOD: Method = Method::Put;
    const PATH: &'static str = "/v1/notify-token";
    const AUTHENTICATED: bool = true;
    type Query = ();
    type Body = NotifyTokenHash;
    type Response = NotifyTokenKept;
}

/// What the portal is to know the token by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotifyTokenHash {
    /// The SHA-256 of the token's text, in base64url without padding: 43 characters.
    pub sha256: String,
}

/// The token is good from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct NotifyTokenKept {
    /// When the session ends at the latest, and the token with it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub ends_at: Timestamp,
}

/// `GET /v1/news`: how many of the person's applications have changed after a place in the feed.
///
/// Takes the token of [`KeepNotifyToken`] as a bearer token, and no other; that token is taken nowhere else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FetchNews {
    /// The `next` of the last page of the feed; absent counts everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Endpoint for FetchNews {
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/v1/news";
    const AUTHENTICATED: bool = true;
    type Query = Self;
    type Body = ();
    type Response = News;
}

/// How much is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct News {
    /// Applications with a change.
    pub count: u32,
}
