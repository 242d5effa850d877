//! `/demo/mailbox`: what the demo's citizens would have got on their phones and by e-mail.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use uc_portal_api::ProblemCode;

use super::{Channel, MailboxLetter};
use crate::{
    clock::moscow,
    http::ApiError,
    pages::{self, Frame, Language},
    portal::AppState,
};

const MAILBOX: &str = "/demo/mailbox";
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "mailbox.html")]
struct MailboxPage<'a> {
    frame: Frame<'a>,
    letters: Vec<Shown<'a>>,
}

struct Shown<'a> {
    channel: &'a str,
    to: &'a str,
    subject: &'a str,
    body: &'a str,
    time: String,
}

/// The mailbox, where there is one.
pub fn router() -> Router<AppState> {
    Router::new().route(MAILBOX, get(mailbox))
}

async fn mailbox(State(portal): State<AppState>, headers: HeaderMap) -> Response {
    if !portal.post.has_mailbox() {
        return ApiError::new(ProblemCode::NotFound).into_response();
    }
    let letters = match portal.store.list_mailbox(SHOWN).await {
        Ok(letters) => letters,
        Err(error) => return ApiError::from(error).into_response(),
    };
    let frame = portal.pages.frame(Language::accepted(&headers));
    let page = MailboxPage {
        frame,
        letters: letters.iter().map(|letter| shown(frame, letter)).collect(),
    };
    pages::show(StatusCode::OK, &page)
}

fn shown<'a>(frame: Frame<'a>, arrived: &'a MailboxLetter) -> Shown<'a> {
    let letter = &arrived.letter;
    let time = moscow(arrived.received_at);
    Shown {
        channel: match letter.to.channel() {
            Channel::Sms => &frame.t.mailbox_sms,
            Channel::Email => &frame.t.mailbox_email,
        },
        to: letter.to.address(),
        subject: &letter.subject,
        body: &letter.body,
        time: format!("{time} {}", frame.t.moscow_time),
    }
}
