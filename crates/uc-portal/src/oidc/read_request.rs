//! Reads the parameters of an authorization request, whichever way they came.

use uc_model::PersonId;

use super::{
    Answer, AuthorizationRequest, Client, CodeAnswer, Issuer, Prompt, Scope, ScopeToken,
    SigningKeys, Thumbprint, id_token::HintClaims, params::Params,
};
use crate::{pages::Language, portal::Portal};

/// Longest `state`, `nonce` or other text of the client's.
const MAX_PARAM_BYTES: usize = 2048;

/// What a request is checked against.
#[derive(Clone, Copy)]
pub(super) struct Checks<'a> {
    pub(super) issuer: &'a Issuer,
    pub(super) keys: &'a SigningKeys,
}

impl<'a> Checks<'a> {
    pub(super) fn of(portal: &'a Portal) -> Self {
        Self {
            issuer: &portal.issuer,
            keys: &portal.keys,
        }
    }
}

/// The request, or the error code that its client is told (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6). The
/// redirect URI is one of the client's, and the code is to be bound to the key.
pub(super) fn read(
    checks: Checks<'_>,
    client: &Client,
    redirect_uri: &str,
    key: Option<Thumbprint>,
    params: &Params,
) -> Result<AuthorizationRequest, &'static str> {
    refuse_unsupported(params)?;
    let scope = Scope::parse(params.find("scope").unwrap_or_default());
    if !scope.contains(ScopeToken::Openid) {
        return Err("invalid_scope");
    }
    Ok(AuthorizationRequest {
        client: client.id.clone(),
        answer: Answer::Code(CodeAnswer {
            redirect_uri: redirect_uri.to_owned(),
            state: short(params, "state")?,
            nonce: short(params, "nonce")?,
            challenge: challenge(params)?,
            key,
        }),
        scope,
        login_hint: short(params, "login_hint")?,
        language: params
            .find("ui_locales")
            .and_then(|tags| Language::first_of(tags.split(' '))),
        prompt: Prompt::parse(params.find("prompt").unwrap_or_default())
            .map_err(|_| "invalid_request")?,
        max_age: max_age(params)?,
        person: hinted_person(checks, client, params)?,
        pushed: None,
    })
}

/// The key that the code is to be bound to, as the request names it (RFC 9449 §10).
pub(super) fn named_key(params: &Params) -> Result<Option<Thumbprint>, &'static str> {
    let named = params.find("dpop_jkt").map(Thumbprint::parse).transpose();
    named.map_err(|_| "invalid_request")
}

fn refuse_unsupported(params: &Params) -> Result<(), &'static str> {
    for (name, error) in [
        ("request", "request_not_supported"),
        ("request_uri", "request_uri_not_supported"),
        ("registration", "registration_not_supported"),
    ] {
        if params.find(name).is_some() {
            return Err(error);
        }
    }
    match params.find("response_type") {
        Some("code") => {}
        Some(_) => return Err("unsupported_response_type"),
        None => return Err("invalid_request"),
    }
    match params.find("response_mode") {
        None | Some("query") => Ok(()),
        Some(_) => Err("invalid_request"),
    }
}

/// PKCE is required, and S256 alone is taken.
fn challenge(params: &Params) -> Result<String, &'static str> {
    let challenge = params.find("code_challenge").ok_or("invalid_request")?;
    let well_formed = challenge.len() == 43
        && challenge
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    match params.find("code_challenge_method") {
        Some("S256") if well_formed => Ok(challenge.to_owned()),
        Some(_) | None => Err("invalid_request"),
    }
}

fn short(params: &Params, name: &str) -> Result<Option<String>, &'static str> {
    match params.owned(name) {
        Some(text) if text.len() > MAX_PARAM_BYTES => Err("invalid_request"),
        other => Ok(other),
    }
}

fn max_age(params: &Params) -> Result<Option<u32>, &'static str> {
    let seconds = params.find("max_age").map(str::parse).transpose();
    seconds.map_err(|_| "invalid_request")
}

/// The person of an ID token that we issued to this client; an expired one is as good a hint.
fn hinted_person(
    checks: Checks<'_>,
    client: &Client,
    params: &Params,
) -> Result<Option<PersonId>, &'static str> {
    let Some(hint) = params.find("id_token_hint") else {
        return Ok(None);
    };
    checks
        .keys
        .read(hint)
        .filter(|claims: &HintClaims| {
            claims.iss == checks.issuer.as_str() && claims.aud == client.id
        })
        .and_then(|claims| PersonId::try_from(claims.sub).ok())
        .map(Some)
        .ok_or("invalid_request")
}
