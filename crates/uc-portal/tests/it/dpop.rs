//! Tokens bound to a key, and the proofs that go with them.

use reqwest::{Response, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    harness::{Browser, Fixture, Tokens, authorize_form, callback, location, oauth_error, refused},
    proof_key::{Draft, ProofKey, Prover, b64},
    restart::Program,
};

const PROFILE: &str = "/v1/profile";

/// The tokens of a client that showed a proof.
async fn bound(response: Response) -> Tokens {
    assert_eq!(response.status(), StatusCode::OK);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["token_type"], "DPoP");
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    Tokens {
        access: text("access_token"),
        refresh: text("refresh_token"),
        id: text("id_token"),
    }
}

/// The error that a protected resource names.
fn challenge(response: &Response) -> String {
    let value = &response.headers()[header::WWW_AUTHENTICATE];
    value.to_str().unwrap().to_owned()
}

/// Takes members away or puts others in.
type Change = fn(&mut Draft);

const REFUSED: [(&str, Change); 24] = [
    ("typ missing", |d| remove(&mut d.header, "typ")),
    ("typ of another kind", |d| d.header["typ"] = json!("JWT")),
    ("alg missing", |d| remove(&mut d.header, "alg")),
    ("alg none", |d| d.header["alg"] = json!("none")),
    ("alg HS256", |d| d.header["alg"] = json!("HS256")),
    ("alg of another key", |d| d.header["alg"] = json!("EdDSA")),
    ("jwk missing", |d| remove(&mut d.header, "jwk")),
    ("jwk on no curve", |d| {
        d.header["jwk"]["x"] = json!(b64(&[1; 32]));
    }),
    ("jwk of another length", |d| {
        d.header["jwk"]["x"] = json!(b64(&[1; 33]));
    }),
    ("jwk private", |d| {
        d.header["jwk"]["d"] = json!(b64(&[1; 32]));
    }),
    ("crit", |d| d.header["crit"] = json!(["exp"])),
    ("jti missing", |d| remove(&mut d.claims, "jti")),
    ("jti empty", |d| d.claims["jti"] = json!("")),
    ("htm missing", |d| remove(&mut d.claims, "htm")),
    ("htm other", |d| d.claims["htm"] = json!("POST")),
    ("htm in lower case", |d| d.claims["htm"] = json!("get")),
    ("htu missing", |d| remove(&mut d.claims, "htu")),
    ("htu of another path", |d| {
        d.claims["htu"] = json!(url(d, |url| format!("{url}s")));
    }),
    ("htu of another host", |d| {
        d.claims["htu"] = json!("https://evil.example/v1/profile");
    }),
    ("iat missing", |d| remove(&mut d.claims, "iat")),
    ("iat as text", |d| {
        d.claims["iat"] = json!(d.claims["iat"].to_string());
    }),
    ("iat of an hour ago", |d| shift(d, -3600)),
    ("iat in an hour", |d| shift(d, 3600)),
    ("ath missing", |d| remove(&mut d.claims, "ath")),
];

const ACCEPTED: [(&str, Change); 8] = [
    ("as it should be", |_| {}),
    ("more claims", |d| d.claims["exp"] = json!("never")),
    ("more in the header", |d| d.header["kid"] = json!("x")),
    ("htu with a query", |d| {
        d.claims["htu"] = json!(url(d, |url| format!("{url}?a=1")));
    }),
    ("htu with a fragment", |d| {
        d.claims["htu"] = json!(url(d, |url| format!("{url}#a")));
    }),
    ("htu with a scheme in capitals", |d| {
        d.claims["htu"] = json!(url(d, |url| url.replace("https", "HTTPS")));
    }),
    ("iat a little early", |d| shift(d, -299)),
    ("iat a little late", |d| shift(d, 299)),
];

fn remove(object: &mut Value, member: &str) {
    object.as_object_mut().unwrap().remove(member).unwrap();
}

fn url(draft: &Draft, change: impl FnOnce(&str) -> String) -> String {
    change(draft.claims["htu"].as_str().unwrap())
}

