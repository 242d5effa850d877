//! Step 10: from an account to a confirmed one.

use std::path::PathBuf;

use thirtyfour::Key;

use super::{
    Run,
    newcomer::{PASSWORD, PHONE},
};
use crate::{
    Result, ensure,
    page::Page,
    portal_pages::Visit,
    process::{Process, output_of},
    wait,
};

const PAPERS: [(&str, &str); 5] = [
    ("passport", "4510 654321"),
    ("issued_on", "21.06.2010"),
    ("issued_by", "ОВД «Вымышленное» города Москвы"),
    ("division_code", "770-001"),
    ("snils", "160-722-394 47"),
];

/// The newcomer says and shows what is in their documents; an operator, elsewhere, compares and confirms.
pub(super) async fn confirm(run: &mut Run) -> Result<String> {
    give(run).await?;
    run.browser.become_another(&run.desktop, "operator")?;
    decide(run).await?;
    run.browser.become_another(&run.desktop, "first-device")?;
    see_confirmed(run).await?;
    see_level_in_app(run).await?;
    Ok(String::new())
}

/// The app heard of the decision by itself.
async fn see_level_in_app(run: &Run) -> Result<()> {
    let page = run.window()?.page();
    page.click("nav-settings").await?;
    page.click("open-profile").await?;
    let confirmed = "[data-testid=account-level][data-color=success]";
    page.see_css(confirmed, wait::PATIENT).await?;
    run.take_picture("10-profile").await
}

/// A page of the portal, after a sign-in for it.
async fn open(
    run: &Run,
    page: &str,
    (phone, password): (&str, &str),
) -> Result<(
    Process,
    Visit<impl AsyncFnMut(&Page, &str) -> Result<()> + use<>>,
)> {
    let address = format!("{}/{page}", run.portal.issuer());
    let browser = run.browser.open(&run.desktop, &address)?;
    let gallery = run.gallery.clone();
    let look =
        async move |page: &Page, name: &str| gallery.take_page(page, &format!("10-{name}")).await;
    let mut visit = Visit::begin(&run.browser, run.portal.issuer(), look).await?;
    // The browser was closed, and its session ended with it.
    visit.page.see_css(".elsewhere a", wait::SOON).await?;
    visit.look(&format!("{page}-signed-out")).await?;
    visit.page.click_css(".elsewhere a").await?;
    visit.give_password(phone, password).await?;
    Ok((browser, visit))
}

async fn give(run: &Run) -> Result<()> {
    let (_browser, mut visit) = open(run, "documents", (PHONE, PASSWORD)).await?;
    let page = visit.page.clone();
    page.see_css("#level", wait::SOON).await?;
    visit.look("documents").await?;
    page.click_css("a[href='/documents/papers']").await?;
    for (field, value) in PAPERS {
        page.type_into(&format!("#{field}"), value).await?;
    }
    visit.look("papers").await?;
    page.press(Key::Enter).await?;
    page.click_css("a[href='/documents/scans']").await?;
    for name in ["main", "registration"] {
        let picture = draw(run, name)?;
        let input = page.see_css(&format!("#{name}"), wait::SOON).await?;
        input.send_keys(picture.to_string_lossy()).await?;
    }
    visit.look("scans").await?;
    page.click_css("form button").await?;
    page.see_css("form[action='/documents/send']", wait::SOON)
        .await?;
    visit.look("documents-ready").await?;
    page.click_css("form[action='/documents/send'] button")
        .await?;
    wait::until_true("the documents to wait", wait::SOON, async || {
        Ok(!page.has("ol.steps").await? && page.has("#level").await?)
    })
    .await?;
    visit.look("documents-waiting").await?;
    visit.end(&run.browser).await
}

/// A page of a passport that nobody has.
fn draw(run: &Run, name: &str) -> Result<PathBuf> {
    let target = run.desktop.path(&format!("{name}.jpg"));
    let mut command = run.desktop.command("convert");
    // A picture of a face and lines, without fonts that may not be there.
    command
        .args(["-size", "1200x840", "gradient:#f6e6da-#e3c4b4"])
        .args(["-fill", "#c79d88", "-draw", "rectangle 90,170 430,620"])
        .args(["-fill", "#9c6b57"]);
    for line in 0..6 {
        let top = 190 + line * 75;
        command.args(["-draw", &format!("rectangle 500,{top} 1100,{}", top + 18)]);
    }
    command.arg(&target);
    output_of(command)?;
    Ok(target)
}

async fn decide(run: &mut Run) -> Result<()> {
    let operator = run.operator.clone();
    let (_browser, mut visit) = open(run, "desk", (&operator.phone, &operator.password)).await?;
    visit.give_code(&mut run.mailbox, "desk-code").await?;
    let page = visit.page.clone();
    page.see_css(".rows a", wait::SOON).await?;
    visit.look("desk").await?;
    page.click_css(".rows a").await?;
    page.see_css("img.scan", wait::SOON).await?;
    visit.look("proof").await?;
    page.click_css("button[value=confirm]").await?;
    wait::until_true("an empty desk", wait::SOON, async || {
        let is_list = page.has("[role=status]").await?;
        Ok(is_list && !page.has(".rows a").await?)
    })
    .await?;
    visit.end(&run.browser).await
}

async fn see_confirmed(run: &Run) -> Result<()> {
    let (_browser, mut visit) = open(run, "documents", (PHONE, PASSWORD)).await?;
    let page = visit.page.clone();
    page.see_css("#level", wait::SOON).await?;
    visit.look("documents-confirmed").await?;
    let level = page.text_css("#level").await?;
    ensure(
        level == "подтверждённая",
        format!("the account is «{level}»"),
    )?;
    run.mailbox
        .holds(&page, "учётная запись подтверждена")
        .await?;
    visit.look("mailbox").await?;
    visit.end(&run.browser).await
}
