//! Checks of ID tokens (OpenID Connect Core §3.1.3.7): openidconnect's, and those that it leaves to us.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jiff::{SignedDuration, Timestamp};
use openidconnect::{
    ClaimsVerificationError, Nonce, NonceVerifier, SignatureVerificationError,
    core::{CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJsonWebKeySet},
};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    AuthError, Channel, Check, Provider, json,
    server_clock::{self, LEEWAY},
};

/// The longest life of an ID token that makes sense.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// The longest subject (OpenID Connect Core §2).
const MAX_SUBJECT_BYTES: usize = 255;

/// What an ID token may be used with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Expected<'a> {
    /// The answer to a sign-in with this nonce.
    SignIn(&'a Nonce),
    /// A refresh of this subject's session.
    Refresh {
        /// Whose it must be.
        subject: &'a str,
    },
}

/// What an ID token tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claims {
    pub(crate) subject: String,
    pub(crate) given_name: Option<String>,
}

/// Checks an ID token that passed [`check_by_itself`]; when its key is not known, the keys are fetched once more.
pub(crate) async fn check(
    token: &CoreIdToken,
    expected: Expected<'_>,
    provider: &Provider,
    channel: Channel<'_>,
) -> Result<Claims, AuthError> {
    let now = channel.now;
    let claims = match verify(token, expected, provider, provider.metadata.jwks(), now) {
        Err(ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey,
        )) => {
            let keys = provider.fetch_keys(channel.transport).await?;
            verify(token, expected, provider, &keys, now)
        }
        verified => verified,
    }
    .map_err(|error| AuthError::Untrusted(failed_check(&error)))?;
    if let Expected::Refresh { subject } = expected
        && claims.subject != subject
    {
        return Err(AuthError::Untrusted(Check::Subject));
    }
    Ok(claims)
}

fn verify(
    token: &CoreIdToken,
    expected: Expected<'_>,
    provider: &Provider,
    keys: &CoreJsonWebKeySet,
    now: Timestamp,
) -> Result<Claims, ClaimsVerificationError> {
    let client_id = provider.client_id();
    let issuer = provider.metadata.issuer().clone();
    let latest = now.saturating_sub(LEEWAY).unwrap_or(Timestamp::MIN);
    let verifier = CoreIdTokenVerifier::new_public_client(client_id, issuer, keys.clone())
        .set_allowed_algs(provider.algorithms())
        .set_time_fn(move || to_chrono(latest));
    let claims = token.claims(&verifier, expected)?;
    Ok(read(claims))
}

fn read(claims: &CoreIdTokenClaims) -> Claims {
    Claims {
        subject: claims.subject().to_string(),
        given_name: claims
            .given_name()
            .and_then(|names| names.iter().next())
            .map(|(_, name)| name.to_string()),
    }
}

impl NonceVerifier for Expected<'_> {
    fn verify(self, nonce: Option<&Nonce>) -> Result<(), String> {
        match self {
            Expected::SignIn(expected) => expected.verify(nonce),
            Expected::Refresh { .. } => Ok(()),
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "openidconnect leaves the enum open"
)]
fn failed_check(error: &ClaimsVerificationError) -> Check {
    match error {
        ClaimsVerificationError::Expired(_) => Check::Times,
        ClaimsVerificationError::InvalidAudience(_) => Check::Audience,
        ClaimsVerificationError::InvalidIssuer(_) => Check::Issuer,
        ClaimsVerificationError::InvalidNonce(_) => Check::Nonce,
        ClaimsVerificationError::InvalidSubject(_) => Check::Subject,
        ClaimsVerificationError::SignatureVerification(_) => Check::Signature,
        _ => Check::IdToken,
    }
}

/// The header, as far as it matters. Members that bring keys are looked for by name.
#[derive(Deserialize)]
struct Header {
    alg: openidconnect::core::CoreJwsSigningAlgorithm,
    jku: Option<serde::de::IgnoredAny>,
    jwk: Option<serde::de::IgnoredAny>,
    x5u: Option<serde::de::IgnoredAny>,
    x5c: Option<serde::de::IgnoredAny>,
    crit: Option<serde::de::IgnoredAny>,
}

