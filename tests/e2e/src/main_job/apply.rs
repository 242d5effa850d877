//! Step 3: an application, filled in by keyboard alone.

use thirtyfour::Key;

use super::{
    Run,
    fields::{Answer, fill, go_on},
    search,
};
use crate::{Failure, Result, ensure, page::Page, wait};

const WRONG_SNILS: &str = "112-233-445 96";

/// Fills in a passport form, is refused a wrong number beside its field, mends it and sends.
pub(super) async fn apply(run: &mut Run) -> Result<String> {
    let window = run.window()?;
    let page = window.page().clone();
    search::open_form(&page, "заменить паспорт", "Замена паспорта гражданина РФ").await?;
    run.take_picture("03-service").await?;
    page.tab_to("apply").await?;
    page.press(Key::Enter).await?;
    let places = Places::of(run.markers.words());
    page.see("field-reason").await?;
    fill(&page, &[("reason", Answer::Choice("age"))]).await?;
    fill(&page, &[("age_reached", Answer::Choice("45"))]).await?;
    run.take_picture("03-form-1").await?;
    go_on(&page).await?;
    person(run, &page, &places).await?;
    go_on(&page).await?;
    page.see("field-passport_issued_by").await?;
    run.take_picture("03-form-3").await?;
    go_on(&page).await?;
    delivery(run, &page, &places).await?;
    go_on(&page).await?;
    review_and_send(run, &page, &places).await?;
    run.first = application_in_address(&page).await?;
    Ok(String::new())
}

/// Where the markers go.
struct Places {
    birth: String,
    address: String,
    unit: String,
}

impl Places {
    fn of(words: &[String]) -> Self {
        let (birth, rest) = words.split_at(words.len() / 4);
        let (address, unit) = rest.split_at(rest.len() / 2);
        Self {
            birth: birth.join(" "),
            address: address.join(" "),
            unit: unit.join(" "),
        }
    }
}

async fn person(run: &Run, page: &Page, places: &Places) -> Result<()> {
    page.see("field-snils").await?;
    fill(page, &[("birth_place", Answer::Text(&places.birth))]).await?;
    fill(page, &[("snils", Answer::Text(WRONG_SNILS))]).await?;
    go_on(page).await?;
    refused_beside(page, "snils").await?;
    run.take_picture("03-form-2-refused").await?;
    let snils = run.citizen.snils.as_deref().unwrap_or_default();
    fill(page, &[("snils", Answer::Text(snils))]).await?;
    run.take_picture("03-form-2").await
}

/// The step stays, the field is marked, and the words that describe it say what is wrong.
async fn refused_beside(page: &Page, property: &str) -> Result<()> {
    let script = "const box = document.querySelector(arguments[0]);
        const input = box.matches('input') ? box : box.querySelector('input');
        if (input.getAttribute('aria-invalid') !== 'true') return '';
        return (input.getAttribute('aria-describedby') ?? '').split(/\\s+/)
            .map((id) => document.getElementById(id)?.innerText ?? '').join(' ').trim()";
    let field = crate::page::test_id(&format!("field-{property}"));
    let words = wait::until("the refusal", wait::SOON, async || {
        let words = page.ask(script, vec![field.clone().into()]).await?;
        Ok(words
            .as_str()
            .filter(|words| !words.is_empty())
            .map(ToOwned::to_owned))
    })
    .await?;
    ensure(
        words.contains("СНИЛС") || words.contains("контрольн"),
        format!("the field does not say what is wrong with it: «{words}»"),
    )
}

async fn delivery(run: &Run, page: &Page, places: &Places) -> Result<()> {
    page.see("field-pickup_unit").await?;
    fill(
        page,
        &[
            ("registration_address", Answer::Text(&places.address)),
            ("pickup_place", Answer::Choice("mfc")),
            ("pickup_unit", Answer::Text(&places.unit)),
            ("consent", Answer::Yes),
        ],
    )
    .await?;
    run.take_picture("03-form-4").await
}

async fn review_and_send(run: &Run, page: &Page, places: &Places) -> Result<()> {
    page.see("submit").await?;
    let text = page.whole_text().await?;
    ensure(
        text.contains(&places.birth) && text.contains(&places.unit),
        "the review does not show what was filled in",
    )?;
    run.take_picture("03-review").await?;
    page.tab_to("submit").await?;
    page.press(Key::Enter).await?;
    page.see("receipt").await?;
    see_state(page, "registered in-progress needs-correction").await?;
    ensure(
        page.text("receipt-number")
            .await?
            .chars()
            .any(|letter| letter.is_ascii_digit()),
        "the receipt has no number",
    )?;
    run.take_picture("03-receipt").await
}

/// Waits until the first state shown is one of `states`, and returns it.
pub(super) async fn see_state(page: &Page, states: &str) -> Result<String> {
    wait::until(&format!("a state of {states}"), wait::PATIENT, async || {
        let script =
            "return document.querySelector('[data-testid=request-state]')?.dataset.state ?? ''";
        let state = page.ask(script, vec![]).await?;
        let state = state.as_str().unwrap_or_default();
        Ok(states
            .split(' ')
            .any(|wanted| wanted == state)
            .then(|| state.to_owned()))
    })
    .await
}

/// The id of the application that is shown, out of the page's address.
pub(super) async fn application_in_address(page: &Page) -> Result<String> {
    let hash = page.ask("return location.hash", vec![]).await?;
    hash.as_str()
        .and_then(|hash| hash.strip_prefix("#/requests/"))
        .and_then(|rest| rest.split('/').next())
        .filter(|id| !id.is_empty())
        .map(ToOwned::to_owned)
        .ok_or_else(|| Failure::Unmet(format!("{hash} shows no application")))
}
