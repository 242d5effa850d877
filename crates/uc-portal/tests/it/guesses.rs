//! Guessing: over the router itself, so that each guess may come from an address of its own.

use std::{net::Ipv4Addr, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use futures_util::{StreamExt, stream};
use tower::ServiceExt;
use uc_portal::{
    accounts::Peer,
    journal::{AuthEvent, JournalEntry},
};

use crate::{
    harness::{Fixture, PASSWORD, PHONE, authorize_path},
    journal::journal,
};

/// A browser of its own, at an address.
#[derive(Clone)]
struct Visitor {
    router: Router,
    from: Ipv4Addr,
    cookies: Vec<(String, String)>,
}

impl Visitor {
    fn new(fixture: &Fixture, from: Ipv4Addr) -> Self {
        Self {
            router: uc_portal::http::router(Arc::clone(fixture.running.portal())),
            from,
            cookies: Vec::new(),
        }
    }

    /// The same browser, at another address.
    fn at(&self, from: Ipv4Addr) -> Self {
        Self {
            from,
            ..self.clone()
        }
    }

    async fn send(&mut self, request: Request<Body>) -> Response {
        let (mut parts, body) = request.into_parts();
        parts.extensions.insert(Peer::new(self.from.into()));
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            let cookies = cookies.join("; ").parse().unwrap();
            parts.headers.insert(header::COOKIE, cookies);
        }
        let request = Request::from_parts(parts, body);
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        response
    }

    async fn begin(&mut self) -> Form {
        let request = Request::get(authorize_path(&[])).body(Body::empty());
        let response = self.send(request.unwrap()).await;
        let login = response.headers()[header::LOCATION].to_str().unwrap();
        let request = Request::get(login).body(Body::empty()).unwrap();
        let page = text(self.send(request).await).await;
        let hidden = |name: &str| {
            let (_, rest) = page
                .split_once(&format!("name=\"{name}\" value=\""))
                .unwrap();
            rest.split_once('"').unwrap().0.to_owned()
        };
        Form {
            flow: hidden("flow"),
            csrf: hidden("csrf"),
        }
    }

    async fn give(&mut self, form: &Form, login: &str, password: &str) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("flow", &form.flow)
            .append_pair("csrf", &form.csrf)
            .append_pair("login", login)
            .append_pair("password", password)
            .finish();
        let request = Request::post("/login")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    /// A whole try: a new flow, and this password.
    async fn try_password(&mut self, password: &str) -> StatusCode {
        let form = self.begin().await;
        self.give(&form, PHONE, password).await.status()
    }
}

#[derive(Clone)]
struct Form {
    flow: String,
    csrf: String,
}

async fn text(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await;
    String::from_utf8(bytes.unwrap().to_vec()).unwrap()
}

fn count(entries: &[JournalEntry], wanted: impl Fn(&AuthEvent) -> bool) -> usize {
    entries.iter().filter(|entry| wanted(&entry.event)).count()
}

const IN_ITS_HOME: Ipv4Addr = Ipv4Addr::new(127, 1, 1, 1);

/// As often as the longest pause lets one more through.
const ROUNDS: usize = 96;
const A_ROUND: usize = 105;
const GUESSES: usize = ROUNDS * A_ROUND;

/// 10,080 guesses in a day, addresses taking turns, 25 at a time from each round of the clock.
async fn flood(fixture: &Fixture, addresses: usize) -> Flood {
    let mut browser = Visitor::new(fixture, attacker(0));
    let mut flood = Flood::default();
    for round in 0..ROUNDS {
        if round > 0 {
            fixture.advance(24 * 3600 / ROUNDS as u64);
        }
        // A flow is open for ten minutes.
        let form = browser.begin().await;
        let guesses = stream::iter(0..A_ROUND).map(|place| {
            let place = round * A_ROUND + place;
            let mut visitor = browser.at(attacker(place % addresses));
            let (form, password) = (form.clone(), format!("guess-{place}"));
            async move { visitor.give(&form, PHONE, &password).await.status() }
        });
        let answers: Vec<StatusCode> = guesses.buffer_unordered(25).collect().await;
        for answer in answers {
            flood.add(answer);
        }
    }
    flood
}

