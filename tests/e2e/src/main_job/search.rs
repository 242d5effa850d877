//! Step 2: the catalogue.

use thirtyfour::Key;

use super::Run;
use crate::{Result, ensure, page::Page, wait};

/// What people type, and the service that must come first.
const SEARCHES: [(&str, &str); 2] = [
    ("заменить паспорт", "Замена паспорта гражданина РФ"),
    // Misspelt, as people do.
    (
        "справка об отсутсвии судимости",
        "Справка об отсутствии судимости",
    ),
];

/// A list that is longer than what may stand in the document.
const LONG: u64 = 80;

/// The catalogue arrives and both searches find the right service first.
pub(super) async fn search(run: &mut Run) -> Result<String> {
    let window = run.window()?;
    let page = window.page();
    page.click("nav-catalogue").await?;
    let services = wait::until("the catalogue", wait::PATIENT, async || {
        let overview = window
            .invoke("open_catalogue", serde_json::json!({}))
            .await?;
        let session = window.invoke("open_session", serde_json::json!({})).await?;
        let services = overview["services"].as_u64().unwrap_or(0);
        Ok((services >= 150 && session["sync"].is_null()).then_some(services))
    })
    .await?;
    run.take_picture("02-catalogue").await?;
    for (place, (words, title)) in SEARCHES.into_iter().enumerate() {
        look_for(page, words).await?;
        first_hit(page, title).await?;
        run.take_picture(&format!("02-search-{}", place + 1))
            .await?;
    }
    let (listed, drawn) = scroll_to_the_end(page).await?;
    open_suggested(run).await?;
    Ok(format!(
        "{services} services, a list of {listed} with at most {drawn} rows in the document"
    ))
}

/// What a single letter finds is long: only what is near the window stands in the document, and the last row is reached.
/// Returns the list's length and the rows that stood there at most.
async fn scroll_to_the_end(page: &Page) -> Result<(u64, u64)> {
    const SCRIPT: &str = "window.scrollTo(0, document.documentElement.scrollHeight);
        const rows = [...document.querySelectorAll('.rows > li')];
        const number = name => Number(rows.at(-1)?.getAttribute(name) ?? 0);
        return [rows.length, number('aria-posinset'), number('aria-setsize')];";
    look_for(page, "п").await?;
    let mut most = 0;
    let listed = wait::until("the end of a long list", wait::PATIENT, async || {
        let seen = page.ask(SCRIPT, vec![]).await?;
        let [drawn, last, listed] = [0, 1, 2].map(|place| seen[place].as_u64().unwrap_or(0));
        most = most.max(drawn);
        Ok((listed > LONG && last == listed).then_some(listed))
    })
    .await?;
    ensure(most <= 80, "too many rows stand in the document")?;
    Ok((listed, most))
}

/// At home a service is named while one types, and the arrows open it.
async fn open_suggested(run: &Run) -> Result<()> {
    let page = run.window()?.page();
    page.click("nav-home").await?;
    page.see("home-search").await?;
    page.tab_to("home-search").await?;
    page.retype("загран").await?;
    page.see_css("[role=option] mark", wait::SOON).await?;
    page.press(Key::Down).await?;
    run.take_picture("02-suggestions").await?;
    page.press(Key::Enter).await?;
    page.see("apply").await?;
    ensure(
        page.whole_text().await?.to_lowercase().contains("загран"),
        "another service's page opened",
    )
}

/// Types into the search field by keyboard.
pub(super) async fn look_for(page: &Page, words: &str) -> Result<()> {
    page.see("search-input").await?;
    page.tab_to("search-input").await?;
    page.retype(words).await
}

/// Waits until the first service found is `title`.
pub(super) async fn first_hit(page: &Page, title: &str) -> Result<()> {
    wait::until_true(
        &format!("«{title}» as the first hit"),
        wait::SOON,
        async || Ok(first_row(page).await?.contains(title)),
    )
    .await
}

/// Opens the first hit by keyboard and begins an application.
pub(super) async fn open_form(page: &Page, words: &str, title: &str) -> Result<()> {
    page.click("nav-catalogue").await?;
    look_for(page, words).await?;
    first_hit(page, title).await?;
    page.tab_to("service-row").await?;
    page.press(Key::Enter).await?;
    page.see("apply").await?;
    ensure(
        page.whole_text().await?.contains(title),
        "another service's page opened",
    )
}

async fn first_row(page: &Page) -> Result<String> {
    let script = "return document.querySelector('[data-testid=service-row]')?.innerText ?? ''";
    let text = page.ask(script, vec![]).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}
