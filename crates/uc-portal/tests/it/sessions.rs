//! Where a person is signed in, and the history of their account, as a client of theirs sees them.

use reqwest::{Method, Response, StatusCode};
use uc_portal::{
    accounts::{CoarseAddress, DeviceName},
    journal::{AuthEvent, GrantEnd},
};
use uc_portal_api::{
    DeviceSystem, EndOtherSessions, EndSession, Endpoint, FetchSessions, FetchSignIns,
    NewDeviceName, RenameDevice, SIGN_INS_PAGE, Session, SessionKind, Sessions, SignInEvent,
    SignIns, path,
};

use crate::{
    harness::{Browser, Fixture, PHONE, SCOPE, Tokens, oauth_error, problem, refused},
    journal::journal,
};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0";

/// A client on a device of its own, which may look after sessions.
struct Client {
    browser: Browser,
    tokens: Tokens,
}

impl Client {
    async fn start(fixture: &Fixture, agent: &str) -> Self {
        let mut browser = fixture.browser();
        let ca = fixture.running.ca_pem();
        browser.http = reqwest::Client::builder()
            .tls_certs_only([reqwest::Certificate::from_pem(ca.as_bytes()).unwrap()])
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(agent)
            .build()
            .unwrap();
        let scope = format!("{SCOPE} sessions");
        let code = browser.obtain_code(&[("scope", &scope)]).await;
        let tokens = Tokens::of(browser.redeem(&code, &[]).await).await;
        Self { browser, tokens }
    }

    async fn call(&self, method: Method, path: &str) -> Response {
        let request = self.browser.http.request(method, self.browser.url(path));
        request
            .bearer_auth(&self.tokens.access)
            .send()
            .await
            .unwrap()
    }

    async fn sessions(&self) -> Vec<Session> {
        sessions(self.call(Method::GET, FetchSessions::PATH).await).await
    }

    async fn end(&self, session: &Session) -> Response {
        let path = path::<EndSession>(&session.id.to_string());
        self.call(Method::POST, &path).await
    }

    async fn history(&self, before: Option<&str>) -> SignIns {
        let path = before.map_or_else(
            || FetchSignIns::PATH.to_owned(),
            |before| format!("{}?before={before}", FetchSignIns::PATH),
        );
        let response = self.call(Method::GET, &path).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    }

    async fn is_signed_out(&self) -> bool {
        let access = self.browser.api("/v1/profile", &self.tokens.access).await;
        if access.status() == StatusCode::OK {
            return false;
        }
        assert_eq!(problem(access).await, "unauthorized");
        let refresh = self.browser.refresh(&self.tokens.refresh).await;
        assert_eq!(oauth_error(refresh).await, "invalid_grant");
        true
    }
}

async fn sessions(response: Response) -> Vec<Session> {
    assert_eq!(response.status(), StatusCode::OK);
    let sessions: Sessions = response.json().await.unwrap();
    sessions.sessions
}

fn of_device<'a>(sessions: &'a [Session], name: &str, kind: &SessionKind) -> &'a Session {
    let mut found = sessions.iter().filter(|session| {
        session.kind == *kind && session.device.as_ref().is_some_and(|it| it.name == name)
    });
    let session = found.next().unwrap();
    assert!(found.next().is_none());
    session
}

#[tokio::test]
async fn auth_10_a_person_sees_apps_and_browsers_and_which_asks() {
    let fixture = Fixture::start().await;
    let first = Client::start(&fixture, FIREFOX).await;
    fixture.advance(60);
    let second = Client::start(&fixture, EDGE).await;
    let sessions = first.sessions().await;
    assert_eq!(sessions.len(), 4);
    assert!(sessions[0].is_current && !sessions[1..].iter().any(|session| session.is_current));
    assert_eq!(sessions[0].kind, SessionKind::App);
    let own = sessions[0].device.as_ref().unwrap();
    assert_eq!(
        (&*own.name, own.system),
        ("Firefox, Linux", DeviceSystem::Linux)
    );
    let other = of_device(&sessions, "Edge, Windows", &SessionKind::App);
    assert_eq!(other.device.as_ref().unwrap().system, DeviceSystem::Windows);
    assert_eq!(other.signed_in_at.to_string(), "2026-03-02T09:01:00Z");
    of_device(&sessions, "Edge, Windows", &SessionKind::Browser);
    assert!(second.sessions().await[0].id == other.id);
}

