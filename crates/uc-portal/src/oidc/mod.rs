//! The OpenID provider: code flow with PKCE S256 for public native clients, one endpoint a file.
//!
//! People make an account in `registration` and get back to one in `recovery`; second factors are asked in
//! `second_step` and kept on the pages of `protection`. In
//! `elsewhere` a person signs in at another provider.

use axum::{
    Router,
    routing::{get, post},
};

use crate::portal::AppState;

mod activity;
mod agreements;
mod authorize;
pub(crate) mod backchannel;
mod browser;
mod client;
mod client_assertion;
mod client_auth;
mod consent;
mod desk;
mod discovery;
mod documents;
mod documents_papers;
mod documents_scans;
pub(crate) mod dpop;
mod elsewhere;
mod error;
mod id_token;
mod introspect;
mod jwks;
mod kept_key;
mod keys;
mod login;
mod logout;
mod new_password;
mod own_page;
mod pairing;
mod par;
mod params;
mod prompt;
mod protection;
mod protection_access;
mod protection_codes;
mod protection_email;
mod protection_links;
mod protection_passkeys;
mod read_request;
mod recovery;
mod recovery_password;
mod refresh_token;
mod registration;
mod registration_account;
mod registry;
mod request;
mod revoke;
mod scope;
mod second_step;
mod token;
mod userinfo;
mod walk;

pub use client::{
    Authentication, Client, DESKTOP_CLIENT, DeviceGrant, Introspection, Policy, RedirectUri,
    SecretWay,
};
pub use client_assertion::AssertionKey;
pub use documents_scans::MAX_FORM_BYTES;
pub(crate) use dpop::{DeviceProof, PublicKey};
pub use dpop::{DpopError, NoncePolicy, Nonces, ProofError, Thumbprint};
pub use keys::{KeyError, SigningKeys};
pub use own_page::OwnPage;
pub use prompt::Prompt;
pub use refresh_token::{PresentedRefresh, RefreshTokens};
pub use registry::{Clients, ClientsError};
pub use request::{Answer, AuthorizationRequest, CodeAnswer, Issuer};
pub use scope::{Scope, ScopeToken};

const DISCOVERY: &str = "/.well-known/openid-configuration";
const JWKS: &str = "/oauth2/jwks";
const AUTHORIZE: &str = "/oauth2/authorize";
const PAR: &str = "/oauth2/par";
const TOKEN: &str = "/oauth2/token";
const REVOKE: &str = "/oauth2/revoke";
const DEVICE_AUTHORIZATION: &str = "/oauth2/device_authorization";
const DEVICE: &str = "/device";
const INTROSPECT: &str = "/oauth2/introspect";
const USERINFO: &str = "/oauth2/userinfo";
const LOGOUT: &str = "/oauth2/logout";
const LOGIN: &str = "/login";
const SIGN_IN: &str = "/sign-in";
const LEAVE: &str = "/login/to/{provider}";
const COME: &str = "/login/from/{provider}";
const FORGET: &str = "/login/forget";
const REGISTRATION: &str = "/registration";
const REGISTRATION_CODE: &str = "/registration/code";
const REGISTRATION_ACCOUNT: &str = "/registration/account";
const AGREEMENT: &str = "/agreements/{document}";
const RECOVERY: &str = "/recovery";
const RECOVERY_CODE: &str = "/recovery/code";
const RECOVERY_PASSWORD: &str = "/recovery/password";
const CONSENT: &str = "/consent";
const SECOND_STEP: &str = "/login/code";
const DOCUMENTS: &str = "/documents";
const PAPERS: &str = "/documents/papers";
const SCANS: &str = "/documents/scans";
const SCAN: &str = "/documents/scans/{page}";
const SEND: &str = "/documents/send";
const DESK: &str = "/desk";
const ACTIVITY: &str = "/desk/activity";
const PROOF: &str = "/desk/documents/{id}";
const PROOF_SCAN: &str = "/desk/documents/{id}/{page}";
const PROTECTION: &str = "/protection";
const ACCESS: &str = "/protection/access";
const END_ACCESS: &str = "/protection/access/{id}";
const EMAIL: &str = "/protection/email";
const PASSKEYS: &str = "/protection/passkeys";
const CODES: &str = "/protection/codes";
const LINKS: &str = "/protection/links/{id}";
const AUTHENTICATOR: &str = "/protection/app";

/// All endpoints of the provider.
pub fn router() -> Router<AppState> {
    own_pages()
        .route(DISCOVERY, get(discovery::discovery))
        .route(JWKS, get(jwks::jwks))
        .route(AUTHORIZE, get(authorize::get).post(authorize::post))
        .route(LOGIN, get(login::form).post(login::submit))
        .route(
            SECOND_STEP,
            get(second_step::form).post(second_step::submit),
        )
        .route(LEAVE, get(elsewhere::leave))
        .route(COME, get(elsewhere::come))
        .route(FORGET, post(elsewhere::forget))
        .route(
            REGISTRATION,
            get(registration::form).post(registration::submit),
        )
        .route(
            REGISTRATION_CODE,
            get(registration::code_form).post(registration::submit_code),
        )
        .route(
            REGISTRATION_ACCOUNT,
            get(registration_account::form).post(registration_account::submit),
        )
        .route(AGREEMENT, get(agreements::show))
        .route(RECOVERY, get(recovery::form).post(recovery::submit))
        .route(
            RECOVERY_CODE,
            get(recovery::code_form).post(recovery::submit_code),
        )
        .route(
            RECOVERY_PASSWORD,
            get(recovery_password::form).post(recovery_password::submit),
        )
        .route(CONSENT, get(consent::form).post(consent::submit))
        .route(PAR, post(par::push))
        .route(TOKEN, post(token::token))
        .route(REVOKE, post(revoke::revoke))
        .route(DEVICE_AUTHORIZATION, post(pairing::begin))
        .route(DEVICE, get(pairing::show).post(pairing::submit))
        .route(INTROSPECT, post(introspect::introspect))
        .route(USERINFO, get(userinfo::get).post(userinfo::post))
        .route(LOGOUT, get(logout::get).post(logout::post))
}

/// Pages of those who have signed in for them.
fn own_pages() -> Router<AppState> {
    Router::new()
        .route(SIGN_IN, get(own_page::sign_in))
        .route(PROTECTION, get(protection::overview))
        .route(
            AUTHENTICATOR,
            get(protection::form).post(protection::submit),
        )
        .route(
            CODES,
            get(protection_codes::form).post(protection_codes::submit),
        )
        .route(
            EMAIL,
            get(protection_email::form).post(protection_email::submit),
        )
        .route(
            PASSKEYS,
            get(protection_passkeys::form).post(protection_passkeys::submit),
        )
        .route(
            LINKS,
            get(protection_links::form).post(protection_links::submit),
        )
        .route(ACCESS, get(protection_access::list))
        .route(END_ACCESS, post(protection_access::end))
        .route(DOCUMENTS, get(documents::overview))
        .route(SEND, post(documents::send))
        .route(
            PAPERS,
            get(documents_papers::form).post(documents_papers::submit),
        )
        .route(SCAN, get(documents_scans::picture))
        .route(DESK, get(desk::list))
        .route(ACTIVITY, get(activity::show))
        .route(PROOF, get(desk::open).post(desk::decide))
        .route(PROOF_SCAN, get(desk::picture))
}

/// Pages whose forms bring files, up to [`MAX_FORM_BYTES`].
pub fn uploads() -> Router<AppState> {
    Router::new().route(
        SCANS,
        get(documents_scans::form).post(documents_scans::submit),
    )
}
