//! Filling in a form by keyboard.

use serde_json::json;
use thirtyfour::Key;

use crate::{Failure, Result, page::Page, page::test_id};

/// More options than any choice has.
const MOST_OPTIONS: usize = 30;

/// What to put into a field.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer<'a> {
    /// A text, instead of what stands there.
    Text(&'a str),
    /// One of several.
    Choice(&'a str),
    /// Yes.
    Yes,
}

/// Fills in fields of the step that is shown, in the order given.
pub(super) async fn fill(page: &Page, answers: &[(&str, Answer<'_>)]) -> Result<()> {
    for (property, answer) in answers {
        let id = format!("field-{property}");
        page.tab_to(&id).await?;
        match answer {
            Answer::Text(text) => page.retype(text).await?,
            Answer::Choice(value) => choose(page, &id, value).await?,
            Answer::Yes => check(page, &id).await?,
        }
    }
    Ok(())
}

/// Goes to the next step; the form shows it or says what is wrong.
pub(super) async fn go_on(page: &Page) -> Result<()> {
    page.tab_to("next-step").await?;
    page.press(Key::Enter).await
}

async fn check(page: &Page, id: &str) -> Result<()> {
    if is_checked(page, id).await? {
        return Ok(());
    }
    page.type_text(" ").await
}

async fn is_checked(page: &Page, id: &str) -> Result<bool> {
    let script = "const box = document.querySelector(arguments[0]);
        return (box.matches('input') ? box : box.querySelector('input')).checked";
    let answer = page.ask(script, vec![json!(test_id(id))]).await?;
    Ok(answer.as_bool() == Some(true))
}

/// Radio buttons answer to space and arrows, a select to arrows.
async fn choose(page: &Page, id: &str, value: &str) -> Result<()> {
    if focus_value(page).await?.0 == "radio" {
        page.type_text(" ").await?;
    }
    for _ in 0..MOST_OPTIONS {
        if focus_value(page).await?.1 == value {
            return Ok(());
        }
        page.press(Key::Down).await?;
    }
    Err(Failure::Unmet(format!("{id} has no option {value}")))
}

/// The kind and value of what has the focus.
async fn focus_value(page: &Page) -> Result<(String, String)> {
    let script = "const a = document.activeElement; return [a.type ?? '', a.value ?? '']";
    let answer = page.ask(script, vec![]).await?;
    Ok(serde_json::from_value(answer)?)
}
