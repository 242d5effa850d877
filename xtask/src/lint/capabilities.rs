//! What the window may call, and how it is set up (IPC-04).

use std::collections::BTreeSet;

use serde_json::Value;

use super::Fault;
use super::tree::{TextFile, Tree};

#[cfg(test)]
mod tests;

const SETTINGS: &str = "src-tauri/tauri.conf.json";
const TABLE: &str = "crates/uc-ipc/src/commands.rs";

/// Plugins that would hand the machine to the web view. Biometrics are asked for from Rust only.
const FORBIDDEN_PLUGINS: &[&str] = &[
    "fs:",
    "shell:",
    "http:",
    "opener:",
    "process:",
    "sql:",
    "store:",
    "biometric:",
    "websocket:",
];

/// Everything that is not set up as it must be.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = capability_files(tree);
    faults.extend(settings(tree));
    faults.extend(command_permissions(tree));
    faults.extend(shell_features(tree));
    faults
}

fn capability_files(tree: &Tree) -> Vec<Fault> {
    let mut files = tree
        .files
        .iter()
        .filter(|file| file.path.starts_with("capabilities/"))
        .peekable();
    let mut faults = Vec::new();
    if files.peek().is_none() {
        faults.push(Fault::new(
            "capabilities",
            "there is at least one capability",
        ));
    }
    for file in files {
        match serde_json::from_str::<Value>(&file.text) {
            Ok(capability) => faults.extend(capability_faults(file, &capability, tree)),
            Err(error) => faults.push(Fault::new(&file.path, format!("not JSON: {error}"))),
        }
    }
    let strays = tree
        .files
        .iter()
        .filter(|file| file.path.starts_with("src-tauri/capabilities/"));
    faults.extend(strays.map(|file| Fault::new(&file.path, "capabilities lie in the root folder")));
    faults
}

fn capability_faults(file: &TextFile, capability: &Value, tree: &Tree) -> Vec<Fault> {
    let mut rules = Vec::new();
    if !capability["remote"].is_null() {
        rules.push("no remote page gets a permission".to_owned());
    }
    let windows = texts(&capability["windows"]);
    if windows.len() != 1 || windows.iter().any(|name| name.contains('*')) {
        rules.push("one window, named in full".to_owned());
    }
    if !texts(&capability["webviews"]).is_empty() {
        rules.push("no web views apart from the window".to_owned());
    }
    let permissions = permissions(capability);
    rules.extend(permissions.iter().filter_map(|name| permission_fault(name)));
    rules.extend(differences(&permissions, &command_permission_names(tree)));
    rules
        .into_iter()
        .map(|rule| Fault::new(&file.path, rule))
        .collect()
}

fn permission_fault(name: &str) -> Option<String> {
    let plugin = FORBIDDEN_PLUGINS
        .iter()
        .find(|plugin| name.starts_with(**plugin));
    if let Some(plugin) = plugin {
        return Some(format!("`{name}`: no permission of {plugin}"));
    }
    let wide = name.contains('*') || name == "default" || name.ends_with(":default");
    wide.then(|| format!("`{name}`: permissions are named one by one"))
}

/// The table's commands beside the granted ones, in both directions.
fn differences(granted: &BTreeSet<String>, table: &BTreeSet<String>) -> Vec<String> {
    let own: BTreeSet<String> = granted
        .iter()
        .filter(|name| !name.contains(':'))
        .cloned()
        .collect();
    let missing = table
        .difference(&own)
        .map(|name| format!("`{name}` is not granted"));
    let unknown = own
        .difference(table)
        .map(|name| format!("`{name}` is no command of the table"));
    missing.chain(unknown).collect()
}

/// The permissions that the shell's build makes of the table.
fn command_permission_names(tree: &Tree) -> BTreeSet<String> {
    command_names(tree)
        .iter()
        .map(|name| format!("allow-{}", name.replace('_', "-")))
        .collect()
}

fn command_names(tree: &Tree) -> Vec<String> {
    let code = tree
        .file(TABLE)
        .map(|file| file.rust.code.as_str())
        .unwrap_or_default();
    let entry = |line: &str| {
        let (name, request) = line.trim().split_once('(')?;
        request.starts_with("$crate::").then(|| name.to_owned())
    };
    code.lines().filter_map(entry).collect()
}

