//! Clients that others wrote with our portal.

#![expect(
    clippy::print_stdout,
    reason = "which version judged belongs into the report of the run"
)]

use std::{fs, sync::Arc};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use tempfile::TempDir;
use uc_core::ports::Clock as _;
use uc_portal::{Config, RunningPortal, Times, oidc::DESKTOP_CLIENT};
use uc_testkit::{ManualClock, Person, app::begin};

use crate::{
    judges::{Judges, Program},
    line_program::LineProgram,
};

const SCOPE: &str = "openid profile email offline_access";
const TERMINAL: &str = "terminal";
const CLIENTS: &str = r#"
    [[client]]
    id = "terminal"
    name = "Терминал приёмной"
    authentication = "none"
    device_grant = "allowed"
"#;

/// What a client saw of one session, from sign-in to sign-out.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seen {
    judge: String,
    version: String,
    runtime: String,
    subject: String,
    audience: String,
    token_type: String,
    scope: String,
    name: String,
    same_after_refresh: bool,
    refresh_rotated: bool,
    access_renewed: bool,
    /// What a refresh is refused with after its token was given back.
    after_revocation: Option<String>,
    /// The status or error of userinfo then.
    after_revocation_at_user_info: serde_json::Value,
    signed_out_to: String,
    signed_out_state: String,
    /// What a sign-in without any page is refused with after the sign-out.
    after_sign_out: Option<String>,
}

/// How a client asks, where it has the choice.
#[derive(Debug, Clone, Copy, Default)]
struct Manner {
    /// The request for sign-in is pushed (RFC 9126).
    pushed: bool,
    /// Tokens are bound to the client's key (RFC 9449).
    bound: bool,
}

impl Manner {
    fn token_type(self) -> &'static str {
        if self.bound { "dpop" } else { "bearer" }
    }
}

/// The portal in this process, with a clock that stands.
struct Portal {
    running: RunningPortal,
    clock: ManualClock,
    _folder: TempDir,
}

impl Portal {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::new(begin());
        let times = Times::Given(Arc::new(clock.clone()));
        let clients = folder.path().join("clients.toml");
        fs::write(&clients, CLIENTS).unwrap();
        let config = Config {
            clients: Some(clients),
            ..Config::demo(folder.path().join("portal"), times)
        };
        Self {
            running: uc_portal::spawn(config).await.unwrap(),
            clock,
            _folder: folder,
        }
    }

    /// The product's own client goes through a session.
    async fn hear(&self, program: Program, manner: Manner) -> Seen {
        self.hear_as(DESKTOP_CLIENT, program, manner).await
    }

    async fn hear_as<T: DeserializeOwned>(
        &self,
        client: &str,
        program: Program,
        manner: Manner,
    ) -> T {
        let Person::Allows { login, password } = Person::anna() else {
            unreachable!("the first demo citizen allows");
        };
        let given = json!({
            "issuer": self.running.issuer(),
            "authority": self.running.ca_path(),
            "clientId": client,
            "scope": SCOPE,
            "par": manner.pushed,
            "dpop": manner.bound,
            "now": self.clock.now().as_millisecond(),
            "person": { "login": login, "password": password, "action": "allow" },
        });
        let judges = Judges::ensure_installed().unwrap();
        let mut command = judges.command(program, &given.to_string());
        command.env("NODE_EXTRA_CA_CERTS", self.running.ca_path());
        LineProgram::start(command).unwrap().next().await.unwrap()
    }
}

/// The whole session is what the standards say; the judge's own checks passed, or it would have said nothing.
#[track_caller]
fn check(seen: &Seen, manner: Manner, at_user_info: &serde_json::Value) {
    println!("judge: {} {} on {}", seen.judge, seen.version, seen.runtime);
    assert_eq!(seen.audience, DESKTOP_CLIENT);
    assert_eq!(seen.token_type.to_lowercase(), manner.token_type());
    assert_eq!(seen.scope, SCOPE);
    assert!(seen.name.contains("Анна"), "{}", seen.name);
    assert!(!seen.subject.is_empty());
    assert!(seen.same_after_refresh && seen.refresh_rotated && seen.access_renewed);
    assert_eq!(seen.after_revocation.as_deref(), Some("invalid_grant"));
    assert_eq!(&seen.after_revocation_at_user_info, at_user_info);
    assert_eq!(seen.signed_out_to, "http://127.0.0.1:50999/signed-out");
    assert_eq!(seen.signed_out_state, "home again");
    assert_eq!(seen.after_sign_out.as_deref(), Some("login_required"));
}

/// The client of npm, which knows every manner.
async fn hear_openid_client(manner: Manner) {
    let portal = Portal::start().await;
    let seen = portal.hear(Program::OpenidClient, manner).await;
    check(&seen, manner, &json!("invalid_token"));
}

#[tokio::test]
async fn op_66_npm_openid_client_signs_in_renews_and_signs_out() {
    hear_openid_client(Manner::default()).await;
}

#[tokio::test]
async fn op_66_npm_openid_client_pushes_its_request() {
    let pushed = true;
    hear_openid_client(Manner {
        pushed,
        ..Manner::default()
    })
    .await;
}

#[tokio::test]
async fn op_66_npm_openid_client_binds_its_session_to_a_key() {
    let bound = true;
    hear_openid_client(Manner {
        bound,
        ..Manner::default()
    })
    .await;
}

#[tokio::test]
async fn op_66_npm_openid_client_pushes_its_request_and_binds_its_session() {
    hear_openid_client(Manner {
        pushed: true,
        bound: true,
    })
    .await;
}

#[tokio::test]
async fn op_66_pypi_authlib_signs_in_renews_and_signs_out() {
    let portal = Portal::start().await;
    let manner = Manner::default();
    let seen = portal.hear(Program::Authlib, manner).await;
    check(&seen, manner, &json!(401));
}

/// What a client saw that runs on a device without a browser.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SeenFromDevice {
    judge: String,
    version: String,
    runtime: String,
    /// The title of the page that the person came to.
    last_page: String,
    audience: String,
    token_type: String,
    name: String,
    refresh_rotated: bool,
}

async fn hear_device(manner: Manner) {
    let portal = Portal::start().await;
    let program = Program::OpenidClientDevice;
    let seen: SeenFromDevice = portal.hear_as(TERMINAL, program, manner).await;
    println!("judge: {} {} on {}", seen.judge, seen.version, seen.runtime);
    assert!(
        seen.last_page.contains("Устройство подключено"),
        "{}",
        seen.last_page
    );
    assert_eq!(seen.audience, TERMINAL);
    assert_eq!(seen.token_type.to_lowercase(), manner.token_type());
    assert!(seen.name.contains("Анна"), "{}", seen.name);
    assert!(seen.refresh_rotated);
}

#[tokio::test]
async fn op_66_npm_openid_client_signs_in_on_a_device_without_a_browser() {
    hear_device(Manner::default()).await;
}

#[tokio::test]
async fn op_66_npm_openid_client_binds_a_session_on_a_device() {
    hear_device(Manner {
        bound: true,
        ..Manner::default()
    })
    .await;
}
