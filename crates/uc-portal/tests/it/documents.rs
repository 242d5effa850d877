//! From the first paper to a confirmed account.

use reqwest::{
    Response, StatusCode, header,
    multipart::{Form, Part},
};
use serde_json::Value;
use uc_model::PersonId;
use uc_portal::{
    PortalClock,
    journal::AuthEvent,
    registry::{Change, HeldRole, Role},
};
use uc_portal_api::FeedChange;

use crate::{
    citizen::{Citizen, OTHER_PASSWORD, OTHER_PHONE},
    harness::{Browser, Fixture, PASSWORD, PHONE, Page, Tokens, location, page, refused},
    journal::journal,
    newcomer::{NEW_PASSWORD, NEW_PHONE, messages, refusal, registered},
    second_factor::{App, add_app, tokens_after},
};

const PHOTO: &[u8] = include_bytes!("../../src/files/clean/picture-with-place.jpg");
const DRAWING: &[u8] = include_bytes!("../../src/files/clean/picture-with-text.png");

/// What a newcomer says of their documents.
const PAPERS: [(&str, &str); 6] = [
    ("passport", "4510 654321"),
    ("issued_on", "21.06.2001"),
    ("issued_by", "ОВД «Вымышленное»"),
    ("division_code", "770001"),
    ("snils", "160-722-394 47"),
    ("inn", ""),
];

/// The same with one of them changed.
fn papers_with(name: &str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    let change = |(field, old)| (field, if field == name { value } else { old });
    PAPERS.into_iter().map(change).collect()
}

async fn give(browser: &mut Browser, papers: &[(&str, &str)]) -> Response {
    let csrf = browser.page("/documents/papers").await.hidden("csrf");
    let mut form = vec![("csrf", csrf.as_str())];
    form.extend(papers);
    browser.post("/documents/papers", &form).await
}

fn picture(bytes: &[u8]) -> Part {
    // Neither the name nor the kind is true, and neither is believed.
    let part = Part::bytes(bytes.to_vec()).file_name("../../etc/passwd");
    part.mime_str("text/html").unwrap()
}

async fn show(browser: &mut Browser, main: &[u8], registration: &[u8]) -> Response {
    let csrf = browser.page("/documents/scans").await.hidden("csrf");
    let form = Form::new()
        .text("csrf", csrf)
        .part("main", picture(main))
        .part("registration", picture(registration));
    browser.post_parts("/documents/scans", form).await
}

async fn send(browser: &mut Browser) -> Response {
    let csrf = browser.page("/documents").await.hidden("csrf");
    browser.post("/documents/send", &[("csrf", &csrf)]).await
}

/// Everything that is asked for.
async fn apply(browser: &mut Browser, papers: &[(&str, &str)]) {
    assert_eq!(location(&give(browser, papers).await), "/documents");
    assert_eq!(location(&show(browser, PHOTO, DRAWING).await), "/documents");
    assert_eq!(location(&send(browser).await), "/documents");
}

fn person(id: &str) -> PersonId {
    id.parse().unwrap()
}

async fn change(fixture: &Fixture, change: Change) {
    let store = &fixture.running.portal().store;
    let changed = store.change_registry(change, fixture.clock.now()).await;
    changed.unwrap().unwrap();
}

fn operator() -> HeldRole {
    HeldRole {
        person: person("demo-anna"),
        role: Role::Operator,
        until: None,
    }
}

/// An operator at the desk, with two factors.
async fn at_desk(fixture: &Fixture) -> (Browser, App) {
    change(fixture, Change::Give(operator())).await;
    let (mut browser, _tokens) = fixture.signed_in().await;
    let app = add_app(fixture, &mut browser, PASSWORD).await;
    enter_desk(fixture, &mut browser, &app).await;
    (browser, app)
}

async fn enter_desk(fixture: &Fixture, browser: &mut Browser, app: &App) {
    let login = location(&browser.get("/sign-in?to=desk").await);
    let form = browser.page(&login).await;
    let step = location(&browser.submit_login(&form, PHONE, PASSWORD).await);
    let asked = browser.page(&step).await;
    let admitted = browser.submit_code(&asked, &app.code(fixture)).await;
    let on = location(&browser.get(&location(&admitted)).await);
    assert_eq!(on, "/desk");
}