fn shift(draft: &mut Draft, seconds: i64) {
    let iat = draft.claims["iat"].as_i64().unwrap();
    draft.claims["iat"] = json!(iat + seconds);
}

#[tokio::test]
async fn op_61_every_fault_of_a_proof_is_noticed() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let prover = Prover::new(&fixture, &browser).await;
    let tokens = bound(prover.redeem(&code).await).await;
    for (name, change) in refused(REFUSED) {
        let mut draft = prover.draft("GET", PROFILE, Some(&tokens.access));
        change(&mut draft);
        let proof = draft.sign(&prover.key);
        let response = prover.get_with(PROFILE, &tokens.access, &[&proof]).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{name}");
        assert_eq!(
            challenge(&response),
            "DPoP error=\"invalid_dpop_proof\", algs=\"ES256 EdDSA\"",
            "{name}"
        );
    }
    for (name, change) in ACCEPTED {
        let mut draft = prover.draft("GET", PROFILE, Some(&tokens.access));
        change(&mut draft);
        let proof = draft.sign(&prover.key);
        let response = prover.get_with(PROFILE, &tokens.access, &[&proof]).await;
        assert_eq!(response.status(), StatusCode::OK, "{name}");
    }
}

#[tokio::test]
async fn op_61_what_is_no_single_good_proof_is_refused() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let prover = Prover::new(&fixture, &browser).await;
    let access = bound(prover.redeem(&code).await).await.access;
    let draft = || prover.draft("GET", PROFILE, Some(&access));
    let good = draft().sign(&prover.key);
    let other = draft().sign(&prover.key);
    let signed = draft().sign(&prover.key);
    let unsigned = format!("{}.", signed.rsplit_once('.').unwrap().0);
    let foreign_signature = draft().sign(&ProofKey::new());
    let rsa = ProofKey::rsa();
    let mut rs256 = draft();
    rs256.header["alg"] = json!("RS256");
    rs256.header["jwk"] = rsa.jwk.clone();
    let rs256 = rs256.sign(&rsa);
    let mut of_another_token = draft();
    of_another_token.claims["ath"] = json!(b64(&[7; 32]));
    let of_another_token = of_another_token.sign(&prover.key);
    let long = format!("{good}{}", "A".repeat(8192));
    for (name, proofs) in refused([
        ("none", &[][..]),
        ("two", &[good.as_str(), &other]),
        ("no JWT", &["proof"]),
        ("four parts", &[&format!("{good}.x")]),
        ("without signature", &[&unsigned]),
        ("signed by another key", &[&foreign_signature]),
        ("RS256", &[&rs256]),
        ("of another token", &[&of_another_token]),
        ("endless", &[&long]),
    ]) {
        let response = prover.get_with(PROFILE, &access, proofs).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{name}");
        assert!(
            challenge(&response).contains("\"invalid_dpop_proof\""),
            "{name}"
        );
    }
    // Nothing of this used the good one up, and it is good once.
    let first = prover.get_with(PROFILE, &access, &[&good]).await;
    assert_eq!(first.status(), StatusCode::OK);
    let again = prover.get_with(PROFILE, &access, &[&good]).await;
    assert_eq!(again.status(), StatusCode::UNAUTHORIZED);
    assert!(challenge(&again).contains("\"invalid_dpop_proof\""));
}

#[tokio::test]
async fn op_61_a_bound_token_is_no_bearer_token() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let unbound = fixture.signed_in().await.1;
    let prover = Prover::new(&fixture, &browser).await;
    let tokens = bound(prover.redeem(&code).await).await;
    let bearer = browser.api(PROFILE, &tokens.access).await;
    assert_eq!(bearer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(challenge(&bearer), "Bearer error=\"invalid_token\"");
    // Neither does a proof make a bearer token a bound one.
    let raised = prover.get(PROFILE, &unbound.access).await;
    assert_eq!(raised.status(), StatusCode::UNAUTHORIZED);
    assert!(challenge(&raised).contains("DPoP error=\"invalid_token\""));
    let thief = Prover {
        key: ProofKey::new(),
        nonce: prover.nonce.clone(),
        ..prover
    };
    let stolen = thief.get(PROFILE, &tokens.access).await;
    assert_eq!(stolen.status(), StatusCode::UNAUTHORIZED);
    assert!(challenge(&stolen).contains("DPoP error=\"invalid_token\""));
}

