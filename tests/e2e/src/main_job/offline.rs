//! Steps 5 and 6: without a portal, and with a portal that comes back.

use thirtyfour::Key;

use super::{
    Run,
    apply::{application_in_address, see_state},
    fields::{Answer, fill, go_on},
    search,
};
use crate::{Result, ensure, page::Page, wait};

const CERTIFICATE: (&str, &str) = ("справка о несудимости", "Справка об отсутствии судимости");
const CERTIFICATE_ID: &str = "criminal-record-certificate";

/// After a restart without a portal everything is there, and the banner says from when.
pub(super) async fn read_offline(run: &mut Run) -> Result<String> {
    run.portal.stop().await?;
    run.close_app().await?;
    run.open_app().await?;
    let page = run.window()?.page().clone();
    page.see("pin-input").await?;
    run.take_picture_as_is("05-unlock").await?;
    run.unlock().await?;
    let banner = page.text("banner-offline").await?;
    ensure(
        has_time(&banner),
        format!("the banner does not say from when: «{banner}»"),
    )?;
    run.take_picture("05-home").await?;
    page.click("nav-catalogue").await?;
    search::look_for(&page, "загран").await?;
    search::first_hit(&page, "Загранпаспорт").await?;
    run.take_picture("05-search").await?;
    page.click("nav-requests").await?;
    page.see("request-row").await?;
    see_state(&page, "approved").await?;
    run.take_picture("05-requests").await?;
    page.click("request-row").await?;
    page.reads("Новый паспорт готов").await?;
    page.click_css("details > summary").await?;
    let markers = &run.markers;
    wait::until_true("what was filled in", wait::SOON, async || {
        let shown = page.whole_text().await?;
        Ok(markers.search_bytes(shown.as_bytes()).len() == markers.words().len())
    })
    .await?;
    run.take_picture("05-history").await?;
    page.click("nav-inbox").await?;
    run.take_picture("05-inbox").await?;
    Ok(format!("«{}»", banner.trim().replace('\n', " ")))
}

/// An application sent offline survives a kill, one whose reply was cut is not sent twice.
pub(super) async fn sent_once(run: &mut Run) -> Result<String> {
    let offline = submit_offline(run).await?;
    run.kill_app().await?;
    run.open_app().await?;
    run.portal.start_again(&run.desktop).await?;
    run.unlock().await?;
    accepted(run, &offline).await?;
    stored(run, 1)?;
    run.take_picture("06-accepted").await?;
    let cut = submit_with_reply_cut(run).await?;
    accepted(run, &cut).await?;
    stored(run, 2)?;
    run.take_picture("06-after-cut").await?;
    Ok(format!(
        "2 applications, 2 forms in the portal's database; {} bytes of replies lost",
        run.portal.relay()?.lost_bytes()
    ))
}

/// So many applications for the certificate, each with the one form that was sent.
fn stored(run: &Run, expected: u64) -> Result<()> {
    let count = run.portal.count(&run.desktop, Some(CERTIFICATE_ID))?;
    ensure(
        count.applications == expected && count.submissions == expected,
        format!("{expected} were sent, the portal has {count:?}"),
    )
}

async fn submit_offline(run: &Run) -> Result<String> {
    let page = run.window()?.page();
    fill_certificate(page).await?;
    send(page).await?;
    page.see("receipt").await?;
    see_state(page, "queued").await?;
    run.take_picture("06-queued").await?;
    application_in_address(page).await
}

async fn submit_with_reply_cut(run: &Run) -> Result<String> {
    let page = run.window()?.page();
    fill_certificate(page).await?;
    run.portal.relay()?.hold_replies();
    send(page).await?;
    wait::until_true("the portal's commit", wait::PATIENT, async || {
        let count = run.portal.count(&run.desktop, Some(CERTIFICATE_ID))?;
        Ok(count.applications == 2)
    })
    .await?;
    // What the window says while the portal has it and the app does not know.
    run.gallery.take_display(&run.desktop, "06-reply-held")?;
    run.portal.relay()?.cut();
    page.see("receipt").await?;
    application_in_address(page).await
}

/// The window says that the portal has it.
async fn accepted(run: &Run, application: &str) -> Result<()> {
    let page = run.window()?.page();
    page.click("nav-requests").await?;
    page.click_css(&format!("a[href*=\"{application}\"]"))
        .await?;
    see_state(page, "registered in-progress approved").await?;
    ensure(
        application_in_address(page).await? == application,
        "another application opened",
    )
}

async fn send(page: &Page) -> Result<()> {
    page.tab_to("submit").await?;
    page.press(Key::Enter).await
}

async fn fill_certificate(page: &Page) -> Result<()> {
    search::open_form(page, CERTIFICATE.0, CERTIFICATE.1).await?;
    page.tab_to("apply").await?;
    page.press(Key::Enter).await?;
    page.see("field-result_form").await?;
    fill(
        page,
        &[
            ("result_form", Answer::Choice("electronic")),
            ("residence_regions", Answer::Text("г. Москва")),
        ],
    )
    .await?;
    go_on(page).await?;
    page.see("field-birth_place").await?;
    fill(page, &[("birth_place", Answer::Text("г. Тула"))]).await?;
    go_on(page).await?;
    page.see("field-consent").await?;
    fill(page, &[("consent", Answer::Yes)]).await?;
    go_on(page).await?;
    page.see("submit").await.map(drop)
}

/// Digits, a colon, digits.
fn has_time(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    letters
        .windows(3)
        .any(|three| three[0].is_ascii_digit() && three[1] == ':' && three[2].is_ascii_digit())
}
