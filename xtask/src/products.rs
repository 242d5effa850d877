//! What the verbs build: the frontend, the app, the portal.

use anyhow::Result;

use crate::consent::Consent;
use crate::system_packages::Purpose;
use crate::{exact_tools, process, system_packages, workspace};

/// For whom the app is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AppFor {
    /// A person.
    People,
    /// Tests, which choose the program that stands for the system browser.
    Tests,
}

/// How the frontend is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrontendProfile {
    /// Fast to build.
    Dev,
    /// Small, as it ships.
    Release,
}

/// Sees to everything that building needs.
pub(crate) fn ensure_can_build(consent: Consent) -> Result<()> {
    system_packages::ensure_present(&[Purpose::Build], consent)?;
    exact_tools::ensure_node(consent)?;
    exact_tools::ensure_rust_targets(&["wasm32-unknown-unknown"])
}

/// Builds the frontend into the folder that the shell takes into its binary.
pub(crate) fn build_frontend(profile: FrontendProfile) -> Result<()> {
    let profile = match profile {
        FrontendProfile::Dev => "dev",
        FrontendProfile::Release => "release",
    };
    process::run_quietly(
        "building the frontend",
        workspace::cargo()
            .args(["run", "-p", "uc-bundle", "--", "--profile", profile])
            .args(["--out", "frontend/dist"]),
    )
}

/// Builds the frontend small, as it ships, and yet able to run in a browser: to compare the app with one.
pub(crate) fn build_measured_frontend() -> Result<()> {
    process::run_quietly(
        "building the frontend",
        workspace::cargo()
            .args(["run", "-p", "uc-bundle", "--", "--profile", "release"])
            .args(["--features", "bridge", "--out", "frontend/dist"]),
    )
}

/// Builds the portal and the app with the frontend inside.
pub(crate) fn build_programs(app: AppFor) -> Result<()> {
    build_portal()?;
    let features = match app {
        AppFor::People => "custom-protocol",
        AppFor::Tests => "custom-protocol,test-hooks",
    };
    process::run_quietly(
        "building the app",
        workspace::cargo().args(["build", "-p", "uc-shell", "--bins", "--features", features]),
    )
}

/// Builds the portal.
pub(crate) fn build_portal() -> Result<()> {
    process::run_quietly(
        "building the portal",
        workspace::cargo().args(["build", "-p", "uc-portal", "--bins"]),
    )
}

/// Builds the bridge that lets the interface run in a browser.
pub(crate) fn build_dev_bridge() -> Result<()> {
    process::run_quietly(
        "building the dev bridge",
        workspace::cargo().args(["build", "-p", "uc-devbridge", "--bins"]),
    )
}
