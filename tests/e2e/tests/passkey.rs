//! A passkey in a real browser, with the authenticator that Chromium plays.

use serde_json::{Value, json};
use thirtyfour::Key;
use uc_e2e::{
    Result,
    browser::SystemBrowser,
    desktop::Desktop,
    page::Page,
    portal::{Citizen, NamedPortal},
    products::{fresh_folder, portal_program, repository},
    screens::check_accessibility,
    wait,
};

/// The browser's authenticator: a phone or computer that knows its owner.
async fn plug_in(page: &Page) -> Result<()> {
    let cdp = page.driver().cdp();
    cdp.send_raw("WebAuthn.enable", json!({})).await?;
    let options = json!({"options": {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": true,
        "hasUserVerification": true,
        "isUserVerified": true,
        "automaticPresenceSimulation": true,
    }});
    let added: Value = cdp
        .send_raw("WebAuthn.addVirtualAuthenticator", options)
        .await?;
    assert!(added["authenticatorId"].is_string(), "{added}");
    Ok(())
}

async fn give_password(page: &Page, citizen: &Citizen) -> Result<()> {
    page.see_css("#login", wait::SOON).await?;
    page.type_into("#login", &citizen.phone).await?;
    page.type_into("#password", &citizen.password).await?;
    page.press(Key::Enter).await
}

async fn look(page: &Page, name: &str) -> Result<()> {
    let folder = fresh_folder(&repository().join("target/passkey").join(name))?;
    let picture = page.driver().screenshot_as_png().await?;
    std::fs::write(folder.join("page.png"), picture)?;
    check_accessibility(page).await
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_03_a_passkey_is_added_and_shown_in_a_real_browser() -> Result<()> {
    let desktop = Desktop::start(None).await?;
    let program = portal_program()?;
    let portal = NamedPortal::start(&desktop, &program).await?;
    let citizen = portal.citizens(&desktop)?.swap_remove(0);
    let browser = SystemBrowser::install(&desktop, portal.authority()).await?;
    let issuer = portal.issuer();
    let _chromium = browser.open(&desktop, &format!("{issuer}/sign-in?to=protection"))?;
    let page = browser.page().await?;
    plug_in(&page).await?;
    give_password(&page, &citizen).await?;
    page.see_css("a[href='/protection/passkeys']", wait::SOON)
        .await?;
    look(&page, "protection").await?;

    page.driver()
        .goto(format!("{issuer}/protection/passkeys"))
        .await?;
    page.see_css("form[data-passkey] #name", wait::SOON).await?;
    look(&page, "add").await?;
    page.type_into("#name", "Мой телефон").await?;
    page.type_into("#password", &citizen.password).await?;
    page.press(Key::Enter).await?;
    page.see_css("input[name=remove] ~ button", wait::SOON)
        .await?;
    look(&page, "added").await?;

    page.driver()
        .goto(format!("{issuer}/oauth2/logout"))
        .await?;
    page.click_css("main form button").await?;
    wait::until_true("the sign-out", wait::SOON, async || {
        Ok(!page.has("main form").await?)
    })
    .await?;
    page.driver()
        .goto(format!("{issuer}/sign-in?to=protection"))
        .await?;
    give_password(&page, &citizen).await?;
    page.see_css("form[data-passkey] button", wait::SOON)
        .await?;
    look(&page, "show").await?;
    page.click_css("form[data-passkey] button").await?;
    page.see_css("a[href='/protection/passkeys']", wait::SOON)
        .await?;
    Ok(())
}
