//! `/protection/email`: an e-mail address becomes the account's once a code that was sent there has come back. Whether it
//! is somebody else's already, only its owner learns (AU-04).

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use lettre::Address;

use super::{
    EMAIL, OwnPage, PROTECTION,
    error::PageError,
    login::visit,
    own_page::Owner,
    params::Params,
    protection::{Fault, check_password, frame, scene},
    registration::{CodeFault, try_code},
};
use crate::{
    accounts::{
        CodeAddress, CodePurpose, CodeSlot, Peer, SendingSubject, Visit, of_new_email, send_code,
        send_no_code,
    },
    pages::{self, Field, FieldKind, FormPage, Frame, Language, Way},
    portal::{AppState, Portal},
    senders::Recipient,
    store::{CodeTry, LoginName, NewEmail, Sending},
};

/// Characters of an address, at most (RFC 5321 §4.5.3.1.3).
const MAX_ADDRESS: usize = 254;

pub(super) async fn form(State(portal): State<AppState>, headers: HeaderMap) -> Response {
    let shown = async {
        let owner = Owner::find(&portal, &headers, OwnPage::Protection).await?;
        Ok(ask_address(frame(&portal, &headers), &owner, "", None))
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
        let owner = Owner::find_posted(&portal, &headers, &params, OwnPage::Protection).await?;
        let change = Change {
            portal: &portal,
            headers: &headers,
            owner,
            visit: visit(peer, &headers),
        };
        match params.find("flow").and_then(parse) {
            Some(address) => change.confirm(address, &params).await,
            None => change.begin(&params).await,
        }
    };
    taken
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// An address in lower case: the whole of it, as practically every server reads it.
fn parse(text: &str) -> Option<String> {
    let text = text.trim();
    let address: Address = text.parse().ok()?;
    (text.len() <= MAX_ADDRESS).then(|| address.to_string().to_lowercase())
}

/// A person who changes their address.
struct Change<'a> {
    portal: &'a Portal,
    headers: &'a HeaderMap,
    owner: Owner,
    visit: Visit,
}

impl Change<'_> {
    fn frame(&self) -> Frame<'_> {
        frame(self.portal, self.headers)
    }

    async fn begin(&self, params: &Params) -> Result<Response, PageError> {
        let typed = params.find("email").unwrap_or_default();
        let ask = |fault| Ok(ask_address(self.frame(), &self.owner, typed, Some(fault)));
        let Some(address) = parse(typed) else {
            return ask(AddressFault::Malformed);
        };
        if let Some(fault) = check_password(self.portal, &self.owner, params, self.visit).await? {
            return ask(AddressFault::Change(fault));
        }
        let fault = CodeFault::of_sending(self.portal, self.send(&address).await?);
        Ok(match fault {
            CodeFault::TooOften { .. } => fault.mark(ask_address(
                self.frame(),
                &self.owner,
                typed,
                fault.text(self.frame()).map(AddressFault::Sending),
            )),
            CodeFault::None | CodeFault::Wrong | CodeFault::Ended => {
                ask_code(self.frame(), &self.owner, &address, fault)
            }
        })
    }

    /// A code to an address that is nobody's or the person's own; word of the try to one that is another's.
    async fn send(&self, address: &str) -> Result<Sending, PageError> {
        let to = Recipient::Email(address.to_owned());
        let subjects = vec![
            SendingSubject::receiver(&to),
            SendingSubject::Person(self.owner.person.clone()),
        ];
        let (slot, language) = (self.slot(address), Language::accepted(self.headers));
        let found = self.portal.store.find_account(LoginName::parse(address));
        let is_free = found
            .await?
            .is_none_or(|found| found.person == self.owner.person);
        Ok(if is_free {
            let address = CodeAddress {
                to,
                person: Some(self.owner.person.clone()),
                subjects,
                language,
            };
            send_code(self.portal, &slot, address).await?
        } else {
            let words = self.frame().t.letter_email_taken_body.clone();
            send_no_code(self.portal, &slot, subjects, (to, words), language).await?
        })
    }

    /// Of this browser, person and address: a code for one address does not confirm another.
    fn slot(&self, address: &str) -> CodeSlot {
        let whom = format!("{}\0{address}", self.owner.person);
        CodeSlot::of(CodePurpose::Email, &self.owner.csrf(), &whom)
    }

    async fn confirm(&self, address: String, params: &Params) -> Result<Response, PageError> {
        let code = params.find("code").unwrap_or_default();
        let fault = match try_code(self.portal, &self.slot(&address), code).await? {
            CodeTry::Right if self.keep(address.clone()).await? => {
                return Ok(Redirect::to(PROTECTION).into_response());
            }
            CodeTry::Wrong => CodeFault::Wrong,
            CodeTry::Right | CodeTry::Ended => CodeFault::Ended,
        };
        Ok(ask_code(self.frame(), &self.owner, &address, fault))
    }

    /// Every way that there was before hears of it: the change may be a thief's.
    async fn keep(&self, address: String) -> Result<bool, PageError> {
        let (person, now) = (self.owner.person.clone(), self.portal.clock.now());
        let profile = self.portal.store.find_profile(person.clone()).await?;
        let profile = profile.ok_or(PageError::SignedOut(OwnPage::Protection))?;
        let language = Language::accepted(self.headers);
        let new = NewEmail {
            person,
            address,
            notices: of_new_email(self.portal, language, &profile, now),
            scene: scene(self.portal, self.visit),
        };
        let kept = self.portal.store.replace_email(new).await?;
        self.portal.post.ring();
        Ok(kept)
    }
}

