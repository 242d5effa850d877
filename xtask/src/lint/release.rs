//! A release holds no fail points, dev bridge, test authority or fake store.

use super::Fault;
use super::rust_source::RustSource;
use super::tree::Tree;

/// Packages that only development and tests use.
const TEST_PACKAGES: &[&str] = &[
    "uc-devbridge",
    "uc-testkit",
    "uc-portal",
    "uc-e2e",
    "uc-interop",
    "fail",
    "rcgen",
    "thirtyfour",
    "tempfile",
    "proptest",
];

/// Features that a release does not have.
const TEST_FEATURES: &[&str] = &[
    "test-hooks",
    "test",
    "demo",
    "fail-points",
    "dev",
    "devtools",
    "unkeyed",
];

/// Words that would switch a protection off or put a stub in its place.
const STUBS: &[&str] = &[
    "danger_accept_invalid",
    "dangerous_configuration",
    "ignore-certificate-errors",
    "allow-insecure-localhost",
    "keyring_core::mock",
    "keyring_core::sample",
    "keyring::mock",
];

/// What a release would hold and must not.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = shipped_packages(tree);
    faults.extend(default_features(tree));
    faults.extend(stubs(tree));
    faults.extend(keyring(tree));
    faults
}

fn shipped_packages(tree: &Tree) -> Vec<Fault> {
    let Some(shell) = tree.package("uc-shell") else {
        return Vec::new();
    };
    // The mock runtime of Tauri's own tests is a feature, so it is no package to look for.
    TEST_PACKAGES
        .iter()
        .filter(|name| {
            shell.direct.contains(**name)
                || (name.starts_with("uc-") && shell.linked.contains(**name))
        })
        .map(|name| Fault::new(&shell.folder, format!("the app ships {name}")))
        .collect()
}

fn default_features(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for package in &tree.packages {
        let default = package.features.get("default").into_iter().flatten();
        let bad = default.filter(|on| TEST_FEATURES.contains(&on.rsplit('/').next().unwrap_or(on)));
        faults
            .extend(bad.map(|on| Fault::new(&package.folder, format!("`{on}` is on by default"))));
    }
    let Some(shell) = tree.package("uc-shell") else {
        return faults;
    };
    let shipped = shell
        .features
        .iter()
        .filter(|(name, _)| !TEST_FEATURES.contains(&name.as_str()));
    for (name, on) in shipped {
        let bad = on
            .iter()
            .filter(|on| TEST_FEATURES.contains(&on.rsplit('/').next().unwrap_or(on)));
        faults.extend(
            bad.map(|on| Fault::new(&shell.folder, format!("`{name}` switches `{on}` on"))),
        );
    }
    faults
}

/// Nowhere at all: tests, too, go through real verification.
fn stubs(tree: &Tree) -> Vec<Fault> {
    tree.files
        .iter()
        .filter(|file| file.is_rust() && !file.path.starts_with("xtask/"))
        .flat_map(|file| {
            STUBS.iter().flat_map(move |stub| {
                RustSource::lines_with(&file.rust.code, stub).map(move |line| {
                    Fault::new(file.place(line), format!("`{stub}` is used nowhere"))
                })
            })
        })
        .collect()
}

/// The tokens' place is the system's keyring.
fn keyring(tree: &Tree) -> Vec<Fault> {
    let Some(platform) = tree.package("uc-platform") else {
        return Vec::new();
    };
    if platform.direct.contains("keyring") && platform.direct.contains("keyring-core") {
        return Vec::new();
    }
    vec![Fault::new(
        &platform.folder,
        "the system's keyring is behind the vault's port",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::metadata::Package;
    use crate::lint::tree::TextFile;

    fn package(name: &str, direct: &[&str], features: &[(&str, &[&str])]) -> Package {
        let names = |all: &[&str]| {
            all.iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        Package {
            name: name.to_owned(),
            folder: name.to_owned(),
            direct: names(direct).into_iter().collect(),
            linked: names(direct).into_iter().collect(),
            features: features
                .iter()
                .map(|(name, on)| ((*name).to_owned(), names(on)))
                .collect(),
        }
    }

    #[track_caller]
    fn expect(package: Package, expected: &str) {
        let faults = check(&Tree {
            packages: vec![package],
            files: Vec::new(),
        });
        assert!(
            faults.iter().any(|fault| fault.rule.contains(expected)),
            "{expected}: {faults:?}"
        );
    }

    #[test]
    fn app_as_it_ships_passes() {
        let features: &[(&str, &[&str])] = &[
            ("custom-protocol", &["tauri/custom-protocol"]),
            ("test-hooks", &["uc-platform/test-hooks"]),
        ];
        let shell = package("uc-shell", &["uc-core", "tauri"], features);
        let platform = package("uc-platform", &["keyring", "keyring-core"], &[]);
        assert_eq!(
            check(&Tree {
                packages: vec![shell, platform],
                files: Vec::new()
            }),
            []
        );
    }

    #[test]
    fn test_parts_in_the_app_are_found() {
        expect(
            package("uc-shell", &["uc-testkit"], &[]),
            "ships uc-testkit",
        );
        expect(
            package("uc-shell", &["uc-devbridge"], &[]),
            "ships uc-devbridge",
        );
        expect(
            package("uc-shell", &[], &[("default", &["test-hooks"])]),
            "on by default",
        );
        let through = ("custom-protocol", &["uc-platform/test-hooks"][..]);
        expect(package("uc-shell", &[], &[through]), "switches");
    }

    #[test]
    fn stub_in_place_of_the_keyring_is_found() {
        expect(
            package("uc-platform", &["keyring-core"], &[]),
            "system's keyring",
        );
        let code = "fn store() { set_default_store(keyring_core::mock::Store::new()) }";
        let files = vec![TextFile::new("crates/uc-platform/src/vault.rs", code)];
        assert_eq!(
            check(&Tree {
                packages: Vec::new(),
                files
            })
            .len(),
            1
        );
    }
}
