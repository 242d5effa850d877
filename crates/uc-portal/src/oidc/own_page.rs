//! `/sign-in`: a person signs in for a page of the portal itself. No client waits for an answer.

use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use uc_model::PersonId;

use super::{
    ACTIVITY, Answer, AuthorizationRequest, DESK, DOCUMENTS, PROTECTION, Prompt, SIGN_IN, Scope,
    authorize::begin_flow,
    browser::{self, Browser},
    error::PageError,
    params::Params,
};
use crate::{
    portal::{AppState, Portal},
    store::BrowserSession,
};

/// A page of the portal that only persons who signed in see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnPage {
    /// What protects the sign-in.
    Protection,
    /// The person's documents.
    Documents,
    /// The desk of operators.
    Desk,
    /// What those who run the portal look at.
    Activity,
}

impl OwnPage {
    const ALL: [Self; 4] = [
        Self::Protection,
        Self::Documents,
        Self::Desk,
        Self::Activity,
    ];

    /// Where it is.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Protection => PROTECTION,
            Self::Documents => DOCUMENTS,
            Self::Desk => DESK,
            Self::Activity => ACTIVITY,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Protection => "protection",
            Self::Documents => "documents",
            Self::Desk => "desk",
            Self::Activity => "activity",
        }
    }

    /// Whether a password alone does not open it.
    pub(super) const fn needs_two_factors(self) -> bool {
        matches!(self, Self::Desk | Self::Activity)
    }

    /// Where one signs in for it.
    pub(super) fn way_in(self) -> String {
        format!("{SIGN_IN}?to={}", self.word())
    }

    pub(super) const fn is_opened_by(self, session: &BrowserSession) -> bool {
        !self.needs_two_factors() || session.means.are_two()
    }
}

/// A person at a page of theirs.
pub(super) struct Owner {
    pub(super) person: PersonId,
    page: OwnPage,
    browser: Browser,
}

impl Owner {
    /// Whoever is signed in in the browser, in the way that the page asks for.
    pub(super) async fn find(
        portal: &Portal,
        headers: &HeaderMap,
        page: OwnPage,
    ) -> Result<Self, PageError> {
        let session = browser::session(portal, headers, portal.clock.now()).await?;
        let session = session.ok_or(PageError::SignedOut(page))?;
        if !page.is_opened_by(&session) {
            return Err(PageError::OneFactor(page));
        }
        Ok(Self {
            person: session.person,
            page,
            browser: Browser::known(headers).ok_or(PageError::SignedOut(page))?,
        })
    }

    /// The same for a form, which proves by its CSRF token that we wrote it.
    pub(super) async fn find_posted(
        portal: &Portal,
        headers: &HeaderMap,
        params: &Params,
        page: OwnPage,
    ) -> Result<Self, PageError> {
        let owner = Self::find(portal, headers, page).await?;
        owner.check(params.find("csrf").unwrap_or_default())?;
        Ok(owner)
    }

    /// Fails unless a form of this page brought this.
    pub(super) fn check(&self, csrf: &str) -> Result<(), PageError> {
        let is_ours = self.browser.sent(csrf, self.page.word());
        is_ours.then_some(()).ok_or(PageError::Expired)
    }

    pub(super) fn csrf(&self) -> String {
        self.browser.csrf(self.page.word())
    }
}

pub(super) async fn sign_in(
    State(portal): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    begin(&portal, &headers, query.unwrap_or_default().as_bytes())
        .await
        .unwrap_or_else(|error| error.show(&portal, &headers))
}

async fn begin(portal: &Portal, headers: &HeaderMap, query: &[u8]) -> Result<Response, PageError> {
    let params = Params::parse(query)?;
    let word = params.find("to").unwrap_or_default();
    let page = OwnPage::ALL.into_iter().find(|page| page.word() == word);
    let page = page.ok_or(PageError::Request)?;
    let session = browser::session(portal, headers, portal.clock.now()).await?;
    if session.is_some_and(|session| page.is_opened_by(&session)) {
        return Ok(Redirect::to(page.path()).into_response());
    }
    begin_flow(portal, headers, request(page), None).await
}

fn request(page: OwnPage) -> AuthorizationRequest {
    AuthorizationRequest {
        client: String::new(),
        answer: Answer::Page { page },
        scope: Scope::default(),
        login_hint: None,
        language: None,
        prompt: Prompt::Usual,
        max_age: None,
        person: None,
        pushed: None,
    }
}
