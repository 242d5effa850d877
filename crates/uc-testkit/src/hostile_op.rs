//! An OpenID provider that does as it is told: one [`Script`] for each defect.

mod endpoints;
mod keys;
mod proofs;
mod script;

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use axum::body::{Body, to_bytes};
use futures_util::{FutureExt as _, future::BoxFuture};
use jiff::Timestamp;
use serde_json::Value;
use tower::ServiceExt as _;
use uc_auth::{Transport, TransportError};
use url::{Url, form_urlencoded};

use keys::Keys;
use proofs::Remembered;
pub use script::{Proofs, Pushed, Reply, Script, Signing};

/// The issuer.
pub const ISSUER: &str = "https://op.test";
/// The client that it knows.
pub const CLIENT_ID: &str = "client";
/// The person who signs in.
pub const SUBJECT: &str = "person-1";
/// The code of every sign-in.
pub const CODE: &str = "code-1";
/// The access token of every sign-in.
const ACCESS: &str = "access-1";
/// Answers above this size are cut off, as the real transport does.
const MAX_BODY_BYTES: usize = 1 << 20;

/// What came with the authorization request.
#[derive(Debug, Clone, Default)]
struct Asked {
    nonce: String,
    challenge: String,
    state: String,
    /// The state of the request before.
    older: String,
}

#[derive(Debug, Default)]
struct Counters {
    jwks: AtomicUsize,
    token: AtomicUsize,
    portal: AtomicUsize,
    stream: AtomicUsize,
    proofs: AtomicUsize,
    elsewhere: AtomicUsize,
}

struct Inner {
    keys: Keys,
    now: Mutex<Timestamp>,
    script: Mutex<Script>,
    asked: Mutex<Asked>,
    remembered: Mutex<Remembered>,
    counters: Counters,
}

/// The provider. Clones are the same one.
#[derive(Clone)]
pub struct HostileOp(Arc<Inner>);

impl HostileOp {
    /// A provider whose clock shows `now`.
    ///
    /// # Panics
    ///
    /// Without a source of chance.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self(Arc::new(Inner {
            keys: Keys::generate(),
            now: Mutex::new(now),
            script: Mutex::default(),
            asked: Mutex::default(),
            remembered: Mutex::default(),
            counters: Counters::default(),
        }))
    }

    /// Replaces what it does.
    pub fn set_script(&self, script: Script) {
        *lock(&self.0.script) = script;
    }

    /// Sets its clock.
    pub fn set_now(&self, now: Timestamp) {
        *lock(&self.0.now) = now;
    }

    fn now(&self) -> Timestamp {
        *lock(&self.0.now)
    }

    /// How often the portal was called with a token that is good.
    #[must_use]
    pub fn portal_calls(&self) -> usize {
        self.0.counters.portal.load(Ordering::Relaxed)
    }

    /// How often the stream of hints was asked for with a token that is good.
    #[must_use]
    pub fn stream_calls(&self) -> usize {
        self.0.counters.stream.load(Ordering::Relaxed)
    }

    /// How often the key set was fetched.
    #[must_use]
    pub fn jwks_calls(&self) -> usize {
        self.0.counters.jwks.load(Ordering::Relaxed)
    }

    /// How often the token endpoint was called.
    #[must_use]
    pub fn token_calls(&self) -> usize {
        self.0.counters.token.load(Ordering::Relaxed)
    }

    /// How often something else was called.
    #[must_use]
    pub fn calls_elsewhere(&self) -> usize {
        self.0.counters.elsewhere.load(Ordering::Relaxed)
    }

    /// Its public EC key with this id.
    #[must_use]
    pub fn jwk(&self, kid: Option<&str>) -> Value {
        self.0.keys.jwk(kid)
    }

    /// A key of somebody else.
    #[must_use]
    pub fn stranger_jwk(&self, kid: Option<&str>) -> Value {
        self.0.keys.stranger_jwk(kid)
    }

    /// The person agrees on the page at `address`: what the browser brings back.
    #[must_use]
    pub fn agree(&self, address: &Url) -> String {
        if member(address, "request_uri").is_empty() {
            self.remember(&|name| member(address, name));
        }
        let asked = lock(&self.0.asked);
        form_urlencoded::Serializer::new(String::new())
            .append_pair("code", CODE)
            .append_pair("state", &asked.state)
            .append_pair("iss", ISSUER)
            .finish()
    }

    /// Takes the members of an authorization request over.
    fn remember(&self, member: &dyn Fn(&str) -> String) {
        let mut asked = lock(&self.0.asked);
        if asked.state != member("state") {
            asked.older = std::mem::replace(&mut asked.state, member("state"));
        }
        asked.nonce = member("nonce");
        asked.challenge = member("code_challenge");
        lock(&self.0.remembered).bound_to =
            Some(member("dpop_jkt")).filter(|thumbprint| !thumbprint.is_empty());
    }

    /// As `agree`, and then the browser brings back what the script says.
    #[must_use]
    pub fn returns(&self, address: &Url) -> Vec<String> {
        let true_answer = self.agree(address);
        let asked = lock(&self.0.asked).clone();
        let issuer: String = form_urlencoded::byte_serialize(ISSUER.as_bytes()).collect();
        let fill = |template: &String| {
            template
                .replace("{code}", CODE)
                .replace("{state}", &asked.state)
                .replace("{older}", &asked.older)
                .replace("{iss}", &issuer)
        };
        match &lock(&self.0.script).returns {
            Some(templates) => templates.iter().map(fill).collect(),
            None => vec![true_answer],
        }
    }
}

impl Transport for HostileOp {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, TransportError>> {
        async move {
            let broken = lock(&self.0.script).broken;
            if let (Some(error), "/token") = (broken, request.uri().path()) {
                return Err(error);
            }
            let response = endpoints::router(self)
                .oneshot(request.map(Body::from))
                .await
                .map_err(|never| match never {})?;
            let (head, body) = response.into_parts();
            let body = to_bytes(body, MAX_BODY_BYTES)
                .await
                .map_err(|_| TransportError::TooLarge)?;
            Ok(http::Response::from_parts(head, body.to_vec()))
        }
        .boxed()
    }
}

/// A member of an address's query, or nothing.
fn member(address: &Url, name: &str) -> String {
    let mut pairs = address.query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

fn merge(target: &mut Value, patch: &Value) {
    let (Value::Object(target), Value::Object(patch)) = (target, patch) else {
        return;
    };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            target.insert(name.clone(), value.clone());
        }
    }
}

/// One more; how many there were.
fn count(counter: &AtomicUsize) -> usize {
    counter.fetch_add(1, Ordering::Relaxed)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
