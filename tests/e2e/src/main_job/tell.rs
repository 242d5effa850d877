//! Step 4: the agency asks back.

use thirtyfour::Key;

use super::{
    Run,
    apply::{application_in_address, see_state},
    fields::{Answer, fill, go_on},
};
use crate::{
    Failure, Result, ensure,
    notifications::{self, Notification},
    page::Page,
    wait,
};

/// A notification tells, and clicked while locked it leads to the application only by the passcode.
pub(super) async fn correct(run: &mut Run) -> Result<String> {
    let page = run.window()?.page().clone();
    page.click("to-request").await?;
    see_state(&page, "needs-correction").await?;
    let told = correction_told(run).await?;
    discreet(run, &told)?;
    run.gallery.take_display(&run.desktop, "04-notification")?;
    click_while_locked(run, &page).await?;
    see_state(&page, "needs-correction").await?;
    page.see("correction").await?;
    run.take_picture("04-correction").await?;
    send_correction(run, &page).await?;
    page.click("to-request").await?;
    see_state(&page, "approved").await?;
    run.take_picture("04-approved").await?;
    let shown = notifications::shown(&run.desktop)?.len();
    Ok(format!("{shown} notifications, «{}»", told.body))
}

/// The newest notification, once the agency has both taken the application up and asked back.
async fn correction_told(run: &Run) -> Result<Notification> {
    wait::until("the notification", wait::PATIENT, async || {
        Ok(notifications::shown(&run.desktop)?.last().cloned())
    })
    .await
}

/// A fixed phrase: nothing of the service, the agency, the person or the number.
fn discreet(run: &Run, told: &Notification) -> Result<()> {
    let text = format!("{} {}", told.summary, told.body).to_lowercase();
    let names = run.citizen.name.split(' ').map(str::to_lowercase);
    let private = names.chain(["паспорт", "мвд"].map(ToOwned::to_owned));
    for word in private {
        ensure(
            !text.contains(&word),
            format!("the notification tells too much: «{text}»"),
        )?;
    }
    ensure(
        !text.chars().any(|letter| letter.is_ascii_digit()),
        format!("the notification shows a number: «{text}»"),
    )
}

async fn click_while_locked(run: &Run, page: &Page) -> Result<()> {
    page.click("nav-home").await?;
    page.click("lock").await?;
    page.see("pin-input").await?;
    run.take_picture_as_is("04-locked").await?;
    notifications::click_newest(&run.desktop)?;
    asked_for_while_locked(run, page).await?;
    follow_link_while_locked(run, page).await
}

/// The same by a link, which a second start of the app hands to the first (DL-03, ST-11).
async fn follow_link_while_locked(run: &Run, page: &Page) -> Result<()> {
    page.click("nav-home").await?;
    page.click("lock").await?;
    page.see("pin-input").await?;
    run.start_again_with(&format!("edinyi://request/{}", run.first))?;
    asked_for_while_locked(run, page).await
}

/// What was asked for from outside is not shown behind the lock, and is after it.
async fn asked_for_while_locked(run: &Run, page: &Page) -> Result<()> {
    wait::until_true("the application to be asked for", wait::SOON, async || {
        let session = run
            .window()?
            .invoke("open_session", serde_json::json!({}))
            .await?;
        Ok(session["requested"].as_str() == Some(run.first.as_str()))
    })
    .await?;
    ensure(page.sees("pin-input").await?, "a locked app was opened")?;
    ensure(
        !page.sees("correction").await?,
        "a locked app shows an application",
    )?;
    run.unlock().await?;
    page.see("correction").await?;
    let shown = application_in_address(page).await?;
    if shown == run.first {
        Ok(())
    } else {
        Err(Failure::Unmet(format!(
            "{shown} was opened, not {}",
            run.first
        )))
    }
}

/// The form opens where the agency asks.
async fn send_correction(run: &Run, page: &Page) -> Result<()> {
    page.tab_to("correct").await?;
    page.press(Key::Enter).await?;
    page.see("field-passport_issued_by").await?;
    run.take_picture("04-form").await?;
    let authority = "Отделом внутренних дел Тверского района города Москвы";
    fill(page, &[("passport_issued_by", Answer::Text(authority))]).await?;
    to_the_end(page).await?;
    page.tab_to("submit").await?;
    page.press(Key::Enter).await?;
    page.see("receipt").await.map(drop)
}

/// Through the rest of the form, whose answers stand.
async fn to_the_end(page: &Page) -> Result<()> {
    wait::until_true("the review", wait::SOON, async || {
        if page.sees("submit").await? {
            return Ok(true);
        }
        go_on(page).await?;
        page.sees("submit").await
    })
    .await
}
