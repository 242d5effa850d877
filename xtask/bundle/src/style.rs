//! One style sheet of the design system, its theme, the fonts and our own rules.
//!
//! The theme is made at build time by the design system's own program from `styles/designsystemet.config.json`:
//! the configuration is what we wrote, 47 KB of custom properties are not.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::{
    dist::{Dist, hex_digest},
    packages::Packages,
};

/// Our style sheets, in cascade order.
pub(crate) const OWN_SHEETS: [&str; 5] = [
    "foundation.css",
    "shell.css",
    "components.css",
    "screens.css",
    "contrast.css",
];
const THEME: &str = "edinyi";
const FONTS: &str = "@fontsource-variable/golos-text";
const SYSTEM: &str = "@digdir/designsystemet-css/dist/src/index.css";
const THEME_PROGRAM: &str = "@digdir/designsystemet/dist/bin/designsystemet.js";

/// Joins the sheets; fonts go into the bundle beside it.
pub(crate) fn sheet(root: &Path, packages: &Packages, dist: &mut Dist) -> Result<String> {
    let styles = root.join("frontend/styles");
    let mark = dist.add("mark", "svg", fs::read(root.join("icons/mark.svg"))?);
    let mut sheet = String::new();
    sheet.push_str(&font_faces(packages, dist)?);
    sheet.push_str(&packages.text(SYSTEM)?);
    sheet.push_str(&theme(&styles, packages)?.replace("@charset \"UTF-8\";", ""));
    for name in OWN_SHEETS {
        let own =
            fs::read_to_string(styles.join(name)).with_context(|| format!("styles/{name}"))?;
        write!(
            sheet,
            "\n{}",
            own.replace("./mark.svg", &format!("./{mark}"))
        )?;
    }
    Ok(without_comments(&sheet))
}

/// The font's rules with its files renamed to what they are called in the bundle.
fn font_faces(packages: &Packages, dist: &mut Dist) -> Result<String> {
    let mut rules = packages.text(&format!("{FONTS}/index.css"))?;
    let folder = packages.path(&format!("{FONTS}/files"));
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    for file in files {
        let stem = file_stem(&file)?;
        let name = dist.add(&stem, "woff2", fs::read(&file)?);
        rules = rules.replace(&format!("./files/{stem}.woff2"), &format!("./{name}"));
    }
    Ok(rules)
}

fn file_stem(file: &Path) -> Result<String> {
    let stem = file.file_stem().and_then(|stem| stem.to_str());
    Ok(stem.context("a font's name is not text")?.to_owned())
}

/// Makes the theme, or takes it from the cache when configuration and program are the same as before.
fn theme(styles: &Path, packages: &Packages) -> Result<String> {
    let config = fs::read(styles.join("designsystemet.config.json")).context("theme's config")?;
    let version = packages.text("@digdir/designsystemet/package.json")?;
    let key = hex_digest(&[config.as_slice(), version.as_bytes()].concat());
    let work = packages.path(".cache/uc-theme").join(&key[..16]);
    let made = work.join(format!("design-tokens-build/{THEME}.css"));
    if !made.exists() {
        fs::create_dir_all(&work)?;
        fs::write(work.join("designsystemet.config.json"), config)?;
        for verb in ["create", "build"] {
            run_theme_program(&packages.path(THEME_PROGRAM), verb, &work)?;
        }
    }
    fs::read_to_string(&made).context("the theme was not made")
}

fn run_theme_program(program: &Path, verb: &str, work: &Path) -> Result<()> {
    let output = Command::new("node")
        .arg(program)
        .args(["tokens", verb])
        .current_dir(work)
        .output()
        .context("node cannot be started: install Node 20 or newer")?;
    ensure!(
        output.status.success(),
        "making the theme failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// Drops comments. Strings of the sheets hold no comment signs; a test watches that of ours.
fn without_comments(sheet: &str) -> String {
    let mut rest = sheet;
    let mut kept = String::with_capacity(sheet.len());
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_dropped() {
        assert_eq!(without_comments("a{}/* x */b{}/* y"), "a{}b{}");
    }

    #[test]
    fn wv_03_no_sheet_loads_from_elsewhere() {
        let styles = crate::workspace_root().unwrap().join("frontend/styles");
        for name in OWN_SHEETS {
            let sheet = fs::read_to_string(styles.join(name)).unwrap();
            assert!(!sheet.contains("http"), "{name}");
            assert!(!sheet.contains("@import"), "{name}");
        }
    }
}
