use serde_json::{Value, json};

use super::*;

fn capability() -> Value {
    json!({
        "identifier": "main",
        "windows": ["main"],
        "permissions": ["core:event:allow-listen", "allow-open-session", "allow-sign-in"],
    })
}

fn settings_file() -> Value {
    let csp = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
               img-src 'self' data:; font-src 'self'; connect-src 'self' ipc: http://ipc.localhost; \
               frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'";
    json!({ "app": {
        "withGlobalTauri": false,
        "windows": [],
        "security": { "freezePrototype": true, "csp": csp },
    }})
}

fn tree(capability: &Value, settings: &Value, manifest: &str) -> Tree {
    let table = "open_session($crate::OpenSession) -> $crate::Session;\n\
                 /// Doc (of $crate::things).\nsign_in($crate::SignIn) -> $crate::Session;\n";
    let build = "fn main() { AppManifest::new().commands(uc_ipc::COMMAND_NAMES); }";
    let files = vec![
        TextFile::new("capabilities/main.json", &capability.to_string()),
        TextFile::new(SETTINGS, &settings.to_string()),
        TextFile::new(TABLE, table),
        TextFile::new("src-tauri/build.rs", build),
        TextFile::new("src-tauri/Cargo.toml", manifest),
    ];
    Tree {
        packages: Vec::new(),
        files,
    }
}

const MANIFEST: &str = "[dependencies]\ntauri = { version = '2', features = ['wry'] }\n";

#[track_caller]
fn check_capability(change: impl Fn(&mut Value), expected: &str) {
    let mut changed = capability();
    change(&mut changed);
    expect(&tree(&changed, &settings_file(), MANIFEST), expected);
}

#[track_caller]
fn check_settings(change: impl Fn(&mut Value), expected: &str) {
    let mut changed = settings_file();
    change(&mut changed["app"]);
    expect(&tree(&capability(), &changed, MANIFEST), expected);
}

#[track_caller]
fn expect(tree: &Tree, expected: &str) {
    let rules: Vec<_> = check(tree).into_iter().map(|fault| fault.rule).collect();
    assert!(
        rules.iter().any(|rule| rule.contains(expected)),
        "{expected:?} not in {rules:?}"
    );
}

#[test]
fn ipc_04_settings_as_they_must_be_pass() {
    assert_eq!(check(&tree(&capability(), &settings_file(), MANIFEST)), []);
}

#[test]
fn ipc_04_command_missing_from_the_capability_is_found() {
    let permissions = json!(["allow-open-session"]);
    check_capability(
        |it| it["permissions"] = permissions.clone(),
        "`allow-sign-in` is not granted",
    );
}

#[test]
fn ipc_04_permission_without_a_command_is_found() {
    let permissions = json!(["allow-open-session", "allow-sign-in", "allow-fly"]);
    check_capability(
        |it| it["permissions"] = permissions.clone(),
        "`allow-fly` is no command",
    );
}

#[test]
fn lk_09_a_permission_to_ask_the_sensor_is_found() {
    let of_a_plugin = "biometric:allow-authenticate";
    let permissions = json!(["allow-open-session", "allow-sign-in", of_a_plugin]);
    check_capability(|it| it["permissions"] = permissions.clone(), of_a_plugin);
}

#[test]
fn ipc_04_wide_permissions_are_found() {
    for wide in [
        "core:default",
        "fs:allow-read-file",
        "shell:allow-open",
        "http:default",
        "biometric:allow-status",
    ] {
        let permissions = json!(["allow-open-session", "allow-sign-in", wide]);
        check_capability(|it| it["permissions"] = permissions.clone(), wide);
    }
    let scoped =
        json!(["allow-open-session", "allow-sign-in", { "identifier": "fs:allow-exists" }]);
    check_capability(|it| it["permissions"] = scoped.clone(), "fs:allow-exists");
}

#[test]
fn ipc_04_capabilities_name_one_window_of_ours() {
    check_capability(|it| it["windows"] = json!(["*"]), "one window");
    check_capability(|it| it["windows"] = json!(["main", "other"]), "one window");
    check_capability(|it| it["webviews"] = json!(["main"]), "no web views");
    check_capability(
        |it| it["remote"] = json!({ "urls": ["https://portal.example"] }),
        "no remote",
    );
}

#[test]
fn ipc_04_loosened_settings_are_found() {
    check_settings(
        |app| app["withGlobalTauri"] = json!(true),
        "withGlobalTauri",
    );
    check_settings(
        |app| app["security"]["freezePrototype"] = json!(null),
        "freezePrototype",
    );
    check_settings(
        |app| app["security"]["assetProtocol"] = json!({ "enable": true }),
        "asset protocol",
    );
    let dangerous = "dangerousDisableAssetCspModification";
    check_settings(|app| app["security"][dangerous] = json!(true), "stay on");
    check_settings(|app| app["security"]["devCsp"] = json!(""), "same CSP");
    check_settings(|app| app["windows"] = json!([{}, {}]), "at most one window");
}

#[test]
fn wv_03_loosened_csp_is_found() {
    check_settings(|app| app["security"]["csp"] = json!(null), "there is a CSP");
    let with = |from: &str, to: &str| {
        let csp = settings_file()["app"]["security"]["csp"]
            .as_str()
            .unwrap()
            .replace(from, to);
        json!(csp)
    };
    let cases = [
        (
            "style-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "style-src allows 'unsafe-inline'",
        ),
        (
            "'wasm-unsafe-eval'",
            "'unsafe-eval'",
            "script-src allows 'unsafe-eval'",
        ),
        ("ipc:", "https:", "connect-src allows https:"),
        (
            "frame-src 'none'",
            "frame-src 'self'",
            "frame-src is 'none'",
        ),
        ("font-src 'self'", "media-src *", "media-src allows *"),
    ];
    for (from, to, expected) in cases {
        check_settings(|app| app["security"]["csp"] = with(from, to), expected);
    }
}

#[test]
fn ipc_04_developer_tools_are_found() {
    let manifest = "[dependencies]\ntauri = { version = '2', features = ['devtools'] }\n";
    expect(&tree(&capability(), &settings_file(), manifest), "devtools");
}

#[test]
fn ipc_04_shell_without_permissions_of_commands_is_found() {
    let mut tree = tree(&capability(), &settings_file(), MANIFEST);
    let build = tree
        .files
        .iter_mut()
        .find(|file| file.path == "src-tauri/build.rs")
        .unwrap();
    *build = TextFile::new("src-tauri/build.rs", "fn main() { tauri_build::build(); }");
    expect(&tree, "every page may call everything");
}
