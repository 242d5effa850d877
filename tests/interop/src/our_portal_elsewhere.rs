//! Our portal as the client of a provider that others wrote: persons sign in there and are known here.

#![expect(
    clippy::print_stdout,
    reason = "which version judged belongs into the report of the run"
)]

use std::{fs, path::Path, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tempfile::TempDir;
use uc_core::ports::{Http, Limits};
use uc_platform::{PortalSettings, RustlsHttp};
use uc_portal::{Config, RunningPortal, Times, oidc::DESKTOP_CLIENT};
use uc_testkit::{ManualClock, Person, app::begin};
use url::{Url, form_urlencoded};

use crate::{
    forms::Answers,
    judges::Judges,
    provider::{Demands, OidcProvider, Requests, Tokens},
    walk::Walker,
};

const SECRET: &str = "a secret of the judge's own client, with / and +";
const CALLBACK: &str = "http://127.0.0.1:50999/callback";
const VERIFIER: &str = "verifier-of-forty-three-characters-or-more-0";
/// S256 of it.
const CHALLENGE: &str = "mdhQp8YCBw_EZGgPOZFwdyJEnKl3-KEpQFm_nmqhpQQ";

/// The portal in this process, and npm `oidc-provider` as the provider that it calls `judge`.
struct Hearing {
    portal: RunningPortal,
    provider: OidcProvider,
    http: Arc<dyn Http>,
    _folder: TempDir,
}

impl Hearing {
    async fn open() -> Self {
        // Fails when another test of the process was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::new(begin());
        let config = config(folder.path(), &clock);
        // The provider registers the portal's address, which stays from one start to the next.
        let first = uc_portal::spawn(config.clone()).await.unwrap();
        let issuer = first.issuer().to_owned();
        first.stop().await;
        let judges = Judges::ensure_installed().unwrap();
        let demands = Demands {
            requests: Requests::InTheAddress,
            tokens: Tokens::Bearer,
        };
        let provider =
            OidcProvider::start_for(client(&issuer), &judges, folder.path(), &clock, demands)
                .await
                .unwrap();
        let portal = uc_portal::spawn(Config {
            identity_providers: Some(record(folder.path(), &provider)),
            ..config
        })
        .await
        .unwrap();
        assert_eq!(portal.issuer(), issuer);
        Self {
            http: trusting_both(folder.path(), &portal, &provider),
            portal,
            provider,
            _folder: folder,
        }
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.portal.issuer())
    }

    /// Through the provider's pages, by the button on the sign-in page, until the portal goes on at `home`.
    async fn sign_in_elsewhere(&self, walker: &mut Walker, home: &str) -> Url {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("response_type", "code"),
                ("client_id", DESKTOP_CLIENT),
                ("redirect_uri", CALLBACK),
                ("scope", "openid profile"),
                ("state", "state"),
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "S256"),
            ])
            .finish();
        let login = self.address("/login?");
        let begin = self.address(&format!("/oauth2/authorize?{query}"));
        let page = walk(walker, &begin, &Answers::new(), &login).await;
        let flow = page.query().unwrap();
        let button = self.address(&format!("/login/to/judge?{flow}"));
        walk(walker, &button, &at_the_judge(), home).await
    }

    /// Who the person is, by the ID token that the portal gives for the code.
    async fn claims(&self, callback: &Url) -> Value {
        let code = callback.query_pairs().find(|pair| pair.0 == "code");
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("grant_type", "authorization_code"),
                ("client_id", DESKTOP_CLIENT),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
                ("code", &code.unwrap().1),
            ])
            .finish();
        let request = Request::post(self.address("/oauth2/token"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.into_bytes())
            .unwrap();
        let response = self.http.send(request, Limits::ANSWER).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let tokens: Value = serde_json::from_slice(response.body()).unwrap();
        let claims = tokens["id_token"].as_str().unwrap().split('.').nth(1);
        let claims = URL_SAFE_NO_PAD.decode(claims.unwrap()).unwrap();
        serde_json::from_slice(&claims).unwrap()
    }
}

