//! An OpenID provider that does as it is told: one [`Script`] for each defect.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::State,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::{FutureExt as _, future::BoxFuture};
use http::StatusCode;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey};
use rcgen::{KeyPair, PublicKeyData as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;
use uc_auth::{Transport, TransportError};
use url::{Url, form_urlencoded};

/// The issuer.
pub const ISSUER: &str = "https://op.test";
/// The client that it knows.
pub const CLIENT_ID: &str = "client";
/// The person who signs in.
pub const SUBJECT: &str = "person-1";
/// The code of every sign-in.
pub const CODE: &str = "code-1";
/// Answers above this size are cut off, as the real transport does.
const MAX_BODY_BYTES: usize = 1 << 20;

/// What the provider does. Patches are merged (RFC 7396): `null` takes a member out.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// Merged into its description.
    pub metadata: Value,
    /// Its key set instead of the true one.
    pub jwks: Option<Value>,
    /// Its key set from the second time on.
    pub jwks_later: Option<Value>,
    /// Merged into the ID token's header.
    pub header: Value,
    /// Merged into the ID token's claims.
    pub claims: Value,
    /// The claims as text, instead of what was merged.
    pub raw_claims: Option<String>,
    /// How the ID token is signed.
    pub signing: Signing,
    /// Merged into the token response.
    pub token: Value,
    /// The token endpoint's answer instead of a token response.
    pub reply: Option<Reply>,
    /// The transport fails at the token endpoint.
    pub broken: Option<TransportError>,
    /// The token endpoint asks for the challenge's verifier of another flow.
    pub foreign_code: bool,
}

/// How an ID token is signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Signing {
    /// By its key, ES256.
    #[default]
    True,
    /// Not at all.
    None,
    /// With HS256 keyed by the client's id.
    HmacByClientId,
    /// With HS256 keyed by the public key.
    HmacByPublicKey,
    /// By a key that nobody published.
    StrangerKey,
    /// By its key, and cut short.
    Truncated,
    /// By its key, with this bit flipped.
    Flipped(usize),
}

/// An answer as it is.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(&'static str, &'static str)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// An answer of JSON.
    #[must_use]
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/json")],
            body: body.into(),
        }
    }
}

/// What came with the authorization request.
#[derive(Debug, Clone, Default)]
struct Asked {
    nonce: String,
    challenge: String,
}

#[derive(Debug, Default)]
struct Counters {
    metadata: AtomicUsize,
    jwks: AtomicUsize,
    token: AtomicUsize,
    elsewhere: AtomicUsize,
}