#[tokio::test]
async fn auth_10_a_device_has_the_name_that_its_person_gives_it() {
    let fixture = Fixture::start().await;
    let first = Client::start(&fixture, FIREFOX).await;
    let second = Client::start(&fixture, EDGE).await;
    let other = of_device(&first.sessions().await, "Edge, Windows", &SessionKind::App).id;
    let name = |client: &Client, id: &str, name: &str| {
        let url = client.browser.url(&path::<RenameDevice>(id));
        let request = client
            .browser
            .http
            .put(url)
            .bearer_auth(&client.tokens.access);
        request
            .json(&NewDeviceName {
                name: name.to_owned(),
            })
            .send()
    };
    let named = name(&first, &other.to_string(), "  Ноутбук\u{7} дома ").await;
    let named = sessions(named.unwrap()).await;
    of_device(&named, "Ноутбук дома", &SessionKind::App);
    of_device(&named, "Ноутбук дома", &SessionKind::Browser);
    of_device(&named, "Firefox, Linux", &SessionKind::App);
    assert_eq!(
        second.sessions().await[0].device.as_ref().unwrap().name,
        "Ноутбук дома"
    );
    let store = &fixture.running.portal().store;
    let strange = DeviceName::typed("чужое").unwrap();
    let renamed = store.rename_device("demo-timur".parse().unwrap(), other, strange);
    assert!(!renamed.await.unwrap());
    for (id, text, code) in refused([
        (other.to_string(), " \u{7} ", "bad_request"),
        (uuid::Uuid::nil().to_string(), "имя", "not_found"),
        ("..".to_owned(), "имя", "not_found"),
    ]) {
        assert_eq!(problem(name(&first, &id, text).await.unwrap()).await, code);
    }
}

#[tokio::test]
async fn auth_10_a_refresh_is_a_use() {
    let fixture = Fixture::start().await;
    let mut client = Client::start(&fixture, FIREFOX).await;
    fixture.advance(3600);
    client.tokens = Tokens::of(client.browser.refresh(&client.tokens.refresh).await).await;
    let own = client.sessions().await.remove(0);
    assert_eq!(own.signed_in_at.to_string(), "2026-03-02T09:00:00Z");
    assert_eq!(own.last_used_at.to_string(), "2026-03-02T10:00:00Z");
    // The browser's own session is over by then, the app's is not.
    fixture.advance(12 * 3600);
    client.tokens = Tokens::of(client.browser.refresh(&client.tokens.refresh).await).await;
    let left = client.sessions().await;
    assert!(left.len() == 1 && left[0].id == own.id);
}

#[tokio::test]
async fn auth_10_an_ended_session_is_worth_nothing_at_once() {
    let fixture = Fixture::start().await;
    let own = Client::start(&fixture, FIREFOX).await;
    let mut lost = Client::start(&fixture, EDGE).await;
    let open = own.sessions().await;
    let session = of_device(&open, "Edge, Windows", &SessionKind::App);
    let left = sessions(own.end(session).await).await;
    assert_eq!(left.len(), 2);
    assert!(lost.is_signed_out().await && !own.is_signed_out().await);
    // Nor does the browser there let anybody in without the password.
    assert!(lost.browser.authorize(&[]).await.starts_with("/login?"));
    let entries = journal(&fixture).await;
    let ended = |event: &AuthEvent| {
        let end = GrantEnd::ByPerson;
        matches!(event, AuthEvent::GrantEnded { end: this, .. } if *this == end)
    };
    let entry = entries.iter().find(|entry| ended(&entry.event)).unwrap();
    assert_eq!(entry.address, CoarseAddress::read("127.0.0.0/24"));
    assert!(entry.device.is_some());
    // Again it changes nothing and is no error.
    let again = sessions(own.end(session).await).await;
    assert_eq!(again, left);
    assert_eq!(journal(&fixture).await.len(), entries.len());
}

#[tokio::test]
async fn auth_10_all_others_end_and_the_person_is_told() {
    let fixture = Fixture::start().await;
    let mut own = Client::start(&fixture, FIREFOX).await;
    let others = [
        Client::start(&fixture, EDGE).await,
        Client::start(&fixture, FIREFOX).await,
    ];
    let left = own.call(Method::POST, EndOtherSessions::PATH).await;
    let left = sessions(left).await;
    assert!(left.len() == 1 && left[0].is_current);
    for other in others {
        assert!(other.is_signed_out().await);
    }
    assert!(!own.is_signed_out().await);
    own.call(Method::POST, EndOtherSessions::PATH).await;
    let mailbox = async |browser: &mut Browser| browser.page("/demo/mailbox").await.html;
    let mut told = 0;
    for _ in 0..500 {
        let page = mailbox(&mut own.browser).await;
        told = page.matches("Входы завершены").count();
        if told > 0 {
            break;
        }
    }
    assert_eq!(told, 1);
}

