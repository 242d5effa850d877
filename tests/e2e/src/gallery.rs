//! Pictures of the app's screens, each in light, dark and with large text.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{Result, desktop::Desktop, page::Page, wait, window::Window};

/// A folder that pictures go to.
#[derive(Debug, Clone)]
pub struct Gallery {
    folder: PathBuf,
}

/// How a picture is taken.
struct Look {
    name: &'static str,
    theme: &'static str,
    text_size: &'static str,
}

const LOOKS: [Look; 3] = [
    Look {
        name: "dark",
        theme: "dark",
        text_size: "normal",
    },
    Look {
        name: "large",
        theme: "light",
        text_size: "largest",
    },
    // Last: the run goes on with it.
    Look {
        name: "light",
        theme: "light",
        text_size: "normal",
    },
];

impl Gallery {
    /// Pictures go to `folder`.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Takes the window's screen in every look.
    pub async fn take(&self, desktop: &Desktop, window: &Window, name: &str) -> Result<()> {
        settle(window.page()).await?;
        for look in &LOOKS {
            wear(window, look).await?;
            let target = self.target(&format!("{name}-{}", look.name));
            window.photograph(desktop, &target).await?;
        }
        Ok(())
    }

    /// Takes the window's screen as it is: a locked app does not change its looks.
    pub async fn take_as_is(&self, desktop: &Desktop, window: &Window, name: &str) -> Result<()> {
        settle(window.page()).await?;
        window.photograph(desktop, &self.target(name)).await
    }

    /// Takes what `show` brings about, in every look; `hide` undoes it, so that the app can change its looks.
    pub async fn take_hidden(
        &self,
        desktop: &Desktop,
        window: &Window,
        name: &str,
        (show, hide): (impl AsyncFn() -> Result<()>, impl AsyncFn() -> Result<()>),
    ) -> Result<()> {
        for look in &LOOKS {
            wear(window, look).await?;
            show().await?;
            self.take_as_is(desktop, window, &format!("{name}-{}", look.name))
                .await?;
            hide().await?;
        }
        Ok(())
    }

    /// Takes a page of another browser as it is.
    pub async fn take_page(&self, page: &Page, name: &str) -> Result<()> {
        Ok(page.driver().screenshot(&self.target(name)).await?)
    }

    /// Takes the whole display, with windows and notifications.
    pub fn take_display(&self, desktop: &Desktop, name: &str) -> Result<()> {
        Window::photograph_display(desktop, &self.target(name))
    }

    fn target(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.png"))
    }

    /// Where pictures go.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Changes the appearance by the app's own command and waits until the page follows.
async fn wear(window: &Window, look: &Look) -> Result<()> {
    let appearance = json!({ "language": "ru", "theme": look.theme, "text_size": look.text_size });
    window
        .invoke("update_appearance", json!({ "appearance": appearance }))
        .await?;
    let page = window.page();
    wait::until_true("the new look", wait::SOON, async || {
        let scheme = page
            .ask(
                "return document.documentElement.getAttribute('data-color-scheme')",
                vec![],
            )
            .await?;
        Ok(scheme.as_str() == Some(look.theme))
    })
    .await?;
    settle(page).await
}

/// Waits until nothing loads, runs or moves any more.
pub async fn settle(page: &Page) -> Result<()> {
    let script = "
        const done = arguments[arguments.length - 1];
        const still = () => document.fonts.status === 'loaded'
            && !document.querySelector('.ds-skeleton, .splash, [data-busy]')
            && document.getAnimations().every((a) => a.playState !== 'running' || a.effect?.getComputedTiming().iterations === Infinity);
        const two = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
        two(() => done(still()));";
    wait::until_true("a page that stands still", wait::SOON, async || {
        Ok(page.ask_later(script, vec![]).await? == Value::Bool(true))
    })
    .await
}
