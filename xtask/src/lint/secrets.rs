//! What must never be written down cannot be: no type that holds a secret is serializable.

use super::Fault;
use super::invariants;
use super::tree::{TextFile, Tree};

/// Where the client's secrets live. The contract with the interface takes a passcode in and gives none out.
const FOLDERS: &[&str] = &[
    "crates/uc-auth/src/",
    "crates/uc-core/src/",
    "crates/uc-platform/src/",
    "crates/uc-model/src/secret",
];

const NAMES: &[&str] = &[
    "Token",
    "Secret",
    "Passcode",
    "Password",
    "Verifier",
    "Kek",
    "VaultKey",
    "DeviceKey",
];

/// Secret types that became serializable.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    FOLDERS
        .iter()
        .flat_map(|folder| tree.product_code(folder).collect::<Vec<_>>())
        .flat_map(faults)
        .collect()
}

fn faults(file: &TextFile) -> Vec<Fault> {
    let words = &file.rust.words;
    let lines: Vec<&str> = words.lines().collect();
    invariants::serializable(words)
        .into_iter()
        .filter_map(|line| {
            let name = type_name(&lines[line - 1..])?;
            NAMES.iter().any(|secret| name.contains(secret)).then(|| {
                Fault::new(
                    file.place(line),
                    format!("{name} holds a secret and is Serialize"),
                )
            })
        })
        .collect()
}

/// The type that a derive or an `impl … for` is about.
fn type_name<'a>(lines: &[&'a str]) -> Option<&'a str> {
    let name = |rest: &'a str| {
        rest.split(|c: char| !c.is_alphanumeric() && c != '_')
            .next()
    };
    for line in lines.iter().take(12) {
        for item in ["Serialize for ", "struct ", "enum "] {
            if let Some((_, rest)) = line.split_once(item) {
                return name(rest);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_code(code: &str, expected: usize) {
        let files = vec![TextFile::new("crates/uc-auth/src/tokens.rs", code)];
        assert_eq!(
            check(&Tree {
                packages: Vec::new(),
                files
            })
            .len(),
            expected,
            "{code}"
        );
    }

    #[test]
    fn token_made_serializable_is_found() {
        check_code(
            "#[derive(Debug, Serialize)]\npub struct RefreshToken(String);\n",
            1,
        );
        check_code(
            "#[derive(\n    Debug,\n    Serialize,\n)]\n#[serde(transparent)]\nstruct AccessToken;\n",
            1,
        );
        check_code("impl serde::Serialize for AccessToken {}\n", 1);
    }

    #[test]
    fn what_is_read_or_no_secret_passes() {
        check_code(
            "#[derive(Deserialize)]\npub struct RefreshToken(String);\n",
            0,
        );
        check_code(
            "#[derive(Serialize)]\nstruct Header { typ: &'static str }\n",
            0,
        );
        check_code("// #[derive(Serialize)] struct RefreshToken\n", 0);
    }
}
