//! Which client asks, at the endpoints that clients call themselves (RFC 6749 §2.3).

use axum::http::{HeaderMap, header};

use super::{Client, error::OauthError, params::Params};
use crate::portal::Portal;

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

/// The client by its id alone: all are public, so that one with a secret is none of ours.
pub(super) fn authenticate<'a>(
    portal: &'a Portal,
    headers: &HeaderMap,
    params: &Params,
) -> Result<&'a Client, OauthError> {
    let authenticates =
        headers.contains_key(header::AUTHORIZATION) || params.find("client_secret").is_some();
    params
        .find("client_id")
        .and_then(|id| portal.clients.find(id))
        .filter(|_| !authenticates)
        .ok_or(OauthError::InvalidClient)
}
