//! `POST /v1/files/{id}` and `PUT /v1/files/{id}/{start}`.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State, rejection::JsonRejection},
    routing::put,
};
use jiff::SignedDuration;
use tower::limit::GlobalConcurrencyLimitLayer;
use uc_portal_api::{
    BeginUpload, FieldProblem, MAX_CHUNK_BYTES, NewFile, PUT_CHUNK, ProblemCode, UploadState,
};

use uc_model::ContentHash;

use super::{FileFault, MAX_FILE_BYTES, UPLOAD_HOURS, hash_of, keep};
use crate::{
    http::{ApiError, Person, route},
    oidc::ScopeToken,
    portal::AppState,
    store::{Appended, Beginning, NewUpload, Received},
};

/// Chunks taken at a time. The last of a file brings all of it into memory.
const AT_ONCE: usize = 8;

/// The files' endpoints.
pub fn router() -> Router<AppState> {
    let chunks = Router::new()
        .route(PUT_CHUNK, put(put_chunk))
        .layer(GlobalConcurrencyLimitLayer::new(AT_ONCE));
    route::<BeginUpload, _, _>(begin).merge(chunks)
}

async fn begin(
    State(portal): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    body: Result<Json<NewFile>, JsonRejection>,
) -> Result<Json<UploadState>, ApiError> {
    person.require(ScopeToken::Applications)?;
    let hash = parse_id(&id)?;
    let size = body
        .map_err(|_| ApiError::new(ProblemCode::BadRequest))?
        .size;
    check_size(size)?;
    let now = portal.clock.now();
    let new = NewUpload {
        person: person.id,
        hash,
        size,
        expires_at: now + SignedDuration::from_hours(UPLOAD_HOURS),
    };
    match portal.store.begin_upload(new, now).await? {
        // Another size under the same name: one of the two is wrong.
        Beginning::Open(received) if received.size != size => {
            Err(ApiError::new(ProblemCode::BadRequest))
        }
        Beginning::Open(received) => Ok(Json(state(received))),
        Beginning::Full => Err(ApiError::new(ProblemCode::NoRoom)),
    }
}

async fn put_chunk(
    State(portal): State<AppState>,
    person: Person,
    Path((id, start)): Path<(String, u64)>,
    chunk: Bytes,
) -> Result<Json<UploadState>, ApiError> {
    person.require(ScopeToken::Applications)?;
    let hash = parse_id(&id)?;
    if chunk.len() > MAX_CHUNK_BYTES {
        return Err(ApiError::new(ProblemCode::TooLarge));
    }
    let now = portal.clock.now();
    let appended = portal
        .store
        .append_chunk(person.id.clone(), hash, start, chunk.to_vec(), now)
        .await?;
    let Appended::Now(received) = appended else {
        return Err(ApiError::new(ProblemCode::NotFound));
    };
    if received.is_stored || received.received < received.size {
        return Ok(Json(state(received)));
    }
    complete(&portal, &person, hash, received).await.map(Json)
}

/// The last bytes have come, now or before a crash.
async fn complete(
    portal: &AppState,
    person: &Person,
    hash: ContentHash,
    received: Received,
) -> Result<UploadState, ApiError> {
    let whole = portal.store.read_upload(person.id.clone(), hash).await?;
    if let Some(bytes) = whole {
        let kept = if hash_of(&bytes) == hash {
            keep(portal, &person.id, bytes, |_| true).await?
        } else {
            Err(FileFault::Damaged)
        };
        if let Err(fault) = kept {
            portal.store.drop_upload(person.id.clone(), hash).await?;
            return Err(refusal(fault));
        }
    }
    // Who finds nothing to read was overtaken by the same bytes, sent twice at a time.
    Ok(state(Received {
        is_stored: true,
        ..received
    }))
}

const fn state(received: Received) -> UploadState {
    UploadState {
        size: received.size,
        received: received.received,
        stored: received.is_stored,
    }
}

/// A name that is none names nothing.
fn parse_id(text: &str) -> Result<ContentHash, ApiError> {
    text.parse()
        .map_err(|_| ApiError::new(ProblemCode::NotFound))
}

fn check_size(size: u64) -> Result<(), ApiError> {
    if size == 0 {
        Err(refusal(FileFault::Empty))
    } else if size > MAX_FILE_BYTES as u64 {
        Err(refusal(FileFault::TooLarge))
    } else {
        Ok(())
    }
}

fn refusal(fault: FileFault) -> ApiError {
    let rule = match fault {
        FileFault::Empty => "minLength",
        FileFault::WrongKind => "contentMediaType",
        FileFault::Damaged => "contentEncoding",
        FileFault::TooManyPoints => "maximum",
        FileFault::TooLarge => return ApiError::new(ProblemCode::TooLarge),
        FileFault::NoRoom => return ApiError::new(ProblemCode::NoRoom),
    };
    ApiError::new(ProblemCode::FileRefused).with_fields(vec![FieldProblem {
        field: "file".to_owned(),
        rule: rule.to_owned(),
    }])
}
