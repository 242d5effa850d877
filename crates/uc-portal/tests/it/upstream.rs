//! An identity provider on loopback that does as it is told.

use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
    serve::Listener,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey};
use rcgen::{
    BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData as _,
};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use uc_portal::{ManualClock, PortalClock};
use url::Url;

const CLIENT: &str = "city-portal";
const SECRET: &str = "a secret: of & the portal";
pub(crate) const SUBJECT: &str = "resident-7";

/// What it does beside the protocol. Patches are merged (RFC 7396).
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    pub(crate) metadata: Value,
    pub(crate) header: Value,
    pub(crate) claims: Value,
    /// The token endpoint's status instead of an answer.
    pub(crate) failure: Option<StatusCode>,
}

#[derive(Clone)]
struct Asked {
    redirect_uri: String,
    nonce: String,
    challenge: String,
}

struct Inner {
    issuer: String,
    clock: Arc<ManualClock>,
    keys: Mutex<Vec<KeyPair>>,
    script: Mutex<Script>,
    codes: Mutex<BTreeMap<String, Asked>>,
    made: AtomicUsize,
    key_calls: AtomicUsize,
    token_calls: AtomicUsize,
}

/// The provider. Its clock is the portal's, and it listens until the test ends.
#[derive(Clone)]
pub(crate) struct TestUpstream {
    inner: Arc<Inner>,
    authority: String,
}