/// The way to the first that waits.
fn first(list: &Page) -> Option<String> {
    let (_, rest) = list.html.split_once("href=\"/desk/documents/")?;
    let id = rest.split_once('"')?.0;
    Some(format!("/desk/documents/{id}"))
}

async fn decide(browser: &mut Browser, proof: &str, action: &str, reason: &str) -> Response {
    let csrf = browser.page(proof).await.hidden("csrf");
    let form = [
        ("csrf", csrf.as_str()),
        ("action", action),
        ("reason", reason),
    ];
    browser.post(proof, &form).await
}

async fn profile(citizen: &Citizen) -> Value {
    citizen.get("/v1/profile").await.json().await.unwrap()
}

#[tokio::test]
async fn auth_01_an_operator_confirms_what_a_newcomer_says_and_shows() {
    let fixture = Fixture::start().await;
    let (mut newcomer, tokens) = registered(&fixture).await;
    let begun = newcomer.page("/documents").await.html;
    assert!(begun.contains("упрощённая") && !begun.contains("href=\"/documents/scans\""));
    apply(&mut newcomer, &PAPERS).await;
    let waiting = newcomer.page("/documents").await.html;
    assert!(waiting.contains("стандартная") && waiting.contains("на проверке"));
    let citizen = Citizen::of(newcomer, tokens);
    // What nobody has confirmed fills no form and opens no account.
    let standard = profile(&citizen).await;
    assert_eq!(standard["level"], "standard");
    assert_eq!(
        (&standard["snils"], &standard["passportNumber"]),
        (&Value::Null, &Value::Null)
    );

    let (mut operator, _app) = at_desk(&fixture).await;
    let proof = first(&operator.page("/desk").await).unwrap();
    let shown = operator.page(&proof).await;
    for said in [
        "Маркерова Злата",
        "14.02.1981",
        "4510 654321",
        "160-722-394 47",
    ] {
        assert!(shown.html.contains(said), "{said}");
    }
    assert!(shown.policy.contains("img-src 'self'"));
    let scan = operator.get(&format!("{proof}/main")).await;
    assert_eq!(scan.headers()[header::CONTENT_TYPE], "image/jpeg");
    assert_eq!(scan.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(
        scan.headers()[header::CONTENT_DISPOSITION]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );
    let scan = scan.bytes().await.unwrap();
    assert!(!scan.windows(9).any(|part| part == b"Markerova"));
    let before = messages(&fixture, NEW_PHONE, 2).await;
    assert_eq!(
        location(&decide(&mut operator, &proof, "confirm", "").await),
        "/desk"
    );
    assert!(first(&operator.page("/desk").await).is_none());

    let told = messages(&fixture, NEW_PHONE, before.len() + 1).await;
    assert!(told[0].contains("учётная запись подтверждена"));
    let confirmed = profile(&citizen).await;
    assert_eq!(confirmed["level"], "confirmed");
    assert_eq!(confirmed["snils"], "160-722-394 47");
    assert_eq!(confirmed["passportDivisionCode"], "770-001");
    let kinds: Vec<AuthEvent> = journal(&fixture)
        .await
        .into_iter()
        .map(|entry| entry.event)
        .collect();
    let by = person("demo-anna");
    assert!(kinds.contains(&AuthEvent::DocumentsOpened { by: by.clone() }));
    assert_eq!(kinds[0], AuthEvent::DocumentsConfirmed { by });
}

#[tokio::test]
async fn data_01_a_persons_devices_hear_of_a_new_level() {
    let fixture = Fixture::start().await;
    let (mut newcomer, tokens) = registered(&fixture).await;
    let citizen = Citizen::of(fixture.browser(), tokens);
    let mut heard = citizen.feed(None).await.next;
    apply(&mut newcomer, &PAPERS).await;
    for level in ["standard", "confirmed"] {
        let news = citizen.feed(Some(&heard)).await;
        let [FeedChange::Profile(known)] = &news.changes[..] else {
            panic!("{} changes", news.changes.len());
        };
        assert_eq!(known.level.as_str(), level);
        heard = news.next;
        if level == "standard" {
            let (mut operator, _app) = at_desk(&fixture).await;
            let proof = first(&operator.page("/desk").await).unwrap();
            decide(&mut operator, &proof, "confirm", "").await;
        }
    }
}

#[tokio::test]
async fn auth_01_a_confirmed_number_is_a_sign_in_name() {
    let fixture = Fixture::start().await;
    let (mut newcomer, _tokens) = registered(&fixture).await;
    apply(&mut newcomer, &PAPERS).await;
    let mut other = fixture.browser();
    let form = other.follow("/login").await;
    refusal(
        other
            .submit_login(&form, "160-722-394 47", NEW_PASSWORD)
            .await,
    )
    .await;
    let (mut operator, _app) = at_desk(&fixture).await;
    let proof = first(&operator.page("/desk").await).unwrap();
    decide(&mut operator, &proof, "confirm", "").await;
    let step = other
        .submit_login(&form, "160-722-394 47", NEW_PASSWORD)
        .await;
    assert!(location(&step).starts_with("/login/code?"));
}

#[tokio::test]
async fn auth_01_what_is_wrong_with_papers_is_said_beside_the_field() {
    let fixture = Fixture::start().await;
    let (mut newcomer, _tokens) = registered(&fixture).await;
    for (field, value, said) in refused([
        ("passport", "4510", "десять цифр"),
        ("issued_on", "01.01.1990", "не могли выдать"),
        ("issued_on", "15.02.1995", "недействителен"),
        ("issued_by", "", "кем выдан"),
        ("division_code", "77", "шесть цифр"),
        ("snils", "160-722-394 48", "контрольные цифры"),
        ("inn", "123456789012", "контрольные цифры"),
    ]) {
        let shown = refusal(give(&mut newcomer, &papers_with(field, value)).await).await;
        assert!(shown.html.contains(said), "{field}: {value}");
        // What was typed stays.
        assert!(shown.html.contains("value=\"770001\"") || field == "division_code");
        assert!(shown.html.contains(&format!("id=\"{field}-fault\"")));
    }
    assert!(
        newcomer
            .page("/documents")
            .await
            .html
            .contains("упрощённая")
    );
}

#[tokio::test]
async fn sv_04_only_pictures_are_shown_to_operators() {
    let fixture = Fixture::start().await;
    let (mut newcomer, _tokens) = registered(&fixture).await;
    // Papers come first.
    assert_eq!(
        location(&newcomer.get("/documents/scans").await),
        "/documents"
    );
    give(&mut newcomer, &PAPERS).await;
    for (file, said) in refused([
        (b"%PDF-1.7\n%%EOF\n".as_slice(), "JPEG и PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "JPEG и PNG"),
        (b"\xff\xd8\xff\xe0 no picture", "повреждён"),
        (b"", "Выберите"),
    ]) {
        let shown = refusal(show(&mut newcomer, file, DRAWING).await).await;
        assert!(shown.html.contains(said), "{said}");
    }
    assert!(
        !newcomer
            .page("/documents")
            .await
            .html
            .contains("/documents/send")
    );
    assert_eq!(
        newcomer.get("/documents/scans/main").await.status(),
        StatusCode::BAD_REQUEST
    );
    // The other page was kept, and needs not be chosen again.
    assert_eq!(
        location(&show(&mut newcomer, PHOTO, b"").await),
        "/documents"
    );
    assert!(
        newcomer
            .page("/documents")
            .await
            .html
            .contains("/documents/send")
    );
    let own = newcomer.get("/documents/scans/main").await;
    assert_eq!(own.headers()[header::CONTENT_TYPE], "image/jpeg");
}

#[tokio::test]
async fn sv_07_a_person_takes_one_place_for_slow_uploads() {
    let fixture = Fixture::start().await;
    let (mut newcomer, _tokens) = registered(&fixture).await;
    give(&mut newcomer, &PAPERS).await;
    let csrf = newcomer.page("/documents/scans").await.hidden("csrf");
    let begin_slowly = |cookies| {
        let endless = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
        let endless = Part::stream(reqwest::Body::wrap_stream(endless)).file_name("a");
        let form = Form::new().text("csrf", csrf.clone()).part("main", endless);
        let mut browser = fixture.browser();
        browser.cookies = cookies;
        tokio::spawn(async move { browser.post_parts("/documents/scans", form).await })
    };
    let mut slow = begin_slowly(newcomer.cookies.clone());
    for _ in 0..500 {
        if slow.is_finished() {
            // It came while another upload was being taken, and was refused itself.
            slow = begin_slowly(newcomer.cookies.clone());
        }
        if show(&mut newcomer, PHOTO, DRAWING).await.status() == StatusCode::BAD_REQUEST {
            slow.abort();
            return;
        }
    }
    panic!("a second upload was taken beside the first");
}

#[tokio::test]
async fn op_67_forms_with_pictures_are_bound_to_the_browser() {
    let fixture = Fixture::start().await;
    let (mut newcomer, _tokens) = registered(&fixture).await;
    give(&mut newcomer, &PAPERS).await;
    let forged = || {
        Form::new()
            .text("csrf", "forged")
            .part("main", picture(PHOTO))
    };
    let unsigned = || Form::new().part("main", picture(PHOTO));
    for form in refused([forged(), unsigned()]) {
        let response = newcomer.post_parts("/documents/scans", form).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    }
    let csrf = newcomer.page("/documents/scans").await.hidden("csrf");
    let mut stranger = fixture.browser();
    let form = Form::new().text("csrf", csrf).part("main", picture(PHOTO));
    let response = stranger.post_parts("/documents/scans", form).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(
        newcomer.get("/documents/scans/main").await.status(),
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn auth_01_returned_documents_are_changed_and_sent_again() {
    let fixture = Fixture::start().await;
    let (mut newcomer, _tokens) = registered(&fixture).await;
    apply(&mut newcomer, &PAPERS).await;
    let (mut operator, _app) = at_desk(&fixture).await;
    let proof = first(&operator.page("/desk").await).unwrap();
    refusal(decide(&mut operator, &proof, "return", " ").await).await;
    let reason = "Фотография регистрации не читается";
    decide(&mut operator, &proof, "return", reason).await;

    let returned = newcomer.page("/documents").await.html;
    assert!(returned.contains(reason) && returned.contains("/documents/papers"));
    // What the operator saw is there no more once it changes.
    show(&mut newcomer, PHOTO, PHOTO).await;
    assert!(newcomer.page("/documents").await.html.contains(reason));
    send(&mut newcomer).await;
    assert!(!newcomer.page("/documents").await.html.contains(reason));
    let gone = page(operator.get(&proof).await).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    let anew = first(&operator.page("/desk").await).unwrap();
    assert_ne!(anew, proof);
    // While it waits, nothing changes.
    give_anyway(&mut newcomer).await;
    let shown = operator.page(&anew).await;
    assert!(shown.html.contains("4510 654321"));
    assert_eq!(
        location(&decide(&mut operator, &anew, "confirm", "").await),
        "/desk"
    );
    give_anyway(&mut newcomer).await;
    assert!(
        newcomer
            .page("/documents")
            .await
            .html
            .contains("подтверждённая")
    );
}

async fn give_anyway(browser: &mut Browser) {
    give(browser, &papers_with("passport", "4510 000000")).await;
}

#[tokio::test]
async fn auth_01_a_number_belongs_to_one_confirmed_account() {
    let fixture = Fixture::start().await;
    let (mut newcomer, _tokens) = registered(&fixture).await;
    // Anna's own.
    apply(&mut newcomer, &papers_with("snils", "112-233-445 95")).await;
    let (mut operator, _app) = at_desk(&fixture).await;
    let proof = first(&operator.page("/desk").await).unwrap();
    let refused = refusal(decide(&mut operator, &proof, "confirm", "").await).await;
    assert!(refused.html.contains("другой подтверждённой"));
    assert!(
        newcomer
            .page("/documents")
            .await
            .html
            .contains("стандартная")
    );
}

#[tokio::test]
async fn auth_07_the_desk_is_for_operators_with_two_factors() {
    let fixture = Fixture::start().await;
    let (mut newcomer, _tokens) = registered(&fixture).await;
    apply(&mut newcomer, &PAPERS).await;
    // A password alone, though its owner is an operator.
    change(&fixture, Change::Give(operator())).await;
    let (mut with_one, _tokens) = fixture.signed_in().await;
    let closed = with_one.page("/desk").await;
    assert_eq!(closed.status, StatusCode::FORBIDDEN);
    assert!(closed.html.contains("/sign-in?to=desk"));

    let (mut desk, _app) = at_desk(&fixture).await;
    let proof = first(&desk.page("/desk").await).unwrap();
    // Two factors, and no such role.
    let (mut citizen, _tokens) = two_factors(&fixture).await;
    for path in refused(["/desk", &proof, &format!("{proof}/main")]) {
        assert_eq!(
            citizen.page(path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
        assert_eq!(
            fixture.browser().page(path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    // A role that is taken opens nothing from the next request on.
    let csrf = desk.page(&proof).await.hidden("csrf");
    let taken = Change::Take {
        person: person("demo-anna"),
        role: Role::Operator,
    };
    change(&fixture, taken).await;
    let form = [("csrf", csrf.as_str()), ("action", "confirm")];
    assert_eq!(
        desk.post(&proof, &form).await.status(),
        StatusCode::FORBIDDEN
    );
    assert!(
        newcomer
            .page("/documents")
            .await
            .html
            .contains("стандартная")
    );
}

/// Somebody else with an authenticator app.
async fn two_factors(fixture: &Fixture) -> (Browser, Tokens) {
    let mut browser = fixture.browser();
    let login = browser.authorize(&[]).await;
    let form = browser.page(&login).await;
    let admitted = browser
        .submit_login(&form, OTHER_PHONE, OTHER_PASSWORD)
        .await;
    tokens_after(&mut browser, admitted).await;
    let app = add_app(fixture, &mut browser, OTHER_PASSWORD).await;
    let login = browser.authorize(&[("prompt", "login")]).await;
    let form = browser.page(&login).await;
    let step = location(
        &browser
            .submit_login(&form, OTHER_PHONE, OTHER_PASSWORD)
            .await,
    );
    let asked = browser.page(&step).await;
    let admitted = browser.submit_code(&asked, &app.code(fixture)).await;
    let tokens = tokens_after(&mut browser, admitted).await;
    (browser, tokens)
}

#[tokio::test]
async fn auth_07_nobody_decides_on_their_own_documents() {
    let fixture = Fixture::start().await;
    let (mut newcomer, _tokens) = registered(&fixture).await;
    apply(&mut newcomer, &PAPERS).await;
    let (mut operator, _app) = at_desk(&fixture).await;
    let proof = first(&operator.page("/desk").await).unwrap();
    let whose = journal(&fixture).await;
    let sent = whose
        .into_iter()
        .find(|entry| entry.event == AuthEvent::DocumentsSent);
    let newcomers = HeldRole {
        person: sent.unwrap().person.unwrap(),
        ..self::operator()
    };
    change(&fixture, Change::Give(newcomers)).await;
    // Registered with a code of an SMS: two factors.
    assert!(first(&newcomer.page("/desk").await).is_none());
    let refused = page(newcomer.get(&proof).await).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.html.contains("другой оператор"));
}

#[tokio::test]
async fn ops_04_those_who_run_the_portal_see_what_is_unusual() {
    let fixture = Fixture::start().await;
    let (mut operator, app) = at_desk(&fixture).await;
    // Confirming documents is no power to watch.
    assert_eq!(
        operator.page("/desk/activity").await.status,
        StatusCode::FORBIDDEN
    );
    let role = Role::Auditor;
    change(
        &fixture,
        Change::Give(HeldRole {
            role,
            ..self::operator()
        }),
    )
    .await;
    let quiet = operator.page("/desk/activity").await;
    assert_eq!(quiet.status, StatusCode::OK);
    assert!(quiet.html.contains("Ничего необычного"));
    let mut stranger = fixture.browser();
    let form = stranger.follow("/login").await;
    for login in [PHONE, OTHER_PHONE, "+79000000003", "+79000000009", "nobody"] {
        stranger.submit_login(&form, login, "неверный").await;
    }
    let told = operator.page("/desk/activity").await.html;
    assert!(told.contains("разные учётные записи") && told.contains("127.0.0.0/24"));
    let mut with_one = fixture.browser();
    assert_eq!(
        with_one.page("/desk/activity").await.status,
        StatusCode::FORBIDDEN
    );
    drop(app);
}
