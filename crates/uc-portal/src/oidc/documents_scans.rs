//! `/documents/scans`: a person shows pictures of their passport.

use axum::{
    extract::{Multipart, Path, State, multipart::MultipartError},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use uc_model::IdempotencyKey;
use uuid::Uuid;

use super::{DOCUMENTS, OwnPage, error::PageError, own_page::Owner, protection::frame};
use crate::{
    files::{Cleaned, FileFault, FileKind, MAX_FILE_BYTES, keep},
    pages::{self, PictureField, ScansPage, Texts},
    portal::{AppState, Portal},
    proofing::ScanPage,
    store::NewScan,
};

/// Bytes of the form: each picture at its largest, and what is around them.
pub const MAX_FORM_BYTES: usize = ScanPage::ALL.len() * MAX_FILE_BYTES + 64 * 1024;

pub(super) async fn form(State(portal): State<AppState>, headers: HeaderMap) -> Response {
    let shown = async {
        let owner = Owner::find(&portal, &headers, OwnPage::Documents).await?;
        ask(&portal, &headers, &owner, &[]).await
    };
    shown
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// One of the owner's own pictures.
pub(super) async fn picture(
    State(portal): State<AppState>,
    Path(page): Path<String>,
    headers: HeaderMap,
) -> Response {
    let found = async {
        let owner = Owner::find(&portal, &headers, OwnPage::Documents).await?;
        let page = ScanPage::read(&page).ok_or(PageError::Expired)?;
        let found = portal.store.find_scan(owner.person, page).await?;
        found.map(show).ok_or(PageError::Expired)
    };
    found
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// A picture for an `<img>`; whoever opens it by its address saves it.
pub(super) fn show(file: Cleaned) -> Response {
    let kind = file.kind;
    let disposition = format!("attachment; filename=\"scan.{}\"", kind.extension());
    (
        [
            (header::CONTENT_TYPE, kind.media_type().to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        file.bytes,
    )
        .into_response()
}

pub(super) async fn submit(
    State(portal): State<AppState>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    let taken = async {
        let owner = Owner::find(&portal, &headers, OwnPage::Documents).await?;
        // One at a time: nobody takes all the places that there are for slow uploads.
        let in_flight = &portal.desk.in_flight;
        let _place = in_flight
            .take(owner.person.clone(), IdempotencyKey::new(Uuid::nil()))
            .ok_or(PageError::Unread)?;
        let faults = take(&portal, &owner, form).await?;
        if faults.is_empty() {
            Ok(Redirect::to(DOCUMENTS).into_response())
        } else {
            ask(&portal, &headers, &owner, &faults).await
        }
    };
    taken
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

type Faults = Vec<(ScanPage, FileFault)>;

/// Reads the form part by part; the first proves that we wrote it.
async fn take(portal: &Portal, owner: &Owner, mut form: Multipart) -> Result<Faults, PageError> {
    let first = form.next_field().await.map_err(unread)?;
    let first = first.filter(|field| field.name() == Some("csrf"));
    let csrf = first.ok_or(PageError::Expired)?.text().await;
    owner.check(&csrf.map_err(unread)?)?;
    let mut faults = Vec::new();
    while let Some(field) = form.next_field().await.map_err(unread)? {
        let page = field.name().and_then(ScanPage::read);
        let page = page.ok_or(PageError::Expired)?;
        let bytes = field.bytes().await.map_err(unread)?;
        if let Err(fault) = take_picture(portal, owner, page, bytes.into()).await? {
            faults.push((page, fault));
        }
    }
    Ok(faults)
}

fn unread(_: MultipartError) -> PageError {
    PageError::Unread
}

async fn take_picture(
    portal: &Portal,
    owner: &Owner,
    page: ScanPage,
    bytes: Vec<u8>,
) -> Result<Result<(), FileFault>, PageError> {
    if bytes.is_empty() {
        // A browser sends an empty part for a picture that was not chosen.
        let there = portal.store.find_scan(owner.person.clone(), page).await?;
        return Ok(there.map(drop).ok_or(FileFault::Empty));
    }
    let kept = match keep(portal, &owner.person, bytes, FileKind::is_picture).await? {
        Ok(kept) => kept,
        Err(fault) => return Ok(Err(fault)),
    };
    let new = NewScan {
        person: owner.person.clone(),
        id: portal.entropy.uuid(portal.clock.now()),
        page,
        hash: kept.hash,
    };
    // What waits or is confirmed does not change: the overview says so.
    portal.store.attach_scan(new).await?;
    Ok(Ok(()))
}

async fn ask(
    portal: &Portal,
    headers: &HeaderMap,
    owner: &Owner,
    faults: &[(ScanPage, FileFault)],
) -> Result<Response, PageError> {
    let proofing = portal.store.find_proofing(owner.person.clone()).await?;
    let Some(proofing) = proofing.filter(|proofing| proofing.state.is_open()) else {
        return Ok(Redirect::to(DOCUMENTS).into_response());
    };
    let frame = frame(portal, headers);
    let fields = ScanPage::ALL.map(|page| {
        let fault = faults.iter().find(|(wrong, _)| *wrong == page);
        PictureField {
            name: page.as_str(),
            label: label(frame.t, page),
            is_there: proofing.scans.contains(&page),
            fault: fault.map(|(_, fault)| fault_text(frame.t, *fault)),
        }
    });
    let page = ScansPage {
        frame,
        csrf: &owner.csrf(),
        fields: fields.into(),
    };
    let status = if page.is_wrong() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok(pages::show_with_pictures(status, &page))
}

pub(super) const fn label(t: &Texts, page: ScanPage) -> &str {
    match page {
        ScanPage::Main => t.scan_main.as_str(),
        ScanPage::Registration => t.scan_registration.as_str(),
    }
}

const fn fault_text(t: &Texts, fault: FileFault) -> &str {
    let text = match fault {
        FileFault::Empty => &t.scan_missing,
        FileFault::TooLarge | FileFault::TooManyPoints => &t.scan_large,
        FileFault::WrongKind => &t.scan_kind,
        FileFault::Damaged => &t.scan_damaged,
        FileFault::NoRoom => &t.scan_room,
    };
    text.as_str()
}
