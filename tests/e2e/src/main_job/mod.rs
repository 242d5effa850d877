//! The main job, from the first start to a device that keeps nothing, and a newcomer's way from nothing to a confirmed
//! account on two devices, in twelve steps.

mod apply;
mod confirm;
mod fields;
mod newcomer;
mod offline;
mod search;
mod second_device;
mod secrets;
mod start;
mod tell;

use std::{path::PathBuf, time::Duration};

use tokio::time::Instant;

use crate::{
    Failure, Result,
    browser::SystemBrowser,
    desktop::Desktop,
    gallery::Gallery,
    markers::Markers,
    portal::{Citizen, Portal},
    portal_pages::Mailbox,
    process,
    products::Products,
    window::{Start, Window},
};

/// Simulated seconds of the agencies in a real one: an hour passes in six seconds.
const AGENCY_SPEED: u32 = 600;

/// Words to look for at the end.
const MARKERS: usize = 50;

/// The passcode that the citizen chooses.
const PIN: &str = "582917";

/// A step of the main job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A first start, a sign-in in the browser, a passcode.
    FirstStart,
    /// The catalogue arrives, and two searches find what they should.
    Search,
    /// A form is filled in by keyboard, a wrong number is refused, the rest is sent.
    Apply,
    /// The agency asks back, a notification tells, the correction is sent and approved.
    Correct,
    /// Everything is there without a portal.
    Offline,
    /// What was sent without a portal, or without its answer, arrives once.
    Once,
    /// A wrong passcode is refused and counted.
    WrongPasscode,
    /// After the sign-out nothing can be read.
    SignOut,
    /// A newcomer registers by phone, from a first start on.
    Register,
    /// The newcomer gives documents, and an operator confirms the account.
    Confirm,
    /// The same person signs in on another device, with a code.
    SecondDevice,
    /// The second device ends the first one's access.
    EndFirst,
}

impl Step {
    /// All steps, in order.
    pub const ALL: [Self; 12] = [
        Self::FirstStart,
        Self::Search,
        Self::Apply,
        Self::Correct,
        Self::Offline,
        Self::Once,
        Self::WrongPasscode,
        Self::SignOut,
        Self::Register,
        Self::Confirm,
        Self::SecondDevice,
        Self::EndFirst,
    ];

    /// What it shows.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::FirstStart => "first start, sign-in in the browser, PIN",
            Self::Search => "catalogue arrives, both searches find the right service first",
            Self::Apply => "form by keyboard, wrong СНИЛС refused beside its field, receipt",
            Self::Correct => {
                "correction asked, notification clicked while locked, corrected, approved"
            }
            Self::Offline => "portal stopped, app restarted: catalogue, search, history, banner",
            Self::Once => {
                "submitted offline and killed, and with a reply cut: accepted exactly once"
            }
            Self::WrongPasscode => "wrong PIN refused and counted",
            Self::SignOut => "sign-out leaves nothing readable",
            Self::Register => "a newcomer registers by phone and is in the app",
            Self::Confirm => "documents given and shown, an operator confirms the account",
            Self::SecondDevice => "sign-in on a second device with a code by SMS",
            Self::EndFirst => "the second device ends the first one's access",
        }
    }

    async fn take(self, run: &mut Run) -> Result<String> {
        match self {
            Self::FirstStart => start::first_start(run).await,
            Self::Search => search::search(run).await,
            Self::Apply => apply::apply(run).await,
            Self::Correct => tell::correct(run).await,
            Self::Offline => offline::read_offline(run).await,
            Self::Once => offline::sent_once(run).await,
            Self::WrongPasscode => secrets::wrong_passcode(run).await,
            Self::SignOut => secrets::sign_out(run).await,
            Self::Register => newcomer::register(run).await,
            Self::Confirm => confirm::confirm(run).await,
            Self::SecondDevice => second_device::sign_in(run).await,
            Self::EndFirst => second_device::end_first(run).await,
        }
    }
}

/// A step that held.
#[derive(Debug, Clone)]
pub struct Held {
    /// Which.
    pub step: Step,
    /// Its place, from 1.
    pub place: usize,
    /// How long it took.
    pub took: Duration,
    /// Figures worth telling; may be empty.
    pub figures: String,
}

/// A step that did not.
#[derive(Debug)]
pub struct Broken {
    /// Which; absent when the desktop or the portal did not start.
    pub step: Option<Step>,
    /// Why.
    pub failure: Failure,
}

