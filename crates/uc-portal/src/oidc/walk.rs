//! A way of several pages that begins in a flow and may outlast it: registration, recovery.

use axum::{
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};

use super::{browser::Browser, error::PageError, params::Params};
use crate::{
    entropy::TokenHash,
    pages::{Frame, Language},
    portal::Portal,
};

/// A browser on its way.
pub(super) struct Walk {
    /// The id of the flow that it began in, which no one else knows.
    pub(super) id: String,
    pub(super) browser: Browser,
    language: Language,
}

impl Walk {
    /// The way that the parameters name. Whether it is this browser's the store says, which keeps both.
    pub(super) async fn find(
        portal: &Portal,
        headers: &HeaderMap,
        params: &Params,
    ) -> Result<Self, PageError> {
        let browser = Browser::known(headers).ok_or(PageError::Expired)?;
        let id = params.owned("flow").ok_or(PageError::Expired)?;
        let now = portal.clock.now();
        let flow = portal
            .store
            .find_flow(TokenHash::of(&id), browser.hash(), now)
            .await?;
        let asked = flow.and_then(|flow| flow.request.language);
        Ok(Self {
            id,
            browser,
            language: asked.unwrap_or_else(|| Language::accepted(headers)),
        })
    }

    /// The same for a form, which proves by its CSRF token that we wrote it.
    pub(super) async fn find_posted(
        portal: &Portal,
        headers: &HeaderMap,
        params: &Params,
    ) -> Result<Self, PageError> {
        let walk = Self::find(portal, headers, params).await?;
        let csrf = params.find("csrf").unwrap_or_default();
        if walk.browser.sent(csrf, &walk.id) {
            Ok(walk)
        } else {
            Err(PageError::Expired)
        }
    }

    pub(super) fn hash(&self) -> TokenHash {
        TokenHash::of(&self.id)
    }

    pub(super) fn csrf(&self) -> String {
        self.browser.csrf(&self.id)
    }

    pub(super) const fn language(&self) -> Language {
        self.language
    }

    pub(super) const fn frame<'a>(&self, portal: &'a Portal) -> Frame<'a> {
        portal.pages.frame(self.language)
    }

    /// The address of another page of the way.
    pub(super) fn address(&self, page: &str) -> String {
        format!("{page}?flow={}", self.id)
    }

    /// On to another page of the way.
    pub(super) fn to(&self, page: &str) -> Response {
        Redirect::to(&self.address(page)).into_response()
    }
}
