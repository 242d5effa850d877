//! `run`: from a fresh machine to the window.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail, ensure};

use crate::consent::{Consent, Needed};
use crate::desktop_session::DesktopSession;
use crate::portal::{self, PortalAddress, RunningPortal};
use crate::process::{Background, Output};
use crate::products::{self, AppFor, FrontendProfile};
use crate::system_packages::{self, Purpose};
use crate::{cache, first_screen, report, trust, workspace};

/// Installs what is missing, builds, starts the portal with demo data and opens the window.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask run                      a window, after asking what may be installed
  cargo xtask run --headless --yes     the same without a display or a person: stops at the sign-in screen
  cargo xtask run --portal https://portal.example --portal-ca ca.pem

The second start builds and installs nothing that is there. Demo data and the app's profile lie in the
user's data folder, under edinyi-klient/; --fresh begins anew. Only apt is tested.
What the demo portal's authority is for and how it is taken back: cargo xtask trust --help")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct Options {
    /// Without a display: in memory, until the first screen is shown
    #[arg(long)]
    headless: bool,
    /// Install without asking (as with CI=true)
    #[arg(long)]
    yes: bool,
    /// Let the browsers of this user trust the demo portal's authority without asking
    #[arg(long)]
    trust_ca: bool,
    /// Use another portal than the embedded one
    #[arg(long, value_name = "URL")]
    portal: Option<String>,
    /// The authority of that portal, PEM
    #[arg(long, value_name = "PEM", requires = "portal")]
    portal_ca: Option<PathBuf>,
    /// Delete the demo portal's data and the app's trial profile first
    #[arg(long)]
    fresh: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    if !options.headless && !has_display() {
        return Err(no_display());
    }
    let consent = Consent::from_flag(options.yes);
    products::ensure_can_build(consent)?;
    if options.headless {
        let purposes = [
            Purpose::Headless,
            Purpose::WindowDriver,
            Purpose::BrowserTrust,
        ];
        system_packages::ensure_present(&purposes, consent)?;
    } else {
        system_packages::hint_at_secret_service();
    }
    products::build_frontend(FrontendProfile::Dev)?;
    products::build_programs(AppFor::People)?;
    if options.fresh {
        forget_trial(options)?;
    }
    let (_running, address) = find_portal(options)?;
    let app = AppStart {
        profile: profile_folder(options),
        address,
    };
    if options.headless {
        app.show_headless()
    } else {
        app.show_window(options.trust_ca)
    }
}

/// The portal named by the person, or the embedded one, which runs as long as the first value lives.
fn find_portal(options: &Options) -> Result<(Option<RunningPortal>, PortalAddress)> {
    if let Some(url) = &options.portal {
        let ca = options.portal_ca.clone();
        return Ok((
            None,
            PortalAddress {
                url: url.clone(),
                ca,
                demo: false,
            },
        ));
    }
    let running = RunningPortal::start(&portal::demo_folder())?;
    let address = running.address().clone();
    Ok((Some(running), address))
}

struct AppStart {
    profile: PathBuf,
    address: PortalAddress,
}

impl AppStart {
    fn command(&self) -> Result<Command> {
        fs::create_dir_all(&self.profile)?;
        let mut command = workspace::built_program("edinyi-klient");
        command.env("UC_PROFILE_DIR", &self.profile);
        self.address.tell(&mut command)?;
        Ok(command)
    }

    fn show_window(&self, trust_ca: bool) -> Result<()> {
        if let Some(ca) = &self.address.ca {
            trust::offer(ca, trust_ca)?;
        }
        report::say(format_args!(
            "Opening the window; the portal is {}",
            self.address.url
        ));
        let mut app = Background::start("app", &mut self.command()?, Output::Log)?;
        let log = app.log().to_owned();
        let status = app.wait()?;
        ensure!(
            status.success(),
            "the app ended ({status}); its log is {}",
            log.display()
        );
        report::say("The window is closed.");
        Ok(())
    }

    fn show_headless(&self) -> Result<()> {
        let session = DesktopSession::start(&cache::working_dir().join("headless"))?;
        if let Some(ca) = &self.address.ca {
            trust::import_into(&session.home().join(".pki").join("nssdb"), ca)?;
        }
        let picture = cache::working_dir().join("first-screen.png");
        let seen = first_screen::look(&session, &self.command()?, &picture)?;
        report::say(format_args!(
            "The window is open and shows the sign-in screen: «{}», button «{}», picture {}",
            seen.heading,
            seen.button,
            seen.picture.display()
        ));
        report::say("Stopping, as there is nobody to look at it.");
        Ok(())
    }
}

fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

fn no_display() -> anyhow::Error {
    Needed::stop(
        "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set).\n\
         Start it inside a desktop session, or say\n  cargo xtask run --headless\n\
         to open the window in memory, see it reach the sign-in screen and stop.",
    )
}

fn trial_folder(options: &Options) -> PathBuf {
    let name = options
        .portal
        .as_deref()
        .map_or_else(|| "demo".to_owned(), folder_name);
    cache::user_data().join(name)
}

/// A portal's profile is of no use with another portal, so each has its own.
fn profile_folder(options: &Options) -> PathBuf {
    trial_folder(options).join(if options.headless {
        "headless-profile"
    } else {
        "profile"
    })
}

fn folder_name(url: &str) -> String {
    let kept = |c: char| {
        if c.is_ascii_alphanumeric() || c == '.' {
            c
        } else {
            '-'
        }
    };
    format!(
        "portal-{}",
        url.trim_start_matches("https://")
            .chars()
            .map(kept)
            .collect::<String>()
    )
}

fn forget_trial(options: &Options) -> Result<()> {
    let folder = trial_folder(options);
    match fs::remove_dir_all(&folder) {
        Ok(()) => report::say(format_args!("Deleted {}", folder.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => bail!("cannot delete {}: {error}", folder.display()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::folder_name;

    #[test]
    fn portals_have_folders_of_their_own() {
        assert_eq!(
            folder_name("https://one.example:8443/"),
            "portal-one.example-8443-"
        );
        assert_ne!(
            folder_name("https://one.example"),
            folder_name("https://two.example")
        );
    }
}
