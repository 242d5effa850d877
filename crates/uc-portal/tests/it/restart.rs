use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use reqwest::StatusCode;
use serde_json::Value;

use crate::harness::{Browser, Fixture, Tokens};

#[tokio::test]
async fn sessions_keys_and_issuer_outlive_a_restart() {
    let fixture = Fixture::start().await;
    let (mut browser, tokens) = fixture.signed_in().await;
    let issuer = fixture.running.issuer().to_owned();
    let ca = fixture.running.ca_pem().to_owned();
    let keys = browser.get("/oauth2/jwks").await.text().await.unwrap();
    let fixture = fixture.restart().await;
    assert_eq!(fixture.running.issuer(), issuer);
    assert_eq!(fixture.running.ca_pem(), ca);
    assert_eq!(
        browser.get("/oauth2/jwks").await.text().await.unwrap(),
        keys
    );
    let profile = browser.api("/v1/profile", &tokens.access).await;
    assert_eq!(profile.status(), StatusCode::OK);
    assert!(browser.authorize(&[]).await.starts_with("/consent?"));
    Tokens::of(browser.refresh(&tokens.refresh).await).await;
}

/// The program itself; killed when dropped.
pub(crate) struct Program {
    child: Child,
    pub(crate) browser: Browser,
}

impl Program {
    pub(crate) fn start(dir: &Path) -> Self {
        Self::start_with(dir, &[])
    }

    pub(crate) fn start_with(dir: &Path, options: &[&str]) -> Self {
        let log = fs::File::create(dir.join("portal.log")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_uc-portal"))
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(dir)
            .arg("--ready-file")
            .arg(dir.join("ready.json"))
            .args(options)
            .stdout(Stdio::piped())
            .env("RUST_LOG", "debug,uc_portal=trace")
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let ca = fs::read_to_string(ready["ca"].as_str().unwrap()).unwrap();
        let browser = Browser::new(ready["issuer"].as_str().unwrap(), &ca);
        Self { child, browser }
    }

    /// Its browser, another taking its place.
    pub(crate) fn take_browser(&mut self) -> Browser {
        let fresh = Browser {
            base: self.browser.base.clone(),
            http: self.browser.http.clone(),
            cookies: BTreeMap::default(),
            set_cookies: Vec::new(),
            language: "ru",
        };
        std::mem::replace(&mut self.browser, fresh)
    }

    pub(crate) fn kill(mut self) -> Browser {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let (base, http) = (self.browser.base.clone(), self.browser.http.clone());
        Browser {
            base,
            http,
            cookies: std::mem::take(&mut self.browser.cookies),
            set_cookies: Vec::new(),
            language: "ru",
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn sv_08_a_killed_portal_comes_back_with_its_sessions() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = Program::start(dir.path());
    let tokens = first.browser.obtain_tokens().await;
    let rotated = Tokens::of(first.browser.refresh(&tokens.refresh).await).await;
    let before = first.kill();
    let mut second = Program::start(dir.path());
    assert_eq!(second.browser.base, before.base);
    second.browser.cookies = before.cookies;
    assert!(second.browser.authorize(&[]).await.starts_with("/consent?"));
    let next = Tokens::of(second.browser.refresh(&rotated.refresh).await).await;
    let profile = second.browser.api("/v1/profile", &next.access).await;
    assert_eq!(profile.status(), StatusCode::OK);
    let ready = fs::read_to_string(dir.path().join("ready.json")).unwrap();
    let ready: Value = serde_json::from_str(&ready).unwrap();
    assert_eq!(ready["pid"], second.child.id());
}

#[test]
fn an_address_that_others_reach_must_be_allowed() {
    let dir = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_uc-portal"))
        .args(["serve", "--listen", "0.0.0.0:0", "--data-dir"])
        .arg(dir.path())
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("--allow-remote"));
}

#[test]
fn demo_users_are_printed_one_a_line() {
    let output = Command::new(env!("CARGO_BIN_EXE_uc-portal"))
        .arg("demo-users")
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let users: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(users.len(), 4);
    assert_eq!(users[3]["role"], "operator");
    assert!(users.iter().all(|user| user["password"].is_string()));
}
