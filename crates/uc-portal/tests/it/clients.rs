//! Clients of the operator's file: those with a secret, and services that ask about tokens.

use std::fmt::Write as _;

use reqwest::{RequestBuilder, Response, StatusCode, header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    harness::{
        Browser, Fixture, SCOPE, Tokens, VERIFIER, authorize_form, location, oauth_error, refused,
    },
    proof_key::Prover,
};

const CALLBACK: &str = "https://cabinet.example/callback";
/// Has characters that the form encoding of the header changes.
const SECRET: &str = "тайна: 1+1=2&%";
const CABINET: &str = "cabinet";
const POSTING: &str = "posting";
const SERVICE: &str = "service";
const PROVING: &str = "proving";

async fn fixture() -> Fixture {
    let hash = Sha256::digest(SECRET.as_bytes());
    let hash = hash.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    let client = |id: &str, more: &str| {
        format!(
            "[[client]]\nid = \"{id}\"\nname = \"Кабинет\"\n{more}\nsecret_sha256 = \"{hash}\"\n"
        )
    };
    let clients = [
        client(
            CABINET,
            &format!("authentication = \"client_secret_basic\"\nredirect_uris = [\"{CALLBACK}\"]"),
        ),
        client(
            POSTING,
            &format!("authentication = \"client_secret_post\"\nredirect_uris = [\"{CALLBACK}\"]"),
        ),
        client(
            PROVING,
            "authentication = \"client_secret_basic\"\nproofs = \"required\"",
        ),
        client(
            SERVICE,
            "authentication = \"client_secret_basic\"\nintrospection = \"all_tokens\"",
        ),
    ];
    Fixture::start_with_clients(&clients.concat()).await
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// How a request says who asks.
#[derive(Debug, Clone, Copy)]
enum Who<'a> {
    Named(&'a str),
    Basic(&'a str, &'a str),
    Posted(&'a str, &'a str),
    Both(&'a str, &'a str),
}

async fn post(browser: &Browser, path: &str, who: Who<'_>, form: &[(&str, &str)]) -> Response {
    let mut form = form.to_vec();
    match who {
        Who::Named(id) => form.push(("client_id", id)),
        Who::Posted(id, secret) | Who::Both(id, secret) => {
            form.extend([("client_id", id), ("client_secret", secret)]);
        }
        Who::Basic(..) => {}
    }
    let request = browser.http.post(browser.url(path)).form(&form);
    with_header(request, who).send().await.unwrap()
}

fn with_header(request: RequestBuilder, who: Who<'_>) -> RequestBuilder {
    match who {
        Who::Basic(id, secret) | Who::Both(id, secret) => {
            request.basic_auth(encoded(id), Some(encoded(secret)))
        }
        Who::Named(_) | Who::Posted(..) => request,
    }
}

const OWN: Who<'static> = Who::Basic(CABINET, SECRET);

/// The code of a person who allowed the cabinet what it asks for.
async fn code(browser: &mut Browser) -> String {
    code_of(browser, CABINET, OWN).await
}

/// The same for another site.
async fn code_of(browser: &mut Browser, client: &str, who: Who<'_>) -> String {
    let form = authorize_form(&[("client_id", ""), ("redirect_uri", CALLBACK)]);
    let form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let pushed = post(browser, "/oauth2/par", who, &form).await;
    assert_eq!(pushed.status(), StatusCode::CREATED);
    let body: Value = pushed.json().await.unwrap();
    let uri = encoded(body["request_uri"].as_str().unwrap());
    let path = format!("/oauth2/authorize?client_id={client}&request_uri={uri}");
    let login = location(&browser.get(&path).await);
    let consent = browser.sign_in_at(&login).await;
    assert!(consent.html.contains("Кабинет"));
    assert!(consent.html.contains("Сайт просит доступ"));
    let answer = location(&browser.submit_consent(&consent, "allow").await);
    let query = answer.strip_prefix(&format!("{CALLBACK}?")).unwrap();
    let mut answer = url::form_urlencoded::parse(query.as_bytes());
    let (_, code) = answer.find(|(name, _)| name == "code").unwrap();
    code.into_owned()
}

async fn redeem(browser: &Browser, who: Who<'_>, code: &str) -> Response {
    let form = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("code", code),
    ];
    post(browser, "/oauth2/token", who, &form).await
}

