//! Which client asks, at the endpoints that clients call themselves (RFC 6749 §2.3).

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq;
use uc_model::SecretString;
use url::form_urlencoded;

use super::{
    Authentication, Client, SecretWay,
    client_assertion::{ASSERTION_TYPE, Assertion},
    error::OauthError,
    params::Params,
};
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
pub(super) async fn authenticate<'a>(
    portal: &'a Portal,
    headers: &HeaderMap,
    params: &Params,
) -> Result<&'a Client, OauthError> {
    let shown = Shown::read(headers, params)?;
    let client = portal.clients.find(&shown.id);
    let client = client.ok_or(OauthError::InvalidClient)?;
    if shown.satisfies(&client.authentication, portal).await? {
        Ok(client)
    } else {
        Err(OauthError::InvalidClient)
    }
}

/// The same, of a client that is not public.
pub(super) async fn authenticate_confidential<'a>(
    portal: &'a Portal,
    headers: &HeaderMap,
    params: &Params,
) -> Result<&'a Client, OauthError> {
    let client = authenticate(portal, headers, params).await?;
    if client.is_public() {
        Err(OauthError::InvalidClient)
    } else {
        Ok(client)
    }
}

/// What a client shows of itself.
struct Shown {
    id: String,
    credential: Option<Credential>,
}

enum Credential {
    Secret(SecretWay, SecretString),
    Assertion(Box<Assertion>),
}

impl Shown {
    /// More than one way at once is none (RFC 6749 §2.3).
    fn read(headers: &HeaderMap, params: &Params) -> Result<Self, OauthError> {
        let secret = params.owned("client_secret");
        let assertion = params.find("client_assertion");
        match (headers.get(header::AUTHORIZATION), secret, assertion) {
            (Some(value), None, None) => basic(value).ok_or(OauthError::InvalidClient),
            (None, None, Some(text)) => asserted(params, text).ok_or(OauthError::InvalidClient),
            (None, secret, None) => Ok(Self {
                id: params.owned("client_id").ok_or(OauthError::InvalidClient)?,
                credential: secret.map(|secret| Credential::Secret(SecretWay::Form, secret.into())),
            }),
            _ => Err(OauthError::InvalidRequest),
        }
        .and_then(|shown| shown.agrees(params))
    }

    /// What the form names besides is the same.
    fn agrees(self, params: &Params) -> Result<Self, OauthError> {
        let other = params.find("client_id").is_some_and(|id| id != self.id);
        if other {
            Err(OauthError::InvalidClient)
        } else {
            Ok(self)
        }
    }

    async fn satisfies(
        &self,
        authentication: &Authentication,
        portal: &Portal,
    ) -> Result<bool, OauthError> {
        match (authentication, &self.credential) {
            (Authentication::None, None) => Ok(true),
            (Authentication::Secret { way, hash }, Some(Credential::Secret(shown_way, secret))) => {
                let right = TokenHash::of(secret.expose()).0.ct_eq(&hash.0);
                Ok(way == shown_way && right.into())
            }
            (Authentication::Assertion(keys), Some(Credential::Assertion(assertion))) => {
                assertion.holds(keys, portal).await
            }
            (
                Authentication::None | Authentication::Secret { .. } | Authentication::Assertion(_),
                _,
            ) => Ok(false),
        }
    }
}

fn asserted(params: &Params, text: &str) -> Option<Shown> {
    let assertion = Assertion::read(text)?;
    (params.find("client_assertion_type") == Some(ASSERTION_TYPE)).then(|| Shown {
        id: assertion.client().to_owned(),
        credential: Some(Credential::Assertion(Box::new(assertion))),
    })
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
        credential: Some(Credential::Secret(
            SecretWay::Header,
            form_decoded(secret)?.into(),
        )),
    })
}

fn form_decoded(text: &str) -> Option<String> {
    let pair = format!("v={text}");
    let mut values = form_urlencoded::parse(pair.as_bytes());
    let (_, value) = values.next()?;
    values.next().is_none().then(|| value.into_owned())
}
