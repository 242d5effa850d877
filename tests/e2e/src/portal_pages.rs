//! The portal's pages in the system browser, filled in as a citizen does.

use thirtyfour::Key;

use crate::{Failure, Result, browser::SystemBrowser, ensure, page::Page, portal::Citizen, wait};

const LOGIN: &str = "#login";
const PASSWORD: &str = "#password";
const ALLOW: &str = "button[name=action][value=allow]";

/// Signs the citizen in and allows the app what it asks for; returns when the browser is back at the app's own page.
///
/// `look` sees each page before it is filled in.
pub async fn sign_in(
    browser: &SystemBrowser,
    issuer: &str,
    citizen: &Citizen,
    mut look: impl AsyncFnMut(&Page, &str) -> Result<()>,
) -> Result<()> {
    let page = browser.page().await?;
    find_tab(&page, issuer).await?;
    wait::until_true("the sign-in page", wait::SOON, async || {
        Ok(page.has(LOGIN).await? || page.has(ALLOW).await?)
    })
    .await?;
    if page.has(LOGIN).await? {
        look(&page, "portal-sign-in").await?;
        page.type_into(LOGIN, &citizen.phone).await?;
        page.type_into(PASSWORD, &citizen.password).await?;
        page.press(Key::Enter).await?;
    }
    page.see_css(ALLOW, wait::SOON).await?;
    look(&page, "portal-consent").await?;
    page.click_css(ALLOW).await?;
    wait_for_return(&page).await?;
    look(&page, "portal-return").await?;
    page.quit().await?;
    // The answer page says that the window may be closed; open, it would lie over the app.
    browser.close();
    Ok(())
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
