//! A provider of ЕСИА's shape, which takes signed requests alone, and what the portal makes of its answers.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Arc, Mutex},
};

use axum::{Json, Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp, fmt::strtime};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use rcgen::{KeyPair, PublicKeyData as _};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uc_portal::{ManualClock, PortalClock, upstream::Check};
use url::Url;

use super::{Answer, UNTRUSTED, check_astray, come, events, leave};
use crate::{
    harness::{Fixture, PASSWORD, PHONE, PROVIDERS, clock, location, refused},
    upstream::{TlsListener, certify, kid, merge},
};

/// The word in its tokens, which is no address of it.
const MARKER: &str = "http://esia.example/";
const CLIENT: &str = "EDKLIENT";
/// How far a client's clock may be from its own.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
const REFUSED: &str = "не подтвердил вход";

/// What it does beside the protocol.
#[derive(Default)]
struct Script {
    claims: Value,
    /// Instead of the state of the request.
    state: Option<&'static str>,
    /// How far its clock is ahead.
    ahead: SignedDuration,
    signs_as_stranger: bool,
}

struct Inner {
    clock: Arc<ManualClock>,
    client: KeyPair,
    key: KeyPair,
    stranger: KeyPair,
    script: Mutex<Script>,
    /// States that came already.
    states: Mutex<BTreeSet<String>>,
}

struct TestEsia {
    inner: Arc<Inner>,
    address: String,
    authority: String,
}

impl TestEsia {
    async fn start(clock: &Arc<ManualClock>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("https://{}/", tcp.local_addr().unwrap());
        let (tls, authority) = certify();
        let key = || KeyPair::generate().unwrap();
        let inner = Arc::new(Inner {
            clock: Arc::clone(clock),
            client: key(),
            key: key(),
            stranger: key(),
            script: Mutex::default(),
            states: Mutex::default(),
        });
        let router = Router::new()
            .route("/aas/oauth2/v3/te", post(token))
            .with_state(Arc::clone(&inner));
        tokio::spawn(axum::serve(TlsListener { tcp, tls }, router).into_future());
        Self {
            inner,
            address,
            authority,
        }
    }

    /// Its record in a file of identity providers, and what that names beside it.
    fn put(&self, folder: &Path) {
        let (point, key) = (self.inner.key.der_bytes(), &self.inner.key);
        let keys = json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "kid": kid(key),
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..]),
        }] });
        let files = [
            ("esia.key", self.inner.client.serialize_pem()),
            ("esia.pem", self.authority.clone()),
            ("esia.json", keys.to_string()),
        ];
        for (name, text) in files {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let record = format!(
            r#"[[identity_provider]]
            id = "esia"
            issuer = "{MARKER}"
            address = "{}"
            client_id = "{CLIENT}"
            authentication = "esia"
            secret_file = "esia.key"
            keys_file = "esia.json"
            certificate_hash = "A1B2"
            scopes = ["fullname"]
            name = {{ ru = "Кабинет esia", en = "Account esia" }}
            trust = "two_factors"
            authority = "esia.pem"
            "#,
            self.address
        );
        std::fs::write(folder.join(PROVIDERS), record).unwrap();
    }

    fn follow(&self, script: Script) {
        *self.inner.script.lock().unwrap() = script;
    }

    /// The person says yes on the page at `address`, unless the request is refused.
    fn agree(&self, address: &str) -> Answer {
        let address = Url::parse(address).unwrap();
        let page = format!("{}aas/oauth2/v2/ac?", self.address);
        assert!(address.as_str().starts_with(&page), "{address}");
        let asked: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["access_type"], "online");
        let verdict = match self.inner.judge(&asked) {
            Ok(()) => ("code", "a code"),
            Err(error) => ("error", error),
        };
        [verdict, ("state", &asked["state"])]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }
}

impl Inner {
    /// Whether a request is the client's, new, and of this moment.
    fn judge(&self, asked: &BTreeMap<String, String>) -> Result<(), &'static str> {
        let part = |name: &str| asked.get(name).map_or("", String::as_str);
        assert_eq!(
            (part("client_id"), part("scope")),
            (CLIENT, "openid fullname")
        );
        assert_eq!(part("client_certificate_hash"), "A1B2");
        let message = ["scope", "timestamp", "client_id", "state"]
            .map(part)
            .concat();
        let key = DecodingKey::from_ec_der(self.client.der_bytes());
        let signed = jsonwebtoken::crypto::verify(
            part("client_secret"),
            message.as_bytes(),
            &key,
            Algorithm::ES256,
        );
        if signed.ok() != Some(true) {
            return Err("invalid_client");
        }
        let said = strtime::parse("%Y.%m.%d %H:%M:%S %z", part("timestamp")).unwrap();
        let said: Timestamp = said.to_timestamp().unwrap();
        let now = self.clock.now() + self.script.lock().unwrap().ahead;
        if now.duration_since(said).abs() > LEEWAY {
            return Err("invalid_request");
        }
        let state: uuid::Uuid = part("state").parse().unwrap();
        if !self.states.lock().unwrap().insert(state.to_string()) {
            return Err("invalid_request");
        }
        Ok(())
    }

    fn id_token(&self, script: &Script) -> String {
        let now = self.clock.now().as_second();
        let header = json!({ "alg": "ES256", "kid": kid(&self.key) });
        let mut claims = json!({
            "iss": MARKER, "sub": "1000299354", "aud": CLIENT, "iat": now, "exp": now + 300,
            "auth_time": now,
        });
        merge(&mut claims, &script.claims);
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let message = format!("{}.{}", encode(&header), encode(&claims));
        let key = if script.signs_as_stranger {
            &self.stranger
        } else {
            &self.key
        };
        let key = EncodingKey::from_ec_der(&key.serialize_der());
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::ES256);
        format!("{message}.{}", signature.unwrap())
    }
}