/// Why no code was sent.
enum AddressFault {
    Malformed,
    Change(Fault),
    Sending(String),
}

fn ask_address(
    frame: Frame<'_>,
    owner: &Owner,
    typed: &str,
    fault: Option<AddressFault>,
) -> Response {
    let t = frame.t;
    let (malformed, password, other, change) = match fault {
        None => (None, None, None, None),
        Some(AddressFault::Malformed) => (Some(t.email_wrong.clone()), None, None, None),
        Some(AddressFault::Change(fault @ Fault::Password)) => {
            (None, Some(fault.text(frame)), None, Some(fault))
        }
        Some(AddressFault::Change(fault)) => (None, None, Some(fault.text(frame)), Some(fault)),
        Some(AddressFault::Sending(text)) => (None, None, Some(text), None),
    };
    let status = if malformed.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = FormPage {
        fault: other,
        fields: vec![
            Field {
                value: typed.to_owned(),
                fault: malformed,
                ..Field::new("email", FieldKind::Email, &t.email_label)
            },
            Field {
                fault: password,
                ..Field::new("password", FieldKind::Password, &t.protection_password)
            },
        ],
        button: &t.code_send_button,
        ..page(frame, owner, "", t.email_lead.clone())
    };
    Fault::mark(change, pages::show(status, &page))
}

fn ask_code(frame: Frame<'_>, owner: &Owner, address: &str, fault: CodeFault) -> Response {
    let t = frame.t;
    let page = FormPage {
        fields: vec![Field {
            hint: Some(&t.sent_code_hint),
            fault: fault.text(frame),
            ..Field::new("code", FieldKind::Code, &t.email_code_label)
        }],
        button: &t.code_button,
        ..page(
            frame,
            owner,
            address,
            t.email_code_lead.replace("{email}", address),
        )
    };
    fault.mark(pages::show(StatusCode::OK, &page))
}

/// What both pages have in common. The address goes along with the code.
fn page<'a>(frame: Frame<'a>, owner: &Owner, address: &'a str, lead: String) -> FormPage<'a> {
    FormPage {
        frame,
        title: &frame.t.email_title,
        lead,
        step: None,
        action: EMAIL,
        flow: address,
        csrf: owner.csrf(),
        fault: None,
        fields: Vec::new(),
        ticks: Vec::new(),
        button: "",
        again: None,
        ways: vec![Way {
            href: PROTECTION.to_owned(),
            label: &frame.t.protection_back,
        }],
    }
}
