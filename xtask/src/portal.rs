//! The embedded portal with demo data, as `run` and `dev` start it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process::{self, Background, Output};
use crate::{cache, report, workspace};

/// An agency's day passes in half a minute.
const AGENCY_SPEED: &str = "2880";
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
    /// Whether its data are made up.
    pub(crate) demo: bool,
}

impl PortalAddress {
    /// Tells a client where its portal is.
    pub(crate) fn tell(&self, client: &mut Command) -> Result<()> {
        client.env("UC_PORTAL_URL", &self.url);
        if let Some(ca) = &self.ca {
            client.env("UC_PORTAL_CA", fs::canonicalize(ca)?);
        }
        if self.demo {
            client.env("UC_PORTAL_DEMO", "1");
        }
        Ok(())
    }
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
        command.args([
            "serve",
            "--demo",
            "--demo-speed",
            AGENCY_SPEED,
            "--listen",
            "127.0.0.1:0",
        ]);
        command
            .arg("--data-dir")
            .arg(folder.join("data"))
            .arg("--ready-file")
            .arg(&ready_file);
        let mut program = Background::start("portal", &mut command, Output::Log)?;
        let ready = program.wait_until(TIME_TO_START, |_| read_ready(&ready_file))?;
        let address = address(&ready)?;
        say_logins()?;
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
    let ready = read_ready(&demo_folder().join("ready.json"))?;
    address(&ready).ok()?.ca
}

fn read_ready(file: &Path) -> Option<Value> {
    serde_json::from_str(&fs::read_to_string(file).ok()?).ok()
}

fn address(ready: &Value) -> Result<PortalAddress> {
    let text = |key: &str| {
        ready[key]
            .as_str()
            .with_context(|| format!("the portal named no {key}"))
    };
    Ok(PortalAddress {
        url: text("issuer")?.to_owned(),
        ca: Some(text("ca")?.into()),
        demo: true,
    })
}

/// The portal prints its demo citizens, one JSON object a line.
fn say_logins() -> Result<()> {
    let told = process::output(workspace::built_program("uc-portal").arg("demo-users"))?;
    report::say("Demo citizens (made up, known to this portal alone):");
    for line in told.lines() {
        let citizen: Value = serde_json::from_str(line)?;
        let field = |key: &str| citizen[key].as_str().unwrap_or_default().to_owned();
        report::say(format_args!(
            "  {}: {} / {}",
            field("name"),
            field("phone"),
            field("password")
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ready_portal_names_its_address_and_authority() {
        let found = address(&json!({ "issuer": "https://127.0.0.1:1", "ca": "ca.pem" })).unwrap();
        assert_eq!(found.url, "https://127.0.0.1:1");
        assert_eq!(found.ca, Some("ca.pem".into()));
        assert!(address(&json!({ "ca": "ca.pem" })).is_err());
    }
}
