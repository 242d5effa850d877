//! Checks of a provider's ID token (OpenID Connect Core §3.1.3.7).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use subtle::ConstantTimeEq;
use uc_model::SecretString;

use super::{
    Check, UpstreamError,
    keys::{self, KeySet},
};

/// How far the provider's clock may be from ours.
const LEEWAY: SignedDuration = SignedDuration::from_mins(1);
/// A token is made when it is asked for: it is no older than that.
const OLDEST: SignedDuration = SignedDuration::from_mins(10);
/// Bytes of a token, at most.
const MAX_TOKEN_BYTES: usize = 16 * 1024;
/// The longest subject (OpenID Connect Core §2).
const MAX_SUBJECT_BYTES: usize = 255;
/// Letters of a name that are shown.
const SHOWN_LETTERS: usize = 80;

/// Somebody, as a provider names them. Issuer and subject together name one person for ever (OpenID Connect Core §5.7);
/// nothing else does.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// Its name of the person.
    pub subject: String,
    /// What it calls the person, to show it to them; nothing is decided by it.
    pub called: Option<String>,
    /// When they signed in there, if it says.
    pub signed_in_at: Option<Timestamp>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(•••)")
    }
}

/// What a token must say.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    /// Absent for providers that repeat none.
    pub(super) nonce: Option<&'a SecretString>,
    /// When the person must have signed in, at the earliest.
    pub(super) since: Option<Timestamp>,
    pub(super) now: Timestamp,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood; we understand none.
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nonce: Option<String>,
    auth_time: Option<i64>,
    name: Option<String>,
    preferred_username: Option<String>,
    email: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Checks a token with these keys; [`Check::UnknownKey`] says that newer ones may help.
pub(super) fn check(
    token: &str,
    keys: &KeySet,
    expected: &Expected<'_>,
) -> Result<Identity, UpstreamError> {
    let claims = verify(token, keys)?;
    check_parties(&claims, expected)?;
    check_times(&claims, expected.now)?;
    if let Some(expected) = expected.nonce {
        let nonce = claims.nonce.as_deref().unwrap_or_default();
        if !bool::from(nonce.as_bytes().ct_eq(expected.expose().as_bytes())) {
            return Err(UpstreamError::Untrusted(Check::Nonce));
        }
    }
    let signed_in_at = claims.auth_time.map(instant).transpose()?;
    check_age(signed_in_at, expected)?;
    Ok(Identity {
        called: called(&claims),
        issuer: claims.iss,
        subject: claims.sub,
        signed_in_at,
    })
}

/// The claims, once a key of the set is known to have signed them.
fn verify(token: &str, keys: &KeySet) -> Result<Claims, UpstreamError> {
    let shape = UpstreamError::Untrusted(Check::IdToken);
    if token.len() > MAX_TOKEN_BYTES {
        return Err(shape);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(shape)?;
    let (header, claims) = message.split_once('.').ok_or(shape)?;
    let header: Header = read(header)?;
    if header.crit.is_some() {
        return Err(UpstreamError::Untrusted(Check::Header));
    }
    let algorithm =
        keys::algorithm(&header.alg).ok_or(UpstreamError::Untrusted(Check::Algorithm))?;
    keys.check((message, signature), header.kid.as_deref(), algorithm)?;
    read(claims)
}

/// A member that comes twice does not read.
fn read<T: DeserializeOwned>(part: &str) -> Result<T, UpstreamError> {
    let json = URL_SAFE_NO_PAD.decode(part).ok();
    json.and_then(|json| serde_json::from_slice(&json).ok())
        .ok_or(UpstreamError::Untrusted(Check::IdToken))
}

fn check_parties(claims: &Claims, expected: &Expected<'_>) -> Result<(), UpstreamError> {
    if claims.iss != expected.issuer {
        return Err(UpstreamError::Untrusted(Check::Issuer));
    }
    let for_us_alone = match &claims.aud {
        Audience::One(one) => one == expected.client,
        Audience::Several(all) => matches!(all.as_slice(), [one] if one == expected.client),
    };
    let by_us = claims
        .azp
        .as_deref()
        .is_none_or(|azp| azp == expected.client);
    if !for_us_alone || !by_us {
        return Err(UpstreamError::Untrusted(Check::Audience));
    }
    let subject = &claims.sub;
    if subject.is_empty() || subject.len() > MAX_SUBJECT_BYTES || !subject.is_ascii() {
        return Err(UpstreamError::Untrusted(Check::Subject));
    }
    Ok(())
}

fn check_times(claims: &Claims, now: Timestamp) -> Result<(), UpstreamError> {
    let (issued, expires) = (instant(claims.iat)?, instant(claims.exp)?);
    let age = now.duration_since(issued);
    let born_now = age >= -LEEWAY && age <= OLDEST;
    let holds = now.duration_since(expires) < LEEWAY && expires > issued;
    if born_now && holds {
        Ok(())
    } else {
        Err(UpstreamError::Untrusted(Check::Times))
    }
}

fn check_age(
    signed_in_at: Option<Timestamp>,
    expected: &Expected<'_>,
) -> Result<(), UpstreamError> {
    let Some(since) = expected.since else {
        return Ok(());
    };
    let recent = signed_in_at.is_some_and(|at| since.duration_since(at) <= LEEWAY);
    if recent {
        Ok(())
    } else {
        Err(UpstreamError::Untrusted(Check::Age))
    }
}

/// A `NumericDate` (RFC 7519 §2).
fn instant(seconds: i64) -> Result<Timestamp, UpstreamError> {
    Timestamp::from_second(seconds).map_err(|_| UpstreamError::Untrusted(Check::Times))
}

/// On one line, and not endless: it is anybody's text.
fn called(claims: &Claims) -> Option<String> {
    let names = [&claims.name, &claims.preferred_username, &claims.email];
    let plain = |name: &String| {
        let letters = name.chars().filter(|letter| !letter.is_control());
        let name: String = letters.take(SHOWN_LETTERS).collect();
        let name = name.trim();
        (!name.is_empty()).then(|| name.to_owned())
    };
    names.into_iter().flatten().find_map(plain)
}

#[cfg(test)]
mod tests;
