//! Reading and working a page by its `data-testid`s, as a person does: by sight, by pointer, by keyboard.

use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::{By, Capabilities, Key, WebDriver, WebElement};

use crate::{Failure, Result, wait};

/// More steps of the Tab key than any screen has places to stop.
const MOST_STOPS: usize = 300;

/// A page in a browser or in the app's window.
#[derive(Debug, Clone)]
pub struct Page {
    driver: WebDriver,
}

/// The selector of a test id.
#[must_use]
pub fn test_id(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}

impl Page {
    /// Opens a session with the driver that listens on a loopback port.
    pub async fn open(port: u16, capabilities: Capabilities) -> Result<Self> {
        // The driver speaks plain HTTP, but the client may have been built with TLS and then wants a provider. It may
        // have one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let address = format!("http://127.0.0.1:{port}");
        let driver = WebDriver::new(address, capabilities).await?;
        Ok(Self { driver })
    }

    /// The driver, for what is not wrapped here.
    #[must_use]
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Ends the session, and with it an app that the session started.
    pub async fn quit(self) -> Result<()> {
        Ok(self.driver.quit().await?)
    }

    /// Waits until an element of this id is visible.
    pub async fn see(&self, id: &str) -> Result<WebElement> {
        self.see_css(&test_id(id), wait::SOON).await
    }

    /// Waits at most `limit` until an element is visible.
    pub async fn see_css(&self, selector: &str, limit: Duration) -> Result<WebElement> {
        wait::until(selector, limit, async || self.visible(selector).await).await
    }

    /// Whether an element of this id is visible now.
    pub async fn sees(&self, id: &str) -> Result<bool> {
        self.has(&test_id(id)).await
    }

    /// Whether something that matches is visible now.
    pub async fn has(&self, selector: &str) -> Result<bool> {
        Ok(self.visible(selector).await?.is_some())
    }

    /// All elements of this id, in the page's order.
    pub async fn all(&self, id: &str) -> Result<Vec<WebElement>> {
        let selector = test_id(id);
        Ok(self.driver.find_all(By::Css(selector.as_str())).await?)
    }

    /// Waits until no element of this id is visible.
    pub async fn gone(&self, id: &str) -> Result<()> {
        wait::until_true(&format!("{id} to go"), wait::SOON, async || {
            Ok(!self.sees(id).await?)
        })
        .await
    }

    /// The text of the first visible element of this id.
    pub async fn text(&self, id: &str) -> Result<String> {
        self.text_css(&test_id(id)).await
    }

    /// The text of the first visible element that matches: looked up and read in one breath of the page, because a
    /// driver that finds an element and reads it later fails on one that was drawn anew between the two.
    pub async fn text_css(&self, selector: &str) -> Result<String> {
        let script = "const seen = [...document.querySelectorAll(arguments[0])].find((e) => e.getClientRects().length
                && getComputedStyle(e).visibility === 'visible');
            return seen ? seen.innerText.trim() : null";
        wait::until(selector, wait::SOON, async || {
            let text = self.ask(script, vec![json!(selector)]).await?;
            Ok(text.as_str().map(str::to_owned))
        })
        .await
    }

    /// All visible text of the page.
    pub async fn whole_text(&self) -> Result<String> {
        let text = self.ask("return document.body.innerText", vec![]).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the page's visible text holds `words`.
    pub async fn reads(&self, words: &str) -> Result<()> {
        wait::until_true(
            &format!("the words «{words}»"),
            wait::PATIENT,
            async || Ok(self.whole_text().await?.contains(words)),
        )
        .await
    }

    /// Clicks with the pointer.
    pub async fn click(&self, id: &str) -> Result<()> {
        self.click_css(&test_id(id)).await
    }

    /// Clicks the first visible element with the pointer. Elements may be drawn anew while one reaches for them.
    pub async fn click_css(&self, selector: &str) -> Result<()> {
        wait::until(&format!("a click on {selector}"), wait::SOON, async || {
            let Some(element) = self.visible(selector).await? else {
                return Ok(None);
            };
            element.scroll_into_view().await.ok();
            Ok(element.click().await.ok())
        })
        .await
    }

    /// Types into the first visible element that matches.
    pub async fn type_into(&self, selector: &str, text: &str) -> Result<()> {
        let element = self.see_css(selector, wait::SOON).await?;
        Ok(element.send_keys(text).await?)
    }

    /// Moves the focus to the element of this id with the Tab key alone.
    pub async fn tab_to(&self, id: &str) -> Result<()> {
        let selector = test_id(id);
        self.see(id).await?;
        for _ in 0..MOST_STOPS {
            if self.focus_is_in(&selector).await? {
                return Ok(());
            }
            self.press(Key::Tab).await?;
        }
        Err(Failure::Unmet(format!(
            "the Tab key does not reach {id} in {MOST_STOPS} steps"
        )))
    }

    /// Presses one key.
    pub async fn press(&self, key: Key) -> Result<()> {
        let chain = self.driver.action_chain();
        Ok(chain.key_down(key.clone()).key_up(key).perform().await?)
    }

    /// Presses a key while another is held.
    pub async fn press_with(&self, held: Key, key: impl Into<char> + Clone) -> Result<()> {
        let chain = self.driver.action_chain();
        let chain = chain.key_down(held.clone());
        let chain = chain.key_down(key.clone().into()).key_up(key.into());
        Ok(chain.key_up(held).perform().await?)
    }

    /// Types where the focus is.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        let chain = self.driver.action_chain();
        Ok(chain.send_keys(text).perform().await?)
    }

    /// Replaces what stands where the focus is.
    pub async fn retype(&self, text: &str) -> Result<()> {
        self.press_with(Key::Control, 'a').await?;
        self.press(Key::Delete).await?;
        self.type_text(text).await
    }

    /// Runs a script in the page and returns its value.
    pub async fn ask(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        let answer = self.driver.execute(script, arguments).await?;
        Ok(answer.json().clone())
    }

    /// Runs a script that calls its last argument when it is done.
    pub async fn ask_later(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        let answer = self.driver.execute_async(script, arguments).await?;
        Ok(answer.json().clone())
    }

    async fn visible(&self, selector: &str) -> Result<Option<WebElement>> {
        let found = match self.driver.find_all(By::Css(selector)).await {
            Ok(found) => found,
            Err(error) => return hidden_if_drawn_anew(error.into()),
        };
        for element in found {
            // An element that was drawn anew meanwhile is not visible any more.
            if element.is_displayed().await.unwrap_or(false) {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    async fn focus_is_in(&self, selector: &str) -> Result<bool> {
        let script = "const a = document.activeElement; return !!a && a !== document.body && a.closest(arguments[0]) !== null";
        let answer = self.ask(script, vec![json!(selector)]).await?;
        Ok(answer.as_bool() == Some(true))
    }
}

/// Nothing is visible for the moment in which it is drawn anew.
fn hidden_if_drawn_anew<T>(failure: Failure) -> Result<Option<T>> {
    if failure.is_drawn_anew() {
        Ok(None)
    } else {
        Err(failure)
    }
}