async fn token(State(esia): State<Arc<Inner>>, body: Bytes) -> (StatusCode, Json<Value>) {
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    assert_eq!(form["grant_type"], "authorization_code");
    if let Err(error) = esia.judge(&form) {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": error })));
    }
    let script = esia.script.lock().unwrap();
    let state = script.state.map_or(form["state"].clone(), str::to_owned);
    let answer = json!({
        "access_token": "unused", "token_type": "Bearer", "state": state,
        "id_token": esia.id_token(&script),
    });
    (StatusCode::OK, Json(answer))
}

/// A portal that knows it, and an account that is linked to the person there.
async fn linked() -> (Fixture, TestEsia) {
    let clock = clock();
    let esia = TestEsia::start(&clock).await;
    let fixture = Fixture::start_with_files(&clock, |folder| esia.put(folder)).await;
    let mut browser = fixture.browser();
    let address = leave(&mut browser, "esia").await;
    let asked = location(&come(&mut browser, "esia", &esia.agree(&address)).await);
    let asked = browser.page(&asked).await;
    let linked = browser.submit_login(&asked, PHONE, PASSWORD).await;
    assert!(location(&linked).starts_with("/consent?"), "linked");
    (fixture, esia)
}

/// A sign-in there fails, and is told in these words.
async fn check_refused(fixture: &Fixture, esia: &TestEsia, words: &str) {
    let mut browser = fixture.browser();
    let address = leave(&mut browser, "esia").await;
    let answered = come(&mut browser, "esia", &esia.agree(&address)).await;
    check_astray(&mut browser, answered, words).await;
}

#[tokio::test]
async fn op_68_signed_requests_sign_a_person_in_at_esia() {
    let (fixture, esia) = linked().await;
    let mut browser = fixture.browser();
    let address = leave(&mut browser, "esia").await;
    let admitted = come(&mut browser, "esia", &esia.agree(&address)).await;
    assert!(location(&admitted).starts_with("/consent?"));
    // A request serves once there, too.
    let again = esia.agree(&address);
    assert_eq!(again["error"], "invalid_request");
}

#[tokio::test]
async fn op_68_esia_refuses_a_clock_that_is_wrong_and_the_portal_says_so() {
    let (fixture, esia) = linked().await;
    for ahead in refused([SignedDuration::from_mins(2), SignedDuration::from_mins(-2)]) {
        esia.follow(Script {
            ahead,
            ..Script::default()
        });
        check_refused(&fixture, &esia, REFUSED).await;
    }
    // Its clock goes wrong between the page and the exchange.
    esia.follow(Script::default());
    let mut browser = fixture.browser();
    let answer = esia.agree(&leave(&mut browser, "esia").await);
    esia.follow(Script {
        ahead: SignedDuration::from_mins(2),
        ..Script::default()
    });
    let answered = come(&mut browser, "esia", &answer).await;
    check_astray(&mut browser, answered, REFUSED).await;
}

#[tokio::test]
async fn op_68_an_answer_of_esia_that_fails_a_check_signs_nobody_in() {
    let (fixture, esia) = linked().await;
    let of = |claims: Value| Script {
        claims,
        ..Script::default()
    };
    let now = fixture.clock.now().as_second();
    let strange = Script {
        signs_as_stranger: true,
        ..Script::default()
    };
    let another = Script {
        state: Some("0b7c2f4e-8a3d-4c1e-9f00-000000000000"),
        ..Script::default()
    };
    for (script, check) in refused([
        (of(json!({ "iss": "https://esia.example/" })), Check::Issuer),
        (of(json!({ "aud": "ANOTHER" })), Check::Audience),
        (of(json!({ "iat": now - 3600 })), Check::Times),
        (of(json!({ "sub": "" })), Check::Subject),
        (strange, Check::Signature),
        (another, Check::Nonce),
    ]) {
        esia.follow(script);
        check_refused(&fixture, &esia, UNTRUSTED).await;
        let newest = events(&fixture).await.into_iter().next();
        let told = serde_json::to_value(newest).unwrap();
        assert_eq!(told["check"], serde_json::to_value(check).unwrap());
    }
}