/// The claims, of whatever kind they are.
#[derive(Deserialize)]
struct Payload {
    iss: Option<Value>,
    sub: Option<Value>,
    aud: Option<Value>,
    exp: Option<Value>,
    iat: Option<Value>,
    azp: Option<Value>,
}

/// What can be told without keys. It only refuses: nothing here is believed before the signature is checked.
pub(crate) fn check_by_itself(
    token: &str,
    provider: &Provider,
    now: Timestamp,
) -> Result<(), AuthError> {
    let [header, payload] = decode(token).ok_or(AuthError::Untrusted(Check::IdToken))?;
    check_header(&header, provider)?;
    let payload: Payload = parse(&payload, Check::IdToken)?;
    check_parties(&payload, provider)?;
    check_times(&payload, now)
}

fn decode(token: &str) -> Option<[Vec<u8>; 2]> {
    let mut parts = token.split('.');
    let (header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Some([
        URL_SAFE_NO_PAD.decode(header).ok()?,
        URL_SAFE_NO_PAD.decode(payload).ok()?,
    ])
}

fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8], check: Check) -> Result<T, AuthError> {
    if !json::is_unambiguous(bytes) {
        return Err(AuthError::Untrusted(Check::Json));
    }
    serde_json::from_slice(bytes).map_err(|_| AuthError::Untrusted(check))
}

fn check_header(header: &[u8], provider: &Provider) -> Result<(), AuthError> {
    let header: Header = parse(header, Check::Algorithm)?;
    let brings_keys = [
        &header.jku,
        &header.jwk,
        &header.x5u,
        &header.x5c,
        &header.crit,
    ]
    .iter()
    .any(|member| member.is_some());
    if brings_keys {
        return Err(AuthError::Untrusted(Check::Header));
    }
    if provider.algorithms().contains(&header.alg) {
        Ok(())
    } else {
        Err(AuthError::Untrusted(Check::Algorithm))
    }
}

fn check_parties(payload: &Payload, provider: &Provider) -> Result<(), AuthError> {
    if payload.iss.as_ref().and_then(Value::as_str) != Some(provider.client.issuer.as_str()) {
        return Err(AuthError::Untrusted(Check::Issuer));
    }
    let is_us = |party: &Value| party.as_str() == Some(provider.client.id.as_str());
    let for_us_alone = match &payload.aud {
        Some(Value::Array(audiences)) => audiences.len() == 1 && audiences.iter().all(is_us),
        Some(audience) => is_us(audience),
        None => false,
    };
    if !for_us_alone || !payload.azp.as_ref().is_none_or(is_us) {
        return Err(AuthError::Untrusted(Check::Audience));
    }
    let subject = payload.sub.as_ref().and_then(Value::as_str);
    let named = subject.is_some_and(|subject| {
        !subject.is_empty() && subject.len() <= MAX_SUBJECT_BYTES && subject.is_ascii()
    });
    if named {
        Ok(())
    } else {
        Err(AuthError::Untrusted(Check::Subject))
    }
}

/// A token is made when it is asked for: its birth tells the provider's clock.
fn check_times(payload: &Payload, now: Timestamp) -> Result<(), AuthError> {
    let nonsense = AuthError::Untrusted(Check::Times);
    let issued = read_time(payload.iat.as_ref()).ok_or(nonsense)?;
    let expires = read_time(payload.exp.as_ref()).ok_or(nonsense)?;
    let life = expires.duration_since(issued);
    if life <= SignedDuration::ZERO || life > LONGEST_LIFE {
        return Err(nonsense);
    }
    server_clock::compare(now, issued)
}

/// A number in a text is none.
fn read_time(claim: Option<&Value>) -> Option<Timestamp> {
    Timestamp::from_second(claim?.as_i64()?).ok()
}

fn to_chrono(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp(at.as_second(), 0).unwrap_or(DateTime::<Utc>::MIN_UTC)
}