impl TestUpstream {
    pub(crate) async fn start(clock: &Arc<ManualClock>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("https://{}", tcp.local_addr().unwrap());
        let (tls, authority) = certify();
        let inner = Arc::new(Inner {
            issuer,
            clock: Arc::clone(clock),
            keys: Mutex::new(vec![KeyPair::generate().unwrap()]),
            script: Mutex::default(),
            codes: Mutex::default(),
            made: AtomicUsize::default(),
            key_calls: AtomicUsize::default(),
            token_calls: AtomicUsize::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(Arc::clone(&inner));
        tokio::spawn(axum::serve(TlsListener { tcp, tls }, router).into_future());
        Self { inner, authority }
    }

    /// Its record in a file of identity providers; what that names beside it is written into `folder`.
    pub(crate) fn record(&self, folder: &std::path::Path, id: &str, trust: &str) -> String {
        std::fs::write(folder.join(format!("{id}.secret")), SECRET).unwrap();
        std::fs::write(folder.join(format!("{id}.pem")), &self.authority).unwrap();
        format!(
            r#"[[identity_provider]]
            id = "{id}"
            issuer = "{}"
            client_id = "{CLIENT}"
            authentication = "client_secret_basic"
            secret_file = "{id}.secret"
            scopes = ["profile"]
            name = {{ ru = "Кабинет {id}", en = "Account {id}" }}
            trust = "{trust}"
            authority = "{id}.pem"
            "#,
            self.issuer()
        )
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.inner.issuer
    }

    pub(crate) fn follow(&self, script: Script) {
        *self.inner.script.lock().unwrap() = script;
    }

    /// From now on it signs by another key and publishes that alone.
    pub(crate) fn change_key(&self) {
        *self.inner.keys.lock().unwrap() = vec![KeyPair::generate().unwrap()];
    }

    /// From now on it signs by a key that it does not publish, under the name of the one that it does.
    pub(crate) fn sign_as_stranger(&self) {
        let mut keys = self.inner.keys.lock().unwrap();
        keys.push(KeyPair::generate().unwrap());
    }

    pub(crate) fn key_calls(&self) -> usize {
        self.inner.key_calls.load(Ordering::Relaxed)
    }

    pub(crate) fn token_calls(&self) -> usize {
        self.inner.token_calls.load(Ordering::Relaxed)
    }

    /// The person says yes on the page at `address`: what the browser brings back, by name.
    pub(crate) fn agree(&self, address: &str) -> BTreeMap<String, String> {
        let address = Url::parse(address).unwrap();
        assert!(address.as_str().starts_with(self.issuer()), "{address}");
        let asked: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!(asked["scope"], "openid profile");
        assert_eq!(asked["code_challenge_method"], "S256");
        for chance in ["state", "nonce", "code_challenge"] {
            assert_eq!(asked[chance].len(), 43, "{chance}");
        }
        let code = format!("code-{}", self.inner.made.fetch_add(1, Ordering::Relaxed));
        let remembered = Asked {
            redirect_uri: asked["redirect_uri"].clone(),
            nonce: asked["nonce"].clone(),
            challenge: asked["code_challenge"].clone(),
        };
        self.inner
            .codes
            .lock()
            .unwrap()
            .insert(code.clone(), remembered);
        [
            ("code", code),
            ("state", asked["state"].clone()),
            ("iss", self.issuer().to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}

async fn describe(State(op): State<Arc<Inner>>) -> Json<Value> {
    let mut described = json!({
        "issuer": op.issuer,
        "authorization_endpoint": format!("{}/authorize?tenant=1", op.issuer),
        "token_endpoint": format!("{}/token", op.issuer),
        "jwks_uri": format!("{}/keys", op.issuer),
        "authorization_response_iss_parameter_supported": true,
    });
    merge(&mut described, &op.script.lock().unwrap().metadata);
    Json(described)
}

async fn keys(State(op): State<Arc<Inner>>) -> Json<Value> {
    op.key_calls.fetch_add(1, Ordering::Relaxed);
    let keys = op.keys.lock().unwrap();
    let point = keys[0].der_bytes();
    Json(json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "use": "sig", "kid": kid(&keys[0]),
        "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..]),
    }] }))
}

/// Redeems a code once, for the portal alone, with its verifier and redirect URI.
async fn token(State(op): State<Arc<Inner>>, headers: HeaderMap, body: Bytes) -> Response {
    op.token_calls.fetch_add(1, Ordering::Relaxed);
    let script = op.script.lock().unwrap().clone();
    if let Some(status) = script.failure {
        return status.into_response();
    }
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let id_and_secret = STANDARD.encode("city-portal:a+secret%3A+of+%26+the+portal");
    if headers[header::AUTHORIZATION] != format!("Basic {id_and_secret}") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let asked = op.codes.lock().unwrap().remove(&form["code"]);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    let Some(asked) = asked
        .filter(|asked| asked.redirect_uri == form["redirect_uri"] && asked.challenge == challenge)
    else {
        let error = json!({ "error": "invalid_grant" });
        return (StatusCode::BAD_REQUEST, Json(error)).into_response();
    };
    let id_token = op.id_token(&asked.nonce, &script);
    Json(json!({ "access_token": "unused", "token_type": "Bearer", "id_token": id_token }))
        .into_response()
}

impl Inner {
    fn id_token(&self, nonce: &str, script: &Script) -> String {
        let now = self.clock.now().as_second();
        let keys = self.keys.lock().unwrap();
        let mut header = json!({ "alg": "ES256", "kid": kid(&keys[0]) });
        merge(&mut header, &script.header);
        let mut claims = json!({
            "iss": self.issuer, "sub": SUBJECT, "aud": CLIENT, "nonce": nonce,
            "iat": now, "exp": now + 300, "name": "Анна Лесная",
            "email": "anna@example.org", "email_verified": true,
        });
        merge(&mut claims, &script.claims);
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let message = format!("{}.{}", encode(&header), encode(&claims));
        let key = keys.last().unwrap().serialize_der();
        let key = EncodingKey::from_ec_der(&key);
        let sign = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::ES256);
        format!("{message}.{}", sign.unwrap())
    }
}

pub(crate) fn kid(key: &KeyPair) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(key.der_bytes()))
}

pub(crate) fn merge(target: &mut Value, patch: &Value) {
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

/// A certificate of 127.0.0.1, and its authority in PEM.
pub(crate) fn certify() -> (TlsAcceptor, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let server = server.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_protocol_versions(&[&rustls::version::TLS13])
        .with_no_client_auth()
        .with_single_cert(vec![server.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), authority)
}

pub(crate) struct TlsListener {
    pub(crate) tcp: TcpListener,
    pub(crate) tls: TlsAcceptor,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    /// One handshake after the other: the portal is the only one who comes.
    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, from) = self.tcp.accept().await.unwrap();
            if let Ok(stream) = self.tls.accept(stream).await {
                return (stream, from);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}
