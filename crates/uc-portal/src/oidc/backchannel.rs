//! Telling clients that a session with them has ended (OpenID Connect Back-Channel Logout 1.0).
//!
//! A session at a client is what the person allowed it: `sid` is the grant's id. It ends with the grant, and when the
//! browser in which it was allowed is signed out.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use reqwest::{Client as Http, redirect::Policy};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{KeyError, error::OauthError};
use crate::{
    portal::{AppState, Portal},
    store::{LogoutNotice, StoreError},
};

/// How often it is looked for sessions that ended.
const ROUND: Duration = Duration::from_secs(1);
/// Clients told at once.
const AT_ONCE: usize = 8;
/// A client answers within that time.
const PATIENCE: Duration = Duration::from_secs(10);
/// Seconds that a logout token holds (§2.4 recommends at most two minutes).
const TOKEN_SECONDS: i64 = 120;
/// The pauses after each failed try; there is no other try after the last.
const PAUSES: [SignedDuration; 4] = [
    SignedDuration::from_secs(10),
    SignedDuration::from_mins(2),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(6),
];

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: Uuid,
    sid: Uuid,
    events: Value,
}

/// Tells clients until the portal drains.
pub(crate) async fn run(portal: AppState) {
    let Ok(http) = http() else {
        tracing::error!("clients are not told of ended sessions: no HTTP client");
        return;
    };
    let draining = portal.draining.clone();
    let work = async {
        let mut rounds = tokio::time::interval(ROUND);
        rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            rounds.tick().await;
            if let Err(error) = tell_due(&portal, &http).await {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "clients are not told of ended sessions");
            }
        }
    };
    tokio::select! {
        () = draining.cancelled() => {}
        () = work => {}
    }
}

fn http() -> reqwest::Result<Http> {
    // Another part of the program may have chosen it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Http::builder()
        .tls_version_min(reqwest::tls::Version::TLS_1_3)
        .redirect(Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .build()
}

async fn tell_due(portal: &Portal, http: &Http) -> Result<(), OauthError> {
    let due = portal.store.list_due_logouts(portal.clock.now(), AT_ONCE);
    let due = due.await?;
    let told: Vec<Result<(), OauthError>> = stream::iter(due)
        .map(|notice| tell(portal, http, notice))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    told.into_iter().collect()
}

async fn tell(portal: &Portal, http: &Http, notice: LogoutNotice) -> Result<(), OauthError> {
    let client = portal.clients.find(&notice.client);
    let Some(uri) = client.and_then(|client| client.backchannel_logout_uri.as_deref()) else {
        return Ok(portal.store.delete_logout(notice.id).await?);
    };
    let token = logout_token(portal, &notice)?;
    let asked = http.post(uri).form(&[("logout_token", token)]).send().await;
    if asked.is_ok_and(|answer| answer.status().is_success()) {
        return Ok(portal.store.delete_logout(notice.id).await?);
    }
    tracing::warn!(
        client = notice.client,
        tries = notice.tries,
        "a client did not hear of an ended session"
    );
    Ok(put_off(portal, &notice, portal.clock.now()).await?)
}

async fn put_off(portal: &Portal, notice: &LogoutNotice, now: Timestamp) -> Result<(), StoreError> {
    let pause = usize::try_from(notice.tries)
        .ok()
        .and_then(|tries| PAUSES.get(tries));
    match pause.and_then(|pause| now.checked_add(*pause).ok()) {
        Some(until) => portal.store.put_logout_off(notice.id, until).await,
        None => portal.store.delete_logout(notice.id).await,
    }
}

/// §2.4. It holds no nonce, so that it is no ID token.
fn logout_token(portal: &Portal, notice: &LogoutNotice) -> Result<String, KeyError> {
    let now = portal.clock.now();
    let claims = Claims {
        iss: portal.issuer.as_str(),
        sub: notice.person.as_str(),
        aud: &notice.client,
        iat: now.as_second(),
        exp: now.as_second() + TOKEN_SECONDS,
        jti: notice.id,
        sid: notice.grant,
        events: json!({"http://schemas.openid.net/event/backchannel-logout": {}}),
    };
    portal.keys.sign_as("logout+jwt", &claims, now)
}
