//! Messages to persons, from what they tell to where they arrive.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use reqwest::StatusCode;
use tokio::sync::mpsc;
use uc_portal::{
    Config,
    senders::{Carrier, CarryError, Carrying, Letter, Route, Routes},
    store::MessageLog,
};

use crate::harness::{Browser, Fixture};

const SUBJECT: &str = "Вход в новом браузере";

/// Looks at the mailbox until so many letters are in it.
async fn letters(browser: &mut Browser, count: usize) -> String {
    for _ in 0..500 {
        let page = browser.page("/demo/mailbox").await;
        if page.html.matches(SUBJECT).count() >= count {
            return page.html;
        }
    }
    panic!("{count} letters did not come");
}

#[tokio::test]
async fn au_07_a_person_is_told_of_a_new_browser_once() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    browser.obtain_tokens().await;
    let page = letters(&mut browser, 1).await;
    assert!(page.contains("anna@example.org") && page.contains("02.03.2026 12:00 МСК"));
    assert!(page.contains("Это демонстрация."));
    // The same browser once more, then another: one letter more.
    browser.cookies.remove("__Host-session");
    browser.obtain_tokens().await;
    fixture.browser().obtain_tokens().await;
    let page = letters(&mut browser, 2).await;
    assert_eq!(page.matches(SUBJECT).count(), 2);
}

/// Fails twice, then takes the letter; says each time that it was asked.
struct Shaky {
    asked: AtomicU32,
    tell: mpsc::UnboundedSender<()>,
}

impl Carrier for Shaky {
    fn carry<'a>(&'a self, _: &'a Letter) -> Carrying<'a> {
        Box::pin(async {
            let asked = self.asked.fetch_add(1, Ordering::Relaxed);
            self.tell.send(()).unwrap();
            if asked < 2 {
                Err(CarryError::Unreachable)
            } else {
                Ok(())
            }
        })
    }
}

/// Looks at the log until it says this of the only message.
async fn logged(fixture: &Fixture, wanted: &MessageLog) {
    let person = "demo-anna".parse().ok();
    for _ in 0..5000 {
        let store = &fixture.running.portal().store;
        let log = store.list_message_log(person.clone()).await.unwrap();
        if log.first() == Some(wanted) && log.len() == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("{wanted:?} was not logged");
}

#[tokio::test]
async fn note_05_a_message_that_does_not_go_is_tried_again_and_logged() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let carrier = Arc::new(Shaky {
        asked: AtomicU32::new(0),
        tell,
    });
    let fixture = Fixture::start_with("", |config| Config {
        routes: Routes {
            sms: Route::Nowhere,
            email: Route::By(carrier),
        },
        ..config
    })
    .await;
    let mut browser = fixture.browser();
    browser.obtain_tokens().await;
    let line = |state: &str, tries, fault: Option<&str>| MessageLog {
        purpose: "new_device".into(),
        state: state.into(),
        tries,
        fault: fault.map(Into::into),
    };
    told.recv().await.unwrap();
    logged(&fixture, &line("waiting", 1, Some("unreachable"))).await;
    fixture.advance(2);
    told.recv().await.unwrap();
    logged(&fixture, &line("waiting", 2, Some("unreachable"))).await;
    fixture.advance(15);
    told.recv().await.unwrap();
    logged(&fixture, &line("sent", 3, None)).await;
    // Where letters really go somewhere there is no mailbox to look into.
    let page = browser.get("/demo/mailbox").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
}
