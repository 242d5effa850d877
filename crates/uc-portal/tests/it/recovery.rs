//! A lost password, and the way back.

use reqwest::StatusCode;
use uc_portal::journal::AuthEvent;

use crate::{
    harness::{Browser, Fixture, PHONE, Page, location, page},
    journal::journal,
    newcomer::{ACCOUNT, NEW_PASSWORD, NEW_PHONE, code_in, messages, refusal, registered},
    second_factor::{App, add_app},
};

const LATER_PASSWORD: &str = "пять синих китов";

/// The page that takes the code, and where it came from.
async fn reach_code(browser: &mut Browser, login: &str) -> Page {
    let asked = browser.follow("/recovery").await;
    let sent = browser
        .submit("/recovery", &asked, &[("login", login)])
        .await;
    let next = location(&sent);
    assert!(next.starts_with("/recovery/code?"), "{next}");
    browser.page(&next).await
}

/// The page that takes the new password.
async fn reach_password(fixture: &Fixture, browser: &mut Browser, sent: usize) -> Page {
    let asked = reach_code(browser, NEW_PHONE).await;
    let code = code_in(&messages(fixture, NEW_PHONE, sent).await[0]);
    let right = browser
        .submit("/recovery/code", &asked, &[("code", &code)])
        .await;
    let next = location(&right);
    assert!(next.starts_with("/recovery/password?"), "{next}");
    browser.page(&next).await
}

const PASSWORDS: [(&str, &str); 2] = [
    ("password", LATER_PASSWORD),
    ("password_again", LATER_PASSWORD),
];

#[tokio::test]
async fn auth_04_a_new_password_takes_the_place_of_a_lost_one_and_ends_all_sign_ins() {
    let fixture = Fixture::start().await;
    let (mut first, tokens) = registered(&fixture).await;
    let mut browser = fixture.browser();
    // Registration wrote once, and of a new browser once.
    let asked = reach_password(&fixture, &mut browser, 3).await;
    let path = "/recovery/password";
    for weak in ["слон", "12345678"] {
        let fields = [("password", weak), ("password_again", weak)];
        refusal(browser.submit(path, &asked, &fields).await).await;
    }
    let done = browser.submit(path, &asked, &PASSWORDS).await;
    let login = location(&done);
    assert!(browser.page(&login).await.html.contains("Пароль заменён"));
    assert!(
        messages(&fixture, NEW_PHONE, 4)
            .await
            .iter()
            .any(|message| message.contains("заменён"))
    );
    let api = first.api("/v1/profile", &tokens.access).await;
    assert_eq!(api.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        first.refresh(&tokens.refresh).await.status(),
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        first.get("/protection").await.status(),
        StatusCode::FORBIDDEN
    );
    let form = first.follow("/login").await;
    refusal(first.submit_login(&form, NEW_PHONE, NEW_PASSWORD).await).await;
    first.reach_sent_code(LATER_PASSWORD).await;
    let twice = page(browser.submit(path, &asked, &PASSWORDS).await).await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST);
    let events = journal(&fixture).await;
    let recovered = |event: &AuthEvent| *event == AuthEvent::PasswordRecovered;
    assert_eq!(
        events
            .iter()
            .filter(|entry| recovered(&entry.event))
            .count(),
        1
    );
}

#[tokio::test]
async fn au_04_recovery_says_the_same_of_every_name() {
    let fixture = Fixture::start().await;
    registered(&fixture).await;
    let mut pages = Vec::new();
    // An account whose phone is confirmed, one whose phone is not, nobody's, and no name at all.
    for login in [NEW_PHONE, PHONE, "+79000000077", "кто-то"] {
        let mut browser = fixture.browser();
        let asked = reach_code(&mut browser, login).await;
        let tried = browser
            .submit("/recovery/code", &asked, &[("code", "x")])
            .await;
        let tried = refusal(tried).await;
        for page in [&asked, &tried] {
            pages.push(page.constant().replace(&page.hidden("flow"), ""));
        }
    }
    assert!(pages.chunks(2).all(|pair| pair == &pages[..2]));
    messages(&fixture, PHONE, 0).await;
    messages(&fixture, NEW_PHONE, 3).await;
}

#[tokio::test]
async fn auth_04_who_has_an_app_shows_its_code_too() {
    let fixture = Fixture::start().await;
    let (mut first, _) = registered(&fixture).await;
    let app: App = add_app(&fixture, &mut first, NEW_PASSWORD).await;
    let mut browser = fixture.browser();
    let asked = reach_password(&fixture, &mut browser, 3).await;
    let path = "/recovery/password";
    refusal(browser.submit(path, &asked, &PASSWORDS).await).await;
    let [password, again] = PASSWORDS;
    let wrong = app.wrong_code(&fixture);
    let fields = [password, again, ("code", &wrong)];
    refusal(browser.submit(path, &asked, &fields).await).await;
    let code = app.code(&fixture);
    let fields = [password, again, ("code", &code)];
    let done = browser.submit(path, &asked, &fields).await;
    assert!(location(&done).starts_with("/login?"));
}

#[tokio::test]
async fn auth_04_without_the_code_no_password_is_taken() {
    let fixture = Fixture::start().await;
    registered(&fixture).await;
    let mut browser = fixture.browser();
    let asked = reach_code(&mut browser, NEW_PHONE).await;
    let skipped = browser
        .submit("/recovery/password", &asked, &PASSWORDS)
        .await;
    assert!(location(&skipped).starts_with("/recovery/code?"));
}

#[tokio::test]
async fn au_03_a_code_for_one_account_recovers_no_other() {
    let fixture = Fixture::start().await;
    registered(&fixture).await;
    let mut owner = fixture.browser();
    let login = "+79000000043";
    let account = {
        let asked = owner.reach_registration_code(login).await;
        let code = code_in(&messages(&fixture, login, 1).await[0]);
        let fields = [("code", code.as_str())];
        let right = owner.submit("/registration/code", &asked, &fields);
        let next = location(&right.await);
        owner.page(&next).await
    };
    let made = owner
        .submit("/registration/account", &account, &ACCOUNT)
        .await;
    assert!(location(&made).starts_with("/consent?"));
    messages(&fixture, login, 2).await;
    fixture.advance(1);
    // The other account's codes of these minutes are used up.
    for _ in 0..2 {
        reach_code(&mut fixture.browser(), login).await;
    }
    let mut thief = fixture.browser();
    let asked = reach_code(&mut thief, NEW_PHONE).await;
    let code = code_in(&messages(&fixture, NEW_PHONE, 3).await[0]);
    let turned = thief.submit("/recovery", &asked, &[("login", login)]).await;
    assert_eq!(page(turned).await.status, StatusCode::TOO_MANY_REQUESTS);
    refusal(
        thief
            .submit("/recovery/code", &asked, &[("code", &code)])
            .await,
    )
    .await;
}
