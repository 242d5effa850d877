//! `/desk`: operators compare what persons say with what they show, and confirm accounts.

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use uc_portal_api::PersonProfile;
use uuid::Uuid;

use super::{
    DESK, OwnPage,
    documents_papers::words,
    documents_scans::{self, label},
    error::PageError,
    own_page::Owner,
    params::Params,
    protection::frame,
};
use crate::{
    accounts::of_decision,
    clock::moscow,
    pages::{self, DeskPage, DeskRow, Frame, NoticePage, PictureField, ProofPage, ProofRow, Texts},
    portal::{AppState, Portal},
    proofing::{Decision, PaperField, ScanPage},
    store::{DeskRefusal, OpenedProof, Operator, Ruling, WaitingProof},
};

/// Rows of the list; the next ones come up when these are done.
const ROWS: usize = 50;

/// Letters of the longest reason.
const MAX_REASON_CHARS: usize = 400;

/// Somebody at the desk.
struct AtDesk {
    owner: Owner,
    operator: Operator,
}

impl AtDesk {
    fn new(portal: &Portal, owner: Owner) -> Self {
        let operator = Operator {
            person: owner.person.clone(),
            now: portal.clock.now(),
        };
        Self { owner, operator }
    }

    async fn find(portal: &Portal, headers: &HeaderMap) -> Result<Self, PageError> {
        let owner = Owner::find(portal, headers, OwnPage::Desk).await?;
        Ok(Self::new(portal, owner))
    }
}

