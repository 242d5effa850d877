//! Step 9: from nothing to an account.

use thirtyfour::Key;

use super::Run;
use crate::{Result, portal_pages::Visit, wait};

/// A number that is not in use.
pub(super) const PHONE: &str = "+79000000042";
/// What the newcomer chooses.
pub(super) const PASSWORD: &str = "три зелёных слона у реки";

const DETAILS: [(&str, &str); 6] = [
    ("last_name", "Маркерова"),
    ("first_name", "Злата"),
    ("middle_name", "Ильинична"),
    ("birth_date", "14.02.1990"),
    ("password", PASSWORD),
    ("password_again", PASSWORD),
];

/// A newcomer starts the app on a new device, makes an account in the browser and comes back signed in.
pub(super) async fn register(run: &mut Run) -> Result<String> {
    run.take_device("first-device").await?;
    let page = run.window()?.page().clone();
    page.see("sign-in").await?;
    page.click("sign-in").await?;
    let gallery = run.gallery.clone();
    let look = async |page: &_, name: &str| gallery.take_page(page, &format!("09-{name}")).await;
    let mut visit = Visit::begin(&run.browser, run.portal.issuer(), look).await?;
    let portal = visit.page.clone();
    portal.click_css("a[href^='/registration?']").await?;
    portal.see_css("#phone", wait::SOON).await?;
    visit.look("registration-phone").await?;
    portal.type_into("#phone", PHONE).await?;
    portal.press(Key::Enter).await?;
    visit
        .give_code(&mut run.mailbox, "registration-code")
        .await?;
    portal.see_css("#last_name", wait::SOON).await?;
    for (field, value) in DETAILS {
        portal.type_into(&format!("#{field}"), value).await?;
    }
    for agreement in ["terms", "privacy"] {
        portal.click_css(&format!("#{agreement}")).await?;
    }
    visit.look("registration-account").await?;
    portal.click_css("button[name=action][value=go]").await?;
    visit.allow(&run.browser).await?;
    run.choose_passcode().await?;
    run.take_picture("09-home").await?;
    Ok(String::new())
}
