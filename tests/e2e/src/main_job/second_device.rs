//! Steps 11 and 12: another device, and an end for the first.

use super::{
    Run,
    newcomer::{PASSWORD, PHONE},
};
use crate::{Result, portal_pages::Visit, wait};

/// In a browser where the person is new, a code is asked beside the password.
pub(super) async fn sign_in(run: &mut Run) -> Result<String> {
    run.take_device("second-device").await?;
    let page = run.window()?.page().clone();
    page.see("sign-in").await?;
    page.click("sign-in").await?;
    let gallery = run.gallery.clone();
    let look = async |page: &_, name: &str| gallery.take_page(page, &format!("11-{name}")).await;
    let mut visit = Visit::begin(&run.browser, run.portal.issuer(), look).await?;
    visit.give_password(PHONE, PASSWORD).await?;
    visit.give_code(&mut run.mailbox, "second-factor").await?;
    visit.allow(&run.browser).await?;
    run.choose_passcode().await?;
    Ok(String::new())
}

/// The second device ends the first one's session; the first says so, and its data stays behind its passcode.
pub(super) async fn end_first(run: &mut Run) -> Result<String> {
    let page = run.window()?.page().clone();
    page.click("nav-settings").await?;
    page.click("open-account").await?;
    page.see("sign-in-row").await?;
    run.take_picture("12-devices").await?;
    let end = "[data-testid=session-row][data-kind=app] [data-testid=end-session]";
    page.click_css(end).await?;
    page.see("end-confirm").await?;
    run.take_picture("12-end").await?;
    page.click("end-confirm").await?;
    wait::until_true("the first device's session to go", wait::SOON, async || {
        Ok(!page.has(end).await?)
    })
    .await?;
    run.close_app().await?;
    run.device = "first-device";
    run.open_app().await?;
    run.unlock().await?;
    let page = run.window()?.page().clone();
    page.see_css("[data-testid=banner-sign-in]", wait::PATIENT)
        .await?;
    run.take_picture("12-first-device").await?;
    Ok(String::new())
}