fn attacker(place: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 7, 0, u8::try_from(place).unwrap())
}

#[derive(Debug, Default)]
struct Flood {
    compared: usize,
    turned_away: usize,
}

impl Flood {
    fn add(&mut self, answer: StatusCode) {
        match answer {
            StatusCode::UNPROCESSABLE_ENTITY => self.compared += 1,
            StatusCode::TOO_MANY_REQUESTS => self.turned_away += 1,
            other => panic!("answered {other}"),
        }
    }
}

async fn check_flood(addresses: usize) {
    let fixture = Fixture::start().await;
    let mut owner = Visitor::new(&fixture, IN_ITS_HOME);
    assert_eq!(owner.try_password(PASSWORD).await, StatusCode::SEE_OTHER);
    // What the attackers do would succeed if they guessed right.
    let mut control = Visitor::new(&fixture, attacker(0));
    assert_eq!(control.try_password(PASSWORD).await, StatusCode::SEE_OTHER);
    let flood = flood(&fixture, addresses).await;
    let entries = journal(&fixture).await;
    let refused = count(&entries, |event| {
        matches!(event, AuthEvent::PasswordRefused { .. })
    });
    let locked = count(&entries, |event| matches!(event, AuthEvent::Locked));
    let told = count(&entries, |event| matches!(event, AuthEvent::TurnedAway));
    assert_eq!(flood.compared + flood.turned_away, GUESSES);
    // The account's whole day, so that it is the limit that holds and not the pauses.
    assert_eq!((flood.compared, refused), (70, 70));
    assert!(locked > 0 && told > 0, "{locked} locks, {told} turned away");
    // A stranger is kept out even with the right password; the person's own browser is not.
    let mut stranger = Visitor::new(&fixture, Ipv4Addr::new(127, 8, 8, 8));
    assert_eq!(
        stranger.try_password(PASSWORD).await,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(owner.try_password(PASSWORD).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn au_01_ten_thousand_guesses_from_one_address_get_seventy_compared() {
    check_flood(1).await;
}

#[tokio::test]
async fn au_01_ten_thousand_guesses_from_two_hundred_addresses_get_no_more() {
    check_flood(200).await;
}

#[tokio::test]
async fn au_01_guesses_at_the_same_time_are_counted_one_by_one() {
    let fixture = Fixture::start().await;
    let mut visitor = Visitor::new(&fixture, Ipv4Addr::new(127, 9, 0, 1));
    let form = visitor.begin().await;
    let guesses = stream::iter(0..64).map(|_| {
        let (mut visitor, form) = (visitor.clone(), form.clone());
        async move { visitor.give(&form, PHONE, "неверный").await.status() }
    });
    let answers: Vec<StatusCode> = guesses.buffer_unordered(64).collect().await;
    let compared = answers
        .iter()
        .filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(compared.count(), 5);
}

#[tokio::test]
async fn au_02_an_attack_of_an_hour_does_not_keep_the_person_out() {
    let fixture = Fixture::start().await;
    let mut owner = Visitor::new(&fixture, IN_ITS_HOME);
    assert_eq!(owner.try_password(PASSWORD).await, StatusCode::SEE_OTHER);
    // From the owner's own address, and without rest.
    let mut attacker = Visitor::new(&fixture, IN_ITS_HOME);
    for _minute in 0..60 {
        let form = attacker.begin().await;
        for _ in 0..5 {
            attacker.give(&form, PHONE, "неверный").await;
        }
        assert_eq!(owner.try_password(PASSWORD).await, StatusCode::SEE_OTHER);
        fixture.advance(60);
    }
    assert_eq!(
        attacker.try_password(PASSWORD).await,
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[tokio::test]
async fn au_02_a_known_browser_has_an_allowance_not_a_licence() {
    let fixture = Fixture::start().await;
    let mut owner = Visitor::new(&fixture, IN_ITS_HOME);
    owner.try_password(PASSWORD).await;
    let mut compared = 0;
    for _ in 0..200 {
        if owner.try_password("неверный").await == StatusCode::UNPROCESSABLE_ENTITY {
            compared += 1;
        }
        fixture.advance(6 * 60);
    }
    assert_eq!(compared, 15);
    // A device cookie of one person opens nothing for guesses at another.
    let mut other = owner.clone();
    let form = other.begin().await;
    let answer = other.give(&form, "+79000000002", "неверный").await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn au_01_an_unknown_account_locks_like_a_known_one() {
    let mut answers = Vec::new();
    for login in [PHONE, "+79999999999", "nobody@example.org", "nobody"] {
        let fixture = Fixture::start().await;
        let mut visitor = Visitor::new(&fixture, Ipv4Addr::new(127, 9, 0, 2));
        let mut shown = Vec::new();
        for _ in 0..8 {
            let form = visitor.begin().await;
            let response = visitor.give(&form, login, "неверный").await;
            let status = response.status();
            let again = response.headers().get(header::RETRY_AFTER).cloned();
            let page = text(response).await;
            let page = page
                .replace(&form.flow, "")
                .replace(&form.csrf, "")
                .replace(login, "");
            shown.push((status, again, page));
        }
        answers.push(shown);
    }
    assert!(
        answers[0]
            .iter()
            .any(|(status, ..)| *status == StatusCode::TOO_MANY_REQUESTS)
    );
    assert!(answers.iter().all(|shown| *shown == answers[0]));
}

#[tokio::test]
async fn au_01_a_turned_away_guess_says_when_to_come_again() {
    let fixture = Fixture::start().await;
    let mut visitor = Visitor::new(&fixture, Ipv4Addr::new(127, 9, 0, 3));
    for _ in 0..5 {
        assert_eq!(
            visitor.try_password("неверный").await,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    let form = visitor.begin().await;
    let response = visitor.give(&form, PHONE, PASSWORD).await;
    assert_eq!(response.headers()[header::RETRY_AFTER], "10");
    assert!(text(response).await.contains("попробуйте через 1 мин"));
    fixture.advance(10);
    assert_eq!(visitor.try_password(PASSWORD).await, StatusCode::SEE_OTHER);
    // The right one ended the pauses.
    assert_eq!(
        visitor.try_password("неверный").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(visitor.try_password(PASSWORD).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn au_05_a_hash_follows_when_the_parameters_rise() {
    use uc_portal::{Config, Times, passwords::Cost};
    let dir = tempfile::tempdir().unwrap();
    let hash = async |cost: Cost| {
        let clock = uc_portal::ManualClock::new("2026-03-02T09:00:00Z".parse().unwrap());
        let config = Config {
            password_cost: cost,
            ..Config::demo(dir.path().to_owned(), Times::Given(Arc::new(clock)))
        };
        let running = uc_portal::spawn(config).await.unwrap();
        let mut browser = crate::harness::Browser::new(running.issuer(), running.ca_pem());
        browser.obtain_tokens().await;
        let name = uc_portal::store::LoginName::parse(PHONE);
        let account = running.portal().store.find_account(name).await.unwrap();
        let hash = account.unwrap().password_hash.expose().clone();
        running.stop().await;
        hash
    };
    let before = hash(Cost::LEAST).await;
    assert!(before.contains("t=2,"));
    let after = hash(Cost::new(19 * 1024, 3)).await;
    assert!(after.contains("t=3,"), "made anew at sign-in");
    assert_eq!(hash(Cost::LEAST).await, after, "never made weaker");
}
