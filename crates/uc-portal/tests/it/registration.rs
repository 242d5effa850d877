//! From nothing to an account, and the codes on the way.

use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::{Value, json};
use uc_portal::journal::AuthEvent;

use crate::{
    harness::{Fixture, PHONE, location, page, refused},
    journal::journal,
    newcomer::{
        ACCOUNT, NEW_PASSWORD, NEW_PHONE, code_in, messages, other_code, refusal, registered,
    },
    second_factor::{claims, tokens_after},
};

#[tokio::test]
async fn auth_01_a_person_registers_by_phone_and_is_signed_in() {
    let fixture = Fixture::start().await;
    let (browser, tokens) = registered(&fixture).await;
    let claims = claims(&tokens);
    assert_eq!(claims["amr"], json!(["pwd", "sms", "mfa"]));
    let profile: Value = browser
        .api("/v1/profile", &tokens.access)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(profile["lastName"], "Маркерова");
    assert_eq!(profile["birthDate"], "1981-02-14");
    assert_eq!(profile["phone"], NEW_PHONE);
    // An id of the person's own, the same at the next sign-in.
    assert_eq!(claims["sub"], profile["id"]);
    let events = journal(&fixture).await;
    assert!(
        events
            .iter()
            .any(|entry| entry.event == AuthEvent::Registered
                && entry.person.as_ref().map(uc_model::PersonId::as_str) == claims["sub"].as_str())
    );
}

#[tokio::test]
async fn auth_03_a_new_browser_is_asked_for_a_code_and_a_known_one_is_not() {
    let fixture = Fixture::start().await;
    let (mut known, _) = registered(&fixture).await;
    let form = known.follow("/login").await;
    let next = location(&known.submit_login(&form, NEW_PHONE, NEW_PASSWORD).await);
    assert!(next.starts_with("/consent?"), "{next}");
    let mut other = fixture.browser();
    let asked = other.reach_sent_code(NEW_PASSWORD).await;
    assert!(asked.html.contains("+7 ••• •••-••-42") && !asked.html.contains(NEW_PHONE));
    let code = code_in(&messages(&fixture, NEW_PHONE, 3).await[0]);
    refusal(other.submit_code(&asked, other_code(&code)).await).await;
    let admitted = other.submit_code(&asked, &code).await;
    let tokens = tokens_after(&mut other, admitted).await;
    assert_eq!(claims(&tokens)["acr"], "urn:edinyi-klient:acr:two-factors");
}

#[tokio::test]
async fn au_04_a_phone_that_has_an_account_is_answered_alike() {
    let fixture = Fixture::start().await;
    let (mut stranger, mut thief) = (fixture.browser(), fixture.browser());
    let unknown = stranger.reach_registration_code(NEW_PHONE).await;
    let known = thief.reach_registration_code(PHONE).await;
    assert_eq!(
        unknown
            .constant()
            .replace(&unknown.hidden("flow"), "")
            .replace(NEW_PHONE, ""),
        known
            .constant()
            .replace(&known.hidden("flow"), "")
            .replace(PHONE, "")
    );
    // Only the owner of the phone learns more, and no code opens anything.
    let told = messages(&fixture, PHONE, 1).await;
    assert!(told[0].contains("уже есть") && !told[0].contains("код "));
    let wrong = |page| async { refusal(page).await.constant() };
    let at_known = wrong(
        thief
            .submit("/registration/code", &known, &[("code", "123456")])
            .await,
    );
    let real = code_in(&messages(&fixture, NEW_PHONE, 1).await[0]);
    let fields = [("code", other_code(&real))];
    let at_unknown = stranger.submit("/registration/code", &unknown, &fields);
    let at_unknown = wrong(at_unknown.await).await;
    assert_eq!(
        at_unknown
            .replace(NEW_PHONE, "")
            .replace(&unknown.hidden("flow"), ""),
        at_known
            .await
            .replace(PHONE, "")
            .replace(&known.hidden("flow"), "")
    );
}

#[tokio::test]
async fn au_03_five_tries_at_a_sent_code_however_many_come_at_once() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let asked = browser.reach_registration_code(NEW_PHONE).await;
    let code = code_in(&messages(&fixture, NEW_PHONE, 1).await[0]);
    let (flow, csrf) = (asked.hidden("flow"), asked.hidden("csrf"));
    let cookies: Vec<String> = browser
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let tries = (0..64).map(|_| {
        let form = [
            ("flow", flow.as_str()),
            ("csrf", &csrf),
            ("code", other_code(&code)),
        ];
        let request = browser
            .http
            .post(browser.url("/registration/code"))
            .form(&form);
        request.header("cookie", cookies.join("; ")).send()
    });
    let mut wrong = 0;
    for answer in join_all(tries).await {
        let page = refusal(answer.unwrap()).await;
        wrong += usize::from(page.html.contains("Код не подошёл"));
    }
    assert_eq!(wrong, 5);
    let late = browser
        .submit("/registration/code", &asked, &[("code", &code)])
        .await;
    assert!(refusal(late).await.html.contains("больше не действует"));
}

