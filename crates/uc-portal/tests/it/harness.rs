use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use reqwest::{Certificate, Response, StatusCode, header, multipart::Form, redirect::Policy};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use uc_portal::{Config, ManualClock, RunningPortal, Times, oidc::DESKTOP_CLIENT, passwords::Cost};
use url::Url;

pub(crate) const PHONE: &str = "+79000000001";
pub(crate) const PASSWORD: &str = "сирень-маяк-42";
pub(crate) const REDIRECT: &str = "http://127.0.0.1:50999/callback";
pub(crate) const VERIFIER: &str = "verifier-of-forty-three-characters-or-more-0";
pub(crate) const SCOPE: &str = "openid profile email phone offline_access applications";
/// The file of identity providers.
pub(crate) const PROVIDERS: &str = "identity-providers.toml";
/// The folder of the catalogue, where it is not the portal's own.
pub(crate) const CATALOGUE: &str = "catalogue";
/// The file of clients.
const CLIENTS: &str = "clients.toml";

/// A portal with a clock that stands, in this process.
pub(crate) struct Fixture {
    pub(crate) running: RunningPortal,
    pub(crate) clock: Arc<ManualClock>,
    dir: TempDir,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        Self::start_with("", |config| config).await
    }

    /// With a file of clients.
    pub(crate) async fn start_with_clients(clients: &str) -> Self {
        Self::start_with(clients, |config| config).await
    }

    /// With a file of clients, and something else of its own.
    pub(crate) async fn start_with(
        clients: &str,
        change: impl FnOnce(Config) -> Config + Send,
    ) -> Self {
        let put = |dir: &Path| std::fs::write(dir.join(CLIENTS), clients).unwrap();
        Self::start_from(&clock(), put, change).await
    }

    /// With files that are put into its directory before it starts.
    pub(crate) async fn start_with_files(
        clock: &Arc<ManualClock>,
        put: impl FnOnce(&Path) + Send,
    ) -> Self {
        Self::start_from(clock, put, |config| config).await
    }

    async fn start_from(
        clock: &Arc<ManualClock>,
        put: impl FnOnce(&Path) + Send,
        change: impl FnOnce(Config) -> Config + Send,
    ) -> Self {
        let clock = Arc::clone(clock);
        let dir = tempfile::tempdir().unwrap();
        put(dir.path());
        let running = spawn(change(config(dir.path(), &clock))).await;
        Self {
            running,
            clock,
            dir,
        }
    }

    pub(crate) async fn restart(self) -> Self {
        let Self {
            running,
            clock,
            dir,
        } = self;
        running.stop().await;
        let running = spawn(config(dir.path(), &clock)).await;
        Self {
            running,
            clock,
            dir,
        }
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.running.issuer(), self.running.ca_pem())
    }

    /// A browser signed in and the tokens of a client allowed by it.
    pub(crate) async fn signed_in(&self) -> (Browser, Tokens) {
        let mut browser = self.browser();
        let tokens = browser.obtain_tokens().await;
        (browser, tokens)
    }
}

/// A clock that stands where the tests begin.
pub(crate) fn clock() -> Arc<ManualClock> {
    let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    Arc::new(ManualClock::new(now))
}

fn config(dir: &Path, clock: &Arc<ManualClock>) -> Config {
    // Another test of the process may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Config {
        clients: file(dir, CLIENTS),
        catalogue: file(dir, CATALOGUE),
        identity_providers: file(dir, PROVIDERS),
        password_cost: Cost::new(64, 1),
        ..Config::demo(dir.to_owned(), Times::Given(Arc::clone(clock) as _))
    }
}

async fn spawn(config: Config) -> RunningPortal {
    uc_portal::spawn(config).await.unwrap()
}

fn file(dir: &Path, name: &str) -> Option<PathBuf> {
    let path = dir.join(name);
    path.exists().then_some(path)
}

/// What the token endpoint gave.
#[derive(Debug, Clone)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) id: String,
}