fn config(folder: &Path, clock: &ManualClock) -> Config {
    let times = Times::Given(Arc::new(clock.clone()));
    Config::demo(folder.join("portal"), times)
}

/// The portal, as a provider would register it.
fn client(issuer: &str) -> Value {
    json!({
        "client_id": "city-portal",
        "client_secret": SECRET,
        "token_endpoint_auth_method": "client_secret_basic",
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "redirect_uris": [format!("{issuer}/login/from/judge")],
        "id_token_signed_response_alg": "ES256",
    })
}

/// The provider, as the portal's operator would write it down.
fn record(folder: &Path, provider: &OidcProvider) -> std::path::PathBuf {
    fs::write(folder.join("judge.secret"), SECRET).unwrap();
    let file = folder.join("identity-providers.toml");
    let (issuer, authority) = (&provider.issuer, provider.authority.display());
    let text = format!(
        r#"
        [[identity_provider]]
        id = "judge"
        issuer = "{issuer}"
        client_id = "city-portal"
        authentication = "client_secret_basic"
        secret_file = "judge.secret"
        authority = '{authority}'
        scopes = ["profile"]
        name = {{ ru = "Судья", en = "Judge" }}
        trust = "one_factor"
        "#
    );
    fs::write(&file, text).unwrap();
    file
}

/// A browser's network: both certificates are good.
fn trusting_both(folder: &Path, portal: &RunningPortal, provider: &OidcProvider) -> Arc<dyn Http> {
    let both = folder.join("both.pem");
    let judge = fs::read_to_string(&provider.authority).unwrap();
    fs::write(&both, format!("{}{judge}", portal.ca_pem())).unwrap();
    let settings = PortalSettings::new(portal.issuer(), Some(&both)).unwrap();
    Arc::new(RustlsHttp::new(&settings).unwrap())
}

async fn walk(walker: &mut Walker, from: &str, answers: &Answers, home: &str) -> Url {
    let from = Url::parse(from).unwrap();
    walker.walk(from, answers, home).await.unwrap()
}

/// What the provider's own pages for trying out ask.
fn at_the_judge() -> Answers {
    [
        ("login", "resident"),
        ("password", "any"),
        ("action", "allow"),
    ]
    .map(|(field, answer)| (field, answer.to_owned()))
    .into()
}

fn at_the_portal() -> Answers {
    let Person::Allows { login, password } = Person::anna() else {
        unreachable!("the first demo citizen allows");
    };
    [
        ("login", login),
        ("password", password),
        ("action", "allow".to_owned()),
    ]
    .into()
}

#[tokio::test]
async fn auth_11_npm_oidc_provider_is_an_upstream_of_the_portal() {
    let mut hearing = Hearing::open().await;
    println!("judge: {}", hearing.provider.judge);
    let mut first = Walker::new(Arc::clone(&hearing.http));
    let login = hearing.address("/login?");
    let stranger = hearing.sign_in_elsewhere(&mut first, &login).await;
    let linked = walk(&mut first, stranger.as_str(), &at_the_portal(), CALLBACK).await;
    let by_password = hearing.claims(&linked).await;
    let mut second = Walker::new(Arc::clone(&hearing.http));
    let known = hearing.sign_in_elsewhere(&mut second, CALLBACK).await;
    let elsewhere = hearing.claims(&known).await;
    assert_eq!(elsewhere["sub"], by_password["sub"]);
    assert_eq!(by_password["amr"], json!(["pwd"]));
    assert_eq!(elsewhere["amr"], Value::Null);
    let events = hearing.provider.events().await.unwrap();
    let count = |name: &str| events.iter().filter(|event| *event == name).count();
    assert_eq!(count("authorization_code.consumed"), 2, "{events:?}");
    assert_eq!(count("grant.success"), 2, "{events:?}");
    assert_eq!(
        count("grant.error") + count("server_error"),
        0,
        "{events:?}"
    );
}
