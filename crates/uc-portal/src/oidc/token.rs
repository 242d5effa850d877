//! `POST /oauth2/token` (RFC 6749 §4.1.3, §6; RFC 7636 §4.6).

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{Timestamp, ToSpan};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uc_model::SecretString;

use super::{
    Client, DpopError, Policy, ProofError, TOKEN, Thumbprint,
    client_auth::{authenticate, form},
    dpop::Shown,
    error::OauthError,
    id_token, pairing,
    params::Params,
    refresh_token::Chance,
};
use crate::{
    entropy::TokenHash,
    portal::{AppState, Portal},
    store::{
        ClientGrant, CodeRedemption, IssuedTokens, NewTokens, PairingAnswer, Question,
        RedeemedCode, Refresh, Rotation,
    },
};

const ACCESS_SECONDS: i64 = 300;
/// A refresh token ends after that long without use; the grant bounds its use.
const REFRESH_IDLE_DAYS: i64 = 30;

#[derive(Serialize)]
struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// How long the session lasts without use, or in all, in seconds: a client can warn in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_expires_in: Option<i64>,
    id_token: String,
    scope: String,
}

pub(super) async fn token(
    State(portal): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OauthError> {
    let params = form(&headers, &body)?;
    let client = authenticate(&portal, &headers, &params).await?;
    let key = proven_key(&portal, &headers, client).await?;
    portal.keys.tend(&*portal.store, portal.clock.now()).await?;
    let response = match params.find("grant_type") {
        Some("authorization_code") => redeem_code(&portal, client, key, &params).await?,
        Some("refresh_token") => refresh(&portal, client, key, &params).await?,
        Some(pairing::GRANT_TYPE) => ask_pairing(&portal, client, key, &params).await?,
        Some(_) => return Err(OauthError::UnsupportedGrantType),
        None => return Err(OauthError::InvalidRequest),
    };
    Ok(([(header::PRAGMA, "no-cache")], Json(response)).into_response())
}

/// The key that the tokens are to be bound to; without one, who holds them may use them.
async fn proven_key(
    portal: &Portal,
    headers: &HeaderMap,
    client: &Client,
) -> Result<Option<Thumbprint>, DpopError> {
    let shown = Shown {
        method: &Method::POST,
        path: TOKEN,
        headers,
        access_token: None,
    };
    match (shown.proven_key(portal).await?, client.proofs) {
        (None, Policy::Required) => Err(ProofError::Missing.into()),
        (key, Policy::Required | Policy::Optional) => Ok(key),
    }
}

/// Tokens made but not yet issued.
struct Minted {
    key: Option<Thumbprint>,
    /// A client with a secret may change its key: the secret guards its refresh tokens (RFC 9449 §5).
    refresh_key: Option<Thumbprint>,
    access: SecretString,
    refresh: Chance,
    now: Timestamp,
}

impl Minted {
    fn new(portal: &Portal, client: &Client, key: Option<Thumbprint>) -> Self {
        let now = portal.clock.now();
        Self {
            key,
            refresh_key: key.filter(|_| client.is_public()),
            access: portal.entropy.dated_token(now),
            refresh: Chance::new(portal.entropy.bytes()),
            now,
        }
    }

    fn to_store(&self) -> NewTokens {
        NewTokens {
            issued_at: self.now,
            access: TokenHash::dated(self.access.expose()),
            access_expires_at: self.now + ACCESS_SECONDS.seconds(),
            refresh: TokenHash::of_bytes(self.refresh.expose()),
            refresh_expires_at: self.now + (REFRESH_IDLE_DAYS * 24).hours(),
            access_key: self.key,
            refresh_key: self.refresh_key,
        }
    }

    /// What the store makes of [`Minted::to_store`], which a grant bounds.
    fn refresh_seconds(&self, grant: &ClientGrant) -> i64 {
        let end = self.to_store().refresh_expires_at.min(grant.expires_at);
        end.duration_since(self.now).as_secs()
    }

    fn respond(
        self,
        portal: &Portal,
        grant: &ClientGrant,
        nonce: Option<&str>,
        issued: IssuedTokens,
    ) -> Result<TokenResponse, OauthError> {
        let id_token = id_token::issue(portal, grant, nonce, &self.access, self.now)?;
        let refreshable = issued == IssuedTokens::AccessAndRefresh;
        let refresh_token = || {
            let token = portal.refresh_tokens.write(grant.id, &self.refresh);
            token.expose().clone()
        };
        Ok(TokenResponse {
            access_token: self.access.expose().clone(),
            token_type: match self.key {
                Some(_) => "DPoP",
                None => "Bearer",
            },
            expires_in: ACCESS_SECONDS,
            refresh_token: refreshable.then(refresh_token),
            refresh_token_expires_in: refreshable.then(|| self.refresh_seconds(grant)),
            id_token,
            scope: grant.scope.to_string(),
        })
    }
}

async fn redeem_code(
    portal: &Portal,
    client: &Client,
    key: Option<Thumbprint>,
    params: &Params,
) -> Result<TokenResponse, OauthError> {
    let required = |name| params.find(name).ok_or(OauthError::InvalidRequest);
    let minted = Minted::new(portal, client, key);
    let redemption = CodeRedemption {
        code: TokenHash::of(required("code")?),
        client: client.id.clone(),
        redirect_uri: required("redirect_uri")?.to_owned(),
        challenge: challenge(required("code_verifier")?)?,
        tokens: minted.to_store(),
    };
    match portal.store.redeem_code(redemption, minted.now).await? {
        RedeemedCode::Issued {
            grant,
            nonce,
            tokens,
        } => minted.respond(portal, &grant, nonce.as_deref(), tokens),
        RedeemedCode::Refused => Err(OauthError::InvalidGrant),
        RedeemedCode::Replayed => {
            tracing::warn!("a code was presented again: its grant is revoked");
            Err(OauthError::InvalidGrant)
        }
    }
}

/// The S256 challenge of a well-formed verifier (RFC 7636 §4.1, §4.2).
fn challenge(verifier: &str) -> Result<String, OauthError> {
    let well_formed = (43..=128).contains(&verifier.len())
        && verifier
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    if well_formed {
        Ok(URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())))
    } else {
        Err(OauthError::InvalidGrant)
    }
}

