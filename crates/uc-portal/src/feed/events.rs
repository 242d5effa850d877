//! `GET /v1/events`: server-sent events.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, StreamExt, stream};
use jiff::SignedDuration;

use super::Listener;
use crate::{
    http::{ApiError, Person},
    oidc::ScopeToken,
    portal::AppState,
};

/// A comment so often keeps the connection from being taken for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The client comes again after this, so that a revoked token is not listened with for long.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);

const LAST_EVENT_ID: &str = "last-event-id";

pub(super) async fn events(
    State(portal): State<AppState>,
    person: Person,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    person.require(ScopeToken::Applications)?;
    let heard = headers
        .get(LAST_EVENT_ID)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let listener = portal.desk.hints.listen(&person.id, heard);
    let until = portal.clock.now().saturating_add(LONGEST);
    let end = async move {
        let over = async {
            match until {
                Ok(until) => portal.clock.wait_until(until).await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            () = portal.draining.cancelled() => {}
            () = over => {}
        }
    };
    let stream = stream_of(listener).take_until(Box::pin(end));
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(Sse::new(stream).keep_alive(keep_alive).into_response())
}

fn stream_of(listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(listener, |mut listener| async move {
        let (hint, number) = listener.next().await?;
        let event = Event::default()
            .id(number.to_string())
            .event(hint.as_str())
            .data("");
        Some((Ok(event), listener))
    })
}