fn command_permissions(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    if command_names(tree).is_empty() {
        faults.push(Fault::new(TABLE, "the table of commands is found here"));
    }
    let build = tree
        .file("src-tauri/build.rs")
        .map(|file| file.rust.code.as_str())
        .unwrap_or_default();
    if !(build.contains("AppManifest") && build.contains(".commands(uc_ipc::COMMAND_NAMES)")) {
        let rule = "permissions are made of uc_ipc::COMMAND_NAMES; without them every page may call everything";
        faults.push(Fault::new("src-tauri/build.rs", rule));
    }
    faults
}

fn settings(tree: &Tree) -> Vec<Fault> {
    let Some(file) = tree.file(SETTINGS) else {
        return vec![Fault::new(SETTINGS, "the shell has settings")];
    };
    let Ok(settings) = serde_json::from_str::<Value>(&file.text) else {
        return vec![Fault::new(SETTINGS, "not JSON")];
    };
    let app = &settings["app"];
    let security = &app["security"];
    let off = |value: &Value| value.is_null() || *value == Value::Bool(false);
    let rules = [
        (
            app["withGlobalTauri"] == Value::Bool(false),
            "withGlobalTauri is false",
        ),
        (
            security["freezePrototype"] == Value::Bool(true),
            "freezePrototype is true",
        ),
        (
            off(&security["dangerousDisableAssetCspModification"]),
            "Tauri's additions to the CSP stay on",
        ),
        (
            off(&security["assetProtocol"]["enable"]),
            "the asset protocol is off",
        ),
        (security["devCsp"].is_null(), "development has the same CSP"),
        (
            app["windows"]
                .as_array()
                .is_none_or(|windows| windows.len() <= 1),
            "at most one window",
        ),
    ];
    let broken = rules
        .iter()
        .filter(|(holds, _)| !holds)
        .map(|(_, rule)| Fault::new(SETTINGS, *rule));
    broken.chain(csp_faults(&security["csp"])).collect()
}

/// What each directive may say (WV-03); all others must say 'none'.
const CSP: &[(&str, &[&str])] = &[
    ("script-src", &["'self'", "'wasm-unsafe-eval'"]),
    ("style-src", &["'self'"]),
    ("img-src", &["'self'", "data:"]),
    ("font-src", &["'self'"]),
    ("connect-src", &["'self'", "ipc:", "http://ipc.localhost"]),
];

fn csp_faults(csp: &Value) -> Vec<Fault> {
    let Some(text) = csp.as_str() else {
        return vec![Fault::new(SETTINGS, "there is a CSP, as one text")];
    };
    let directives: Vec<Vec<&str>> = text
        .split(';')
        .map(|part| part.split_whitespace().collect())
        .collect();
    let mut faults = Vec::new();
    for name in [
        "default-src",
        "frame-src",
        "object-src",
        "base-uri",
        "form-action",
    ] {
        if !directives.contains(&vec![name, "'none'"]) {
            faults.push(Fault::new(SETTINGS, format!("CSP: {name} is 'none'")));
        }
    }
    for words in directives.iter().filter(|words| words.len() > 1) {
        let allowed = CSP
            .iter()
            .find(|(name, _)| *name == words[0])
            .map_or(&["'none'"][..], |(_, all)| all);
        let wide = words[1..].iter().filter(|word| !allowed.contains(word));
        faults.extend(
            wide.map(|word| Fault::new(SETTINGS, format!("CSP: {} allows {word}", words[0]))),
        );
    }
    faults
}

/// Developer tools would let whoever holds an unlocked device call every command.
fn shell_features(tree: &Tree) -> Vec<Fault> {
    let path = "src-tauri/Cargo.toml";
    let manifest = tree
        .file(path)
        .and_then(|file| file.text.parse::<toml::Table>().ok());
    let Some(manifest) = manifest else {
        return vec![Fault::new(path, "the shell has a manifest")];
    };
    let tauri = &manifest["dependencies"]
        .get("tauri")
        .and_then(|tauri| tauri.get("features"));
    let features = tauri
        .and_then(toml::Value::as_array)
        .cloned()
        .unwrap_or_default();
    features
        .iter()
        .filter_map(toml::Value::as_str)
        .filter(|name| ["devtools", "protocol-asset", "isolation"].contains(name))
        .map(|name| Fault::new(path, format!("tauri's feature {name} stays off")))
        .collect()
}

/// Names of permissions, also of those that carry a scope.
fn permissions(capability: &Value) -> BTreeSet<String> {
    let all = capability["permissions"].as_array().into_iter().flatten();
    all.filter_map(|item| item.as_str().or_else(|| item["identifier"].as_str()))
        .map(str::to_owned)
        .collect()
}

fn texts(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}
