//! A person at a browser in front of anybody's pages: follows redirects, keeps cookies, fills forms in.

use std::{collections::BTreeMap, sync::Arc};

use http::{Request, Response, StatusCode, header};
use uc_core::ports::{Http, Limits};
use url::Url;

use crate::forms::{Answers, Form};

/// More pages than any provider shows.
const MOST_STEPS: usize = 32;

/// A browser. Its memory lasts as long as it does.
pub struct Walker {
    http: Arc<dyn Http>,
    cookies: BTreeMap<String, String>,
}

/// Why a walk did not come home.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// A page could not be fetched.
    #[error("no answer")]
    NoAnswer,
    /// A page without a form, or a redirect without an address: its status and path.
    #[error("nowhere to go from {path} ({status})")]
    Stuck {
        /// The page's path.
        path: String,
        /// The page's status.
        status: u16,
    },
    /// Pages without end.
    #[error("pages without end")]
    Endless,
}

impl Walker {
    /// A browser that reaches the provider by `http`.
    #[must_use]
    pub fn new(http: Arc<dyn Http>) -> Self {
        Self {
            http,
            cookies: BTreeMap::new(),
        }
    }

    /// Opens `address` and answers every form until a redirect leads to `home`; that address.
    pub async fn walk(&mut self, address: Url, answers: &Answers, home: &str) -> Result<Url, Lost> {
        let mut address = address;
        let mut response = self.get(&address).await?;
        for _ in 0..MOST_STEPS {
            if response.status().is_redirection() {
                address = location(&address, &response)?;
                if address.as_str().starts_with(home) {
                    return Ok(address);
                }
                response = self.get(&address).await?;
            } else {
                let page = String::from_utf8_lossy(response.body());
                let form = Form::find(&page).ok_or_else(|| stuck(&address, response.status()))?;
                address = address
                    .join(&form.action)
                    .map_err(|_| stuck(&address, response.status()))?;
                response = self.post(&address, form.fill(answers)).await?;
            }
        }
        Err(Lost::Endless)
    }

    async fn get(&mut self, address: &Url) -> Result<Response<Vec<u8>>, Lost> {
        self.exchange(Request::get(address.as_str()), Vec::new())
            .await
    }

    async fn post(&mut self, address: &Url, body: Vec<u8>) -> Result<Response<Vec<u8>>, Lost> {
        let request = Request::post(address.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, address.origin().ascii_serialization());
        self.exchange(request, body).await
    }

    async fn exchange(
        &mut self,
        request: http::request::Builder,
        body: Vec<u8>,
    ) -> Result<Response<Vec<u8>>, Lost> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .body(body)
            .map_err(|_| Lost::NoAnswer)?;
        let response = self.http.send(request, Limits::ANSWER).await;
        let response = response.map_err(|_| Lost::NoAnswer)?;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            self.remember(cookie.to_str().unwrap_or_default());
        }
        Ok(response)
    }

    /// An emptied cookie is a deleted one.
    fn remember(&mut self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        match pair.split_once('=') {
            Some((name, "")) => drop(self.cookies.remove(name)),
            Some((name, value)) => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
            None => {}
        }
    }
}

fn location(page: &Url, response: &Response<Vec<u8>>) -> Result<Url, Lost> {
    response
        .headers()
        .get(header::LOCATION)
        .and_then(|value| page.join(value.to_str().ok()?).ok())
        .ok_or_else(|| stuck(page, response.status()))
}

fn stuck(page: &Url, status: StatusCode) -> Lost {
    Lost::Stuck {
        path: page.path().to_owned(),
        status: status.as_u16(),
    }
}
