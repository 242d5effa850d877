//! Sites that hear when a session with them has ended.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, atomic::AtomicBool, atomic::Ordering},
    time::Duration,
};

use axum::{Form, Router, extract::State, http::StatusCode, routing::post};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    harness::{Browser, Fixture, VERIFIER, location},
    second_factor::claims_of,
};

const CALLBACK: &str = "https://cabinet.example/callback";
const SECRET: &str = "secret";

/// A site that signs people in.
struct Site {
    fixture: Fixture,
    heard: Arc<Heard>,
}

#[derive(Default)]
struct Heard {
    is_broken: AtomicBool,
    tokens: Mutex<Vec<String>>,
}

async fn hear(
    State(heard): State<Arc<Heard>>,
    Form(form): Form<HashMap<String, String>>,
) -> StatusCode {
    heard
        .tokens
        .lock()
        .unwrap()
        .push(form["logout_token"].clone());
    if heard.is_broken.load(Ordering::Relaxed) {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::OK
    }
}

impl Site {
    async fn start() -> Self {
        let heard = Arc::new(Heard::default());
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let router = Router::new()
            .route("/bye", post(hear))
            .with_state(Arc::clone(&heard));
        tokio::spawn(axum::serve(tcp, router).into_future());
        let client = |id: &str, more: &str| {
            format!(
                "[[client]]\nid = \"{id}\"\nname = \"Кабинет\"\nauthentication = \"client_secret_post\"\n\
                 secret_sha256 = \"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b\"\n\
                 redirect_uris = [\"{CALLBACK}\"]\npushed_requests = \"optional\"\n{more}\n"
            )
        };
        let hearing = client(
            "hearing",
            &format!("backchannel_logout_uri = \"http://{address}/bye\""),
        );
        let fixture = Fixture::start_with_clients(&(hearing + &client("deaf", ""))).await;
        Self { fixture, heard }
    }

    /// What has been heard, once it is this much.
    async fn heard(&self, count: usize) -> Vec<String> {
        for _ in 0..100 {
            let tokens = self.heard.tokens.lock().unwrap().clone();
            if tokens.len() >= count {
                return tokens;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("not heard {count} times");
    }

    /// Time for whatever may come unasked.
    async fn is_silent_after(&self, count: usize) -> bool {
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        self.heard.tokens.lock().unwrap().len() == count
    }
}

/// The tokens of a person who signed in at the site.
async fn sign_in(browser: &mut Browser, client: &str, known: bool) -> Value {
    let changes = [("client_id", client), ("redirect_uri", CALLBACK)];
    let page = if known {
        let consent = browser.authorize(&changes).await;
        browser.page(&consent).await
    } else {
        browser.reach_consent(&changes).await
    };
    let answer = location(&browser.submit_consent(&page, "allow").await);
    let answer = url::Url::parse(&answer).unwrap();
    let code = answer
        .query_pairs()
        .find(|(name, _)| name == "code")
        .unwrap()
        .1;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("client_secret", SECRET),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("code", &code),
    ];
    let request = browser.http.post(browser.url("/oauth2/token")).form(&form);
    request.send().await.unwrap().json().await.unwrap()
}

async fn sign_out(browser: &mut Browser) {
    let csrf = browser.page("/oauth2/logout").await.hidden("csrf");
    browser.post("/oauth2/logout", &[("csrf", &csrf)]).await;
}

async fn revoke(browser: &Browser, tokens: &Value) {
    let token = tokens["refresh_token"].as_str().unwrap();
    let form = [
        ("client_id", "hearing"),
        ("client_secret", SECRET),
        ("token", token),
    ];
    let request = browser.http.post(browser.url("/oauth2/revoke")).form(&form);
    assert!(request.send().await.unwrap().status().is_success());
}

#[tokio::test]
async fn auth_05_a_site_hears_that_the_browser_was_signed_out_and_of_whose_session() {
    let site = Site::start().await;
    let mut browser = site.fixture.browser();
    let tokens = sign_in(&mut browser, "hearing", false).await;
    let deaf = sign_in(&mut browser, "deaf", true).await;
    let id = claims_of(tokens["id_token"].as_str().unwrap());
    assert_eq!(
        claims_of(deaf["id_token"].as_str().unwrap()).get("sid"),
        None
    );
    sign_out(&mut browser).await;
    let token = site.heard(1).await.remove(0);

    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("logout+jwt"));
    let jwks: JwkSet = browser.get("/oauth2/jwks").await.json().await.unwrap();
    let key = DecodingKey::from_jwk(jwks.find(&header.kid.unwrap()).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&["hearing"]);
    validation.set_issuer(&[site.fixture.running.issuer()]);
    validation.validate_exp = false;
    let told = jsonwebtoken::decode::<Value>(&token, &key, &validation)
        .unwrap()
        .claims;
    assert_eq!((&told["sub"], &told["sid"]), (&id["sub"], &id["sid"]));
    assert!(told["sid"].is_string() && told["jti"].is_string());
    let events = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
    assert_eq!(told["events"], events);
    assert_eq!(
        told["exp"].as_i64().unwrap() - told["iat"].as_i64().unwrap(),
        120
    );
    assert_eq!(told.get("nonce"), None);
    assert!(site.is_silent_after(1).await);
}

#[tokio::test]
async fn auth_05_a_site_that_does_not_answer_is_told_again_later_and_not_for_ever() {
    let site = Site::start().await;
    let mut browser = site.fixture.browser();
    let tokens = sign_in(&mut browser, "hearing", false).await;
    site.heard.is_broken.store(true, Ordering::Relaxed);
    revoke(&browser, &tokens).await;
    site.heard(1).await;
    assert!(site.is_silent_after(1).await, "not before its time");
    for (again, pause) in [(2, 10), (3, 120), (4, 1_800), (5, 21_600)] {
        site.fixture.clock.advance(Duration::from_secs(pause));
        let tokens = site.heard(again).await;
        let ids: Vec<_> = tokens
            .iter()
            .map(|token| claims_of(token)["jti"].clone())
            .collect();
        assert!(ids.iter().all(|id| id == &ids[0]), "the same notice");
    }
    site.fixture.clock.advance(Duration::from_hours(24));
    assert!(site.is_silent_after(5).await);
}
