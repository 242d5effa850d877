//! `PUT`, `GET` and `POST …/cancel` of an application.

use axum::{
    Json, Router,
    extract::{Path, State, rejection::JsonRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use uc_model::{ApplicationId, ApplicationStatus, IdempotencyKey};
use uc_portal_api::{
    CancelApplication, Dialog, Endpoint, FetchApplication, IDEMPOTENCY_KEY, ProblemCode,
    SubmitApplication, SubmittedApplication,
};

use super::{Refusal, admit};
use crate::{
    device_proof::{Acted, NoBody},
    fingerprint::Fingerprint,
    http::{ApiError, Person, route},
    oidc::ScopeToken,
    portal::AppState,
    store::{KeyedWrite, StoreError, StoredReply, Submission, Withdrawal},
};

/// The applications' endpoints.
pub fn router() -> Router<AppState> {
    route::<SubmitApplication, _, _>(submit)
        .merge(route::<FetchApplication, _, _>(fetch))
        .merge(route::<CancelApplication, _, _>(cancel))
}

async fn submit(
    State(portal): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    headers: HeaderMap,
    Acted(body): Acted<Result<Json<SubmittedApplication>, JsonRejection>>,
) -> Result<Response, ApiError> {
    person.require(ScopeToken::Applications)?;
    let Json(body) = body.map_err(|rejection| unread(&rejection))?;
    let write = keyed_write::<SubmitApplication>(&portal, &person, &id, &headers, &body)?;
    // Ids of version 7 sort by their time, and nobody comes upon another's by chance.
    if write.application.as_uuid().get_version_num() != 7 {
        return Err(ApiError::new(ProblemCode::BadRequest));
    }
    settle(portal, write, move |portal, write| async move {
        let submission = Submission {
            admission: admit(&portal.desk, &body, write.now),
            agency_now: portal.agency_clock.now(),
            write,
            body,
        };
        portal.store.submit(submission).await
    })
    .await
}

async fn cancel(
    State(portal): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    headers: HeaderMap,
    _: Acted<NoBody>,
) -> Result<Response, ApiError> {
    person.require(ScopeToken::Applications)?;
    let write = keyed_write::<CancelApplication>(&portal, &person, &id, &headers, &())?;
    settle(portal, write, |portal, write| async move {
        let summary = portal
            .desk
            .words
            .summary(ApplicationStatus::Cancelled)
            .to_owned();
        portal.store.withdraw(Withdrawal { write, summary }).await
    })
    .await
}

async fn fetch(
    State(portal): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Json<Dialog>, ApiError> {
    person.require(ScopeToken::Applications)?;
    let id = parse_id(&id)?;
    let found = portal.store.find_application(person.id, id).await?;
    found
        .map(Json)
        .ok_or_else(|| ApiError::new(ProblemCode::NotFound))
}

/// Whatever is wrong with a body but its size, it is not read.
fn unread(rejection: &JsonRejection) -> ApiError {
    ApiError::new(if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        ProblemCode::TooLarge
    } else {
        ProblemCode::BadRequest
    })
}

/// An id that is none names nothing.
fn parse_id(text: &str) -> Result<ApplicationId, ApiError> {
    text.parse()
        .map_err(|_| ApiError::new(ProblemCode::NotFound))
}

fn keyed_write<E: Endpoint>(
    portal: &AppState,
    person: &Person,
    id: &str,
    headers: &HeaderMap,
    body: &E::Body,
) -> Result<KeyedWrite, ApiError> {
    let application = parse_id(id)?;
    let resource = uc_portal_api::path::<E>(&application.to_string());
    Ok(KeyedWrite {
        person: person.id.clone(),
        key: key(headers)?,
        fingerprint: Fingerprint::of(&format!("{:?} {resource}", E::METHOD), body),
        application,
        now: portal.clock.now(),
    })
}

/// The one key of the request.
fn key(headers: &HeaderMap) -> Result<IdempotencyKey, ApiError> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else {
        return Err(ApiError::new(ProblemCode::IdempotencyKeyMissing));
    };
    // The header is a structured-field string, which has quotes (draft-ietf-httpapi-idempotency-key-header §2.1).
    let key = value
        .to_str()
        .ok()
        .and_then(|text| text.trim_matches('"').parse().ok());
    match (key, values.next()) {
        (Some(key), None) => Ok(key),
        _ => Err(ApiError::new(ProblemCode::BadRequest)),
    }
}

/// Does a write to its end, also when whoever asked has gone: the agencies and other devices must hear of it.
async fn settle<F, W>(portal: AppState, write: KeyedWrite, work: W) -> Result<Response, ApiError>
where
    F: Future<Output = Result<Result<StoredReply, Refusal>, StoreError>> + Send,
    W: FnOnce(AppState, KeyedWrite) -> F + Send + 'static,
{
    let taken = portal
        .desk
        .in_flight
        .take(write.person.clone(), write.key)
        .ok_or_else(|| ApiError::new(ProblemCode::InProgress))?;
    let task = tokio::spawn(async move {
        let (person, application) = (write.person.clone(), write.application);
        let answer = work(portal.clone(), write).await?;
        drop(taken);
        let reply = answer?;
        tracing::info!(%application, status = reply.status, "an application was written");
        portal.desk.hints.feed_changed(&person);
        portal.desk.bell.ring();
        Ok(reply)
    });
    let reply: Result<StoredReply, ApiError> = task
        .await
        .map_err(|_| ApiError::new(ProblemCode::Internal))?;
    Ok(respond(reply?))
}

fn respond(reply: StoredReply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let json = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, json)], reply.body).into_response()
}