#[tokio::test]
async fn au_03_a_sent_code_holds_five_minutes_and_for_its_own_flow() {
    let fixture = Fixture::start().await;
    let (mut first, mut second) = (fixture.browser(), fixture.browser());
    let one = first.reach_registration_code(NEW_PHONE).await;
    let code = code_in(&messages(&fixture, NEW_PHONE, 1).await[0]);
    let two = second.reach_registration_code("+79000000043").await;
    let path = "/registration/code";
    let elsewhere = second.submit(path, &two, &[("code", &code)]).await;
    refusal(elsewhere).await;
    // Another browser does not take the way, even if it knows the flow.
    let stolen = page(second.submit(path, &one, &[("code", &code)]).await).await;
    assert_eq!(stolen.status, StatusCode::BAD_REQUEST);
    fixture.advance(5 * 60);
    let late = first.submit(path, &one, &[("code", &code)]).await;
    assert!(refusal(late).await.html.contains("больше не действует"));
    let again = page(first.submit(path, &one, &[("action", "again")]).await).await;
    assert_eq!(again.status, StatusCode::OK);
    let code = code_in(&messages(&fixture, NEW_PHONE, 2).await[0]);
    let right = first.submit(path, &one, &[("code", &code)]).await;
    assert!(location(&right).starts_with("/registration/account?"));
    let twice = first.submit(path, &one, &[("code", &code)]).await;
    refusal(twice).await;
}

#[tokio::test]
async fn au_03_three_codes_in_ten_minutes() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let asked = browser.reach_registration_code(NEW_PHONE).await;
    let again = [("action", "again")];
    for _ in 0..2 {
        let sent = page(browser.submit("/registration/code", &asked, &again).await).await;
        assert_eq!(sent.status, StatusCode::OK);
    }
    let fourth = browser.submit("/registration/code", &asked, &again).await;
    assert_eq!(fourth.headers()["retry-after"], "600");
    assert_eq!(page(fourth).await.status, StatusCode::TOO_MANY_REQUESTS);
    // Nor from another browser.
    let mut other = fixture.browser();
    let asked = other.follow("/registration").await;
    let refused = other
        .submit("/registration", &asked, &[("phone", NEW_PHONE)])
        .await;
    assert_eq!(page(refused).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(messages(&fixture, NEW_PHONE, 3).await.len(), 3);
    fixture.advance(600);
    other.reach_registration_code(NEW_PHONE).await;
    messages(&fixture, NEW_PHONE, 4).await;
}

#[tokio::test]
async fn auth_01_what_is_wrong_is_said_and_what_was_typed_stays() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let account = browser.reach_account(&fixture).await;
    let path = "/registration/account";
    for (field, value, words) in refused([
        ("last_name", "", "Введите фамилию"),
        ("first_name", "З1", "Введите имя"),
        ("middle_name", "<i>", "Введите отчество"),
        ("birth_date", "2019-01-01", "Введите дату рождения"),
        ("birth_date", "вчера", "Введите дату рождения"),
        ("password", "слон", "Пароль короче"),
        ("password", "12345678", "легко угадать"),
        ("password", "маркероваЗлата", "легко угадать"),
        ("password_again", "четыре слона", "Пароли не совпали"),
        ("terms", "", "Отметьте, что принимаете"),
        ("privacy", "", "Отметьте согласие"),
    ]) {
        let mut fields = ACCOUNT;
        for (name, kept) in &mut fields {
            if *name == field {
                *kept = value;
            }
        }
        let answer = refusal(browser.submit(path, &account, &fields).await).await;
        assert!(answer.html.contains(words), "{field}: {words}");
        let anchor = if field == "terms" || field == "privacy" || !value.is_empty() {
            field
        } else {
            "last_name"
        };
        assert!(
            answer.html.contains(&format!("href=\"#{anchor}\"")),
            "{field}"
        );
        assert!(!answer.html.contains(NEW_PASSWORD));
        if field != "first_name" {
            assert!(answer.html.contains("value=\"Злата\""), "{field}");
        }
    }
    let made = browser.submit(path, &account, &ACCOUNT).await;
    assert!(location(&made).starts_with("/consent?"));
}

#[tokio::test]
async fn auth_01_an_unconfirmed_phone_makes_no_account() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let asked = browser.reach_registration_code(NEW_PHONE).await;
    let skipped = browser
        .submit("/registration/account", &asked, &ACCOUNT)
        .await;
    assert!(location(&skipped).starts_with("/registration/code?"));
    let form = browser.follow("/login").await;
    refusal(browser.submit_login(&form, NEW_PHONE, NEW_PASSWORD).await).await;
}

#[tokio::test]
async fn auth_01_a_slow_person_gets_the_account_after_the_flow_has_ended() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let account = browser.reach_account(&fixture).await;
    fixture.advance(40 * 60);
    let made = browser
        .submit("/registration/account", &account, &ACCOUNT)
        .await;
    let made = page(made).await;
    assert_eq!(made.status, StatusCode::OK);
    assert!(made.html.contains("Учётная запись создана"));
    browser.reach_sent_code(NEW_PASSWORD).await;
}

#[tokio::test]
async fn auth_01_agreements_are_shown_apart_and_in_editions() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    for document in ["terms", "privacy"] {
        let shown = browser.page(&format!("/agreements/{document}")).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.html.contains("Редакция 1"));
    }
    let other = browser.get("/agreements/other").await;
    assert_eq!(other.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn au_03_a_code_for_one_phone_confirms_no_other() {
    let fixture = Fixture::start().await;
    let path = "/registration/code";
    // Somebody else's phone has had its codes.
    let mut owner = fixture.browser();
    let asked = owner.reach_registration_code("+79000000043").await;
    for _ in 0..2 {
        owner.submit(path, &asked, &[("action", "again")]).await;
    }
    let mut thief = fixture.browser();
    let asked = thief.reach_registration_code(NEW_PHONE).await;
    let code = code_in(&messages(&fixture, NEW_PHONE, 1).await[0]);
    let other = [("phone", "+79000000043")];
    let turned = page(thief.submit("/registration", &asked, &other).await).await;
    assert_eq!(turned.status, StatusCode::TOO_MANY_REQUESTS);
    refusal(thief.submit(path, &asked, &[("code", &code)]).await).await;
}