#[tokio::test]
async fn op_61_every_protected_resource_asks_for_the_proof() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let prover = Prover::new(&fixture, &browser).await;
    let access = bound(prover.redeem(&code).await).await.access;
    for path in [PROFILE, "/oauth2/userinfo", "/v1/feed"] {
        assert_eq!(
            prover.get(path, &access).await.status(),
            StatusCode::OK,
            "{path}"
        );
        let bare = prover.get_with(path, &access, &[]).await;
        assert_eq!(bare.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn op_61_keys_of_both_kinds_are_taken() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let mut prover = Prover::new(&fixture, &browser).await;
    prover.key = ProofKey::ed25519();
    let tokens = bound(prover.redeem(&code).await).await;
    let response = prover.get(PROFILE, &tokens.access).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn op_61_nonces_are_demanded_change_and_hold_for_a_while() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let mut prover = Prover::new(&fixture, &browser).await;
    let nonce = prover.nonce.take();
    let refused = prover.redeem(&code).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        refused.headers()["dpop-nonce"].to_str().unwrap(),
        nonce.clone().unwrap()
    );
    assert_eq!(oauth_error(refused).await, "use_dpop_nonce");
    prover.nonce = Some("guessed".into());
    assert_eq!(
        oauth_error(prover.redeem(&code).await).await,
        "use_dpop_nonce"
    );
    // The code was not used up by that.
    prover.nonce = nonce;
    let tokens = bound(prover.redeem(&code).await).await;
    fixture.advance(300);
    let answer = prover.refresh(&tokens.refresh).await;
    let next = answer.headers()["dpop-nonce"].to_str().unwrap().to_owned();
    assert_ne!(Some(&next), prover.nonce.as_ref());
    let tokens = bound(answer).await;
    fixture.advance(299);
    let tokens = bound(prover.refresh(&tokens.refresh).await).await;
    fixture.advance(1);
    let late = prover.get(PROFILE, &tokens.access).await;
    assert_eq!(late.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        challenge(&late),
        "DPoP error=\"use_dpop_nonce\", algs=\"ES256 EdDSA\""
    );
    prover.nonce = Some(next);
    let tokens = bound(prover.refresh(&tokens.refresh).await).await;
    assert_eq!(
        prover.get(PROFILE, &tokens.access).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn op_61_the_token_endpoint_refuses_bad_proofs() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let prover = Prover::new(&fixture, &browser).await;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "edinyi-klient-desktop"),
        ("code", &code),
    ];
    let mut draft = prover.draft("POST", "/oauth2/par", None);
    let elsewhere = draft.sign(&prover.key);
    shift(&mut draft, -301);
    for proof in refused([elsewhere.as_str(), "a.b.c", &draft.sign(&prover.key)]) {
        let refused = prover.post_with("/oauth2/token", &form, proof).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        assert_eq!(oauth_error(refused).await, "invalid_dpop_proof");
    }
    bound(prover.redeem(&code).await).await;
}

