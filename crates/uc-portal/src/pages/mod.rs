//! Pages that the portal shows in a browser: plain HTML; a script on those alone that ask an authenticator.

use askama::Template;
use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use jiff::SignedDuration;

mod activity;
mod documents;
mod form;
mod language;
mod qr;
mod texts;

pub(crate) use activity::{ActivityPage, CountRow, FindingRow};
pub(crate) use documents::{
    DeskPage, DeskRow, DocumentsPage, PictureField, ProofPage, ProofRow, ScansPage, Step,
};
pub(crate) use form::{Field, FieldKind, FormPage, Tick, Way};
pub use language::Language;
pub(crate) use qr::{QrCode, TooLong};
pub use texts::{Pages, Texts};

use crate::{portal::AppState, words::TwoLanguages};

/// What surrounds the content of every page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) language: Language,
    pub(crate) t: &'a Texts,
}

impl Frame<'_> {
    /// Says that too many wrong entries came, and after how many minutes the next may.
    pub(crate) fn too_many(&self, wait: SignedDuration) -> String {
        minutes_in(&self.t.sign_in_too_many, wait)
    }

    /// The same of second factors.
    pub(crate) fn too_many_factors(&self, wait: SignedDuration) -> String {
        minutes_in(&self.t.code_too_many, wait)
    }

    /// The same of codes of devices.
    pub(crate) fn too_many_codes(&self, wait: SignedDuration) -> String {
        minutes_in(&self.t.device_too_many, wait)
    }

    /// The same of codes that are sent.
    pub(crate) fn too_many_sent(&self, wait: SignedDuration) -> String {
        minutes_in(&self.t.sent_code_too_many, wait)
    }

    /// Names a provider in a sentence.
    pub(crate) fn with_provider(&self, sentence: &str, name: &TwoLanguages) -> String {
        sentence.replace("{provider}", name.of(self.language))
    }
}

/// Puts the minutes into a sentence, the begun one included.
fn minutes_in(sentence: &str, wait: SignedDuration) -> String {
    let minutes = wait.as_secs().max(0) / 60 + 1;
    sentence.replace("{minutes}", &minutes.to_string())
}

/// Asks for login and password.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignInPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) flow: &'a str,
    pub(crate) csrf: &'a str,
    pub(crate) lead: &'a str,
    pub(crate) login: &'a str,
    pub(crate) fault: Option<&'a str>,
    /// Whether the fault is in what was typed.
    pub(crate) wrong: bool,
    pub(crate) providers: Vec<ProviderWay<'a>>,
    /// What is said to somebody from a provider whose account is to be linked.
    pub(crate) stranger: Option<String>,
}

/// A way to sign in elsewhere.
pub(crate) struct ProviderWay<'a> {
    pub(crate) id: &'a str,
    pub(crate) label: String,
}

/// Asks for the second factor.
#[derive(Template)]
#[template(path = "second_step.html")]
pub(crate) struct SecondStepPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) flow: &'a str,
    pub(crate) csrf: &'a str,
    pub(crate) fault: Option<&'a str>,
    /// What is said of the phone that a code went to; absent where an app shows codes.
    pub(crate) sent: Option<String>,
    /// What an authenticator is asked, where the person has a passkey.
    pub(crate) options: Option<&'a str>,
    /// Whether there are codes to type.
    pub(crate) codes: bool,
}

/// Shows how a person's sign-in is protected.
#[derive(Template)]
#[template(path = "protection.html")]
pub(crate) struct ProtectionPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) email: Option<String>,
    pub(crate) app: bool,
    pub(crate) passkeys: u32,
    /// Recovery codes that are left.
    pub(crate) codes: u32,
    pub(crate) links: Vec<LinkRow>,
}

/// Shows what a person has allowed clients.
#[derive(Template)]
#[template(path = "access.html")]
pub(crate) struct AccessPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) csrf: &'a str,
    pub(crate) rows: Vec<AccessRow<'a>>,
}

/// A client and what it was allowed.
pub(crate) struct AccessRow<'a> {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Where and since when.
    pub(crate) about: String,
    pub(crate) scopes: Vec<&'a str>,
}

/// Somebody at another identity provider who opens the account.
pub(crate) struct LinkRow {
    pub(crate) id: String,
    pub(crate) text: String,
}

/// Ends a link to another identity provider.
#[derive(Template)]
#[template(path = "remove_link.html")]
pub(crate) struct RemoveLinkPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) csrf: &'a str,
    pub(crate) id: &'a str,
    pub(crate) link: &'a str,
    pub(crate) fault: Option<&'a str>,
}

