//! Step 1: a first start.

use thirtyfour::Key;

use super::Run;
use crate::{Result, ensure, portal_pages};

/// The citizen signs in through the browser and sets a passcode, by keyboard.
pub(super) async fn first_start(run: &mut Run) -> Result<String> {
    run.open_app().await?;
    let page = run.window()?.page().clone();
    page.see("sign-in").await?;
    run.take_picture("01-welcome").await?;
    page.tab_to("sign-in").await?;
    page.press(Key::Enter).await?;
    let gallery = run.gallery.clone();
    portal_pages::sign_in(
        &run.browser,
        run.portal.issuer(),
        &run.citizen,
        async |page, name| gallery.take_page(page, &format!("01-{name}")).await,
    )
    .await?;
    page.see("pin-repeat").await?;
    run.take_picture("01-set-pin").await?;
    refuse_weak(run).await?;
    run.choose_passcode().await?;
    run.take_picture("01-home").await?;
    run.gallery.take_display(&run.desktop, "01-desktop")?;
    Ok(String::new())
}

/// A passcode that is guessed first is not taken.
async fn refuse_weak(run: &Run) -> Result<()> {
    choose(run, "123456").await?;
    let page = run.window()?.page();
    page.see_css(
        "[aria-invalid=true], [data-testid=failure]",
        crate::wait::SOON,
    )
    .await?;
    ensure(page.sees("pin-repeat").await?, "a weak PIN was taken")
}

/// Types a passcode twice.
pub(super) async fn choose(run: &Run, passcode: &str) -> Result<()> {
    let page = run.window()?.page();
    for field in ["pin-input", "pin-repeat"] {
        page.tab_to(field).await?;
        page.retype(passcode).await?;
    }
    page.press(Key::Enter).await
}