async fn refresh(browser: &Browser, who: Who<'_>, token: &str) -> Response {
    let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
    post(browser, "/oauth2/token", who, &form).await
}

#[tokio::test]
async fn op_53_a_client_authenticates_in_the_one_way_that_it_is_registered_for() {
    let fixture = fixture().await;
    let browser = fixture.browser();
    for (who, error) in [
        (Who::Basic(CABINET, SECRET), "invalid_grant"),
        (Who::Posted(POSTING, SECRET), "invalid_grant"),
        (Who::Named("edinyi-klient-desktop"), "invalid_grant"),
        (Who::Posted(CABINET, SECRET), "invalid_client"),
        (Who::Basic(POSTING, SECRET), "invalid_client"),
        (
            Who::Basic("edinyi-klient-desktop", SECRET),
            "invalid_client",
        ),
        (
            Who::Posted("edinyi-klient-desktop", SECRET),
            "invalid_client",
        ),
        (Who::Basic(CABINET, "guessed"), "invalid_client"),
        (Who::Basic(CABINET, ""), "invalid_client"),
        (Who::Basic("stranger", SECRET), "invalid_client"),
        (Who::Posted(POSTING, "guessed"), "invalid_client"),
        (Who::Named(CABINET), "invalid_client"),
        (Who::Named(POSTING), "invalid_client"),
        (Who::Both(CABINET, SECRET), "invalid_request"),
    ] {
        let response = redeem(&browser, who, "unknown").await;
        if error == "invalid_client" {
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{who:?}");
            assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Basic");
        }
        assert_eq!(oauth_error(response).await, error, "{who:?}");
    }
    let other = [("client_id", POSTING), ("grant_type", "refresh_token")];
    let response = post(&browser, "/oauth2/token", OWN, &other).await;
    assert_eq!(oauth_error(response).await, "invalid_client");
}

#[tokio::test]
async fn op_53_a_client_with_a_secret_signs_a_person_in_and_refreshes() {
    let fixture = fixture().await;
    let mut browser = fixture.browser();
    let code = code(&mut browser).await;
    let tokens = Tokens::of(redeem(&browser, OWN, &code).await).await;
    let next = Tokens::of(refresh(&browser, OWN, &tokens.refresh).await).await;
    for who in refused([
        Who::Named("edinyi-klient-desktop"),
        Who::Posted(POSTING, SECRET),
    ]) {
        let foreign = refresh(&browser, who, &next.refresh).await;
        assert_eq!(oauth_error(foreign).await, "invalid_grant", "{who:?}");
    }
    // Its secret guards its refresh tokens, so its key may change (RFC 9449 §5).
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", next.refresh.as_str()),
    ];
    let prover = Prover::new(&fixture, &browser).await;
    let proof = prover
        .draft("POST", "/oauth2/token", None)
        .sign(&prover.key);
    let request = browser.http.post(browser.url("/oauth2/token")).form(&form);
    let request = with_header(request, OWN).header("dpop", proof);
    let body: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(body["token_type"], "DPoP");
    let unbound = body["refresh_token"].as_str().unwrap();
    Tokens::of(refresh(&browser, OWN, unbound).await).await;
}

#[tokio::test]
async fn op_53_a_client_that_posts_its_secret_signs_a_person_in_and_refreshes() {
    let fixture = fixture().await;
    let mut browser = fixture.browser();
    let who = Who::Posted(POSTING, SECRET);
    let code = code_of(&mut browser, POSTING, who).await;
    let tokens = Tokens::of(redeem(&browser, who, &code).await).await;
    Tokens::of(refresh(&browser, who, &tokens.refresh).await).await;
}

#[tokio::test]
async fn op_44_a_code_is_of_no_use_to_another_client() {
    let fixture = fixture().await;
    let mut browser = fixture.browser();
    for who in refused([
        Who::Posted(POSTING, SECRET),
        Who::Named("edinyi-klient-desktop"),
    ]) {
        let code = code(&mut browser).await;
        let stolen = redeem(&browser, who, &code).await;
        assert_eq!(oauth_error(stolen).await, "invalid_grant", "{who:?}");
        browser = fixture.browser();
    }
    let code = code(&mut browser).await;
    Tokens::of(redeem(&browser, OWN, &code).await).await;
}