impl Tokens {
    pub(crate) async fn of(response: Response) -> Self {
        assert_eq!(response.status(), StatusCode::OK);
        let body: Value = response.json().await.unwrap();
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        assert_eq!(body["token_type"], "Bearer");
        assert_eq!(body["expires_in"], 300);
        Self {
            access: text("access_token"),
            refresh: text("refresh_token"),
            id: text("id_token"),
        }
    }
}

/// The rows of a table of negative cases; tells how many there are, for whoever counts what was refused.
#[expect(clippy::print_stdout, reason = "the counter reads what tests print")]
pub(crate) fn refused<T, const N: usize>(rows: [T; N]) -> [T; N] {
    let thread = std::thread::current();
    println!("cases: {N} of {}", thread.name().unwrap_or_default());
    rows
}

/// A page's forms and where it came from.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) policy: String,
    pub(crate) html: String,
}

impl Page {
    /// The value of a form's hidden field.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let rest = self.html.split_once(&start).expect("the field").1;
        rest.split_once('"').unwrap().0.to_owned()
    }

    /// The page without what differs from one showing to the next.
    pub(crate) fn constant(&self) -> String {
        let mut html = self.html.clone();
        for name in ["flow", "csrf"] {
            html = html.replace(&self.hidden(name), "");
        }
        html
    }
}

/// A browser that shows us its redirects, and a client beside it.
pub(crate) struct Browser {
    pub(crate) base: Url,
    pub(crate) http: reqwest::Client,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) set_cookies: Vec<String>,
    pub(crate) language: &'static str,
}

impl Browser {
    pub(crate) fn new(issuer: &str, ca_pem: &str) -> Self {
        // Another test of the process may have installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let ca = Certificate::from_pem(ca_pem.as_bytes()).unwrap();
        let http = reqwest::Client::builder()
            .tls_certs_only([ca])
            .https_only(true)
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self {
            base: Url::parse(issuer).unwrap(),
            http,
            cookies: BTreeMap::new(),
            set_cookies: Vec::new(),
            language: "ru",
        }
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        self.base.join(path).unwrap()
    }

    pub(crate) async fn get(&mut self, path: &str) -> Response {
        let request = self.http.get(self.url(path));
        self.send(request).await
    }

    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Response {
        let request = self.http.post(self.url(path)).form(form);
        self.send(request).await
    }

    pub(crate) async fn post_parts(&mut self, path: &str, form: Form) -> Response {
        let request = self.http.post(self.url(path)).multipart(form);
        self.send(request).await
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Response {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let response = request
            .header(header::COOKIE, cookies.join("; "))
            .header(header::ACCEPT_LANGUAGE, self.language)
            .send()
            .await
            .unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            self.set_cookies.push(cookie.to_owned());
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        response
    }

    pub(crate) async fn page(&mut self, path: &str) -> Page {
        page(self.get(path).await).await
    }

    /// Begins a flow; the path of the page that the portal sends the browser to.
    pub(crate) async fn authorize(&mut self, changes: &[(&str, &str)]) -> String {
        location(&self.get(&authorize_path(changes)).await)
    }

    pub(crate) async fn submit_login(
        &mut self,
        page: &Page,
        login: &str,
        password: &str,
    ) -> Response {
        let (flow, csrf) = (page.hidden("flow"), page.hidden("csrf"));
        let form = [
            ("flow", flow.as_str()),
            ("csrf", &csrf),
            ("login", login),
            ("password", password),
        ];
        self.post("/login", &form).await
    }

    /// Gives a second factor.
    pub(crate) async fn submit_code(&mut self, page: &Page, code: &str) -> Response {
        let (flow, csrf) = (page.hidden("flow"), page.hidden("csrf"));
        let form = [("flow", flow.as_str()), ("csrf", &csrf), ("code", code)];
        self.post("/login/code", &form).await
    }

    pub(crate) async fn submit_consent(&mut self, page: &Page, action: &str) -> Response {
        let (flow, csrf) = (page.hidden("flow"), page.hidden("csrf"));
        let form = [("flow", flow.as_str()), ("csrf", &csrf), ("action", action)];
        self.post("/consent", &form).await
    }

    /// Signs in and comes to the consent page.
    pub(crate) async fn reach_consent(&mut self, changes: &[(&str, &str)]) -> Page {
        let login = self.authorize(changes).await;
        self.sign_in_at(&login).await
    }

    /// Signs in at a flow's page and comes to the consent page.
    pub(crate) async fn sign_in_at(&mut self, login: &str) -> Page {
        let page = self.page(login).await;
        let consent = location(&self.submit_login(&page, PHONE, PASSWORD).await);
        assert!(consent.starts_with("/consent?"), "{consent}");
        self.page(&consent).await
    }

    /// Signs in, allows, and takes the code to the redirect URI.
    pub(crate) async fn obtain_code(&mut self, changes: &[(&str, &str)]) -> String {
        let page = self.reach_consent(changes).await;
        let response = self.submit_consent(&page, "allow").await;
        let answer = callback(&location(&response));
        assert_eq!(answer["state"], "state-of-client");
        assert_eq!(answer["iss"], self.base.as_str().trim_end_matches('/'));
        answer["code"].clone()
    }

    pub(crate) async fn obtain_tokens(&mut self) -> Tokens {
        let code = self.obtain_code(&[]).await;
        Tokens::of(self.redeem(&code, &[]).await).await
    }

    /// The client's token request for a code.
    pub(crate) async fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> Response {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", DESKTOP_CLIENT),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("code", code),
        ];
        self.client_post("/oauth2/token", &changed(&form, changes))
            .await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Response {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", DESKTOP_CLIENT),
            ("refresh_token", token),
        ];
        self.client_post("/oauth2/token", &changed(&form, &[]))
            .await
    }