#[tokio::test]
async fn auth_10_another_persons_session_is_not_there() {
    let fixture = Fixture::start().await;
    let own = Client::start(&fixture, FIREFOX).await;
    let session = own.sessions().await.remove(0);
    let mut stranger = fixture.browser();
    let scope = format!("{SCOPE} sessions");
    let login = stranger.authorize(&[("scope", &scope)]).await;
    let form = stranger.page(&login).await;
    let (login, password) = ("timur@example.org", "берег-фонарь-77");
    let consent = crate::harness::location(&stranger.submit_login(&form, login, password).await);
    let form = stranger.page(&consent).await;
    let answer = stranger.submit_consent(&form, "allow").await;
    let code = crate::harness::callback(&crate::harness::location(&answer))["code"].clone();
    let tokens = Tokens::of(stranger.redeem(&code, &[]).await).await;
    let other = Client {
        browser: stranger,
        tokens,
    };
    assert_eq!(problem(other.end(&session).await).await, "not_found");
    let nonsense = other.call(Method::POST, &path::<EndSession>("all")).await;
    assert_eq!(problem(nonsense).await, "not_found");
    sessions(other.call(Method::POST, EndOtherSessions::PATH).await).await;
    assert!(!own.is_signed_out().await);
}

#[tokio::test]
async fn auth_10_a_client_without_the_scope_sees_and_ends_nothing() {
    let fixture = Fixture::start().await;
    let (browser, tokens) = fixture.signed_in().await;
    let client = Client { browser, tokens };
    for (method, path) in [
        (Method::GET, FetchSessions::PATH.to_owned()),
        (Method::GET, FetchSignIns::PATH.to_owned()),
        (Method::POST, EndOtherSessions::PATH.to_owned()),
        (Method::POST, path::<EndSession>("0")),
    ] {
        let refused = client.call(method, &path).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn auth_10_the_history_tells_what_was_refused_and_what_was_not() {
    let fixture = Fixture::start().await;
    let own = Client::start(&fixture, FIREFOX).await;
    fixture.advance(60);
    let mut guesser = fixture.browser();
    let login = guesser.authorize(&[]).await;
    let form = guesser.page(&login).await;
    guesser.submit_login(&form, PHONE, "неверный").await;
    let history = own.history(None).await;
    let events: Vec<(SignInEvent, bool)> = history
        .entries
        .iter()
        .map(|entry| (entry.event, entry.succeeded))
        .collect();
    assert_eq!(
        events,
        [
            (SignInEvent::PasswordRefused, false),
            (SignInEvent::AccessAllowed, true),
            (SignInEvent::SignedIn, true),
            (SignInEvent::NewDevice, true),
        ]
    );
    let [refused, _, signed_in, _] = &history.entries[..] else {
        panic!("four entries");
    };
    assert!(refused.device.is_none() && refused.at > signed_in.at);
    assert_eq!(signed_in.device.as_ref().unwrap().name, "Firefox, Linux");
    assert_eq!(signed_in.address.as_deref(), Some("127.0.0.0/24"));
    assert!(history.next.is_none());
}

#[tokio::test]
async fn auth_10_the_history_is_read_page_by_page() {
    let fixture = Fixture::start().await;
    let mut own = Client::start(&fixture, FIREFOX).await;
    let mut count = 3;
    while count <= SIGN_INS_PAGE {
        own.browser.cookies.remove("__Host-session");
        own.browser.obtain_code(&[]).await;
        count += 2;
    }
    let newest = own.history(None).await;
    assert_eq!(newest.entries.len(), SIGN_INS_PAGE);
    let next = newest.next.unwrap();
    let oldest = own.history(Some(&next)).await;
    assert_eq!(oldest.entries.len(), count - SIGN_INS_PAGE);
    assert!(oldest.next.is_none());
    assert_eq!(oldest.entries.last().unwrap().event, SignInEvent::NewDevice);
    let path = format!("{}?before=another.7", FetchSignIns::PATH);
    let strange = own.call(Method::GET, &path).await;
    assert_eq!(problem(strange).await, "cursor_gone");
}
