//! The portal's pages in the system browser, filled in as a citizen does.

use std::collections::BTreeSet;

use thirtyfour::Key;

use crate::{
    Failure, Result, browser::SystemBrowser, ensure, page::Page, portal::Citizen,
    screens::check_accessibility, wait,
};

const LOGIN: &str = "#login";
const PASSWORD: &str = "#password";
const CODE: &str = "#code";
const ALLOW: &str = "button[name=action][value=allow]";

/// Signs the citizen in and allows the app what it asks for; returns when the browser is back at the app's own page.
///
/// `look` sees each page before it is filled in.
pub async fn sign_in(
    browser: &SystemBrowser,
    issuer: &str,
    citizen: &Citizen,
    look: impl AsyncFnMut(&Page, &str) -> Result<()>,
) -> Result<()> {
    let mut visit = Visit::begin(browser, issuer, look).await?;
    let page = visit.page.clone();
    wait::until_true("the sign-in page", wait::SOON, async || {
        Ok(page.has(LOGIN).await? || page.has(ALLOW).await?)
    })
    .await?;
    if page.has(LOGIN).await? {
        visit
            .give_password(&citizen.phone, &citizen.password)
            .await?;
    }
    visit.allow(browser).await
}

/// A browser at the portal's pages.
pub struct Visit<Look> {
    pub(crate) page: Page,
    look: Look,
}

impl<Look: AsyncFnMut(&Page, &str) -> Result<()>> Visit<Look> {
    /// In the browser that somebody opened at the portal. `look` sees each page before it is filled in.
    pub async fn begin(browser: &SystemBrowser, issuer: &str, look: Look) -> Result<Self> {
        let page = browser.page().await?;
        find_tab(&page, issuer).await?;
        Ok(Self { page, look })
    }

    /// Shows the page as it is, and has it judged.
    pub(crate) async fn look(&mut self, name: &str) -> Result<()> {
        (self.look)(&self.page, name).await?;
        check_accessibility(&self.page).await
    }

    /// Signs in by a password.
    pub(crate) async fn give_password(&mut self, phone: &str, password: &str) -> Result<()> {
        self.page.see_css(LOGIN, wait::SOON).await?;
        self.look("portal-sign-in").await?;
        self.page.type_into(LOGIN, phone).await?;
        self.page.type_into(PASSWORD, password).await?;
        self.page.press(Key::Enter).await
    }

    /// Types a code that was sent, as it reads in the demo's mailbox.
    pub(crate) async fn give_code(&mut self, mailbox: &mut Mailbox, name: &str) -> Result<()> {
        self.page.see_css(CODE, wait::SOON).await?;
        self.look(name).await?;
        let code = mailbox.next_code(&self.page).await?;
        self.page.type_into(CODE, &code).await?;
        self.page.press(Key::Enter).await
    }

    /// Allows the app what it asks for, and closes the browser when it is back at the app's own page.
    pub(crate) async fn allow(mut self, browser: &SystemBrowser) -> Result<()> {
        self.page.see_css(ALLOW, wait::SOON).await?;
        self.look("portal-consent").await?;
        self.page.click_css(ALLOW).await?;
        wait_for_return(&self.page).await?;
        self.look("portal-return").await?;
        self.end(browser).await
    }

    /// Closes the browser. The answer page says that the window may be closed; open, it would lie over the app.
    pub(crate) async fn end(self, browser: &SystemBrowser) -> Result<()> {
        browser.quit(self.page).await
    }
}

/// The demo's mailbox, and the codes in it that were read already.
#[derive(Debug)]
pub struct Mailbox {
    address: String,
    read: BTreeSet<String>,
}

impl Mailbox {
    /// That of a portal.
    #[must_use]
    pub fn of(issuer: &str) -> Self {
        Self {
            address: format!("{issuer}/demo/mailbox"),
            read: BTreeSet::new(),
        }
    }

    /// Waits for a code that was not there before, in a tab of its own.
    async fn next_code(&mut self, page: &Page) -> Result<String> {
        let driver = page.driver();
        let here = driver.window().await?;
        let tab = driver.new_tab().await?;
        driver.switch_to_window(tab).await?;
        let (address, read) = (&self.address, &self.read);
        let code = wait::until("a code in the mailbox", wait::SOON, async || {
            driver.goto(address).await?;
            let text = page.whole_text().await?;
            Ok(codes(&text)
                .find(|code| !read.contains(*code))
                .map(ToOwned::to_owned))
        })
        .await?;
        driver.close_window().await?;
        driver.switch_to_window(here).await?;
        self.read.insert(code.clone());
        Ok(code)
    }

    /// Whether a message with these words came.
    pub(crate) async fn holds(&self, page: &Page, words: &str) -> Result<()> {
        let driver = page.driver();
        wait::until_true(
            &format!("a message with «{words}»"),
            wait::SOON,
            async || {
                driver.goto(&self.address).await?;
                Ok(page.whole_text().await?.contains(words))
            },
        )
        .await
    }
}

/// Six digits that stand alone, in the page's order.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '+'))
        .filter(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The portal's tab, among those that are open.
async fn find_tab(page: &Page, issuer: &str) -> Result<()> {
    let driver = page.driver();
    wait::until_true("the portal's page", wait::SOON, async || {
        for tab in driver.windows().await?.into_iter().rev() {
            driver.switch_to_window(tab).await?;
            let address = driver.current_url().await?;
            if address.as_str().starts_with(issuer) {
                return Ok(true);
            }
        }
        Ok(false)
    })
    .await
}

/// The app's answer page stands on plain loopback, shows no parameter and keeps none (RFC 8252 §7.3).
async fn wait_for_return(page: &Page) -> Result<()> {
    let driver = page.driver();
    let address = wait::until("the way back to the app", wait::SOON, async || {
        let address = driver.current_url().await?;
        Ok((address.scheme() == "http").then_some(address))
    })
    .await?;
    ensure(
        matches!(address.host_str(), Some("127.0.0.1" | "[::1]")),
        "the browser did not return to the app on loopback",
    )?;
    let code = address.query_pairs().find(|(name, _)| name == "code");
    let code = code
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default();
    let text = page.whole_text().await?;
    if !code.is_empty() && text.contains(&code) {
        return Err(Failure::Unmet("the answer page shows the code".into()));
    }
    ensure(!text.trim().is_empty(), "the answer page is empty")
}