    pub(crate) async fn client_post(&self, path: &str, form: &[(String, String)]) -> Response {
        let request = self.http.post(self.url(path)).form(form);
        request.send().await.unwrap()
    }

    pub(crate) async fn api(&self, path: &str, access: &str) -> Response {
        let request = self.http.get(self.url(path)).bearer_auth(access);
        request.send().await.unwrap()
    }
}

/// A set of parameters with some replaced, added, or, when empty, removed.
pub(crate) fn changed(base: &[(&str, &str)], changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all: BTreeMap<&str, &str> = base.iter().copied().collect();
    all.extend(changes.iter().copied());
    all.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// What the client asks for.
pub(crate) fn authorize_form(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER.as_bytes()));
    let base = [
        ("response_type", "code"),
        ("client_id", DESKTOP_CLIENT),
        ("redirect_uri", REDIRECT),
        ("scope", SCOPE),
        ("state", "state-of-client"),
        ("nonce", "nonce-of-client"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    changed(&base, changes)
}

pub(crate) fn authorize_path(changes: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(authorize_form(changes))
        .finish();
    format!("/oauth2/authorize?{query}")
}

/// Where a 303 leads.
pub(crate) fn location(response: &Response) -> String {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let location = response.headers()[header::LOCATION].to_str().unwrap();
    location.to_owned()
}

/// The parameters of an answer to the redirect URI.
pub(crate) fn callback(location: &str) -> BTreeMap<String, String> {
    let (address, query) = location.split_once('?').unwrap();
    assert_eq!(address, REDIRECT);
    url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

pub(crate) async fn page(response: Response) -> Page {
    let policy = &response.headers()[header::CONTENT_SECURITY_POLICY];
    Page {
        status: response.status(),
        policy: policy.to_str().unwrap().to_owned(),
        html: response.text().await.unwrap(),
    }
}

/// The `error` of an OAuth answer.
pub(crate) async fn oauth_error(response: Response) -> String {
    assert!(response.status().is_client_error());
    let body: Value = response.json().await.unwrap();
    body["error"].as_str().unwrap().to_owned()
}

/// The `code` of a problem.
pub(crate) async fn problem(response: Response) -> String {
    let kind = response.headers()[header::CONTENT_TYPE].clone();
    assert_eq!(kind, "application/problem+json");
    let id = response.headers()["x-request-id"].clone();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["request_id"], id.to_str().unwrap());
    body["code"].as_str().unwrap().to_owned()
}
