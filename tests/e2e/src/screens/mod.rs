//! Every screen in every look, judged: texts that are cut, lie on each other or were not translated, and accessibility.

mod judge;
mod tour;

use std::{path::PathBuf, time::Duration};

use serde_json::json;
use tokio::time::Instant;

use crate::{
    Failure, Result,
    bridge::Bridge,
    browser::SystemBrowser,
    desktop::Desktop,
    ensure, gallery,
    portal::{Citizen, Portal},
    products, wait,
    window::Start,
};
use judge::Judge;
pub use judge::check_accessibility;

/// Simulated seconds of the agencies in a real one.
const AGENCY_SPEED: u32 = 3_600;

/// How a screen is looked at.
#[derive(Debug, Clone, Copy)]
struct Look {
    language: &'static str,
    theme: &'static str,
    /// The setting and the percentage that the page shows.
    text: (&'static str, &'static str),
    width: u32,
}

/// Tall enough for the longest screen, so that nothing lies under what floats.
const TALL: u32 = 1_000;

/// What was seen and what was wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// Pictures taken.
    pub pictures: usize,
    /// Screens looked at.
    pub screens: usize,
    /// Lines of text measured.
    pub texts: u64,
    /// Elements that the judge of accessibility saw.
    pub elements: u64,
    /// What is wrong, with the picture it is seen in.
    pub findings: Vec<String>,
}

/// Looks at every screen; `tell` hears of each when it is done. Pictures go to `output`.
pub async fn run(output: PathBuf, tell: impl FnMut(&str, Duration)) -> Result<Verdict> {
    let program = products::portal_program()?;
    let desktop = Desktop::start(Some(output.join("logs"))).await?;
    let portal = Portal::start(&desktop, &program, AGENCY_SPEED).await?;
    let browser = SystemBrowser::install(&desktop, portal.authority()).await?;
    let citizen = first_citizen(&portal, &desktop)?;
    let start = Start {
        profile: desktop.path("profile"),
        portal: portal.issuer().to_owned(),
        authority: portal.authority().to_owned(),
    };
    let bridge = Bridge::open(&desktop, &browser, &start).await?;
    let mut tour = Tour {
        bridge,
        browser,
        portal,
        citizen,
        output,
        judge: Judge::load()?,
        verdict: Verdict::default(),
        tell: Box::new(tell),
        desktop: &desktop,
    };
    if let Err(failure) = tour.walk().await {
        let target = tour.output.join("failure.png");
        // The failure is told in any case.
        let _ = tour.bridge.page().driver().screenshot(&target).await;
        return Err(failure);
    }
    Ok(tour.verdict)
}

fn first_citizen(portal: &Portal, desktop: &Desktop) -> Result<Citizen> {
    portal
        .citizens(desktop)?
        .into_iter()
        .next()
        .ok_or_else(|| Failure::Unmet("the demo has no citizen".into()))
}

/// Hears of each screen when it is done.
type Tell<'a> = Box<dyn FnMut(&str, Duration) + 'a>;

/// A walk through the screens.
struct Tour<'a> {
    bridge: Bridge,
    browser: SystemBrowser,
    portal: Portal,
    citizen: Citizen,
    output: PathBuf,
    judge: Judge,
    verdict: Verdict,
    tell: Tell<'a>,
    desktop: &'a Desktop,
}

impl Tour<'_> {
    /// Looks at the screen that is shown, in every look.
    async fn look(&mut self, screen: &str) -> Result<()> {
        let begun = Instant::now();
        for look in looks() {
            self.wear(look).await?;
            self.judge(screen, look).await?;
        }
        self.wear(Look::USUAL).await?;
        self.done(screen, begun);
        Ok(())
    }

    fn done(&mut self, screen: &str, begun: Instant) {
        self.verdict.screens += 1;
        (self.tell)(screen, begun.elapsed());
    }

    /// Takes the picture of the page and notes what is wrong with it.
    async fn judge(&mut self, screen: &str, look: Look) -> Result<()> {
        let name = look.name(screen);
        self.picture(&name).await?;
        let seen = self.judge.look(self.bridge.page()).await?;
        self.verdict.pictures += 1;
        self.verdict.texts += seen.texts;
        self.verdict.elements += seen.elements;
        let findings = seen.findings.into_iter();
        self.verdict
            .findings
            .extend(findings.map(|finding| format!("{name}: {finding}")));
        Ok(())
    }

    async fn wear(&self, look: Look) -> Result<()> {
        let appearance = json!({
            "language": look.language, "theme": look.theme, "text_size": look.text.0,
        });
        self.bridge
            .invoke("update_appearance", json!({ "appearance": appearance }))
            .await?;
        let page = self.bridge.page();
        let script = "const e = document.documentElement;
            return [e.lang, e.dataset.colorScheme, e.dataset.text].join(' ')";
        let wanted = format!("{} {} {}", look.language, look.theme, look.text.1);
        wait::until_true(&wanted, wait::SOON, async || {
            Ok(page.ask(script, vec![]).await?.as_str() == Some(wanted.as_str()))
        })
        .await?;
        self.resize(look.width, TALL).await?;
        gallery::settle(page).await
    }

    async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        let cdp = self.bridge.page().driver().cdp();
        cdp.send_raw("Emulation.setDeviceMetricsOverride", size)
            .await?;
        Ok(())
    }

    /// The whole page, however long it is.
    async fn picture(&self, name: &str) -> Result<()> {
        let page = self.bridge.page();
        let script = "return Math.ceil(document.documentElement.scrollHeight)";
        let height = page.ask(script, vec![]).await?.as_u64().unwrap_or(0);
        let height = u32::try_from(height).unwrap_or(TALL).clamp(TALL, 12_000);
        let width = page
            .ask("return innerWidth", vec![])
            .await?
            .as_u64()
            .unwrap_or(0);
        self.resize(u32::try_from(width).unwrap_or(1280), height)
            .await?;
        gallery::settle(page).await?;
        let target = self.output.join(format!("{name}.png"));
        Ok(page.driver().screenshot(&target).await?)
    }
}

impl Look {
    /// What one begins with.
    const USUAL: Self = Self {
        language: "ru",
        theme: "light",
        text: ("normal", "100"),
        width: 1280,
    };

    fn name(self, screen: &str) -> String {
        let Self {
            language,
            theme,
            text,
            width,
        } = self;
        format!("{screen}-{language}-{theme}-{}-{width}", text.1)
    }
}

fn looks() -> impl Iterator<Item = Look> {
    let languages = ["ru", "en"].into_iter();
    languages.flat_map(|language| {
        ["light", "dark"].into_iter().flat_map(move |theme| {
            [("normal", "100"), ("largest", "200")]
                .into_iter()
                .flat_map(move |text| {
                    [360, 1280].into_iter().map(move |width| Look {
                        language,
                        theme,
                        text,
                        width,
                    })
                })
        })
    })
}

impl Verdict {
    /// Fails with the findings, if there are any.
    pub fn check(&self) -> Result<()> {
        ensure(self.findings.is_empty(), self.findings.join("\n"))
    }
}