#[tokio::test]
async fn op_61_a_client_that_must_prove_its_key_gets_nothing_without() {
    let fixture = fixture().await;
    let browser = fixture.browser();
    let who = Who::Basic(PROVING, SECRET);
    for answer in [
        redeem(&browser, who, "any").await,
        refresh(&browser, who, "any").await,
    ] {
        assert_eq!(oauth_error(answer).await, "invalid_dpop_proof");
    }
}

#[tokio::test]
async fn op_32_a_client_that_must_push_its_requests_gets_nowhere_without() {
    let fixture = fixture().await;
    let form = authorize_form(&[("client_id", CABINET), ("redirect_uri", CALLBACK)]);
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let path = format!("/oauth2/authorize?{query}");
    let answer = location(&fixture.browser().get(&path).await);
    assert!(answer.starts_with(&format!("{CALLBACK}?error=invalid_request&")));
}

async fn introspect(browser: &Browser, who: Who<'_>, token: &str) -> Value {
    let response = post(browser, "/oauth2/introspect", who, &[("token", token)]).await;
    assert_eq!(response.status(), StatusCode::OK, "{who:?}");
    response.json().await.unwrap()
}

#[tokio::test]
async fn op_54_a_service_learns_what_a_token_gives_and_others_only_of_their_own() {
    let fixture = fixture().await;
    let mut browser = fixture.browser();
    let own = code(&mut browser).await;
    let own = Tokens::of(redeem(&browser, OWN, &own).await).await;
    let mut desktop = fixture.browser();
    let desktop_code = desktop.obtain_code(&[]).await;
    let prover = Prover::new(&fixture, &desktop).await;
    let bound: Value = prover.redeem(&desktop_code).await.json().await.unwrap();
    let bound = bound["access_token"].as_str().unwrap();
    let service = Who::Basic(SERVICE, SECRET);
    let expected = json!({
        "active": true,
        "iss": fixture.running.issuer(),
        "sub": "demo-anna",
        "client_id": CABINET,
        "scope": SCOPE,
        "exp": uc_portal::PortalClock::now(&*fixture.clock).as_second() + 300,
        "token_type": "Bearer",
    });
    assert_eq!(introspect(&browser, OWN, &own.access).await, expected);
    assert_eq!(introspect(&browser, service, &own.access).await, expected);
    let of_desktop = introspect(&browser, service, bound).await;
    assert_eq!(of_desktop["token_type"], "DPoP");
    assert_eq!(of_desktop["cnf"], json!({"jkt": prover.key.thumbprint()}));
    let nothing = json!({"active": false});
    for (who, token) in refused([
        (OWN, bound),
        (service, "unknown"),
        (service, own.refresh.as_str()),
        (Who::Posted(POSTING, SECRET), own.access.as_str()),
    ]) {
        assert_eq!(introspect(&browser, who, token).await, nothing, "{who:?}");
    }
    let revoked = [("token", own.access.as_str())];
    let revoked = post(&browser, "/oauth2/revoke", OWN, &revoked).await;
    assert_eq!(revoked.status(), StatusCode::OK);
    assert_eq!(introspect(&browser, service, &own.access).await, nothing);
    fixture.advance(300);
    assert_eq!(introspect(&browser, service, bound).await, nothing);
}

#[tokio::test]
async fn op_54_nobody_without_a_secret_introspects() {
    let fixture = fixture().await;
    let (browser, tokens) = fixture.signed_in().await;
    let token = [("token", tokens.access.as_str())];
    for who in refused([
        Who::Named("edinyi-klient-desktop"),
        Who::Named(SERVICE),
        Who::Basic(SERVICE, "guessed"),
    ]) {
        let response = post(&browser, "/oauth2/introspect", who, &token).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{who:?}");
        assert_eq!(oauth_error(response).await, "invalid_client");
    }
    let service = Who::Basic(SERVICE, SECRET);
    let nothing = post(&browser, "/oauth2/introspect", service, &[]).await;
    assert_eq!(oauth_error(nothing).await, "invalid_request");
}