pub(super) async fn list(State(portal): State<AppState>, headers: HeaderMap) -> Response {
    let shown = async {
        let desk = AtDesk::find(&portal, &headers).await?;
        let waiting = portal.store.list_waiting(desk.operator, ROWS).await?;
        let frame = frame(&portal, &headers);
        match waiting {
            Ok(waiting) => {
                let rows = waiting.iter().map(|proof| row(frame, proof)).collect();
                Ok(pages::show(StatusCode::OK, &DeskPage { frame, rows }))
            }
            Err(refusal) => explain(&portal, &headers, refusal),
        }
    };
    shown
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

fn row(frame: Frame<'_>, proof: &WaitingProof) -> DeskRow {
    let since = moscow(proof.since);
    DeskRow {
        id: proof.id.to_string(),
        text: frame.t.desk_row.replace("{time}", &since),
    }
}

pub(super) async fn open(
    State(portal): State<AppState>,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Response {
    let shown = async {
        let desk = AtDesk::find(&portal, &headers).await?;
        match portal.store.open_waiting(desk.operator.clone(), id).await? {
            Ok(opened) => Ok(ask(&portal, &headers, &desk, &opened, ("", None))),
            Err(refusal) => explain(&portal, &headers, refusal),
        }
    };
    shown
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

pub(super) async fn picture(
    State(portal): State<AppState>,
    Path((id, page)): Path<(Uuid, String)>,
    headers: HeaderMap,
) -> Response {
    let found = async {
        let desk = AtDesk::find(&portal, &headers).await?;
        let page = ScanPage::read(&page).ok_or(PageError::Expired)?;
        let found = portal.store.find_waiting_scan(desk.operator, id, page);
        match found.await? {
            Ok(file) => Ok(documents_scans::show(file)),
            Err(refusal) => explain(&portal, &headers, refusal),
        }
    };
    found
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

pub(super) async fn decide(
    State(portal): State<AppState>,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let decided = async {
        let params = Params::parse(&body)?;
        let owner = Owner::find_posted(&portal, &headers, &params, OwnPage::Desk).await?;
        let desk = AtDesk::new(&portal, owner);
        let found = portal.store.find_waiting(desk.operator.clone(), id);
        let opened = match found.await? {
            Ok(opened) => opened,
            Err(refusal) => return explain(&portal, &headers, refusal),
        };
        let t = frame(&portal, &headers).t;
        let typed = params.find("reason").unwrap_or_default();
        let Some(decision) = read_decision(&params)? else {
            let fault = Some(t.proof_reason_missing.as_str());
            return Ok(ask(&portal, &headers, &desk, &opened, (typed, fault)));
        };
        match rule(&portal, &desk, &opened, decision).await? {
            Ok(()) => Ok(Redirect::to(DESK).into_response()),
            Err(DeskRefusal::NumberTaken) => {
                let fault = Some(t.proof_taken.as_str());
                Ok(ask(&portal, &headers, &desk, &opened, (typed, fault)))
            }
            Err(refusal) => explain(&portal, &headers, refusal),
        }
    };
    decided
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// None where a reason is missing.
fn read_decision(params: &Params) -> Result<Option<Decision>, PageError> {
    match params.find("action") {
        Some("confirm") => Ok(Some(Decision::Confirm)),
        Some("return") => {
            let typed = params.find("reason").unwrap_or_default();
            Ok(read_reason(typed).map(|reason| Decision::Return { reason }))
        }
        Some(_) | None => Err(PageError::Expired),
    }
}

fn read_reason(typed: &str) -> Option<String> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let reason = words.join(" ");
    let serves = reason.chars().any(char::is_alphanumeric)
        && reason.chars().count() <= MAX_REASON_CHARS
        && !reason.chars().any(char::is_control);
    serves.then_some(reason)
}

async fn rule(
    portal: &Portal,
    desk: &AtDesk,
    opened: &OpenedProof,
    decision: Decision,
) -> Result<Result<(), DeskRefusal>, PageError> {
    let notice = of_decision(portal, opened, &decision, desk.operator.now);
    let ruling = Ruling {
        operator: desk.operator.clone(),
        id: opened.proofing.id,
        decision,
        notice,
    };
    let ruled = portal.store.decide(ruling).await?;
    if ruled.is_ok() {
        portal.desk.hints.feed_changed(&opened.profile.id);
        portal.post.ring();
    }
    Ok(ruled)
}

fn ask(
    portal: &Portal,
    headers: &HeaderMap,
    desk: &AtDesk,
    opened: &OpenedProof,
    (reason, fault): (&str, Option<&str>),
) -> Response {
    let frame = frame(portal, headers);
    let scans = &opened.proofing.scans;
    let page = ProofPage {
        frame,
        csrf: &desk.owner.csrf(),
        id: &opened.proofing.id.to_string(),
        rows: rows(frame.t, opened),
        pictures: ScanPage::ALL
            .map(|page| PictureField {
                name: page.as_str(),
                label: label(frame.t, page),
                is_there: scans.contains(&page),
                fault: None,
            })
            .into(),
        reason,
        fault,
    };
    let status = if fault.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    pages::show_with_pictures(status, &page)
}

fn rows<'a>(t: &'a Texts, opened: &OpenedProof) -> Vec<ProofRow<'a>> {
    let profile = &opened.profile;
    let born = profile.birth_date.strftime("%d.%m.%Y").to_string();
    let said = [(&*t.proof_name, name(profile)), (&t.birth_date_label, born)];
    let papers = PaperField::ALL.map(|field| {
        let (label, _) = words(t, field);
        (label, opened.proofing.papers.written(field))
    });
    said.into_iter()
        .chain(papers)
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| ProofRow { label, value })
        .collect()
}

fn name(profile: &PersonProfile) -> String {
    let middle = profile.middle_name.as_deref();
    let names = [profile.last_name.as_str(), &profile.first_name];
    let names: Vec<&str> = names.into_iter().chain(middle).collect();
    names.join(" ")
}

/// Why an operator does not see it.
fn explain(
    portal: &Portal,
    headers: &HeaderMap,
    refusal: DeskRefusal,
) -> Result<Response, PageError> {
    let frame = frame(portal, headers);
    let text = match refusal {
        DeskRefusal::NotEmpowered => return Err(PageError::NotEmpowered),
        DeskRefusal::Gone => &frame.t.proof_gone,
        DeskRefusal::Own => &frame.t.proof_own,
        DeskRefusal::NumberTaken => &frame.t.proof_taken,
    };
    let page = NoticePage {
        frame,
        title: &frame.t.proof_title,
        text,
    };
    Ok(pages::show(StatusCode::CONFLICT, &page))
}
