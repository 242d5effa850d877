//! Clients that sign their requests: `private_key_jwt`.

use reqwest::Response;
use serde_json::{Value, json};
use uc_portal::PortalClock as _;

use crate::{
    harness::{Browser, Fixture, oauth_error, refused},
    proof_key::ProofKey,
};

const CABINET: &str = "signing-cabinet";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const TOKEN: &str = "/oauth2/token";

struct Signing {
    fixture: Fixture,
    browser: Browser,
    key: ProofKey,
    next: ProofKey,
}

impl Signing {
    async fn start() -> Self {
        let (key, next) = (ProofKey::new(), ProofKey::ed25519());
        let clients = format!(
            "[[client]]\nid = \"{CABINET}\"\nname = \"Кабинет\"\nauthentication = \"private_key_jwt\"\n{}{}\n\
             [[client]]\nid = \"secretive\"\nname = \"Кабинет\"\nauthentication = \"client_secret_post\"\n\
             secret_sha256 = \"{}\"\n",
            jwk(&key, "first"),
            jwk(&next, "second"),
            "0".repeat(64),
        );
        let fixture = Fixture::start_with_clients(&clients).await;
        let browser = fixture.browser();
        Self {
            fixture,
            browser,
            key,
            next,
        }
    }

    fn claims(&self) -> Value {
        let now = self.fixture.clock.now().as_second();
        json!({
            "iss": CABINET, "sub": CABINET, "aud": self.fixture.running.issuer(), "iat": now, "exp": now + 60,
            "jti": uuid::Uuid::now_v7().to_string(),
        })
    }

    fn assertion(&self, change: &Value) -> String {
        self.key.sign(
            &json!({"alg": "ES256", "kid": "first"}),
            &with(self.claims(), change),
        )
    }

    /// What the token endpoint says of the client: `invalid_grant` when it knows it.
    async fn answer(&self, assertion: &str, more: &[(&str, &str)]) -> String {
        oauth_error(self.post(assertion, more).await).await
    }

    async fn post(&self, assertion: &str, more: &[(&str, &str)]) -> Response {
        let form = [
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", assertion),
            ("grant_type", "refresh_token"),
            ("refresh_token", "unknown"),
        ];
        let url = self.browser.url(TOKEN);
        let request = self.browser.http.post(url).form(&[&form, more].concat());
        request.send().await.unwrap()
    }
}

fn jwk(key: &ProofKey, kid: &str) -> String {
    let members = key.jwk.as_object().unwrap().iter();
    let lines: Vec<String> = members
        .map(|(name, value)| format!("{name} = {value}\n"))
        .collect();
    let lines = lines.concat();
    format!("[[client.jwks.keys]]\nkid = \"{kid}\"\n{lines}")
}

fn with(mut claims: Value, change: &Value) -> Value {
    for (name, value) in change.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

#[tokio::test]
async fn op_53_a_client_signs_its_requests_with_either_of_its_keys() {
    let signing = Signing::start().await;
    let endpoint = signing.browser.url(TOKEN);
    for change in [
        json!({}),
        json!({"aud": endpoint}),
        json!({"aud": [signing.fixture.running.issuer()]}),
        json!({"iat": null}),
    ] {
        let assertion = signing.assertion(&change);
        assert_eq!(
            signing.answer(&assertion, &[]).await,
            "invalid_grant",
            "{change}"
        );
    }
    let header = json!({"alg": "EdDSA", "kid": "second"});
    let by_second = signing.next.sign(&header, &signing.claims());
    assert_eq!(
        signing.answer(&by_second, &[("client_id", CABINET)]).await,
        "invalid_grant"
    );
    let unnamed = signing
        .key
        .sign(&json!({"alg": "ES256"}), &signing.claims());
    assert_eq!(signing.answer(&unnamed, &[]).await, "invalid_grant");
}

#[tokio::test]
async fn op_53_an_assertion_that_is_not_for_us_now_and_for_the_first_time_is_refused() {
    let signing = Signing::start().await;
    let now = signing.fixture.clock.now().as_second();
    for change in refused([
        json!({"aud": "https://elsewhere.example"}),
        json!({"aud": [signing.fixture.running.issuer(), "https://elsewhere.example"]}),
        json!({"aud": null}),
        json!({"iss": "stranger"}),
        json!({"sub": "stranger"}),
        json!({"iss": "secretive", "sub": "secretive"}),
        json!({"iss": "edinyi-klient-desktop", "sub": "edinyi-klient-desktop"}),
        json!({"exp": now}),
        json!({"exp": now - 1}),
        json!({"exp": now + 3600}),
        json!({"exp": null}),
        json!({"iat": now + 120}),
        json!({"nbf": now + 120}),
        json!({"jti": null}),
        json!({"jti": ""}),
        json!({"jti": "x".repeat(257)}),
    ]) {
        let assertion = signing.assertion(&change);
        assert_eq!(
            signing.answer(&assertion, &[]).await,
            "invalid_client",
            "{change}"
        );
    }
    let once = signing.assertion(&json!({}));
    assert_eq!(signing.answer(&once, &[]).await, "invalid_grant");
    assert_eq!(signing.answer(&once, &[]).await, "invalid_client");
}

#[tokio::test]
async fn op_53_an_assertion_that_another_key_signed_is_refused() {
    let signing = Signing::start().await;
    let claims = signing.claims();
    let stranger = ProofKey::new();
    for (key, header) in refused([
        (&stranger, json!({"alg": "ES256", "kid": "first"})),
        (&stranger, json!({"alg": "ES256"})),
        (&signing.key, json!({"alg": "ES256", "kid": "second"})),
        (&signing.key, json!({"alg": "ES256", "kid": "third"})),
        (&signing.key, json!({"alg": "EdDSA", "kid": "first"})),
        (&signing.key, json!({"alg": "none"})),
        (&signing.key, json!({"alg": "HS256", "kid": "first"})),
        (
            &signing.key,
            json!({"alg": "ES256", "kid": "first", "crit": ["exp"]}),
        ),
    ]) {
        let assertion = key.sign(&header, &claims);
        assert_eq!(
            signing.answer(&assertion, &[]).await,
            "invalid_client",
            "{header}"
        );
    }
    let assertion = signing.assertion(&json!({}));
    let unsigned = &assertion[..=assertion.rfind('.').unwrap()];
    for assertion in [unsigned, "", "a.b.c", &"x".repeat(9_000)] {
        let answer = signing.answer(assertion, &[("client_id", CABINET)]).await;
        assert_eq!(answer, "invalid_client", "{assertion}");
    }
}

#[tokio::test]
async fn op_53_an_assertion_beside_another_way_is_no_way() {
    let signing = Signing::start().await;
    let assertion = signing.assertion(&json!({}));
    let secret = [("client_secret", "guessed")];
    assert_eq!(signing.answer(&assertion, &secret).await, "invalid_request");
    let named = [("client_id", "secretive")];
    assert_eq!(signing.answer(&assertion, &named).await, "invalid_client");
    let form = [
        ("client_assertion", assertion.as_str()),
        ("grant_type", "refresh_token"),
    ];
    let url = signing.browser.url(TOKEN);
    let untyped = signing
        .browser
        .http
        .post(url.clone())
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(oauth_error(untyped).await, "invalid_client");
    let known = signing.browser.http.post(url.clone()).form(&[
        ("client_id", CABINET),
        ("grant_type", "refresh_token"),
        ("refresh_token", "unknown"),
    ]);
    assert_eq!(
        oauth_error(known.send().await.unwrap()).await,
        "invalid_client"
    );
}
