use std::time::Duration;

use reqwest::{Response, StatusCode};

use crate::{
    harness::{Browser, Fixture, Page, Tokens, location, page},
    second_factor::tokens_after,
};

pub(crate) const NEW_PHONE: &str = "+79000000042";
pub(crate) const NEW_PASSWORD: &str = "три зелёных слона";

/// What a newcomer says of themselves.
pub(crate) const ACCOUNT: [(&str, &str); 8] = [
    ("last_name", "Маркерова"),
    ("first_name", "Злата"),
    ("middle_name", ""),
    ("birth_date", "14.02.1981"),
    ("password", NEW_PASSWORD),
    ("password_again", NEW_PASSWORD),
    ("terms", "yes"),
    ("privacy", "yes"),
];

/// The words of the messages to a phone, the latest first, when there are so many.
pub(crate) async fn messages(fixture: &Fixture, phone: &str, count: usize) -> Vec<String> {
    for _ in 0..5000 {
        let letters = fixture.running.portal().store.list_mailbox(100).await;
        let bodies: Vec<String> = letters
            .unwrap()
            .into_iter()
            .filter(|arrived| arrived.letter.to.address() == phone)
            .map(|arrived| arrived.letter.body)
            .collect();
        if bodies.len() >= count {
            assert_eq!(bodies.len(), count);
            return bodies;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("{count} messages to {phone} did not come");
}

/// The code in a message.
pub(crate) fn code_in(message: &str) -> String {
    let (_, rest) = message.split_once("код ").expect("a code");
    rest.chars().take(6).collect()
}

/// Another code than this one.
pub(crate) fn other_code(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

impl Browser {
    /// Posts a form of a page that belongs to a flow.
    pub(crate) async fn submit(
        &mut self,
        path: &str,
        page: &Page,
        fields: &[(&str, &str)],
    ) -> Response {
        let (flow, csrf) = (page.hidden("flow"), page.hidden("csrf"));
        let mut form = vec![("flow", flow.as_str()), ("csrf", &csrf)];
        form.extend(fields);
        self.post(path, &form).await
    }

    /// From the password page to a page that it leads to.
    pub(crate) async fn follow(&mut self, path: &str) -> Page {
        let login = self.authorize(&[("prompt", "login")]).await;
        let flow = login.split_once('?').unwrap().1.to_owned();
        self.page(&format!("{path}?{flow}")).await
    }

    /// Asks for a code to this phone: the page that takes it.
    pub(crate) async fn reach_registration_code(&mut self, phone: &str) -> Page {
        let asked = self.follow("/registration").await;
        let fields = [("phone", phone)];
        let next = location(&self.submit("/registration", &asked, &fields).await);
        assert!(next.starts_with("/registration/code?"), "{next}");
        self.page(&next).await
    }

    /// Confirms the phone: the page that asks who its owner is.
    pub(crate) async fn reach_account(&mut self, fixture: &Fixture) -> Page {
        let asked = self.reach_registration_code(NEW_PHONE).await;
        let code = code_in(&messages(fixture, NEW_PHONE, 1).await[0]);
        let fields = [("code", code.as_str())];
        let next = location(&self.submit("/registration/code", &asked, &fields).await);
        assert!(next.starts_with("/registration/account?"), "{next}");
        self.page(&next).await
    }

    /// Signs in as the newcomer as far as the code.
    pub(crate) async fn reach_sent_code(&mut self, password: &str) -> Page {
        let form = self.follow("/login").await;
        let step = location(&self.submit_login(&form, NEW_PHONE, password).await);
        assert!(step.starts_with("/login/code?"), "{step}");
        self.page(&step).await
    }
}

/// A newcomer who has registered.
pub(crate) async fn registered(fixture: &Fixture) -> (Browser, Tokens) {
    let mut browser = fixture.browser();
    let account = browser.reach_account(fixture).await;
    let made = browser
        .submit("/registration/account", &account, &ACCOUNT)
        .await;
    let tokens = tokens_after(&mut browser, made).await;
    // The code, and word of a new browser; what comes later is later.
    messages(fixture, NEW_PHONE, 2).await;
    fixture.advance(1);
    (browser, tokens)
}

/// What a page that refuses says.
pub(crate) async fn refusal(response: Response) -> Page {
    let page = page(response).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page
}
