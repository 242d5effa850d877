//! The embedded portal with demo data, as `run` and `dev` start it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process::{Background, Output};
use crate::{cache, report, workspace};

const TIME_TO_START: Duration = Duration::from_mins(2);

/// A portal that runs as long as the value lives.
pub(crate) struct RunningPortal {
    _program: Background,
    address: PortalAddress,
}

/// Where a portal answers and which authority vouches for it.
#[derive(Clone, Debug)]
pub(crate) struct PortalAddress {
    /// `https://…`
    pub(crate) url: String,
    /// The authority's certificate, PEM; the system's authorities where absent.
    pub(crate) ca: Option<PathBuf>,
}

impl RunningPortal {
    /// Starts the portal on the data in `folder`; the first start makes keys and demo citizens.
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let ready_file = folder.join("ready.json");
        if ready_file.exists() {
            fs::remove_file(&ready_file)?;
        }
        let mut command = workspace::built_program("uc-portal");
        command.args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data-dir"]);
        command
            .arg(folder.join("data"))
            .arg("--ready-file")
            .arg(&ready_file);
        let mut program = Background::start("portal", &mut command, Output::Log)?;
        let ready = program.wait_until(TIME_TO_START, |_| read_ready(&ready_file))?;
        let address = address(&ready, folder)?;
        say_logins(&ready, program.log());
        Ok(Self {
            _program: program,
            address,
        })
    }

    /// Where it answers.
    pub(crate) fn address(&self) -> &PortalAddress {
        &self.address
    }
}

/// The folder of the demo portal.
pub(crate) fn demo_folder() -> PathBuf {
    cache::user_data().join("demo").join("portal")
}

/// The certificate of the demo portal's authority, where the portal has run before.
pub(crate) fn demo_authority() -> Option<PathBuf> {
    let folder = demo_folder();
    let ready = read_ready(&folder.join("ready.json"))?;
    address(&ready, &folder).ok()?.ca
}

fn read_ready(file: &Path) -> Option<Value> {
    serde_json::from_str(&fs::read_to_string(file).ok()?).ok()
}

/// `ca` is the certificate itself or the path of its file.
fn address(ready: &Value, folder: &Path) -> Result<PortalAddress> {
    let text = |key: &str| {
        ready[key]
            .as_str()
            .with_context(|| format!("the portal named no {key}"))
    };
    let (url, ca) = (text("issuer")?.to_owned(), text("ca")?);
    if !ca.starts_with("-----BEGIN") {
        return Ok(PortalAddress {
            url,
            ca: Some(ca.into()),
        });
    }
    let file = folder.join("ca.pem");
    fs::write(&file, ca)?;
    Ok(PortalAddress {
        url,
        ca: Some(file),
    })
}

fn say_logins(ready: &Value, log: &Path) {
    let Some(logins) = ready["logins"].as_array() else {
        report::say(format_args!(
            "Demo citizens and their passwords: see {}",
            log.display()
        ));
        return;
    };
    report::say("Demo citizens (made up; the portal answers on this machine only):");
    for login in logins {
        let field = |key: &str| login[key].as_str().unwrap_or_default().to_owned();
        report::say(format_args!(
            "  {}: {} / {}",
            field("name"),
            field("login"),
            field("password")
        ));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn authority_may_be_named_by_its_path() {
        let ready = json!({ "issuer": "https://127.0.0.1:1", "ca": "data/ca.pem" });
        let found = address(&ready, Path::new("unused")).unwrap();
        assert_eq!(found.url, "https://127.0.0.1:1");
        assert_eq!(found.ca, Some("data/ca.pem".into()));
    }

    #[test]
    fn portal_without_an_issuer_is_refused() {
        assert!(address(&json!({ "ca": "ca.pem" }), Path::new("unused")).is_err());
    }
}