#[tokio::test]
async fn op_61_a_proof_is_remembered_past_a_restart() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let prover = Prover::new(&fixture, &browser).await;
    let access = bound(prover.redeem(&code).await).await.access;
    let proof = prover
        .draft("GET", PROFILE, Some(&access))
        .sign(&prover.key);
    let first = prover.get_with(PROFILE, &access, &[&proof]).await;
    assert_eq!(first.status(), StatusCode::OK);
    let (key, nonce) = (prover.key, prover.nonce);
    let fixture = fixture.restart().await;
    let prover = Prover {
        fixture: &fixture,
        browser: &browser,
        key,
        nonce,
    };
    let again = prover.get_with(PROFILE, &access, &[&proof]).await;
    assert_eq!(again.status(), StatusCode::UNAUTHORIZED);
    // The nonce is as good as before.
    assert_eq!(prover.get(PROFILE, &access).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn op_42_a_code_is_bound_to_the_key_that_the_request_named() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let key = ProofKey::new();
    let jkt = key.thumbprint();
    let codes = [
        browser.obtain_code(&[("dpop_jkt", &jkt)]).await,
        browser.obtain_code(&[("dpop_jkt", &jkt)]).await,
        browser.obtain_code(&[("dpop_jkt", &jkt)]).await,
    ];
    let malformed = browser.authorize(&[("dpop_jkt", "short")]).await;
    assert!(malformed.contains("error=invalid_request"), "{malformed}");
    let mut prover = Prover::new(&fixture, &browser).await;
    assert_eq!(
        oauth_error(prover.redeem(&codes[0]).await).await,
        "invalid_grant"
    );
    let bare = browser.redeem(&codes[1], &[]).await;
    assert_eq!(oauth_error(bare).await, "invalid_grant");
    prover.key = key;
    bound(prover.redeem(&codes[2]).await).await;
}

#[tokio::test]
async fn op_43_a_proof_with_a_pushed_request_binds_its_code() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let beside = fixture.browser();
    let mut prover = Prover::new(&fixture, &beside).await;
    let form = authorize_form(&[]);
    let mut form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let response = prover.post("/oauth2/par", &form).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let body: Value = response.json().await.unwrap();
    let path = format!(
        "/oauth2/authorize?client_id=edinyi-klient-desktop&request_uri={}",
        body["request_uri"].as_str().unwrap()
    );
    let code = code_at(&mut browser, &path).await;
    let own = std::mem::replace(&mut prover.key, ProofKey::new());
    assert_eq!(
        oauth_error(prover.redeem(&code).await).await,
        "invalid_grant"
    );
    let other = own.thumbprint();
    form.push(("dpop_jkt", &other));
    let contradiction = prover.post("/oauth2/par", &form).await;
    assert_eq!(oauth_error(contradiction).await, "invalid_dpop_proof");
}

async fn code_at(browser: &mut Browser, path: &str) -> String {
    let login = location(&browser.get(path).await);
    let consent = browser.sign_in_at(&login).await;
    let allowed = browser.submit_consent(&consent, "allow").await;
    callback(&location(&allowed))["code"].clone()
}

#[tokio::test]
async fn op_62_a_refresh_token_is_of_use_to_its_key_alone() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let mut prover = Prover::new(&fixture, &browser).await;
    let first = bound(prover.redeem(&code).await).await;
    let second = bound(prover.refresh(&first.refresh).await).await;
    let third = bound(prover.refresh(&second.refresh).await).await;
    let own = std::mem::replace(&mut prover.key, ProofKey::new());
    for token in refused([&first.refresh, &second.refresh, &third.refresh]) {
        assert_eq!(
            oauth_error(prover.refresh(token).await).await,
            "invalid_grant"
        );
        assert_eq!(
            oauth_error(browser.refresh(token).await).await,
            "invalid_grant"
        );
    }
    // A thief without the key cannot even end the session.
    prover.key = own;
    let fourth = bound(prover.refresh(&third.refresh).await).await;
    assert_eq!(
        prover.get(PROFILE, &fourth.access).await.status(),
        StatusCode::OK
    );
    let reuse = prover.refresh(&first.refresh).await;
    assert_eq!(oauth_error(reuse).await, "invalid_grant");
    let dead = prover.get(PROFILE, &fourth.access).await;
    assert_eq!(dead.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn op_62_of_a_hundred_bound_refreshes_at_once_one_successor_remains() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let prover = Prover::new(&fixture, &browser).await;
    let first = bound(prover.redeem(&code).await).await;
    let tries = (0..100).map(|_| prover.refresh(&first.refresh));
    for answer in futures_util::future::join_all(tries).await {
        bound(answer).await;
    }
    let last = bound(prover.refresh(&first.refresh).await).await;
    bound(prover.refresh(&last.refresh).await).await;
}

