//! A person at the browser: fills the portal's pages in and brings the answer back to the loopback port.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use http::{Request, Response, StatusCode, header};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use uc_core::ports::{Browser, Http, Limits, NoBrowser};
use url::{Url, form_urlencoded};

/// Who signs in, and what they answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// Signs in and allows.
    Allows {
        /// The login.
        login: String,
        /// The password.
        password: String,
    },
    /// Signs in and declines.
    Declines {
        /// The login.
        login: String,
        /// The password.
        password: String,
    },
    /// Looks at the page and goes away.
    Leaves,
}

impl Person {
    /// The first demo citizen.
    #[must_use]
    pub fn anna() -> Self {
        Self::Allows {
            login: "anna@example.org".to_owned(),
            password: "сирень-маяк-42".to_owned(),
        }
    }

    /// The second demo citizen.
    #[must_use]
    pub fn timur() -> Self {
        Self::Allows {
            login: "timur@example.org".to_owned(),
            password: "берег-фонарь-77".to_owned(),
        }
    }

    /// The same person, declining.
    #[must_use]
    pub fn declining(self) -> Self {
        match self {
            Self::Allows { login, password } | Self::Declines { login, password } => {
                Self::Declines { login, password }
            }
            Self::Leaves => Self::Leaves,
        }
    }
}

/// A browser with a person in front of it. Every page is opened by a browser without memory. Clones are the same one.
#[derive(Clone)]
pub struct WalkingBrowser {
    http: Arc<dyn Http>,
    person: Arc<Mutex<Person>>,
    opened: Arc<Mutex<Vec<Url>>>,
}

impl WalkingBrowser {
    /// A browser that reaches the portal by `http`.
    #[must_use]
    pub fn new(http: Arc<dyn Http>, person: Person) -> Self {
        Self {
            http,
            person: Arc::new(Mutex::new(person)),
            opened: Arc::default(),
        }
    }

    /// Somebody else sits down.
    pub fn set_person(&self, person: Person) {
        *self.person.lock().unwrap_or_else(PoisonError::into_inner) = person;
    }

    /// The pages that were opened.
    #[must_use]
    pub fn opened(&self) -> Vec<Url> {
        self.opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Browser for WalkingBrowser {
    fn open(&self, address: &Url) -> BoxFuture<'_, Result<(), NoBrowser>> {
        let address = address.clone();
        self.opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(address.clone());
        let person = self
            .person
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let walk = Walk {
            http: Arc::clone(&self.http),
            cookies: BTreeMap::new(),
        };
        async move {
            tokio::spawn(walk.go(address, person));
            Ok(())
        }
        .boxed()
    }
}

/// One trip.
struct Walk {
    http: Arc<dyn Http>,
    cookies: BTreeMap<String, String>,
}

/// Where a page led.
struct Page {
    address: Url,
    text: String,
}

impl Walk {
    async fn go(mut self, address: Url, person: Person) {
        let (login, password, action) = match person {
            Person::Allows { login, password } => (login, password, "allow"),
            Person::Declines { login, password } => (login, password, "deny"),
            Person::Leaves => return,
        };
        let Some(sign_in) = self.get(address).await else {
            return;
        };
        let filled = [("login", login.as_str()), ("password", password.as_str())];
        let Some(consent) = self.submit(&sign_in, "/login", &filled).await else {
            return;
        };
        self.submit(&consent, "/consent", &[("action", action)])
            .await;
    }

    async fn submit(&mut self, page: &Page, path: &str, filled: &[(&str, &str)]) -> Option<Page> {
        let body = form(&page.text, filled)?;
        let address = page.address.join(path).ok()?;
        let request = Request::post(address.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, page.address.origin().ascii_serialization());
        let response = self.exchange(request, body).await?;
        self.follow(address, response).await
    }

    async fn get(&mut self, address: Url) -> Option<Page> {
        let response = self
            .exchange(Request::get(address.as_str()), Vec::new())
            .await?;
        self.follow(address, response).await
    }

    /// Goes where redirects lead; back on the loopback port the trip is over.
    async fn follow(&mut self, mut address: Url, response: Response<Vec<u8>>) -> Option<Page> {
        let mut response = response;
        while response.status() == StatusCode::SEE_OTHER {
            address = address.join(text(&response, header::LOCATION)?).ok()?;
            if address.scheme() == "http" {
                come_back(&address).await;
                return None;
            }
            let next = Request::get(address.as_str());
            response = self.exchange(next, Vec::new()).await?;
        }
        let text = String::from_utf8(response.into_body()).ok()?;
        Some(Page { address, text })
    }

    async fn exchange(
        &mut self,
        request: http::request::Builder,
        body: Vec<u8>,
    ) -> Option<Response<Vec<u8>>> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .body(body)
            .ok()?;
        let response = self.http.send(request, Limits::ANSWER).await.ok()?;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().ok()?.split(';').next()?;
            let (name, value) = pair.split_once('=')?;
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        Some(response)
    }
}

/// What a filled form sends, its hidden fields included.
fn form(page: &str, filled: &[(&str, &str)]) -> Option<Vec<u8>> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for name in ["flow", "csrf"] {
        form.append_pair(name, hidden(page, name)?);
    }
    form.extend_pairs(filled);
    Some(form.finish().into_bytes())
}

/// The value of a hidden field of a form.
fn hidden<'t>(page: &'t str, name: &str) -> Option<&'t str> {
    let field = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.split_once(&field)?;
    rest.split('"').next()
}

fn text(response: &Response<Vec<u8>>, name: header::HeaderName) -> Option<&str> {
    response.headers().get(name)?.to_str().ok()
}

/// The browser's last request, to the waiting app.
async fn come_back(address: &Url) {
    let (Some(host), Some(port)) = (address.host_str(), address.port()) else {
        return;
    };
    let Ok(mut stream) = TcpStream::connect((host, port)).await else {
        return;
    };
    let target = &address[url::Position::BeforePath..url::Position::AfterQuery];
    let request = format!("GET {target} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n");
    // Whoever has gone needs no answer.
    let _ = stream.write_all(request.as_bytes()).await;
    let _ = stream.read_to_end(&mut Vec::new()).await;
}
