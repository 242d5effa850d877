use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use uc_portal_api::{Dialog, Feed};
use uuid::Uuid;

use crate::harness::{Browser, PASSWORD, PHONE, Tokens, callback, location};

pub(crate) const SERVICE: &str = "passport-replacement";
pub(crate) const OTHER_PHONE: &str = "+79000000002";
pub(crate) const OTHER_PASSWORD: &str = "берег-фонарь-77";

/// A UUID of version 7, the same for the same number.
pub(crate) fn uuid(number: u8) -> Uuid {
    let millis = 1_770_000_000_000 + u64::from(number);
    uuid::Builder::from_unix_timestamp_millis(millis, &[number; 10]).into_uuid()
}

/// A good first submission.
pub(crate) fn submission() -> Value {
    json!({
        "service": SERVICE,
        "formVersion": 1,
        "revision": 1,
        "answers": {
            "reason": "age",
            "age_reached": "45",
            "last_name": "Маркерова",
            "first_name": "Злата",
            "birth_date": "1981-02-14",
            "birth_place": "г. Тула",
            "snils": "112-233-445 95",
            "passport_number": "4510 123456",
            "passport_issued_on": "2010-06-21",
            "passport_issued_by": "ОВД Тверской",
            "passport_division_code": "770-001",
            "registration_address": "г. Москва, ул. Лесная, д. 5, кв. 12",
            "pickup_place": "mvd",
            "pickup_unit": "Отдел по вопросам миграции Тверского района",
            "phone": "+79001234567",
            "consent": true
        }
    })
}

/// The same, corrected.
pub(crate) fn correction() -> Value {
    let mut body = submission();
    body["revision"] = json!(2);
    body["answers"]["passport_issued_by"] = json!("ОВД «Тверской» г. Москвы");
    body
}

/// A person with a client of their own.
pub(crate) struct Citizen {
    pub(crate) browser: Browser,
    tokens: Tokens,
}

impl Citizen {
    pub(crate) async fn first(browser: Browser) -> Self {
        Self::sign_in(browser, PHONE, PASSWORD).await
    }

    pub(crate) async fn second(browser: Browser) -> Self {
        Self::sign_in(browser, OTHER_PHONE, OTHER_PASSWORD).await
    }

    async fn sign_in(mut browser: Browser, phone: &str, password: &str) -> Self {
        let login = browser.authorize(&[]).await;
        let page = browser.page(&login).await;
        let consent = location(&browser.submit_login(&page, phone, password).await);
        let page = browser.page(&consent).await;
        let allowed = browser.submit_consent(&page, "allow").await;
        let code = callback(&location(&allowed))["code"].clone();
        let tokens = Tokens::of(browser.redeem(&code, &[]).await).await;
        Self { browser, tokens }
    }

    /// A person who has signed in already.
    pub(crate) const fn of(browser: Browser, tokens: Tokens) -> Self {
        Self { browser, tokens }
    }

    /// The same person at a portal that was started again.
    pub(crate) fn at(self, browser: Browser) -> Self {
        Self { browser, ..self }
    }

    pub(crate) fn access_token(&self) -> &str {
        &self.tokens.access
    }

    /// After a moved clock the access token has ended.
    pub(crate) async fn renew(&mut self) {
        self.tokens = Tokens::of(self.browser.refresh(&self.tokens.refresh).await).await;
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = self.browser.url(path);
        self.browser
            .http
            .request(method, url)
            .bearer_auth(&self.tokens.access)
    }

    pub(crate) fn put(&self, id: Uuid, key: Uuid, body: &Value) -> RequestBuilder {
        self.request(Method::PUT, &format!("/v1/applications/{id}"))
            .header("idempotency-key", key.to_string())
            .json(body)
    }

    pub(crate) async fn submit(&self, id: Uuid, key: Uuid, body: &Value) -> Response {
        self.put(id, key, body).send().await.unwrap()
    }

    pub(crate) async fn submit_new(&self, number: u8) -> Dialog {
        let (id, key) = (uuid(number), uuid(number.wrapping_add(128)));
        let response = self.submit(id, key, &submission()).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        response.json().await.unwrap()
    }

    pub(crate) async fn cancel(&self, id: Uuid, key: Uuid) -> Response {
        self.request(Method::POST, &format!("/v1/applications/{id}/cancel"))
            .header("idempotency-key", key.to_string())
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    pub(crate) async fn application(&self, id: Uuid) -> Dialog {
        let response = self.get(&format!("/v1/applications/{id}")).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    }

    pub(crate) async fn feed(&self, after: Option<&str>) -> Feed {
        let query = after.map_or_else(String::new, |after| format!("?after={after}"));
        let response = self.get(&format!("/v1/feed{query}")).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    }
}
