//! Compiling, binding and shrinking the wasm module.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use wasm_bindgen_cli_support::Bindgen;

use crate::{Profile, packages::Packages};

/// Features that rustc and wasm-bindgen use; wasm-opt must be told.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What the page loads.
#[derive(Debug)]
pub(crate) struct Program {
    /// The module.
    pub(crate) wasm: Vec<u8>,
    /// The script that joins it to the browser.
    pub(crate) glue: String,
}

/// A line of cargo's report, as far as it matters here.
#[derive(Debug, Deserialize)]
struct CargoLine {
    reason: String,
    target: Option<CargoTarget>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct CargoTarget {
    name: String,
}

/// Compiles the interface; answers with the path of the raw module.
pub(crate) fn compile(root: &Path, profile: Profile, features: &[String]) -> Result<PathBuf> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["build", "--package", "uc-frontend"])
        .args(["--target", "wasm32-unknown-unknown"])
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(root)
        .stderr(Stdio::inherit());
    match profile {
        Profile::Dev => {}
        Profile::Release => {
            cargo.args(["--profile", "wasm-release"]);
        }
    }
    if !features.is_empty() {
        cargo.arg("--features").arg(features.join(","));
    }
    let output = cargo.output().context("cargo cannot be started")?;
    ensure!(output.status.success(), "the interface does not compile");
    module_path(&String::from_utf8_lossy(&output.stdout))
}

/// The module among what cargo reports to have made.
fn module_path(report: &str) -> Result<PathBuf> {
    report
        .lines()
        .filter_map(|line| serde_json::from_str::<CargoLine>(line).ok())
        .filter(|line| line.reason == "compiler-artifact")
        .filter(|line| {
            line.target
                .as_ref()
                .is_some_and(|target| target.name == "uc-frontend")
        })
        .flat_map(|line| line.filenames)
        .find(|path| {
            path.extension()
                .is_some_and(|extension| extension == "wasm")
        })
        .context("cargo made no wasm module")
}

/// Writes the glue and, for a release, shrinks the module.
pub(crate) fn bind(module: &Path, packages: &Packages, profile: Profile) -> Result<Program> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .web(true)?
        .out_name("app")
        .typescript(false)
        .debug(profile == Profile::Dev)
        .keep_debug(false)
        .remove_name_section(profile == Profile::Release)
        .remove_producers_section(true);
    let mut output = bindgen.generate_output().context("wasm-bindgen failed")?;
    let glue = output.js().to_owned();
    let wasm = output.wasm_mut().emit_wasm();
    match profile {
        Profile::Dev => Ok(Program { wasm, glue }),
        Profile::Release => Ok(Program {
            wasm: shrink(&wasm, module, packages)?,
            glue,
        }),
    }
}

/// Runs `wasm-opt -Oz`: npm's, whose version is locked, else the system's.
fn shrink(wasm: &[u8], beside: &Path, packages: &Packages) -> Result<Vec<u8>> {
    crate::say("shrinking the wasm module")?;
    let bound = beside.with_extension("bound.wasm");
    let small = beside.with_extension("small.wasm");
    fs::write(&bound, wasm)?;
    let status = wasm_opt(packages)
        .arg("-Oz")
        .args(WASM_FEATURES)
        .arg(&bound)
        .arg("-o")
        .arg(&small)
        .status()
        .context("wasm-opt cannot be started")?;
    ensure!(status.success(), "wasm-opt failed");
    fs::read(&small).context("wasm-opt wrote nothing")
}

fn wasm_opt(packages: &Packages) -> Command {
    let script = packages.path("binaryen/bin/wasm-opt");
    if script.exists() {
        let mut command = Command::new("node");
        command.arg(script);
        command
    } else {
        Command::new("wasm-opt")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_is_found_in_cargos_report() {
        let report = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"yew"},"filenames":["/t/libyew.rlib"]}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"uc-frontend"},"filenames":["/t/uc-frontend.wasm"]}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        assert_eq!(
            module_path(report).unwrap(),
            Path::new("/t/uc-frontend.wasm")
        );
        assert!(module_path("").is_err());
    }
}
