//! The way through all screens.

use serde_json::{Value, json};
use thirtyfour::Key;
use tokio::time::Instant;

use super::{Tour, looks};
use crate::{Failure, Result, ensure, gallery, page::test_id, portal_pages, wait};

const PIN: &str = "582917";
const SERVICE: &str = "passport-replacement";

impl Tour<'_> {
    /// From the first start to the last.
    pub(super) async fn walk(&mut self) -> Result<()> {
        self.before_sign_in().await?;
        self.sign_in().await?;
        self.catalogue().await?;
        let application = self.form().await?;
        self.requests(&application).await?;
        self.settings().await?;
        self.offline().await?;
        self.locked().await
    }

    async fn before_sign_in(&mut self) -> Result<()> {
        self.bridge.page().see("sign-in").await?;
        self.look("welcome").await
    }

    async fn sign_in(&mut self) -> Result<()> {
        let page = self.bridge.page().clone();
        page.click("sign-in").await?;
        page.see("cancel-sign-in").await?;
        self.look("signing-in").await?;
        let issuer = self.portal.issuer().to_owned();
        portal_pages::sign_in(&self.browser, &issuer, &self.citizen, async |_, _| Ok(())).await?;
        page.see("pin-repeat").await?;
        self.look("set-pin").await?;
        self.type_pin("123456").await?;
        self.look("set-pin-refused").await?;
        self.type_pin(PIN).await?;
        page.see("nav-home").await?;
        self.look("home-empty").await
    }

    async fn type_pin(&self, pin: &str) -> Result<()> {
        let page = self.bridge.page();
        for field in ["pin-input", "pin-repeat"] {
            page.tab_to(field).await?;
            page.retype(pin).await?;
        }
        page.press(Key::Enter).await
    }

    async fn catalogue(&mut self) -> Result<()> {
        let overview = wait::until("the catalogue", wait::PATIENT, async || {
            let overview = self.bridge.invoke("open_catalogue", json!({})).await?;
            let session = self.bridge.invoke("open_session", json!({})).await?;
            let full = overview["services"].as_u64() > Some(150) && session["sync"].is_null();
            Ok(full.then_some(overview))
        })
        .await?;
        self.show("catalogue", "/catalogue", "search-input").await?;
        for (screen, kind, list) in [
            ("life-situation", "situations", "life_situations"),
            ("agency", "agencies", "agencies"),
            ("region", "regions", "regions"),
        ] {
            let id = first_id(&overview[list])?;
            let place = format!("/catalogue/{kind}/{id}");
            self.show(screen, &place, "service-row").await?;
        }
        self.bridge.go_to("/catalogue").await?;
        let page = self.bridge.page().clone();
        page.tab_to("search-input").await?;
        page.retype("загран").await?;
        page.see("service-row").await?;
        self.look("search").await?;
        page.retype("ыфвапролд").await?;
        page.gone("service-row").await?;
        self.look("search-nothing").await?;
        let place = format!("/services/{SERVICE}");
        self.show("service", &place, "apply").await
    }

    /// Every step of a form, with refusals, the review, the receipt.
    async fn form(&mut self) -> Result<String> {
        let page = self.bridge.page().clone();
        let place = format!("/services/{SERVICE}/apply");
        self.show("form-1", &place, "next-step").await?;
        page.click("next-step").await?;
        page.see_css("[aria-invalid=true]", wait::SOON).await?;
        self.look("form-1-refused").await?;
        let application = self.fill_in().await?;
        self.submit(&application).await?;
        let place = format!("/requests/{application}/receipt");
        self.show("receipt", &place, "receipt").await?;
        Ok(application)
    }

    /// Fills in what the steps want by the core's own command, and looks at each.
    async fn fill_in(&mut self) -> Result<String> {
        let form = self
            .bridge
            .invoke(
                "open_form",
                json!({ "service": SERVICE, "application": null }),
            )
            .await?;
        let application = text(&form["application"])?;
        let answers = merged(&form["answers"], &passport_answers());
        let last_step = 3;
        for step in 1..=last_step {
            let draft = json!({
                "application": application, "service": SERVICE, "answers": answers, "step": step,
            });
            self.bridge.invoke("save_draft", draft).await?;
            self.bridge.go_to("/requests").await?;
            self.bridge.page().gone("next-step").await?;
            let place = format!("/services/{SERVICE}/apply/{application}");
            let screen = format!("form-{}", step + 1);
            self.show(&screen, &place, "next-step").await?;
        }
        let page = self.bridge.page().clone();
        page.click("next-step").await?;
        page.see("submit").await?;
        self.look("form-review").await?;
        Ok(application)
    }

    async fn submit(&self, application: &str) -> Result<()> {
        let page = self.bridge.page();
        page.click("submit").await?;
        page.see("receipt").await?;
        wait::until_true("the portal's number", wait::PATIENT, async || {
            let details = self.application(application).await?;
            Ok(details["row"]["number"].is_string())
        })
        .await
    }

    async fn requests(&mut self, application: &str) -> Result<()> {
        wait::until_true("the agency's question", wait::PATIENT, async || {
            let details = self.application(application).await?;
            Ok(details["correction"].is_object())
        })
        .await?;
        self.show("home", "/", "nav-home").await?;
        let page = self.bridge.page().clone();
        page.tab_to("home-search").await?;
        page.retype("паспорт").await?;
        page.see_css("[role=option] mark", wait::SOON).await?;
        page.press(Key::Down).await?;
        self.look("home-suggestions").await?;
        self.show("requests", "/requests", "request-row").await?;
        let place = format!("/requests/{application}");
        self.show("request", &place, "correction").await?;
        self.show("inbox", "/inbox", "message-row").await?;
        self.show("not-found", "/nowhere", "nav-home").await
    }

    async fn settings(&mut self) -> Result<()> {
        self.show("change-pin", "/settings/passcode", "pin-current")
            .await?;
        self.show("account", "/settings/account", "sign-in-row")
            .await?;
        self.show("profile", "/settings/profile", "profile-facts")
            .await?;
        self.show("settings", "/settings", "sign-out").await?;
        let page = self.bridge.page().clone();
        page.click("sign-out").await?;
        page.see("sign-out-confirm").await?;
        self.look("sign-out").await?;
        page.click("dialog-close").await?;
        page.gone("sign-out-confirm").await
    }

    async fn offline(&mut self) -> Result<()> {
        self.portal.stop().await?;
        self.bridge.invoke("sync_now", json!({})).await.ok();
        self.bridge.go_to("/").await?;
        self.bridge.page().see("banner-offline").await?;
        self.look("offline").await?;
        self.portal.start_again(self.desktop).await
    }

    /// A locked client does not change its looks: each is put on before the lock.
    async fn locked(&mut self) -> Result<()> {
        let page = self.bridge.page().clone();
        for (screen, shows) in [("unlock", "unlock"), ("unlock-refused", "attempts-left")] {
            let begun = Instant::now();
            for look in looks() {
                self.wear(look).await?;
                page.click("lock").await?;
                page.see("pin-input").await?;
                if screen == "unlock-refused" {
                    self.enter("582918").await?;
                }
                page.see(shows).await?;
                gallery::settle(&page).await?;
                self.judge(screen, look).await?;
                self.enter(PIN).await?;
                page.gone("pin-input").await?;
            }
            self.done(screen, begun);
        }
        Ok(())
    }

    async fn enter(&self, pin: &str) -> Result<()> {
        let page = self.bridge.page();
        page.tab_to("pin-input").await?;
        page.retype(pin).await?;
        page.press(Key::Enter).await
    }

    /// Goes to a place, waits for what it shows and looks.
    async fn show(&mut self, screen: &str, place: &str, shows: &str) -> Result<()> {
        self.bridge.go_to(place).await?;
        self.bridge
            .page()
            .see_css(&test_id(shows), wait::SOON)
            .await?;
        self.look(screen).await
    }

    async fn application(&self, id: &str) -> Result<Value> {
        self.bridge
            .invoke("open_application", json!({ "application": id }))
            .await
    }
}

fn passport_answers() -> Value {
    json!({
        "reason": "age", "age_reached": "45", "birth_place": "г. Тула",
        "pickup_place": "mfc", "pickup_unit": "МФЦ района Тверской", "consent": true,
    })
}

fn merged(first: &Value, second: &Value) -> Value {
    let mut all = first.as_object().cloned().unwrap_or_default();
    all.extend(second.as_object().cloned().unwrap_or_default());
    Value::Object(all)
}

fn first_id(list: &Value) -> Result<String> {
    ensure(
        list.as_array().is_some_and(|list| !list.is_empty()),
        "a list of the catalogue is empty",
    )?;
    text(&list[0]["id"])
}

fn text(value: &Value) -> Result<String> {
    value
        .as_str()
        .map(ToOwned::to_owned)
        .ok_or_else(|| Failure::Unmet(format!("{value} is no text")))
}
