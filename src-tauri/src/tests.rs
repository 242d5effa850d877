//! The window's rights: the capability file, the configuration and what Tauri makes of them. No display is needed.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::{Value, json};
use tauri::{
    App, WebviewWindow, WebviewWindowBuilder,
    test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder},
    webview::InvokeRequest,
};
use uc_ipc::{COMMAND_NAMES, IpcError};
use uc_testkit::TestApp;

use super::*;

const CAPABILITY: &str = include_str!("../../capabilities/main.json");
const CONFIGURATION: &str = include_str!("../tauri.conf.json");

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn ipc_04_the_capability_lists_exactly_the_table() {
    let capability = parsed(CAPABILITY);
    let granted: BTreeSet<_> = capability["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|permission| permission.as_str().unwrap().to_owned())
        .collect();
    let expected: BTreeSet<_> = COMMAND_NAMES
        .iter()
        .map(|name| format!("allow-{}", name.replace('_', "-")))
        .chain(["core:event:allow-listen", "core:event:allow-unlisten"].map(str::to_owned))
        .collect();
    assert_eq!(granted, expected);
    assert_eq!(capability["windows"], json!(["main"]));
    assert_eq!(capability["remote"], Value::Null);
}

#[test]
fn ipc_04_the_configuration_is_closed() {
    let configuration = parsed(CONFIGURATION);
    let app = &configuration["app"];
    let security = &app["security"];
    assert_eq!(app["withGlobalTauri"], json!(false));
    assert_eq!(app["windows"], json!([]), "the one window is built in code");
    assert_eq!(security["freezePrototype"], json!(true));
    assert_eq!(
        security["dangerousDisableAssetCspModification"],
        json!(false)
    );
    assert_eq!(security["assetProtocol"], Value::Null);
    assert_eq!(security["capabilities"], json!(["main"]));
    assert_eq!(security["csp"], json!(WV_03_POLICY));
}

/// The whole policy: whoever loosens it has to say so here, too.
const WV_03_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self' ipc: http://ipc.localhost; frame-src 'none'; object-src 'none'; \
    base-uri 'none'; form-action 'none'";

/// A request that parses, for each command.
fn sample(command: &str) -> Value {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    match command {
        "set_passcode" => json!({ "passcode": "480517" }),
        "unlock" => json!({ "by": "passcode", "passcode": "480517" }),
        "end_account_session" => json!({ "session": id }),
        "rename_device" => json!({ "session": id, "name": "a laptop" }),
        "open_portal_page" => json!({ "page": "documents" }),
        "update_sensor_unlock" => json!({ "enabled": true }),
        "change_passcode" => json!({ "current": "480517", "new": "582917" }),
        "sign_out" => json!({ "unsent": "keep" }),
        "update_appearance" => {
            json!({ "appearance": { "language": "en", "theme": "dark", "text_size": "large" } })
        }
        "search_services" => json!({ "text": "", "filter": { "with_form": false } }),
        "suggest_services" => json!({ "text": "пасп" }),
        "open_service" | "open_form" => json!({ "service": "passport-replacement" }),
        "save_draft" => {
            json!({ "application": id, "service": "passport-replacement", "answers": {}, "step": 0 })
        }
        "submit_application" => {
            json!({ "application": id, "service": "passport-replacement", "answers": {} })
        }
        "attach_file" => {
            json!({ "application": id, "property": "photo", "name": "a.pdf", "size": 8, "start": 0, "part": "JVBERi0xLjc=" })
        }
        "discard_draft" | "open_application" | "cancel_application" => json!({ "application": id }),
        "list_applications" => json!({ "filter": { "text": "" } }),
        "mark_read" => json!({ "messages": [] }),
        "pause_sync" => json!({ "paused": true }),
        "update_auto_lock" => json!({ "auto_lock": "one_minute" }),
        _ => json!({}),
    }
}

fn window(app: &App<MockRuntime>, label: &str) -> WebviewWindow<MockRuntime> {
    WebviewWindowBuilder::new(app, label, tauri::WebviewUrl::default())
        .build()
        .unwrap()
}

fn invoke(
    window: &WebviewWindow<MockRuntime>,
    command: &str,
    origin: &str,
) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: tauri::ipc::CallbackFn(0),
        error: tauri::ipc::CallbackFn(1),
        url: origin.parse().unwrap(),
        body: json!({ "request": sample(command) }).into(),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
}

/// The command was carried out, or refused by the core: Tauri's own refusals are plain text.
fn reached_the_core(answer: &Result<Value, Value>) -> bool {
    match answer {
        Ok(_) => true,
        Err(error) => serde_json::from_value::<IpcError>(error.clone()).is_ok(),
    }
}

const OWN: &str = "tauri://localhost";

/// An app over a core and a portal that are both at rest when the process ends. Their stores stay open: libcrypto tears
/// itself down at exit, and a connection that is being closed at that very moment would still use it.
fn with_app(check: impl FnOnce(&App<MockRuntime>)) {
    let mut test_app = block_on(TestApp::start());
    let app = with_core(
        mock_builder(),
        StartingCore::of(Arc::clone(test_app.core())),
    )
    .build(tauri::generate_context!(test = true))
    .unwrap();
    check(&app);
    std::mem::forget(Arc::clone(test_app.core()));
    std::mem::forget(Arc::clone(test_app.portal().portal()));
    block_on(async {
        test_app.stop_app().await;
        test_app.stop_portal().await;
    });
}

#[test]
fn ipc_01_only_the_main_window_and_only_our_own_pages_reach_the_core() {
    with_app(check_every_command);
}

fn check_every_command(app: &App<MockRuntime>) {
    let (main, other) = (window(app, window::MAIN), window(app, "other"));
    // `sign_in` waits for a browser; the others answer at once.
    for command in COMMAND_NAMES.iter().filter(|name| **name != "sign_in") {
        let answer = invoke(&main, command, OWN);
        assert!(reached_the_core(&answer), "{command}: {answer:?}");
        for (window, origin) in [
            (&other, OWN),
            (&main, "https://evil.example"),
            (&main, "http://app.evil.com"),
            (&main, "http://tauri.localhost.evil.com"),
        ] {
            let answer = invoke(window, command, origin);
            assert!(
                !reached_the_core(&answer),
                "{command} from {origin}: {answer:?}"
            );
        }
    }
}

#[test]
fn ipc_02_what_is_not_granted_is_refused() {
    with_app(check_what_is_not_granted);
}

fn check_what_is_not_granted(app: &App<MockRuntime>) {
    let main = window(app, window::MAIN);
    for command in [
        "no_such_command",
        "plugin:fs|read_file",
        "plugin:window|close",
        "plugin:app|version",
    ] {
        assert!(!reached_the_core(&invoke(&main, command, OWN)), "{command}");
    }
}
