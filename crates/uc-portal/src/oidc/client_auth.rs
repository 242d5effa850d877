//! Which client asks, at the endpoints that clients call themselves (RFC 6749 §2.3).

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq;
use uc_model::SecretString;
use url::form_urlencoded;

use super::{Authentication, Client, SecretWay, error::OauthError, params::Params};
use crate::{entropy::TokenHash, portal::Portal};

/// The parameters of a form, which must say that it is one.
pub(super) fn form(headers: &HeaderMap, body: &[u8]) -> Result<Params, OauthError> {
    let is_form = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| {
            kind.trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        });
    if is_form {
        Ok(Params::parse(body)?)
    } else {
        Err(OauthError::InvalidRequest)
    }
}

/// The client, if it shows that it is itself in the way that it is registered for: a public one by its id alone, so that
/// a public client with a secret is none of ours.
pub(super) fn authenticate<'a>(
    portal: &'a Portal,
    headers: &HeaderMap,
    params: &Params,
) -> Result<&'a Client, OauthError> {
    let shown = Shown::read(headers, params)?;
    portal
        .clients
        .find(&shown.id)
        .filter(|client| shown.satisfies(client.authentication))
        .ok_or(OauthError::InvalidClient)
}

/// The same, of a client that has a secret.
pub(super) fn authenticate_confidential<'a>(
    portal: &'a Portal,
    headers: &HeaderMap,
    params: &Params,
) -> Result<&'a Client, OauthError> {
    let client = authenticate(portal, headers, params)?;
    if client.is_public() {
        Err(OauthError::InvalidClient)
    } else {
        Ok(client)
    }
}

/// What a client shows of itself.
struct Shown {
    id: String,
    secret: Option<(SecretWay, SecretString)>,
}

impl Shown {
    /// More than one way at once is none (RFC 6749 §2.3).
    fn read(headers: &HeaderMap, params: &Params) -> Result<Self, OauthError> {
        let secret = params.owned("client_secret");
        match (headers.get(header::AUTHORIZATION), secret) {
            (Some(_), Some(_)) => Err(OauthError::InvalidRequest),
            (Some(value), None) => basic(value)
                .filter(|shown| params.find("client_id").is_none_or(|id| id == shown.id))
                .ok_or(OauthError::InvalidClient),
            (None, secret) => Ok(Self {
                id: params.owned("client_id").ok_or(OauthError::InvalidClient)?,
                secret: secret.map(|secret| (SecretWay::Form, secret.into())),
            }),
        }
    }

    fn satisfies(&self, authentication: Authentication) -> bool {
        match (authentication, &self.secret) {
            (Authentication::None, None) => true,
            (Authentication::Secret { way, hash }, Some((shown_way, secret))) => {
                let right = TokenHash::of(secret.expose()).0.ct_eq(&hash.0);
                way == *shown_way && right.into()
            }
            (Authentication::None, Some(_)) | (Authentication::Secret { .. }, None) => false,
        }
    }
}

/// Id and secret of the header, each in the form encoding (RFC 6749 §2.3.1).
fn basic(value: &HeaderValue) -> Option<Shown> {
    let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some(Shown {
        id: form_decoded(id)?,
        secret: Some((SecretWay::Header, form_decoded(secret)?.into())),
    })
}

fn form_decoded(text: &str) -> Option<String> {
    let pair = format!("v={text}");
    let mut values = form_urlencoded::parse(pair.as_bytes());
    let (_, value) = values.next()?;
    values.next().is_none().then(|| value.into_owned())
}
