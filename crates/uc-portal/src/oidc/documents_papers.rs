//! `/documents/papers`: a person says what is in their documents.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use jiff::tz::Offset;

use super::{
    DOCUMENTS, OwnPage, PAPERS,
    error::PageError,
    login::visit,
    own_page::Owner,
    params::Params,
    protection::{frame, scene},
};
use crate::{
    accounts::Peer,
    pages::{self, Field, FieldKind, FormPage, Texts, Way},
    portal::{AppState, Portal},
    proofing::{PaperFault, PaperField, Papers},
    store::NewPapers,
};

pub(super) async fn form(State(portal): State<AppState>, headers: HeaderMap) -> Response {
    let shown = async {
        let owner = Owner::find(&portal, &headers, OwnPage::Documents).await?;
        let known = portal.store.find_proofing(owner.person.clone()).await?;
        let written = |field| {
            let papers = known.as_ref().map(|proofing| &proofing.papers);
            papers.map_or_else(String::new, |papers| papers.written(field))
        };
        Ok(ask(&portal, &headers, &owner, written, &[]))
    };
    shown
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

pub(super) async fn submit(
    State(portal): State<AppState>,
    peer: Peer,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let taken = async {
        let params = Params::parse(&body)?;
        let owner = Owner::find_posted(&portal, &headers, &params, OwnPage::Documents).await?;
        let typed = |field: PaperField| params.find(field.name()).unwrap_or_default();
        match read(&portal, &owner, typed).await? {
            Ok(papers) => {
                let new = NewPapers {
                    person: owner.person,
                    id: portal.entropy.uuid(portal.clock.now()),
                    papers,
                    scene: scene(&portal, visit(peer, &headers)),
                };
                // What waits or is confirmed does not change: the overview says so.
                let person = new.person.clone();
                portal.store.save_papers(new).await?;
                portal.desk.hints.feed_changed(&person);
                Ok(Redirect::to(DOCUMENTS).into_response())
            }
            Err(faults) => {
                let typed = |field| typed(field).to_owned();
                Ok(ask(&portal, &headers, &owner, typed, &faults))
            }
        }
    };
    taken
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

async fn read<'a>(
    portal: &Portal,
    owner: &Owner,
    typed: impl Fn(PaperField) -> &'a str + Send,
) -> Result<Result<Papers, Vec<(PaperField, PaperFault)>>, PageError> {
    let profile = portal.store.find_profile(owner.person.clone()).await?;
    let born = profile
        .ok_or(PageError::SignedOut(OwnPage::Documents))?
        .birth_date;
    let today = Offset::UTC.to_datetime(portal.clock.now()).date();
    Ok(Papers::read(typed, born, today))
}

fn ask(
    portal: &Portal,
    headers: &HeaderMap,
    owner: &Owner,
    value: impl Fn(PaperField) -> String,
    faults: &[(PaperField, PaperFault)],
) -> Response {
    let frame = frame(portal, headers);
    let t = frame.t;
    let fields = PaperField::ALL.map(|field| {
        let fault = faults.iter().find(|(wrong, _)| *wrong == field);
        let (label, hint) = words(t, field);
        Field {
            hint,
            value: value(field),
            fault: fault.map(|(field, fault)| fault_text(t, *field, *fault).to_owned()),
            is_required: field != PaperField::Inn,
            ..Field::new(field.name(), kind(field), label)
        }
    });
    let page = FormPage {
        frame,
        title: &t.papers_title,
        lead: t.papers_lead.clone(),
        step: None,
        action: PAPERS,
        flow: "",
        csrf: owner.csrf(),
        fault: None,
        fields: fields.into(),
        ticks: Vec::new(),
        button: &t.papers_button,
        again: None,
        ways: vec![Way {
            href: DOCUMENTS.to_owned(),
            label: &t.documents_back,
        }],
    };
    let status = if page.is_wrong() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    pages::show(status, &page)
}

const fn kind(field: PaperField) -> FieldKind {
    match field {
        PaperField::IssuedBy => FieldKind::Words,
        PaperField::Passport
        | PaperField::IssuedOn
        | PaperField::DivisionCode
        | PaperField::Snils
        | PaperField::Inn => FieldKind::Number,
    }
}

/// The label and the hint.
pub(super) fn words(t: &Texts, field: PaperField) -> (&str, Option<&str>) {
    match field {
        PaperField::Passport => (&t.passport_label, Some(&t.passport_hint)),
        PaperField::IssuedOn => (&t.issued_on_label, Some(&t.issued_on_hint)),
        PaperField::IssuedBy => (&t.issued_by_label, None),
        PaperField::DivisionCode => (&t.division_code_label, Some(&t.division_code_hint)),
        PaperField::Snils => (&t.snils_label, Some(&t.snils_hint)),
        PaperField::Inn => (&t.inn_label, Some(&t.inn_hint)),
    }
}

const fn fault_text(t: &Texts, field: PaperField, fault: PaperFault) -> &str {
    let text = match (fault, field) {
        (PaperFault::CheckDigits, _) => &t.digits_wrong,
        (PaperFault::NotThen, _) => &t.issued_on_not_then,
        (PaperFault::Expired, _) => &t.issued_on_expired,
        (PaperFault::Shape, PaperField::Passport) => &t.passport_wrong,
        (PaperFault::Shape, PaperField::IssuedOn) => &t.issued_on_wrong,
        (PaperFault::Shape, PaperField::IssuedBy) => &t.issued_by_wrong,
        (PaperFault::Shape, PaperField::DivisionCode) => &t.division_code_wrong,
        (PaperFault::Shape, PaperField::Snils) => &t.snils_wrong,
        (PaperFault::Shape, PaperField::Inn) => &t.inn_wrong,
    };
    text.as_str()
}