struct Inner {
    key: KeyPair,
    stranger: KeyPair,
    now: Timestamp,
    script: Mutex<Script>,
    asked: Mutex<Asked>,
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
            key: KeyPair::generate().expect("a key"),
            stranger: KeyPair::generate().expect("a key"),
            now,
            script: Mutex::default(),
            asked: Mutex::default(),
            counters: Counters::default(),
        }))
    }

    /// Replaces what it does.
    pub fn set_script(&self, script: Script) {
        *lock(&self.0.script) = script;
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

    /// Its public key with this id.
    #[must_use]
    pub fn jwk(&self, kid: Option<&str>) -> Value {
        jwk(&self.0.key, kid)
    }

    /// A key of somebody else.
    #[must_use]
    pub fn stranger_jwk(&self, kid: Option<&str>) -> Value {
        jwk(&self.0.stranger, kid)
    }

    /// The person agrees on the page at `address`: what the browser brings back.
    #[must_use]
    pub fn agree(&self, address: &Url) -> String {
        let member = |name: &str| {
            let mut pairs = address.query_pairs();
            pairs
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        *lock(&self.0.asked) = Asked {
            nonce: member("nonce"),
            challenge: member("code_challenge"),
        };
        form_urlencoded::Serializer::new(String::new())
            .append_pair("code", CODE)
            .append_pair("state", &member("state"))
            .append_pair("iss", ISSUER)
            .finish()
    }

    fn router(&self) -> Router {
        Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/jwks", get(jwks))
            .route("/token", post(token))
            .route("/revoke", post(async || StatusCode::OK))
            .fallback(elsewhere)
            .with_state(self.clone())
    }
}

impl Transport for HostileOp {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, TransportError>> {
        async move {
            let path = request.uri().path().to_owned();
            let broken = lock(&self.0.script).broken;
            if let (Some(error), "/token") = (broken, path.as_str()) {
                return Err(error);
            }
            let response = self
                .router()
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

async fn metadata(State(op): State<HostileOp>) -> Response {
    op.0.counters.metadata.fetch_add(1, Ordering::Relaxed);
    let mut metadata = json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{ISSUER}/authorize"),
        "token_endpoint": format!("{ISSUER}/token"),
        "jwks_uri": format!("{ISSUER}/jwks"),
        "revocation_endpoint": format!("{ISSUER}/revoke"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "authorization_response_iss_parameter_supported": true
    });
    merge(&mut metadata, &lock(&op.0.script).metadata);
    axum::Json(metadata).into_response()
}

async fn jwks(State(op): State<HostileOp>) -> Response {
    let earlier = op.0.counters.jwks.fetch_add(1, Ordering::Relaxed);
    let script = lock(&op.0.script).clone();
    let later = script.jwks_later.filter(|_| earlier > 0);
    let keys = later.or(script.jwks);
    axum::Json(keys.unwrap_or_else(|| json!({ "keys": [op.jwk(Some("key-1"))] }))).into_response()
}

async fn elsewhere(State(op): State<HostileOp>) -> StatusCode {
    op.0.counters.elsewhere.fetch_add(1, Ordering::Relaxed);
    StatusCode::NOT_FOUND
}

async fn token(State(op): State<HostileOp>, body: Bytes) -> Response {
    op.0.counters.token.fetch_add(1, Ordering::Relaxed);
    let script = lock(&op.0.script).clone();
    if let Some(reply) = script.reply {
        return raw(reply);
    }
    let member = |name: &str| {
        form_urlencoded::parse(&body)
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let is_refresh = member("grant_type").as_deref() == Some("refresh_token");
    if !is_refresh && !op.knows_verifier(&member("code_verifier").unwrap_or_default()) {
        return raw(Reply::json(400, r#"{"error":"invalid_grant"}"#));
    }
    let mut response = json!({
        "access_token": "access-1",
        "token_type": "Bearer",
        "expires_in": 300,
        "refresh_token": "refresh-1",
        "id_token": op.id_token()
    });
    merge(&mut response, &script.token);
    axum::Json(response).into_response()
}

impl HostileOp {
    fn knows_verifier(&self, verifier: &str) -> bool {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        !lock(&self.0.script).foreign_code && challenge == lock(&self.0.asked).challenge
    }

    fn id_token(&self) -> String {
        let script = lock(&self.0.script).clone();
        let mut header = json!({ "alg": "ES256", "kid": "key-1", "typ": "JWT" });
        if script.signing == Signing::None {
            merge(&mut header, &json!({ "alg": "none" }));
        }
        if matches!(
            script.signing,
            Signing::HmacByClientId | Signing::HmacByPublicKey
        ) {
            merge(&mut header, &json!({ "alg": "HS256" }));
        }
        merge(&mut header, &script.header);
        let mut claims = json!({
            "iss": ISSUER,
            "sub": SUBJECT,
            "aud": CLIENT_ID,
            "iat": self.0.now.as_second(),
            "exp": self.0.now.as_second() + 300,
            "nonce": lock(&self.0.asked).nonce,
            "given_name": "Анна"
        });
        merge(&mut claims, &script.claims);
        let claims = script.raw_claims.unwrap_or_else(|| claims.to_string());
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let message = format!("{}.{}", encode(&header.to_string()), encode(&claims));
        let signature = self.sign(message.as_bytes(), script.signing);
        format!("{message}.{signature}")
    }

    fn sign(&self, message: &[u8], signing: Signing) -> String {
        let ec = |key: &KeyPair| {
            let key = EncodingKey::from_ec_der(&key.serialize_der());
            jsonwebtoken::crypto::sign(message, &key, Algorithm::ES256).expect("a signature")
        };
        let hmac = |secret: &[u8]| {
            let key = EncodingKey::from_secret(secret);
            jsonwebtoken::crypto::sign(message, &key, Algorithm::HS256).expect("a signature")
        };
        match signing {
            Signing::True => ec(&self.0.key),
            Signing::None => String::new(),
            Signing::HmacByClientId => hmac(CLIENT_ID.as_bytes()),
            Signing::HmacByPublicKey => hmac(self.0.key.der_bytes()),
            Signing::StrangerKey => ec(&self.0.stranger),
            Signing::Truncated => ec(&self.0.key)[..40].to_owned(),
            Signing::Flipped(bit) => {
                let mut bytes = URL_SAFE_NO_PAD.decode(ec(&self.0.key)).expect("base64");
                bytes[bit / 8] ^= 1 << (bit % 8);
                URL_SAFE_NO_PAD.encode(bytes)
            }
        }
    }
}

fn raw(reply: Reply) -> Response {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).expect("a response")
}

/// The uncompressed point of a P-256 key is 4, x, y.
fn jwk(key: &KeyPair, kid: Option<&str>) -> Value {
    let point = key.der_bytes();
    let mut jwk = json!({
        "kty": "EC", "crv": "P-256", "use": "sig",
        "x": URL_SAFE_NO_PAD.encode(&point[1..33]),
        "y": URL_SAFE_NO_PAD.encode(&point[33..65])
    });
    merge(&mut jwk, &json!({ "kid": kid }));
    jwk
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