/// A narrower scope is not given: the answer says which scope holds.
async fn refresh(
    portal: &Portal,
    client: &Client,
    key: Option<Thumbprint>,
    params: &Params,
) -> Result<TokenResponse, OauthError> {
    let token = params
        .find("refresh_token")
        .ok_or(OauthError::InvalidRequest)?;
    let Some(presented) = portal.refresh_tokens.read(token) else {
        return Err(OauthError::InvalidGrant);
    };
    let minted = Minted::new(portal, client, key);
    let refresh = Refresh {
        presented,
        client: client.id.clone(),
        tokens: minted.to_store(),
    };
    match portal
        .store
        .rotate_refresh_token(refresh, minted.now)
        .await?
    {
        Rotation::Rotated(grant) => {
            minted.respond(portal, &grant, None, IssuedTokens::AccessAndRefresh)
        }
        Rotation::Refused => Err(OauthError::InvalidGrant),
        Rotation::Reused => {
            tracing::warn!("a retired refresh token was presented: its family is revoked");
            Err(OauthError::InvalidGrant)
        }
    }
}

/// A device asks whether the person allowed it (RFC 8628 §3.4, §3.5).
async fn ask_pairing(
    portal: &Portal,
    client: &Client,
    key: Option<Thumbprint>,
    params: &Params,
) -> Result<TokenResponse, OauthError> {
    let code = params
        .find("device_code")
        .ok_or(OauthError::InvalidRequest)?;
    let minted = Minted::new(portal, client, key);
    let question = Question {
        code: TokenHash::of(code),
        client: client.id.clone(),
        tokens: minted.to_store(),
        longer_by: pairing::PAUSE_SECONDS,
    };
    match portal.store.ask_pairing(question, minted.now).await? {
        PairingAnswer::Allowed { grant, tokens } => minted.respond(portal, &grant, None, tokens),
        PairingAnswer::Waiting => Err(OauthError::Device("authorization_pending")),
        PairingAnswer::TooSoon => Err(OauthError::Device("slow_down")),
        PairingAnswer::Refused => Err(OauthError::Device("access_denied")),
        PairingAnswer::Expired => Err(OauthError::Device("expired_token")),
        PairingAnswer::Unknown => Err(OauthError::InvalidGrant),
    }
}
