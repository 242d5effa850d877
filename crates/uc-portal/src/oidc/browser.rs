//! What a browser is known by: its cookies, and the CSRF tokens derived from them.

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::CookieJar;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uc_model::SecretString;

use crate::{
    entropy::{Entropy, TokenHash},
    portal::Portal,
    store::{BrowserSession, StoreError},
};

/// The browser itself: flows and forms are bound to it.
const BROWSER_COOKIE: &str = "__Host-browser";
/// What persons who signed in in it are known by, long after.
const DEVICE_COOKIE: &str = "__Host-device";
/// Browsers keep no cookie longer than 400 days.
const DEVICE_ATTRIBUTES: &str = "; Max-Age=34560000";
/// The person signed in in it.
const SESSION_COOKIE: &str = "__Host-session";

/// A browser by the secret that it holds.
#[derive(Clone)]
pub(super) struct Browser(SecretString);

impl Browser {
    /// The browser that sent these headers, if it has been here.
    pub(super) fn known(headers: &HeaderMap) -> Option<Self> {
        cookie(headers, BROWSER_COOKIE).map(Self)
    }

    /// A browser that has not been here.
    pub(super) fn new(entropy: &Entropy) -> Self {
        Self(entropy.token())
    }

    /// What the store knows it by.
    pub(super) fn hash(&self) -> TokenHash {
        TokenHash::of(self.0.expose())
    }

    /// The cookie that makes it known.
    pub(super) fn cookie(&self) -> Option<HeaderValue> {
        set_cookie(BROWSER_COOKIE, self.0.expose(), "")
    }

    /// The CSRF token of a form of this browser, for one subject: a flow's id, or a fixed word.
    pub(super) fn csrf(&self, subject: &str) -> String {
        let digest = Sha256::new()
            .chain_update(b"csrf/v1\0")
            .chain_update(TokenHash::of(self.0.expose()).0)
            .chain_update(self.0.expose().as_bytes())
            .chain_update(subject.as_bytes())
            .finalize();
        URL_SAFE_NO_PAD.encode(digest)
    }

    /// Whether a form of this browser sent it.
    pub(super) fn sent(&self, csrf: &str, subject: &str) -> bool {
        self.csrf(subject).as_bytes().ct_eq(csrf.as_bytes()).into()
    }
}

/// The id of the session that these headers name.
pub(super) fn session_id(headers: &HeaderMap) -> Option<TokenHash> {
    cookie(headers, SESSION_COOKIE).map(|id| TokenHash::of(id.expose()))
}

/// The session that these headers name, if it has not ended.
pub(super) async fn session(
    portal: &Portal,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Option<BrowserSession>, StoreError> {
    match session_id(headers) {
        Some(id) => portal.store.find_session(id, now).await,
        None => Ok(None),
    }
}

/// The cookie of a new session. It ends with the browser, or with the session's row.
pub(super) fn session_cookie(id: &SecretString) -> Option<HeaderValue> {
    set_cookie(SESSION_COOKIE, id.expose(), "")
}

/// The cookie that removes the session's.
pub(super) fn no_session_cookie() -> Option<HeaderValue> {
    set_cookie(SESSION_COOKIE, "", "; Max-Age=0")
}

/// The secret that the browser is known by as a person's device.
pub(super) fn device_secret(headers: &HeaderMap) -> Option<SecretString> {
    cookie(headers, DEVICE_COOKIE)
}

/// The cookie that makes the browser known.
pub(super) fn device_cookie(secret: &SecretString) -> Option<HeaderValue> {
    set_cookie(DEVICE_COOKIE, secret.expose(), DEVICE_ATTRIBUTES)
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<SecretString> {
    let jar = CookieJar::from_headers(headers);
    let value = jar.get(name)?.value();
    (!value.is_empty()).then(|| value.to_owned().into())
}

fn set_cookie(name: &str, value: &str, more: &str) -> Option<HeaderValue> {
    let text = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{more}");
    HeaderValue::try_from(text).ok()
}

/// Adds a cookie to an answer.
pub(super) fn add_cookie(headers: &mut HeaderMap, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        headers.append(header::SET_COOKIE, cookie);
    }
}
