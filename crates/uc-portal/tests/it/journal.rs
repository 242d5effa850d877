//! What the journal of authentication tells.

use std::time::Duration;

use uc_portal::{
    journal::{AuthEvent, JournalEntry},
    oidc::DESKTOP_CLIENT,
    registry::RoleKind,
};

use crate::harness::Fixture;

pub(crate) async fn journal(fixture: &Fixture) -> Vec<JournalEntry> {
    let store = &fixture.running.portal().store;
    store.list_journal(None, 100_000).await.unwrap()
}

#[tokio::test]
async fn auth_08_the_journal_tells_sign_in_access_and_sign_out() {
    let fixture = Fixture::start().await;
    let (mut browser, tokens) = fixture.signed_in().await;
    let form = [
        ("client_id", DESKTOP_CLIENT),
        ("token", tokens.refresh.as_str()),
    ];
    let form = form.map(|(name, value)| (name.to_owned(), value.to_owned()));
    browser.client_post("/oauth2/revoke", &form).await;
    let question = browser.page("/oauth2/logout").await;
    let csrf = question.hidden("csrf");
    browser.post("/oauth2/logout", &[("csrf", &csrf)]).await;
    let mut entries = journal(&fixture).await;
    entries.reverse();
    let first = entries.remove(0);
    let role = RoleKind::Operator;
    assert_eq!(first.event, AuthEvent::RoleGiven { role });
    let kinds: Vec<&str> = entries
        .iter()
        .map(|entry| match entry.event {
            AuthEvent::NewDevice { .. } => "new device",
            AuthEvent::Registered => "registered",
            AuthEvent::PasswordRecovered => "password recovered",
            AuthEvent::EmailReplaced => "e-mail replaced",
            AuthEvent::SignedIn => "signed in",
            AuthEvent::GrantAllowed { .. } => "allowed",
            AuthEvent::GrantEnded { .. } => "ended",
            AuthEvent::SignedOut => "signed out",
            AuthEvent::BrowserEnded { .. } => "signed out from elsewhere",
            AuthEvent::PasswordRefused { .. } => "refused",
            AuthEvent::FactorRefused => "factor refused",
            AuthEvent::FactorShown { .. } => "factor shown",
            AuthEvent::FactorAdded { .. } => "factor added",
            AuthEvent::FactorRemoved { .. } => "factor removed",
            AuthEvent::CameFrom { .. } => "came from",
            AuthEvent::ProviderRefused { .. } => "provider refused",
            AuthEvent::IdentityLinked { .. } => "identity linked",
            AuthEvent::IdentityUnlinked { .. } => "identity unlinked",
            AuthEvent::RoleGiven { .. } => "role given",
            AuthEvent::RoleTaken { .. } => "role taken",
            AuthEvent::TurnedAway => "turned away",
            AuthEvent::Locked => "locked",
            AuthEvent::PapersGiven => "papers_given",
            AuthEvent::DocumentsSent => "documents_sent",
            AuthEvent::DocumentsOpened { .. } => "documents_opened",
            AuthEvent::DocumentsConfirmed { .. } => "documents_confirmed",
            AuthEvent::DocumentsReturned { .. } => "documents_returned",
        })
        .collect();
    assert_eq!(
        kinds,
        ["new device", "signed in", "allowed", "ended", "signed out"]
    );
    assert!(entries.iter().all(|entry| entry.person.is_some()));
    assert_eq!(entries[1].address.unwrap().to_string(), "127.0.0.0/24");
    assert_eq!(entries[1].device, entries[4].device);
    let text = serde_json::to_string(&entries).unwrap();
    for personal in ["+7900", "Анна", "anna@", "112-233", "127.0.0.1"] {
        assert!(!text.contains(personal), "{personal}");
    }
}

#[tokio::test]
async fn auth_08_the_journal_of_a_running_portal_verifies() {
    let fixture = Fixture::start().await;
    fixture.signed_in().await;
    let dir = fixture.dir().to_owned();
    let verify = |more: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_uc-portal"))
            .args(["journal", "verify", "--data-dir"])
            .arg(&dir)
            .args(more)
            .output()
            .unwrap()
    };
    let first = verify(&[]);
    assert!(first.status.success());
    let found: serde_json::Value = serde_json::from_slice(&first.stdout).unwrap();
    assert_eq!(found["entries"], 4);
    fixture.signed_in().await;
    let known = found["head"].as_str().unwrap();
    assert!(verify(&["--known", known]).status.success());
    let forged = format!("4:{}", "0".repeat(64));
    let refused = verify(&["--known", &forged]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("entry 4"));
}

// Other systems have one loopback address unless told otherwise.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn auth_08_an_address_is_that_of_the_connection() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    browser.http = reqwest::Client::builder()
        .tls_certs_only([
            reqwest::Certificate::from_pem(fixture.running.ca_pem().as_bytes()).unwrap(),
        ])
        .local_address(std::net::IpAddr::from([127, 3, 2, 1]))
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(10))
        .build()
        .unwrap();
    browser.reach_consent(&[]).await;
    let entries = journal(&fixture).await;
    assert_eq!(entries[0].address.unwrap().to_string(), "127.3.2.0/24");
}
