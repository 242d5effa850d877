//! ID tokens (OpenID Connect Core §2).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uc_model::SecretString;
use uuid::Uuid;

use super::KeyError;
use crate::{
    accounts::{Factor, FirstStep, Means},
    entropy::TokenHash,
    portal::Portal,
    store::ClientGrant,
};

/// Seconds that an ID token holds.
const ID_TOKEN_SECONDS: i64 = 300;

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    azp: &'a str,
    iat: i64,
    exp: i64,
    auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    at_hash: String,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    amr: &'static [&'static str],
    acr: &'static str,
    /// For a client that hears when the session ends: which one.
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
}

/// A sign-in by the password alone, or by a provider that is trusted as far.
pub(super) const ACR_PASSWORD: &str = "urn:edinyi-klient:acr:password";
/// A sign-in by two factors.
pub(super) const ACR_TWO_FACTORS: &str = "urn:edinyi-klient:acr:two-factors";

/// How the person signed in, in the words of RFC 8176: what they showed here. It has none for what another provider saw.
const fn methods(means: Means) -> &'static [&'static str] {
    match (means.first, means.factor) {
        (FirstStep::Password, None) => &["pwd"],
        (FirstStep::Password, Some(Factor::Totp)) => &["pwd", "otp", "mfa"],
        (FirstStep::Password, Some(Factor::RecoveryCode)) => &["pwd", "mfa"],
        (FirstStep::Password, Some(Factor::Sms)) => &["pwd", "sms", "mfa"],
        (FirstStep::Password, Some(Factor::Passkey)) => &["pwd", "pop", "mfa"],
        (FirstStep::Elsewhere(_), None) => &[],
        (FirstStep::Elsewhere(_), Some(Factor::Totp)) => &["otp", "mfa"],
        (FirstStep::Elsewhere(_), Some(Factor::RecoveryCode)) => &["mfa"],
        (FirstStep::Elsewhere(_), Some(Factor::Sms)) => &["sms", "mfa"],
        (FirstStep::Elsewhere(_), Some(Factor::Passkey)) => &["pop", "mfa"],
    }
}

const fn context(means: Means) -> &'static str {
    if means.are_two() {
        ACR_TWO_FACTORS
    } else {
        ACR_PASSWORD
    }
}

/// What a sign-out request's hint is read for.
#[derive(Debug, Deserialize)]
pub(super) struct HintClaims {
    pub(super) iss: String,
    pub(super) sub: String,
    pub(super) aud: String,
}

/// An ID token beside an access token.
pub(super) fn issue(
    portal: &Portal,
    grant: &ClientGrant,
    nonce: Option<&str>,
    access_token: &SecretString,
    now: Timestamp,
) -> Result<String, KeyError> {
    let client = portal.clients.find(&grant.client);
    let hears = client.is_some_and(|client| client.backchannel_logout_uri.is_some());
    let sid = hears.then_some(grant.id);
    let claims = Claims {
        iss: portal.issuer.as_str(),
        sub: grant.person.as_str(),
        aud: &grant.client,
        azp: &grant.client,
        iat: now.as_second(),
        exp: now.as_second() + ID_TOKEN_SECONDS,
        auth_time: grant.signed_in_at.as_second(),
        nonce,
        at_hash: at_hash(access_token),
        amr: methods(grant.means),
        acr: context(grant.means),
        sid,
    };
    portal.keys.sign(&claims, now)
}

/// The left half of the access token's SHA-256 (§3.1.3.6).
fn at_hash(access_token: &SecretString) -> String {
    URL_SAFE_NO_PAD.encode(&TokenHash::of(access_token.expose()).0[..16])
}
