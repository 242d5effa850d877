//! Builds the interface: wasm, glue, style sheet, fonts, icons and the page that loads them.
//!
//! `cargo run -p uc-bundle -- --profile release --out frontend/dist`. A second run does nothing when nothing changed.

mod dist;
mod icons;
mod packages;
mod page;
mod stamp;
mod style;
mod wasm;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};

use crate::{dist::Dist, packages::Packages, stamp::Stamp};

/// Builds the interface.
#[derive(Debug, Parser)]
#[command(
    about,
    after_help = "Example: cargo run -p uc-bundle -- --profile release --out frontend/dist"
)]
struct Options {
    /// How much to optimise.
    #[arg(long, value_enum, default_value_t = Profile::Dev)]
    profile: Profile,
    /// Where the finished files go.
    #[arg(long, default_value = "frontend/dist")]
    out: PathBuf,
    /// Features of uc-frontend. Without this option `dev` takes `bridge` and `release` none.
    #[arg(long, value_delimiter = ',')]
    features: Option<Vec<String>>,
}

/// How much to optimise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// Fast to build; talks to the development bridge.
    Dev,
    /// As it ships.
    Release,
}

impl Profile {
    fn default_features(self) -> Vec<String> {
        match self {
            Self::Dev => vec!["bridge".to_owned()],
            Self::Release => Vec::new(),
        }
    }
}

fn main() -> Result<()> {
    let options = Options::parse();
    let root = workspace_root()?;
    let features = options
        .features
        .clone()
        .unwrap_or_else(|| options.profile.default_features());
    let packages = Packages::install(&root.join("frontend"))?;
    say("compiling the interface")?;
    let module = wasm::compile(&root, options.profile, &features)?;
    let out = root.join(&options.out);
    let stamp = Stamp::of(&root, &module, options.profile)?;
    if stamp.is_current(&out) {
        return say("the bundle is up to date");
    }
    let dist = assemble(&root, &packages, &module, options.profile)?;
    dist.write(&out)?;
    stamp.keep(&out, dist.names())?;
    say(&format!("bundle of {} in {}", dist.size(), out.display()))
}

fn assemble(root: &Path, packages: &Packages, module: &Path, profile: Profile) -> Result<Dist> {
    let mut dist = Dist::default();
    say("binding the wasm module")?;
    let program = wasm::bind(module, packages, profile)?;
    let wasm = dist.add("app", "wasm", program.wasm);
    let glue = dist.add("app", "js", program.glue.into_bytes());
    let boot = dist.add("boot", "js", page::boot_script(&glue, &wasm).into_bytes());
    say("collecting style, fonts and icons")?;
    let sheet = style::sheet(root, packages, &mut dist)?;
    let style = dist.add("style", "css", sheet.into_bytes());
    let mark = std::fs::read(root.join("icons/mark.svg")).context("icons/mark.svg")?;
    let mark = dist.add("mark", "svg", mark);
    let page = page::Page {
        boot: &boot,
        glue: &glue,
        wasm: &wasm,
        style: &style,
        mark: &mark,
        sprite: &icons::sprite(root, packages)?,
    };
    dist.set_index(page.fill(&root.join("frontend/index.html"))?);
    Ok(dist)
}

/// The folder above this crate's folder's parent: the crate stands in `xtask/bundle` of the checkout that cargo was
/// called in, as checkouts may share one build.
fn workspace_root() -> Result<PathBuf> {
    let built_in = || PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(built_in, PathBuf::from)
        .ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .context("the crate is not in xtask/bundle")
}

/// One line of progress.
fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "bundle: {line}").context("standard output is closed")
}