#[tokio::test]
async fn op_62_a_client_that_begins_to_show_proofs_is_protected_from_then_on() {
    let fixture = Fixture::start().await;
    let (browser, old) = fixture.signed_in().await;
    let prover = Prover::new(&fixture, &browser).await;
    let tokens = bound(prover.refresh(&old.refresh).await).await;
    let bare = browser.refresh(&tokens.refresh).await;
    assert_eq!(oauth_error(bare).await, "invalid_grant");
    bound(prover.refresh(&tokens.refresh).await).await;
}

#[test]
fn the_policy_of_nonces_is_one_of_two() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_uc-portal"))
        .args([
            "serve",
            "--dpop-nonces",
            "sometimes",
            "--data-dir",
            "/nonexistent",
        ])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[tokio::test]
async fn op_61_offered_nonces_may_be_left_out_and_must_be_right() {
    let dir = tempfile::tempdir().unwrap();
    let program = Program::start_with(dir.path(), &["--dpop-nonces", "offered"]);
    let browser = &program.browser;
    for (nonce, error) in refused([(None, "invalid_request"), (Some("stale"), "use_dpop_nonce")]) {
        let key = ProofKey::new();
        let mut claims = json!({
            "jti": "one",
            "htm": "POST",
            "htu": browser.url("/oauth2/token").as_str(),
            "iat": uc_portal::PortalClock::now(&uc_portal::SystemClock).as_second(),
        });
        if let Some(nonce) = nonce {
            claims["nonce"] = json!(nonce);
        }
        let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": key.jwk});
        let request = browser
            .http
            .post(browser.url("/oauth2/token"))
            .form(&[("client_id", "edinyi-klient-desktop")])
            .header("dpop", key.sign(&header, &claims));
        assert_eq!(oauth_error(request.send().await.unwrap()).await, error);
    }
}

#[tokio::test]
async fn op_61_names_of_schemes_are_read_in_any_case() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let prover = Prover::new(&fixture, &browser).await;
    let access = bound(prover.redeem(&code).await).await.access;
    for (scheme, status) in [
        ("DPoP", StatusCode::OK),
        ("dpop", StatusCode::OK),
        ("DPOP", StatusCode::OK),
        ("Basic", StatusCode::UNAUTHORIZED),
    ] {
        let proof = prover
            .draft("GET", PROFILE, Some(&access))
            .sign(&prover.key);
        let request = browser
            .http
            .get(browser.url(PROFILE))
            .header("dpop", proof)
            .header(header::AUTHORIZATION, format!("{scheme} {access}"));
        assert_eq!(request.send().await.unwrap().status(), status, "{scheme}");
    }
}

#[tokio::test]
async fn op_61_the_query_of_a_request_is_no_part_of_its_proof() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let prover = Prover::new(&fixture, &browser).await;
    let access = bound(prover.redeem(&code).await).await.access;
    let draft = || prover.draft("GET", PROFILE, Some(&access));
    let asked = format!("{PROFILE}?a=1");
    let proof = draft().sign(&prover.key);
    let response = prover.get_with(&asked, &access, &[&proof]).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn op_61_names_of_headers_are_read_in_any_case() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let mut prover = Prover::new(&fixture, &browser).await;
    let access = bound(prover.redeem(&code).await).await.access;
    let nonce = prover.nonce.clone();
    // HTTP/2 knows small letters alone.
    let ca = reqwest::Certificate::from_pem(fixture.running.ca_pem().as_bytes()).unwrap();
    let http = reqwest::Client::builder()
        .tls_certs_only([ca])
        .http1_only()
        .http1_title_case_headers();
    let mut older = fixture.browser();
    older.http = http.build().unwrap();
    let key = std::mem::replace(&mut prover.key, ProofKey::new());
    let prover = Prover {
        fixture: &fixture,
        browser: &older,
        key,
        nonce,
    };
    assert_eq!(prover.get(PROFILE, &access).await.status(), StatusCode::OK);
}