/// Adds and removes passkeys.
#[derive(Template)]
#[template(path = "passkeys.html")]
pub(crate) struct PasskeysPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) csrf: &'a str,
    /// What an authenticator is asked; absent where no key can be added.
    pub(crate) options: Option<&'a str>,
    pub(crate) are_possible: bool,
    pub(crate) keys: Vec<PasskeyRow<'a>>,
    pub(crate) fault: Option<&'a str>,
}

/// A passkey of a person.
pub(crate) struct PasskeyRow<'a> {
    pub(crate) id: uuid::Uuid,
    pub(crate) name: &'a str,
    pub(crate) added: String,
}

/// Adds an authenticator app.
#[derive(Template)]
#[template(path = "add_app.html")]
pub(crate) struct AddAppPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) csrf: &'a str,
    pub(crate) qr: &'a QrCode,
    /// The secret in groups of four.
    pub(crate) secret: &'a str,
    pub(crate) fault: Option<&'a str>,
}

/// Makes recovery codes.
#[derive(Template)]
#[template(path = "make_codes.html")]
pub(crate) struct MakeCodesPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) csrf: &'a str,
    pub(crate) fault: Option<&'a str>,
}

/// Shows recovery codes, once.
#[derive(Template)]
#[template(path = "shown_codes.html")]
pub(crate) struct ShownCodesPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) codes: Vec<String>,
}

/// Removes an authenticator app.
#[derive(Template)]
#[template(path = "remove_app.html")]
pub(crate) struct RemoveAppPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) csrf: &'a str,
    pub(crate) fault: Option<&'a str>,
}

/// Asks whether the client may have what it asks for.
#[derive(Template)]
#[template(path = "consent.html")]
pub(crate) struct ConsentPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) flow: &'a str,
    pub(crate) csrf: &'a str,
    pub(crate) client: &'a str,
    pub(crate) name: &'a str,
    pub(crate) lead: &'a str,
    pub(crate) warning: &'a str,
    pub(crate) person: &'a str,
    pub(crate) scopes: Vec<&'a str>,
}

/// Asks for the code that a device shows.
#[derive(Template)]
#[template(path = "device.html")]
pub(crate) struct DevicePage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) csrf: &'a str,
    pub(crate) code: &'a str,
    pub(crate) fault: Option<&'a str>,
}

/// Asks whether to sign out.
#[derive(Template)]
#[template(path = "sign_out.html")]
pub(crate) struct SignOutPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) csrf: &'a str,
    pub(crate) client: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) state: &'a str,
}

/// Shows a text that persons agree to.
#[derive(Template)]
#[template(path = "document.html")]
pub(crate) struct DocumentPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) title: &'a str,
    pub(crate) edition: String,
    pub(crate) paragraphs: Vec<&'a str>,
}

/// Says one thing.
#[derive(Template)]
#[template(path = "notice.html")]
pub(crate) struct NoticePage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
}

/// Says that nobody is signed in, and where one signs in.
#[derive(Template)]
#[template(path = "signed_out.html")]
pub(crate) struct SignedOutPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) way: String,
    /// Whether somebody is, and a second factor is asked.
    pub(crate) asks_factor: bool,
}

/// The answer with a page whose forms post to the portal itself.
pub(crate) fn show(status: StatusCode, page: &impl Template) -> Response {
    answer(status, page, "", NO_PICTURES)
}

/// The answer with a page whose form leads, by a redirect, to `origin`: Chromium holds `form-action` against redirects
/// too.
pub(crate) fn show_leading_to(
    status: StatusCode,
    page: &impl Template,
    origin: Option<&str>,
) -> Response {
    answer(status, page, origin.unwrap_or_default(), NO_PICTURES)
}

/// The answer with a page that has pictures of the portal in it.
pub(crate) fn show_with_pictures(status: StatusCode, page: &impl Template) -> Response {
    answer(status, page, "", "'self'")
}

/// The answer with a page that asks an authenticator.
pub(crate) fn show_with_script(status: StatusCode, page: &impl Template) -> Response {
    answer(status, page, "; script-src 'self'", NO_PICTURES)
}

/// Where pictures come from, in the words of the policy.
const NO_PICTURES: &str = "'none'";

fn answer(status: StatusCode, page: &impl Template, origin: &str, pictures: &str) -> Response {
    let Ok(html) = page.render() else {
        tracing::error!("a page was not rendered");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src {pictures}; form-action 'self' {origin}; frame-ancestors 'none'; base-uri 'none'"
    );
    let mut response = (status, Html(html)).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// What pages are dressed in.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/assets/portal.css", get(style))
        .route("/assets/passkey.js", get(script))
}

async fn style() -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, "text/css; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=3600"),
        ],
        include_str!("../../assets/portal.css"),
    )
}

async fn script() -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=3600"),
        ],
        include_str!("../../assets/passkey.js"),
    )
}
