//! `trust`: the browsers' trust in the demo portal's own authority, given and taken back by the person.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::consent::Consent;
use crate::system_packages::{self, Purpose};
use crate::{cache, portal, process, report, workspace};

/// The name under which the authority stands in the store.
const NICKNAME: &str = "Edinyi Klient demo portal";

/// Lets this user's browsers trust the demo portal, or ends that.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask trust           import the authority that the demo portal made for itself
  cargo xtask trust --undo    take it out again

Sign-in happens in the system browser, which must trust the portal's certificate. The demo portal makes its own
authority at its first start and keeps its key in its data folder; importing it concerns this user alone.
On Linux it goes into ~/.pki/nssdb, which Chromium and its kin read; Firefox keeps a store per profile: import the
file there by hand (Settings, Certificates). Verification of certificates is never switched off.
macOS (security) and Windows (certutil) are written and not tested.")]
pub(crate) struct Options {
    /// The authority's certificate, PEM; the demo portal's by default
    #[arg(long, value_name = "PEM")]
    ca: Option<PathBuf>,
    /// Take the authority out again
    #[arg(long)]
    undo: bool,
    /// Do it without asking
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let consent = Consent::from_flag(options.yes);
    ensure_tool(consent)?;
    if options.undo {
        return undo();
    }
    let ca = options.ca.clone().or_else(portal::demo_authority).context(
        "the demo portal has not run yet: start it with `cargo xtask run`, or name a file with --ca",
    )?;
    consent.require(&deed(), "cargo xtask trust --yes")?;
    import_for_user(&ca)
}

/// Offers the import before the window opens; a no is fine, the browser will then warn.
pub(crate) fn offer(ca: &Path, agreed: bool) -> Result<()> {
    if is_trusted(ca) {
        return Ok(());
    }
    let agreed = agreed || (report::is_terminal() && report::ask(&format!("{}?", deed()))?);
    if agreed {
        ensure_tool(Consent::Given)?;
        import_for_user(ca)?;
        report::say("Imported. `cargo xtask trust --undo` takes it out again.");
    } else {
        report::say(
            "The browser will warn about the demo portal's certificate at sign-in. \
             `cargo xtask trust` imports its authority, `cargo xtask trust --undo` takes it out.",
        );
    }
    Ok(())
}

/// Puts the authority into one store of NSS, which is made when absent.
pub(crate) fn import_into(store: &Path, ca: &Path) -> Result<()> {
    if !store.join("cert9.db").exists() {
        fs::create_dir_all(store)?;
        process::output(nss(store).args(["-N", "--empty-password"]))?;
    }
    // Two authorities of one name would hide each other.
    let _absent = process::succeeds(nss(store).args(["-D", "-n", NICKNAME]));
    process::output(
        nss(store)
            .args(["-A", "-t", "C,,", "-n", NICKNAME, "-i"])
            .arg(ca),
    )?;
    Ok(())
}

fn deed() -> String {
    let place = if cfg!(target_os = "linux") {
        user_store().display().to_string()
    } else {
        "this user's certificate store".to_owned()
    };
    format!("Let this user's browsers trust the demo portal's own authority (into {place})")
}

fn ensure_tool(consent: Consent) -> Result<()> {
    system_packages::ensure_present(&[Purpose::BrowserTrust], consent)
}

fn import_for_user(ca: &Path) -> Result<()> {
    if cfg!(target_os = "macos") {
        let keychain = cache::home().join("Library/Keychains/login.keychain-db");
        let mut command = workspace::program("security");
        command
            .args(["add-trusted-cert", "-r", "trustRoot", "-k"])
            .arg(keychain)
            .arg(ca);
        process::output(&mut command)?;
        return Ok(());
    }
    if cfg!(windows) {
        process::output(
            workspace::program("certutil")
                .args(["-user", "-addstore", "Root"])
                .arg(ca),
        )?;
        return Ok(());
    }
    import_into(&user_store(), ca)
}

fn undo() -> Result<()> {
    if cfg!(target_os = "macos") {
        process::output(workspace::program("security").args([
            "delete-certificate",
            "-c",
            NICKNAME,
        ]))?;
    } else if cfg!(windows) {
        let mut command = workspace::program("certutil");
        process::output(command.args(["-user", "-delstore", "Root", NICKNAME]))?;
    } else if process::succeeds(nss(&user_store()).args(["-L", "-n", NICKNAME])) {
        process::output(nss(&user_store()).args(["-D", "-n", NICKNAME]))?;
    } else {
        report::say("The authority was not in the store.");
        return Ok(());
    }
    report::say("The authority is out of the store.");
    Ok(())
}

/// Whether the very certificate is in the store already; a portal begun anew has another one.
fn is_trusted(ca: &Path) -> bool {
    let listed = process::output(nss(&user_store()).args(["-L", "-a", "-n", NICKNAME]));
    match (listed, fs::read_to_string(ca)) {
        (Ok(stored), Ok(wanted)) => body(&stored) == body(&wanted),
        (Err(_), _) | (_, Err(_)) => false,
    }
}

/// The certificate's letters without the lines' ends.
fn body(pem: &str) -> String {
    pem.lines()
        .filter(|line| !line.starts_with("-----"))
        .map(str::trim)
        .collect()
}

fn user_store() -> PathBuf {
    cache::home().join(".pki").join("nssdb")
}

fn nss(store: &Path) -> Command {
    let mut command = workspace::program("certutil");
    command.arg("-d").arg(format!("sql:{}", store.display()));
    command
}

#[cfg(test)]
mod tests {
    use super::body;

    #[test]
    fn certificates_are_compared_without_their_line_ends() {
        let unix = "-----BEGIN CERTIFICATE-----\nAB\nCD\n-----END CERTIFICATE-----\n";
        assert_eq!(body(unix), body(&unix.replace('\n', "\r\n")));
        assert_eq!(body(unix), "ABCD");
    }
}