/// Runs all steps and tells each that holds; ends with the first that does not.
///
/// Pictures and logs go to `output`.
pub async fn run(
    output: PathBuf,
    seed: u64,
    mut tell: impl FnMut(&Held),
) -> std::result::Result<(), Broken> {
    let mut run = Run::prepare(output, seed).await.map_err(|failure| Broken {
        step: None,
        failure,
    })?;
    for (index, step) in Step::ALL.into_iter().enumerate() {
        let begun = Instant::now();
        match step.take(&mut run).await {
            Ok(figures) => tell(&Held {
                step,
                place: index + 1,
                took: begun.elapsed(),
                figures,
            }),
            Err(failure) => {
                run.photograph_failure();
                return Err(Broken {
                    step: Some(step),
                    failure,
                });
            }
        }
    }
    Ok(())
}

/// What the steps share. Fields are dropped in order: the app ends before its desktop.
struct Run {
    window: Option<Window>,
    browser: SystemBrowser,
    portal: Portal,
    products: Products,
    citizen: Citizen,
    operator: Citizen,
    mailbox: Mailbox,
    /// The device that is used: the name of the folder where the app keeps its stores.
    device: &'static str,
    gallery: Gallery,
    markers: Markers,
    /// The first application's id.
    first: String,
    desktop: Desktop,
}

impl Run {
    async fn prepare(output: PathBuf, seed: u64) -> Result<Self> {
        let products = Products::find()?;
        let desktop = Desktop::start(Some(output.join("logs"))).await?;
        let portal = Portal::start(&desktop, &products.portal, AGENCY_SPEED).await?;
        let browser = SystemBrowser::install(&desktop, portal.authority()).await?;
        let (staff, citizens): (Vec<_>, Vec<_>) = portal
            .citizens(&desktop)?
            .into_iter()
            .partition(|person| person.role.is_some());
        let first = |persons: Vec<Citizen>, missing: &str| {
            let person = persons.into_iter().next();
            person.ok_or_else(|| Failure::Unmet(missing.to_owned()))
        };
        Ok(Self {
            window: None,
            browser,
            mailbox: Mailbox::of(portal.issuer()),
            portal,
            products,
            citizen: first(citizens, "the demo has no citizen")?,
            operator: first(staff, "the demo has no operator")?,
            device: "profile",
            gallery: Gallery::new(output),
            markers: Markers::make(MARKERS, seed),
            first: String::new(),
            desktop,
        })
    }

    /// Where the app keeps its stores.
    fn profile(&self) -> PathBuf {
        self.desktop.path(self.device)
    }

    fn start(&self) -> Start {
        Start {
            profile: self.profile(),
            portal: self.portal.issuer().to_owned(),
            authority: self.portal.authority().to_owned(),
        }
    }

    async fn open_app(&mut self) -> Result<()> {
        let start = self.start();
        let window = Window::open(&self.desktop, &self.products, &self.browser, &start).await?;
        self.window = Some(window);
        Ok(())
    }

    /// Puts this device aside and takes another, with a browser of its own.
    async fn take_device(&mut self, device: &'static str) -> Result<()> {
        self.close_app().await?;
        self.browser.become_another(&self.desktop, device)?;
        self.device = device;
        self.open_app().await
    }

    /// Starts the app a second time, as the system does with a link; it leaves the word to the first and ends.
    fn start_again_with(&self, link: &str) -> Result<()> {
        let mut command = self.desktop.command(&self.products.app);
        self.start().tell(&mut command);
        command.arg(link);
        process::output_of(command).map(drop)
    }

    fn window(&self) -> Result<&Window> {
        self.window
            .as_ref()
            .ok_or_else(|| Failure::Unmet("the app does not run".into()))
    }

    async fn close_app(&mut self) -> Result<()> {
        match self.window.take() {
            Some(window) => window.close().await,
            None => Ok(()),
        }
    }

    async fn kill_app(&mut self) -> Result<()> {
        match self.window.take() {
            Some(window) => window.kill().await,
            None => Ok(()),
        }
    }

    /// Chooses the passcode after a sign-in.
    async fn choose_passcode(&self) -> Result<()> {
        let page = self.window()?.page();
        page.see("pin-repeat").await?;
        start::choose(self, PIN).await?;
        page.see("nav-home").await?;
        page.gone("pin-repeat").await
    }

    /// Types the passcode into the lock screen.
    async fn unlock(&self) -> Result<()> {
        let page = self.window()?.page();
        page.see("pin-input").await?;
        page.tab_to("pin-input").await?;
        page.type_text(PIN).await?;
        page.press(thirtyfour::Key::Enter).await?;
        page.gone("pin-input").await
    }

    async fn take_picture(&self, name: &str) -> Result<()> {
        self.gallery.take(&self.desktop, self.window()?, name).await
    }

    async fn take_picture_as_is(&self, name: &str) -> Result<()> {
        self.gallery
            .take_as_is(&self.desktop, self.window()?, name)
            .await
    }

    fn photograph_failure(&self) {
        // The failure is told in any case.
        let _ = self.gallery.take_display(&self.desktop, "failure");
    }
}
